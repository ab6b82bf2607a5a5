"""The page Comparer on `tests.world`: what it says when little may be shown, and texts of files that stay texts."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.display.comparison import NOBODY, NOTHING
from lib.ui.comparing import choosing
from tests.pages.visits import charts, drawn_rows, texts, titles

NARROW = "\u202f"
SECOND = "200000002"


def drawn():
    """The items of the address, all that the page draws under the choice; public when `protege` is there."""
    from dataclasses import replace

    import streamlit as st

    from lib.analysis.comparison import compare, differences
    from lib.ui.comparing import choosing, topics
    from tests import world

    edition = replace(world.edition(), threshold=3 if "protege" in st.query_params else 0)
    if "intitule" in st.query_params:
        questions = tuple(
            replace(question, short=st.query_params["intitule"]) if question.id == "themes" else question
            for question in edition.codebook.questions
        )
        edition = replace(edition, codebook=replace(edition.codebook, questions=questions))
    items = choosing.asked(edition)
    rows = compare(edition, items)
    gaps = differences(edition, items)
    topics.answer(edition, items, rows, gaps)
    topics.table(edition, items, rows, gaps)
    topics.themes(edition, items, rows)


def chosen():
    import streamlit as st

    from lib.analysis.comparison import side_by_side
    from lib.ui.comparing import choosing
    from tests import world

    edition = world.edition()
    asked = choosing.asked(edition)
    items = side_by_side(edition, asked)
    choosing.choose(edition, asked, items)
    st.session_state["shown"] = [item.code for item in items]


def nobody():
    import streamlit as st

    from lib.ui.comparing import choosing

    choosing.nothing()
    st.markdown("jamais")


def run(script, **parameters):
    visit = AppTest.from_function(script, default_timeout=60)
    for name, value in parameters.items():
        visit.query_params[name] = value
    visit.run()
    assert not visit.exception
    return visit


def readings(visit):
    return [caption.value for caption in visit.caption if caption.value.startswith("Comment lire")]


def address(visit):
    given = visit.query_params.get("avec", [])
    return given if isinstance(given, list) else [given]


def test_without_anybody_to_compare_the_page_says_so_and_stops():
    visit = run(nobody)
    assert f"3 répondants ou plus{NARROW}: il n’y a rien à comparer." in visit.info[0].value
    assert not visit.markdown


def test_bases_under_ten_give_counts_and_no_picture():
    visit = run(drawn, avec=["groupe:commune", "groupe:epci"])
    assert charts(visit) == []
    assert "Trop peu de réponses pour calculer des parts" in visit.info[0].value
    assert "Aucun écart net entre les deux groupes." in visit.markdown[0].value
    # No share is shown that an example could be made of, only what a difference is.
    (said,) = readings(visit)
    assert said.startswith(f"Comment lire{NARROW}: Écart{NARROW}: «{NARROW}EPCI")


@pytest.mark.shipped_region
def test_territories_are_drawn_on_the_scale_and_what_is_not_there_is_named():
    visit = run(drawn, avec=["16001", SECOND, "33063"], protege="oui")
    assert titles(visit) == [f"Mobilisation{NARROW}: ce que chaque territoire déclare"]
    (rows,) = drawn_rows(visit)
    # r01 and r02 agree on inclusion, r02 alone knows of health; the second EPCI answered on inclusion alone.
    assert len(rows) == 3
    (said,) = readings(visit)
    assert said.startswith(f"Comment lire{NARROW}: plus un signe est à droite")
    assert f"Non représenté (données simulées){NARROW}: CA des Marais, pas de réponse{NARROW}; Bordeaux, pas de" in said


def test_a_group_that_shows_nothing_and_a_territory_alone_on_its_scale_are_not_drawn():
    visit = run(drawn, avec=["groupe:pays", SECOND], protege="oui")
    assert drawn_rows(visit) == []
    # Without a picture there is no title of one.
    assert not visit.header
    (table,) = [text for text in texts(visit) if "comparison" in text]
    assert NOTHING in table


def test_a_group_that_nobody_answered_for_is_not_said_to_have_fewer_than_three():
    visit = run(drawn, avec=["groupe:syndicat", SECOND], protege="oui")
    (table,) = [text for text in texts(visit) if "comparison" in text]
    assert NOBODY in table
    assert NOTHING not in table


def test_titles_of_a_questionnaire_are_texts_and_nothing_more():
    visit = run(drawn, avec=["16001", SECOND, "groupe:commune"], intitule="[Thèmes](https://exemple.fr)")
    (heading,) = visit.header
    assert "](https" not in heading.value
    (table,) = [text for text in texts(visit) if "comparison" in text]
    assert "[Thèmes](https://exemple.fr)" in table
    assert "<a " not in table


@pytest.mark.shipped_region
def test_the_example_says_how_to_choose_and_each_may_leave():
    visit = run(chosen)
    assert visit.session_state["shown"] == ["groupe:commune", "groupe:epci"]
    assert visit.markdown[0].value == f"Voici un exemple. {choosing.HOW}"
    visit.button(key="retirer-groupe:commune").click().run()
    assert address(visit) == ["groupe:epci"]
    assert visit.markdown[0].value == f"Il manque de quoi comparer. {choosing.HOW}"
    visit.selectbox(key=choosing.GROUPS).select("groupe:16").run()
    assert address(visit) == ["groupe:epci", "groupe:16"]
    assert "groupe:16" not in visit.selectbox(key=choosing.GROUPS).options


@pytest.mark.shipped_region
def test_only_groups_that_show_something_and_are_not_there_are_offered():
    offered = run(chosen).selectbox(key=choosing.GROUPS).options
    # As given one respondent is enough: pays and départements answered, syndicats did not; the rest is there already.
    assert f"Pays et PETR{NARROW}: Nouvelle-Aquitaine" in offered
    assert f"Syndicats mixtes{NARROW}: Nouvelle-Aquitaine" not in offered
    assert f"Communes{NARROW}: Nouvelle-Aquitaine" not in offered


def test_a_search_that_finds_nothing_says_what_to_try():
    visit = run(chosen)
    visit.text_input(key=choosing.SEARCH).set_value("zzzzzzzz").run()
    assert any("Aucun territoire de ce nom n’est à ajouter." in caption.value for caption in visit.caption)


def test_a_structure_of_the_answers_is_found_and_its_name_is_a_text():
    visit = run(chosen)
    visit.text_input(key=choosing.SEARCH).set_value("val de sevre").run()
    button = visit.button(key="ajouter-pays:val-de-sevre")
    assert button.label.startswith("Ajouter Pays du Val de Sèvre")
