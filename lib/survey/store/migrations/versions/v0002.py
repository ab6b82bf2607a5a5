"""Second version: sequences of views saved by the team for its workshops."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

COLUMNS = ("id", "version", "title", "text", "saved_at", "saved_by")


def upgrade() -> None:
    """Create the table."""
    tables = sa.inspect(op.get_bind())
    # PostgreSQL's tools restore a backup of the first version without a word on a table that it does not know. The one
    # left there is of another time than the rest; somebody else's, which ours is not to replace, has other columns.
    if tables.has_table("sequence") and {column["name"] for column in tables.get_columns("sequence")} == set(COLUMNS):
        op.drop_table("sequence")
    op.create_table(
        "sequence",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sequence"),
    )
