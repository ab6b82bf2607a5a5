"""The words of participation, on `tests.world`."""

from streamlit.testing.v1 import AppTest

from lib.analysis.coverage import coverage
from lib.analysis.selection import EVERYBODY, Selection
from lib.ui import turnout
from tests import world

NARROW = "\u202f"


def noted():
    from lib.analysis.selection import Selection
    from lib.ui import turnout

    turnout.role_note(Selection(roles=("elu",)))
    turnout.role_note(Selection(types=("commune",)))


def said(selection=EVERYBODY):
    return turnout.sentence(coverage(world.edition(), selection, reference=world.reference()))


def test_the_sentence_gives_territories_and_inhabitants_of_each_level():
    # 4 100 of 18 600 inhabitants, all of them, 5 800 of 18 600.
    assert said() == (
        f"Ont répondu{NARROW}: 4 communes sur 6 (67{NARROW}%), soit 22{NARROW}% des habitants{NARROW}; 2 "
        f"intercommunalités sur 2 (100{NARROW}%), soit 100{NARROW}% des habitants{NARROW}; 1 département sur 2 "
        f"(50{NARROW}%), soit 31{NARROW}% des habitants{NARROW}; 1 pays, syndicats ou autres structures."
    )


def test_a_level_that_is_not_selected_is_not_said():
    assert said(Selection(types=("epci",))) == (
        f"Ont répondu{NARROW}: 2 intercommunalités sur 2 (100{NARROW}%), soit 100{NARROW}% des habitants."
    )


def test_only_a_filter_on_roles_is_said_to_be_left_aside():
    visit = AppTest.from_function(noted).run()
    (caption,) = visit.caption
    assert caption.value.startswith("Cette page ne tient pas compte du rôle")


def test_levels_to_compare_are_those_selected():
    assert list(turnout.levels(EVERYBODY)) == ["epci", "commune"]
    assert list(turnout.levels(Selection(types=("commune", "pays")))) == ["commune"]
    assert turnout.levels(Selection(types=("pays",))) == {}
