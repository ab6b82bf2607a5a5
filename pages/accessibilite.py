"""Accessibilité: the statement that the law asks for: state, checks, known limits, contact, ways of recourse."""

import streamlit as st

from lib.survey.accessibility import load_accessibility
from lib.ui import accessibility

told = load_accessibility()

st.title(told.title, anchor=False)
st.markdown(told.summary)
accessibility.obligation(told)
accessibility.conformity(told)
accessibility.results(told)
accessibility.limitations(told)
accessibility.establishment(told)
accessibility.contact(told)
