"""The main job by keyboard alone, in a browser that has no mouse: from a fresh page to a portrait, a file, a workshop.

At every stop the focus is seen (a ring, on something visible, inside the window) and is not the document itself; after
each choice it is where it was, and what changed is told in a region that screen readers announce.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.relay import relaying
from tests.browser.visits import (
    IDLE,
    PAGES,
    arrived,
    coloured,
    context_line,
    drawn,
    eventually,
    map_of,
    pick,
    query,
    visiting,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

WAIT = 30_000
"""What an answer may take, in ms, while other tests run."""
MOST = 90
"""Stops within which whatever one looks for is found."""

# Where the focus is: down to the element in its frame, its name, its ring, whether it is seen.
FOCUS = """
() => {
  let doc = document, element = doc.activeElement, framed = false;
  while (element?.tagName === "IFRAME" && element.contentDocument?.activeElement) {
    doc = element.contentDocument;
    framed = true;
    // A frame that has just been entered may have the focus as a whole.
    element = doc.activeElement;
  }
  const label = element.closest("label");
  const ringed = (box) => {
    const style = box.ownerDocument.defaultView.getComputedStyle(box);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  };
  const seen = (box) => {
    const { width, height, top, bottom, left, right } = box.getBoundingClientRect();
    const view = box.ownerDocument.defaultView;
    return width > 4 && height > 4 && bottom > 0 && right > 0 && top < view.innerHeight && left < view.innerWidth
      && box.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  };
  // A cell of a grid is drawn, with its own frame, on the canvas that stands for it.
  const canvas = element.closest("canvas");
  const holder = canvas && canvas !== element ? seen(canvas) : [element, label].find(
    (box) => box && ringed(box) && seen(box));
  const written = (box) => {
    const copy = box.cloneNode(true);
    copy.querySelectorAll('[data-testid="stIconMaterial"], svg').forEach((icon) => icon.remove());
    return copy.textContent;
  };
  const role = element.getAttribute("role") || element.tagName.toLowerCase();
  const name = (element.getAttribute("aria-label") || written(element)).trim().replace(/\\s+/g, " ");
  return { role, name: name.slice(0, 120), html: element.outerHTML.slice(0, 200),
    framed, body: element === doc.body || element === doc.documentElement, seen: Boolean(holder),
    main: Boolean(element.closest('[data-testid="stMain"]')), iframe: element.tagName === "IFRAME" };
}
"""


@dataclass
class Keyboard:
    """The keys of one page, and the stops made so far."""

    page: Page

    def focus(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(FOCUS)
        return found

    def stop(self, key: str = "Tab") -> dict[str, Any]:
        """Press a key that moves the focus; it is seen where it lands."""
        self.page.keyboard.press(key)
        # A grid takes the focus, then gives it to one of its cells.
        self.page.wait_for_function("() => document.activeElement !== document.body", timeout=WAIT)
        found = self.focus()
        assert found["seen"], f"the focus is not seen: {found}"
        return found

    def to(self, name: str, key: str = "Tab", most: int = MOST) -> dict[str, Any]:
        """Press Tab until the focus is on what has this name."""
        met = []
        for _ in range(most):
            found = self.stop(key)
            met.append(f"{found['role']} {found['name']}")
            if re.fullmatch(name, found["name"]):
                return found
        raise AssertionError(f"« {name} » is not within {most} stops: {met}")

    def press(self, *keys: str) -> None:
        """Press keys that change what is shown; wait until the page is whole again, with its focus."""
        for key in keys:
            self.page.keyboard.press(key)
        self.page.locator(IDLE).wait_for()

    def at(self, name: str) -> None:
        """Check that the focus is still, or again, on what has this name."""
        self.page.wait_for_function("() => document.activeElement !== document.body")
        found = self.focus()
        assert re.fullmatch(name, found["name"]), found


@pytest.fixture
def keyboard(chromium: Browser, address: str) -> Iterator[Keyboard]:
    with visiting(chromium) as visit:
        visit.page.goto(address)
        arrived(visit.page, "")
        yield Keyboard(visit.page)
        assert visit.foreign == []
        assert visit.complaints == []


def announced(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("#announced")).to_contain_text(words, timeout=WAIT)


def past_the_menu(keyboard: Keyboard) -> None:
    """Leave the menu and the filters by the skip link, which is the first stop of a page."""
    for _ in range(MOST):
        if keyboard.stop("Shift+Tab")["name"] == "Aller au contenu principal":
            break
    keyboard.press("Enter")
    assert keyboard.focus()["main"]


def test_the_first_stop_leads_past_the_menu(keyboard: Keyboard) -> None:
    assert keyboard.stop()["name"] == "Aller au contenu principal"
    keyboard.press("Enter")
    assert keyboard.focus()["main"]
    # The menu is behind, what one came for is ahead.
    assert keyboard.stop()["main"]


def test_from_a_filter_to_a_portrait_and_its_figures(keyboard: Keyboard, tmp_path: Path) -> None:
    page = keyboard.page
    keyboard.to("Stratégies")
    keyboard.press("Enter")
    arrived(page, "strategies")
    announced(page, PAGES["strategies"][1])
    keyboard.at("Stratégies")

    # A filter: the list opens as one types, Enter chooses, Backspace takes away.
    before = page.locator("#announced").inner_text()
    keyboard.to("Département")
    page.keyboard.type("Gironde")
    expect(page.get_by_role("option")).to_have_count(1, timeout=WAIT)
    keyboard.press("Enter")
    expect(page).to_have_url(re.compile("departement=33"), timeout=WAIT)
    page.keyboard.press("Escape")
    announced(page, "Sélection\u202f: Gironde (33)")
    assert page.locator("#announced").inner_text() != before
    keyboard.at("Département")
    keyboard.press("Backspace")
    expect(page).not_to_have_url(re.compile("departement"), timeout=WAIT)
    announced(page, "Sélection\u202f: tous les répondants")
    page.keyboard.press("Escape")
    keyboard.at("Département")

    # The level of the map: arrows go from one to the next.
    past_the_menu(keyboard)
    keyboard.to("Intercommunalités")
    keyboard.stop("ArrowRight")
    keyboard.at("Communes")
    keyboard.press("Enter")
    expect(page).to_have_url(re.compile("niveau=commune"), timeout=WAIT)
    keyboard.at("Communes")
    announced(page, re.compile("commune"))
    keyboard.stop("ArrowLeft")
    keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("niveau"), timeout=WAIT)
    keyboard.at("Intercommunalités")
    # The list beside the map is drawn before it: what is typed in it earlier could be lost.
    expect(coloured(map_of(page))).to_have_attribute("data-level", "epci", timeout=WAIT)

    # A territory, by the list beside the map; then the way past the map.
    keyboard.to(re.escape("Territoire (ou cliquer sur la carte)"))
    page.keyboard.type("Bordeaux M")
    expect(page.get_by_role("option").first).to_contain_text("Bordeaux Métropole", timeout=WAIT)
    keyboard.press("Enter")
    expect(page).to_have_url(re.compile("territoire=243300316"), timeout=WAIT)
    keyboard.at(re.escape("Territoire (ou cliquer sur la carte)"))
    # The map was coloured already; the keyboard must not pass the link to the portrait before it has come.
    expect(coloured(map_of(page))).to_have_attribute("data-selected", "243300316", timeout=WAIT)
    expect(page.get_by_role("link", name="Voir son portrait")).to_be_visible(timeout=WAIT)
    inside = keyboard.stop()
    assert inside["framed"]
    stops = 1
    while (found := keyboard.stop())["framed"]:
        stops += 1
        assert stops <= 8, "the map keeps the keyboard"
    assert found["main"]
    if found["name"] != "Voir son portrait":
        keyboard.to("Voir son portrait", most=6)
    keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bordeaux Métropole", timeout=WAIT)
    expect(page).to_have_url(re.compile("code=243300316"), timeout=WAIT)
    page.locator(IDLE).wait_for()
    drawn(page)
    # The page, not the territory on the map before it: « Bordeaux Métropole · Métropole · … ».
    announced(page, re.compile("^Bordeaux Métropole [^·]"))

    # Its figures, and a file of them.
    keyboard.to("Voir les données, télécharger")
    keyboard.press("Enter")
    expect(page.get_by_role("button", name="Télécharger (CSV)").first).to_be_visible(timeout=WAIT)
    page.locator(IDLE).wait_for()
    keyboard.at("Voir les données, télécharger")
    keyboard.to(re.escape("Télécharger (CSV)"))
    with page.expect_download() as waited:
        keyboard.press("Enter")
    waited.value.save_as(tmp_path / "figures.csv")
    assert (tmp_path / "figures.csv").read_bytes().startswith("\ufeff".encode())
    # What was pressed has given way to the file itself, which may be taken again.
    keyboard.at(".*CSV.*")
    # Out of the table again.
    keyboard.to("Voir les données, télécharger", "Shift+Tab")


def test_a_choice_made_before_the_last_one_was_told_is_told_too(chromium: Browser, address: str) -> None:
    with relaying(address) as relay, visiting(chromium) as visit:
        page = visit.page
        page.goto(f"{relay.address}thematiques")
        arrived(page, "thematiques")
        drawn(page)
        # What changed is told once nothing moves.
        page.evaluate(
            """() => {
              const moving = document.body.appendChild(document.createElement("i"));
              window.moves = setInterval(() => { moving.textContent = moving.textContent ? "" : " "; }, 50);
            }"""
        )
        pick(page, "Département", "Gironde (33)")
        expect(context_line(page)).to_contain_text("Gironde (33)")
        page.locator(IDLE).wait_for()
        relay.hold()
        pick(page, "Département", "Landes (40)")
        page.evaluate("clearInterval(window.moves)")
        announced(page, "Sélection\u202f: Gironde (33) ·")
        relay.let_go()
        announced(page, "Gironde (33) ou Landes (40)")


def test_another_page_and_its_choices(keyboard: Keyboard) -> None:
    page = keyboard.page
    keyboard.to("Besoins et freins")
    keyboard.press("Enter")
    arrived(page, "besoins-et-freins")
    # A chart that is drawn moves what is under it.
    drawn(page)
    past_the_menu(keyboard)
    groups = page.get_by_test_id("stMain").get_by_test_id("stButtonGroup")
    first, second = (text.strip() for text in groups.first.get_by_role("radio").all_inner_texts()[:2])
    keyboard.to(re.escape(first))
    keyboard.stop("ArrowRight")
    asked = query(page)
    keyboard.press("Enter")
    keyboard.at(re.escape(second))
    eventually(page, lambda: query(page) != asked, True, seconds=WAIT / 1000)
    expect(groups.first.get_by_role("radio", name=second, exact=True)).to_be_checked(timeout=WAIT)
    announced(page, re.compile("."))


def test_a_territory_is_added_to_a_comparison(keyboard: Keyboard) -> None:
    page = keyboard.page
    keyboard.to("Comparer")
    keyboard.press("Enter")
    arrived(page, "comparer")
    held = len(query(page))
    past_the_menu(keyboard)
    keyboard.to("Ajouter un territoire")
    page.keyboard.type("Limoges")
    keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Limoges")).first).to_be_visible(timeout=WAIT)
    keyboard.to(".*Limoges.*")
    keyboard.press("Enter")
    page.wait_for_function("held => new URLSearchParams(location.search).size > held", arg=held)
    page.locator(IDLE).wait_for()
    announced(page, re.compile("Limoges"))
    # What was pressed is gone: the keyboard is not sent back to the top of the page.
    assert keyboard.stop()["main"]


def test_a_workshop_is_presented_and_left(keyboard: Keyboard) -> None:
    page = keyboard.page
    keyboard.to("Atelier")
    keyboard.press("Enter")
    arrived(page, "atelier")
    past_the_menu(keyboard)
    keyboard.to("Présenter en plein écran")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    shown = opened.value
    expect(shown.locator("main > .screen.current")).to_have_count(1, timeout=WAIT)
    expect(shown.locator(".progress")).to_have_text("", timeout=60_000)
    show = Keyboard(shown)
    for place in (2, 3):
        shown.keyboard.press("PageDown")
        # A guess holds its answer back for one more key.
        if shown.evaluate("location.hash") == f"#{place - 1}":
            shown.keyboard.press("PageDown")
        expect(shown).to_have_url(re.compile(f"#{place}$"), timeout=WAIT)
    expect(shown.locator(".announced")).to_contain_text(re.compile(r"Écran \d+ sur \d+"), timeout=WAIT)
    # The buttons of the bar, each seen.
    for name in ("Précédent.*", "Suivant.*", "Liste des écrans.*"):
        show.to(name)
    shown.keyboard.press("Enter")
    expect(shown.locator("dialog[open]")).to_be_visible(timeout=WAIT)
    assert show.stop()["seen"]
    shown.keyboard.press("Escape")
    expect(shown.locator("dialog[open]")).to_have_count(0, timeout=WAIT)
    shown.close()
    page.bring_to_front()
    keyboard.at("Présenter en plein écran.*")


@pytest.mark.parametrize("path", ["strategies", "croisements", "comparer", "methode"])
def test_every_stop_of_a_page_is_seen_and_none_keeps_the_keyboard(keyboard: Keyboard, address: str, path: str) -> None:
    page = keyboard.page
    page.goto(f"{address}{path}")
    arrived(page, path)
    drawn(page)
    keyboard.stop()
    down, seen = [], 0
    for _ in range(160):
        page.keyboard.press("Tab")
        found = keyboard.focus()
        if found["body"] and not found["framed"]:
            break
        assert found["seen"], found
        seen += 1
        down.append(page.evaluate("document.activeElement.compareDocumentPosition(window.last ?? document.body) & 4"))
        page.evaluate("window.last = document.activeElement")
    else:
        raise AssertionError("the end of the page is never reached")
    assert seen > 20
    # In the order of the document: nothing jumps back.
    assert not any(down[1:])
