"""Raking: weights that give a set of units the margins of its population, and what these weights cost.

Formulas only: which units, which margins, when to refuse and what to say of it belong to `weights`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.analysis.intervals import Floats

CEILING = 5.0
"""Largest weight left by trimming, the mean being 1."""
SMALLEST_STRATUM = 5
"""Respondents under which a stratum is collapsed with a neighbour."""
FEWEST_STRATA, LARGEST_COLLAPSE = 2, 3
"""What collapsing never goes beyond: strata left in a margin, and original strata in one that is collapsed."""

TOLERANCE = 1e-12
SWEEPS = 10_000

Strata = tuple[str, ...]
"""Original strata that make one stratum."""
Neighbours = Mapping[str, Sequence[str]]
"""Strata that each one may be joined to."""


class LostStratumError(ValueError):
    """A stratum of the population that no unit stands for, or of the units that is not in the population."""


def rake(units: pd.DataFrame, margins: Mapping[str, pd.Series]) -> pd.Series:
    """Return the weights nearest to equal ones that meet every margin, by iterative proportional fitting.

    Parameters
    ----------
    units
        One row per unit, with a column of strata for each margin.
    margins
        Column to the population of each of its strata (counts above 0, or shares; any total).

    Returns
    -------
    Series
        Weight of each unit, above 0, mean 1, index of `units`. Not trimmed.

    Raises
    ------
    LostStratumError
        If a margin and its column do not hold the same strata.
    ArithmeticError
        If no weights meet the margins to 1e-12 (relative): they contradict the empty cells.

    References
    ----------
    Deming and Stephan (1940), Annals of Mathematical Statistics 11, 427–444; Deville, Särndal and Sautory (1993),
    JASA 88, 1013–1020: the solution is calibration with the exponential distance.
    """
    strata: list[tuple[np.ndarray, Floats]] = []
    for column, population in margins.items():
        lost = sorted({*population.index} ^ {*units[column]})
        if lost:
            raise LostStratumError(f"{column}: {', '.join(map(str, lost))} not on both sides")
        target = population.to_numpy(dtype=float)
        strata.append((population.index.get_indexer(pd.Index(units[column])), target / target.sum() * len(units)))
    weights = np.ones(len(units))
    for _ in range(SWEEPS):
        gap = 0.0
        for places, target in strata:
            factors = target / np.bincount(places, weights, minlength=len(target))
            gap = max(gap, float(np.abs(factors - 1).max()))
            weights *= factors[places]
        if gap < TOLERANCE:
            return pd.Series(weights / weights.mean(), index=units.index, name="weight")
    raise ArithmeticError(f"margins not met after {SWEEPS} sweeps: off by {gap:.1e}")


def trim(weights: pd.Series, ceiling: float = CEILING) -> pd.Series:
    """Return the weights with none above `ceiling` times their mean, what is cut being shared among the others.

    The others keep their proportions, and the total is kept: the mean stays 1.
    """
    trimmed = weights.to_numpy(dtype=float) / weights.mean()
    capped = np.zeros(len(trimmed), dtype=bool)
    while (trimmed > ceiling).any():
        capped |= trimmed > ceiling
        rest = trimmed[~capped]
        trimmed[~capped] = rest * (len(trimmed) - ceiling * capped.sum()) / rest.sum()
        trimmed[capped] = ceiling
    return pd.Series(trimmed, index=weights.index, name=weights.name)


def effective_n(weights: pd.Series) -> float:
    """Return Kish's effective number of units, (Σw)² / Σw²; 0 without units.

    References
    ----------
    Kish (1965), Survey Sampling, 11.7.
    """
    values = weights.to_numpy(dtype=float)
    return float(values.sum() ** 2 / (values**2).sum()) if len(values) else 0.0


def margins_gap(units: pd.DataFrame, weights: pd.Series, margins: Mapping[str, pd.Series]) -> float:
    """Return the largest difference, over all strata, between weighted share and share of the population (0–1)."""
    total = weights.sum()
    return max(
        float(
            (weights.groupby(units[column]).sum() / total).sub(population / population.sum(), fill_value=0).abs().max()
        )
        for column, population in margins.items()
    )


def collapse(respondents: pd.Series, neighbours: Neighbours) -> tuple[list[Strata], list[tuple[Strata, Strata]]]:
    """Return the strata once those with fewer than five respondents are joined to a neighbour.

    The stratum with the fewest respondents goes first, to the neighbour with the fewest; among equals, the first
    in the order of `respondents`. No stratum gathers more than three of the original ones, and two at least are
    left: beyond that a margin no longer says what it is named after.

    Parameters
    ----------
    respondents
        Number of respondents of every stratum of the population, 0 included, in order.
    neighbours
        For each stratum, those it may be joined to; a stratum without any stays as it is.

    Returns
    -------
    list of Strata
        The strata left, in order.
    list of pairs of Strata
        What was joined to what, in the order in which it was done.
    """
    numbers = {str(stratum): int(number) for stratum, number in respondents.items()}
    order = list(numbers)
    groups: list[Strata] = [(stratum,) for stratum in order]
    joined: list[tuple[Strata, Strata]] = []

    def size(group: Strata) -> int:
        return sum(numbers[stratum] for stratum in group)

    def allowed(group: Strata) -> list[Strata]:
        around = {other for stratum in group for other in neighbours.get(stratum, ())}
        return [
            other
            for other in groups
            if other != group and around & {*other} and len(other) + len(group) <= LARGEST_COLLAPSE
        ]

    while len(groups) > FEWEST_STRATA:
        small = [group for group in groups if size(group) < SMALLEST_STRATUM and allowed(group)]
        if not small:
            break
        group = min(small, key=size)
        other = min(allowed(group), key=size)
        joined.append((group, other))
        together = tuple(stratum for stratum in order if stratum in (*group, *other))
        groups = [together if kept == other else kept for kept in groups if kept != group]
        groups.sort(key=lambda kept: order.index(kept[0]))
    return groups, joined
