"""Revisions of an edition: written once and whole, with their public form, and read again as editions.

Which of them is shown belongs to `publication`; how answers are exchanged, to `lib.survey.exchange`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lib.survey.codebook import parse_codebook
from lib.survey.edition import Edition
from lib.survey.exchange import exchanged
from lib.survey.kept_draw import draw_frame
from lib.survey.retention import load_retention
from lib.survey.store.contacts import replace_contacts
from lib.survey.store.drafts import finish_draft
from lib.survey.store.frames import DRAW, FRAMES, GIVEN, PUBLIC, digest, edition_frames, frames_of, from_bytes, whole
from lib.survey.store.journal import record, table_of
from lib.survey.store.opening import DamagedError, Store, StoreError
from lib.survey.store.schema import CURRENT, EDITION, FRAME, PUBLICATION, REVISION, now

STATES = ("prête", "publiée", "remplacée", "retirée", "purgée")
"""States of a revision: never published, shown, shown before another, shown before the edition was withdrawn, and
without its answers, taken out at the request of a respondent."""


def edition_secret(store: Store, edition_id: str) -> bytes:
    """Return what the pseudonyms of an edition are made with, drawn at the first call and never shown."""
    with store.writing() as connection:
        return lock_edition(connection, edition_id)


def lock_edition(connection: sa.Connection, edition_id: str) -> bytes:
    """Return the secret of an edition, made where there is none; nobody else writes to it in this transaction."""
    # Two may make it at once: the second waits for the first, and writes nothing.
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"id": edition_id, "secret": secrets.token_bytes(32), "created_at": now()}
    connection.execute(insert(EDITION).values(row).on_conflict_do_nothing())
    locked = sa.select(EDITION.c.secret).where(EDITION.c.id == edition_id).with_for_update()
    return bytes(connection.execute(locked).scalar_one())


def write_revision(
    store: Store,
    edition: Edition,
    *,
    source: Mapping[str, Any],
    mapping: str,
    codebook: str,
    who: str,
    draft: int | None = None,
    version: int | None = None,
    contacts: pd.DataFrame | None = None,
    kept_until: date | None = None,
    started: date | None = None,
) -> int:
    """Write the next revision of an edition, with its public form, and return its id; nothing is published.

    Parameters
    ----------
    edition
        The answers as given. Its public form keeps whose answers each respondent was given in the last revision.
    source
        What is known of the file: sha256, size, tool, encoding, separator, rows, columns.
    mapping, codebook
        The choices that made the edition of the file, as JSON, and its questionnaire, as TOML.
    who
        Address of the person who does it.
    draft, version
        The draft it comes from, done in the same transaction: its table is deleted. It must still be of that version.
    contacts
        Index respondent, one column for each kind of contact, all texts; they replace those of the edition. None
        leaves those that there are.
    kept_until
        Last day that the contacts are kept; that of the configured retention by default.
    started
        First day of collection; that of the draft by default, else today.

    Raises
    ------
    StoreError
        When the draft is gone, or somebody else wrote a revision meanwhile; `DraftConflict` when the draft is done
        already, or was changed.
    ValueError
        When the edition is a public one, or not an edition of this questionnaire.
    """
    if edition.threshold:
        raise ValueError("a revision is made of the answers as given")
    if parse_codebook(codebook.encode()) != edition.codebook:
        raise ValueError("the questionnaire is not that of the edition")
    previous = latest_revision(store, edition.id)
    # The longest part, before anybody has to wait for it.
    frames, threshold = prepared(edition, load_draw(store, previous) if previous else None)
    with store.writing() as connection:
        lock_edition(connection, edition.id)
        if latest_in(connection, edition.id) != previous:
            raise StoreError(
                "Une autre révision de cette édition vient d’être écrite\u202f: recommencez, pour que la vôtre en "
                "tienne compte. Rien n’a été enregistré."
            )
        done = finish_draft(connection, draft, who, version) if draft is not None else None
        told = done.edition.get("started") if done else None
        revision_id = insert_revision(
            connection,
            edition,
            frames,
            threshold=threshold,
            source=source,
            mapping=mapping,
            codebook=codebook,
            who=who,
            started=started or (date.fromisoformat(told) if told else now().date()),
        )
        if contacts is not None:
            until = kept_until or now().date() + timedelta(days=load_retention().contacts_days)
            replace_contacts(connection, edition.id, contacts, until)
    if draft is not None:
        store.scrub("draft")
    return revision_id


def prepared(edition: Edition, kept: pd.DataFrame | None) -> tuple[dict[str, bytes], int]:
    """Return the frames of a revision as bytes, its public form included, and the threshold of that form."""
    drawn = draw_frame(edition, kept=kept)
    public = exchanged(edition, kept=drawn)
    return edition_frames(edition, public, drawn), public.threshold


def insert_revision(
    connection: sa.Connection,
    edition: Edition,
    frames: Mapping[str, bytes],
    *,
    threshold: int,
    source: Mapping[str, Any],
    mapping: str,
    codebook: str,
    who: str,
    started: date,
) -> int:
    """Write a revision in a transaction that holds its edition, and return its id."""
    last = sa.select(sa.func.coalesce(sa.func.max(REVISION.c.number), 0)).where(REVISION.c.edition_id == edition.id)
    counts = counts_of(edition)
    written = connection.execute(
        REVISION.insert().values(
            edition_id=edition.id,
            number=connection.execute(last).scalar_one() + 1,
            created_at=now(),
            created_by=who,
            title=edition.title,
            collected=edition.collected,
            started=started,
            millesime=edition.millesime,
            simulated=edition.simulated,
            fitted=edition.fitted,
            threshold=threshold,
            source=dict(source),
            mapping=mapping,
            codebook=codebook,
            counts=counts,
        )
    )
    (revision_id,) = written.inserted_primary_key or (0,)
    rows = [
        {"revision_id": revision_id, "name": name, "sha256": digest(content), "content": content}
        for name, content in frames.items()
    ]
    connection.execute(FRAME.insert(), rows)
    told = {"edition": edition.id, "revision": revision_id, "sha256": source.get("sha256"), "tool": source.get("tool")}
    record(connection, who, "révision écrite", **told, **counts)
    return int(revision_id)


def counts_of(edition: Edition) -> dict[str, int]:
    """Return what the lists say of a revision: numbers of respondents, territories, issues."""
    respondents = edition.respondents
    return {
        "respondents": len(respondents),
        "complete": int(respondents["complete"].sum()),
        "territories": int(respondents["territory"].nunique()),
        "matched": int(respondents["territory"].notna().sum()),
        "issues": int(edition.issues["rows"].sum()),
    }


def list_revisions(store: Store, edition_id: str | None = None) -> pd.DataFrame:
    """Return the revisions of an edition, or of all of them, the latest first.

    Returns
    -------
    DataFrame
        `id`, `edition_id`, `number`, `state` (one of `STATES`), `created_at`, `created_by`, `title`, `collected`,
        `started`, `millesime`, `simulated`, `source` and `counts` (dicts), `purged_at`.
    """
    told = ("title", "collected", "started", "millesime", "simulated", "source", "counts", "purged_at")
    last, shown = CURRENT.alias("last"), PUBLICATION.alias("shown")
    ever = sa.select(shown.c.revision_id).where(shown.c.revision_id.is_not(None))
    state = sa.case(
        (last.c.revision_id == REVISION.c.id, STATES[1]),
        (REVISION.c.purged_at.is_not(None), STATES[4]),
        (sa.and_(last.c.revision_id.is_(None), PUBLICATION.c.previous_revision == REVISION.c.id), STATES[3]),
        (REVISION.c.id.in_(ever), STATES[2]),
        else_=STATES[0],
    ).label("state")
    columns = (REVISION.c[name] for name in ("id", "edition_id", "number", "created_at", "created_by", *told))
    asked = (
        sa.select(*columns, state)
        .outerjoin(last, last.c.edition_id == REVISION.c.edition_id)
        .outerjoin(PUBLICATION, PUBLICATION.c.id == last.c.publication_id)
        .order_by(REVISION.c.id.desc())
    )
    if edition_id is not None:
        asked = asked.where(REVISION.c.edition_id == edition_id)
    with store.reading() as connection:
        listed = table_of(connection.execute(asked))
    return listed[["id", "edition_id", "number", "state", "created_at", "created_by", *told]]


def latest_revision(store: Store, edition_id: str) -> int | None:
    """Return the id of the last revision of an edition that still holds its answers, None where there is none."""
    with store.reading() as connection:
        return latest_in(connection, edition_id)


def latest_in(connection: sa.Connection, edition_id: str) -> int | None:
    """Return what `latest_revision` does, in a transaction."""
    mine = (REVISION.c.edition_id == edition_id, REVISION.c.purged_at.is_(None))
    return connection.scalar(sa.select(sa.func.max(REVISION.c.id)).where(*mine))


def load_given(store: Store, revision_id: int) -> Edition:
    """Return the answers of a revision as given, which staff alone may see.

    Raises
    ------
    StoreError
        When there is no such revision, its answers were purged, or it is not whole.
    """
    return _load(store, revision_id, GIVEN, public=False)


def load_public(store: Store, revision_id: int) -> Edition:
    """Return the public form of a revision, as it was written; raises as `load_given`."""
    return _load(store, revision_id, PUBLIC, public=True)


def load_draw(store: Store, revision_id: int) -> pd.DataFrame:
    """Return whose answers each respondent is given in the public form; raises as `load_given`."""
    with store.reading() as connection:
        read_row(connection, revision_id)
        return from_bytes(contents(connection, revision_id, (DRAW,))[DRAW])


def read_row(connection: sa.Connection, revision_id: int) -> sa.Row[Any]:
    """Return what is said of a revision; StoreError when there is none of this id, or its answers were purged."""
    row = connection.execute(sa.select(REVISION).where(REVISION.c.id == revision_id)).one_or_none()
    if row is None:
        raise StoreError(f"La révision n°\u202f{revision_id} n’existe pas dans cette base.")
    if row.purged_at is not None:
        raise StoreError(
            f"Les réponses de la révision {row.number} de «\u202f{row.title}\u202f» ont été supprimées le "
            f"{row.purged_at:%d/%m/%Y}, à la demande d’un répondant\u202f: choisissez-en une plus récente."
        )
    return row


def contents(connection: sa.Connection, revision_id: int, names: tuple[str, ...] = FRAMES) -> dict[str, bytes]:
    """Return the bytes of frames of a revision; StoreError when one is missing or damaged."""
    asked = sa.select(FRAME).where(FRAME.c.revision_id == revision_id, FRAME.c.name.in_(names))
    found = {row.name: whole(row.name, row.content, row.sha256) for row in connection.execute(asked)}
    if missing := set(names) - set(found):
        raise DamagedError(f"La révision n°\u202f{revision_id} n’est pas entière ({', '.join(sorted(missing))}).")
    return found


def _load(store: Store, revision_id: int, names: tuple[str, ...], *, public: bool) -> Edition:
    with store.reading() as connection:
        row = read_row(connection, revision_id)
        found = contents(connection, revision_id, names)
    frames: dict[str, Any] = {**frames_of(found, names)}
    return Edition(
        id=row.edition_id,
        title=row.title,
        simulated=row.simulated,
        collected=row.collected,
        millesime=row.millesime,
        codebook=parse_codebook(row.codebook.encode()),
        fitted=row.fitted,
        threshold=row.threshold if public else 0,
        revision=revision_id,
        **frames,
    )
