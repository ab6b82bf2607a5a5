"""Which territory already engaged is proposed to which other, all together, so that none is asked by everyone.

For the team alone: it looks at answers that nobody agreed to publish. Who suits whom, and at what cost, belongs to
`support`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from lib.analysis import engagement
from lib.analysis.support import Fit, chosen, fit, surveyed, theme_codes
from lib.survey.consent import publishable
from lib.survey.edition import Edition
from lib.survey.engagement import load_rule
from lib.survey.once import once_per_edition
from lib.survey.support import Support, load_support
from lib.territory.naming import strict_key

NOWHERE, NOBODY_NEAR, ALL_ASKED = "sans-position", "aucun-moteur", "moteurs-complets"
"""Why a territory is left without a supporter: where it lies is not known, nobody comparable is near enough, or all
those who are have been proposed as often as they may be."""

UNSERVED = -1


@dataclass(frozen=True, eq=False)
class Pairings:
    """The proposed pairs, and who is left.

    Attributes
    ----------
    pairs : one row per territory served, by type and name: territory, nom, type, taille, stage, published (whether
        its own answers may be told), supporter, supporter_nom, km, same_size, needed and ahead (tuples of themes, as in
        `lib.analysis.support.supporters`), cost (in kilometres, without what balances the requests).
    unserved : territory, nom, type, taille, stage, published, reason (one of those above).
    loads : how many territories are proposed to each supporter, the most asked first; 0 for those left out.
    moteurs : indexed by supporter: nom, type.
    settings : those they were made with.
    undetermined : how many territories answered too little for a stage; they are in neither list.
    """

    pairs: pd.DataFrame
    unserved: pd.DataFrame
    loads: pd.Series
    moteurs: pd.DataFrame
    settings: Support
    undetermined: int

    @property
    def cost(self) -> float:
        """Total cost, what balances the requests included: what no other set of as many pairs goes under."""
        requests = sum(load * (load - 1) / 2 for load in self.loads)
        return float(self.pairs["cost"].sum() + self.settings.cost.request * requests)


def pairings(edition: Edition, settings: Support | None = None) -> Pairings:
    """Return the pairs to propose: as many territories served as possible, then at the least total cost.

    Parameters
    ----------
    edition
        The answers as given. Territories to be helped are those of a helped stage, published or not; supporters those
        of a helping stage whose every respondent agreed to be named, since the territory helped is told who they are.
    settings
        Those of data/support.toml by default.

    Returns
    -------
    Pairings
        The optimum, by an assignment solver; the same for the same answers, in whatever order they come.

    Raises
    ------
    ValueError
        If the edition is a public one: what it says of an unpublished territory is the answer of another.
    """
    if edition.threshold:
        raise ValueError("pairs are made from the answers as given: in a public edition they are exchanged")
    return _pairings(edition, settings or load_support())


@once_per_edition
def _pairings(edition: Edition, settings: Support) -> Pairings:
    crowd = surveyed(edition, settings)
    stages = engagement.points(edition)["stage"].reindex(crowd.rows.index)
    agreed = publishable(edition.respondents).reindex(crowd.rows.index)
    told = _told(edition).reindex(crowd.rows.index)
    helped = stages.isin(settings.helped).to_numpy(bool)
    helping = (told.isin(settings.helping) & agreed).to_numpy(bool) & ~helped
    territories, candidates = crowd.take(helped), crowd.take(helping)
    suits = fit(territories, candidates, settings)
    served = assigned(suits.cost, settings.capacity, settings.cost.request)

    rows = territories.rows.rename_axis("territory").reset_index()
    rows["stage"] = stages[helped].to_numpy()
    rows["published"] = agreed[helped].to_numpy(bool)
    return Pairings(
        _pairs(rows, candidates.rows, suits, served, theme_codes(edition, settings)),
        _left(rows, territories.places, suits, served),
        _loads(served, candidates.rows),
        candidates.rows[["nom", "type"]],
        settings,
        int((stages == engagement.UNKNOWN).sum()),
    )


def assigned(costs: NDArray[np.float64], capacity: int, request: float = 0.0) -> NDArray[np.intp]:
    """Return the supporter of each territory, `UNSERVED` where it has none.

    Parameters
    ----------
    costs
        Of each territory (row) with each supporter (column); infinite where they may not be paired.
    capacity
        How many territories a supporter may have.
    request
        What the second territory of a supporter costs more, the third twice that, and so on.

    Returns
    -------
    ndarray
        One number of a column per row: as many rows served as possible and, among such assignments, one of the least
        total cost.

    Notes
    -----
    Each supporter stands in as many columns as it may have territories, each dearer than the one before by `request`;
    as the k-th costs no less than the one before it, the columns of a supporter are filled from the first on. A
    forbidden pair costs more than all the others can save together: it is only taken where nothing else is left.
    """
    territories, supporters = costs.shape
    found = np.full(territories, UNSERVED, dtype=np.intp)
    copies = min(capacity, territories)
    columns = np.repeat(costs, copies, axis=1) + request * np.tile(np.arange(copies), supporters)
    allowed = np.isfinite(columns)
    if not allowed.any():
        return found
    low, high = columns[allowed].min(), columns[allowed].max()
    # From 0 up: one pair more is then worth more than any saving on all of those there can be.
    forbidden = (high - low + 1) * (min(columns.shape) + 1)
    rows, places = linear_sum_assignment(np.where(allowed, columns - low, forbidden))
    real = allowed[rows, places]
    found[rows[real]] = places[real] // copies
    return found


def _told(edition: Edition) -> pd.Series:
    """Return the stage of each territory from its facts alone, as its portrait says it to everybody.

    Whoever is proposed a supporter learns at which stage it is: no opinion of its respondents may count there.
    """
    rule, opinions = load_rule(), engagement.opinions(edition)
    facts = tuple(criterion for criterion in rule.criteria if criterion not in opinions)
    return engagement.points(edition, replace(rule, criteria=facts))["stage"]


def _pairs(
    rows: pd.DataFrame, candidates: pd.DataFrame, suits: Fit, served: NDArray[np.intp], themes: tuple[str, ...]
) -> pd.DataFrame:
    of = np.flatnonzero(served != UNSERVED)
    by = served[of]
    pairs = rows.iloc[of].reset_index(drop=True)
    pairs["supporter"] = candidates.index[by]
    pairs["supporter_nom"] = candidates["nom"].to_numpy(object)[by]
    pairs["km"] = suits.km[of, by]
    pairs["same_size"] = suits.same_size[of, by]
    for column, block in (("needed", suits.needed), ("ahead", suits.ahead)):
        pairs[column] = pd.Series([chosen(themes, block[row, column]) for row, column in zip(of, by, strict=True)],
                                  index=pairs.index, dtype=object)  # fmt: skip
    pairs["cost"] = suits.cost[of, by]
    return _by_name(pairs)


def _left(rows: pd.DataFrame, places: NDArray[np.float64], suits: Fit, served: NDArray[np.intp]) -> pd.DataFrame:
    left = np.flatnonzero(served == UNSERVED)
    near = np.isfinite(suits.cost[left]).any(axis=1)
    nowhere = np.isnan(places[left]).any(axis=1)
    reasons = np.where(nowhere, NOWHERE, np.where(near, ALL_ASKED, NOBODY_NEAR)).astype(object)
    unserved = rows.iloc[left].reset_index(drop=True).assign(reason=pd.Series(reasons, dtype="str"))
    return _by_name(unserved)


def _by_name(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows by type, then in the order of their names, accents aside."""
    order = rows.assign(key=rows["nom"].map(strict_key)).sort_values(["type", "key", "territory"], kind="stable")
    return order.drop(columns="key").reset_index(drop=True)


def _loads(served: NDArray[np.intp], candidates: pd.DataFrame) -> pd.Series:
    numbers = np.bincount(served[served != UNSERVED], minlength=len(candidates))
    loads = pd.Series(numbers, index=candidates.index.rename("supporter"), name="load", dtype=np.int64)
    return loads.sort_values(ascending=False, kind="stable")
