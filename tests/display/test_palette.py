"""Colours, by computation: told apart whoever looks, in greyscale too, and seen on their ground.

`SETS` is the document: the colours that stand together on a figure. Pairs that come too near for some eyes are in
`NEAR`, with the other sign that tells them apart; one test checks that these are all of them, others that the signs
are there.
"""

import re
from itertools import combinations, pairwise

import pytest

from lib.display import charts, comparison_charts, comparison_table, representation, status_bars, statuses
from lib.display.assets import FOLDER
from lib.display.deck import house
from lib.display.drawing import map_layers, map_picture
from lib.display.palette import (
    ACCENT,
    GREY,
    HIGH_CONTRAST,
    INK,
    MASKED_BAR,
    ON_BARS,
    ORDERED,
    OUTLINE,
    OUTSIDE,
    QUALITATIVE,
    VISIBLE,
    contrast,
    edge_of,
    ink_on,
    luminance,
    ordered,
    shade,
)
from lib.survey.codebook import load_codebook
from lib.ui import shell
from tests.display.colour_vision import GREY as GREYSCALE
from tests.display.colour_vision import VISIONS, ciede2000, distance

PAPER = "#ffffff"
READABLE, COMFORTABLE = 4.5, 7.0
"""Contrast of a text: WCAG 2.1, levels AA and AAA; the second is that of the high-contrast set."""
APART = {vision: 6.0 if vision == GREYSCALE else 10.0 for vision in VISIONS}
"""CIEDE2000 that two colours of one figure keep, by the eyes that see them; 1 is hardly seen side by side.

In greyscale the whole way from black to white holds some fifteen such steps.
"""

NSP_BAR, DIVERGENT_BAR = ON_BARS.values()
HIGH_ORDERED = tuple(HIGH_CONTRAST[fill] for fill in ORDERED)
SETS: dict[str, tuple[str, ...]] = {
    **{f"scale of {steps}": ordered(steps) for steps in (2, 3, 4, 5)},
    "bars of statuses": (*ORDERED, NSP_BAR, DIVERGENT_BAR, MASKED_BAR),
    "map": (*ORDERED, *(fill.colour for fill in OUTSIDE.values())),
    "comparison": QUALITATIVE[: comparison_charts.MOST],
    "differences, evolution": (QUALITATIVE[0], PAPER),
    "who is missing": (representation.UNDER, representation.OVER, representation.NEUTRAL),
    "workshop, high contrast: scale": HIGH_ORDERED,
    "workshop, high contrast: bars of statuses": (
        *HIGH_ORDERED, *(HIGH_CONTRAST.get(fill, fill) for fill in (NSP_BAR, DIVERGENT_BAR, MASKED_BAR)),
    ),
    "workshop, high contrast: comparison": tuple(HIGH_CONTRAST[c] for c in QUALITATIVE[: comparison_charts.MOST]),
}  # fmt: skip

# Signs other than colour.
DASHES, PATTERN, SHAPE = "dashes around", "pattern", "shape of the mark"
WORDS = "tooltip, legend with its counts, table"
"""Not told apart on the map itself: both are territories of which nothing is known."""
NEAR: dict[tuple[str, str, str], str] = {
    ("bars of statuses", ORDERED[0], MASKED_BAR): DASHES,
    ("bars of statuses", ORDERED[1], MASKED_BAR): DASHES,
    ("workshop, high contrast: bars of statuses", HIGH_ORDERED[0], MASKED_BAR): DASHES,
    ("comparison", "#BB5566", "#997700"): SHAPE,
    ("comparison", "#BB5566", "#117733"): SHAPE,
    ("comparison", "#997700", "#117733"): SHAPE,
    # Dark enough to be read from afar, they are nearer to one another.
    **{("workshop, high contrast: comparison", HIGH_CONTRAST[first], HIGH_CONTRAST[second]): SHAPE
       for first, second in combinations(QUALITATIVE[1:4], 2)},
    **{("map", fill, OUTSIDE[key].colour): PATTERN
       for fill, keys in {
           ORDERED[0]: ("sans-reponse", "nsp", "non-publiee"),
           ORDERED[1]: ("non-publiee",),
           OUTSIDE["sans-reponse"].colour: ("nsp", "divergentes"),
           OUTSIDE["nsp"].colour: ("divergentes", "non-publiee", "hors-selection"),
           OUTSIDE["divergentes"].colour: ("hors-selection",),
       }.items() for key in keys},
    ("map", OUTSIDE["sans-reponse"].colour, OUTSIDE["hors-selection"].colour): WORDS,
}  # fmt: skip


