"""Intervals of a proportion, Wilson's and the exact one in a known population, and what a base allows.

What is counted, and which interval suits it, is decided by `tabulation`; this module holds formulas only.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln
from scipy.stats import norm

LEVEL = 0.95

COUNTS_BELOW, CAUTION_BELOW = 10, 30

Floats = NDArray[np.float64]


def reliability(base: int) -> str:
    """Return what a base allows: `counts` only below 10, `caution` from 10 to 29, `ok` from 30."""
    if base < COUNTS_BELOW:
        return "counts"
    return "caution" if base < CAUTION_BELOW else "ok"


@lru_cache
def quantile(level: float) -> float:
    """Return the normal quantile of a two-sided interval: 1.96 at 0.95."""
    return float(norm.ppf((1 + level) / 2))


def wilson(count: ArrayLike, n: ArrayLike, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the Wilson score interval of `count / n`, without continuity correction.

    Parameters
    ----------
    count, n
        Successes and trials, broadcast together. `n` may be an effective number, not whole: `count` is
        then the share times `n`.
    level
        Confidence level, a fraction.

    Returns
    -------
    tuple of arrays
        Low and high bounds, fractions 0–1; NaN where `n` is 0.

    References
    ----------
    Wilson (1927), JASA 22, 209–212; Newcombe (1998), Statistics in Medicine 17, 857–872, method 3.
    """
    n = np.asarray(n, dtype=float)
    n = np.where(n > 0, n, np.nan)
    share = np.asarray(count, dtype=float) / n
    z = quantile(level)
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # Rounding may leave a bound a hair on the wrong side of the share when the share is 0 or 1.
    low, high = np.clip(centre - half, 0, share), np.clip(centre + half, share, 1)
    return np.where(share == 0, 0.0, low), np.where(share == 1, 1.0, high)


def clustered_n(hits: ArrayLike, clusters: ArrayLike, counted: ArrayLike | None = None) -> Floats:
    """Return the effective number of respondents when those of a territory may resemble each other.

    The number of respondents is divided by the design effect 1 + (m̃ − 1)·ρ, where m̃ = Σm² / Σm is the
    size of the cluster of the average respondent and ρ the intraclass correlation, estimated by the ANOVA
    estimator and truncated to [0, 1]. Where everybody gives the same answer, or all belong to one cluster,
    ρ cannot be estimated: it is taken as 1, which is the cautious choice.

    Parameters
    ----------
    hits
        Truth of the answer, shape (respondents,) or (respondents, cells).
    clusters
        Any code per respondent; equal codes belong together.
    counted
        Whether the respondent is in the base, same shape as `hits`; all of them by default.

    Returns
    -------
    array
        Effective n of each cell (a 0-d array for one cell), at most the base; 0 where the base is empty.

    References
    ----------
    Kish (1965), Survey Sampling, 5.4 and 8.2; Ridout, Demétrio and Firth (1999), Biometrics 55, 137–148
    (ANOVA estimator); Dean and Pagano (2015), Journal of Survey Statistics and Methodology 3, 484–503
    (effective n within Wilson's interval).
    """
    truth = np.asarray(hits, dtype=bool)
    base = np.ones_like(truth) if counted is None else np.broadcast_to(np.asarray(counted, bool), truth.shape)
    if len(truth) == 0:
        return np.zeros(truth.shape[1:])
    _, codes = np.unique(np.asarray(clusters), return_inverse=True)
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    sizes = np.add.reduceat(base[order].astype(float), starts, axis=0)
    successes = np.add.reduceat((truth & base)[order].astype(float), starts, axis=0)

    n, total = sizes.sum(axis=0), successes.sum(axis=0)
    k = (sizes > 0).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        between_sum = np.where(sizes > 0, successes**2 / sizes, 0.0).sum(axis=0)
        squares = (sizes**2).sum(axis=0)
        between = (between_sum - total**2 / n) / (k - 1)
        within = (total - between_sum) / (n - k)
        typical = (n - squares / n) / (k - 1)
        rho = (between - within) / (between + (typical - 1) * within)
        unknown = (k == 1) | (total == 0) | (total == n)
        rho = np.where(unknown, 1.0, np.clip(rho, 0.0, 1.0))
        effect = np.where(n > k, 1 + (squares / n - 1) * rho, 1.0)
        return np.where(n > 0, n / effect, 0.0)


