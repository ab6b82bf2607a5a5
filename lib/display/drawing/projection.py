"""A chart made ready for a room: larger letters for rows of the same height, and no title, which the screen has.

A screen is as high as it is: a chart of many rows is scaled to its height, and its letters with it. What the chart
shows is not touched; making the picture is left to `lib.display.drawing.pictures`.
"""

from typing import Any

from lib.display.drawing.lettering import text_width
from lib.display.figure import Spec

SIZE = 13
"""Of the letters of a chart, in pixels, as `lib.display.charts` sets them."""
LARGER = 18 / SIZE
"""How much larger they may be before a label meets the bar under it, or the one above."""
BESIDE = 1.15
"""The same for what is written inside a bar or beside an axis, where there is less room."""


def projected(spec: Spec, width: float) -> Spec:
    """Return a copy of a specification of `lib.display.charts` for a drawing `width` pixels wide.

    A chart without lanes, a heat map for instance, only loses its title: its cells have no room for larger letters.
    """
    drawn = {name: part for name, part in spec.items() if name != "title"}
    layers = [layer for layer in spec.get("layer", []) if isinstance(layer["mark"], dict)]
    labels = [layer for layer in layers if _is_label(layer["mark"])]
    if not labels:
        return drawn
    longest = max(_widest(spec, layer, SIZE) for layer in labels)
    larger = max(1.0, min(LARGER, (width - 20) / longest)) if longest else LARGER
    config = {**spec.get("config", {})}
    for part in ("axis", "legend"):
        sizes = {
            name: BESIDE * size
            for name, size in config.get(part, {}).items()
            if name.startswith("label") and _number(size)
        }
        config[part] = {**config.get(part, {}), **sizes}
    return {**drawn, "config": config, "layer": [_layer(layer, larger) for layer in spec["layer"]]}


def _is_label(mark: dict[str, Any]) -> bool:
    """Return whether a mark is the name of a lane, written above it."""
    return mark["type"] == "text" and _number(mark.get("dy")) and mark["dy"] < 0 and mark.get("align") == "left"


def _number(value: object) -> bool:
    return isinstance(value, int | float)


def _widest(spec: Spec, layer: dict[str, Any], size: float) -> float:
    field = layer.get("encoding", {}).get("text", {}).get("field", "")
    rows = spec.get("data", {}).get("values", [])
    return max((text_width(str(row.get(field, "")), size) for row in rows), default=0.0)


def _layer(layer: dict[str, Any], larger: float) -> dict[str, Any]:
    mark = layer["mark"]
    if not isinstance(mark, dict) or mark["type"] != "text" or not _number(mark.get("fontSize")):
        return layer
    if mark["fontSize"] < SIZE:
        return {**layer, "mark": {**mark, "fontSize": BESIDE * mark["fontSize"]}}
    lettered = {**mark, "fontSize": larger * mark["fontSize"]}
    if _is_label(mark):
        # Its foot stays where it was: it grows upwards.
        lettered["dy"] = mark["dy"] - (larger - 1) * SIZE / 2
    return {**layer, "mark": lettered}
