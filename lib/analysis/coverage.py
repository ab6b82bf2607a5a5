"""Who answered, set against who exists: territories and inhabitants covered, by type, size and département.

It counts participation only; what was answered is left to `shares`, who is over- or under-represented to
`representation`.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.selection import EVERYBODY, Selection, choices, with_sizes
from lib.survey.edition import Edition
from lib.survey.once import lately
from lib.territory.reference import load_reference

UNMATCHED = "non-reconnu"

Places = NDArray[np.intp]


@lately
def coverage(
    edition: Edition,
    selection: Selection = EVERYBODY,
    by: str | None = None,
    reference: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return how many territories answered, out of how many, and the inhabitants they stand for.

    Parameters
    ----------
    edition
        Every retained respondent counts, whichever questions they answered.
    selection
        Filters on territories narrow the region too; that on roles narrows the respondents only.
    by
        None for one line per type; `taille` or `departement` for one per type and group.
    reference
        List of territories; by default that of the region in the year of the edition.

    Returns
    -------
    DataFrame
        Indexed by type, and by group in a level named `by`: the groups of a type that exist in the region
        or answered, in the order of `choices`, then `non-reconnu` if some respondents' territory is not
        recognised. Columns:

        - respondents, territories: numbers of answers, and of territories of this type they come from;
        - existing: territories of the region (Int64);
        - rate: territories / existing;
        - covered: inhabitants of the territories that answered (Int64);
        - inhabitants: of all the existing ones (Int64);
        - covered_share: covered / inhabitants.

        Rates are fractions 0–1. All but the first two are missing for pays, syndicats and others, whose
        number is not known. Under a breakdown by département, a territory on several of them counts
        whole in each, among those that exist as among those that answered: lines do not add up.

    Notes
    -----
    Inhabitants are the population municipale within the region: for an EPCI that reaches beyond it,
    population × part_population. Types are never to be added: a commune's inhabitants are its EPCI's too.
    """
    territories = with_sizes(load_reference(edition.millesime) if reference is None else reference)
    if not selection.without_roles().is_empty:
        territories = territories[selection.without_roles().mask(territories).to_numpy()]
    respondents = edition.respondents[selection.mask(edition.respondents).to_numpy()]

    kinds = list(selection.types or choices(edition, "type"))
    groups = [*(selection.codes(by) or choices(edition, by, reference)), UNMATCHED] if by else [""]
    cells = len(kinds) * len(groups)
    people, places_of_people = _cells(respondents, kinds, groups, by)
    rows, places = _cells(territories, kinds, groups, by)

    answered = _answered(respondents, territories)
    inhabitants = territories["population"].to_numpy(dtype=float) * territories["part_population"].to_numpy()
    existing = np.bincount(places, minlength=cells)
    everybody = np.bincount(places, inhabitants[rows], cells)
    covered = np.bincount(places, (inhabitants * answered)[rows], cells)
    # Where no territory is known to exist, those that answered are counted by their own names.
    present = np.where(
        existing > 0,
        np.bincount(places, answered[rows], cells),
        _distinct(respondents["territory"], people, places_of_people, cells),
    )

    known = existing > 0
    frame = pd.DataFrame(
        {
            "respondents": np.bincount(places_of_people, minlength=cells),
            "territories": present.astype(np.int64),
            "existing": _integers(existing, known),
            "rate": present / np.where(known, existing, np.nan),
            "covered": _integers(covered, known),
            "inhabitants": _integers(everybody, known),
            "covered_share": covered / np.where(known, everybody, np.nan),
        },
        index=pd.MultiIndex.from_product([kinds, groups], names=["type", by or "group"]),
    )
    return frame[known | (frame["respondents"] > 0).to_numpy()] if by else frame.droplevel("group")


def _cells(rows: pd.DataFrame, kinds: list[str], groups: list[str], by: str | None) -> tuple[Places, Places]:
    """Return the places of rows, and the number of the cell type × group of each; a row may be in several cells."""
    own = pd.Index(kinds).get_indexer(pd.Index(rows["type"]))
    positions = np.arange(len(rows))
    if by is None:
        group = np.zeros(len(rows), dtype=np.intp)
    elif by == "departement":
        departements = rows["departements"].tolist()
        positions = np.repeat(positions, [len(codes) for codes in departements])
        group = pd.Index(groups).get_indexer(pd.Index(list(chain.from_iterable(departements)), dtype="str"))
    else:
        group = pd.Index(groups).get_indexer(pd.Index(rows[by]))
    if by is not None and "territory" in rows:
        unknown = np.flatnonzero(rows["territory"].isna())
        last = np.full(len(unknown), len(groups) - 1)
        apart = ~np.isin(positions, unknown)
        positions, group = np.append(positions[apart], unknown), np.append(group[apart], last)
    kept = (own[positions] >= 0) & (group >= 0)
    return positions[kept], (own[positions] * len(groups) + group)[kept]


def _answered(respondents: pd.DataFrame, territories: pd.DataFrame) -> NDArray[np.bool_]:
    """Return whether each territory answered: a respondent of its own type is enough.

    Looked up in the list itself: a declared type may differ from that of the territory recognised.
    """
    places = territories.index.get_indexer(pd.Index(respondents["territory"]))
    declared = respondents["type"].to_numpy(dtype=object)
    official = territories["type"].to_numpy(dtype=object)
    found = places >= 0
    found[found] = official[places[found]] == declared[found]
    answered = np.zeros(len(territories), dtype=bool)
    answered[places[found]] = True
    return answered


def _distinct(names: pd.Series, rows: Places, cells: Places, number: int) -> NDArray[np.int64]:
    """Return how many different names there are in each cell, missing ones aside."""
    codes, unique = pd.factorize(names)
    pairs = np.unique((cells * max(len(unique), 1) + codes[rows])[codes[rows] >= 0])
    return np.bincount(pairs // max(len(unique), 1), minlength=number)


def _integers(values: NDArray[Any], known: NDArray[np.bool_]) -> pd.arrays.IntegerArray:
    """Return whole numbers, missing where nothing is known."""
    return pd.arrays.IntegerArray(np.rint(values).astype(np.int64), ~known)
