"""What makes this server one of several behind a proxy: it says what it does not know, and leaves politely.

A proxy that is told 404 asks the next replica (`deploy/nginx.conf`); where visitors come back to is its affair.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import threading
from collections import Counter
from typing import Any

from starlette.responses import PlainTextResponse
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSessionState

LOG = logging.getLogger("numerique")

PATIENCE = 20.0
"""Seconds that a server which leaves gives to the pages being computed and to the files being received."""
LAST = 10.0
"""Seconds that it then gives to what is left, before it ends whatever happens."""
PACE = 0.03
"""Seconds between two visitors sent elsewhere: each costs the others one run of a page."""
RESTARTING = 1012
"""Code with which a websocket is closed by a server that restarts: the browser connects again at once."""

UPLOAD = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/[^/]+$")
STATIC = re.compile(r"/static/")

_LEAVING = threading.Event()
_UPLOADS: Counter[str] = Counter()


def draining() -> bool:
    """Return whether this server was told to end, and takes no new visitor."""
    return _LEAVING.is_set()


class OneOfSeveral:
    """Pure ASGI middleware: 404 for the sessions and files of another replica, no new visitor while leaving."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one ASGI request."""
        if scope["type"] == "websocket" and draining():
            await _refuse(scope, receive, send)
        elif scope["type"] != "http":
            await self.app(scope, receive, send)
        elif upload := UPLOAD.search(scope["path"]):
            await self._upload(upload["session"], scope, receive, send)
        elif STATIC.search(scope["path"]):
            await self.app(scope, receive, _Missing(send).send)
        else:
            await self.app(scope, receive, send)

    async def _upload(self, session: str, scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] != "OPTIONS" and not Runtime.instance().is_active_session(session):
            # Read to its end all the same: the proxy would take a connection cut short for a server that is down.
            while (await receive()).get("more_body"):
                pass
            await PlainTextResponse("Visite inconnue de ce serveur.", 404)(scope, receive, send)
            return
        _UPLOADS[session] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            _UPLOADS[session] -= 1


class _Missing:
    """An answer in which a page, which Streamlit gives for any unknown address, becomes « 404 ».

    Kept for a year as the script that was asked for, it would break the dashboard of whoever got it: during an upgrade,
    a replica is asked for the files of another version.
    """

    def __init__(self, send: Any) -> None:
        self.send_on, self.missing = send, False

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            kind = dict(message["headers"]).get(b"content-type", b"")
            self.missing = kind.startswith(b"text/html")
            if self.missing:
                headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"0")]
                message = {**message, "status": 404, "headers": [*headers, (b"cache-control", b"no-store")]}
        elif self.missing:
            message = {**message, "body": b""}
        await self.send_on(message)


async def _refuse(scope: Any, receive: Any, send: Any) -> None:
    """Refuse a websocket with « 503 », which a proxy passes on to another replica."""
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": RESTARTING})
        return
    headers = [(b"retry-after", b"1"), (b"content-length", b"0")]
    await send({"type": "websocket.http.response.start", "status": 503, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": b""})


def leave_politely() -> None:
    """Have SIGTERM end this server once its visitors are elsewhere, with status 0; call it in the server's own loop.

    Without effect where the server is not uvicorn, or does not listen to signals.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    if not hasattr(server, "should_exit"):
        return
    loop, tasks = asyncio.get_running_loop(), set[asyncio.Task[None]]()

    def leave(_number: int, _frame: Any) -> None:
        if not draining():
            _LEAVING.set()
            # uvicorn would end by the signal itself; told in its own words, it returns, and the status is 0.
            loop.call_soon_threadsafe(lambda: tasks.add(loop.create_task(_leave(server))))

    signal.signal(signal.SIGTERM, leave)


async def _leave(server: Any) -> None:
    LOG.info("leaving: no new visitor, the others are sent elsewhere as their pages are done")
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while (visits := _visits()) and loop.time() < deadline:
        for visit in filter(_idle, visits):
            await visit.client._websocket.close(code=RESTARTING)
            await asyncio.sleep(PACE)
        await asyncio.sleep(PACE)
    if visits:
        LOG.warning("leaving: %d visits were not done after %d s", len(visits), PATIENCE)
    end = threading.Timer(LAST, os._exit, (1,))
    end.daemon = True
    end.start()
    server.config.timeout_graceful_shutdown = int(LAST / 2)
    server.should_exit = True


def _visits() -> list[Any]:
    return list(Runtime.instance()._session_mgr.list_active_sessions())


def _idle(visit: Any) -> bool:
    """Return whether a visit has nothing under way: no page being computed, nothing to be sent or received."""
    running = visit.session._state is AppSessionState.APP_IS_RUNNING
    return not (running or not visit.client._send_queue.empty() or _UPLOADS[visit.session.id])
