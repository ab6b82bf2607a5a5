import gc
import threading

import pytest
import streamlit as st
from starlette.applications import Starlette

from lib.ui import map_first, menu
from tests.ui.test_shell import ask

PAGES_THAT_BEGIN_WITH_A_MAP = {"strategies", "engagement", "participation"}


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> dict:
    """Give the session state of a visit that has a browser, and nothing else."""
    state: dict = {}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(type(st.context), "headers", {"User-Agent": "Firefox"})
    monkeypatch.setattr(map_first, "PATIENCE", 20.0)
    return state


def told(address: str, root: str = "") -> int:
    """Return the status of what a map tells, from its frame, three folders down."""
    assert address.startswith("../../")
    site = Starlette(routes=[map_first.route(root)])
    return ask(site, f"{root}/{address.removeprefix('../../')}", "POST", []).status


@pytest.mark.parametrize("root", ["", "/sous"])
def test_the_rest_of_a_page_waits_at_an_arrival_until_the_map_has_told(visit, root):
    map_first.begin()
    drawn, gone_on = threading.Event(), threading.Event()

    def page():
        with map_first.alone():
            drawn.set()
        gone_on.set()

    running = threading.Thread(target=page)
    running.start()
    assert drawn.wait(10)
    assert not gone_on.wait(0.05)
    assert told(map_first.address(), root) == 204
    assert gone_on.wait(10)
    running.join()


def test_what_is_told_before_the_page_waits_is_not_lost(visit):
    map_first.begin()
    with map_first.alone():
        told(map_first.address())


def test_a_map_that_never_tells_is_waited_for_once_and_not_long(visit, monkeypatch):
    monkeypatch.setattr(map_first, "PATIENCE", 0.05)
    map_first.begin()
    with map_first.alone():
        pass
    monkeypatch.setattr(map_first, "PATIENCE", 20.0)
    with map_first.alone():
        pass
    # What the browser took is not counted as the server's.
    assert map_first.waited() >= 0.05
    map_first.begin()
    assert map_first.waited() == 0


def test_later_runs_wait_for_nothing_and_have_no_map_tell(visit):
    map_first.begin()
    assert map_first.address()
    map_first.begin()
    with map_first.alone():
        pass
    assert map_first.address() == ""


def test_a_visit_without_a_browser_waits_for_nothing(visit, monkeypatch):
    monkeypatch.setattr(type(st.context), "headers", {})
    map_first.begin()
    with map_first.alone():
        pass
    assert map_first.address() == ""
    assert visit == {}


def test_an_address_is_of_one_visit_and_ends_with_it(visit):
    map_first.begin()
    mine = map_first.address()
    visit.clear()
    map_first.begin()
    assert map_first.address() != mine
    gc.collect()
    assert len(map_first._ARRIVALS) == 1
    # Whoever tells it of a visit that is over, or of none, learns nothing.
    assert told(mine) == told("../../coloree/inconnue") == 204


def test_pages_that_begin_with_a_map_draw_it_alone():
    alone = {
        address
        for address, (file, *_) in menu.PAGES.items()
        if "map_first.alone()" in (menu.FOLDER / file).read_text(encoding="utf-8")
    }
    assert alone == PAGES_THAT_BEGIN_WITH_A_MAP
