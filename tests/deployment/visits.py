"""Visitors of a deployment, many at once, each with a view of its own, who come back by the rule of Streamlit's page.

What they say to a server is in `tests.visitors`; what must hold of them, in the tests.
"""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from websockets.exceptions import ConnectionClosed

from tests.deployment.site import Site
from tests.visitors import LostError, Visitor

Result = TypeVar("Result")

PAGES = ("strategies", "thematiques", "engagement", "besoins-et-freins", "participation", "croisements")
DEPARTEMENTS = ("16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87")
ADDRESSES = [
    f"{page}?departement={one}&departement={other}"
    for (one, other), page in itertools.product(itertools.combinations(DEPARTEMENTS, 2), PAGES)
]
"""Views that are all different: 6 pages, 66 pairs of départements."""
SELECTION = ":gray[Sélection"
CHOICE = "Type de territoire"
"""Filter whose first option is chosen, then taken back."""
AT_ONCE = 12
"""Visitors who open their first page at the same time."""
# Of Streamlit's page, when its server does not answer: the first again at once, the others later and later, in seconds.
DELAYS = (0.0, 0.5, 1.0, 2.0, 4.0)
PATIENCE = 120.0
PAUSE = 4.0
"""Seconds between two choices of one visitor."""


def apart(work: Coroutine[Any, Any, Result]) -> Result:
    """Return the result of a coroutine run in a thread: that of the tests may hold the loop of the browser."""
    found: list[Result] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(asyncio.run(work))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return found[0]


@dataclass(frozen=True)
class View:
    """What is on a screen: the page, its sentence of selection, its address, and all that can be read."""

    page: str
    selection: str
    query: str
    texts: tuple[str, ...]


@dataclass
class Person:
    """Somebody at work: who, what was last seen, how it went.

    Attributes
    ----------
    seen : the last whole view.
    views : all those that the work goes through.
    away : seconds without the dashboard, for each time that the connection was lost.
    reruns : choices made.
    coming : whether the connection is lost and not back yet.
    """

    visitor: Visitor
    address: str
    seen: View | None = None
    views: set[View] = field(default_factory=set)
    away: list[float] = field(default_factory=list)
    reruns: int = 0
    coming: bool = False

    def look(self) -> View:
        """Return the view on the screen, and remember it."""
        self.seen = view(self.visitor)
        self.views.add(self.seen)
        return self.seen


def view(visitor: Visitor) -> View:
    """Return what a visitor sees."""
    texts = visitor.texts()
    selection = next((text for text in texts if text.startswith(SELECTION)), "")
    return View(visitor.path, selection, visitor.query, tuple(texts))


async def opened(site: Site, addresses: Sequence[str]) -> list[Person]:
    """Open as many visitors as addresses, a few at once, and return them with what they see."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(address: str) -> Person:
        person = Person(Visitor(ssl=site.context, patience=PATIENCE), address)
        async with gate:
            await person.visitor.open(site.address, address)
        person.look()
        return person

    return await asyncio.gather(*(one(address) for address in addresses))


async def closed(people: Iterable[Person]) -> None:
    """Close all tabs."""
    await asyncio.gather(*(person.visitor.close() for person in people))


async def back(person: Person) -> None:
    """Connect again as Streamlit's page does, and see the page whole.

    Raises
    ------
    TimeoutError
        When the dashboard has not come back.
    """
    begun = time.perf_counter()
    person.coming = True
    for delay in itertools.chain(DELAYS, itertools.repeat(DELAYS[-1])):
        if time.perf_counter() - begun > PATIENCE:
            raise TimeoutError(f"{person.address}: not back after {PATIENCE} s")
        await asyncio.sleep(delay)
        with suppress(LostError):
            await person.visitor.reconnect()
            break
    person.coming = False
    person.away.append(time.perf_counter() - begun)


async def answered(person: Person) -> None:
    """Wait until the replica of a visitor says that it is there, or the proxy that the connection is lost."""
    if person.visitor.socket is not None:
        with suppress(ConnectionClosed):
            await (await person.visitor.socket.ping())


async def until_lost(person: Person, end: asyncio.Event, pause: float | None = None) -> bool:
    """Wait for a while, or for the end, and return whether the connection was lost meanwhile."""
    lost, ended = asyncio.ensure_future(person.visitor.lost()), asyncio.ensure_future(end.wait())
    await asyncio.wait({lost, ended}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
    found = lost.done()
    for task in (lost, ended):
        task.cancel()
    return found


async def reads(person: Person, end: asyncio.Event) -> None:
    """Read until the end, and come back each time that the connection is lost."""
    while not end.is_set():
        if await until_lost(person, end):
            await back(person)
            person.look()


async def works(person: Person, end: asyncio.Event, pause: float) -> None:
    """Choose a type of territory and take it back until the end; come back each time that the connection is lost."""
    for chosen in itertools.cycle((person.visitor.options(CHOICE)[:1], [])):
        try:
            await person.visitor.choose(CHOICE, chosen)
            person.reruns += 1
            person.look()
            lost = await until_lost(person, end, pause)
        except LostError:
            lost = True
        if lost:
            await back(person)
            person.look()
        if end.is_set():
            return


async def learn(person: Person) -> None:
    """See both views that `works` goes through, and end on the first."""
    for chosen in (person.visitor.options(CHOICE)[:1], []):
        await person.visitor.choose(CHOICE, chosen)
        person.look()


async def crowd(site: Site, number: int, trouble: Callable[[], object]) -> list[Person]:
    """Return visitors who were at work when trouble came, half of them choosing, half of them reading, all back since.

    Parameters
    ----------
    trouble
        Runs in a thread once all are at work; the work goes on until it is over and everybody is back.
    """
    people = await opened(site, ADDRESSES[:number])
    workers, readers = people[::2], people[1::2]
    await asyncio.gather(*(learn(person) for person in workers))
    end = asyncio.Event()
    work = [works(person, end, PAUSE) for person in workers]
    tasks = [asyncio.create_task(one) for one in [*work, *(reads(person, end) for person in readers)]]
    try:
        await asyncio.sleep(PAUSE / 2)
        await asyncio.to_thread(trouble)
        await asyncio.gather(*(answered(person) for person in people))
        # All know by now whether they lost their replica.
        await asyncio.sleep(1)
        while any(person.coming for person in people) and not any(task.done() for task in tasks):
            await asyncio.sleep(0.1)
    finally:
        end.set()
        await asyncio.gather(*tasks)
    return people
