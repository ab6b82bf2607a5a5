"""Recognition of personal data: by the heading, by the cells, and what must not be taken for it."""

import pytest

from lib.survey.reading.contacts import contact_of_cells, contact_of_heading, count_addresses
from lib.survey.reading.mapping import recognise
from lib.survey.reading.tools import recognise_layout
from tests.survey.reading.tables import table_of
from tests.survey.world import codebook


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Adresse électronique", "courriel"),
        ("Votre e-mail :", "courriel"),
        ("Si vous souhaitez être recontacté, laissez votre courriel", "courriel"),
        ("Mél", "courriel"),
        ("Adresse de messagerie", "courriel"),
        ("Nom", "nom"),
        ("Votre nom", "nom"),
        ("Nom du répondant", "nom"),
        ("NOM et prénom", "prenom"),
        ("Prénom", "prenom"),
        ("Civilité", "nom"),
        ("Numéro de téléphone", "telephone"),
        ("Tél.", "telephone"),
        ("Téléphone portable", "telephone"),
        ("IP Address", "ip"),
        ("ipaddr", "ip"),
        ("token", "jeton"),
        ("Code d’accès", "jeton"),
        ("Adresse postale de votre domicile", "adresse"),
        ("refurl", "url"),
        ("URL référente", "url"),
        ("Si oui, merci de laisser vos coordonnées ci-dessous", "coordonnees"),
        ("Coordonnées", "coordonnees"),
        ("Coordonnées GPS du lieu", "localisation"),
        ("_lieu_latitude", "localisation"),
        ("Nom de l’enquêtrice", "nom"),
        ("Your full name", "nom"),
        # Codes, whose words are joined.
        ("nom_repondant", "nom"),
        ("adresse_mail", "courriel"),
        ("tel_portable", "telephone"),
    ],
)
def test_a_heading_announces_a_contact(heading, kind):
    assert contact_of_heading(heading) == kind


@pytest.mark.parametrize(
    "heading",
    [
        "Nom de votre structure",
        "Nom de la commune",
        "Nom de l’EPCI",
        "Nom du territoire",
        "Quel est le nom de votre logiciel ?",
        "Code postal",
        "Code INSEE",
        "Combien d’ordinateurs portables ?",
        "Adresse du site internet",
        "Avez-vous nommé un référent ?",
        "Coordonnées de la structure",
        "Vos coordonnées [Structure]",
        "nom_commune",
        "terr_nom",
        "code_postal",
        "",
    ],
)
def test_a_heading_about_a_territory_or_a_thing_is_none(heading):
    assert contact_of_heading(heading) == ""


def test_cells_tell_a_contact_under_any_heading():
    assert contact_of_cells(["a@b.fr", "", "non", "c@d.org", "x"]) == "courriel"
    assert contact_of_cells(["05 49 00 00 00", "+33 6 12 34 56 78"]) == "telephone"
    assert contact_of_cells(["192.0.2.1", "198.51.100.7"]) == "ip"
    assert contact_of_cells(["45.7640 4.8357 170.5 4.8", "-12.3456 45.1234 0 0"]) == "localisation"
    # One in six is less than a fifth.
    assert contact_of_cells(["a@b.fr", "b", "c", "d", "e", "f"]) == ""
    assert contact_of_cells(["a@b.fr", "b", "c", "d", "e"]) == "courriel"


@pytest.mark.parametrize("cells", [["33063", "87085"], ["200034825"], ["20003482500017"], ["2.5.1"], ["300.1.2.3"], []])
def test_codes_and_numbers_are_no_contacts(cells):
    assert contact_of_cells(cells) == ""


def test_addresses_are_counted():
    assert count_addresses(["écrire à a@b.fr ou c@d.fr", "0549000000", "rien", ""]) == 2


def test_a_question_about_means_of_contact_is_no_contact():
    headings = ["Quels canaux ? [E-mail]", "Vos coordonnées [E-mail]", "Disposez-vous d’un téléphone ?", "Colonne"]
    rows = [["Oui", "a@b.fr", "Oui", "a@b.fr"], ["Non", "", "Non", "c@d.fr"], ["Oui", "c@d.fr", "", ""]]
    assert recognise_layout(table_of(headings, rows)).contacts == {1: "courriel", 3: "courriel"}


def test_a_contact_of_kobotoolbox_is_told_by_the_end_of_its_path_and_never_by_a_box_to_tick():
    headings = ["start", "profil/nom", "profil/canaux/mail", "_id", "_submission_time", "_submitted_by"]
    rows = [["", "Durand", "1", "7", "2026-03-02T10:00:00", "equipe"], ["", "Petit", "0", "8", "", "equipe"]]
    layout = recognise_layout(table_of(headings, rows))
    assert (layout.tool.id, layout.contacts) == ("kobotoolbox", {1: "nom", 5: "nom"})


def test_a_question_of_the_questionnaire_is_never_a_contact():
    # « Nom » is the code of the question « Nom de la structure », but a person's name before it.
    headings = ["Votre structure", "Nom de la structure", "Nom", "Code INSEE"]
    table = table_of(headings, [["Commune", "a@b.fr", "Dupont", "33063"]])
    assert [(target.role, target.key) for target in recognise(table, codebook()).columns] == [
        ("answer", "type"),
        ("answer", "nom"),
        ("contact", "nom"),
        ("answer", "code"),
    ]
    coded = table_of(["type", "nom", "code", "role"], [["commune", "Pau", "64445", "elu"]])
    assert [target.key for target in recognise(coded, codebook()).columns] == ["type", "nom", "code", "role"]
