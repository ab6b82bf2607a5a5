"""Say which territories touch each other, where each one lies, and how far apart they are.
Polygons belong to `lib.territory.boundaries`; who resembles whom is no matter of place and belongs to the analysis."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from lib.territory.boundaries import LAYERS, boundaries_path, load_boundaries
from lib.territory.naming import strict_key
from lib.territory.reference import load_reference, load_region


def neighbours(code: str) -> tuple[str, ...]:
    """Return the territories of the same level that share a border line with one, in the order of their names.

    A point in common is no border, and an island has no neighbour. Limits that meet in the middle of a river or of an
    estuary are a border: Blaye touches Cussac-Fort-Médoc, although one has to take the ferry.

    Parameters
    ----------
    code
        A commune, an EPCI or a département of today; anything else, a pays for instance, has no known neighbour.
    """
    return _neighbours().get(code, ())


@cache
def positions() -> pd.DataFrame:
    """Return the centroid of the polygon of every commune, EPCI and département of today; never to be modified.

    Returns
    -------
    DataFrame
        Index `code`; columns `x`, `y` in metres, in the projection of the region. That of an EPCI which reaches beyond
        the region is of the whole of it; that of a territory in several pieces, or bent, may lie outside of it.
    """
    epsg = load_region().epsg
    centroids = pd.concat([load_boundaries(level).geometry.to_crs(epsg).centroid for level in LAYERS])
    return pd.DataFrame({"x": centroids.x, "y": centroids.y}, index=centroids.index.astype("str"))


def centre(codes: Iterable[str]) -> tuple[float, float] | None:
    """Return where some territories lie taken together: the mean of their positions, each counting for its inhabitants.

    Parameters
    ----------
    codes
        A single code gives its own position, the EPCI of a pays give that of the pays; an unknown code is left out.

    Returns
    -------
    tuple or None
        x and y in metres, as in `positions`; None when no code is known.
    """
    places = positions()
    known = [code for code in dict.fromkeys(codes) if code in places.index]
    if not known:
        return None
    inhabitants = load_reference().loc[known, "population"].to_numpy(dtype=float)
    # Where nobody lives, each counts as one.
    weights = inhabitants if inhabitants.sum() > 0 else np.ones(len(known))
    x, y = np.average(places.loc[known].to_numpy(), axis=0, weights=weights)
    return float(x), float(y)


def kilometres(origin: tuple[float, float], codes: Iterable[str]) -> pd.Series:
    """Return how far territories are from a point, as the crow flies.

    Parameters
    ----------
    origin
        x and y in metres, as `centre` gives them.
    codes
        Territories, in any number.

    Returns
    -------
    Series
        Index the codes, in their order; float, kilometres from the point to the position of each, missing for a code
        without one. The projection distorts a distance inside the region by less than 1 in 500.
    """
    places = positions().reindex(pd.Index(list(codes), dtype="str", name="code"))
    apart = np.hypot(places["x"] - origin[0], places["y"] - origin[1]) / 1000
    return pd.Series(apart, index=places.index, name="km", dtype=float)


@cache
def _neighbours() -> dict[str, tuple[str, ...]]:
    """Return the neighbours of each territory that has some; the file is read once and not kept."""
    return _touching(json.loads(boundaries_path().read_text(encoding="utf-8"))["objects"])


def _touching(objects: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the neighbours of each territory that has some, from the objects of a TopoJSON."""
    touching: dict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for layer in LAYERS.values():
        # An arc is drawn by one territory of a level where nothing of that level lies beyond it, by two elsewhere.
        drawn_by: dict[int, list[str]] = defaultdict(list)
        for territory in objects[layer]["geometries"]:
            names[territory["id"]] = territory["properties"]["nom"]
            for arc in _arcs(territory["arcs"]):
                drawn_by[arc].append(territory["id"])
        for sharers in drawn_by.values():
            for one, other in combinations(sharers, 2):
                touching[one].add(other)
                touching[other].add(one)
    order = {code: (strict_key(nom), code) for code, nom in names.items()}
    return {code: tuple(sorted(others, key=order.__getitem__)) for code, others in touching.items()}


def _arcs(rings: Any) -> Iterator[int]:
    """Return the arcs of a polygon or of several, whatever the direction in which each is walked."""
    for part in rings:
        if isinstance(part, list):
            yield from _arcs(part)
        else:
            yield max(part, ~part)
