"""A visitor's arrival on a page that begins with a map: the rest comes once the map has told, and comes all the same.

That the page waits is proved in tests/ui/test_map_first.py, how long it makes the map earlier in tests/benchmarks.
"""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from lib.ui.map_first import ADDRESS
from tests.browser.visits import DESKTOP, Visit, arrived, drawn, eventually, menu_link, read, visiting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

TOLD = re.compile(rf"/{ADDRESS}/[\w-]+$")


def whole(page: Page) -> None:
    arrived(page, "strategies")
    drawn(page)
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    expect(menu_link(page, "Synthèse")).to_be_visible()


def answers(made: Visit) -> list[int]:
    """Return the statuses of what the maps of a visit tell, filled as it goes."""
    told: list[int] = []
    made.page.on("response", lambda answer: told.append(answer.status) if TOLD.search(answer.url) else None)
    return told


@pytest.mark.parametrize("path", ["strategies", "engagement", "participation"])
def test_a_map_tells_that_it_is_coloured(chromium: Browser, address: str, path: str) -> None:
    with visiting(chromium, DESKTOP) as made:
        told = answers(made)
        made.page.goto(address + path)
        arrived(made.page, path)
        drawn(made.page)
        # It tells once it is coloured: the answer comes after.
        eventually(made.page, lambda: told, [204])
        assert made.complaints == []


def test_a_page_comes_whole_though_its_map_cannot_tell(chromium: Browser, address: str) -> None:
    with visiting(chromium, DESKTOP) as made:
        made.page.route(TOLD, lambda route: route.abort())
        made.page.goto(f"{address}strategies")
        whole(made.page)


def test_a_page_that_shows_nothing_has_its_menu(chromium: Browser, address: str) -> None:
    with visiting(chromium, DESKTOP) as made:
        made.page.goto(f"{address}strategies?departement=23&type=epci")
        expect(read(made.page, "Aucun répondant pour cette sélection")).to_be_visible(timeout=30_000)
        menu_link(made.page, "Synthèse").click()
        arrived(made.page, "")
        assert made.complaints == []
