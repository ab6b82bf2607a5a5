"""A script that redraws a figure from its file, ready to run by whoever takes the figure away.

It is put together from the texts of `redraw/`, one per family of figures, and from the words, the order and the colours
of the figure; the numbers are read from the file that lies beside it.
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from lib.display.crossing import BASE
from lib.display.figure import Figure, MapPicture, measured
from lib.display.files.downloads import cleaned, stem
from lib.display.files.workbook import base_line
from lib.display.formats import MASKED, NARROW
from lib.display.representation import ANSWERED, BAR_PATH, DOT_PATH, EXISTING
from lib.display.stamp import is_simulated, one_line
from lib.display.tables import FILE_COLUMNS
from lib.survey.formulas import neutralise

SCRIPT = "redessiner.py"
ANSWERED_ONLY = "Seuls les territoires qui ont répondu sont dans le fichier et en couleur."
OUTLINES = "departements.geojson"
"""File of `lib.territory.geofiles.outlines`, drawn under a map where it lies beside the script."""

Family = Literal["", "bars", "dots", "parts", "grid", "gaps", "evolution", "pairs", "lanes", "map"]

_TEXTS = Path(__file__).parent / "redraw"
_PIECES: dict[str, tuple[str, ...]] = {
    "bars": ("table", "lane", "bars"),
    "dots": ("table", "lane", "dots"),
    "parts": ("table", "lane", "parts", "ink"),
    "grid": ("table", "grid", "ink"),
    "gaps": ("table", "lane", "points", "gaps"),
    "evolution": ("table", "lane", "points", "two"),
    "pairs": ("table", "lane", "points", "two"),
    "lanes": ("table", "lane", "lanes"),
    "map": ("map",),
}
_GAP = {"Écart": "gap", "Écart, marge basse": "low", "Écart, marge haute": "high"}
_LANES = {"Sujet": "label", "Territoire ou groupe": "group"}
_SIDES = ("first", "second")
# What a text editor or a person would take for something else than a sign of a text.
_UNSEEN = re.compile("[\x7f-\xa0\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufeff]")


def script(figure: Figure) -> str:
    """Return a Python script that redraws the figure as « name.svg » and « name.html »; empty for a table alone.

    The file that it reads is the CSV named after `downloads.stem`, or the GeoPackage of a map, in the same folder.
    """
    rows = figure.file()
    found = family(figure, rows)
    if not found:
        return ""
    constants = {
        "DATA": f"{stem(figure.name, simulated=is_simulated(figure.stamp))}.{'gpkg' if found == 'map' else 'csv'}",
        "OUTPUT": cleaned(figure.name) or "figure",
        "TITLE": figure.title,
        "BASE": " · ".join(part for part in (measured(figure.picture), base_line(figure)) if part),
        "READING": _reading(found, figure),
        "SOURCE": one_line(figure.stamp),
        **(_of_map(figure, rows) if found == "map" else _of_chart(found, figure, rows)),
    }
    if "COLUMNS" in constants:
        constants["COLUMNS"] = {neutralise(heading): short for heading, short in constants["COLUMNS"].items()}
    packages = ("geopandas",) if found == "map" else ()
    head = (
        _text("head")
        .replace("<packages>", "".join(f'"{name}", ' for name in packages))
        .replace("<installed>", "".join(f"{name} " for name in packages))
        .replace("<imports>", "import geopandas as gpd\n" if packages else "")
        .replace("<constants>", "\n".join(f"{name} = {_literal(value)}" for name, value in constants.items()))
    )
    return head + "".join(_text(piece) for piece in (*_PIECES[found], "tail"))


def family(figure: Figure, rows: pd.DataFrame) -> Family:
    """Return how a figure is drawn, from the columns of its file and the marks of its picture; empty for a table."""
    if isinstance(figure.picture, MapPicture):
        return "map" if figure.level and _classes(figure.picture, rows) else ""
    if figure.picture is None:
        return ""
    marks = {layer["mark"]["type"] for layer in figure.picture["layer"]}
    if set(_GAP) <= set(rows):
        return "evolution" if _sided(rows, "Marge basse") else "gaps"
    if {"Part parmi les existants", "Part parmi les réponses"} <= set(rows):
        return "pairs"
    if not set(FILE_COLUMNS) <= set(rows):
        return ""
    leading = len(_leading(rows))
    if set(_LANES) <= set(rows):
        return "lanes" if "point" in marks else ""
    if leading == 1:
        return "bars" if "bar" in marks else "dots"
    return "" if leading != 2 else "grid" if "rect" in marks else "parts"


def _reading(found: Family, figure: Figure) -> str:
    """Return what is said under the drawing; for a map, that its file has not all the territories."""
    if found == "map":
        return ANSWERED_ONLY
    return f"Comment lire{NARROW}: {figure.reading}" if figure.reading else ""


def _of_chart(found: Family, figure: Figure, rows: pd.DataFrame) -> dict[str, Any]:
    """Return the constants of a chart: columns to read, what is drawn and in which order, colours."""
    drawn: list[dict[str, Any]] = figure.picture["data"]["values"]  # type: ignore[index]
    leading = _leading(rows)
    if found == "grid":
        across, down = ("column_rank", "group"), ("row_rank", "label")
        # The heat map of a crossing has its rows in a column of its own, before or after that of its groups.
        names = {name: set(rows[name]) for name in leading}
        label = next(name for name in leading if {record["label"] for record in drawn} - {BASE} <= names[name])
        group = next(name for name in leading if name != label)
        return {
            "COLUMNS": {group: "group", label: "label", **FILE_COLUMNS},
            "ACROSS": _ranked(drawn, *across),
            "DOWN": _ranked(drawn, *down),
            "MASKED": MASKED,
        }
    lanes = {neutralise(record["label"]): neutralise(record["shown"]) for record in drawn}
    if found == "parts":
        columns = {leading[0]: "label", leading[1]: "part", **FILE_COLUMNS}
        return {"COLUMNS": columns, "LANES": lanes, "COLOURS": _scale(figure, "color")}
    if found == "bars":
        colours = {neutralise(record["label"]): record["colour"] for record in drawn}
        return {"COLUMNS": {leading[0]: "label", **FILE_COLUMNS}, "LANES": lanes, "COLOURS": colours}
    if found == "dots":
        return {"COLUMNS": {leading[0]: "label", **FILE_COLUMNS}, "LANES": lanes, "OVERALL": drawn[0]["overall"]}
    if found == "gaps":
        sides = [drawn[0]["left"], drawn[0]["right"]]
        return {"COLUMNS": {leading[0]: "label", **_GAP}, "LANES": lanes, "SIDES": sides}
    if found == "lanes":
        return {"COLUMNS": {**_LANES, **FILE_COLUMNS}, "LANES": lanes, "COLOURS": _scale(figure, "fill")}
    if found == "pairs":
        columns = {
            "Strate": "label", "Part parmi les existants": "first", "Part parmi les réponses": "second",
            "Représentation": "said",
        }  # fmt: skip
        return {"COLUMNS": columns, "LANES": lanes, "SERIES": [EXISTING, ANSWERED], "SHAPES": [BAR_PATH, DOT_PATH]}
    columns = {leading[0]: "label", "Écart": "gap"}
    words = {"Base": "base_{}", "Part": "{}", "Marge basse": "low_{}", "Marge haute": "high_{}"}
    for heading, short in words.items():
        for name, side in zip(_sided(rows, heading), _SIDES, strict=True):
            columns[name] = short.format(side)
    series = [name.partition(", ")[2] for name in _sided(rows, "Part")]
    return {"COLUMNS": columns, "LANES": lanes, "SERIES": series, "SHAPES": ["circle", "circle"]}


def _scale(figure: Figure, channel: str) -> dict[str, str]:
    """Return the colour of each answer or group, from the first scale of a channel that names them."""
    for layer in figure.picture["layer"]:  # type: ignore[index]
        scale = layer["encoding"].get(channel, {}).get("scale") or {}
        if "domain" in scale:
            return {neutralise(name): colour for name, colour in zip(scale["domain"], scale["range"], strict=True)}
    return {}


def _of_map(figure: Figure, rows: pd.DataFrame) -> dict[str, Any]:
    picture = figure.picture
    assert isinstance(picture, MapPicture)
    colours = {entry.label: entry.fill for entry in picture.entries}
    return {
        "CLASS": _classes(picture, rows),
        "COLOURS": {neutralise(label): fill for label, fill in colours.items()},
        "OUTLINES": OUTLINES,
    }


def _classes(picture: MapPicture, rows: pd.DataFrame) -> str:
    """Return the column of the answers, the one that holds only labels of the legend; empty where nobody answered."""
    labels = {entry.label for entry in picture.entries}
    return next((str(name) for name in rows if len(rows) and set(rows[name]) <= labels), "")


def _leading(rows: pd.DataFrame) -> list[str]:
    """Return the columns before the figures."""
    names = [str(name) for name in rows]
    first = next((place for place, name in enumerate(names) if name.startswith(("Effectif", "Répondants"))), 0)
    return names[:first]


def _sided(rows: pd.DataFrame, heading: str) -> list[str]:
    """Return the columns of a figure for each of the two groups: « Part, 2025 », « Part, 2026 »."""
    return [str(name) for name in rows if str(name).startswith(f"{heading}, ")]


def _ranked(drawn: Sequence[dict[str, Any]], rank: str, name: str) -> list[str]:
    ranks = {record[name]: record[rank] for record in drawn if record[name] != BASE}
    return [neutralise(label) for label in sorted(ranks, key=lambda label: ranks[label])]


@cache
def _text(piece: str) -> str:
    return (_TEXTS / f"{piece}.py.txt").read_text(encoding="utf-8")


def _literal(value: Any) -> str:
    """Return a value as Python writes it: whatever a text holds, it ends where it should and hides nothing."""
    if value is None or value != value:
        return "None"
    indent = 4 if isinstance(value, dict | list) else None
    return _UNSEEN.sub(lambda sign: f"\\u{ord(sign.group()):04x}", json.dumps(value, indent=indent, ensure_ascii=False))
