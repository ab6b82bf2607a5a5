"""What the reader's system asks for: less motion, dark pages, colours of one's own, more contrast.

The dashboard stays light on a dark system, on purpose: its palettes are checked on white. It stays whole all the same:
page, map, lists, native controls.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from lib.display.palette import HIGH_CONTRAST, ORDERED
from tests.browser.visits import arrived, coloured, drawn, in_map, loopback_only, open_list

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

WAIT = 30_000
SHOW = "presentation/atelier.html"
LIGHT = "rgb(255, 255, 255)"


@contextmanager
def preferring(chromium: Browser, **preferences: Any) -> Iterator[Page]:
    foreign: list[str] = []
    with chromium.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR", **preferences) as context:
        context.route("**/*", lambda route: loopback_only(route, foreign))
        yield context.new_page()
    assert foreign == []


def opened(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}{path}")
    arrived(page, path)
    drawn(page)


def presented(page: Page, address: str, place: int = 1, mode: str = "") -> None:
    page.goto(f"{address}{SHOW}#{place}{mode}")
    expect(page.locator(".progress")).to_have_text("", timeout=60_000)
    expect(page.locator("main > .screen.current")).to_have_count(1, timeout=WAIT)


def lasting(page: Page) -> list[str]:
    """Return the animations that a page and its frames hold, longer than the blink to which they are cut."""
    return [
        said
        for frame in page.frames
        for said in frame.evaluate(
            """() => document.getAnimations()
              .filter((each) => each.effect.getComputedTiming().duration > 1)
              .map((each) => [each.animationName ?? each.transitionProperty, each.effect.target.outerHTML.slice(0, 99)])
              .map((named) => named.join(" of "))"""
        )
    ]


def test_nothing_moves_for_those_who_ask_for_less_motion(chromium: Browser, address: str) -> None:
    with preferring(chromium, reduced_motion="reduce") as page:
        opened(page, address, "strategies")
        # Whatever is about to move does it within these: a list opens, a table unfolds, a tool lights up.
        moved: list[str] = []
        open_list(page, "Département")
        moved += lasting(page)
        page.keyboard.press("Escape")
        # A click elsewhere only closes a list that is open.
        expect(page.get_by_role("option")).to_have_count(0)
        page.get_by_text("Voir les données, télécharger").first.click()
        moved += lasting(page)
        expect(page.get_by_test_id("stDataFrame").first).to_be_visible(timeout=WAIT)
        moved += lasting(page)
        assert moved == []
        options = in_map(page, "const o = window.map.options; return [o.zoomAnimation, o.fadeAnimation, o.inertia]")
        assert options == [False, False, False]
        assert in_map(page, "return getComputedStyle(document.querySelector('.leaflet-zoom-in, a')).transitionDuration")
        # A zoom is one step, not a slide.
        assert in_map(
            page,
            """const before = window.map.getZoom();
            window.map.zoomIn();
            return window.map.getZoom() > before && !document.querySelector('.leaflet-zoom-anim');""",
        )


def test_the_presentation_does_not_move_either(chromium: Browser, address: str) -> None:
    with preferring(chromium, reduced_motion="reduce") as page:
        presented(page, address)
        for _ in range(4):
            page.keyboard.press("PageDown")
            assert lasting(page) == []


def test_motion_is_there_for_the_others(chromium: Browser, address: str) -> None:
    """The check above sees something: the map slides for those who have not asked."""
    with preferring(chromium, reduced_motion="no-preference") as page:
        opened(page, address, "strategies")
        options = in_map(page, "const o = window.map.options; return [o.zoomAnimation, o.fadeAnimation]")
        assert options == [True, True]
        page.evaluate("document.body.animate([{ opacity: 0.9 }, { opacity: 1 }], 5000)")
        assert lasting(page) != []


GROUND = """
(selector) => {
  for (let box = document.querySelector(selector); box; box = box.parentElement) {
    const { backgroundColor } = getComputedStyle(box);
    if (!/rgba\\(0, 0, 0, 0\\)|transparent/.test(backgroundColor)) return backgroundColor;
  }
  return getComputedStyle(document.documentElement).colorScheme;
}
"""


def luminance(colour: str) -> float:
    red, green, blue = (float(part) / 255 for part in re.findall(r"\d+(?:\.\d+)?", colour)[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_dark_system_shows_the_same_light_pages(chromium: Browser, address: str) -> None:
    with preferring(chromium, color_scheme="dark") as page:
        opened(page, address, "strategies")
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        for place in ("stMain", "stSidebar", "stMultiSelect", "stExpander", "stVegaLiteChart"):
            assert luminance(page.evaluate(GROUND, f'[data-testid="{place}"]')) > 0.9, place
        # Native controls, scroll bars and the ground that no page paints.
        assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
        open_list(page, "Département")
        expect(page.get_by_role("option").first).to_be_visible(timeout=WAIT)
        assert luminance(page.evaluate(GROUND, '[role="option"]')) > 0.9
        page.keyboard.press("Escape")
        root = coloured(page.locator("iframe").content_frame)
        ground = root.evaluate("() => getComputedStyle(document.querySelector('.territory-map')).backgroundColor")
        assert luminance(ground) > 0.8
        assert root.evaluate("() => getComputedStyle(document.documentElement).colorScheme") in ("light", "normal")
        assert root.evaluate("() => getComputedStyle(document.body).color") != "rgb(255, 255, 255)"


def test_a_dark_system_shows_the_same_light_presentation(chromium: Browser, address: str) -> None:
    with preferring(chromium, color_scheme="dark") as page:
        presented(page, address)
        style = "getComputedStyle(document.documentElement)"
        assert page.evaluate(f"[{style}.backgroundColor, {style}.colorScheme]") == [LIGHT, "light"]


@pytest.mark.parametrize("path", ["strategies", "comparer"])
def test_colours_that_mean_something_stay_where_a_system_has_its_own(
    chromium: Browser, address: str, path: str
) -> None:
    with preferring(chromium, forced_colors="active") as page:
        opened(page, address, path)
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        charts = page.locator('[data-testid="stVegaLiteChart"]')
        for chart in charts.all():
            kept = chart.evaluate(
                "box => [getComputedStyle(box).forcedColorAdjust, getComputedStyle(box).backgroundColor]"
            )
            assert kept == ["none", LIGHT]
        fills = charts.first.evaluate(
            """box => [...box.querySelectorAll('.mark-rect path, .mark-symbol path')]
              .map(each => getComputedStyle(each).fill)"""
        )
        assert len(set(fills)) > 1
        if path == "strategies":
            samples = page.locator(".map-legend img")
            assert samples.count() > 3
            assert {sample.evaluate("box => getComputedStyle(box).forcedColorAdjust") for sample in samples.all()} == {
                "none"
            }
            root = coloured(page.locator("iframe").content_frame)
            names = root.evaluate("() => getComputedStyle(document.querySelector('.territory-town span')).color")
            assert names == "rgb(22, 22, 22)"


# ---------------------------------------------------------------- the high-contrast set of a presentation

COLOURS = """
() => {
  const screen = document.querySelector('.screen.current');
  const parts = [...screen.querySelectorAll('.drawn svg [fill], .drawn svg [stroke]')];
  const shown = parts.flatMap((part) => [part.getAttribute('fill'), part.getAttribute('stroke')]);
  return [...new Set(shown.filter(Boolean))].sort();
}
"""


def figure_screen(page: Page, kind: str) -> int:
    """Return the number of the first screen that has such a figure."""
    found: int = page.evaluate(
        "kind => [...document.querySelectorAll('main > .screen')].findIndex((each) => each.querySelector(kind)) + 1",
        kind,
    )
    assert found
    return found


CURRENT = re.compile(r"\bcurrent\b")


def shown_without_guess(page: Page, place: int, mode: str = "") -> None:
    page.evaluate("place => { location.hash = place; }", f"{place}{mode}")
    # The address changes at once, the screen a moment later.
    expect(page.locator("main > .screen").nth(place - 1)).to_have_class(CURRENT)
    if page.locator(".screen.current.asking").count():
        page.keyboard.press("PageDown")
    expect(page.locator(".screen.current.asking")).to_have_count(0)


def test_high_contrast_by_a_key_and_by_a_button(chromium: Browser, address: str) -> None:
    with preferring(chromium) as page:
        presented(page, address)
        shown_without_guess(page, figure_screen(page, ".drawn svg"))
        button = page.get_by_role("button", name="Contraste renforcé (C)")
        expect(button).to_be_visible()
        expect(button).to_have_attribute("aria-pressed", "false")
        ordinary = page.evaluate(COLOURS)
        place = page.url.rpartition("#")[2]
        page.keyboard.press("c")
        expect(button).to_have_attribute("aria-pressed", "true")
        assert page.url.endswith(f"#{place}-contraste")
        expect(page.locator(".announced")).to_have_text("Contraste renforcé")
        high = page.evaluate(COLOURS)
        assert "#161616" in ordinary
        assert "#161616" not in high
        assert "#000000" in high
        assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(0, 0, 0)"
        # The address brings it back, on any screen; the button takes it away.
        page.reload()
        expect(page.locator(".progress")).to_have_text("", timeout=60_000)
        expect(page.locator("html.contrast")).to_have_count(1)
        page.keyboard.press("End")
        expect(page.locator("main > .screen").last).to_have_class(CURRENT)
        assert page.url.endswith("-contraste")
        shown_without_guess(page, int(place), "-contraste")
        button.click()
        expect(page.locator("html.contrast")).to_have_count(0)
        assert page.evaluate(COLOURS) == ordinary
        assert re.search(r"#\d+$", page.url)


def test_high_contrast_where_the_system_asks_for_it(chromium: Browser, address: str) -> None:
    with preferring(chromium, contrast="more") as page:
        presented(page, address)
        expect(page.locator("html.contrast")).to_have_count(1)
        assert re.search(r"#\d+$", page.url)
        page.keyboard.press("c")
        expect(page.locator("html.contrast")).to_have_count(0)
        assert page.url.endswith("-ordinaire")


def test_a_map_and_its_legend_take_the_high_contrast_set(chromium: Browser, address: str) -> None:
    # To wait for a condition is to evaluate one, which the document forbids.
    with preferring(chromium, bypass_csp=True) as page:
        presented(page, address)
        shown_without_guess(page, figure_screen(page, ".map"))
        expect(page.locator(".screen.current .map.mounted")).to_have_count(1, timeout=WAIT)
        samples = "() => [...document.querySelectorAll('.screen.current .map-legend img')].map((each) => each.src)"
        pixels = """() => {
          const seen = new Set();
          for (const canvas of document.querySelectorAll('.screen.current .map canvas')) {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            for (let i = 0; i < data.length; i += 4)
              if (data[i + 3] === 255) seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
          }
          return [...seen];
        }"""
        scale = {int(ordinary[1:], 16): int(HIGH_CONTRAST[ordinary][1:], 16) for ordinary in ORDERED}
        painted = f"(sought) => {{ const seen = ({pixels})(); return sought.some((c) => seen.includes(c)); }}"
        page.wait_for_function(f"([sought]) => ({painted})(sought)", arg=[list(scale)], timeout=WAIT)
        before = page.evaluate(samples)
        page.keyboard.press("c")
        both = f"([others, sought]) => !({painted})(others) && ({painted})(sought)"
        page.wait_for_function(both, arg=[list(scale), list(scale.values())], timeout=WAIT)
        after = page.evaluate(samples)
        # The pattern of the territories that did not answer has no other colours; those of the scale have.
        assert set(after) - set(before)
        assert len(set(after)) == len(set(before))
        page.keyboard.press("c")
        page.wait_for_function(both, arg=[list(scale.values()), list(scale)], timeout=WAIT)
        assert page.evaluate(samples) == before


def test_every_figure_of_a_grid_is_read_from_afar(chromium: Browser, address: str) -> None:
    """A cell has one of many blues: in high contrast none is in the middle, whatever its share."""
    with preferring(chromium) as page:
        presented(page, address, mode="-contraste")
        weak = page.evaluate(
            """async () => {
              const rgb = (c) => [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16) / 255)
                .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
              const light = (c) => { const [r, g, b] = rgb(c); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
              const weakly = (c) => /^#[0-9a-f]{6}$/i.test(c) && 1.05 / (light(c) + 0.05) < 7;
              const found = [];
              const screens = [...document.querySelectorAll('main > .screen')];
              for (let place = 1; place <= screens.length; place++) {
                location.hash = `#${place}-contraste`;
                await new Promise((done) => setTimeout(done, 0));
                await new Promise(requestAnimationFrame);
                for (const text of screens[place - 1].querySelectorAll('.drawn svg text[fill]')) {
                  const ink = text.getAttribute('fill');
                  if (ink === '#000000' || ink === '#ffffff') continue;
                  if (weakly(ink)) found.push([place, ink, text.textContent]);
                }
              }
              return found;
            }"""
        )
        assert weak == []
