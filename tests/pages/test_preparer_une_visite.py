"""The page that prepares a visit: closed to visitors; for the team, the address gives the sheet, or a sentence."""

import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy

from lib.survey.edition import load_edition
from lib.territory.reference import load_reference
from lib.ui import access
from lib.ui.menu import TEAM_PAGES
from tests.pages.test_other_questionnaire import DESCRIPTION
from tests.pages.visits import texts, visit, words
from tests.survey import world

NARROW = "\u202f"
PAGE = "preparer-une-visite"


@pytest.fixture
def member(monkeypatch):
    monkeypatch.setenv(access.LOCAL, "oui")
    # AppTest invents an address for its visitor; Streamlit gives none to one of the machine itself.
    monkeypatch.setattr(ContextProxy, "ip_address", None)


@pytest.mark.shipped_region
def test_the_page_is_closed_by_default():
    page = visit(PAGE, zone="departement:23")
    assert not page.exception
    assert [title.value for title in page.title] == [TEAM_PAGES[PAGE][1]]
    (info,) = [info.value for info in page.info]
    assert info.startswith(f"Cette page est réservée à l’équipe de PQN-A{NARROW}: ")
    assert not page.main.selectbox
    # The banner, the title and this sentence.
    assert len(texts(page)) == 3
    assert "Guéret" not in words(page)


def test_the_local_setting_does_not_open_it_to_another_machine(monkeypatch):
    monkeypatch.setenv(access.LOCAL, "oui")
    page = visit(PAGE, zone="departement:23")
    assert not page.main.selectbox
    assert len(texts(page)) == 3


@pytest.mark.shipped_region
@pytest.mark.usefixtures("member")
def test_without_an_area_the_page_asks_for_one():
    page = visit(PAGE)
    assert not page.exception
    (box,) = page.main.selectbox
    assert box.value == ""
    reference = load_reference()
    pays = load_edition().respondents.query("type in ('pays', 'syndicat')")
    covering = pays[pays["membres"].map(len) > 0]["territory"].nunique()
    assert len(box.options) == 1 + 12 + covering + (reference["type"] == "epci").sum()
    assert "Qui appeler" not in words(page)


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize("zone", ["departement:99", "33063", "[piège](https://exemple.fr)"])
def test_an_unknown_area_is_said_and_another_is_asked_for(zone):
    page = visit(PAGE, zone=zone)
    assert not page.exception
    (info,) = [info.value for info in page.info]
    assert info.startswith("Aucune zone de cette édition ne porte le code")
    assert "](http" not in info
    assert page.main.selectbox[0].value == ""


@pytest.mark.shipped_region
@pytest.mark.usefixtures("member")
def test_a_departement_says_who_answered_there_as_given():
    page = visit(PAGE, zone="departement:23")
    assert not page.exception
    given = load_edition()
    there = given.respondents[given.respondents["departements"].map(lambda codes: "23" in codes)]
    said = words(page)
    assert f"<b>{there['territory'].nunique()}</b> territoires ont répondu ({len(there)} répondants)" in said
    communes = there.loc[there["type"] == "commune", "territory"].nunique()
    assert f"<b>{communes} sur 255</b> communes" in said
    answer = given.values.loc[there.index[there["territory"] == "23096"], "strategie"].item()
    label = given.codebook["strategie"].labels[answer]
    row = said.partition("<tr><td>Guéret")[2].partition("</tr>")[0]
    assert f"<td>{label}</td>" in row
    assert "Réponses non protégées, réservées à l’équipe · Données simulées" in said


@pytest.mark.shipped_region
@pytest.mark.usefixtures("member")
def test_a_choice_is_written_to_the_address():
    page = visit(PAGE)
    page.main.selectbox[0].set_value("243300316").run()
    assert page.query_params["zone"] in ("243300316", ["243300316"])
    assert "<h2>Bordeaux Métropole</h2>" in words(page)
    page.main.selectbox[0].set_value("").run()
    assert "zone" not in page.query_params
    assert "<h2>" not in words(page)


@pytest.mark.shipped_region
@pytest.mark.usefixtures("member")
def test_the_edition_of_the_address_is_the_one_that_is_read():
    said = words(visit(PAGE, zone="departement:23", edition="simulee-2025"))
    given = load_edition("simulee-2025")
    there = given.respondents[given.respondents["departements"].map(lambda codes: "23" in codes)]
    assert f"répondu ({len(there)} répondants)" in said
    assert given.title in said


@pytest.mark.shipped_region
@pytest.mark.usefixtures("member")
def test_another_questionnaire_gives_what_it_can(tmp_path, monkeypatch):
    (tmp_path / "edition.toml").write_text(DESCRIPTION, encoding="utf-8")
    (tmp_path / "codebook.toml").write_text(world.CODEBOOK, encoding="utf-8")
    (tmp_path / "export.csv").write_text(world.export(), encoding="utf-8")
    monkeypatch.setenv("NUMERIQUE_DATA", str(tmp_path))
    st.cache_resource.clear()
    for zone in ("departement:33", "pays:aunis", "200034825", "200041762"):
        page = visit(PAGE, zone=zone)
        assert not page.exception, zone
        assert page.title
    page = visit(PAGE, zone="departement:33")
    # Two people of Bordeaux answered, one of whom refuses publication; this world asks no support.
    assert "<b>1</b> territoire a répondu (2 répondants)" in words(page)
    assert "mis en relation" not in words(page)
    assert "Données simulées" not in words(page)
    st.cache_resource.clear()
