"""All that goes with a figure: which files there are, that they say the same, and what the note tells."""

import io
import zipfile
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from lib.display.files import dossier
from tests.display.files.takeaways import PLACES, bars, perimeters, places
from tests.world import codebook

SIMULATED = "numerique-et-territoires-{}-donnees-simulees"


def entries(figure, **pictures):
    archive = zipfile.ZipFile(io.BytesIO(dossier.dossier(figure, codebook(), **pictures)))
    return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def test_a_chart_comes_with_its_numbers_its_pictures_and_its_script():
    files, name = entries(bars(), png=b"png", svg="<svg/>"), SIMULATED.format("barres")
    assert list(files) == [
        "LISEZ-MOI.txt", f"{name}.csv", f"{name}.xlsx", f"{name}.png", f"{name}.svg", "redessiner.py",
    ]  # fmt: skip
    assert files[f"{name}.png"] == b"png"
    shares = pd.read_csv(io.BytesIO(files[f"{name}.csv"]), sep=";", decimal=",", encoding="utf-8-sig")
    sheet = pd.read_excel(io.BytesIO(files[f"{name}.xlsx"]), sheet_name="barres", header=5)
    assert shares["Part"].tolist()[:2] == sheet["Part"].tolist()[:2] == [0.75, 0.2]
    assert list(entries(replace(bars(), picture=None))) == ["LISEZ-MOI.txt", f"{name}.csv", f"{name}.xlsx"]


def test_a_map_comes_with_its_polygons_and_their_sources(tmp_path):
    files, name = entries(places()), SIMULATED.format("carte")
    assert set(files) == {
        "LISEZ-MOI.txt", "departements.geojson", "redessiner.py",
        *(f"{name}.{end}" for end in ("csv", "xlsx", "gpkg", "geojson")),
    }  # fmt: skip
    for end in ("gpkg", "geojson"):
        (tmp_path / f"carte.{end}").write_bytes(files[f"{name}.{end}"])
        features = gpd.read_file(tmp_path / f"carte.{end}")
        assert features["Code"].tolist() == PLACES["Code"].tolist()
        assert features["Répondants"].tolist() == [3, 1, 1]
        # A table of attributes is opened in a spreadsheet too.
        assert features["Territoire"].tolist() == ["Bordeaux Métropole", "'=CMD()", "Nulle-Part"]
        assert features.geometry.isna().tolist() == [False, False, True]
    said = files["LISEZ-MOI.txt"].decode("utf-8-sig")
    assert "1 territoire sans contour connu" in said
    assert "Licence Ouverte" in said
    assert "pip install altair geopandas pandas vl-convert-python" in said


def test_a_pays_is_drawn_from_the_epci_that_it_is_made_of(tmp_path):
    (tmp_path / "pays.gpkg").write_bytes(dossier.geopackage(perimeters()))
    features = gpd.read_file(tmp_path / "pays.gpkg")
    assert features["Territoire"].tolist() == ["'@pays\""]
    assert features.geometry.is_valid.all()
    assert features.area.iloc[0] > 3e9


def test_the_note_begins_with_the_mark_and_gives_every_line_of_the_stamp():
    said = entries(bars())["LISEZ-MOI.txt"].decode("utf-8-sig")
    assert said.startswith("DONNÉES SIMULÉES.")
    assert "  Date\u202f: 22 novembre 2026\r\n" in said
    assert "\n" not in said.replace("\r\n", "")
    assert "CONTOURS" not in said
    real = replace(bars(), stamp={"Mention": "Réponses à l’enquête"})
    assert "simulées" not in entries(real)["LISEZ-MOI.txt"].decode().lower()


def test_the_same_figure_gives_the_same_bytes_dated_by_its_stamp():
    content = dossier.dossier(places(), codebook())
    assert content == dossier.dossier(places(), codebook())
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(content)).infolist()} == {(2026, 11, 22, 0, 0, 0)}
