"""Figures on `tests.world`: a chart from ten answers, words under it, and the table in both cases."""

import json

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lib.analysis.selection import EVERYBODY, Selection
from lib.analysis.shares import reached, shares
from lib.display.formats import HIDDEN, MASKED
from lib.ui import figures
from tests import world
from tests.pages.visits import drawn_rows, unfold

NARROW = "\u202f"


def enough():
    """Eleven respondents answered `strategie`."""
    from lib.analysis.selection import EVERYBODY
    from lib.analysis.shares import shares
    from lib.ui import figures
    from tests import world

    edition = world.edition()
    rows = shares(edition, "strategie", unit="respondents", reference=world.reference())
    figures.bars(
        edition, EVERYBODY, rows.loc[["non", "formalisee", "prevue"]], name="essai", unit="respondents",
        title="Une stratégie ?", reading="{part} répondent {label}.",
    )  # fmt: skip


def too_few():
    """Eight respondents answered `besoins`."""
    from lib.analysis.selection import EVERYBODY
    from lib.analysis.shares import shares
    from lib.ui import figures
    from tests import world

    edition = world.edition()
    rows = shares(edition, "besoins", reference=world.reference())
    figures.bars(
        edition, EVERYBODY, rows, name="essai", unit="respondents", title="De quoi ?", reading="{part} citent {label}."
    )


def compared():
    """Two groups whose bases stand on each side of ten, by hand."""
    import pandas as pd

    from lib.analysis.selection import EVERYBODY
    from lib.ui import figures
    from tests import world

    rows = pd.DataFrame(
        [("Communes", 8, 10, 0.8, 0.5, 0.9), ("EPCI", 20, 40, 0.5, 0.4, 0.6), ("Pays", 3, 4, 0.75, 0.3, 0.9)],
        columns=["label", "count", "base", "share", "low", "high"],
    )
    figures.dots(
        world.edition(), EVERYBODY, rows, name="points", unit="territories", overall=0.6, title="Formalisée",
        reading="dans {label}, {part}.",
    )  # fmt: skip
    cells = rows.assign(group=rows["label"], label="Inclusion")
    figures.heat(
        world.edition(), EVERYBODY, cells, name="cases", unit="territories", by="taille", row_title="Thématique",
        title="Par groupe", reading="dans {group}, {part} citent {label}.",
    )  # fmt: skip
    figures.statuses(
        world.edition(), EVERYBODY, cells, name="statuts", unit="territories", by="departement",
        colours={"Inclusion": "#14306a"}, title="Par statut", reading="dans {group}, {part} répondent {label}.",
    )  # fmt: skip


def masked():
    """One group of forty, of which two answers are hidden: twenty say yes, the rest is not said."""
    import pandas as pd

    from lib.analysis.selection import EVERYBODY
    from lib.ui import figures
    from tests import world

    nothing = float("nan")
    rows = pd.DataFrame(
        [
            ("Oui", 20, 40, 0.5, 0.4, 0.6, False),
            ("Non", nothing, 40, nothing, nothing, nothing, True),
            ("Communes de moins de 1 000 hab.", nothing, 40, nothing, nothing, nothing, True),
        ],
        columns=["label", "count", "base", "share", "low", "high", "hidden"],
    )
    figures.bars(
        world.edition(), EVERYBODY, rows, name="essai", unit="respondents", title="Une stratégie ?",
        reading="{part} répondent {label}.",
    )  # fmt: skip
    cells = rows.assign(group="Communes")
    figures.heat(
        world.edition(), EVERYBODY, cells, name="cases", unit="respondents", by="type", row_title="Réponse",
        title="Par groupe", reading="dans {group}, {part} répondent {label}.",
    )  # fmt: skip
    figures.statuses(
        world.edition(), EVERYBODY, cells, name="statuts", unit="respondents", by="type", colours={"Oui": "#14306a"},
        title="Par statut", reading="dans {group}, {part} répondent {label}.",
    )  # fmt: skip


def weighted():
    """Four communes and two EPCI answered: fewer than any weighting accepts."""
    from lib.analysis.selection import Selection
    from lib.analysis.shares import shares
    from lib.analysis.weights import weigh
    from lib.ui import figures
    from tests import world

    edition, asked = weigh(world.edition(), world.reference()), Selection(weighted=True)
    rows = shares(edition, "strategie", asked, unit="respondents", reference=world.reference())
    figures.bars(
        edition, asked, rows.loc[["non"]], name="essai", unit="respondents", title="Une stratégie ?",
        reading="{part} répondent {label}.",
    )  # fmt: skip


