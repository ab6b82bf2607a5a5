"""The region in use, whichever it is, in a browser: its map is coloured, and each of its communes has a polygon."""

import re

import pytest
from playwright.sync_api import expect

from lib.display.formats import number
from lib.territory.reference import load_reference, load_region
from tests.browser.visits import Visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def test_the_map_of_the_region_is_coloured_and_holds_every_commune(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}strategies?niveau=commune")
    frame = page.locator("iframe[title^='Carte']").first
    expect(frame).to_be_visible(timeout=60_000)
    inside = frame.content_frame.locator("html")
    expect(inside).to_have_attribute("data-coloured", re.compile(r"\d+"), timeout=60_000)
    drawn = page.evaluate(
        """async () => {
            const found = performance.getEntriesByType('resource').map(entry => entry.name);
            const frames = [...document.querySelectorAll('iframe')].flatMap(frame =>
                frame.contentWindow.performance.getEntriesByType('resource').map(entry => entry.name));
            const address = [...found, ...frames].find(name => name.includes('boundaries.'));
            const topology = await (await fetch(address)).json();
            return topology.objects.communes.geometries.filter(one => one.arcs.length).map(one => one.id);
        }"""
    )
    reference = load_reference()
    assert sorted(drawn) == sorted(reference.index[reference["type"] == "commune"])
    expect(page.get_by_text("Données simulées").first).to_be_visible()


def test_the_participation_counts_the_communes_of_the_region(visit: Visit, address: str):
    page = visit.page
    page.goto(f"{address}participation")
    existing = number(load_region().counts["communes"])
    expect(page.get_by_text(re.compile(rf"sur {re.escape(existing)}\b")).first).to_be_visible(timeout=60_000)
