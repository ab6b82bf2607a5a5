"""Publication: which revision of each edition visitors see, moved in one transaction, and undone in one.

What a revision holds belongs to `revisions`; nothing here changes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
import sqlalchemy as sa

from lib.survey.store.drafts import told_moment
from lib.survey.store.journal import record, table_of
from lib.survey.store.opening import Store, StoreError
from lib.survey.store.revisions import contents, lock_edition, read_row
from lib.survey.store.schema import CURRENT, PUBLICATION, REVISION, now

PUBLISH, ROLLBACK, WITHDRAW = "publish", "rollback", "withdraw"
ACTIONS = {PUBLISH: "publication", ROLLBACK: "retour en arrière", WITHDRAW: "retrait"}
"""What was done with an edition, and its French name."""


class PublicationConflict(StoreError):  # noqa: N818 (a conflict is what it is)
    """Somebody else published, or withdrew, meanwhile: who, when, and what to do."""


@dataclass(frozen=True)
class Published:
    """An edition that visitors see.

    Attributes
    ----------
    edition_id, revision_id, number : which edition, which revision of the store, and its rank in the edition.
    title, collected, started, millesime, simulated, fitted : what the revision says of itself.
    published_at, who : when (UTC), and by whom.
    """

    edition_id: str
    revision_id: int
    number: int
    title: str
    collected: str
    started: date
    millesime: int
    simulated: bool
    fitted: bool
    published_at: datetime
    who: str


def current_editions(store: Store) -> dict[str, Published]:
    """Return the editions that visitors see, by id, the latest started first: one query, cheap enough for each page."""
    names = ("number", "title", "collected", "started", "millesime", "simulated", "fitted")
    told = [REVISION.c[name] for name in names]
    asked = (
        sa.select(
            CURRENT.c.edition_id,
            CURRENT.c.revision_id,
            *told,
            PUBLICATION.c.at.label("published_at"),
            PUBLICATION.c.who,
        )
        # An edition that is withdrawn has no current revision.
        .join(REVISION, REVISION.c.id == CURRENT.c.revision_id)
        .join(PUBLICATION, PUBLICATION.c.id == CURRENT.c.publication_id)
        .order_by(REVISION.c.started.desc(), CURRENT.c.edition_id)
    )
    with store.reading() as connection:
        return {row.edition_id: Published(**row._mapping) for row in connection.execute(asked)}


def publish(store: Store, revision_id: int, who: str, expected: int | None) -> None:
    """Make a revision the one that visitors see.

    Parameters
    ----------
    revision_id
        It must be whole, which is checked.
    who
        Address of the person who does it.
    expected
        The revision that this person saw as the current one, None where none was.

    Raises
    ------
    PublicationConflict
        When another is the current one by now: nothing is changed.
    StoreError
        When there is no such revision, its answers were purged, it is not whole, or it is the current one.
    """
    with store.writing() as connection:
        edition_id = read_row(connection, revision_id).edition_id
        _lock(connection, edition_id, expected)
        # Again, under the lock: it may have been purged while we waited.
        read_row(connection, revision_id)
        if revision_id == expected:
            raise StoreError("Cette révision est déjà celle qui est publiée\u202f: il n’y a rien à faire.")
        contents(connection, revision_id)
        move(connection, edition_id, revision_id, who, PUBLISH)


def rollback(store: Store, edition_id: str, who: str, expected: int | None, to: int | None = None) -> int:
    """Show again an earlier revision of an edition, and return its id.

    Parameters
    ----------
    expected
        The revision that the person saw as the current one, None where the edition is withdrawn.
    to
        A revision that was published; by default the one published before the current one, or the one that was
        withdrawn.

    Raises
    ------
    PublicationConflict
        When another is the current one by now: nothing is changed.
    StoreError
        When there is no such earlier revision that still holds its answers.
    """
    with store.writing() as connection:
        _lock(connection, edition_id, expected)
        earlier = _earlier(connection, edition_id, expected)
        if not earlier or (to is not None and to not in earlier):
            raise StoreError(
                "Cette édition n’a pas de révision publiée auparavant qui tienne encore ses réponses\u202f: publiez "
                "une révision de la liste, ou retirez l’édition."
            )
        target = earlier[-1] if to is None else to
        contents(connection, target)
        move(connection, edition_id, target, who, ROLLBACK)
    return target


def withdraw(store: Store, edition_id: str, who: str, expected: int | None) -> None:
    """Show an edition no longer; its revisions stay, and `rollback` shows it again.

    Raises
    ------
    PublicationConflict
        When another revision than `expected` is the current one by now: nothing is changed.
    StoreError
        When none is published.
    """
    with store.writing() as connection:
        _lock(connection, edition_id, expected)
        if expected is None:
            raise StoreError("Cette édition n’est pas publiée\u202f: il n’y a rien à retirer.")
        move(connection, edition_id, None, who, WITHDRAW)


def history(store: Store, edition_id: str) -> pd.DataFrame:
    """Return what was done with an edition, the latest first.

    Returns
    -------
    DataFrame
        `at` (UTC), `who`, `action` (a key of `ACTIONS`), `number` and `revision_id` of the revision shown from then
        on (missing after a withdrawal), `previous_revision` (id, missing where none was shown).
    """
    asked = (
        sa.select(
            PUBLICATION.c.at,
            PUBLICATION.c.who,
            PUBLICATION.c.action,
            REVISION.c.number,
            PUBLICATION.c.revision_id,
            PUBLICATION.c.previous_revision,
        )
        .outerjoin(REVISION, REVISION.c.id == PUBLICATION.c.revision_id)
        .where(PUBLICATION.c.edition_id == edition_id)
        .order_by(PUBLICATION.c.id.desc())
    )
    with store.reading() as connection:
        done = table_of(connection.execute(asked))
    return done.astype(dict.fromkeys(("number", "revision_id", "previous_revision"), "Int64"))


def current_in(connection: sa.Connection, edition_id: str) -> int | None:
    """Return the id of the current revision of an edition, None where it shows none."""
    return connection.scalar(sa.select(CURRENT.c.revision_id).where(CURRENT.c.edition_id == edition_id))


def move(connection: sa.Connection, edition_id: str, revision_id: int | None, who: str, action: str) -> None:
    """Make a revision, or none, the current one, in a transaction that holds the edition."""
    before = current_in(connection, edition_id)
    written = connection.execute(
        PUBLICATION.insert().values(
            edition_id=edition_id,
            action=action,
            revision_id=revision_id,
            previous_revision=before,
            at=now(),
            who=who,
        )
    )
    (publication_id,) = written.inserted_primary_key or (0,)
    shown = {"revision_id": revision_id, "publication_id": publication_id}
    if not connection.execute(CURRENT.update().where(CURRENT.c.edition_id == edition_id).values(**shown)).rowcount:
        connection.execute(CURRENT.insert().values(edition_id=edition_id, **shown))
    record(connection, who, ACTIONS[action], edition=edition_id, revision=revision_id, previous=before)


def _lock(connection: sa.Connection, edition_id: str, expected: int | None) -> None:
    """Keep others from publishing this edition before the end of the transaction; refuse where they just did."""
    lock_edition(connection, edition_id)
    if current_in(connection, edition_id) == expected:
        return
    asked = (
        sa.select(PUBLICATION, REVISION.c.number)
        .outerjoin(REVISION, REVISION.c.id == PUBLICATION.c.revision_id)
        .where(PUBLICATION.c.edition_id == edition_id)
        .order_by(PUBLICATION.c.id.desc())
        .limit(1)
    )
    last = connection.execute(asked).one_or_none()
    if last is None:
        raise PublicationConflict("Cette édition n’est pas publiée\u202f: rechargez la page pour voir où elle en est.")
    told = "a retiré cette édition" if last.revision_id is None else f"a publié la révision {last.number}"
    raise PublicationConflict(
        f"{last.who} {told} le {told_moment(last.at)}, après que vous avez ouvert cette page. Rien n’a été "
        "changé\u202f: rechargez la page, regardez ce qui est publié, puis recommencez si votre choix tient toujours."
    )


def _earlier(connection: sa.Connection, edition_id: str, current: int | None) -> list[int]:
    """Return the revisions shown before the current one that still hold their answers, the last one at the end."""
    asked = (
        sa.select(PUBLICATION.c.action, PUBLICATION.c.revision_id)
        .where(PUBLICATION.c.edition_id == edition_id)
        .order_by(PUBLICATION.c.id)
    )
    shown: list[int] = []
    for action, revision_id in connection.execute(asked):
        if action == ROLLBACK and revision_id in shown:
            # What was undone is not what one comes back to.
            del shown[shown.index(revision_id) :]
        if revision_id is not None:
            shown.append(revision_id)
    purged = set(
        connection.scalars(
            sa.select(REVISION.c.id).where(REVISION.c.edition_id == edition_id, REVISION.c.purged_at.is_not(None))
        )
    )
    return [revision for revision in shown if revision != current and revision not in purged]
