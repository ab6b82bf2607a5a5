"""Blocks on `tests.world`: marks, the way out of small selections, the context, where a file comes from."""

import json
from dataclasses import replace

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from lib.ui import blocks
from tests import world
from tests.pages.visits import unfold

NARROW = "\u202f"


def headed():
    import streamlit as st

    from lib.ui import blocks, filters
    from tests import world

    edition = world.edition()
    selection = filters.current_selection(edition)
    blocks.heading(edition, selection, "Qui a répondu ?")
    blocks.answer(edition, selection, "Une réponse.")
    st.text("suite")


def tabled():
    import pandas as pd

    from lib.analysis.selection import Selection
    from lib.ui import blocks
    from tests import world

    table = pd.DataFrame({"Réponse": ["Non"], "Part": ["30 %"]})
    file = pd.DataFrame({"Réponse": ["Non"], "Part": [0.3]})
    blocks.data(lambda: table, lambda: file, "essai", world.edition(), Selection(), unit="répondants", label="besoins")


def protected():
    from dataclasses import replace

    import pandas as pd

    from lib.analysis.selection import EVERYBODY
    from lib.display.formats import MASKED
    from lib.ui import blocks
    from tests import world

    edition = replace(world.edition(), threshold=3)
    for name, counts in (("masque", ["12", MASKED]), ("entier", ["12", "7"])):
        table = pd.DataFrame({"Réponse": ["Non", "Oui"], "Effectif": counts})
        blocks.data(lambda table=table: table, dict, name, edition, EVERYBODY, unit="répondants", label="besoins")


def drawn():
    from lib.ui import blocks

    spec = {"mark": "bar", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a", "type": "quantitative"}}}
    spec["title"] = {"text": "Combien ?", "subtitle": ["base : 12 répondants · brut", "Données simulées"]}
    blocks.chart(spec, "Une barre.")
    blocks.reading("une barre vaut un.")
    blocks.section("Combien ?", "À savoir.")


def visited(script, **parameters):
    visit = AppTest.from_function(script, default_timeout=60)
    for name, value in parameters.items():
        visit.query_params[name] = value
    visit.run()
    assert not visit.exception
    return visit


def test_only_figures_of_a_simulated_edition_are_marked():
    simulated = world.edition()
    real = replace(simulated, simulated=False)
    assert blocks.subtitle(simulated, "base : 12", "") == "base : 12 · Données simulées"
    assert blocks.subtitle(real, "base : 12") == "base : 12"


def test_enough_respondents_open_the_page():
    visit = visited(headed)
    assert [title.value for title in visit.title] == ["Qui a répondu ?"]
    assert visit.markdown[0].value == "**Une réponse.**"
    # Twelve respondents, eight territories: four communes, two EPCI, a département, a pays.
    assert "**12 répondants, 8 territoires**" in visit.markdown[1].value
    assert "tous les répondants" in visit.markdown[1].value
    assert "Essai, mars · données non pondérées" in visit.markdown[1].value
    assert [text.value for text in visit.text] == ["suite"]
    assert not visit.info


def test_three_respondents_are_enough():
    visit = visited(headed, type="epci")
    assert "**3 répondants, 2 territoires**" in visit.markdown[1].value
    assert [text.value for text in visit.text] == ["suite"]


@pytest.mark.parametrize("kinds", [["pays"], ["pays", "departement"]])
def test_one_or_two_respondents_close_the_page_and_are_said_alike(kinds):
    visit = visited(headed, type=kinds)
    (said,) = [markdown.value for markdown in visit.markdown]
    assert "**moins de 3 répondants**" in said
    assert "territoire" not in said
    assert visit.info[0].value.startswith(f"Moins de 3 répondants pour cette sélection{NARROW}: rien n’est affiché")
    assert not visit.text


def test_nobody_closes_the_page_with_a_way_out():
    visit = visited(headed, type="syndicat", departement="33")
    assert visit.info[0].value.startswith("Aucun répondant pour cette sélection.")
    assert "**0 répondant, 0 territoire**" in visit.markdown[0].value
    assert not visit.text
    visit.button[0].click().run()
    assert dict(visit.query_params) == {}
    assert [text.value for text in visit.text] == ["suite"]


def test_a_table_comes_with_its_file():
    visit = visited(tabled)
    (expander,) = visit.expander
    assert expander.label.startswith("Voir les données")
    assert not visit.dataframe
    unfold(visit)
    assert visit.dataframe[0].value.to_dict("list") == {"Réponse": ["Non"], "Part": ["30 %"]}
    # A figure without a picture has numbers only.
    offered = [button.proto.label for button in visit.get("download_button")]
    assert offered == ["Télécharger (CSV)", "Classeur (XLSX)", "Tout (ZIP)"]
    assert visit.dataframe[0].proto.alt == f"Tableau des données{NARROW}: besoins"
    assert [caption.value for caption in visit.caption] == ["Données simulées."]


def test_a_table_that_hides_a_figure_says_so_and_why():
    visit = unfold(visited(protected))
    masked = f"«{NARROW}n{NARROW}<{NARROW}3{NARROW}»"
    assert [caption.value for caption in visit.caption] == [
        f"Données simulées. {masked}{NARROW}: moins de 3 réponses, ou une valeur qui permettrait de les déduire.",
        "Données simulées.",
    ]


def test_rows_of_a_chart_travel_whole_whatever_each_of_them_holds():
    rows = [{"part": 0.5, "n": 3}, {"part": None, "n": 4, "libellé": "l’été"}, {"part": 1, "vu": True}]
    sent = blocks._travelling(json.dumps({"data": {"values": rows}, "mark": "bar"}))
    assert sent["data"] == {"name": blocks.ROWS}
    table = pa.ipc.open_stream(sent["datasets"][blocks.ROWS]).read_all()
    names = ("part", "n", "libellé", "vu")
    assert table.to_pylist() == [{name: row.get(name) for name in names} for row in rows]


def test_a_chart_has_a_text_alternative_and_a_reading():
    visit = visited(drawn)
    (chart,) = visit.get("vega_lite_chart")
    assert chart.proto.alt == "Une barre. Base : 12 répondants · brut · Données simulées."
    assert [caption.value for caption in visit.caption] == [f"Comment lire{NARROW}: une barre vaut un."]
    assert [header.value for header in visit.header] == ["Combien ?"]
    assert visit.markdown[0].value == "À savoir."
