"""Words of a portrait that the shipped edition does not all use: each of them read whole, on rows written by hand."""

from types import SimpleNamespace

import pandas as pd
import pytest

from lib.ui.portrait import identity, peers

NARROW = "\u202f"
NAN = float("nan")
STRATEGY = SimpleNamespace(short="Stratégie")


@pytest.mark.parametrize(
    ("acting", "known", "said"),
    [
        (9, 10, "des actions sur 9 des 10 thématiques"),
        (10, 10, "des actions sur les 10 thématiques"),
        (0, 10, "aucune action sur 10 thématiques"),
        (5, 8, "des actions sur 5 des 8 thématiques renseignées"),
        (1, 1, "des actions sur 1 thématique renseignée"),
        (0, 1, "aucune action sur 1 thématique renseignée"),
        (0, 0, ""),
    ],
)
def test_on_how_many_themes_a_territory_acts(acting, known, said):
    assert identity._breadth_words(acting, known, 10) == said


def line(same, less, more, unknown, base=40, hidden=False):
    row = pd.Series(
        {"answer": "Formalisée", "same": same, "less": less, "more": more, "unknown": unknown, "base": base}
    )
    shown = pd.DataFrame({"label": ["Non", "Formalisée"], "hidden": [False, hidden]})
    return peers._own_line(STRATEGY, row, shown).replace(NARROW, " ")


def test_where_a_territory_stands_is_said_with_the_base_and_everybody_is_told():
    assert line(0.25, 0.5, 0.15, 0.1) == (
        "Stratégie : « Formalisée », comme 25 % de ses pairs (40 territoires) ; 50 % en sont moins loin ; 15 % en sont "
        "plus loin ; 10 % ne savent pas ou ont des réponses divergentes."
    )
    assert line(1, 0, 0, 0) == "Stratégie : « Formalisée », comme 100 % de ses pairs (40 territoires)."


def test_what_is_hidden_is_said_to_be():
    assert line(0.25, 0.5, NAN, 0).endswith("50 % en sont moins loin ; le reste est masqué.")
    assert line(NAN, NAN, NAN, NAN, hidden=True) == "Stratégie : « Formalisée », part masquée parmi ses pairs."


def test_answers_without_an_order_have_no_sides():
    assert line(0.25, NAN, NAN, 0.1) == (
        "Stratégie : « Formalisée », comme 25 % de ses pairs (40 territoires) ; 10 % ne savent pas ou ont des réponses "
        "divergentes."
    )


def test_an_answer_without_a_share_or_a_base_is_said_alone():
    assert line(NAN, NAN, NAN, NAN) == "Stratégie : « Formalisée »."
    assert line(0.25, 0.5, 0.15, 0.1, base=9) == "Stratégie : « Formalisée »."