def drawn(script):
    visit = AppTest.from_function(script, default_timeout=60).run()
    assert not visit.exception
    return visit


def charts_of(visit):
    return [json.loads(chart.proto.spec) for chart in visit.get("vega_lite_chart")]


def captions(visit):
    return [caption.value for caption in visit.caption]


def test_a_figure_says_its_base_its_mark_and_how_to_read_it():
    visit = drawn(enough)
    (spec,) = charts_of(visit)
    assert " ".join(spec["title"]["subtitle"]) == f"base{NARROW}: 11 répondants · brut · Données simulées"
    assert json.loads(spec["title"]["text"]["expr"].partition(" : ")[2]) == ["Une stratégie ?"]
    (reading,) = captions(visit)
    assert reading.startswith(
        f"Comment lire{NARROW}: 36{NARROW}% des répondants (4 sur 11{NARROW}; marge indicative de "
    )
    assert reading.endswith(f"répondent «{NARROW}Non{NARROW}».")
    assert not visit.info


def test_a_figure_has_a_text_alternative_and_a_table_of_its_rows():
    visit = drawn(enough)
    (chart,) = visit.get("vega_lite_chart")
    assert chart.proto.alt == (
        f"Une stratégie ? Non 36{NARROW}%{NARROW}; Formalisee 27{NARROW}%{NARROW}; Prevue 0{NARROW}%. "
        "Base\u202f: 11 répondants · brut · Données simulées."
    )
    table = unfold(visit).dataframe[0].value
    assert table["Réponse"].tolist() == ["Non", "Formalisee", "Prevue"]
    assert table["Effectif"].tolist() == ["4", "3", "0"]
    assert table["Base"].tolist() == ["11"] * 3
    assert table["Fiabilité"].tolist() == ["à interpréter avec prudence"] * 3


def test_under_ten_answers_there_is_no_chart_and_no_share():
    visit = drawn(too_few)
    assert charts_of(visit) == []
    assert captions(visit) == []
    assert visit.info[0].value.startswith(
        "base inférieure à 10 répondants · brut · Données simulées. Trop peu de réponses"
    )
    table = unfold(visit).dataframe[0].value
    assert set(table["Part"]) == set(table["Marge indicative"]) == {"–"}
    assert table["Effectif"].tolist() == ["4", "3", "0", HIDDEN, HIDDEN]
    assert "%" not in visit.info[0].value + "".join(markdown.value for markdown in visit.markdown)


def test_groups_too_small_are_named_but_not_drawn():
    visit = drawn(compared)
    dots, _, statuses = charts_of(visit)
    assert " ".join(dots["title"]["subtitle"]).startswith(f"bases{NARROW}: de 10 à 40 territoires, tous niveaux")
    left_out = f"Non représenté, base inférieure à 10{NARROW}: Pays."
    of_dots, of_cells, of_statuses = captions(visit)
    # The first row of the dots; of the other two, the group that most answered, whose share says the most.
    assert of_dots.startswith(
        f"Comment lire{NARROW}: dans «{NARROW}Communes{NARROW}», 80{NARROW}% des territoires (8 sur 10"
    )
    assert of_dots.endswith(left_out)
    assert of_statuses.startswith(f"Comment lire{NARROW}: dans «{NARROW}EPCI{NARROW}»")
    assert of_statuses.endswith(left_out)
    # The grid keeps its small cells, grey.
    assert "Non représenté" not in of_cells
    assert statuses["title"]["subtitle"] == dots["title"]["subtitle"]


