"""Crossings: any question by any question or attribute, as shares with their intervals, and whether they go together.

Which units are counted and which test suits them is decided here; formulas are those of `intervals` and
`independence`, and what must be hidden is told by `disclosure`. An association is no cause, and the page says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lib.analysis import independence
from lib.analysis.answers import Block
from lib.analysis.disclosure import hidden_cells, hide, too_small
from lib.analysis.facts import DIVERGENT
from lib.analysis.intervals import CAUTION_BELOW, COUNTS_BELOW, Floats, clustered_n, wilson
from lib.analysis.pairs import ATTRIBUTES, Pair, checked_unit, paired, read_side
from lib.analysis.selection import EVERYBODY, Selection
from lib.analysis.tabulation import RESPONDENTS, tabulate
from lib.survey.edition import Edition
from lib.survey.once import lately

BY_COLUMN, BY_ROW = "column", "row"

LEVEL = 0.05
"""Under this p-value, adjusted where there are several, a crossing or a cell is said to be more than chance."""


@dataclass(frozen=True, eq=False)
class Association:
    """Whether the two sides of a crossing go together more than chance would give.

    Attributes
    ----------
    method
        `fisher` (two options by two), `permutation` (Pearson's chi-square), `rao-scott` (weighted), `options` (one
        test per option of a question with several answers, the smallest adjusted p-value), `pairs` (the same, one
        test per pair of options), `none` (one side has a single option, or nobody answered both).
    p
        p-value of the whole, NaN when `none`.
    draws
        Number of permutations, 0 for the other methods.
    clustered
        Whether several respondents of a territory were kept together.
    weighted
        Whether the weights of territories were used.
    base
        Units that answered both.
    options
        With `options`, the option codes and their adjusted p-values.
    cells
        One row per cell, in the order of `crosstab`: row, column, row_count and column_count (of the options, among
        the base), row_share and column_share (weighted where `weighted`), z (distance to chance, in standard
        deviations, positive when there are more), p, adjusted over the cells by Benjamini–Hochberg, and substantive
        (neither option is « ne sait pas » or « divergentes »). Counts and shares of the options are NaN where the
        edition's threshold hides them.
    """

    method: str
    p: float
    draws: int
    clustered: bool
    weighted: bool
    base: int
    cells: pd.DataFrame
    options: Mapping[str, float] = field(default_factory=dict)


@lately
def crosstab(
    edition: Edition,
    row: str,
    column: str,
    selection: Selection = EVERYBODY,
    unit: str | None = None,
    normalise: str = BY_COLUMN,
    reference: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the shares of a crossing, one row per cell.

    Parameters
    ----------
    edition
        Its threshold decides what is hidden; 0 hides nothing.
    row, column
        Two different keys of `sides`.
    selection
        Who is counted.
    unit
        One of `units`; the first by default.
    normalise
        `column`: shares of the row options among those who gave the column option; `row`: the other way round.
    reference
        List of territories, the known population of exact intervals; that of the region by default.

    Returns
    -------
    DataFrame
        Columns row, row_label, column, column_label, count, base, share, low, high, then effective_n where the
        selection is weighted, then hidden. Every option is there, rows first in the order of the questionnaire;
        with territories a question has the option `divergentes`. Shares and bounds are fractions 0–1, NaN where
        the base is 0.

    Notes
    -----
    The base is those who answered both and gave the option of the group; « ne sait pas » is an answer. Each option of a
    question with several answers is a yes or no of its own: shares may add to more than 1. Where the groups are an
    attribute the figures are those of `lib.analysis.shares.shares` by this attribute, with the exact interval in a
    known population. Elsewhere no population is known: Wilson, on the effective number of respondents, on that of
    Kish for weighted territories.

    Raises
    ------
    KeyError
        If `row` or `column` is no key of `sides`.
    ValueError
        If they are the same, or `unit` or `normalise` is not allowed.
    """
    if normalise not in (BY_COLUMN, BY_ROW):
        raise ValueError(f"unknown direction {normalise!r}: expected {BY_COLUMN} or {BY_ROW}")
    unit = checked_unit(edition, row, column, unit)
    group, option = (column, row) if normalise == BY_COLUMN else (row, column)
    if group in ATTRIBUTES:
        lines, groups, options = _by_attribute(edition, group, option, selection, unit, reference)
    else:
        lines, groups, options = _by_question(edition, group, option, selection, unit, reference)
    height, width = len(groups), len(options)
    count, base = (lines[name].to_numpy().reshape(height, width) for name in ("count", "base"))
    if "hidden" not in lines:
        lines = hide(lines, hidden_cells(count, base, edition.threshold))

    of_group, of_option = np.repeat(np.arange(height), width), np.tile(np.arange(width), height)
    laid = {"column": (groups, of_group), "row": (options, of_option)}
    if normalise == BY_ROW:
        laid = {"column": laid["row"], "row": laid["column"]}
    keys = {}
    for name in ("row", "column"):
        labels, places = laid[name]
        keys[name] = [list(labels)[place] for place in places]
        keys[f"{name}_label"] = [list(labels.values())[place] for place in places]
    cells = pd.concat([pd.DataFrame(keys, dtype="str"), lines.reset_index(drop=True)], axis=1)
    order = np.lexsort((of_group, of_option)) if normalise == BY_COLUMN else np.arange(len(cells))
    return cells.iloc[order].reset_index(drop=True)


