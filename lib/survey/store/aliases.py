"""Territories that a person chose for a declared name, kept with who chose and when, for the imports to come.

How they are used belongs to `lib.territory.matching`.
"""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from lib.survey.store.journal import record, table_of
from lib.survey.store.opening import Store
from lib.survey.store.schema import ALIAS, now
from lib.territory.matching import alias_key


def load_aliases(store: Store) -> pd.DataFrame:
    """Return the choices that were remembered, the latest first.

    Returns
    -------
    DataFrame
        `type` (missing where none was declared), `declared`, `code`, `millesime` (missing where it was not said),
        `at` (UTC), `who`: what `lib.territory.matching.match` takes.
    """
    asked = sa.select(*(ALIAS.c[name] for name in ("type", "declared", "code", "millesime", "at", "who")))
    with store.reading() as connection:
        chosen = table_of(connection.execute(asked.order_by(ALIAS.c.at.desc(), ALIAS.c.type, ALIAS.c.key)))
    texts = dict.fromkeys(("type", "declared", "code", "who"), "str")
    chosen = chosen.astype(texts | {"millesime": "Int64"})
    return chosen.assign(type=chosen["type"].mask(chosen["type"] == ""))


def remember_aliases(store: Store, rows: pd.DataFrame, who: str, millesime: int | None = None) -> int:
    """Remember choices, each in the place of an earlier one for the same name and type; return how many.

    Parameters
    ----------
    rows
        Columns `type` (may be missing), `declared`, `code`.
    who
        Address of the person who chose.
    millesime
        Year of the list of territories in which it was chosen.
    """
    chosen = {}
    for kind, declared, code in zip(rows["type"], rows["declared"], rows["code"], strict=True):
        type = "" if pd.isna(kind) else str(kind)
        if key := alias_key(type, str(declared)):
            chosen[type, key] = {"type": type, "key": key, "declared": str(declared), "code": str(code)}
    with store.writing() as connection:
        at = now()
        for (type, key), row in chosen.items():
            connection.execute(ALIAS.delete().where(ALIAS.c.type == type, ALIAS.c.key == key))
            connection.execute(ALIAS.insert().values(**row, millesime=millesime, at=at, who=who))
        if chosen:
            record(connection, who, "correspondances retenues", count=len(chosen))
    return len(chosen)


def forget_alias(store: Store, type: str | None, declared: str, who: str) -> bool:
    """Forget the choice made for a name and a type, and return whether there was one."""
    mine = (ALIAS.c.type == (type or ""), ALIAS.c.key == alias_key(type, declared))
    with store.writing() as connection:
        known = connection.execute(ALIAS.delete().where(*mine)).rowcount > 0
        if known:
            record(connection, who, "correspondance oubliée", count=1)
    return known
