"""What goes in and out, counted; and a request that fails, told under a number instead of by its message.

It is the outermost layer of ours: what it lets through, Starlette and uvicorn would log with its message.
"""

import logging
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse

from lib.ui import incidents
from lib.ui.observing import journal, measures

UPLOADS = "/_stcore/upload_file/"


class Measured:
    """Pure ASGI middleware: counts answers and messages, logs files that are refused and requests that fail."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one ASGI request."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Any, receive: Any, send: Any) -> None:
        status = 0

        async def counted(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                measures.ANSWERS.labels(f"{status // 100}xx").inc()
                if UPLOADS in scope["path"] and status >= 400 and scope["method"] == "PUT":
                    measures.REFUSED.labels(str(status)).inc()
                    journal.tell("file refused", level=logging.WARNING, status=status)
            await send(message)

        try:
            await self.app(scope, receive, counted)
        except ClientDisconnect:
            # A visitor who left is not a failure.
            return
        except Exception as error:
            number = incidents.log(error)
            if status:
                # Half of an answer has left: only the end of the connection says that it is not whole.
                raise ConnectionError("an answer could not be finished") from None
            said = f"La demande n’a pas pu aboutir (numéro d’incident {number}). Réessayez dans une minute."
            await PlainTextResponse(said, 500, {"cache-control": "no-store"})(scope, receive, counted)

    async def _websocket(self, scope: Any, receive: Any, send: Any) -> None:
        async def received() -> Any:
            message = await receive()
            if message["type"] == "websocket.receive":
                _count("in", message)
            return message

        async def sent(message: Any) -> None:
            if message["type"] == "websocket.send":
                _count("out", message)
            await send(message)

        try:
            await self.app(scope, received, sent)
        except Exception as error:
            incidents.log(error)
            raise ConnectionError("a visit was cut short") from None


def _count(way: str, message: Any) -> None:
    content = message.get("bytes") or message.get("text") or b""
    measures.BYTES.labels(way).inc(len(content))
    measures.MESSAGES.labels(way).inc()
