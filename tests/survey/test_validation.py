"""Check of answers: the four states, and each contradiction with its line, its column and its sentence."""

import pandas as pd
import pytest

from lib.survey.codebook import parse_codebook
from lib.survey.reading.export import read_export
from lib.survey.reading.mapping import recognise
from lib.survey.reading.table import read_table
from lib.survey.states import NOT_ANSWERED, NOT_ASKED, NOT_TICKED, VALUE, answered, asked
from lib.survey.validation import validate
from tests.survey.world import codebook, export, written

BOX = ["freins/temps", "freins/autre", "freins/aucun", "freins/nsp"]


def checked_of(content):
    table = read_table(content.encode())
    return validate(read_export(table, recognise(table, codebook()), codebook()), codebook())


@pytest.fixture(scope="module")
def checked():
    return checked_of(export())


def cells(checked, row, keys):
    """Return the (state, value) of some cells of response n, « row » being its line in the file."""
    values, states = checked.values.loc[row - 2, keys], checked.states.loc[row - 2, keys]
    return [(state, None if pd.isna(value) else value) for state, value in zip(states, values, strict=True)]


def problems(checked, row):
    return [(column, value, problem) for line, column, value, problem in checked.findings if line == row]


def test_every_column_of_the_questionnaire_is_there_as_text(checked):
    assert tuple(checked.values.columns) == tuple(checked.states.columns) == codebook().columns
    assert set(checked.values.dtypes.astype(str)) == {"str"}
    assert set(checked.states.dtypes.astype(str)) == {"int8"}


def test_a_value_is_exactly_where_the_state_says_so(checked):
    pd.testing.assert_frame_equal(checked.values.notna(), checked.states == VALUE)


def test_the_four_states_in_one_response(checked):
    assert cells(checked, 2, ["type", "niveau/ecole", "rang/2"]) == [
        (VALUE, "commune"),
        (VALUE, "absent"),
        (VALUE, "ecole"),
    ]
    assert cells(checked, 2, BOX) == [
        (VALUE, "1"),
        (NOT_TICKED, None),
        (NOT_TICKED, None),
        (NOT_TICKED, None),
    ]
    assert cells(checked, 2, ["freins/autre/texte"]) == [(NOT_ANSWERED, None)]
    assert cells(checked, 2, ["membres"]) == [(NOT_ASKED, None)]
    assert cells(checked, 2, ["actions/fibre/bilan", "actions/fibre/aucune"]) == [
        (VALUE, "1"),
        (NOT_TICKED, None),
    ]
    assert cells(checked, 2, ["actions/ecole/bilan"]) == [(NOT_ASKED, None)]


def test_a_multiple_choice_with_nothing_ticked_is_not_answered(checked):
    assert cells(checked, 3, BOX) == [(NOT_ANSWERED, None)] * 4
    assert cells(checked, 5, BOX) == [(NOT_ANSWERED, None)] * 4


def test_each_row_of_an_array_of_multiples_is_a_question_of_its_own(checked):
    assert cells(checked, 3, ["actions/fibre/bilan", "actions/fibre/aucune"]) == [
        (VALUE, "1"),
        (NOT_TICKED, None),
    ]
    assert cells(checked, 3, ["actions/ecole/bilan", "actions/ecole/aucune"]) == [
        (NOT_TICKED, None),
        (VALUE, "1"),
    ]
    assert cells(checked, 5, ["actions/ecole/bilan", "actions/ecole/aucune"]) == [(NOT_ANSWERED, None)] * 2


def test_an_exclusive_option_gives_way_to_the_others(checked):
    assert cells(checked, 4, BOX) == [
        (VALUE, "1"),
        (NOT_TICKED, None),
        (NOT_TICKED, None),
        (NOT_TICKED, None),
    ]
    assert cells(checked, 4, ["actions/fibre/bilan", "actions/fibre/aucune"]) == [
        (VALUE, "1"),
        (NOT_TICKED, None),
    ]
    found = problems(checked, 4)
    assert ("Quels freins ? [Aucun]", "Temps, calendrier (agenda), Aucun") in [issue[:2] for issue in found]
    assert ("Actions [Fibre][Aucune]", "Bilan, Aucune") in [issue[:2] for issue in found]


