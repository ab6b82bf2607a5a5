"""A chart made ready for a room: larger letters for rows of the same height, and no title, which the screen has.

A screen is as high as it is: a chart of many rows is scaled to its height, and its letters with it. What the chart
shows is not touched; making the picture is left to `lib.display.drawing.pictures`.
"""

import re
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
SIDE = 0.27
"""Of the width of a grid, what the names of its rows may take."""
ROW, COLUMN = ("row", "label"), ("column", "group")
"""Fields of a grid: a name cut to lines, and the whole one."""
TWO_LINES = 42
"""Height of a row whose name has two lines of larger letters."""

_CUTS = re.compile(r"[\s|]")


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
    beside, side = _names({_whole(row, *ROW) for row in rows}, SIDE * width)
    taken = max((text_width(line, side) for name in beside.values() for line in name.split("|")), default=0.0)
    columns = {_whole(row, *COLUMN) for row in rows}
    room = (width - taken - 24) / max(1, len(columns))
    figures = max((text_width(str(row["text"]), 1, bold=True) for row in rows), default=0.0)
    inside = max(CELL, min(SIZE * LARGER, (room - 8) / figures)) if figures else CELL
    above, across = _headings(columns, room)
    down = {"labelFontSize": side, "labelLineHeight": side + 1, "labelLimit": width / 2, "labelOffset": _back(side / 2)}
    drawn = [{**row, "row": beside[_whole(row, *ROW)], "column": above.get(_whole(row, *COLUMN), row["column"])}
             for row in rows]  # fmt: skip
    higher = any(2 * (side + 1) > spec["height"]["step"] and "|" in name for name in beside.values())
    return {
        **spec,
        "height": {"step": TWO_LINES} if higher else spec["height"],
        "data": {"values": drawn},
        "layer": [_cells(layer, inside, {"x": across, "y": down}) for layer in spec["layer"]],
    }


def _whole(row: dict[str, Any], cut: str, named: str) -> str:
    """Return a name of a grid as it was before `lib.display.charts` cut it to lines, maybe after a hyphen."""
    lettered = _CUTS.sub("", row[cut])
    names = (row[named], row[named].split(" (")[0])
    return next((name for name in names if _CUTS.sub("", name) == lettered), row[cut].replace("|", " "))


def _names(names: set[str], room: float) -> tuple[dict[str, str], float]:
    """Return the names of the rows cut to two lines, and the size at which two are enough; else, the usual one."""
    for size in range(round(SIZE * LARGER), SIZE - 1, -1):
        cut = {name: lines(name, room, size) for name in names}
        if all(len(each) <= 2 for each in cut.values()):
            break
    return {name: "|".join(each) for name, each in cut.items()}, size


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
    if len(columns) > FLAT or size < CELL:
        upright = max(CELL, min(1.25 * CELL, (room - 4) / 2))
        return {}, {
            "labelFontSize": upright, "labelLineHeight": upright, "labelLimit": 340, "labelOffset": _back(upright / 2),
        }  # fmt: skip
    cut = {name: lines(name, room - 5, size) for name in columns}
    most = max((len(each) for each in cut.values()), default=1)
    # Vega puts the first line on the grid: all have as many lines, and are raised by those that follow the first.
    flat = {
        "labelAngle": 0, "labelAlign": "center", "labelBaseline": "bottom", "labelOffset": 0, "labelFontSize": size,
        "labelLineHeight": size + 1, "labelLimit": room + 10, "labelPadding": 6 + (most - 1) * (size + 1),
    }  # fmt: skip
    return {name: "|".join([""] * (most - len(each)) + each) for name, each in cut.items()}, flat


def _back(offset: float) -> dict[str, Any]:
    """Return how far a label of two lines is moved back: Vega centres the first one."""
    return {"condition": {"test": "indexof(datum.label, '|') > 0", "value": -offset}, "value": 0}
