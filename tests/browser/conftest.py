"""A system Chromium and served applications for the browser tests; both are started once for this folder.

Not for the session: while the browser is open, Playwright keeps an event loop that `asyncio.run` elsewhere refuses.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.visits import Visit, loopback_only, visiting

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RESULTS = ROOT / "test-results"
STARTING, ENDING = 240, 40
"""Seconds that a server may take to start, which is 10 to 15 of a processor that others want, and to end: it gives 30
to what is under way."""

# Five seconds are the default: a page that is drawn again may take as much where two tests share two slow cores.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed on this machine; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def serve() -> Iterator[Callable[..., str]]:
    """Give a function that serves an application by its path from the root and returns its address."""
    started: dict[tuple[str, ...], tuple[subprocess.Popen[bytes], str]] = {}

    def start(app: str, *options: str) -> str:
        if (app, *options) not in started:
            started[(app, *options)] = launch(app, *options)
        return started[(app, *options)][1]

    yield start
    for process, _ in started.values():
        process.terminate()
        process.wait(timeout=ENDING)


@contextmanager
def free_port() -> Iterator[int]:
    """Give a port of this machine that nobody else is given meanwhile: the server that is told it may listen there."""
    with socket.socket() as kept:
        # As servers do: a port so bound, where nobody listens, is taken by whoever names it, and given to nobody else.
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        port = int(kept.getsockname()[1])
        if sys.platform != "linux":
            # Elsewhere it would keep the server from it as well.
            kept.close()
        yield port


def launch(
    app: str, *options: str, environment: Mapping[str, str] | None = None, errors: IO[bytes] | None = None
) -> tuple[subprocess.Popen[bytes], str]:
    """Serve an application on a free port of this machine; return its process and its address.

    `environment` is added to that of the tests; what the process says on its error output goes to `errors`, by
    default where that of the tests goes.
    """
    with free_port() as port:
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / app), "--server.headless", "true"]
        command += ["--server.address", "127.0.0.1", "--server.port", str(port), *options]
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        variables = {**os.environ, "PYTHONPATH": path, **(environment or {})}
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=errors)
        path = options[options.index("--server.baseUrlPath") + 1] if "--server.baseUrlPath" in options else ""
        address = f"http://127.0.0.1:{port}/{path + '/' if path else ''}"
        deadline = time.monotonic() + STARTING
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{address}_stcore/health", timeout=2):
                    return process, address
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                # Not ready, or gone: waiting for its end tells which, and paces the questions.
                with suppress(subprocess.TimeoutExpired):
                    raise RuntimeError(f"{app} stopped with code {process.wait(timeout=0.1)}") from None
        process.kill()
        process.wait()
        raise TimeoutError(f"{app} was not healthy after {STARTING} s")


@pytest.fixture
def foreign() -> list[str]:
    """Addresses outside loopback that a page asked for: they are blocked, and the list must stay empty."""
    return []


@pytest.fixture
def page(chromium: Browser, foreign: list[str]) -> Iterator[Page]:
    with chromium.new_context(viewport={"width": 1366, "height": 900}, locale="fr-FR") as context:
        context.route("**/*", lambda route: loopback_only(route, foreign))
        yield context.new_page()


@pytest.fixture(scope="package")
def address(serve: Callable[..., str]) -> str:
    """Give the address of the application, served once for this folder."""
    return serve("app.py")


@contextmanager
def opened_to_the_team(folder: Path) -> Iterator[str]:
    """Serve an application whose machine is of the team, its store new in a folder; give its address."""
    environment = {"NUMERIQUE_EQUIPE_LOCALE": "oui", "NUMERIQUE_DEPOT": str(folder / "depot")}
    process, address = launch("app.py", environment=environment)
    yield address
    process.terminate()
    process.wait(timeout=ENDING)


@pytest.fixture(scope="package")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of an application whose machine is of the team, where nothing is written."""
    with opened_to_the_team(tmp_path_factory.mktemp("depot")) as address:
        yield address


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Give a visit that must neither leave loopback nor complain."""
    with visiting(chromium) as made:
        yield made
        assert made.foreign == []
        assert made.complaints == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Save what the browser showed when a test failed, in test-results/."""
    report = yield
    if report.when == "call" and report.failed and isinstance(item, pytest.Function):
        for value in item.funcargs.values():
            # A page, or what holds one: a visit, or the path and the visit of a view.
            holder = value[-1] if isinstance(value, tuple) and value else value
            shown = getattr(holder, "page", holder)
            if isinstance(shown, Page) and not shown.is_closed():
                RESULTS.mkdir(exist_ok=True)
                name = re.sub(r"[^\w-]+", "-", item.name)
                shown.screenshot(path=RESULTS / f"{name}.png")
                break
    return report