def test_two_exclusive_options_and_nothing_else_are_no_answer(checked):
    assert cells(checked, 6, BOX) == [(NOT_ANSWERED, None)] * 4
    assert [value for column, value, _ in problems(checked, 6) if "freins" in column] == ["Aucun, Ne sait pas"]


def test_an_exclusive_option_alone_is_an_answer(checked):
    assert cells(checked, 7, BOX) == [
        (NOT_TICKED, None),
        (NOT_TICKED, None),
        (NOT_TICKED, None),
        (VALUE, "1"),
    ]
    assert problems(checked, 7) == []


def test_a_text_under_autre_ticks_it(checked):
    assert cells(checked, 8, ["freins/autre", "freins/autre/texte"]) == [(VALUE, "1"), (VALUE, "La météo")]
    assert cells(checked, 9, ["freins/autre", "freins/temps"]) == [(VALUE, "1"), (NOT_TICKED, None)]
    assert problems(checked, 8) == []
    (issue,) = problems(checked, 9)
    assert issue[0] == "Quels freins ? [Autre]"
    assert issue[1] == ""


def test_a_lone_autre_text_is_the_tick():
    headings = [
        "Votre structure",
        "Nom de la structure",
        "Quels freins ? [Temps, calendrier (agenda)]",
        "Quels freins ? [Autre]",
    ]
    rows = [
        ["Commune", "Pau", "Non", "La pluie"],
        ["Commune", "Pau", "Oui", ""],
        ["Commune", "Pau", "N/A", "N/A"],
    ]
    alone = checked_of(written(headings, rows))
    assert cells(alone, 2, BOX[:2]) == [(NOT_TICKED, None), (VALUE, "1")]
    assert cells(alone, 3, BOX[:2]) == [(VALUE, "1"), (NOT_TICKED, None)]
    assert cells(alone, 4, BOX[:2]) == [(NOT_ASKED, None)] * 2
    # The file does not carry the two exclusive options: they were not asked.
    assert cells(alone, 2, BOX[2:]) == [(NOT_ASKED, None)] * 2


def test_an_option_ranked_twice_keeps_its_better_rank(checked):
    assert cells(checked, 4, ["rang/1", "rang/2"]) == [(VALUE, "fibre"), (NOT_ANSWERED, None)]
    assert any(column == "Priorités [Classement 2]" and "deux fois" in text for column, _, text in problems(checked, 4))


def test_a_rank_without_the_one_before_is_kept_and_reported(checked):
    assert cells(checked, 6, ["rang/1", "rang/2"]) == [(NOT_ANSWERED, None), (VALUE, "fibre")]
    assert any("rang précédent" in text for _, _, text in problems(checked, 6))


def test_an_unknown_answer_is_left_out_and_reported(checked):
    assert cells(checked, 4, ["niveau/ecole"]) == [(NOT_ANSWERED, None)]
    assert ("Niveau [de 0 à 1]  [École d'aujourd’hui]", "Bien") in [issue[:2] for issue in problems(checked, 4)]
    assert cells(checked, 12, ["role", "freins/temps"]) == [(NOT_ANSWERED, None)] * 2
    assert [value for _, value, _ in problems(checked, 12)] == ["Maire", "Coché"]


def test_a_code_of_the_wrong_shape_is_reported_and_kept_for_matching(checked):
    assert cells(checked, 4, ["code"]) == [(VALUE, "1")]
    assert ("Code INSEE", "1") in [issue[:2] for issue in problems(checked, 4)]


def test_blanks_hidden_by_the_logic_are_not_asked_even_where_the_file_does_not_say_so(checked):
    # Response 5 says « Absent » for both themes: one row of actions says N/A, the other is ticked.
    assert cells(checked, 6, ["actions/fibre/bilan"]) == [(NOT_ASKED, None)]
    assert cells(checked, 6, ["actions/ecole/bilan"]) == [(VALUE, "1")]
    assert any("ne devait pas être posée" in text for _, _, text in problems(checked, 6))
    # A commune that names members of a pays is kept and reported.
    assert cells(checked, 10, ["membres"]) == [(VALUE, "CC Aunis Sud")]
    assert any("ne devait pas être posée" in text for _, _, text in problems(checked, 10))
    blank = written(
        ["Votre structure", "Nom de la structure", "EPCI membres"],
        [["Commune", "Pau", ""], ["Pays", "X", ""]],
    )
    hidden = checked_of(blank)
    assert hidden.states["membres"].tolist() == [NOT_ASKED, NOT_ANSWERED]


