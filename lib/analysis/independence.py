"""Whether two answers go together more than chance would give: the tests of a table, and of its cells.

Formulas on truth values only; which units are counted, and which test suits a question, is decided by `crossing`.

Chance is one thing everywhere here: the territories keep their answers to each question, and which answers to
the second go with which answers to the first is dealt anew. Respondents of one territory resemble each other, so
that their answers are never separated: a territory hands over its whole block to a territory with as many
respondents.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2, f, false_discovery_control, fisher_exact, norm

from lib.analysis.answers import Block
from lib.analysis.intervals import Floats

SEED = 20_260_101
MOST_DRAWS, FEWEST_DRAWS, WORK = 1_999, 199, 4_000_000
"""A test deals `WORK` answers in all, in 199 to 1,999 draws: a few tens of milliseconds whatever the survey."""

Codes = NDArray[np.intp]


def fisher(table: ArrayLike) -> float:
    """Return the two-sided p-value of Fisher's exact test of a table of four counts; 1 where a margin is 0.

    References
    ----------
    Fisher (1935), The Design of Experiments, chapter 2.
    """
    return float(fisher_exact(np.asarray(table)).pvalue)


def draws_for(units: int) -> int:
    """Return how many draws a permutation test of so many units makes."""
    return int(np.clip(WORK // max(units, 1), FEWEST_DRAWS, MOST_DRAWS))


def permutation(rows: ArrayLike, columns: ArrayLike, clusters: ArrayLike, seed: int = SEED) -> tuple[float, int]:
    """Return the p-value of Pearson's chi-square by seeded permutation of whole clusters, and the number of draws.

    Parameters
    ----------
    rows, columns
        Option given by each unit, numbered from 0, nothing missing.
    clusters
        Any code per unit; the block of `columns` of one cluster is exchanged with those of the clusters of the
        same size only. A cluster alone of its size keeps its own, which can only make the test more cautious.
    seed
        The same answers always give the same p-value.

    Returns
    -------
    tuple of float and int
        p = (1 + draws whose chi-square reaches the observed one) / (1 + draws), never 0; NaN where a single
        option is given on either side.

    References
    ----------
    Phipson and Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9, 39 (the 1 + …);
    Winkler et al. (2015), NeuroImage 123, 253–268 (exchange of whole blocks of the same size).
    """
    row, column = (np.unique(np.asarray(side), return_inverse=True)[1] for side in (rows, columns))
    height, width, draws = row.max(initial=-1) + 1, column.max(initial=-1) + 1, draws_for(len(row))
    if height < 2 or width < 2:
        return float("nan"), 0
    cells = height * width
    expected = np.outer(np.bincount(row), np.bincount(column)).ravel() / len(row)
    # Margins never change: the sum of count² / expected orders the tables as chi-square does.
    observed = (np.bincount(row * width + column, minlength=cells) ** 2 / expected).sum()
    counts = _dealt(row * width, column, np.asarray(clusters), cells, draws, np.random.default_rng(seed))
    # A table equal to the observed one reaches it; the tolerance keeps rounding from deciding.
    reached = int(((counts**2 / expected).sum(axis=1) >= observed * (1 - 1e-12)).sum())
    return (1 + reached) / (1 + draws), draws


def cell_tests(rows: Block, columns: Block, clusters: ArrayLike) -> tuple[Floats, Floats]:
    """Return how far each cell is from what chance would give, in standard deviations, and its p-value.

    Parameters
    ----------
    rows, columns
        Whether each unit gave each option: shapes (units, I) and (units, J). Several may be true.
    clusters
        Any code per unit.

    Returns
    -------
    tuple of arrays
        z and two-sided p, shape (I, J). The mean and the variance of a count over all the exchanges of
        `permutation` are exact; its law is taken as normal, with a continuity correction of half a unit, which
        is cautious in small tables. Where every unit is its own cluster z is the adjusted residual of the cell,
        up to √((n − 1) / n) and the correction. NaN where the count cannot vary.

    References
    ----------
    Hoeffding (1951), Annals of Mathematical Statistics 22, 558–566 (combinatorial central limit theorem);
    Agresti (2013), Categorical Data Analysis, 3.3.1 (adjusted residuals).
    """
    observed = rows.T.astype(float) @ columns
    mean, covariance = _moments(rows, columns, np.asarray(clusters))
    variance = np.diagonal(covariance, axis1=1, axis2=2)
    away = observed - mean
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.sign(away) * np.maximum(np.abs(away) - 0.5, 0) / np.sqrt(np.where(variance > 1e-9, variance, np.nan))
    return z, 2 * norm.sf(np.abs(z))


def option_tests(rows: Block, columns: Block, clusters: ArrayLike) -> Floats:
    """Return the p-value of each row option, given or not, against all the column options together.

    Parameters
    ----------
    rows, columns, clusters
        As in `cell_tests`; each unit has one column option.

    Returns
    -------
    array
        One per row option: the quadratic form of its counts' distance to chance, in the exact variance of the
        exchanges, against the chi-square law. NaN where the counts cannot vary.

    References
    ----------
    Mantel (1963), JASA 58, 690–700: the extended Mantel–Haenszel test of nominal options, each size of cluster
    being a stratum.
    """
    away = rows.T.astype(float) @ columns
    mean, covariance = _moments(rows, columns, np.asarray(clusters))
    away -= mean
    inverse = np.linalg.pinv(covariance, rcond=1e-9, hermitian=True)
    freedom = np.linalg.matrix_rank(covariance, tol=1e-9, hermitian=True)
    statistic = np.einsum("ij,ijk,ik->i", away, inverse, away)
    return np.where(freedom > 0, chi2.sf(statistic, np.maximum(freedom, 1)), np.nan)


def rao_scott(rows: Block, columns: Block, weights: ArrayLike) -> tuple[float, float, float, float]:
    """Return the second-order Rao–Scott test of a weighted table: F, its two degrees of freedom, p.

    Parameters
    ----------
    rows, columns
        One option true per unit on each side: shapes (units, I) and (units, J).
    weights
        One per unit, positive; units are taken as drawn one by one, in a single stratum.

    Returns
    -------
    tuple of floats
        Pearson's statistic X² of the weighted shares, its reference law matched to its first two moments under
        the design: F = X² / tr(Δ) on d = tr(Δ)² / tr(Δ²) and d × (units − 1) degrees of freedom, Δ being the
        design effects of the interactions under independence. NaN where a side has a single option.

    Notes
    -----
    Δ is taken at the shares expected under independence, not at those observed: it is then defined with empty
    cells, which are common here. No finite population correction: an association is a statement on more than
    the territories of this year's list, and without it the test is the more cautious.

    References
    ----------
    Rao and Scott (1984), Annals of Statistics 12, 46–60; Thomas and Rao (1987), JASA 82, 630–636 (the F form);
    Sribney (1998), Stata Technical Bulletin 45, 33–49 (Δ under the null hypothesis and empty cells).
    """
    rows, columns = rows[:, rows.any(axis=0)], columns[:, columns.any(axis=0)]
    units = len(rows)
    if units < 2 or rows.shape[1] < 2 or columns.shape[1] < 2:
        return (float("nan"),) * 4
    distance, expected, covariance = _linearised(rows, columns, np.asarray(weights, dtype=float))
    pearson = units * (distance**2 / expected).sum()
    effects = units * covariance / np.sqrt(np.outer(expected, expected))
    trace, squares = np.trace(effects), (effects**2).sum()
    freedom = trace**2 / squares
    statistic = pearson / trace
    return statistic, freedom, freedom * (units - 1), float(f.sf(statistic, freedom, freedom * (units - 1)))


def weighted_cell_tests(rows: Block, columns: Block, weights: ArrayLike) -> tuple[Floats, Floats]:
    """Return z and the two-sided p-value of each weighted cell: p_ij − p_i·p_j over its linearised standard error.

    Parameters and shapes are those of `rao_scott`, options without anyone included: NaN there.
    """
    distance, _, covariance = _linearised(rows, columns, np.asarray(weights, dtype=float))
    variance = np.diag(covariance)
    z = distance / np.sqrt(np.where(variance > 1e-15, variance, np.nan))
    z = z.reshape(rows.shape[1], columns.shape[1])
    return z, 2 * norm.sf(np.abs(z))


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Return adjusted p-values, same shape: those under 0.05 are expected to be 5 % of false alarms at most.

    A missing p-value stays missing and is no test.

    References
    ----------
    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289–300.
    """
    raw = np.asarray(p, dtype=float)
    adjusted, known = np.full(raw.shape, np.nan), ~np.isnan(raw)
    if known.any():
        adjusted[known] = false_discovery_control(raw[known], method="bh")
    return adjusted


