"""Every file of every figure of every public page: it opens, and gives back what the screen shows."""

import io
import re
import zipfile
from functools import cache
from xml.etree import ElementTree

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lib.analysis.weights import weigh
from lib.display.drawing import pictures
from lib.display.figure import MapPicture
from lib.display.files import dossier, downloads, workbook
from lib.display.formats import percent
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged
from lib.territory.reference import load_region
from lib.ui import menu, takeaway
from tests.pages.visits import unfold, visit
from tests.region import DEPARTEMENT, EPCI

# Pages with figures, and the choices that show the most of them.
VIEWS = {
    "synthese": {},
    "ma-collectivite": {"code": [EPCI]},
    "thematiques": {"departement": [DEPARTEMENT], "niveau": ["commune"]},
    "strategies": {"ponderation": ["oui"], "groupe": ["taille"]},
    "engagement": {"niveau": ["departement"]},
    "besoins-et-freins": {"role": ["elu", "technicien"]},
    "croisements": {},
    "comparer": {"avec": ["groupe:epci", "groupe:commune"]},
    "participation": {"niveau": ["perimetre"]},
    "evolution": {"question": ["besoins"]},
    "methode": {},
}
BOM = b"\xef\xbb\xbf"


def visiting(page, parameters):
    import streamlit as st

    from lib.ui import visitor

    st.session_state["figures"] = visitor.visit(page, parameters, "https://exemple.fr").figures


@cache
def figures(page):
    opened = AppTest.from_function(visiting, default_timeout=120, args=(page, VIEWS[page])).run()
    assert not opened.exception
    return opened.session_state["figures"]


@cache
def edition():
    return weigh(exchanged(load_edition()))


def test_the_views_are_of_every_page_that_shows_figures():
    without = {*menu.FOOT, "atelier"}
    assert set(VIEWS) == set(menu.PAGES) - without
    for page in VIEWS:
        assert figures(page), page


def assert_gives_back(read, figure):
    """The file has the rows of the table on the screen, and its shares are those that the screen writes."""
    table = figure.table().reset_index(drop=True)
    assert len(read) == len(table), figure.name
    if {"Part", "Base"} <= {*read.columns} & {*table.columns} and "Unité" not in table:
        written = [
            percent(share, base) if share == share else "–"
            for share, base in zip(pd.to_numeric(read["Part"]), pd.to_numeric(read["Base"], "coerce"), strict=True)
        ]
        assert written == list(table["Part"]), figure.name


@pytest.mark.parametrize("page", VIEWS)
def test_numbers_open_and_give_back_the_screen(page):
    for figure in figures(page):
        content = downloads.csv_bytes(figure.file(), figure.stamp)
        assert content.startswith(BOM)
        read = pd.read_csv(io.BytesIO(content), sep=";", decimal=",", encoding="utf-8-sig", dtype={"Code": str})
        assert_gives_back(read, figure)
        for heading, value in figure.stamp.items():
            # A column of the rows says it row by row.
            if len(read) and heading not in figure.file():
                assert set(read[heading].astype(str)) == {value}, (figure.name, heading)


@pytest.mark.parametrize("page", VIEWS)
def test_the_workbook_of_a_page_opens_with_a_sheet_for_each_figure(page):
    shown = figures(page)
    content = workbook.workbook(shown, edition().codebook, shown[0].stamp)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert len(book.sheetnames) == len(shown) + 2
    for figure, sheet in zip(shown, book.worksheets, strict=False):
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        expected = figure.file()
        header = next(place for place, row in enumerate(rows) if row[: len(expected.columns)] == list(expected.columns))
        assert len([row for row in rows[header + 1 :] if any(cell is not None for cell in row)]) == len(expected)
        if "Part" in expected:
            place = list(expected.columns).index("Part")
            got = [row[place] for row in rows[header + 1 : header + 1 + len(expected)]]
            # A number is a number, and what is not shown is empty.
            for cell, share in zip(got, expected["Part"], strict=True):
                assert cell == pytest.approx(share) if pd.notna(share) else not isinstance(cell, int | float)


@pytest.mark.parametrize("page", VIEWS)
def test_drawings_hold_the_title_the_base_the_origin_and_the_values(page):
    for figure in figures(page):
        if figure.picture is None:
            continue
        drawing = pictures.figure_svg(figure)
        text = re.sub(r"\s+", "", "".join(ElementTree.fromstring(drawing).itertext()))
        for said in (figure.stamp["Édition"], "Donnéessimulées", figure.stamp["Date"]):
            assert re.sub(r"\s+", "", said) in text, (figure.name, said)
        if isinstance(figure.picture, MapPicture):
            for entry in figure.picture.entries:
                assert re.sub(r"\s+", "", entry.label) in text
        else:
            drawn = {re.sub(r"\s+", "", row["value"]) for row in figure.picture["data"]["values"] if row.get("value")}
            if not any(row.get("text") for row in figure.picture["data"]["values"]):
                assert all(value in text for value in drawn), figure.name


@pytest.mark.parametrize("page", ["thematiques", "strategies", "engagement", "participation"])
def test_maps_open_in_a_geographic_system(page, tmp_path):
    shown = [figure for figure in figures(page) if isinstance(figure.picture, MapPicture)]
    assert shown
    for figure in shown:
        expected = figure.file()
        path = tmp_path / f"{figure.name}.gpkg"
        path.write_bytes(dossier.geopackage(figure))
        layer = gpd.read_file(path)
        world = gpd.read_file(io.BytesIO(dossier.geojson(figure)))
        for read in (layer, world):
            assert list(read["Code"]) == list(expected["Code"]), figure.name
            placed = read.geometry.notna()
            assert placed.any()
            assert read.geometry[placed].is_valid.all()
            assert set(read["Mention"]) == {"Données simulées"}
        assert (layer.crs.to_epsg(), world.crs.to_epsg()) == (load_region().epsg, 4326)


def test_a_folder_holds_everything_with_a_word_of_explanation():
    figure = next(figure for figure in figures("strategies") if figure.name == "strategies-carte")
    with zipfile.ZipFile(io.BytesIO(dossier.dossier(figure, edition().codebook))) as folder:
        assert folder.testzip() is None
        suffixes = {name.rsplit(".", 1)[-1] for name in folder.namelist()}
        assert {"csv", "xlsx", "gpkg", "geojson", "py", "txt"} <= suffixes


def test_every_figure_has_its_buttons_on_the_page():
    page = unfold(visit("strategies"))
    offered = {button.proto.id.split("-", 2)[-1] for button in page.get("download_button")}
    for figure in ("strategies-carte", "strategies-par-type", "conditions"):
        suffixes = ("csv", "xlsx", "png", "svg", "zip") + (("gpkg", "geojson") if figure.endswith("carte") else ())
        assert {f"{suffix}-{figure}" for suffix in suffixes} <= set(offered), offered


def test_the_progress_of_a_presentation_goes_forward_from_its_pages_to_its_file():
    told = []
    pages, file = (takeaway._half(lambda *said: told.append(said), start) for start in (0, 0.5))
    for half, done in ((pages, 0), (pages, 0.9), (file, 0), (file, 0.9)):
        half(done, "…")
    assert [share for share, _ in told] == pytest.approx([0, 0.45, 0.5, 0.95])
