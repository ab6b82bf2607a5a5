"""What every visitor shares: the edition shown, loaded once for the process and never changed.

What belongs to one visitor (filters, choices) is in the address, read by `lib.ui.filters`.
"""

import streamlit as st

from lib.survey.edition import Edition, load_edition


@st.cache_resource(show_spinner=False)
def current_edition() -> Edition:
    """Return the edition that visitors see."""
    return load_edition()
