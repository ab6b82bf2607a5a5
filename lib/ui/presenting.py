"""The addresses outside the pages: a presentation as one document, and the short address of each of its steps.

Both are made from the address alone, so that any replica answers; what is presented is made in `lib.ui.shows`.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from html import escape
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from lib.display.figure import Show
from lib.display.player import document as player
from lib.survey.identity import PREVIEW
from lib.survey.sequences import Sequence
from lib.ui import filters, incidents, origin, shows
from lib.ui.atelier import sequences
from lib.ui.visitor import VisitError

PRESENTATION = "presentation"
"""First part of the address of a presentation; with « .html » at its end, it is not one of Streamlit's pages."""
_HTML = "text/html; charset=utf-8"
_AGAIN = "Revenez à la page Atelier, puis réessayez."
AT_ONCE, DRAWN_AT_ONCE = 2, 4
"""Presentations made, and drawn, at the same time: each costs a second or two, and the pages come first."""
MOST = 30
"""Presentations that were asked for and are not whole yet, beyond which another is refused."""
A_MINUTE = "60"


def routes(root: str) -> list[Route]:
    """Return the routes of presentations and of their short addresses, under the base path of the server."""
    desk = _Desk()

    async def presentation(request: Request) -> Response:
        if request.method == "HEAD":
            return await run_in_threadpool(_announced, request)
        return await desk.presentation(request, root)

    async def short(request: Request) -> Response:
        return await run_in_threadpool(_short, request, root)

    return [
        Route(f"{root}/{PRESENTATION}/{{name}}.html", presentation, methods=["GET"]),
        Route(f"{root}/{shows.SHORT}/{{name}}/{{place}}", short, methods=["GET"]),
    ]


def address(base: str, sequence: str, parameters: shows.Parameters) -> str:
    """Return the address of the presentation of a sequence with filters."""
    return f"{base}/{PRESENTATION}/{sequence}.html{origin.query(parameters)}"


class _Desk:
    """The presentations that were asked for: a few are made at once, the others wait without holding a thread.

    The threads of the server are few and serve its files too: those who waited in them would stop the pages.
    """

    def __init__(self) -> None:
        self.making, self.drawing = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(DRAWN_AT_ONCE)
        self.begun = 0

    async def presentation(self, request: Request, root: str) -> Response:
        if self.begun >= MOST:
            return _problem("Beaucoup de présentations sont demandées à la fois. Réessayez dans une minute.", 503)
        self.begun += 1
        try:
            async with self.making:
                made = await run_in_threadpool(_made, request, root)
        finally:
            self.begun -= 1
        if isinstance(made, Response):
            return made
        return StreamingResponse(self.pieces(made), media_type=_HTML, headers=_headers())

    async def pieces(self, show: Show) -> AsyncIterator[str]:
        self.begun += 1
        drawn = _drawn(show)
        try:
            while True:
                async with self.drawing:
                    piece = await run_in_threadpool(next, drawn, None)
                if piece is None:
                    return
                yield piece
        finally:
            self.begun -= 1


def _made(request: Request, root: str) -> Show | Response:
    try:
        sequence = _sequence(request.path_params["name"])
        if sequence is None:
            return _unknown()
        base = origin.public() or f"{str(request.base_url).rstrip('/')}{root}"
        return shows.of_sequence(sequence, _parameters(request), base)
    except VisitError as error:
        return _problem(f"{error} {_AGAIN}", 503)
    except Exception as error:  # Nothing is sent yet: it is told as on the pages, under a number.
        return _failed(error)


def _announced(request: Request) -> Response:
    """Return the head of what would be answered, without making it."""
    try:
        sequence = _sequence(request.path_params["name"])
    except Exception as error:
        return _failed(error)
    return Response(media_type=_HTML, headers=_headers()) if sequence else _unknown()


def _headers() -> dict[str, str]:
    # Who may frame a document is not read in the policy that it gives itself, only in that of its answer.
    return {
        "content-security-policy": f"{player.content_policy()}; frame-ancestors 'self'",
        "cache-control": "no-store",
    }


def _drawn(show: Show) -> Iterator[str]:
    try:
        yield from shows.document_of(show)
    except Exception as error:  # Half of the document is sent already: it says itself that it is not whole.
        yield player.broken(incidents.log(error))


def _short(request: Request, root: str) -> Response:
    given = request.path_params["place"]
    place = int(given) if re.fullmatch("[0-9]{1,3}", given) else 0
    try:
        sequence = _sequence(request.path_params["name"])
    except Exception as error:
        return _failed(error)
    if sequence is None or not 1 <= place <= len(sequence.steps):
        return RedirectResponse(f"{root}/atelier", status_code=302)
    step = sequence.steps[place - 1]
    asked = origin.query(shows.parameters_of(step, _parameters(request)))
    return RedirectResponse(f"{root}/{step.page}{asked}", status_code=302)


def _sequence(name: str) -> Sequence | None:
    return sequences.known(name) if re.fullmatch(r"[a-z0-9-]{1,40}", name) else None


def _parameters(request: Request) -> dict[str, list[str]]:
    given = parse_qs(request.url.query)
    kept = {name: given[name] for name in filters.CARRIED if name in given}
    # A draft is not presented, whoever asks.
    if any(code.startswith(PREVIEW) for code in kept.get("edition", [])):
        del kept["edition"]
    return kept


def _unknown() -> Response:
    return _problem("Cette séquence n’existe pas, ou plus. Ouvrez la page Atelier pour en choisir une.", 404)


def _failed(error: Exception) -> Response:
    return _problem(
        f"La présentation n’a pas pu être préparée (numéro d’incident {incidents.log(error)}). {_AGAIN}", 503
    )


def _problem(sentence: str, status: int) -> Response:
    page = f'<!doctype html><html lang="fr"><title>Atelier</title><p>{escape(sentence)}</p></html>'
    return HTMLResponse(page, status, {"retry-after": A_MINUTE} if status == 503 else None)
