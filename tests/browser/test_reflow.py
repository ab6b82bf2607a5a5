"""Every page on a screen 320 px wide, at 200 % zoom, with widely spaced texts: nothing cut, covered or out of reach.

Read in the layout itself: WCAG 2.1, criteria 1.4.4, 1.4.10 and 1.4.12. What may have to be moved through in two
directions (tables, maps, grids) has a box of its own that scrolls: the page has not.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visits import IDLE, PAGES, TEAM_ADDRESSES, drawn, loopback_only

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

NARROW = {"width": 320, "height": 640}
"""1280 px at 400 %, as criterion 1.4.10 counts."""
ZOOMED = {"width": 683, "height": 384}
"""A laptop of 1366 × 768 at 200 %."""
WIDE = {"width": 1366, "height": 768}

# Criterion 1.4.12, in its own figures.
SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""

# Charts and maps are pictures with a table beside them; a grid scrolls in its own box.
FAULTS = """
() => {
  const PICTURES = '[data-testid="stVegaLiteChart"], [data-testid="stDataFrame"], iframe, svg, canvas';
  const UNREAD = 'script, style, noscript, [aria-hidden="true"], [data-testid="stIconMaterial"]';
  const CONTROLS = 'a[href], button, input, summary, [role="combobox"], [role="radio"], [role="tab"]';
  const found = [];
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    // What is there for screen readers alone is a pixel, or hidden.
    return box.width > 2 && box.height > 2 && element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  };
  const short = (text) => (text ?? "").trim().slice(0, 60);
  const name = (element) => `${element.tagName.toLowerCase()} « ${short(element.innerText || element.ariaLabel)} »`;
  const main = document.querySelector('[data-testid="stMain"]');
  for (const [what, box, room] of [["body", document.scrollingElement, innerWidth], ["page", main, main.clientWidth]])
    if (box.scrollWidth > room + 1) found.push(`the ${what} is ${box.scrollWidth} px wide for ${room}`);

  // Texts: whole within each box that hides what goes over it.
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!node.data.trim() || holder.closest(PICTURES) || holder.closest(UNREAD) || !seen(holder)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    if (text.width < 2) continue;
    for (let box = holder; box && box !== document.body; box = box.parentElement) {
      const { position, overflowX, overflowY } = getComputedStyle(box);
      if (position === "fixed" || /auto|scroll/.test(overflowX + overflowY)) break;
      const edge = box.getBoundingClientRect();
      if (edge.width <= 2) break;
      const hides = /hidden|clip/;
      const across = hides.test(overflowX) && (text.right > edge.right + 1.5 || text.left < edge.left - 1.5);
      const down = hides.test(overflowY) && (text.bottom > edge.bottom + 3 || text.top < edge.top - 3);
      if (!across && !down) continue;
      found.push(`cut ${across ? "across" : "down"}: « ${short(node.data)} » by ${box.dataset.testid || box.tagName}`);
      break;
    }
  }

  // Controls: brought into view, each is what a finger meets in its middle.
  for (const control of document.querySelectorAll(CONTROLS)) {
    if (!seen(control) || control.closest(PICTURES) || control.disabled) continue;
    control.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const box = control.getBoundingClientRect();
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const met = document.elementFromPoint(x, y);
    const own = control.closest("label") || control;
    if (!met) found.push(`out of reach: ${name(control)} at ${Math.round(x)}, ${Math.round(y)}`);
    else if (!own.contains(met) && !met.contains(control)) found.push(`covered: ${name(control)} by ${name(met)}`);
  }
  return [...new Set(found)];
}
"""


@pytest.fixture(scope="module")
def zoomed(chromium: Browser) -> Iterator[Page]:
    foreign: list[str] = []
    with chromium.new_context(viewport=ZOOMED, device_scale_factor=2, locale="fr-FR") as context:
        context.route("**/*", lambda route: loopback_only(route, foreign))
        yield context.new_page()
    assert foreign == []


def settled(page: Page) -> None:
    """Wait until the layout has kept its sizes for twenty frames."""
    page.evaluate(
        """() => new Promise((done) => {
          let last = "", still = 0;
          const look = () => {
            const main = document.querySelector('[data-testid="stMain"]');
            const now = [innerWidth, main.scrollWidth, main.scrollHeight].join();
            still = now === last ? still + 1 : 0;
            last = now;
            if (still < 20) requestAnimationFrame(look); else done();
          };
          look();
        })"""
    )


def faults(page: Page) -> list[str]:
    settled(page)
    found: list[str] = page.evaluate(FAULTS)
    return found


def whole(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(IDLE).wait_for(timeout=30_000)
    expect(page.get_by_role("heading", level=1)).to_have_count(1, timeout=30_000)
    page.locator(IDLE).wait_for()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=15_000)
    drawn(page)


def everywhere(page: Page) -> dict[str, list[str]]:
    """Return the faults of a page that is open, by the way it is looked at."""
    found = {}
    for way, size in (("zoomed", ZOOMED), ("narrow", NARROW), ("wide", WIDE)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        if way != "wide":
            found[way] = faults(page)
        sheet = page.add_style_tag(content=SPACED)
        found[f"{way}, spaced"] = faults(page)
        sheet.evaluate("sheet => sheet.remove()")
    return {way: listed for way, listed in found.items() if listed}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_holds(zoomed: Page, address: str, path: str) -> None:
    zoomed.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    whole(zoomed, f"{address}{path}")
    assert everywhere(zoomed) == {}


@pytest.mark.parametrize("path", TEAM_ADDRESSES)
def test_a_page_of_the_team_holds(zoomed: Page, team: str, path: str) -> None:
    zoomed.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    whole(zoomed, f"{team}{path}")
    assert everywhere(zoomed) == {}
