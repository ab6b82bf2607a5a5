"""Plan du site: every page and the question that it answers."""

import streamlit as st

from lib.ui import access, menu, site_map

st.title(site_map.HEADING, anchor=False)
st.markdown("Chaque page et la question à laquelle elle répond. Les filtres choisis suivent d’une page à l’autre.")
for title, addresses in site_map.GROUPS.items():
    site_map.group(title, addresses)
if access.is_staff():
    site_map.group(site_map.TEAM, tuple(menu.TEAM_PAGES))