def test_answered_and_asked_are_read_from_the_states(checked):
    assert answered(checked.states[BOX]).tolist() == [
        True,
        False,
        True,
        False,
        False,
        True,
        True,
        True,
        *[False] * 4,
    ]
    assert asked(checked.states[BOX]).tolist() == [True] * 11 + [False]


def test_english_and_short_answers_are_understood():
    headings = [
        "Votre structure",
        "Nom de la structure",
        "Quels freins ? [Temps, calendrier (agenda)]",
        "Publier ?",
    ]
    rows = [["commune", "Pau", "Yes", "oui"], ["COMMUNE", "Pau", "Y", "NON"]]
    short = checked_of(written(headings, rows))
    assert short.values["type"].tolist() == ["commune"] * 2
    assert short.values["freins/temps"].tolist() == ["1"] * 2
    assert short.values["accord"].tolist() == ["oui", "non"]


def test_a_box_that_holds_the_name_of_its_option_is_ticked():
    headings = ["Votre structure", "Nom de la structure", "Quels freins ? [Aucun]", "Quels freins ? [Ne sait pas]"]
    rows = [["Commune", "Pau", "Aucun", ""], ["Commune", "Agen", "", "nsp"], ["Commune", "Niort", "Ne sait pas", ""]]
    named = checked_of(written(headings, rows))
    assert cells(named, 2, ["freins/aucun", "freins/nsp"]) == [(VALUE, "1"), (NOT_TICKED, None)]
    assert cells(named, 3, ["freins/aucun", "freins/nsp"]) == [(NOT_TICKED, None), (VALUE, "1")]
    # The name of another option is no mark of this one.
    assert [value for _, value, _ in problems(named, 4)] == ["Ne sait pas"]


LIST_WITH_TEXT = """
id = "liste"
title = "Liste"

[parts]
territory_type = "type"
territory_name = "nom"

[[questions]]
id = "type"
kind = "single"
short = "Type"
text = "Structure"
options = [{ code = "commune", label = "Commune" }]

[[questions]]
id = "nom"
kind = "text"
short = "Nom"
text = "Nom"

[[questions]]
id = "role"
kind = "single"
short = "Rôle"
text = "Vous êtes"
other = true
options = [{ code = "elu", label = "Élu" }, { code = "autre", label = "Autre" }]
"""


@pytest.mark.parametrize(
    ("headings", "cells", "kept"),
    [
        # LimeSurvey: the text of « Autre » has a column; its long and its short answers.
        ("Structure,Nom,Vous êtes,Vous êtes [Autre]", "Commune,Pau,Autre,Bénévole", ("autre", "Bénévole")),
        ("Structure,Nom,Vous êtes,Vous êtes [Autre]", "Commune,Pau,-oth-,Bénévole", ("autre", "Bénévole")),
        ("Structure,Nom,Vous êtes,Vous êtes [Autre]", "Commune,Pau,,Bénévole", ("autre", "Bénévole")),
        ("Structure,Nom,Vous êtes,Vous êtes [Autre]", "Commune,Pau,Élu,", ("elu", None)),
        # Google Forms: the text stands in the place of the option.
        ("Structure,Nom,Vous êtes", "Commune,Pau,Bénévole", ("autre", "Bénévole")),
        ("Structure,Nom,Vous êtes", "Commune,Pau,", (None, None)),
    ],
)
def test_the_text_of_autre_is_kept_in_a_list_too(headings, cells, kept):
    asked_of = parse_codebook(LIST_WITH_TEXT.encode())
    table = read_table(f"{headings}\r\n{cells}\r\n".encode())
    found = validate(read_export(table, recognise(table, asked_of), asked_of), asked_of)
    values = found.values.loc[0, ["role", "role/autre/texte"]]
    assert tuple(None if pd.isna(value) else value for value in values) == kept
