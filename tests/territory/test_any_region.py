"""What the reference list and the boundaries of any region must be, whichever is in use."""

import pytest
import shapely

from lib.territory.boundaries import load_boundaries, load_prefectures
from lib.territory.geofiles import boundary_sources, geopackage
from lib.territory.reference import current_codes, load_former_communes, load_reference, load_region, size_class

REGION, REFERENCE = load_region(), load_reference()
COMMUNES = REFERENCE[REFERENCE["type"] == "commune"]
EPCI = REFERENCE[REFERENCE["type"] == "epci"]


def test_counts_are_those_that_the_region_says():
    counts = REFERENCE["type"].value_counts()
    assert {
        "communes": counts["commune"],
        "epci": counts["epci"],
        "departements": counts["departement"],
        "partial_epci": REFERENCE["partiel"].sum(),
        "population": COMMUNES["population"].sum(),
    } == dict(REGION.counts)


def test_people_are_counted_once_at_each_level():
    departements = REFERENCE[REFERENCE["type"] == "departement"]
    assert departements["population"].sum() == COMMUNES["population"].sum()
    inside = COMMUNES.groupby("epci")["population"].sum().reindex(EPCI.index)
    assert (inside - EPCI["population"] * EPCI["part_population"]).abs().max() < 1
    alone = COMMUNES.loc[COMMUNES["epci"].isna(), "population"].sum()
    assert inside.sum() + alone == COMMUNES["population"].sum()


def test_every_commune_and_epci_is_in_a_size_class_of_the_region():
    for territory in (*COMMUNES.itertuples(), *EPCI.itertuples()):
        assert territory.taille == size_class(territory.type, territory.population), territory.nom


@pytest.mark.parametrize("level", ["commune", "epci", "departement"])
def test_every_territory_has_a_valid_polygon_and_land(level):
    drawn = load_boundaries(level)
    assert sorted(drawn.index) == sorted(REFERENCE.index[REFERENCE["type"] == level])
    assert drawn.is_valid.all()
    assert (drawn.to_crs(REGION.epsg).area > 10_000).all()


def test_communes_do_not_overlap_and_fill_the_departements():
    communes, departements = load_boundaries("commune"), load_boundaries("departement")
    assert shapely.coverage_is_valid(communes.geometry.to_numpy())
    areas = communes.to_crs(REGION.epsg).area.groupby(COMMUNES["departement"].reindex(communes.index)).sum()
    whole = departements.to_crs(REGION.epsg).area
    assert (areas.reindex(whole.index) / whole).to_list() == pytest.approx([1] * len(whole), rel=1e-9)


def test_an_epci_inside_the_region_is_the_union_of_its_communes_and_one_across_the_border_is_more():
    areas = load_boundaries("commune").to_crs(REGION.epsg).area
    inside = areas.groupby(COMMUNES["epci"].reindex(areas.index)).sum()
    ratio = load_boundaries("epci").to_crs(REGION.epsg).area / inside
    assert ratio[~EPCI["partiel"]].to_list() == pytest.approx([1] * int((~EPCI["partiel"]).sum()), rel=1e-9)
    assert (ratio[EPCI["partiel"]] > 1).all()


def test_the_projection_is_that_of_the_place():
    """A degree of latitude is 111 km, within one per cent, only where a projection is used in its own area."""
    west, south, east, north = load_boundaries("departement").total_bounds
    middle = (west + east) / 2
    line = shapely.LineString([(middle, south), (middle, north)])
    length = load_boundaries("departement")[:1].set_geometry([line], crs=4326).to_crs(REGION.epsg).length.iloc[0]
    assert length / (north - south) == pytest.approx(111_000, rel=0.01)


def test_chefs_lieux_are_in_their_commune():
    prefectures, communes = load_prefectures(), load_boundaries("commune")
    assert len(prefectures) == REGION.counts["departements"]
    assert all(communes.geometry[row.code].contains(row.geometry) for row in prefectures.itertuples())


def test_former_communes_lead_to_communes_of_the_region():
    former = load_former_communes()
    assert set(former["code_actuel"]) <= set(COMMUNES.index)
    assert current_codes(COMMUNES.index.to_series()).to_list() == list(COMMUNES.index)


def test_each_earlier_year_has_the_same_territories():
    for year in REGION.earlier:
        assert set(load_reference(year).index) == set(REFERENCE.index)


def test_files_and_sources_say_the_projection_and_the_year_of_the_region(tmp_path):
    import geopandas as gpd

    rows = COMMUNES.head(3).reset_index()[["code", "nom"]]
    path = tmp_path / "communes.gpkg"
    path.write_bytes(geopackage(rows, "code", "commune", "communes", {"Édition": "x"}))
    assert gpd.read_file(path).crs.to_epsg() == REGION.epsg
    assert str(REGION.millesime) in boundary_sources()[1]
