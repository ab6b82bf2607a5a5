"""Presentations of pages and of sequences, on the shipped edition."""

from io import BytesIO

import pytest
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from lib.display.deck.request import DeckError
from lib.survey import sequence_fields
from lib.survey.sequences import Step
from lib.ui import menu, shows


def page_show(page, parameters):
    import streamlit as st

    from lib.ui import shows

    st.session_state["show"] = shows.of_page(page, parameters, "https://exemple.fr")


def sequence_show(steps, parameters, base):
    import streamlit as st

    from lib.survey.sequences import Sequence
    from lib.ui import shows

    told = []
    sequence = Sequence("essai", "Un essai", steps, "Sous-titre")
    st.session_state["show"] = shows.of_sequence(sequence, parameters, base, lambda *said: told.append(said))
    st.session_state["told"] = told


def made(script, *args):
    opened = AppTest.from_function(script, default_timeout=120, args=args).run()
    assert not opened.exception
    return opened.session_state


STEPS = (
    Step("Où en est-on\u202f?", "strategies", (("groupe", "taille"),), "strategies-par-taille", "Et vous\u202f?",
         "Dire ceci."),
    Step("Parlons-en", lines=("Un", "Deux")),
    Step("Et en Creuse\u202f?", "strategies", (("departement", "23"), ("type", "epci")), "strategies-repondants"),
    Step("Une figure disparue", "strategies", (), "strategies-autrefois"),
    Step("Qui, sur la carte\u202f?", "strategies", (("niveau", "departement"),), "strategies-carte", guess="part",
         guess_row="Gironde"),
)  # fmt: skip


@pytest.mark.shipped_region
def test_a_page_gives_its_sentence_then_a_slide_for_each_figure_that_is_drawn():
    show = made(page_show, "strategies", {"departement": ["33"]})["show"]
    assert show.title == "Où en sont les stratégies numériques\u202f?"
    assert show.mark == "Données simulées"
    assert "Gironde (33)" in show.context
    first, *others = show.slides
    assert (first.figure, first.title) == (None, show.title)
    assert "déclarent qu’il n’y a pas de stratégie numérique" in first.lines[0]
    assert [slide.figure.name for slide in others][:2] == ["strategies-carte", "strategies-par-type"]
    for slide in others:
        assert "Données simulées" in slide.origin
        assert "Gironde (33)" in slide.origin
        assert slide.sentence[:1] == slide.sentence[:1].upper()
    assert others[0].address == "https://exemple.fr/strategies?departement=33"


@pytest.mark.shipped_region
def test_a_sequence_gives_a_slide_for_each_step_and_says_what_cannot_be_shown():
    session = made(sequence_show, STEPS, {"departement": ["33"]}, "https://exemple.fr")
    show = session["show"]
    shown, text, territory = show.slides
    assert (show.title, show.subtitle) == ("Un essai", "Sous-titre")
    assert (shown.title, shown.question, shown.notes) == (STEPS[0].title, "Et vous\u202f?", "Dire ceci.")
    assert shown.figure.name == "strategies-par-taille"
    assert "Gironde (33)" in shown.origin
    assert shown.address == "https://exemple.fr/v/essai/1?departement=33"
    assert (text.lines, text.figure) == (("Un", "Deux"), None)
    # What the step says wins over the filter of all: nobody answered there. It is left out, and the end says so.
    assert show.stamp[shows.SILENT] == "Et en Creuse\u202f? · Une figure disparue"
    assert shows.SILENT not in made(sequence_show, STEPS[:2], {}, "")["show"].stamp
    # Without a filter, the step is where its notes expect it.
    assert made(sequence_show, STEPS[3:4], {}, "")["show"].slides[0].lines == (shows.NOTHING,)
    # A row of a map is a territory, whose share there is none of.
    assert "Gironde" in set(territory.figure.file()["Territoire"])
    assert territory.sentence == territory.figure.reading
    assert [said for _, said in session["told"]] == [f"Écran {n} sur 5" for n in (1, 2, 3, 4, 5)]


@pytest.mark.parametrize("base", ["http://127.0.0.1:8501", "http://localhost", "http://[::1]:80", ""])
def test_an_address_of_this_machine_alone_is_not_given_to_the_room(base):
    assert made(sequence_show, STEPS[:1], {}, base)["show"].slides[0].address == ""


def test_filters_of_all_hold_where_a_step_does_not_say_otherwise():
    step = Step("x", "strategies", (("departement", "23"), ("departement", "24"), ("groupe", "taille")), "y")
    assert shows.parameters_of(step, {"departement": ["33"], "type": ["epci"]}) == {
        "departement": ["23", "24"], "groupe": ["taille"], "type": ["epci"],
    }  # fmt: skip


def test_the_deck_and_the_document_hold_what_the_slides_say(monkeypatch):
    monkeypatch.delenv(shows.TEMPLATE, raising=False)
    show = made(sequence_show, STEPS[:2], {}, "https://exemple.fr")["show"]
    told = []
    deck = Presentation(BytesIO(shows.deck_of(show, lambda *said: told.append(said))))
    texts = [" ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame) for slide in deck.slides]
    assert "Un essai" in texts[0]
    assert any(STEPS[0].title in text and "base" in text.lower() for text in texts)
    assert told[-1][1] == "Assemblage du diaporama"
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    document = "".join(shows.document_of(show))
    assert STEPS[0].title in document
    assert "Données simulées" in document
    assert "https://exemple.fr/v/essai/1" in document


def test_a_template_that_cannot_be_read_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv(shows.TEMPLATE, str(tmp_path / "absent.pptx"))
    with pytest.raises(DeckError, match="vérifiez le chemin"):
        shows.template()
    monkeypatch.setenv(shows.TEMPLATE, "  ")
    assert shows.template() is None


def test_the_page_that_a_step_names_by_nothing_is_the_first_of_the_menu():
    assert sequence_fields.FIRST_PAGE == menu.FIRST
