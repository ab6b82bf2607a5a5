"""Choice of an official territory for a declared name: among those that come near, or by a search in the whole region.

Which ones come near is said by `lib.territory.matching`; what is done with the choice, by `territories`.
"""

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from lib.display.formats import NARROW, counted, number
from lib.territory.matching import describe_candidates, suggestions
from lib.territory.naming import strict_key
from lib.territory.reference import load_reference

UNDECIDED, OUTSIDE = "?", "!hors"
MOST = 30
"""Territories that a search shows."""

Row = dict[Hashable, Any]
"""One declared name without a territory: see `territories.unmatched_names`."""

_FIXED = {UNDECIDED: "À décider", OUTSIDE: f"Hors périmètre{NARROW}: laisser sans territoire"}


def candidate(row: Row, millesime: int, label: str, version: str) -> str:
    """Draw the choice for one declared name; return a code, `UNDECIDED` or `OUTSIDE`."""
    near = row["candidates"] or suggestions(row["type"] or None, row["declared"], millesime)
    offered = described(near, millesime)
    told = f" ({counted(len(offered), 'proposition')})" if offered else " (aucune proposition)"
    names = {UNDECIDED: _FIXED[UNDECIDED] + told, **offered, OUTSIDE: _FIXED[OUTSIDE]}
    return str(
        st.selectbox(
            label,
            list(names),
            format_func=names.__getitem__,
            key=f"territoire-{version}-{row['type']}-{row['declared']}",
        )
    )


def described(codes: Iterable[str], millesime: int) -> dict[str, str]:
    """Return the words of territories by code: « Saint-Sauveur (33) · 1 234 hab. · INSEE 33471 »."""
    rows = describe_candidates(codes, millesime)
    return {str(row["code"]): _words(row) for row in rows.to_dict(orient="records")}


def _words(row: Row) -> str:
    kind = "SIREN" if row["type"] == "epci" else "département" if row["type"] == "departement" else "INSEE"
    population: str = "" if pd.isna(row["population"]) else f" · {number(int(row['population']))} hab."
    where: str = "" if pd.isna(row["departement"]) else f" ({row['departement']})"
    return f"{row['nom']}{where}{population} · {kind} {row['code']}"


@lru_cache(maxsize=4)
def _index(millesime: int) -> tuple[tuple[str, str], ...]:
    names = load_reference(millesime)["nom"]
    return tuple((strict_key(name), str(code)) for code, name in names.items())


def search(text: str, millesime: int) -> tuple[str, ...]:
    """Return the codes of the territories whose name or code holds a text, those that begin with it first."""
    asked, code = strict_key(text), "".join(letter for letter in text if letter.isalnum()).upper()
    if len(asked) < 2 and len(code) < 2:
        return ()
    starting = [known for name, known in _index(millesime) if name.startswith(asked) or known.startswith(code)]
    holding = [known for name, known in _index(millesime) if asked and asked in name]
    return tuple(dict.fromkeys([*starting, *holding]))[:MOST]


def searched(rows: list[Row], millesime: int, named: Callable[[Row], str]) -> tuple[Row, str] | None:
    """Draw the search of any territory for one of the names; return both once they are joined, None before."""
    with st.expander("Le territoire n’est pas dans la liste proposée\u202f? Cherchez-le dans toute la région"):
        place = st.selectbox(
            "Nom déclaré", range(len(rows)), format_func=lambda at: named(rows[at]), key=f"cherche-nom-{len(rows)}"
        )
        text = st.text_input("Nom, code INSEE ou SIREN du territoire", key=f"cherche-texte-{len(rows)}", max_chars=80)
        found = described(search(text, millesime), millesime) if text.strip() else {}
        if text.strip() and not found:
            st.info("Aucun territoire de la région ne porte ce nom ou ce code.")
        code = st.selectbox(
            "Territoire",
            list(found),
            format_func=found.__getitem__,
            key=f"cherche-code-{len(rows)}",
            placeholder="Cherchez d’abord un nom ou un code",
            disabled=not found,
        )
        if st.button("Rattacher ce nom à ce territoire", disabled=not found) and code:
            return rows[place], str(code)
    return None
