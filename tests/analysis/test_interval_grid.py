"""The margins of territories hold what they promise: measured again on a reduced grid, read on the committed one."""

from fractions import Fraction
from math import comb

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

from lib.analysis.interval_grid import GRID_PATH, RATIO, load_interval_grid, shown, verdict
from lib.analysis.intervals import hypergeometric
from tests.benchmarks.intervals import (
    FEWEST,
    HEADER,
    POPULATIONS,
    by_share,
    chances,
    corrected_wilson,
    differences,
    line,
    main,
    sizes,
)

GRID = load_interval_grid()
REDUCED = [
    (n, population)
    for population in (5, 9, 12, 28, 50, 78, 156, 500)
    for n in sorted({5, 8, 10, 30, 31, 50, 100, population // 2, population - 1, population})
    if 5 <= n <= population
] + [(5, 4293), (30, 4293), (12, 5000), (30, 5000), (4999, 5000)]


def measured(n, population):
    """Return, for the exact interval and for Wilson's with correction, coverage and mean width by K."""
    counts = np.arange(n + 1)
    return by_share(n, population, [hypergeometric(counts, n, population), corrected_wilson(counts, n, population)])


def test_chances_are_those_of_the_binomial_coefficients():
    expected = [
        [float(Fraction(comb(marked, x) * comb(6 - marked, 4 - x), comb(6, 4))) for x in range(5)]
        for marked in range(7)
    ]
    np.testing.assert_allclose(chances(4, 6, np.arange(7)), expected, rtol=1e-12)
    np.testing.assert_allclose(
        chances(1000, 4293, [0, 77, 4293]),
        hypergeom.pmf(np.arange(1001)[None, :], 4293, np.array([[0], [77], [4293]]), 1000),
        atol=1e-11,
    )


def test_coverage_and_width_by_hand():
    # Two of three are drawn; the intervals are [0, 1/3] when none has the answer, [1/3, 2/3] for one, [1, 1] for two.
    low, high = np.array([0, 1 / 3, 1]), np.array([1 / 3, 2 / 3, 1])
    ((coverage, width),) = by_share(2, 3, [(low, high)])
    # K = 1: no draw misses. K = 2: two draws of three find one, the third finds two and misses. K = 3: [1, 1].
    assert coverage == pytest.approx([1, 1, 2 / 3, 1])
    assert width == pytest.approx([1 / 3, 1 / 3, 2 / 9, 0])


@pytest.mark.parametrize(("n", "population"), REDUCED)
def test_exact_interval_covers_whatever_the_share(n, population):
    (coverage, width), (_, wilson_width) = measured(n, population)
    assert coverage.min() >= 0.95
    if n == population:
        assert not width.any()
        assert not wilson_width.any()
    elif n >= 30:
        assert width.mean() <= RATIO * wilson_width.mean()
        # Share by share, the exceptions are the last few points: two possible counts are a territory apart.
        wide = np.flatnonzero(width > RATIO * wilson_width)
        assert (np.minimum(wide, population - wide) <= 0.05 * population).all()


@pytest.mark.parametrize(("n", "population"), [(5, 12), (10, 50), (30, 156), (31, 500)])
def test_mean_width_over_every_share_is_that_over_every_count(n, population):
    # Σ_K C(K, x)·C(N−K, n−x) = C(N+1, n+1): all shares together, each count 0…n is as likely as another.
    low, high = hypergeometric(np.arange(n + 1), n, population)
    (_, width), _ = measured(n, population)
    assert width.mean() == pytest.approx((high - low).mean())


def test_wilson_with_correction_falls_where_the_exact_interval_holds():
    (coverage, width), (wilson_coverage, wilson_width) = measured(10, 50)
    # Ten of fifty: with K = 1, the only count that misses is 1, whose chance is 10 / 50.
    assert wilson_coverage[1] == wilson_coverage.min() == pytest.approx(0.8)
    assert coverage.min() > 0.95
    assert width.mean() < 1.15 * wilson_width.mean()


def test_no_interval_that_covers_keeps_to_the_ratio_at_every_share():
    # 90 of 100 drawn, nobody marked: as one marked stays unseen one time in ten, « none seen » must allow for K = 1,
    # which is one territory, 1 / 100; Wilson's interval is narrower than 0.44 territory.
    (_, width), (_, wilson_width) = measured(90, 100)
    assert width[0] == pytest.approx(1 / 100)
    assert wilson_width[0] < 0.0044


def test_the_committed_grid_is_what_the_command_writes():
    text = GRID_PATH.read_text(encoding="utf-8")
    assert text.startswith(HEADER)
    kept = {tuple(map(int, row.split(",")[:2])): row for row in text.removeprefix(HEADER).splitlines()}
    assert list(kept) == [(population, n) for population in POPULATIONS for n in sizes(population)]
    some = [(12, 5), (12, 12), (50, 10), (156, 78), (216, 181), (500, 30), (4293, 30), (5000, 5)]
    assert differences([kept[pair] for pair in some], [line(n, population) for population, n in some]) == []


def test_a_changed_grid_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("tests.benchmarks.intervals.POPULATIONS", (5, 9))
    file = tmp_path / "grid.csv"
    assert main(["--file", str(file)]) == 0
    assert main(["--file", str(file), "--check"]) == 0
    file.write_text(file.read_text(encoding="utf-8").replace("9,5,0.992063", "9,5,0.982063"), encoding="utf-8")
    capsys.readouterr()
    assert main(["--file", str(file), "--check"]) == 1
    assert "9,5,0.982063" in capsys.readouterr().out
    assert differences(["9,5,1.000000"], []) == ["1 rows kept, 0 made"]
    assert differences(["9,5,,0"], ["9,5,0.1,0"]) == ["9,5,,0 is now 9,5,0.1,0"]


def test_the_committed_grid_shows_what_was_asked():
    assert {5, 12, 50, 156, 500, 1000, 4293, 5000} <= set(GRID["population"])
    assert GRID["n"].min() == FEWEST
    assert GRID.groupby("population")["n"].max().eq(GRID["population"].unique()).all()
    assert (GRID["coverage"] >= 0.95).all()
    assert (GRID.loc[GRID["n"] >= 30, "ratio"].dropna() <= RATIO).all()
    whole = GRID[GRID["n"] == GRID["population"]]
    assert (whole[["width", "excess"]] == 0).all(axis=None)
    assert whole["ratio"].isna().all()


def test_verdict_and_rows_shown_by_hand(tmp_path):
    file = tmp_path / "grid.csv"
    rows = ["50,10,0.96,0.45,0.8,0.4,,0", "50,40,0.97,0.12,0.9,0.1,0.02,0.5", "50,50,1,0,1,0,,0", "65,7,0.95,1,1,1,,0"]
    file.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    grid = load_interval_grid(file)
    found = verdict(grid)
    assert (found.pairs, found.smallest, found.largest, found.fewest) == (4, 50, 65, 7)
    assert (found.coverage, found.wilson_coverage) == (0.95, 0.8)
    assert (found.ratio, found.edge, found.excess) == (pytest.approx(1.2), 0.02, 0.5)
    assert shown(grid)["n"].tolist() == [10, 50]
    narrow = verdict(grid.assign(edge=float("nan"), excess=0.0))
    assert (narrow.edge, narrow.excess) == (0, 0)
    pd.testing.assert_index_equal(shown(grid.iloc[:0]).index, pd.RangeIndex(0))
