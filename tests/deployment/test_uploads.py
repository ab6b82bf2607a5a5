"""A replica dies while a file is brought in: nothing is lost without a sentence that says so, in French."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from lib.survey.store.drafts import list_drafts
from lib.survey.store.opening import open_store
from tests.browser.test_import import WORKING, answers, go, idle, press
from tests.browser.visits import read
from tests.deployment.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

MEGABYTE = 1024 * 1024
GONE = "Le serveur a redémarré et n’a plus le fichier déposé\u202f: déposez-le de nouveau."
NOT_TAKEN = "Le fichier n’est pas arrivé\u202f: déposez-le de nouveau."
BACK = "Connexion rétablie."


def give(page: Page, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": "reponses.csv", "mimeType": "text/csv", "buffer": content}
    )


def taken(page: Page) -> None:
    expect(page.get_by_role("button", name="Créer le brouillon", exact=True)).to_be_visible(timeout=WORKING)
    idle(page)


def named(page: Page, name: str) -> None:
    """Give the draft a title and an identifier of its own."""
    for label, value in (("Titre, pour les visiteurs", name), ("Identifiant, dans les adresses", name.lower())):
        page.get_by_role("textbox", name=label).fill(value)
        page.get_by_role("textbox", name=label).press("Tab")
        idle(page)


def kill(site: Site, page: Page) -> None:
    """Kill the replica of a browser, and wait until another serves it."""
    # What it said of the last time is said no more.
    expect(page.locator('#connection [role="status"]')).to_be_empty(timeout=10_000)
    site.replica_of(page).kill()
    come_back(page)


def come_back(page: Page) -> None:
    expect(page.locator('#connection [role="status"]')).to_have_text(BACK, timeout=60_000)
    idle(page)


def test_a_file_that_the_dead_replica_kept_is_asked_for_again_and_a_draft_is_found(
    site: Site, room: Callable[..., Page]
):
    page = room(site.member())
    go(page, f"{site.address}import?etape=fichier")
    give(page, answers())
    taken(page)
    kill(site, page)
    expect(read(page, GONE)).to_be_visible()
    give(page, answers())
    taken(page)
    expect(read(page, GONE)).to_have_count(0)
    named(page, "Essai-1")
    press(page, "Créer le brouillon")
    expect(read(page, "Le brouillon est créé")).to_be_visible(timeout=WORKING)
    idle(page)
    address, before = page.url, page.get_by_test_id("stMain").get_by_role("table").count()
    # Of this visitor now, since the other is down.
    kill(site, page)
    assert page.url == address
    expect(read(page, "Étapes de l’import")).to_be_visible(timeout=WORKING)
    expect(page.get_by_test_id("stMain").get_by_text("Essai-1")).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_role("table")).to_have_count(before)


def test_a_file_on_its_way_is_told_not_to_have_come(site: Site, room: Callable[..., Page]):
    page = room(site.member())
    go(page, f"{site.address}import?etape=fichier")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 3 * MEGABYTE}
    network.send("Network.emulateNetworkConditions", slow)
    replica = site.replica_of(page)
    # Four seconds on its way.
    give(page, b"0;1\r\n" * (12 * MEGABYTE // 5))
    expect(page.get_by_test_id("stFileChip")).to_be_visible()
    replica.kill()
    told = page.get_by_test_id("stFileChip").get_by_role("alert")
    expect(told).to_contain_text(NOT_TAKEN, timeout=60_000)
    box = told.bounding_box()
    assert box is not None
    assert box["width"] > 200, "read by screen readers alone"
    assert "Error" not in page.get_by_test_id("stFileUploader").inner_text()
    network.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    idle(page)
    give(page, answers())
    taken(page)


@pytest.mark.parametrize("after", [300])
def test_a_draft_being_made_is_made_whole_or_not_at_all_and_it_is_told(
    site: Site, room: Callable[..., Page], after: int
):
    page, store = room(site.member()), open_store(site.database, create=True)
    go(page, f"{site.address}import?etape=fichier")
    give(page, answers())
    taken(page)
    named(page, f"Coupe-{after}")
    before = {draft.id for draft in list_drafts(store)}
    replica = site.replica_of(page)
    press(page, "Créer le brouillon")
    page.wait_for_timeout(after)
    replica.kill()
    come_back(page)
    made = {draft.id for draft in list_drafts(store)} - before
    told = read(page, GONE).or_(read(page, "Étapes de l’import"))
    expect(told.first).to_be_visible(timeout=WORKING)
    go(page, f"{site.address}import")
    expect(page.get_by_test_id("stMain").get_by_text(f"Coupe-{after}")).to_have_count(1 if made else 0)
    if made:
        go(page, f"{site.address}import?brouillon={made.pop()}")
        expect(read(page, "Étapes de l’import")).to_be_visible(timeout=WORKING)
        assert "incident" not in page.get_by_test_id("stMain").inner_text()
