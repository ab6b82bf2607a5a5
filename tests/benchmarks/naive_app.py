"""The application around `naive_page.py`: our route for its scripts, none of our security headers."""

from pathlib import Path

import streamlit as st

from lib.ui import shell

app = st.App(Path(__file__).with_name("naive_page.py"), routes=shell.routes())
