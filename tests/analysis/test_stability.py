"""How many territories change stage when one threshold moves: counted by hand on `tests.world`, measured as shipped."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.analysis.stability import MOST_MOVED, stability, thresholds
from lib.survey.edition import load_edition
from lib.survey.engagement import load_rule
from lib.survey.exchange import exchanged
from tests.analysis.test_engagement import BREADTH, OPINION, RULE, STAGES, STRATEGY, given, public

# Shares of points in the public world: 16001 1/6, 17001 5/5, first EPCI 4/5, second 0/5, département 2/4; 16002, 16003
# and the pays are « indéterminé », with 1, 0 and 0 points known out of 6. Eight territories: one is an eighth.
EIGHTH = 1 / 8


def moved(edition=None, rule=RULE):
    return stability(edition or public(), rule).set_index("label")


def test_one_row_for_each_threshold_that_counts():
    found = stability(public(), RULE)
    assert found.columns.tolist() == ["label", "kind", "value", "step", "moved", "moved_up", "moved_down", "base"]
    assert [label.replace("\u202f", " ") for label in found["label"]] == [
        "Seuil du stade « Moteur »",
        "Seuil du stade « Engagé »",
        "Part des points qui doit être connue",
        "Points de « Mise en oeuvre » (Stratégie)",
        "Points de « Formalisee » (Stratégie)",
        "Points de « Elaboration » (Stratégie)",
        "Points de « Prevue » (Stratégie)",
        "Points de « Non » (Stratégie)",
        "Maximum de « Ampleur »",
    ]
    assert found["kind"].tolist() == ["share"] * 3 + ["points"] * 5 + ["themes"]
    assert found["base"].tolist() == [8] * 9
    # One point out of six for a share.
    assert found["step"].tolist() == pytest.approx([1 / 6] * 3 + [1] * 6)
    assert found["value"].tolist() == [0.75, 0.5, 0.5, 4, 3, 2, 1, 0, 2]


def test_a_stage_threshold_moves_those_that_it_passes():
    row = moved().iloc[0]
    assert row["moved_up"] == EIGHTH  # 0.92: the first EPCI, at 0.8, is no longer « moteur »
    assert row["moved_down"] == 0  # 0.58: nobody is between
    assert row["moved"] == EIGHTH
    row = moved().iloc[1]
    assert row["moved_up"] == EIGHTH  # 0.67: the département, at 0.5
    assert row["moved_down"] == 0


def test_what_must_be_known_moves_those_who_said_little():
    row = moved().iloc[2]
    # Up, 4 points of 6: the département has just 4. Down, 2 of 6: 16002 has only 1.
    assert (row["moved_up"], row["moved_down"]) == (0, 0)
    row = moved(rule=replace(RULE, fewest=0.3)).iloc[2]
    # 0.13 of 6 points: the one of 16002 is enough, and says « moteur ».
    assert row["moved_down"] == EIGHTH


def test_points_of_an_answer_move_all_shares():
    row = moved().iloc[3]
    # 5 points for « mise en œuvre »: the first EPCI has 4 of 6, the département 2 of 5.
    assert row["moved_up"] == 2 * EIGHTH
    # 3 points: 4 of 4, 2 of 3, 1 of 5: the same stages.
    assert row["moved_down"] == 0
    assert row["moved"] == 2 * EIGHTH


def test_an_answer_without_points_cannot_be_worth_less():
    row = moved().loc["Points de «\u202fNon\u202f» (Stratégie)"]
    assert np.isnan(row["moved_down"])
    # 1 point for « non »: 16001 has 2 of 6, the second EPCI 1 of 5: still the lowest stage.
    assert row["moved"] == row["moved_up"] == 0


def test_stages_keep_their_order():
    close = replace(RULE, stages=(STAGES[0], replace(STAGES[1], low=0.7), STAGES[2]))
    rows = moved(rule=close)
    assert np.isnan(rows.iloc[0]["moved_down"])  # 0.75 − 1/6 is under 0.7
    assert np.isnan(rows.iloc[1]["moved_up"])
    high = replace(RULE, stages=(replace(STAGES[0], low=0.9), *STAGES[1:]))
    assert np.isnan(moved(rule=high).iloc[0]["moved_up"])  # nobody has more than all the points


def test_a_breadth_moves_by_one_theme():
    row = moved().iloc[-1]
    # Two themes are asked: three at most are two. With one at most, 16001 has 1 of 5, the others as before.
    assert (row["moved_up"], row["moved_down"]) == (0, 0)
    single = moved(rule=replace(RULE, criteria=(STRATEGY, replace(BREADTH, maximum=1)))).iloc[-1]
    assert np.isnan(single["moved_down"])


def test_the_opinion_moves_in_the_answers_as_given_by_the_same_step_of_shares():
    found = stability(given(), RULE)
    assert "Points de «\u202fFort\u202f» (Portage)" in found["label"].tolist()
    assert found["step"].iloc[0] == pytest.approx(1 / 6)
    assert not any("Portage" in label for label in stability(public(), RULE)["label"])


def test_a_larger_step_is_that_of_the_rule():
    found = stability(public(), replace(RULE, step=2))
    assert found["step"].tolist() == pytest.approx([2 / 6] * 3 + [2] * 6)


def test_an_edition_that_asks_nothing_of_the_rule_has_no_threshold():
    assert stability(public(), replace(RULE, criteria=(OPINION,))).empty


def test_an_edition_without_territories_moves_nobody():
    edition = public()
    edition.respondents["territory"] = pd.Series(pd.NA, index=edition.respondents.index, dtype="str")
    found = stability(edition, RULE)
    assert found["base"].tolist() == [0] * 9
    assert found["moved"].isna().all()


@pytest.mark.parametrize("edition_id", ["simulee-2026", "simulee-2025"])
def test_one_step_of_the_shipped_rule_moves_under_fifteen_percent(edition_id):
    asgiven = load_edition(edition_id)
    for edition in (exchanged(asgiven), asgiven):
        found = stability(edition)
        assert len(found) == len(list(thresholds(edition, load_rule())))
        assert found["moved"].max() < MOST_MOVED
        # The step is one that moves somebody: it is not stable for want of moving.
        assert found["moved"].max() > 0.02