@lately
def association(
    edition: Edition,
    row: str,
    column: str,
    selection: Selection = EVERYBODY,
    unit: str | None = None,
    reference: pd.DataFrame | None = None,
) -> Association:
    """Return whether the two sides go together, and which cells stand out; parameters are those of `crosstab`.

    Raises
    ------
    KeyError, ValueError
        As in `crosstab`.
    """
    unit = checked_unit(edition, row, column, unit)
    first, second = (read_side(edition, code, selection, reference) for code in (row, column))
    pair = paired(edition, first, second, selection, unit, reference)
    base, of_cells = len(pair.rows), np.full((len(pair.row_names), len(pair.column_names)), np.nan)
    z = of_cells
    told = _Verdict("none", float("nan"))
    if base > 1 and min(pair.rows.any(axis=0).sum(), pair.columns.any(axis=0).sum()) > 1:
        if pair.weights is None:
            z, of_cells = independence.cell_tests(pair.rows, pair.columns, pair.clusters)
        else:
            z, of_cells = independence.weighted_cell_tests(pair.rows, pair.columns, pair.weights)
        adjusted = independence.benjamini_hochberg(of_cells)
        told = _verdict(pair, first.several, second.several, adjusted)
        # The four cells of such a table say the same thing: it is tested once.
        of_cells = np.where(np.isnan(of_cells), np.nan, told.p) if told.method == "fisher" else adjusted

    cells = pd.DataFrame(
        [(one, other) for one in pair.row_names for other in pair.column_names], columns=["row", "column"], dtype="str"
    )
    for name, hits, laid in (("row", pair.rows, (-1, 1)), ("column", pair.columns, (1, -1))):
        for measure, margin in zip(("count", "share"), _margin(hits, pair.weights, edition.threshold), strict=True):
            cells[f"{name}_{measure}"] = np.broadcast_to(margin.reshape(laid), z.shape).ravel()
    cells["z"], cells["p"] = z.ravel(), of_cells.ravel()
    quiet = [list(side.answers.dont_know | {DIVERGENT}) for side in (first, second)]
    cells["substantive"] = ~(cells["row"].isin(quiet[0]) | cells["column"].isin(quiet[1]))
    clustered = unit == RESPONDENTS and len(np.unique(pair.clusters)) < base
    weighted = pair.weights is not None
    return Association(told.method, told.p, told.draws, clustered, weighted, base, cells, told.options)


def concludes(cells: pd.DataFrame, found: Association, normalise: str = BY_COLUMN) -> bool:
    """Return whether a crossing has answers enough to be read: 30 in all, and two groups of ten at least."""
    bases = cells.groupby("column" if normalise == BY_COLUMN else "row")["base"].max()
    return bool(found.base >= CAUTION_BELOW and (bases >= COUNTS_BELOW).sum() >= 2)


def standing(cells: pd.DataFrame, found: Association) -> pd.Series[int]:
    """Return 1 for the cells of a `crosstab` that stand out above chance, −1 for those below, 0 for the others.

    None does unless the whole crossing is more than chance, nor where the base is under 30 or the cell hidden.
    """
    shown = (cells["base"] >= CAUTION_BELOW) & ~cells["hidden"].astype(bool) & (found.p <= LEVEL)
    return np.sign(found.cells["z"].fillna(0)).where(shown & (found.cells["p"] <= LEVEL), 0).astype(int)


def _by_attribute(
    edition: Edition, group: str, option: str, selection: Selection, unit: str, reference: pd.DataFrame | None
) -> tuple[pd.DataFrame, dict[str, str], dict[str, str]]:
    """Return count to high of each group and option, groups first, with the names of groups and options."""
    side, groups = read_side(edition, option, selection, reference), read_side(edition, group, selection, reference)
    lines = tabulate(edition, side.answers, selection, unit, group, reference)
    names = dict(zip(lines.index.get_level_values("code"), lines["label"], strict=True))
    if side.attribute:
        names = side.answers.options
    lines = lines[lines.index.get_level_values("code").isin(list(names))]
    return lines.drop(columns="label"), groups.answers.options, names


