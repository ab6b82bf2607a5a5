"""The application served for a benchmark, and what the machine and the application themselves say of it.

What visitors do there is in `tests.benchmarks.crowd`.
"""

import json
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

from tests.benchmarks.crowd import Crowd, Habits
from tests.benchmarks.probes import processor_ms
from tests.browser.conftest import ENDING, launch

APP = "tests/benchmarks/probed_app.py"


@dataclass
class Server:
    """A served application and what the machine says of it."""

    process: Popen[bytes]
    address: str

    def probe(self, query: str = "") -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.address}_probe?{query}", timeout=120) as answer:
            return json.load(answer)

    def processor(self) -> float:
        """Return the seconds of processor taken since the start."""
        return processor_ms(self.process.pid) / 1000

    def resident(self) -> float:
        """Return the resident memory, in MB."""
        (pages,) = (line for line in self._status() if line.startswith("VmRSS"))
        return int(pages.split()[1]) / 1024

    def _status(self) -> list[str]:
        return Path(f"/proc/{self.process.pid}/status").read_text().splitlines()


@contextmanager
def serving(processes: int, *options: str, **environment: str) -> Iterator[list[Server]]:
    """Serve the application by so many processes, on a store of their own."""
    with ExitStack() as stack:
        depot = stack.enter_context(tempfile.TemporaryDirectory())
        servers = []
        for _ in range(processes):
            process, address = launch(APP, *options, environment={"NUMERIQUE_DEPOT": depot, **environment})
            stack.callback(process.wait, timeout=ENDING)
            stack.callback(process.terminate)
            servers.append(Server(process, address))
        yield servers


@contextmanager
def visited(servers: Sequence[Server], seed: int, habits: Habits | None = None) -> Iterator[Crowd]:
    """Have visitors, none at first, shared among servers one after the other."""
    crowd = Crowd([server.address for server in servers], seed, habits)
    try:
        yield crowd
    finally:
        crowd.end()
