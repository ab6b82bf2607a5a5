"""The import page as anybody without rights finds it, closed; and what the team does on it without a file."""

from datetime import date

import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy

from lib.survey.identity import Identity
from lib.survey.importing import finish, open_draft, start_draft
from lib.survey.store.opening import open_store
from lib.survey.store.publication import current_editions, publish
from lib.survey.store.revisions import load_given
from tests.pages.visits import visit, words
from tests.survey import world


@pytest.mark.parametrize("query", [{}, {"etape": "fichier"}, {"brouillon": "1", "etape": "publication"}])
def test_a_visitor_finds_the_page_closed(query):
    page = visit("import", **query)
    assert not page.exception
    assert page.title[0].value == "Importer une édition"
    assert "réservée à l’équipe" in words(page)
    assert not page.get("file_uploader")
    assert not page.main.button or {button.label for button in page.main.button} <= {"Se connecter"}


@pytest.fixture
def published(tmp_path, monkeypatch):
    """Publish the small world, and open the team's pages to this machine."""
    monkeypatch.setenv("NUMERIQUE_DEPOT", str(tmp_path))
    monkeypatch.setenv("NUMERIQUE_EQUIPE_LOCALE", "oui")
    # AppTest invents an address for its visitor; Streamlit gives none to one of the machine itself.
    monkeypatch.setattr(ContextProxy, "ip_address", None)
    st.cache_resource.clear()
    store = open_store(create=True)
    identity = Identity("monde-2026", "Petit monde", "janvier 2026", date(2026, 1, 5), 2026)
    draft = start_draft(store, world.export().encode(), identity, who="moi", codebook=world.CODEBOOK)
    revision = finish(store, open_draft(store, draft), "moi")
    publish(store, revision, "moi", None)
    yield load_given(store, revision).respondents
    st.cache_resource.clear()


def test_a_person_is_found_by_territory_and_forgotten(published):
    page = visit("import")
    assert not page.exception
    page.text_input(key="personne-monde-2026").set_value("pays d'aunis").run()
    asked = page.selectbox(key="reponse-monde-2026")
    aunis = published.index[published["territory"] == "pays:aunis"]
    assert len(asked.options) == len(aunis) == 2
    asked.select_index(0).run()
    page.checkbox(key="sur-monde-2026").check().run()
    page.button(key="effacer-monde-2026").click().run()
    assert not page.exception
    left = load_given(open_store(), current_editions(open_store())["monde-2026"].revision_id).respondents
    assert len(left) == len(published) - 1
    assert (left["territory"] == "pays:aunis").sum() == 1


def test_nobody_is_found_for_a_territory_that_did_not_answer(published):
    page = visit("import")
    page.text_input(key="personne-monde-2026").set_value("Nulle-Part-sur-Mer").run()
    assert not page.exception
    assert "Personne n’a répondu" in " ".join(caption.value for caption in page.caption)
    assert page.button(key="effacer-monde-2026").disabled
