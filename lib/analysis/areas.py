"""The areas that a visit may go to, département, pays or EPCI, and which territories are in them.

What these territories answered belongs to `visit`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from lib.analysis.territories import structures
from lib.survey.edition import Edition
from lib.survey.once import once_per_edition
from lib.territory.naming import strict_key
from lib.territory.reference import load_reference

DEPARTEMENT = "departement:"
"""What the address of a département begins with, before its code; the others are named by their own code."""

OFFICIAL = ("epci", "commune", "departement")
"""Types whose territories have a code of their own, by which an area holds them."""


@dataclass(frozen=True)
class Area:
    """Where a visit goes.

    Attributes
    ----------
    code, nom, type : code of the territory, or identifier of a pays or syndicat; its name; its type.
    departements : codes of the départements that it is in.
    epci : codes of the EPCI in it, those across the limit of a département included.
    communes : codes of the communes of the region in it; `population` is that of these communes.
    """

    code: str
    nom: str
    type: str
    departements: tuple[str, ...]
    epci: tuple[str, ...]
    communes: tuple[str, ...]
    population: int


@once_per_edition
def areas(edition: Edition, reference: pd.DataFrame | None = None) -> dict[str, str]:
    """Return the names of the areas there are, by address: départements, pays and syndicats that answered, EPCI.

    A pays or a syndicat is one only if it told which EPCI it covers.
    """
    territories = load_reference(edition.millesime) if reference is None else reference
    found = {}
    for kind, prefix in (("departement", DEPARTEMENT), ("epci", "")):
        own = territories.loc[territories["type"] == kind, "nom"]
        codes = sorted(own.index, key=lambda code: strict_key(own[code]))
        found[kind] = {f"{prefix}{code}": f"{own[code]} ({code})" if prefix else str(own[code]) for code in codes}
    covering = {code: nom for code, (nom, _, _, members) in structures(edition).items() if members}
    named = dict(sorted(covering.items(), key=lambda item: strict_key(item[1])))
    return {**found["departement"], **named, **found["epci"]}


def find_area(edition: Edition, address: str, reference: pd.DataFrame | None = None) -> Area:
    """Return the area of an address of `areas`; KeyError if there is none."""
    territories = load_reference(edition.millesime) if reference is None else reference
    if address not in areas(edition, reference):
        raise KeyError(address)
    code = address.removeprefix(DEPARTEMENT)
    departements: tuple[str, ...]
    epci: tuple[str, ...]
    communes = territories[territories["type"] == "commune"]
    if address.startswith(DEPARTEMENT):
        there = territories["departements"].map(lambda codes: code in codes).astype(bool)
        epci = tuple(territories.index[there & (territories["type"] == "epci")])
        communes = communes[communes["departement"] == code]
        nom, kind, departements = str(territories.loc[code, "nom"]), "departement", (code,)
    elif code in territories.index:
        row: Any = territories.loc[code]
        epci, communes = (code,), communes[communes["epci"] == code]
        nom, kind, departements = str(row["nom"]), "epci", row["departements"]
    else:
        nom, kind, departements, epci = structures(edition)[code]
        communes = communes[communes["epci"].isin(epci)]
    population = int(communes["population"].sum())
    return Area(code, nom, kind, departements, epci, tuple(communes.index), population)


def situated(territories: pd.DataFrame, area: Area) -> pd.DataFrame:
    """Return whether each territory is in an area, or around it.

    Parameters
    ----------
    territories
        Any frame indexed by territory, with the columns type, departements, membres.

    Returns
    -------
    DataFrame
        Same index; inside: the area itself and what is in it. A département holds every territory that is on it, in
        part too, as the filter on départements does; a pays or an EPCI holds its EPCI, their communes, and the pays and
        syndicats whose EPCI are all its own. around: its départements, and the pays and syndicats across its limit.
    """
    epci = frozenset(area.epci)
    own = {area.code, *area.epci, *area.communes}
    rows = zip(territories.index, territories["type"], territories["departements"], territories["membres"], strict=True)
    inside, around = [], []
    for code, kind, departements, members in rows:
        if area.type == "departement":
            held, near = area.code in departements, False
        else:
            held = code in own or (kind not in OFFICIAL and bool(members) and epci.issuperset(members))
            near = code in area.departements or not epci.isdisjoint(members)
        inside.append(held)
        around.append(near and not held)
    return pd.DataFrame({"inside": inside, "around": around}, index=territories.index, dtype=bool)
