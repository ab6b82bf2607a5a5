"""A store that does not answer: what is known goes on being shown, or is waited for, and it is said."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.survey.store.opening import DamagedError, StoreError
from lib.ui import outage, session

NOWHERE = "postgresql://test@127.0.0.1:9/nowhere?connect_timeout=2"


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a database that nobody serves, which this process never saw."""
    monkeypatch.setenv("DATABASE_URL", NOWHERE)
    monkeypatch.setattr(session, "_LAST", {})


def page():
    import streamlit as st

    from lib.survey.store.opening import StoreError
    from lib.ui import outage, session

    try:
        session.look()
    except StoreError:
        outage.bear()
    st.title("La page")
    st.write(" ".join(session.editions()))


def test_page_ends_where_no_edition_was_ever_seen(away):
    shown = AppTest.from_function(page, default_timeout=30).run()
    assert [error.value for error in shown.error] == [f"**{outage.AWAY}** {outage.UNKNOWN}"]
    assert not shown.title
    assert not shown.exception


def test_page_goes_on_with_the_editions_last_seen_and_takes_the_next_ones_when_the_store_is_back(away, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    shown = AppTest.from_function(page, default_timeout=30).run()
    before = [text.value for text in shown.markdown]
    assert not shown.warning
    monkeypatch.setenv("DATABASE_URL", NOWHERE)
    # The same visit, and another that begins now.
    for visit in (shown, AppTest.from_function(page, default_timeout=30)):
        visit.run()
        assert [warning.value for warning in visit.warning] == [f"**{outage.AWAY}** {outage.KNOWN}"]
        assert [text.value for text in visit.markdown] == before
    monkeypatch.delenv("DATABASE_URL")
    assert not shown.run().warning


def test_part_of_a_page_that_runs_alone_bears_it(away):
    edition = session.load_edition(next(iter(session.list_editions().values())).path)
    # Neither an error nor another run.
    session.rerun_if_replaced(edition)


def test_what_is_damaged_is_an_incident_and_what_does_not_answer_is_said():
    def told():
        from lib.survey.store.opening import StoreError
        from lib.ui import outage

        assert outage.told(StoreError("La base…"))

    shown = AppTest.from_function(told, default_timeout=30).run()
    assert not shown.exception
    assert shown.error[0].value.startswith(f"**{outage.AWAY}**")
    assert not outage.told(DamagedError("Le fichier… est abîmé."))
    assert not outage.told(KeyError("une réponse"))
    assert isinstance(DamagedError(""), StoreError)
