"""Boundaries as SVG path data: the arcs of the TopoJSON, projected as on the screen (Web Mercator), put end to end.

Territories that are filled alike are one shape, whose inner limits are dropped; what is drawn of them, and in which
colours, is left to `lib.display.drawing.map_layers`.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from lib.territory.boundaries import LAYERS, boundaries_path

Box = tuple[float, float, float, float]
"""West, north, east, south, in degrees of the equator; as in a drawing, y grows to the south."""

PREFECTURES = "prefectures"
THIN = 4
"""Points nearer than so many units of a path are dropped: about a third of a pixel."""


@dataclass(frozen=True)
class Shape:
    """A territory: the arcs around it and its holes, by number, and the box it is in."""

    name: str
    arcs: tuple[int, ...]
    box: Box


class Outlines:
    """Shapes of a TopoJSON, and their path data at any scale.

    Path data are in whole units of `unit` degrees from `origin`: short numbers, each from the one before it.
    """

    def __init__(self, topology: Mapping[str, Any]) -> None:
        self._objects = topology["objects"]
        self._arcs = [_projected(arc, topology["transform"]) for arc in topology["arcs"]]
        corners: dict[tuple[float, float], int] = {}
        # Arcs meet where their ends are the same, to the last digit.
        self._ends = [
            tuple(corners.setdefault((x, y), len(corners)) for x, y in (arc[0].tolist(), arc[-1].tolist()))
            for arc in self._arcs
        ]
        self._boxes = [(*arc.min(axis=0).tolist(), *arc.max(axis=0).tolist()) for arc in self._arcs]
        self._transform = topology["transform"]

    @cached_property
    def origin(self) -> tuple[float, float]:
        """The corner from which path data count: the north-west of all that there is."""
        return min(box[0] for box in self._boxes), min(box[1] for box in self._boxes)

    @cache  # noqa: B019 - as many as there are levels, on an object that lives as long as the process
    def shapes(self, level: str) -> Mapping[str, Shape]:
        """Return the territories of `commune`, `epci` or `departement`, by code."""
        shapes = {}
        for geometry in self._objects[LAYERS[level]]["geometries"]:
            arcs = outside_of(_flat(geometry["arcs"]))
            shapes[geometry["id"]] = Shape(
                geometry["properties"]["nom"], arcs, around(self._boxes[arc] for arc in arcs)
            )
        return shapes

    @cache  # noqa: B019
    def limits(self, level: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the arcs of a level between two of its territories, and those around them all."""
        times: dict[int, int] = defaultdict(int)
        for shape in self.shapes(level).values():
            for arc in shape.arcs:
                times[arc] += 1
        inner = tuple(arc for arc, count in times.items() if count > 1)
        return inner, tuple(arc for arc, count in times.items() if count == 1)

    @cached_property
    def towns(self) -> tuple[tuple[str, float, float], ...]:
        """Name and place of the chef-lieu of each département."""
        found = []
        for point in self._objects.get(PREFECTURES, {"geometries": []})["geometries"]:
            x, y = _projected([point["coordinates"]], self._transform)[0].tolist()
            found.append((point["properties"]["nom"], x, y))
        return tuple(found)

    def crossing(self, arcs: Iterable[int], box: Box) -> tuple[int, ...]:
        """Return the arcs that may be seen in a box."""
        return tuple(arc for arc in arcs if overlap(self._boxes[arc], box))

    def filled(self, arcs: Iterable[int], unit: float) -> str:
        """Return the closed path of what is inside some arcs, all those around it, for the even-odd rule."""
        return self._path(arcs, unit, "z")

    def drawn(self, arcs: Iterable[int], unit: float) -> str:
        """Return the open path of some arcs, each drawn once."""
        return self._path(arcs, unit, "")

    @lru_cache(maxsize=16)  # noqa: B019
    def mesh(self, level: str, unit: float, *, whole: bool) -> str:
        """Return the path of all the limits between the territories of a level; `whole`, with those around them all."""
        inner, outer = self.limits(level)
        return self.drawn((*inner, *outer) if whole else inner, unit)

    def _path(self, arcs: Iterable[int], unit: float, end: str) -> str:
        starts, forth, back = self._written(unit)
        path = []
        for chain in self._chains(arcs):
            body = "".join([forth[arc] if arc >= 0 else back[~arc] for arc in chain])
            if body:
                x, y = starts[self._from(chain[0])]
                path.append(f"M{x}{_spaced(y)}l{body.lstrip()}{end}")
        return "".join(path)

    def _chains(self, arcs: Iterable[int]) -> Iterator[list[int]]:
        """Put arcs end to end, as few times as possible; an arc walked backwards is the complement of its number.

        Around a union, as many arcs meet at each corner as leave it: each chain comes back to where it began.
        """
        left = set(arcs)
        at: dict[int, list[int]] = defaultdict(list)
        for arc in sorted(left):
            at[self._ends[arc][0]].append(arc)
            at[self._ends[arc][1]].append(~arc)
        # A line begins where an odd number meet; begun elsewhere, it would be cut in two.
        for corner in sorted(at, key=lambda place: len(at[place]) % 2 == 0):
            while True:
                chain, here = [], corner
                while at[here]:
                    arc = at[here].pop()
                    number = arc if arc >= 0 else ~arc
                    if number in left:
                        left.discard(number)
                        chain.append(arc)
                        here = self._from(~arc)
                if not chain:
                    break
                yield chain

    def _from(self, arc: int) -> int:
        return self._ends[arc][0] if arc >= 0 else self._ends[~arc][1]

    @lru_cache(maxsize=4)  # noqa: B019
    def _written(self, unit: float) -> tuple[dict[int, tuple[int, int]], list[str], list[str]]:
        """Return where each corner is, and the steps of each arc from its start to its end and back."""
        starts: dict[int, tuple[int, int]] = {}
        forth, back = [], []
        for arc, (first, last) in zip(self._arcs, self._ends, strict=True):
            rounded = np.rint((arc - self.origin) / unit).astype(int).tolist()
            points = _thinned([(x, y) for x, y in rounded])
            starts[first], starts[last] = points[0], points[-1]
            steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points) if a != b]
            forth.append("".join(_spaced(x) + _spaced(y) for x, y in steps))
            back.append("".join(_spaced(-x) + _spaced(-y) for x, y in reversed(steps)))
        return starts, forth, back


