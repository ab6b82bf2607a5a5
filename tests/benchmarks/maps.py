"""Measures our map against the naive one, interleaved in the same run, and prints the figures as JSON.

`python -m tests.benchmarks.maps --repeats 5` measures the map of the page Stratégies of the real application; with
`--app tests/browser/map_app.py`, a page made of a map alone; with `--proxy`, all of them behind nginx as `deploy/`
configures it. Linux only: processor times are in /proc.
"""

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import folium
from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.probes import (
    ALONE,
    Variant,
    coloured_after,
    context_of,
    in_frames,
    listen,
    pick,
    processor_ms,
    rest,
    settle,
)
from tests.benchmarks.proxy import behind
from tests.browser.conftest import ARGUMENTS, CHROMIUM, launch

DEFAULT_KEPT = "10000"
"""Bytes from which Streamlit sends a message once, unless told otherwise as our application is."""


def load(variant: Variant, page: Page, figure: str) -> None:
    """Open the page and measure the time to the first colours."""
    start = time.time() * 1000
    page.goto(variant.url)
    variant.record(figure, coloured_after(page, start) - start)


def open_page(browser: Browser, variant: Variant) -> None:
    """Open the page that the changes are measured on, at the level that is asked for."""
    variant.page = context_of(browser, variant).new_page()
    variant.traffic = listen(variant.page)
    variant.page.goto(variant.url)
    coloured_after(variant.page, 0)
    settle(variant.page, variant.traffic)
    for label, value in variant.prepare:
        coloured_after(variant.page, pick(variant.page, label, value))
        settle(variant.page, variant.traffic)


def measure_change(variant: Variant, turn: int) -> None:
    """Zoom, then choose another value: bytes, processor time, time to the new colours, zoom kept or lost."""
    page, traffic = variant.page, variant.traffic
    assert page is not None
    label, values = variant.change
    in_frames(page, f"window.map ? (window.map.setZoom({8 + turn % 2}), 1) : null")
    settle(page, traffic)
    zoom = in_frames(page, "window.map ? window.map.getZoom() : null")
    received, spent = traffic.received, processor_ms(variant.pid)
    clicked = pick(page, label, values[(turn + 1) % len(values)])
    variant.record("select_to_recoloured_ms", coloured_after(page, clicked) - clicked)
    settle(page, traffic)
    variant.record("bytes_per_change", traffic.received - received)
    variant.record("server_cpu_per_change_ms", processor_ms(variant.pid) - spent)
    variant.record("zoom_kept", float(in_frames(page, "window.map ? window.map.getZoom() : null") == zoom))


def measure_view(variant: Variant) -> None:
    """Drag the map, then zoom: messages sent (each is a rerun) and bytes received."""
    page, traffic = variant.page, variant.traffic
    assert page is not None
    frame = page.locator("iframe").last
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    sent, received = traffic.sent, traffic.received
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=5)
    page.mouse.up()
    settle(page, traffic)
    variant.record("reruns_per_pan", traffic.sent - sent)
    variant.record("bytes_per_pan", traffic.received - received)
    sent, received = traffic.sent, traffic.received
    in_frames(page, "window.map ? (window.map.zoomIn(), 1) : null")
    settle(page, traffic)
    variant.record("reruns_per_zoom", traffic.sent - sent)
    variant.record("bytes_per_zoom", traffic.received - received)


def measure_loads(browser: Browser, variant: Variant, pids: Sequence[int]) -> None:
    """Open the page with an empty cache, then again with what the browser kept; no server is at work meanwhile."""
    context = context_of(browser, variant)
    for figure in ("cold_load_ms", "warm_load_ms"):
        rest(pids)
        page = context.new_page()
        load(variant, page, figure)
        settle(page, variant.traffic)
        page.close()
    context.close()


def empty_load_ms(browser: Browser, url: str) -> float:
    """Return the time to the text of an empty Streamlit page, with an empty cache."""
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    start = time.time() * 1000
    page.goto(url)
    page.get_by_text("Page vide").wait_for()
    elapsed = time.time() * 1000 - start
    context.close()
    return elapsed


