"""The architecture, as a test: imports only go one way, never in a circle, and each library has one owner.

The tables below are the document. Each rule is a function that returns its faults in words; the end of this file
feeds each of them a small faulty source, to show that it can fail.
"""

import ast
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Data walks down this list: a module may import its own room and those above it, never those below.
ROOMS = (
    "territory",  # who exists: reference list, boundaries, matching a declared name to an official code
    "survey",  # what was answered: codebook, reading exports, validation, editions
    "analysis",  # what it means: selection, shares and intervals, facts, coverage
    "display",  # how it looks: French formats, charts, maps, downloads. Values in, values out
    "ui",  # the only room that knows Streamlit: router, filters, blocks, shell
)

# Who may import a library. `geo` and `data` are the scripts that build the boundaries and the simulated edition.
EVERYONE = {"pandas", "numpy"}
OWNERS = {
    "geopandas": {"territory", "geo"},
    "shapely": {"territory", "geo"},
    "topojson": {"geo"},
    "rapidfuzz": {"territory", "survey"},
    "sqlalchemy": {"survey"},
    "alembic": {"survey"},
    "psycopg": {"survey"},
    "pyarrow": {"survey", "ui"},  # Parquet in the store; rows of a chart as Streamlit sends them
    "openpyxl": {"survey"},
    "platformdirs": {"survey"},
    "scipy": {"analysis"},
    "statsmodels": {"analysis"},
    "altair": {"display"},
    "folium": {"display"},
    "branca": {"display"},  # what folium is made of
    "pptx": {"display"},
    "xlsxwriter": {"display"},  # writes the same bytes twice, where openpyxl writes the clock; python-pptx brings it
    "segno": {"display"},
    "vl_convert": {"display"},
    "streamlit": {"ui", "pages", "app"},
    "streamlit_folium": {"ui"},
    "starlette": {"ui"},
    "prometheus_client": {"ui"},
}

# What our own code outside lib/ may import of ours, and the only libraries it may then use.
OURS = {"lib", "pages", "geo", "data", "tests", "app"}
PAGES = {"streamlit", "lib"}
DOOR = {"streamlit", "lib.ui"}
SCRIPTS = {"geo": {"geo"}, "data": {"data", "lib.territory", "lib.survey"}}

LONGEST_MODULE = 300
LONGEST_PAGE = 80


def name_of(path):
    """Return the dotted name of a file: lib/ui/menu.py is lib.ui.menu."""
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return dotted.removesuffix(".__init__")


def place_of(module):
    """Return the room of a module of lib, else its folder: lib.ui.menu is of « ui », pages.methode of « pages »."""
    parts = module.split(".")
    return parts[1] if parts[0] == "lib" and len(parts) > 1 else parts[0]


def imports(source):
    """Return what a source imports, wherever in it: « lib.ui.menu » for `from lib.ui import menu`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (f"{node.module}." if node.module else "")
            found += [f"{origin}{alias.name}" for alias in node.names]
    return found


def within(name, allowed):
    """Return whether an imported name is one of the allowed packages or lies inside one."""
    return any(name == package or name.startswith(f"{package}.") for package in allowed)


def relative_imports(names):
    return [f"relative import of {name}" for name in names if name.startswith(".")]


def upward_imports(module, names):
    """Return the imports of a room below one's own."""
    rank = ROOMS.index(place_of(module))
    return [
        f"{module} must not import {name}"
        for name in names
        if name.startswith("lib.") and ROOMS.index(place_of(name)) > rank
    ]


def foreign_imports(module, names):
    """Return the imports by a module of lib of our own code outside lib."""
    return [f"{module} must not import {name}" for name in names if within(name, OURS - {"lib"})]


def stolen_libraries(module, names):
    """Return the libraries that belong to another place, or to none."""
    faults = []
    for library in sorted({name.split(".")[0] for name in names if not name.startswith(".")}):
        if library in OURS | EVERYONE or library in sys.stdlib_module_names:
            continue
        if place_of(module) not in OWNERS.get(library, ()):
            owners = " or ".join(sorted(OWNERS.get(library, ()))) or "nobody yet: add it to OWNERS"
            faults.append(f"{module} must not import {library}, which belongs to {owners}")
    return faults


def imports_beyond(module, names, allowed):
    return [f"{module} must not import {name}" for name in names if not within(name, allowed)]


def definitions(source):
    """Return the functions and classes that a source defines, wherever in it."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [f"defines {node.name}" for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]


def too_long(module, source, longest):
    lines = len(source.splitlines())
    return [f"{module} has {lines} lines, more than {longest}"] if lines > longest else []


def dependencies(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Return, for each module, the modules of `sources` that it imports."""

    def known(name: str) -> str | None:
        while name and name not in sources:
            name = name.rpartition(".")[0]
        return name or None

    found = {module: [known(name) for name in imports(source)] for module, source in sources.items()}
    return {module: sorted({name for name in names if name and name != module}) for module, names in found.items()}


