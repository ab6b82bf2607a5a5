from itertools import pairwise

import pytest

from lib.display.palette import ORDERED, OUTSIDE, QUALITATIVE, contrast, luminance, ordered


def test_contrast_of_black_and_white_is_the_one_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert luminance("#ffffff") == pytest.approx(1)


def test_ordered_steps_get_darker_and_stay_apart_in_greyscale():
    for lighter, darker in pairwise(ORDERED):
        assert luminance(lighter) > luminance(darker)
        assert contrast(lighter, darker) >= 1.4


def test_qualitative_colours_stand_out_on_white():
    assert all(contrast(colour, "#ffffff") >= 3 for colour in QUALITATIVE)


def test_states_outside_the_scale_are_grey_and_have_a_pattern_each():
    paths = [fill.pattern.path if fill.pattern else None for fill in OUTSIDE.values()]
    assert len(set(paths)) == len(paths)
    for fill in OUTSIDE.values():
        channels = [int(fill.colour[start : start + 2], 16) for start in (1, 3, 5)]
        assert max(channels) - min(channels) <= 4


@pytest.mark.parametrize(
    ("steps", "places"), [(1, [3]), (2, [0, 4]), (3, [0, 2, 4]), (4, [0, 1, 3, 4]), (5, [0, 1, 2, 3, 4])]
)
def test_fewer_steps_are_spread_over_the_scheme(steps: int, places: list[int]):
    assert ordered(steps) == tuple(ORDERED[place] for place in places)


@pytest.mark.parametrize("steps", [0, 6])
def test_other_numbers_of_steps(steps: int):
    with pytest.raises(ValueError, match="between 1 and 5"):
        ordered(steps)
