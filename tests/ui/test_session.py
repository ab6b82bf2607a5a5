"""What visitors see of what is published: at their next interaction, whole, and nothing of a draft."""

from datetime import date

import pandas as pd
import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.survey.identity import Identity
from lib.survey.importing import finish, open_draft, start_draft
from lib.survey.store.aliases import forget_alias, remember_aliases
from lib.survey.store.contacts import contacts_of
from lib.survey.store.opening import open_store
from lib.survey.store.publication import publish, rollback, withdraw
from lib.survey.store.revisions import load_given
from lib.survey.store.schema import CONTACT
from lib.ui import session
from lib.ui.importing import actions
from lib.ui.menu import FOLDER, PAGES
from tests.pages.visits import ROUTER
from tests.survey import world

WHO = "gestion@pqn-a.example"


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMERIQUE_DEPOT", str(tmp_path))
    st.cache_resource.clear()
    yield open_store(create=True)
    st.cache_resource.clear()


def draft(store, title="Petit monde"):
    identity = Identity("monde-2026", title, "janvier 2026", date(2026, 1, 5), 2026)
    return start_draft(store, world.export().encode(), identity, who=WHO, codebook=world.CODEBOOK)


def revision(store, title="Petit monde"):
    return finish(store, open_draft(store, draft(store, title)), WHO)


def visit(**parameters):
    opened = AppTest.from_file(ROUTER, default_timeout=60)
    for name, value in parameters.items():
        opened.query_params[name] = value
    return opened.run()


def said(visitor):
    assert not visitor.exception
    return " ".join(block.value for block in [*visitor.markdown, *visitor.info, *visitor.warning])


def test_the_next_interaction_shows_what_is_published(store):
    visitor = visit()
    assert "Données simulées" in said(visitor)
    first = revision(store)
    assert "Données simulées" in said(visitor.run())
    publish(store, first, WHO, None)
    shown = said(visitor.run())
    assert "Petit monde" in shown
    assert "Données simulées" not in shown


def test_going_back_and_withdrawing_show_what_was_before(store):
    first, second = revision(store), revision(store, "Petit monde, corrigé")
    publish(store, first, WHO, None)
    publish(store, second, WHO, first)
    visitor = visit()
    assert "Petit monde, corrigé" in said(visitor)
    rollback(store, "monde-2026", WHO, second)
    assert "corrigé" not in said(visitor.run())
    withdraw(store, "monde-2026", WHO, first)
    assert "Données simulées" in said(visitor.run())


def test_one_run_of_a_page_never_mixes_two_revisions(store):
    publish(store, revision(store), WHO, None)

    def page():
        import streamlit as st

        from lib.ui import session

        session.look()
        before = session.current_edition().revision
        st.session_state["publish"]()
        st.session_state["seen"] = (before, session.current_edition().revision)

    next_one = revision(store)
    visitor = AppTest.from_function(page, default_timeout=60)
    visitor.session_state["publish"] = lambda: publish(store, next_one, WHO, next_one - 1)
    visitor.run()
    assert not visitor.exception
    before, after = visitor.session_state["seen"]
    assert before == after == next_one - 1


def test_a_draft_is_shown_to_the_team_alone(store, monkeypatch):
    number = draft(store)
    stranger = visit(edition=f"brouillon-{number}")
    assert "Brouillon" not in said(stranger)
    assert "Données simulées" in said(stranger)
    monkeypatch.setenv("NUMERIQUE_EQUIPE_LOCALE", "oui")
    # AppTest invents an address for its visitor; Streamlit gives none to one of the machine itself.
    monkeypatch.setattr(ContextProxy, "ip_address", None)
    member = visit(edition=f"brouillon-{number}")
    assert "**Brouillon**" in said(member)
    assert "Petit monde" in said(member)
    assert "Données simulées" not in said(member)


