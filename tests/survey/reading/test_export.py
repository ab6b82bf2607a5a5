"""Reading of a table into raw answers: columns, several options in one cell, what is reported, what is refused."""

import pytest

from lib.survey.options import names
from lib.survey.reading.export import read_export
from lib.survey.reading.joined import best_separator, longest, split_cell
from lib.survey.reading.mapping import Target, recognise, with_option, with_target
from lib.survey.reading.table import SurveyFileError, read_table
from tests.survey.reading.tables import table_of
from tests.survey.world import HEADINGS, codebook, export, written

IDENTITY = ["Votre structure", "Nom de la structure"]
PAU = ["Commune", "Pau"]


def read_file(content):
    table = read_table(content)
    return read_export(table, recognise(table, codebook()), codebook())


def read_rows(headings, *rows, **more):
    table = table_of([*IDENTITY, *headings], [[*PAU, *row] for row in rows], **more)
    return read_export(table, recognise(table, codebook()), codebook())


def problems(findings):
    return [(column, problem) for _, column, _, problem in findings]


def told(read):
    return " ".join(problem for _, problem in problems(read.findings))


def test_columns_are_named_by_key_and_cells_are_untouched():
    read = read_file(export().encode())
    assert tuple(read.answers.columns) == codebook().columns
    assert read.answers["nom"].tolist()[:3] == ["Bordeaux", "BORDEAUX", "Mairie de Pau"]
    assert read.answers["membres"].tolist()[0] == "N/A"
    assert read.headings["nom"] == "Nom  de la structure"
    assert read.lines.tolist() == list(range(2, 14))
    assert list(read.metadata.columns) == ["id", "submitdate"]
    assert read.tool.id == "limesurvey"


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_changes_nothing(separator):
    read = read_file(export(separator).encode())
    assert read.separator == separator
    assert read.answers.equals(read_file(export().encode()).answers)


def test_contacts_are_set_apart_and_their_content_is_kept_nowhere():
    read = read_file(export().encode())
    assert read.contacts == ("Adresse électronique / e-mail",)
    assert "a@b.fr" not in repr(read) + read.answers.to_csv() + read.metadata.to_csv() + str(list(read.findings))


def test_unknown_and_empty_columns_are_reported_with_their_place():
    reported = problems(read_file(export().encode()).findings)
    assert [column for column, _ in reported] == [
        "Adresse électronique / e-mail",
        "Comment nous avez-vous connus ?",
        "",
    ]
    assert "n° 23" in reported[1][1]
    assert "n° 24" in reported[2][1]


def test_repeated_columns_unknown_options_and_missing_ones_are_reported():
    headings = ["Publier ?", "Publier ?", "Quels freins ? [Argent]", "Quels freins ? [Temps, calendrier (agenda)]"]
    read = read_rows(headings, ["Oui", "Non", "Oui", "Oui"])
    reported = dict(problems(read.findings))
    assert "plusieurs fois" in reported["Publier ?"]
    assert "pas dans le questionnaire" in reported["Quels freins ? [Argent]"]
    assert "«\u202fNe sait pas\u202f» manque" in reported["Quels freins ?"]
    assert "La question manque" in reported["Actions"]
    assert read.answers["accord"].tolist() == ["Oui"]


def test_a_lone_autre_is_the_option_or_its_text_according_to_its_content():
    ticked = read_rows(["Quels freins ? [Autre]"], ["Oui"])
    texts = read_rows(["Quels freins ? [Autre]"], ["La pluie"])
    assert "freins/autre" in ticked.answers
    assert "freins/autre" not in texts.answers
    assert texts.answers["freins/autre/texte"].tolist() == ["La pluie"]


def test_what_the_table_noted_is_said_and_the_encoding_that_can_be_wrong():
    read = read_file(export().encode("cp1252"))
    assert read.encoding == "cp1252"
    assert "accents" in told(read)
    assert "feuille 2" in told(read_rows([], [], notes=["Lu sur la feuille 2."]))


def test_comments_are_reported_and_kept_nowhere():
    headings = ["Vous êtes…", "Vous êtes… [Commentaire]", "Quels freins ? [Aucun]", "Quels freins ? [Commentaire]"]
    read = read_rows(headings, ["Agent", "secret", "Oui", "secret"])
    assert list(read.answers.columns) == ["type", "nom", "role", "freins/aucun"]
    assert told(read).count("Commentaire d’une réponse") == 2
    assert "secret" not in str(list(read.findings))


def test_a_draft_has_no_date_of_submission():
    above = [["Titre", "", "", "", "", ""], ["Détails de la soumission", "", "", "", "", ""]]
    table = table_of(
        ["SID", "Time", "Draft", "Serial", *IDENTITY],
        [["7", "2026-03-02", "0", "1", *PAU], ["8", "2026-03-03", "1", "2", *PAU]],
        above,
    )
    read = read_export(table, recognise(table, codebook()), codebook())
    assert read.metadata["submitdate"].tolist() == ["2026-03-02", ""]
    assert read.metadata["id"].tolist() == ["7", "8"]


def test_several_options_are_taken_apart_by_the_longest_and_the_rest_is_autre():
    cells = ["Temps, calendrier (agenda), La pluie, le vent", "aucun", "", "N/A", "Autre"]
    read = read_rows(["Quels freins ?"], *([cell] for cell in cells))
    assert read.answers["freins/temps"].tolist() == ["1", "", "", "N/A", ""]
    assert read.answers["freins/aucun"].tolist() == ["", "1", "", "N/A", ""]
    assert read.answers["freins/autre"].tolist() == ["1", "", "", "N/A", "1"]
    assert read.answers["freins/autre/texte"].tolist() == ["La pluie, le vent", "", "", "N/A", ""]


