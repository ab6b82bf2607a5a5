"""Cards of the synthesis: their words, made from the measures of `tests.world`. The page shows them whole."""

from lib.analysis.findings import measures
from lib.analysis.selection import EVERYBODY, Selection
from lib.display.formats import HIDDEN
from lib.survey.published import Finding, Measure
from lib.ui import cards
from tests import world

NARROW = "\u202f"
FINDING = Finding(
    "strategie",
    "Une stratégie absente",
    "Publié.",
    "strategies",
    (
        Measure("déclarent qu’il n’y en a pas", "strategie", ("non",), "respondents"),
        Measure("agissent", "themes", ("structurees",), "territories", row="inclusion"),
    ),
)


def rows(selection=EVERYBODY):
    return measures(world.edition(), FINDING, selection)


def test_the_headline_says_share_base_margin_and_what_is_declared():
    said = cards.headline(rows().iloc[0])
    assert said.startswith(f"36{NARROW}% des répondants (4 sur 11{NARROW}; marge indicative de ")
    assert said.endswith(") déclarent qu’il n’y en a pas.")


def test_the_headline_of_a_small_base_gives_counts_only():
    assert cards.headline(rows().iloc[1]) == f"{HIDDEN.capitalize()} territoires sur 5 agissent."
    assert (
        cards.headline(rows(Selection(types=("commune",))).iloc[0])
        == "3 répondants sur 7 déclarent qu’il n’y en a pas."
    )


def test_the_table_of_all_findings_names_finding_unit_and_measure():
    found = {FINDING.title: rows(), "Autre": rows().head(1)}
    table, file = cards.table(found), cards.file(found)
    assert table.columns[:3].tolist() == ["Constat", "Unité", "Mesure"]
    assert table["Constat"].tolist() == ["Une stratégie absente", "Une stratégie absente", "Autre"]
    assert table["Unité"].tolist() == ["répondants", "territoires", "répondants"]
    assert table["Part"].tolist() == [f"36{NARROW}%", "–", f"36{NARROW}%"]
    assert file["Part"].round(4).fillna(-1).tolist() == [0.3636, -1, 0.3636]
    assert file["Base"].astype(str).tolist() == ["11", "5", "11"]
