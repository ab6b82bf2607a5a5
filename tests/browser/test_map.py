import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from lib.display.formats import number
from lib.territory.reference import load_reference
from tests.browser.map_page_world import BORDEAUX, BORDEAUX_METROPOLE, INJECTION
from tests.browser.visits import IDLE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

APP = "tests/browser/map_app.py"


@pytest.fixture
def map_page(page: Page, serve: Callable[..., str]) -> Page:
    page.goto(serve(APP))
    coloured(page)
    return page


def frame(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def coloured(page: Page, after: int = 0) -> int:
    """Wait until the map has been drawn more than `after` times; return how many times it has."""
    root = frame(page).locator("html")
    expect(root).to_have_attribute("data-coloured", re.compile(r"\d+"), timeout=30_000)
    if after:
        expect(root).not_to_have_attribute("data-coloured", str(after), timeout=30_000)
    return int(root.get_attribute("data-coloured") or 0)


def pick(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def in_map(page: Page, script: str, argument: object = None) -> object:
    return frame(page).locator("html").evaluate(f"(_, argument) => {{ {script} }}", argument)


def position(page: Page, latitude: float, longitude: float) -> dict[str, float]:
    """Return where a place is in the map's frame, in pixels."""
    script = "const p = window.map.latLngToContainerPoint(argument); return {x: p.x, y: p.y};"
    return in_map(page, script, [latitude, longitude])  # type: ignore[return-value]


def surface(page: Page):
    return frame(page).locator("#map_div")


def test_map_is_coloured_in_french_and_asks_nobody_else(map_page: Page, foreign: list[str]):
    root = frame(map_page).locator("html")
    expect(root).to_have_attribute("lang", "fr")
    expect(map_page.locator("iframe")).to_have_attribute("title", "Carte de la Nouvelle-Aquitaine")
    expect(frame(map_page).get_by_role("button", name="Zoomer", exact=True)).to_be_visible()
    expect(frame(map_page).get_by_role("button", name="Recentrer sur la région")).to_be_visible()
    assert in_map(map_page, "return document.querySelectorAll('.territory-town').length;") == 12
    # The middle of Bordeaux Métropole has the colour of its class: not the land's, not transparent.
    place = position(map_page, 44.79, -0.66)
    pixel = in_map(
        map_page,
        """const canvas = document.querySelector('.leaflet-overlay-pane canvas');
        const box = canvas.getBoundingClientRect();
        const scale = canvas.width / box.width;
        const at = canvas.getContext('2d').getImageData(
            (argument.x - box.left) * scale, (argument.y - box.top) * scale, 1, 1);
        return Array.from(at.data);""",
        place,
    )
    assert pixel[3] == 255
    assert pixel[:3] != [0xF6, 0xF5, 0xF2]
    assert foreign == []


def test_tooltip_says_name_nature_population_status_and_respondents(map_page: Page):
    surface(map_page).hover(position=position(map_page, *BORDEAUX))
    tip = frame(map_page).locator(".territory-tip")
    metropole = load_reference().loc[BORDEAUX_METROPOLE]
    expect(tip).to_contain_text(metropole["nom"])
    expect(tip).to_contain_text(f"Métropole · {number(metropole['population'])} habitants")
    expect(tip).to_contain_text(re.compile(r"\d répondant"))


def test_name_that_tries_to_run_is_shown_as_text(map_page: Page):
    before = coloured(map_page)
    pick(map_page, "Niveau", "perimetre")
    coloured(map_page, after=before)
    surface(map_page).hover(position=position(map_page, *BORDEAUX))
    expect(frame(map_page).locator(".territory-tip strong")).to_have_text(INJECTION)
    assert map_page.evaluate("window.ran === undefined")
    assert in_map(map_page, "return document.querySelectorAll('.territory-tip img').length;") == 0


def test_click_comes_back_once_and_does_not_win_over_a_later_choice(map_page: Page):
    surface(map_page).click(position=position(map_page, *BORDEAUX))
    expect(map_page.get_by_text(f"Clic : {BORDEAUX_METROPOLE}")).to_be_visible()
    expect(map_page.get_by_label("Territoire", exact=True)).to_have_value(BORDEAUX_METROPOLE)
    root = frame(map_page).locator("html")
    expect(root).to_have_attribute("data-selected", BORDEAUX_METROPOLE)
    pick(map_page, "Variable", "2")
    expect(map_page.get_by_text("Clic : aucun")).to_be_visible()
    map_page.get_by_label("Territoire", exact=True).fill("200023307")
    map_page.get_by_role("option", name="200023307").click()
    expect(root).to_have_attribute("data-selected", "200023307")
    # The run that sent it ends with this text, which is that of the run before until then.
    map_page.locator(IDLE).wait_for()
    expect(map_page.get_by_text("Clic : aucun")).to_be_visible()
    expect(map_page.get_by_label("Territoire", exact=True)).to_have_value("200023307")


def test_zoom_and_frame_are_kept_when_variable_and_level_change(map_page: Page):
    in_map(
        map_page,
        """window.kept = 1;
        return new Promise(done => { window.map.once('zoomend', () => done(1)); window.map.zoomIn(); });""",
    )
    zoom = in_map(map_page, "return window.map.getZoom();")
    drawn = coloured(map_page)
    pick(map_page, "Variable", "3")
    drawn = coloured(map_page, after=drawn)
    pick(map_page, "Niveau", "commune")
    coloured(map_page, after=drawn)
    assert frame(map_page).locator("html").get_attribute("data-level") == "commune"
    assert in_map(map_page, "return [window.kept, window.map.getZoom()];") == [1, zoom]


def test_pan_and_zoom_send_nothing(map_page: Page):
    sent: list[str] = []
    # Streamlit opens its socket before the page is shown: a second visit lets us listen to it.
    map_page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append("frame")))
    map_page.reload()
    coloured(map_page)
    map_page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    # streamlit-folium waits 250 ms before it reports a view: a timer of 400 ms ends after its own.
    in_map(
        map_page,
        """const marks = document.documentElement.dataset;
        marks.settled = '0';
        const settle = () => setTimeout(() => { marks.settled = String(+marks.settled + 1); }, 400);
        window.map.on('moveend', settle);""",
    )
    sent.clear()
    box = map_page.locator("iframe").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    map_page.mouse.move(*middle)
    map_page.mouse.down()
    map_page.mouse.move(middle[0] + 60, middle[1] + 40, steps=4)
    map_page.mouse.up()
    frame(map_page).get_by_role("button", name="Zoomer", exact=True).click()
    expect(frame(map_page).locator("html")).to_have_attribute("data-settled", re.compile("[2-9]"))
    assert sent == []
    expect(map_page.get_by_text("Passages : 1", exact=True)).to_be_visible()


