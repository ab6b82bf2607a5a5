"""Confidentialité: what becomes of personal data, who answers for it, how long it is kept, what anyone may ask."""

import streamlit as st

from lib.survey.privacy import load_privacy
from lib.ui import privacy

told = load_privacy()

st.title(told.title, anchor=False)
st.markdown(told.summary)
privacy.unfinished(told)
for asked in told.sections:
    privacy.section(asked)
st.markdown(f"**Contact**\u202f: {told.contact.name}, [{told.contact.address}]({told.contact.link})")
