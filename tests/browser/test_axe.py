"""Every page in its main states, on a desktop and on a phone, in light- and dark-mode browsers, under axe.

Nothing serious or critical is let through; the rest must be listed in data/accessibility.toml, which the statement
shows. Its structure is looked at too: title, landmarks, headings, frames, the way past the menu.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lib.display.formats import NARROW
from lib.survey.accessibility import load_accessibility
from lib.ui import menu
from lib.ui.accessibility import announced
from tests.browser.axe import GRAVE, Found, audit, source
from tests.browser.conftest import opened_to_the_team
from tests.browser.test_import import STEPS, answers, go, step, upload
from tests.browser.visits import (
    DESKTOP,
    IDLE,
    PAGES,
    PHONE,
    TEAM_ADDRESSES,
    Visit,
    context_line,
    drawn,
    pick,
    read,
    resized,
    visiting,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

ADMITTED = load_accessibility().findings
WHITE = "rgb(255, 255, 255)"
NOBODY = "departement=23&type=epci"


@dataclass(frozen=True)
class State:
    """What is looked at: an address, and what is done there first."""

    address: str
    act: Callable[[Page], None] | None = None
    team: bool = False


def choose_a_filter(page: Page) -> None:
    pick(page, "Département", "Gironde (33)")
    # Until the server has answered, the page is at rest on what was shown before.
    expect(context_line(page)).to_contain_text("Gironde (33)", timeout=30_000)
    whole(page)


def open_a_list(page: Page) -> None:
    field = page.get_by_role("combobox", name="Département", exact=True)
    field.focus()
    field.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()


def told_of(page: Page) -> None:
    expect(page.get_by_role("dialog")).to_contain_text("Page introuvable")


def unfold(page: Page) -> None:
    """Open all that is folded in the page: tables, explanations."""
    closed = page.locator('[data-testid="stMain"] details:not([open]) > summary')
    empty = page.locator('[data-testid="stMain"] details[open]:not(:has([data-testid="stElementContainer"]))')
    while left := closed.count():
        closed.first.click()
        expect(closed).not_to_have_count(left)
        # What it holds may be made by a run, which begins a moment after the click.
        expect(empty).to_have_count(0, timeout=30_000)
        page.locator(IDLE).wait_for()


# Each page as it opens, then what people make of them.
STATES = {
    **{path or "synthese": State(path) for path in PAGES},
    **{path: State(path, team=True) for path in TEAM_ADDRESSES},
    "filtered": State("strategies?departement=33&type=epci&ponderation=oui"),
    "filter-just-chosen": State("besoins-et-freins", choose_a_filter),
    "list-of-options": State("participation", open_a_list),
    "nobody": State(f"strategies?{NOBODY}"),
    "portrait": State("ma-collectivite?code=33063"),
    "portrait-epci": State("ma-collectivite?code=243300316"),
    "comparison-of-four": State("comparer?avec=243300316&avec=groupe:epci&avec=33063&avec=groupe:commune"),
    "unknown-address": State("inconnue", told_of),
    "closed-to-strangers": State("equipe"),
    "short-address": State("v/atelier/5"),
    "visit": State("preparer-une-visite?zone=departement:33", team=True),
    "editor": State("atelier", unfold, team=True),
}


# What a reader of screens moves by. The menu of a phone is closed: its parts are there, and hidden.
STRUCTURE = """
() => {
  const named = (selector) => [...document.querySelectorAll(selector)].map((e) => e.getAttribute("aria-label"));
  return { lang: document.documentElement.lang, title: document.title, main: document.querySelectorAll("main").length,
    headings: document.querySelectorAll("h1").length, menus: named('[role="navigation"]'),
    current: [...document.querySelectorAll('[aria-current="page"] p')].map((e) => e.textContent),
    frames: [...document.querySelectorAll("iframe")].map((e) => e.title),
    skip: document.querySelector('a[href="#stMain"]')?.textContent };
}
"""
MENUS = ["Pages", "À propos du site"]

# Until nothing moves, but for what moves without end.
STILL = """
() => Promise.all(document.getAnimations()
  .filter((each) => each.playState === "running" && each.effect?.getComputedTiming().endTime < Infinity)
  .map((each) => each.finished.then(() => null, () => null)))
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of an application whose machine is of the team, and whose store is new."""
    source()
    with opened_to_the_team(tmp_path_factory.mktemp("depot")) as address:
        yield address


@pytest.fixture(scope="module")
def met() -> set[tuple[str, str]]:
    """Admitted findings met so far, by rule and label."""
    return set()


def visited(made: Visit, address: str, scheme: str = "light") -> Page:
    """Go to an address, wait until the page is whole; nothing fades in: colours are looked at as they stay."""
    made.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    made.page.goto(address)
    whole(made.page)
    return made.page


def whole(page: Page) -> None:
    """Wait until the page has its heading, its figures, and nothing left to do."""
    page.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
    page.locator(IDLE).wait_for(timeout=60_000)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=30_000)
    drawn(page)


def looked_at(page: Page, *rules: str) -> list[Found]:
    """Return what axe finds in a page at rest: what was on its way (a button that fades in) is looked at again."""
    found = audit(page, *rules)
    if not any(fault.impact in GRAVE for fault in found):
        return found
    page.wait_for_timeout(1000)
    # A presentation runs no script on the server.
    if page.get_by_test_id("stApp").count():
        page.locator(IDLE).wait_for()
    page.evaluate(STILL)
    return audit(page, *rules)


def unlisted(found: list[Found], met: set[tuple[str, str]]) -> list[str]:
    """Return what is neither admitted nor minor enough to be, and note what is admitted."""
    left = []
    for fault in found:
        admitted = [known for known in ADMITTED if known.covers(fault.rule, fault.impact, fault.html)]
        met.update((known.rule, known.label) for known in admitted)
        if not admitted:
            left.append(str(fault))
    return left


def structured() -> dict[str, str]:
    """Return the pages whose structure is looked at, with their names in the menu."""
    named = {address: title for address, (_, title, _) in {**menu.PAGES, **menu.TEAM_PAGES}.items()}
    return named | {"accessibilite": announced()}


def well_built(page: Page, name: str) -> None:
    """Fail unless the page has a language, a title of its own, one heading, one main part, two menus, named frames."""
    page.locator('[aria-current="page"]').first.wait_for(state="attached")
    found = page.evaluate(STRUCTURE)
    assert found["title"] == f"{name.partition(NARROW)[0]} – {menu.SITE}"
    assert (found["lang"], found["main"], found["headings"]) == ("fr", 1, 1)
    assert (found["menus"], found["current"]) == (MENUS, [name])
    assert all(found["frames"])
    assert found["skip"] == "Aller au contenu principal"


def resize(page: Page, size: tuple[int, int]) -> None:
    """Give the window another size; wait until the page has followed, its menu too."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    # Two frames in which nothing changes place: what depends on the width has been drawn.
    page.wait_for_function(
        """() => new Promise((done) => {
          let last = "";
          const look = () => {
            const now = [document.body.scrollHeight, document.querySelectorAll("*").length].join();
            if (now === last) done(true); else { last = now; setTimeout(look, 150); }
          };
          look();
        })"""
    )
    page.locator(IDLE).wait_for()
    drawn(page)


