"""The journal of the server: one line an event on the error output, and nothing in it that a visitor wrote or sent.

`NUMERIQUE_JOURNAL=json` writes each line as a JSON object; without it, the same is written as text. Whoever logs, our
code or a library, the same rule holds: an error is its class and its lines of code, a message is the words that stand
in the source code, never what was put into them.
"""

import json
import linecache
import logging
import os
import secrets
import sys
import threading
import traceback
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import streamlit as st
from streamlit import config
from streamlit import logger as streamlit_logs
from streamlit.runtime.scriptrunner import get_script_run_ctx

FORM, REPLICA = "NUMERIQUE_JOURNAL", "NUMERIQUE_REPLIQUE"
"""Environment variables: « json » for lines of JSON; the name of this server among several."""
LOG = logging.getLogger("numerique")
SESSION, EDITION, PAGE = "_pseudonyme", "_edition-du-journal", "_page-du-journal"
"""In the session state: what the lines of a session are told apart by, and what it was looking at."""
DEEPEST = 8
"""Lines of code that an error is told with, the nearest first."""
AROUND = 6
"""Lines before and after a call that logs, among which its words are."""
# They have handlers of their own, or may say an address with its parameters.
SERVERS = ("uvicorn", "uvicorn.error", "uvicorn.asgi", "uvicorn.access", "websockets")
ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Where:
    """Who was shown what: a session's random name, an edition and the address of a page, without its parameters."""

    session: str = ""
    edition: str = ""
    page: str = ""


def note(edition: str, page: str) -> Where:
    """Keep what a session is looking at for the lines about it; called by the router, in the session's own run."""
    state = st.session_state
    state.setdefault(SESSION, secrets.token_hex(4))
    state[EDITION], state[PAGE] = edition, page
    return here()


def here() -> Where:
    """Return what is known of the visitor whose run this is, nothing out of a run."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return Where()
    state = st.session_state
    return Where(state.get(SESSION, ""), state.get(EDITION, ""), state.get(PAGE, ""))


def tell(
    event: str,
    *,
    level: int = logging.INFO,
    incident: str = "",
    error: BaseException | None = None,
    seconds: float | None = None,
    status: int | None = None,
    sentence: str = "",
    where: Where | None = None,
) -> None:
    """Write one line: these fields and no other, so that nothing of a visitor can be given by mistake.

    Parameters
    ----------
    event
        What happened, words of ours: « slow rerun ».
    incident
        The number that the visitor was shown.
    error
        Told by its class and its lines of code.
    seconds
        How long it took.
    status
        Of an HTTP answer.
    sentence
        What the operator has to mend, as our own code words it: settings, the store; never what a visitor gave.
    where
        Who was shown what; by default the visitor whose run this is.
    """
    place = where or here()
    fields = {
        "incident": incident,
        **({"error": type(error).__name__, "code": code(error.__traceback__)} if error else {}),
        "page": place.page,
        "duration": None if seconds is None else round(seconds, 3),
        "status": status,
        "sentence": sentence,
        "session": place.session,
        "edition": place.edition,
    }
    known = {name: value for name, value in fields.items() if value not in ("", None)}
    # Under the place of whoever tells: its source is where the words of the event stand.
    LOG.log(level, event, extra={"fields": known}, stacklevel=2)


def code(trace: TracebackType | None) -> str:
    """Return where an error came from, the nearest line first: « lib/ui/blocks.py:12 heading < … »."""
    frames = traceback.extract_tb(trace)[-DEEPEST:]
    return " < ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames))


def replica() -> str:
    """Return the name of this server among several: the one it is given, else its port."""
    return os.environ.get(REPLICA, "").strip() or str(config.get_option("server.port") or os.getpid())


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a line says of a record, whoever logged it, in the order in which it is written."""
    told: Mapping[str, Any] = getattr(record, "fields", {})
    if not told and record.exc_info and record.exc_info[0]:
        kind, _, trace = record.exc_info
        told = {"error": kind.__name__, "code": code(trace)}
    return {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "replica": replica(),
        "source": record.name,
        "event": words(record) or f"{_short(record.pathname)}:{record.lineno}",
        **told,
    }


def words(record: logging.LogRecord) -> str:
    """Return the message of a record as its source code writes it, empty where it is not there.

    A message that was put together before it was logged may hold anything. Blanks are filled with numbers alone:
    counts, ports and sizes.
    """
    written = record.msg
    if not isinstance(written, str) or not _stands_at(record.pathname, record.lineno, written):
        return ""
    given = record.args if isinstance(record.args, tuple) else ()
    return record.getMessage() if given and all(type(value) in (int, float) for value in given) else written


@lru_cache(maxsize=512)
def _stands_at(path: str, line: int, written: str) -> bool:
    """Return whether a message is a text between quotes beside the call that logs it."""
    beside = "".join(linecache.getlines(path)[max(0, line - 1 - AROUND) : line + AROUND])
    return any(f"{quote}{written}{quote}" in beside for quote in "\"'")


def _short(path: str) -> str:
    """Return the path of a source without the folders of this machine."""
    # Libraries first: their folder may be inside ours.
    folders = [*(folder for folder in sys.path if folder.endswith("site-packages")), str(ROOT), *sys.path]
    inside = (path[len(folder) + 1 :] for folder in folders if folder and path.startswith(f"{folder}{os.sep}"))
    return next(inside, Path(path).name)


class Lines(logging.Formatter):
    """A record as one line, JSON or text."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self.as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        said = fields_of(record)
        if self.as_json:
            return json.dumps(said, ensure_ascii=False)
        time, level, _, source, event = (said.pop(name) for name in ("time", "level", "replica", "source", "event"))
        rest = "".join(f" {name}={value}" for name, value in said.items())
        return f"{time} {level} {source}: {event}{rest}"


class Faultless(logging.StreamHandler[Any]):
    """A handler that says nothing of a record that it cannot write: Python would print it whole."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (its name in the library)
        """Do nothing."""


def start() -> None:
    """Write all that is logged in this process as lines of the journal, from now on."""
    handler = Faultless(sys.stderr)
    handler.setFormatter(Lines(as_json=os.environ.get(FORM, "").strip().lower() == "json"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # Libraries that gave themselves a handler write through ours.
    for name in [*logging.Logger.manager.loggerDict, *SERVERS]:
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
    # Streamlit gives each of its loggers a handler, those of modules that are imported later too.
    streamlit_logs.setup_formatter = _adopt
    logging.getLogger("uvicorn.access").setLevel(logging.CRITICAL)
    warnings.showwarning = _warned
    sys.excepthook = _uncaught
    sys.unraisablehook = _unraisable
    threading.excepthook = _lost


def _adopt(logger: logging.Logger) -> None:
    logger.handlers[:] = logging.getLogger().handlers


def _warned(
    message: Warning | str,  # noqa: ARG001 (may quote an answer)
    category: type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,  # noqa: ARG001
    line: Any = None,  # noqa: ARG001
) -> None:
    LOG.warning("warning", extra={"fields": {"error": category.__name__, "code": f"{_short(filename)}:{lineno}"}})


def _uncaught(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if not isinstance(error, KeyboardInterrupt):
        tell("uncaught error", level=logging.CRITICAL, error=error)


def _unraisable(lost: Any) -> None:
    tell("error that nobody could catch", level=logging.ERROR, error=lost.exc_value)


def _lost(lost: threading.ExceptHookArgs) -> None:
    if lost.exc_value is not None and not issubclass(lost.exc_type, SystemExit):
        tell("thread ended by an error", level=logging.ERROR, error=lost.exc_value)