def test_items_of_a_row_that_are_no_option_are_reported_and_a_person_may_say_what_they_are():
    table = table_of([*IDENTITY, "Actions [Fibre]"], [[*PAU, "Bilan;Plan;"], [*PAU, "Plan"]])
    mapping = recognise(table, codebook())
    read = read_export(table, mapping, codebook())
    assert read.answers["actions/fibre/bilan"].tolist() == ["1", ""]
    assert [(row, value) for row, column, value, _ in read.findings if column == "Actions [Fibre]" and value] == [
        (2, "Bilan;Plan;"),
        (3, "Plan"),
    ]
    chosen = read_export(table, with_option(mapping, "actions", "Plan", "aucune"), codebook())
    assert chosen.answers["actions/fibre/aucune"].tolist() == ["1", "1"]
    left = read_export(table, with_option(mapping, "actions", "Plan", ""), codebook())
    assert [value for _, column, value, _ in left.findings if column == "Actions [Fibre]" and value] == []


def test_a_ranking_in_one_cell_or_in_a_column_for_each_option():
    joined = read_rows(["Priorités"], ["École d’aujourd’hui;Fibre;"], ["Fibre"], ["N/A"])
    assert joined.answers["rang/1"].tolist() == ["ecole", "fibre", "N/A"]
    assert joined.answers["rang/2"].tolist() == ["fibre", "", "N/A"]
    headings = ["Priorités [Fibre]", "Priorités [École d’aujourd’hui]"]
    apart = read_rows(headings, ["2", "1"], ["1", ""], ["1", "Classement 1"])
    assert apart.answers["rang/1"].tolist() == ["ecole", "fibre", "fibre"]
    assert apart.answers["rang/2"].tolist() == ["fibre", "", ""]
    assert "même rang" in told(apart)


def test_a_text_that_a_person_named_is_read_as_the_option():
    table = table_of([*IDENTITY, "Vous êtes…"], [[*PAU, "Maire"], [*PAU, "maire "], [*PAU, "Agent"]])
    mapping = with_option(recognise(table, codebook()), "role", "Maire", "elu")
    assert read_export(table, mapping, codebook()).answers["role"].tolist() == ["elu", "elu", "Agent"]


def test_addresses_in_free_texts_are_counted_and_not_shown():
    read = read_file(written([*IDENTITY, "EPCI membres"], [["Commune", "Pau", "voir a@b.fr"]]).encode())
    assert "1 cellule(s)" in told(read)
    assert "a@b.fr" not in str(list(read.findings))


def test_a_column_that_a_person_leaves_out_is_said_to_be():
    table = table_of([*IDENTITY, "Publier ?"], [[*PAU, "Oui"]])
    mapping = with_target(recognise(table, codebook()), 2, Target("ignored"))
    read = read_export(table, mapping, codebook())
    assert "accord" not in read.answers
    assert "à votre demande" in told(read)


def test_sphinx_is_said_to_be_unverified():
    headings = ["CLE", "DATE_SAISIE", "DATE_ENREG", "PROGRESSION"]
    assert "n’a pas été vérifiée" in told(read_rows(headings, ["1", "", "", ""]))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a;b\n1;2\n", ["Aucun des 2 intitulés", "ligne 1", "Petit monde", "intitulés complets"]),
        (written(HEADINGS, []), ["aucune réponse", "filtre"]),
        (written(["Nom de la structure", "Publier ?"], [["Pau", "Oui"]]), ["«\u202fVotre structure\u202f» manque"]),
    ],
)
def test_a_file_that_cannot_be_read_as_answers_is_refused(content, said):
    with pytest.raises(SurveyFileError) as fault:
        read_file(content.encode())
    for words in said:
        assert words in str(fault.value)


def test_a_mapping_of_another_width_is_refused():
    table = table_of(IDENTITY, [PAU])
    other = recognise(table_of([*IDENTITY, "Publier ?"], [[*PAU, "Oui"]]), codebook())
    with pytest.raises(SurveyFileError, match="autres intitulés"):
        read_export(table, other, codebook())


def test_a_cell_is_taken_apart_by_the_longest_names():
    options = codebook()["freins"].options
    code_of = names(options).code
    # « Temps, calendrier (agenda) » holds one comma: two pieces.
    assert longest(options, ", ") == 2
    items = split_cell("Temps, calendrier (agenda),Aucun, ", ", ", code_of, 2)
    assert [item.code for item in items] == ["temps", "aucun"]
    items = split_cell("pluie,vent;Aucun;", ";", code_of, 1)
    assert items == [(None, "pluie,vent"), ("aucun", "Aucun")]
    assert split_cell(" ; ;", ";", code_of, 1) == []


def test_the_separator_is_the_one_under_which_most_items_are_options():
    options = codebook()["freins"].options
    known = names(options).code
    assert best_separator([({"Aucun;Ne sait pas"}, options, known)], ", ") == ";"
    assert best_separator([({"Aucun, Ne sait pas"}, options, known)], "") == ", "
    assert best_separator([({"La pluie"}, options, known)], ", ") == ", "
    assert best_separator([({"temps aucun"}, options, known)], "") == " "
    # Words of a sentence are not options because one of them is a code.
    assert best_separator([({"temps perdu"}, options, known)], "") == ""
