"""Small counts hidden from a table of figures, and enough beside them that totals do not give them back.

It looks at one table at a time; what several tables could say together is prevented by `lib.survey.exchange`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Cube = NDArray[np.bool_]

MEASURED = ("share", "low", "high", "effective_n")


def hidden_cells(count: ArrayLike, base: ArrayLike, threshold: int) -> Cube:
    """Return which cells of a table must not be shown.

    Parameters
    ----------
    count, base
        Counts and their bases, same shape: (groups, options), or (groups, rows, options) for an array, whose rows
        are as many tables of their own.
    threshold
        Smallest count shown; 0 hides nothing.

    Returns
    -------
    array of bool
        True where

        - the count is under the threshold, zero included: the words « moins de 3 » must not tell two from none;
        - those who did not give the answer are fewer than the threshold, without being none;
        - the cell would give a hidden one back: along a group whose options add up to its base, and along an option
          whose groups add up to its total, the smallest cells still shown are hidden until the hidden ones are two
          at least and add up to the threshold. A line that hides only zeros is left: it has nobody to protect.

    Notes
    -----
    Groups are taken to add up even where they overlap (départements), which can only hide more. Complementary
    suppression on two margins: Hundepool et al. (2012), Statistical Disclosure Control, 4.4.
    """
    counts, bases = np.asarray(count), np.asarray(base)
    if threshold <= 0:
        return np.zeros(counts.shape, dtype=bool)
    if counts.ndim == 3:
        tables = [hidden_cells(counts[:, row], bases[:, row], threshold) for row in range(counts.shape[1])]
        return np.stack(tables, axis=1) if tables else np.zeros(counts.shape, dtype=bool)
    hidden = too_small(counts, bases, threshold)
    whole = counts.sum(axis=1) == bases.max(axis=1, initial=0)
    before = -1
    while before != hidden.sum():
        before = hidden.sum()
        for group in np.flatnonzero(whole):
            _complete(hidden[group], counts[group], threshold)
        if len(counts) > 1:
            for option in range(counts.shape[1]):
                if counts[:, option].sum() >= threshold:
                    _complete(hidden[:, option], counts[:, option], threshold)
    return hidden


def too_small(count: ArrayLike, base: ArrayLike, threshold: int) -> Cube:
    """Return which counts are hidden for their own sake: under the threshold, or short of the base by fewer than it."""
    counts, rest = np.asarray(count), np.asarray(base) - np.asarray(count)
    return (counts < threshold) | ((rest > 0) & (rest < threshold))


def hide(figures: pd.DataFrame, hidden: ArrayLike) -> pd.DataFrame:
    """Return figures whose hidden rows keep label and base only, with a last column `hidden`.

    Parameters
    ----------
    figures
        A tidy frame: label, count, base, share, low, high, and other columns derived from them.
    hidden
        Truth value of each row, in order.

    Returns
    -------
    DataFrame
        Same rows; count, share, low, high and effective_n are NaN where hidden, count being float then.
    """
    rows = np.asarray(hidden, dtype=bool).ravel()
    kept = {name: figures[name].to_numpy(dtype=float) for name in ("count", *MEASURED) if name in figures}
    return figures.assign(**masked(kept, rows), hidden=rows)


def masked(values: Mapping[str, NDArray[Any]], hidden: Cube) -> dict[str, NDArray[Any]]:
    """Return the same arrays, counts and measures as floats that are NaN where hidden, and the others as they are."""
    return {
        name: np.where(hidden, np.nan, cube) if name in ("count", *MEASURED) else cube for name, cube in values.items()
    }


def _complete(hidden: Cube, counts: NDArray[np.int64], threshold: int) -> None:
    """Hide more of one line, in place, until what is hidden cannot be told from its total."""
    while True:
        concealed = counts[hidden]
        total = concealed.sum()
        if total == 0 or (total >= threshold and (concealed > 0).sum() > 1):
            return
        shown = np.flatnonzero(~hidden)
        if not len(shown):
            return
        hidden[shown[counts[shown].argmin()]] = True
