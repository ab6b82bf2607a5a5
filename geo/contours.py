"""Give a polygon to every commune of a year, though the polygons of the source are those of an earlier one.
What touches what, and which arcs are drawn, belongs to `geo.topology`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import shapely

from geo import tables
from geo.sources import BuildError, Sources


@dataclass(frozen=True)
class Contours:
    """The polygons of the communes of a year, as the source draws them, and what it leaves blank.

    Attributes
    ----------
    polygons
        INSEE code -> polygon in WGS84, for the communes of the year.
    land
        INSEE code -> what the commune absorbed since the year of the source, not yet in its polygon.
    completed
        Codes of the communes whose polygon is made, wholly or in part, from the earlier release of the source.
    """

    polygons: dict[str, shapely.Geometry]
    land: dict[str, shapely.Geometry]
    completed: frozenset[str]


def contours(sources: Sources, millesime: int) -> Contours:
    """Return the polygons of the communes of a year.

    Three things happened to communes after the year of the polygons: a commune absorbed others (they are in `land`), it
    took another code (its polygon is the union of what lead to it), or it was re-established as it was before a merger
    (its polygon is that of the commune déléguée it was, and is cut from the commune it leaves).

    Raises
    ------
    BuildError
        A commune that was re-established was part of none, as far as the source knows.
    """
    today = tables.current(sources.communes[millesime])
    heir = tables.heirs(sources, millesime)
    polygons = {code: polygon for code, polygon in sources.polygons.items() if code in today}
    gone: dict[str, list[str]] = defaultdict(list)
    for code in sorted(set(sources.whole) - set(today)):
        if code in heir and code not in sources.polygons:
            gone[heir[code]].append(code)
    land = {code: shapely.union_all([sources.whole[old] for old in olds]) for code, olds in gone.items()}
    blank = sorted(set(today) - set(polygons))
    made = {code: land.pop(code) for code in blank if code in land}
    again = [code for code in blank if code not in made and code in sources.parts]
    before = tables.heirs(sources, sources.polygons_cog) if again else {}
    for code in again:
        left = before.get(code)
        if left not in polygons:
            raise BuildError(f"{code} was re-established, and was part of no commune of {sources.polygons_cog}")
        made[code] = sources.parts[code]
        made[left] = shapely.difference(made.get(left, polygons[left]), sources.parts[code])
    return Contours(polygons | made, land, frozenset(made))
