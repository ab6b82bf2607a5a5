"""Pictures of figures: what an SVG says, the size of a PNG, and the process that draws them, through its accidents."""

import json
import os
import re
import signal
import struct
import subprocess
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

import pandas as pd
import pytest
import vl_convert

from lib.display import charts, status_bars
from lib.display.drawing import painter, pictures
from lib.display.drawing.chart_picture import on_paper, parts_of, title_of
from lib.display.drawing.framing import MARGIN
from lib.display.drawing.lettering import text_width
from lib.display.drawing.pictures import Painter, PainterError, PictureError
from lib.display.figure import Figure

TITLE = "De quoi avez-vous besoin\u202f?"
BASE = "base\u202f: 420 répondants"
MARK = "Données simulées"
STAMP = {
    "Mention": MARK,
    "Édition": "Édition 2026",
    "Sélection": "tous les répondants",
    "Répondants et territoires": "sans objet",
    "Unité": "répondants",
    "Pondération": "brut",
    "Protection": "réponses non publiées échangées entre territoires voisins, effectifs sous 3 masqués",
    "Année du code officiel géographique": "2026",
    "Version": "1.0",
    "Date": "29 novembre 2026",
    "Adresse de la vue": "https://exemple.fr/besoins-et-freins?groupe=taille&departement=33",
}
COLUMNS = ["label", "count", "base", "share", "low", "high"]
# 30 % of 420, 15 % of 420.
BARS = pd.DataFrame(
    [("Ingénierie", 126, 420, 0.30, 0.26, 0.34), ("Financement", 63, 420, 0.15, 0.12, 0.19)], columns=COLUMNS
)
HOSTILE = 'Pays <script>alert(1)</script> & "Cie"\x00\x0b\u202e'
SHOWN = 'Pays <script>alert(1)</script> & "Cie"'
SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20"><rect width="10" height="20" fill="red"/></svg>'
)


def figure(rows=BARS, title=TITLE, stamp=STAMP, picture=None, reading="30\u202f% citent «\u202fIngénierie\u202f»."):
    spec = picture or charts.share_bars(rows, title=title, subtitle=f"{BASE} · {MARK}")
    return Figure("besoins", title, BASE, stamp, lambda: rows, lambda: rows, picture=spec, alt=title, reading=reading)


def read(svg):
    return ElementTree.fromstring(svg)


def texts(svg):
    return [
        " ".join("".join(each.itertext()).split(" ")) for each in read(svg).iter("{http://www.w3.org/2000/svg}text")
    ]


def size_of(png):
    assert png[:8] == painter.SIGNATURE
    assert png[12:16] == b"IHDR"
    return struct.unpack(">II", png[16:24])


@pytest.fixture
def drawing():
    made = []

    def start(**options):
        made.append(Painter(**options))
        return made[-1]

    yield start
    for each in made:
        each.stop()


# ---------------------------------------------------------------- what a picture says


@pytest.mark.parametrize("width", [720, 960, 1400])
def test_a_picture_says_what_it_shows_whom_it_counts_and_where_it_comes_from(width):
    svg = pictures.figure_svg(figure(), width)
    assert read(svg).get("width") == str(width)
    said = texts(svg)
    whole = " ".join(said)
    for wanted in (TITLE, MARK, "Ingénierie", "30\u202f%", "Financement", "15\u202f%"):
        assert wanted in said
    assert f"{BASE} · {MARK}" in said
    assert "Comment lire\u202f: 30\u202f% citent «\u202fIngénierie\u202f»." in whole
    for part in (
        "Édition 2026",
        "Pondération\u202f: brut",
        "Code officiel géographique\u202f: 2026",
        "29 novembre 2026",
    ):
        assert part in whole.replace("\u00a0", " ")
    assert "sans objet" not in whole
    assert STAMP["Adresse de la vue"] in whole


