"""The styles of a map as they travel: what `lib.display.maps.payload` says, in as few characters as may be.

Codes are places in the topology that the browser holds already, each told by its distance from the one before.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import takewhile
from typing import Any

import numpy as np

from lib.display.palette import OUTSIDE, Pattern
from lib.territory.boundaries import LAYERS, boundaries_path

MOST_CLASSES = 26
"""Classes that a capital letter can tell."""


def tile(pattern: Pattern | None) -> list[Any] | None:
    """Return what the browser needs to draw a pattern."""
    return None if pattern is None else [pattern.size, pattern.path, pattern.stroke, pattern.width]


TILES = [tile(fill.pattern) for fill in OUTSIDE.values() if fill.pattern]
"""Patterns that the browser holds, with the scripts of the map; styles give their place."""


@lru_cache(maxsize=4096)
def base36(number: int) -> str:
    """Return a number in base 36, 0 to Z."""
    return np.base_repr(number, 36)


def prepare() -> None:
    """Read the order of the territories before the first visitor."""
    _drawn()


def compact(sent: Mapping[str, Any], drawn: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
    """Return a payload with `codes`, `classes` and `respondents` as one string, `marks`; the rest shorter too.

    `drawn` lists the codes of each level in the order of the topology, the region's unless given.

    Notes
    -----
    A mark is a territory: how many are passed over since the last one (base 36, nothing for none), its class as a
    capital letter, then, unless it is 1, its number of respondents: « . » and a digit, or « : » digits « : ». The
    order is that of the topology; of `perimeters` at the level of that name. A territory that is not drawn is left out.
    `notes` become what all of them begin and end with, and what is between. A payload of more than 26 classes is
    returned as it is, which the browser reads too.
    """
    if len(sent["palette"]) > MOST_CLASSES:
        return dict(sent)
    level = str(sent["level"])
    order = [each[0] for each in sent["perimeters"]] if level == "perimetre" else (drawn or _drawn())[level]
    rest = {key: value for key, value in sent.items() if key not in ("codes", "classes", "respondents")}
    palette = [[fill, TILES.index(each) if each in TILES else each, label] for fill, each, label in sent["palette"]]
    return {**rest, "palette": palette, "marks": _marks(sent, order), "notes": _notes(sent["notes"])}


def _marks(sent: Mapping[str, Any], order: Sequence[str]) -> str:
    told = zip(sent["classes"], sent["respondents"], strict=True)
    known = dict(zip(sent["codes"].split(), told, strict=True))
    written, passed = [], 0
    for code in order:
        if code not in known:
            passed += 1
            continue
        digit, count = known[code]
        place = int(digit, 36)
        written.append((base36(passed).lower() if passed else "") + chr(ord("A") + place))
        if count != "1" and place not in sent["silent"]:
            written.append(f".{count.lower()}" if len(count) == 1 else f":{count.lower()}:")
        passed = 0
    return "".join(written)


def _notes(notes: Mapping[str, str]) -> list[Any]:
    texts = list(notes.values())
    before = _alike(texts)
    after = _alike([text[before:][::-1] for text in texts])
    first = texts[0] if texts else ""
    middles = {code: text[before : len(text) - after] for code, text in notes.items()}
    return [first[:before], first[len(first) - after :], middles]


def _alike(texts: Sequence[str]) -> int:
    """Return how many characters all the texts begin with; 0 for one text or none."""
    if len(texts) < 2:
        return 0
    return sum(1 for _ in takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False)))


@cache
def _drawn() -> dict[str, tuple[str, ...]]:
    """Return the codes of each level in the order of the topology."""
    objects = json.loads(boundaries_path().read_bytes())["objects"]
    return {level: tuple(each["id"] for each in objects[name]["geometries"]) for level, name in LAYERS.items()}
