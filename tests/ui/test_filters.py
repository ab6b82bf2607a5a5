"""Filters and choices: the address commands the widgets, the widgets write to the address."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.analysis.selection import Selection
from lib.ui import filters
from tests import world

NARROW = "\u202f"


def filtered():
    import streamlit as st

    from lib.ui import filters
    from tests import world

    edition = world.edition()
    filters.draw_filters(edition)
    st.session_state["selection"] = filters.current_selection(edition)
    st.session_state["carried"] = filters.link_parameters(edition)


def chosen():
    import streamlit as st

    from lib.ui import filters

    groups = {"type": "Type", "taille": "Taille", "departement": "Département"}
    st.session_state["group"] = filters.choice("groupe", "Comparer selon", groups, segmented=True)
    themes = {"inclusion": "Inclusion numérique", "sante": "Santé"}
    st.session_state["row"] = filters.choice("theme", "Thématique", themes)


def counted():
    import streamlit as st

    from lib.ui import filters
    from tests import world

    codebook = world.edition().codebook
    st.session_state["opinion"] = filters.unit_choice(codebook["besoins"])
    st.session_state["fact"] = filters.unit_choice(codebook["strategie"])


def two_editions():
    import streamlit as st

    from lib.ui import filters

    st.session_state["shown"] = filters.draw_editions({"recente": "Édition récente", "ancienne": "Édition ancienne"})


def one_edition():
    import streamlit as st

    from lib.ui import filters

    st.session_state["shown"] = filters.draw_editions({"recente": "Édition récente"})


def run(script, **parameters):
    visit = AppTest.from_function(script, default_timeout=60)
    for name, value in parameters.items():
        visit.query_params[name] = value
    visit.run()
    assert not visit.exception
    return visit


def address(visit):
    """Return the query parameters, each as a list."""
    return {name: value if isinstance(value, list) else [value] for name, value in visit.query_params.items()}


def test_without_parameters_nothing_is_filtered():
    visit = run(filtered)
    assert visit.session_state["selection"] == Selection()
    assert visit.session_state["carried"] == {}
    assert [widget.value for widget in visit.multiselect] == [[], [], [], []]
    assert visit.button[0].disabled


@pytest.mark.shipped_region
def test_the_address_fills_the_filters():
    visit = run(filtered, type="epci", departement=["33", "40"], role="elu", taille="sans-objet")
    assert visit.session_state["selection"] == Selection(("epci",), ("sans-objet",), ("33", "40"), ("elu",))
    assert {widget.key: widget.value for widget in visit.multiselect} == {
        "type": ["epci"],
        "taille": ["sans-objet"],
        "departement": ["33", "40"],
        "role": ["elu"],
    }
    assert visit.session_state["carried"]["departement"] == ["33", "40"]
    assert not visit.button[0].disabled


@pytest.mark.shipped_region
def test_codes_unknown_or_repeated_are_ignored():
    visit = run(filtered, departement=["99", "40", "40", "33); --"], type="mairie", page="2")
    assert visit.session_state["selection"] == Selection(departements=("40",))
    assert visit.session_state["carried"] == {"departement": ["40"]}


@pytest.mark.shipped_region
def test_every_code_offered_has_a_french_name():
    offered = filters.filter_options(world.edition())
    assert list(offered) == ["type", "taille", "departement", "role"] == list(filters.LABELS) == list(filters.ANY)
    assert len(offered["departement"]) == 12
    assert offered["departement"]["33"] == "Gironde (33)"
    assert all(name for names in offered.values() for name in names.values())


@pytest.mark.shipped_region
def test_a_filter_chosen_is_written_to_the_address():
    visit = run(filtered, role="elu")
    visit.multiselect(key="departement").set_value(["23", "87"]).run()
    assert address(visit) == {"role": ["elu"], "departement": ["23", "87"]}
    assert visit.session_state["selection"] == Selection(departements=("23", "87"), roles=("elu",))
    visit.multiselect(key="departement").set_value([]).run()
    assert address(visit) == {"role": ["elu"]}


def test_the_reset_button_clears_the_filters_and_leaves_the_choices():
    visit = run(filtered, type="epci", departement="33", role="inconnu", groupe="taille")
    visit.button[0].click().run()
    assert address(visit) == {"groupe": ["taille"]}
    assert visit.session_state["selection"] == Selection()
    assert [widget.value for widget in visit.multiselect] == [[], [], [], []]


@pytest.mark.shipped_region
def test_an_address_changed_by_hand_wins_over_the_widgets():
    visit = run(filtered, departement="33")
    visit.query_params["departement"] = "40"
    visit.run()
    assert visit.multiselect(key="departement").value == ["40"]
    assert visit.session_state["selection"] == Selection(departements=("40",))


def test_a_choice_is_its_first_option_unless_the_address_says_otherwise():
    assert run(chosen).session_state["group"] == "type"
    visit = run(chosen, groupe="departement", theme="sante")
    assert (visit.session_state["group"], visit.session_state["row"]) == ("departement", "sante")
    assert visit.selectbox(key="theme").value == "sante"
    assert visit.button_group(key="groupe").value == "departement"


def test_an_unknown_choice_is_ignored():
    visit = run(chosen, groupe="couleur", theme="<script>")
    assert (visit.session_state["group"], visit.session_state["row"]) == ("type", "inclusion")


def test_a_choice_is_written_to_the_address_unless_it_is_the_default():
    visit = run(chosen)
    assert address(visit) == {}
    visit.selectbox(key="theme").set_value("sante").run()
    assert address(visit) == {"theme": ["sante"]}
    assert visit.session_state["row"] == "sante"
    visit.selectbox(key="theme").set_value("inclusion").run()
    assert address(visit) == {}


@pytest.mark.shipped_region
def test_a_selection_is_said_in_french():
    edition = world.edition()
    said = filters.selection_words
    assert said(Selection(), edition) == "tous les répondants"
    assert said(Selection(departements=("33", "40")), edition) == "Gironde (33) ou Landes (40)"
    # The names of types and roles of this small questionnaire are their codes.
    assert said(Selection(types=("epci",), roles=("elu", "direction")), edition) == f"Epci{NARROW}; elu ou direction"
    everything = said(Selection(("commune",), ("commune-0-999",), ("23",), ("autre",)), edition)
    assert everything == f"Commune{NARROW}; communes de moins de 1{NARROW}000 hab.{NARROW}; Creuse (23){NARROW}; autre"


# Weighting, edition, unit.


def test_the_address_asks_for_weights_and_links_carry_it():
    visit = run(filtered, ponderation="oui")
    assert visit.session_state["selection"] == Selection(weighted=True)
    assert visit.session_state["carried"] == {"ponderation": ["oui"]}
    assert visit.toggle(key="ponderation").value
    assert not visit.button[0].disabled


def test_any_other_weighting_is_ignored():
    visit = run(filtered, ponderation="1")
    assert visit.session_state["selection"] == Selection()
    assert visit.session_state["carried"] == {}
    assert not visit.toggle(key="ponderation").value


def test_the_toggle_writes_the_address_and_takes_it_back():
    visit = run(filtered, type="epci")
    visit.toggle(key="ponderation").set_value(True).run()
    assert address(visit) == {"type": ["epci"], "ponderation": ["oui"]}
    assert visit.session_state["selection"] == Selection(types=("epci",), weighted=True)
    visit.toggle(key="ponderation").set_value(False).run()
    assert address(visit) == {"type": ["epci"]}


def test_the_reset_button_takes_the_weights_out_and_leaves_the_edition():
    visit = run(filtered, edition="ancienne", ponderation="oui", role="elu")
    visit.button[0].click().run()
    assert address(visit) == {"edition": ["ancienne"]}
    assert visit.session_state["selection"] == Selection()


def test_an_edition_alone_is_nothing_to_reset():
    visit = run(filtered, edition="essai")
    assert visit.session_state["carried"] == {"edition": [world.edition().id]}
    assert visit.button[0].disabled


def test_an_edition_is_the_latest_unless_the_address_says_otherwise():
    assert run(two_editions).session_state["shown"] == "recente"
    assert run(two_editions, edition="ancienne").session_state["shown"] == "ancienne"
    assert run(two_editions, edition="perdue").session_state["shown"] == "recente"
    visit = run(two_editions)
    visit.selectbox(key="edition").set_value("ancienne").run()
    assert address(visit) == {"edition": ["ancienne"]}


def test_one_edition_is_no_choice():
    visit = run(one_edition, edition="perdue")
    assert visit.session_state["shown"] == "recente"
    assert not visit.selectbox


def test_facts_may_be_counted_by_respondent_and_opinions_in_no_other_way():
    visit = run(counted)
    assert (visit.session_state["opinion"], visit.session_state["fact"]) == ("respondents", "territories")
    # One choice only is drawn: that of the fact.
    (choice,) = visit.get("button_group")
    assert choice.value == "territoires"
    visit = run(counted, unite="repondants")
    assert (visit.session_state["opinion"], visit.session_state["fact"]) == ("respondents", "respondents")
