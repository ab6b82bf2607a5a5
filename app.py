"""The door: the ASGI application that `streamlit run app.py` serves; the pages start in lib/ui/router.py."""

import streamlit as st

from lib.ui import shell
from lib.ui.observing import journal

journal.start()
app = st.App(
    "lib/ui/router.py",
    routes=shell.routes(),
    middleware=shell.middleware(),
    lifespan=shell.warm_up,
    on_script_error=shell.report_error,
)
