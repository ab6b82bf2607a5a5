"""The rules that tie published recommendations to answers, as shipped; and what a faulty file is told."""

import re
from pathlib import Path

import pytest

from lib.survey.advice import (
    ANY_ROW,
    PATH,
    AdviceError,
    Answered,
    AtStage,
    Audience,
    PeersSay,
    Tied,
    load_advice,
)
from lib.survey.codebook import load_codebook
from lib.survey.published import load_published

NARROW = "\u202f"
ADVICE = load_advice()
CODEBOOK = load_codebook()
RULES = [
    pytest.param(rule, id=f"{place}-{rank}")
    for place, tied in enumerate(ADVICE.recommendations)
    for rank, rule in enumerate((*tied.rules, *tied.unless))
]

PUBLISHED = """
title = "T"
subtitle = "S"
source = "Source"
caveat = "Réserve"
contact = []
finding = []
[[recommendation]]
to = "À l’équipe"
items = ["Écouter\u202f: toujours."]
[[recommendation]]
to = "À tous"
items = ["Identifier d’abord.", "Réunir."]
"""
RULE = '{ from = "territoire", question = "q", options = ["o"] }'
SHORT = """
fewest = 30
[[audience]]
to = "À tous"
title = "Que faire"
[[recommendation]]
text = "Identifier d’abord."
rules = [{ from = "territoire", question = "q", options = ["o"] }]
"""


def load(tmp_path: Path, content: str):
    (tmp_path / "published.toml").write_text(PUBLISHED, encoding="utf-8")
    path = tmp_path / "advice.toml"
    path.write_text(content, encoding="utf-8")
    return load_advice(path, tmp_path / "published.toml")


def with_rule(rule: str) -> str:
    assert RULE in SHORT
    return SHORT.replace(RULE, rule)


# As shipped.


def test_the_eight_published_recommendations_are_tied_to_rules():
    published = [(group.to, item) for group in load_published().recommendations for item in group.items]
    assert len(published) == 8
    assert [(tied.to, tied.text) for tied in ADVICE.recommendations] == published
    assert all(tied.rules for tied in ADVICE.recommendations)


def test_territories_come_first_then_pqn_a_and_its_partners():
    assert [audience.to for audience in ADVICE.audiences] == ["Aux territoires", "À PQN-A et à ses partenaires"]
    assert ADVICE.audiences[0].title == f"Que faire ensuite{NARROW}?"


@pytest.mark.parametrize("rule", RULES)
def test_a_shipped_rule_names_what_the_shipped_questionnaire_asks(rule):
    if isinstance(rule, AtStage):
        return
    question = CODEBOOK[rule.question]
    assert set(rule.options) - {"divergentes"} <= set(question.labels)
    assert rule.row in ("", ANY_ROW, *question.row_labels)
    assert bool(rule.row) == bool(question.rows)
    if isinstance(rule, Answered):
        assert question.unit == "territories"
    elif question.kind == "multiple":
        assert rule.cited_as.startswith("comme ")


def test_what_is_read_by_people_follows_french_typography():
    content = "\n".join(line for line in PATH.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    assert not re.search(r"[ \w»)][;:!?%]( |\"|$)", content, re.MULTILINE)
    assert "'" not in content


def test_figures_of_peers_rest_on_thirty_answers_at_least():
    assert ADVICE.fewest == 30


# Reading.


def test_recommendations_are_those_of_the_summary_and_some_may_have_no_rule(tmp_path):
    found = load(tmp_path, SHORT)
    assert found.recommendations == (
        Tied("À l’équipe", f"Écouter{NARROW}: toujours."),
        Tied("À tous", "Identifier d’abord.", (Answered("q", ("o",)),)),
        Tied("À tous", "Réunir."),
    )
    assert found.audiences == (Audience("À tous", "Que faire"), Audience("À l’équipe", "À l’équipe"))


def test_spaces_and_apostrophes_do_not_matter_in_a_published_text(tmp_path):
    content = SHORT.replace("Identifier d’abord.", "Écouter : toujours.").replace("À tous", "à tous")
    found = load(tmp_path, content)
    assert [bool(tied.rules) for tied in found.recommendations] == [True, False, False]
    assert found.recommendations[0].text == f"Écouter{NARROW}: toujours."
    assert found.audiences[0] == Audience("À tous", "Que faire")


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        (
            '{ from = "territoire", question = "q", options = ["o", "p"], row = "r" }',
            Answered("q", ("o", "p"), "r"),
        ),
        (
            '{ from = "territoire", question = "q", options = ["o"], row = "*", at_most = 0, called = "ligne" }',
            Answered("q", ("o",), "*", at_most=0, called="ligne"),
        ),
        ('{ from = "stade", stages = ["moteur"] }', AtStage(("moteur",))),
        ('{ from = "pairs", question = "q", options = ["o"], share = 1 }', PeersSay("q", ("o",), 1)),
        (
            '{ from = "pairs", question = "q", options = ["o"], share = 0.25, row = "r", cited_as = "comme frein" }',
            PeersSay("q", ("o",), 0.25, "r", "comme frein"),
        ),
    ],
)
def test_a_rule_is_read(tmp_path, written, rule):
    assert load(tmp_path, with_rule(written)).recommendations[1].rules == (rule,)


def test_exceptions_are_answers_of_the_territory(tmp_path):
    found = load(tmp_path, SHORT + 'unless = [{ question = "q", options = ["p"] }]')
    assert found.recommendations[1].unless == (Answered("q", ("p",)),)


