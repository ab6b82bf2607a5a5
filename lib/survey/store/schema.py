"""The tables of the store, as they are at the latest version, the same in SQLite and in PostgreSQL.

How an older store comes to them belongs to `migrations`; what is written in them to the modules named after them.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

VERSIONS = ("0001", "0002")
"""Versions of the tables that this program knows, the oldest first."""

SINCE = {"sequence": "0002"}
"""Tables that the first version does not have, and the version that has them first: an older backup lacks them."""

METADATA = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in UTC: SQLite keeps no time zone, and gives it back all the same."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """Refuse a moment without a time zone, which would mean another moment on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment of the store needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """Return the moment, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def _number() -> sa.Column[int]:
    """Return an identifier that the database gives, and never gives again."""
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _required(name: str, kind: Any, *more: Any, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, *more, nullable=False, index=index)


EDITION = sa.Table(
    "edition",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    # What its respondents' pseudonyms are made with.
    _required("secret", sa.LargeBinary),
    _required("created_at", Moment),
)

REVISION = sa.Table(
    "revision",
    METADATA,
    _number(),
    _required("edition_id", sa.Text, sa.ForeignKey("edition.id")),
    _required("number", sa.Integer),
    _required("created_at", Moment),
    _required("created_by", sa.Text),
    _required("title", sa.Text),
    _required("collected", sa.Text),
    _required("started", sa.Date),
    _required("millesime", sa.Integer),
    _required("simulated", sa.Boolean),
    _required("fitted", sa.Boolean),
    # That of the public form; the answers as given have none.
    _required("threshold", sa.Integer),
    _required("source", sa.JSON),
    _required("mapping", sa.Text),
    _required("codebook", sa.Text),
    _required("counts", sa.JSON),
    # When its answers were taken out, at the request of a respondent; the row stays.
    sa.Column("purged_at", Moment),
    sa.UniqueConstraint("edition_id", "number"),
    sqlite_autoincrement=True,
)

FRAME = sa.Table(
    "frame",
    METADATA,
    sa.Column("revision_id", sa.Integer, sa.ForeignKey("revision.id"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    _required("sha256", sa.Text),
    _required("content", sa.LargeBinary),
)

PUBLICATION = sa.Table(
    "publication",
    METADATA,
    _number(),
    _required("edition_id", sa.Text, sa.ForeignKey("edition.id"), index=True),
    # publish, rollback or withdraw
    _required("action", sa.Text),
    # None when the edition was withdrawn.
    sa.Column("revision_id", sa.Integer, sa.ForeignKey("revision.id")),
    sa.Column("previous_revision", sa.Integer, sa.ForeignKey("revision.id")),
    _required("at", Moment),
    _required("who", sa.Text),
    sqlite_autoincrement=True,
)

CURRENT = sa.Table(
    "current_revision",
    METADATA,
    sa.Column("edition_id", sa.Text, sa.ForeignKey("edition.id"), primary_key=True),
    # None when the edition is withdrawn.
    sa.Column("revision_id", sa.Integer, sa.ForeignKey("revision.id")),
    _required("publication_id", sa.Integer, sa.ForeignKey("publication.id")),
)

DRAFT = sa.Table(
    "draft",
    METADATA,
    _number(),
    # Raised by each change, so that two people do not undo each other's work unawares.
    _required("version", sa.Integer),
    _required("created_at", Moment),
    _required("created_by", sa.Text),
    _required("updated_at", Moment),
    _required("updated_by", sa.Text),
    _required("edition", sa.JSON),
    _required("source", sa.JSON),
    _required("mapping", sa.Text),
    _required("codebook", sa.Text),
    _required("repairs", sa.JSON),
    # The table as read; taken out once the draft is done.
    sa.Column("content", sa.LargeBinary),
    sa.Column("done_at", Moment),
    sqlite_autoincrement=True,
)

ALIAS = sa.Table(
    "alias",
    METADATA,
    # Empty when the type was not declared.
    sa.Column("type", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    _required("declared", sa.Text),
    _required("code", sa.Text),
    sa.Column("millesime", sa.Integer),
    _required("at", Moment),
    _required("who", sa.Text),
)

CONTACT = sa.Table(
    "contact",
    METADATA,
    sa.Column("edition_id", sa.Text, sa.ForeignKey("edition.id"), primary_key=True),
    sa.Column("respondent", sa.Text, primary_key=True),
    _required("fields", sa.JSON),
    _required("kept_until", sa.Date),
)

SEQUENCE = sa.Table(
    "sequence",
    METADATA,
    # Made of its first title: never another one's.
    sa.Column("id", sa.Text, primary_key=True),
    # Raised by each change, so that two people do not undo each other's work unawares.
    _required("version", sa.Integer),
    _required("title", sa.Text),
    # TOML, as it is taken away and brought back.
    _required("text", sa.Text),
    _required("saved_at", Moment),
    _required("saved_by", sa.Text),
)

JOURNAL = sa.Table(
    "journal",
    METADATA,
    _number(),
    _required("at", Moment),
    _required("who", sa.Text),
    _required("action", sa.Text),
    # Counts, hashes, identifiers: never an answer.
    _required("details", sa.JSON),
    sqlite_autoincrement=True,
)
