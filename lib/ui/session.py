"""What every visitor shares: the public editions, loaded once for the process and never changed.

What belongs to one visitor (filters, choices) is in the address, read by `lib.ui.filters`. The answers as given are
behind `lib.ui.access`: no page but that of the team may ask for them.
"""

import streamlit as st

from lib.analysis.weights import weigh
from lib.survey.edition import Edition, load_edition
from lib.survey.editions import EditionFile, list_editions
from lib.survey.exchange import exchanged
from lib.ui import access


def editions() -> dict[str, EditionFile]:
    """Return the editions that a visitor may choose, by id, the latest first."""
    return _editions()


def current_edition() -> Edition:
    """Return the public edition that the address asks for, the latest by default."""
    known = _editions()
    asked = st.query_params.get("edition", "")
    return public_edition(asked if asked in known else next(iter(known)))


@st.cache_resource(show_spinner=False)
def public_edition(edition_id: str) -> Edition:
    """Return the edition that visitors see: unpublished answers exchanged, small counts to be hidden."""
    return weigh(exchanged(load_edition(_editions()[edition_id].path)))


def given_edition(edition_id: str) -> Edition:
    """Return the answers as given.

    Raises
    ------
    PermissionError
        When the visitor is not of the team.
    """
    access.require_staff()
    return _given_edition(edition_id)


@st.cache_resource(show_spinner=False)
def _given_edition(edition_id: str) -> Edition:
    return weigh(load_edition(_editions()[edition_id].path))


@st.cache_resource(show_spinner=False)
def _editions() -> dict[str, EditionFile]:
    return list_editions()
