"""Check the committed boundaries: one polygon per territory, valid, without a hole, coinciding at every level."""

import hashlib
import json

import pandas as pd
import pytest
import shapely

from lib.territory.boundaries import boundaries_path, load_boundaries, load_prefectures, perimeter
from lib.territory.reference import load_reference, load_region


@pytest.fixture(scope="module")
def areas() -> pd.Series:
    """Area in km² of every territory, in the projection of the region."""
    epsg = load_region().epsg
    levels = [load_boundaries(level).to_crs(epsg).area / 1e6 for level in ("commune", "epci", "departement")]
    return pd.concat(levels)


def test_file_name_carries_the_hash_of_its_content():
    path = boundaries_path()
    assert path.name == f"boundaries.{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}.json"


def test_objects_share_one_set_of_arcs_and_use_all_of_it():
    topology = json.loads(boundaries_path().read_text(encoding="utf-8"))
    assert set(topology["objects"]) == {"communes", "epci", "departements", "prefectures"}
    used = set()

    def walk(arcs: list) -> None:
        for arc in arcs:
            if isinstance(arc, list):
                walk(arc)
            else:
                used.add(max(arc, ~arc))

    for layer in ("communes", "epci", "departements"):
        for geometry in topology["objects"][layer]["geometries"]:
            walk(geometry["arcs"])
    assert used == set(range(len(topology["arcs"])))


@pytest.mark.parametrize("level", ["commune", "epci", "departement"])
def test_every_territory_has_one_valid_polygon(level):
    boundaries, reference = load_boundaries(level), load_reference()
    expected = reference[reference["type"] == level]
    assert sorted(boundaries.index) == sorted(expected.index)
    assert boundaries.is_valid.all()
    assert boundaries.crs.to_epsg() == 4326
    assert (boundaries["nom"] == expected["nom"].reindex(boundaries.index)).all()
    assert (boundaries["pop"] == expected["population"].reindex(boundaries.index)).all()


@pytest.mark.shipped_region
def test_communes_cover_the_region_without_overlap(areas):
    communes = load_boundaries("commune").geometry.to_numpy()
    assert shapely.coverage_is_valid(communes)
    # INSEE gives the region 84 036 km² (cadastre, without large waters); the polygons hold about 1 % more.
    reference = load_reference()
    total = areas[reference.index[reference["type"] == "commune"]].sum()
    assert 84_000 < total < 86_000
    assert areas[reference.index[reference["type"] == "departement"]].sum() == pytest.approx(total, rel=1e-9)


@pytest.mark.shipped_region
def test_only_the_enclaves_of_hautes_pyrenees_are_holes():
    union = shapely.coverage_union_all(load_boundaries("commune").geometry.to_numpy())
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
    # Gardères and Luquet in one; Escaunets, Séron and Villenave-près-Béarn in the other.
    assert len(holes) == 2
    enclaves = shapely.box(-0.15, 43.2, 0.05, 43.45)
    assert all(enclaves.contains(hole) for hole in holes)


def test_epci_is_the_union_of_its_communes(areas):
    reference = load_reference()
    inside = areas.groupby(reference["epci"]).sum()
    whole = reference.index[(reference["type"] == "epci") & ~reference["partiel"]]
    assert ((areas[whole] / inside[whole]) - 1).abs().max() < 1e-9
    partial = reference.index[reference["partiel"]]
    assert (areas[partial] > inside[partial]).all()


@pytest.mark.shipped_region
def test_commune_that_merged_after_the_source_has_all_its_land(areas):
    # La Boixe is Vars and Montignac-Charente; the point is in the latter.
    la_boixe = load_boundaries("commune").geometry["16393"]
    assert la_boixe.geom_type == "Polygon"
    assert la_boixe.contains(shapely.Point(0.121, 45.782))
    # Sauzé-entre-Bois: Sauzé-Vaussais alone has 19 km², with Caunay, Montalembert, Pers and Pliboux 66.
    assert areas["79307"] > 60


@pytest.mark.shipped_region
def test_prefectures_are_in_their_commune():
    prefectures, communes = load_prefectures(), load_boundaries("commune")
    assert len(prefectures) == 12
    assert prefectures.loc["33", "nom"] == "Bordeaux"
    assert all(communes.geometry[row.code].contains(row.geometry) for row in prefectures.itertuples())


@pytest.mark.shipped_region
def test_perimeter_is_the_union_of_what_is_asked():
    metropole = load_boundaries("epci").geometry["243300316"]
    assert perimeter(["243300316", "33063"]).equals(metropole)
    assert perimeter([]).is_empty
    with pytest.raises(KeyError):
        perimeter(["99999"])
