"""Contacts of respondents, kept apart from their answers until the end of a configured delay, and their pseudonyms.

Which columns are contacts is recognised by `lib.survey.reading`; the delays are those of `lib.survey.retention`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pandas as pd
import sqlalchemy as sa

from lib.survey.retention import Retention, load_retention
from lib.survey.store.journal import record
from lib.survey.store.opening import Store
from lib.survey.store.schema import CONTACT, DRAFT, now

DIGITS = 10
"""Hexadecimal digits of a pseudonym."""

SYSTEM = "entretien automatique"
"""Who the journal names for what nobody asked."""


def pseudonym(secret: bytes, identifier: str, digits: int = DIGITS) -> str:
    """Return the pseudonym of one identifier: always the same with one secret, and saying nothing without it."""
    return f"r-{hmac.new(secret, identifier.encode(), hashlib.sha256).hexdigest()[:digits]}"


def pseudonyms(secret: bytes, identifiers: Iterable[str]) -> list[str]:
    """Return the pseudonyms of distinct identifiers, in their order, distinct: longer where two would be the same."""
    known = list(identifiers)
    given = [pseudonym(secret, identifier) for identifier in known]
    times = Counter(given)
    return [
        name if times[name] == 1 else pseudonym(secret, identifier, 4 * DIGITS)
        for name, identifier in zip(given, known, strict=True)
    ]


def replace_contacts(connection: sa.Connection, edition_id: str, contacts: pd.DataFrame, kept_until: date) -> None:
    """Put these contacts in the place of those of an edition; a respondent without any is left out."""
    connection.execute(CONTACT.delete().where(CONTACT.c.edition_id == edition_id))
    rows = []
    for respondent, given in contacts.to_dict(orient="index").items():
        told = {str(kind): str(text) for kind, text in given.items() if not pd.isna(text) and str(text).strip()}
        if told:
            row = {"edition_id": edition_id, "respondent": respondent, "fields": told, "kept_until": kept_until}
            rows.append(row)
    if rows:
        connection.execute(CONTACT.insert(), rows)


def contacts_of(store: Store, edition_id: str) -> pd.DataFrame:
    """Return the contacts of an edition.

    Returns
    -------
    DataFrame
        Index `respondent`; one column of texts for each kind of contact, missing where it was not given, then
        `kept_until` (date). No row when there is none.
    """
    asked = sa.select(CONTACT).where(CONTACT.c.edition_id == edition_id).order_by(CONTACT.c.respondent)
    with store.reading() as connection:
        rows = connection.execute(asked).all()
    index = pd.Index([row.respondent for row in rows], name="respondent", dtype="str")
    kinds = list(dict.fromkeys(kind for row in rows for kind in row.fields))
    told = {kind: pd.Series([row.fields.get(kind, pd.NA) for row in rows], index, dtype="str") for kind in kinds}
    until = pd.Series([row.kept_until for row in rows], index, dtype=object)
    return pd.DataFrame(told | {"kept_until": until}, index=index)


def purge(
    store: Store, at: datetime | None = None, *, who: str = SYSTEM, retention: Retention | None = None
) -> dict[str, int]:
    """Delete what is kept no longer, and return how much: `contacts`, `drafts`, `tables` (of drafts that are done).

    Parameters
    ----------
    at
        The moment it is (with its time zone); the present one by default. A contact is kept until the end of its last
        day.
    who
        Whom the journal names.
    retention
        Delays; those of data/retention.toml by default.
    """
    moment, delays = at or now(), retention or load_retention()
    untouched = DRAFT.c.updated_at < moment - timedelta(days=delays.drafts_days)
    with store.writing() as connection:
        counts = {
            "contacts": connection.execute(CONTACT.delete().where(CONTACT.c.kept_until < moment.date())).rowcount,
            "drafts": connection.execute(DRAFT.delete().where(untouched)).rowcount,
            "tables": connection.execute(
                DRAFT.update()
                .where(DRAFT.c.done_at.is_not(None), DRAFT.c.content.is_not(None))
                .values(content=None, version=DRAFT.c.version + 1)
            ).rowcount,
        }
        if any(counts.values()):
            record(connection, who, "données échues supprimées", **counts)
    store.scrub("contact", "draft")
    return counts