def _by_question(
    edition: Edition, group: str, option: str, selection: Selection, unit: str, reference: pd.DataFrame | None
) -> tuple[pd.DataFrame, dict[str, str], dict[str, str]]:
    """Return what `_by_attribute` returns, for groups whose population nobody knows."""
    given = [read_side(edition, code, selection, reference) for code in (group, option)]
    pair = paired(edition, given[0], given[1], selection, unit, reference)
    shape = (pair.rows.shape[1], pair.columns.shape[1])
    count = pair.rows.T.astype(np.int64) @ pair.columns
    base = np.broadcast_to(pair.rows.sum(axis=0)[:, None], shape)
    some = np.where(base > 0, base, np.nan)
    share, effective = count / some, base.astype(float)
    if pair.weights is not None:
        weighed = pair.rows * pair.weights[:, None]
        some = np.where(base > 0, weighed.sum(axis=0)[:, None], np.nan)
        # The sum may exceed that of the base by a rounding.
        share = np.clip(weighed.T @ pair.columns / some, 0, 1)
        effective = some**2 / np.where(base > 0, (weighed**2).sum(axis=0)[:, None], np.nan)
    elif unit == RESPONDENTS:
        counted = np.repeat(pair.rows, shape[1], axis=1)
        effective = clustered_n(np.tile(pair.columns, (1, shape[0])), pair.clusters, counted).reshape(shape)
    low, high = wilson(np.nan_to_num(share) * effective, effective)
    values = {"count": count, "base": base, "share": share, "low": low, "high": high}
    if selection.weighted:
        values["effective_n"] = effective if pair.weights is not None else np.full(shape, np.nan)
    lines = pd.DataFrame({name: cube.ravel() for name, cube in values.items()})
    return lines, pair.row_names, pair.column_names


@dataclass(frozen=True)
class _Verdict:
    """What the test of a whole table says, as in `Association`."""

    method: str
    p: float
    draws: int = 0
    options: Mapping[str, float] = field(default_factory=dict)


def _verdict(pair: Pair, several_rows: bool, several_columns: bool, adjusted: Floats) -> _Verdict:
    """Return the test that suits the table; `adjusted` holds the p-values of its cells."""
    rows, columns = pair.rows, pair.columns
    if several_rows and several_columns:
        return _Verdict("pairs", _smallest(adjusted))
    if several_rows or several_columns:
        given = _option_tests(rows, columns, pair) if several_rows else _option_tests(columns, rows, pair)
        given = independence.benjamini_hochberg(given)
        names = pair.row_names if several_rows else pair.column_names
        return _Verdict("options", _smallest(given), options=dict(zip(names, given.tolist(), strict=True)))
    if pair.weights is not None:
        return _Verdict("rao-scott", independence.rao_scott(rows, columns, pair.weights)[3])
    row_given, column_given = rows.any(axis=0), columns.any(axis=0)
    if row_given.sum() == column_given.sum() == 2 and len(np.unique(pair.clusters)) == len(rows):
        return _Verdict("fisher", independence.fisher(rows[:, row_given].T.astype(int) @ columns[:, column_given]))
    p, draws = independence.permutation(rows.argmax(axis=1), columns.argmax(axis=1), pair.clusters)
    return _Verdict("permutation", p, draws)


def _option_tests(options: Block, others: Block, pair: Pair) -> Floats:
    """Return the p-value of each option, given or not, against the single answer to the other side."""
    if pair.weights is None:
        return independence.option_tests(options, others, pair.clusters)
    ticked = (np.column_stack([own, ~own]) for own in options.T)
    return np.array([independence.rao_scott(own, others, pair.weights)[3] for own in ticked])


def _smallest(p: Floats) -> float:
    return float("nan") if np.isnan(p).all() else float(np.nanmin(p))


def _margin(hits: Block, weights: Floats | None, threshold: int) -> tuple[Floats, Floats]:
    """Return the count and the share of each option among the units, NaN where the threshold hides them."""
    count, base = hits.sum(axis=0), len(hits)
    total = base if weights is None else weights.sum()
    given = count if weights is None else weights @ hits
    hidden = too_small(count, base, threshold) | (base == 0)
    return np.where(hidden, np.nan, count), np.where(hidden, np.nan, given / max(total, 1e-300))
