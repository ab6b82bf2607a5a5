"""Measures the time a server spends to recompute each page, for the shipped edition and for a large one.

`python -m tests.benchmarks.analysis` opens every page, raw and weighted, on an edition of 20,000 respondents made of
the shipped one and on the shipped one itself, then changes the filters of each in turn, and prints medians and 95th
percentiles beside the targets. What is timed is a whole rerun of the script (menu, filters, page) in its own thread,
tables folded as visitors find them; intervals computed earlier are forgotten first. With `--profile strategies`, it
tells instead where the time of that page goes.
"""

import argparse
import cProfile
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

from lib.analysis import intervals
from lib.display import remembered
from lib.survey import once
from lib.survey.editions import FOLDER_VARIABLE
from lib.ui import blocks
from lib.ui.filters import WEIGHTED, WEIGHTING
from lib.ui.menu import PAGES
from tests.benchmarks.replicas import write_editions
from tests.pages.visits import visit

ROOT = Path(__file__).resolve().parents[2]
RESPONDENTS = 20_000
TARGETS = {"small": 150, "large": 1000}
"""Milliseconds under which a page must be recomputed, by size of the edition."""

# Changes of filters gone through, the widest first: nobody left out is what costs most.
SELECTIONS: tuple[dict[str, list[str]], ...] = (
    {},
    {"type": ["commune"]},
    {"role": ["elu"]},
    {"type": ["epci"]},
    {"departement": ["33"]},
    {"type": ["commune", "epci"]},
    {"type": ["commune"], "departement": ["16", "17", "79", "86"]},
)


@dataclass
class Visit:
    """A page kept open on one edition, raw or weighted, and what its reruns took."""

    address: str
    size: str
    edition: str
    weighted: bool
    page: Any = None
    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def parameters(self, selection: dict[str, list[str]]) -> dict[str, Any]:
        weighting = {WEIGHTING: WEIGHTED} if self.weighted else {}
        return {"edition": self.edition, **weighting, **selection}

    def open(self) -> None:
        self.page = visit(self.address, **self.parameters({"departement": ["24"]}))
        self._check()

    def rerun(self, selection: dict[str, list[str]]) -> None:
        """Change the filters and run the script again."""
        self.page.query_params.clear()
        for name, value in self.parameters(selection).items():
            self.page.query_params[name] = value
        forget()
        self.page.run()
        self._check()

    def _check(self) -> None:
        if self.page.exception:
            raise RuntimeError(f"{self.address}: {self.page.exception[0].message}")


def forget() -> None:
    """Empty the caches that an earlier selection filled: a visitor may be the first to ask for this one."""
    intervals._bounds.cache_clear()
    once.forget()
    remembered.forget()
    blocks._travelling.cache_clear()


@contextmanager
def timed(spans: list[tuple[float, float]], profile: cProfile.Profile | None = None) -> Iterator[None]:
    """Note the wall and processor seconds of every run of a script, from the thread that runs it."""
    run = ScriptRunner._run_script

    def measured(runner: ScriptRunner, rerun: Any) -> None:
        wall, processor = time.perf_counter(), time.thread_time()
        if profile:
            profile.runcall(run, runner, rerun)
        else:
            run(runner, rerun)
        spans.append((time.perf_counter() - wall, time.thread_time() - processor))

    ScriptRunner._run_script = measured  # type: ignore[method-assign]
    try:
        yield
    finally:
        ScriptRunner._run_script = run  # type: ignore[method-assign]


def measure(visits: Sequence[Visit], repeats: int) -> None:
    """Rerun every visit on each change of filters, all of them in turn, so that a slow moment spares none."""
    for turn in range(repeats):
        selection = SELECTIONS[turn % len(SELECTIONS)]
        for opened in visits:
            spans: list[tuple[float, float]] = []
            with timed(spans):
                opened.rerun(selection)
            opened.wall.append(1000 * sum(wall for wall, _ in spans))
            opened.processor.append(1000 * sum(processor for _, processor in spans))


def report(visits: Sequence[Visit]) -> str:
    """Return the table of figures, in milliseconds: the target is met when the median is under it."""
    heading = ("page", "edition", "weighting", "median", "p95", "processor", "target", "")
    rows = [heading]
    for done in visits:
        target = TARGETS[done.size]
        median, slow = statistics.median(done.wall), float(np.percentile(done.wall, 95))
        verdict = "ok" if slow < target else "median ok" if median < target else "SLOW"
        rows.append(
            (
                done.address, done.size, "weighted" if done.weighted else "raw", f"{median:.0f}", f"{slow:.0f}",
                f"{statistics.median(done.processor):.0f}", str(target), verdict,
            )
        )  # fmt: skip
    widths = [max(len(row[place]) for row in rows) for place in range(len(heading))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def explain(opened: Visit, lines: int = 40) -> None:
    """Print where the time of one rerun goes, everybody selected."""
    # What is made once for the process, templates of charts above all, is not of a rerun.
    opened.rerun(SELECTIONS[1])
    profile = cProfile.Profile()
    with timed([], profile):
        opened.rerun(SELECTIONS[0])
    pstats.Stats(profile).sort_stats("cumulative").print_stats(f"{ROOT}/(lib|pages)/", lines)
    pstats.Stats(profile).sort_stats("tottime").print_stats(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its figures; return 1 when a page misses its target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3 * len(SELECTIONS))
    parser.add_argument("--respondents", type=int, default=RESPONDENTS)
    parser.add_argument("--pages", nargs="*", default=list(PAGES), choices=list(PAGES))
    parser.add_argument("--profile", choices=list(PAGES), help="where the time of this page goes, instead")
    parser.add_argument("--weighted", action="store_true", help="with --profile: weighted")
    parser.add_argument("--size", choices=list(TARGETS), default="large", help="with --profile: the edition")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        shipped, large = write_editions(Path(name), options.respondents)
        # Read when the first page is opened; what a server does at its start is told apart.
        os.environ[FOLDER_VARIABLE] = name
        editions = {"small": shipped, "large": large}
        if options.profile:
            opened = Visit(options.profile, options.size, editions[options.size], options.weighted)
            opened.open()
            explain(opened)
            return 0
        visits = [
            Visit(address, size, edition, weighted)
            for address in options.pages
            for size, edition in editions.items()
            for weighted in (False, True)
        ]
        start = time.perf_counter()
        for opened in visits:
            opened.open()
        print(f"{len(visits)} pages opened in {time.perf_counter() - start:.0f} s, editions loaded.", file=sys.stderr)
        measure(visits, options.repeats)
    print(report(visits))
    missed = [done for done in visits if statistics.median(done.wall) >= TARGETS[done.size]]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