def near(name: str) -> set[tuple[str, str, str]]:
    return {
        (name, first, second)
        for first, second in combinations(SETS[name], 2)
        if any(distance(first, second, vision) < least for vision, least in APART.items())
    }


@pytest.mark.parametrize(
    ("first", "second", "published"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1, 2), (50, 0, 0), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (61, -5, 29), 22.8977),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_distance_is_the_one_that_its_authors_publish(first, second, published):
    assert ciede2000(first, second) == pytest.approx(published, abs=5e-5)


def test_red_and_green_come_near_for_those_who_do_not_see_them():
    red, green = "#BB5566", "#997700"
    assert distance(red, green) > 2 * distance(red, green, "deutéranopie")
    assert distance("#123456", "#123456", "protanopie") == 0
    assert distance(PAPER, "#000000", GREYSCALE) == pytest.approx(100, abs=0.01)


@pytest.mark.parametrize("name", SETS)
def test_colours_used_together_are_apart_or_told_apart_otherwise(name):
    named = {key for key in NEAR if key[0] == name}
    assert near(name) == named


def test_the_other_signs_are_there():
    codebook = load_codebook()
    assert len(set(comparison_charts.SHAPES)) == comparison_charts.MOST
    dashed = [layer for layer in status_bars._status_bars()["layer"] if layer["mark"].get("strokeDash")]
    assert dashed
    assert dashed[0]["transform"] == [{"filter": "datum.hidden"}]
    paths = [fill.pattern.path if fill.pattern else None for fill in OUTSIDE.values()]
    assert len(set(paths)) == len(paths)
    for key in ("nsp", "divergentes", "non-publiee"):
        fill = OUTSIDE[key]
        assert fill.pattern is not None
        assert contrast(fill.pattern.stroke, fill.colour) >= VISIBLE, key
    listed = [entry for entry in statuses.entries(codebook["strategie"]) if entry.key in OUTSIDE]
    assert all((entry.pattern is None) == (entry.key == "hors-selection") for entry in listed)


def test_a_bar_is_seen_on_paper_by_its_fill_or_by_its_edge():
    fills = {*statuses.colours(statuses.entries(load_codebook()["strategie"])).values(), charts.BAR, MASKED_BAR}
    assert any(contrast(fill, PAPER) < VISIBLE for fill in fills)
    assert all(contrast(edge_of(fill), PAPER) >= VISIBLE for fill in fills)
    bars = charts._share_bars()["layer"][1]
    assert bars["encoding"]["stroke"]["field"] == "edge"
    for template in (status_bars._status_bars(), status_bars._position_bars()):
        assert template["layer"][0]["mark"]["stroke"] == OUTLINE
        assert template["layer"][0]["encoding"]["color"]["legend"]["symbolStrokeColor"] == OUTLINE
    assert contrast(OUTLINE, PAPER) >= VISIBLE


