"""Stages as they look: from light to dark with engagement, what is no stage outside the scale."""

from dataclasses import replace

import pytest

from lib.analysis.engagement import UNKNOWN
from lib.display.palette import OUTSIDE, luminance, ordered
from lib.display.stages import entries, labels
from lib.display.statuses import OUTSIDE_LABELS, colours
from lib.survey.engagement import Rule, Stage, load_rule

STAGES = (
    Stage("moteur", "Moteur", 0.75, "Il agit.", "Il aide."),
    Stage("engage", "Engagé", 0.5, "Il avance.", "On le suit."),
    Stage("a-amorcer", "À amorcer", 0.0, "Il commence.", "On l’aide."),
)
RULE = Rule((), STAGES, fewest=0.5)


def test_stages_go_from_light_to_dark_with_engagement():
    listed = entries(RULE)
    assert [entry.key for entry in listed] == [
        "a-amorcer", "engage", "moteur", UNKNOWN, "non-publiee", "sans-reponse", "hors-selection",
    ]  # fmt: skip
    fills = [entry.fill for entry in listed[:3]]
    assert tuple(fills) == ordered(3)
    shades = [luminance(fill) for fill in fills]
    assert shades == sorted(shades, reverse=True)
    assert all(entry.pattern is None for entry in listed[:3])


def test_what_is_no_stage_is_outside_the_scale():
    unknown, unpublished, *_ = entries(RULE)[3:]
    assert (unknown.fill, unknown.pattern) == (OUTSIDE["nsp"].colour, OUTSIDE["nsp"].pattern)
    assert unpublished.label == "A répondu (réponse non publiée)"
    assert not {entry.key for entry in entries(RULE)} & {"divergentes"}


def test_every_state_has_its_french_name():
    named = labels(RULE)
    assert named["moteur"] == "Moteur"
    assert named[UNKNOWN] == "Stade indéterminé"
    assert named["sans-reponse"] == OUTSIDE_LABELS["sans-reponse"]


def test_bars_have_the_colours_of_the_map_without_its_own_states():
    assert list(colours(entries(RULE))) == ["À amorcer", "Engagé", "Moteur", "Stade indéterminé"]


@pytest.mark.parametrize("number", [2, 5])
def test_any_rule_that_may_be_read_has_its_colours(number):
    rule = replace(RULE, stages=tuple(replace(STAGES[0], code=f"s{place}") for place in range(number)))
    assert len({entry.fill for entry in entries(rule)[:number]}) == number


def test_the_shipped_rule_has_four_colours():
    assert [entry.label for entry in entries(load_rule())[:4]] == ["À amorcer", "En construction", "Engagé", "Moteur"]
