"""One thing that the quality report looks for: its count, its base, its rule, and the responses concerned.

What is looked for is in `answers` and `origin`; how the report is put together, in `quality`.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

RESPONSES = "réponses retenues"


@dataclass(frozen=True, eq=False)
class Check:
    """One thing that was looked for.

    Attributes
    ----------
    id, title : name in code, and for people.
    count, base : how many were found, among how many `of` (French noun in the plural).
    rule : how they are found, thresholds included (French sentence).
    advice : what to do about it (French sentence).
    found : who is concerned: `respondent` (str), `line` (Int64, of the file; missing when not known), `what` (French
        words, never a free text). One row for each response.
    """

    id: str
    title: str
    count: int
    base: int
    of: str
    rule: str
    advice: str
    found: pd.DataFrame


def check(
    id: str, title: str, lines: pd.Series, what: dict[str, str], *, rule: str, advice: str,
    base: int | None = None, of: str = RESPONSES, count: int | None = None,
) -> Check:  # fmt: skip
    """Return a check of retained responses.

    Parameters
    ----------
    lines : line of each retained respondent (Int64, index respondent).
    what : French words on each response that was found, by respondent.
    base, count : all retained responses and those found, unless something else is counted.
    """
    found = pd.DataFrame(
        {
            "respondent": pd.Series(list(what), dtype="str"),
            "line": lines.reindex(list(what)).array if what else pd.array([], dtype="Int64"),
            "what": pd.Series(list(what.values()), dtype="str"),
        }
    )
    return Check(
        id, title, len(found) if count is None else count, len(lines) if base is None else base, of, rule, advice, found
    )
