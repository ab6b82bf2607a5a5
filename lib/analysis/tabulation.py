"""Counts by group, row and option, with the interval that suits the units: the engine of `shares`.

It decides when the population is known; formulas come from `intervals`, the rule of facts from `facts`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.answers import Answers, Block, territory_codes
from lib.analysis.facts import DIVERGENT, DIVERGENT_LABEL, territory_answers
from lib.analysis.intervals import Floats, clustered_n, hypergeometric, wilson
from lib.analysis.selection import Selection, choices, members
from lib.survey.edition import WITHOUT_SIZE, Edition
from lib.territory.reference import load_reference

RESPONDENTS, TERRITORIES = "respondents", "territories"
OFFICIAL_LEVELS = ("commune", "epci", "departement")

# Breakdowns whose groups each have a level of their own.
OWN_LEVEL = ("type", "taille")

Group = tuple[str, str]
"""Dimension and code."""


@dataclass(frozen=True, eq=False)
class Part:
    """Respondents of one group of a breakdown; without breakdown `group` is None."""

    group: Group | None
    kept: Block


def parts(edition: Edition, selection: Selection, by: str | None, reference: pd.DataFrame | None = None) -> list[Part]:
    """Return the groups of a breakdown in the order of `choices`, with the selected respondents of each.

    Empty groups are there too, except those that the filter on this very dimension leaves out: a territory
    on two départements would otherwise show up under one that was not asked for.
    """
    selected = selection.mask(edition.respondents).to_numpy()
    if by is None:
        return [Part(None, selected)]
    codes = choices(edition, by, reference)
    return [
        Part((by, code), selected & members(edition.respondents, by, (code,)))
        for code in codes
        if code in (selection.codes(by) or codes)
    ]


def tabulate(
    edition: Edition,
    answers: Answers,
    selection: Selection,
    unit: str,
    by: str | None,
    reference: pd.DataFrame | None,
    options: tuple[str, ...] | None = None,
) -> pd.DataFrame:
    """Return count, base, share and interval of every option, or of some options taken together.

    Parameters
    ----------
    edition, selection, unit, by, reference
        As in `shares`.
    answers
        Those of all the respondents of the edition.
    options
        Taken together as one, whose code and name are empty; each by itself if None.

    Returns
    -------
    DataFrame
        The columns of `shares`, indexed by group, row and code, of which group and row may be empty.
    """
    codes, _ = territory_codes(edition.respondents)
    # A respondent whose territory is unknown resembles nobody: a cluster of one.
    clusters = np.where(codes < 0, -1 - np.arange(len(codes)), codes)
    if options is not None:
        names = {"": ""}
    else:
        names = answers.options | ({DIVERGENT: DIVERGENT_LABEL} if unit == TERRITORIES else {})

    groups = parts(edition, selection, by, reference)
    shape = (len(groups), len(answers.rows), len(names))
    count, base = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    low, high = np.full(shape, np.nan), np.full(shape, np.nan)
    populations = _populations(edition, selection, groups, reference) if unit == TERRITORIES else {}
    for place, part in enumerate(groups):
        kept = part.kept & (codes >= 0) if unit == TERRITORIES else part.kept
        units = answers.take(kept)
        if unit == TERRITORIES:
            units = territory_answers(units, codes[kept])
        if options is not None:
            units = units.any_of(options)
        count[place], base[place] = units.hits.sum(axis=0), units.counted.sum(axis=0)[:, None]
        if unit == RESPONDENTS:
            bounds = _among_respondents(units, clusters[kept])
        elif part.group in populations:
            bounds = hypergeometric(count[place], base[place], populations[part.group])
        else:
            bounds = wilson(count[place], base[place])
        low[place], high[place] = bounds

    index = pd.MultiIndex.from_product(
        [[part.group[1] if part.group else "" for part in groups], list(answers.rows), list(names)],
        names=["group", "row", "code"],
    )
    labels = list(names.values()) * (len(groups) * len(answers.rows))
    share = count / np.where(base > 0, base, np.nan)
    values = {"count": count, "base": base, "share": share, "low": low, "high": high}
    return pd.DataFrame(
        {"label": pd.Series(labels, dtype="str").to_numpy()} | {name: cube.ravel() for name, cube in values.items()},
        index=index,
    )


def official_level(
    edition: Edition, selection: Selection, group: Group | None = None, reference: pd.DataFrame | None = None
) -> str | None:
    """Return the level of the selected territories if it is one and official, else None.

    A respondent who declared another type than that of its territory leaves no single level: the filters
    look at the declared type, the population at the official one. A group by type or size is looked at by
    itself. One by département or role is not: all the groups of a figure then have the same level, or
    none, whoever happened to answer in one of them.
    """
    territories = load_reference() if reference is None else reference
    respondents = edition.respondents
    kept = selection.mask(respondents).to_numpy() & respondents["territory"].notna().to_numpy()
    if group is not None and group[0] in OWN_LEVEL:
        kept &= members(respondents, group[0], (group[1],))
    levels = {*respondents["type"][kept]}
    if len(levels) != 1 or not levels <= set(OFFICIAL_LEVELS):
        return None
    levels |= {*territories["type"].reindex(respondents["territory"][kept]).to_numpy(dtype=object)}
    return str(levels.pop()) if len(levels) == 1 else None


def _among_respondents(answers: Answers, clusters: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Return Wilson's interval on the effective number of respondents, row × option."""
    units, rows, options = answers.hits.shape
    counted = np.broadcast_to(answers.counted[:, :, None], answers.hits.shape).reshape(units, rows * options)
    effective = clustered_n(answers.hits.reshape(units, rows * options), clusters, counted)
    share = answers.hits.sum(axis=0).ravel() / np.maximum(counted.sum(axis=0), 1)
    low, high = wilson(share * effective, effective)
    return low.reshape(rows, options), high.reshape(rows, options)


def _populations(
    edition: Edition, selection: Selection, groups: list[Part], reference: pd.DataFrame | None
) -> dict[Group | None, int]:
    """Return the number of territories of the region in each group whose level is known.

    The filters on territories apply to the region as they do to respondents; that on roles does not, a
    role being no property of a territory.
    """
    territories = load_reference() if reference is None else reference
    overall = official_level(edition, selection, reference=territories)
    levels = {
        part.group: official_level(edition, selection, part.group, territories)
        if part.group and part.group[0] in OWN_LEVEL
        else overall
        for part in groups
    }
    if not any(levels.values()):
        return {}
    # Respondents without a size class carry a code for it; the reference list leaves it empty.
    territories = territories.assign(taille=territories["taille"].fillna(WITHOUT_SIZE))
    territories = territories[selection.without_roles().mask(territories).to_numpy()]
    by_level = {level: territories[territories["type"] == level] for level in set(levels.values()) if level}
    known: dict[Group | None, int] = {}
    for group, level in levels.items():
        if level is None:
            continue
        existing = by_level[level]
        if group is None or group[0] == "role":
            known[group] = len(existing)
        else:
            known[group] = int(members(existing, group[0], (group[1],)).sum())
    return known
