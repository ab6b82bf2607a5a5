"""Check that two ways of writing a name become one, and that hints beside a name are read."""

import pytest

from lib.territory.naming import Declared, compact_key, core_key, loose_key, loose_keys, slug, strict_key, take_apart

DEPARTEMENTS = {"gironde": "33", "vienne": "86", "charente maritime": "17"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St-Émilion", "SAINT EMILION"),
        ("Ste Foy la Grande", "Sainte-Foy-la-Grande"),
        ("Cœur de Saintonge", "Coeur de Saintonge"),
        ("L’Île-d’Aix", "L'Ile d'Aix"),
        ("Saint-Maurice s/ Vienne", "Saint Maurice sur Vienne"),
    ],
)
def test_strict_key_forgets_case_accents_and_punctuation(one, other):
    assert strict_key(one) == strict_key(other) != ""


def test_loose_key_forgets_articles_wherever_they_stand():
    assert loose_key("Adjots (Les)") == loose_key("Les Adjots") == "adjots"
    assert loose_key("") == ""


def test_loose_keys_are_those_of_each_name():
    names = ["Adjots (Les)", "", "L’Île-d’Aix", "St-Maurice s/ Vienne", "2 Œufs", "Le"]
    assert loose_keys(names) == ["adjots", "", "ile aix", "saint maurice sur vienne", "deux oeufs", ""]
    assert loose_keys([""]) == [""]


def test_core_key_forgets_what_a_structure_is():
    assert core_key("Mairie de La Rochelle", "commune") == "rochelle"
    assert core_key("Communauté de communes du Pays Foyen", "epci") == "pays foyen"
    assert core_key("Conseil départemental de la Gironde", "departement") == "gironde"
    assert core_key("La Ville-Dieu-du-Clain", "epci") == "ville dieu clain"
    assert core_key("Mairie", "commune") == ""


def test_compact_key_reads_acronyms():
    assert compact_key("C.A.P.B.", "") == "capb"
    assert compact_key("Limoges Métropole Communauté urbaine", "epci") == "limoges"


def test_slug_is_the_same_however_a_pays_is_called():
    assert slug("PETR du Pays du Périgord vert", "pays") == slug("Pays Périgord Vert", "pays") == "perigord-vert"
    assert slug("Syndicat mixte Gironde Numérique", "syndicat") == "gironde-numerique"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("33120 Arcachon", Declared("Arcachon", ("33120",), None)),
        ("Bordeaux Cedex 33 045", Declared("Bordeaux", ("33045",), None)),
        ("Saint-Sauveur (33)", Declared("Saint-Sauveur", (), "33")),
        ("Saint-Sauveur, Gironde", Declared("Saint-Sauveur", (), "33")),
        ("Saint-Sauveur - Vienne", Declared("Saint-Sauveur", (), "86")),
        ("CD 33", Declared("CD", (), "33")),
        ("Aixe-sur-Vienne", Declared("Aixe-sur-Vienne", (), None)),
        ("Adjots (Les)", Declared("Adjots (Les", (), None)),
        ("", Declared("", (), None)),
    ],
)
def test_take_apart(text, expected):
    assert take_apart(text, DEPARTEMENTS) == expected
