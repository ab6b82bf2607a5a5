"""The HTML legend of a map: swatches drawn with the very patterns of the canvas, labels, counts.

It returns a string made only of escaped text and of images of its own; showing it is left to `lib.ui`.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from lib.display.formats import number
from lib.display.palette import OUTSIDE, Fill, Pattern

ABSENT = "sans-reponse"
"""Key of the class that every territory without a value belongs to."""


@dataclass(frozen=True)
class LegendEntry:
    """A class of the map.

    Parameters
    ----------
    key : str
        What the values of the map are made of: an option code, or a key of `lib.display.palette.OUTSIDE`.
    label : str
        What the reader reads, in the legend and in the tooltip.
    fill : str
        Background, `#rrggbb`.
    pattern : Pattern or None
        Drawn over the background, for the states outside the scale.
    """

    key: str
    label: str
    fill: str
    pattern: Pattern | None = None


def outside(key: str, label: str) -> LegendEntry:
    """Return the entry of a state outside the scale: `nsp`, `divergentes`, `non-publiee`, `sans-reponse`.

    Raises
    ------
    KeyError
        If `key` is none of them.
    """
    fill: Fill = OUTSIDE[key]
    return LegendEntry(key, label, fill.colour, fill.pattern)


def swatch(entry: LegendEntry) -> str:
    """Return a sample of the entry as the `data:` address of an image: a pixel of its colour, or a drawing in SVG.

    An image, because Streamlit's sanitiser removes inline SVG and browsers do not print CSS backgrounds.
    """
    pattern = entry.pattern
    if pattern is None:
        pixel = _PIXEL[0] + bytes.fromhex(entry.fill.removeprefix("#")) + _PIXEL[1]
        return f"data:image/gif;base64,{b64encode(pixel).decode()}"
    over = (
        f"<pattern id='p' width='{pattern.size}' height='{pattern.size}' patternUnits='userSpaceOnUse'>"
        f"<path d='{pattern.path}' stroke='{pattern.stroke}' stroke-width='{pattern.width:g}'"
        " stroke-linecap='round'/></pattern><path fill='url(#p)' d='M0 0h26v16H0z'/>"
    )
    image = f"<svg xmlns='http://www.w3.org/2000/svg'><path fill='{entry.fill}' d='M0 0h26v16H0z'/>{over}</svg>"
    return f"{SVG}{quote(image, safe=_PLAIN)}"


def legend_html(
    entries: Sequence[LegendEntry],
    counts: Mapping[str, int] | None = None,
    *,
    title: str = "",
    unit: str = "",
    kept: Mapping[str, str] | None = None,
) -> str:
    """Return the legend as an HTML fragment, in the order of `entries`; pages style `.map-legend` once for all.

    Parameters
    ----------
    entries : sequence of LegendEntry
        The scale from the least to the most, then the states outside it.
    counts : mapping of key to int, optional
        Number of territories in each class, written after the label; a class left out counts 0.
    title, unit : str
        Heading, and what is counted (« communes ») under it.
    kept : mapping of str to str, optional
        Addresses of the swatches that the browser may keep, instead of their `data:` address.
    """
    rows, kept = [], kept or {}
    for entry in entries:
        image = swatch(entry)
        count = "" if counts is None else f"<b>{number(counts.get(entry.key, 0))}</b>"
        rows.append(f'<li><img src="{kept.get(image, image)}" alt=""><span>{escape(entry.label)}</span>{count}</li>')
    heading = f"<p><b>{escape(title)}</b></p>" if title else ""
    counted = f"<p>{escape(unit)}</p>" if unit else ""
    return f'<div class="map-legend">{heading}{counted}<ul>{"".join(rows)}</ul></div>'


SVG = "data:image/svg+xml,"
_PIXEL = (b"GIF89a\1\0\1\0\x80\0\0", b"\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;")
"""A GIF of one pixel, before and after its colour: lighter than a drawing of it."""
_PLAIN = " =':/,.;()"
"""Characters that a data address inside double quotes may hold as they are: half the weight."""
