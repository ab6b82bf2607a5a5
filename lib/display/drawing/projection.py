"""A chart made ready for a room: larger letters for rows of the same height, and no title, which the screen has.

A screen is as high as it is: a chart of many rows is scaled to its height, and its letters with it. What the chart
shows is not touched; making the picture is left to `lib.display.drawing.pictures`.
"""

from collections.abc import Iterable
from typing import Any

from lib.display.drawing.lettering import lines, text_width
from lib.display.figure import Spec

SIZE = 13
"""Of the letters of a chart, in pixels, as `lib.display.charts` sets them."""
LARGER = 18 / SIZE
"""How much larger they may be before a label meets the bar under it, or the one above."""
BESIDE = 1.15
"""The same for what is written inside a bar or in a legend, where there is less room."""
FLAT = 5
"""Columns of a grid up to which their headings are written flat."""
CELL = 12
"""Of the letters of a grid, in its cells and above its columns, in pixels."""
TWO_LINES = 42
"""Height of a row whose name has two lines of larger letters."""


def projected(spec: Spec, width: float) -> Spec:
    """Return a copy of a specification of `lib.display.charts` for a drawing `width` pixels wide.

    A chart that has neither lanes nor cells only loses its title.
    """
    drawn = {name: part for name, part in spec.items() if name != "title"}
    layers = [layer for layer in spec.get("layer", []) if isinstance(layer["mark"], dict)]
    if any(layer["mark"]["type"] == "rect" and "column" in _field(layer, "x") for layer in layers):
        return _grid(drawn, width)
    labels = [layer for layer in layers if _is_label(layer["mark"])]
    if not labels:
        return drawn
    larger = _larger((_widest(spec, layer) for layer in labels), width - 20)
    config = {**spec.get("config", {})}
    for part, factor in (("axis", LARGER), ("legend", BESIDE)):
        sizes = {
            name: factor * size
            for name, size in config.get(part, {}).items()
            if name.startswith("label") and _number(size)
        }
        config[part] = {**config.get(part, {}), **sizes}
    return {**drawn, "config": config, "layer": [_layer(spec, layer, larger, width) for layer in spec["layer"]]}


def _is_label(mark: dict[str, Any]) -> bool:
    """Return whether a mark is the name of a lane, written above it."""
    return mark["type"] == "text" and _number(mark.get("dy")) and mark["dy"] < 0 and mark.get("align") == "left"


def _number(value: object) -> bool:
    return isinstance(value, int | float)


def _field(layer: dict[str, Any], channel: str) -> str:
    return str(layer.get("encoding", {}).get(channel, {}).get("field", ""))


def _widest(spec: Spec, layer: dict[str, Any]) -> float:
    field = _field(layer, "text")
    return max((text_width(str(row.get(field, "")), SIZE) for row in spec["data"]["values"]), default=0.0)


def _larger(widths: Iterable[float], room: float) -> float:
    """Return how much larger texts may be, so many pixels wide, in the room that they have."""
    longest = max(widths, default=0.0)
    return max(1.0, min(LARGER, room / longest)) if longest else LARGER


def _layer(spec: Spec, layer: dict[str, Any], larger: float, width: float) -> dict[str, Any]:
    mark = layer["mark"]
    if not isinstance(mark, dict) or mark["type"] != "text" or not _number(mark.get("fontSize")):
        return layer
    if mark.get("baseline") == "bottom":
        # Above the first lane, the names of the two sides of an axis: each has its half.
        size = SIZE * _larger([_widest(spec, layer)], width / 2 - 20)
        return {**layer, "mark": {**mark, "fontSize": size}}
    if mark["fontSize"] < SIZE:
        return {**layer, "mark": {**mark, "fontSize": BESIDE * mark["fontSize"]}}
    lettered = {**mark, "fontSize": larger * mark["fontSize"]}
    if _is_label(mark):
        # Its foot stays where it was: it grows upwards.
        lettered["dy"] = mark["dy"] - (larger - 1) * SIZE / 2
    return {**layer, "mark": lettered}


# ---------------------------------------------------------------- grids


def _grid(spec: Spec, width: float) -> Spec:
    """Return a grid with larger letters, where there is room for them, and flat headings where its columns are few."""
    rows: list[dict[str, Any]] = spec["data"]["values"]
    names = {str(row["row"]) for row in rows}
    columns = {str(row["column"]).replace("|", " ") for row in rows}
    # What they would be at one pixel.
    widest = max((text_width(line, 1) for name in names for line in name.split("|")), default=0.0)
    side = max(SIZE, min(SIZE * LARGER, 0.32 * width / widest)) if widest else SIZE
    room = (width - side * widest - 24) / max(1, len(columns))
    figures = max((text_width(str(row["text"]), 1, bold=True) for row in rows), default=0.0)
    inside = max(CELL, min(SIZE * LARGER, (room - 8) / figures)) if figures else CELL
    down = {"labelFontSize": side, "labelLineHeight": side + 1, "labelLimit": width / 2, "labelOffset": _back(side / 2)}
    headings, across = _headings(columns, room)
    drawn = [{**row, "column": headings.get(str(row["column"]).replace("|", " "), row["column"])} for row in rows]
    higher = side > SIZE and any("|" in name for name in names)
    return {
        **spec,
        "height": {"step": TWO_LINES} if higher else spec["height"],
        "data": {"values": drawn},
        "layer": [_cells(layer, inside, {"x": across, "y": down}) for layer in spec["layer"]],
    }


def _cells(layer: dict[str, Any], size: float, axes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    mark = layer["mark"]
    lettered = {**mark, "fontSize": size} if mark["type"] == "text" else mark
    encoding = dict(layer["encoding"])
    for channel, changes in axes.items():
        encoding[channel] = {**encoding[channel], "axis": {**encoding[channel]["axis"], **changes}}
    return {**layer, "mark": lettered, "encoding": encoding}


def _headings(columns: set[str], room: float) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the headings of the columns, cut to lines, and how they are written above `room` pixels each.

    They stay as they are, upright, where they are many or where a word is longer than its column is wide.
    """
    longest = max((text_width(word, 1) for name in columns for word in name.split(" ")), default=0.0)
    size = min(SIZE * LARGER, (room - 6) / longest) if longest else SIZE
    if len(columns) > FLAT or size < SIZE:
        upright = max(CELL, min(1.25 * CELL, (room - 4) / 2))
        return {}, {
            "labelFontSize": upright, "labelLineHeight": upright, "labelLimit": 340, "labelOffset": _back(upright / 2),
        }  # fmt: skip
    flat = {
        "labelAngle": 0, "labelAlign": "center", "labelBaseline": "bottom", "labelOffset": 0, "labelFontSize": size,
        "labelLineHeight": size + 1, "labelLimit": room + 10,
    }  # fmt: skip
    return {name: "|".join(lines(name, room - 5, size)) for name in columns}, flat


def _back(offset: float) -> dict[str, Any]:
    """Return how far a label of two lines is moved back: Vega centres the first one."""
    return {"condition": {"test": "indexof(datum.label, '|') > 0", "value": -offset}, "value": 0}
