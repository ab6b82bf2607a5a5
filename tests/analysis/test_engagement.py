"""Points and stages read by hand on `tests.world`, by a rule of its own; the shipped rule on the shipped editions."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.analysis.engagement import (
    UNKNOWN,
    counted,
    level_stages,
    missing,
    opinions,
    points,
    stage_shares,
    stages,
    whole,
)
from lib.analysis.selection import EVERYBODY, Selection
from lib.survey.edition import load_edition
from lib.survey.engagement import Criterion, Rule, Stage, load_rule
from lib.survey.exchange import exchanged
from lib.survey.questionnaire import Question
from tests import world
from tests.world import FIRST, SECOND

STRATEGY = Criterion(
    "strategie", "strategie", "Stratégie", maximum=4,
    points=(("mise-en-oeuvre", 4), ("formalisee", 3), ("elaboration", 2), ("prevue", 1), ("non", 0)),
)  # fmt: skip
BREADTH = Criterion("ampleur", "themes", "Ampleur", acting=("ponctuelles", "structurees"), maximum=2)
OPINION = Criterion("portage", "portage", "Portage", points=(("fort", 2), ("faible", 0)), maximum=2)
STAGES = (
    Stage("moteur", "Moteur", 0.75, "Il agit.", "Il aide."),
    Stage("engage", "Engagé", 0.5, "Il avance.", "On le suit."),
    Stage("a-amorcer", "À amorcer", 0.0, "Il commence.", "On l’aide."),
)
RULE = Rule((STRATEGY, BREADTH, OPINION), STAGES, fewest=0.5)
PAYS = "pays:val-de-sevre"


def given():
    return world.edition()


def public():
    """Return the same answers, as if they were those of the public edition: facts alone count."""
    return replace(world.edition(), threshold=3)


def told(edition, **answers):
    """Return the edition with other answers to the sponsorship or the strategy: r08="faible"."""
    for respondent, code in answers.items():
        edition.values.loc[respondent, "portage" if code in ("fort", "faible") else "strategie"] = code
    return edition


def test_points_of_facts_are_those_of_the_territory():
    found = points(public(), RULE)
    assert found.columns.tolist() == ["strategie", "ampleur", "obtained", "possible", "share", "stage"]
    # In order of first answer; r12, of no known territory, is nowhere.
    assert found.index.tolist() == ["16001", "16002", "16003", "17001", FIRST, SECOND, "16", PAYS]
    # « non » for one, « ne sait pas » for the other; both act on inclusion; on santé one says no, the other is unsure.
    assert found.loc["16001", ["strategie", "ampleur", "obtained", "possible"]].tolist() == [0, 1, 1, 6]
    assert found.at["16001", "share"] == pytest.approx(1 / 6)
    assert found["stage"].to_dict() == {
        "16001": "a-amorcer",
        "16002": UNKNOWN,  # they differ on the strategy; of the themes, one point out of one is known: 1 of 6
        "16003": UNKNOWN,
        "17001": "moteur",  # 4 + 1 out of 4 + 1
        FIRST: "moteur",  # 3 + 1 out of 5
        SECOND: "a-amorcer",  # 0 + 0 out of 5
        "16": "engage",  # 2 out of 4, nothing said of the themes
        PAYS: UNKNOWN,
    }


def test_what_is_not_known_is_left_out_of_both_sides():
    found = points(public(), RULE)
    assert found.loc["16002", ["ampleur", "obtained", "possible"]].tolist() == [1, 1, 1]
    assert np.isnan(found.at["16002", "strategie"])
    assert np.isnan(found.at["16002", "share"])
    assert found.loc["16", ["obtained", "possible", "share"]].tolist() == [2, 4, 0.5]
    assert np.isnan(found.at["16", "ampleur"])
    assert found.loc[PAYS, ["obtained", "possible"]].tolist() == [0, 0]


def test_two_respondents_who_act_more_or_less_agree_that_they_act():
    # 16002: « ponctuelles » for one, « structurees » for the other.
    assert points(public(), RULE).at["16002", "ampleur"] == 1


def test_one_who_acts_and_one_who_does_not_leave_the_theme_out():
    edition = public()
    edition.values.loc["r04", "themes/inclusion"] = "absent"
    assert np.isnan(points(edition, RULE).at["16002", "ampleur"])
    edition = public()
    edition.values.loc["r04", "themes/inclusion"] = "nsp"
    assert points(edition, RULE).at["16002", "ampleur"] == 1


def test_themes_give_no_more_than_the_maximum():
    edition = public()
    edition.values.loc["r06", "themes/sante"] = "ponctuelles"
    one = replace(RULE, criteria=(STRATEGY, replace(BREADTH, maximum=1)))
    assert points(edition, RULE).loc["17001", ["ampleur", "possible"]].tolist() == [2, 6]
    assert points(edition, one).loc["17001", ["ampleur", "possible"]].tolist() == [1, 5]


def test_an_opinion_counts_in_the_answers_as_given_only():
    assert [criterion.id for criterion in counted(public(), RULE)] == ["strategie", "ampleur"]
    assert [criterion.id for criterion in counted(given(), RULE)] == ["strategie", "ampleur", "portage"]
    assert [criterion.id for criterion in opinions(public(), RULE)] == ["portage"]
    assert "portage" not in points(public(), RULE)
    found = points(given(), RULE)
    assert found.loc["16001", ["portage", "obtained", "possible"]].tolist() == [2, 3, 8]
    assert (whole(given(), RULE), whole(given(), RULE, facts_only=True), whole(public(), RULE)) == (8, 6, 6)
    # « faible » and « fort » make another stage of the answers as given, none of the public ones.
    assert points(told(given(), r06="faible"), RULE).at["17001", "share"] == pytest.approx(5 / 7)
    assert points(told(public(), r06="faible"), RULE).at["17001", "share"] == 1


def test_an_opinion_is_the_mean_of_those_who_know():
    assert points(told(given(), r08="faible"), RULE).at[FIRST, "portage"] == 1
    edition = given()
    edition.values.loc["r08", "portage"] = "nsp"
    assert points(edition, RULE).at[FIRST, "portage"] == 2
    assert np.isnan(points(given(), RULE).at[SECOND, "portage"])


def test_a_criterion_that_the_edition_does_not_ask_does_not_count():
    body = Criterion("instance", "instance", "Instance", points=(("oui", 4), ("non", 0)), maximum=4)
    other = replace(STRATEGY, id="autre", points=(("signee", 4), ("non", 0)))
    rule = replace(RULE, criteria=(body, other, *RULE.criteria))
    assert missing(public(), rule) == (body, other)
    assert [criterion.id for criterion in counted(public(), rule)] == ["strategie", "ampleur"]
    assert points(public(), rule)["stage"].to_dict() == points(public(), RULE)["stage"].to_dict()


def test_an_edition_that_asks_nothing_of_the_rule_knows_no_stage():
    body = Criterion("instance", "instance", "Instance", points=(("oui", 4), ("non", 0)), maximum=4)
    rule = replace(RULE, criteria=(body,))
    assert set(points(public(), rule)["stage"]) == {UNKNOWN}
    assert whole(public(), rule) == 0


def test_a_question_of_another_kind_does_not_count():
    edition = public()
    questions = tuple(
        Question("strategie", "multiple", "Une stratégie ?", "Stratégie", question.options, unit="territories")
        if question.id == "strategie"
        else question
        for question in edition.codebook.questions
    )
    edition = replace(edition, codebook=replace(edition.codebook, questions=questions))
    assert missing(edition, RULE) == (STRATEGY,)


def test_only_those_who_agreed_are_named():
    assert stages(public(), RULE).to_dict() == {
        "16001": "a-amorcer",
        "16002": UNKNOWN,
        "16003": UNKNOWN,
        "17001": "non-publiee",  # r06 did not agree
        FIRST: "non-publiee",  # r08 did not
        SECOND: "a-amorcer",
        "16": "engage",
        PAYS: UNKNOWN,
    }


def test_a_map_shows_the_territories_of_its_level_whoever_answered():
    shown = level_stages(public(), EVERYBODY, "epci", RULE)
    assert shown["status"].to_dict() == {SECOND: "a-amorcer", FIRST: "non-publiee"}
    elected = level_stages(public(), Selection(roles=("elu",)), "epci", RULE)
    assert elected["status"].to_dict() == shown["status"].to_dict()
    assert list(level_stages(public(), Selection(departements=("17",)), "commune", RULE)["status"]) == ["non-publiee"]


def test_shares_count_each_territory_once_at_its_stage():
    found = stage_shares(given(), rule=RULE)
    assert found.columns.tolist() == ["label", "count", "base", "share", "low", "high"]
    assert found["label"].to_dict() == {
        "moteur": "Moteur", "engage": "Engagé", "a-amorcer": "À amorcer", UNKNOWN: "Stade indéterminé",
    }  # fmt: skip
    # 17001 and the first EPCI; the département; 16001 and the second EPCI; 16002, 16003 and the pays.
    assert found["count"].tolist() == [2, 1, 2, 3]
    assert found["base"].tolist() == [8] * 4
    assert found["share"].tolist() == [2 / 8, 1 / 8, 2 / 8, 3 / 8]
    assert ((found["low"] <= found["share"]) & (found["share"] <= found["high"])).all()


def test_shares_by_group_and_by_role():
    by_type = stage_shares(given(), by="type", rule=RULE)
    assert by_type.index.names == ["type", "code"]
    assert by_type.loc["commune", "count"].tolist() == [1, 0, 1, 2]
    assert by_type.loc["syndicat", "base"].tolist() == [0] * 4
    assert by_type.loc["syndicat", "share"].isna().all()
    # r04 of 16002, r08 of the first EPCI, r10 of the département: the stage is that of all the respondents.
    technicians = stage_shares(given(), Selection(roles=("technicien",)), rule=RULE)
    assert technicians["count"].tolist() == [1, 1, 0, 1]


def test_small_counts_are_hidden_in_public():
    found = stage_shares(public(), rule=RULE)
    assert found["hidden"].tolist()[:3] == [True] * 3
    assert found.loc[found["hidden"], ["count", "share", "low", "high"]].isna().all(axis=None)
    assert found["base"].tolist() == [8] * 4


def test_an_empty_selection_has_no_base():
    found = stage_shares(given(), Selection(departements=("23",)), rule=RULE)
    assert found["base"].tolist() == [0] * 4
    assert found["share"].isna().all()


def test_a_threshold_is_reached_by_as_many_points():
    # 3 + 1 out of 5 are 0.8, whatever the rounding of the file.
    rule = replace(RULE, stages=(replace(STAGES[0], low=0.8), *STAGES[1:]))
    assert points(public(), rule).at[FIRST, "stage"] == "moteur"
    assert points(public(), replace(RULE, fewest=4 / 6)).at["16", "stage"] == "engage"
    assert points(public(), replace(RULE, fewest=0.7)).at["16", "stage"] == UNKNOWN


# The shipped rule.

EDITIONS = ("simulee-2026", "simulee-2025")


@pytest.fixture(scope="module", params=EDITIONS)
def shipped(request):
    asgiven = load_edition(request.param)
    return asgiven, exchanged(asgiven)


def test_every_stage_has_territories_and_few_are_drivers(shipped):
    for edition in shipped:
        spread = points(edition)["stage"].value_counts(normalize=True)
        assert set(spread.index) == {*(stage.code for stage in load_rule().stages), UNKNOWN}
        assert 0.10 <= spread["moteur"] <= 0.20
        assert spread.min() < 0.05
        assert spread.idxmin() == UNKNOWN
        assert spread.drop(UNKNOWN).min() >= 0.10


def test_a_driver_has_a_strategy_or_all_the_rest(shipped):
    _, edition = shipped
    found = points(edition)
    drivers = found[found["stage"] == "moteur"]
    settled = drivers["strategie"] >= dict(load_rule().criteria[0].points)["formalisee"]
    assert (settled | drivers["strategie"].isna()).all()
    rest = drivers[drivers["strategie"].isna()]
    assert (rest["obtained"] / rest["possible"] >= 0.85).all()
    assert (rest["instance"] == dict(load_rule().criteria[1].points)["oui"]).all()


def test_territories_named_have_the_points_of_their_own_facts(shipped):
    asgiven, edition = shipped
    facts = [criterion.id for criterion in counted(edition)]
    named = stages(edition)
    named = named[named != "non-publiee"].index
    pd.testing.assert_frame_equal(points(edition).loc[named, facts], points(asgiven).loc[named, facts])


@pytest.mark.shipped_region
def test_the_exchange_changes_no_total_of_the_region_by_much(shipped):
    # Facts of one territory travel together: so does its stage, but for a few with a rare number of respondents.
    asgiven, edition = shipped
    facts_only = replace(load_rule(), criteria=tuple(c for c in load_rule().criteria if c.id != "portage"))
    before, after = (points(e, facts_only)["stage"].value_counts() for e in (asgiven, edition))
    assert (before - after).abs().max() <= 2
