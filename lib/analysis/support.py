"""Which territories may lend support to another: the nearest engaged ones that resemble it, and where they are ahead.

By name only what a territory agreed to publish; which territory is proposed to which, all together, belongs to
`pairing`, and the words to the interface.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis import engagement
from lib.analysis.facts import DIVERGENT, UNANSWERED, UNPUBLISHED, facts, status
from lib.analysis.territories import Territory, answering
from lib.survey.consent import publishable
from lib.survey.edition import Edition
from lib.survey.once import once_per_edition
from lib.survey.support import Support, load_support
from lib.territory.neighbourhood import centre, positions
from lib.territory.reference import current_codes, load_reference, load_region

UNKNOWN, IDLE, ACTING, STRUCTURED = -1, 0, 1, 2
"""How far a territory is on a theme: not known, no action, some, structured ones."""
WITHOUT_CLASS = -1

COLUMNS = ("nom", "type", "taille", "km", "same_size", "ahead", "needed")


@dataclass(frozen=True, eq=False)
class Crowd:
    """Territories to be compared, as rows of arrays.

    Attributes
    ----------
    rows : indexed by territory: nom, type, taille.
    places : x and y in metres, NaN where not known; shape (territories, 2).
    sizes : rank of the size class within its type, `WITHOUT_CLASS` for types without classes.
    levels : how far each is on each theme; shape (territories, themes).
    known : whether what it declares is known; else a supporter is ahead wherever it has structured actions.
    """

    rows: pd.DataFrame
    places: NDArray[np.float64]
    sizes: NDArray[np.intp]
    levels: NDArray[np.int8]
    known: NDArray[np.bool_]

    def take(self, kept: NDArray[np.bool_]) -> Crowd:
        """Return the territories where `kept` is true."""
        return Crowd(self.rows[kept], self.places[kept], self.sizes[kept], self.levels[kept], self.known[kept])


@dataclass(frozen=True, eq=False)
class Fit:
    """How well each supporter suits each territory: shape (territories, supporters), and themes last if any.

    Attributes
    ----------
    km : distance as the crow flies, NaN where a place is not known.
    same_size : whether the size classes are the same; true for types without classes.
    ahead : themes on which the supporter has structured actions and the territory has not.
    needed : those on which the territory says that it does not act.
    cost : in kilometres, less is better; infinite where the two are not to be paired.
    """

    km: NDArray[np.float64]
    same_size: NDArray[np.bool_]
    ahead: NDArray[np.bool_]
    needed: NDArray[np.bool_]
    cost: NDArray[np.float64]


def supporters(edition: Edition, territory: Territory, settings: Support | None = None) -> pd.DataFrame:
    """Return the territories that may lend support to one, the best first.

    Parameters
    ----------
    edition
        The public one: only territories whose every respondent agreed to be named are looked at.
    territory
        Its own answers count only where it is published.
    settings
        Those of data/support.toml by default.

    Returns
    -------
    DataFrame
        Indexed by territory: all those at a helping stage, of the same type, whose size class is near enough, no
        further than the farthest distance, in order of cost. Columns nom, type, taille, km (float, as the crow flies),
        same_size (bool), ahead (tuple of themes on which the supporter has structured actions; where the territory is
        published, only those on which it says that it has none), needed (tuple, those of `ahead` on which it says that
        it does not act; empty where it is not published). Empty where nobody suits, or where it lies is not known.
    """
    rules = settings or load_support()
    candidates = _published(edition, rules, rules.helping, territory.type)
    one = _alone(edition, territory, rules)
    suits = fit(one, candidates, rules)
    allowed: list[int] = np.flatnonzero(np.isfinite(suits.cost[0])).tolist()
    # Candidates are sorted by code: of two that are alike in all, the first is always the same.
    order = sorted(allowed, key=lambda place: (suits.cost[0, place], suits.km[0, place]))
    themes = theme_codes(edition, rules)
    found = candidates.rows.iloc[order].copy()
    found["km"] = suits.km[0, order]
    found["same_size"] = suits.same_size[0, order]
    found["ahead"] = pd.Series([chosen(themes, suits.ahead[0, place]) for place in order], found.index, dtype=object)
    found["needed"] = pd.Series([chosen(themes, suits.needed[0, place]) for place in order], found.index, dtype=object)
    return found[list(COLUMNS)]


def own_epci(edition: Edition, territory: Territory, settings: Support | None = None) -> str:
    """Return the code of the EPCI of a commune when it may lend support itself, empty when it may not, or has none."""
    rules = settings or load_support()
    helping = _published(edition, rules, rules.helping, "epci").rows.index
    return territory.epci if territory.epci in helping else ""


def lends_support(edition: Edition, territory: Territory, settings: Support | None = None) -> bool:
    """Return whether a territory is published at a stage that lends support."""
    rules = settings or load_support()
    return territory.code in _published(edition, rules, rules.helping, territory.type).rows.index


def helped_around(edition: Edition, territory: Territory, settings: Support | None = None) -> int:
    """Return how many published territories at a stage to be helped a territory could lend support to."""
    rules = settings or load_support()
    crowd = _published(edition, rules, rules.helped, territory.type)
    return int(np.isfinite(fit(crowd, _alone(edition, territory, rules), rules).cost).sum())


def place_of(edition: Edition, territory: Territory) -> tuple[float, float] | None:
    """Return where a territory lies, in metres; None for a structure whose members are not known."""
    return _place(edition, territory.code, territory.membres)


def theme_codes(edition: Edition, settings: Support) -> tuple[str, ...]:
    """Return the themes on which supporters are compared, by row code; none where the edition does not ask.

    It must be an array on facts with all the answers of the settings: what is said of a supporter is said by name.
    """
    question = settings.themes.question
    if question not in edition.codebook:
        return ()
    asked = edition.codebook[question]
    usable = asked.kind == "array" and asked.unit == "territories"
    return tuple(asked.row_labels) if usable and set(settings.themes.acting) <= set(asked.labels) else ()


@once_per_edition
def surveyed(edition: Edition, settings: Support) -> Crowd:
    """Return the territories that answered, sorted by code.

    Of the public edition, what a territory that is not published declares is unknown: there, its answers are those of
    another.
    """
    rows = answering(edition).sort_index()
    themes = theme_codes(edition, settings)
    declared = status if edition.threshold else facts
    levels = np.full((len(rows), len(themes)), UNKNOWN, dtype=np.int8)
    for place, theme in enumerate(themes):
        answers = declared(edition, f"{settings.themes.question}/{theme}").reindex(rows.index)
        levels[:, place] = _levels(edition, answers, settings)
    known = publishable(edition.respondents).reindex(rows.index).to_numpy(bool) | (edition.threshold == 0)
    return Crowd(rows[["nom", "type", "taille"]], _places(edition, rows), _sizes(rows["taille"]), levels, known)


def fit(territories: Crowd, candidates: Crowd, settings: Support) -> Fit:
    """Return how well each candidate suits each territory; a territory never suits itself."""
    apart = territories.places[:, None, :] - candidates.places[None, :, :]
    km = np.hypot(apart[..., 0], apart[..., 1]) / 1000
    own, other = territories.sizes[:, None], candidates.sizes[None, :]
    steps = np.where((own == WITHOUT_CLASS) | (other == WITHOUT_CLASS), 0, np.abs(own - other))
    structured = (candidates.levels == STRUCTURED)[None, :, :]
    level = territories.levels[:, None, :]
    lacking = ((level == IDLE) | (level == ACTING)) | ~territories.known[:, None, None]
    ahead = structured & lacking
    needed = structured & (level == IDLE)
    weights = settings.cost
    cost = weights.km * km + weights.size_step * steps - weights.theme * needed.sum(axis=2)
    types = territories.rows["type"].to_numpy(object)[:, None] == candidates.rows["type"].to_numpy(object)[None, :]
    codes = territories.rows.index.to_numpy(object)[:, None] != candidates.rows.index.to_numpy(object)[None, :]
    # A distance that is not known is not near enough.
    allowed = types & codes & (steps <= settings.size_steps) & (km <= settings.farthest_km)
    return Fit(km, steps == 0, ahead, needed, np.where(allowed, cost, np.inf))


def chosen(themes: tuple[str, ...], kept: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return the themes where `kept` is true, in the order of the questionnaire."""
    return tuple(theme for theme, keep in zip(themes, kept, strict=True) if keep)


