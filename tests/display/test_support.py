"""The words of support, each of them read whole."""

from dataclasses import replace

import pytest

from lib.analysis.pairing import ALL_ASKED, NOBODY_NEAR, NOWHERE
from lib.display import support
from lib.survey.support import Themes, load_support

NARROW = "\u202f"
SETTINGS = load_support()
LABELS = {
    "inclusion": "Inclusion numérique",
    "donnees": "Données et open data",
    "sante": "Santé",
    "education": "Numérique éducatif",
    "securite": "Cybersécurité",
}


@pytest.mark.parametrize(
    ("km", "said"),
    [(0.2, f"à moins d’1{NARROW}km"), (0.6, f"à 1{NARROW}km"), (33.6, f"à 34{NARROW}km")],
)
def test_distances_are_whole_kilometres(km, said):
    assert support.distance(km) == said


def test_sizes_are_compared_where_there_are_classes():
    assert support.likeness(True, "1 000 à 3 499 hab.") == "même classe de taille"
    assert support.likeness(False, "1 000 à 3 499 hab.") == "classe de taille voisine (1 000 à 3 499 hab.)"
    assert support.likeness(True, "") == ""


def test_themes_beyond_the_fourth_are_counted():
    assert support.theme_list((), LABELS) == ""
    assert support.theme_list(("inclusion", "donnees"), LABELS) == "inclusion numérique, données et open data"
    assert support.theme_list(LABELS, LABELS).endswith("santé, numérique éducatif et 1 autre")
    assert support.theme_list(LABELS, LABELS, 5).endswith("numérique éducatif, cybersécurité")


@pytest.mark.parametrize(
    ("ahead", "needed", "said"),
    [
        (
            ("inclusion", "sante"),
            ("inclusion", "sante"),
            "mène des actions structurées là où Guéret n’agit pas encore (inclusion numérique, santé)",
        ),
        (("sante",), (), "mène des actions structurées là où Guéret n’agit que ponctuellement (santé)"),
        (
            ("inclusion", "sante"),
            ("sante",),
            "mène des actions structurées là où Guéret n’agit pas encore (santé), ou n’agit que ponctuellement "
            "(inclusion numérique)",
        ),
        (
            (),
            (),
            f"est au stade «{NARROW}Moteur{NARROW}» dans l’ensemble, sans être en avance sur une thématique précise",
        ),
    ],
)
def test_why_a_supporter_is_ahead(ahead, needed, said):
    assert support.ahead_words("Guéret", ahead, needed, LABELS, "Moteur") == said


def test_what_a_supporter_does_where_nothing_is_known_of_the_other():
    said = support.structured_words(("inclusion",), LABELS, "Moteur")
    assert said == "mène des actions structurées sur 1 thématique (inclusion numérique)"
    assert support.structured_words((), LABELS, "Moteur") == f"est au stade «{NARROW}Moteur{NARROW}»"


@pytest.mark.parametrize("reason", [NOWHERE, NOBODY_NEAR, ALL_ASKED])
def test_each_reason_to_be_left_is_said(reason):
    assert support.unserved_words(reason, SETTINGS)


def test_a_type_without_a_noun_is_a_structure():
    assert support.nouns("epci") == ("intercommunalité", "intercommunalités")
    assert support.nouns("autre") == ("structure", "structures")


def test_the_rule_is_said_in_kilometres():
    assert support.rule_words(SETTINGS) == (
        f"Comparables{NARROW}: de même type, d’une classe de taille égale ou voisine, à 150{NARROW}km au plus à vol "
        f"d’oiseau. L’ordre tient à la distance{NARROW}; une classe de taille d’écart compte pour 20{NARROW}km de plus"
        f"{NARROW}; chaque thématique où le territoire n’agit pas et où l’autre mène des actions structurées, pour "
        f"8{NARROW}km de moins."
    )
    # A kilometre that counts double halves the others.
    dear = replace(SETTINGS, cost=replace(SETTINGS.cost, km=2))
    assert f"pour 10{NARROW}km de plus" in support.rule_words(dear)
    assert f"pour 4{NARROW}km de moins" in support.rule_words(dear)


def test_the_rule_says_only_what_counts():
    bare = replace(SETTINGS, themes=Themes())
    assert support.rule_words(bare, sizes=False) == (
        f"Comparables{NARROW}: de même type, à 150{NARROW}km au plus à vol d’oiseau. L’ordre tient à la distance."
    )
    assert "thématique" not in support.rule_words(SETTINGS, needs=False)
    assert "de même classe de taille" in support.rule_words(replace(SETTINGS, size_steps=0))
