"""A program that publishes until it is killed: `python -m tests.survey.store.publisher URL FIRST SECOND`.

For each line that it reads it begins a child process, which writes its number once it is at work: what it
needs is imported already. The line says what the child does for ever: « publish » the two revisions in
turn, or « finish » drafts and publish what they gave.
"""

import os
import sys

from lib.survey.store.drafts import create_draft
from lib.survey.store.opening import Store, StoreError, open_store
from lib.survey.store.publication import current_editions, publish
from tests.survey.store.world import SOURCE, WHO, edition, written
from tests.survey.world import CODEBOOK

ESSAI = "essai-2026"


def publish_in_turn(store: Store, *revisions: int) -> None:
    """Publish revisions one after the other, but the one that is shown already."""
    for revision in revisions:
        published = current_editions(store).get(ESSAI)
        if published is None or published.revision_id != revision:
            publish(store, revision, WHO, published.revision_id if published else None)


def finish_a_draft(store: Store, mark: str) -> int:
    """Write a revision from a draft, and return its id."""
    told = {"edition": {"id": ESSAI}, "source": SOURCE, "mapping": "{}", "codebook": CODEBOOK, "who": WHO}
    return written(store, edition(mark=mark), draft=create_draft(store, table=b"table" * 1000, **told))


def work(task: str, url: str, first: int, second: int) -> None:
    """Do the same thing until killed."""
    store = open_store(url, create=True)
    current_editions(store)
    # At work: what follows is what is killed.
    print(os.getpid(), flush=True)
    while True:
        if task == "finish":
            publish_in_turn(store, finish_a_draft(store, "a"), finish_a_draft(store, "b"))
        publish_in_turn(store, first, second)


def main() -> None:
    url, first, second = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                work(line.strip(), url, first, second)
            except StoreError as error:
                print(error, file=sys.stderr)
            os._exit(1)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main()
