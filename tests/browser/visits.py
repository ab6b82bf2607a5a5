"""A visit to the dashboard with the system's Chromium: go to a page, wait until it is whole, hear what it says.

Shared by the tests of the application and by `screenshots`; starting servers and the browser is left to `conftest`.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, FrameLocator, Locator, Page, Position, Route, expect

LOOPBACK = ("127.0.0.1", "localhost")
DESKTOP = (1366, 768)
PHONE = (390, 844)

# Address: (title of the document, heading).
PAGES = {
    "": ("Synthèse", "Que disent les territoires du numérique\u202f?"),
    "ma-collectivite": ("Ma collectivité", "Et chez nous\u202f?"),
    "thematiques": ("Thématiques", "Sur quelles thématiques les territoires se mobilisent-ils\u202f?"),
    "strategies": ("Stratégies", "Où en sont les stratégies numériques\u202f?"),
    "engagement": ("Engagement", "Où en est l’engagement des territoires\u202f?"),
    "besoins-et-freins": (
        "Besoins et freins",
        "De quoi les territoires ont-ils besoin, et qu’est-ce qui les freine\u202f?",
    ),
    "croisements": ("Croisements", "Qu’est-ce qui va avec quoi\u202f?"),
    "comparer": ("Comparer", "Qu’est-ce qui les rapproche, qu’est-ce qui les distingue\u202f?"),
    "participation": ("Participation", "Qui a répondu\u202f?"),
    "evolution": ("Évolution", "Qu’est-ce qui a changé entre deux éditions\u202f?"),
    "atelier": ("Atelier", "Que montrer en atelier\u202f?"),
    "methode": ("Méthode", "D’où viennent ces chiffres\u202f?"),
    "confidentialite": ("Confidentialité", "Que deviennent les données personnelles\u202f?"),
    "accessibilite": ("Accessibilité", "Déclaration d’accessibilité"),
    "plan-du-site": ("Plan du site", "Plan du site"),
}

TEAM = ("Vue de l’équipe", "Que disent les réponses telles que données\u202f?")
"""Title and heading of the page of the team, which no menu of a visitor lists."""

IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
TEAM_ADDRESSES = ("equipe", "preparer-une-visite", "import")
PROBES = re.compile(rf"/({'|'.join([*filter(None, PAGES), *TEAM_ADDRESSES])})/_stcore/(health|host-config)$")
"""Streamlit looks for its server under the page's own path first, and is told 404: not an error of ours."""

# Words of interfaces and of grammar that French does not write the same way.
ENGLISH = re.compile(
    r"\b(the|of|to|and|with|for|from|by|this|that|your|you|are|is|not|has|have|been|will|"
    r"select|selected|choose|clear|cleared|search|download|upload|show|hide|close|open(?! data)|remove|removed|add|"
    r"edit|delete|copy|copied|cancel|dismiss|settings|print|screencast|about|deploy|fullscreen|view|reset|back|next|"
    r"previous|sorted|column|columns|row|rows|ascending|descending|expand|collapse|value|values|sidebar|toolbar|"
    r"results|matches|required|available|empty|loading|running|rerun|connecting|connection|server|error|warning|"
    r"failed|please|wait|streamlit|untitled|(?<!open )(?<!de la )data(?!-france\b|/| Publica\b)|chart|axis|title|"
    r"subtitle|scale|titled|mark|"
    r"visualization|container|legend|symbol|text|low|high|shown|inside|middle|territory|count|share)\b",
    re.IGNORECASE,
)

UNSEEN = "Streamlit Folium Component"
"""Title of the document of the map until its script runs: a frame is announced by the title of its element."""

