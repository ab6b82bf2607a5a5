"""Which respondents a figure is about: the four filters, the groups of a breakdown, and their names.

Reading a selection from the URL and writing it in French belong to the interface.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.survey.edition import WITHOUT_SIZE, Edition
from lib.territory.reference import load_reference, load_region

PLURALS = {
    "commune": "Communes",
    "epci": "EPCI",
    "departement": "Départements",
    "pays": "Pays et PETR",
    "syndicat": "Syndicats mixtes",
    "autre": "Autres structures",
}
"""French plurals of the types that the dashboard knows; another is called by its label."""
DIMENSIONS = ("type", "taille", "departement", "role")

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Selection:
    """Filters of a figure, each a tuple of codes; an empty tuple does not filter.

    Codes of one filter are alternatives, filters add up. A territory on several départements matches each
    of them. A respondent whose territory is not recognised has neither size nor département and matches
    only where these two filters are empty.

    `weighted` filters nobody: it asks that territories count with their weight, where they have one.
    """

    types: tuple[str, ...] = ()
    tailles: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    weighted: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered, weighted or not."""
        return not (self.types or self.tailles or self.departements or self.roles)

    def without_roles(self) -> Selection:
        """Return the same filters on territories, whoever answered for them."""
        return replace(self, roles=())

    def without_weighting(self) -> Selection:
        """Return the same filters, every unit counting as one."""
        return replace(self, weighted=False)

    def mask(self, respondents: pd.DataFrame) -> pd.Series[bool]:
        """Return whether each row matches.

        Parameters
        ----------
        respondents
            Any frame with the columns type, taille, departements, and role when roles are filtered: the
            respondents of an edition, or the reference list of territories.
        """
        kept = np.ones(len(respondents), dtype=bool)
        for dimension in DIMENSIONS:
            codes = self.codes(dimension)
            if codes:
                kept &= members(respondents, dimension, codes)
        return pd.Series(kept, index=respondents.index, dtype=bool)

    def codes(self, dimension: str) -> tuple[str, ...]:
        """Return the codes of the filter on type, taille, departement or role."""
        return {
            "type": self.types,
            "taille": self.tailles,
            "departement": self.departements,
            "role": self.roles,
        }[dimension]


EVERYBODY = Selection()


def with_sizes(territories: pd.DataFrame) -> pd.DataFrame:
    """Return a reference list where a territory without size class carries the code that respondents carry for it."""
    return territories.assign(taille=territories["taille"].fillna(WITHOUT_SIZE))


def members(rows: pd.DataFrame, dimension: str, codes: tuple[str, ...]) -> Mask:
    """Return whether each row has one of the codes on type, taille, departement or role."""
    if dimension == "departement":
        return np.any(memberships(rows, dimension, codes), axis=1)
    return rows[dimension].isin(codes).to_numpy(dtype=bool)


def memberships(rows: pd.DataFrame, dimension: str, codes: Sequence[str]) -> Mask:
    """Return whether each row has each code on type, taille, departement or role: shape (rows, codes).

    A row may have several départements. Rows share few values: each distinct one is looked at once.
    """
    values = rows[dimension if dimension != "departement" else "departements"]
    places, distinct = pd.factorize(values)
    if dimension == "departement":
        belongs = [[code in own for code in codes] for own in distinct]
    else:
        belongs = [[code == own for code in codes] for own in distinct]
    # A missing value, numbered −1, takes the last line: it belongs nowhere.
    table = np.zeros((len(distinct) + 1, len(codes)), dtype=bool)
    table[:-1] = np.array(belongs, dtype=bool).reshape(-1, len(codes))
    return table[places]


def choices(edition: Edition, dimension: str, reference: pd.DataFrame | None = None) -> dict[str, str]:
    """Return the codes of a dimension and their French names, in the order in which they are shown.

    Parameters
    ----------
    edition
        Gives the names of types and roles, through its codebook.
    dimension
        type, taille, departement or role.
    reference
        List of territories; that of the region by default.

    Returns
    -------
    dict
        Code to name: every code that may occur, whether or not anybody answered; names are unlike each
        other within a dimension. Size classes end with `sans-objet`, that of départements, pays and others.
    """
    codebook = edition.codebook
    if dimension == "type":
        return codebook[codebook.parts.territory_type].labels
    if dimension == "role":
        return codebook[codebook.parts.role].labels if codebook.parts.role else {}
    if dimension == "taille":
        # Communes and EPCI both have a class of 50 000 and more: only the type tells them apart.
        sizes = {size.code: f"{PLURALS[size.type]} de {size.label}" for size in load_region().size_classes}
        return sizes | {WITHOUT_SIZE: "Sans objet (départements, pays, syndicats, autres)"}
    if dimension == "departement":
        return dict(_region_departements()) if reference is None else _departements(reference)
    raise ValueError(f"unknown dimension {dimension!r}: expected one of {', '.join(DIMENSIONS)}")


def _departements(territories: pd.DataFrame) -> dict[str, str]:
    names = territories.loc[territories["type"] == "departement", "nom"]
    return {str(code): f"{name} ({code})" for code, name in names.sort_index().items()}


@cache
def _region_departements() -> dict[str, str]:
    return _departements(load_reference())
