"""Check neighbours against the polygons themselves, and distances against those that anyone can measure on a map."""

import random
from itertools import combinations

import numpy as np
import pytest
import shapely

from lib.territory.boundaries import load_boundaries
from lib.territory.neighbourhood import _touching, centre, kilometres, neighbours, positions
from lib.territory.reference import load_reference, load_region

LEVELS = ("commune", "epci", "departement")
BORDEAUX, LIMOGES, ILE_D_AIX = "33063", "87085", "17004"
BORDEAUX_METROPOLE, GRAND_POITIERS = "243300316", "200069854"


def touching(level):
    """Return the pairs of a level whose polygons share a line, by shapely alone."""
    shapes = load_boundaries(level).geometry
    one, other = shapely.STRtree(shapes.to_numpy()).query(shapes.to_numpy(), predicate="intersects")
    one, other = one[one < other], other[one < other]
    common = shapely.intersection(shapes.to_numpy()[one], shapes.to_numpy()[other])
    lines = shapely.length(common) > 0
    return {frozenset((shapes.index[a], shapes.index[b])) for a, b in zip(one[lines], other[lines], strict=True)}


@pytest.mark.parametrize("level", LEVELS)
def test_neighbours_are_those_whose_polygons_share_a_line(level):
    codes = load_boundaries(level).index
    pairs = {frozenset((code, other)) for code in codes for other in neighbours(code)}
    assert pairs == touching(level)


@pytest.mark.parametrize("level", LEVELS)
def test_neighbours_are_of_the_same_level_mutual_and_never_oneself(level):
    codes = set(load_boundaries(level).index)
    for code in codes:
        assert code not in neighbours(code)
        assert set(neighbours(code)) <= codes
        assert all(code in neighbours(other) for other in neighbours(code))


@pytest.mark.shipped_region
def test_neighbours_of_gironde_are_the_four_departements_around_it_by_name():
    # Charente-Maritime, Dordogne, Landes, Lot-et-Garonne.
    assert neighbours("33") == ("17", "24", "40", "47")


@pytest.mark.shipped_region
def test_neighbours_of_la_rochelle_are_in_the_order_of_their_names():
    names = load_reference()["nom"]
    assert [names[code] for code in neighbours("17300")] == ["Aytré", "L'Houmeau", "Lagord", "Périgny", "Puilboreau"]


@pytest.mark.shipped_region
def test_a_town_has_neighbours_and_an_island_none():
    assert "33281" in neighbours(BORDEAUX)  # Mérignac
    assert neighbours(ILE_D_AIX) == ()
    assert neighbours("241700459") == ()  # CC de l'Ile de Ré


def test_a_point_in_common_is_no_border():
    # Four squares around a point, and an enclave inside the first, whose one arc is its whole border.
    squares = {"NW": [[0, 1, -6], [10]], "NE": [[2, 3, -2]], "SE": [[-4, 4, 7]], "SW": [[5, -8, 6]], "in": [[-11]]}
    drawn = [{"id": code, "properties": {"nom": code}, "arcs": arcs} for code, arcs in squares.items()]
    nothing = {"geometries": []}
    found = _touching({"communes": {"geometries": drawn}, "epci": nothing, "departements": nothing})
    assert found == {
        "NW": ("in", "NE", "SW"),
        "NE": ("NW", "SE"),
        "SE": ("NE", "SW"),
        "SW": ("NW", "SE"),
        "in": ("NW",),
    }


@pytest.mark.parametrize("code", ["", "99999", "pays:perigord-vert", "75"])
def test_what_has_no_polygon_has_no_neighbour_and_no_place(code):
    assert neighbours(code) == ()
    assert centre([code]) is None
    assert kilometres((0.0, 0.0), [code]).isna().all()


def test_positions_are_those_of_every_territory_and_inside_a_departement():
    places = positions()
    reference = load_reference()
    assert sorted(places.index) == sorted(reference.index)
    assert list(places.columns) == ["x", "y"]
    assert np.isfinite(places.to_numpy()).all()
    shapes = load_boundaries("departement").to_crs(load_region().epsg).geometry
    points = shapely.points(places.loc[shapes.index].to_numpy())
    assert shapely.contains(shapes.to_numpy(), points).all()


@pytest.mark.shipped_region
def test_distances_are_those_of_a_map():
    origin = centre([BORDEAUX])
    assert origin is not None
    found = kilometres(origin, [LIMOGES, BORDEAUX, "99999", "17300"])
    assert list(found.index) == [LIMOGES, BORDEAUX, "99999", "17300"]
    # As the crow flies, from town to town: Limoges 181 km, La Rochelle 153 km.
    assert found[LIMOGES] == pytest.approx(181, abs=3)
    assert found["17300"] == pytest.approx(153, abs=3)
    assert found[BORDEAUX] == 0
    assert np.isnan(found["99999"])


def test_distances_of_none_are_none():
    assert kilometres((0.0, 0.0), []).empty
    assert centre([]) is None


def test_the_projection_hardly_distorts_distances():
    codes = sorted(load_boundaries("commune").index)
    ends = random.Random(5).sample(codes, min(40, len(codes)))
    degrees = shapely.get_coordinates(
        load_boundaries("commune").to_crs(load_region().epsg).centroid.to_crs(4326)[ends].to_numpy()
    )
    for (one, a), (other, b) in combinations(zip(ends, np.radians(degrees), strict=True), 2):
        origin = centre([one])
        assert origin is not None
        # Haversine on a sphere is itself within 1 in 200 of the ellipsoid.
        half = np.sin((b[1] - a[1]) / 2) ** 2 + np.cos(a[1]) * np.cos(b[1]) * np.sin((b[0] - a[0]) / 2) ** 2
        assert kilometres(origin, [other])[other] == pytest.approx(2 * 6371 * np.arcsin(np.sqrt(half)), rel=0.005)


@pytest.mark.shipped_region
def test_centre_of_one_is_its_position():
    assert centre([LIMOGES]) == pytest.approx(tuple(positions().loc[LIMOGES]))


@pytest.mark.shipped_region
def test_centre_of_several_leans_towards_the_most_populated():
    people = load_reference()["population"].astype(float)
    places = positions()
    weight = people[BORDEAUX_METROPOLE] / (people[BORDEAUX_METROPOLE] + people[GRAND_POITIERS])
    assert weight > 0.75
    expected = weight * places.loc[BORDEAUX_METROPOLE] + (1 - weight) * places.loc[GRAND_POITIERS]
    pays = [BORDEAUX_METROPOLE, "999999999", GRAND_POITIERS, GRAND_POITIERS]
    assert centre(pays) == pytest.approx(tuple(expected))
