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
STEPS = (10_000, 20_000, 50_000, 100_000, 120_000, 180_000, 250_000, 400_000)
"""Numbers of steps across a region, tried from the coarsest."""
LARGEST_ERROR = 3.0
"""In metres: between a vertex of the source and where it is drawn."""

Ring = list[int]
Polygon = list[Ring]


# In square degrees: some 100 m². Land that merged and that no hole shows is larger than that.
SLIVER = 1e-8


def whole_coverage(
    polygons: Mapping[str, shapely.Geometry], wanted: Iterable[str], land: Mapping[str, shapely.Geometry]
) -> dict[str, shapely.Geometry]:
    """Return the polygons of the wanted communes, without overlap and without the holes that mergers leave.

    What a commune absorbed after the year of the source has no polygon any more, and shows as a hole between its
    neighbours, which goes to it. On a coast or at a border there is no hole: the land known by another source is added.
    Any other hole is one: a lagoon, land of a foreign country.

    Parameters
    ----------
    polygons
        The communes of the whole country, so that what belongs to a neighbouring region is not taken for a hole.
    wanted
        Codes of the communes to return.
    land
        By commune, what it absorbed after the year of the source.

    Raises
    ------
    BuildError
        A commune has no polygon, or what a commune absorbed is the land of others.
    """
    wanted = sorted(wanted)
    land = {code: land[code] for code in wanted if code in land}
    if missing := [code for code in wanted if code not in polygons]:
        raise BuildError(f"no polygon for {missing}")
    frame = shapely.box(*shapely.total_bounds([polygons[code] for code in wanted]))
    around = [code for code in sorted(polygons) if polygons[code].intersects(frame)]
    # The source overlaps along a few boundaries: each piece of land must belong to one commune for arcs to cancel.
    clean = dict(zip(around, shapely.coverage_clean([polygons[code] for code in around]), strict=True))
    union = shapely.coverage_union_all(list(clean.values()))
    left = dict(land)
    for ring in (ring for part in shapely.get_parts(union) for ring in part.interiors):
        hole = shapely.Polygon(ring)
        inside = hole.representative_point()
        for heir in (code for code, absorbed in land.items() if absorbed.intersects(inside)):
            clean[heir] = shapely.union(clean[heir], hole)
            left[heir] = shapely.difference(left[heir], hole)
    if open_land := {code: land[code] for code, absorbed in left.items() if absorbed.area > SLIVER}:
        taken = [code for code, absorbed in open_land.items() if shapely.intersection(union, absorbed).area > SLIVER]
        if taken:
            raise BuildError(f"what {taken} absorbed is drawn as the land of other communes")
        added = {code: shapely.union(polygons[code], absorbed) for code, absorbed in open_land.items()}
        return whole_coverage({**polygons, **added}, wanted, {code: land[code] for code in set(land) - set(added)})
    kept = [clean[code] for code in wanted]
    if not shapely.coverage_is_valid(kept):
        raise BuildError("the polygons of communes overlap")
    return dict(zip(wanted, kept, strict=True))


def build_topology(
    communes: Mapping[str, shapely.Geometry], quantisation: int = QUANTISATION
) -> tuple[dict[str, Any], dict[str, list[Polygon]]]:
    """Return a quantised topology with its arcs and no object, and the rings of arcs of each commune."""
    # Imported here: the rest of this module, and its tests, do not need it.
    from topojson import Topology

    frame = gpd.GeoDataFrame({"code": list(communes)}, geometry=list(communes.values()), crs=4326)
    topology = Topology(frame, prequantize=quantisation, shared_coords=True).to_dict()
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


def largest_error(topology: Mapping[str, Any], polygons: Mapping[str, shapely.Geometry], epsg: int) -> float:
    """Return the largest distance in metres between a vertex of the polygons and the place that it is drawn at."""
    scale, translate = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    source = shapely.get_coordinates(list(polygons.values()))
    drawn = np.round((source - translate) / scale) * scale + translate
    placed = [gpd.GeoSeries(shapely.points(points), crs=4326).to_crs(epsg) for points in (source, drawn)]
    return float(placed[0].distance(placed[1], align=False).max())


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
