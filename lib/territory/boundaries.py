"""Read the boundaries of communes, EPCI and départements, all drawn from the same arcs.
How they are built is told in `geo/README.md`; how they are drawn belongs to `lib.display`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import cast

import geopandas as gpd
import pandas as pd
import shapely

from lib.territory.region_folder import GEO

LAYERS = {"commune": "communes", "epci": "epci", "departement": "departements"}


def boundaries_path() -> Path:
    """Return the path of the one TopoJSON file; its name carries a hash of its content.

    Raises
    ------
    FileNotFoundError
        There is no such file, or more than one.
    """
    found = list(GEO.glob("boundaries.*.json"))
    if len(found) != 1:
        raise FileNotFoundError(f"one boundaries.<hash>.json expected in {GEO}, {len(found)} found")
    return found[0]


@cache
def load_boundaries(level: str) -> gpd.GeoDataFrame:
    """Return the polygons of a level, in WGS84; shared, never to be modified.

    Parameters
    ----------
    level
        `commune`, `epci` or `departement`.

    Returns
    -------
    GeoDataFrame
        Index `code`; columns `nom`, `pop` (population municipale), `geometry`, and `nature` for EPCI. An EPCI that
        reaches beyond the region is drawn whole.
    """
    return _layer(LAYERS[level]).rename(columns={"id": "code"}).set_index("code")


@cache
def load_prefectures() -> gpd.GeoDataFrame:
    """Return where to write the name of each département's chef-lieu: index `departement`, `nom`, `code`, point."""
    return _layer("prefectures").rename(columns={"id": "departement"}).set_index("departement")


def perimeter(codes: Iterable[str]) -> shapely.Geometry:
    """Return the union of communes, EPCI or départements in WGS84; empty if there is none.

    Raises
    ------
    KeyError
        A code is not one of the reference list.
    """
    shapes = pd.concat([load_boundaries(level).geometry for level in LAYERS])
    return cast(shapely.Geometry, shapely.union_all(shapes.loc[list(codes)].to_numpy()))


def _layer(name: str) -> gpd.GeoDataFrame:
    layer = gpd.read_file(boundaries_path(), layer=name, engine="pyogrio")
    return cast(gpd.GeoDataFrame, layer.set_crs(4326, allow_override=True))