# Everything that a frame shows or tells a screen reader: in the turn after the change, hence after the translation, and
# kept even when it is gone a moment later. Names of icons are drawn as icons; what is hidden from screen readers has
# no name.
RECORDER = """
(() => {
  const NAMES = ["aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt"];
  const said = new Set();
  window.said = said;
  const note = (node) => {
    if (!node.isConnected) return;
    if (node.nodeType === Node.TEXT_NODE) {
      const icon = node.parentElement?.closest('[data-testid="stIconMaterial"], script, style, noscript');
      if (!icon && node.data.trim()) said.add(node.data.trim());
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      if (!node.closest('[aria-hidden="true"]'))
        for (const name of NAMES) if (node.getAttribute(name)) said.add(node.getAttribute(name).trim());
      node.childNodes.forEach(note);
    }
  };
  let changed = new Set();
  const later = () => { const nodes = changed; changed = new Set(); nodes.forEach(note); };
  const ear = new MutationObserver((changes) => {
    if (!changed.size) setTimeout(later);
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach((node) => changed.add(node));
      else changed.add(change.target);
    }
  });
  const listen = () => ear.observe(document,
    { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: NAMES });
  listen();
  // A frame may start with an empty document, and get its own under the same window.
  addEventListener("DOMContentLoaded", () => { listen(); note(document.documentElement); });
  addEventListener("securitypolicyviolation", (event) =>
    console.error(`security policy: ${event.effectiveDirective} ${event.blockedURI}`));
})();
"""


@dataclass(frozen=True)
class Visit:
    """One browser context and its only page.

    Parameters
    ----------
    page : Page
        The page.
    foreign : list of str
        Addresses outside loopback that were asked for, and blocked.
    complaints : list of str
        Errors of the console and of scripts, breaches of the security policy; the probes of Streamlit left out.
    """

    page: Page
    foreign: list[str]
    complaints: list[str]

    def said(self) -> list[str]:
        """Return every text and accessible name shown so far by the page and its frames."""
        texts: set[str] = set()
        for frame in self.page.frames:
            # In the turn of the last change, or after it: what it changed has been noted.
            texts.update(frame.evaluate("new Promise(done => setTimeout(() => done([...window.said])))"))
        return sorted(texts)


def loopback_only(route: Route, foreign: list[str]) -> None:
    """Let a request to this machine pass, block any other and note its address."""
    if urlsplit(route.request.url).hostname in LOOPBACK:
        route.continue_()
    else:
        foreign.append(route.request.url)
        route.abort()


@contextmanager
def visiting(browser: Browser, size: tuple[int, int] = DESKTOP) -> Iterator[Visit]:
    """Open a context of its own, deaf to every host but loopback."""
    foreign: list[str] = []
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        address = message.location["url"]
        if message.type == "error" and not ("404" in message.text and PROBES.search(address)):
            complaints.append(f"{message.text} ({address})")

    viewport = {"width": size[0], "height": size[1]}
    with browser.new_context(viewport=viewport, locale="fr-FR") as context:  # type: ignore[arg-type]
        context.route("**/*", lambda route: loopback_only(route, foreign))
        context.add_init_script(RECORDER)
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield Visit(page, foreign, complaints)


def arrived(page: Page, path: str) -> None:
    """Wait until the page of an address is whole: script ended, nothing left to load."""
    heading = TEAM[1] if path == "equipe" else PAGES[path][1]
    expect(page.get_by_role("heading", level=1)).to_have_text(heading, timeout=30_000)
    page.locator(IDLE).wait_for()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=15_000)


def drawn(page: Page) -> None:
    """Wait until every chart has its marks and every map its colours."""
    expect(page.locator('[data-testid="stVegaLiteChart"]:not(:has(svg.marks))')).to_have_count(0, timeout=15_000)
    for position in range(page.locator("iframe").count()):
        coloured(page.locator("iframe").nth(position).content_frame)


def map_of(page: Page) -> FrameLocator:
    """Return the frame of the page's map."""
    return page.locator("iframe").content_frame


def in_map(page: Page, script: str, argument: object = None) -> Any:
    """Return what a script, where `argument` is known, finds in the frame of the page's map."""
    return map_of(page).locator("html").evaluate(f"(_, argument) => {{ {script} }}", argument)


