"""A replica is killed during the work of a hundred visitors: all of them carry on, with the view that they had."""

import asyncio
import re
import statistics
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import IDLE, PAGES, arrived, asks, context_line
from tests.deployment import visits
from tests.deployment.site import Site

pytestmark = pytest.mark.timeout(400)

VISITORS = 100
BACK = "Connexion rétablie."


def test_a_hundred_visitors_carry_on_when_a_replica_is_killed(site: Site, record_property: Callable[..., None]):
    before = len(site.lines())

    async def all_of_it() -> list[visits.Person]:
        people = await visits.crowd(site, VISITORS, site.replicas[1].kill)
        # Each goes on: one more choice, taken back.
        await asyncio.gather(*(visits.learn(person) for person in people[::2]))
        await visits.closed(people)
        return people

    people = visits.apart(all_of_it())
    lost = [person for person in people if person.away]
    opened = [line for line in site.lines()[before:] if " /_stcore/stream 101 " in line]
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
        pages[path] = page
    shown = {path: page.get_by_test_id("stMain").inner_text() for path, page in pages.items()}
    for replica in {site.replica_of(page).port: site.replica_of(page) for page in pages.values()}.values():
        if sum(other.running() for other in site.replicas) > 1:
            replica.kill()
    for path, page in pages.items():
        expect(page.locator("#connection")).to_have_text(re.compile(f"{BACK}|^$"), timeout=60_000)
        page.locator(IDLE).wait_for(timeout=60_000)
        arrived(page, path)
        asks(page, sorted(tuple(pair.split("=")) for pair in wanted[path][1:].split("&")))
        assert page.get_by_test_id("stMain").inner_text() == shown[path]
        assert PAGES[path][1] in shown[path]
        expect(context_line(page)).to_be_visible()
