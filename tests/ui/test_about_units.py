"""Who counts, on `tests.world`: 16001, 16002 and the first EPCI have two respondents each."""

import pandas as pd
from streamlit.testing.v1 import AppTest

from lib.analysis.divergence import divergence
from lib.display.formats import HIDDEN
from lib.ui import about_units
from tests import world
from tests.pages.visits import unfold

NARROW = "\u202f"


def drawn_units():
    from lib.ui import about_units
    from tests import world

    about_units.units(world.edition())


def single():
    from dataclasses import replace

    from lib.ui import about_units
    from tests import world

    edition = world.edition()
    kept = edition.respondents.drop_duplicates("territory").index
    about_units.units(
        replace(
            edition,
            respondents=edition.respondents.loc[kept],
            values=edition.values.loc[kept],
            states=edition.states.loc[kept],
        )
    )


def drawn(script):
    visit = AppTest.from_function(script, default_timeout=60).run()
    assert not visit.exception
    return visit


def test_facts_may_be_counted_by_respondents_and_opinions_not_by_territories():
    table = about_units.unit_table(world.edition()).set_index("Question")
    # The free text is not counted.
    assert table.index.tolist() == ["Stratégie", "Portage", "Besoins", "Mobilisation", "Actions", "Priorités"]
    assert table.loc["Stratégie"].tolist() == ["Fait", "Territoires", "Répondants"]
    assert table.loc["Besoins"].tolist() == ["Opinion", "Répondants", "Non"]
    assert table.index[table["Nature"] == "Fait"].tolist() == ["Stratégie", "Mobilisation", "Actions"]


def test_named_and_unnamed_divergences_are_counted_apart_and_small_ones_hidden():
    edition = world.edition()
    edition.respondents.loc["r04", "publishable"] = False  # 16002 is no longer named
    table = about_units.divergence_table(edition, divergence(edition))
    assert table["Question"].tolist() == ["Stratégie", "Mobilisation", "Actions"]
    assert table.iloc[:, 1].tolist() == ["0", "0", "1"]
    assert table.iloc[:, 2].tolist() == [HIDDEN, HIDDEN, "0"]


def test_the_list_names_the_question_and_never_an_answer():
    edition = world.edition()
    listed = about_units.named_divergences(edition, divergence(edition))
    assert listed.to_numpy().tolist() == [
        ["Belval", "16002", "Stratégie"],
        ["Belval", "16002", f"Mobilisation{NARROW}: inclusion numérique"],
        ["Aunay", "16001", f"Actions{NARROW}: inclusion numérique"],
    ]
    said = listed.to_csv()
    labels = [label for question in edition.codebook.questions for label in question.labels.values()]
    assert not [label for label in labels if label in said and label not in ("Autre",)]


def test_a_territory_that_refused_is_not_listed():
    edition = world.edition()
    edition.respondents.loc["r04", "publishable"] = False
    listed = about_units.named_divergences(edition, divergence(edition))
    assert listed["Code"].tolist() == ["16001"]


def test_the_section_says_how_many_territories_have_several_respondents():
    visit = drawn(drawn_units)
    # Eight territories, three of them with two respondents; the commune without a name is none.
    assert "3 territoires sur 8 ont plusieurs répondants (jusqu’à 2)." in [text.value for text in visit.markdown]
    tables = [table.value for table in unfold(visit).dataframe]
    pd.testing.assert_frame_equal(
        tables[-1], about_units.named_divergences(world.edition(), divergence(world.edition()))
    )


def test_without_several_respondents_nothing_diverges():
    visit = drawn(single)
    assert "Aucun territoire n’a plusieurs répondants." in [text.value for text in visit.markdown]
    assert len(visit.dataframe) == 1
    assert not visit.expander
