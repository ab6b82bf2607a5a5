"""Vue de l’équipe: the answers as given, for the team alone; says at each step that they are not protected."""

import streamlit as st

from lib.ui import access, filters, menu, pairing, team
from lib.ui.session import current_edition, given_edition

st.title("Que disent les réponses telles que données\u202f?", anchor=False)
if not access.is_staff():
    team.closed()
    menu.end_page()

public = current_edition()
given = given_edition(public.id)
selection = filters.current_selection(given)
team.warning(given, selection)

st.header("Que change la protection\u202f?", anchor=False)
question = filters.choice("question", "Question", team.questions(given))
team.comparison(given, public, selection, question)

st.header("Quels territoires ont donné des réponses divergentes\u202f?", anchor=False)
team.divergent(given, selection, question)

st.header("Qui proposer à qui\u202f?", anchor=False)
pairing.draw(given)
