"""Sequences of views that the team saved for its workshops, which two people do not spoil.

They are kept as the text that can be taken away; what it means belongs to `lib.survey.sequences`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lib.survey.sequences import Sequence, parse, written
from lib.survey.store.drafts import told_moment
from lib.survey.store.journal import record
from lib.survey.store.opening import Store, StoreError
from lib.survey.store.schema import JOURNAL, SEQUENCE, now

SAVED = "séquence enregistrée"
"""What the journal calls a saving."""


class SequenceConflict(StoreError):  # noqa: N818 (a conflict is what it is)
    """Somebody else changed, deleted or named the sequence meanwhile: who, when, and what to do."""


@dataclass(frozen=True)
class Saved:
    """A sequence as it was saved.

    Attributes
    ----------
    id, title : which one.
    version : how many times one of this id was written, those that were deleted included.
    saved_at, saved_by : when (UTC) and by whom it was last.
    text : its TOML; empty in a list.
    """

    id: str
    title: str
    version: int
    saved_at: datetime
    saved_by: str
    text: str = ""

    @property
    def sequence(self) -> Sequence:
        """What the text means; SequenceError in a list, where there is no text."""
        return parse(self.text)


_WITHOUT_TEXT = [SEQUENCE.c[name] for name in Saved.__dataclass_fields__ if name != "text"]


def list_sequences(store: Store) -> tuple[Saved, ...]:
    """Return the sequences that were saved, without their texts, the last changed first."""
    asked = sa.select(*_WITHOUT_TEXT).order_by(SEQUENCE.c.saved_at.desc(), SEQUENCE.c.id)
    with store.reading() as connection:
        return tuple(Saved(**row._mapping) for row in connection.execute(asked))


def read_sequence(store: Store, id: str) -> Saved | None:
    """Return a sequence, its text included, or None where there is none of this id any more."""
    with store.reading() as connection:
        found = connection.execute(_one(id)).one_or_none()
    return Saved(**found._mapping) if found else None


def save_sequence(store: Store, sequence: Sequence, who: str, expected_version: int | None) -> Saved:
    """Save a sequence, and return it as it now is.

    Parameters
    ----------
    who
        Address of the person who saves it.
    expected_version
        That of the saved sequence which was changed; None for a new one.

    Raises
    ------
    SequenceConflict
        When it was changed or deleted meanwhile, or a new one bears the id of another. Nothing is then written.
    """
    values: dict[str, Any] = {"title": sequence.title, "text": written(sequence), "saved_at": now(), "saved_by": who}
    with store.writing() as connection:
        version = max(expected_version or 0, _last_version(connection, sequence.id)) + 1
        if expected_version is None:
            # Two may save one of the same name at once: the second waits for the first, and writes nothing.
            insert = postgresql.insert if store.form == "postgresql" else sqlite.insert
            row = {"id": sequence.id, "version": version, **values}
            made = insert(SEQUENCE).values(row).on_conflict_do_nothing().returning(SEQUENCE.c.id)
            if connection.scalar(made) is None:
                before = connection.execute(_one(sequence.id)).one()
                raise SequenceConflict(
                    f"Une séquence de ce nom existe déjà, enregistrée par {before.saved_by} le "
                    f"{told_moment(before.saved_at)}\u202f: donnez un autre titre à la vôtre. Rien n’est enregistré."
                )
        else:
            if not _lock(connection, sequence.id, expected_version):
                raise SequenceConflict(
                    "Cette séquence a été supprimée pendant que vous la prépariez\u202f: enregistrez la vôtre comme "
                    "une nouvelle séquence. Rien n’est enregistré."
                )
            changed = SEQUENCE.update().where(SEQUENCE.c.id == sequence.id).values(version=version, **values)
            connection.execute(changed)
        record(connection, who, SAVED, sequence=sequence.id, version=version, steps=len(sequence.steps))
    return Saved(sequence.id, version=version, **values)


def delete_sequence(store: Store, id: str, who: str, expected_version: int) -> None:
    """Delete a sequence; do nothing where it is gone already.

    Parameters
    ----------
    expected_version
        That of the sequence which was seen.

    Raises
    ------
    SequenceConflict
        When it was changed meanwhile. Nothing is then deleted.
    """
    with store.writing() as connection:
        if _lock(connection, id, expected_version):
            connection.execute(SEQUENCE.delete().where(SEQUENCE.c.id == id))
            record(connection, who, "séquence supprimée", sequence=id)


def _one(id: str) -> sa.Select[Any]:
    return sa.select(*_WITHOUT_TEXT, SEQUENCE.c.text).where(SEQUENCE.c.id == id)


def _last_version(connection: sa.Connection, id: str) -> int:
    """Return the version that a sequence of this id came to, deleted since or not: none is given twice."""
    told = connection.scalars(sa.select(JOURNAL.c.details).where(JOURNAL.c.action == SAVED))
    return max((details["version"] for details in told if details["sequence"] == id), default=0)


def _lock(connection: sa.Connection, id: str, expected_version: int) -> bool:
    """Return whether a sequence is still there, and keep others from changing it in this transaction.

    Raises
    ------
    SequenceConflict
        When it is no longer the one that was seen.
    """
    before = connection.execute(_one(id).with_for_update()).one_or_none()
    if before is None:
        return False
    if before.version != expected_version:
        raise SequenceConflict(
            f"Cette séquence a été modifiée par {before.saved_by} le {told_moment(before.saved_at)}\u202f: enregistrez "
            "la vôtre sous un autre titre, comme une nouvelle séquence, ou rechargez celle qui est enregistrée. Rien "
            "n’a été changé."
        )
    return True
