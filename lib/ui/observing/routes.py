"""The addresses of operators: is it alive, may it be given visitors, what does it measure.

`/sante` and `/prete` say nothing that a visitor could not see; `/metriques` is closed but to whoever runs the server.
"""

import os
import secrets
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lib.ui import origin
from lib.ui.observing import measures
from lib.ui.observing.readiness import Readiness

ALIVE, READY, MEASURES = "sante", "prete", "metriques"
"""Addresses, under the base path of the server."""
TOKEN = "NUMERIQUE_METRIQUES_JETON"
"""Environment variable: what a reader of the measures gives as `Authorization: Bearer …`."""
FRESH = {"cache-control": "no-store"}
# Whoever comes through a proxy is not of this machine, though the proxy is.
PROXIED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


def routes(root: str, readiness: Readiness) -> list[Route]:
    """Return the routes of operators, under the base path of the server."""

    async def alive(_request: Request) -> Response:
        return JSONResponse({"vivant": True}, headers=FRESH)

    async def ready(_request: Request) -> Response:
        reasons = await readiness.reasons()
        told: dict[str, Any] = {"pret": not reasons, "raisons": reasons}
        return JSONResponse(told, 503 if reasons else 200, headers=FRESH)

    async def read(request: Request) -> Response:
        if not may_read(request):
            return JSONResponse({"refus": "mesures réservées à l’exploitation"}, 403, headers=FRESH)
        await readiness.reasons()
        text = await run_in_threadpool(generate_latest, measures.REGISTRY)
        return Response(text, headers={**FRESH, "content-type": CONTENT_TYPE_LATEST})

    return [
        Route(f"{root}/{ALIVE}", alive, methods=["GET"]),
        Route(f"{root}/{READY}", ready, methods=["GET"]),
        Route(f"{root}/{MEASURES}", read, methods=["GET"]),
    ]


def may_read(request: Request) -> bool:
    """Return whether a request may read the measures.

    With a token in the environment, it must be given. Without one, only the machine itself may, and only where the
    dashboard has no public address: behind a proxy that adds no header, everybody would look like the machine.
    """
    token = os.environ.get(TOKEN, "").strip()
    if token:
        # Headers are read as Latin-1: these are the bytes that were sent.
        given = request.headers.get("authorization", "").encode("latin-1")
        return secrets.compare_digest(given, f"Bearer {token}".encode())
    near = request.client is not None and origin.only_here(request.client.host)
    here = origin.only_here(request.url.hostname or "")
    return near and here and not origin.public() and not any(name in request.headers for name in PROXIED)
