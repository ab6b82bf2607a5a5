"""What is said of a file before anything is done with it: recognised, unknown, and never a personal value."""

import json

import pytest

from lib.survey.codebook import load_codebook
from lib.survey.reading.inspection import inspect
from lib.survey.reading.table import SurveyFileError
from tests.survey.world import codebook, export, written

KEYS = {
    *("file", "form", "tool", "tool_label", "verified", "heading_style", "answer_style", "encoding", "separator"),
    *("sheet", "header_depth", "rows", "columns", "complete", "first_date", "last_date", "questionnaire"),
    *("question_count", "option_count", "questions", "metadata_columns", "contact_columns", "beside_columns"),
    *("unknown_columns", "unknown_options", "missing_questions", "notes"),
}


@pytest.fixture(scope="module")
def known():
    return inspect(export().encode(), "monde.csv", codebook())


def test_the_keys_are_those_of_the_contract_whatever_the_questionnaire(known):
    new = inspect(export().encode(), "monde.csv")
    assert set(known) == set(new) == KEYS
    assert json.loads(json.dumps(known)) == known


def test_the_file_is_described(known):
    told = {
        key: known[key] for key in ("file", "form", "tool", "heading_style", "answer_style", "encoding", "separator")
    }
    assert told == {
        "file": "monde.csv",
        "form": "csv",
        "tool": "limesurvey",
        "heading_style": "complet",
        "answer_style": "long",
        "encoding": "utf-8",
        "separator": ";",
    }
    assert (known["rows"], known["columns"], known["header_depth"]) == (12, 24, 1)
    # Response 4 was not submitted; all the others on the same day.
    assert known["complete"] == 11
    assert known["first_date"] == known["last_date"] == "2026-03-02T10:00:00"


def test_a_first_line_that_is_already_an_answer_is_told():
    told = inspect(
        written(["2026-03-02 10:00:00", "Pau", "Oui"], [["2026-03-02 10:05:00", "Agen", "Non"]]).encode(), "f"
    )
    assert any(
        note.startswith("La ligne 1, lue comme celle des intitulés, contient une date") for note in told["notes"]
    )


def test_questions_of_the_questionnaire_are_recognised_and_counted(known):
    questions = {question["id"]: question for question in known["questions"]}
    assert known["questionnaire"] == "monde"
    assert {id for id, question in questions.items() if question["recognised"]} == {
        question.id for question in codebook().questions
    }
    # 1 and 3 tick an option, 5 two, 6 one, 7 one with a text, 8 only a text: « Autre » is then told by the text;
    # 11 writes « Coché », which is no tick, and the second 11 was not asked.
    assert questions["freins"]["answered"] == 6
    assert questions["freins"]["columns"] == 5
    assert questions["niveau"]["rows"] == ["Fibre", "École d’aujourd’hui"]
    assert questions["type"]["options"] == ["Commune", "EPCI", "Pays"]
    assert questions["type"]["answered"] == 12
    assert known["missing_questions"] == []


def test_contacts_and_unknown_columns_are_named_without_a_value(known):
    assert known["contact_columns"] == [
        {"heading": "Adresse électronique / e-mail", "kind": "courriel", "by": "heading", "filled": 2}
    ]
    assert known["metadata_columns"] == ["ID de la réponse", "Date de soumission"]
    assert known["unknown_columns"] == ["Comment nous avez-vous connus ?", ""]
    text = json.dumps(known, ensure_ascii=False)
    for value in ("a@b.fr", "presse", "La pluie", "Bordeaux", "Club de pétanque", "33063"):
        assert value not in text


def test_unknown_options_are_listed_with_their_count(known):
    assert known["unknown_options"] == [
        {"question": "role", "text": "Maire", "count": 1},
        {"question": "niveau", "text": "Bien", "count": 1},
    ]


def test_a_new_questionnaire_is_described_as_drafted():
    new = inspect(export().encode(), "monde.csv")
    assert new["questionnaire"] == ""
    assert not any(question["recognised"] for question in new["questions"])
    kinds = {question["text"]: question["kind"] for question in new["questions"]}
    assert kinds["Quels freins ?"] == "multiple"
    assert kinds["Actions"] == "array_multiple"
    assert new["question_count"] == len(new["questions"]) == 11
    assert new["option_count"] == sum(len(question["options"]) for question in new["questions"])
    assert new["unknown_columns"] == [""]
    assert "a@b.fr" not in json.dumps(new)
    # A text of « Autre » is never shown, nor the name of a territory.
    assert "pétanque" not in json.dumps(new, ensure_ascii=False)


def test_the_file_of_another_questionnaire_is_described_as_new_and_that_is_said():
    told = inspect(export().encode(), "monde.csv", load_codebook())
    assert told["questionnaire"] == ""
    assert any("nouveau questionnaire" in note for note in told["notes"])


def test_questions_that_the_questionnaire_lacks_are_missing_or_drafted():
    rows = [[str(rank), "Commune", "Pau", ("Oui", "Non")[rank % 2]] for rank in range(8)]
    told = inspect(
        written(["ID de la réponse", "Votre structure", "Nom de la structure", "Content ?"], rows).encode(),
        "f.csv",
        codebook(),
    )
    assert [(question["id"], question["recognised"]) for question in told["questions"]] == [
        ("type", True),
        ("nom", True),
        ("content", False),
    ]
    assert told["unknown_columns"] == ["Content ?"]
    assert told["missing_questions"] == ["code", "membres", "role", "niveau", "rang", "freins", "actions", "accord"]


def test_contacts_are_found_by_their_cells_and_personal_texts_are_not_listed():
    headings = ["ID de la réponse", "Votre structure", "Nom de la structure", "Vous êtes…", "Joindre"]
    rows = [[str(rank), "Commune", "Pau", "0555010203" if rank == 1 else "Agent", f"u{rank}@x.fr"] for rank in range(8)]
    told = inspect(written(headings, rows).encode(), "f.csv", codebook())
    assert told["contact_columns"] == [{"heading": "Joindre", "kind": "courriel", "by": "cells", "filled": 8}]
    assert told["unknown_options"] == [{"question": "role", "text": "(donnée personnelle)", "count": 1}]


def test_an_empty_export_and_a_lone_list_are_described():
    told = inspect(written(["ID de la réponse", "Votre structure"], []).encode(), "vide.csv", codebook())
    assert (told["rows"], told["complete"], told["first_date"]) == (0, None, None)
    assert told["questions"][0]["answered"] == 0


def test_an_unverified_tool_is_said():
    headings = ["CLE", "DATE_SAISIE", "DATE_ENREG", "DATE_MODIF", "TEMPS_SAISIE", "Votre structure"]
    rows = [[str(rank), *["2026-03-02"] * 3, "60", "Commune"] for rank in range(4)]
    told = inspect(written(headings, rows).encode(), "sphinx.csv")
    assert (told["tool"], told["verified"]) == ("sphinx", False)
    assert any("vérifiés" in note for note in told["notes"])


def test_short_answers_are_told():
    headings = ["id", "submitdate", "lastpage", "terr", "freins[SQ001]", "freins[SQ002]"]
    rows = [[str(rank), "2026-03-02 10:00:00", "2", f"A{rank % 2 + 1}", "Y", ""] for rank in range(6)]
    told = inspect(written(headings, rows).encode(), "codes.csv")
    assert (told["heading_style"], told["answer_style"]) == ("code", "short")


def test_what_is_no_table_is_refused():
    with pytest.raises(SurveyFileError):
        inspect(b"%PDF-1.7", "f.pdf")
