"""Files of territories with their polygons, for a geographic information system: GeoPackage and GeoJSON.

Which rows may leave, and the words of their columns, are decided before; here each row meets the polygon of its code.
"""

import io
import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import geopandas as gpd
import pandas as pd
import shapely

from lib.territory.boundaries import LAYERS, load_boundaries
from lib.territory.reference import load_region
from lib.territory.region_folder import GEO

WORLD = 4326
"""What RFC 7946 asks of a GeoJSON file. A GeoPackage is in the projection of the region, where a metre is a metre."""
PERIMETER = "perimetre"
"""Level of the territories without a polygon of their own, drawn from the EPCI that they are made of."""
NO_DATE = datetime(2000, 1, 1)
TOLERANCE = 1_000
"""Of the simplified outlines of départements, in metres: the square root of the largest triangle that is cut off."""

Members = Mapping[str, Sequence[str]]


def geopackage(
    rows: pd.DataFrame, code: str, level: str, layer: str, stamp: Mapping[str, str], members: Members | None = None,
    made: datetime = NO_DATE,
) -> bytes:  # fmt: skip
    """Return the rows as a GeoPackage of one layer, in the projection of the region.

    Parameters
    ----------
    rows
        What to write, a row a territory, and nothing more: no other territory is added.
    code
        Column that holds the code of the territory; a code without a polygon leaves a row without geometry.
    level
        `commune`, `epci`, `departement`, or `perimetre`: the union of the EPCI that `members` gives.
    layer
        Its name; signs other than letters and digits become « _ ».
    stamp
        Repeated on each row as last columns, and in the description of the layer.
    members
        Code of a perimeter to codes of its EPCI; those without a polygon are passed over.
    made
        The only date that the file holds, so that the same rows give the same bytes.
    """
    placed = _placed(rows, code, level, stamp, members).to_crs(load_region().epsg)
    told = " · ".join(f"{heading}\u202f: {value}" for heading, value in stamp.items())
    content = io.BytesIO()
    placed.to_file(
        content, driver="GPKG", engine="pyogrio", layer=layer_name(layer), geometry_type="MultiPolygon",
        promote_to_multi=True, DESCRIPTION=told,
    )  # fmt: skip
    return _dated(content.getvalue(), made)


def geojson(
    rows: pd.DataFrame, code: str, level: str, layer: str, stamp: Mapping[str, str], members: Members | None = None
) -> bytes:
    """Return the rows as GeoJSON after RFC 7946: WGS84, six decimals, outer rings counterclockwise.

    The parameters are those of `geopackage`; a row without a polygon has a null geometry.
    """
    content = io.BytesIO()
    _placed(rows, code, level, stamp, members).to_file(
        content, driver="GeoJSON", engine="pyogrio", layer=layer_name(layer), RFC7946="YES", COORDINATE_PRECISION=6
    )
    return content.getvalue()


def unplaced(rows: pd.DataFrame, code: str, level: str, members: Members | None = None) -> int:
    """Return how many rows have no polygon: an unknown code, or a perimeter whose EPCI are not known."""
    return sum(shape is None for shape in _shapes(rows[code], level, members or {}))


def outlines() -> bytes:
    """Return the départements of the region as GeoJSON, to draw under a map: simplified, without anything else."""
    whole = load_boundaries("departement")[["nom", "geometry"]].reset_index().to_crs(load_region().epsg)
    simple = whole.set_geometry(shapely.coverage_simplify(whole.geometry.to_numpy(), TOLERANCE), crs=whole.crs)
    content = io.BytesIO()
    simple.to_crs(WORLD).to_file(
        content, driver="GeoJSON", engine="pyogrio", layer="departements", RFC7946="YES", COORDINATE_PRECISION=4
    )
    return content.getvalue()


def boundary_sources() -> tuple[str, ...]:
    """Return where the polygons and the list of territories come from, and under which licence, in French."""
    contours, nomenclature, *_ = json.loads((GEO / "sources.json").read_text(encoding="utf-8"))["sources"]
    return (
        f"Contours\u202f: paquet PyPI {contours['package']} {contours['version']}, polygones des communes de 2024, "
        "réunis pour celles qui ont fusionné depuis. Le paquet se déclare sous licence GPL-3.0 et ne dit ni la source "
        "ni l’année de la géométrie (probablement des contours publics dérivés d’Admin Express, de l’IGN).",
        f"Nomenclature\u202f: paquet npm {nomenclature['package']} {nomenclature['version']}, code officiel "
        f"géographique et composition des intercommunalités de {load_region().millesime}, sous Licence Ouverte.",
    )


def layer_name(name: str) -> str:
    """Return a name that every tool takes for a layer: letters, digits and « _ »."""
    return re.sub(r"\W+", "_", name).strip("_") or "territoires"


def _placed(
    rows: pd.DataFrame, code: str, level: str, stamp: Mapping[str, str], members: Members | None
) -> gpd.GeoDataFrame:
    columns = {str(name): _column(rows[name]) for name in rows}
    for heading, value in stamp.items():
        columns[heading if heading not in columns else f"{heading} (origine)"] = [value] * len(rows)
    shapes = gpd.GeoSeries(_shapes(rows[code], level, members or {}), crs=WORLD)
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=WORLD)


def _column(cells: pd.Series) -> list[Any] | pd.Series:
    """Return the cells of one type: numbers, or texts where some cell is one (« n < 3 » among counts)."""
    if pd.api.types.is_numeric_dtype(cells):
        return cells.reset_index(drop=True)
    known = cells.dropna()
    if len(known) and all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in known):
        return pd.to_numeric(cells).reset_index(drop=True)
    return [None if pd.isna(cell) else str(cell) for cell in cells]


def _shapes(codes: pd.Series, level: str, members: Members) -> list[shapely.Geometry | None]:
    known = load_boundaries("epci" if level == PERIMETER else level).geometry
    if level in LAYERS:
        return [known.get(code) for code in codes]
    return [_union(known, members.get(code, ())) for code in codes]


def _union(known: gpd.GeoSeries, codes: Sequence[str]) -> shapely.Geometry | None:
    parts = known[known.index.isin(codes)]
    return cast(shapely.Geometry, shapely.union_all(parts.to_numpy())) if len(parts) else None


def _dated(content: bytes, made: datetime) -> bytes:
    """Return a GeoPackage whose only date is the one given: GDAL writes that of the clock, once or twice."""
    with sqlite3.connect(":memory:") as database:
        database.deserialize(content)
        database.execute("UPDATE gpkg_contents SET last_change = ?", (f"{made:%Y-%m-%dT%H:%M:%S.000Z}",))
        database.commit()
        dated = bytearray(database.serialize())
    database.close()
    # SQLite counts the changes of the file in its header, at these two places, which must agree.
    for place in (24, 92):
        dated[place : place + 4] = (1).to_bytes(4, "big")
    return bytes(dated)
