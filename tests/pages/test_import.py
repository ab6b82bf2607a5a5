"""The import page as anybody without rights finds it: closed, whatever the address asks for."""

import pytest

from tests.pages.visits import visit, words


@pytest.mark.parametrize("query", [{}, {"etape": "fichier"}, {"brouillon": "1", "etape": "publication"}])
def test_a_visitor_finds_the_page_closed(query):
    page = visit("import", **query)
    assert not page.exception
    assert page.title[0].value == "Importer une édition"
    assert "réservée à l’équipe" in words(page)
    assert not page.get("file_uploader")
    assert not page.main.button or {button.label for button in page.main.button} <= {"Se connecter"}
