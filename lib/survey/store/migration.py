"""Brings the tables of a store to the latest version, one process at a time.

What each step changes is in `migrations`; downgrading is not offered: restore a backup.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

LOCK = 7_419_203
"""Number of the PostgreSQL lock under which one process at a time changes the tables."""


def upgrade(connection: sa.Connection) -> None:
    """Bring the tables to the latest version, in the transaction of `connection`; do nothing where they are."""
    if connection.dialect.name == "postgresql":
        # SQLite lets one write at a time already.
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
