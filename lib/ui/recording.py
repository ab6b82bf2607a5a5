"""What a page shows, kept as values while a visitor without a screen goes through it (`lib.ui.visitor`).

For the visitors who look at the page, only whether it showed a figure is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import streamlit as st

from lib.display.figure import Figure

KEY = "_recording"
"""In the session state: the recording that the visit was asked for; absent from a visit with a screen."""

SHOWN = "_shown"
"""In the session state: whether the page showed a figure that may be taken away."""


@dataclass(slots=True)
class Recording:
    """What a page said and showed, in its order.

    Parameters
    ----------
    question, answer : str
        The page's heading and the sentence that answers it, as texts; empty when it has none.
    section : str
        The heading last drawn.
    context : str
        Selection, how many answered, edition.
    figures : list of Figure
        Each with the heading that it stands under.
    """

    question: str = ""
    answer: str = ""
    section: str = ""
    context: str = ""
    figures: list[Figure] = field(default_factory=list)


def begin() -> None:
    """Forget what the last page showed; a page that runs again from its start is recorded once."""
    st.session_state[SHOWN] = False
    if recorded := st.session_state.get(KEY):
        recorded.question = recorded.answer = recorded.section = recorded.context = ""
        recorded.figures.clear()


def shown() -> bool:
    """Return whether this page showed a figure."""
    return bool(st.session_state[SHOWN])


def keep(figure: Callable[[], Figure]) -> None:
    """Keep a figure, when this visit is being recorded."""
    st.session_state[SHOWN] = True
    if recorded := st.session_state.get(KEY):
        recorded.figures.append(replace(figure(), question=recorded.section))


def hear(**said: str) -> None:
    """Keep what the page says under the names of `Recording`, when this visit is being recorded."""
    if recorded := st.session_state.get(KEY):
        for name, text in said.items():
            setattr(recorded, name, text)
