"""The table of what was found odd in a file: where, what was read, and in French what was done.

An issue never stops a reading; what does is `SurveyFileError`, raised by `table` and `limesurvey`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pandas as pd

COLUMNS = ("row", "column", "value", "problem")
HEADER_ROW = 1
"""Row given to issues about the file or its headings."""


@dataclass
class Findings:
    """Issues being gathered during one reading, in the order in which they are met."""

    records: list[tuple[int, str, str, str]] = field(default_factory=list)

    def add(self, row: int, column: str, value: str, problem: str) -> None:
        """Record one issue; `row` is a line number of the file."""
        self.records.append((int(row), column, value, problem))

    def add_rows(self, rows: Iterable[int], column: str, values: Iterable[str], problem: str) -> None:
        """Record the same problem for several rows of one column."""
        for row, value in zip(rows, values, strict=True):
            self.add(row, column, value, problem)

    def __iter__(self) -> Iterator[tuple[int, str, str, str]]:
        return iter(self.records)


def issue_table(*findings: Findings) -> pd.DataFrame:
    """Return the issues as a table, by row.

    Returns
    -------
    DataFrame
        `row` (int, line of the file), `column` (heading as written in the file), `value` (as read; empty for
        an issue about a column), `problem` (French sentence). Empty, with the same columns, when there is
        none.
    """
    records = [record for finding in findings for record in finding]
    table = pd.DataFrame(records, columns=list(COLUMNS))
    types = {"row": "int64", "column": "str", "value": "str", "problem": "str"}
    return table.astype(types).sort_values("row", kind="stable", ignore_index=True)
