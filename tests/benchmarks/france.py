"""Measures the map and the joins with all the communes of France, and prints the figures as JSON.

`python -m tests.benchmarks.france --topology FILE` takes the topology that `python -m geo.build --region france --out
FOLDER` writes. In a headless Chromium without a GPU: weight, time to the first colours, to other colours, frames while
the map is dragged and zoomed at three scales. In the server: the styles that travel, an answer for each commune joined
to its status, 20,000 declared names matched to communes.
"""

import argparse
import csv
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from playwright.sync_api import Page, sync_playwright

from lib.analysis.levels import statuses
from lib.analysis.selection import EVERYBODY
from lib.display.assets import content
from lib.display.legend import ABSENT, outside
from lib.display.map_arcs import packed
from lib.display.map_wire import compact
from lib.display.maps import payload, script_json
from lib.display.statuses import entries
from lib.survey.edition import load_edition
from lib.territory.region_folder import GEO, ROOT, VARIABLE
from tests.browser.conftest import ARGUMENTS, CHROMIUM

METROPOLE = [[41.3, -5.2], [51.2, 9.7]]
PLACES = {"France": ([46.6, 2.5], 5.75), "region": ([45.2, 0.3], 8), "departement": ([44.84, -0.58], 10)}
"""Where the map is dragged: middle, and zoom at the beginning."""

PAGE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="map.css">
<style>html,body,#map{{height:100%;margin:0}}</style><div id="map"></div><script src="map.js"></script>
<script>
const told = window.told = {{frames: [], drawn: 0}};
const {{shapes, Sheets}} = territoryCanvas;
territoryCanvas.shapes = (topology) => {{
  const start = performance.now();
  const made = shapes(topology);
  told.decoded = performance.now() - start;
  return made;
}};
const {{_show}} = Sheets.prototype;
Sheets.include({{_show() {{ _show.call(this); told.drawn = performance.now(); }}}});
let last = 0;
requestAnimationFrame(function tick(now) {{
  if (told.recording && last) told.frames.push(now - last);
  last = now;
  requestAnimationFrame(tick);
}});
const map = window.map = L.map('map', territoryMap.VIEW);
territoryMap.create(map, {{url: 'france.json', title: 'France', attribution: '', prefectures: [], home: {home}}});
territoryMap.apply({styles});
</script>"""


MIDDLE = """(() => {
  const {width, height} = document.querySelector('canvas');
  return document.querySelector('canvas').getContext('2d').getImageData(width / 2, height / 2, 1, 1).data[3];
})()"""


def styled(codes: Sequence[str], turn: int) -> dict[str, Any]:
    """Return styles of all the communes: nine out of ten have a class, which changes with the turn."""
    listed = [*entries(load_edition().codebook["strategie"])]
    keys = [entry.key for entry in listed if entry.key not in (ABSENT, "hors-selection")]
    places = np.arange(len(codes))
    drawn = [keys[(place * 7 + place // 5 + turn) % len(keys)] for place in places]
    classes = pd.Series(drawn, index=pd.Index(codes), dtype=object)[places % 10 != 0]
    assert outside(ABSENT, "") is not None
    return payload("commune", classes, listed, respondents=dict.fromkeys(codes, 2))


@contextmanager
def served(files: dict[str, tuple[str, bytes]]) -> Iterator[str]:
    """Serve files from memory, compressed, on this machine; give their address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, held = files.get(self.path.lstrip("/").partition("?")[0], ("text/plain", b""))
            self.send_response(200 if held else 404)
            for name, value in (("type", kind), ("encoding", "gzip"), ("length", str(len(held)))):
                self.send_header(f"Content-{name}", value)
            self.end_headers()
            self.wfile.write(held)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def coloured(page: Page, after: int) -> dict[str, float]:
    """Wait until the map was drawn more than `after` times; return how many, and when (ms since the page began)."""
    page.wait_for_function(f"Number(document.documentElement.dataset.coloured || 0) > {after}", timeout=120_000)
    script = "({n: +document.documentElement.dataset.coloured, "
    script += "at: document.documentElement.dataset.colouredAt - performance.timeOrigin})"
    return page.evaluate(script)


def rest(page: Page) -> None:
    """Wait until the map stands, and half a second has passed since its last drawing."""
    still = "!map._animatingZoom && !map.dragging.moving() && performance.now() - told.drawn > 500"
    page.wait_for_function(still, timeout=120_000)


def moved(page: Page) -> dict[str, list[float]]:
    """Drag and zoom the map at each scale as a hand would; return the frames of each, in milliseconds."""
    frames = {}
    for name, (middle, zoom) in PLACES.items():
        page.evaluate("([where, zoom]) => map.setView(where, zoom, {animate: false})", [middle, zoom])
        rest(page)
        page.evaluate("told.frames = []; told.recording = true")
        for step in ((300, 120), (-260, -150), (-200, 180), (220, -100)):
            page.mouse.move(683, 400)
            page.mouse.down()
            page.mouse.move(683 + step[0], 400 + step[1], steps=25)
            page.mouse.up()
            rest(page)
        for button in ("Zoomer", "Dézoomer"):
            page.get_by_role("button", name=button, exact=True).click()
            page.wait_for_timeout(50)
            rest(page)
        frames[name] = page.evaluate("told.recording = false, told.frames")
    return frames


