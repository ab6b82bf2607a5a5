"""What is measured of a server, in the text format of Prometheus: counts, durations and sizes, of nobody in particular.

Labels are words of ours, addresses of known pages, classes of errors and the identifier of the edition, never what a
visitor wrote: their number is bounded. Who may read them is decided in `lib.ui.observing.routes`.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from streamlit import runtime
from streamlit.runtime.caching import get_resource_cache_stats_provider
from streamlit.runtime.scriptrunner import RerunException, StopException

from lib.display.drawing import pictures
from lib.ui import map_first, menu, recording
from lib.ui.observing import journal

SLOW = 2.0
"""Seconds beyond which a rerun is written in the journal."""
LAG_EVERY = 1.0
"""Seconds between two measures of the delay of the event loop."""
ELSEWHERE = "autre"
"""Page of a run that ended before its page was known, or of an address that is none of ours."""

# When each count began: twice the lines, for what the start of the process says.
disable_created_metrics()
REGISTRY = CollectorRegistry()
RERUNS = Histogram(
    "numerique_rerun_seconds",
    "Duration of the runs of a page, menu and filters included; not fragments alone, nor the wait for a first map.",
    ["page", "kind", "end"], buckets=(0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30), registry=REGISTRY,
)  # fmt: skip
INCIDENTS = Counter("numerique_incidents", "Errors told under a number, by class.", ["error"], registry=REGISTRY)
ANSWERS = Counter("numerique_http_answers", "HTTP answers, by class of status.", ["status"], registry=REGISTRY)
REFUSED = Counter("numerique_uploads_refused", "Files not taken, by HTTP status.", ["status"], registry=REGISTRY)
BYTES = Counter("numerique_websocket_bytes", "Bytes of websocket messages, by direction.", ["way"], registry=REGISTRY)
MESSAGES = Counter("numerique_websocket_messages", "Websocket messages, by direction.", ["way"], registry=REGISTRY)
LAG = Histogram(
    "numerique_event_loop_lag_seconds", "How late the event loop wakes, measured each second.",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5), registry=REGISTRY,
)  # fmt: skip
STORE = Gauge("numerique_store_seconds", "Duration of the last look at the store of editions.", registry=REGISTRY)
READY = Gauge("numerique_ready", "1 when the server may be given visitors.", registry=REGISTRY)
EDITION = Gauge(
    "numerique_edition_info", "The edition shown by default.", ["edition", "revision", "simulated"], registry=REGISTRY
)
PAINTER = Gauge("numerique_painter_alive", "1 while the process that draws is there.", registry=REGISTRY)
DRAWN = Gauge("numerique_painter_requests", "Pictures and decks asked of it since the start.", registry=REGISTRY)
PAINTER.set_function(lambda: float(pictures.drawing()))
DRAWN.set_function(lambda: float(pictures.requests()))
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)


class _Streamlit(Collector):
    """Sessions and caches, as Streamlit counts them when they are asked for; nothing where it does not run."""

    def collect(self) -> Iterator[Metric]:
        """Return the families of what Streamlit counts."""
        if not runtime.exists():
            return
        told: dict[str, Any] = dict(runtime.get_instance().stats_mgr.get_stats(["active_sessions", "session_events"]))
        open_now = GaugeMetricFamily("numerique_sessions", "Sessions whose browser is connected.")
        for stat in told.get("active_sessions", ()):
            open_now.add_metric([], stat.value)
        events = CounterMetricFamily("numerique_session_events", "Connections, reconnections, ends.", labels=["event"])
        for stat in told.get("session_events", ()):
            events.add_metric([stat.labels["type"]], stat.value)
        kept = GaugeMetricFamily("numerique_cache_entries", "Values that a cache holds.", labels=["cache"])
        # Not through the manager of statistics, which would also measure what each session holds, one by one.
        told |= get_resource_cache_stats_provider().get_stats()
        for stat in told.get("cache_memory_bytes", ()):
            kept.add_metric([stat.cache_name], stat.byte_length)
        yield from (open_now, events, kept)


REGISTRY.register(_Streamlit())


class Run:
    """One run of the router, and what is known of it as it goes."""

    def __init__(self) -> None:
        self.page = ELSEWHERE

    def shows(self, address: str, edition: str = "") -> None:
        """Say which page this run shows, empty for the first, and of which edition, once it is known."""
        self.page = address or menu.FIRST
        journal.note(edition, self.page)


@contextmanager
def rerun() -> Iterator[Run]:
    """Measure the block as one run of a page, however it ends: done, asked again, stopped, or by an error."""
    run, began, end = Run(), time.perf_counter(), "done"
    try:
        yield run
    except (RerunException, StopException) as stop:
        end = "interrupted" if isinstance(stop, RerunException) else "stopped"
        raise
    except BaseException:
        end = "error"
        raise
    finally:
        seconds = time.perf_counter() - began - map_first.waited()
        # Documents and decks are made from runs without a screen.
        kind = "document" if recording.KEY in st.session_state else "screen"
        RERUNS.labels(run.page, kind, end).observe(seconds)
        if seconds > SLOW:
            journal.tell("slow rerun", seconds=seconds)


async def watch_loop() -> None:
    """Measure how late the event loop wakes, until it is cancelled."""
    while True:
        due = time.perf_counter() + LAG_EVERY
        await asyncio.sleep(LAG_EVERY)
        LAG.observe(max(0.0, time.perf_counter() - due))


def edition(name: str, revision: int | None, *, simulated: bool) -> None:
    """Say which edition is shown by default, in place of the one before."""
    EDITION.clear()
    EDITION.labels(name, "" if revision is None else str(revision), "true" if simulated else "false").set(1)
