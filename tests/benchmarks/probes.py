"""What the benchmarks read from a browser and from a server: messages, processor time, moments of drawing.

What is compared, and how the figures are reported, is in `tests.benchmarks.maps`.
"""

import base64
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request
from playwright.sync_api import Error as PlaywrightError

from tests.browser.visits import LOOPBACK

COMMUNES = 4293
PATIENCE = 180.0
"""Seconds after which a map that has not been coloured is an error."""
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
"""What tells Chromium that no host but this machine has an address."""
QUIET = 1.5
"""Seconds without a message, the script at rest, after which a change is over."""

# The naive map has no marker of its own: it is coloured when every commune has its path.
MARK_PATHS = f"""
if (window !== window.top) setInterval(() => {{
  const marks = document.documentElement.dataset;
  if (window.territoryMap || marks.colouredAt) return;
  const paths = document.querySelectorAll('path.leaflet-interactive');
  if (paths.length >= {COMMUNES})
    requestAnimationFrame(() => requestAnimationFrame(() => {{
      marks.colouredAt = String(performance.timeOrigin + performance.now());
    }}));
}}, 25);
const click = () => {{ window.clickedAt = performance.timeOrigin + performance.now(); }};
window.addEventListener('click', click, true);
"""


BARELY = 150.0
"""Processor time (ms) that a server at rest takes in QUIET seconds, at most."""


@dataclass
class Traffic:
    """Websocket messages of a page."""

    received: int = 0
    sent: int = 0
    last: float = 0.0


@dataclass
class Variant:
    """A map under measurement: where it is served, what to click, what was measured."""

    name: str
    pid: int
    url: str
    prepare: Sequence[tuple[str, str]]
    change: tuple[str, Sequence[str]]
    hosts: set[str] = field(default_factory=set)
    figures: dict[str, list[float]] = field(default_factory=dict)
    page: Page | None = None
    traffic: Traffic = field(default_factory=Traffic)

    def record(self, figure: str, value: float) -> None:
        self.figures.setdefault(figure, []).append(value)


def processor_ms(pid: int) -> float:
    """Return the processor time of a process since its start, user and system, in milliseconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def rest(pids: Sequence[int]) -> None:
    """Wait until servers have nothing left to do: what one still does takes a processor from the next measure."""
    deadline, spent = time.monotonic() + PATIENCE, [0.0]
    while time.monotonic() < deadline:
        before, spent = spent, [processor_ms(pid) for pid in pids]
        # Streamlit at rest takes a few hundredths of a processor.
        if len(before) == len(spent) and all(now - then <= BARELY for then, now in zip(before, spent, strict=True)):
            return
        time.sleep(QUIET)
    raise TimeoutError(f"servers still at work after {PATIENCE:g} s")


def context_of(browser: Browser, variant: Variant) -> BrowserContext:
    """Return a browser context without a cache, which notes every host but loopback; the browser reaches none (ALONE).

    Nothing is intercepted: each request would wait for this process, a third of a second for a page of ours, and for
    an empty page, of fewer files, less.
    """

    def note(asked: Request) -> None:
        host = urlsplit(asked.url).hostname
        if host and host not in LOOPBACK:
            variant.hosts.add(host)

    context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="fr-FR", ignore_https_errors=True)
    context.on("request", note)
    context.add_init_script(MARK_PATHS)
    return context


def listen(page: Page) -> Traffic:
    """Return the counters of the page's websocket, filled as messages pass."""
    traffic = Traffic()

    def received(event: dict[str, Any]) -> None:
        frame = event["response"]
        data = frame["payloadData"]
        traffic.received += len(base64.b64decode(data)) if frame["opcode"] == 2 else len(data.encode())
        traffic.last = time.monotonic()

    def sent(_: dict[str, Any]) -> None:
        traffic.sent += 1
        traffic.last = time.monotonic()

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.webSocketFrameReceived", received)
    session.on("Network.webSocketFrameSent", sent)
    return traffic


def in_frames(page: Page, script: str) -> list[Any]:
    """Return what a script says in each frame of the page but the page's own."""
    answers = []
    for frame in page.frames[1:]:
        try:
            answers.append(frame.evaluate(script))
        except PlaywrightError:
            continue  # the frame went away while it was asked, as the naive one does at each change
    return [answer for answer in answers if answer is not None]


def until(page: Page, condition: Callable[[], Any]) -> Any:
    """Return the first true answer of a condition, asked again and again."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = condition()
        if answer:
            return answer
        page.wait_for_timeout(30)
    raise TimeoutError(f"nothing after {PATIENCE:g} s on {page.url}")


def coloured_after(page: Page, moment: float) -> float:
    """Wait for a drawing later than a moment (ms since 1970); return when it was made."""

    def later() -> float:
        dates = in_frames(page, "Number(document.documentElement.dataset.colouredAt || 0)")
        return max([date for date in dates if date > moment], default=0.0)

    return float(until(page, later))


def settle(page: Page, traffic: Traffic) -> None:
    """Wait until the script rests and nothing has travelled for a while."""

    def quiet() -> bool:
        state = page.locator('[data-testid="stApp"]').get_attribute("data-test-script-state")
        return state == "notRunning" and time.monotonic() - traffic.last > QUIET

    traffic.last = time.monotonic()
    until(page, quiet)


def pick(page: Page, label: str, value: str) -> float:
    """Choose a value of a list, or of a group of buttons; return the moment of the click (ms since 1970)."""
    box = page.get_by_role("combobox", name=label, exact=True)
    if box.count():
        box.click()
        page.get_by_role("option", name=value, exact=True).click()
    else:
        page.get_by_text(value, exact=True).first.click()
    return float(page.evaluate("window.clickedAt"))
