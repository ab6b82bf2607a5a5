"""Measures what the margins of territories are worth, by complete enumeration, and writes data/interval-grid.csv.

`python -m tests.benchmarks.intervals` writes the file (about two minutes), with `--check` compares it and exits with
status 1 when it differs. Nothing is drawn at random: for each number N of territories and n of answers, every number K
of territories that would give the answer is gone through, and every sample that could be drawn has its exact chance.
Two intervals are compared: ours, and Wilson's with a finite-population correction, which is never displayed.
"""

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from scipy.special import gammaln

from lib.analysis.interval_grid import COMMAND, GRID_PATH, RATIO
from lib.analysis.intervals import Floats, hypergeometric, wilson

# Those of the region are among them: 12 départements, 156 EPCI (50, 78 and 28 by size), 4 293 communes (3 139, 864,
# 216, 65 and 9 by size).
POPULATIONS = (
    5, 9, 12, 20, 28, 40, 50, 65, 78, 100, 156, 216, 300, 500, 864, 1000, 1500, 2000, 3139, 4293, 5000,
)  # fmt: skip
FEWEST = 5
EVERY_SIZE_UP_TO = 216
SIZES = (
    *range(FEWEST, 31), 35, 40, 50, 60, 75, 100, 125, 150, 200, 250, 300, 400, 500, 750, 1000, 1500, 2000, 2500, 3000,
    3500, 4000, 4500,
)  # fmt: skip
FRACTIONS = (0.1, 0.2, 0.25, 0.5, 0.6, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99)
ALL_BUT = (0, 1, 2, 5, 10, 20)

CELLS_AT_ONCE = 2_000_000
ROUNDING = 1e-12
"""Two shares closer than this are the same: a bound may be K / N computed otherwise."""

HEADER = f"""\
# What the margins of territories are worth. Written by `{COMMAND}`: complete enumeration, no simulation.
# One row per number of territories (population, N) and of answers (n); every K from 0 to N is gone through, p = K / N.
# coverage: lowest over p of the chance that the exact (hypergeometric) interval holds p, rounded down.
# width: mean over p of its mean width, a fraction.
# wilson_coverage, wilson_width: the same for Wilson's interval with a finite-population correction, never displayed.
# edge: largest min(p, 1 - p) of the p where the exact interval is more than {RATIO} times as wide; empty if none.
# excess: how much wider than {RATIO} times Wilson's it is then, at most, in territories (width times N).
population,n,coverage,width,wilson_coverage,wilson_width,edge,excess
"""


def corrected_wilson(count: Floats, n: int, population: int) -> tuple[Floats, Floats]:
    """Return Wilson's interval with a finite-population correction: n is worth n·(N − 1) / (N − n)."""
    count = np.asarray(count, dtype=float)
    if n == population:
        return count / n, count / n
    effective = n * (population - 1) / (population - n)
    return wilson(count / n * effective, effective)


def chances(n: int, population: int, marked: Floats) -> Floats:
    """Return the chance of each count 0…n (columns) when so many territories are marked (rows)."""
    logs = gammaln(np.arange(population + 1) + 1.0)
    count, total = np.arange(n + 1)[None, :], np.asarray(marked)[:, None]
    possible = (count <= total) & (n - count <= population - total)
    among, beside = np.where(possible, total - count, 0), np.where(possible, population - total - n + count, 0)
    exponent = (
        (logs[total] + logs[population - total] - logs[population])
        + (logs[n] + logs[population - n] - logs[count] - logs[n - count])
        - logs[among]
        - logs[beside]
    )
    return np.exp(np.where(possible, exponent, -np.inf))


def by_share(n: int, population: int, intervals: Sequence[tuple[Floats, Floats]]) -> list[tuple[Floats, Floats]]:
    """Return coverage and mean width of intervals (bounds by count) for each K from 0 to N."""
    found: list[tuple[list[Floats], list[Floats]]] = [([], []) for _ in intervals]
    step = max(1, CELLS_AT_ONCE // (n + 1))
    for first in range(0, population + 1, step):
        marked = np.arange(first, min(first + step, population + 1))
        chance, share = chances(n, population, marked), marked[:, None] / population
        for (low, high), (coverage, width) in zip(intervals, found, strict=True):
            held = (low <= share + ROUNDING) & (share - ROUNDING <= high)
            coverage.append((chance * held).sum(axis=1))
            width.append(chance @ (high - low))
    return [(np.concatenate(coverage), np.concatenate(width)) for coverage, width in found]


def line(n: int, population: int) -> str:
    """Return the row of the file for n answers among N territories."""
    counts = np.arange(n + 1)
    intervals = [hypergeometric(counts, n, population), corrected_wilson(counts, n, population)]
    (coverage, width), (wilson_coverage, wilson_width) = by_share(n, population, intervals)
    excess = (width - RATIO * wilson_width) * population
    marked = np.flatnonzero(excess > ROUNDING)
    edge = f"{np.minimum(marked, population - marked).max() / population:.6f}" if len(marked) else ""
    measured = (
        _down(coverage.min()), f"{width.mean():.6f}", _down(wilson_coverage.min()), f"{wilson_width.mean():.6f}", edge,
        f"{max(excess.max(), 0):.6f}",
    )  # fmt: skip
    return ",".join((str(population), str(n), *measured))


def _down(coverage: float) -> str:
    """Write a chance with six decimals, never above its value but for rounding of the sums."""
    return f"{math.floor(coverage * 1e6 + 1e-3) / 1e6:.6f}"


def sizes(population: int) -> list[int]:
    """Return the numbers of answers measured for a number of territories, the whole level last."""
    if population <= EVERY_SIZE_UP_TO:
        return list(range(FEWEST, population + 1))
    asked = {*SIZES, *(round(part * population) for part in FRACTIONS), *(population - few for few in ALL_BUT)}
    return sorted(n for n in asked if FEWEST <= n <= population)


def lines() -> Iterator[str]:
    """Yield the rows of the file."""
    for population in POPULATIONS:
        for n in sizes(population):
            yield line(n, population)


def differences(kept: Sequence[str], made: Sequence[str]) -> list[str]:
    """Return the rows that differ by more than the last decimal, which rounding may move between machines."""
    if len(kept) != len(made):
        return [f"{len(kept)} rows kept, {len(made)} made"]
    return [f"{old} is now {new}" for old, new in zip(kept, made, strict=True) if not _alike(old, new)]


def _alike(old: str, new: str) -> bool:
    pairs = list(zip(old.split(","), new.split(","), strict=True))
    if any((a == "") != (b == "") for a, b in pairs):
        return False
    return all(abs(float(a) - float(b)) < 1.5e-6 for a, b in pairs if a)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file, or compare it; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare the file instead of writing it")
    parser.add_argument("--file", type=Path, default=GRID_PATH)
    options = parser.parse_args(arguments)
    made = list(lines())
    if not options.check:
        options.file.write_text(HEADER + "\n".join(made) + "\n", encoding="utf-8", newline="\n")
        return 0
    text = options.file.read_text(encoding="utf-8")
    faults = differences(text.removeprefix(HEADER).splitlines(), made)
    print("\n".join(faults) or "The committed file is what this command writes.")
    return 1 if faults or not text.startswith(HEADER) else 0


if __name__ == "__main__":
    sys.exit(main())
