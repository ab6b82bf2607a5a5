"""The table beside each figure: the same rows as the chart, in French words for the screen and in numbers for a file.

A share whose base is under 10 is never written, a count under 3 is written « moins de 3 » there, and a figure that
`lib.analysis.disclosure` hides is « n < 3 » on the screen and in the file.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from lib.display.formats import MASKED, MASKED_WHY, margin, number, percent, small_count

RELIABILITY = {
    "counts": "effectifs seulement (base < 10)",
    "caution": "à interpréter avec prudence",
    "ok": "",
    "hidden": f"masqué\u202f: {MASKED_WHY}",
}
"""What is written beside a figure for each answer of `lib.analysis.intervals.reliability`."""

COUNTS_ONLY = 10
CAUTION = 30


def hidden_rows(shares: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each row of a figure is hidden; none is in a frame that no one has hidden anything from."""
    return shares["hidden"] if "hidden" in shares else pd.Series(False, index=shares.index)


def _reliability(base: float) -> str:
    return RELIABILITY["counts" if base < COUNTS_ONLY else "caution" if base < CAUTION else "ok"]


def share_table(shares: pd.DataFrame, **first: str) -> pd.DataFrame:
    """Return the rows of a figure as French texts.

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
    table["Base"] = [small_count(b) if small else number(b) for b, small in zip(rows["base"], few, strict=True)]
    table["Part"] = [share for share, _ in texts]
    table["Marge indicative"] = [interval for _, interval in texts]
    table["Fiabilité"] = _notes(rows)
    return table


def share_file(shares: pd.DataFrame, **first: str) -> pd.DataFrame:
    """Return the rows of a figure as numbers, ready for `downloads.csv_bytes`: shares are fractions 0–1."""
    headings = first or {"label": "Réponse"}
    rows = shares.reset_index(drop=True)
    few = rows["base"] < COUNTS_ONLY
    table = rows[list(headings)].rename(columns=headings)
    table["Effectif"] = _counts(rows, int)
    table["Base"] = [small_count(base) if small else int(base) for base, small in zip(rows["base"], few, strict=True)]
    for heading, column in (("Part", "share"), ("Marge basse", "low"), ("Marge haute", "high")):
        table[heading] = rows[column].mask(few)
    table["Fiabilité"] = _notes(rows)
    return table


def _counts(rows: pd.DataFrame, write: Callable[[float], Any]) -> list[Any]:
    few, hidden = rows["base"] < COUNTS_ONLY, hidden_rows(rows)
    return [
        MASKED if masked else small_count(count) if small else write(count)
        for count, small, masked in zip(rows["count"], few, hidden, strict=True)
    ]


def _notes(rows: pd.DataFrame) -> list[str]:
    hidden = hidden_rows(rows)
    return [
        RELIABILITY["hidden"] if masked else _reliability(base)
        for base, masked in zip(rows["base"], hidden, strict=True)
    ]
