"""The layers of a map as SVG elements: land, classes, limits, perimeters, the territory chosen.

They are those of `assets/territory_map.js`, in its colours and weights; the frame and the legend are drawn by
`map_picture`, path data by `outlines`.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from lib.display.drawing.lettering import written
from lib.display.drawing.outlines import Box, Outlines, outside_of, overlap
from lib.display.palette import INK

LAND, LIMIT, OVER = "#f6f5f2", "#3d3d3d", "#882255"
PERIMETER = "perimetre"
UNIT = 8
"""Units of path data for a pixel, at least."""


@dataclass(frozen=True)
class View:
    """What of the world a frame of `width` by `height` pixels shows.

    `west` and `north`, in degrees of the equator, are its corner; `scale` is in pixels for one of them.
    """

    width: float
    height: float
    scale: float
    west: float
    north: float

    @property
    def zoom(self) -> float:
        """The scale as Leaflet counts it: at 0, the world in 256 pixels."""
        return math.log2(self.scale * 360 / 256)

    @property
    def unit(self) -> float:
        """Of path data, in degrees; a power of two, so that pictures of about the same scale share the same data."""
        return 2.0 ** math.floor(math.log2(1 / (UNIT * self.scale)))

    @property
    def pixel(self) -> float:
        """A pixel, in units of path data."""
        return 1 / (self.unit * self.scale)

    @property
    def seen(self) -> Box:
        """All that the frame shows, in degrees."""
        return self.west, self.north, self.west + self.width / self.scale, self.north + self.height / self.scale

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point is in the frame."""
        return (x - self.west) * self.scale, (y - self.north) * self.scale


def view_of(box: Box, width: float, height: float, padding: float) -> View:
    """Return the view that shows the whole of a box in the middle of its frame."""
    west, north, east, south = box
    scale = min((width - 2 * padding) / (east - west), (height - 2 * padding) / (south - north))
    left, top = (west + east) / 2 - width / scale / 2, (north + south) / 2 - height / scale / 2
    return View(width, height, scale, left, top)


def pattern_name(fill: str, tile: Sequence[Any], place: str) -> str:
    """Return the identifier of a pattern: the same for the same drawing, whatever the pictures in a document."""
    return f"{place}-{sha256(repr((fill, list(tile))).encode()).hexdigest()[:8]}"


def pattern(fill: str, tile: Sequence[Any], place: str, enlarged: float = 1) -> str:
    """Return a tile of `lib.display.maps.payload` over its fill, to be painted with."""
    size, path, stroke, width = tile
    transform = f' patternTransform="scale({enlarged:.6g})"' if enlarged != 1 else ""
    return (
        f'<pattern id="{pattern_name(fill, tile, place)}" width="{size}" height="{size}" '
        f'patternUnits="userSpaceOnUse"{transform}><path d="M0 0h{size}v{size}H0z" fill="{fill}"/>'
        f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{width:g}" stroke-linecap="round"/></pattern>'
    )


