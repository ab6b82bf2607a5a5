"""How territories are called inside a sentence."""

import pytest

from lib.display.naming import begun, called, of
from lib.territory.reference import load_reference


@pytest.mark.parametrize(
    ("nom", "type", "subject", "after_de"),
    [
        ("Abzac", "commune", "Abzac", "d’Abzac"),
        ("Épenède", "commune", "Épenède", "d’Épenède"),
        ("Hendaye", "commune", "Hendaye", "d’Hendaye"),
        ("Haut-Mauco", "commune", "Haut-Mauco", "de Haut-Mauco"),
        ("Yvrac", "commune", "Yvrac", "d’Yvrac"),
        ("Bordeaux", "commune", "Bordeaux", "de Bordeaux"),
        ("Le Haillan", "commune", "Le Haillan", "du Haillan"),
        ("Les Eyzies", "commune", "Les Eyzies", "des Eyzies"),
        ("La Rochelle", "commune", "La Rochelle", "de La Rochelle"),
        ("Ars", "commune", "Ars", "d’Ars"),
        # A commune of this name is no structure.
        ("Maison-Dieu", "commune", "Maison-Dieu", "de Maison-Dieu"),
        ("CC du Pays Dunois", "epci", "la CC du Pays Dunois", "de la CC du Pays Dunois"),
        ("Bordeaux Métropole", "epci", "Bordeaux Métropole", "de Bordeaux Métropole"),
        ("Pays Basque", "pays", "le Pays Basque", "du Pays Basque"),
        ("PETR DU GRAND LIBOURNAIS", "pays", "le PETR DU GRAND LIBOURNAIS", "du PETR DU GRAND LIBOURNAIS"),
        ("syndicat mixte", "syndicat", "le syndicat mixte", "du syndicat mixte"),
        ("Agence de l’eau", "autre", "l’Agence de l’eau", "de l’Agence de l’eau"),
        ("ATD24", "autre", "ATD24", "d’ATD24"),
        ("", "autre", "", "de "),
        ("Gironde", "departement", "le département de la Gironde", "du département de la Gironde"),
        ("Landes", "departement", "le département des Landes", "du département des Landes"),
        ("Deux-Sèvres", "departement", "le département des Deux-Sèvres", "du département des Deux-Sèvres"),
        ("Lot-et-Garonne", "departement", "le département du Lot-et-Garonne", "du département du Lot-et-Garonne"),
        ("Val-d’Oise", "departement", "le département du Val-d’Oise", "du département du Val-d’Oise"),
        ("Vendée", "departement", "le département de la Vendée", "du département de la Vendée"),
        ("Ain", "departement", "le département de l’Ain", "du département de l’Ain"),
        ("Finistère", "departement", "le département du Finistère", "du département du Finistère"),
        ("Paris", "departement", "le département de Paris", "du département de Paris"),
    ],
)
def test_a_name_has_the_article_that_it_needs(nom, type, subject, after_de):
    assert called(nom, type) == subject
    assert of(nom, type) == after_de


def test_no_name_of_the_region_is_lost_or_doubled():
    reference = load_reference()
    for nom, type in zip(reference["nom"], reference["type"], strict=True):
        assert called(nom, type).endswith(nom)
        # « Le » and « Les » of a commune are contracted with « de ».
        last = nom.removeprefix("Les ").removeprefix("Le ") if type == "commune" else nom
        assert of(nom, type).endswith(last)
        assert of(nom, type).split()[0].partition("’")[0] in ("d", "de", "du", "des")


def test_a_sentence_begins_with_a_capital():
    assert begun("la CC du Pays Dunois") == "La CC du Pays Dunois"
    assert begun("élu·e") == "Élu·e"
    assert begun("") == ""
