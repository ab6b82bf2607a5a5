"""Every page on an edition with another questionnaire: a sentence and a way on, or what it can show; never an error."""

import pytest
import streamlit as st

from lib.ui.menu import PAGES
from tests.pages.visits import visit
from tests.survey import world

DESCRIPTION = """
id = "monde"
title = "Petit monde"
simulated = false
fitted = false
collected = "janvier 2026"
started = 2026-01-05
millesime = 2026
answers = "export.csv"
codebook = "codebook.toml"
"""
# What pages are made of, and the small world does not ask.
MISSING = {
    "synthese": "« strategie »",
    "thematiques": "« themes »",
    "strategies": "« strategie »",
}


@pytest.fixture(autouse=True)
def small_world(tmp_path, monkeypatch):
    (tmp_path / "edition.toml").write_text(DESCRIPTION, encoding="utf-8")
    (tmp_path / "codebook.toml").write_text(world.CODEBOOK, encoding="utf-8")
    (tmp_path / "export.csv").write_text(world.export(), encoding="utf-8")
    monkeypatch.setenv("NUMERIQUE_DATA", str(tmp_path))
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_opens_and_says_what_it_cannot_show(address):
    page = visit(address)
    assert not page.exception
    assert not page.error
    assert page.title
    if address in MISSING:
        said = " ".join(info.value for info in page.info).replace("\u202f", " ")
        assert "n’a pas posé" in said
        assert MISSING[address] in said


def test_what_is_asked_is_shown():
    page = visit("besoins-et-freins")
    assert [header.value for header in page.header] == ["Qu’est-ce qui les freine\u202f?", "Qui le dit\u202f?"]
