"""Texts of a picture: how wide they are in Arial, where their lines break, how they stand in an SVG.

A picture has no browser to break its lines; Liberation Sans has the very widths of Arial, so that what is measured
here is what is drawn on any system.
"""

import re
import unicodedata
from functools import lru_cache
from html import escape

FAMILY = "Arial, Liberation Sans, sans-serif"
"""Typeface of every picture: a drawing made from Liberation Sans is the same where Arial is."""

SHORT = 90
"""Width in pixels under which a text may be a little wider than was measured."""

# Widths of Arial in thousandths of its size; every other character is as wide as a digit.
_SIGNS = {
    200: "\u202f\u2009", 0: "\u2060\u200b", 278: " ,./I\\\u00a0·", 333: "()-`°", 584: "+<=>~−±×", 611: "FTZ",
    667: "EPSVXY", 722: "CDHNRUw", 778: "GOQ", 833: "M", 889: "%æ", 944: "Wœ", 1000: "…—▲▼←→ÆŒ",
}  # fmt: skip
_REGULAR = _SIGNS | {
    191: "'", 222: "ijl’‘", 260: "|", 278: _SIGNS[278] + "!:;ft[]", 333: _SIGNS[333] + "r", 334: "{}", 355: '"',
    500: "Jckszvxy", 556: "L", 667: _SIGNS[667] + "AB&K", 833: "Mm", 1015: "@",
}  # fmt: skip
_BOLD = _SIGNS | {
    238: "'", 278: _SIGNS[278] + "ijl’‘", 280: "|", 333: _SIGNS[333] + "!:;ft[]", 389: "r{}", 474: '"', 500: "z",
    611: "FTZL?bdghnopqu", 722: "CDHNRUAB&K", 778: "GOQw", 889: "%æm", 975: "@",
}  # fmt: skip
_USUAL = 556
_WIDTHS = [{letter: width for width, letters in table.items() for letter in letters} for table in (_REGULAR, _BOLD)]

# Not the spaces of French typography, where no line breaks.
_SPACES = re.compile(r"[ \t\r\n]+")
# What XML forbids, and what would turn the direction of writing for the rest of the line.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufddf\ufffe\uffff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def fit_for_xml(text: str) -> str:
    """Return a text, or a whole drawing, without the characters that XML forbids or that turn the writing."""
    return _UNFIT.sub("", text)


def written(text: str) -> str:
    """Return a text as it stands in an SVG, between tags or between double quotes."""
    return escape(fit_for_xml(text))


def text_element(
    text: str, x: float, y: float, size: float, colour: str, *, bold: bool = False, end: bool = False
) -> str:
    """Return a text as an element whose baseline begins at `x`, `y`, or ends there.

    A long one says how long it is: with another typeface it is drawn narrower, and is not cut.
    """
    wide = text_width(text, size, bold=bold)
    length = f' textLength="{wide:.1f}" lengthAdjust="spacingAndGlyphs"' if wide > SHORT else ""
    style = (' font-weight="700"' if bold else "") + (' text-anchor="end"' if end else "")
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}"{style}{length}>{written(text)}</text>'


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is in Arial, in pixels, for a size in pixels."""
    widths = _WIDTHS[bold]
    total = sum(widths.get(letter, _USUAL) for letter in unicodedata.normalize("NFD", text) if not _is_accent(letter))
    return total * size / 1000


def lines(text: str, width: float, size: float, *, bold: bool = False, indent: float = 0) -> list[str]:
    """Return a text cut to lines of `width` pixels at its ordinary spaces; a word that is too long is cut itself.

    `indent` is what is already taken of the first line; an empty first line is returned where nothing fits beside it.
    """
    cut, line, room = [], "", width - indent
    for whole in _SPACES.split(text.strip()):
        word = whole
        while True:
            tried = f"{line} {word}" if line else word
            if text_width(tried, size, bold=bold) <= room:
                line = tried
                break
            if line or room < width:
                cut.append(line)
                line, room = "", width
                continue
            head = _fitting(word, room, size, bold=bold)
            cut.append(word[:head])
            word = word[head:]
            if not word:
                break
    return [*cut, line] if line else cut


def _fitting(word: str, room: float, size: float, *, bold: bool) -> int:
    """Return how many of a word's first letters hold in `room`; one at least."""
    letters = 1
    while letters < len(word) and text_width(word[: letters + 1], size, bold=bold) <= room:
        letters += 1
    return letters


def _is_accent(letter: str) -> bool:
    return unicodedata.combining(letter) > 0
