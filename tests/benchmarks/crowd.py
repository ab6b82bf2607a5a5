"""Many visitors at once, each with its own seed: they filter, turn pages, change maps and look for territories.

They are real sessions (`tests.visitors`) in a process of their own, which is told how many there must be. What is made
of the time that they waited is in `tests.benchmarks.sessions`.
"""

import asyncio
import multiprocessing
import random
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from lib.ui import filters, menu
from tests.visitors import LostError, Run, Visitor

EVERY = 5.0
"""Seconds between two actions of a visitor, from the start of one to the start of the next."""

# How often each page is gone to; pages of the menu that are not here, once.
PAGES = {
    "": 12, "ma-collectivite": 12, "thematiques": 14, "strategies": 14, "engagement": 10, "besoins-et-freins": 12,
    "croisements": 8, "comparer": 6, "participation": 6, "evolution": 4,
}  # fmt: skip
FILTERS = {"departement": 40, "type": 30, "taille": 15, "role": 15}
WEIGHTING, SEARCH = "Pondérer les territoires", "Nom, code postal, code INSEE ou SIREN"
SOUGHT = (
    "Guéret",
    "33000",
    "Pau",
    "La Rochelle",
    "Saint-Junien",
    "limoges metropole",
    "86",
    "Bergerac",
    "Niort",
    "Dax",
)
INCIDENT = "numéro d’incident"
"""What is read where a page failed; it must not be taken for a fast one."""
ACTIONS = {"filter": 43, "page": 30, "control": 14, "search": 7, "table": 3, "weighting": 3}


@dataclass(frozen=True)
class Wait:
    """One interaction: what was done, on which page, seconds it took, seconds it began late, bytes received."""

    action: str
    page: str
    seconds: float
    late: float
    received: int


class Guest:
    """One visitor and its habits: about two filters at a time, a page looked at for one or two actions."""

    def __init__(self, seed: int, visitor: Visitor) -> None:
        self.random, self.visitor = random.Random(seed), visitor

    async def arrive(self, address: str) -> tuple[str, Run]:
        """Open the dashboard, half of the time by a link that somebody sent."""
        query = ""
        if self.random.random() < 0.5:
            query = f"?departement={self.random.choice(['33', '24', '87', '17', '64', '23'])}"
        return "open", await self.visitor.open(address, f"{self._page()}{query}")

    async def act(self) -> tuple[str, Run]:
        """Do the next thing; what the page does not offer is another page."""
        labels = {*self.visitor.labels()}
        action = self._pick(ACTIONS)
        if action == "filter" and filters.LABELS["type"] in labels:
            return action, await self._filter()
        if action == "weighting" and WEIGHTING in labels:
            return action, await self.visitor.choose(WEIGHTING, not self.visitor.value(WEIGHTING))
        if action == "control" and self._controls():
            return action, await self._control()
        if action == "search":
            return await self._search(labels)
        if action == "table" and (tables := self._tables()):
            return action, await self._table(self.random.choice(tables))
        return "page", await self.visitor.go(self._page())

    async def look_otherwise(self) -> Run:
        """Change the filters of the page shown, or what it shows where it has none, or show it again."""
        if filters.LABELS["type"] in {*self.visitor.labels()}:
            return await self._filter()
        return await (self._control() if self._controls() else self.visitor.rerun())

    async def _control(self) -> Run:
        label = self.random.choice(self._controls())
        others = [option for option in self.visitor.options(label) if [option] != [*self._chosen(label)]]
        return await self.visitor.choose(label, self.random.choice(others))

    async def _filter(self) -> Run:
        """Change one filter: add a value, put others in its place, or empty it; two filters at most stay in use."""
        used = [name for name in FILTERS if self._chosen(filters.LABELS[name])]
        name = self.random.choice(used) if len(used) > 1 else self._pick(FILTERS)
        label, chosen = filters.LABELS[name], self._chosen(filters.LABELS[name])
        if chosen and self.random.random() < 0.4:
            return await self.visitor.choose(label, [])
        options = [option for option in self.visitor.options(label) if option not in chosen]
        taken = self.random.sample(options, min(len(options), self._pick({1: 6, 2: 3, 3: 1})))
        kept = [*chosen, *taken] if self.random.random() < 0.3 or not taken else taken
        return await self.visitor.choose(label, kept)

    async def _search(self, labels: set[str]) -> tuple[str, Run]:
        """Go to the portraits, look for a territory, or choose one of those found."""
        if SEARCH not in labels:
            return "page", await self.visitor.go("ma-collectivite")
        found = [
            shown.element.label
            for shown in self.visitor.shown.values()
            if shown.kind == "button" and "choisir-" in shown.element.id
        ]
        if found:
            return "search", await self.visitor.choose(self.random.choice(found), True)
        return "search", await self.visitor.choose(SEARCH, self.random.choice(SOUGHT))

    async def _table(self, table: str) -> Run:
        """Fold the table of a figure, or unfold it and take its file, whose making is not part of the run."""
        run = await self.visitor.choose(table, not self.visitor.value(table))
        for label in self.visitor.labels():
            if "CSV" in label and self.visitor.kind(label) == "download_button":
                await self.visitor.take(label)
                break
        return run

    def _tables(self) -> list[str]:
        """Return the tables that can be unfolded, by their key: they all have the same label."""
        ids = [shown.element.id for shown in self.visitor.shown.values() if shown.kind == "expandable"]
        return [id_[id_.index("donnees-") :] for id_ in ids if "donnees-" in id_]

    def _controls(self) -> list[str]:
        """Return the choices that the page itself offers: levels of the map, variables, questions, groups."""
        own = {"Édition", *filters.LABELS.values()}
        return [
            label
            for label in self.visitor.labels()
            if label not in own
            and self.visitor.kind(label) in ("selectbox", "button_group")
            and len(self.visitor.options(label)) > 1
        ]

    def _chosen(self, label: str) -> Sequence[str]:
        held = self.visitor.value(label)
        return [held] if isinstance(held, str) else held or []

    def _page(self) -> str:
        public = {"" if address == menu.FIRST else address: 1 for address in menu.PAGES}
        return self._pick({page: PAGES.get(page, once) for page, once in public.items()})

    def _pick(self, weights: dict[Any, int]) -> Any:
        return self.random.choices([*weights], [*weights.values()])[0]


