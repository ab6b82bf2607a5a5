"""The table beside each figure: the same rows as the chart, in French words for the screen and in numbers for a file.

A share whose base is under 10 is never written, a count under 3 is written « moins de 3 » there, and a figure that
`lib.analysis.disclosure` hides is « n < 3 » on the screen and in the file.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from lib.display.formats import MASKED, MASKED_WHY, decimal, margin, number, percent, small_count

RELIABILITY = {
    "counts": "effectifs seulement (base < 10)",
    "caution": "à interpréter avec prudence",
    "ok": "",
    "hidden": f"masqué\u202f: {MASKED_WHY}",
}
"""What is written beside a figure for each answer of `lib.analysis.intervals.reliability`."""

FILE_COLUMNS = {"Effectif": "count", "Base": "base", "Part": "share", "Marge basse": "low", "Marge haute": "high"}
"""Headings of the figures of a row in a file, and the columns that they come from."""

COUNTS_ONLY = 10
CAUTION = 30


def hidden_rows(shares: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each row of a figure is hidden; none is in a frame that no one has hidden anything from."""
    return shares["hidden"] if "hidden" in shares else pd.Series(False, index=shares.index)


def reliability_words(base: float, hidden: bool = False) -> str:
    """Return what is written beside a figure: that it is hidden, or what its base allows (the smaller of two)."""
    few = "counts" if base < COUNTS_ONLY else "caution" if base < CAUTION else "ok"
    return RELIABILITY["hidden" if hidden else few]


def written_count(count: float, base: float, hidden: bool, write: Callable[[float], Any]) -> Any:
    """Return a count as `write` writes it, « n < 3 » where it is hidden, « moins de 3 » on a small base."""
    if hidden:
        return MASKED
    return small_count(count) if base < COUNTS_ONLY else write(count)


def written_base(base: float, write: Callable[[float], Any]) -> Any:
    """Return a base as `write` writes it, or « moins de 3 »."""
    return small_count(base) if base < COUNTS_ONLY else write(base)


def share_table(shares: pd.DataFrame, **first: str) -> pd.DataFrame:
    """Return the rows of a figure as French texts; weighted figures have their effective n as well.

    Parameters
    ----------
    shares
        Tidy frame: label, count, base, share, low, high, and the columns named in `first`.
    first
        French headings of the leading columns, by column name; `label="Réponse"` by default.
    """
    headings = first or {"label": "Réponse"}
    rows = shares.reset_index(drop=True)
    few, hidden = rows["base"] < COUNTS_ONLY, hidden_rows(rows)
    written = zip(rows["share"].mask(few | hidden), rows["low"], rows["high"], rows["base"], strict=True)
    texts = [(percent(s, base), margin(lo, hi, base) if s == s else "–") for s, lo, hi, base in written]
    table = rows[list(headings)].rename(columns=headings)
    table["Effectif"] = _counts(rows, number)
    table["Base"] = [written_base(base, number) for base in rows["base"]]
    table["Part"] = [share for share, _ in texts]
    table["Marge indicative"] = [interval for _, interval in texts]
    if _weighted(rows):
        table["Effectif efficace"] = ["–" if n != n else decimal(n) for n in rows["effective_n"].mask(few)]
    table["Fiabilité"] = _notes(rows)
    return table


def share_file(shares: pd.DataFrame, **first: str) -> pd.DataFrame:
    """Return the rows of a figure as numbers, ready for `downloads.csv_bytes`: shares are fractions 0–1."""
    headings = first or {"label": "Réponse"}
    rows = shares.reset_index(drop=True)
    few = rows["base"] < COUNTS_ONLY
    table = rows[list(headings)].rename(columns=headings)
    wholes = {"count": _counts(rows, int), "base": [written_base(base, int) for base in rows["base"]]}
    for heading, column in FILE_COLUMNS.items():
        table[heading] = wholes[column] if column in wholes else rows[column].mask(few)
    if _weighted(rows):
        table["Effectif efficace"] = rows["effective_n"].mask(few)
    table["Fiabilité"] = _notes(rows)
    return table


def _weighted(rows: pd.DataFrame) -> bool:
    """Return whether some row is weighted: a figure for which weights are refused has none."""
    return "effective_n" in rows and bool(rows["effective_n"].notna().any())


def _counts(rows: pd.DataFrame, write: Callable[[float], Any]) -> list[Any]:
    cells = zip(rows["count"], rows["base"], hidden_rows(rows), strict=True)
    return [written_count(count, base, hidden, write) for count, base, hidden in cells]


def _notes(rows: pd.DataFrame) -> list[str]:
    return [reliability_words(base, hidden) for base, hidden in zip(rows["base"], hidden_rows(rows), strict=True)]