def circles(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the circles met by walking down every import, each once: « a > b > a »."""
    found: list[str] = []
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> None:
        if module in path:
            found.append(" > ".join((*path[path.index(module) :], module)))
        elif module not in done:
            for name in graph.get(module, ()):
                walk(name, (*path, module))
            done.add(module)

    for module in graph:
        walk(module, ())
    return found


def read(*patterns):
    paths = sorted(path for pattern in patterns for path in ROOT.glob(pattern))
    return {name_of(path): path.read_text(encoding="utf-8") for path in paths}


LIB = read("lib/*/**/*.py")
SHOWN = read("pages/*.py")
BUILT = read("geo/*.py", "data/*.py")
APP = read("app.py")


def test_every_folder_of_lib_is_a_room():
    assert {place_of(module) for module in LIB} == set(ROOMS)
    assert not list((ROOT / "lib").glob("[!_]*.py")), "a module of lib lies in a room"


@pytest.mark.parametrize("module", LIB)
def test_a_module_imports_its_own_room_and_those_above(module):
    names = imports(LIB[module])
    faults = relative_imports(names) + upward_imports(module, names) + foreign_imports(module, names)
    assert faults + stolen_libraries(module, names) + too_long(module, LIB[module], LONGEST_MODULE) == []


def test_no_module_of_lib_imports_itself_through_others():
    assert circles(dependencies(LIB)) == []


@pytest.mark.parametrize("page", SHOWN)
def test_a_page_speaks_streamlit_and_lib_only_and_defines_nothing(page):
    names = imports(SHOWN[page])
    faults = relative_imports(names) + imports_beyond(page, names, PAGES) + definitions(SHOWN[page])
    assert faults + too_long(page, SHOWN[page], LONGEST_PAGE) == []


def test_the_door_opens_on_the_interface_only():
    names = imports(APP["app"])
    assert relative_imports(names) + imports_beyond("app", names, DOOR) + definitions(APP["app"]) == []


@pytest.mark.parametrize("script", BUILT)
def test_a_build_script_keeps_to_its_folder_and_to_the_rooms_it_feeds(script):
    names = imports(BUILT[script])
    ours = [name for name in names if within(name, OURS)]
    faults = relative_imports(names) + imports_beyond(script, ours, SCRIPTS[place_of(script)])
    assert faults + stolen_libraries(script, names) == []


# Each rule seen to fail.


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("lib.survey.edition", "from lib.analysis.shares import shares"),
        ("lib.territory.reference", "import lib.survey.states"),
        ("lib.display.charts", "from lib.ui import menu"),
        ("lib.analysis.facts", "def late():\n    from lib.display import formats"),
    ],
)
def test_an_upward_import_is_seen(module, source):
    (name,) = imports(source)
    assert upward_imports(module, imports(source)) == [f"{module} must not import {name}"]


def test_own_room_and_rooms_above_are_allowed():
    source = "from lib.territory.reference import load_region\nfrom lib.analysis import facts\nimport lib.display.maps"
    assert upward_imports("lib.display.charts", imports(source)) == []


def test_code_outside_lib_is_seen():
    names = imports("from tests import world\nfrom data.generate import main\nimport database")
    assert foreign_imports("lib.survey.edition", names) == [
        "lib.survey.edition must not import tests.world",
        "lib.survey.edition must not import data.generate.main",
    ]


@pytest.mark.parametrize(
    ("module", "source", "fault"),
    [
        ("lib.analysis.shares", "import streamlit as st", "streamlit, which belongs to app or pages or ui"),
        ("lib.ui.figures", "from altair import Chart", "altair, which belongs to display"),
        ("lib.display.maps", "import geopandas", "geopandas, which belongs to geo or territory"),
        ("lib.territory.matching", "import topojson", "topojson, which belongs to geo"),
        ("lib.ui.maps", "import requests", "requests, which belongs to nobody yet: add it to OWNERS"),
        ("data.generate", "from scipy.stats import norm", "scipy, which belongs to analysis"),
    ],
)
def test_a_library_outside_its_owner_is_seen(module, source, fault):
    assert stolen_libraries(module, imports(source)) == [f"{module} must not import {fault}"]


def test_owners_everyone_s_libraries_and_the_standard_ones_are_allowed():
    source = "import json, pandas, folium\nfrom numpy.typing import NDArray\nfrom altair import Chart"
    assert stolen_libraries("lib.display.charts", imports(source)) == []


def test_a_relative_import_is_seen():
    assert relative_imports(imports("from . import menu\nfrom ..survey.edition import Edition\nimport json")) == [
        "relative import of .menu",
        "relative import of ..survey.edition.Edition",
    ]


def test_circles_are_seen_whatever_their_length():
    sources = {
        "lib.ui.a": "from lib.ui import b",
        "lib.ui.b": "from lib.ui.c import thing",
        "lib.ui.c": "import lib.ui.a",
        "lib.ui.d": "from lib.ui.a import other\nimport json",
    }
    assert circles(dependencies(sources)) == ["lib.ui.a > lib.ui.b > lib.ui.c > lib.ui.a"]
    sources["lib.ui.c"] = "import lib.ui.cc"
    assert circles(dependencies(sources)) == []


def test_two_ways_to_the_same_module_are_no_circle():
    assert circles({"top": ["left", "right"], "left": ["below"], "right": ["below"], "below": []}) == []


def test_what_a_page_or_the_door_may_not_import_is_seen():
    names = imports("import streamlit as st\nimport pandas as pd\nfrom lib.analysis.shares import shares")
    assert imports_beyond("pages.one", names, PAGES) == ["pages.one must not import pandas"]
    assert imports_beyond("app", names, DOOR) == [
        "app must not import pandas",
        "app must not import lib.analysis.shares.shares",
    ]


def test_a_definition_is_seen_wherever_it_is():
    source = "if True:\n    class Page:\n        def show(self): ...\nasync def later(): ...\nTABLE = {}"
    assert sorted(definitions(source)) == ["defines Page", "defines later", "defines show"]


def test_a_long_module_is_seen():
    assert too_long("pages.one", "x\n" * 81, LONGEST_PAGE) == ["pages.one has 81 lines, more than 80"]
    assert too_long("pages.one", "x\n" * 80, LONGEST_PAGE) == []
