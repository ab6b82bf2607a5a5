"""Build, from the pinned sources, the boundaries and the reference lists the application reads.
`python -m geo.build` writes them beside this file; `--check` builds them anew and compares them byte for byte;
`--region CODE` writes another region, its texts and a simulated edition, in a folder that NUMERIQUE_REGION names."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from geo import france, regions, tables, topology
from geo.contours import Contours, contours
from geo.provenance import describe_sources
from geo.sources import FOLDER, BuildError, Sources, load_region, load_sources

OUTPUTS = ("territories*.csv", "former_communes.csv", "names_elsewhere.csv", "sources.json", "boundaries.*.json")


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
    drawn = contours(sources, region["millesime"])
    boundaries = _boundaries(sources, region, rows, drawn)
    completed = sorted(row["code"] for row in rows if row["code"] in drawn.completed)
    text = json.dumps(boundaries, ensure_ascii=False, separators=(",", ":")) + "\n"
    name = f"boundaries.{hashlib.sha256(text.encode()).hexdigest()[:8]}.json"
    counts |= {"former_communes": len(former), "names_elsewhere": len(elsewhere)}
    described = json.dumps(describe_sources(sources, region, counts, completed), ensure_ascii=False, indent=2) + "\n"
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


def _boundaries(sources: Sources, region: dict[str, Any], rows: list[tables.Entry], source: Contours) -> dict[str, Any]:
    """Return the TopoJSON of communes, EPCI, départements and préfectures, checked."""
    today = tables.current(sources.communes[region["millesime"]])
    by_type: dict[str, dict[str, tables.Entry]] = {"commune": {}, "epci": {}, "departement": {}}
    for row in rows:
        by_type[row["type"]][row["code"]] = row
    groups = tables.region_epci(sources, region["millesime"], set(by_type["commune"]))
    members = {group["code"]: sorted(member["code"] for member in group["membres"]) for group in groups}
    wanted = set(by_type["commune"]).union(*members.values())

    polygons = topology.whole_coverage(source.polygons, wanted, source.land)

    by_departement: dict[str, list[str]] = {code: [] for code in by_type["departement"]}
    for code, row in by_type["commune"].items():
        by_departement[row["departements"]].append(code)
    whole, rings = _quantised(polygons, region)
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


def _quantised(polygons: dict[str, shapely.Geometry], region: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the topology and the rings of each commune, with the steps that the region says.

    Where it says none, they are the first ones small enough for the error to stay under 3 m and every polygon valid;
    the region then says them.

    Raises
    ------
    BuildError
        No steps are small enough.
    """
    if "quantisation" in region:
        return topology.build_topology(polygons, region["quantisation"])
    for steps in topology.STEPS:
        whole, rings = topology.build_topology(polygons, steps)
        error = topology.largest_error(whole, polygons, region["epsg"])
        if error <= topology.LARGEST_ERROR and all(topology.shape(whole, ring).is_valid for ring in rings.values()):
            region |= {"quantisation": steps}
            return whole, rings
    raise BuildError(f"no quantisation keeps the error under {topology.LARGEST_ERROR} m and the polygons valid")


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
    parser.add_argument(
        "--region", metavar="CODE", help="another region, by its INSEE code; « france » for all of them"
    )
    parser.add_argument("--out", type=Path, help="where another region is written (geo/regions/CODE)")
    parser.add_argument("--keep", action="store_true", help="build what its region.toml says, and leave its texts")
    options = parser.parse_args(arguments)
    folder = FOLDER if options.region is None else options.out or FOLDER / "regions" / options.region
    keep = options.region is None or options.keep or options.check
    with tempfile.TemporaryDirectory() as temporary:
        cache = options.cache or Path(temporary)
        cache.mkdir(parents=True, exist_ok=True)
        try:
            if options.region == "france":
                return _write_france(load_sources(cache, [regions.LATEST]), folder)
            if keep:
                region = load_region(folder)
                years = [region["millesime"], *(year["millesime"] for year in region.get("earlier", ()))]
                sources = load_sources(cache, years)
            else:
                sources = load_sources(cache, [regions.LATEST, *regions.EARLIER])
                region = regions.describe(sources, options.region)
            built = build(sources, region)
        except (BuildError, OSError) as error:
            print(f"geo.build: {error}", file=sys.stderr)
            return 1
    if options.check:
        faults = compare(folder, built)
        print("\n".join(f"geo.build: {fault}" for fault in faults) or "geo.build: identical", file=sys.stderr)
        return 1 if faults else 0
    folder.mkdir(parents=True, exist_ok=True)
    if not keep:
        built["region.toml"] = regions.region_text(region)
        built["aliases.csv"] = tables.csv_text(regions.aliases(region["code"]), tables.ALIAS_COLUMNS)
    for pattern in OUTPUTS:
        for path in folder.glob(pattern):
            path.unlink()
    for name, content in built.items():
        (folder / name).write_bytes(content.encode())
        print(f"{name}: {len(content.encode()):,} bytes")
    return 0 if options.region is None else _write_data(folder)


def _write_data(folder: Path) -> int:
    """Write the texts and the simulated edition of a region beside its territories; return the exit status.

    In a process of its own, which reads the region that was just built.
    """
    where = os.environ | {"NUMERIQUE_REGION": str(folder.resolve())}
    return subprocess.run([sys.executable, "-m", "data.regional"], env=where, cwd=FOLDER.parent, check=False).returncode


def _write_france(sources: Sources, folder: Path) -> int:
    text, counts = france.build(sources, regions.LATEST)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "france.json").write_bytes(text.encode())
    print(f"france.json: {len(text.encode()):,} bytes, {counts}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
