"""Measures the time a server spends on a portrait: whole pages of a sample of territories, and the facts behind them.

`python -m tests.benchmarks.portraits` opens « Ma collectivité » on the shipped edition and on one of 20,000 respondents
made of it, goes through communes, EPCI, départements and pays that agreed to be named, refused, or did not answer, and
prints medians and 95th percentiles by standing beside the aim of 150 ms. It then reads all the facts of one territory
the way the page does, all questions at a time, interleaved with the naive way, one column at a time, and prints the
ratio of the two.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from lib.analysis.divergence import fact_questions
from lib.analysis.facts import status
from lib.analysis.portrait import declared
from lib.analysis.territories import describe, structures
from lib.survey.edition import Edition, load_edition
from lib.survey.editions import FOLDER_VARIABLE
from lib.survey.exchange import exchanged
from lib.territory.reference import load_reference
from tests.benchmarks.analysis import RESPONDENTS, Visit, timed
from tests.benchmarks.replicas import write_editions

AIM = 150
"""Milliseconds under which a portrait must be computed on the shipped edition."""
LEVELS = ("commune", "epci", "departement")


def sample(edition: Edition, each: int) -> list[str]:
    """Return `each` territories of every official level and standing, and as many structures, evenly spread."""
    reference = load_reference(edition.millesime)
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code in [*reference.index, *structures(edition)]:
        territory = describe(edition, str(code))
        groups[territory.type if territory.type in LEVELS else "autres", territory.standing].append(str(code))
    spread = (np.linspace(0, len(codes) - 1, min(each, len(codes))).astype(int) for codes in groups.values())
    return [codes[place] for places, codes in zip(spread, groups.values(), strict=True) for place in places]


def pages(edition_id: str, edition: Edition, each: int) -> dict[str, list[float]]:
    """Return the milliseconds of each portrait of the sample, by standing; each is opened once."""
    opened = Visit("ma-collectivite", "small", edition_id, False)
    opened.open()
    took: dict[str, list[float]] = defaultdict(list)
    for code in sample(edition, each):
        spans: list[tuple[float, float]] = []
        with timed(spans):
            opened.rerun({"code": [code]})
        took[describe(edition, code).standing].append(1000 * sum(wall for wall, _ in spans))
    return took


def naive(edition: Edition, code: str) -> None:
    """Read the facts of one territory one column at a time, as a page without `portrait` would."""
    for question in fact_questions(edition):
        for column in question.columns:
            if column != question.other_column:
                status(edition, column)[code]


def facts(edition: Edition, repeats: int) -> tuple[float, float]:
    """Return the median milliseconds of all the facts of one territory, ours and the naive way, nothing kept."""
    code = next(code for code in sample(edition, 1) if describe(edition, code).published)
    ours, theirs = [], []
    for _ in range(repeats):
        for way, took in (
            (lambda one: declared(one, describe(one, code)), ours),
            (lambda one: naive(one, code), theirs),
        ):
            # A new value: nothing is remembered of it.
            fresh = replace(edition, title=edition.title)
            start = time.perf_counter()
            way(fresh)
            took.append(1000 * (time.perf_counter() - start))
    return statistics.median(ours), statistics.median(theirs)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its figures; return 1 when a portrait of the shipped edition misses the aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=8, help="territories of each level and standing")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--respondents", type=int, default=RESPONDENTS)
    options = parser.parse_args(arguments)
    missed = False
    with tempfile.TemporaryDirectory() as name:
        shipped, large = write_editions(Path(name), options.respondents)
        os.environ[FOLDER_VARIABLE] = name
        for edition_id in (shipped, large):
            edition = exchanged(load_edition(edition_id))
            for standing, took in pages(edition_id, edition, options.each).items():
                median, slow = statistics.median(took), float(np.percentile(took, 95))
                missed |= edition_id == shipped and median >= AIM
                print(f"{edition_id:24} {standing:14} n = {len(took):3}  median {median:4.0f} ms  p95 {slow:4.0f} ms")
            ours, theirs = facts(edition, options.repeats)
            print(
                f"{edition_id:24} facts of one territory: {ours:.1f} ms, naive {theirs:.0f} ms, 1/{theirs / ours:.0f}"
            )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
