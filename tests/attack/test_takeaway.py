"""What is taken away says no more than the page: numbers, names, texts, in every file and in the presentations.

A figure hides what `lib.analysis.disclosure` hides; here each file is opened again, and searched for what the screen
did not write. Texts typed by respondents attack every format in its turn.
"""

import ast
import asyncio
import csv
import io
import json
import re
import zipfile
from datetime import date
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree

import geopandas as gpd
import httpx
import openpyxl
import pandas as pd
import pytest
import streamlit as st
from starlette.applications import Starlette
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.display.deck import request as deck
from lib.display.deck import writer
from lib.display.drawing import pictures
from lib.display.figure import MapPicture
from lib.display.files import dossier, workbook
from lib.display.formats import HIDDEN, MASKED
from lib.display.player import document as player
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged
from lib.survey.identity import PREVIEW, Identity
from lib.survey.importing import start_draft
from lib.survey.store.opening import open_store
from lib.ui import menu, presenting, session, shows
from tests.browser import hostile
from tests.region import DEPARTEMENT, WITHOUT_EPCI
from tests.survey import world

# Few respondents, groups of one département, roles, weights: where figures hide the most.
CHOSEN = (
    {"departement": [WITHOUT_EPCI or DEPARTEMENT], "type": ["commune"]},
    {"departement": ["19", "87"], "taille": ["commune-0-499"], "ponderation": ["oui"]},
    {"role": ["elu"], "ponderation": ["oui"]},
)
VIEWS = {
    "strategies": {"niveau": ["perimetre"]},
    "thematiques": {"groupe": ["departement"], "niveau": ["commune"]},
    "besoins-et-freins": {"question": ["freins"], "groupe": ["role"]},
    "croisements": {"lignes": ["besoins"], "colonnes": ["role"]},
    "engagement": {"niveau": ["epci"]},
    "evolution": {"question": ["besoins"]},
}
MEASURED = ("Part", "Marge", "Écart", "Rapport", "Rang moyen", "Effectif efficace")
"""What the columns that measure begin with; counts and bases are looked at apart."""
FORMULA = re.compile(r"^\s*[=+\-@\t\r](?!\d+(,\d+)?$)")


def visiting(asked):
    import streamlit as st

    from lib.ui import shows, visitor

    st.session_state["seen"] = [visitor.visit(page, given, "https://exemple.fr") for page, given in asked]
    st.session_state["shows"] = [shows.of_page(page, given, "https://exemple.fr") for page, given in asked[:2]]


def visit(*asked):
    opened = AppTest.from_function(visiting, default_timeout=120, args=(asked,)).run()
    assert not opened.exception
    return opened.session_state


@cache
def taken():
    """Return each figure with the filters of its page, and two pages as presentations."""
    asked = [(page, {**chosen, **choices}) for chosen in CHOSEN for page, choices in VIEWS.items()]
    told = visit(*asked)
    figures = [(given, figure) for (_, given), seen in zip(asked, told["seen"], strict=True) for figure in seen.figures]
    return figures, told["shows"]


def numbers(row, *beginnings):
    """Return the numbers of a row, under the headings that begin so."""
    return {
        heading: cell
        for heading, cell in row.items()
        if heading.startswith(beginnings) and isinstance(cell, int | float) and cell == cell
    }


def test_no_file_measures_what_the_screen_hides():
    hidden = 0
    for given, figure in taken()[0]:
        screen, file = figure.table().reset_index(drop=True), figure.file().reset_index(drop=True)
        assert len(screen) == len(file)
        for shown, row in zip(screen.to_dict("records"), file.to_dict("records"), strict=True):
            where = (given, figure.name, row)
            few = isinstance(row.get("Base"), str) or row.get("Base", 10) < 10
            if few or MASKED in row.values() or MASKED in shown.values():
                hidden += 1
                assert not numbers(row, *MEASURED), where
            if not figure.level:
                # Who answered for a territory is public; how many said so is not.
                assert all(count == 0 or count >= 3 for count in numbers(row, "Effectif").values()), where
            for heading in set(screen) & set(numbers(row, "")):
                assert str(shown[heading]).strip() not in ("–", "", MASKED, HIDDEN), where
    assert hidden > 50