def position(page: Page, latitude: float, longitude: float) -> Position:
    """Return where a place of the map is, once the whole map is in view and has not moved for thirty frames.

    A click that has to scroll the page lands, in the frame, where the place was before.
    """
    page.locator("iframe").scroll_into_view_if_needed()
    script = """return new Promise((done) => {
      let last = "", still = 0;
      const look = () => {
        const p = window.map.latLngToContainerPoint(argument);
        const now = [p.x, p.y, innerWidth, innerHeight].join();
        still = now === last ? still + 1 : 0;
        last = now;
        if (still < 30) requestAnimationFrame(look); else done({x: p.x, y: p.y});
      };
      look();
    });"""
    found: Position = in_map(page, script, [latitude, longitude])
    return found


def coloured(frame: FrameLocator) -> Locator:
    """Wait until the map of a frame is drawn; return its root, which tells level, zoom and territory."""
    root = frame.locator("html")
    expect(root).to_have_attribute("data-coloured", re.compile(r"\d"), timeout=30_000)
    return root


def read(page: Page, text: str | re.Pattern[str]) -> Locator:
    """Return what says a text in the page itself: what is announced to screen readers says it a second time."""
    return page.get_by_test_id("stMain").get_by_text(text)


def context_line(page: Page) -> Locator:
    """Return the line that says what is selected and how many answered."""
    return page.get_by_test_id("stMain").get_by_test_id("stMarkdown").filter(has_text=re.compile("^Sélection\u202f:"))


def eventually(page: Page, look: Callable[[], object], wanted: object, seconds: float = 10) -> None:
    """Wait until what is looked at is what is wanted: the parts of a page come one after the other, the menu last.

    `look` must read one instant, in one call: between two, an element may go.
    """
    deadline = time.monotonic() + seconds
    while look() != wanted and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert look() == wanted


def tags(page: Page) -> dict[str, list[str]]:
    """Return what each filter shows as chosen, by its label, all at one instant."""
    script = """filters => Object.fromEntries(filters.map(filter => [
      filter.querySelector('[role=combobox]')?.getAttribute("aria-label") ?? "",
      [...filter.querySelectorAll('button[aria-label^="Retirer "]')]
        .map(button => button.getAttribute("aria-label").replace(/^Retirer /, ""))]))"""
    shown: dict[str, list[str]] = page.get_by_test_id("stSidebar").get_by_test_id("stMultiSelect").evaluate_all(script)
    return shown


def shows_tags(page: Page, wanted: dict[str, list[str]]) -> None:
    """Wait until the filters show as chosen what is wanted."""
    eventually(page, lambda: tags(page), wanted)


def query(page: Page) -> list[tuple[str, str]]:
    """Return what the address asks for, in alphabetical order."""
    return sorted(parse_qsl(urlsplit(page.url).query))


def asks(page: Page, wanted: list[tuple[str, str]]) -> None:
    """Wait until the address asks for what is wanted, given in alphabetical order."""
    eventually(page, lambda: query(page), wanted)


def resized(page: Page, width: int, height: int) -> None:
    """Give the window another size; wait until the page has heard of it, which it does before it draws a frame."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))")


def menu_link(page: Page, name: str) -> Locator:
    """Return a link of the menu."""
    return page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink").filter(has_text=name)


def open_list(page: Page, label: str) -> None:
    """Open a list as a person does: bring it into view, then click; a list closes when its page scrolls."""
    field = page.get_by_role("combobox", name=label, exact=True)
    field.scroll_into_view_if_needed()
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))")
    field.click()


def pick(page: Page, label: str, option: str) -> None:
    """Choose an option of a list, and close the list: until it is gone, a click elsewhere only closes it."""
    field = page.get_by_role("combobox", name=label, exact=True)
    field.click()
    # A long list draws what is in view only: what is typed brings the option there.
    field.fill(option)
    page.get_by_role("option", name=option, exact=True).click()
    field.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)


def english(texts: list[str]) -> list[str]:
    """Return the texts that have an English word."""
    return [text for text in texts if ENGLISH.search(text) and text != UNSEEN]
