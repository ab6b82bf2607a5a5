"""The journal: who did what, when, to which edition, without anything of what was answered.

What is recorded is decided by those who do it, in the same transaction.
"""

from typing import Any

import pandas as pd
import sqlalchemy as sa

from lib.survey.store.opening import Store
from lib.survey.store.schema import JOURNAL, now


def record(connection: sa.Connection, who: str, action: str, **details: str | int | None) -> None:
    """Add one line to the journal; `details` are counts, hashes and identifiers of ours, never an answer."""
    connection.execute(JOURNAL.insert().values(at=now(), who=who, action=action, details=details))


def read_journal(store: Store) -> pd.DataFrame:
    """Return the journal, the latest line first.

    Returns
    -------
    DataFrame
        `at` (UTC), `who`, `action`, `details` (dict).
    """
    asked = sa.select(JOURNAL.c.at, JOURNAL.c.who, JOURNAL.c.action, JOURNAL.c.details).order_by(JOURNAL.c.id.desc())
    with store.reading() as connection:
        return table_of(connection.execute(asked))


def table_of(result: sa.CursorResult[Any]) -> pd.DataFrame:
    """Return the rows of an answer of the database as a table; moments are in UTC, empty or not."""
    columns = list(result.keys())
    rows = pd.DataFrame(result.fetchall(), columns=columns, dtype=object)
    moments = [name for name in columns if name == "at" or name.endswith("_at")]
    return rows.assign(**{name: pd.to_datetime(rows[name], utc=True) for name in moments}).infer_objects()
