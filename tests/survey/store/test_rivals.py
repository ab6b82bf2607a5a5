"""Two people publish at once: one wins, the other is told; and who only looks sees the new edition at once."""

import subprocess
import sys
from threading import Barrier, Thread

import pytest

from lib.survey.store.drafts import DraftConflict, create_draft, load_draft, save_draft
from lib.survey.store.opening import Store, StoreError
from lib.survey.store.publication import PublicationConflict, history, publish
from lib.survey.store.revisions import edition_secret, list_revisions
from tests.survey.store.world import OTHER, SOURCE, WHO, edition, shown, written
from tests.survey.world import CODEBOOK

ESSAI = "essai-2026"
ROUNDS = 50


def at_once(*tasks) -> list:
    """Do things at the same moment, each in a thread of its own, and return what each returned or raised."""
    barrier = Barrier(len(tasks))
    results: list = [None] * len(tasks)

    def run(place: int) -> None:
        barrier.wait()
        try:
            results[place] = tasks[place]()
        except StoreError as error:
            results[place] = error

    threads = [Thread(target=run, args=(place,)) for place in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_who_publish_at_once_one_wins_and_the_other_is_told(store: Store):
    revisions = [written(store, edition(mark=mark)) for mark in "abc"]
    publish(store, revisions[0], WHO, None)
    winners = set()
    for _ in range(ROUNDS):
        current = shown(store)
        rivals = list(zip((WHO, OTHER), (revision for revision in revisions if revision != current), strict=True))
        results = at_once(*(lambda r=revision, w=who, c=current: publish(store, r, w, c) for who, revision in rivals))
        lost = [result for result in results if result is not None]
        assert len(lost) == 1
        assert isinstance(lost[0], PublicationConflict)
        who, revision = rivals[results.index(None)]
        assert str(lost[0]).startswith(f"{who} a publié la révision {revisions.index(revision) + 1} le ")
        assert shown(store) == revision
        winners.add(who)
    assert len(history(store, ESSAI)) == ROUNDS + 1
    assert winners <= {WHO, OTHER}


def test_of_two_who_change_a_draft_at_once_one_wins_and_the_other_is_told(store: Store):
    told = {"edition": {"id": ESSAI}, "source": SOURCE, "codebook": CODEBOOK, "table": b""}
    draft = create_draft(store, mapping="{}", **told, who=WHO)
    for version in range(1, 11):
        results = at_once(*(lambda w=who, v=version: save_draft(store, draft, v, w, mapping=w) for who in (WHO, OTHER)))
        (lost,) = [result for result in results if isinstance(result, StoreError)]
        (won,) = [result for result in results if not isinstance(result, StoreError)]
        assert isinstance(lost, DraftConflict)
        assert load_draft(store, draft).mapping == won.updated_by == won.mapping


def test_of_two_who_finish_a_draft_at_once_one_writes_a_revision(store: Store):
    told = {"edition": {"id": ESSAI}, "source": SOURCE, "codebook": CODEBOOK, "table": b""}
    draft = create_draft(store, mapping="{}", **told, who=WHO)
    results = at_once(lambda: written(store, draft=draft), lambda: written(store, draft=draft, who=OTHER))
    assert sum(isinstance(result, StoreError) for result in results) == 1
    assert len(list_revisions(store)) == 1


def test_a_secret_asked_for_twice_at_once_is_one(store: Store):
    secrets = at_once(*(lambda: edition_secret(store, ESSAI) for _ in range(4)))
    assert len(set(secrets)) == 1


WATCHER = """
import sys
from lib.survey.store.opening import open_store
from lib.survey.store.publication import current_editions
store = open_store(sys.argv[1])
for _ in sys.stdin:
    print({edition.revision_id for edition in current_editions(store).values()} or "", flush=True)
"""


@pytest.mark.timeout(120)
def test_another_process_sees_the_new_edition_at_its_next_look(store: Store, url: str):
    revisions = [written(store, edition(mark=mark)) for mark in "ab"]
    command = [sys.executable, "-c", WATCHER, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as watcher:

        def look() -> str:
            watcher.stdin.write("\n")
            watcher.stdin.flush()
            return watcher.stdout.readline().strip()

        assert look() == ""
        current = None
        for revision in revisions * 3:
            publish(store, revision, WHO, current)
            assert look() == f"{{{revision}}}"
            current = revision
        watcher.stdin.close()
    assert watcher.returncode == 0
