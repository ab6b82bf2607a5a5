"""Framaforms' headings on three rows: a question is named above its first option only.

What a heading is in the questionnaire belongs to `questions`.
"""

from lib.survey.normalisation import normalise
from lib.survey.reading.headings import Parts, bracket_readings
from lib.survey.reading.marks import is_other, only_marks
from lib.survey.reading.table import Table


def framaforms_readings(table: Table, position: int) -> tuple[Parts, ...]:
    """Return the ways of reading a heading, most likely first: with the question named above it, and alone.

    A column with nothing above it may be one more option of the question named before it, or a question of
    its own: its cells tell which is likely, and both are returned.
    """
    heading = table.headings[position]
    alone = bracket_readings(heading)
    above = table.above[-1] if table.above else ()
    start = position
    while start >= 0 and not (start < len(above) and above[start].strip()):
        start -= 1
    if start < 0 or not normalise(heading):
        return alone
    # A row of a table stands in brackets after its question.
    grouped = tuple((*question, normalise(heading)) for question in bracket_readings(above[start]) if len(question) < 3)
    if start == position or _alike(table, start, position):
        return (*grouped, *alone)
    return (*alone, *grouped)


def _alike(table: Table, first: int, position: int) -> bool:
    """Tell whether a column goes on with the question that starts at `first`, going by its cells."""
    if is_other(normalise(table.headings[position])):
        return True
    started, cells = set(table.column(first)), set(table.column(position))
    if only_marks(started):
        return only_marks(cells)
    return bool(cells - {""}) and len(started) <= 20 and len(cells - started) <= 2
