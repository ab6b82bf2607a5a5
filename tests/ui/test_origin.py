"""Where what leaves comes from: the mark, the stamp and the address, on `tests.world`."""

import tomllib
from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from lib.analysis.selection import Selection
from lib.display.formats import day
from lib.ui import origin
from lib.ui.menu import FOLDER
from tests import world


def stamped():
    from dataclasses import replace

    import streamlit as st

    from lib.analysis.selection import Selection
    from lib.ui import origin
    from tests import world

    edition = world.edition()
    st.session_state[origin.PAGE], st.session_state[origin.BASE] = "strategies", "https://exemple.fr/num"
    st.session_state["stamps"] = [
        origin.stamp(edition, Selection(types=("commune",)), "territoires"),
        origin.stamp(replace(edition, threshold=3), Selection(), "territoires", "pondéré", about="Nulle-Part (99999)"),
    ]


@pytest.fixture
def stamps():
    visit = AppTest.from_function(stamped, default_timeout=60)
    visit.query_params["departement"], visit.query_params["groupe"] = ["33", "24"], "taille"
    visit.run()
    assert not visit.exception
    return visit.session_state["stamps"]


def test_only_a_simulated_edition_is_marked():
    simulated = world.edition()
    assert origin.mark(simulated) == "Données simulées"
    assert origin.mark(replace(simulated, simulated=False)) == ""


def test_a_stamp_says_where_the_rows_come_from(stamps):
    communes = world.edition().respondents.query("type == 'commune'")
    assert stamps[0] == {
        "Mention": "Données simulées",
        "Édition": "Essai",
        "Collecte": world.edition().collected,
        "Sélection": "Commune",
        "Répondants et territoires": f"{len(communes)} répondants et 4 territoires",
        "Unité": "territoires",
        "Pondération": "brut",
        "Protection": "aucune",
        "Année du code officiel géographique": "2026",
        "Version": origin.VERSION,
        "Date": day(date.today()),
        "Adresse de la vue": "https://exemple.fr/num/strategies?departement=33&departement=24&groupe=taille",
    }


def test_a_stamp_says_how_the_figures_were_weighted_and_protected_and_of_whom_they_are(stamps):
    assert stamps[1]["Pondération"] == "pondéré"
    assert stamps[1]["Protection"] == (
        "réponses non publiées échangées entre territoires voisins, effectifs sous 3 masqués"
    )
    # How many answered is not said of one territory.
    assert (stamps[1]["Sélection"], stamps[1]["Répondants et territoires"]) == ("Nulle-Part (99999)", "sans objet")


def test_a_stamp_on_one_line_says_all_but_the_address(stamps):
    line = origin.line(stamps[0])
    for said in ("Données simulées", "Essai", "Commune", "non pondéré", "COG 2026", day(date.today()), origin.VERSION):
        assert said in line
    assert "https://" not in line


def test_few_respondents_are_not_counted():
    edition = world.edition()
    few = replace(edition, respondents=edition.respondents.iloc[:2])
    assert origin.counts(few, Selection()) == ("moins de 3 répondants",)
    assert origin.counts(replace(edition, respondents=edition.respondents.iloc[:0]), Selection())[0] == "0 répondant"


def test_the_public_address_comes_first(monkeypatch):
    monkeypatch.setenv("NUMERIQUE_ADRESSE", " https://numerique.exemple.fr/ ")
    assert origin.base() == "https://numerique.exemple.fr"
    assert origin.address("strategies", {"type": ["epci"], "taille": []}) == (
        "https://numerique.exemple.fr/strategies?type=epci"
    )


def test_the_address_of_a_draft_is_not_given(monkeypatch):
    monkeypatch.setenv("NUMERIQUE_ADRESSE", "https://numerique.exemple.fr")
    assert origin.address("", {"edition": ["brouillon-3"], "type": ["epci"]}) == "https://numerique.exemple.fr/"


def test_the_version_is_that_of_the_project():
    project = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == origin.VERSION
