"""A page with a line of text: the least that Streamlit takes to load."""

import streamlit as st

st.text("Page vide")