@cache
def load_outlines() -> Outlines:
    """Return the shapes of the region, decoded once."""
    return Outlines(json.loads(boundaries_path().read_text(encoding="utf-8")))


def around(boxes: Iterable[Box]) -> Box:
    """Return the box around some boxes.

    Raises
    ------
    ValueError
        There is none.
    """
    west, north, east, south = zip(*boxes, strict=True)
    return min(west), min(north), max(east), max(south)


def outside_of(arcs: Iterable[int]) -> tuple[int, ...]:
    """Return, of the arcs of shapes put together, those around the whole, its holes and its islands.

    The others are met twice, once from each side.
    """
    kept: dict[int, None] = {}
    for arc in arcs:
        if arc in kept:
            del kept[arc]
        else:
            kept[arc] = None
    return tuple(kept)


def overlap(one: Box, other: Box) -> bool:
    """Return whether two boxes have anything in common."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _projected(arc: Sequence[Sequence[int]], transform: Mapping[str, Sequence[float]]) -> Any:
    """Return the points of an arc of the TopoJSON, whose numbers are each from the one before."""
    degrees = np.cumsum(np.array(arc), axis=0) * transform["scale"] + transform["translate"]
    degrees[:, 1] = -np.degrees(np.log(np.tan(math.pi / 4 + np.radians(degrees[:, 1]) / 2)))
    return degrees


def _flat(nested: Sequence[Any]) -> Iterator[int]:
    for part in nested:
        if isinstance(part, int):
            yield part if part >= 0 else ~part
        else:
            yield from _flat(part)


def _thinned(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return points without those too near the one before them; the two ends are kept, since other arcs start there."""
    kept = points[:1]
    for point in points[1:-1]:
        if abs(point[0] - kept[-1][0]) >= THIN or abs(point[1] - kept[-1][1]) >= THIN:
            kept.append(point)
    return [*kept, points[-1]]


def _spaced(number: int) -> str:
    return str(number) if number < 0 else f" {number}"
