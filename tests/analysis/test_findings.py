"""Measures beside the published findings: counted by hand on `tests.world`."""

import math

import pytest

from lib.analysis.findings import _chose, measures
from lib.analysis.selection import EVERYBODY, Selection
from lib.survey.published import Finding, Measure
from lib.survey.questionnaire import Condition
from lib.survey.states import VALUE
from tests import world

ACTING = ("ponctuelles", "structurees")
FORMAL = ("formalisee", "mise-en-oeuvre")
NO_STRATEGY = Measure("n’ont pas de stratégie", "strategie", ("non",), "respondents")
HAVE_ONE = Measure("en ont une", "strategie", FORMAL, "respondents")


def found(*listed, selection=EVERYBODY, edition=None):
    finding = Finding("essai", "Essai", "Publié.", "synthese", listed)
    return measures(edition or world.edition(), finding, selection)


def counts(frame):
    return list(zip(frame["count"], frame["base"], strict=True))


def test_one_row_per_measure_in_the_order_of_the_finding():
    rows = found(NO_STRATEGY, HAVE_ONE, Measure("agissent", "themes", ACTING, "territories", row="inclusion"))
    assert rows.columns.tolist() == ["label", "count", "base", "share", "low", "high", "unit"]
    assert rows.index.tolist() == [0, 1, 2]
    assert rows["label"].tolist() == ["n’ont pas de stratégie", "en ont une", "agissent"]
    assert rows["unit"].tolist() == ["respondents", "respondents", "territories"]
    # « non »: r01, r04, r09, r12 of eleven answers; formalised or carried out: r03, r06, r07, r08.
    assert counts(rows)[:2] == [(4, 11), (4, 11)]
    assert rows["share"].tolist()[:2] == pytest.approx([4 / 11, 4 / 11])
    assert (rows["low"] <= rows["share"]).all()
    assert (rows["share"] <= rows["high"]).all()
    assert rows[["low", "high"]].stack().between(0, 1).all()


def test_a_fact_counts_each_territory_once():
    rows = found(Measure("agissent", "themes", ACTING, "territories", row="inclusion"))
    # 16001, 17001 and the first EPCI; 16002 differs, the second EPCI does nothing.
    assert counts(rows) == [(3, 5)]


def test_any_row_of_an_array_is_enough():
    acting = Measure("agissent", "themes", ACTING, "territories", row="*")
    # The three above, and 16002, whose respondents differ on how much they act but not on acting.
    assert counts(found(acting)) == [(4, 5)]
    edition = world.edition()
    edition.values.loc["r09", "themes/sante"] = "ponctuelles"
    edition.states.loc["r09", "themes/sante"] = VALUE
    assert counts(found(acting, edition=edition)) == [(5, 5)]
    # Each respondent who filled any row counts: all eight but r09.
    assert counts(found(Measure("agissent", "themes", ACTING, "respondents", row="*"))) == [(7, 8)]


def test_any_of_several_options_of_a_multiple_question():
    asked = Measure("demandent", "besoins", ("ingenierie", "financement"), "respondents")
    # r01 gave both and counts once; r03 « aucun », r05 « ne sait pas ».
    assert counts(found(asked)) == [(6, 8)]


def test_a_condition_restricts_who_is_counted():
    strong = Measure("fort", "strategie", FORMAL, "respondents", among=Condition("portage", ("fort",)))
    elected = Measure("élus", "strategie", ("non",), "respondents", among=Condition("repondant", ("elu",)))
    staff = Condition("repondant", ("direction", "technicien"))
    others = Measure("autres", "strategie", ("non",), "respondents", among=staff)
    # Sponsorship is strong for r01 to r08, of whom r03, r06, r07, r08 have a strategy.
    # Elected: r01, r03, r05, r06, of whom r01 has none; others: r02, r04, r07 to r10, of whom r04 and r09.
    assert counts(found(strong, elected, others)) == [(4, 8), (1, 4), (2, 6)]


def test_a_condition_nobody_meets_gives_an_empty_base():
    rows = found(Measure("faible", "strategie", FORMAL, "respondents", among=Condition("portage", ("faible",))))
    assert counts(rows) == [(0, 0)]
    assert rows[["share", "low", "high"]].isna().all(axis=None)


def test_the_measures_follow_the_selection():
    assert counts(found(NO_STRATEGY, selection=Selection(types=("epci",)))) == [(1, 3)]
    assert counts(found(NO_STRATEGY, selection=Selection(roles=("elu",)))) == [(1, 4)]
    alone = found(NO_STRATEGY, selection=Selection(types=("departement",)))
    assert counts(alone) == [(0, 1)]
    assert alone["low"].tolist() == [0]


def test_an_empty_selection_gives_empty_bases():
    rows = found(NO_STRATEGY, HAVE_ONE, selection=Selection(types=("syndicat",)))
    assert counts(rows) == [(0, 0), (0, 0)]
    assert all(math.isnan(share) for share in rows["share"])


def test_an_option_nobody_gave_has_a_share_of_nought():
    rows = found(Measure("prévoient", "strategie", ("prevue",), "respondents"))
    assert rows[["count", "base", "share", "low"]].iloc[0].tolist() == [0, 11, 0, 0]
    assert 0 < rows["high"].iloc[0] < 0.4


@pytest.mark.parametrize(
    "wrong",
    [
        Measure("x", "inconnue", ("non",), "respondents"),
        Measure("x", "strategie", ("inconnue",), "respondents"),
        Measure("x", "themes", ACTING, "territories", row="inconnue"),
        Measure("x", "strategie", ("non",), "respondents", among=Condition("inconnue", ("fort",))),
    ],
)
def test_an_unknown_question_row_or_option_is_refused(wrong):
    with pytest.raises(KeyError):
        found(wrong)


def test_a_condition_keeps_those_who_gave_one_of_its_options():
    edition = world.edition()
    kept = _chose(edition, Condition("strategie", ("non", "nsp")))
    assert edition.respondents.index[kept].tolist() == ["r01", "r02", "r04", "r05", "r09", "r12"]
