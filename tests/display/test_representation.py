"""The chart, the table and the sentences of who is missing, on three strata counted by hand."""

import json

import altair as alt
import pandas as pd

from lib.display import representation as shown
from lib.display.formats import HIDDEN

NARROW = "\u202f"
NAN = float("nan")

# Of 100 communes 80 are small and 20 large, of the 50 that answered 30 and 20; the only EPCI did not answer.
STRATA = pd.DataFrame(
    {
        "respondents": [31, 20, 0],
        "territories": [30, 20, 0],
        "existing": pd.array([80, 20, 1], dtype="Int64"),
        "rate": [0.375, 1.0, 0.0],
        "covered": pd.array([3000, 60000, 0], dtype="Int64"),
        "inhabitants": pd.array([8000, 60000, 9000], dtype="Int64"),
        "covered_share": [0.375, 1.0, 0.0],
        "missing": [50, 0, 1],
        "answered_share": [0.6, 0.4, NAN],
        "existing_share": [0.8, 0.2, 1.0],
        "difference": [-0.447, 0.447, NAN],
        "verdict": ["tres-sous", "tres-sur", ""],
        "label": ["Communes de moins de 1 000 hab.", "Communes de 1 000 hab. et plus", "EPCI de Creuse"],
        "short": ["moins de 1 000 hab.", "1 000 hab. et plus", "Creuse"],
        "kind": ["Commune", "Commune", "EPCI"],
    },
    index=pd.MultiIndex.from_tuples(
        [("commune", "petites"), ("commune", "grandes"), ("epci", "23")], names=["type", "taille"]
    ),
)
DRAWN = STRATA.iloc[:2]


def drawn():
    return shown.pairs(DRAWN, title="Quelles tailles ?", subtitle="comptage, sans marge · Données simulées")


def values(name):
    return [row[name] for row in drawn()["data"]["values"]]


def test_the_specification_is_one_that_vega_lite_accepts():
    alt.Chart.from_dict(drawn(), validate=True)


def test_a_row_says_how_many_are_missing_out_of_how_many():
    assert values("shown") == [
        f"Communes de moins de 1 000 hab.{NARROW}: 50 absentes sur 80",
        f"Communes de 1 000 hab. et plus{NARROW}: aucune absente sur 20",
    ]
    assert values("short")[0] == f"Communes de moins de 1 000 hab.{NARROW}: 50/80 sans réponse"


def test_both_shares_are_drawn_and_their_gap_said():
    assert values("existing_share") == [0.8, 0.2]
    assert values("answered_share") == [0.6, 0.4]
    assert values("due") == [f"80{NARROW}%", f"20{NARROW}%"]
    assert values("came") == [f"60{NARROW}%", f"40{NARROW}%"]
    assert values("gap") == ["\u22120,45", "+0,45"]
    assert values("said") == ["nettement sous-représentées", "nettement sur-représentées"]
    assert values("said_short") == ["sous-représentées", "sur-représentées"]
    assert len(set(values("colour"))) == 2


def test_the_words_stand_where_there_is_room():
    # The longest row reaches 80 %, the other one 40 %: half of it.
    assert values("left") == [True, False]
    assert values("low") == [0.6, 0.2]
    assert values("high") == [0.8, 0.4]


def test_the_two_marks_differ_by_shape_and_are_named_in_the_legend():
    written = json.dumps(drawn(), ensure_ascii=False)
    for name in (shown.EXISTING, shown.ANSWERED):
        assert name in written
    assert shown.BAR_PATH in written


def test_rows_are_in_the_order_given():
    reverse = shown.pairs(DRAWN.iloc[::-1], title="T", subtitle="S")
    assert [row["rank"] for row in reverse["data"]["values"]] == [0, 1]
    assert reverse["data"]["values"][0]["existing"] == 20


