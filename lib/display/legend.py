"""The HTML legend of a map: swatches drawn with the very patterns of the canvas, labels, counts.

It returns a string made only of escaped text and of images of its own; showing it is left to `lib.ui`.
"""

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
    """Return a 26 × 16 px sample of the entry as a `data:` address of an SVG image.

    An image, because Streamlit's sanitiser removes inline SVG and browsers do not print CSS backgrounds.
    """
    pattern, over = entry.pattern, ""
    if pattern is not None:
        over = (
            f"<pattern id='p' width='{pattern.size}' height='{pattern.size}' patternUnits='userSpaceOnUse'>"
            f"<path d='{pattern.path}' stroke='{pattern.stroke}' stroke-width='{pattern.width:g}'"
            " stroke-linecap='round'/></pattern><path fill='url(#p)' d='M0 0h26v16H0z'/>"
        )
    image = f"<svg xmlns='http://www.w3.org/2000/svg'><path fill='{entry.fill}' d='M0 0h26v16H0z'/>{over}</svg>"
    return f"data:image/svg+xml,{quote(image, safe=_PLAIN)}"


def legend_html(
    entries: Sequence[LegendEntry],
    counts: Mapping[str, int] | None = None,
    *,
    title: str = "",
    unit: str = "",
) -> str:
    """Return the legend as an HTML fragment, in the order of `entries`.

    Parameters
    ----------
    entries : sequence of LegendEntry
        The scale from the least to the most, then the states outside it.
    counts : mapping of key to int, optional
        Number of territories in each class, written after the label; a class left out counts 0.
    title, unit : str
        Heading, and what is counted (« communes ») under it.
    """
    rows = []
    for entry in entries:
        count = "" if counts is None else f"<b>{number(counts.get(entry.key, 0))}</b>"
        rows.append(
            f'<li><img src="{swatch(entry)}" alt="" width="26" height="16">'
            f"<span>{escape(entry.label)}</span>{count}</li>"
        )
    heading = f"<p><b>{escape(title)}</b></p>" if title else ""
    counted = f"<p>{escape(unit)}</p>" if unit else ""
    return f'<div class="map-legend">{heading}{counted}<ul>{"".join(rows)}</ul>{_STYLE}</div>'


_PLAIN = " =':/,.;()"
"""Characters that a data address inside double quotes may hold as they are: half the weight."""
_STYLE = (
    "<style>"
    ".map-legend ul{list-style:none;margin:.4rem 0 0;padding:0}"
    ".map-legend p{margin:0;font-size:.8rem;color:#595959}"
    ".map-legend p b{font-size:1rem;font-weight:600;color:#161616}"
    ".map-legend li{display:flex;gap:.6rem;align-items:center;margin:0;padding:.3rem 0;font-size:.9rem;"
    "line-height:1.25}"
    ".map-legend img{flex:none;outline:1px solid #8a8a8a;outline-offset:-1px}"
    ".map-legend span{flex:1}"
    "</style>"
)
