"""The application with another script, whose every part fails when the address asks for it: served by the tests."""

import streamlit as st
from starlette.requests import Request
from starlette.routing import Route

from lib.ui import shell
from lib.ui.observing import journal
from tests.ui.canary import CANARY

journal.start()


async def broken(_request: Request) -> None:
    raise ValueError(CANARY)


app = st.App(
    "failing_page.py",
    routes=[*shell.routes(), Route("/casse", broken)],
    middleware=shell.middleware(),
    lifespan=shell.warm_up,
    on_script_error=shell.report_error,
)
