"""What surrounds the pages: language, security headers, cached public files, warm-up, incident numbers.

It wraps Streamlit's own ASGI application and knows nothing of the survey; the pages are in `lib.ui.router`.
"""

import asyncio
import hashlib
import importlib
import logging
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit import config

from lib.display import assets, charts, comparison_charts, differences, evolution, map_wire, representation, status_bars
from lib.survey.accessibility import load_accessibility
from lib.survey.advice import load_advice
from lib.survey.settings import SettingsError
from lib.survey.store.opening import StoreError
from lib.survey.support import load_support
from lib.territory.neighbourhood import neighbours, positions
from lib.territory.search import search
from lib.ui import garbage, incidents, kept_files, map_first, menu, origin, outage, presenting, replica, session
from lib.ui.observing import downloads, journal, measures
from lib.ui.observing import routes as observing
from lib.ui.observing.measured import Measured
from lib.ui.observing.readiness import Readiness

READINESS = Readiness()
STYLE = Path(__file__).with_name("shell.css")
# Texts in French, a lost connection, a printed page, a file that is ready, what a choice changed, motion, places to
# jump to, what is pressed.
_NAMES = ("french", "connection", "paper", "takeaway", "announcing", "motion", "landmarks", "steady")
SCRIPTS = tuple(Path(__file__).with_name(f"{name}.js") for name in _NAMES)
OWN_FILES = (*SCRIPTS, STYLE, menu.ICON)
FILES = 65_536
"""Open files that a server asks for; the usual limit of 1,024 is that of some 250 sessions."""
# What the pages import: a second of the first visit, unless it is done before. Not streamlit-folium: a component
# declared outside a visit is not served.
WARM = ("lib.ui.about", "lib.ui.cards", "lib.ui.turnout", "lib.display.maps")

CSP = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
# streamlit-folium evaluates the map's script inside its own iframe; nothing else may.
CSP_COMPONENT = "'unsafe-inline' 'unsafe-eval'"
# Otherwise Streamlit looks for its server under the address of the page before it looks beside it.
SERVER = "<script>window.__streamlit={BACKEND_BASE_URL:new URL('.',location).href}</script>"
INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)

HEADERS = [
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]
# A page is rewritten on its way out, so Streamlit must send it whole, not compressed, not « 304 » and not in part.
NEGOTIATION = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
STALE = (b"content-length", b"content-security-policy", b"etag", b"last-modified", b"accept-ranges")


def public_files() -> dict[str, Path]:
    """Return the files that the browser may ask for, by content-hashed name."""
    return {**assets.PUBLIC, **{assets.hashed_name(path): path for path in OWN_FILES}}


def routes() -> list[Route]:
    """Return the application's own routes: public files, kept a year by browsers, presentations, health, measures."""
    files = public_files()

    async def public_file(request: Request) -> Response:
        path = files.get(request.path_params["name"])
        if path is None:
            return PlainTextResponse("Fichier inconnu.", status_code=404)
        headers = {"cache-control": kept_files.A_YEAR, "vary": "accept-encoding"}
        zipped = "gzip" in request.headers.get("accept-encoding", "")
        if zipped:
            headers["content-encoding"] = "gzip"
        return Response(assets.content(path, zipped=zipped), media_type=assets.media_type(path), headers=headers)

    prefix = config.get_option("server.baseUrlPath").strip("/")
    root = f"/{prefix}" if prefix else ""
    files_route = Route(f"{root}/assets/{{name}}", public_file, methods=["GET"])
    return [files_route, map_first.route(root), *presenting.routes(root), *observing.routes(root, READINESS)]


def middleware() -> list[Middleware]:
    """Return the middleware that counts, and makes every page French and every answer guarded."""
    return [Middleware(Measured), Middleware(replica.OneOfSeveral), Middleware(FrenchShell)]


class FrenchShell:
    """Pure ASGI middleware (websockets pass untouched): document language, title, security headers."""

    def __init__(self, app: Any) -> None:
        self.app = kept_files.KeptFiles(app)
        names = [assets.hashed_name(path) for path in SCRIPTS]
        scripts = "".join(f'<script defer fetchpriority="high" src="./assets/{name}"></script>' for name in names)
        self.head = f'<link rel="stylesheet" href="./assets/{assets.hashed_name(STYLE)}"></head>'
        # Before Streamlit's own, hence run before it: no text is seen in English, even for an instant.
        self.scripts = f"<head>{SERVER}{scripts}"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one ASGI request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        last = scope["path"].rsplit("/", 1)[-1]
        component = "/component/" in scope["path"]
        head = scope["method"] == "HEAD"
        page = not component and ("." not in last or last == "index.html")
        if page:
            kept = [(k, v) for k, v in scope["headers"] if k not in NEGOTIATION]
            # The body of a HEAD is needed for its length; it is dropped below.
            scope = {
                **scope,
                "headers": kept,
                "method": "GET" if scope["method"] == "HEAD" else scope["method"],
            }
        answer = _Answer(self, send, page=page, component=component, head=head)
        await self.app(scope, receive, answer.send)

    def french(self, body: bytes) -> bytes:
        """Return Streamlit's own page with the French language, title, texts and icon."""
        return (
            body.replace(b'<html lang="en">', b'<html lang="fr">')
            .replace(b"<title>Streamlit</title>", f"<title>{menu.SITE}</title>".encode())
            .replace(b"./favicon.png", f"./assets/{assets.hashed_name(menu.ICON)}".encode())
            .replace(b"<head>", self.scripts.encode())
            .replace(b"</head>", self.head.encode())
        )


