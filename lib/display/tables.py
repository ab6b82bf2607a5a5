"""The table beside each figure: the same rows as the chart, in French words for the screen and in numbers for a file.

A share whose base is under 10 is never written, and a count under 3 is written « moins de 3 » there; the shares come
from `lib.analysis`.
"""

import pandas as pd

from lib.display.formats import margin, number, percent, small_count

RELIABILITY = {
    "counts": "effectifs seulement (base < 10)",
    "caution": "à interpréter avec prudence",
    "ok": "",
}
"""What is written beside a figure for each answer of `lib.analysis.intervals.reliability`."""

COUNTS_ONLY = 10
CAUTION = 30


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
    few = rows["base"] < COUNTS_ONLY
    written = zip(rows["share"], rows["low"], rows["high"], rows["base"], strict=True)
    texts = [("–", "–") if base < COUNTS_ONLY else (percent(s, base), margin(lo, hi, base))
             for s, lo, hi, base in written]  # fmt: skip
    table = rows[list(headings)].rename(columns=headings)
    table["Effectif"] = [small_count(c) if hidden else number(c) for c, hidden in zip(rows["count"], few, strict=True)]
    table["Base"] = [small_count(b) if hidden else number(b) for b, hidden in zip(rows["base"], few, strict=True)]
    table["Part"] = [share for share, _ in texts]
    table["Marge indicative"] = [interval for _, interval in texts]
    table["Fiabilité"] = [_reliability(base) for base in rows["base"]]
    return table


def share_file(shares: pd.DataFrame, **first: str) -> pd.DataFrame:
    """Return the rows of a figure as numbers, ready for `downloads.csv_bytes`: shares are fractions 0–1."""
    headings = first or {"label": "Réponse"}
    rows = shares.reset_index(drop=True)
    few = rows["base"] < COUNTS_ONLY
    table = rows[list(headings)].rename(columns=headings)
    for heading, column in (("Effectif", "count"), ("Base", "base")):
        table[heading] = [
            small_count(value) if hidden else int(value) for value, hidden in zip(rows[column], few, strict=True)
        ]
    for heading, column in (("Part", "share"), ("Marge basse", "low"), ("Marge haute", "high")):
        table[heading] = rows[column].mask(few)
    table["Fiabilité"] = [_reliability(base) for base in rows["base"]]
    return table
