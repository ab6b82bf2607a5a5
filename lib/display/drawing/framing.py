"""What goes around a drawing that leaves by itself: a map’s title and base, « comment lire », where it comes from.

The drawing is not touched; a picture that is passed on without its page still says what it shows and whom it counts.
"""

import math
import re
from collections.abc import Iterable, Mapping

from lib.display.charts import QUIET
from lib.display.drawing.lettering import FAMILY, lines, text_element, text_width, written
from lib.display.figure import Figure, MapPicture
from lib.display.formats import NARROW
from lib.display.palette import INK
from lib.display.stamp import ADDRESS, COLLECTED, COUNTED, DATE, EDITION, MENTION, MILLESIME

MARGIN = 16
"""White around the picture, in pixels."""
RULE = "#d6d6de"
TITLE, BASE, READING, SOURCE = 16, 13, 13, 12
"""Sizes of the texts, in pixels."""
LONGEST_PART = 45
"""Letters of a part that is kept on one line."""

# These headings go without saying before their value.
_SILENT = {EDITION, COLLECTED, COUNTED, DATE, ADDRESS}
_SHORT = {MILLESIME: "Code officiel géographique"}
_NOTHING = {"", "sans objet"}

_OPENING = re.compile(r"<svg\b[^>]*?>")
_SIZE = re.compile(r'\b(width|height)="([\d.]+)"')


def framed(svg: str, figure: Figure, width: float) -> str:
    """Return an SVG of `width` pixels: a drawing of `width` less two margins, with the words of its figure around it.

    Parameters
    ----------
    svg : str
        The drawing; that of a chart holds its title and its base already.
    figure : Figure
        What is drawn.
    """
    opening = _OPENING.search(svg)
    assert opening, "a drawing is an <svg>"
    size = {name: float(value) for name, value in _SIZE.findall(opening.group())}
    inside = svg[opening.end() : svg.rindex("</svg>")]
    room = width - 2 * MARGIN
    parts: list[str] = []
    y = float(MARGIN)
    if isinstance(figure.picture, MapPicture):
        y = _paragraph(parts, lines(figure.title, room, TITLE, bold=True), y, TITLE, INK, bold=True)
        y = _paragraph(parts, lines(figure.base, room, BASE), y + 2, BASE, QUIET) + 16
    parts.append(f'<g transform="translate({MARGIN} {y:g})">{inside}</g>')
    y = math.ceil(y + size["height"]) + 10
    if figure.reading:
        said = lines(f"Comment lire{NARROW}: {figure.reading}", room, READING)
        y = _paragraph(parts, said, y, READING, INK) + 12
    parts.append(f'<path d="M{MARGIN} {y:g}h{room:g}" stroke="{RULE}"/>')
    y = _source(parts, figure.stamp, room, y + 4) + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width:g}" '
        f'height="{y:g}" viewBox="0 0 {width:g} {y:g}" font-family="{FAMILY}" xml:lang="fr">'
        f"<title>{written(figure.title)}</title><desc>{written(figure.alt or figure.title)}</desc>"
        f'<rect width="{width:g}" height="{y:g}" fill="#ffffff"/>{"".join(parts)}</svg>'
    )


def _source_words(stamp: Mapping[str, str]) -> str:
    """Return where a figure comes from on one line, without its mark: « Édition… · Sélection : … · … »."""
    said = [
        _whole(value if heading in _SILENT else f"{_SHORT.get(heading, heading)}{NARROW}: {value}")
        for heading, value in stamp.items()
        if heading != MENTION and value not in _NOTHING
    ]
    return " · ".join(said)


def _whole(part: str) -> str:
    """Return a short part of the line with spaces where it will not be cut."""
    return part.replace(" ", "\u00a0") if len(part) <= LONGEST_PART else part


def _source(parts: list[str], stamp: Mapping[str, str], room: float, y: float) -> float:
    # Simulated answers are said to be so first, in bold.
    mark, rest = stamp.get(MENTION, ""), _source_words(stamp)
    indent = text_width(f"{mark} ", SOURCE, bold=True) if mark else 0.0
    cut = lines(f"· {rest}" if mark and rest else rest, room, SOURCE, indent=indent) or [""]
    baseline = y + _leading(SOURCE)
    parts.append(text_element(mark, MARGIN, baseline, SOURCE, INK, bold=True))
    parts.append(text_element(cut[0], MARGIN + indent, baseline, SOURCE, QUIET))
    return _paragraph(parts, cut[1:], baseline, SOURCE, QUIET)


def _paragraph(parts: list[str], cut: Iterable[str], y: float, size: int, colour: str, *, bold: bool = False) -> float:
    """Add the lines of a text under `y`; return the baseline of the last."""
    for line in cut:
        y += _leading(size)
        parts.append(text_element(line, MARGIN, y, size, colour, bold=bold))
    return y


def _leading(size: int) -> int:
    return round(size * 1.35)
