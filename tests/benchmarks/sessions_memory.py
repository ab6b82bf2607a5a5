"""Tells what a session holds in memory: the growth of the server while many are open, and where it was allocated.

Resident memory is that of a server as it is; allocations are followed by a second one, which is slower and larger.
Called by `python -m tests.benchmarks.sessions --memory`.
"""

import asyncio
from typing import Any

from lib.ui import menu
from tests.benchmarks.crowd import Guest
from tests.benchmarks.serving import Server, serving
from tests.visitors import Visitor

ACTS = 4
"""What each visitor does once it is there."""
TOGETHER = 6
"""Visitors who act at the same time."""
LIMIT = 2.0
"""MB that a session may hold, after the first."""
FORGET = 2
"""Seconds after which a closed session may be forgotten, here; Streamlit's default is two minutes."""


async def tour(server: Server, seed: int) -> None:
    """Be the first visitor: open every public page, change what each shows, and leave."""
    visitor = Visitor()
    await visitor.open(server.address)
    guest = Guest(seed, visitor)
    for page in visitor.pages:
        if page not in menu.TEAM_PAGES:
            await visitor.go(page)
            for _ in range(3):
                await guest.look_otherwise()
    await visitor.close()


async def crowd(server: Server, sessions: int, seed: int) -> list[Visitor]:
    """Return so many visitors who arrived and acted, all still there."""
    gate = asyncio.Semaphore(TOGETHER)

    async def come(rank: int) -> Visitor:
        visitor = Visitor(patience=300)
        guest = Guest(seed * 1000 + rank, visitor)
        async with gate:
            await guest.arrive(server.address)
            for _ in range(ACTS):
                await guest.act()
        return visitor

    return list(await asyncio.gather(*(come(rank) for rank in range(sessions))))


def held(sessions: int, seed: int) -> dict[str, Any]:
    """Return the MB of resident memory: of the server, after the first visitor, with all open, and by session.

    What pages keep of the selections that these sessions ask for is counted too: `allocated` leaves it out.
    """
    with serving(1) as (server,):
        started = server.resident()

        async def story() -> dict[str, Any]:
            await tour(server, seed)
            server.probe("tas")
            first = server.resident()
            visitors = await crowd(server, sessions, seed)
            server.probe("tas")
            there = server.resident()
            await asyncio.gather(*(visitor.close() for visitor in visitors))
            return {
                "sessions": sessions,
                "started": round(started, 1),
                "after_the_first": round(first, 1),
                "open": round(there, 1),
                "mb_per_session": round((there - first) / sessions, 2),
            }

        return asyncio.run(story())


def allocated(sessions: int, seed: int, frames: int = 1) -> dict[str, Any]:
    """Return the MB that sessions hold, once what they ask for is known; how much of it they leave; and where it is.

    The same visitors have come before: pages keep what they asked for already.
    """
    with serving(1, "--server.disconnectedSessionTTL", str(FORGET), SONDE_PILE=str(frames)) as (server,):

        async def story() -> dict[str, Any]:
            await tour(server, seed)
            for visitor in await crowd(server, sessions, seed):
                await visitor.close()
            await gone(server)
            before = server.probe("sites&tas")
            visitors = await crowd(server, sessions, seed)
            there = server.probe("sites&tas")
            await asyncio.gather(*(visitor.close() for visitor in visitors))
            await gone(server)
            after = server.probe("sites&tas")
            grown = {name: there["types"].get(name, 0) - before["types"].get(name, 0) for name in there["types"]}
            return {
                "mb_per_session": round((there["traced"] - before["traced"]) / sessions / 1e6, 3),
                "mb_left_per_session": round((after["traced"] - before["traced"]) / sessions / 1e6, 3),
                "kb_and_places": [[round(size / sessions / 1000, 1), round(count / sessions, 1), *places]
                                  for size, count, *places in there["sites"][:25]],
                "objects_per_session": {name: round(count / sessions, 1)
                                        for name, count in sorted(grown.items(), key=lambda item: -item[1])[:20]},
            }  # fmt: skip

        return asyncio.run(story())


async def gone(server: Server) -> None:
    """Wait until the server has forgotten every session, which it does as others leave."""
    async with asyncio.timeout(120):
        while True:
            await asyncio.sleep(FORGET)
            visitor = Visitor()
            await visitor.open(server.address, "confidentialite")
            await visitor.close()
            if server.probe()["known"] <= 1:
                return
