"""Columns of a file and answers of the questionnaire: recognised, chosen by a person, kept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.survey.codebook import parse_codebook
from lib.survey.reading.mapping import ROLES, Target, from_json, recognise, to_json, with_option, with_target
from lib.survey.reading.table import SurveyFileError, read_table
from tests.survey.reading.tables import table_of
from tests.survey.world import CODEBOOK, HEADINGS, codebook, export


def keys(headings, *rows, questionnaire=None):
    """Return the role and key of each column."""
    mapping = recognise(table_of(headings, [list(row) for row in rows]), questionnaire or codebook())
    return [(target.role, target.key) for target in mapping.columns]


def test_every_column_of_the_small_world_is_recognised():
    mapping = recognise(read_table(export().encode()), codebook())
    by_role = {}
    for target in mapping.columns:
        by_role.setdefault(target.role, []).append(target.key)
    assert sorted(by_role["answer"]) == sorted(codebook().columns)
    assert by_role["metadata"] == ["id", "submitdate"]
    assert by_role["contact"] == ["courriel"]
    assert len(by_role["unknown"]) == 2
    # The option « Autre » comes first, its free text second.
    assert mapping.columns[13].key == "freins/autre"
    assert mapping.columns[16].key == "freins/autre/texte"
    assert {target.by for target in mapping.columns if target.role == "answer"} == {"wording"}
    assert len(HEADINGS) == len(mapping.columns)


def test_repeated_headings_and_unknown_options_stay_unknown():
    headings = ("Publier ?", "Publier ?", "Quels freins ? [Argent]", "Actions [Fibre][Plan]", "Actions")
    assert keys(headings) == [("answer", "accord"), *[("unknown", "")] * 4]


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["freins[temps]", "niveau[fibre]", "rang[2]"], ["freins/temps", "niveau/fibre", "rang/2"]),
        (["actions[fibre_bilan]", "actions[ecole_aucune]"], ["actions/fibre/bilan", "actions/ecole/aucune"]),
        (["freins_temps", "niveau_ecole", "nom"], ["freins/temps", "niveau/ecole", "nom"]),
        (["freins/temps", "actions/fibre/bilan", "type"], ["freins/temps", "actions/fibre/bilan", "type"]),
    ],
)
def test_codes_of_the_questionnaire(headings, expected):
    assert [key for _, key in keys(headings)] == expected


def test_codes_of_a_tool_are_the_aliases_of_the_questionnaire():
    text = CODEBOOK.replace('id = "role"\n', 'id = "role"\naliases = ["G01Q05"]\n')
    text = text.replace('{ code = "elu",', '{ code = "elu", aliases = ["A1"],')
    questionnaire = parse_codebook(text.encode())
    assert questionnaire["role"].aliases == ("G01Q05",)
    assert questionnaire["role"].options[0].aliases == ("A1",)
    assert keys(["type", "G01Q05"], ["commune", "A1"], questionnaire=questionnaire)[1] == ("answer", "role")


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("3. Vous êtes…", "role"),
        ("VOUS ETES", "role"),
        ("Rôle", "role"),
        ("Quels freins ? : Aucun", "freins/aucun"),
        ("Quels freins ? - Temps, calendrier (agenda)", "freins/temps"),
        ("Priorités [1er choix]", "rang/1"),
        ("Priorités [Rang 2]", "rang/2"),
    ],
)
def test_wordings_that_differ_by_numbers_punctuation_or_accents(heading, key):
    assert keys(["Votre structure", heading])[1] == ("answer", key)


def test_several_options_in_one_cell_are_one_column():
    headings = ["Horodateur", "Quels freins ?", "Actions [Fibre]", "Priorités"]
    rows = [["", "Temps, calendrier (agenda), Aucun", "Bilan, Aucune", "Fibre, École d’aujourd’hui"]]
    mapping = recognise(table_of(headings, rows), codebook())
    assert [(target.role, target.key) for target in mapping.columns] == [
        ("metadata", "submitdate"),
        ("joined", "freins"),
        ("joined", "actions/fibre"),
        ("joined", "rang"),
    ]
    assert mapping.joined == ", "


def test_options_with_columns_of_their_own_are_preferred_to_the_cell_that_joins_them():
    headings = ["freins", "freins/temps", "freins/aucun", "freins_other", "_id", "_uuid"]
    rows = [["temps autre", "1", "0", "La météo", "1", "u"]]
    assert keys(headings, *rows)[:4] == [
        ("ignored", ""),
        ("answer", "freins/temps"),
        ("answer", "freins/aucun"),
        ("answer", "freins/autre/texte"),
    ]


def test_a_lone_autre_is_the_option_or_its_text_according_to_its_cells():
    heading = ["Quels freins ? [Autre]"]
    assert keys(heading, ["Oui"], ["Non"]) == [("answer", "freins/autre")]
    assert keys(heading, ["La pluie"], [""]) == [("answer", "freins/autre/texte")]


def test_shortened_headings_alike_are_taken_in_order_when_all_are_there_and_left_when_not():
    text = CODEBOOK.replace('label = "Aucun",', 'label = "Temps, calendrier annuel",')
    questionnaire = parse_codebook(text.encode())
    short = "Quels freins ?  [Temps, calendri.. ]"
    headings = ["Votre structure.. ", "Quels freins ?.. [Temps, calendri.. ]", "Quels freins ?.. [Temps, calendri.. ]"]
    assert short.count("[") == 1
    assert [key for _, key in keys(headings, questionnaire=questionnaire)] == ["type", "freins/temps", "freins/aucun"]
    assert [key for _, key in keys(headings[:2], questionnaire=questionnaire)] == ["type", ""]


def test_a_row_named_alone_is_read_where_its_cells_are_answers_of_one_question():
    heading = ["ID", "Heure de début", "Heure de fin", "Fibre"]
    rows = [["1", "", "", "Présent"], ["2", "", "", "Absent"]]
    assert keys(heading, *rows)[3] == ("answer", "niveau/fibre")
    assert keys(heading, ["1", "", "", "oui"])[3] == ("unknown", "")


def test_a_person_s_choice_takes_the_answer_from_the_column_that_had_it():
    table = table_of(["Publier ?", "Accord donné"], [["Oui", "Non"]])
    mapping = with_target(recognise(table, codebook()), 1, Target("answer", "accord"))
    assert mapping.columns == (Target("unknown"), Target("answer", "accord", "person"))


def test_a_mapping_is_kept_for_the_same_headings_only():
    table = table_of(["Votre structure", "Nom de la structure"], [["Commune", "Pau"]])
    mapping = with_option(recognise(table, codebook()), "type", "Ville ", "commune")
    assert mapping.options == {"type": {"ville": "commune"}}
    assert from_json(to_json(mapping, table), table) == mapping
    other = table_of(["Votre structure", "Nom"], [["Commune", "Pau"]])
    for text, place in ((to_json(mapping, table), other), ("{}", table), ("[", table), ("[1]", table)):
        with pytest.raises(SurveyFileError, match="correspondance des colonnes"):
            from_json(text, place)


@given(
    st.lists(
        st.text(max_size=30) | st.sampled_from([*HEADINGS, "freins", "actions[fibre_bilan]", "a/b/c/d"]), max_size=12
    ),
    st.data(),
)
@settings(max_examples=200, deadline=None)
def test_any_headings_give_every_column_one_target(headings, data):
    rows = [data.draw(st.lists(st.text(max_size=12), min_size=len(headings), max_size=len(headings)))]
    mapping = recognise(table_of(headings, rows), codebook())
    assert len(mapping.columns) == len(headings)
    assert all(target.role in ROLES for target in mapping.columns)
    answers = [target.key for target in mapping.columns if target.role == "answer"]
    assert len(set(answers)) == len(answers)
    assert set(answers) <= set(codebook().columns)
