"""Read the reference list of territories: communes, EPCI and départements of the region as they are today.
Boundaries belong to `lib.territory.boundaries`, the recognition of declared names to `lib.territory.matching`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

GEO = Path(__file__).parents[2] / "geo"


@dataclass(frozen=True)
class SizeClass:
    """One size class: population municipale from `low` to `high`, both included, without an upper end if None.

    The code carries the type of territory (`commune-1000-3499`); the label is French.
    """

    code: str
    label: str
    type: str
    low: int
    high: int | None


@dataclass(frozen=True)
class Region:
    """The region the dashboard is built for.

    Attributes
    ----------
    code, nom
        INSEE code and name of the region.
    epsg
        Projection in which areas and distances are computed, in metres.
    millesime
        Year of the COG and of the composition of EPCI.
    size_classes
        By type, smallest first.
    """

    code: str
    nom: str
    epsg: int
    millesime: int
    size_classes: tuple[SizeClass, ...]


@cache
def load_region() -> Region:
    """Return the region, from `geo/region.toml`."""
    content = tomllib.loads((GEO / "region.toml").read_text(encoding="utf-8"))
    classes = tuple(
        SizeClass(size["code"], size["label"], size["type"], size["low"], size.get("high"))
        for size in content["size_classes"]
    )
    return Region(content["code"], content["nom"], content["epsg"], content["millesime"], classes)


@cache
def load_reference() -> pd.DataFrame:
    """Return the territories of the region; shared, never to be modified.

    Returns
    -------
    DataFrame
        Index `code` (INSEE of a commune or département, SIREN of an EPCI); columns

        - `nom`, `type` (commune, epci, departement), `nature` (COM, CC, CA, CU, METRO, DEP);
        - `siren`: missing for départements; `population`: population municipale of the whole territory (Int64);
        - `epci`: code of the EPCI of a commune, missing if it has none;
        - `departement`: the main one by inhabitants; `departements`: all of them inside the region (tuple, main first);
        - `codes_postaux`: those of a commune (tuple, empty for the others);
        - `taille`: code of the size class, missing for départements;
        - `partiel`: True for an EPCI with communes outside the region; `part_population`: fraction 0–1 of its
          inhabitants who live inside.
    """
    territories = pd.read_csv(GEO / "territories.csv", dtype=str, keep_default_na=False).set_index("code")
    departements = territories["departements"].str.split().map(tuple)
    return pd.DataFrame(
        {
            "nom": territories["nom"],
            "type": territories["type"],
            "nature": territories["nature"],
            "siren": _blank_as_missing(territories["siren"]),
            "population": territories["population"].astype("Int64"),
            "epci": _blank_as_missing(territories["epci"]),
            "departement": departements.map(lambda codes: codes[0]),
            "departements": departements,
            "codes_postaux": territories["codes_postaux"].str.split().map(tuple),
            "taille": _blank_as_missing(territories["taille"]),
            "partiel": territories["partiel"] == "1",
            "part_population": territories["part_population"].astype(float),
        }
    )


@cache
def load_former_communes() -> pd.DataFrame:
    """Return the names under which communes of the region were known before; shared, never to be modified.

    Returns
    -------
    DataFrame
        One row per former name: `code` and `nom` of then, `nature` (deleguee, associee, fusionnee, renommee),
        `annee` (Int64: last COG year in which it was the name of a commune of its own, missing if unknown),
        `code_actuel` (the commune of today).
    """
    former = pd.read_csv(GEO / "former_communes.csv", dtype=str, keep_default_na=False)
    former["annee"] = pd.to_numeric(former["annee"]).astype("Int64")
    return former


def size_class(type: str, population: int) -> str | None:
    """Return the code of the size class of a territory, None for a type without classes.

    Parameters
    ----------
    type
        `commune` or `epci`; any other type has no size classes.
    population
        Population municipale.
    """
    return next(
        (
            size.code
            for size in load_region().size_classes
            if size.type == type and size.low <= population and (size.high is None or population <= size.high)
        ),
        None,
    )


def _blank_as_missing(column: pd.Series) -> pd.Series:
    return column.mask(column == "")