def test_hidden_rows_are_not_drawn_and_are_said_hidden():
    visit = drawn(masked)
    bars, heat, statuses = drawn_rows(visit)
    assert bars["label"].tolist() == ["Oui"]
    assert heat["text"].tolist() == ["50", MASKED, MASKED]
    assert heat["share"].isna().tolist() == [False, True, True]
    # The bar of the group is whole: what is hidden stands together at its end, in a shade and under a name of its own.
    parts = statuses[["part", "start", "end"]].itertuples(index=False)
    assert {part: (start, end) for part, start, end in parts} == {"Oui": (0, 0.5), "Masqué": (0.5, 1)}
    why = "moins de 3 réponses, ou une valeur qui permettrait de les déduire"
    of_bars, of_cells, of_statuses = captions(visit)
    assert of_bars.endswith(f"«{NARROW}Oui{NARROW}». Masqué ({why}){NARROW}: Non et Communes de moins de 1 000 hab.")
    assert of_cells.endswith(f"«{NARROW}{MASKED}{NARROW}»{NARROW}: {why}.")
    assert of_statuses.endswith(f"«{NARROW}Masqué{NARROW}»{NARROW}: {why}.")


def test_the_table_says_what_is_hidden():
    for table in unfold(drawn(masked)).dataframe:
        assert table.value["Effectif"].tolist() == ["20", MASKED, MASKED]
        assert table.value["Part"].tolist() == [f"50{NARROW}%", "–", "–"]
        assert set(table.value["Fiabilité"][1:]) == {
            f"masqué{NARROW}: moins de 3 réponses, ou une valeur qui permettrait de les déduire"
        }


def test_a_figure_that_cannot_be_weighted_says_why():
    (spec,) = charts_of(drawn(weighted))
    assert " ".join(spec["title"]["subtitle"]) == (
        f"base{NARROW}: 11 répondants non pondéré{NARROW}: répondants, sans population de référence Données simulées"
    )


def test_the_table_keeps_the_rows_that_are_not_drawn():
    visit = drawn(compared)
    for table in unfold(visit).dataframe:
        assert table.value["Base"].tolist() == ["10", "40", "4"]
        assert table.value["Part"].tolist() == [f"80{NARROW}%", f"50{NARROW}%", "–"]
    assert [list(table.value.columns[:2]) for table in visit.dataframe] == [
        ["Groupe", "Effectif"],
        ["Groupe", "Thématique"],
        ["Groupe", "Réponse"],
    ]


def test_a_long_alternative_sends_to_the_table():
    rows = pd.DataFrame({"label": [f"l{place}" for place in range(13)], "base": 100, "share": 0.5})
    said = figures.alternative("Titre", rows, {"label": "Réponse"})
    assert f"l11 50{NARROW}%… La suite est dans le tableau." in said
    assert "l12" not in said
    assert figures.alternative("Titre", rows.head(1), {"label": ""}) == f"Titre. l0 50{NARROW}%."


def test_groups_without_anyone_are_left_out():
    edition = world.edition()
    rows = figures.grouped(edition, shares(edition, "strategie", by="type", reference=world.reference()), "type")
    # Nobody of a syndicat or another body answered; the pays did not answer this question.
    assert rows["group"].unique().tolist() == ["Commune", "Epci", "Departement"]
    assert "type" in rows


def test_one_measure_by_group_bears_the_name_of_the_group():
    edition = world.edition()
    formal = reached(edition, "strategie", ("formalisee", "mise-en-oeuvre"), by="type", reference=world.reference())
    rows = figures.by_group(edition, formal, "type")
    assert rows["label"].tolist() == ["Commune", "Epci", "Departement"]
    # 17001 of four communes (16002 differs), the first EPCI of two.
    assert list(zip(rows["count"], rows["base"], strict=True)) == [(1, 4), (1, 2), (0, 1)]


@pytest.mark.parametrize(
    ("selection", "unit", "words"),
    [
        (EVERYBODY, "territories", ", tous niveaux confondus"),
        (Selection(types=("commune", "epci")), "territories", ", tous niveaux confondus"),
        (EVERYBODY, "respondents", ""),
    ],
)
def test_levels_added_up_are_said(selection, unit, words):
    assert figures.mixed_levels(world.edition(), selection, unit) == words


@pytest.mark.parametrize(
    ("effective", "unit", "weighted", "drawn"),
    [
        (None, "territories", False, True),
        (87.0, "territories", True, True),
        (float("nan"), "territories", True, False),
        (None, "respondents", True, True),
    ],
)
def test_the_overall_line_is_left_out_where_it_is_raw_beside_weighted_groups(effective, unit, weighted, drawn):
    measured = pd.DataFrame({"share": [0.4]} | ({} if effective is None else {"effective_n": [effective]}))
    found = figures.overall(measured, Selection(weighted=weighted), unit)
    assert (found == 0.4) is drawn
