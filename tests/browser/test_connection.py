"""A connection that is lost and comes back, a server that forgets, and a machine without any network."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ENDING, ROOT, launch
from tests.browser.relay import Relay, relaying
from tests.browser.visits import (
    IDLE,
    PAGES,
    arrived,
    asks,
    context_line,
    drawn,
    english,
    eventually,
    menu_link,
    pick,
    visiting,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

LOST = "Connexion perdue. Ce qui est affiché reste lisible\u202f; l’application se reconnecte d’elle-même."
BACK = "Connexion rétablie."
PATH = "besoins-et-freins"

# In the server, before anything else: whoever asks for another machine is noted, and gets no answer.
LOOPBACK_ONLY = """
import os, sys

def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        asked = arguments[1][0] if isinstance(arguments[1], tuple) else "127.0.0.1"
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        asked = arguments[0] or "127.0.0.1"
    else:
        return
    asked = asked.decode() if isinstance(asked, bytes) else asked
    if asked not in ("127.0.0.1", "::1", "localhost", "0.0.0.0"):
        note(f"{event} {asked}")
        raise OSError(101, "Network is unreachable")

def note(said):
    with open(os.environ["ASKED"], "a") as notes:
        notes.write(said + "\\n")

sys.addaudithook(watch)
note("watching")
"""


def view(page: Page, relay: Relay) -> None:
    """Show a view that its address alone restores."""
    page.goto(f"{relay.address}{PATH}?departement=33")
    arrived(page, PATH)
    drawn(page)


def said(page: Page, role: str, text: str) -> None:
    expect(page.locator(f'#connection [role="{role}"]')).to_have_text(text, timeout=15_000)
    other = "status" if role == "alert" else "alert"
    expect(page.locator(f'#connection [role="{other}"]')).to_be_empty()


def test_lost_connection_is_said_at_once_and_mends_itself(chromium: Browser, address: str, serve: Callable[..., str]):
    # Another server, which knows nothing of the visit: as after a restart, or a long break.
    other = serve("app.py", "--server.maxMessageSize", "201")
    with relaying(address) as relay, visiting(chromium) as made:
        page = made.page
        view(page, relay)
        shown, known = page.get_by_test_id("stMain").inner_text(), set(made.said())
        refused: list[str] = []
        page.on("requestfailed", lambda request: refused.append(request.url))
        relay.cut()
        said(page, "alert", LOST)
        # Streamlit has looked for its server in vain, which is when it opens its dialog.
        while not refused:
            page.wait_for_timeout(50)
        page.wait_for_timeout(200)
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert page.get_by_test_id("stMain").inner_text() == shown
        page.emulate_media(media="print")
        expect(page.locator("#connection")).to_be_hidden()
        page.emulate_media(media="screen")

        relay.turn_to(other)
        said(page, "status", BACK)
        page.locator(IDLE).wait_for()
        asks(page, [("departement", "33")])
        # Charts are drawn again after the script has ended.
        eventually(page, lambda: page.get_by_test_id("stMain").inner_text(), shown)
        # The very first choice counts.
        pick(page, "Département", "Landes (40)")
        expect(context_line(page)).to_contain_text("Gironde (33) ou Landes (40)")
        assert english([text for text in made.said() if text not in known]) == []


def test_views_asked_for_before_the_last_one_came_do_not_stop_the_page(chromium: Browser, address: str):
    with relaying(address) as relay, visiting(chromium) as made:
        page = made.page
        page.goto(f"{relay.address}thematiques")
        arrived(page, "thematiques")
        drawn(page)
        shown = context_line(page).inner_text()
        pick(page, "Département", "Gironde (33)")
        expect(context_line(page)).to_contain_text("Gironde (33)")
        page.locator(IDLE).wait_for()
        # Slow network: the answer is on its way when the first view is asked for again, whose charts the page has kept
        # for as long as two other views. Streamlit would answer with references to them, too late.
        relay.hold()
        pick(page, "Département", "Corrèze (19)")
        relay.answered()
        page.get_by_role("button", name="Réinitialiser les filtres").click()
        relay.answered()
        relay.let_go()
        expect(context_line(page)).to_have_text(shown)
        page.locator(IDLE).wait_for()
        # On a slow machine, answers held for more than four seconds are said to be lost, then, for six, to be back.
        expect(page.locator("#connection")).to_have_text("", timeout=15_000)
        pick(page, "Département", "Landes (40)")
        expect(context_line(page)).to_contain_text("Landes (40)")


def test_silent_network_is_said_to_whoever_acts(chromium: Browser, address: str):
    with relaying(address) as relay, visiting(chromium) as made:
        page = made.page
        view(page, relay)
        relay.silent = True
        page.keyboard.press("ArrowDown")
        said(page, "alert", LOST)
        relay.silent = False
        relay.cut()
        relay.turn_to(address)
        said(page, "status", BACK)
        page.locator(IDLE).wait_for()
        asks(page, [("departement", "33")])


def test_server_and_pages_ask_for_no_other_machine(chromium: Browser, tmp_path: Path):
    (tmp_path / "sitecustomize.py").write_text(LOOPBACK_ONLY)
    asked = tmp_path / "asked"
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    process, address = launch("app.py", environment={"PYTHONPATH": path, "ASKED": str(asked)})
    try:
        with visiting(chromium) as made:
            made.page.goto(address)
            arrived(made.page, "")
            # The browser of a machine without a network: the server is on the machine itself.
            made.page.evaluate(
                """() => {
                     Object.defineProperty(navigator, "onLine", { get: () => false });
                     dispatchEvent(new Event("offline"));
                   }"""
            )
            for place in ("strategies", "participation", "methode"):
                menu_link(made.page, PAGES[place][0]).click()
                arrived(made.page, place)
                drawn(made.page)
            expect(made.page.locator("#connection")).to_have_text("")
            assert made.foreign == []
            assert made.complaints == []
    finally:
        process.terminate()
        process.wait(timeout=ENDING)
    assert set(asked.read_text().splitlines()) == {"watching"}
