"""Read the reference lists of territories: communes, EPCI and départements of the region, today and in earlier years.
Boundaries belong to `lib.territory.boundaries`, the recognition of declared names to `lib.territory.matching`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from lib.territory.naming import loose_keys
from lib.territory.region_folder import GEO


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
        Year of the COG and of the composition of EPCI that are those of today.
    de, du, en
        The name as in « les communes de Bretagne », « la carte de la Bretagne », « en Bretagne ».
    projection
        Name of the projection.
    counts
        How many territories there are of each type, and `partial_epci`, the EPCI that reach beyond the region.
    earlier
        Years before it of which a reference list is built too, latest first.
    size_classes
        By type, smallest first.
    """

    code: str
    nom: str
    epsg: int
    millesime: int
    size_classes: tuple[SizeClass, ...]
    earlier: tuple[int, ...] = ()
    de: str = ""
    du: str = ""
    en: str = ""
    projection: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@cache
def load_region() -> Region:
    """Return the region, from its `region.toml`."""
    content = tomllib.loads((GEO / "region.toml").read_text(encoding="utf-8"))
    classes = tuple(
        SizeClass(size["code"], size["label"], size["type"], size["low"], size.get("high"))
        for size in content["size_classes"]
    )
    earlier = sorted((year["millesime"] for year in content.get("earlier", ())), reverse=True)
    nom = content["nom"]
    return Region(
        content["code"], nom, content["epsg"], content["millesime"], classes, tuple(earlier),
        de=content.get("de", f"de {nom}"), du=content.get("du", f"de {nom}"), en=content.get("en", f"en {nom}"),
        projection=content.get("projection", f"EPSG:{content['epsg']}"),
        counts={name: count for name, count in content["counts"].items() if isinstance(count, int)},
    )  # fmt: skip


def load_reference(millesime: int | None = None) -> pd.DataFrame:
    """Return the territories of the region in one year; shared, never to be modified.

    Parameters
    ----------
    millesime
        Year of the COG; that of today by default.

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

    Raises
    ------
    ValueError
        No list is built for this year.
    """
    region = load_region()
    if millesime is None or millesime == region.millesime:
        return _read_reference("territories.csv")
    if millesime not in region.earlier:
        built = ", ".join(str(year) for year in (region.millesime, *region.earlier))
        raise ValueError(f"Pas de liste des territoires de {millesime}\u202f: geo/ contient celles de {built}.")
    return _read_reference(f"territories-{millesime}.csv")


def current_codes(codes: pd.Series) -> pd.Series:
    """Return the codes of today of territories of any year: a commune that merged since leads to the one it became.

    Parameters
    ----------
    codes
        Official codes, identifiers of structures without a code, or missing; what is not a commune of the past
        is returned as it is.
    """
    former = load_former_communes()
    today = load_reference().index
    became = {old: now for old, now in zip(former["code"], former["code_actuel"], strict=True) if old not in today}
    return codes.map(lambda code: became.get(code, code), na_action="ignore").astype("str")


@cache
def _read_reference(name: str) -> pd.DataFrame:
    territories = pd.read_csv(GEO / name, dtype=str, keep_default_na=False).set_index("code")
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


@cache
def load_names_elsewhere() -> frozenset[str]:
    """Return the names of the communes of today outside the region, as `naming.loose_key` writes them."""
    # One column: a line is a name, and the key of a name in quotation marks is that of the name.
    _, *names = (GEO / "names_elsewhere.csv").read_text(encoding="utf-8").splitlines()
    return frozenset(loose_keys(names))


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
