"""What a deck of twenty slides costs, and what it costs the other visitors meanwhile.

`python -m tests.benchmarks.deck` makes the deck of a sequence of twenty figures, time after time, while another visitor
goes from page to page of the same server; between two decks, that visitor goes alone. It does so with the drawing in
its process of its own, as the dashboard does, and interleaved with the naive way, the drawing in the server's process.
Printed: seconds of a deck, memory at its peak, and how many times longer the reruns of that visitor take meanwhile.
"""

import argparse
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path

from streamlit.runtime import Runtime, RuntimeConfig
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from lib.display.drawing import painter, pictures
from lib.survey.sequences import Sequence, Step, load_sequence
from lib.ui import shows, visitor

SLIDES, SECONDS, MEGABYTES, RATIO = 20, 10, 400, 2
"""The aims: that many slides in less than that time and memory, others' reruns under that many times their own."""
VISITED = ("strategies", "besoins-et-freins", "thematiques")
PAUSE = 0.2
ALONE = 12
"""Reruns of the other visitor alone, between two decks."""


def twenty() -> Sequence:
    """Return a sequence of twenty figures: those of the shipped one, then the same by another group."""
    steps = [step for step in load_sequence().steps if step.figure]
    more = [Step(f"{step.title} (33)", step.page, (*step.query, ("departement", "33")), step.figure) for step in steps]
    return Sequence("banc", "Vingt figures", tuple([*steps, *more][:SLIDES]))


class Other:
    """A visitor who goes from page to page until told to stop, and remembers how long each rerun took."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go)

    def __enter__(self) -> "Other":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def wait(self, reruns: int) -> None:
        """Wait until that many reruns are over."""
        while len(self.seconds) < reruns and self._thread.is_alive():
            self._thread.join(PAUSE)

    def _go(self) -> None:
        turn = 0
        while not self._over.is_set():
            started = time.perf_counter()
            visitor.visit(VISITED[turn % len(VISITED)], {"departement": [("24", "33", "87")[turn % 3]]})
            self.seconds.append(time.perf_counter() - started)
            turn += 1
            self._over.wait(PAUSE)


def start_runtime() -> None:
    """Make the runtime that visits need, without a server."""
    Runtime(RuntimeConfig(visitor.ROUTER, MemoryMediaFileStorage("/media"), MemoryUploadedFileManager("/upload")))


def in_the_server(kind: str, payload: dict, timeout: float = 0) -> str | bytes:
    """Do the work of the painter in this process: the naive way."""
    return painter.WORK[kind](payload)


def deck() -> float:
    """Make the deck; return the seconds it took."""
    started = time.perf_counter()
    shows.deck_of(shows.of_sequence(twenty(), {}, "https://exemple.fr"))
    return time.perf_counter() - started


def peak(pid: int | str) -> float:
    """Return the most memory that a process has held, in MB."""
    return int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def held() -> float:
    """Return the memory that this process holds, in MB."""
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1024


def rounds(times: int) -> dict[str, dict[str, list[float]]]:
    """Return the seconds of decks and of the other's reruns, alone, with our deck and with the naive one."""
    ways: dict[str, Callable[..., str | bytes]] = {"ours": pictures.ask, "naive": in_the_server}
    took: dict[str, dict[str, list[float]]] = {name: {"deck": [], "reruns": []} for name in ("alone", *ways)}
    for _ in range(times):
        for name, ask in ways.items():
            with Other() as other:
                other.wait(ALONE)
            took["alone"]["reruns"] += other.seconds
            pictures.ask = ask
            with Other() as other:
                took[name]["deck"].append(deck())
            took[name]["reruns"] += other.seconds
    pictures.ask = ways["ours"]
    return took


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    times = parser.parse_args().rounds
    start_runtime()
    for page in VISITED:
        visitor.visit(page, {})
    before = held()
    first = deck()
    (child,) = {pid for children in Path("/proc/self/task").glob("*/children") for pid in children.read_text().split()}
    grown = held() - before
    print(f"first deck of {SLIDES} slides: {first:.1f} s (aim {SECONDS} s)")
    drawing = peak(child)
    print(f"memory: {drawing:.0f} MB in the process that draws, {grown:.0f} MB more in the server (aim {MEGABYTES} MB)")
    took = rounds(times)
    alone = statistics.median(took["alone"]["reruns"])
    print(f"another visitor's rerun, alone: median {1000 * alone:.0f} ms ({len(took['alone']['reruns'])} reruns)")
    for name in ("ours", "naive"):
        reruns = took[name]["reruns"]
        print(
            f"{name}: deck {statistics.median(took[name]['deck']):.1f} s; meanwhile a rerun takes "
            f"{statistics.median(reruns) / alone:.2f} times as long (median of {len(reruns)}; aim under {RATIO})"
        )


if __name__ == "__main__":
    main()
