"""The settings of support: what the shipped file says, and every fault refused in French, by the name of its field."""

from dataclasses import replace

import pytest

from lib.survey.engagement import load_rule
from lib.survey.support import PATH, Cost, Support, SupportError, Themes, load_support

SETTINGS = load_support()
SHIPPED = PATH.read_text(encoding="utf-8")


def read(tmp_path, content):
    path = tmp_path / "support.toml"
    path.write_text(content, encoding="utf-8")
    return load_support(path)


def test_the_shipped_settings_are_those_of_the_recommendation():
    """Those most engaged lend support, the two last stages are helped."""
    stages = [stage.code for stage in load_rule().stages]
    assert SETTINGS.helping == (stages[0],)
    assert SETTINGS.helped == tuple(stages[-2:])
    assert SETTINGS.capacity == 4
    assert SETTINGS.farthest_km == 150
    assert SETTINGS.size_steps == 1
    assert SETTINGS.shown == 3
    assert SETTINGS.themes == Themes("themes", ("ponctuelles", "structurees"), ("structurees",))


def test_settings_can_be_a_key():
    assert len({SETTINGS, replace(SETTINGS), replace(SETTINGS, capacity=5)}) == 2


def test_themes_and_weights_may_be_left_out(tmp_path):
    found = read(tmp_path, SHIPPED.partition("[themes]")[0])
    assert found.themes == Themes()
    assert found.cost == Cost(km=1, size_step=0, theme=0, request=0)
    assert (found.capacity, found.farthest_km) == (SETTINGS.capacity, SETTINGS.farthest_km)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("capacity = 4", "", "il manque «\u202fcapacity\u202f»"),
        ("capacity = 4", "capacity = 0", "«\u202fcapacity\u202f» doit être un nombre entier, 1 ou plus"),
        ("capacity = 4", "capacity = 2.5", "«\u202fcapacity\u202f» doit être un nombre entier"),
        ("capacity = 4", "capacity = true", "«\u202fcapacity\u202f» doit être un nombre entier"),
        ("capacity = 4", "capacity = 4\ncapacite = 4", "le champ «\u202fcapacite\u202f» est inconnu"),
        ("size_steps = 1", "size_steps = -1", "«\u202fsize_steps\u202f» doit être un nombre entier, 0 ou plus"),
        ("shown = 3", "shown = 0", "«\u202fshown\u202f» doit être un nombre entier, 1 ou plus"),
        ("farthest_km = 150", "farthest_km = 0", "«\u202ffarthest_km\u202f» doit être un nombre de kilomètres"),
        ("farthest_km = 150", "farthest_km = inf", "«\u202ffarthest_km\u202f» doit être un nombre de kilomètres"),
        ("farthest_km = 150", 'farthest_km = "150"', "«\u202ffarthest_km\u202f» doit être un nombre de kilomètres"),
        ('helping = ["moteur"]', "helping = []", "«\u202fhelping\u202f» est vide"),
        ('helping = ["moteur"]', 'helping = "moteur"', "«\u202fhelping\u202f» doit être une liste de codes"),
        ('helping = ["moteur"]', 'helping = ["meneur"]', "«\u202fmeneur\u202f» n’est pas un stade de data/engagement"),
        ('helping = ["moteur"]', 'helping = ["a-amorcer"]', "«\u202fa-amorcer\u202f» ne peut être à la fois"),
        ('question = "themes"', "question = 3", "«\u202fquestion\u202f» doit être un texte"),
        ('structured = ["structurees"]', 'structured = ["autres"]', "«\u202fstructured\u202f» doivent être dans"),
        ('structured = ["structurees"]', "", "«\u202fstructured\u202f» est vide"),
        ("[themes]", "[[themes]]", "«\u202fthemes\u202f» doit être une section [themes]"),
        ("theme = 8", "theme = -8", "«\u202ftheme\u202f» doit être un nombre, 0 ou plus"),
        ("theme = 8", "theme = true", "«\u202ftheme\u202f» doit être un nombre"),
        ("theme = 8", "themes = 8", "le champ «\u202fthemes\u202f» est inconnu dans [cost]"),
        ("km = 1\n", "km = 0\n", "«\u202fkm\u202f» doit être plus de 0"),
    ],
)
def test_a_fault_is_refused_by_the_name_of_its_field(before, after, said, tmp_path):
    assert before in SHIPPED
    with pytest.raises(SupportError) as refused:
        read(tmp_path, SHIPPED.replace(before, after, 1))
    assert str(refused.value).startswith("data/support.toml\u202f: ")
    assert said in str(refused.value)


def test_a_file_that_is_missing_or_not_toml_or_in_another_encoding_says_so(tmp_path):
    with pytest.raises(SupportError, match="fichier introuvable"):
        load_support(tmp_path / "support.toml")
    with pytest.raises(SupportError, match="l’écriture est fautive à la ligne 2"):
        read(tmp_path, "capacity = 4\nfarthest_km = \n")
    path = tmp_path / "latin.toml"
    path.write_bytes("# accentué".encode("latin-1"))
    with pytest.raises(SupportError, match="UTF-8"):
        load_support(path)


def test_settings_made_in_code_are_checked_too():
    with pytest.raises(SupportError, match="capacity"):
        Support(("moteur",), ("a-amorcer",), 0, 150, 1, 3, Themes(), Cost())
