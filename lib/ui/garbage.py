"""What is kept is left out of the search for garbage: as long as it lasts, every thread of the server waits.

By default Python searches all that lives, editions and figures kept included, each time the living have grown by a
quarter: under load, 0.3 s every seven seconds for all the visitors at once (measured).
"""

import asyncio
import gc
from itertools import count

RECENT = 20_000
"""How many more objects live before the recent ones are searched, 700 by default: hardly any of a run is garbage."""
EVERY = 30.0
"""Seconds after which what lives is left out of the searches to come; nobody waits for it."""
WHOLE = 20
"""Every so many times, ten minutes, all of it is searched: a pause of half a second (measured, forty sessions)."""


def start() -> None:
    """Search less often, and leave what the application is made of out of it."""
    gc.set_threshold(RECENT, *gc.get_threshold()[1:])
    search_all()


def search_all() -> None:
    """Search everything, then leave what lives out of the searches to come."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


async def spare() -> None:
    """Leave out what lives, again and again, until it is cancelled."""
    for times in count(1):
        await asyncio.sleep(EVERY)
        if times % WHOLE:
            gc.freeze()
        else:
            search_all()
