"""Where what leaves comes from: the mark, the stamp and the address, on `tests.world`."""

import tomllib
from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from lib.analysis.selection import Selection
from lib.display.formats import day
from lib.ui import origin, shows
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


@pytest.mark.parametrize(
    ("written", "public"),
    [
        ("https://numerique.exemple.fr/", "https://numerique.exemple.fr"),
        ("http://192.168.1.20:8501/num/", "http://192.168.1.20:8501/num"),
        ("https://[2001:db8::1]:8501", "https://[2001:db8::1]:8501"),
        ("https://données.exemple.fr", "https://données.exemple.fr"),
        ("", ""),
    ],
)
def test_a_public_address_is_one_of_the_web(monkeypatch, written, public):
    monkeypatch.setenv("NUMERIQUE_ADRESSE", written)
    assert (origin.public(), origin.misnamed()) == (public, "")


@pytest.mark.parametrize(
    "written",
    [
        "numerique.exemple.fr", "ftp://exemple.fr", "javascript:alert(1)", "//exemple.fr", "https://", "https:///num",
        "https://[::1", "https://a b.fr", "https://moi:secret@exemple.fr", "https://exemple.fr?x=1",
        "https://exemple.fr#x", 'https://exemple.fr/"><script>', "https://exemple.fr:port", "https://a.fr\nhttps://b.fr",
    ],
)  # fmt: skip
def test_any_other_is_ignored_and_said_to_be(monkeypatch, written):
    monkeypatch.setenv("NUMERIQUE_ADRESSE", written)
    assert origin.public() == ""
    assert "est ignorée" in origin.misnamed()
    assert "secret" not in origin.misnamed()


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST", "localhost.", "atelier.localhost", "127.0.0.1", "127.0.0.1.", "127.1", "2130706433",
        "0x7f.1", "0.0.0.0", "0", "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:0.0.0.0]", "169.254.1.2",
        "[fe80::1]", "[fe80::1%25eth0]", "224.0.0.1", "[::1", "[zz]", "",
    ],
)  # fmt: skip
def test_an_address_that_no_other_device_opens_is_not_given(host):
    for port in ("", ":8501"):
        assert shows.reachable(f"http://{host}{port}/v/atelier/1") == ""


@pytest.mark.parametrize(
    "host", ["numerique.exemple.fr", "192.168.1.20", "10.0.0.7", "portail", "[2001:db8::1]", "localhost.exemple.fr"]
)
def test_an_address_that_another_device_may_open_is_given_as_it_is(host):
    address = f"http://{host}:8501/v/atelier/1"
    assert shows.reachable(address) == address