@pytest.mark.parametrize(
    ("object_", "ground"),
    [
        *((colour, PAPER) for colour in (*QUALITATIVE, *house.ACCENTS, charts.BAR, charts.INK, charts.QUIET, ACCENT)),
        # The perimeters over the map, the limits of the départements, the territory chosen.
        *((colour, map_layers.LAND) for colour in (map_layers.OVER, map_layers.LIMIT, INK)),
        # The frames of samples.
        (map_picture.LINE_GREY, PAPER),
    ],
)
def test_a_graphic_object_is_seen_on_its_ground(object_, ground):
    assert contrast(object_, ground) >= VISIBLE


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (charts.INK, PAPER),
        (charts.QUIET, PAPER),
        (representation.UNDER, PAPER),
        (representation.OVER, PAPER),
        (map_picture.GREY, PAPER),
        (GREY, PAPER),
        (PAPER, ACCENT),
        *((ink_on(fill), fill) for fill in (*ORDERED, NSP_BAR, DIVERGENT_BAR, MASKED_BAR)),
        *((ink_on(shade(step / 100)), shade(step / 100)) for step in range(101)),
        (ink_on(shade(float("nan"))), shade(float("nan"))),
    ],
)
def test_a_text_is_read_on_its_ground(ink, ground):
    assert contrast(ink, ground) >= READABLE


@pytest.mark.parametrize(
    "sheet",
    [
        *((FOLDER / name).read_text(encoding="utf-8") for name in ("player.css", "territory_map.css")),
        shell.STYLE.read_text(encoding="utf-8"),
        comparison_table._STYLE,
    ],
    ids=["player", "map", "shell", "comparison"],
)
def test_each_text_of_our_stylesheets_is_read_on_its_ground(sheet):
    known = dict(re.findall(r"--(\w+):\s*(#[0-9a-fA-F]{3,6})\b", sheet))

    def colour(value):
        value = re.sub(r"var\(--(\w+)\)", lambda name: known.get(name[1], name[0]), value.strip())
        return "#" + "".join(c * 2 for c in value[1:]) if re.fullmatch("#[0-9a-fA-F]{3}", value) else value

    rules = 0
    for _, declared in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        given = {
            name: colour(value) for name, value in re.findall(r"(?<![\w-])(color|background):\s*([^;]+)", declared)
        }
        ink, ground = given.get("color", ""), given.get("background", "")
        if re.fullmatch("#[0-9a-fA-F]{6}", ink):
            # Black at 85 % over a map, for the one that is not opaque.
            ground = "#262626" if ground.startswith("rgba(22") else ground
            # White letters whose ground is given by another rule: those of a lost connection, `#connection [role]`.
            grounds = [ground] if re.fullmatch("#[0-9a-fA-F]{6}", ground) else [PAPER]
            if ink == PAPER and grounds == [PAPER]:
                grounds = re.findall(r'#connection \[role="\w+"\] \{ background: (#\w{6})', sheet)
                assert len(grounds) == 2
            rules += 1
            assert all(contrast(ink, ground) >= READABLE for ground in grounds), declared
    assert rules


def test_the_high_contrast_set_is_read_from_afar():
    for ordinary, high in HIGH_CONTRAST.items():
        if contrast(ordinary, PAPER) >= VISIBLE and ordinary not in ORDERED:
            assert contrast(high, PAPER) >= max(COMFORTABLE, contrast(ordinary, PAPER)), ordinary
    for lighter, darker in pairwise(HIGH_ORDERED):
        assert contrast(lighter, darker) >= 1.75
    for first, second in pairwise(ORDERED):
        assert contrast(HIGH_CONTRAST[first], HIGH_CONTRAST[second]) > contrast(first, second)
    assert all(contrast(HIGH_CONTRAST[c], PAPER) >= COMFORTABLE for c in (*QUALITATIVE, charts.BAR, charts.QUIET, GREY))
    # A text inside a part keeps the ink that the ordinary fill gives it.
    for fill in (*ORDERED, NSP_BAR, DIVERGENT_BAR, MASKED_BAR):
        assert contrast(ink_on(fill), HIGH_CONTRAST.get(fill, fill)) >= READABLE


def test_contrast_of_black_and_white_is_the_one_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert luminance("#ffffff") == pytest.approx(1)


def test_ordered_steps_get_darker_and_stay_apart_in_greyscale():
    for lighter, darker in pairwise(ORDERED):
        assert luminance(lighter) > luminance(darker)
        assert contrast(lighter, darker) >= 1.4


def test_states_outside_the_scale_are_grey():
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
