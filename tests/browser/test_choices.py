"""What an address asks for besides filters, in a browser: weights, unit, edition, crossing; and the team's page."""

import csv
import io
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lib.survey.editions import list_editions
from tests.browser.conftest import ENDING, launch
from tests.browser.visits import (
    PAGES,
    TEAM,
    Visit,
    arrived,
    asks,
    context_line,
    drawn,
    english,
    menu_link,
    pick,
    read,
    visiting,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

OTHER = "simulee-2025"
LATEST, EARLIER = (described.title for described in list_editions().values())
WEIGHTED, RAW = "territoires pondérés là où c’est possible", "données non pondérées"
FORMAL = "Stratégie formalisée ou mise en œuvre"


def toggle(page: Page) -> Locator:
    return page.get_by_role("switch", name="Pondérer les territoires")


def press(page: Page) -> None:
    """Press the toggle where a visitor does: its label covers the field that a screen reader finds."""
    page.get_by_test_id("stSidebar").get_by_text("Pondérer les territoires", exact=True).click()


def reset(page: Page) -> Locator:
    return page.get_by_role("button", name="Réinitialiser les filtres")


def chosen(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name, exact=True)


def segment(page: Page, name: str) -> Locator:
    return page.get_by_test_id("stMain").get_by_role("radio", name=name, exact=True)


def chart(page: Page, title: str) -> Locator:
    """Return the chart of that title, capital included."""
    return page.get_by_test_id("stVegaLiteChart").filter(has_text=re.compile(title))


# --------------------------------------------------------------------------------------------------------- address


def test_deep_link_on_a_fresh_server_restores_every_choice(visit: Visit):
    process, address = launch("app.py")
    try:
        page = visit.page
        asked = (
            f"lignes=instance&colonnes=taille&sens=ligne&unite=territoires&ponderation=oui&edition={OTHER}&type=commune"
        )
        page.goto(f"{address}croisements?{asked}")
        arrived(page, "croisements")
        drawn(page)
        expect(chosen(page, "Lignes")).to_have_value("Instance de coordination")
        expect(chosen(page, "Colonnes")).to_have_value("Taille")
        expect(segment(page, "de chaque ligne")).to_be_checked()
        expect(segment(page, "Territoires")).to_be_checked()
        expect(toggle(page)).to_be_checked()
        expect(chosen(page, "Édition")).to_have_value(EARLIER)
        expect(context_line(page)).to_contain_text("Commune · ")
        expect(context_line(page)).to_contain_text(f"{EARLIER}, ")
        expect(context_line(page)).to_contain_text(WEIGHTED)
        expect(page.get_by_test_id("stVegaLiteChart").first).to_contain_text("pondéré")
        asks(page, sorted(tuple(pair.split("=")) for pair in asked.split("&")))
    finally:
        process.terminate()
        process.wait(timeout=ENDING)


def test_menu_to_another_page_and_back_keeps_weights_and_edition(visit: Visit, address: str):
    page = visit.page

    def kept(path: str) -> None:
        arrived(page, path)
        assert urlsplit(page.url).path == f"/{path}"
        asks(page, [("edition", OTHER), ("ponderation", "oui")])
        expect(toggle(page)).to_be_checked()
        expect(chosen(page, "Édition")).to_have_value(EARLIER)
        expect(context_line(page)).to_contain_text(f"{EARLIER}, ")
        expect(context_line(page)).to_contain_text(WEIGHTED)

    page.goto(f"{address}strategies?ponderation=oui&edition={OTHER}")
    kept("strategies")
    menu_link(page, "Évolution").click()
    kept("evolution")
    menu_link(page, "Stratégies").click()
    kept("strategies")
    page.go_back()
    kept("evolution")


def test_toggle_writes_the_address_and_the_figures_follow(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}strategies?type=epci")
    arrived(page, "strategies")
    drawn(page)
    expect(toggle(page)).not_to_be_checked()
    expect(context_line(page)).to_contain_text(RAW)
    expect(chart(page, FORMAL)).to_contain_text("· brut ·")
    press(page)
    expect(context_line(page)).to_contain_text(WEIGHTED)
    expect(chart(page, FORMAL)).to_contain_text("· pondéré ·")
    asks(page, [("ponderation", "oui"), ("type", "epci")])
    page.reload()
    arrived(page, "strategies")
    expect(toggle(page)).to_be_checked()
    press(page)
    expect(context_line(page)).to_contain_text(RAW)
    expect(chart(page, FORMAL)).to_contain_text("· brut ·")
    asks(page, [("type", "epci")])


def test_reset_clears_the_weights_and_keeps_the_edition(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}besoins-et-freins?ponderation=oui&edition={OTHER}&departement=33")
    arrived(page, "besoins-et-freins")
    reset(page).click()
    expect(context_line(page)).to_contain_text(RAW)
    expect(context_line(page)).to_contain_text("tous les répondants")
    expect(context_line(page)).to_contain_text(f"{EARLIER}, ")
    asks(page, [("edition", OTHER)])
    expect(toggle(page)).not_to_be_checked()
    expect(reset(page)).to_be_disabled()


def test_edition_is_chosen_in_the_menu_and_undone_by_back(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}participation?departement=33")
    arrived(page, "participation")
    expect(context_line(page)).to_contain_text(f"{LATEST}, ")
    pick(page, "Édition", EARLIER)
    expect(context_line(page)).to_contain_text(f"{EARLIER}, ")
    asks(page, [("departement", "33"), ("edition", OTHER)])
    page.go_back()
    expect(context_line(page)).to_contain_text(f"{LATEST}, ")
    expect(chosen(page, "Édition")).to_have_value(LATEST)
    asks(page, [("departement", "33")])


def test_unit_is_chosen_on_the_page_and_restored_by_the_address(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}strategies?type=epci")
    arrived(page, "strategies")
    expect(segment(page, "Territoires")).to_be_checked()
    segment(page, "Répondants").click()
    expect(chart(page, FORMAL)).to_contain_text(re.compile(r"base\u202f: \d+ répondants"))
    asks(page, [("type", "epci"), ("unite", "repondants")])
    page.reload()
    arrived(page, "strategies")
    expect(segment(page, "Répondants")).to_be_checked()
    expect(chart(page, FORMAL)).to_contain_text(re.compile(r"base\u202f: \d+ répondants"))


# ------------------------------------------------------------------------------------------------------- crossings


def test_crossing_is_chosen_swapped_and_kept_in_the_address(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}croisements")
    arrived(page, "croisements")
    pick(page, "Colonnes", "Taille")
    expect(chosen(page, "Colonnes")).to_have_value("Taille")
    asks(page, [("colonnes", "taille")])
    # Until it is drawn again, the button swaps what it was drawn with.
    arrived(page, "croisements")
    page.get_by_role("button", name="Permuter").click()
    expect(chosen(page, "Lignes")).to_have_value("Taille")
    expect(chosen(page, "Colonnes")).to_have_value("Stratégie numérique")
    asks(page, [("colonnes", "strategie"), ("lignes", "taille")])
    page.get_by_role("button", name="Recommencer").click()
    expect(chosen(page, "Lignes")).to_have_value("Stratégie numérique")
    expect(chosen(page, "Colonnes")).to_have_value("Portage politique")
    asks(page, [])


def test_csv_of_a_crossing_gives_the_figures_on_screen(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}croisements?colonnes=type&type=commune&type=epci")
    arrived(page, "croisements")
    drawn(page)
    grid = page.get_by_test_id("stVegaLiteChart").first
    cells = [words for words in grid.locator(".mark-text.role-mark text").all_text_contents() if words.strip()]
    folded = page.get_by_test_id("stExpander").first
    folded.locator("summary").click()
    with page.expect_download() as waiting:
        folded.get_by_role("button", name="Télécharger (CSV)").click()
    assert waiting.value.suggested_filename.startswith("numerique-et-territoires-croisement-strategie-type-")
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8-sig")), delimiter=";"))
    assert {row["Sélection"] for row in rows} == {"Commune ou EPCI (CC, CA, CU, métropole)"}
    assert {row["Pondération"] for row in rows} == {"brut"}
    written = [figure(row) for row in rows if int(row["Base"]) > 0]
    bases = {row["Colonne\u202f: Type de territoire"]: row["Base"] for row in rows if int(row["Base"]) > 0}
    # Without its brackets and its mark, each cell of the screen is a row of the file, then the base of each column.
    seen = [re.sub(r"[()▲▼]", "", cell).strip() for cell in cells]
    assert len(bases) == 2
    assert sorted(seen) == sorted([*written, *bases.values()])


def figure(row: dict[str, str]) -> str:
    """Return what the grid writes for a row of the file."""
    if row["Effectif"] == "n\u202f<\u202f3":
        return row["Effectif"]
    return f"{100 * float(row['Part'].replace(',', '.')):.0f}"


# -------------------------------------------------------------------------------------------------- the team's page


@pytest.fixture(scope="module")
def of_the_team() -> Iterator[str]:
    """Give the address of a server that its own machine may see as the team does."""
    process, address = launch("app.py", environment={"NUMERIQUE_EQUIPE_LOCALE": "oui"})
    yield address
    process.terminate()
    process.wait(timeout=ENDING)


def test_team_page_is_closed_to_a_visitor(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}equipe")
    arrived(page, "equipe")
    assert page.title() == f"{TEAM[0]} – Numérique et territoires"
    expect(read(page, "Cette page est réservée à l’équipe")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
    expect(page.get_by_test_id("stExpander")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    expect(page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink")).to_have_count(len(PAGES))
    expect(menu_link(page, TEAM[0])).to_have_count(0)


def test_local_setting_opens_the_team_page_to_the_machine_itself(visit: Visit, of_the_team: str):
    page = visit.page
    page.goto(f"{of_the_team}strategies?type=epci")
    arrived(page, "strategies")
    menu_link(page, TEAM[0]).click()
    arrived(page, "equipe")
    asks(page, [("type", "epci")])
    expect(page.get_by_test_id("stAlertContentError")).to_contain_text("Réponses non protégées, réservées à l’équipe")
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    expect(read(page, "Cette page est réservée à l’équipe")).to_have_count(0)


def test_a_server_behind_a_proxy_does_not_take_everybody_for_the_team(chromium: Browser, of_the_team: str):
    with chromium.new_context(extra_http_headers={"X-Forwarded-For": "192.0.2.7"}) as context:
        page = context.new_page()
        page.goto(f"{of_the_team}equipe")
        arrived(page, "equipe")
        expect(read(page, "Cette page est réservée à l’équipe")).to_be_visible()
        expect(page.get_by_test_id("stDataFrame")).to_have_count(0)


def test_team_page_says_nothing_in_english(chromium: Browser, of_the_team: str):
    with visiting(chromium) as made:
        made.page.goto(f"{of_the_team}equipe")
        arrived(made.page, "equipe")
        expect(made.page.get_by_test_id("stDataFrame").first.locator("td").first).to_be_attached()
        said = made.said()
        assert "Part publique" in said
        assert english(said) == []
        assert made.foreign == []
        assert made.complaints == []
