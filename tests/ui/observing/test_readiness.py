"""A server is ready when all that a visitor needs is there; asking often, or a store that hangs, costs nothing more."""

import asyncio
import threading
import time
from types import SimpleNamespace

import pytest
from prometheus_client import generate_latest

from lib.survey.store.opening import StoreError
from lib.ui import replica, session
from lib.ui.observing import measures, readiness
from lib.ui.observing.readiness import Readiness

EDITION = SimpleNamespace(id="essai", revision=7, simulated=False)


class Store:
    """What is looked at, and how many times it was; it hangs as long as it is held."""

    def __init__(self, fault=None):
        self.fault, self.looks, self.held = fault, 0, threading.Event()
        self.held.set()

    def look(self):
        self.looks += 1
        assert self.held.wait(10)
        if self.fault:
            raise self.fault
        return EDITION


def ready(store, *, warm=True):
    made = Readiness(store.look)
    made.warm = warm
    return made


def test_a_server_that_is_not_warm_does_not_ask_the_store():
    store = Store()
    assert asyncio.run(ready(store, warm=False).reasons()) == ("prechauffage",)
    assert store.looks == 0


def test_a_warm_server_with_its_store_is_ready_and_says_which_edition_it_shows():
    assert asyncio.run(ready(Store()).reasons()) == ()
    told = generate_latest(measures.REGISTRY).decode()
    assert 'numerique_edition_info{edition="essai",revision="7",simulated="false"} 1.0' in told
    assert "numerique_ready 1.0" in told


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(StoreError("La base des éditions ne répond pas."), "depot"), (KeyError("une réponse"), "edition")],
)
def test_a_store_or_an_edition_that_fails_is_a_reason(fault, reason):
    assert asyncio.run(ready(Store(fault)).reasons()) == (reason,)
    assert "numerique_ready 0.0" in generate_latest(measures.REGISTRY).decode()


def test_a_server_that_leaves_is_not_ready_whatever_its_store(monkeypatch):
    leaving = threading.Event()
    leaving.set()
    monkeypatch.setattr(replica, "_LEAVING", leaving)
    assert asyncio.run(ready(Store()).reasons()) == ("arret",)


def test_many_who_ask_at_once_look_once():
    store = Store()

    async def many(made):
        return await asyncio.gather(*(made.reasons() for _ in range(50)))

    assert set(asyncio.run(many(ready(store)))) == {()}
    assert store.looks == 1


def test_an_answer_holds_a_while_and_no_longer(monkeypatch):
    store = Store()

    async def twice():
        made = ready(store)
        first = [await made.reasons(), await made.reasons()]
        monkeypatch.setattr(readiness, "KEPT", 0.0)
        store.fault = StoreError("La base des éditions ne répond pas.")
        return [*first, await made.reasons()]

    assert asyncio.run(twice()) == [(), (), ("depot",)]
    assert store.looks == 2


def test_a_store_that_hangs_is_waited_for_a_moment_by_one_thread_and_may_come_back(monkeypatch):
    monkeypatch.setattr(readiness, "PATIENCE", 0.05)
    store = Store()
    store.held.clear()

    async def asked():
        made = ready(store)
        began = time.perf_counter()
        answers = [await made.reasons() for _ in range(3)]
        waited = time.perf_counter() - began
        assert store.looks == 1
        store.held.set()
        monkeypatch.setattr(readiness, "PATIENCE", 10.0)
        return answers, waited, await made.reasons()

    answers, waited, after = asyncio.run(asked())
    assert answers == [("depot-lent",)] * 3
    assert waited < 5
    assert after == ()
    assert store.looks == 1


def test_a_look_whose_server_ended_meanwhile_is_forgotten(monkeypatch):
    monkeypatch.setattr(readiness, "PATIENCE", 0.01)
    store = Store()
    store.held.clear()
    # One of a test before may be about to end.
    before = threading.enumerate()
    assert asyncio.run(ready(store).reasons()) == ("depot-lent",)
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "readiness" and thread not in before]
    assert thread.daemon
    store.held.set()
    # An error of the thread would be one of this test: pytest turns it into a warning, hence a failure.
    thread.join(10)
    assert not thread.is_alive()


def test_the_edition_looked_at_is_the_one_that_visitors_are_shown():
    shown = session.shown_by_default()
    assert shown.threshold > 0, "the public one"
    assert (shown.id, shown.revision, shown.simulated) == ("simulee-2026", 0, True)


def test_a_damaged_shipped_edition_is_told_without_its_message(monkeypatch, caplog):
    asyncio.run(ready(Store(ValueError("Mairie de Nulle-Part"))).reasons())
    (record,) = [record for record in caplog.records if record.getMessage() == "no edition can be shown"]
    assert record.fields["error"] == "ValueError"
    assert "Nulle-Part" not in str(record.fields)
