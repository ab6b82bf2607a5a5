"""Each page on paper: nothing that only a screen can use, charts and maps drawn for the sheet, where it comes from."""

import io
import shutil
import subprocess
from datetime import date

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from lib.display.formats import day
from tests.browser.visits import IDLE, PAGES, PHONE, Visit, arrived, drawn, eventually, visiting

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        shutil.which("pdftotext") is None, reason="poppler is not installed; on Debian: apt-get install poppler-utils"
    ),
]

WIDE = (1920, 1080)
PORTRAIT = "ma-collectivite?code=243300316"
# Those of the map alone and of a data grid have a test of their own.
CASES = {path: heading for path, (_, heading) in PAGES.items() if path not in ("ma-collectivite", "participation")}
CASES[PORTRAIT] = "Bordeaux Métropole"
OF_THE_TEAM = {
    "equipe": "Que disent les réponses telles que données\u202f?",
    "preparer-une-visite?zone=departement:33": "Gironde (33)",
}
OF_THE_SCREEN = ("Filtrer les réponses", "Réinitialiser les filtres", "Voir les données", "Télécharger (CSV)")
SHEET = 186
"""Millimetres between the margins of a sheet."""

WIDTHS = "() => [...document.querySelectorAll('svg.marks')].map((svg) => svg.getAttribute('width'))"
# Heard after the page's own preparation, which must be over by then: printing waits for nothing.
MEASURE = """() => { const before = (WIDTHS)(); addEventListener("beforeprint", () => {
  const main = document.querySelector('[data-testid="stMainBlockContainer"]').getBoundingClientRect();
  const inside = (e) => {
    const box = e.getBoundingClientRect();
    return box.left >= main.left - 1 && box.right <= main.right + 1;
  };
  const charts = [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')].filter((e) => e.clientWidth);
  window.sheet = {
    before,
    width: main.width,
    charts: charts.map((e) => [+e.querySelector("svg.marks").getAttribute("width"), e.clientWidth]),
    inside: [...charts, ...document.querySelectorAll("iframe, [data-testid='stDataFrame']:not(:has(+ .printed-table))")]
      .every(inside),
  };
}); }""".replace("WIDTHS", WIDTHS)


def printed(page: Page, address: str) -> bytes:
    """Go to an address and return what is printed of it, on A4, without backgrounds, as most printers do."""
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
    page.locator(IDLE).wait_for()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=15_000)
    drawn(page)
    page.evaluate(MEASURE)
    return page.pdf(format="A4", print_background=False)


def sheets(pdf: bytes) -> list[str]:
    """Return the text of each page, without spaces, which a PDF does not keep."""
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return ["".join(page.split()) for page in text.split("\f")[:-1]]


def tight(text: str) -> str:
    return "".join(text.split())


def check(page: Page, address: str, heading: str) -> bytes:
    """Print an address, check what every sheet owes its reader, and return the PDF."""
    pdf = printed(page, address)
    pages = sheets(pdf)
    whole = "".join(pages)
    assert tight(heading) in pages[0]
    assert tight("Données simulées") in whole
    assert [said for said in OF_THE_SCREEN if tight(said) in whole] == []
    # The last sheet says when and where from, and no sheet says that alone.
    stamp = f"Impriméle{tight(day(date.today()))}·{page.url}"
    assert stamp in pages[-1]
    assert min(len(text.replace(stamp, "")) for text in pages) > 40
    sheet = page.evaluate("sheet")
    assert sheet["width"] == pytest.approx(SHEET / 25.4 * 96, abs=1)
    assert sheet["inside"]
    # Drawn for its place, a quarter wider, and scaled down to it.
    for chart, place in sheet["charts"]:
        assert chart == pytest.approx(place / 0.8, abs=3)
    return pdf


@pytest.fixture
def desk(visit: Visit) -> Page:
    """Give the page of a wide screen, where charts are twice as wide as a sheet."""
    visit.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    return visit.page


@pytest.mark.parametrize("path", CASES, ids=lambda path: path or "synthese")
def test_page_prints_without_what_only_a_screen_can_use(desk: Page, address: str, path: str):
    check(desk, address + path, CASES[path])


@pytest.mark.parametrize("path", ["engagement", "participation"])
def test_page_of_a_phone_prints_likewise_and_comes_back_to_its_width(chromium: Browser, address: str, path: str):
    with visiting(chromium, PHONE) as made:
        check(made.page, address + path, PAGES[path][1])
        expect(made.page.locator(".on-paper, #printed, .printed-table")).to_have_count(0)
        # Charts are drawn again, in their own time, once the sheet is gone.
        eventually(made.page, lambda: made.page.evaluate(WIDTHS), made.page.evaluate("sheet.before"))


def test_map_keeps_its_colours_on_paper(desk: Page, address: str):
    pdf = check(desk, f"{address}ma-collectivite", PAGES["ma-collectivite"][1])
    picture = subprocess.run(
        ["pdftoppm", "-r", "40", "-png", "-singlefile"], input=pdf, capture_output=True, check=True
    )
    pixels = np.asarray(Image.open(io.BytesIO(picture.stdout)).convert("RGB")).astype(int)
    # The page has no chart, and what is not white, grey or black on it is the map.
    assert (np.ptp(pixels, axis=2) > 60).mean() > 0.02


def test_data_grid_is_written_as_a_table(desk: Page, address: str):
    desk.goto(f"{address}participation")
    arrived(desk, "participation")
    # What a grid tells screen readers comes a moment after its picture.
    expect(desk.locator('[data-testid="stDataFrame"] canvas table td').first).to_be_attached(timeout=30_000)
    desk.evaluate(
        """() => addEventListener("beforeprint", () => {
             const rows = [...document.querySelector(".printed-table").rows];
             window.written = rows.map((row) => [...row.cells].map((cell) => cell.textContent));
           })"""
    )
    desk.pdf(format="A4")
    written = desk.evaluate("written")
    assert written[0][:3] == ["Territoires", "Répondants", "Ont répondu"]
    assert [row[0] for row in written[1:4]] == ["Commune", "EPCI (CC, CA, CU, métropole)", "Département"]
    assert {len(row) for row in written} == {len(written[0])}


@pytest.mark.parametrize("path", OF_THE_TEAM)
def test_page_of_the_team_prints_likewise(desk: Page, team: str, path: str):
    check(desk, team + path, OF_THE_TEAM[path])