@pytest.mark.parametrize("name", STATES)
def test_nothing_grave_nor_unlisted_is_found(
    chromium: Browser, address: str, served: str, met: set[tuple[str, str]], name: str
):
    state = STATES[name]
    with visiting(chromium, DESKTOP) as made:
        page = visited(made, (served if state.team else address) + state.address)
        if name in structured():
            well_built(page, structured()[name])
        if state.act:
            state.act(page)
        left = [f"desktop: {said}" for said in unlisted(looked_at(page), met)]
        if state.act is None:
            unfold(page)
        resize(page, PHONE)
        left += [f"phone: {said}" for said in unlisted(looked_at(page), met)]
        assert left == [], "\n".join(left)
        assert made.foreign == []


@pytest.mark.parametrize("path", [*PAGES, *TEAM_ADDRESSES])
def test_a_dark_mode_browser_has_the_one_light_theme(
    chromium: Browser, address: str, served: str, met: set[tuple[str, str]], path: str
):
    with visiting(chromium, PHONE) as made:
        page = visited(made, (served if path in TEAM_ADDRESSES else address) + path, "dark")
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        grounds = page.evaluate(
            "[document.body, ...document.querySelectorAll('[data-testid=stApp]')].map(e => getComputedStyle(e))"
            ".map(style => [style.backgroundColor, style.colorScheme])"
        )
        assert {ground for ground, _ in grounds} <= {WHITE, "rgba(0, 0, 0, 0)"}
        assert (WHITE, "light") in {tuple(ground) for ground in grounds}
        left = unlisted(looked_at(page, "color-contrast"), met)
        resize(page, DESKTOP)
        left += unlisted(looked_at(page, "color-contrast"), met)
        assert left == [], "\n".join(left)


