"""The questionnaire: the shipped one word by word, and the faults a file can have."""

import re

import pytest

from lib.survey.codebook import CODEBOOK_PATH, CodebookError, load_codebook, parse_codebook
from tests.survey.world import CODEBOOK

THEMES = "inclusion infrastructures collectivite entreprises education responsable cybersecurite donnees services sante"


@pytest.fixture(scope="module")
def shipped():
    return load_codebook()


def test_the_questions_of_the_survey_are_all_there_in_order(shipped):
    assert [(question.id, question.kind) for question in shipped.questions] == [
        ("terr_type", "single"),
        ("terr_nom", "text"),
        ("terr_code", "text"),
        ("terr_membres", "text"),
        ("repondant", "single"),
        ("themes", "array"),
        ("priorites", "ranking"),
        ("strategie", "single"),
        ("portage", "scale"),
        ("instance", "single"),
        ("besoins", "multiple"),
        ("freins", "multiple"),
        ("actions", "array_multiple"),
        ("accompagnement", "multiple"),
        ("diffusion", "single"),
        ("precisions", "text"),
    ]


def test_their_options_are_those_of_the_survey(shipped):
    expected = {
        "terr_type": "commune epci departement pays syndicat autre",
        "repondant": "elu direction technicien autre",
        "themes": "absent reflexion ponctuelles structurees nsp",
        "priorites": THEMES,
        "strategie": "mise-en-oeuvre formalisee elaboration prevue non nsp",
        "portage": "fort moyen faible inexistant nsp",
        "instance": "oui projet non nsp",
        "besoins": "ingenierie sujets dispositifs outils strategie financement formation-elus"
        " formation-agents reseau autre aucun nsp",
        "freins": "rh materiel financements gouvernance competences temps recrutement acculturation autre aucun nsp",
        "actions": "diagnostic feuille-de-route financement equipement formation mediation mutualisation aucune",
        "accompagnement": "methode ingenierie financements formation mise-en-relation animation aucun nsp",
        "diffusion": "oui non",
    }
    found = {question.id: " ".join(question.labels) for question in shipped.questions if question.options}
    assert found == expected
    assert " ".join(shipped["themes"].row_labels) == " ".join(shipped["actions"].row_labels) == THEMES


def test_opinions_are_of_respondents_and_facts_of_territories(shipped):
    units = {question.id: question.unit for question in shipped.substantive}
    assert {id for id, unit in units.items() if unit == "territories"} == {
        "themes",
        "strategie",
        "instance",
        "actions",
    }
    assert {id for id, unit in units.items() if unit == "respondents"} == {
        "priorites",
        "portage",
        "besoins",
        "freins",
        "accompagnement",
    }


def test_exclusive_options_and_do_not_know(shipped):
    assert shipped["besoins"].exclusive == shipped["freins"].exclusive == ("aucun", "nsp")
    assert shipped["actions"].exclusive == ("aucune",)
    assert shipped["accompagnement"].exclusive == ("aucun", "nsp")
    with_dont_know = {question.id for question in shipped.questions if question.dont_know}
    assert with_dont_know == {
        "themes",
        "strategie",
        "portage",
        "instance",
        "besoins",
        "freins",
        "accompagnement",
    }


def test_column_keys_are_those_of_the_contract(shipped):
    assert shipped["strategie"].columns == ("strategie",)
    assert shipped["priorites"].columns == ("priorites/1", "priorites/2", "priorites/3")
    assert shipped["themes"].columns[0] == "themes/inclusion"
    assert shipped["besoins"].columns[-1] == "besoins/autre/texte"
    assert shipped["actions"].columns[0] == "actions/inclusion/diagnostic"
    assert shipped["actions"].columns[-1] == "actions/autre/texte"
    assert len(shipped["actions"].columns) == 10 * 8 + 1
    assert len(shipped.columns) == len(set(shipped.columns))


