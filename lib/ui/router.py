"""The script that every visit runs: menu, filters, banner, then the page that the address names.

The menu is made of links that carry the filters, so that the address alone restores a view.
"""

import streamlit as st

from lib.display.stamp import SIMULATED
from lib.survey.identity import PREVIEW
from lib.survey.published import load_published
from lib.survey.store.opening import StoreError
from lib.ui import access, filters, menu, origin, recording, signin, takeaway
from lib.ui.session import current_edition, drafts, editions, look, seen

# Without an icon of ours, the browser asks an outside host for the icon of the page.
st.set_page_config(page_icon=str(menu.ICON), layout="wide", initial_sidebar_state="auto")
listed = {**menu.PAGES, **(menu.TEAM_PAGES if access.is_staff() else {})}
page = st.navigation([menu.page(address) for address in {**menu.PAGES, **menu.TEAM_PAGES}], position="hidden")
published = load_published()
# A page that shows no answer needs no edition: it opens even when none can be read.
try:
    look()
except StoreError:
    if page.url_path not in menu.WITHOUT_ANSWERS:
        raise
edition = None if page.url_path in menu.WITHOUT_ANSWERS else current_edition()

with st.sidebar:
    st.markdown(f"**{published.title}**  \n{published.subtitle}")
    carried = filters.link_parameters(edition)
    # Close together, so that the filters are on the first screen of a small laptop.
    with st.container(gap="xxsmall"):
        for address, (_, title, _) in listed.items():
            st.page_link(menu.target(address), label=title, query_params=carried or None, width="stretch")
    signin.line()
    if edition:
        filters.draw_editions({name: described.title for name, described in editions().items()} | drafts())
    if edition and page.url_path not in menu.OF_ONE_TERRITORY:
        st.markdown("**Filtrer les réponses**")
        filters.draw_filters(edition)

if edition and edition.id.startswith(PREVIEW):
    st.info(
        "**Brouillon**, visible de la seule équipe\u202f: ces réponses ne sont pas publiées.",
        icon=":material/visibility_lock:",
    )
described = edition or next(iter(seen().values()), None)
if described and described.simulated and page.url_path != "import":
    fitted = ", calées sur les seuls chiffres publiés" if described.fitted else " par un programme"
    st.warning(
        f"**{SIMULATED}.** Réponses inventées{fitted}\u202f; aucune ne vient d’une collectivité.",
        icon=":material/science:",
    )
st.session_state[origin.PAGE] = page.url_path
recording.begin()
page.run()
if edition and recording.shown() and page.url_path in ("", *menu.PAGES):
    takeaway.page(page.url_path, edition)