@pytest.mark.parametrize("width", [720, 1400])
def test_no_word_around_the_drawing_leaves_the_picture(width):
    stamp = STAMP | {"Sélection": "a" * 400}
    svg = pictures.figure_svg(figure(title=f"{TITLE} " * 12, stamp=stamp, reading="Un mot suit l’autre. " * 30), width)
    height = float(read(svg).get("height"))
    words = [each for each in read(svg) if each.tag.endswith("text")]
    assert len(words) > 6
    for each in words:
        bold = each.get("font-weight") is not None
        across = text_width(each.text or "", float(each.get("font-size")), bold=bold)
        assert float(each.get("x")) + across <= width - MARGIN + 0.01
        assert float(each.get("y")) < height - MARGIN / 2
    titles = [each.text for each in read(svg).iter("{http://www.w3.org/2000/svg}tspan")]
    assert len(titles) > 1
    assert all(text_width(line, 16, bold=True) < width - 2 * MARGIN for line in titles)


def test_a_name_typed_by_a_respondent_is_a_text_and_nothing_else():
    rows = BARS.assign(label=[HOSTILE, "Financement"])
    svg = pictures.figure_svg(figure(rows, title=HOSTILE, stamp=STAMP | {"Sélection": HOSTILE}, reading=HOSTILE))
    assert "<script" not in svg
    assert SHOWN in texts(svg)
    assert sum(SHOWN in line.replace("\u00a0", " ") for line in texts(svg)) >= 3


def test_a_legend_under_the_bars_keeps_its_labels_and_takes_the_width_it_has():
    rows = pd.DataFrame(
        [("Non", 28, 40, 0.7, 0.5, 0.8, "Communes"), ("Formalisée", 12, 40, 0.3, 0.2, 0.5, "Communes")],
        columns=[*COLUMNS, "group"],
    )
    colours = {"Non": "#eddc85", "Formalisée": "#14306a"}
    spec = status_bars.status_bars(rows, title=TITLE, subtitle=BASE, colours=colours)
    # « Formalisée » is 67 px wide at 13 px, 101 px with its square: seven hold in 720 px.
    assert on_paper(spec, 720)["layer"][0]["encoding"]["color"]["legend"]["columns"] == 7
    assert spec["layer"][0]["encoding"]["color"]["legend"]["columns"] == 2
    assert {"Non", "Formalisée", "70\u202f%", "Communes (n = 40)"} <= set(texts(pictures.chart_svg(spec, 720)))


def test_the_title_of_a_chart_is_read_whole_from_its_two_cuts():
    title = 'Une question ] : ["longue" et \\ piégée, ' * 4
    assert title_of(charts.share_bars(BARS, title=title, subtitle=BASE)) == title.strip()
    assert title_of({"title": {"text": ["Deux", "lignes"]}}) == "Deux lignes"


@pytest.mark.parametrize(
    "parts",
    [
        ["base\u202f: 420 répondants", MARK],
        ["bases\u202f: de 252 à 334 territoires, tous niveaux confondus", "brut", MARK],
        ["bases\u202f: de 252 à 334 territoires, sans les réponses", MARK],
        ["En % de chaque colonne", "base\u202f: 407 répondants", "brut", MARK],
        ["mot " * 60 + "fin", MARK],
    ],
)
def test_a_subtitle_is_cut_for_its_own_width(parts):
    spec = charts.share_bars(BARS, title=TITLE, subtitle=" · ".join(parts))
    assert parts_of(spec["title"]["subtitle"]) == parts
    cut = on_paper(spec, 960)["title"]["subtitle"]
    assert all(text_width(line, 13) <= 940 for line in cut)
    assert len(cut) == (1 if len(parts[0]) < 100 else 2)


def test_a_figure_without_a_drawing_has_no_picture():
    with pytest.raises(ValueError, match="besoins"):
        pictures.bare_svg(Figure("besoins", TITLE, BASE, STAMP, BARS.copy, BARS.copy), 720)


# ---------------------------------------------------------------- PNG


def test_a_png_has_the_size_of_its_drawing_times_the_scale():
    assert size_of(pictures.png(SQUARE, 3)) == (30, 60)
    svg = pictures.figure_svg(figure(), 720)
    assert size_of(pictures.figure_png(figure(), 720, 2)) == (1440, round(2 * float(read(svg).get("height"))))


