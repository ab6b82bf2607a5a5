"""The rule of stages as configured: what is read, and each fault refused in French, with the entry and what to do."""

import re

import pytest

from lib.survey.codebook import load_codebook
from lib.survey.engagement import MOST_STAGES, PATH, RESERVED, TAKEN, Criterion, EngagementError, Stage, load_rule

SHORT = """
fewest = 0.5
step = 1

[[criterion]]
id = "strategie"
question = "strategie"
label = "Stratégie"
points = { non = 0, oui = 3, prevue = 1 }

[[criterion]]
id = "ampleur"
question = "themes"
label = "Ampleur"
acting = ["ponctuelles", "structurees"]
maximum = 4

[[stage]]
code = "moteur"
label = "Moteur"
low = 0.75
meaning = "Il agit."
support = "Il aide."

[[stage]]
code = "a-amorcer"
label = "À amorcer"
low = 0
meaning = "Il commence."
support = "On l’aide."
"""


def written(tmp_path, content):
    path = tmp_path / "engagement.toml"
    path.write_text(content, encoding="utf-8")
    return path


def refusal(tmp_path, content):
    with pytest.raises(EngagementError) as refused:
        load_rule(written(tmp_path, content))
    return str(refused.value).replace("\u202f", " ")


def test_a_rule_is_read(tmp_path):
    rule = load_rule(written(tmp_path, SHORT))
    strategy, breadth = rule.criteria
    # From the most to the fewest points, whatever the order of the file.
    assert strategy == Criterion(
        "strategie", "strategie", "Stratégie", points=(("oui", 3), ("prevue", 1), ("non", 0)), maximum=3
    )
    assert breadth == Criterion("ampleur", "themes", "Ampleur", acting=("ponctuelles", "structurees"), maximum=4)
    assert strategy.options == ("oui", "prevue", "non")
    assert breadth.options == ("ponctuelles", "structurees")
    assert rule.stages[0] == Stage("moteur", "Moteur", 0.75, "Il agit.", "Il aide.")
    assert (rule.fewest, rule.step) == (0.5, 1)
    assert rule.stage("a-amorcer").label == "À amorcer"
    with pytest.raises(KeyError):
        rule.stage("autre")


def test_a_step_is_one_point_unless_said(tmp_path):
    assert load_rule(written(tmp_path, SHORT.replace("step = 1\n", ""))).step == 1


def test_a_rule_may_be_the_key_of_what_is_computed_once():
    assert hash(load_rule()) == hash(load_rule())


def test_the_shipped_rule_is_made_of_what_the_questionnaire_asks():
    codebook = load_codebook()
    for criterion in load_rule().criteria:
        assert set(criterion.options) <= set(codebook[criterion.question].labels)
        assert not set(criterion.options) & set(codebook[criterion.question].dont_know)
        if criterion.acting:
            assert criterion.maximum <= len(codebook[criterion.question].rows)
    assert [stage.code for stage in load_rule().stages] == ["moteur", "engage", "en-construction", "a-amorcer"]
    assert len(load_rule().stages) <= MOST_STAGES