# Refusals. French spaces are written as ordinary ones here.


FIRST = "data/advice.toml, recommandation n° 1 (« Identifier d’abord. »)"
TOP = "data/advice.toml, en tête du fichier : "
TEXT = 'text = "Identifier d’abord."'
OWN = 'from = "territoire", question = "q", options = ["o"]'
PEERS = 'from = "pairs", question = "q", options = ["o"]'


def refusal(tmp_path: Path, content: str) -> str:
    with pytest.raises(AdviceError) as refused:
        load(tmp_path, content)
    return str(refused.value).replace(NARROW, " ")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            TEXT,
            'text = "Planter."',
            "data/advice.toml, recommandation n° 1 (« Planter. ») : ce texte n’est pas publié : voyez published.toml.",
        ),
        (TEXT, 'texte = "x"', "data/advice.toml, recommandation n° 1 : il manque « text »."),
        (TEXT, 'text = ""', "data/advice.toml, recommandation n° 1 : « text » est vide."),
        ('to = "À tous"', 'to = "À personne"', "public n° 1 (« À personne ») : aucune recommandation ne s’adresse à"),
        ('title = "Que faire"', "", "public n° 1 (« À tous ») : il manque « title »."),
        ("fewest = 30", "fewest = 9", f"{TOP}« fewest » doit être un nombre entier, 10 ou plus."),
        ("fewest = 30", "fewest = 9.5", f"{TOP}« fewest » doit être un nombre entier."),
        ("fewest = 30", "", f"{TOP}il manque « fewest »."),
        ("fewest = 30", "fewest = 30\nmost = 3", f"{TOP}le champ « most » est inconnu"),
        ("fewest = 30", "fewest 30", "data/advice.toml : l’écriture est fautive à la ligne 2"),
    ],
)
def test_a_faulty_file_is_refused_in_french_with_its_name_and_the_entry(tmp_path, before, after, message):
    assert before in SHORT
    assert message in refusal(tmp_path, SHORT.replace(before, after))


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('{ question = "q" }', "« from » doit être « territoire », « stade » ou « pairs »."),
        ('{ from = "voisins", question = "q", options = ["o"] }', "« from » doit être"),
        ("3", "« from » doit être"),
        ('{ from = "territoire", options = ["o"] }', "il manque « question »."),
        ('{ from = "territoire", question = "q", options = "o" }', "« options » doit être une liste."),
        ('{ from = "territoire", question = "q", options = [] }', "« options » doit être une liste de codes, un au"),
        (f"{{ {OWN}, share = 0.3 }}", "le champ « share » est inconnu"),
        (f"{{ {OWN}, at_most = 2 }}", 'at_least, at_most, called demandent row = "*".'),
        (f'{{ {OWN}, row = "*" }}', 'row = "*" demande « called »'),
        (f'{{ {OWN}, row = "*", at_least = 1, at_most = 2, called = "l" }}', 'row = "*" demande « called »'),
        (f'{{ {OWN}, row = "*", at_least = 0, called = "l" }}', "un nombre de lignes est un entier positif."),
        (
            '{ from = "territoire", question = "q", options = ["divergentes"], row = "*", at_most = 0, called = "l" }',
            "les lignes aux réponses divergentes ne se comptent pas : retirez « divergentes ».",
        ),
        ('{ from = "stade", stages = ["pionnier"] }', "le stade « pionnier » n’existe pas ; il y a moteur, engage"),
        ('{ from = "stade", question = "q" }', "il manque « stages »."),
        (f"{{ {PEERS} }}", "il manque « share »."),
        (f"{{ {PEERS}, share = 25 }}", "« share » doit être une part entre 0 et 1"),
        (f"{{ {PEERS}, share = 0 }}", "« share » doit être une part entre 0 et 1"),
        (f"{{ {PEERS}, share = true }}", "« share » doit être un nombre."),
        (f'{{ {PEERS}, share = 0.3, row = "*" }}', "une règle de pairs porte sur une ligne, et non sur « * »."),
    ],
)
def test_a_faulty_rule_is_refused_by_its_place(tmp_path, rule, message):
    said = refusal(tmp_path, with_rule(rule))
    assert said.startswith(f"{FIRST}, règle n° 1 : ")
    assert message in said


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('{ from = "stade", question = "q", options = ["o"] }', "le champ « from » est inconnu"),
        ("3", "il manque « question »."),
    ],
)
def test_a_faulty_exception_is_refused_by_its_place(tmp_path, rule, message):
    assert f"{FIRST}, exception n° 1 : {message}" in refusal(tmp_path, f"{SHORT}unless = [{rule}]")


def test_a_recommendation_or_an_audience_said_twice_is_refused(tmp_path):
    audience, recommendation = SHORT.replace("fewest = 30", "").split("[[recommendation]]")
    twice = f"{SHORT}[[recommendation]]{recommendation}"
    assert "recommandation n° 2 (« Identifier d’abord. ») : deux entrées disent" in refusal(tmp_path, twice)
    twice = f"fewest = 30{audience}{audience}[[recommendation]]{recommendation}"
    assert "public n° 2 (« À tous ») : deux entrées disent" in refusal(tmp_path, twice)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(AdviceError, match=f"data/rien.toml{NARROW}: fichier introuvable ou illisible"):
        load_advice(tmp_path / "rien.toml")
