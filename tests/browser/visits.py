"""A visit to the dashboard with the system's Chromium: go to a page, wait until it is whole, hear what it says.

Shared by the tests of the application and by `screenshots`; starting servers and the browser is left to `conftest`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, FrameLocator, Locator, Page, Route, expect

from tests.browser.conftest import LOOPBACK

DESKTOP = (1366, 768)
PHONE = (390, 844)

# Address: (title of the document, heading).
PAGES = {
    "": ("Synthèse", "Que disent les territoires du numérique ?"),
    "thematiques": ("Thématiques", "Sur quelles thématiques les territoires se mobilisent-ils ?"),
    "strategies": ("Stratégies", "Où en sont les stratégies numériques ?"),
    "besoins-et-freins": ("Besoins et freins", "De quoi les territoires ont-ils besoin, et qu’est-ce qui les freine ?"),
    "participation": ("Participation", "Qui a répondu ?"),
    "methode": ("Méthode", "D’où viennent ces chiffres ?"),
}

IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
PROBES = re.compile(r"/(thematiques|strategies|besoins-et-freins|participation|methode)/_stcore/(health|host-config)$")
"""Streamlit looks for its server under the page's own path first, and is told 404: not an error of ours."""

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


@contextmanager
def visiting(browser: Browser, size: tuple[int, int] = DESKTOP) -> Iterator[Visit]:
    """Open a context of its own, deaf to every host but loopback."""
    foreign: list[str] = []
    complaints: list[str] = []

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).hostname in LOOPBACK:
            route.continue_()
        else:
            foreign.append(route.request.url)
            route.abort()

    def hear(message: ConsoleMessage) -> None:
        address = message.location["url"]
        if message.type == "error" and not ("404" in message.text and PROBES.search(address)):
            complaints.append(f"{message.text} ({address})")

    viewport = {"width": size[0], "height": size[1]}
    with browser.new_context(viewport=viewport, locale="fr-FR") as context:  # type: ignore[arg-type]
        context.route("**/*", guard)
        context.add_init_script(RECORDER)
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield Visit(page, foreign, complaints)


def arrived(page: Page, path: str) -> None:
    """Wait until the page of an address of `PAGES` is whole: script ended, nothing left to load."""
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[path][1], timeout=30_000)
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


def coloured(frame: FrameLocator) -> Locator:
    """Wait until the map of a frame is drawn; return its root, which tells level, zoom and territory."""
    root = frame.locator("html")
    expect(root).to_have_attribute("data-coloured", re.compile(r"\d"), timeout=30_000)
    return root


def context_line(page: Page) -> Locator:
    """Return the line that says what is selected and how many answered."""
    return page.get_by_test_id("stMain").get_by_test_id("stMarkdown").filter(has_text="données non pondérées")


def tags(page: Page) -> dict[str, list[str]]:
    """Return what each filter shows as chosen, by its label."""
    chosen = page.get_by_test_id("stSidebar").get_by_test_id("stMultiSelect")
    return {
        filtering.get_by_role("combobox").get_attribute("aria-label") or "": [
            (button.get_attribute("aria-label") or "").removeprefix("Retirer ")
            for button in filtering.locator('button[aria-label^="Retirer "]').all()
        ]
        for filtering in chosen.all()
    }
