"""Territories of the small world followed from one edition to the next, and published tests and intervals."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.analysis.selection import Selection
from lib.analysis.transitions import mcnemar, paired_difference, paired_facts, transitions
from lib.survey.edition import Edition
from lib.survey.states import NOT_ANSWERED, VALUE
from tests import world
from tests.analysis.test_evolution import BEFORE, FORMAL, answering


def many(pairs: dict[tuple[str, str], int]) -> tuple[Edition, Edition]:
    """Return a later and an earlier edition of as many one-respondent territories as each pair of answers has."""
    steps = [step for step, number in pairs.items() for _ in range(number)]
    index = pd.Index([f"x{rank:03}" for rank in range(len(steps))], name="respondent", dtype="str")
    respondents = pd.DataFrame(
        {"type": "pays", "role": "elu", "territory": "pays:" + index, "publishable": True, "taille": "sans-objet"},
        index=index,
    ).astype({"territory": "str"})
    respondents["departements"] = [("16",)] * len(index)
    model = world.edition()
    editions = []
    for side in (1, 0):
        values = pd.DataFrame(pd.NA, index=index, columns=model.values.columns, dtype="str")
        values["strategie"] = pd.Series([step[side] for step in steps], index=index, dtype="str")
        states = values.notna().map({True: VALUE, False: NOT_ANSWERED}.get).astype("int8")
        editions.append(replace(model, respondents=respondents, values=values, states=states))
    return editions[0], editions[1]


def test_each_territory_that_answered_both_is_paired_once():
    pairs = paired_facts(world.edition(), answering(BEFORE), "strategie")
    assert pairs.to_dict("index") == {
        "16001": {"earlier": "prevue", "later": "non"},
        "16002": {"earlier": "non", "later": "divergentes"},
        "16003": {"earlier": "elaboration", "later": "nsp"},
        "17001": {"earlier": "formalisee", "later": "mise-en-oeuvre"},
        world.FIRST: {"earlier": "non", "later": "formalisee"},
        world.SECOND: {"earlier": "non", "later": "non"},
        "16": {"earlier": "formalisee", "later": "elaboration"},
    }


def test_territories_are_those_selected_in_the_later_edition_whoever_answered():
    pairs = paired_facts(world.edition(), answering(BEFORE), "strategie", Selection(types=("epci",), roles=("elu",)))
    assert list(pairs.index) == [world.FIRST, world.SECOND]


def test_only_those_that_every_respondent_published():
    # r06 (17001) and r08 (first EPCI) refused.
    pairs = paired_facts(world.edition(), answering(BEFORE), "strategie", published_only=True)
    assert sorted(pairs.index) == ["16", "16001", "16002", "16003", world.SECOND]


@pytest.mark.shipped_region
def test_a_commune_that_merged_is_followed_under_its_code_of_today():
    # Moutonneau (16238) became a part of Aunac-sur-Charente (16023) on 1 January 2025.
    later, earlier = world.edition(), answering(BEFORE, millesime=2024)
    for edition, code in ((later, "16023"), (earlier, "16238")):
        edition.respondents.loc[["r01", "r02"], "territory"] = code
    assert paired_facts(later, earlier, "strategie").loc["16023"].tolist() == ["prevue", "non"]


def test_gains_and_losses_leave_out_what_is_not_known_in_both():
    # Known in both: 16001, 17001, both EPCI, 16. The first EPCI gained, the département lost.
    found = transitions(world.edition(), answering(BEFORE), "strategie", FORMAL)
    assert (found.territories, found.known, found.gained, found.lost) == (7, 5, 1, 1)
    assert (found.difference, found.p_value) == (0, 1)
    assert found.counts.to_numpy().sum() == 7
    assert found.counts.at["formalisee", "mise-en-oeuvre"] == 1
    assert found.counts.at["non", "divergentes"] == 1
    assert list(found.counts.columns) == [
        "mise-en-oeuvre", "formalisee", "elaboration", "prevue", "non", "nsp", "divergentes",
    ]  # fmt: skip
    assert found.later_labels["divergentes"] == "Réponses divergentes"


def test_nobody_answered_both():
    found = transitions(world.edition(), answering({}), "strategie", FORMAL)
    assert (found.territories, found.known, found.gained) == (0, 0, 0)
    assert np.isnan(found.difference)


def test_a_table_of_small_counts_is_hidden_in_a_public_edition():
    found = transitions(replace(world.edition(), threshold=3), answering(BEFORE), "strategie", FORMAL)
    assert found.counts.isna().all(axis=None)
    assert np.isnan([found.gained, found.lost, found.difference, found.low, found.high, found.p_value]).all()
    # Facts that are shown by name are no secret.
    shown = transitions(
        replace(world.edition(), threshold=3), answering(BEFORE), "strategie", FORMAL, published_only=True
    )
    # 16001, the second EPCI and 16, which lost.
    assert (shown.territories, shown.known, shown.gained, shown.lost) == (5, 3, 0, 1)


def test_a_sum_does_not_give_a_hidden_cell_back():
    later, earlier = many({
        ("non", "non"): 30, ("non", "formalisee"): 12, ("formalisee", "formalisee"): 20, ("formalisee", "non"): 2,
    })  # fmt: skip
    given = transitions(later, earlier, "strategie", FORMAL)
    assert (given.known, given.gained, given.lost) == (64, 12, 2)
    assert given.difference == pytest.approx(10 / 64)
    # Two lost: with the totals of two rows and two columns, any of the four cells gives the others.
    public = transitions(replace(later, threshold=3), earlier, "strategie", FORMAL)
    assert public.counts.isna().all(axis=None)
    assert np.isnan([public.gained, public.lost, public.difference, public.p_value]).all()


def test_counts_that_reach_the_threshold_are_shown():
    later, earlier = many({("non", "non"): 8, ("non", "formalisee"): 5, ("formalisee", "formalisee"): 9})
    public = transitions(replace(later, threshold=3), earlier, "strategie", FORMAL)
    assert (public.known, public.gained) == (22, 5)
    # None lost, and « moins de 3 » must not tell none from two.
    assert np.isnan(public.lost)


def test_mcnemar_of_a_published_table():
    """Agresti (2013), Categorical Data Analysis, 11.1.1: 150 stopped approving, 86 started, of 1,600."""
    found = mcnemar(86, 150)
    # (86 − 150)² / (86 + 150)
    assert found.statistic == pytest.approx(17.36, abs=0.005)
    assert found.p_value == pytest.approx(3.1e-5, abs=0.05e-5)


def test_few_changes_are_tested_exactly():
    # Nine of ten changes one way: 2 × (1 + 10) / 2¹⁰.
    found = mcnemar(9, 1)
    assert np.isnan(found.statistic)
    assert found.p_value == pytest.approx(22 / 1024)
    assert mcnemar(0, 0).p_value == 1
    assert mcnemar(12, 12).p_value == 1
    assert mcnemar(13, 12).statistic == pytest.approx(1 / 25)


def test_bonett_and_price_s_interval_is_that_of_statpsych():
    """`ci.prop.ps(.05, 12, 4, 26, 6)` of the R package statpsych: 0.2548067, 0.6251933."""
    difference, low, high = paired_difference(26, 4, 48)
    assert difference == pytest.approx(22 / 48)
    assert (low, high) == pytest.approx((0.2548067, 0.6251933), abs=5e-8)


def test_an_interval_contains_its_difference_and_stays_within_one():
    for gained, lost, known in ((1, 0, 1), (0, 1, 1), (10, 0, 10), (0, 0, 5)):
        difference, low, high = paired_difference(gained, lost, known)
        assert -1 <= low <= difference <= high <= 1
    assert np.isnan(paired_difference(0, 0, 0)).all()
