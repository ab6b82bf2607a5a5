"""Charts of many rows set closer for a slide: labels beside their rows rather than above, on one line where they hold.

A screen scrolls and a slide does not: the lower a drawing is, the larger are its letters there.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lib.display.drawing.lettering import lines, text_width
from lib.display.figure import MapPicture, Spec

WIDTH = 640.0
"""Pixels at which a drawing is laid out for a slide."""
LETTERS = 13.0
"""Pixels of the letters of a chart there."""
TALL = 300.0
"""Pixels of rows above which they are set closer."""
LABEL, LINE = 280.0, 16.0
"""Most pixels of a label beside its row; and of each of its lines."""
FREED, CELL = (22.0, 26.0), 24.0
"""Pixels that a label above its row had taken, at least and at most; and of the rows of a grid."""
UNDER = 5.0
"""Pixels between the middle of a label above its row and the marks of the row."""
_FIELD = re.compile(r"datum\.(\w+)$")


def letters(picture: Spec | MapPicture | None) -> float:
    """Return the letters of a picture for a width of 1 on its slide; 1 for a map, which says little in letters."""
    return LETTERS / WIDTH if isinstance(picture, dict) else 1.0


def closer(spec: Spec) -> Spec:
    """Return a specification of `lib.display.charts` with its rows closer where they are many; else the same."""
    layers: list[Any] = spec.get("layer", [])
    height, rows = spec.get("height"), spec.get("data", {}).get("values", [])
    step = height.get("step") if isinstance(height, dict) else None
    places = [layer["encoding"]["y"]["field"] for layer in layers if "field" in layer["encoding"].get("y", {})]
    if not step or not places or step * len({row[places[0]] for row in rows}) <= TALL:
        return spec
    above = [layer for layer in layers if _names(layer)]
    if places[0] == "row":
        named, least = _named(rows, "row", "label"), CELL
    elif above:
        named, least = _named(rows, "label", _field(above[0])), step - _freed(above[0])
    else:
        return spec
    table = json.dumps(named, ensure_ascii=False)
    # Vega centres the first line of a label.
    two = {"condition": {"test": f"indexof({table}[datum.label], '|') > 0", "value": -LINE / 2}, "value": 0}
    widest = max(text_width(line, LETTERS) for text in named.values() for line in text.split("|"))
    axis = {"title": None, "labelExpr": f"split({table}[datum.label], '|')", "labelLimit": LABEL + 20,
            "labelPadding": 12, "labelOffset": two, "grid": False,
            # Said, since a legend has no more width than the rows.
            "minExtent": widest + 12}  # fmt: skip
    kept = [layer for layer in layers if layer not in above]
    tallest = max(text.count("|") + 1 for text in named.values())
    return {**spec, "layer": list(_beside(kept, axis)), "height": {"step": max(least, tallest * LINE + 4)}}


def _names(layer: Mapping[str, Any]) -> bool:
    """Return whether a layer writes the names of rows above them."""
    encoding = layer["encoding"]
    at_start = encoding.get("x", {}).get("value") == 0 and encoding.get("y", {}).get("field") == "label"
    return at_start and layer["mark"]["type"] == "text"


def _freed(layer: Mapping[str, Any]) -> float:
    """Return the pixels that a label had taken: the more, the higher it stands above its row."""
    return min(FREED[1], max(FREED[0], -layer["mark"].get("dy", 0) - UNDER))


def _field(layer: Mapping[str, Any]) -> str:
    """Return the field that a layer writes; for one that has two, that of wide drawings."""
    if told := layer["encoding"].get("text"):
        return str(told["field"])
    found = _FIELD.search(layer["mark"]["text"]["expr"])
    assert found, "a mark whose text depends on the width"
    return found[1]


def _named(rows: list[dict[str, Any]], place: str, field: str) -> dict[str, str]:
    """Return what each row is called, lines apart by « | »."""
    names: dict[str, str] = {}
    for row in rows:
        if row.get(field) and row[place] not in names:
            names[row[place]] = "|".join(_cut(str(row[field]).replace("|", " ")))
    return names


def _cut(label: str) -> list[str]:
    """Return the lines of a label: one for each of its parts, or of much the same width, so that no word is alone."""
    # A base is not cut from its sign.
    text = label.replace("(n = ", "(n\u00a0=\u00a0")
    cut = lines(text, LABEL, LETTERS)
    if len(cut) == 1:
        return cut
    parts = text.split(" · ")
    if len(parts) == len(cut) and all(text_width(part, LETTERS) <= LABEL for part in parts):
        return parts
    even = lines(text, min(LABEL, 1.2 * text_width(text, LETTERS) / len(cut)), LETTERS)
    return even if len(even) == len(cut) else cut


def _beside(layers: list[Any], axis: Mapping[str, Any]) -> Iterator[Any]:
    """Yield layers whose rows have their names on an axis."""
    for layer in layers:
        encoding = layer["encoding"]
        if "field" in encoding.get("y", {}):
            encoding = {**encoding, "y": {**encoding["y"], "axis": axis}}
        yield {**layer, "encoding": encoding}