def preview(number, action):
    """Run, as a member of the team, a page that reads a draft, does something, and reads it again."""

    def page():
        import gc
        import weakref

        import streamlit as st

        from lib.ui import session

        session.look()
        asked = st.query_params["edition"]
        before = session.given_edition(asked)
        territories, kept = before.respondents["territory"].isna().sum(), weakref.ref(before)
        del before
        st.session_state["action"]()
        gc.collect()
        st.session_state["forgotten"] = kept() is None
        after = session.given_edition(asked) if asked in session.drafts() else None
        st.session_state["unmatched"] = (territories, after and after.respondents["territory"].isna().sum())

    visitor = AppTest.from_function(page, default_timeout=60)
    visitor.query_params["edition"] = f"brouillon-{number}"
    visitor.session_state["action"] = action
    visitor.run()
    assert not visitor.exception
    return visitor.session_state["forgotten"], visitor.session_state["unmatched"]


@pytest.fixture
def member(monkeypatch):
    monkeypatch.setenv("NUMERIQUE_EQUIPE_LOCALE", "oui")
    monkeypatch.setattr(ContextProxy, "ip_address", None)


@pytest.mark.shipped_region
@pytest.mark.usefixtures("member")
def test_a_territory_no_longer_chosen_leaves_the_preview(store):
    # Of the small world, « Ville imaginaire » and « Mazerolles » are not recognised.
    for name, code in (("Ville imaginaire", "33063"), ("Mazerolles", "64374")):
        rows = pd.DataFrame({"type": ["commune"], "declared": [name], "code": [code]})
        remember_aliases(store, rows, WHO, 2026)
    number = draft(store)
    _, unmatched = preview(number, lambda: forget_alias(store, "commune", "Ville imaginaire", WHO))
    assert unmatched == (0, 1)


@pytest.mark.shipped_region
@pytest.mark.usefixtures("member")
def test_nothing_of_a_deleted_draft_stays_in_memory(store):
    number = draft(store)
    assert preview(number, lambda: None)[0] is False
    assert preview(number, lambda: actions.delete_draft(number)) == (True, (2, None))


@pytest.mark.shipped_region
@pytest.mark.usefixtures("member")
def test_nothing_of_a_deleted_respondent_stays_in_memory(store):
    first = revision(store)
    publish(store, first, WHO, None)
    number, person = draft(store), load_given(store, first).respondents.index[0]
    # A draft of the edition may hold the person: it ends too.
    assert preview(number, lambda: actions.delete_respondent("monde-2026", person)) == (True, (2, None))


def test_answers_as_given_are_refused_to_a_stranger(store):
    publish(store, revision(store), WHO, None)
    with pytest.raises(PermissionError):
        session.given_edition("monde-2026")
    with pytest.raises(PermissionError):
        session.given_edition("brouillon-1")


def test_a_server_that_starts_deletes_the_contacts_past_their_time(store):
    identity = Identity("monde-2026", "Petit monde", "janvier 2026", date(2026, 1, 5), 2026)
    kept = start_draft(store, world.export().encode(), identity, who=WHO, codebook=world.CODEBOOK, keep_contacts=True)
    finish(store, open_draft(store, kept), WHO)
    assert len(contacts_of(store, "monde-2026"))
    session.start()
    assert len(contacts_of(store, "monde-2026"))
    with store.writing() as connection:
        connection.execute(CONTACT.update().values(kept_until=date(2026, 1, 6)))
    session.start()
    assert not len(contacts_of(store, "monde-2026"))


def test_a_page_without_answers_opens_when_the_store_does_not_answer(monkeypatch):
    st.cache_resource.clear()
    # Nothing listens there, and nothing may: the port is reserved.
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    page = visit_page("confidentialite")
    assert [title.value for title in page.title] == ["Que deviennent les données personnelles\u202f?"]
    assert not page.exception
    assert visit_page("synthese").exception
    st.cache_resource.clear()


def visit_page(address):
    """Open a page of the router by its address, without going by another."""
    opened = AppTest.from_file(ROUTER, default_timeout=60)
    opened.run()
    return opened.switch_page(str(FOLDER / PAGES[address][0])).run()
