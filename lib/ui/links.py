"""Links between pages that carry the view: the filters of the address, the edition, and what the next page is about.

Where a page stands in the menu belongs to `lib.ui.menu`, what the filters are to `lib.ui.filters`.
"""

import streamlit as st

from lib.display.formats import plain
from lib.survey.edition import Edition
from lib.ui import filters, menu


def portrait(edition: Edition, code: str, label: str, *, icon: str | None = None) -> None:
    """Draw a link to the portrait of a territory; `label` is any text, shown as it is."""
    link("ma-collectivite", edition, label, icon=icon, code=code)


def link(page: str, edition: Edition, label: str, *, icon: str | None = None, **parameters: str | list[str]) -> None:
    """Draw a link to a page, the filters and the edition carried along with the parameters of its own."""
    st.page_link(
        menu.target(page), label=plain(label), icon=icon,
        query_params={**filters.link_parameters(edition), **parameters} or None,
    )  # fmt: skip
