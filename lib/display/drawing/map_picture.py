"""A map as an SVG that stands by itself: the drawing of `map_layers` in its frame, its legend beside it.

Its title, its base and where it comes from are written by `framing`.
"""

import math

from lib.display.drawing.lettering import FAMILY, lines, text_element, text_width, written
from lib.display.drawing.map_layers import Layers, View, pattern, pattern_name, view_of
from lib.display.drawing.outlines import Outlines, around, load_outlines
from lib.display.figure import MapPicture
from lib.display.formats import number
from lib.display.legend import LegendEntry
from lib.display.maps import attribution
from lib.display.palette import INK

SEA, GREY, LINE_GREY = "#e6edf3", "#595959", "#8a8a8a"

PROPORTION, LOWEST, HIGHEST = 0.62, 440, 820
"""Height of the map for one of the picture's width, and its limits in pixels."""
NARROWEST = 600
"""Width of the picture under which the legend goes below the map."""
GUTTER, SWATCH, SMALL, SIZE, HEADING, LEADING = 20, (26, 16), 12, 14, 15, 18
REGION_PADDING, FOCUS_PADDING, SCALE_BAR = 10, 30, 80


def map_svg(picture: MapPicture, width: float, *, mark: str = "", outlines: Outlines | None = None) -> str:
    """Return the map and its legend as an SVG of `width` pixels.

    Parameters
    ----------
    picture : MapPicture
        What is shown.
    width : float
        In pixels; the legend is beside the map, or under it in a narrow picture.
    mark : str
        « Données simulées », written in the corner of the map before the source of the boundaries.
    outlines : Outlines, optional
        Shapes to draw instead of the region's.
    """
    beside = width >= NARROWEST
    column = min(300.0, max(200.0, width * 0.27)) if beside else width
    across = width - column - GUTTER if beside else width
    height = round(min(HIGHEST, max(LOWEST, width * PROPORTION)))
    drawing = _map(picture, across, height, mark, outlines or load_outlines())
    legend, legend_height = _legend(picture, column)
    right, under = (across + GUTTER, 0.0) if beside else (0.0, height + GUTTER)
    whole = math.ceil(max(height, under + legend_height))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{whole:g}" '
        f'viewBox="0 0 {width:g} {whole:g}"><rect width="{width:g}" height="{whole:g}" fill="#ffffff"/>'
        f'<g font-family="{FAMILY}">{drawing}<g transform="translate({right:g} {under:g})">{legend}</g></g></svg>'
    )


def _map(picture: MapPicture, width: float, height: float, mark: str, outlines: Outlines) -> str:
    departements = outlines.shapes("departement")
    focus = [departements[code].box for code in picture.payload["focus"] if code in departements]
    whole = around(shape.box for shape in departements.values())
    view = view_of(around(focus) if focus else whole, width, height, FOCUS_PADDING if focus else REGION_PADDING)
    x, y = view.place(*outlines.origin)
    frame = f"cadre-{width:g}-{height:g}".replace(".", "-")
    layers = Layers(outlines, picture.payload, view, whole=not focus).svg()
    return (
        f'<clipPath id="{frame}"><path d="M0 0h{width:g}v{height:g}H0z"/></clipPath>'
        f'<g clip-path="url(#{frame})"><path d="M0 0h{width:g}v{height:g}H0z" fill="{SEA}"/>'
        f'<g transform="translate({x:.2f} {y:.2f}) scale({1 / view.pixel:.6g})" fill="none" stroke-linejoin="round" '
        f'stroke-linecap="round">{layers}</g>{_towns(outlines, view)}{_scale_bar(view)}{_corner(mark, view)}</g>'
    )