def hypergeometric(
    count: ArrayLike, n: ArrayLike, population: ArrayLike, level: float = LEVEL
) -> tuple[Floats, Floats]:
    """Return the exact interval of a proportion in a known population, drawn without replacement.

    The two one-sided tail tests are inverted over the possible counts K of the population: the bounds are
    the smallest and the largest K / N that neither test rejects at (1 − level) / 2. As the observed share
    need not be a multiple of 1 / N, a bound that would leave it outside is moved to it, which can only
    widen the interval. When `n` equals `population` the interval has zero width.

    Parameters
    ----------
    count, n, population
        Whole numbers, 0 ≤ count ≤ n ≤ population, broadcast together.
    level
        Confidence level, a fraction.

    Returns
    -------
    tuple of arrays
        Low and high bounds, fractions 0–1; NaN where `n` is 0.

    Raises
    ------
    ValueError
        If a count exceeds its n, or an n its population.

    References
    ----------
    Konijn (1973), Statistical Theory of Sample Survey Design and Analysis; Wang (2015), JASA 110,
    1481–1492, whose "Clopper–Pearson type" starting interval is this one.
    """
    counts, sizes, populations = np.broadcast_arrays(count, n, population)
    if ((counts < 0) | (counts > sizes) | (sizes > populations)).any():
        raise ValueError("expected 0 <= count <= n <= population")
    bounds = np.array(
        [
            _bounds(int(x), int(size), int(total), level)
            for x, size, total in zip(counts.flat, sizes.flat, populations.flat, strict=True)
        ],
        dtype=float,
    ).reshape((*counts.shape, 2))
    return bounds[..., 0], bounds[..., 1]


@lru_cache(maxsize=65_536)
def _bounds(count: int, n: int, population: int, level: float) -> tuple[float, float]:
    """Return the bounds of one interval; see `hypergeometric`."""
    if n == 0:
        return float("nan"), float("nan")
    share = count / n
    if n == population:
        return share, share
    # A tail equal to the threshold does not reject; the tolerance keeps rounding from deciding.
    threshold = (1 - level) / 2 - 1e-12
    low = 0 if count == 0 else _first_reaching(count, n, population, threshold)
    # Not observing the answer is the same draw, seen from the other side.
    high = population if count == n else population - _first_reaching(n - count, n, population, threshold)
    return min(low / population, share), max(high / population, share)


def _first_reaching(count: int, n: int, population: int, threshold: float) -> int:
    """Return the smallest K for which P(X ≥ count | K) exceeds the threshold, 1 ≤ count ≤ n.

    By symmetry X counts how many of n marked items fall within the first K of a shuffled population, so
    that X ≥ count exactly when the count-th marked item stands at K or before: its position T follows the
    negative hypergeometric law, P(T = t) = C(t−1, count−1)·C(N−t, n−count) / C(N, n), and one cumulative
    sum gives the tail for every K at once.
    """
    logs = _log_factorials(population)
    position = np.arange(count, population - n + count + 1)
    mass = (
        (logs[position - 1] - logs[count - 1] - logs[position - count])
        + (logs[population - position] - logs[n - count] - logs[population - position - n + count])
        - (logs[population] - logs[n] - logs[population - n])
    )
    return int(position[np.searchsorted(np.cumsum(np.exp(mass)), threshold, side="right")])


@lru_cache(maxsize=1024)
def _log_factorials(largest: int) -> Floats:
    """Return log(k!) for k from 0 to `largest`."""
    return np.asarray(gammaln(np.arange(largest + 1) + 1.0))
