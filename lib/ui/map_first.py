"""The map before the rest: at a visitor's arrival, what is below the map is sent once the map is coloured.

A browser draws in one go all that it has received: the map, which comes first on its page, would wait for the last
chart and for the menu. It says when it is coloured by an address of the visit's own; one that never says so is waited
for no longer than `PATIENCE`.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from weakref import WeakValueDictionary

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATIENCE = 1.2
"""Seconds; a map takes 0.75 after its first element, browser and server sharing two cores (measured)."""
ADDRESS = "coloree"
"""Where a map tells that it is coloured, under the base path of the server, the token of its visit following."""

_KEY = "_arrival"


class _Arrival:
    """A visit whose first page is on its way, and its token, known to its browser alone."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(9)
        self.over = Event()
        self.waited = 0.0


# By token, as long as the visit lasts: its session holds the arrival.
_ARRIVALS: WeakValueDictionary[str, _Arrival] = WeakValueDictionary()


def begin() -> None:
    """Note that a run of the router begins: the first of a visit is its arrival, if it has a browser."""
    if _KEY in st.session_state:
        st.session_state[_KEY].over.set()
        st.session_state[_KEY].waited = 0.0
    elif st.context.headers:
        arrival = st.session_state[_KEY] = _Arrival()
        _ARRIVALS[arrival.token] = arrival


def address() -> str:
    """Return where a map tells that it is coloured, relative to its frame; empty when nobody waits for it."""
    arrival = st.session_state.get(_KEY)
    return f"../../{ADDRESS}/{arrival.token}" if arrival and not arrival.over.is_set() else ""


@contextmanager
def alone() -> Iterator[None]:
    """Draw a map in the block, then, at an arrival, wait until the browser has coloured it."""
    yield
    if _KEY in st.session_state:
        arrival, since = st.session_state[_KEY], time.perf_counter()
        arrival.over.wait(PATIENCE)
        arrival.over.set()
        arrival.waited += time.perf_counter() - since


def waited() -> float:
    """Return for how many seconds this run waited for its map: time of the browser, not of the server."""
    return st.session_state[_KEY].waited if _KEY in st.session_state else 0.0


def route(root: str) -> Route:
    """Return the route by which a map tells that it is coloured; who tells it of no visit is not told so."""

    async def coloured(request: Request) -> Response:
        if arrival := _ARRIVALS.get(request.path_params["token"]):
            arrival.over.set()
        return Response(status_code=204, headers={"cache-control": "no-store"})

    return Route(f"{root}/{ADDRESS}/{{token}}", coloured, methods=["POST"])
