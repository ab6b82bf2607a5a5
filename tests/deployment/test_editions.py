"""Publications while replicas die, and PostgreSQL restarted under load: no edition is damaged, and pages come back."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from lib.survey.editions import SHIPPED, list_editions
from lib.survey.identity import Identity
from lib.survey.importing import draft_edition, open_draft, start_draft
from lib.survey.store.drafts import list_drafts
from lib.survey.store.opening import Store, open_store
from lib.survey.store.publication import current_editions
from lib.survey.store.revisions import load_given, load_public
from lib.ui.outage import AWAY, KNOWN, UNKNOWN
from tests.browser.test_import import answers
from tests.browser.visits import arrived, context_line, read
from tests.deployment import visits
from tests.deployment.site import MEMBER, Replica, Site
from tests.survey.store.conftest import Server
from tests.visitors import LostError, Visitor

pytestmark = pytest.mark.timeout(400)

ESSAI = Identity("publication-2026", "Publication coupée", "mars 2026", date(2026, 3, 2), 2026)
SURE = "J’ai relu les colonnes, les territoires et la qualité\u202f: cette version peut être publiée"
DONE = "La version est publiée"
ROWS = 40
UNDER_WAY = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend' AND state <> 'idle'"
)


@pytest.fixture
def store(site: Site) -> Store:
    return open_store(site.database, create=True)


def draft_of(store: Store, rows: int) -> tuple[int, int]:
    """Make a draft of so many answers; return its number, and how many of them it retains."""
    shipped = next(iter(list_editions(SHIPPED).values()))
    codebook = shipped.codebook.read_text(encoding="utf-8")
    draft = start_draft(store, answers(rows=rows), ESSAI, who=MEMBER, codebook=codebook, keep_contacts=False)
    return draft, len(draft_edition(store, open_draft(store, draft)).respondents)


def whole(store: Store) -> int | None:
    """Return how many answered the current edition, read whole in both forms; None where none is published."""
    published = current_editions(store).get(ESSAI.id)
    if published is None:
        return None
    given = load_given(store, published.revision_id)
    public = load_public(store, published.revision_id)
    # Each frame was compared with its digest.
    assert len({len(frame) for one in (given, public) for frame in (one.respondents, one.values, one.states)}) == 1
    return len(given.respondents)


def settled(store: Store) -> None:
    """Wait until nothing is under way: the server ends the transaction of a replica that was killed after its death."""
    deadline = time.monotonic() + 60
    while True:
        with store.reading() as connection:
            if not connection.scalar(UNDER_WAY):
                return
        assert time.monotonic() < deadline
        time.sleep(0.01)


async def publish(site: Site, draft: int, pressed: Callable[[Replica], None] = lambda _: None) -> bool:
    """Publish a draft from its page, as somebody of the team; return whether it was said to be done.

    `pressed` is told which replica is about to publish.
    """
    manager = Visitor(ssl=site.context, patience=visits.PATIENCE)
    await manager.open(site.address, f"import?brouillon={draft}&etape=publication", site.member())
    try:
        if SURE not in manager.labels():
            # It was done already, and the draft with it.
            return True
        await manager.choose(SURE, True)
        pressed(site.replica_of(manager))
        await manager.choose("Publier", True)
        return any(DONE in text for text in manager.texts())
    finally:
        await manager.close()


async def publish_version(site: Site) -> bool:
    """Publish the last version that was written, from the first view; return whether it was said to be done."""
    manager = Visitor(ssl=site.context, patience=visits.PATIENCE)
    await manager.open(site.address, "import", site.member())
    try:
        await manager.choose("Publier cette version", True)
        return any(DONE in text for text in manager.texts())
    finally:
        await manager.close()


async def cut(site: Site, draft: int, after: float) -> bool:
    """Publish a draft, and kill the replica that does so many seconds later; return whether it was said to be done."""
    killing: list[asyncio.Task[None]] = []

    async def kill(replica: Replica) -> None:
        await asyncio.sleep(after)
        replica.kill()

    def pressed(replica: Replica) -> None:
        killing.append(asyncio.create_task(kill(replica)))

    said = False
    with suppress(LostError):
        said = await publish(site, draft, pressed)
    await killing[0]
    return said


async def seen_by_visitors(site: Site) -> str:
    """Return the sentence of selection of the edition, as visitors read it."""
    visitor = Visitor(ssl=site.context)
    await visitor.open(site.address, f"participation?edition={ESSAI.id}")
    await visitor.close()
    return visits.view(visitor).selection


@pytest.mark.parametrize("after", [0.05, 0.6])
def test_a_publication_cut_short_leaves_the_edition_as_it_was_or_as_it_should_be(
    site: Site, store: Store, after: float
):
    old = whole(store)
    draft, rows = draft_of(store, ROWS + int(40 * after))
    assert rows != old
    said = visits.apart(cut(site, draft, after))
    settled(store)
    found = whole(store)
    assert found in ({rows} if said else {old, rows})
    if found:
        assert f"**{found} répondants" in visits.apart(seen_by_visitors(site))
    # Whoever was publishing comes back to the same address, and finishes; or, where the version was written and the
    # draft with it done, but nothing published yet, finishes from the first view.
    written = found != rows and draft not in {one.id for one in list_drafts(store)}
    assert visits.apart(publish_version(site) if written else publish(site, draft)) or found == rows
    assert whole(store) == rows
    assert f"**{rows} répondants" in visits.apart(seen_by_visitors(site))


@pytest.mark.browser
def test_pages_say_that_the_database_is_away_and_come_back_by_themselves(
    site: Site, store: Store, server: Server, room: Callable[..., Page]
):
    before = whole(store)
    page, other = room(), room()
    page.goto(f"{site.address}strategies?departement=33")
    arrived(page, "strategies")
    shown = context_line(page).inner_text()
    late = site.replicas[2]
    seen: list[str] = []

    async def work() -> list[visits.Person]:
        people = await visits.opened(site, visits.ADDRESSES[:12])
        server.stop()
        for person in people:
            await person.visitor.choose(visits.CHOICE, person.visitor.options(visits.CHOICE)[:1])
            seen.extend(text for text in person.visitor.texts() if AWAY in text or "incident" in text)
            # The figures are still there, and follow the choice.
            assert "type=" in person.visitor.query
            assert visits.view(person.visitor).selection
        await visits.closed(people)
        return people

    try:
        people = visits.apart(work())
        assert len(seen) == len(people)
        assert all(AWAY in text and KNOWN in text for text in seen)
        # Somebody at work is told at the next choice.
        page.get_by_role("combobox", name="Département", exact=True).press("ArrowDown")
        page.get_by_role("option").first.click()
        expect(read(page, AWAY)).to_be_visible(timeout=30_000)
        # A replica that starts meanwhile knows no edition: it says so, and is not given to `deploy/update`.
        late.kill()
        late.start()
        direct = f"http://127.0.0.1:{late.port}/"
        while not answers_at_all(direct):
            page.wait_for_timeout(200)
        assert not late.answers()
        other.goto(f"{direct}strategies?departement=33")
        expect(other.get_by_text(AWAY)).to_be_visible(timeout=60_000)
        expect(other.get_by_text(UNKNOWN)).to_be_visible()
    finally:
        server.start()
    # Nobody touches anything.
    expect(other.get_by_text(AWAY)).to_have_count(0, timeout=60_000)
    arrived(other, "strategies")
    assert context_line(other).inner_text() == shown
    expect(read(page, AWAY)).to_have_count(0, timeout=60_000)
    late.ready()
    assert whole(store) == before


def answers_at_all(address: str) -> bool:
    try:
        return httpx.get(f"{address}sante", trust_env=False, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False
