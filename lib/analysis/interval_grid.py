"""What the margins of territories are worth, as measured once: reading of data/interval-grid.csv, and its summary.

The measure is made by `tests.benchmarks.intervals`; the intervals themselves are in `intervals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lib.territory.region_folder import data_file

GRID_PATH = data_file("interval-grid.csv")
COMMAND = "python -m tests.benchmarks.intervals"

RATIO = 1.3
"""The mean width that the exact interval must not exceed, in widths of Wilson's with correction."""
RATIO_FROM = 30
"""Number of answers from which this is asked."""

SHOWN_POPULATIONS = (12, 50, 156, 1000, 4293)
SHOWN_SIZES = (10, 30, 100, 1000)


@dataclass(frozen=True)
class Verdict:
    """What the whole grid says.

    Attributes
    ----------
    pairs : number of pairs (territories, answers) measured.
    smallest, largest : numbers of territories, extremes.
    fewest : smallest number of answers.
    coverage, wilson_coverage : lowest coverage of the exact interval and of Wilson's with correction, over
        every pair and every possible share, fractions 0–1.
    ratio : largest ratio of their mean widths over the pairs, from 30 answers.
    edge : distance to 0 or 1 of the shares where, from 30 answers, the exact interval is more than 1.3 times
        as wide, at most; 0 if there is none.
    excess : by how much it is then wider than that, at most, in territories.
    """

    pairs: int
    smallest: int
    largest: int
    fewest: int
    coverage: float
    wilson_coverage: float
    ratio: float
    edge: float
    excess: float


def load_interval_grid(path: Path = GRID_PATH) -> pd.DataFrame:
    """Return the measures, one row per number of territories and of answers.

    Returns
    -------
    DataFrame
        `population` and `n` (whole numbers), `coverage`, `width`, `wilson_coverage`, `wilson_width`, `edge`
        (NaN where no share is concerned), `excess`, as the head of the file defines them, and `ratio`, width
        over Wilson's, NaN where all the territories answered and both are zero.
    """
    grid = pd.read_csv(path, comment="#")
    return grid.assign(ratio=grid["width"] / grid["wilson_width"])


def verdict(grid: pd.DataFrame) -> Verdict:
    """Return what the whole grid says, in the shape of `load_interval_grid`."""
    large = grid[grid["n"] >= RATIO_FROM]
    return Verdict(
        pairs=len(grid),
        smallest=int(grid["population"].min()),
        largest=int(grid["population"].max()),
        fewest=int(grid["n"].min()),
        coverage=float(grid["coverage"].min()),
        wilson_coverage=float(grid["wilson_coverage"].min()),
        ratio=float(large["ratio"].max()),
        edge=float(large["edge"].fillna(0).max()),
        excess=float(large["excess"].max()),
    )


def shown(grid: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that a page shows: a few numbers of territories and of answers, and the whole level."""
    rows = grid[grid["population"].isin(SHOWN_POPULATIONS)]
    return rows[rows["n"].isin(SHOWN_SIZES) | (rows["n"] == rows["population"])].reset_index(drop=True)