def test_the_steps_of_an_import_are_looked_at(chromium: Browser, served: str, met: set[tuple[str, str]]):
    left: list[str] = []

    def look(place: str) -> None:
        for size in (PHONE, DESKTOP):
            resize(page, size)
            left.extend(f"{place}, {size[0]} px: {said}" for said in unlisted(looked_at(page), met))

    with visiting(chromium, DESKTOP) as made:
        page = made.page
        page.emulate_media(reduced_motion="reduce")
        go(page, f"{served}import?etape=fichier")
        page.locator("input[type=file]").set_input_files(
            {"name": "reponses.csv", "mimeType": "text/csv", "buffer": answers()}
        )
        expect(page.get_by_role("button", name="Créer le brouillon", exact=True)).to_be_visible(timeout=60_000)
        look("1. Fichier")
        upload(page, served, answers(), "Enquête d’essai", "essai-2026")
        look("2. Colonnes")
        for name in STEPS:
            step(page, name)
            whole(page)
            look(name)
        step(page, "5. Aperçu")
        page.get_by_test_id("stMain").get_by_role("link", name="Participation").click()
        expect(read(page, "visible de la seule équipe")).to_be_visible(timeout=60_000)
        whole(page)
        look("draft")
        assert left == [], "\n".join(left)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_presentation_is_looked_at_screen_by_screen(
    chromium: Browser, address: str, met: set[tuple[str, str]], scheme: str
):
    left: list[str] = []
    with visiting(chromium, DESKTOP) as made:
        page = made.page
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.goto(f"{address}presentation/atelier.html")
        expect(page.locator(".progress")).to_be_hidden(timeout=60_000)
        last = page.locator("body").get_attribute("data-screens")
        for number in range(60 if scheme == "light" else 2):
            for size in (DESKTOP, PHONE):
                resized(page, *size)
                expect(page.locator("main > .screen.current")).to_have_count(1)
                left += [f"{number}, {size[0]} px: {said}" for said in unlisted(looked_at(page), met)]
            if page.url.endswith(f"#{last}"):
                break
            # The next screen, or the answer to what the room guessed.
            page.keyboard.press("PageDown")
        assert scheme == "dark" or page.url.endswith(f"#{last}")
        assert left == [], "\n".join(left)


def test_every_page_of_the_menu_is_looked_at():
    looked = {state.address.partition("?")[0] or menu.FIRST for state in STATES.values()}
    assert {*menu.PAGES, *menu.TEAM_PAGES} <= looked


def test_a_finding_that_is_listed_is_still_there(met: set[tuple[str, str]], request: pytest.FixtureRequest):
    ran = {item.name for item in request.session.items if item.path == Path(__file__)}
    looked = {f"test_nothing_grave_nor_unlisted_is_found[{name}]" for name in STATES}
    looked |= {
        "test_the_steps_of_an_import_are_looked_at",
        "test_the_presentation_is_looked_at_screen_by_screen[light]",
    }
    # Whoever runs a part of this file has not met all there is.
    if looked <= ran:
        assert {(known.rule, known.label) for known in ADMITTED} == met


def test_nothing_grave_is_admitted_without_a_report_upstream():
    grave = [known for known in ADMITTED if known.impact in GRAVE]
    assert [known.rule for known in grave if not known.upstream.startswith("https://")] == []


def test_a_fault_is_seen(visit: Visit, address: str):
    page = visited(visit, f"{address}plan-du-site")
    page.get_by_role("heading", level=1).evaluate(
        "heading => { heading.style.color = '#ccc'; heading.insertAdjacentHTML('afterend', '<button></button>'); }"
    )
    assert {"button-name", "color-contrast"} <= {fault.rule for fault in audit(page) if fault.impact in GRAVE}
