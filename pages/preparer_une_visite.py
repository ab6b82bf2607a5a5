"""Préparer une visite: a département, a pays or an EPCI on one page to print, for the team alone."""

import streamlit as st

from lib.ui import access, menu, visit
from lib.ui.session import current_edition, given_edition

st.title("Préparer une visite", anchor=False)
if not access.is_staff():
    visit.closed()
    menu.end_page()

given = given_edition(current_edition().id)
visit.draw(given, visit.chosen(given))
