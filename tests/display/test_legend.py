from html.parser import HTMLParser
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from lib.display.legend import LegendEntry, legend_html, outside, swatch


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_data(self, data: str) -> None:
        if self.seen[-1] != "style":
            self.words.append(data)


ENTRIES = [LegendEntry("a", "Adoptée", "#14306a"), outside("sans-reponse", "Pas de réponse")]


def test_legend_keeps_order_and_writes_counts_in_french():
    tags = Tags(legend_html(ENTRIES, {"sans-reponse": 3902}, title="Stratégie", unit="Communes"))
    assert tags.words == ["Stratégie", "Communes", "Adoptée", "0", "Pas de réponse", "3\u202f902"]
    assert tags.seen.count("img") == 2


def test_legend_without_counts():
    assert Tags(legend_html(ENTRIES)).words == ["Adoptée", "Pas de réponse"]


def test_label_is_escaped():
    label = "<img src=x onerror=alert(1)>"
    tags = Tags(legend_html([LegendEntry("a", label, "#14306a")]))
    assert tags.seen.count("img") == 1
    assert tags.words == [label]


def test_swatch_draws_the_pattern_of_the_map():
    entry = outside("divergentes", "Réponses divergentes")
    address = swatch(entry)
    assert '"' not in address
    drawing = ElementTree.fromstring(unquote(address.removeprefix("data:image/svg+xml,")))
    path = drawing.find("*/{http://www.w3.org/2000/svg}path")
    assert path is not None
    assert entry.pattern is not None
    assert path.get("d") == entry.pattern.path


def test_unknown_state():
    with pytest.raises(KeyError):
        outside("peut-être", "Peut-être")
