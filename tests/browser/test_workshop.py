"""The workshop from its page: the default sequence presented with the keys, short addresses, what is taken away.

The document itself is tested from a disk in `test_player`, what its files hold in `tests/pages/test_takeaway.py`.
"""

from collections.abc import Callable
from inspect import getsource
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd
import openpyxl
import pytest
from playwright.sync_api import Download, Page, expect
from pptx import Presentation
from streamlit.runtime.backend_operation_handler import DeferredFileHandler

from lib.survey.sequences import load_sequence
from tests.browser.visits import Visit, arrived

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SEQUENCE = load_sequence()
PRESENT = "Présenter en plein écran"


def presented(visit: Visit) -> Page:
    """Open the presentation from the page Atelier; it is whole when its progress is over."""
    with visit.page.expect_popup() as opened:
        visit.page.get_by_role("link", name=PRESENT).click()
    shown = opened.value
    shown.on("pageerror", lambda error: visit.complaints.append(str(error)))
    # Of a document that has only begun to come, the progress is not there either.
    shown.wait_for_load_state(timeout=60_000)
    expect(shown.locator(".progress")).to_be_hidden(timeout=60_000)
    return shown


def test_the_default_sequence_is_presented_with_the_keys_and_without_a_network(visit: Visit, address: str):
    visit.page.goto(f"{address}atelier?departement=33")
    arrived(visit.page, "atelier")
    link = visit.page.get_by_role("link", name=PRESENT).get_attribute("href")
    assert parse_qs(urlsplit(link or "").query) == {"departement": ["33"]}
    visit.page.goto(f"{address}atelier")
    arrived(visit.page, "atelier")
    shown = presented(visit)
    assert urlsplit(shown.url).path == "/presentation/atelier.html"
    # From here on the presentation has all that it needs: the network is cut, this machine's too.
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    visit.page.context.set_offline(True)
    screens = len(SEQUENCE.steps)
    expect(shown.locator(".place")).to_have_text("")
    for place, step in enumerate(SEQUENCE.steps, 1):
        shown.keyboard.press("PageDown")
        expect(shown.locator(".place")).to_have_text(f"{place} / {screens}")
        now = shown.locator("main > .screen.current")
        if step.guess and now.locator(".ask").count():
            expect(now.locator(".asked")).to_be_visible()
            shown.keyboard.press("PageDown")
            expect(shown.locator(".place")).to_have_text(f"{place} / {screens}")
        # Joiners keep a hyphen from ending a line.
        assert now.get_by_role("heading", level=2).inner_text().replace("\u2060", "").strip() == step.title
        expect(now.locator(".origin")).to_contain_text("Données simulées")
        expect(shown.locator(".bar .mark")).to_have_text("Données simulées")
        if step.figure:
            expect(now.locator(".origin")).to_contain_text("base")
            expect(now.locator("svg[role=img], .leaflet-container canvas").first).to_be_visible(timeout=30_000)
    shown.keyboard.press("PageDown")
    expect(shown.locator(".current dl")).to_contain_text("Version")
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == []
    visit.page.context.set_offline(False)


def test_a_short_address_leads_to_the_view_of_a_step_with_the_filters_of_the_room(visit: Visit, address: str):
    place, step = next((n, s) for n, s in enumerate(SEQUENCE.steps, 1) if s.page == "strategies" and s.query)
    visit.page.goto(f"{address}v/{SEQUENCE.id}/{place}?departement=33&inconnu=1")
    arrived(visit.page, "strategies")
    got = parse_qs(urlsplit(visit.page.url).query)
    assert got["departement"] == ["33"]
    assert "inconnu" not in got
    assert {name: got.get(name) for name, _ in step.query if name in got} == {
        name: [value] for name, value in step.query if name in got
    }
    # A step that no longer exists leads to the workshop, never outside.
    for gone in (f"v/{SEQUENCE.id}/99", "v/inconnue/1", "v/%2f%2fexemple.fr/1"):
        assert (
            urlsplit(visit.page.request.get(f"{address}{gone}", max_redirects=0).headers.get("location", "/")).netloc
            == ""
        )
    visit.page.goto(f"{address}v/inconnue/1")
    arrived(visit.page, "atelier")


def test_the_presentation_is_guarded_and_says_what_is_missing(visit: Visit, address: str):
    answer = visit.page.request.get(f"{address}presentation/inconnue.html")
    assert answer.status == 404
    assert "n’existe pas" in answer.text()
    head = visit.page.request.head(f"{address}presentation/inconnue.html")
    assert head.status == 404
    known = visit.page.request.head(f"{address}presentation/{SEQUENCE.id}.html")
    assert (known.status, known.body()) == (200, b"")
    assert known.headers["content-security-policy"].endswith("frame-ancestors 'self'")


def test_a_file_that_fails_is_told_in_french(visit: Visit, address: str):
    failed = "Failed to generate file for download"
    assert failed in getsource(DeferredFileHandler)
    visit.page.goto(f"{address}confidentialite")
    arrived(visit.page, "confidentialite")
    visit.page.evaluate("text => document.body.append(text)", failed)
    expect(visit.page.get_by_text("Le fichier n’a pas pu être préparé. Réessayez dans une minute.")).to_be_visible()


def taken(page: Page, click: Callable[[], None]) -> tuple[str, bytes]:
    with page.expect_download(timeout=90_000) as waiting:
        click()
    got: Download = waiting.value
    return got.suggested_filename, Path(got.path()).read_bytes()


def test_a_whole_page_is_taken_away_in_one_click(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}besoins-et-freins?departement=33")
    arrived(page, "besoins-et-freins")
    page.get_by_text("Emporter toute la page").click()
    name, content = taken(page, page.get_by_role("button", name="Diaporama (PPTX)").click)
    assert name == "numerique-et-territoires-besoins-et-freins-donnees-simulees.pptx"
    slides = [
        " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for slide in Presentation(BytesIO(content)).slides
    ]
    assert "Gironde (33)" in slides[0]
    assert sum("base" in text.lower() for text in slides) >= 3
    name, content = taken(page, page.get_by_role("button", name="Classeur (XLSX)").click)
    assert {"besoins", "freins"} <= set(openpyxl.load_workbook(BytesIO(content)).sheetnames)
    # What is ready may be taken again.
    again, same = taken(page, page.get_by_role("button", name="Enregistrer le fichier").last.click)
    assert (again, same) == (name, content)


def test_a_map_is_taken_away_as_a_picture_and_as_a_layer(visit: Visit, address: str, tmp_path: Path):
    page = visit.page
    page.goto(f"{address}participation")
    arrived(page, "participation")
    fold = page.get_by_test_id("stExpander").filter(has_text="Voir les données").first
    fold.locator("summary").click()
    name, content = taken(page, fold.get_by_role("button", name="Image (PNG)").click)
    assert (name, content[:8]) == (
        "numerique-et-territoires-participation-carte-donnees-simulees.png",
        b"\x89PNG\r\n\x1a\n",
    )
    _, drawing = taken(page, fold.get_by_role("button", name="Dessin (SVG)").click)
    assert drawing.startswith(b"<svg")
    _, layer = taken(page, fold.get_by_role("button", name="GeoPackage").click)
    (tmp_path / "carte.gpkg").write_bytes(layer)
    assert len(gpd.read_file(tmp_path / "carte.gpkg")) > 50