@once_per_edition
def _published(edition: Edition, settings: Support, stages: tuple[str, ...], type: str) -> Crowd:
    """Return the territories of a type that are published at one of the stages."""
    crowd = surveyed(edition, settings)
    named = engagement.stages(edition).reindex(crowd.rows.index).isin(stages)
    agreed = publishable(edition.respondents).reindex(crowd.rows.index)
    return crowd.take((named & agreed & (crowd.rows["type"] == type)).to_numpy(bool))


def _alone(edition: Edition, territory: Territory, settings: Support) -> Crowd:
    """Return one territory, what it declares known only if it is published."""
    crowd = surveyed(edition, settings)
    if territory.published and territory.code in crowd.rows.index:
        return crowd.take((crowd.rows.index == territory.code).astype(bool))
    row = pd.DataFrame(
        {"nom": [territory.nom], "type": [territory.type], "taille": [territory.taille]},
        index=pd.Index([territory.code], name="territory"),
    )
    return Crowd(
        row,
        np.array([place_of(edition, territory) or (np.nan, np.nan)], dtype=np.float64),
        _sizes(row["taille"]),
        np.full((1, crowd.levels.shape[1]), UNKNOWN, dtype=np.int8),
        np.zeros(1, dtype=bool),
    )


def _levels(edition: Edition, answers: pd.Series, settings: Support) -> NDArray[np.int8]:
    """Return how far territories are on one theme; « ne sait pas », no answer or divergent ones are not known."""
    unsaid = {UNANSWERED, UNPUBLISHED, DIVERGENT, *edition.codebook[settings.themes.question].dont_know}
    known = answers.notna() & ~answers.isin(unsaid)
    levels = np.where(answers.isin(settings.themes.acting), ACTING, IDLE)
    levels = np.where(answers.isin(settings.themes.structured), STRUCTURED, levels)
    return np.where(known, levels, UNKNOWN).astype(np.int8)