def _towns(outlines: Outlines, view: View) -> str:
    """Return the names of the préfectures in view, each with a halo: drawn twice, which every reader of SVG can do."""
    names = []
    for name, west, north in outlines.towns:
        x, y = view.place(west, north)
        if 0 <= x <= view.width and 0 <= y <= view.height:
            half = text_width(name, SMALL, bold=True) / 2 + 4
            inside = min(max(x, half), view.width - half)
            names.append(f'<text x="{inside:.1f}" y="{y + 4:.1f}">{written(name)}</text>')
    drawn = "".join(names)
    style = f'font-size="{SMALL}" font-weight="600" text-anchor="middle"'
    halo = 'stroke="#ffffff" stroke-width="3.5" stroke-opacity="0.85" stroke-linejoin="round" aria-hidden="true"'
    return f'<g {style} fill="#ffffff" {halo}>{drawn}</g><g {style} fill="{INK}">{drawn}</g>'


def _scale_bar(view: View) -> str:
    """Return a bar of 1, 2, 3 or 5 kilometres, tens or hundreds of them, as the screen's."""
    middle = math.degrees(math.atan(math.sinh(math.radians(-(view.seen[1] + view.seen[3]) / 2))))
    kilometre = view.scale / (111.32 * math.cos(math.radians(middle)))
    longest = SCALE_BAR / kilometre
    power = 10.0 ** math.floor(math.log10(longest))
    length = max(step * power for step in (1, 2, 3, 5) if step * power <= longest)
    x, y, across = 10, view.height - 10, length * kilometre
    said = f"{number(length)} km" if length >= 1 else f"{number(length * 1000)} m"
    return (
        f'<path d="M{x} {y - 5:g}v5h{across:.1f}v-5" fill="none" stroke="#6b6b6b" stroke-width="1.5"/>'
        f"{text_element(said, x + 4, y - 5, SMALL, '#3a3a3a')}"
    )


def _corner(mark: str, view: View) -> str:
    """Return the words of `attribution` on their ground, in the lower right corner."""
    said = attribution(mark)
    across = text_width(said, SMALL) + 14
    left, top = view.width - across, view.height - 20
    return (
        f'<path d="M{left:.1f} {top:g}h{across:.1f}v20h{-across:.1f}z" fill="#ffffff" fill-opacity="0.75"/>'
        f"{text_element(said, round(left + 7, 1), top + 14, SMALL, '#3a3a3a')}"
    )


def _legend(picture: MapPicture, width: float) -> tuple[str, float]:
    """Return the legend and its height: heading, what is counted, then a line or more for each class and its count."""
    drawn, y = [], 0.0
    for line in lines(picture.title, width, HEADING, bold=True):
        y += LEADING + 1
        drawn.append(text_element(line, 0, y, HEADING, INK, bold=True))
    for line in lines(picture.unit, width, SMALL + 1):
        y += LEADING + 2
        drawn.append(text_element(line, 0, y, SMALL + 1, GREY))
    patterns: dict[str, None] = {}
    for entry in picture.entries:
        count = number(picture.counts.get(entry.key, 0))
        left = SWATCH[0] + 10
        labels = lines(entry.label, width - left - 44, SIZE)
        y += 10
        swatch, paint = _swatch(entry, y + 5)
        drawn.append(swatch)
        patterns[paint] = None
        for place, label in enumerate(labels):
            y += LEADING
            drawn.append(text_element(label, left, y, SIZE, INK))
            if place == 0:
                drawn.append(text_element(count, width, y, SIZE, INK, bold=True, end=True))
    return f"<defs>{''.join(patterns)}</defs>{''.join(drawn)}", y + 8


def _swatch(entry: LegendEntry, top: float) -> tuple[str, str]:
    """Return a sample of a class, and the pattern that it needs; none when it is plain."""
    across, down = SWATCH
    paint, made = entry.fill, ""
    if entry.pattern:
        tile = (entry.pattern.size, entry.pattern.path, entry.pattern.stroke, entry.pattern.width)
        made = pattern(entry.fill, tile, "legende")
        paint = f"url(#{pattern_name(entry.fill, tile, 'legende')})"
    box = f"M.5 {top + 0.5:g}h{across - 1}v{down - 1}H.5z"
    return f'<path d="{box}" fill="{paint}" stroke="{LINE_GREY}"/>', made
