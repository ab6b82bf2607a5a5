"""The steps of an import and where one is among them, kept in the address: `/import?brouillon=3&etape=territoires`.

A reload, or a link sent to a colleague, opens the same step of the same draft; what a step shows is in its own module.
"""

import streamlit as st

from lib.display.formats import NARROW
from lib.ui import filters

DRAFT, STEP, NEW = "brouillon", "etape", "fichier"

STEPS = {
    "colonnes": "Colonnes",
    "territoires": "Territoires",
    "qualite": "Qualité",
    "apercu": "Aperçu",
    "publication": "Publication",
}
"""The steps of a draft; choosing the file comes before it, and is `?etape=fichier` without a draft."""


def asked_draft() -> int | None:
    """Return the number of the draft that the address asks for; None when it asks for none."""
    number = st.query_params.get(DRAFT, "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


def asked_new() -> bool:
    """Return whether the address asks for a new import."""
    return st.query_params.get(STEP) == NEW


def begin() -> None:
    """Make the address that of a new import."""
    st.query_params.pop(DRAFT, None)
    st.query_params[STEP] = NEW


def resume(draft: int, step: str = "colonnes") -> None:
    """Make the address that of a step of a draft."""
    st.query_params[DRAFT] = str(draft)
    st.query_params[STEP] = step


def leave() -> None:
    """Make the address that of the page's first view."""
    for name in (DRAFT, STEP):
        st.query_params.pop(name, None)


def numbered() -> dict[str, str]:
    """Return the steps of a draft, numbered after that of the file: « 2. Colonnes »."""
    return {code: f"{place}. {title}" for place, (code, title) in enumerate(STEPS.items(), start=2)}


def progress() -> str:
    """Draw the line of the steps of a draft, and return the one that is chosen."""
    if st.query_params.get(STEP) not in STEPS:
        # Coming back without a step, or from the step of the file.
        st.query_params.pop(STEP, None)
    return filters.choice(STEP, f"Étapes de l’import (1. Fichier{NARROW}: fait)", numbered(), segmented=True)


def first() -> None:
    """Draw the line of the steps while the file is being chosen: there is no draft to go to yet."""
    later = " · ".join(numbered().values())
    st.markdown(f"**1. Fichier** :gray[· {later}]")


def onward(step: str, *, blocked: str = "") -> None:
    """Draw the buttons that lead to the step before and to the one after; `blocked` says why the latter is shut."""
    codes = list(STEPS)
    place = codes.index(step)
    draft = asked_draft()
    with st.container(horizontal=True):
        if place and draft is not None:
            st.button(
                f"Revenir à «{NARROW}{STEPS[codes[place - 1]]}{NARROW}»",
                icon=":material/arrow_back:",
                on_click=resume,
                args=(draft, codes[place - 1]),
            )
        if place + 1 < len(codes) and draft is not None:
            st.button(
                f"Continuer{NARROW}: {STEPS[codes[place + 1]]}",
                type="primary",
                icon=":material/arrow_forward:",
                on_click=resume,
                args=(draft, codes[place + 1]),
                disabled=bool(blocked),
            )
        st.button("Quitter (le brouillon est gardé)", on_click=leave, type="tertiary")
    if blocked:
        st.caption(blocked)
