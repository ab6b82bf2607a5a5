"""The page that prepares a visit: the choice of the area, the sheet, and the contacts of those to call.

For the team alone: `lib.ui.access` decides, and is asked again before a contact is read. The sheet itself is made by
`lib.ui.visit_sheet`.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

import pandas as pd
import streamlit as st

from lib.analysis.areas import Area, areas, find_area
from lib.display.formats import NARROW, plain, quoted
from lib.survey.edition import Edition
from lib.survey.reading.contacts import contact_of_heading
from lib.survey.store.contacts import contacts_of
from lib.survey.store.opening import open_store
from lib.ui import access, filters, menu, signin
from lib.ui.visit_sheet import sheet

ZONE = "zone"
"""Name of the choice in the address."""

IDLE_KINDS = frozenset({"ip", "url", "jeton", "appareil", "localisation", "adresse"})
"""Kinds of personal data that nobody needs to call somebody: they are never shown."""

LONGEST = 120
"""Characters of the contact of one person: a field may hold a whole signature."""

# The number of its column stands after the heading of a contact.
_PLACE = re.compile(r" \(\d+\)$")


def closed() -> None:
    """Say that the page is closed, why, and how it opens."""
    signin.closed("elle montre, d’un département ou d’un pays, les réponses telles que données et qui appeler")


def chosen(given: Edition) -> Area:
    """Draw the choice of the area, kept in the address; return the area, or stop the page until there is one."""
    known = {"": "Choisir un département, un pays ou un EPCI", **areas(given)}
    asked = st.query_params.get(ZONE, "")
    with st.container(key="visit-choice"):
        code = filters.choice(ZONE, "Où allez-vous\u202f?", known)
        if asked not in known:
            st.info(
                f"Aucune zone de cette édition ne porte le code {quoted(plain(asked))}{NARROW}: choisissez-en une dans "
                "la liste. Un pays ou un syndicat n’y est que s’il a répondu et dit quels EPCI il couvre.",
                icon=":material/search_off:",
            )
        if not code:
            st.markdown("La feuille d’une zone dit qui y a répondu, où en sont ses territoires, ce qu’ils demandent, "
                        "les réponses à éclaircir sur place, les appuis à proposer et qui appeler.")  # fmt: skip
            menu.end_page()
        st.caption(f"Pour l’imprimer sur une page A4{NARROW}: Ctrl + P. Ne la laissez pas sur place.")
    return find_area(given, code)


def draw(given: Edition, area: Area) -> None:
    """Draw the sheet of an area, from the answers as given."""
    access.require_staff()
    today = datetime.now(UTC).date()
    st.html(sheet(given, area, contacts(given, today), today))


def contacts(given: Edition, today: date) -> pd.DataFrame:
    """Return the contacts kept apart from the answers of an edition.

    Nothing of them is kept in memory from one run to the next.

    Returns
    -------
    DataFrame
        Index respondent: contact, what was given to be reached by (name, mail, telephone), on one line; kept_until
        (date). Those past their last day are left out, even if they are not deleted yet, and so is who gave nothing.
        Empty for a shipped edition and for a draft, and where contacts were dropped at import.

    Raises
    ------
    PermissionError
        When the visitor is not of the team.
    """
    access.require_staff()
    store = open_store() if given.revision else None
    if store is None:
        return pd.DataFrame({"contact": [], "kept_until": []}, dtype=object)
    kept = contacts_of(store, given.id)
    kept = kept[kept["kept_until"] >= today]
    shown = [
        heading for heading in kept.columns.drop("kept_until")
        if contact_of_heading(_PLACE.sub("", heading)) not in IDLE_KINDS
    ]  # fmt: skip
    lines = [_line(row) for row in kept[shown].itertuples(index=False)]
    told = pd.DataFrame({"contact": lines, "kept_until": kept["kept_until"]}, index=kept.index, dtype=object)
    return told[told["contact"] != ""]


def _line(texts: Iterable[object]) -> str:
    """Return what somebody gave to be reached by, on one line that the sheet can hold."""
    given = [" ".join(text.split()) for text in texts if isinstance(text, str)]
    line = ", ".join(text for text in given if text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