def test_a_png_is_repacked_without_changing_a_pixel():
    drawn = vl_convert.svg_to_png(pictures.figure_svg(figure()), scale=1)
    light = painter.packed(drawn)
    assert len(light) < len(drawn) / 1.5

    def pixels(png):
        found = re.search(rb"(.{4})IDAT", png, re.DOTALL)
        return zlib.decompress(png[found.end() : found.end() + struct.unpack(">I", found[1])[0]])

    assert pixels(light) == pixels(drawn)
    assert vl_convert.svg_to_png(SQUARE)[-12:] == light[-12:]


# ---------------------------------------------------------------- the process that draws


def test_it_imports_nothing_heavy_before_it_is_asked():
    code = "import runpy, sys; runpy.run_path(sys.argv[1]); print({'lib', 'pandas', 'vl_convert'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code, pictures.PROGRAM], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


def test_it_is_replaced_when_it_died(drawing):
    drawn = drawing()
    first = drawn.ask("png", {"svg": SQUARE, "scale": 1})
    before = drawn.pid
    os.kill(before, signal.SIGKILL)
    assert drawn.ask("png", {"svg": SQUARE, "scale": 1}) == first
    assert drawn.pid not in (None, before)


def test_visitors_who_ask_at_once_each_get_their_own_picture(drawing):
    drawn = drawing()

    def ask(place):
        spec = charts.share_bars(BARS, title=f"Visiteur {place}", subtitle=BASE)
        return drawn.ask("svg", {"spec": on_paper(spec, 720)})

    with ThreadPoolExecutor(4) as visitors:
        for place, svg in enumerate(visitors.map(ask, range(8))):
            assert [line for line in texts(svg) if line.startswith("Visiteur")] == [f"Visiteur {place}"]


def test_what_takes_too_long_is_given_up_with_a_sentence_and_the_next_is_made(drawing):
    drawn = drawing()
    with pytest.raises(PictureError, match="à temps"):
        drawn.ask("png", {"svg": SQUARE, "scale": 1}, timeout=0.001)
    assert size_of(drawn.ask("png", {"svg": SQUARE, "scale": 1})) == (10, 20)


def test_it_ends_when_nobody_asks_and_starts_again(drawing):
    drawn = drawing(idle=0.1)
    drawn.ask("png", {"svg": SQUARE, "scale": 1})
    deadline = time.monotonic() + 10
    while drawn.pid and time.monotonic() < deadline:
        time.sleep(0.02)
    assert drawn.pid is None
    assert size_of(drawn.ask("png", {"svg": SQUARE, "scale": 1})) == (10, 20)


@pytest.mark.parametrize(
    ("kind", "payload", "fault"),
    [
        ("gif", {}, "KeyError"),
        (
            "png",
            {"svg": SQUARE.replace("<rect", '<image href="file:///etc/hostname"/><rect'), "scale": 1},
            "ValueError",
        ),
        ("svg", {"spec": {"mark": "nothing"}}, "ValueError"),
    ],
)
def test_what_cannot_be_made_is_said_in_french_with_its_cause_and_the_process_stays(kind, payload, fault):
    pictures.png(SQUARE)
    with pytest.raises(PictureError, match="L’image n’a pas pu être faite") as raised:
        pictures.ask(kind, payload)
    assert isinstance(raised.value.__cause__, PainterError)
    assert raised.value.__cause__.kind == fault
    assert size_of(pictures.png(SQUARE, 1)) == (10, 20)


def test_a_chart_fetches_nothing():
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps([{"a": 1}]).encode())

        def log_message(self, *args): ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        spec = {"data": {"url": f"http://127.0.0.1:{server.server_port}/a.json"}, "mark": "bar", "encoding": {}}
        with pytest.raises(PictureError):
            pictures.ask("svg", {"spec": spec})
        server.shutdown()
        serving.join()
    assert asked == []
