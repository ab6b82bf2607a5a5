"""Visits of the pages through the router, as an address would open them, and what a visitor then reads."""

import json
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from lib.ui.menu import FOLDER, PAGES, TEAM_PAGES
from tests.region import DEPARTEMENT, WITHOUT_EPCI

ROUTER = Path(__file__).resolve().parents[2] / "lib" / "ui" / "router.py"


def visit(address, **parameters):
    """Open a page at its address with query parameters, each a code or a list of codes."""
    opened = AppTest.from_file(ROUTER, default_timeout=60)
    # Pages are known to AppTest by file, and only once the router has run; an empty selection runs fastest.
    opened.query_params["type"] = "epci"
    opened.query_params["departement"] = WITHOUT_EPCI or DEPARTEMENT
    opened.run()
    opened.query_params.clear()
    for name, value in parameters.items():
        opened.query_params[name] = value
    file, *_ = {**PAGES, **TEAM_PAGES}[address]
    opened.switch_page(str(FOLDER / file)).run()
    return opened


@cache
def seen(address, query=""):
    """Return a page opened once for all the tests that only read it; `query` is « departement=33&type=epci »."""
    return visit(address, **parse_qs(query))


@cache
def unfolded(address, query=""):
    """Return what `seen` returns, every table open."""
    return unfold(visit(address, **parse_qs(query)))


def unfold(page):
    """Open every folded table of a page, as clicks would, and return the page."""
    for expander in page.expander:
        # An element's id ends with the key of its widget, which is also that of its state.
        page.session_state[expander.proto.id.split("-", 2)[2]] = True
    return page.run()


def texts(page):
    """Return everything that is written on the page but the tables and the menu, in reading order."""
    return [text for text in _walk(page.main) if text]


def words(page):
    """Return what `texts` returns, as one text."""
    return "\n".join(texts(page))


def charts(page):
    """Return the Vega-Lite specifications on the page."""
    return [json.loads(chart.proto.spec) for chart in page.get("vega_lite_chart")]


def drawn_rows(page):
    """Return the rows of each chart, as a frame: Streamlit sends them apart from the specification."""
    charts = page.get("vega_lite_chart")
    return [convert_arrow_bytes_to_pandas_df(rows.data.data) for chart in charts for rows in chart.proto.datasets]


def subtitles(page):
    """Return the subtitle of each chart, on one line, by the chart's title."""
    said = [" ".join(chart["title"]["subtitle"]) for chart in charts(page)]
    return dict(zip(titles(page), said, strict=True))


def titles(page):
    """Return the title of each chart, on one line."""
    expressions = [chart["title"]["text"]["expr"] for chart in charts(page)]
    return [" ".join(json.loads(f"[{text.rpartition(' : [')[2]}")) for text in expressions]


def tables(page):
    """Return the open tables of the page."""
    return [table.value for table in page.dataframe]


def _walk(block):
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from _walk(child)
        elif child.type in ("markdown", "caption", "title", "header", "subheader", "info", "warning", "error", "text"):
            yield child.value
        elif child.type == "html":
            yield child.proto.body
