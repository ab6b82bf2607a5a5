"""Long lists of choices cut into pages, so that a file of 400 unknown columns stays usable.

Which page is shown belongs to one visitor and to the moment: it is in the session, not in the address.
"""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from lib.display.formats import NARROW, number

T = TypeVar("T")


def page_of(name: str, items: Sequence[T], size: int, noun: str) -> list[T]:
    """Draw the choice of a page where there are several, and return what it holds.

    Parameters
    ----------
    name : key of the choice in the session.
    items : everything.
    size : how many a page holds.
    noun : what they are, in the plural, for the label.
    """
    if len(items) <= size:
        return list(items)
    starts = list(range(0, len(items), size))
    if st.session_state.get(name) not in starts:
        st.session_state[name] = 0
    start = st.selectbox(
        f"Page ({number(len(items))} {noun})",
        starts,
        format_func=lambda at: f"{noun.capitalize()}{NARROW}: {at + 1} à {min(at + size, len(items))}",
        key=name,
    )
    return list(items[start : start + size])
