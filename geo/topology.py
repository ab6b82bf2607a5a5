"""Turn the polygons of communes into one topology from whose arcs communes, EPCI and départements are all drawn.
Which commune belongs to which territory is told by the caller."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.sources import BuildError

QUANTISATION = 100_000

Ring = list[int]
Polygon = list[Ring]


def whole_coverage(
    polygons: Mapping[str, shapely.Geometry], wanted: Iterable[str], absorbing: Iterable[str]
) -> dict[str, shapely.Geometry]:
    """Return the polygons of the wanted communes, without overlap and without a hole.

    A commune that merged after the year of the source has no polygon any more: what it covered is a hole between
    its neighbours, and goes to the one commune of `absorbing` that touches it.

    Parameters
    ----------
    polygons
        The communes of the whole country, so that what belongs to a neighbouring region is not taken for a hole.
    wanted
        Codes of the communes to return.
    absorbing
        Codes of the communes that absorbed, after the year of the source, one that has no polygon.

    Raises
    ------
    BuildError
        A commune has no polygon, a hole has no single commune to go to, an absorbing commune has no hole.
    """
    wanted, absorbing = sorted(wanted), set(absorbing)
    if missing := [code for code in wanted if code not in polygons]:
        raise BuildError(f"no polygon for {missing}")
    frame = shapely.box(*shapely.total_bounds([polygons[code] for code in wanted]))
    around = [code for code in sorted(polygons) if polygons[code].intersects(frame)]
    # The source overlaps along a few boundaries: each piece of land must belong to one commune for arcs to cancel.
    clean = dict(zip(around, shapely.coverage_clean([polygons[code] for code in around]), strict=True))
    union = shapely.coverage_union_all(list(clean.values()))
    filled: set[str] = set()
    for ring in (ring for part in shapely.get_parts(union) for ring in part.interiors):
        hole = shapely.Polygon(ring)
        neighbours = [code for code in wanted if clean[code].intersects(hole)]
        heirs = absorbing.intersection(neighbours)
        if not neighbours:
            continue
        if len(heirs) != 1:
            raise BuildError(f"the hole between {neighbours} goes to one of {sorted(heirs)}, not to a single commune")
        heir = heirs.pop()
        clean[heir] = shapely.union(clean[heir], hole)
        filled.add(heir)
    if empty := absorbing - filled:
        raise BuildError(f"no land found for what {sorted(empty)} absorbed")
    kept = [clean[code] for code in wanted]
    if not shapely.coverage_is_valid(kept):
        raise BuildError("the polygons of communes overlap")
    return dict(zip(wanted, kept, strict=True))


def build_topology(
    communes: Mapping[str, shapely.Geometry],
) -> tuple[dict[str, Any], dict[str, list[Polygon]]]:
    """Return a quantised topology with its arcs and no object, and the rings of arcs of each commune."""
    # Imported here: the rest of this module, and its tests, do not need it.
    from topojson import Topology

    frame = gpd.GeoDataFrame({"code": list(communes)}, geometry=list(communes.values()), crs=4326)
    topology = Topology(frame, prequantize=QUANTISATION, shared_coords=True).to_dict()
    rings = {
        geometry["properties"]["code"]: [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        for geometry in topology["objects"]["data"]["geometries"]
    }
    arcs = [[[int(x), int(y)] for x, y in arc] for arc in topology["arcs"]]
    transform = {key: [float(value) for value in pair] for key, pair in topology["transform"].items()}
    return {"type": "Topology", "transform": transform, "objects": {}, "arcs": arcs}, rings


def merge(topology: Mapping[str, Any], members: Iterable[list[Polygon]]) -> list[Polygon]:
    """Return the union of neighbouring polygons as rings of the same arcs.

    An arc between two members is walked once each way and cancels; what is left, walked end to end, is the outline.
    """
    walked = {arc for polygons in members for polygon in polygons for ring in polygon for arc in ring}
    outline = sorted(arc for arc in walked if ~arc not in walked)
    ends = {arc: _ends(topology["arcs"], arc) for arc in outline}
    leaving: dict[tuple[int, int], list[int]] = defaultdict(list)
    for arc in outline:
        leaving[ends[arc][0]].append(arc)
    rings = [ring for arc in outline if arc in leaving[ends[arc][0]] for ring in _rings_from(arc, leaving, ends)]
    outer, holes = [], []
    for ring in rings:
        points = _points(topology["arcs"], ring)
        # Outlines are clockwise and holes are not, as everywhere in the topology.
        (outer if not shapely.is_ccw(shapely.LinearRing(points)) else holes).append((ring, shapely.Polygon(points)))
    polygons = [[ring] for ring, _ in outer]
    for ring, area in holes:
        inside = [index for index, (_, shape) in enumerate(outer) if shape.contains(area.representative_point())]
        polygons[min(inside, key=lambda index: outer[index][1].area)].append(ring)
    return polygons


def _rings_from(arc: int, leaving: dict[tuple[int, int], list[int]], ends: dict[int, Any]) -> list[Ring]:
    """Walk from an arc back to its start; a loop met on the way is a ring of its own, so that none crosses itself."""
    rings: list[Ring] = []
    path: Ring = []
    while True:
        leaving[ends[arc][0]].remove(arc)
        path.append(arc)
        here = ends[arc][1]
        start = next((index for index, passed in enumerate(path) if ends[passed][0] == here), None)
        if start is not None:
            rings.append(path[start:])
            path = path[:start]
            if not path:
                return rings
        arc = leaving[here][0]


def keep_used_arcs(topology: Mapping[str, Any], objects: Mapping[str, dict[str, list[Polygon]]]) -> dict[str, Any]:
    """Return the topology with the arcs its objects use, and these objects with the new numbers of their arcs."""
    used = sorted(
        {
            max(arc, ~arc)
            for shapes in objects.values()
            for shape in shapes.values()
            for p in shape
            for r in p
            for arc in r
        }
    )
    number = {old: new for new, old in enumerate(used)}
    number |= {~old: ~new for old, new in number.items()}
    renumbered = {
        name: {code: [[[number[arc] for arc in r] for r in p] for p in shape] for code, shape in shapes.items()}
        for name, shapes in objects.items()
    }
    return {**topology, "arcs": [topology["arcs"][old] for old in used], "objects": renumbered}


def shape(topology: Mapping[str, Any], polygons: list[Polygon]) -> shapely.Geometry:
    """Return the geometry in WGS84 that rings of arcs draw."""
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    drawn = [
        shapely.Polygon(rings[0], rings[1:])
        for rings in (
            [np.array(_points(topology["arcs"], ring)) * scale + translate for ring in polygon] for polygon in polygons
        )
    ]
    return drawn[0] if len(drawn) == 1 else shapely.MultiPolygon(drawn)


def quantised(topology: Mapping[str, Any], point: shapely.Point) -> list[int]:
    """Return the position of a point on the grid of the topology."""
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    return [
        round((value - origin) / step) for value, origin, step in zip(point.coords[0], translate, scale, strict=True)
    ]


def _arc_points(arcs: list[Any], arc: int) -> list[tuple[int, int]]:
    points = [(int(x), int(y)) for x, y in np.cumsum(arcs[max(arc, ~arc)], axis=0)]
    return points if arc >= 0 else points[::-1]


def _points(arcs: list[Any], ring: Ring) -> list[tuple[int, int]]:
    parts = [_arc_points(arcs, arc) for arc in ring]
    return [point for part in parts for point in part[:-1]] + [parts[0][0]]


def _ends(arcs: list[Any], arc: int) -> tuple[tuple[int, int], tuple[int, int]]:
    points = _arc_points(arcs, arc)
    return points[0], points[-1]
