"""The privacy page, drawn: what each reader is owed, and what somebody must still complete, said where it stands.

The words are configured in data/privacy.toml and checked by `lib.survey.privacy`.
"""

import streamlit as st

from lib.display.formats import NARROW, counted
from lib.survey.privacy import Item, Privacy, Section
from lib.ui import menu


def unfinished(privacy: Privacy) -> None:
    """Say how many items are still to be completed or confirmed, and nothing when all are settled."""
    if not privacy.pending:
        return
    named = ", ".join(item.label for item in privacy.pending)
    remain = "reste" if len(privacy.pending) == 1 else "restent"
    st.warning(
        f"**{counted(len(privacy.pending), 'point')} {remain} à compléter ou à confirmer avant la mise en ligne**"
        f"{NARROW}: {named}.",
        icon=":material/edit_note:",
    )


def section(asked: Section) -> None:
    """Draw a question, and its items as a list."""
    st.header(asked.title, anchor=False)
    st.markdown("\n".join(f"- **{item.label}.** {_said(item)}" for item in asked.items))
    for item in asked.items:
        if item.page:
            st.page_link(menu.page(item.page), label=f"{item.label}{NARROW}: la méthode", icon=":material/menu_book:")


def _said(item: Item) -> str:
    link = f"[{item.link.removeprefix('https://').removeprefix('mailto:')}]({item.link})" if item.link else ""
    todo = f"{'À confirmer' if item.text else 'À compléter'} par {item.pending}" if item.pending else ""
    return " ".join(part for part in (item.text, link, f":orange-background[**{todo}.**]" if todo else "") if part)
