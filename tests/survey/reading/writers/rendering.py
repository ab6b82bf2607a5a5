"""Rows of cells as the bytes of a file: CSV in every dress, workbooks, and what French Excel does to both.

What the cells say belongs to the writer of each tool.
"""

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from openpyxl import Workbook

from lib.survey.questionnaire import Question
from lib.survey.states import VALUE
from tests.survey.reading.world import Respondent

Rows = Sequence[Sequence[str]]

START = datetime(2026, 3, 2, 10, 0, 0)
_ISO = "%Y-%m-%d %H:%M:%S"


def moment(rank: int, minutes: int = 0) -> datetime:
    """Return when the person of this rank answered; `minutes` later when given."""
    return START + timedelta(hours=rank, minutes=minutes)


def iso(when: datetime) -> str:
    """Return a moment as `2026-03-02 10:00:00`."""
    return when.strftime(_ISO)


def delimited(
    rows: Rows, separator: str, *, encoding: str = "utf-8", quoted: bool = False, end: str = "\r\n", tail: str = ""
) -> bytes:
    """Return rows as delimited text; `tail` is what follows the last line."""
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=separator, quoting=quoting, lineterminator=end).writerows(rows)
    errors = "replace" if encoding == "cp1252" else "strict"
    return (text.getvalue() + tail).encode(encoding, errors)


def french_csv(rows: Rows, dated: Sequence[int] = ()) -> bytes:
    """Return rows as French Excel saves them: `;`, cp1252, few quotes, dates as dd/mm/yyyy hh:mm."""
    headings, *others = rows
    saved = [[_french(cell) if position in dated else cell for position, cell in enumerate(row)] for row in others]
    return delimited([headings, *saved], ";", encoding="cp1252")


def workbook(rows: Rows, dated: Sequence[int] = (), *, sheet: str = "Feuil1", typed: bool = True) -> bytes:
    """Return rows as a workbook; when `typed`, numbers and dates are those of a spreadsheet, not texts."""
    book = Workbook()
    page = book.active
    page.title = sheet
    for rank, row in enumerate(rows):
        cells: list[object] = []
        for position, cell in enumerate(row):
            if not cell:
                cells.append(None)
            elif rank and typed and position in dated:
                cells.append(datetime.strptime(cell, _ISO))
            elif rank and typed and re.fullmatch(r"0|[1-9]\d{0,14}", cell):
                cells.append(int(cell))
            else:
                cells.append(cell)
        page.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _french(cell: str) -> str:
    return datetime.strptime(cell, _ISO).strftime("%d/%m/%Y %H:%M") if cell else ""


def label(question: Question, code: str | None) -> str:
    """Return the label of an option, empty for none."""
    return question.labels[code] if code else ""


def text_of(person: Respondent, key: str) -> str:
    """Return what stands in a column, empty when there is nothing."""
    return person.values[key] or "" if person.states[key] == VALUE else ""


def chosen(person: Respondent, question: Question, group: tuple[str, ...]) -> list[str]:
    """Return the labels of what is ticked in a group, the text of « Autre » in the place of its label."""
    written = text_of(person, question.other_column) if question.other and question.kind == "multiple" else ""
    return [written if code == "autre" and written else question.labels[code] for code in person.ticks(group)]


def noisy(text: str, position: int) -> str:
    """Return a wording as real files spell it: another apostrophe, doubled or no-break spaces, by turns."""
    turn = position % 4
    if turn == 0:
        return text.replace("’", "'")
    if turn == 1:
        return text.replace(" ", "  ", 1)
    if turn == 2:
        return text.replace(" ", "\u00a0", 1).replace("'", "’")
    return text
