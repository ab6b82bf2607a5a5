"""Drafts: an import under way, which its author leaves and finds again, and which two people do not spoil.

What a draft becomes is a revision, written by `revisions`; what its parts mean belongs to `lib.survey.reading`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from lib.survey.store.journal import record
from lib.survey.store.opening import Store, StoreError
from lib.survey.store.schema import DRAFT, now

CHANGEABLE = ("edition", "source", "mapping", "codebook", "repairs", "table")
"""What `save_draft` changes."""


class DraftConflict(StoreError):  # noqa: N818 (a conflict is what it is)
    """Somebody else changed the draft meanwhile: who, when, and what to do."""


@dataclass(frozen=True)
class Draft:
    """An import under way.

    Attributes
    ----------
    id, version : which draft, and how many times it was written.
    created_at, created_by, updated_at, updated_by : when (UTC) and by whom it was begun, and last changed.
    edition : what the edition will say of itself (id, title, collected, started…), as JSON values.
    source : what is known of the file (sha256, size, tool, encoding…), never its name nor a cell of it.
    mapping, codebook : the choices made so far, as JSON and TOML.
    repairs : other choices, as JSON values.
    done_at : when (UTC) its revision was written, None before.
    table : the table as read; empty once the draft is done, and in a list of drafts.
    """

    id: int
    version: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    edition: dict[str, Any]
    source: dict[str, Any]
    mapping: str
    codebook: str
    repairs: dict[str, Any]
    done_at: datetime | None
    table: bytes = b""

    @property
    def done(self) -> bool:
        """Whether its revision is written."""
        return self.done_at is not None


_WITHOUT_TABLE = [DRAFT.c[name] for name in Draft.__dataclass_fields__ if name != "table"]


def create_draft(
    store: Store,
    *,
    table: bytes,
    edition: Mapping[str, Any],
    source: Mapping[str, Any],
    mapping: str,
    codebook: str,
    who: str,
    repairs: Mapping[str, Any] | None = None,
) -> int:
    """Begin a draft and return its id."""
    at = now()
    with store.writing() as connection:
        written = connection.execute(
            DRAFT.insert().values(
                version=1,
                created_at=at,
                created_by=who,
                updated_at=at,
                updated_by=who,
                edition=dict(edition),
                source=dict(source),
                mapping=mapping,
                codebook=codebook,
                repairs=dict(repairs or {}),
                content=table,
            )
        )
        (draft_id,) = written.inserted_primary_key or (0,)
        record(connection, who, "brouillon commencé", draft=draft_id, **_told(source))
    return int(draft_id)


def load_draft(store: Store, draft_id: int) -> Draft:
    """Return a draft, its table included.

    Raises
    ------
    StoreError
        When there is none of this id any more.
    """
    asked = sa.select(*_WITHOUT_TABLE, DRAFT.c.content.label("table")).where(DRAFT.c.id == draft_id)
    with store.reading() as connection:
        found = connection.execute(asked).one_or_none()
    return _draft(found, draft_id)


def list_drafts(store: Store) -> tuple[Draft, ...]:
    """Return the drafts that are not done, without their tables, the last changed first."""
    asked = sa.select(*_WITHOUT_TABLE).where(DRAFT.c.done_at.is_(None)).order_by(DRAFT.c.updated_at.desc(), DRAFT.c.id)
    with store.reading() as connection:
        return tuple(Draft(**row._mapping) for row in connection.execute(asked))


def save_draft(store: Store, draft_id: int, version: int, who: str, **changes: Any) -> Draft:
    """Change parts of a draft and return it as it now is, without its table.

    Parameters
    ----------
    version
        That of the draft on which the changes were decided.
    **changes
        Any of `edition`, `source`, `mapping`, `codebook`, `repairs`, `table`, which replace what was there.

    Raises
    ------
    DraftConflict
        When it was changed meanwhile, or done: nothing is then written.
    StoreError
        When there is none of this id any more.
    """
    if unknown := set(changes) - set(CHANGEABLE):
        raise TypeError(f"a draft has no {', '.join(sorted(unknown))}")
    values = {("content" if name == "table" else name): value for name, value in changes.items()}
    with store.writing() as connection:
        before = lock_draft(connection, draft_id)
        if before.done_at is not None:
            raise DraftConflict(
                f"Ce brouillon a été terminé par {before.updated_by} le {told_moment(before.done_at)}\u202f: sa "
                "révision est dans la liste. Vos changements ne sont pas enregistrés."
            )
        if before.version != version:
            raise DraftConflict(
                f"Ce brouillon a été modifié par {before.updated_by} le {told_moment(before.updated_at)}\u202f: "
                "rechargez-le, puis refaites vos derniers changements, qui ne sont pas enregistrés."
            )
        values |= {"version": version + 1, "updated_at": now(), "updated_by": who}
        connection.execute(DRAFT.update().where(DRAFT.c.id == draft_id).values(**values))
        saved = lock_draft(connection, draft_id)
    if "table" in changes:
        # A column of contacts was taken out: nothing of it is left behind.
        store.scrub("draft")
    return saved


def delete_draft(store: Store, draft_id: int, who: str) -> None:
    """Delete a draft and its table; do nothing where it is gone already."""
    with store.writing() as connection:
        if connection.execute(DRAFT.delete().where(DRAFT.c.id == draft_id)).rowcount:
            record(connection, who, "brouillon supprimé", draft=draft_id)
    store.scrub("draft")


def finish_draft(connection: sa.Connection, draft_id: int, who: str, version: int | None = None) -> Draft:
    """Mark a draft as done, take its table out, and return it as it was, in the transaction of its revision.

    Parameters
    ----------
    version
        That of the draft which the revision was made of; None not to ask.

    Raises
    ------
    DraftConflict
        When it is done already, or was changed since that version.
    """
    draft = lock_draft(connection, draft_id)
    if draft.done_at is not None:
        raise DraftConflict(
            f"Ce brouillon a déjà été terminé par {draft.updated_by} le {told_moment(draft.done_at)}\u202f: sa "
            "révision est dans la liste."
        )
    if version not in (None, draft.version):
        raise DraftConflict(
            f"Ce brouillon a été modifié par {draft.updated_by} le {told_moment(draft.updated_at)}\u202f: "
            "rechargez-le et relisez-le. Rien n’a été enregistré."
        )
    at = now()
    done = {"version": draft.version + 1, "updated_at": at, "updated_by": who, "done_at": at, "content": None}
    connection.execute(DRAFT.update().where(DRAFT.c.id == draft_id).values(**done))
    return draft


def lock_draft(connection: sa.Connection, draft_id: int) -> Draft:
    """Return a draft without its table, which nobody else changes before the end of the transaction."""
    asked = sa.select(*_WITHOUT_TABLE).where(DRAFT.c.id == draft_id).with_for_update()
    return _draft(connection.execute(asked).one_or_none(), draft_id)


def _draft(found: sa.Row[Any] | None, draft_id: int) -> Draft:
    if found is None:
        raise StoreError(
            f"Le brouillon n°\u202f{draft_id} n’existe plus\u202f: il a été supprimé. Importez le fichier."
        )
    parts = dict(found._mapping)
    if parts.get("table", b"") is None:
        parts["table"] = b""
    return Draft(**parts)


def told_moment(at: datetime) -> str:
    """Return a moment in French words, on the clock of the server."""
    return f"{at.astimezone():%d/%m/%Y à %H:%M}"


def _told(source: Mapping[str, Any]) -> dict[str, str | int | None]:
    """Return what the journal says of a file."""
    return {name: source[name] for name in ("sha256", "size", "tool", "rows", "columns") if name in source}
