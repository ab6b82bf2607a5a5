"""Measures how many visitors at once a server bears, what each costs, and whether hours of them leave anything behind.

`python -m tests.benchmarks.sessions` looks for the most sessions, each acting every five seconds, for which 95 % of the
reruns take less than a second from sending to their end, by one process, then by two on the same machine, which the
clients share. `--sessions 60` measures that number alone; `--processes` one or two alone. `--naive` compares, in turns,
the same application without what was chosen for many sessions; `--memory` tells what a session holds; `--soak 60` has
visitors come and go for so many minutes and tells what grew.

Sessions are real ones, of `tests.benchmarks.crowd`: diverse filters, all public pages in the proportions written
there. Pages and styles that browsers keep are not asked for again. Figures are written as JSON, then in sentences.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lib.ui import menu
from tests.benchmarks import sessions_memory, soak
from tests.benchmarks.crowd import EVERY, Crowd, Guest, Wait
from tests.benchmarks.probes import processor_ms
from tests.benchmarks.serving import Server, serving, visited
from tests.visitors import Visitor

SLOW = 1.0
"""Seconds under which 95 % of the reruns must be."""
SESSIONS, GAIN = 60, 1.6
"""Sessions that a process must bear, and how many times more two processes must."""
SETTLING = 12.0
"""Seconds after visitors arrived, before they are measured: their first pages are another matter."""
CLOSE = 0.06
"""Part of the sessions that is not told apart."""


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value under which a part of the values are, the highest for want of enough of them."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


@dataclass
class Window:
    """What a number of visitors did, and what it took, during some seconds."""

    sessions: int
    processes: int
    seconds: float
    waits: list[Wait]
    runs: list[tuple[str, bool, float, float]]
    server: float
    clients: float
    faults: list[str]

    @property
    def reruns(self) -> list[Wait]:
        return [wait for wait in self.waits if wait.action != "open"]

    def slowest(self, part: float) -> float:
        return percentile([wait.seconds for wait in self.reruns], part)

    def figures(self) -> dict[str, Any]:
        """Return the figures to write: seconds, processor milliseconds, kilobytes."""
        reruns = self.reruns
        return {
            "sessions": self.sessions,
            "processes": self.processes,
            "reruns": len(reruns),
            "reruns_per_second": round(len(reruns) / self.seconds, 2),
            "p50": round(self.slowest(0.5), 3),
            "p95": round(self.slowest(0.95), 3),
            "p99": round(self.slowest(0.99), 3),
            "late_p95": round(percentile([wait.late for wait in reruns], 0.95), 3),
            "server_ms_per_rerun": round(1000 * self.server / max(1, len(self.waits)), 1),
            "server_load": round(self.server / self.seconds, 2),
            "clients_load": round(self.clients / self.seconds, 2),
            "received_kb_per_rerun": round(statistics.fmean(wait.received for wait in reruns) / 1000, 1),
            "faults": self.faults,
        }

    def by_page(self) -> dict[str, dict[str, float]]:
        """Return the processor milliseconds of the script, median and 95th percentile, by page and part of a page."""
        spent = defaultdict(list)
        for page, part, processor, _ in self.runs:
            spent[f"/{page}{' (part)' if part else ''}"].append(1000 * processor)
        told = {
            page: {"runs": len(of), "p50": round(statistics.median(of), 1), "p95": round(percentile(of, 0.95), 1),
                   "total": round(sum(of))}
            for page, of in spent.items()
        }  # fmt: skip
        return dict(sorted(told.items(), key=lambda item: -item[1]["total"]))


def measure(crowd: Crowd, servers: Sequence[Server], sessions: int, seconds: float) -> Window:
    """Have so many visitors, let them settle, then note what they do for some seconds."""
    crowd.aim(sessions)
    _wait(EVERY + SETTLING)
    crowd.collect()
    for server in servers:
        server.probe()
    begun, before = time.monotonic(), sum(server.processor() for server in servers)
    clients = _clients(crowd)
    _wait(seconds)
    waits, state = crowd.collect()
    spent, elapsed = sum(server.processor() for server in servers) - before, time.monotonic() - begun
    runs = [tuple(run) for server in servers for run in server.probe()["runs"]]
    faults = state["faults"] if state["lost"] + state["failed"] else []
    return Window(sessions, len(servers), elapsed, waits, runs, spent, _clients(crowd) - clients, faults)


def most(crowd: Crowd, servers: Sequence[Server], seconds: float, first: int) -> tuple[Window, list[Window]]:
    """Return the measure of the most sessions that are served in time, and all the measures that led to it.

    Where none are, that of the fewest tried.
    """
    tried: list[Window] = []

    def borne(sessions: int) -> bool:
        tried.append(measure(crowd, servers, sessions, seconds))
        say(tried[-1])
        return tried[-1].slowest(0.95) < SLOW

    found = largest(borne, first)
    return next((window for window in tried if window.sessions == found), tried[-1]), tried


def largest(borne: Callable[[int], bool], first: int) -> int:
    """Return about the largest number that is borne, 0 if none: by steps of a third, then by halves."""
    low, high, sessions = 0, 0, first
    while not (low and high) and sessions > 2:
        if borne(sessions):
            low, sessions = sessions, round(sessions * 4 / 3)
        else:
            high, sessions = sessions, round(sessions * 3 / 4)
    while low and high - low > max(2, CLOSE * low):
        middle = (low + high) // 2
        low, high = (middle, high) if borne(middle) else (low, middle)
    return low


def _wait(seconds: float) -> None:
    """Let visitors visit: here, time is what is measured, not what is waited for."""
    time.sleep(seconds)


def _clients(crowd: Crowd) -> float:
    return processor_ms(crowd.process.pid or 0) / 1000


def say(window: Window) -> None:
    told = window.figures()
    print(
        f"  {told['sessions']:4d} sessions, {told['processes']} process(es): {told['reruns']} reruns, "
        f"p50 {told['p50']:.2f} s, p95 {told['p95']:.2f} s, p99 {told['p99']:.2f} s; "
        f"{told['server_ms_per_rerun']:.0f} ms of processor each, servers {told['server_load']:.2f} and clients "
        f"{told['clients_load']:.2f} of a core{'; ' + str(told['faults']) if told['faults'] else ''}",
        file=sys.stderr,
        flush=True,
    )


def by_processes(processes: Sequence[int], sessions: int, seconds: float, seed: int) -> dict[str, Any]:
    """Measure one process, two, or both: a fixed number of sessions, or, for none, the most that are served in time."""
    found: dict[str, Any] = {}
    for many in processes:
        with serving(many) as servers, visited(servers, seed) as crowd:
            if sessions:
                best = measure(crowd, servers, sessions, seconds)
                say(best)
                tried = [best]
            else:
                first = round(SESSIONS * 0.75 * (1 if many == 1 else 1.6))
                best, tried = most(crowd, servers, seconds, first)
            found[str(many)] = {
                **best.figures(), "by_page": best.by_page(), "tried": [window.figures() for window in tried]
            }  # fmt: skip
    if not sessions and len(processes) == 2:
        found["gain"] = round(found["2"]["sessions"] / found["1"]["sessions"], 2)
    return found


def costs(turns: int, seed: int) -> dict[str, dict[str, float]]:
    """Return the milliseconds of processor of a rerun of each page, its filters changed each time, by one visitor.

    Those of the script, then those of the whole server, where messages are sent too: what others do on the machine
    hardly changes them.
    """
    found = {}
    with serving(1) as (server,):
        visitor, guest_of = Visitor(), random.Random(seed)

        async def visit() -> None:
            await visitor.open(server.address)
            for page in [*visitor.pages]:
                if page in menu.TEAM_PAGES:
                    continue
                await visitor.go(page)
                guest = Guest(guest_of.randrange(10**9), visitor)
                server.probe()
                before, received = server.processor(), visitor.received
                for _ in range(turns):
                    await guest.look_otherwise()
                spent = server.processor() - before
                scripts = [1000 * processor for _, _, processor, _ in server.probe()["runs"]]
                found["/" + page] = {
                    "script": round(statistics.fmean(scripts), 1),
                    "server": round(1000 * spent / len(scripts), 1),
                    "kb": round((visitor.received - received) / len(scripts) / 1000, 1),
                }
            await visitor.close()

        asyncio.run(visit())
    return found


def beside(other: str, sessions: int, seconds: float, seed: int, rounds: int = 3) -> dict[str, Any]:
    """Measure the application and another one in turns, with the same visitors; return medians and ratios.

    `other` is a variable of `tests.benchmarks.probed_app` and its value.
    """
    name, _, value = other.partition("=")
    turns: dict[str, list[Window]] = {"ours": [], "other": []}
    with (
        serving(1) as ours,
        serving(1, **{name: value}) as others,
        visited(ours, seed) as near,
        visited(others, seed) as far,
    ):
        for _ in range(rounds):
            for which, crowd, servers in (("ours", near, ours), ("other", far, others)):
                turns[which].append(measure(crowd, servers, sessions, seconds))
                say(turns[which][-1])
                crowd.aim(0)
    told = {
        which: {key: statistics.median(window.figures()[key] for window in windows)
                for key in ("p50", "p95", "server_ms_per_rerun")}
        for which, windows in turns.items()
    }  # fmt: skip
    ratios = {key: round(told["other"][key] / told["ours"][key], 2) for key in told["ours"]}
    return {"is": other, **told, "other_over_ours": ratios}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=0, help="this many, rather than the most that are served")
    parser.add_argument("--processes", type=int, choices=(1, 2), help="one server or two; both by default")
    parser.add_argument("--seconds", type=float, default=40, help="length of each measure")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--costs", type=int, metavar="TURNS", help="processor of one visitor's reruns, by page")
    parser.add_argument(
        "--memory", action="store_true", help="what a session holds, by resident memory and by allocation"
    )
    parser.add_argument(
        "--soak", type=float, nargs="?", const=60.0, metavar="MINUTES", help="visitors come and go: what grows"
    )
    parser.add_argument("--naive", action="store_true", help="compare with the application without its settings")
    parser.add_argument("--beside", metavar="NAME=VALUE", help="compare, in turns, with one so set; see probed_app.py")
    arguments = parser.parse_args()
    if arguments.costs:
        found: dict[str, Any] = {"costs": costs(arguments.costs, arguments.seed)}
    elif arguments.memory:
        many = arguments.sessions or SESSIONS
        found = {"memory": sessions_memory.held(many, arguments.seed),
                 "allocated": sessions_memory.allocated(many, arguments.seed)}  # fmt: skip
    elif arguments.soak:
        found = {"soak": soak.soak(arguments.soak, soak.Pace() if arguments.soak >= 10 else soak.SHORT, arguments.seed)}
    elif arguments.naive or arguments.beside:
        other = arguments.beside or "SONDE_NAIVE=oui"
        found = {"beside": beside(other, arguments.sessions or 20, arguments.seconds, arguments.seed)}
    else:
        many = (arguments.processes,) if arguments.processes else (1, 2)
        found = by_processes(many, arguments.sessions, arguments.seconds, arguments.seed)
    print(json.dumps(found, indent=1))
    if "memory" in found:
        told, alone = found["memory"], found["allocated"]["mb_per_session"]
        print(
            f"{told['mb_per_session']} MB a session after the first (target: {sessions_memory.LIMIT:g}), "
            f"of which {alone} are held by the session itself"
        )
    if "beside" in found:
        print(f"{found['beside']['is']} over ours: {found['beside']['other_over_ours']}")
    if "soak" in found:
        told = found["soak"]
        much = ", ".join(told["grown"]) or "nothing"
        print(f"{told['sessions_come']} sessions came in {told['minutes']:g} minutes; what grew too much: {much}")
    for many in ("1", "2"):
        if many in found:
            told = found[many]
            target = f" (target: {SESSIONS})" if many == "1" else ""
            print(
                f"{told['sessions']} sessions on {many} process(es){target}: p95 {told['p95']} s (target: < {SLOW:g} s)"
            )
    if "gain" in found:
        print(f"two processes bear {found['gain']} times as many sessions as one (target: {GAIN})")


if __name__ == "__main__":
    main()
