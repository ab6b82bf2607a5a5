"""A visitor without a screen: brings back what the page shows, and has no rights."""

import pandas as pd
import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.analysis.selection import Selection
from lib.analysis.shares import shares
from lib.analysis.weights import weigh
from lib.display import tables
from lib.display.figure import MapPicture
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged


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


def test_nobody_selected_gives_no_figure():
    assert visit("strategies", departement=["23"], type=["epci"])["seen"].figures == []


def test_it_is_never_of_the_team(monkeypatch):
    monkeypatch.setattr(ContextProxy, "ip_address", None)
    monkeypatch.setenv("NUMERIQUE_EQUIPE_LOCALE", "oui")
    asked = visit("strategies", edition=["brouillon-1"])
    # The one who asks is; the visitor is not, and sees the public edition.
    assert asked["staff"]
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