def default_hosts() -> list[str]:
    """Return the hosts that folium's default scripts and styles come from."""
    links = [link for _, link in (*folium.Map.default_js, *folium.Map.default_css)]
    return sorted({urlsplit(link).hostname or "" for link in links})


def report(ours: Variant, naive: Variant, empty: Sequence[float], repeats: int) -> dict[str, Any]:
    """Return medians of both variants and their ratio, « naive / ours », for each figure."""
    figures: dict[str, Any] = {}
    for figure in naive.figures:
        slow, fast = (statistics.median(variant.figures[figure]) for variant in (naive, ours))
        ratio = round(slow / fast, 1) if fast else None
        figures[figure] = {
            "naive": round(slow, 1),
            "ours": round(fast, 1),
            "naive_over_ours": ratio,
            "all_ours": [round(value) for value in ours.figures[figure]],
        }
    return {
        "repeats": repeats,
        "measured": ours.url,
        "empty_page_cold_load_ms": round(statistics.median(empty)),
        "cold_load_after_empty_page_ms": round(
            statistics.median(ours.figures["cold_load_ms"]) - statistics.median(empty)
        ),
        "figures": figures,
        "third_party_hosts": {
            "naive": sorted(naive.hosts),
            "naive_defaults_not_asked_here": default_hosts(),
            "ours": sorted(ours.hosts),
        },
    }


def assignment(text: str) -> tuple[str, str]:
    """Read « Niveau=commune »."""
    label, _, value = text.partition("=")
    return label, value


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--app", default="app.py", help="our application, from the root")
    parser.add_argument("--page", default="strategies", help="path of the page of app.py that holds the map")
    parser.add_argument("--prepare", type=assignment, nargs="*", help="choices before measuring, « Niveau=commune »")
    parser.add_argument("--proxy", action="store_true", help="measure through nginx, compressed and encrypted")
    parser.add_argument("--change", type=assignment, help="list and values to go through, « Variable=1,2,3 »")
    options = parser.parse_args(arguments)
    alone = options.app != parser.get_default("app")
    prepare = options.prepare if options.prepare is not None else [("Niveau", "commune")] if alone else []
    real_change = ("Niveau de la carte", "Intercommunalités,Communes")
    label, values = options.change or (("Variable", "0,1,2,3") if alone else real_change)

    servers = [
        launch("tests/benchmarks/naive_app.py", "--global.minCachedMessageSize", DEFAULT_KEPT),
        launch(options.app),
        launch("tests/benchmarks/empty_page.py"),
    ]
    (naive_server, _), (our_server, _), _ = servers
    pids = [process.pid for process, _ in servers]
    fronts = ExitStack()
    naive_url, our_url, empty_url = (fronts.enter_context(behind(url)) if options.proxy else url for _, url in servers)
    naive = Variant("naive", naive_server.pid, naive_url, (), ("Variable", ("0", "1", "2", "3")))
    ours = Variant(
        "ours",
        our_server.pid,
        our_url + ("" if alone else options.page.lstrip("/")),
        prepare,
        (label, values.split(",")),
    )
    empty: list[float] = []
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, ALONE])
            empty_load_ms(browser, empty_url)
            for variant in (naive, ours):
                context = context_of(browser, variant)
                load(variant, context.new_page(), "first_visit_of_the_process_ms")
                context.close()
            for _ in range(options.repeats):
                rest(pids)
                empty.append(empty_load_ms(browser, empty_url))
                for variant in (naive, ours):
                    measure_loads(browser, variant, pids)
            for variant in (naive, ours):
                open_page(browser, variant)
                measure_view(variant)
            for turn in range(options.repeats):
                for variant in (naive, ours):
                    measure_change(variant, turn)
            browser.close()
    finally:
        fronts.close()
        for process, _ in servers:
            process.terminate()
    print(json.dumps(report(ours, naive, empty, options.repeats), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