def _blocks(clusters: NDArray[np.generic]) -> Iterator[Codes]:
    """Yield, for each size of cluster, the places of their units: shape (clusters, size)."""
    _, codes, sizes = np.unique(clusters, return_inverse=True, return_counts=True)
    order = np.argsort(codes, kind="stable")
    size_of = sizes[codes[order]]
    for size in np.unique(sizes):
        yield order[size_of == size].reshape(-1, size)


def _dealt(
    row: Codes, column: Codes, clusters: NDArray[np.generic], cells: int, draws: int, rng: np.random.Generator
) -> Codes:
    """Return the table of each draw, draw × cell, the cell of a unit being its `row` and the `column` it is dealt."""
    counts = np.zeros(draws * cells, dtype=np.intp)
    first = (cells * np.arange(draws))[:, None, None]
    for units in _blocks(clusters):
        order = rng.permuted(np.broadcast_to(np.arange(len(units)), (draws, len(units))), axis=1)
        dealt = column[units][order]
        dealt += row[units]
        dealt += first
        counts += np.bincount(dealt.ravel(), minlength=len(counts))
    return counts.reshape(draws, cells)


def _moments(rows: Block, columns: Block, clusters: NDArray[np.generic]) -> tuple[Floats, Floats]:
    """Return the mean of the counts over all exchanges, (I, J), and their covariance within a row, (I, J, J).

    For K clusters of one size, a count is Σ_b a(b, π(b)) where a(b, c) counts the units of b whose row is i when
    they take the columns of c; Hoeffding's variance is Σ_bc d(b, c)² / (K − 1), d being a centred both ways. Here d
    is a product of matrices: where there are more clusters than units in each, the sum comes from the products of
    their Gram matrices, size × size, without d.
    """
    height, width = rows.shape[1], columns.shape[1]
    mean, covariance = np.zeros((height, width)), np.zeros((height, width, width))
    for units in _blocks(clusters):
        number, size = units.shape
        row, column = rows[units].astype(float), columns[units].astype(float)
        row_mean, column_mean = row.mean(axis=0), column.mean(axis=0)
        mean += number * row_mean.T @ column_mean
        if number == 1:
            continue
        row, column = row - row_mean, column - column_mean
        if number > size:
            of_rows = np.einsum("bsi,bti->ist", row, row, optimize=True)
            flat = column.reshape(number, size * width)
            of_columns = (flat.T @ flat).reshape(size, width, size, width)
            covariance += np.einsum("ist,sjtk->ijk", of_rows, of_columns, optimize=True) / (number - 1)
        else:
            d = np.tensordot(row, column, axes=(1, 1)).transpose(1, 3, 0, 2).reshape(height, width, -1)
            covariance += d @ d.transpose(0, 2, 1) / (number - 1)
    return mean, covariance


def _linearised(rows: Block, columns: Block, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Return p_ij − p_i·p_j, p_i·p_j and the design covariance of the former, cells in one line."""
    share = weights / weights.sum()
    of_row, of_column = share @ rows, share @ columns
    cells = (rows[:, :, None] & columns[:, None, :]).reshape(len(rows), -1)
    expected = np.outer(of_row, of_column).ravel()
    observed = share @ cells
    # What each unit adds to the distance, to the first order.
    influence = (
        cells
        - observed
        - ((rows - of_row)[:, :, None] * of_column).reshape(cells.shape)
        - (of_row[:, None] * (columns - of_column)[:, None, :]).reshape(cells.shape)
    )
    scores = share[:, None] * influence
    return observed - expected, expected, scores.T @ scores * (len(rows) / (len(rows) - 1))
