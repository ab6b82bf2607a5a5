"""Reading of a LimeSurvey export: columns, contacts, what is reported, what is refused."""

import pytest

from lib.survey.reading.limesurvey import read_export
from lib.survey.reading.table import SurveyFileError
from tests.survey.world import HEADINGS, codebook, export, written

IDENTITY = ["Votre structure", "Nom de la structure"]


def problems(findings):
    return [(column, problem) for _, column, _, problem in findings]


def test_columns_are_named_by_key_and_cells_are_untouched():
    read = read_export(export().encode(), codebook())
    assert tuple(read.answers.columns) == codebook().columns
    assert read.answers["nom"].tolist()[:3] == ["Bordeaux", "BORDEAUX", "Mairie de Pau"]
    assert read.answers["membres"].tolist()[0] == "N/A"
    assert read.headings["nom"] == "Nom  de la structure"
    assert read.lines.tolist() == list(range(2, 14))
    assert list(read.metadata.columns) == ["id", "submitdate"]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_changes_nothing(separator):
    read = read_export(export(separator).encode(), codebook())
    assert read.separator == separator
    assert read.answers.equals(read_export(export().encode(), codebook()).answers)


def test_contacts_are_set_apart_and_their_content_is_kept_nowhere():
    read = read_export(export().encode(), codebook())
    assert read.contacts == ("Adresse électronique / e-mail",)
    assert "a@b.fr" not in repr(read) + read.answers.to_csv() + read.metadata.to_csv() + str(list(read.findings))


def test_unknown_and_empty_columns_are_reported_with_their_place():
    reported = problems(read_export(export().encode(), codebook()).findings)
    assert [column for column, _ in reported] == [
        "Adresse électronique / e-mail",
        "Comment nous avez-vous connus ?",
        "",
    ]
    assert "n° 23" in reported[1][1]
    assert "n° 24" in reported[2][1]


def test_repeated_columns_unknown_options_and_missing_ones_are_reported():
    headings = [
        *IDENTITY,
        "Publier ?",
        "Publier ?",
        "Quels freins ? [Argent]",
        "Quels freins ? [Temps, calendrier (agenda)]",
    ]
    read = read_export(written(headings, [["Commune", "Pau", "Oui", "Non", "Oui", "Oui"]]).encode(), codebook())
    reported = dict(problems(read.findings))
    assert "plusieurs fois" in reported["Publier ?"]
    assert "pas dans le questionnaire" in reported["Quels freins ? [Argent]"]
    assert "« Ne sait pas » manque" in reported["Quels freins ?"]
    assert "La question manque" in reported["Actions"]
    assert read.answers["accord"].tolist() == ["Oui"]


def test_a_lone_autre_is_the_option_or_its_text_according_to_its_content():
    headings = [*IDENTITY, "Quels freins ? [Autre]"]
    ticked = read_export(written(headings, [["Commune", "Pau", "Oui"]]).encode(), codebook())
    texts = read_export(written(headings, [["Commune", "Pau", "La pluie"]]).encode(), codebook())
    assert "freins/autre" in ticked.answers
    assert "freins/autre" not in texts.answers
    assert texts.answers["freins/autre/texte"].tolist() == ["La pluie"]


def test_the_encoding_that_can_be_wrong_is_said():
    read = read_export(export().encode("cp1252"), codebook())
    assert read.encoding == "cp1252"
    assert any("accents" in problem for _, problem in problems(read.findings))


def test_english_names_of_the_tool_s_own_columns_are_known():
    headings = ["Response ID", "Date submitted", "Last page", "IP address", *IDENTITY]
    read = read_export(written(headings, [["7", "", "1", "", "Commune", "Pau"]]).encode(), codebook())
    assert list(read.metadata.columns) == ["id", "submitdate", "lastpage"]
    assert read.contacts == ("IP address",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a;b\n1;2\n", ["Aucun des 2 intitulés", "ligne 1", "Petit monde", "intitulés complets"]),
        (written(HEADINGS, []), ["aucune réponse", "filtre"]),
        (written(["Nom de la structure", "Publier ?"], [["Pau", "Oui"]]), ["« Votre structure » manque"]),
    ],
)
def test_a_file_that_cannot_be_read_as_answers_is_refused(content, said):
    with pytest.raises(SurveyFileError) as fault:
        read_export(content.encode(), codebook())
    for words in said:
        assert words in str(fault.value)
