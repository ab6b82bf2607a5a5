"""Ma collectivité, Comparer, Préparer une visite in a browser: found by name, keyboard or map, shared, printed."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visits import (
    IDLE,
    PHONE,
    Visit,
    arrived,
    asks,
    coloured,
    english,
    eventually,
    map_of,
    position,
    read,
    visiting,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

BORDEAUX = (44.84, -0.60)
BORDEAUX_METROPOLE = "243300316"
FIELD = "Nom, code postal, code INSEE ou SIREN"
# Whole pages: a commune that answered, one that did not, an EPCI, a département, a pays.
SHOWN = {"33063": "Bordeaux", "16001": "Abzac", BORDEAUX_METROPOLE: "Bordeaux Métropole", "33": "Gironde"}


def portrait(page: Page, name: str) -> None:
    """Wait for the whole portrait of a territory."""
    expect(page.get_by_role("heading", level=1)).to_have_text(name, timeout=30_000)
    expect(page).to_have_title(f"{name} – Numérique et territoires")
    page.locator(IDLE).wait_for()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=15_000)


def test_a_territory_is_found_by_its_name_with_the_keyboard_alone(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}ma-collectivite")
    arrived(page, "ma-collectivite")
    field = page.get_by_role("textbox", name=FIELD)
    field.focus()
    page.keyboard.type("saint leonard de noblat")
    page.keyboard.press("Enter")
    found = page.get_by_role("button", name="Saint-Léonard-de-Noblat (87400) · commune, Haute-Vienne")
    expect(found).to_be_visible()
    found.focus()
    page.keyboard.press("Enter")
    portrait(page, "Saint-Léonard-de-Noblat")
    asks(page, [("code", "87161")])


def test_a_postal_code_lists_its_communes_and_back_returns_to_the_search(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}ma-collectivite")
    arrived(page, "ma-collectivite")
    page.get_by_role("textbox", name=FIELD).fill("23000")
    page.get_by_role("textbox", name=FIELD).press("Enter")
    page.get_by_role("button", name=re.compile("^Guéret ")).click()
    portrait(page, "Guéret")
    page.go_back()
    arrived(page, "ma-collectivite")
    page.go_forward()
    portrait(page, "Guéret")


def test_a_click_on_the_map_opens_the_portrait(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}ma-collectivite")
    arrived(page, "ma-collectivite")
    coloured(map_of(page))
    map_of(page).locator("#map_div").click(position=position(page, *BORDEAUX))
    portrait(page, "Bordeaux Métropole")
    asks(page, [("code", BORDEAUX_METROPOLE)])


def test_the_map_of_strategies_leads_to_the_portrait(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}strategies?territoire={BORDEAUX_METROPOLE}&departement=33")
    arrived(page, "strategies")
    page.get_by_role("link", name="Voir son portrait").click()
    portrait(page, "Bordeaux Métropole")
    asks(page, [("code", BORDEAUX_METROPOLE), ("departement", "33")])


@pytest.mark.parametrize("code", SHOWN)
def test_a_portrait_is_whole_french_and_fits_a_phone(chromium: Browser, address: str, code: str):
    with visiting(chromium, PHONE) as made:
        page = made.page
        page.goto(f"{address}ma-collectivite?code={code}")
        portrait(page, SHOWN[code])
        expect(page.locator('[data-testid="stVegaLiteChart"]:not(:has(svg.marks))')).to_have_count(0, timeout=15_000)
        # A chart that is drawn takes the width of its place a moment later.
        wide = "document.querySelector('[data-testid=stMain]').scrollWidth"
        eventually(page, lambda: page.evaluate(wide) <= PHONE[0], True)
        assert english(made.said()) == []
        assert made.foreign == []
        assert made.complaints == []


def test_from_one_portrait_to_the_next_and_to_a_comparison(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}ma-collectivite?code=33063")
    portrait(page, "Bordeaux")
    page.get_by_role("link", name="Portrait de Bordeaux Métropole").click()
    portrait(page, "Bordeaux Métropole")
    page.get_by_role("link", name="Comparer avec d’autres").click()
    arrived(page, "comparer")
    asks(page, [("avec", BORDEAUX_METROPOLE)])
    table = page.get_by_role("table").first
    expect(table).to_contain_text("Bordeaux Métropole")
    expect(table).to_contain_text("Mise en œuvre")


def test_a_comparison_is_built_and_its_address_restores_it(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}comparer?avec={BORDEAUX_METROPOLE}&avec=groupe:epci")
    arrived(page, "comparer")
    page.get_by_role("textbox", name="Ajouter un territoire").fill("Limoges Métropole")
    page.get_by_role("textbox", name="Ajouter un territoire").press("Enter")
    page.get_by_role("button", name=re.compile("Limoges Métropole")).first.click()
    page.wait_for_url(re.compile("248719312"))
    page.locator(IDLE).wait_for()
    expect(page.get_by_role("columnheader", name=re.compile("Limoges Métropole"))).to_be_visible()
    page.reload()
    arrived(page, "comparer")
    expect(page.get_by_role("columnheader", name=re.compile("Limoges Métropole"))).to_be_visible()
    page.get_by_role("button", name=re.compile("^Retirer Bordeaux Métropole")).click()
    expect(page.get_by_role("columnheader", name=re.compile("Bordeaux Métropole"))).to_have_count(0)
    asks(page, [("avec", "248719312"), ("avec", "groupe:epci")])


def test_a_printed_portrait_leaves_out_what_only_a_screen_can_use(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}ma-collectivite?code=33063")
    portrait(page, "Bordeaux")
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    main = page.get_by_test_id("stMain")
    for gone in ("stButtonGroup", "stDownloadButton"):
        for place in main.get_by_test_id(gone).all():
            expect(place).to_be_hidden()
    expect(main.get_by_text("Données simulées").first).to_be_visible()
    expect(main.get_by_test_id("stVegaLiteChart").first).to_be_visible()


@pytest.mark.parametrize("zone", ["departement:33", "departement:23", "pays:isle-en-perigord", BORDEAUX_METROPOLE])
def test_a_visit_is_prepared_on_one_printed_page(visit: Visit, team: str, zone: str, tmp_path: Path):
    page = visit.page
    page.goto(f"{team}preparer-une-visite?zone={zone}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Préparer une visite", timeout=30_000)
    page.locator(IDLE).wait_for()
    expect(read(page, "Qui appeler\u202f?")).to_be_visible()
    printed = page.pdf(path=tmp_path / "visite.pdf", format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert english(visit.said()) == []


def test_a_visitor_does_not_prepare_a_visit(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}preparer-une-visite?zone=departement:33")
    expect(page.get_by_role("heading", level=1)).to_have_text("Préparer une visite", timeout=30_000)
    page.locator(IDLE).wait_for()
    expect(read(page, "Qui appeler\u202f?")).to_have_count(0)
    expect(page.get_by_role("table")).to_have_count(0)
