"""Check the making of boundaries on a world of unit squares, and the comparison of what was built."""

import pytest
import shapely

from geo import build
from geo.sources import BuildError
from geo.topology import keep_used_arcs, merge, shape, whole_coverage

# Two squares side by side: arc 0 is the common side upward, arc 1 goes round the left one, arc 2 round the right one.
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [1.0, 1.0], "translate": [0.0, 0.0]},
    "objects": {},
    "arcs": [
        [[1, 0], [0, 1]],
        [[1, 0], [-1, 0], [0, 1], [1, 0]],
        [[1, 1], [1, 0], [0, -1], [-1, 0]],
        [[9, 9], [1, 1]],
    ],
}
LEFT, RIGHT = [[[1, ~0]]], [[[2, 0]]]


def test_merge_cancels_the_common_side():
    merged = merge(TOPOLOGY, [LEFT, RIGHT])
    assert sorted(merged[0][0]) == [1, 2]
    assert shape(TOPOLOGY, merged).equals(shapely.box(0, 0, 2, 1))


def test_merge_of_one_is_itself():
    assert shape(TOPOLOGY, merge(TOPOLOGY, [LEFT])).equals(shapely.box(0, 0, 1, 1))


def test_merge_keeps_a_hole_and_squares_that_touch_by_a_corner_apart():
    # Arcs are whole rings, clockwise: a square of 3 with a square hole, and a square at its upper right corner.
    ring = [[[0, 0], [0, 3], [3, 0], [0, -3], [-3, 0]], [[1, 1], [1, 0], [0, 1], [-1, 0], [0, -1]]]
    corner = [[3, 3], [0, 1], [1, 0], [0, -1], [-1, 0]]
    topology = TOPOLOGY | {"arcs": [*ring, corner]}
    merged = shape(topology, merge(topology, [[[[0], [1]]], [[[2]]]]))
    assert merged.is_valid
    assert merged.area == 9 - 1 + 1


def test_arcs_nobody_uses_are_dropped_and_the_others_renumbered():
    kept = keep_used_arcs(TOPOLOGY, {"communes": {"right": RIGHT}})
    assert kept["arcs"] == [TOPOLOGY["arcs"][0], TOPOLOGY["arcs"][2]]
    assert shape(kept, kept["objects"]["communes"]["right"]).equals(shapely.box(1, 0, 2, 1))


def squares() -> dict[str, shapely.Geometry]:
    """Return the eight squares around an empty one."""
    return {f"{x}{y}": shapely.box(x, y, x + 1, y + 1) for x in range(3) for y in range(3) if (x, y) != (1, 1)}


HOLE = shapely.box(1, 1, 2, 2)


def test_hole_goes_to_the_commune_that_absorbed_it():
    polygons = whole_coverage(squares(), squares(), {"10": HOLE})
    assert polygons["10"].area == 2
    assert sum(polygon.area for polygon in polygons.values()) == 9


def test_hole_that_nobody_absorbed_stays_one():
    """A lagoon, or land of a foreign country."""
    polygons = whole_coverage(squares(), squares(), {})
    assert sum(polygon.area for polygon in polygons.values()) == 8


def test_hole_of_a_neighbouring_region_is_none():
    outside = squares() | {"abroad": HOLE}
    polygons = whole_coverage(outside, squares(), {})
    assert set(polygons) == set(squares())
    assert sum(polygon.area for polygon in polygons.values()) == 8


def test_land_absorbed_on_the_border_is_added_though_it_shows_as_no_hole():
    """The square right of « 21 » touches the outside of the country: nothing surrounds it."""
    polygons = whole_coverage(squares(), squares(), {"21": shapely.box(3, 1, 4, 2), "10": HOLE})
    assert polygons["21"].equals(shapely.box(2, 1, 4, 2))
    assert polygons["10"].area == 2


def test_two_neighbours_that_absorbed_land_on_the_border_each_get_their_own():
    polygons = whole_coverage(squares(), squares(), {"20": shapely.box(3, 0, 4, 1), "21": shapely.box(3, 1, 4, 2)})
    assert polygons["20"].equals(shapely.box(2, 0, 4, 1))
    assert polygons["21"].equals(shapely.box(2, 1, 4, 2))


def test_absorbed_land_that_is_drawn_as_that_of_another_stops_the_build():
    filled = squares() | {"11": HOLE}
    with pytest.raises(BuildError, match="the land of other communes"):
        whole_coverage(filled, filled, {"00": HOLE})


def test_missing_polygon_stops_the_build():
    with pytest.raises(BuildError, match="no polygon"):
        whole_coverage(squares(), {*squares(), "99"}, {})


def test_overlap_is_given_to_one_commune():
    overlapping = {"a": shapely.box(0, 0, 1, 1), "b": shapely.box(0.999, 0, 2, 1)}
    polygons = whole_coverage(overlapping, overlapping, {})
    assert sum(polygon.area for polygon in polygons.values()) == pytest.approx(2)


def test_compare_tells_what_differs(tmp_path):
    (tmp_path / "territories.csv").write_text("code\n")
    (tmp_path / "boundaries.0.json").write_text("{}")
    assert build.compare(tmp_path, {"territories.csv": "code\n", "boundaries.0.json": "{}"}) == []
    assert build.compare(tmp_path, {"territories.csv": "nom\n", "boundaries.1.json": "{}"}) == [
        "boundaries.0.json is not what the sources give",
        "boundaries.1.json is missing",
        "territories.csv differs from what the sources give",
    ]