def test_the_logic_of_the_form(shipped):
    assert shipped["terr_membres"].asked_if.options == ("pays", "syndicat")
    assert shipped["actions"].rows_hidden_if.question == "themes"
    assert shipped["actions"].rows_hidden_if.options == ("absent",)


def test_wordings_follow_french_typography():
    text = CODEBOOK_PATH.read_text(encoding="utf-8")
    wordings = re.findall(r'(?:text|label|short|title) = "([^"]*)"', text)
    assert len(wordings) > 80
    assert not [wording for wording in wordings if "'" in wording or re.search(r"[ \u00a0\w][?!;:]", wording)]


def test_a_question_is_found_by_its_id(shipped):
    assert "themes" in shipped
    assert "absente" not in shipped
    with pytest.raises(KeyError):
        shipped["absente"]


FAULTS = [
    ("[[questions]", "", "TOML"),
    ('title = "Petit monde"', "", "« title » manque"),
    ('id = "nom"', 'id = "type"', "l’identifiant « type » figure deux fois"),
    (
        'code = "epci", label = "EPCI"',
        'code = "commune", label = "EPCI"',
        "le code d’option « commune » figure deux",
    ),
    ('label = "EPCI"', 'label = "Commune "', "le libellé d’option « commune » figure deux fois"),
    ('text = "Publier ?"', 'text = "VOUS êtes…"', "intitulé de question « vous êtes… » figure deux fois"),
    ('kind = "ranking"', 'kind = "tri"', "le genre « tri » est inconnu"),
    ("ranks = 2", "ranks = 3", "entre 1 et 2 rangs"),
    ("ranks = 2", "", "entre 1 et 2 rangs"),
    ('kind = "array"\n', 'kind = "single"\n', "ne peut pas avoir de lignes"),
    ('kind = "text"\nshort = "Code"', 'kind = "single"\nshort = "Code"', "n’a pas d’options"),
    ('label = "Agent" }', 'label = "Agent", exclusive = true }', "« agent » est dite exclusive"),
    ('rows = "themes"', 'rows = "sujets"', "la liste « sujets » n’est pas définie"),
    ('options = ["pays"]', 'options = ["region"]', "options inconnues"),
    ('question = "type"', 'question = "genre"', "renvoie à « genre »"),
    ('question = "niveau"', 'question = "type"', "options inconnues"),
    ('role = "role"', 'role = "metier"', "« metier » n’est l’identifiant d’aucune question"),
    ('role = "role"', 'role = "nom"', "« nom » doit être une question à réponse unique"),
    ('consent_yes = "oui"', 'consent_yes = "yes"', "« consent_yes » doit être une option"),
    ('territory_name = "nom"', "", "« territory_name » manque"),
    ('unit = "territories"', 'unit = "communes"', "l’unité « communes » est inconnue"),
    ("required = true", 'required = "oui"', "« required » doit valoir true ou false"),
    ("required = true", "requis = true", "champ inconnu"),
    ("other = true", "other = true\nranks = 1", "seule une question de classement"),
    (
        'code = "autre", label = "Autre"',
        'code = "divers", label = "Divers"',
        "demande une option de code « autre »",
    ),
    ('code = "fibre"', 'code = "fi/bre"', "contient « / »"),
]


@pytest.mark.parametrize(("written", "instead", "said"), FAULTS)
def test_a_fault_is_told_in_french(written, instead, said):
    assert written in CODEBOOK
    with pytest.raises(CodebookError) as fault:
        parse_codebook(CODEBOOK.replace(written, instead, 1).encode())
    assert said in str(fault.value).replace("\u202f", " ")


def test_a_file_that_is_missing_empty_or_not_utf8_is_told(tmp_path):
    with pytest.raises(CodebookError, match="introuvable"):
        load_codebook(tmp_path / "absent.toml")
    with pytest.raises(CodebookError, match="aucune question"):
        parse_codebook(b'id = "vide"\ntitle = "Vide"\n')
    with pytest.raises(CodebookError, match="UTF-8"):
        parse_codebook("title = 'é'".encode("cp1252"))