def test_french_signs_of_the_shipped_rule_have_a_narrow_space_before_them():
    content = "\n".join(line for line in PATH.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    assert not re.search(r"[ \w»)][;:!?%]( |\"|$)", content, re.MULTILINE)
    assert "'" not in content


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("fewest = 0.5\n", "", "en tête du fichier : « fewest » doit être un nombre entre 0 et 1"),
        ("fewest = 0.5", "fewest = 50", "en tête du fichier : « fewest » doit être un nombre entre 0 et 1"),
        ("fewest = 0.5", "fewest = true", "en tête du fichier : « fewest » doit être un nombre entre 0 et 1"),
        ("step = 1", "step = 0", "en tête du fichier : « step » doit être un nombre entier, 1 ou plus"),
        ("step = 1", "pas = 1", "en tête du fichier : le champ « pas » est inconnu ; attendus : fewest, step"),
        ('id = "ampleur"', 'id = "strategie"', "critère « strategie » : deux entrées portent ce « id »"),
        ('id = "ampleur"', 'id = "Ampleur des actions"', "« id » s’écrit en minuscules sans accents"),
        ('id = "ampleur"\n', "", "critère n° 2 : ajoutez « id », entre guillemets"),
        ('label = "Stratégie"', 'label = ""', "critère « strategie » : ajoutez « label », entre guillemets"),
        ("maximum = 4", "maximum = 4\npoids = 2", "critère « ampleur » : le champ « poids » est inconnu"),
        ("maximum = 4", "maximum = 0", "critère « ampleur » : « maximum » doit être un nombre entier, 1 ou plus"),
        ("maximum = 4\n", "", "critère « ampleur » : ajoutez « maximum »"),
        ('["ponctuelles", "structurees"]', '"ponctuelles"', "critère « ampleur » : « acting » doit être une liste"),
        ('["ponctuelles", "structurees"]', "[]", "critère « ampleur » : « acting » doit être une liste"),
        ("points = {", "acting = [\"oui\"]\npoints = {", "critère « strategie » : donnez « points »"),
        ("points = { non = 0, oui = 3, prevue = 1 }\n", "", "critère « strategie » : donnez « points »"),
        ("prevue = 1 }", "prevue = 1 }\nmaximum = 3", "critère « strategie » : retirez « maximum »"),
        ("non = 0, oui = 3, prevue = 1", "non = 0", "critère « strategie » : « points » doit donner les points"),
        ("oui = 3", "oui = 3.5", "critère « strategie » : « points de oui » doit être un nombre entier, 0 ou plus"),
        ("oui = 3", "oui = -1", "critère « strategie » : « points de oui » doit être un nombre entier, 0 ou plus"),
        ("non = 0", "non = 1", "critère « strategie » : dans « points », une réponse doit valoir 0"),
        ("oui = 3, prevue = 1", "oui = 0, prevue = 0", "critère « strategie » : dans « points », une réponse doit"),
        ("low = 0.75", "low = 75", "stade « moteur » : « low » doit être un nombre entre 0 et 1"),
        ("low = 0.75", "low = 0", "stade « a-amorcer » : « low » doit être plus petit que celui de « moteur »"),
        ("low = 0\n", "low = 0.1\n", "stade « a-amorcer » : « low » du dernier stade doit être 0"),
        ('meaning = "Il agit."\n', "", "stade « moteur » : ajoutez « meaning », entre guillemets"),
        ('"moteur"', '"a-amorcer"', "stade « a-amorcer » : deux entrées portent ce « code », changez-en un"),
        (SHORT[SHORT.index('[[stage]]\ncode = "a-') :], "", "stades : donnez-en de 2 à 5"),
    ],
)  # fmt: skip
def test_a_faulty_rule_is_refused_in_french(tmp_path, before, after, message):
    assert before in SHORT
    said = refusal(tmp_path, SHORT.replace(before, after))
    assert said.startswith("data/engagement.toml, ")
    assert message in said
    assert said.endswith(".")


@pytest.mark.parametrize("code", RESERVED)
def test_a_stage_does_not_take_the_name_of_what_is_no_stage(tmp_path, code):
    said = refusal(tmp_path, SHORT.replace('"moteur"', f'"{code}"'))
    assert f"stade « {code} » : choisissez un autre « code »" in said


@pytest.mark.parametrize("id", TAKEN)
def test_a_criterion_does_not_take_the_name_of_another_column_of_points(tmp_path, id):
    said = refusal(tmp_path, SHORT.replace('id = "ampleur"', f'id = "{id}"'))
    assert f"critère « {id} » : choisissez un autre « id »" in said


@pytest.mark.parametrize("what", ["criterion", "stage"])
def test_a_file_without_criteria_or_stages_is_refused(tmp_path, what):
    head, _, rest = SHORT.partition("[[criterion]]")
    stages = SHORT[SHORT.index("[[stage]]") :]
    without = head + stages if what == "criterion" else head + "[[criterion]]" + rest[: rest.index("[[stage]]")]
    assert f"ajoutez au moins un bloc [[{what}]]" in refusal(tmp_path, without)


def test_too_many_stages_are_refused(tmp_path):
    more = "".join(
        f'[[stage]]\ncode = "stade-{place}"\nlabel = "S"\nlow = 0.{place}\nmeaning = "M"\nsupport = "S"\n'
        for place in range(6, 2, -1)
    )
    last = SHORT.index('[[stage]]\ncode = "a-amorcer"')
    assert "stades : donnez-en de 2 à 5" in refusal(tmp_path, SHORT[:last] + more + SHORT[last:])


def test_a_file_that_is_not_toml_says_where(tmp_path):
    assert refusal(tmp_path, "fewest = \n").startswith(
        "data/engagement.toml : l’écriture est fautive à la ligne 1, colonne 10"
    )


def test_a_file_that_is_missing_or_in_another_encoding_says_so(tmp_path):
    with pytest.raises(EngagementError, match="introuvable"):
        load_rule(tmp_path / "engagement.toml")
    path = tmp_path / "latin.toml"
    path.write_bytes("# accentué".encode("latin-1"))
    with pytest.raises(EngagementError, match="UTF-8"):
        load_rule(path)
