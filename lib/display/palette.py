"""Colours and fill patterns: one ordered scheme, one qualitative set, the states outside the scale.

Patterns are described once, as drawing instructions read both by the canvas of the map and by the
legend; which class means what is left to the pages.
"""

from dataclasses import dataclass

ORDERED = ("#eddc85", "#8cc49c", "#3f97a8", "#286798", "#14306a")
"""Five steps from « the least » to « the most »: hue helps, luminance alone is enough (greyscale, print)."""

QUALITATIVE = ("#004488", "#BB5566", "#997700", "#117733", "#882255", "#0077BB")
"""Unordered groups, each at 3:1 or more on white; never more than six on one figure."""

ACCENT = "#000091"
INK = "#161616"
GREY = "#6b6b6b"
OUTLINE = GREY
"""Around a fill that is too light for its ground: what it covers is seen by its edge."""
VISIBLE = 3.0
"""Contrast that a graphic object needs against its ground (WCAG 2.1, criterion 1.4.11)."""


@dataclass(frozen=True)
class Pattern:
    """A tile drawn over a fill.

    Parameters
    ----------
    size : int
        Side of the square tile, in CSS pixels.
    path : str
        SVG path data inside the tile; it must meet itself across the edges.
    stroke : str
        Colour of the line.
    width : float
        Thickness of the line, in CSS pixels. Caps are round: a line of length zero is a dot.
    """

    size: int
    path: str
    stroke: str
    width: float


@dataclass(frozen=True)
class Fill:
    """A background colour, and a pattern over it where the state lies outside the scale."""

    colour: str
    pattern: Pattern | None = None


OUTSIDE = {
    "sans-reponse": Fill("#f6f5f2", Pattern(6, "M1.5 1.5h0M4.5 4.5h0", "#d2d0ca", 1)),
    "nsp": Fill("#dedede", Pattern(5, "M1.25 1.25h0M3.75 3.75h0", "#595959", 1.5)),
    "divergentes": Fill("#ffffff", Pattern(6, "M-1 7L7 -1M-1 1L1 -1M5 7L7 5", "#4a4a4a", 1.6)),
    "non-publiee": Fill("#c8c8c8", Pattern(6, "M0 3h6M3 0v6", "#6b6b6b", 0.6)),
    "hors-selection": Fill("#ffffff"),
}
"""States outside the scale, in the order of the legend's end; told apart by pattern, without any hue."""

ON_BARS = {OUTSIDE["nsp"].colour: "#fafafa", OUTSIDE["divergentes"].colour: "#a0a0a0"}
"""What these fills are on a bar, which has no pattern but an edge: apart from the scale, in greyscale too."""
MASKED_BAR = "#cdc7e4"
"""On a bar, all that is hidden; it is dashed around too."""

HIGH_CONTRAST = {
    INK: "#000000",
    "#5c5c66": "#000000",
    "#3a3a3a": "#000000",
    "#595959": "#000000",
    "#4a4a4a": "#000000",
    GREY: "#000000",
    ACCENT: "#00005c",
    "#4d7fb8": "#00457a",
    "#e6e6ec": "#8a8a8a",
    "#b9b9c3": "#5c5c66",
    ON_BARS[OUTSIDE["divergentes"].colour]: "#8c8c8c",
    **dict(zip(ORDERED, ("#f2de74", "#74b185", "#2e8095", "#194b73", "#040b26"), strict=True)),
    **dict(zip(QUALITATIVE, ("#002f5f", "#a01a40", "#5c4600", "#0a5226", "#5f0f3c", "#00497a"), strict=True)),
}
"""Ordinary colour to that of a presentation in high contrast, on the same white ground: `assets/player.js`.

Texts and marks reach 7:1, and steps of the scale stand farther from one another, an edge in black around each.
"""


def ordered(steps: int) -> tuple[str, ...]:
    """Return `steps` fills from light to dark, as far apart as the scheme of five allows.

    Raises
    ------
    ValueError
        Unless 1 <= steps <= 5: more steps cannot be told apart on a small commune.
    """
    if not 1 <= steps <= len(ORDERED):
        raise ValueError(f"between 1 and {len(ORDERED)} ordered steps, not {steps}")
    if steps == 1:
        return (ORDERED[3],)
    last = len(ORDERED) - 1
    return tuple(ORDERED[round(step * last / (steps - 1))] for step in range(steps))


def luminance(colour: str) -> float:
    """Return the relative luminance (0 black, 1 white) of a `#rrggbb` colour, as WCAG 2.1 defines it."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio (1 to 21) of two `#rrggbb` colours, as WCAG 2.1 defines it."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on the colour."""
    return max("#000000", "#ffffff", key=lambda ink: contrast(ink, colour))


def edge_of(colour: str, ground: str = "#ffffff") -> str:
    """Return the colour of the edge of a fill: its own, or `OUTLINE` where it would not be seen on its ground."""
    return colour if contrast(colour, ground) >= VISIBLE else OUTLINE


def shade(share: float) -> str:
    """Return the colour of a share on the heat map, from near white (0) to dark blue (1); grey when it is missing."""
    if share != share:
        return "#eeeeee"
    light, middle, dark = (242, 245, 251), (126, 160, 214), (10, 40, 110)
    start, end, step = (light, middle, share * 2) if share < 0.5 else (middle, dark, share * 2 - 1)
    return "#" + "".join(f"{round(a + (b - a) * step):02x}" for a, b in zip(start, end, strict=True))
