"""The addresses outside the pages: a presentation as one document, and the short address of each of its steps.

Both are made from the address alone, so that any replica answers; what is presented is made in `lib.ui.shows`.
"""

import re
from collections.abc import Iterator
from html import escape
from threading import BoundedSemaphore
from urllib.parse import parse_qs, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from streamlit import config

from lib.display.figure import Show
from lib.display.player import document as player
from lib.survey.sequences import Sequence
from lib.ui import filters, incidents, origin, shows
from lib.ui.atelier import sequences
from lib.ui.visitor import VisitError

PRESENTATION = "presentation"
"""First part of the address of a presentation; with « .html » at its end, it is not one of Streamlit's pages."""
SHORT = "v"
_AT_ONCE = BoundedSemaphore(2)
"""Presentations made at the same time: each costs a second or two, and the pages come first."""


def routes() -> list[Route]:
    """Return the routes of presentations and of their short addresses, under the base path of the server."""
    prefix = config.get_option("server.baseUrlPath").strip("/")
    root = f"/{prefix}" if prefix else ""

    async def presentation(request: Request) -> Response:
        return await run_in_threadpool(_presentation, request, root)

    async def short(request: Request) -> Response:
        return await run_in_threadpool(_short, request, root)

    return [
        Route(f"{root}/{PRESENTATION}/{{name}}.html", presentation, methods=["GET"]),
        Route(f"{root}/{SHORT}/{{name}}/{{place:int}}", short, methods=["GET"]),
    ]


def address(base: str, sequence: str, parameters: shows.Parameters) -> str:
    """Return the address of the presentation of a sequence with filters."""
    asked = urlencode(parameters, doseq=True)
    return f"{base}/{PRESENTATION}/{sequence}.html{'?' if asked else ''}{asked}"


def _presentation(request: Request, root: str) -> Response:
    sequence = _sequence(request.path_params["name"])
    if sequence is None:
        return _problem("Cette séquence n’existe pas, ou plus. Ouvrez la page Atelier pour en choisir une.", 404)
    base = origin.public() or f"{str(request.base_url).rstrip('/')}{root}"
    try:
        with _AT_ONCE:
            show = shows.of_sequence(sequence, _parameters(request), base)
    except VisitError as error:
        return _problem(f"{error} Revenez à la page Atelier, puis réessayez.", 503)
    headers = {"content-security-policy": player.content_policy(), "cache-control": "no-store"}
    return StreamingResponse(_drawn(show), media_type="text/html; charset=utf-8", headers=headers)


def _drawn(show: Show) -> Iterator[str]:
    try:
        yield from shows.document_of(show)
    except Exception as error:  # Half of the document is sent already: it says itself that it is not whole.
        yield player.broken(incidents.log(error))


def _short(request: Request, root: str) -> Response:
    sequence, place = _sequence(request.path_params["name"]), request.path_params["place"]
    if sequence is None or not 1 <= place <= len(sequence.steps):
        return RedirectResponse(f"{root}/atelier", status_code=302)
    step = sequence.steps[place - 1]
    asked = urlencode(shows.parameters_of(step, _parameters(request)), doseq=True)
    return RedirectResponse(f"{root}/{step.page}{'?' if asked else ''}{asked}", status_code=302)


def _sequence(name: str) -> Sequence | None:
    return sequences.known(name) if re.fullmatch(r"[a-z0-9-]{1,40}", name) else None


def _parameters(request: Request) -> dict[str, list[str]]:
    given = parse_qs(request.url.query)
    return {name: given[name] for name in filters.CARRIED if name in given}


def _problem(sentence: str, status: int) -> Response:
    page = f'<!doctype html><html lang="fr"><title>Atelier</title><p>{escape(sentence)}</p></html>'
    return HTMLResponse(page, status)