def content_policy(body: bytes) -> bytes:
    """Return the content security policy of a page: its own inline scripts are allowed by their hash, no other."""
    digests = (hashlib.sha256(script).digest() for script in INLINE_SCRIPT.findall(body))
    return CSP.format(scripts=" ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in digests)).encode()


class _Answer:
    """One HTTP answer on its way out: headers added, a page's HTML rewritten."""

    def __init__(self, shell: FrenchShell, send: Any, *, page: bool, component: bool, head: bool) -> None:
        self.shell, self.send_on, self.page, self.component, self.head = shell, send, page, component, head
        self.start: dict[str, Any] | None = None
        self.body = b""

    async def send(self, message: Any) -> None:
        """Pass one ASGI message on, keeping a page back until it is whole."""
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self.start is None:
            await self.send_on({**message, "body": b""} if self.head else message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._page()

    async def _begin(self, message: Any) -> None:
        headers = [*message["headers"], *HEADERS]
        html = dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html")
        if html and self.page and message["status"] == 200:
            self.start = {**message, "headers": [(k, v) for k, v in headers if k not in STALE]}
            return
        if html and b"content-security-policy" not in dict(headers):
            policy = CSP.format(scripts=CSP_COMPONENT if self.component else "")
            headers.append((b"content-security-policy", policy.encode()))
        await self.send_on({**message, "headers": headers})

    async def _page(self) -> None:
        assert self.start is not None
        body = self.shell.french(self.body)
        added = [
            (b"content-security-policy", content_policy(body)),
            (b"content-length", str(len(body)).encode()),
        ]
        await self.send_on({**self.start, "headers": [*self.start["headers"], *added]})
        await self.send_on({"type": "http.response.body", "body": b"" if self.head else body})


@asynccontextmanager
async def warm_up(_app: Any) -> AsyncIterator[None]:
    """Load what the first page needs before the first visitor, then spare it from garbage collection."""
    # Streamlit logs an error with its message, which may quote an answer: `lib.ui.incidents` logs it instead, for a
    # page that fails and for a file.
    for name in ("streamlit.error_util", "streamlit.runtime.backend_operation_handler"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    downloads.start()
    _open_more_files()
    if wrong := origin.misnamed():
        journal.tell("public address ignored", level=logging.ERROR, sentence=wrong)
    for path in assets.PUBLIC.values():
        assets.content(path, zipped=True)
    map_wire.prepare()
    for module in WARM:
        importlib.import_module(module)
    for drawing in (charts, comparison_charts, differences, evolution, representation, status_bars):
        drawing.prepare()
    # Names, places and neighbours of all the territories, which the first portrait would wait for.
    search("a")
    positions()
    neighbours("")
    try:
        # Said at the start, before a visitor meets it.
        load_support()
        load_advice()
        load_accessibility()
    except SettingsError as error:
        journal.tell("settings refused", level=logging.ERROR, error=error, sentence=str(error))
    try:
        session.start()
    except StoreError as error:
        # The server starts all the same: pages say what is wrong, and the store may come back.
        journal.tell("store not read", level=logging.ERROR, error=error, sentence=str(error))
    garbage.start()
    replica.leave_politely()
    READINESS.warm = True
    watches = [asyncio.create_task(measures.watch_loop()), asyncio.create_task(garbage.spare())]
    journal.tell("started")
    yield
    for watch in watches:
        watch.cancel()
    journal.tell("ended")


def _open_more_files() -> None:
    """Raise the limit of open files as far as the system allows: each session takes four."""
    with suppress(ImportError, OSError, ValueError):
        # Not on every system.
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def report_error(error: Exception) -> bool:
    """Show the visitor the number under which the error is in the log, and nothing else of it."""
    incident = incidents.log(error)
    if outage.told(error):
        return True
    st.error(
        f"Cette page n’a pas pu s’afficher. Rechargez-la\u202f; si cela se reproduit, transmettez le numéro "
        f"d’incident {incident} à l’adresse indiquée dans la page Méthode.",
        icon=":material/error:",
    )
    return True
