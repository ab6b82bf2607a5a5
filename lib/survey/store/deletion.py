"""Deletion of one respondent on request: a new revision without them, and nothing of them left in the older ones.

Backups hold what they held until they expire, see `backup`; archives and replicas of PostgreSQL are its operator's.
"""

from __future__ import annotations

import json
from dataclasses import replace

import sqlalchemy as sa

from lib.survey.edition import Edition
from lib.survey.store.frames import GIVEN, digest, from_bytes
from lib.survey.store.journal import read_journal, record
from lib.survey.store.opening import Store, StoreError
from lib.survey.store.publication import PUBLISH, current_in, move
from lib.survey.store.revisions import (
    insert_revision,
    latest_in,
    load_draw,
    load_given,
    lock_edition,
    prepared,
    read_row,
)
from lib.survey.store.schema import CONTACT, DRAFT, FRAME, REVISION, now

DELETED = "répondant supprimé"
"""What the journal calls a deletion."""


def delete_respondent(store: Store, edition_id: str, respondent: str, who: str) -> int:
    """Delete a respondent from an edition, and return the id of the revision without them.

    In one transaction: a revision is written that is the current one (or the latest, where none is published)
    without the respondent; it is published if that one was; every revision that holds the respondent loses its
    answers, and the row that is left says when; the contacts of the respondent are deleted, and the tables of the
    drafts of this edition, which may hold them: those drafts are done.

    Where the current revision does not hold the respondent, it stays the current one, and is what is returned.

    Raises
    ------
    StoreError
        When no revision of the edition holds this respondent, or somebody published or wrote one meanwhile. Nothing is
        then changed.
    """
    published, base = _state(store, edition_id)
    if base is None:
        raise StoreError("Cette édition n’a pas de révision qui tienne ses réponses\u202f: il n’y a rien à supprimer.")
    given = load_given(store, base)
    known = respondent in given.respondents.index
    if known:
        smaller = without(given, respondent)
        # The longest part, before anybody has to wait for it.
        frames, threshold = prepared(smaller, load_draw(store, base))
    with store.writing() as connection:
        lock_edition(connection, edition_id)
        if _state_in(connection, edition_id) != (published, base):
            raise StoreError(
                "Quelqu’un d’autre vient de publier ou d’écrire une révision de cette édition\u202f: recommencez. Rien "
                "n’a été changé."
            )
        holding = _holding(connection, edition_id, respondent)
        if not holding:
            raise StoreError(
                f"Aucune révision de cette édition ne tient le répondant {respondent}\u202f: vérifiez l’identifiant. "
                "Rien n’a été changé."
            )
        kept = base
        if known:
            row = read_row(connection, base)
            kept = insert_revision(
                connection,
                smaller,
                frames,
                threshold=threshold,
                source=row.source,
                mapping=_without_texts(row.mapping),
                codebook=row.codebook,
                who=who,
                started=row.started,
            )
            if published is not None:
                move(connection, edition_id, kept, who, PUBLISH)
        _take_out(connection, edition_id, respondent, holding, who)
        # Whose: to be done again where an older backup is restored.
        whom = {"edition": edition_id, "respondent": respondent}
        record(connection, who, DELETED, **whom, revision=kept, purged=len(holding))
    store.scrub("frame", "contact", "draft", "revision")
    return kept


def deleted_respondents(store: Store, edition_id: str) -> set[str]:
    """Return the respondents of an edition who asked to be forgotten; the same file, imported again, holds them."""
    journal = read_journal(store)
    told = journal.loc[journal["action"] == DELETED, "details"]
    return {details["respondent"] for details in told if details.get("edition") == edition_id}


def without(edition: Edition, respondent: str) -> Edition:
    """Return an edition without one respondent, nor anything that they typed in the issues.

    Where `respondents` says the `line` of each, the issues of that line go; else what was typed goes from all issues,
    since nothing tells whose it is.
    """
    stay = edition.respondents.index != respondent
    issues = edition.issues
    if "line" in edition.respondents:
        issues = issues[issues["row"] != edition.respondents.at[respondent, "line"]].reset_index(drop=True)
    else:
        issues = issues.assign(value="")
    return replace(
        edition,
        respondents=edition.respondents[stay],
        values=edition.values[stay],
        states=edition.states[stay],
        issues=issues,
    )


def _state(store: Store, edition_id: str) -> tuple[int | None, int | None]:
    with store.reading() as connection:
        return _state_in(connection, edition_id)


def _state_in(connection: sa.Connection, edition_id: str) -> tuple[int | None, int | None]:
    """Return the current revision of an edition, if any, and the one to begin from."""
    current = current_in(connection, edition_id)
    return current, current or latest_in(connection, edition_id)


def _holding(connection: sa.Connection, edition_id: str, respondent: str) -> list[int]:
    """Return the revisions of an edition that hold a respondent; one that cannot be read may hold anybody."""
    asked = (
        sa.select(FRAME.c.revision_id, FRAME.c.content, FRAME.c.sha256)
        .join(REVISION, REVISION.c.id == FRAME.c.revision_id)
        .where(REVISION.c.edition_id == edition_id, FRAME.c.name == GIVEN[0])
        .order_by(FRAME.c.revision_id)
    )
    return [
        row.revision_id
        for row in connection.execute(asked)
        if digest(row.content) != row.sha256 or respondent in from_bytes(row.content).index
    ]


def _take_out(connection: sa.Connection, edition_id: str, respondent: str, holding: list[int], who: str) -> None:
    """Delete what is left of a respondent: answers of older revisions, contacts, tables of drafts."""
    at = now()
    connection.execute(FRAME.delete().where(FRAME.c.revision_id.in_(holding)))
    # The choices of an import may quote what was typed.
    connection.execute(REVISION.update().where(REVISION.c.id.in_(holding)).values(purged_at=at, mapping=""))
    mine = (CONTACT.c.edition_id == edition_id, CONTACT.c.respondent == respondent)
    connection.execute(CONTACT.delete().where(*mine))
    drafts = connection.execute(sa.select(DRAFT.c.id, DRAFT.c.edition, DRAFT.c.mapping, DRAFT.c.done_at)).all()
    for draft in drafts:
        if draft.edition.get("id") == edition_id:
            done = {"content": None, "done_at": draft.done_at or at, "mapping": _without_texts(draft.mapping)}
            changed = {"repairs": {}, "updated_at": at, "updated_by": who, "version": DRAFT.c.version + 1}
            connection.execute(DRAFT.update().where(DRAFT.c.id == draft.id).values(**done, **changed))


def _without_texts(mapping: str) -> str:
    """Return the choices of an import without the texts met in cells, whoever typed them."""
    try:
        told = json.loads(mapping)
    except ValueError:
        return ""
    return json.dumps(told | {"options": {}}, ensure_ascii=False) if isinstance(told, dict) else ""
