"""A replica is killed during the work of a hundred visitors: all of them carry on, with the view that they had."""

import asyncio
import re
import statistics
from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import IDLE, PAGES, arrived, asks, context_line, drawn, eventually
from tests.deployment import visits
from tests.deployment.site import Site

pytestmark = pytest.mark.timeout(400)

VISITORS = 100
BACK = "Connexion rétablie."
# It is said for a few seconds only.
HEAR = """() => {
  const status = document.querySelector('#connection [role="status"]');
  window.back = "";
  new MutationObserver(() => { window.back ||= status.textContent; }).observe(status, {childList: true});
}"""


def test_a_hundred_visitors_carry_on_when_a_replica_is_killed(site: Site, record_property: Callable[..., None]):
    before = len(site.lines())

    def kill() -> None:
        """Kill the replica that has neither the most visitors nor the fewest: chance shares them out."""
        asked = site.logged("/_stcore/host-config", VISITORS, before)
        ports = [port for port, _ in Counter(site.upstream(line)[-1] for line in asked).most_common()]
        next(replica for replica in site.replicas if replica.port == ports[len(ports) // 2]).kill()

    async def all_of_it() -> list[visits.Person]:
        people = await visits.crowd(site, VISITORS, kill)
        # Each goes on: one more choice, taken back.
        await asyncio.gather(*(visits.learn(person) for person in people[::2]))
        await visits.closed(people)
        return people

    people = visits.apart(all_of_it())
    lost = [person for person in people if person.away]
    # Written once a websocket is closed: each visitor had one, and another each time that the first was lost.
    opened = site.logged(" /_stcore/stream 101 ", VISITORS + sum(len(person.away) for person in people), before)
    there = {site.upstream(line)[-1] for line in opened}
    assert there == {replica.port for replica in site.replicas}
    assert VISITORS / 6 < len(lost) < VISITORS / 2, f"{len(lost)} visitors were on the replica that was killed"
    for person in people:
        assert person.seen is not None
        page, _, asked = person.address.partition("?")
        assert (person.seen.page, re.sub("&type=[a-z]+$", "", person.seen.query)) == (page, asked)
        # All that could be read, word for word: one view for those who read, two for those who chose.
        assert len(person.views) == (2 if person in people[::2] else 1), [view.selection for view in person.views]
        assert person.seen.selection
    away = sorted(seconds for person in lost for seconds in person.away)
    told = (
        f"{len(lost)} of {VISITORS} visitors lost their replica; back after {statistics.median(away):.1f} s (median), "
    )
    record_property("recovery", told + f"{away[-1]:.1f} s (slowest)")
    print(f"\n{told}{away[-1]:.1f} s (slowest)")


@pytest.mark.browser
def test_browsers_show_the_same_view_again(site: Site, room: Callable[..., Page]):
    wanted = {
        "strategies": "?departement=33&type=epci",
        "besoins-et-freins": "?departement=40&departement=64",
        "participation": "?departement=87",
    }
    pages = {}
    for path, asked in wanted.items():
        page = room()
        page.goto(f"{site.address}{path}{asked}")
        arrived(page, path)
        drawn(page)
        page.evaluate(HEAR)
        pages[path] = page
    shown = {path: page.get_by_test_id("stMain").inner_text() for path, page in pages.items()}
    served = {path: site.replica_of(page) for path, page in pages.items()}
    # All but one, and at the same instant, or a page may come back to the next one to be killed.
    killed = list({replica.port: replica for replica in served.values()}.values())[: len(site.replicas) - 1]
    for replica in killed:
        assert replica.process is not None
        replica.process.kill()
    for replica in killed:
        replica.kill()
    for path, page in pages.items():
        if served[path] in killed:
            came_back(page)
        expect(page.locator("#connection")).to_have_text(re.compile(f"{BACK}|^$"), timeout=60_000)
        page.locator(IDLE).wait_for(timeout=60_000)
        arrived(page, path)
        drawn(page)
        asks(page, sorted(tuple(pair.split("=")) for pair in wanted[path][1:].split("&")))
        same(page, shown[path])
        assert PAGES[path][1] in shown[path]
        expect(context_line(page)).to_be_visible()


def came_back(page: Page) -> None:
    """Wait until a page has said that its connection is back, which is when it asks for its view again."""
    eventually(page, lambda: page.evaluate("window.back"), BACK, 60)


def same(page: Page, shown: str) -> None:
    """Wait until a page reads as it did."""
    eventually(page, lambda: page.get_by_test_id("stMain").inner_text(), shown)