def _places(edition: Edition, rows: pd.DataFrame) -> NDArray[np.float64]:
    """Return where territories lie: shape (territories, 2), NaN where not known."""
    places = positions().reindex(rows.index)[["x", "y"]].to_numpy(dtype=np.float64, copy=True)
    unknown: list[int] = np.flatnonzero(np.isnan(places[:, 0])).tolist()
    for row in unknown:
        members: Any = rows["membres"].iloc[row]
        places[row] = _place(edition, str(rows.index[row]), members) or (np.nan, np.nan)
    return places


def _place(edition: Edition, code: str, members: tuple[str, ...]) -> tuple[float, float] | None:
    """Return where a territory lies: an official one at its own position, another amid its members."""
    official = code in load_reference(edition.millesime).index
    return centre(now for one in ((code,) if official else members) for now in _today(edition, one))


def _today(edition: Edition, code: str) -> tuple[str, ...]:
    """Return the territories of today that lie where one of the edition's year did.

    Itself; the commune into which it merged since; of an EPCI that is no more, what its communes are today.
    """
    if code in positions().index:
        return (code,)
    reference = load_reference(edition.millesime)
    communes = reference.index[(reference["epci"] == code).to_numpy(dtype=bool)].astype(str).tolist()
    return tuple(current_codes(pd.Series(communes or [code])))


def _sizes(tailles: pd.Series) -> NDArray[np.intp]:
    return np.array([_ranks().get(taille, WITHOUT_CLASS) for taille in tailles], dtype=np.intp)


@cache
def _ranks() -> dict[str, int]:
    """Return the rank of each size class within its type."""
    classes = load_region().size_classes
    return {
        size.code: [other.code for other in classes if other.type == size.type].index(size.code) for size in classes
    }
