"""Weighting one level: collapse, rake, trim, and refuse with a reason, saying in French what was done.

Which territories and which margins is decided by `weights`; the formulas are in `raking`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from lib.analysis.raking import (
    FEWEST_STRATA,
    LARGEST_COLLAPSE,
    SMALLEST_STRATUM,
    Neighbours,
    Strata,
    collapse,
    effective_n,
    margins_gap,
    rake,
    trim,
)

LEAST_EFFECTIVE_N = 30
LARGEST_GAP = 1e-6
NO_POPULATION = "sans population de référence"
NARROW = "\u202f"
ALLOWED = f"{LARGEST_COLLAPSE} strates voisines au plus ensemble, {FEWEST_STRATA} au moins par critère"


@dataclass(frozen=True, eq=False)
class LevelWeights:
    """What weighting a level gave.

    Attributes
    ----------
    level, n, population
        Its code, its territories that answered, and those that exist (0 where they are not known).
    effective_n, design_effect, largest
        Kish's effective n, n / effective n, and largest weight (mean 1), as raked; NaN where nothing was raked.
        On a refusal for a lost stratum, those of the strata that are left.
    effective_n_trimmed, design_effect_trimmed, largest_trimmed
        The same after trimming; NaN on a refusal.
    collapsed
        What was done with the strata of fewer than five respondents, in French sentences.
    trimmed
        Number of weights cut.
    margins_moved
        By how much the margins then move: largest difference with the population over all strata (0–1).
    refusal
        Why the level is not weighted, in French, without capital nor full stop; None when it is weighted.
    weights
        Weight by code of territory, mean 1, trimmed; empty on a refusal.
    """

    level: str
    n: int
    population: int
    effective_n: float = float("nan")
    design_effect: float = float("nan")
    largest: float = float("nan")
    effective_n_trimmed: float = float("nan")
    design_effect_trimmed: float = float("nan")
    largest_trimmed: float = float("nan")
    collapsed: tuple[str, ...] = ()
    trimmed: int = 0
    margins_moved: float = 0.0
    refusal: str | None = None
    weights: pd.Series = field(default_factory=lambda: pd.Series(dtype=float, name="weight"))


def level_weights(
    level: str,
    units: pd.DataFrame,
    margins: Mapping[str, pd.Series],
    neighbours: Mapping[str, Neighbours] | None = None,
    names: Mapping[str, Mapping[str, str]] | None = None,
) -> LevelWeights:
    """Return the weights of the units of one level, or why they are refused.

    Strata with fewer than five respondents are collapsed first; raking follows; weights are trimmed last, at five
    times their mean: that bounds what a single territory can say, for a bias that `margins_moved` tells.

    Parameters
    ----------
    level
        Code of the level.
    units
        Territories that answered, indexed by code, with a column of strata per margin.
    margins
        Column to the number of existing territories of each stratum.
    neighbours
        By column, the strata that each may be collapsed with; none by default. See `raking.collapse` for its limits.
    names
        By column, the French name of each stratum; its code by default.

    Notes
    -----
    Refused: a stratum still empty, weights that cannot meet the margins to 1e-6, or an effective n under 30 before
    trimming, which must not rescue it.
    """
    n, population = len(units), int(next(iter(margins.values())).sum()) if margins else 0
    if population == 0:
        return LevelWeights(level, n, 0, refusal=NO_POPULATION)
    if n == 0:
        return LevelWeights(level, n, population, refusal="aucun territoire de ce niveau n’a répondu")
    if n < LEAST_EFFECTIVE_N:
        few = f"{n} territoire{'s ont' if n > 1 else ' a'} répondu, il en faut au moins {LEAST_EFFECTIVE_N}"
        return LevelWeights(level, n, population, refusal=few)

    sentences: list[str] = []
    reasons: list[str] = []
    recoded, targets = units.copy(), {}
    for column, existing in margins.items():
        respondents = units[column].value_counts().reindex(existing.index, fill_value=0)
        strata, joined = collapse(respondents, (neighbours or {}).get(column, {}))
        numbers = {str(stratum): int(number) for stratum, number in respondents.items()}
        called = _Names((names or {}).get(column, {}), numbers)
        sentences += [called.joined(*pair) for pair in joined]
        sentences += [called.kept(group) for group in strata if 0 < called.number(group) < SMALLEST_STRATUM]
        of_stratum = {stratum: group[0] for group in strata for stratum in group}
        recoded[column] = units[column].map(of_stratum)
        targets[column] = existing.groupby(existing.index.map(of_stratum), sort=False).sum()
        reasons += [
            called.lost(group, int(existing[list(group)].sum())) for group in strata if called.number(group) == 0
        ]
        if recoded[column].isna().any():
            strangers = ", ".join(sorted({*units[column].dropna()} - {*existing.index})) or "sans strate"
            reasons.append(f"des répondants hors de la population de référence ({strangers})")
    return _raked(LevelWeights(level, n, population, collapsed=tuple(sentences)), recoded, targets, reasons)


def _raked(
    begun: LevelWeights, units: pd.DataFrame, margins: Mapping[str, pd.Series], reasons: list[str]
) -> LevelWeights:
    """Return the weights of strata already collapsed; with `reasons` to refuse, those of the strata left, not given."""
    left = units.dropna()
    present = {column: population[population.index.isin(left[column])] for column, population in margins.items()}
    try:
        raked = rake(left, present)
    except ArithmeticError:
        return replace(begun, refusal=f"{NARROW}; ".join([*reasons, "aucun poids ne rejoint toutes les marges"]))
    if not reasons and (gap := margins_gap(units, raked, margins)) > LARGEST_GAP:
        raise AssertionError(f"raked weights of {begun.level} miss the margins by {gap:.1e}")
    effective = effective_n(raked)
    if effective < LEAST_EFFECTIVE_N:
        number = f"{effective:.1f}".replace(".", ",")
        reasons = [*reasons, f"effectif efficace de {number}, inférieur à {LEAST_EFFECTIVE_N}"]
    found = replace(begun, effective_n=effective, design_effect=len(left) / effective, largest=float(raked.max()))
    if reasons:
        return replace(found, refusal=f"{NARROW}; ".join(reasons))
    weights = trim(raked)
    return replace(
        found,
        effective_n_trimmed=effective_n(weights),
        design_effect_trimmed=begun.n / effective_n(weights),
        largest_trimmed=float(weights.max()),
        trimmed=int((raked > weights + 1e-9).sum()),
        margins_moved=margins_gap(units, weights, margins),
        weights=weights,
    )


@dataclass(frozen=True, eq=False)
class _Names:
    """French sentences on the strata of one margin."""

    names: Mapping[str, str]
    respondents: Mapping[str, int]

    def number(self, strata: Strata) -> int:
        return sum(self.respondents[stratum] for stratum in strata)

    def counted(self, strata: Strata) -> str:
        n = self.number(strata)
        return f"{n or 'aucun'} territoire{'s' if n > 1 else ''} répondant{'s' if n > 1 else ''}"

    def quoted(self, strata: Strata) -> str:
        name = joined_words([self.names.get(stratum, stratum) for stratum in strata])
        return f"«{NARROW}{name}{NARROW}» ({self.counted(strata)})"

    def joined(self, strata: Strata, others: Strata) -> str:
        return f"{self.quoted(strata)} rejoint {self.quoted(others)}."

    def kept(self, strata: Strata) -> str:
        return f"{self.quoted(strata)} reste à part{NARROW}: aucun regroupement permis ({ALLOWED})."

    def lost(self, strata: Strata, population: int) -> str:
        total = f"{population:,}".replace(",", NARROW)
        gone = f"{self.quoted(strata)} serait perdu, alors que {total} existent"
        return f"{gone}{NARROW}: aucun regroupement permis ({ALLOWED})"


def joined_words(items: Sequence[str]) -> str:
    """Join items as a French list."""
    return " et ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
