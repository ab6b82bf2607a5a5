"""Build, from the pinned sources, the boundaries and the reference lists the application reads.
`python -m geo.build` writes them beside this file; `--check` builds them anew and compares them byte for byte."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from geo import tables, topology
from geo.sources import FOLDER, BuildError, Sources, load_region, load_sources

OUTPUTS = ("territories*.csv", "former_communes.csv", "names_elsewhere.csv", "sources.json", "boundaries.*.json")

# As the project states them: nothing is claimed that the packages do not say.
BOUNDARIES_LICENCE = (
    "The wheel declares GPL-3.0 for itself and does not state the geometry's source or year (public open-data"
    " contours derived from the national mapping agency's Admin Express are likely)."
)
NOMENCLATURE_LICENCE = "Licence Ouverte (data), MIT (code)"


def build(sources: Sources, region: dict[str, Any]) -> dict[str, str]:
    """Return file name -> content of everything the application reads.

    Raises
    ------
    BuildError
        The sources do not give the expected territories, or a polygon is not what it must be.
    """
    rows = tables.territories(sources, region)
    counts = tables.check_counts(rows, region)
    # An earlier year has its own millesime and counts, and the size classes of today.
    earlier = {year["millesime"]: _earlier(sources, region | year, rows) for year in region.get("earlier", ())}
    former = tables.former_communes(sources, region)
    elsewhere = tables.names_elsewhere(sources, region)
    boundaries = _boundaries(sources, region, rows)
    text = json.dumps(boundaries, ensure_ascii=False, separators=(",", ":")) + "\n"
    name = f"boundaries.{hashlib.sha256(text.encode()).hexdigest()[:8]}.json"
    counts |= {"former_communes": len(former), "names_elsewhere": len(elsewhere)}
    described = json.dumps(_describe(sources, region, counts), ensure_ascii=False, indent=2) + "\n"
    return {
        name: text,
        "territories.csv": tables.csv_text(rows, tables.TERRITORY_COLUMNS),
        **{f"territories-{year}.csv": text for year, text in earlier.items()},
        "former_communes.csv": tables.csv_text(former, tables.FORMER_COLUMNS),
        "names_elsewhere.csv": tables.csv_text(elsewhere, tables.ELSEWHERE_COLUMNS),
        "sources.json": described,
    }


def _earlier(sources: Sources, region: dict[str, Any], today: list[tables.Entry]) -> str:
    """Return the reference list of an earlier year as text, its counts and its shapes checked."""
    rows = tables.territories(sources, region)
    tables.check_counts(rows, region)
    tables.check_same_shapes(today, rows, region["millesime"])
    return tables.csv_text(rows, tables.TERRITORY_COLUMNS)


def _boundaries(sources: Sources, region: dict[str, Any], rows: list[tables.Entry]) -> dict[str, Any]:
    """Return the TopoJSON of communes, EPCI, départements and préfectures, checked."""
    today = tables.current(sources.communes[region["millesime"]])
    by_type: dict[str, dict[str, tables.Entry]] = {"commune": {}, "epci": {}, "departement": {}}
    for row in rows:
        by_type[row["type"]][row["code"]] = row
    groups = tables.region_epci(sources, region["millesime"], set(by_type["commune"]))
    members = {group["code"]: sorted(member["code"] for member in group["membres"]) for group in groups}
    wanted = set(by_type["commune"]).union(*members.values())

    heir = tables.heirs(sources, region["millesime"])
    absorbed = set(tables.current(sources.communes[sources.polygons_cog])) - set(today) - set(sources.polygons)
    absorbing = {heir[code] for code in absorbed} & wanted
    polygons = topology.whole_coverage(sources.polygons, wanted, absorbing)

    whole, rings = topology.build_topology(polygons)
    by_departement: dict[str, list[str]] = {code: [] for code in by_type["departement"]}
    for code, row in by_type["commune"].items():
        by_departement[row["departements"]].append(code)
    drawn = topology.keep_used_arcs(
        whole,
        {
            "communes": {code: rings[code] for code in by_type["commune"]},
            "epci": {code: topology.merge(whole, [rings[c] for c in codes]) for code, codes in members.items()},
            "departements": {
                code: topology.merge(whole, [rings[c] for c in codes]) for code, codes in by_departement.items()
            },
        },
    )
    outside = {code: topology.shape(whole, rings[code]) for code in wanted - set(by_type["commune"])}
    _check_shapes(drawn, polygons, outside, {"epci": members, "departements": by_departement}, region)

    objects: dict[str, Any] = {}
    for name, level in (("communes", "commune"), ("epci", "epci"), ("departements", "departement")):
        geometries = []
        for code, shape in drawn["objects"][name].items():
            row = by_type[level][code]
            properties = {"nom": row["nom"], "pop": row["population"]}
            if level == "epci":
                properties["nature"] = row["nature"]
            single = len(shape) == 1
            geometries.append(
                {
                    "type": "Polygon" if single else "MultiPolygon",
                    "id": code,
                    "properties": properties,
                    "arcs": shape[0] if single else shape,
                }
            )
        objects[name] = {"type": "GeometryCollection", "geometries": geometries}
    departements = sources.departements[region["millesime"]]
    seats = {entry["code"]: entry["chefLieu"] for entry in departements if entry["code"] in by_departement}
    objects["prefectures"] = {
        "type": "GeometryCollection",
        "geometries": [
            {
                "type": "Point",
                "id": departement,
                "properties": {"nom": today[seat]["nom"], "code": seat},
                "coordinates": topology.quantised(drawn, polygons[seat].representative_point()),
            }
            for departement, seat in sorted(seats.items())
        ],
    }
    return {
        "type": "Topology",
        "transform": drawn["transform"],
        "objects": objects,
        "arcs": drawn["arcs"],
    }


def _check_shapes(
    drawn: dict[str, Any],
    polygons: dict[str, shapely.Geometry],
    outside: dict[str, shapely.Geometry],
    members: dict[str, dict[str, list[str]]],
    region: dict[str, Any],
) -> None:
    """Raise BuildError unless every shape is valid, communes cover the region and unions are exact."""
    shapes = {
        name: {code: topology.shape(drawn, shape) for code, shape in objects.items()}
        for name, objects in drawn["objects"].items()
    }
    communes = shapes["communes"]
    for name, drawings in shapes.items():
        if invalid := [code for code, shape in drawings.items() if not shape.is_valid]:
            raise BuildError(f"{name}: invalid after quantisation {invalid}")
    known = communes | outside
    if not shapely.coverage_is_valid(list(known.values())):
        raise BuildError("communes overlap after quantisation")
    for name, groups in members.items():
        for code, codes in groups.items():
            union = shapely.coverage_union_all([known[member] for member in codes])
            if not union.normalize().equals(shapes[name][code].normalize()):
                raise BuildError(f"{name} {code} is not the union of its communes")
    areas = gpd.GeoSeries(communes, crs=4326).to_crs(region["epsg"]).area
    source = gpd.GeoSeries({code: polygons[code] for code in communes}, crs=4326).to_crs(region["epsg"]).area
    union = shapely.coverage_union_all(list(shapes["departements"].values()))
    total = gpd.GeoSeries([union], crs=4326).to_crs(region["epsg"]).area.sum()
    for compared in (total, source.sum()):
        if abs(areas.sum() / compared - 1) > 0.001:
            raise BuildError(f"communes cover {areas.sum():.0f} m², {compared:.0f} m² expected")


def _describe(sources: Sources, region: dict[str, Any], counts: dict[str, Any]) -> dict[str, Any]:
    """Return what `sources.json` says: each source, what was taken from it, and what was built."""
    pins = sources.pins
    nomenclature = pins["nomenclature"]
    releases = {release["year"]: release["version"] for release in nomenclature["releases"]}
    listed = {year["millesime"] for year in region.get("earlier", ())}
    return {
        "region": {"code": region["code"], "nom": region["nom"], "millesime": region["millesime"]},
        "sources": [
            {
                "package": pins["boundaries"]["package"],
                "registry": "PyPI",
                "version": pins["boundaries"]["version"],
                "year": None,
                "licence": BOUNDARIES_LICENCE,
                "taken": f"polygons of communes, found to be those of the COG of {sources.polygons_cog}",
            },
            {
                "package": nomenclature["package"],
                "registry": "npm",
                "version": releases[region["millesime"]],
                "year": region["millesime"],
                "licence": NOMENCLATURE_LICENCE,
                "taken": "communes with population, SIREN and postal codes, EPCI with members, départements,"
                " communes déléguées and associées, names of the communes outside the region",
            },
            *(
                {
                    "package": nomenclature["package"],
                    "registry": "npm",
                    "version": version,
                    "year": year,
                    "licence": NOMENCLATURE_LICENCE,
                    "taken": "names and codes of the communes of that year"
                    + (", and the list of its territories with their populations" if year in listed else "")
                    + (", history of communes since 1943" if year == min(releases) else ""),
                }
                for year, version in releases.items()
                if year != region["millesime"]
            ),
        ],
        "counts": counts,
    }


def compare(folder: Path, built: dict[str, str]) -> list[str]:
    """Return a sentence per file of `folder` that differs from what was built."""
    present = {path.name for pattern in OUTPUTS for path in folder.glob(pattern)}
    faults = [f"{name} is not what the sources give" for name in sorted(present - set(built))]
    for name, content in sorted(built.items()):
        if name not in present:
            faults.append(f"{name} is missing")
        elif (folder / name).read_bytes() != content.encode():
            faults.append(f"{name} differs from what the sources give")
    return faults


def main(arguments: list[str] | None = None) -> int:
    """Build, or check what was built; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m geo.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the files present, write nothing")
    parser.add_argument("--cache", type=Path, help="folder in which downloads are kept")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        cache = options.cache or Path(temporary)
        cache.mkdir(parents=True, exist_ok=True)
        try:
            region = load_region()
            years = [region["millesime"], *(year["millesime"] for year in region.get("earlier", ()))]
            built = build(load_sources(cache, years), region)
        except BuildError as error:
            print(f"geo.build: {error}", file=sys.stderr)
            return 1
    if options.check:
        faults = compare(FOLDER, built)
        print("\n".join(f"geo.build: {fault}" for fault in faults) or "geo.build: identical", file=sys.stderr)
        return 1 if faults else 0
    for pattern in OUTPUTS:
        for path in FOLDER.glob(pattern):
            path.unlink()
    for name, content in built.items():
        (FOLDER / name).write_bytes(content.encode())
        print(f"{name}: {len(content.encode()):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
