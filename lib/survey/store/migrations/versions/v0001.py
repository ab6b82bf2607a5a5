"""First version: editions, their revisions and publications, drafts, aliases, contacts, journal.

It never changes once released: what comes later is a step of its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "edition",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_edition"),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("edition_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("collected", sa.Text, nullable=False),
        sa.Column("started", sa.Date, nullable=False),
        sa.Column("millesime", sa.Integer, nullable=False),
        sa.Column("simulated", sa.Boolean, nullable=False),
        sa.Column("fitted", sa.Boolean, nullable=False),
        sa.Column("threshold", sa.Integer, nullable=False),
        sa.Column("source", sa.JSON, nullable=False),
        sa.Column("mapping", sa.Text, nullable=False),
        sa.Column("codebook", sa.Text, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("purged_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_revision_edition_id"),
        sa.UniqueConstraint("edition_id", "number", name="uq_revision_edition_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "frame",
        sa.Column("revision_id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("revision_id", "name", name="pk_frame"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_frame_revision_id"),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("edition_id", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("revision_id", sa.Integer),
        sa.Column("previous_revision", sa.Integer),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_publication"),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_publication_edition_id"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_publication_revision_id"),
        sa.ForeignKeyConstraint(["previous_revision"], ["revision.id"], name="fk_publication_previous_revision"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_publication_edition_id", "publication", ["edition_id"])
    op.create_table(
        "current_revision",
        sa.Column("edition_id", sa.Text, nullable=False),
        sa.Column("revision_id", sa.Integer),
        sa.Column("publication_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("edition_id", name="pk_current_revision"),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_current_revision_edition_id"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_current_revision_revision_id"),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"], name="fk_current_revision_publication_id"),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.Column("edition", sa.JSON, nullable=False),
        sa.Column("source", sa.JSON, nullable=False),
        sa.Column("mapping", sa.Text, nullable=False),
        sa.Column("codebook", sa.Text, nullable=False),
        sa.Column("repairs", sa.JSON, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("done_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "alias",
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("declared", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("millesime", sa.Integer),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("type", "key", name="pk_alias"),
    )
    op.create_table(
        "contact",
        sa.Column("edition_id", sa.Text, nullable=False),
        sa.Column("respondent", sa.Text, nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("kept_until", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "respondent", name="pk_contact"),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_contact_edition_id"),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
        sqlite_autoincrement=True,
    )
