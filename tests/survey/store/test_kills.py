"""Killed at any moment, a publication is done or not begun: what visitors see is always whole, in both databases."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random

import pytest
import sqlalchemy as sa

from lib.survey.store.frames import FRAMES, digest
from lib.survey.store.opening import Store, StoreError, forget, open_store
from lib.survey.store.publication import current_editions, history, publish
from lib.survey.store.revisions import list_revisions, load_given, load_public
from lib.survey.store.schema import DRAFT, FRAME, REVISION
from tests.survey.store.world import WHO, edition, same, written

ESSAI = "essai-2026"
KILLS = 60
PUBLICATIONS = 200
OTHERS = sa.text(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)
KEEPER = sa.text("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
"""A process that the server has from its start on, and another one after it has recovered."""


@contextmanager
def publisher(url: str, first: int, second: int) -> Iterator[subprocess.Popen]:
    """Run the program that publishes in a child for each line written to it."""
    command = [sys.executable, "-m", "tests.survey.store.publisher", url, str(first), str(second)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        yield running
        running.stdin.close()
    assert running.returncode == 0


def begin(running: subprocess.Popen, task: str) -> int:
    """Begin a child at a task, and return its process."""
    running.stdin.write(f"{task}\n")
    running.stdin.flush()
    return int(running.stdout.readline())


def kill_after(running: subprocess.Popen, task: str, delay: float) -> None:
    child = begin(running, task)
    # The moment is what is drawn: nothing is waited for.
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    assert running.stdout.readline() == "ended\n"


def alone(store: Store) -> None:
    """Wait until nobody else is connected: the server ends the transaction of a client that was killed after its death.

    The system takes back at once what a dead process held of a file.
    """
    deadline = time.monotonic() + 60
    while store.path is None:
        with store.reading() as connection:
            if not connection.scalars(OTHERS).all():
                return
        assert time.monotonic() < deadline
        time.sleep(0.01)


def hashes(store: Store) -> dict[tuple[int, str], str]:
    """Return the hash of each frame as it is, which is the one that was written with it."""
    with store.reading() as connection:
        rows = connection.execute(sa.select(FRAME)).all()
    assert all(digest(row.content) == row.sha256 for row in rows)
    return {(row.revision_id, row.name): row.sha256 for row in rows}


def check(store: Store, known: dict[tuple[int, str], str]) -> dict[tuple[int, str], str]:
    """Fail unless the store is whole, and what was written before is as it was; return the hashes of all there is."""
    now = hashes(store)
    assert {key: now[key] for key in known} == known
    revisions = list_revisions(store)
    with store.reading() as connection:
        drafts = connection.execute(sa.select(DRAFT.c.done_at, DRAFT.c.content)).all()
        numbers = connection.scalars(sa.select(REVISION.c.number).order_by(REVISION.c.id)).all()
    # Revisions follow one another, each with all its frames; each draft is done and empty, or neither.
    assert numbers == list(range(1, len(numbers) + 1))
    assert set(now) == {(revision, name) for revision in revisions["id"] for name in FRAMES}
    assert all((draft.done_at is None) == (draft.content is not None) for draft in drafts)
    # Two revisions of these were written without a draft.
    assert sum(draft.done_at is not None for draft in drafts) == len(revisions) - 2

    current = current_editions(store)[ESSAI].revision_id
    done = history(store, ESSAI)
    assert done["revision_id"].iloc[0] == current
    assert list(done["previous_revision"].iloc[:-1]) == list(done["revision_id"].iloc[1:])
    given = load_given(store, current)
    same(given, edition(mark=given.title[-1]))
    assert given.title[-1] in "ab"
    assert list(load_public(store, current).respondents.index) == list(given.respondents.index)
    return now


@pytest.fixture
def pair(store: Store) -> tuple[int, int]:
    """Return two revisions, the first of which is published."""
    first, second = (written(store, edition(mark=mark)) for mark in "ab")
    publish(store, first, WHO, None)
    return first, second


@pytest.mark.timeout(600)
def test_a_client_killed_while_it_publishes_leaves_the_edition_whole(store: Store, url: str, pair: tuple[int, int]):
    random = Random(20260302)
    known = hashes(store)
    kills = 0
    with publisher(url, *pair) as running:
        while kills < KILLS or len(history(store, ESSAI)) <= PUBLICATIONS:
            task, longest = ("finish", 0.8) if kills % 3 == 0 else ("publish", 0.4)
            kill_after(running, task, random.uniform(0, longest))
            alone(store)
            kills += 1
            known = check(store, known)
    # Publishing goes on as if nothing had been.
    current = current_editions(store)[ESSAI].revision_id
    publish(store, next(revision for revision in pair if revision != current), WHO, current)
    check(store, known)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_server_killed_while_it_publishes_leaves_the_edition_whole(
    store: Store, url: str, pair: tuple[int, int], server
):
    random = Random(20260303)
    known = hashes(store)
    with publisher(url, *pair) as running:
        for _ in range(8):
            begin(running, "publish")
            deadline = time.monotonic() + 30
            found: list[int] = []
            while not found and time.monotonic() < deadline:
                with store.reading() as connection:
                    found, keeper = list(connection.scalars(OTHERS)), connection.scalar(KEEPER)
            # The moment is what is drawn: nothing is waited for.
            time.sleep(random.uniform(0, 0.2))
            server.kill(found[0])
            # Its client is told, and ends by itself.
            assert running.stdout.readline() == "ended\n"
            store = recovered(url, keeper)
            known = check(store, known)


def recovered(url: str, keeper: int | None) -> Store:
    """Return the store once the server, which starts again by itself, answers.

    `keeper` is what `KEEPER` was before: until the server sees that one of its processes was killed, it still takes
    connections, which it then ends.
    """
    deadline = time.monotonic() + 60
    while True:
        forget(url)
        with suppress(StoreError):
            store = open_store(url, create=True)
            with store.reading() as connection:
                if connection.scalar(KEEPER) not in (keeper, None):
                    return store
        assert time.monotonic() < deadline
        time.sleep(0.05)
