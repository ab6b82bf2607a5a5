"""Counts by group, row and option, with the interval that suits the units: the engine of `shares`.
It decides when the population is known and when weights apply; formulas come from `intervals`, the rule of facts
from `facts`, the weights from the column `weight` that `weights.weigh` adds to the respondents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.answers import Answers, Block, cluster_codes, numbered
from lib.analysis.disclosure import hidden_cells, masked
from lib.analysis.facts import DIVERGENT, DIVERGENT_LABEL, territory_answers
from lib.analysis.intervals import Floats, clustered_n, hypergeometric, wilson
from lib.analysis.selection import Selection, choices, members, memberships, with_sizes
from lib.survey.edition import Edition
from lib.survey.once import lately
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


@lately
def parts(edition: Edition, selection: Selection, by: str | None, reference: pd.DataFrame | None = None) -> list[Part]:
    """Return the groups of a breakdown in the order of `choices`, with the selected respondents of each.

    Empty groups are there too, except those that the filter on this very dimension leaves out: a territory
    on two départements would otherwise show up under one that was not asked for.
    """
    selected = _selected(edition, selection)
    if by is None:
        return [Part(None, selected)]
    codes = [code for code in choices(edition, by, reference) if code in (selection.codes(by) or (code,))]
    own = memberships(edition.respondents, by, codes)
    return [Part((by, code), selected & own[:, place]) for place, code in enumerate(codes)]


def tabulate(
    edition: Edition,
    answers: Answers,
    selection: Selection,
    unit: str,
    by: str | None,
    reference: pd.DataFrame | None,
    options: tuple[str, ...] | None = None,
    among: Block | None = None,
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
    among
        Which respondents may be counted at all; everybody if None.

    Returns
    -------
    DataFrame
        The columns of `shares`, indexed by group, row and code; group and row may be empty. Of a public edition, small
        counts are hidden and the last column, `hidden`, says where (`lib.analysis.disclosure`).

    Notes
    -----
    Weighted, a share is Hájek's: the sum of the weights of those who gave the answer over that of the base, with the
    weights of the level whatever the selection, and Wilson's interval on Kish's effective n of the base. No known
    population narrows it: a weighted margin is never nil. Groups whose territories are not all of one level, or of
    a level without weights, stay raw.
    """
    codes, _ = numbered(edition)
    clusters = cluster_codes(edition)
    if options is not None:
        names = {"": ""}
    else:
        names = answers.options | ({DIVERGENT: DIVERGENT_LABEL} if unit == TERRITORIES else {})

    groups = parts(edition, selection, by, reference)
    if among is not None:
        groups = [Part(part.group, part.kept & among) for part in groups]
    shape = (len(groups), len(answers.rows), len(names))
    count, base = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    share, low, high, effective = (np.full(shape, np.nan) for _ in range(4))
    lone = np.zeros(shape, dtype=bool)
    levels = group_levels(edition, selection, groups, reference) if unit == TERRITORIES else {}
    populations = _populations(edition, selection, levels, reference)
    weights = group_weights(edition, groups, levels) if selection.weighted and levels else {}
    for place, part in enumerate(groups):
        kept = part.kept & (codes >= 0) if unit == TERRITORIES else part.kept
        units = answers.take(kept)
        if unit == TERRITORIES:
            units = territory_answers(units, codes[kept])
        if options is not None:
            if edition.threshold:
                lone[place, :, 0] = _lone(units, options, edition.threshold)
            units = units.any_of(options)
        count[place], base[place] = units.hits.sum(axis=0), units.counted.sum(axis=0)[:, None]
        share[place] = count[place] / np.where(base[place] > 0, base[place], np.nan)
        if unit == RESPONDENTS:
            low[place], high[place] = _among_respondents(units, clusters[kept])
        elif part.group in weights:
            share[place], effective[place] = _hajek(units, weights[part.group])
            low[place], high[place] = wilson(share[place] * effective[place], effective[place])
        # A list that holds fewer territories than answered is not theirs: some were declared of another type or size.
        elif (base[place] <= populations.get(part.group, -1)).all():
            low[place], high[place] = hypergeometric(count[place], base[place], populations[part.group])
        else:
            low[place], high[place] = wilson(count[place], base[place])

    index = _index(tuple(part.group[1] if part.group else "" for part in groups), tuple(answers.rows), tuple(names))
    labels = list(names.values()) * (len(groups) * len(answers.rows))
    values: dict[str, NDArray[Any]] = {"count": count, "base": base, "share": share, "low": low, "high": high}
    if selection.weighted:
        values["effective_n"] = effective
    if edition.threshold:
        hidden = hidden_cells(count, base, edition.threshold) | lone
        values = {**masked(values, hidden), "hidden": hidden}
    return pd.DataFrame(
        {"label": pd.array(labels, dtype="str")} | {name: cube.ravel() for name, cube in values.items()},
        index=index.copy(),
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
    kept = _selected(edition, selection)
    if group is not None and group[0] in OWN_LEVEL:
        kept = kept & members(edition.respondents, group[0], (group[1],))
    return _only(_own_levels(edition, reference), kept)


def group_levels(
    edition: Edition, selection: Selection, groups: Sequence[Part], reference: pd.DataFrame | None = None
) -> dict[Group | None, str | None]:
    """Return the official level of each group of a breakdown, as `official_level`, all of them at once."""
    own = _own_levels(edition, reference)
    overall = _only(own, _selected(edition, selection))
    return {
        part.group: _only(own, part.kept) if part.group and part.group[0] in OWN_LEVEL else overall for part in groups
    }


def group_weights(
    edition: Edition, groups: Sequence[Part], levels: Mapping[Group | None, str | None]
) -> dict[Group | None, Floats]:
    """Return the weights of the territories of each group that can be weighted; groups left raw are not there.

    Parameters
    ----------
    edition
        With the column `weight` in its respondents; without it, all groups are raw.
    groups
        Those of `parts`.
    levels
        Those of `group_levels`.

    Returns
    -------
    dict
        For each group of a single official level, that level having weights: the weights of the territories of its
        respondents, in the order of the numbers given by `territory_codes`, which is that of `territory_answers`.
    """
    if "weight" not in edition.respondents:
        return {}
    numbers, territories = numbered(edition)
    known = numbers >= 0
    by_number = np.full(len(territories), np.nan)
    by_number[numbers[known]] = edition.respondents["weight"].to_numpy(dtype=float)[known]
    found = {}
    for part in groups:
        if levels[part.group] is not None:
            present = np.zeros(len(territories), dtype=bool)
            present[numbers[part.kept & known]] = True
            found[part.group] = by_number[present]
    return {group: weights for group, weights in found.items() if not np.isnan(weights).any()}


_existing = lru_cache(lambda millesime: with_sizes(load_reference(millesime)))


def _lone(units: Answers, options: tuple[str, ...], threshold: int) -> Block:
    """Return the rows where some options taken together would give back the only one of them that is hidden."""
    count = units.hits.sum(axis=0)[None]
    base = np.broadcast_to(units.counted.sum(axis=0)[None, :, None], count.shape)
    hidden = hidden_cells(count, base, threshold) & (count > 0)
    return hidden[0][:, [code in options for code in units.options]].sum(axis=1) == 1


@lru_cache(maxsize=256)
def _index(groups: tuple[str, ...], rows: tuple[str, ...], codes: tuple[str, ...]) -> pd.MultiIndex:
    """Return the index of a table; kept, as it costs a quarter of the time of a table and seldom changes."""
    return pd.MultiIndex.from_product([groups, rows, codes], names=["group", "row", "code"])


@lately
def _selected(edition: Edition, selection: Selection) -> Block:
    """Return which respondents of the edition are selected."""
    return selection.mask(edition.respondents).to_numpy()


@lately
def _own_levels(edition: Edition, reference: pd.DataFrame | None) -> NDArray[np.intp]:
    """Return the place in `OFFICIAL_LEVELS` of the type declared by each respondent and borne by its territory.

    −1 where they differ or are not official, −2 where the territory is not recognised.
    """
    existing = load_reference(edition.millesime) if reference is None else reference
    numbers, territories = numbered(edition)
    names = pd.Index(OFFICIAL_LEVELS)
    # The last place is taken by the respondents whose territory, numbered −1, is not recognised.
    official = np.append(names.get_indexer(pd.Index(existing["type"].reindex(territories))), -1)[numbers]
    kinds, distinct = pd.factorize(edition.respondents["type"])
    declared = np.append(names.get_indexer(distinct), -1)[kinds]
    return np.where(numbers < 0, -2, np.where(declared == official, declared, -1))


def _only(own: NDArray[np.intp], kept: Block) -> str | None:
    """Return the one level of the respondents kept, those whose territory is not recognised aside."""
    places = np.unique(own[kept & (own != -2)])
    return OFFICIAL_LEVELS[places[0]] if len(places) == 1 and places[0] >= 0 else None


def _hajek(answers: Answers, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weighted share and Kish's effective n of its base, row × option; NaN and 0 without anybody."""
    counted = answers.counted.astype(float)
    total, squares = weights @ counted, weights**2 @ counted
    with np.errstate(invalid="ignore"):
        share = np.tensordot(weights, answers.hits.astype(float), axes=1) / total[:, None]
        effective = np.where(total > 0, total**2 / squares, 0.0)
    # The sum may exceed that of the base by a rounding.
    return np.clip(share, 0, 1), np.broadcast_to(effective[:, None], share.shape)


def _among_respondents(answers: Answers, clusters: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Return Wilson's interval on the effective number of respondents, row × option."""
    units, rows, options = answers.hits.shape
    counted = np.broadcast_to(answers.counted[:, :, None], answers.hits.shape).reshape(units, rows * options)
    effective = clustered_n(answers.hits.reshape(units, rows * options), clusters, counted)
    share = answers.hits.sum(axis=0).ravel() / np.maximum(counted.sum(axis=0), 1)
    low, high = wilson(share * effective, effective)
    return low.reshape(rows, options), high.reshape(rows, options)


def _populations(
    edition: Edition,
    selection: Selection,
    levels: Mapping[Group | None, str | None],
    reference: pd.DataFrame | None,
) -> dict[Group | None, int]:
    """Return the number of territories of the region in each group whose level is known.

    The filters on territories apply to the region as they do to respondents; that on roles does not, a
    role being no property of a territory.
    """
    if not any(levels.values()):
        return {}
    existing = _existing(edition.millesime) if reference is None else with_sizes(reference)
    selected = selection.without_roles().mask(existing).to_numpy()
    of_level = {level: selected & (existing["type"] == level).to_numpy(bool) for level in levels.values() if level}
    codes = [group[1] for group in levels if group]
    dimension = next((group[0] for group in levels if group), "role")
    everyone = np.ones((len(existing), len(codes)), dtype=bool)
    own = everyone if dimension == "role" else memberships(existing, dimension, codes)
    known: dict[Group | None, int] = {}
    for place, (group, level) in enumerate(levels.items()):
        if level is not None:
            known[group] = int((of_level[level] & own[:, place] if group else of_level[level]).sum())
    return known
