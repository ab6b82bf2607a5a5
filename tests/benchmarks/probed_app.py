"""The application as it is served, and one more route, `/_probe`, that tells what each run cost and what is kept.

Only this machine is served; how visitors load it is in `tests.benchmarks.crowd`. To compare: with `SONDE_NAIVE=oui` it
does without what was chosen for many sessions, garbage being collected as Python and Streamlit do by default;
`SONDE_BASCULE` is the seconds after which a thread gives way to another, `SONDE_FILE` how many scripts run at once, at
most. `SONDE_PILE` frames of each allocation are kept; with none, allocations are not followed. With `SONDE_TAS=oui`,
objects can be counted: none is left out of the search for garbage after the start.
"""

import gc
import os
import sys
import threading
import time
import tracemalloc
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streamlit import config
from streamlit.runtime import get_instance
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

from lib.ui import garbage, shell

COUNTED = os.environ.get("SONDE_TAS") == "oui"
NAIVE = os.environ.get("SONDE_NAIVE") == "oui"
SWITCH = float(os.environ.get("SONDE_BASCULE", "0"))
AT_ONCE = int(os.environ.get("SONDE_FILE", "0"))
TRACED = int(os.environ.get("SONDE_PILE", "0"))
SITES = 40
"""Places of allocation, or types of objects, told at most."""
LOOP = 3
"""Files of the event loop that a session holds for its scripts, beside its websocket."""

_RUNS: deque[tuple[str, bool, float, float]] = deque(maxlen=100_000)
_run = ScriptRunner._run_script
_before: list[tracemalloc.Snapshot] = []
_gate = threading.Semaphore(AT_ONCE) if AT_ONCE else nullcontext()


def _measured(runner: ScriptRunner, rerun: Any) -> None:
    wall, processor = time.perf_counter(), time.thread_time()
    with _gate:
        _run(runner, rerun)
    spent = time.thread_time() - processor, time.perf_counter() - wall
    known: Any = runner._pages_manager.get_pages().get(runner._pages_manager.current_page_script_hash) or {}
    _RUNS.append((str(known.get("url_pathname") or ""), bool(rerun.fragment_id_queue), *spent))


ScriptRunner._run_script = _measured  # type: ignore[method-assign,assignment]


def _counted() -> Counter[type]:
    """Count the objects by type, alone: a tuple that another thread is filling must not be held while it runs."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1)
    try:
        # Those who wait already, wait as before: once.
        time.sleep(4 * usual)
        return Counter(map(type, gc.get_objects()))
    finally:
        sys.setswitchinterval(usual)


def _probe(request: Request) -> Response:
    """Answer with the runs since the last question and what is kept; `tas` collects first, and counts objects.

    With `tas`, also the sessions in memory, forgotten or not, and the open files beside those that sessions hold.
    """
    runs = [_RUNS.popleft() for _ in range(len(_RUNS))]
    runtime = get_instance()
    sessions, files = runtime._session_mgr, runtime.media_file_mgr
    said: dict[str, Any] = {
        "runs": runs,
        "threads": threading.active_count(),
        "open": len(sessions.list_active_sessions()),
        "known": len(sessions.list_sessions()),
        # Files to take away: made, to be made, and who may ask for them.
        "files": len(files._file_metadata),
        "awaited": len(files._deferred_callables),
        "askers": len(files._files_by_session_and_coord),
        "garbage": [kept["collections"] for kept in gc.get_stats()],
    }
    if "tas" in request.query_params:
        gc.collect()
        types = _counted()
        # One session more or less at this instant, left a moment ago and not forgotten yet, is no file left behind.
        held = len(sessions.list_active_sessions()) + LOOP * types[AppSession]
        said |= {"sessions": types[AppSession], "beside": len(os.listdir("/proc/self/fd")) - held}
        named = {f"{kind.__module__}.{kind.__qualname__}": count for kind, count in types.most_common(400)}
        # What a frame keeps of its views: pandas drops the dead ones by the hundred only.
        named.pop("weakref.ReferenceType", None)
        said |= {"types": named, "objects": sum(named.values())}
    if TRACED:
        said["traced"] = tracemalloc.get_traced_memory()[0]
        if "sites" in request.query_params:
            gc.collect()
            now = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(False, tracemalloc.__file__)])
            if _before:
                grown = now.compare_to(_before[-1], "traceback" if TRACED > 1 else "lineno")[:SITES]
                said["sites"] = [[at.size_diff, at.count_diff, *map(str, at.traceback)] for at in grown]
            _before[:] = [now]
    return JSONResponse(said)


@asynccontextmanager
async def _start(app: Any) -> AsyncIterator[None]:
    async with shell.warm_up(app):
        if NAIVE or COUNTED:
            garbage.EVERY = 1e9
        if NAIVE:
            gc.unfreeze()
            gc.set_threshold(700)
            config.set_option("runner.postScriptGC", True)
        if SWITCH:
            sys.setswitchinterval(SWITCH)
        if TRACED:
            tracemalloc.start(TRACED)
        yield


app = st.App(
    Path(shell.__file__).with_name("router.py"),
    routes=[*shell.routes(), Route("/_probe", _probe, methods=["GET"])],
    middleware=shell.middleware(),
    lifespan=_start,
    on_script_error=shell.report_error,
)
