from math import comb, nan, sqrt

import numpy as np
import pytest
from scipy.stats import hypergeom, norm

from lib.analysis.intervals import clustered_n, hypergeometric, reliability, wilson


def test_wilson_gives_the_published_values() -> None:
    # Newcombe (1998), table I, method 3.
    low, high = wilson([81, 15, 0, 1], [263, 148, 20, 29])
    assert low.round(4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
    assert high.round(4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]


def test_wilson_takes_an_effective_n_that_is_not_whole() -> None:
    narrow, between, wide = (wilson(0.3 * n, n) for n in (11, 10.5, 10))
    assert wide[0] < between[0] < narrow[0] < 0.3 < narrow[1] < between[1] < wide[1]


def test_wilson_is_missing_without_anybody_and_reaches_both_ends() -> None:
    low, high = wilson([0, 0, 1], [0, 1, 1])
    np.testing.assert_equal(low[:2], [nan, 0.0])
    assert np.isnan(high[0])
    assert high[2] == 1.0


@pytest.mark.parametrize(
    ("hits", "clusters", "expected"),
    [
        # One respondent per territory: nothing to correct.
        ([1, 0, 1], "ABC", 3.0),
        # Same answer within each territory: a territory is worth one respondent.
        ([1, 1, 0, 0], "AABB", 2.0),
        # No resemblance: the estimate of rho is negative, taken as 0.
        ([1, 0, 1, 0], "AABB", 4.0),
        # m̃ = 9/5, MSB = 0.35, MSW = 0.25, m0 = 1.6, so rho = 0.1 / 0.5 = 0.2 and n = 5 / 1.16.
        ([1, 1, 1, 0, 0], "AABBC", 5 / 1.16),
        # Everybody agrees: rho cannot be estimated, taken as 1; m̃ = (4 + 1) / 3.
        ([1, 1, 1], "AAB", 3 / (5 / 3)),
        ([0, 0, 0], "AAB", 3 / (5 / 3)),
        # A single territory is worth one respondent.
        ([1, 0, 1], "AAA", 1.0),
        ([1], "A", 1.0),
    ],
)
def test_effective_n(hits: list[int], clusters: str, expected: float) -> None:
    assert clustered_n(hits, list(clusters)) == pytest.approx(expected)


def test_effective_n_of_several_cells_with_their_own_bases() -> None:
    hits = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 0]], dtype=bool)
    counted = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 0], [1, 0, 0]], dtype=bool)
    # Second cell: one respondent of each territory is counted; third: none.
    assert clustered_n(hits, list("AABB"), counted).tolist() == [2.0, 2.0, 0.0]


def test_effective_n_does_not_depend_on_the_order_of_respondents() -> None:
    assert clustered_n([0, 1, 1, 0, 1], list("CBABA")) == pytest.approx(5 / 1.16)


def test_effective_n_of_nobody() -> None:
    assert clustered_n([], []) == 0
    assert clustered_n(np.zeros((0, 3)), []).tolist() == [0, 0, 0]


def test_exact_interval_by_hand() -> None:
    # One hit among 4 drawn from 6: K is at least 1, at most 3 as two drawn are not; with K = 3,
    # P(X ≤ 1) = C(3,1)·C(3,3) / C(6,4) = 3/15, not rejected.
    low, high = hypergeometric(1, 4, 6)
    assert (low, high) == (pytest.approx(1 / 6), pytest.approx(3 / 6))
    # None among 5 of 50: the largest K with C(50−K,5) / C(50,5) above 0.025.
    largest = max(k for k in range(46) if comb(50 - k, 5) / comb(50, 5) > 0.025)
    assert hypergeometric(0, 5, 50) == (0.0, pytest.approx(largest / 50))


@pytest.mark.parametrize(("n", "population"), [(10, 50), (3, 7), (39, 40), (68, 156)])
def test_exact_interval_inverts_the_two_tail_tests(n: int, population: int) -> None:
    possible = np.arange(population + 1)
    for count in range(n + 1):
        accepted = possible[
            (hypergeom.sf(count - 1, population, possible, n) > 0.025 - 1e-12)
            & (hypergeom.cdf(count, population, possible, n) > 0.025 - 1e-12)
        ]
        low, high = hypergeometric(count, n, population)
        assert low == pytest.approx(min(accepted.min() / population, count / n))
        assert high == pytest.approx(max(accepted.max() / population, count / n))


def test_a_level_wholly_surveyed_has_no_margin() -> None:
    low, high = hypergeometric([0, 5, 12], 12, 12)
    assert low.tolist() == high.tolist() == [0, 5 / 12, 1]


def test_exact_interval_holds_the_share_even_between_two_possible_counts() -> None:
    # 4 280 of 4 292 drawn from 4 293: K = 4 280 is rejected and 4 281 / 4 293 exceeds the share.
    low, high = hypergeometric(4280, 4292, 4293)
    assert low <= 4280 / 4292 <= high


def ci_prop_fpc(count: int, n: int, population: int) -> tuple[float, float, float]:
    """Return estimate and bounds as `ci.prop.fpc` of the R package statpsych does; never displayed."""
    share = (count + 2) / (n + 4)
    error = sqrt(share * (1 - share) / (n + 4) * (population - n) / (population - 1))
    half = norm.ppf(0.975) * error
    return share, share - half, share + half


@pytest.mark.parametrize(
    ("count", "n", "population", "published"),
    [(61, 75, 415, (0.7974684, 0.717157, 0.8777797)), (12, 100, 400, (0.1346154, 0.07773565, 0.1914951))],
)
def test_exact_interval_stands_beside_a_published_one(
    count: int, n: int, population: int, published: tuple[float, float, float]
) -> None:
    assert ci_prop_fpc(count, n, population) == pytest.approx(published, abs=5e-7)
    low, high = hypergeometric(count, n, population)
    assert (low, high) == pytest.approx(published[1:], abs=0.015)


def test_exact_interval_of_nobody_is_missing() -> None:
    assert np.isnan(hypergeometric(0, 0, 12)).all()


@pytest.mark.parametrize(("count", "n", "population"), [(3, 2, 10), (1, 11, 10), (-1, 2, 10)])
def test_impossible_counts_are_refused(count: int, n: int, population: int) -> None:
    with pytest.raises(ValueError, match="population"):
        hypergeometric(count, n, population)


def test_reliability_of_a_base() -> None:
    assert [reliability(base) for base in (0, 9, 10, 29, 30)] == [
        "counts",
        "counts",
        "caution",
        "caution",
        "ok",
    ]
