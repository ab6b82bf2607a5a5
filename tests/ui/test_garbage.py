"""What lives is left out of the search for garbage, and is searched all the same from time to time."""

import asyncio
import gc
import weakref
from collections.abc import Callable, Iterator

import pytest

from lib.ui import garbage


class Kept:
    """Something that holds itself: only a search finds that nobody else does."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    threshold = gc.get_threshold()
    # Searches are those of the tests alone.
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()
    gc.set_threshold(*threshold)


def lost() -> "weakref.ref[Kept]":
    """Lose what had been left out while it lived."""
    kept = Kept()
    gc.freeze()
    return weakref.ref(kept)


def spared(done: Callable[[], bool]) -> None:
    """Spare the living until something is done."""

    async def some_time() -> None:
        sparing = asyncio.create_task(garbage.spare())
        async with asyncio.timeout(20):
            while not done():
                await asyncio.sleep(0.01)
        sparing.cancel()

    asyncio.run(some_time())


def test_application_is_left_out_from_the_start_and_searches_are_rarer():
    generations = gc.get_threshold()[1:]
    garbage.start()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold() == (garbage.RECENT, *generations)


def test_what_was_left_out_is_searched_with_the_rest():
    gone = lost()
    gc.collect()
    assert gone() is not None
    garbage.search_all()
    assert gone() is None
    assert gc.get_freeze_count() > 0


def test_what_lives_is_left_out_as_time_passes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(garbage, "EVERY", 0.01)
    monkeypatch.setattr(garbage, "WHOLE", 10**6)
    gone = lost()
    gc.unfreeze()
    spared(lambda: gc.get_freeze_count() > 0)
    gc.collect()
    assert gone() is not None


def test_everything_is_searched_from_time_to_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(garbage, "EVERY", 0.01)
    monkeypatch.setattr(garbage, "WHOLE", 2)
    gone = lost()
    spared(lambda: gone() is None)
    assert gone() is None
