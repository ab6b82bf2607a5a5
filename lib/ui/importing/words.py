"""Words of the import page: texts of a file made harmless, refusals and news told in place.

What comes from a file is never Markdown; what the steps say is in their own modules.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from lib.display.formats import counted, day, plain
from lib.survey.codebook import CodebookError
from lib.survey.importing import OpenDraft
from lib.survey.reading.table import SurveyFileError
from lib.survey.reading.tools import TOOLS
from lib.survey.store.drafts import Draft
from lib.survey.store.opening import StoreError

NEWS = "import-nouvelle"
"""Key of the session under which an action leaves what the next run must say."""

REFUSED = "import-refus"
"""Key of the session under which a refusal is left likewise."""

REFUSALS = (SurveyFileError, CodebookError, StoreError)
"""Errors whose text is a French sentence for whoever asked."""

LONGEST = 90
"""Characters of a heading or of an answer that a label shows."""

# Not the spaces of French typography, which `str.split` would lose.
_BREAKS = re.compile(r"[\x00-\x20\x7f\x85\u2028\u2029]+")


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return a text on one line, its middle replaced by « … » when it is longer than `longest`."""
    line = _BREAKS.sub(" ", text).strip()
    if len(line) <= longest:
        return line
    kept = longest - 1
    return f"{line[: kept - kept // 3]}…{line[-(kept // 3) :]}"


@contextmanager
def refusals() -> Iterator[None]:
    """Show the French sentence of a refusal in place of what could not be done."""
    try:
        yield
    except REFUSALS as refused:
        st.error(plain(str(refused)), icon=":material/block:")


def attempt(done: str, action: Callable[..., Any], *args: Any) -> None:
    """Do something at a click, before the page is drawn again, and keep what must then be said of it.

    As the callback of a button, with what the visitor saw when it was drawn: a colleague may have changed it since.
    """
    try:
        action(*args)
    except (*REFUSALS, PermissionError) as refused:
        expired = isinstance(refused, PermissionError)
        st.session_state[REFUSED] = "Votre connexion a expiré\u202f: rien n’a été fait." if expired else str(refused)
    else:
        st.session_state[NEWS] = done


def tell(sentence: str) -> None:
    """Keep a sentence of ours for the next run, and start it."""
    st.session_state[NEWS] = sentence
    st.rerun()


def news() -> None:
    """Show, once, what the last action left to say."""
    if sentence := st.session_state.pop(NEWS, ""):
        st.success(sentence, icon=":material/check_circle:")
    if sentence := st.session_state.pop(REFUSED, ""):
        st.error(plain(sentence), icon=":material/block:")


def note(name: str, seen: Any) -> None:
    """Keep what a visitor saw when a button was drawn; the callback of that button."""
    st.session_state[f"vu-{name}"] = seen


def noted(name: str) -> Any:
    """Return, once, what `note` kept; None when the button was not pressed."""
    return st.session_state.pop(f"vu-{name}", None)


def changed_meanwhile(name: str, draft: Draft) -> bool:
    """Tell, and return, whether somebody changed a draft between the drawing of a form and its sending."""
    seen = noted(name)
    if seen is None or seen == draft.version:
        return False
    st.warning(
        f"{plain(draft.updated_by)} a modifié ce brouillon pendant que vous choisissiez\u202f: vos choix n’ont pas été "
        "enregistrés, refaites-les sur ce qui est montré maintenant.",
        icon=":material/group:",
    )
    return True


@contextmanager
def working(first: str) -> Iterator[Callable[[str], None]]:
    """Show what a long step is doing; gives the function to tell it with."""
    with st.status(first, expanded=False) as status:

        def told(step: str) -> None:
            status.update(label=step)

        try:
            yield told
        except BaseException:
            status.update(label="Arrêté.", state="error")
            raise
        status.update(label="Terminé.", state="complete")


def of_draft(opened: OpenDraft) -> None:
    """Draw the line that says which draft this is, and of which file."""
    draft, source = opened.draft, opened.draft.source
    tool = TOOLS.get(str(source.get("tool", "")))
    st.markdown(
        f"**{plain(opened.identity.title)}** · brouillon {draft.id} · "
        f":gray[{counted(opened.table.row_count, 'réponse')}, {counted(len(opened.table.headings), 'colonne')}"
        f"{f', {tool.label}' if tool else ''} · modifié le {day(draft.updated_at)} par {plain(draft.updated_by)}]"
    )