def test_the_most_missing_are_named_with_their_numbers():
    said = shown.missing_words(STRATA.iloc[:1], "communes", "taille")
    assert said == (
        f"Parmi les communes, il manque surtout celles de cette taille{NARROW}: **moins de 1 000 hab.**, 50 sur 80 "
        f"sans réponse (80{NARROW}% des communes qui existent, 60{NARROW}% de celles qui ont répondu)."
    )


def test_several_strata_and_one_without_any_answer():
    strata = STRATA.iloc[[0, 0]].assign(short=["Creuse", "Landes"], answered_share=[0.0, 0.6])
    said = shown.missing_words(strata, "intercommunalités", "departement")
    assert said.startswith(
        f"Parmi les intercommunalités, il manque surtout celles de ces départements{NARROW}: **Creuse**"
    )
    assert f"aucune de celles qui ont répondu){NARROW}; **Landes**" in said


def test_nothing_is_missing_more_than_the_rest():
    assert shown.missing_words(STRATA.iloc[:0], "communes", "taille") == (
        "Parmi les communes, aucune taille n’est sous-représentée."
    )
    assert shown.missing_words(STRATA.iloc[:0], "communes", "departement") == (
        "Parmi les communes, aucun département n’est sous-représenté."
    )


def test_strata_where_nobody_answered_are_named():
    nouns = {"commune": "communes", "epci": "intercommunalités"}
    assert shown.silent_words(STRATA.iloc[2:], nouns) == f"Aucune réponse{NARROW}: intercommunalités (Creuse)."
    assert shown.silent_words(STRATA.iloc[[0, 1, 2]], nouns) == (
        f"Aucune réponse{NARROW}: communes (moins de 1 000 hab. et 1 000 hab. et plus){NARROW}; "
        "intercommunalités (Creuse)."
    )
    assert shown.silent_words(STRATA.iloc[:0], nouns) == ""


def test_the_reading_is_made_from_a_row():
    assert shown.reading_words(STRATA.iloc[0], "communes", "taille") == (
        f"les communes de moins de 1 000 hab. font 80{NARROW}% des communes qui existent (trait) et 60{NARROW}% de "
        f"celles qui ont répondu (point){NARROW}: elles sont nettement sous-représentées."
    )
    balanced = STRATA.iloc[0].copy()
    balanced["verdict"] = ""
    assert shown.reading_words(balanced, "communes", "departement").endswith("qui ont répondu (point).")


def test_the_alternative_gives_both_shares():
    assert shown.alternative("Titre", DRAWN) == (
        f"Titre. Communes de moins de 1 000 hab. 60{NARROW}% pour 80{NARROW}%{NARROW}; "
        f"Communes de 1 000 hab. et plus 40{NARROW}% pour 20{NARROW}%."
    )


def test_the_table_has_every_stratum():
    table = shown.texts(STRATA)
    assert table["Sans réponse"].tolist() == ["50", "0", "1"]
    assert table["Part parmi les réponses"].tolist() == [f"60{NARROW}%", f"40{NARROW}%", "–"]
    assert table["Écart standardisé"].tolist() == ["\u22120,45", "+0,45", "–"]
    assert table["Représentation"].tolist() == ["nettement sous-représentée", "nettement sur-représentée", ""]
    assert table["Habitants couverts"].tolist() == [f"3{NARROW}000", f"60{NARROW}000", "0"]


def test_the_file_holds_numbers_and_hides_small_counts_of_respondents():
    file = shown.numbers(STRATA.assign(respondents=[31, 2, 0]))
    assert file["Répondants"].tolist() == [31, HIDDEN, 0]
    assert file["Ont répondu"].tolist() == [30, 20, 0]
    assert file["Part parmi les existants"].tolist() == [0.8, 0.2, 1.0]
    assert file["Habitants"].tolist() == [8000, 60000, 9000]


def test_a_difference_carries_its_sign():
    said = [shown.signed(value) for value in (-0.374, 0.12, 0.001, -0.001, NAN)]
    assert said == ["\u22120,37", "+0,12", "0,00", "0,00", "–"]
