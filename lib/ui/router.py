"""The script that every visit runs: banner, the page that the address names, then menu and filters.

The menu is made of links that carry the filters, so that the address alone restores a view; no page needs it drawn
first, and a browser draws what comes first.
"""

import streamlit as st

from lib.display.stamp import SIMULATED
from lib.survey.identity import PREVIEW
from lib.survey.published import load_published
from lib.survey.store.opening import StoreError
from lib.ui import access, accessibility, filters, map_first, menu, origin, outage, recording, signin, takeaway
from lib.ui.observing import measures
from lib.ui.session import current_edition, drafts, editions, look, seen

with measures.rerun() as run:
    # Without an icon of ours, the browser asks an outside host for the icon of the page.
    st.set_page_config(page_icon=str(menu.ICON), layout="wide", initial_sidebar_state="auto")
    listed = {**menu.PAGES, **(menu.TEAM_PAGES if access.is_staff() else {})}
    page = st.navigation([menu.page(address) for address in {**menu.PAGES, **menu.TEAM_PAGES}], position="hidden")
    run.shows(page.url_path)
    map_first.begin()
    published = load_published()
    # A page that shows no answer needs no edition: it opens even when none can be read.
    try:
        look()
    except StoreError:
        if page.url_path not in menu.WITHOUT_ANSWERS:
            outage.bear()
    edition = None if page.url_path in menu.WITHOUT_ANSWERS else current_edition()
    if edition:
        run.shows(page.url_path, edition.id)

    # What keeps the place of the menu: without anything in it, the page would take it, then give it back.
    st.sidebar.markdown(f"**{published.title}**  \n{published.subtitle}")
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
    try:
        page.run()
        if edition and recording.shown() and page.url_path in ("", *menu.PAGES):
            takeaway.page(page.url_path, edition)
    finally:
        # Whatever became of the page: a visitor goes on from here.
        with st.sidebar:
            carried = filters.link_parameters(edition)
            # Close together, so that the filters are on the first screen of a small laptop.
            with st.container(gap="xxsmall", key="menu"):
                for address, (_, title, _) in listed.items():
                    if address not in menu.FOOT:
                        st.page_link(menu.target(address), label=title, query_params=carried or None, width="stretch")
            signin.line()
            if edition:
                filters.draw_editions({name: described.title for name, described in editions().items()} | drafts())
            if edition and page.url_path not in menu.OF_ONE_TERRITORY:
                st.markdown("**Filtrer les réponses**")
                filters.draw_filters(edition)
            with st.container(gap="xxsmall", key="menu-foot"):
                for address in menu.FOOT:
                    label = accessibility.announced() if address == "accessibilite" else menu.PAGES[address][1]
                    st.page_link(menu.target(address), label=label, query_params=carried or None, width="stretch")
