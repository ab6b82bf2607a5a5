"""A file that fails at the click: the visitor reads the number of the incident under the button.

Streamlit makes such a file out of the session's run and answers with a sentence of its own, in English, without a
number; its browser shows whatever sentence it is given.
"""

import asyncio
from pathlib import PurePosixPath
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse, DeferredFileResponsePayload
from streamlit.runtime.backend_operation_handler import DeferredFileHandler

from lib.ui import incidents

KEPT = 120.0
"""Seconds during which a file made at the click can be asked for."""
TAKEN = "fichiers-pris"
"""Session that no visitor has, for which these files are kept."""


class FileError(Exception):
    """A file could not be made; `incident` is the number under which the log says why."""

    def __init__(self, incident: str) -> None:
        super().__init__(incident)
        self.incident = incident


def start() -> None:
    """Have every file that fails from now on tell its number."""
    # The handler is made anew for each session, in a place that no setting reaches.
    DeferredFileHandler.handle = _handle  # type: ignore[method-assign]


async def _handle(self: DeferredFileHandler, request: Any, session_id: str) -> BackendOperationResponse:  # noqa: ARG001
    files, loop = self._get_media_file_mgr(), asyncio.get_running_loop()
    try:
        url = await asyncio.to_thread(_made, files, request.deferred_file.file_id)
    except Exception as error:
        cause = error.__cause__
        number = cause.incident if isinstance(cause, FileError) else incidents.log(error)
        return BackendOperationResponse(
            request_id=request.request_id,
            error_msg=f"Le fichier n’a pas pu être préparé (numéro d’incident {number}). Réessayez dans une minute.",
        )
    loop.call_later(KEPT, _release, files, url)
    return BackendOperationResponse(request_id=request.request_id, deferred_file=DeferredFileResponsePayload(url=url))


def _made(files: Any, file_id: str) -> str:
    """Make a file, and keep it as if for one more session, until it is released.

    Streamlit keeps it for nobody: it is gone once any two runs have ended, which among many visitors is before the
    browser has asked for it.
    """
    url: str = files.execute_deferred(file_id)
    with files._lock:
        files._files_by_session_and_coord[TAKEN][url] = PurePosixPath(url).stem
    return url


def _release(files: Any, url: str) -> None:
    with files._lock:
        files._files_by_session_and_coord[TAKEN].pop(url, None)