class Layers:
    """The layers of one map.

    Parameters
    ----------
    outlines : Outlines
        Shapes of the region.
    payload : mapping
        From `lib.display.maps.payload`.
    view : View
        What is shown; nothing is drawn of what is wholly outside, unless `whole`, where all of it is in view.
    """

    def __init__(self, outlines: Outlines, payload: Mapping[str, Any], view: View, *, whole: bool) -> None:
        self._outlines, self._payload, self._view, self._whole = outlines, payload, view, whole
        self._place = f"z{view.pixel:.4f}".replace(".", "-")
        digits = zip(payload["codes"].split(), payload["classes"], strict=True)
        self._classes = {code: int(digit, 36) for code, digit in digits}
        self._unions = self._perimeters()

    def svg(self) -> str:
        """Return all the layers, in units of path data, from the land to the territory chosen."""
        level = self._payload["level"]
        inner, outer = self._outlines.limits("departement")
        coast = self._outlines.filled(outer, self._view.unit)
        patterns = [
            pattern(fill, tile, self._place, self._view.pixel) for fill, tile, _ in self._payload["palette"] if tile
        ]
        layers = [
            f"<defs>{''.join(patterns)}</defs>",
            self._line(coast, "#ffffff", 9, 0.55),
            f'<path d="{coast}" fill="{LAND}" fill-rule="evenodd"/>',
        ]
        if level == PERIMETER:
            layers += [self._fill([arcs], self._class_of(code), 0.8) for code, arcs in self._unions.items()]
            layers += [self._line(self._path(arcs), INK, 1.6, 0.9) for arcs in self._unions.values()]
        else:
            layers += self._fills(level)
            layers.append(self._line(self._mesh(level), *_hairline(level, self._view.zoom)))
        layers.append(self._line(self._path(inner), LIMIT, 1 if self._view.zoom < 8 else 1.6))
        layers.append(self._line(coast, LIMIT, 1.2))
        if level != PERIMETER:
            over = "".join(self._path(arcs) for arcs in self._unions.values())
            layers += [self._line(over, "#ffffff", 4.5, 0.9), self._line(over, OVER, 2)]
        chosen = self._path(self._selected(level))
        return "".join([*layers, self._line(chosen, "#ffffff", 6), self._line(chosen, INK, 2.8)])

    def _class_of(self, code: str) -> int:
        return self._classes.get(code, self._payload["absent"])

    def _fills(self, level: str) -> list[str]:
        """Return one path a class: the union of its territories in view."""
        members: dict[int, list[tuple[int, ...]]] = {place: [] for place in range(len(self._payload["palette"]))}
        for code, shape in self._outlines.shapes(level).items():
            if self._whole or overlap(shape.box, self._view.seen):
                members[self._class_of(code)].append(shape.arcs)
        return [self._fill(arcs, place) for place, arcs in members.items() if arcs]

    def _fill(self, shapes: Sequence[Sequence[int]], place: int, opacity: float = 1) -> str:
        """Return the union of some shapes in the colour of a class, whose name shows under the pointer."""
        fill, tile, label = self._payload["palette"][place]
        colour = f"url(#{pattern_name(fill, tile, self._place)})" if tile else fill
        faint = f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
        path = self._outlines.filled(outside_of(arc for shape in shapes for arc in shape), self._view.unit)
        return (
            f'<path data-territoires="{len(shapes)}" fill="{colour}" fill-rule="evenodd"{faint} d="{path}">'
            f"<title>{written(label)}</title></path>"
        )

    def _mesh(self, level: str) -> str:
        # An EPCI that reaches beyond the region is drawn whole, and needs its outer limit.
        whole = level == "epci"
        if self._whole:
            return self._outlines.mesh(level, self._view.unit, whole=whole)
        inner, outer = self._outlines.limits(level)
        return self._path((*inner, *outer) if whole else inner)

    def _perimeters(self) -> dict[str, tuple[int, ...]]:
        """Return the arcs around each perimeter, the largest first, so that the smaller are seen above it."""
        epci = self._outlines.shapes("epci")
        found = {}
        for code, _, _, members in self._payload["perimeters"]:
            if parts := [epci[member].arcs for member in members.split() if member in epci]:
                found[code] = (len(parts), outside_of(arc for arcs in parts for arc in arcs))
        return {code: arcs for code, (_, arcs) in sorted(found.items(), key=lambda each: -each[1][0])}

    def _selected(self, level: str) -> tuple[int, ...]:
        code = self._payload["selected"] or ""
        if level == PERIMETER:
            return self._unions.get(code, ())
        shape = self._outlines.shapes(level).get(code)
        return shape.arcs if shape else ()

    def _path(self, arcs: Iterable[int]) -> str:
        seen = arcs if self._whole else self._outlines.crossing(arcs, self._view.seen)
        return self._outlines.drawn(seen, self._view.unit)

    def _line(self, path: str, colour: str, weight: float, opacity: float = 1) -> str:
        faint = f' stroke-opacity="{opacity:g}"' if opacity < 1 else ""
        width = f"{weight * self._view.pixel:.4g}"
        return f'<path d="{path}" stroke="{colour}" stroke-width="{width}"{faint}/>' if path else ""


def _hairline(level: str, zoom: float) -> tuple[str, float, float]:
    """Return colour, weight and opacity: thin enough for a small commune to keep its colour."""
    if level == "departement":
        return LIMIT, 1, 1
    if level == "epci":
        return "#6f6f6f", 0.5 if zoom < 8 else 0.9, 0.7
    return "#8c8c8c", 0.3 if zoom < 8 else 0.5 if zoom < 10 else 0.8, 0.35 if zoom < 8 else 0.6