@dataclass(frozen=True)
class Habits:
    """What visitors have in common.

    Parameters
    ----------
    every : float
        Seconds from the start of an action to that of the next, give or take a fifth.
    stay : pair of float
        Least and most seconds that a visitor is there, before another takes the place; nothing, they all stay.
    guests : int
        How many different visitors there are: later ones do as the first ones did. None, they are all different.
    """

    every: float = EVERY
    stay: tuple[float, float] | None = None
    guests: int | None = None


class Crowd:
    """A process of visitors; whoever made it says how many there must be, and takes what they noted."""

    def __init__(self, addresses: Sequence[str], seed: int = 1, habits: Habits | None = None) -> None:
        self.near, far = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        told = (far, [*addresses], seed, habits or Habits())
        self.process = context.Process(target=_work, args=told, daemon=True)
        self.process.start()
        far.close()

    def aim(self, visitors: int, within: float = EVERY) -> None:
        """Have so many visitors, the new ones arriving within some seconds, the last ones leaving now."""
        self.near.send(("aim", visitors, within))

    def collect(self) -> tuple[list[Wait], dict[str, Any]]:
        """Return what was noted since the last time; and seconds of processor, visitors, losses, failures so far."""
        self.near.send(("collect",))
        return self.near.recv()

    def end(self) -> None:
        self.near.send(("end",))
        self.process.join(timeout=30)
        self.near.close()


def _work(told: Connection, addresses: list[str], seed: int, habits: Habits) -> None:
    asyncio.run(_Attendance(told, addresses, seed, habits).attend())


class _Attendance:
    """The places of a crowd, in its own process: each holds one visitor at a time."""

    def __init__(self, told: Connection, addresses: list[str], seed: int, habits: Habits) -> None:
        self.told, self.addresses, self.seed, self.habits = told, addresses, seed, habits
        self.random = random.Random(seed)
        self.waits: list[Wait] = []
        self.places: list[asyncio.Task[None]] = []
        self.counts = {"arrived": 0, "lost": 0, "failed": 0}
        self.faults: list[str] = []
        self.ended = asyncio.Event()

    async def attend(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_reader(self.told.fileno(), self._hear)
        await self.ended.wait()
        loop.remove_reader(self.told.fileno())
        for place in self.places:
            place.cancel()
        await asyncio.gather(*self.places, return_exceptions=True)

    def _hear(self) -> None:
        try:
            order, *values = self.told.recv()
        except EOFError:
            order = "end"
        if order == "aim":
            wanted, within = values
            while len(self.places) > wanted:
                self.places.pop().cancel()
            missing = wanted - len(self.places)
            for rank in range(missing):
                delay = within * (rank + self.random.random()) / missing
                # The place says which server: as a proxy would by a cookie.
                address = self.addresses[len(self.places) % len(self.addresses)]
                self.places.append(asyncio.create_task(self._hold(address, delay)))
        elif order == "collect":
            spent = resource.getrusage(resource.RUSAGE_SELF)
            gone = [place.exception() for place in self.places if place.done() and not place.cancelled()]
            state = {"seconds": spent.ru_utime + spent.ru_stime, "visitors": len(self.places) - len(gone),
                     **self.counts, "faults": [*self.faults[-5:], *map(repr, gone)]}  # fmt: skip
            self.told.send((self.waits[:], state))
            self.waits.clear()
        else:
            self.ended.set()

    async def _hold(self, address: str, delay: float) -> None:
        """Hold a place, with one visitor after the other, until it is taken away."""
        await asyncio.sleep(delay)
        while True:
            self.counts["arrived"] += 1
            number = self.counts["arrived"] % (self.habits.guests or 10**9)
            await self._live(Guest(self.seed * 10**6 + number, Visitor()), address)

    async def _live(self, guest: Guest, address: str) -> None:
        """Be a visitor: act, wait, act again, until it is time to leave."""
        visitor, due = guest.visitor, time.perf_counter()
        leaving = due + guest.random.uniform(*self.habits.stay) if self.habits.stay else float("inf")
        try:
            while due < leaving:
                late = time.perf_counter() - due
                try:
                    action, run = await (guest.act() if visitor.pages else guest.arrive(address))
                    self.waits.append(Wait(action, visitor.path, run.seconds, late, run.received))
                    if told := [text for text in visitor.texts() if INCIDENT in text]:
                        self._fault("failed", visitor, RuntimeError(told[0]))
                except (LostError, TimeoutError) as error:
                    self._fault("lost", visitor, error)
                    visitor.pages = {}
                except (LookupError, RuntimeError) as error:
                    self._fault("failed", visitor, error)
                due += self.habits.every * guest.random.uniform(0.8, 1.2)
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                # One who waited for long does not make up for it.
                due = max(due, time.perf_counter() - self.habits.every)
        finally:
            await visitor.close()

    def _fault(self, kind: str, visitor: Visitor, error: Exception) -> None:
        self.counts[kind] += 1
        self.faults.append(f"{visitor.address}: {error!r}"[:300])