def browsed(topology: dict[str, Any], repeats: int) -> dict[str, Any]:
    """Return what the browser takes to show the map."""
    drawn = {name: topology["objects"][name] for name in ("communes", "departements")}
    text = json.dumps(packed({**topology, "objects": drawn}), ensure_ascii=False, separators=(",", ":"))
    codes = [each["id"] for each in drawn["communes"]["geometries"]]
    order = {"commune": codes}
    changes = [script_json(compact(styled(codes, turn), order)) for turn in range(2)]
    html = PAGE.format(home=json.dumps(METROPOLE), styles=changes[0])
    squeeze = partial(gzip.compress, compresslevel=9)
    files = {
        "": ("text/html", squeeze(html.encode())),
        "map.js": ("text/javascript", squeeze(content(Path("map.js")))),
        "map.css": ("text/css", squeeze(content(Path("map.css")))),
        "france.json": ("application/json", squeeze(text.encode())),
    }
    figures: dict[str, Any] = {"geometry_gzip_bytes": len(files["france.json"][1]), "communes": len(codes)}
    figures["styles_gzip_bytes"] = len(squeeze(changes[1].encode()))
    took: dict[str, list[float]] = {"first_colours_ms": [], "decoded_ms": [], "recoloured_ms": []}
    frames: dict[str, list[float]] = {name: [] for name in PLACES}
    with served(files) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for _ in range(repeats):
            page = browser.new_page(viewport={"width": 1366, "height": 800})
            page.goto(address, wait_until="commit")
            first = coloured(page, 0)
            took["first_colours_ms"].append(first["at"])
            if page.evaluate(MIDDLE) != 255:
                raise ValueError("nothing is drawn in the middle of the map: is the topology where it should be?")
            took["decoded_ms"].append(page.evaluate("told.decoded"))
            for name, each in moved(page).items():
                frames[name] += each
            page.evaluate("([where, zoom]) => map.setView(where, zoom, {animate: false})", [*PLACES["France"]])
            rest(page)
            n = int(page.evaluate("+document.documentElement.dataset.coloured"))
            asked = page.evaluate(f"window.asked = performance.now(), territoryMap.apply({changes[1]}), asked")
            took["recoloured_ms"].append(coloured(page, n)["at"] - asked)
            page.close()
        browser.close()
    figures |= {name: round(statistics.median(each)) for name, each in took.items()}
    shown = {name: np.percentile(each, (50, 95, 100)).round(1).tolist() for name, each in frames.items()}
    return figures | {"frames_ms_median_p95_max": shown}


def cpu_ms(work: Callable[[], Any], repeats: int = 3) -> float:
    """Return the least processor time that some work takes."""
    took = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        took.append(1000 * (time.process_time() - start))
    return round(min(took), 1)


def joined(topology: dict[str, Any]) -> dict[str, float]:
    """Return the processor time of the styles of every commune, and of the status of as many that answered."""
    drawn = topology["objects"]["communes"]["geometries"]
    codes, called = [each["id"] for each in drawn], [each["properties"]["nom"] for each in drawn]
    edition = load_edition()
    communes = edition.respondents[edition.respondents["type"] == "commune"]
    rows = np.resize(communes.index, len(codes))
    names = pd.Index([f"r{place}" for place in range(len(codes))], name="respondent")
    people = communes.loc[rows].assign(territory=codes, nom=called).set_axis(names)
    frames = {name: getattr(edition, name).loc[rows].set_axis(names) for name in ("values", "states")}

    def status() -> None:
        # A new value each time: nothing is remembered of it.
        statuses(replace(edition, respondents=people, **frames), "strategie", EVERYBODY, "commune")

    return {
        "styles_cpu_ms": cpu_ms(lambda: compact(styled(codes, 0), {"commune": codes})),
        "statuses_cpu_ms": cpu_ms(status),
    }


def matched(topology: dict[str, Any]) -> str:
    """Return what `tests.benchmarks.matching` says of all the communes of France."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("region.toml", *(path.name for path in GEO.glob("boundaries.*.json"))):
            shutil.copy(GEO / file, folder)
        for file in ("aliases.csv", "former_communes.csv", "names_elsewhere.csv"):
            with (GEO / file).open(encoding="utf-8") as lines:
                (folder / file).write_text(next(lines), encoding="utf-8")
        with (GEO / "territories.csv").open(encoding="utf-8") as lines:
            columns = next(csv.reader(lines))
        with (folder / "territories.csv").open("w", encoding="utf-8", newline="") as written:
            rows = csv.DictWriter(written, columns, restval="")
            rows.writeheader()
            for kind, nature, level in (("commune", "COM", "communes"), ("departement", "DEP", "departements")):
                for each in topology["objects"][level]["geometries"]:
                    code, said = each["id"], each["properties"]
                    place = code if kind == "departement" else code[: 3 if code.startswith("97") else 2]
                    given = {"code": code, "nom": said["nom"], "type": kind, "nature": nature, "siren": ""}
                    given |= {"population": said.get("pop", 0), "departement": place, "departements": place}
                    # The topology has no postal codes: each commune has its own.
                    given |= {"codes_postaux": code, "taille": "commune-0-999", "partiel": "0", "part_population": "1"}
                    rows.writerow({key: value for key, value in given.items() if key in columns})
        command = [sys.executable, "-m", "tests.benchmarks.matching"]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, VARIABLE: name}, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--topology", type=Path, required=True, help="the TopoJSON of all the communes")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args(arguments)
    topology = json.loads(options.topology.read_text(encoding="utf-8"))
    figures = {"browser": browsed(topology, options.repeats), "server": joined(topology)}
    print(json.dumps({**figures, "names": matched(topology)}, indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
