"""The buttons that take away: what is refused of a draft, and what is said and logged of a file that fails."""

import logging
import re

import pytest
from streamlit.testing.v1 import AppTest


def offering(edition_id, page):
    from dataclasses import replace

    import streamlit as st

    from lib.ui import origin, takeaway
    from lib.ui.atelier import home, sequences
    from tests import world

    edition = replace(world.edition(), id=edition_id)
    st.session_state[origin.BASE] = "https://exemple.fr"
    if page == "atelier":
        home.launch(edition, sequences.known("atelier"))
    else:
        takeaway.page(page, edition)


@pytest.mark.parametrize("page", ["atelier", "strategies"])
def test_a_draft_is_neither_presented_nor_taken_away(page):
    """What leaves is what a visitor sees: in its place, it would be another edition."""

    def opened(edition_id):
        visit = AppTest.from_function(offering, default_timeout=60, args=(edition_id, page))
        visit.session_state["emporter"] = True
        visit.run()
        assert not visit.exception
        offered = [*visit.button, *visit.get("link_button"), *visit.get("download_button")]
        return bool(offered), any("brouillon n’est visible que de l’équipe" in text.value for text in visit.markdown)

    assert opened("essai") == (True, False)
    assert opened("brouillon-1") == (False, True)


def failing():
    import streamlit as st
    from streamlit.runtime import get_instance
    from streamlit.runtime.media_file_storage import MediaFileStorageError

    from lib.display.figure import Figure
    from lib.ui import takeaway
    from tests import world

    def rows():
        raise ValueError("Mairie de Nulle-Part a répondu non")

    takeaway.buttons(Figure("essai", "Essai", "base", {}, rows, rows), world.edition())
    files, failed = get_instance().media_file_mgr, 0
    for name in list(files._deferred_callables):
        try:
            files.execute_deferred(name)
        except MediaFileStorageError:
            failed += 1
    st.session_state["failed"] = failed


def test_a_file_that_fails_is_an_incident_without_its_message(caplog):
    with caplog.at_level(logging.ERROR, logger="numerique"):
        visit = AppTest.from_function(failing, default_timeout=60).run()
    assert not visit.exception
    logged = [record.fields for record in caplog.records if record.name == "numerique"]
    # CSV, XLSX and the folder of both.
    assert visit.session_state["failed"] == len(logged) == 3
    assert all(re.fullmatch("[0-9a-f]{8}", told["incident"]) for told in logged)
    assert all(told["error"] == "ValueError" and " rows" in told["code"] for told in logged)
    assert "Nulle-Part" not in f"{caplog.text} {logged}"


def numbering(parameters):
    import streamlit as st

    from lib.ui import takeaway, visitor
    from tests import world

    try:
        takeaway.numbers("strategies", world.edition(), parameters, "https://exemple.fr")
    except visitor.VisitError as error:
        st.session_state["said"] = str(error)


@pytest.mark.shipped_region
def test_a_page_without_a_figure_gives_no_workbook_and_says_so():
    visit = AppTest.from_function(
        numbering, default_timeout=60, args=({"departement": ["23"], "type": ["epci"]},)
    ).run()
    assert not visit.exception
    assert visit.session_state["said"] == "Cette page ne montre aucune figure à emporter pour cette sélection."