def typed(content):
    """Return the numbers of a workbook, of all its sheets."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = (cell for sheet in book for row in sheet.values for cell in row)
    return {round(float(cell), 6) for cell in cells if type(cell) in (int, float)}


def test_a_workbook_and_a_csv_hold_the_numbers_of_the_file_and_no_other():
    for given, figure in taken()[0][::7]:
        expected = figure.file()
        known = {round(float(cell), 6) for row in expected.to_dict("records") for cell in numbers(row, "").values()}
        # Small counts are texts in the frame, and typed as counts in the sheet.
        known |= {float(cell) for cell in expected.to_numpy().ravel() if isinstance(cell, str) and cell.isdecimal()}
        found = typed(workbook.workbook([figure], None, figure.stamp))
        assert found <= known, (given, figure.name, found - known)


def test_a_presentation_holds_the_numbers_of_its_tables_and_no_other():
    """Its bars are native: a workbook lies behind each, and rows that are hidden are in none."""
    for show in taken()[1]:
        request = deck.deck_request(show, [None] * len(show.slides))
        content = zipfile.ZipFile(io.BytesIO(writer.deck(request)))
        known = {0.0}
        for slide in show.slides:
            if slide.figure:
                rows = slide.figure.file()
                for row in rows.to_dict("records"):
                    share, low, high = (row.get(name) for name in ("Part", "Marge basse", "Marge haute"))
                    if isinstance(share, float) and share == share:
                        known |= {round(share, 6), round(share - low, 6), round(high - share, 6)}
        for name in content.namelist():
            if name.endswith(".xlsx"):
                found = typed(content.read(name))
                assert found <= known, found - known


def test_a_map_names_no_answer_that_was_refused_and_no_role():
    public = exchanged(load_edition())
    agreed = public.respondents.groupby("territory")["publishable"].all()
    maps = [(given, figure) for given, figure in taken()[0] if isinstance(figure.picture, MapPicture)]
    assert len(maps) >= 6
    for given, figure in maps:
        payload, rows = figure.picture.payload, figure.file().set_index("Code")
        codes, classes = payload["codes"].split(), [int(digit, 36) for digit in payload["classes"]]
        told = {code: payload["palette"][place][2] for code, place in zip(codes, classes, strict=True)}
        answers = rows[rows.columns[rows.columns.isin(("Réponse", "Stade"))][0]]
        refused = answers[~agreed.reindex(answers.index).to_numpy(bool)]
        assert figure.name == "participation-carte" or set(refused) <= {"A répondu (réponse non publiée)"}, given
        # What is sent to be drawn is what the table says, and nothing of the others.
        silent = {code for code, place in zip(codes, classes, strict=True) if place in payload["silent"]}
        assert {code: told[code] for code in told if code not in silent} == {
            code: answer for code, answer in answers.items() if answer not in ("Pas de réponse", "Hors de la sélection")
        }
    (_, of_role), *_ = visit_maps({"role": ["elu"]})
    (_, of_all), *_ = visit_maps({})
    pd.testing.assert_frame_equal(of_role.file(), of_all.file())
    assert of_role.picture.payload == of_all.picture.payload


def visit_maps(given):
    """Return the maps of one page."""
    seen = visit(("strategies", {**given, "niveau": ["commune"]}))["seen"][0]
    return [(given, figure) for figure in seen.figures if isinstance(figure.picture, MapPicture)]


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMERIQUE_DEPOT", str(tmp_path))
    yield open_store(create=True)
    session.forget()


def test_the_visitor_without_a_screen_is_nobody_even_where_the_local_setting_opens_the_team(store, monkeypatch):
    """He has no address and no header: what `lib.ui.access` takes for a visitor of the machine itself."""
    identity = Identity("monde-2026", "Petit monde", "janvier 2026", date(2026, 1, 5), 2026)
    number = start_draft(store, world.export().encode(), identity, who="a@b.example", codebook=world.CODEBOOK)
    monkeypatch.setenv("NUMERIQUE_EQUIPE_LOCALE", "oui")
    monkeypatch.setattr(ContextProxy, "ip_address", None)
    given = {"edition": [f"{PREVIEW}{number}"]}
    seen = visit(("strategies", given), ("participation", given))["seen"]
    for figure in (figure for one in seen for figure in one.figures):
        assert "Petit monde" not in " ".join(figure.stamp.values())
        assert figure.stamp["Mention"] == "Données simulées"
    assert all("Petit monde" not in one.context for one in seen)


def asked(root, path):
    """Return what the routes of presentations answer."""

    async def ask():
        transport = httpx.ASGITransport(app=Starlette(routes=presenting.routes(root)))
        async with httpx.AsyncClient(transport=transport, base_url="https://exemple.fr") as client:
            return await client.get(f"{root}/{path}")

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "place",
    [
        "1",
        "2",
        "0",
        "99999999",
        "1?departement=//evil.example&type=%0d%0aX-Evil:1",
        "1?edition=https://evil.example&x=1",
    ],
)
def test_a_short_address_leads_to_a_page_of_the_dashboard_alone(place):
    for root in ("", "/num"):
        answer = asked(root, f"v/atelier/{place}")
        assert answer.status_code == 302
        path, _, query = answer.headers["location"].partition("?")
        assert path.removeprefix(f"{root}/") in ("", *menu.PAGES)
        assert "x-evil" not in answer.headers
        assert not set("/:\r\n") & set(query)
        assert "x=" not in query


@pytest.mark.parametrize("place", ["9" * 5000, "-1", "1e3", "%0a1"])
def test_what_is_no_place_in_a_sequence_is_no_incident(place):
    assert asked("", f"v/atelier/{place}").status_code in (302, 404)


def test_an_address_too_long_for_a_code_spoils_no_presentation():
    show = taken()[1][0]
    long = [
        shows.replace(slide, address="https://exemple.fr/v/atelier/1?departement=" + "9" * 5000)
        for slide in show.slides
    ]
    told = "".join(player.document(shows.replace(show, slides=tuple(long)), [None] * len(long)))
    assert told.endswith("</html>\n")
    assert '<a class="view"' not in told


class Elements(HTMLParser):
    """Elements of a document: tag, attributes, and the text of scripts."""

    def __init__(self):
        super().__init__()
        self.found, self.scripts = [], []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data):
        if self.found and self.found[-1][0] == "script":
            self.scripts[-1] += data

    def handle_endtag(self, tag):
        if tag == "script":
            self.found.append(("/script", {}))


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """Return what the map of pays says, with its page, in an edition whose every text attacks."""
    folder = tmp_path_factory.mktemp("hostile")
    hostile.write(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUMERIQUE_DATA", str(folder))
        st.cache_resource.clear()
        told = visit(("strategies", {"niveau": ["perimetre"], "zz": [hostile.hostile("address")]}))
        st.cache_resource.clear()
    (seen,), (show,) = told["seen"], told["shows"]
    named = {figure.name: figure for figure in seen.figures}
    assert any("pwned_name_" in name for name in named["strategies-carte"].file()["Territoire"])
    return [named["strategies-carte"], named["strategies-repondants"]], show


def test_hostile_texts_are_texts_in_a_drawing(attacked):
    figures, _ = attacked
    for figure in figures:
        for element in ElementTree.fromstring(pictures.figure_svg(figure)).iter():
            tag = str(element.tag).rpartition("}")[2]
            assert tag in {"svg", "g", "path", "rect", "text", "tspan", "title", "desc", "defs", "pattern", "clipPath",
                           "line", "style"}, tag  # fmt: skip
            assert not {name for name in element.attrib if name.lower().startswith("on") or name.endswith("href")}


def test_hostile_texts_are_texts_in_the_folder_of_a_figure(attacked, tmp_path):
    figures, _ = attacked
    calm = {figure.name: figure for _, figure in taken()[0]}
    for figure in figures:
        with zipfile.ZipFile(io.BytesIO(dossier.dossier(figure, None))) as folder:
            files = {
                name.rpartition(".")[2]: folder.read(name) for name in folder.namelist() if "departements" not in name
            }
        rows = csv.reader(io.StringIO(files["csv"].decode("utf-8-sig")), delimiter=";")
        cells = [cell for row in rows for cell in row]
        for sheet in openpyxl.load_workbook(io.BytesIO(files["xlsx"])):
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                cells.append(cell.value)
        if "geojson" in files:
            for kind in ("geojson", "gpkg"):
                path = tmp_path / f"carte.{kind}"
                path.write_bytes(files[kind])
                cells += gpd.read_file(path).drop(columns="geometry").to_numpy().ravel().tolist()
        assert len(cells) > 50
        assert not [cell for cell in cells if isinstance(cell, str) and FORMULA.match(cell)]
        # The script does what that of the shipped edition does, whatever its constants say.
        done = [doing(files["py"]), doing(redrawn(calm[figure.name]))]
        assert done[0] == done[1], figure.name


def redrawn(figure):
    """Return the script of a figure."""
    with zipfile.ZipFile(io.BytesIO(dossier.dossier(figure, None))) as folder:
        return folder.read("redessiner.py")


def doing(script):
    """Return what a script does, its constants apart: they are values, without a name nor a call."""
    body, done = ast.parse(script).body, []
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.List | ast.Dict):
            ast.literal_eval(node.value)
        else:
            done.append(ast.dump(node))
    return done


def test_hostile_texts_are_texts_in_a_presentation(attacked):
    _, show = attacked
    read = Elements()
    told = "".join(player.document(show, [None] * len(show.slides)))
    read.feed(told)
    allowed = {player.script(name) for name in (player.PLAYER, *player.SCRIPTS)}
    for script in read.scripts:
        if script not in allowed:
            json.loads(script)
    for tag, given in read.found:
        assert tag not in ("iframe", "object", "embed", "base", "form", "link"), (tag, given)
        assert given.get("src", "data:image/").startswith("data:image/"), (tag, given)
        assert not [name for name in given if name.startswith("on")], (tag, given)
        if "href" in given:
            assert given["href"].startswith("https://exemple.fr/"), given
    content = zipfile.ZipFile(io.BytesIO(writer.deck(deck.deck_request(show, [None] * len(show.slides)))))
    for name in content.namelist():
        if name.endswith((".xml", ".rels")):
            root = ElementTree.fromstring(content.read(name))
            assert not [each for each in root.iter() if each.get("TargetMode") == "External"], name
            assert not [each for each in root.iter() if str(each.tag).endswith("hlinkClick")], name
        if name.endswith(".xlsx"):
            for sheet in openpyxl.load_workbook(io.BytesIO(content.read(name))):
                assert all(cell.data_type != "f" and not cell.hyperlink for row in sheet.iter_rows() for cell in row)
