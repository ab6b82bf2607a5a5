"""The application around `map_page.py`, with the routes and the headers of the real one."""

from pathlib import Path

import streamlit as st

from lib.ui import shell

app = st.App(Path(__file__).with_name("map_page.py"), routes=shell.routes(), middleware=shell.middleware())
