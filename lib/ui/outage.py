"""The store of editions does not answer: it is said, what this server last saw is still shown, and the page comes back.

Which editions were last seen belongs to `lib.ui.session`.
"""

import streamlit as st

from lib.survey.store.opening import DamagedError, StoreError
from lib.ui import session

EVERY = 4.0
"""Seconds between two looks at a store that did not answer."""

AWAY = "La base des éditions ne répond pas pour l’instant."
KNOWN = "Les chiffres montrés sont les derniers connus\u202f; vos filtres marchent comme d’habitude."
UNKNOWN = "Cette vue reviendra d’elle-même, avec vos filtres, dès qu’elle répondra."


def bear() -> None:
    """Say that the store does not answer, then go on with the editions last seen, or end the page where none was.

    The whole page runs again as soon as the store answers, without anything to do.
    """
    known = session.recall()
    if known:
        st.warning(f"**{AWAY}** {KNOWN}", icon=":material/cloud_off:")
    else:
        st.error(f"**{AWAY}** {UNKNOWN}", icon=":material/cloud_off:")
    _watch()
    if not known:
        st.stop()


def told(error: Exception) -> bool:
    """Return whether an error of a page is the store not answering, and say so."""
    if not isinstance(error, StoreError) or isinstance(error, DamagedError):
        return False
    st.error(f"**{AWAY}** Rechargez cette page dans un instant.", icon=":material/cloud_off:")
    return True


@st.fragment(run_every=EVERY)
def _watch() -> None:
    try:
        session.look()
    except StoreError:
        return
    st.rerun()
