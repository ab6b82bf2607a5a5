"""The table of what was found odd in a file: where, what was read, and in French what was done.

An issue never stops a reading; what does is `SurveyFileError`, raised by the modules of `reading`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pandas as pd

COLUMNS = ("row", "column", "value", "problem", "rows")
HEADER_ROW = 1
"""Row given to issues about the file or its headings."""
MOST_KEPT = 100
"""Rows kept of one problem in one column: beyond, they are counted."""


@dataclass
class Findings:
    """Issues being gathered during one reading, in the order in which they are met.

    Of one problem in one column, the first `MOST_KEPT` rows are kept, then one issue says how many others there
    are: a file of 20,000 rows cannot make a table of millions of them.
    """

    records: list[tuple[int, str, str, str]] = field(default_factory=list)
    _counts: dict[tuple[str, str], int] = field(default_factory=dict)
    _beyond: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, row: int, column: str, value: str, problem: str) -> None:
        """Record one issue; `row` is a line number of the file."""
        count = self._counts[column, problem] = self._counts.get((column, problem), 0) + 1
        if count <= MOST_KEPT:
            self.records.append((int(row), column, value, problem))
        else:
            self._beyond.setdefault((column, problem), int(row))

    def add_rows(self, rows: Iterable[int], column: str, values: Iterable[str], problem: str) -> None:
        """Record the same problem for several rows of one column."""
        for row, value in zip(rows, values, strict=True):
            self.add(row, column, value, problem)

    def __iter__(self) -> Iterator[tuple[int, str, str, str]]:
        """Yield the issues kept, then one for each problem of a column that has more, on the first row left out."""
        for row, column, value, problem, _ in self.counted():
            yield row, column, value, problem

    def counted(self) -> Iterator[tuple[int, str, str, str, int]]:
        """Yield the same issues, each with the number of rows that it stands for."""
        for issue in self.records:
            yield *issue, 1
        for (column, problem), row in self._beyond.items():
            more = self._counts[column, problem] - MOST_KEPT
            others = f"… et {more} autres lignes" if more > 1 else "… et une autre ligne"
            yield row, column, "", f"{problem} ({others})", more


def issue_table(*findings: Findings) -> pd.DataFrame:
    """Return the issues as a table, by row.

    Returns
    -------
    DataFrame
        `row` (int, line of the file), `column` (heading as written in the file), `value` (as read; empty for
        an issue about a column), `problem` (French sentence), `rows` (int, how many rows the issue stands for: 1, but
        for the one that counts those beyond `MOST_KEPT`). Empty, with the same columns, when there is none.
    """
    records = [record for finding in findings for record in finding.counted()]
    table = pd.DataFrame(records, columns=list(COLUMNS))
    types = {"row": "int64", "column": "str", "value": "str", "problem": "str", "rows": "int64"}
    return table.astype(types).sort_values("row", kind="stable", ignore_index=True)
