"""Recognition of headings, and the form under which they are compared."""

import pytest

from lib.survey.normalisation import normalise
from lib.survey.reading.headings import recognise, split_heading, wordings
from tests.survey.world import HEADINGS, codebook


@pytest.mark.parametrize(
    "typed",
    [
        "Quels  freins\u00a0? ",
        "quels freins\u202f?",
        "QUELS FREINS\u2009?",
        "Quels fre\u00adins\u200b ?",
        "\ufeffQuels freins ?",
    ],
)
def test_spaces_case_and_invisible_characters_do_not_count(typed):
    assert normalise(typed) == "quels freins ?"


def test_apostrophes_are_one_and_accents_composed_but_kept():
    assert normalise("L’E\u0301cole") == normalise("l'École") == "l'école"
    assert normalise("École") != normalise("Ecole")


def test_the_option_is_the_last_group_of_brackets():
    assert split_heading("Texte") == [("texte",)]
    assert split_heading("A [b] c  [D]") == [("a [b] c [d]",), ("a [b] c", "d")]
    assert split_heading("A [b][C][D]") == [("a [b][c][d]",), ("a [b][c]", "d"), ("a [b]", "c", "d")]
    assert split_heading("A [x [y] z]") == [("a [x [y] z]",), ("a", "x [y] z")]
    assert split_heading("A] [b") == [("a] [b",)]
    assert split_heading("A b]") == [("a b]",)]


def test_every_column_of_the_questionnaire_has_one_heading():
    found = [key for keys in wordings(codebook()).values() for key in keys]
    assert sorted(found) == sorted(codebook().columns)


def test_every_heading_ends_in_one_place():
    recognised = recognise(tuple(HEADINGS), wordings(codebook()))
    assert set(recognised.positions) == set(codebook().columns)
    assert recognised.positions["niveau/ecole"] == 9
    # The option « Autre » comes first, its free text second.
    assert recognised.positions["freins/autre"] == 13
    assert recognised.positions["freins/autre/texte"] == 16
    assert recognised.rest == (0, 1, 2, 22, 23)
    assert recognised.repeated == recognised.unknown_options == ()


def test_repeated_headings_and_unknown_options_are_set_apart():
    headings = ("Publier ?", "Publier ?", "Quels freins ? [Argent]", "Actions [Fibre][Plan]", "Actions")
    recognised = recognise(headings, wordings(codebook()))
    assert recognised.positions == {"accord": 0}
    assert recognised.repeated == (1,)
    assert recognised.unknown_options == (2, 3, 4)