def test_wheel_scrolls_the_page_and_zooms_only_with_ctrl(map_page: Page):
    surface(map_page).hover(position=position(map_page, *BORDEAUX))
    zoom = in_map(map_page, "return window.map.getZoom();")
    map_page.mouse.wheel(0, -200)
    expect(frame(map_page).locator(".territory-hint.visible")).to_contain_text("Ctrl")
    assert in_map(map_page, "return window.map.getZoom();") == zoom
    map_page.keyboard.down("Control")
    map_page.mouse.wheel(0, -400)
    map_page.keyboard.up("Control")
    frame(map_page).locator(f"html[data-zoom]:not([data-zoom='{zoom:g}'])").wait_for(state="attached")
    assert in_map(map_page, "return window.map.getZoom();") > zoom


def test_missing_boundaries_are_told_and_can_be_asked_again(page: Page, serve: Callable[..., str]):
    page.route("**/assets/boundaries.*", lambda route: route.abort())
    page.goto(serve(APP))
    message = frame(page).get_by_role("alert")
    expect(message).to_contain_text("Les contours de la carte n’ont pas pu être chargés", timeout=30_000)
    page.unroute("**/assets/boundaries.*")
    # The styles came before the boundaries: they are drawn as soon as these arrive.
    message.get_by_role("button", name="Réessayer").click()
    coloured(page)
    expect(message).to_have_count(0)


def test_map_lives_under_a_base_path(page: Page, serve: Callable[..., str], foreign: list[str]):
    page.goto(serve(APP, "--server.baseUrlPath", "enquete"))
    coloured(page)
    assert foreign == []


@pytest.mark.parametrize("width", [390, 1366, 1920])
def test_whole_region_is_framed_at_first_view(chromium: Browser, serve: Callable[..., str], width: int):
    with chromium.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.goto(serve(APP))
        coloured(page)
        # Corners of the region's bounding box, in degrees.
        inside = in_map(page, "return window.map.getBounds().contains([[42.78, -1.79], [47.17, 2.61]]);")
        assert inside
        # Framed, not lost in the sea: a further zoom step would cut it.
        assert in_map(
            page,
            "const z = window.map.getZoom(); const b = L.latLngBounds([[42.78, -1.79], [47.17, 2.61]]);"
            "return z + 0.75 > window.map.getBoundsZoom(b);",
        )


def test_one_finger_is_left_to_the_page(chromium: Browser, serve: Callable[..., str]):
    with chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto(serve(APP))
        coloured(page)
        place = position(page, *BORDEAUX)
        box = page.locator("iframe").bounding_box()
        assert box is not None
        page.locator("iframe").scroll_into_view_if_needed()
        surface(page).tap(position=place)
        expect(page.get_by_text(f"Clic : {BORDEAUX_METROPOLE}")).to_be_visible()
        assert in_map(page, "return window.map.dragging.enabled();") is False
        assert in_map(page, "return getComputedStyle(window.map.getContainer()).touchAction;") == "pan-x pan-y"
