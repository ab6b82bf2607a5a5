"""Build one topology of all the communes of France: `python -m geo.build --region france --out FOLDER`.
It is an input of benchmarks, not of the dashboard: whether its shapes survive quantisation is counted, not required."""

from __future__ import annotations

import json
from itertools import accumulate
from typing import Any

import shapely
from geopandas import GeoSeries

from geo import tables, topology
from geo.contours import contours
from geo.sources import Sources

# From Guadeloupe to Mayotte: 117 degrees of longitude, in steps of some 16 m.
QUANTISATION = 500_000


def build(sources: Sources, millesime: int) -> tuple[str, dict[str, int]]:
    """Return the TopoJSON of the communes, EPCI, départements and régions as text, and what was counted."""
    today = tables.current(sources.communes[millesime])
    # The eighteen regions: two characters. Territories with other statutes have no polygon in the source.
    communes = {code: entry for code, entry in sorted(today.items()) if len(entry["region"]) == 2}
    drawn = contours(sources, millesime)
    covered = topology.whole_coverage(drawn.polygons, communes, drawn.land)
    whole, rings = topology.build_topology(covered, QUANTISATION)
    # The library halves the step of so wide a frame; arcs go from one side of it to the other, which gives it back.
    west, south, east, north = shapely.total_bounds(list(covered.values()))
    across, up = (max(max(accumulate(step[axis] for step in arc)) for arc in whole["arcs"]) for axis in (0, 1))
    whole["transform"]["scale"] = [float(east - west) / across, float(north - south) / up]
    names = {
        "departements": {entry["code"]: entry["nom"] for entry in sources.departements[millesime]},
        "regions": {entry["code"]: entry["nom"] for entry in sources.regions},
        "epci": {group["code"]: group["nom"] for group in sources.epci[millesime]},
    }
    groups: dict[str, dict[str, list[str]]] = {"departements": {}, "regions": {}, "epci": {}}
    for code, entry in communes.items():
        groups["departements"].setdefault(entry["departement"], []).append(code)
        groups["regions"].setdefault(entry["region"], []).append(code)
    for group in sources.epci[millesime]:
        if members := [member["code"] for member in group["membres"] if member["code"] in communes]:
            groups["epci"][group["code"]] = members
    # Neighbours one after the other: their arcs have close numbers and close beginnings, which compress best.
    frame = tuple(shapely.total_bounds(list(drawn.polygons.values())))
    near = GeoSeries([drawn.polygons[code] for code in communes]).hilbert_distance(frame).to_numpy()
    ordered = [code for _, code in sorted(zip(near, communes, strict=True))]
    objects: dict[str, dict[str, Any]] = {"communes": {code: rings[code] for code in ordered}}
    for level, found in groups.items():
        objects[level] = {
            code: topology.merge(whole, [rings[member] for member in members])
            for code, members in sorted(found.items())
        }
    number: dict[int, int] = {}
    for code in ordered:
        for arc in (arc for polygon in rings[code] for ring in polygon for arc in ring):
            number.setdefault(max(arc, ~arc), len(number))
    number |= {~old: ~new for old, new in number.items()}
    text = json.dumps(
        {
            "type": "Topology",
            "transform": whole["transform"],
            "objects": {
                level: _collection(
                    {code: [[[number[arc] for arc in r] for r in p] for p in shape] for code, shape in shapes.items()},
                    {code: {"nom": communes[code]["nom"], "pop": communes[code]["population"]} for code in communes}
                    if level == "communes"
                    else {code: {"nom": names[level][code]} for code in shapes},
                )
                for level, shapes in objects.items()
            },
            "arcs": [whole["arcs"][old] for old in number if old >= 0],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    counts = {level: len(shapes) for level, shapes in objects.items()}
    broken = [code for code in communes if not shapely.is_valid(topology.shape(whole, rings[code]))]
    return text + "\n", counts | {"invalid": len(broken)}


def _collection(shapes: dict[str, Any], properties: dict[str, dict[str, Any]]) -> dict[str, Any]:
    geometries = [
        {
            "type": "Polygon" if len(shape) == 1 else "MultiPolygon",
            "id": code,
            "properties": properties[code],
            "arcs": shape[0] if len(shape) == 1 else shape,
        }
        for code, shape in shapes.items()
    ]
    return {"type": "GeometryCollection", "geometries": geometries}
