"""Weights of territories: which levels have some, on which margins, and what a figure says of it.

One unit per territory that answered, each level by itself, raked to size class and département. Weighting a level is
left to `level_weights`, what is done with the weights to `tabulation`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pandas as pd

from lib.analysis.level_weights import NARROW, NO_POPULATION, LevelWeights, joined_words, level_weights
from lib.analysis.raking import Neighbours
from lib.analysis.selection import Selection, choices
from lib.analysis.tabulation import OFFICIAL_LEVELS, RESPONDENTS, group_levels, group_weights, parts
from lib.survey.edition import Edition
from lib.survey.once import once_per_edition
from lib.territory.boundaries import load_boundaries
from lib.territory.reference import load_reference, load_region

PLURALS = {"commune": "communes", "epci": "intercommunalités", "departement": "départements"}
MARGINS = ("taille", "departement")


def weigh(edition: Edition, reference: pd.DataFrame | None = None) -> Edition:
    """Return the edition with the weight of each respondent's territory in the column `weight` of its respondents.

    NaN where the territory's level is refused or has no reference population. Territories are weighted, not people:
    two respondents of one territory carry the same weight.
    """
    found = [level.weights for level in weighting(edition, reference).values() if level.refusal is None]
    by_territory = pd.concat(found) if found else pd.Series(dtype=float)
    weights = edition.respondents["territory"].map(by_territory.to_dict()).astype(float)
    return replace(edition, respondents=edition.respondents.assign(weight=weights))


@once_per_edition
def weighting(edition: Edition, reference: pd.DataFrame | None = None) -> dict[str, LevelWeights]:
    """Return the weights of each type of territory, or why it has none.

    Parameters
    ----------
    edition
        A territory answered when one of its respondents is retained, whichever questions they answered; its level,
        size class and main département are those of the reference list.
    reference
        List of territories; that of the edition's year by default.

    Returns
    -------
    dict
        The official levels, then the other types of the questionnaire, all of them refused.
    """
    kinds = dict.fromkeys([*OFFICIAL_LEVELS, *choices(edition, "type")])
    return {kind: _level(edition, kind, reference) for kind in kinds}


def weighting_note(
    edition: Edition,
    selection: Selection,
    unit: str,
    by: str | None = None,
    reference: pd.DataFrame | None = None,
) -> str:
    """Return in French how the shares of a figure are weighted, or why they are not, without capital nor full stop.

    Parameters
    ----------
    edition, selection, unit, by, reference
        Those given to `lib.analysis.shares.shares`.
    """
    if not selection.weighted:
        return "non pondéré"
    if unit == RESPONDENTS:
        return f"non pondéré{NARROW}: répondants, {NO_POPULATION}"
    recognised = edition.respondents["territory"].notna().to_numpy()
    groups = [part for part in parts(edition, selection, by, reference) if (part.kept & recognised).any()]
    levels = group_levels(edition, selection, groups, reference)
    weighted = group_weights(edition, groups, levels)
    if not groups:
        return f"non pondéré{NARROW}: aucun territoire"
    if len(weighted) == len(groups):
        return "pondéré"
    if weighted:
        names = [f"les {PLURALS[level]}" for level in OFFICIAL_LEVELS if level in {levels[group] for group in weighted}]
        return f"pondéré pour {joined_words(names)}, brut pour le reste"
    refused = [level for level in OFFICIAL_LEVELS if level in levels.values()]
    if not refused:
        kinds = {*edition.respondents["type"][selection.mask(edition.respondents).to_numpy() & recognised]}
        alone = len(kinds) == 1 and not kinds & {*OFFICIAL_LEVELS}
        return f"non pondéré{NARROW}: {NO_POPULATION if alone else 'plusieurs niveaux ensemble'}"
    found = weighting(edition) if reference is None else weighting(edition, reference)
    reasons = [f"{PLURALS[level]}, {found[level].refusal or 'sans poids'}" for level in refused]
    return f"non pondéré{NARROW}: {f'{NARROW}; '.join(reasons)}"


def _level(edition: Edition, level: str, reference: pd.DataFrame | None) -> LevelWeights:
    existing = load_reference(edition.millesime) if reference is None else reference
    respondents = edition.respondents
    population = existing[existing["type"] == level]
    if level not in OFFICIAL_LEVELS or population.empty:
        n = respondents.loc[(respondents["type"] == level).to_numpy(bool), "territory"].nunique()
        return LevelWeights(level, n, 0, refusal=NO_POPULATION)
    # A level without size classes, such as départements, has one margin only.
    columns = [column for column in MARGINS if population[column].notna().any()]
    names = {column: choices(edition, column, reference) for column in columns}
    margins = {}
    for column in columns:
        known = population[column].value_counts()
        margins[column] = known.reindex(sorted(known.index, key=[*names[column], *sorted(known.index)].index))
    units = population.loc[population.index.isin(respondents["territory"].dropna()), columns]
    return level_weights(level, units, margins, _neighbours(margins), names)


def _neighbours(margins: Mapping[str, pd.Series]) -> dict[str, Neighbours]:
    """Return the strata next to each: the size classes just under and over, the départements that share a border."""
    found: dict[str, Neighbours] = {}
    for column, population in margins.items():
        codes = list(population.index)
        if column == "departement":
            found[column] = _bordering()
        else:
            found[column] = {code: codes[max(rank - 1, 0) : rank + 2] for rank, code in enumerate(codes)}
    return found


@cache
def _bordering() -> dict[str, tuple[str, ...]]:
    """Return the départements that share a border, longer than a point, with each one of the region."""
    shapes = load_boundaries("departement").geometry.to_crs(load_region().epsg)
    return {
        code: tuple(other for other in shapes.index[shapes.intersection(shape).length > 0] if other != code)
        for code, shape in shapes.items()
    }
