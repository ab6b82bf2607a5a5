"""How pages write French: no doubled full stop, no straight apostrophe, no ordinary space before high signs."""

import re

import pytest

from lib.ui.menu import PAGES
from tests.pages.visits import charts, seen, texts, titles
from tests.region import DEPARTEMENT, WITHOUT_EPCI

QUERIES = (
    "",
    f"departement={DEPARTEMENT}&type=epci",
    "taille=commune-0-999",
    "type=epci&ponderation=oui",
    f"departement={WITHOUT_EPCI or DEPARTEMENT}",
)

FAULTS = {
    "two full stops": r"(?<!\.)\.\.(?!\.)",
    "a full stop after another sign": r"[?!:;,]\.",
    "an empty sentence": r"\. \.",
    "two spaces": r"\S  +\S",
    "a straight apostrophe": r"[a-zé]'[a-zé]",
    "a sign without its narrow space": r"(?<=[a-zé»)]) ?[;!?](?= |$)|(?<=[a-zé»)0-9]) ?:(?= )|\d ?%",
    "a guillemet without its narrow space": r"«(?![\u202f\u00a0])|(?<![\u202f\u00a0])»",
    "a name of ours": r"\b(nan|NaN|None|DataFrame)\b|[{}]",
}
MARKUP = re.compile(r"<style>.*?</style>|<[^>]*>|`[^`]*` ?|:gray\[|:material/\w+:|\]\([^)]*\)|\*\*", re.DOTALL)


def said(page):
    """Return every text of a page without its markup: words, titles and subtitles of charts, text alternatives."""
    drawn = [text for chart in charts(page) for text in chart["title"]["subtitle"]] + titles(page)
    alternatives = [chart.proto.alt for chart in page.get("vega_lite_chart")]
    return [re.sub(r" *\n\s*", " ", MARKUP.sub("", text)) for text in [*texts(page), *drawn, *alternatives]]


def faults(texts):
    return [
        f"{name}: …{text[max(found.start() - 40, 0) : found.end() + 20]}…"
        for text in texts
        for name, pattern in FAULTS.items()
        for found in re.finditer(pattern, text)
    ]


def test_faults_are_seen():
    assert len(faults(["hab..", "Quoi ?.", "fin. .", "a  b", "l'eau", "Oui ; non", "30 %", "« oui »", "nan"])) >= 9
    assert faults(["Oui\u202f; «\u202fnon\u202f»\u202f: 30\u202f% des communes de moins de 1\u202f000 hab. Et…"]) == []


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_written_in_careful_french(address, query):
    page = seen(address, query)
    assert not page.exception
    assert faults(said(page)) == []
