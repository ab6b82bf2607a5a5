"""Intervals of the difference and of the ratio of two independent proportions.

Formulas only: who is compared with whom is decided by `associations`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from lib.analysis.intervals import LEVEL, Floats, quantile, wilson

# Bounds of a ratio are looked for between exp(-LARGEST) and exp(LARGEST), and halved until they no longer move.
LARGEST, HALVINGS = 25.0, 46


def difference_interval(
    count: ArrayLike, n: ArrayLike, other_count: ArrayLike, other_n: ArrayLike, level: float = LEVEL
) -> tuple[Floats, Floats]:
    """Return Newcombe's hybrid score interval of `count / n - other_count / other_n`.

    Parameters
    ----------
    count, n, other_count, other_n
        Successes and trials of the two groups, broadcast together. A number of trials may be an effective
        one, not whole: the successes are then the share times it.
    level
        Confidence level, a fraction.

    Returns
    -------
    tuple of arrays
        Low and high bounds, fractions from -1 to 1; NaN where one of the groups is empty.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, 873–890, method 10 (without continuity correction).
    """
    first, second = _share(count, n), _share(other_count, other_n)
    low, high = wilson(count, n, level)
    other_low, other_high = wilson(other_count, other_n, level)
    return hybrid_bounds(first, low, high, second, other_low, other_high)


def hybrid_bounds(
    share: ArrayLike, low: ArrayLike, high: ArrayLike, other: ArrayLike, other_low: ArrayLike, other_high: ArrayLike
) -> tuple[Floats, Floats]:
    """Return the interval of `share - other` made of the intervals of the two shares, whatever these are.

    References
    ----------
    Newcombe (1998), with Wilson's; Zou and Donner (2008), Statistics in Medicine 27, 1693–1702, with any other.
    """
    first, second = np.asarray(share, dtype=float), np.asarray(other, dtype=float)
    difference = first - second
    return (
        difference - np.hypot(first - np.asarray(low, dtype=float), np.asarray(other_high, dtype=float) - second),
        difference + np.hypot(np.asarray(high, dtype=float) - first, second - np.asarray(other_low, dtype=float)),
    )


def ratio_interval(
    count: ArrayLike, n: ArrayLike, other_count: ArrayLike, other_n: ArrayLike, level: float = LEVEL
) -> tuple[Floats, Floats]:
    """Return Koopman's score interval of `(count / n) / (other_count / other_n)`.

    It is made of the ratios that the score test does not reject: those whose distance to the observed one
    is under the normal quantile, with the variance at the proportions likeliest under that ratio.

    Parameters
    ----------
    count, n, other_count, other_n, level
        As in `difference_interval`.

    Returns
    -------
    tuple of arrays
        Low and high bounds, 0 or more: low is 0 where nobody of the first group gave the answer, high is
        infinite where nobody of the second did; NaN where one of the groups is empty.

    References
    ----------
    Koopman (1984), Biometrics 40, 513–517; the score is written as in Miettinen and Nurminen (1985),
    Statistics in Medicine 4, 213–226, without their factor N / (N - 1), which makes it Koopman's.
    """
    x, n, y, m = np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in (count, n, other_count, other_n)))
    empty = (n <= 0) | (m <= 0)
    n, m = np.where(empty, 1.0, n), np.where(empty, 1.0, m)
    z = quantile(level)
    # The score falls as the ratio grows: above z the ratio is too small, under -z too large.
    bounds = _crossing(x, n, y, m, np.reshape([z, -z], (2, *[1] * x.ndim)))
    low, high = np.where(x > 0, bounds[0], 0.0), np.where(y > 0, bounds[1], np.inf)
    return np.where(empty, np.nan, low), np.where(empty, np.nan, high)


def _share(count: ArrayLike, n: ArrayLike) -> Floats:
    trials = np.asarray(n, dtype=float)
    return np.asarray(count, dtype=float) / np.where(trials > 0, trials, np.nan)


def _crossing(x: Floats, n: Floats, y: Floats, m: Floats, targets: Floats) -> Floats:
    """Return the ratios at which the score equals each target, by halving on the logarithm; targets come first."""
    shape = np.broadcast_shapes(targets.shape, x.shape)
    below, above = np.full(shape, -LARGEST), np.full(shape, LARGEST)
    for _ in range(HALVINGS):
        middle = (below + above) / 2
        too_small = _score(x, n, y, m, np.exp(middle)) > targets
        below, above = np.where(too_small, middle, below), np.where(too_small, above, middle)
    return np.exp((below + above) / 2)


def _score(x: Floats, n: Floats, y: Floats, m: Floats, ratio: Floats) -> Floats:
    """Return the score of a ratio: observed distance over its standard error under that ratio."""
    # The likeliest second proportion p is the smaller root of a·p² - b·p + c = 0, the first one ratio·p.
    a = (n + m) * ratio
    b = n * ratio + x + m + y * ratio
    c = x + y
    # 2c / (b + √…) rather than (b - √…) / 2a, which loses its digits when the ratio is far from 1.
    second = 2 * c / (b + np.sqrt(np.maximum(b**2 - 4 * a * c, 0.0)))
    first = ratio * second
    variance = first * np.clip(1 - first, 0, 1) / n + ratio**2 * second * np.clip(1 - second, 0, 1) / m
    distance = x / n - ratio * y / m
    # No variance is left only where the ratio fits the observed shares exactly.
    return np.where(variance > 0, distance / np.sqrt(np.where(variance > 0, variance, 1.0)), 0.0)
