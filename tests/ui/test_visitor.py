"""A visitor without a screen: brings back what the page shows, and has no rights."""

import logging
import threading

import pandas as pd
import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.analysis.selection import Selection
from lib.analysis.shares import shares
from lib.analysis.weights import weigh
from lib.display import tables
from lib.display.figure import MapPicture
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged
from lib.ui import access, filters, session, takeaway, visitor
from lib.ui.access import Standing


def visiting(page, parameters):
    import streamlit as st

    from lib.ui import access, visitor

    st.session_state["staff"] = access.is_staff()
    try:
        st.session_state["seen"] = visitor.visit(page, parameters, "https://exemple.fr")
    except visitor.VisitError as error:
        st.session_state["fault"] = str(error)


def visit(page, **parameters):
    opened = AppTest.from_function(visiting, default_timeout=60, args=(page, parameters)).run()
    assert not opened.exception
    return opened.session_state


@pytest.mark.shipped_region
def test_it_brings_back_the_figures_of_the_page_for_its_filters():
    seen = visit("strategies", departement=["33"], groupe=["taille"], inconnu=["x"])["seen"]
    assert seen.question == "Où en sont les stratégies numériques\u202f?"
    assert "Gironde (33)" in seen.context
    named = {figure.name: figure for figure in seen.figures}
    assert list(named)[:2] == ["strategies-carte", "strategies-par-taille"]
    edition = weigh(exchanged(load_edition()))
    expected = shares(edition, "strategie", Selection(departements=("33",)), unit="respondents")
    figure = named["strategies-repondants"]
    pd.testing.assert_frame_equal(figure.file(), tables.share_file(expected, label="Réponse"))
    base = int(expected["base"].max())
    assert figure.base == f"base\u202f: {base} répondants"
    assert figure.question == "Que déclarent les répondants\u202f?"
    assert figure.stamp["Adresse de la vue"].startswith("https://exemple.fr/strategies?departement=33&groupe=taille")
    assert str(base) in str(figure.picture["title"]["subtitle"])


def test_a_map_is_brought_back_with_its_legend_and_the_rows_of_its_table():
    seen = visit("participation", niveau=["commune"])["seen"]
    figure = next(figure for figure in seen.figures if figure.name == "participation-carte")
    assert isinstance(figure.picture, MapPicture)
    assert figure.level == figure.picture.payload["level"] == "commune"
    rows = figure.file()
    assert figure.picture.counts["a-repondu"] == len(rows)
    assert set(rows["Code"]) <= set(figure.picture.payload["codes"].split())


def test_every_figure_has_a_base_and_an_origin():
    for page in ("synthese", "thematiques", "engagement", "croisements", "evolution", "methode"):
        for figure in visit(page)["seen"].figures:
            assert figure.base.startswith("base"), figure.name
            assert figure.stamp["Mention"] == "Données simulées"


@pytest.mark.shipped_region
def test_nobody_selected_gives_no_figure():
    assert visit("strategies", departement=["23"], type=["epci"])["seen"].figures == []


def test_it_is_never_of_the_team(monkeypatch):
    """Whether it sees a real draft is in `tests.attack.test_takeaway`."""
    monkeypatch.setattr(ContextProxy, "ip_address", None)
    monkeypatch.setenv("NUMERIQUE_EQUIPE_LOCALE", "oui")
    told = []

    def telling(edition):
        told.append((access.standing(), access.is_staff(), session.drafts(), "brouillon-1" in session.editions()))
        return selection(edition)

    selection = filters.current_selection
    monkeypatch.setattr(filters, "current_selection", telling)
    asked = visit("strategies", edition=["brouillon-1"])
    # The one who asks is; the visitor is not, and sees the public edition.
    assert asked["staff"]
    assert told == [(Standing.STRANGER, False, {}, False)]
    assert asked["seen"].figures[0].stamp["Édition"] == load_edition().title


@pytest.mark.parametrize("page", ["equipe", "preparer-une-visite", "import", "nulle-part", "../app"])
def test_a_page_that_is_not_public_is_refused(page):
    assert "n’est pas une page" in visit(page)["fault"]


def test_a_page_that_fails_gives_an_incident_and_not_its_message(monkeypatch):
    def failing(_edition):
        raise ValueError("Mairie de Nulle-Part a répondu non")

    monkeypatch.setattr("lib.ui.filters.current_selection", failing)
    fault = visit("strategies")["fault"]
    assert "numéro d’incident" in fault
    assert "Nulle-Part" not in fault


def test_a_page_that_runs_again_from_its_start_is_recorded_once(monkeypatch):
    once = [figure.name for figure in visit("strategies")["seen"].figures]
    again = []

    def end(*_):
        if not again:
            again.append(True)
            st.rerun()

    # What the router draws last.
    monkeypatch.setattr(takeaway, "page", end)
    assert [figure.name for figure in visit("strategies")["seen"].figures] == once
    assert again


def test_a_page_that_never_ends_is_left_and_stopped(monkeypatch):
    threads, over = [], threading.Event()

    def endless(_edition):
        threads.append(threading.current_thread())
        while True:
            over.wait(0.01)
            st.empty()

    monkeypatch.setattr(filters, "current_selection", endless)
    monkeypatch.setattr(visitor, "LONGEST", 1)
    assert "trop de temps" in visit("strategies")["fault"]
    (thread,) = threads
    thread.join(30)
    assert not thread.is_alive()


def from_a_thread_of_the_server():
    import threading

    import streamlit as st

    from lib.ui import visitor

    seen = []
    thread = threading.Thread(target=lambda: seen.append(visitor.visit("strategies", {})))
    thread.start()
    thread.join(60)
    st.session_state["seen"] = seen


def test_a_visit_out_of_any_other_logs_nothing(monkeypatch):
    logger, said = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context"), []
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", lambda record: said.append(record.threadName))
    logger.addHandler(handler)
    try:
        opened = AppTest.from_function(from_a_thread_of_the_server, default_timeout=60).run()
    finally:
        logger.removeHandler(handler)
    assert opened.session_state["seen"][0].figures
    assert [name for name in said if name != "MainThread"] == []
