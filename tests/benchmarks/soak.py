"""Has visitors come and go for a long time, and tells what grows in the server while it should not.

The same visitors come again and again, so that what the server keeps of the selections asked for is kept once they have
all come: what still grows then is left behind by sessions. Called by `python -m tests.benchmarks.sessions --soak`.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.benchmarks.crowd import EVERY, Habits
from tests.benchmarks.serving import Server, serving, visited

WARM = 1 / 3
"""Part of the time after which nothing may grow."""

# What may be told as growth over the time after that: a part of the mean, or so many. Of what is not fitted, two thirds
# of what a fitted line might show.
PARTS = {"resident": 0.05, "objects": 0.1 * 2 / 3}
NUMBERS = {"files": 2, "sessions": 2, "threads": 2, "known": 2, "media": 6, "awaited": 26, "askers": 4}
FITTED = ("resident",)
"""What hardly ever comes down; the others come and go."""


@dataclass(frozen=True)
class Pace:
    """How visitors come and go: how many at once, how many different ones, how they act, how long one stays."""

    sessions: int = 25
    guests: int = 40
    every: float = EVERY
    stay: tuple[float, float] = (60.0, 300.0)
    forgotten: int = 120
    """Seconds after which the server forgets a session that was closed; Streamlit's default."""


SHORT = Pace(sessions=8, guests=8, every=1.0, stay=(4.0, 8.0), forgotten=2)
"""For tests: as many comings and goings in a minute as in a quarter of an hour."""


def soak(minutes: float, pace: Pace, seed: int = 1, **environment: str) -> dict[str, Any]:
    """Return what was seen, all along and once all have left, what it grew by, and what grew too much."""
    habits = Habits(pace.every, pace.stay, pace.guests)
    seconds, samples, types = minutes * 60, [], []
    counted = {"SONDE_TAS": "oui", **environment}
    with serving(1, "--server.disconnectedSessionTTL", str(pace.forgotten), **counted) as (server,):
        with visited([server], seed, habits) as crowd:
            # Once it answers: its process takes a part of the warm-up to start.
            crowd.collect()
            begun = time.monotonic()
            crowd.aim(pace.sessions, within=pace.stay[1])
            while (now := time.monotonic() - begun) < seconds:
                time.sleep(max(2.0, seconds / 60))
                seen, kinds = look(server)
                samples.append({"at": now, **seen})
                if now > WARM * seconds:
                    types.append(kinds)
            waits, state = crowd.collect()
        return {
            "minutes": minutes,
            "sessions_come": state["arrived"],
            "reruns": len(waits),
            "faults": [state["lost"], state["failed"], *state["faults"]],
            "first": samples[0],
            "warm": next(sample for sample in samples if sample["at"] > WARM * seconds),
            "last": samples[-1],
            "growth": growths(samples, WARM * seconds),
            "grown": grown(samples, WARM * seconds),
            "types": more(types),
        }


def look(server: Server) -> tuple[dict[str, float], dict[str, int]]:
    """Return what the server holds: MB, objects, open files, threads, sessions, files to take away; objects by type.

    Of the open files: those beside what each session in memory holds. Of the sessions: those in memory, and those that
    are known. Of the files to take away: those made, those that may be asked for, and the sessions that may.
    """
    told = server.probe("tas")
    return {
        "resident": round(server.resident(), 1),
        "objects": told["objects"],
        "files": told["beside"],
        "sessions": told["sessions"],
        "threads": told["threads"],
        "known": told["known"],
        "media": told["files"],
        "awaited": told["awaited"],
        "askers": told["askers"],
    }, told["types"]


def growths(samples: Sequence[Mapping[str, float]], after: float) -> dict[str, float]:
    """Return by how much each figure grew after a moment.

    By the line fitted to it (least squares); or, for what is many at one instant and few at the next, by how much the
    lowest of the last third of the samples is above that of the first third: two thirds of a steady growth.
    """
    kept = [sample for sample in samples if sample["at"] >= after]
    at = np.array([sample["at"] for sample in kept])
    third = max(1, len(kept) // 3)

    def growth(name: str) -> float:
        seen = [sample[name] for sample in kept]
        if name in FITTED:
            return round(float(np.polyfit(at, seen, 1)[0] * (at[-1] - at[0])), 1)
        return min(seen[-third:]) - min(seen[:third])

    return {name: growth(name) for name in (*PARTS, *NUMBERS)}


def grown(samples: Sequence[Mapping[str, float]], after: float) -> list[str]:
    """Return the names of the figures that grew by more than is tolerated."""
    kept = [sample for sample in samples if sample["at"] >= after]
    borne = {name: part * float(np.mean([sample[name] for sample in kept])) for name, part in PARTS.items()} | NUMBERS
    return [name for name, growth in growths(samples, after).items() if growth > borne[name]]


def more(types: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Return the types of which there are more in the second half of the samples, by how many, the most first."""
    half = len(types) // 2
    names = {name for kinds in types for name in kinds}

    def mean(name: str, among: Sequence[Mapping[str, int]]) -> float:
        return float(np.mean([kinds.get(name, 0) for kinds in among]))

    by = {name: round(mean(name, types[half:]) - mean(name, types[:half])) for name in names}
    return dict(sorted(((name, count) for name, count in by.items() if count > 20), key=lambda one: -one[1])[:15])
