"""Whether this server may be given visitors: what it needs before, and what it needs all along.

The question is asked every few seconds by whoever shares visitors out: the store is looked at once for all who ask, and
never by more than one thread, however long it takes to answer.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from lib.survey.edition import Edition
from lib.survey.store.opening import StoreError
from lib.ui import replica, session
from lib.ui.observing import journal, measures

KEPT = 2.0
"""Seconds that an answer holds."""
PATIENCE = 2.0
"""Seconds after which a store that has not answered counts as one that does not."""

WARMING, LEAVING = "prechauffage", "arret"
STORE, LATE, EDITION = "depot", "depot-lent", "edition"
"""Reasons not to be ready: still loading, ending; the store is refused, does not answer; no edition can be shown."""

Look = Callable[[], Edition]


@dataclass(frozen=True)
class Seen:
    """What was seen of the store: why no edition can be shown, or nothing; when, on the clock of the process."""

    reason: str
    at: float


class Readiness:
    """What one server knows of itself.

    Parameters
    ----------
    look
        Returns the edition that a visitor is shown, loaded if need be; raises `StoreError` as the store does.
    """

    def __init__(self, look: Look = session.shown_by_default) -> None:
        self.look = look
        self.warm = False
        self._seen: Seen | None = None
        self._looking: asyncio.Future[Seen] | None = None
        self._said: tuple[str, ...] = ()

    async def reasons(self) -> tuple[str, ...]:
        """Return why this server should not be given visitors, nothing when it may."""
        if replica.draining():
            return self._say((LEAVING,))
        if not self.warm:
            return self._say((WARMING,))
        reason = await self._store()
        return self._say((reason,) if reason else ())

    async def _store(self) -> str:
        if self._seen and time.monotonic() - self._seen.at < KEPT:
            return self._seen.reason
        if self._looking is None or self._looking.done():
            self._looking = self._start()
        done, _ = await asyncio.wait({self._looking}, timeout=PATIENCE)
        if not done:
            return LATE
        self._seen = self._looking.result()
        return self._seen.reason

    def _start(self) -> "asyncio.Future[Seen]":
        """Look at the store in a thread of its own: the pool's are few, and a database may take minutes to say no."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Seen] = loop.create_future()

        def answer() -> None:
            seen = Seen(self._look(), time.monotonic())
            # Unless the server has ended meanwhile.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(future.set_result, seen)

        # A daemon: the end of the server does not wait for a database.
        threading.Thread(target=answer, name="readiness", daemon=True).start()
        return future

    def _look(self) -> str:
        began = time.perf_counter()
        try:
            shown = self.look()
        except StoreError:
            return STORE
        except Exception as error:
            journal.tell("no edition can be shown", level=logging.ERROR, error=error)
            return EDITION
        finally:
            measures.STORE.set(time.perf_counter() - began)
        measures.edition(shown.id, shown.revision, simulated=shown.simulated)
        return ""

    def _say(self, reasons: tuple[str, ...]) -> tuple[str, ...]:
        measures.READY.set(not reasons)
        if reasons != self._said:
            self._said = reasons
            journal.tell("not ready" if reasons else "ready again", sentence=" ".join(reasons))
        return reasons
