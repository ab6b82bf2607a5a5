"""Tables of a presentation, native, their columns as wide as their texts ask for.

How tall its rows are is computed, not guessed: a table that would leave its slide goes on to the next one.
"""

from collections.abc import Sequence
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Pt

from lib.display.deck.layout import LEADING, Box, height_of, paged
from lib.display.deck.shapes import described, toned
from lib.display.drawing.lettering import text_width

CELL = 5.0
"""Points between the text of a cell and its edges."""
STYLE = "{9D7B26C5-4107-4FEC-AEDC-1716B250A1EF}"
"""The style « Light Style 1 » of PowerPoint: rules in the colour of texts."""


def table_pages(rows: Sequence[Sequence[str]], box: Box, size: float, *, headings: Sequence[str] = ()) -> list[range]:
    """Return the rows that stand on each slide, when a table fills `box`; its headings are on each."""
    widths = _columns([headings, *rows] if headings else rows, box.width, size)
    room = box.height - (_row_height(headings, widths, size, bold=True) if headings else 0)
    return paged([_row_height(row, widths, size) for row in rows], room)


def draw_table(
    slide: Any, box: Box, rows: Sequence[Sequence[str]], size: float, alternative: str, *, headings: Sequence[str] = ()
) -> float:
    """Draw a native table and return how tall it is; without headings, its first column names the rows."""
    whole = [headings, *rows] if headings else list(rows)
    widths = _columns(whole, box.width, size)
    heights = [_row_height(row, widths, size, bold=bool(headings) and not place) for place, row in enumerate(whole)]
    edges = (Pt(box.left), Pt(box.top), Pt(sum(widths)), Pt(sum(heights)))
    shape = described(slide.shapes.add_table(len(whole), len(widths), *edges), "Tableau", alternative)
    table = shape.table
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = STYLE
    table.first_row, table.first_col, table.horz_banding = bool(headings), not headings, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Pt(width)
    for place, (row, height) in enumerate(zip(whole, heights, strict=True)):
        table.rows[place].height = Pt(height)
        for column, (cell, text) in enumerate(zip(table.rows[place].cells, row, strict=True)):
            cell.margin_left = cell.margin_right = Pt(CELL)
            cell.margin_top = cell.margin_bottom = Pt(CELL / 2)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.text = text
            # Said by the style too, which not every reader draws.
            named = not place if headings else not column
            toned(cell.text_frame.paragraphs[0].runs, size, bold=named)
    return sum(heights)


def _columns(rows: Sequence[Sequence[str]], width: float, size: float) -> list[float]:
    """Return the widths of columns: what their longest text asks for, shared out where there is not as much."""
    asked = [max(text_width(text, size, bold=True) for text in column) * 1.15 + 2 * CELL + 2
             for column in zip(*rows, strict=True)]  # fmt: skip
    # A column that asks for less than its part gets what it asks; the others share the rest.
    given: dict[int, float] = {}
    for place in sorted(range(len(asked)), key=lambda place: asked[place]):
        given[place] = min(asked[place], (width - sum(given.values())) / (len(asked) - len(given)))
    return [given[place] for place in range(len(asked))]


def _row_height(row: Sequence[str], widths: Sequence[float], size: float, *, bold: bool = False) -> float:
    cells = enumerate(zip(row, widths, strict=True))
    taller = [height_of(text, size, width - 2 * CELL, bold=bold or not column) for column, (text, width) in cells]
    return max(*taller, LEADING * size) + CELL + 2
