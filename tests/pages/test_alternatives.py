"""What takes the place of a figure for those who do not see it: its alternative, and the whole of it in its table.

Read from the figures that a page composes, for the views of `test_takeaway`: each alternative says what is shown, of
whom, and values that are those of the table.
"""

import re

import pytest

from lib.display.figure import MapPicture
from lib.display.formats import NARROW, number
from tests.pages.test_takeaway import VIEWS, figures

FEW = 12
"""Values that an alternative says; the table has the others."""
BASE = re.compile(r"\bbases?\b|répondants?|territoires?|communes|intercommunalités|EPCI|structures|élu·es")
VALUE = re.compile(rf"[+−]?\d+(?:,\d+)?{NARROW}(?:%|points?)|\d[\d\u202f]*")


def values(text: str) -> list[str]:
    """Return the shares and the differences that a text writes."""
    return re.findall(rf"\d+(?:,\d+)?{NARROW}%|[+−]?\d+ points?", text)


@pytest.mark.shipped_region
@pytest.mark.parametrize("page", VIEWS)
def test_each_picture_says_what_it_shows_of_whom_and_how_much(page):
    pictured = [figure for figure in figures(page) if figure.picture is not None]
    for figure in pictured:
        assert figure.alt, figure.name
        first = re.split(r"[.?!] ", figure.alt)[0]
        assert len(first) > 10, figure.alt
        assert BASE.search(figure.alt), figure.alt
        assert VALUE.search(figure.alt), figure.alt
        # No sentence is glued to the next one, nothing is doubled.
        assert not re.search(r"\.\.(?!\.)|[.;?!][A-ZÀ-Ý]| {2}|\bnan\b|None", figure.alt), figure.alt
        if figure.stamp.get("Mention"):
            assert "Données simulées" in figure.alt, figure.alt
    assert pictured or page in {"synthese", "methode"}


@pytest.mark.parametrize("page", VIEWS)
def test_the_values_of_an_alternative_are_those_of_its_table(page):
    for figure in figures(page):
        if figure.picture is None or isinstance(figure.picture, MapPicture):
            continue
        written = "\n".join(str(cell) for column in figure.table().to_numpy() for cell in column)
        told = values(figure.alt.rpartition(" Base")[0] or figure.alt)
        assert told, figure.alt
        lost = [value for value in told if value not in written]
        assert lost == [], (figure.name, figure.alt)


@pytest.mark.parametrize("page", VIEWS)
def test_the_alternative_of_a_map_counts_the_territories_of_each_class(page):
    for figure in figures(page):
        if isinstance(figure.picture, MapPicture):
            shown = figure.picture
            assert figure.alt == shown.payload["title"]
            for entry in shown.entries:
                assert f"{entry.label.lower()} {number(shown.counts.get(entry.key, 0))}" in figure.alt
            # The table has a line for each territory that answered.
            silent = ("sans-reponse", "hors-selection")
            answered = sum(count for key, count in shown.counts.items() if key not in silent)
            assert len(figure.table()) == answered


@pytest.mark.shipped_region
def test_a_selection_changes_what_the_alternative_says():
    """A text that were written once for all would say the same of two selections."""
    ours = {figure.name: figure.alt for figure in figures("thematiques")}
    assert any("Gironde" in figure.stamp["Sélection"] for figure in figures("thematiques"))
    assert len(set(ours.values())) == len(ours)
