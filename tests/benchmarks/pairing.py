"""Measures how long the proposed pairs take, and what they gain on taking the nearest free supporter for each in turn.

`python -m tests.benchmarks.pairing` makes the pairs of the shipped edition and of one of 20,000 respondents made of it
(`--respondents` for another number). « Nearest first » goes through all the pairs that are allowed, from the shortest
distance to the longest, and takes each whose territory is free and whose supporter may be asked again. It prints how
many each of the two serves, its distance and its cost, and what the territories that nearest-first serves would cost at
best: both then serve the same ones. Last, the time that a portrait takes to find its supporters.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lib.analysis import engagement, support
from lib.analysis.pairing import UNSERVED, Pairings, assigned, pairings
from lib.analysis.support import Fit
from lib.analysis.territories import describe
from lib.survey.edition import Edition, load_edition
from lib.survey.exchange import exchanged
from lib.survey.support import Support, load_support
from lib.territory.reference import load_reference
from tests.benchmarks.replicas import write_editions

RESPONDENTS = 20_000


def nearest_first(suits: Fit, capacity: int) -> np.ndarray:
    """Return the supporter of each territory by the naive way, `UNSERVED` where it has none."""
    found = np.full(len(suits.cost), UNSERVED)
    left = np.full(suits.cost.shape[1], capacity)
    rows, columns = np.nonzero(np.isfinite(suits.cost))
    for place in np.argsort(suits.km[rows, columns], kind="stable"):
        territory, supporter = rows[place], columns[place]
        if found[territory] == UNSERVED and left[supporter]:
            found[territory] = supporter
            left[supporter] -= 1
    return found


def worth(suits: Fit, found: np.ndarray, settings: Support) -> tuple[int, float, float]:
    """Return how many are served, their mean distance, and the total cost, requests included."""
    served = np.flatnonzero(found != UNSERVED)
    loads = np.bincount(found[served], minlength=suits.cost.shape[1])
    requests = settings.cost.request * float((loads * (loads - 1) / 2).sum())
    chosen = served, found[served]
    mean = float(suits.km[chosen].mean()) if len(served) else 0.0
    return len(served), mean, float(suits.cost[chosen].sum()) + requests


def fits(edition: Edition, made: Pairings) -> Fit:
    """Return who suits whom, of those that the pairs were chosen among."""
    crowd = support.surveyed(edition, made.settings)
    helped = crowd.rows.index.isin([*made.pairs["territory"], *made.unserved["territory"]])
    return support.fit(crowd.take(helped), crowd.take(crowd.rows.index.isin(made.moteurs.index)), made.settings)


def compare(edition: Edition) -> None:
    """Print the figures of one edition."""
    settings = load_support()
    start = time.perf_counter()
    engagement.points(edition)
    staged = time.perf_counter()
    made = pairings(edition)
    whole = time.perf_counter() - staged
    suits = fits(edition, made)
    territories, supporters = suits.cost.shape
    print(f"\n{edition.title}: {territories} to help, {supporters} supporters, {settings.capacity} each at most")
    print(f"  stages of all the territories: {1000 * (staged - start):.0f} ms; pairs, all told: {1000 * whole:.0f} ms")
    timed = {}
    for name, find in (
        ("optimum", lambda: assigned(suits.cost, settings.capacity, settings.cost.request)),
        ("nearest first", lambda: nearest_first(suits, settings.capacity)),
    ):
        start = time.perf_counter()
        found = find()
        timed[name] = (time.perf_counter() - start, found)
        served, mean, cost = worth(suits, found, settings)
        seconds = timed[name][0]
        print(f"  {name:14} {served:5} served, {mean:5.1f} km on average, cost {cost:10.1f}, {1000 * seconds:8.1f} ms")
    naive = timed["nearest first"][1]
    kept = naive != UNSERVED
    same = Fit(suits.km[kept], suits.same_size[kept], suits.ahead[kept], suits.needed[kept], suits.cost[kept])
    best = worth(same, assigned(same.cost, settings.capacity, settings.cost.request), settings)[2]
    cost = worth(suits, naive, settings)[2]
    # Themes are taken off: a total may be under 0, so that what is gained is told of a pair.
    gain = (cost - best) / max(int(kept.sum()), 1)
    print(
        f"  same {int(kept.sum())} territories: {cost:.1f} nearest first, {best:.1f} at best, {gain:.1f} km less a pair"
    )
    print(f"  time of the optimum / of nearest first: {timed['optimum'][0] / timed['nearest first'][0]:.1f}")


def look_up(public: Edition) -> None:
    """Print how long it takes to find the supporters of one territory, what the edition keeps being there."""
    asked = [describe(public, code) for code in load_reference(public.millesime).index[::17]]
    support.supporters(public, asked[0])
    times = []
    for territory in asked:
        start = time.perf_counter()
        support.supporters(public, territory)
        times.append(1000 * (time.perf_counter() - start))
    print(f"  supporters of one territory: median {np.median(times):.1f} ms, p95 {np.percentile(times, 95):.1f} ms")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--respondents", type=int, default=RESPONDENTS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        write_editions(Path(name), options.respondents)
        large = load_edition(Path(name) / "edition-replicas.toml")
    # Positions are read once for the process, and are not of the pairs.
    support.positions()
    for edition in (load_edition(), large):
        compare(edition)
        look_up(exchanged(edition))
    return 0


if __name__ == "__main__":
    sys.exit(main())
