"""Tables made in a test, cell by cell, without a file."""

import numpy as np

from lib.survey.reading.table import Table


def table_of(headings, rows, above=(), notes=()):
    """Return a table of these headings and rows, the first row being on line 2."""
    columns = []
    for position in range(len(headings)):
        cells = np.empty(len(rows), dtype=object)
        cells[:] = [row[position] for row in rows]
        columns.append(cells)
    lines = np.arange(len(rows)) + 2 + len(above)
    return Table(
        form="csv",
        encoding="utf-8",
        separator=";",
        sheet="",
        above=tuple(tuple(row) for row in above),
        header_line=1 + len(above),
        headings=tuple(headings),
        cells=tuple(columns),
        lines=lines,
        notes=tuple(notes),
    )
