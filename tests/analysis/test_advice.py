"""Reasons of recommendations, by hand on the twelve respondents of `tests.world`; then on all that is shipped."""

import time
from dataclasses import replace

import pandas as pd
import pytest

from lib.analysis.advice import OWN, PEERS, Advised, advice
from lib.analysis.selection import Selection
from lib.analysis.shares import reached
from lib.analysis.territories import PUBLISHED, SILENT, UNPUBLISHED, Territory, describe, structures
from lib.display.formats import number, percent
from lib.survey.advice import ANY_ROW, Advice, Answered, AtStage, PeersSay, Tied, load_advice
from lib.survey.codebook import parse_codebook
from lib.survey.edition import Edition, load_edition, read_edition
from lib.survey.engagement import load_rule
from lib.survey.exchange import exchanged
from lib.survey.published import load_published
from lib.survey.states import NOT_TICKED, VALUE
from lib.territory.reference import load_reference
from tests import world
from tests.survey import world as other_world

EDITION = world.edition()
REAL = replace(EDITION, simulated=False)


def territory(code: str, standing: str = PUBLISHED) -> Territory:
    if code.startswith("pays"):
        return Territory(code, "Pays du Val de Sèvre", "pays", "", None, 1.0, "sans-objet", ("16", "17"), "",
                         (world.FIRST, world.SECOND), standing, 1)  # fmt: skip
    row = world.reference().loc[code]
    taille = row["taille"] if isinstance(row["taille"], str) else "sans-objet"
    return Territory(code, row["nom"], row["type"], row["nature"], int(row["population"]), 1.0, taille,
                     row["departements"], "", (), standing, 1)  # fmt: skip


AUNAY, BELVAL, CHERVAL, MARAIS = (territory(code) for code in ("16001", "16002", "16003", world.SECOND))
ESNES, SOURCES = territory("17001", UNPUBLISHED), territory(world.FIRST, UNPUBLISHED)
DOUSSAC = territory("16004", SILENT)


def tied(*rules, unless=(), fewest: int = 3) -> Advice:
    return Advice(fewest, (), (Tied("À tous", "Agir.", tuple(rules), tuple(unless)),))


def one(of: Territory, *rules, edition: Edition = REAL, fewest: int = 3, unless=()) -> Advised:
    (found,) = advice(edition, of, tied(*rules, fewest=fewest, unless=unless))
    return found


def said(of: Territory, *rules, **options) -> str:
    """Return the reason with ordinary spaces."""
    return one(of, *rules, **options).reason.replace("\u202f", " ")


# What the territory answers.

NO = Answered("strategie", ("non", "prevue"))


def test_a_published_fact_is_the_reason_in_the_words_of_the_questionnaire():
    assert said(AUNAY, NO) == "parce qu’Aunay répond « Non » à « Une stratégie ? »"
    assert one(AUNAY, NO).source == OWN
    assert (one(AUNAY, NO).to, one(AUNAY, NO).text) == ("À tous", "Agir.")


def test_on_simulated_answers_the_sentence_says_so():
    assert said(AUNAY, NO, edition=EDITION) == "parce qu’Aunay répond « Non » à « Une stratégie ? » (données simulées)"


def test_another_answer_gives_no_reason():
    assert one(CHERVAL, NO) == Advised("À tous", "Agir.")
    assert one(CHERVAL, NO).reason == ""


@pytest.mark.parametrize("of", [ESNES, SOURCES, DOUSSAC], ids=lambda of: of.nom)
def test_nothing_of_a_territory_that_is_not_published_is_a_reason(of):
    every = ("mise-en-oeuvre", "formalisee", "elaboration", "prevue", "non", "nsp", "divergentes")
    stages = AtStage(tuple(stage.code for stage in load_rule().stages))
    assert said(of, Answered("strategie", every), stages) == ""
    # Even were its standing mistaken.
    assert said(replace(of, standing=PUBLISHED), Answered("strategie", every), stages) == ""


def test_respondents_who_differ_are_an_answer_that_a_rule_may_ask_for():
    assert said(BELVAL, NO) == ""
    divergent = Answered("strategie", ("divergentes",))
    assert said(BELVAL, divergent) == "parce que Belval donne des réponses divergentes à « Une stratégie ? »"


def test_an_opinion_of_a_named_territory_is_never_a_reason():
    assert said(AUNAY, Answered("portage", ("fort",)), Answered("besoins", ("financement",))) == ""


def test_one_row_of_an_array():
    rule = Answered("themes", ("absent",), "inclusion")
    assert said(MARAIS, rule) == (
        "parce que la CA des Marais répond « Absent » à « Quel niveau ? » pour « Inclusion numérique »"
    )
    assert said(AUNAY, rule) == ""


def test_options_of_a_multiple_question():
    rule = Answered("actions", ("diagnostic", "formation"), "inclusion")
    # r01 and r02 both did a diagnostic; they differ on training.
    assert said(AUNAY, rule) == (
        "parce qu’Aunay cite « Diagnostic » en réponse à « Quelles actions ? » pour « Inclusion numérique »"
    )


def test_respondents_who_differ_on_several_options_are_said_once():
    edition = world.edition()
    # r01 did a diagnostic, r02 a training: they differ on both.
    for person, left in (("r01", "formation"), ("r02", "diagnostic")):
        ticked = {"diagnostic", "formation"} - {left}
        edition.values.loc[person, f"actions/inclusion/{left}"] = pd.NA
        edition.values.loc[person, [f"actions/inclusion/{code}" for code in ticked]] = "1"
        edition.states.loc[person, f"actions/inclusion/{left}"] = NOT_TICKED
        edition.states.loc[person, [f"actions/inclusion/{code}" for code in ticked]] = VALUE
    rule = Answered("actions", ("diagnostic", "formation", "divergentes"), "inclusion")
    assert said(AUNAY, rule, edition=replace(edition, simulated=False)) == (
        "parce qu’Aunay donne des réponses divergentes à « Quelles actions ? » pour « Inclusion numérique »"
    )


@pytest.mark.parametrize(
    ("of", "rule", "expected"),
    [
        # Acts on inclusion, not on health: r01 does not know, r02 says « absent ».
        (
            AUNAY,
            Answered("themes", ("ponctuelles", "structurees"), ANY_ROW, at_most=1, called="thématique"),
            "parce qu’Aunay répond « Ponctuelles » ou « Structurees » dans « Mobilisation » pour 1 thématique sur 2 "
            "(« Inclusion numérique »)",
        ),
        (AUNAY, Answered("themes", ("ponctuelles",), ANY_ROW, at_most=0, called="thématique"), ""),
        (
            AUNAY,
            Answered("themes", ("structurees", "absent"), ANY_ROW, at_least=1, called="thématique"),
            "parce qu’Aunay répond « Structurees » ou « Absent » dans « Mobilisation » pour 1 thématique sur 2 "
            "(« Santé »)",
        ),
        (AUNAY, Answered("themes", ("absent",), ANY_ROW, at_least=2, called="thématique"), ""),
        (
            AUNAY,
            Answered("themes", ("structurees",), ANY_ROW, at_most=0, called="thématique"),
            "parce qu’Aunay ne répond pas « Structurees » dans « Mobilisation », sur 2 thématiques",
        ),
        # One row of two is known: too little to say that it does nothing.
        (MARAIS, Answered("themes", ("structurees",), ANY_ROW, at_most=0, called="thématique"), ""),
        (
            MARAIS,
            Answered("themes", ("absent",), ANY_ROW, at_least=1, called="thématique"),
            "parce que la CA des Marais répond « Absent » dans « Mobilisation » pour 1 thématique sur 1 "
            "(« Inclusion numérique »)",
        ),
        (
            BELVAL,
            Answered("actions", ("formation",), ANY_ROW, at_most=1, called="thème"),
            "parce que Belval cite « Formation » dans « Actions » pour 1 thème sur 2 (« Santé »)",
        ),
        (ESNES, Answered("themes", ("structurees",), ANY_ROW, at_least=1, called="thématique"), ""),
    ],
)
def test_the_number_of_rows(of, rule, expected):
    assert said(of, rule) == expected


def test_the_stage_of_engagement():
    # No strategy, one theme out of two.
    label = load_rule().stage("a-amorcer").label
    assert said(AUNAY, AtStage(("a-amorcer",))) == f"parce qu’Aunay est au stade d’engagement « {label} »"
    assert said(AUNAY, AtStage(("moteur",))) == ""


@pytest.mark.parametrize(
    ("code", "begun"),
    [
        ("16001", "parce qu’Aunay répond"),
        ("16", "parce que le département (Charente) répond"),
        (world.SECOND, "parce que la CA des Marais répond"),
    ],
)
def test_the_sentence_fits_the_name(code, begun):
    rule = Answered("strategie", ("non", "elaboration"))
    assert said(territory(code), rule).startswith(begun)


def test_an_exception_sets_the_recommendation_aside():
    rule = PeersSay("besoins", ("financement",), 0.4)
    assert said(AUNAY, rule, unless=[Answered("strategie", ("formalisee",))]) != ""
    assert said(AUNAY, rule, unless=[Answered("strategie", ("non",))]) == ""
    # Nothing is known of these by name.
    assert said(ESNES, rule, unless=[Answered("strategie", ("mise-en-oeuvre",))]) != ""


# What its peers say.

NEED = PeersSay("besoins", ("ingenierie",), 0.3, cited_as="comme besoin")


def test_an_opinion_of_the_peers_of_the_same_size():
    # r01, r02, r03, r06 answered; r01 and r06 need engineering.
    expected = (
        "parce que 50 % des répondants des communes de moins de 1 000 habitants citent « Ingenierie » comme besoin"
    )
    for of in (AUNAY, BELVAL, ESNES):
        assert said(of, NEED) == f"{expected} (2 sur 4)"
        assert said(of, NEED, edition=EDITION) == f"{expected} (2 sur 4, données simulées)"
        assert one(of, NEED).source == PEERS


@pytest.mark.shipped_region
def test_a_group_with_too_few_answers_gives_way_to_the_next():
    # Same size: five people, four answers. Same département: four answers. Same type: six.
    assert said(AUNAY, NEED, fewest=5) == (
        "parce que 33 % des répondants des communes de la région Nouvelle-Aquitaine citent « Ingenierie » comme besoin "
        "(2 sur 6)"
    )
    assert said(AUNAY, NEED, fewest=7) == ""
    # Of its size, Cherval alone answered.
    assert said(CHERVAL, PeersSay("besoins", ("financement",), 0.5), fewest=4) == (
        "parce que 50 % des répondants des communes du département Charente (16) citent « Financement » en réponse à "
        "« De quoi ? » (2 sur 4)"
    )


def test_no_other_group_is_sought_when_the_share_is_too_small():
    # 25 % (« aucun », one of four) among communes of the same size.
    assert said(AUNAY, PeersSay("besoins", ("aucun",), 0.25)) != ""
    assert said(AUNAY, PeersSay("besoins", ("aucun",), 0.26)) == ""


def test_options_are_taken_together():
    rule = PeersSay("besoins", ("ingenierie", "financement"), 0.5)
    assert "75 % des répondants" in said(AUNAY, rule)
    assert "citent « Ingenierie » ou « Financement » en réponse" in said(AUNAY, rule)


def test_a_hidden_figure_is_never_a_reason():
    public = replace(REAL, threshold=3)
    assert said(AUNAY, NEED, edition=public) == ""
    # Three of four: the fourth would be known.
    assert said(AUNAY, PeersSay("besoins", ("ingenierie", "financement"), 0.5), edition=public) == ""
    assert "100 % des répondants" in said(AUNAY, PeersSay("portage", ("fort",), 0.5), edition=public)


def test_an_opinion_with_a_single_answer():
    assert said(ESNES, PeersSay("portage", ("fort", "faible"), 0.5)) == (
        "parce que 100 % des répondants des communes de moins de 1 000 habitants répondent « Fort » ou « Faible » à "
        "« Le portage est… » (5 sur 5)"
    )


@pytest.mark.shipped_region
def test_facts_of_peers_stand_for_those_of_a_territory_only_where_it_says_nothing_itself():
    rule = PeersSay("strategie", ("non",), 0.3)
    # Aunay: no; Belval: they differ; Esnes: in force.
    assert said(ESNES, rule) == (
        "parce que 33 % des communes de moins de 1 000 habitants qui ont répondu disent « Non » à « Une stratégie ? » "
        "(1 sur 3)"
    )
    assert said(AUNAY, rule) == ""
    assert said(BELVAL, rule) == ""
    # Aunay: no; Belval: they differ; Cherval does not know.
    assert "communes du département Charente (16) qui ont répondu disent « Non »" in said(DOUSSAC, rule)
    # Published, but nobody of Belval spoke of health.
    health = PeersSay("themes", ("absent",), 0.5, "sante")
    assert said(BELVAL, health, fewest=1).endswith("disent « Absent » à « Quel niveau ? » pour « Santé » (1 sur 1)")
    assert said(AUNAY, health, fewest=1) == ""


@pytest.mark.shipped_region
def test_types_without_size():
    assert said(territory("pays:val-de-sevre"), NEED, fewest=1) == (
        "parce que 100 % des répondants des pays et PETR du département Charente (16) citent "
        "« Ingenierie » comme besoin (1 sur 1)"
    )


def test_nobody_answered():
    nobody = replace(
        REAL, respondents=REAL.respondents.iloc[:0], values=REAL.values.iloc[:0], states=REAL.states.iloc[:0]
    )
    assert said(DOUSSAC, NO, NEED, edition=nobody, fewest=0) == ""


@pytest.mark.parametrize(
    "counts",
    [{"r01": 200, "r03": 1}, {"r01": 400, "r03": 601}, {"r01": 3, "r03": 5}, {"r01": 1, "r03": 400}],
)
def test_shares_are_written_as_in_every_figure(counts):
    people = [respondent for respondent, times in counts.items() for _ in range(times)]
    index = pd.Index([f"p{rank}" for rank in range(len(people))], name="respondent", dtype="str")
    many = replace(
        REAL,
        **{name: getattr(REAL, name).loc[people].set_axis(index) for name in ("respondents", "values", "states")},
    )
    base = sum(counts.values())
    reason = one(AUNAY, PeersSay("besoins", ("financement",), 0.001), edition=many).reason
    assert reason.startswith(f"parce que {percent(counts['r01'] / base, base)} des répondants")
    assert reason.endswith(f"({number(counts['r01'])} sur {number(base)})")


# Rules together, and other questionnaires.


def test_the_first_rule_that_holds_gives_the_reason():
    assert one(AUNAY, NO, NEED).source == OWN
    assert one(AUNAY, NEED, NO).source == PEERS
    assert one(ESNES, NO, NEED).source == PEERS


def test_recommendations_with_a_reason_come_first_each_part_in_the_order_of_the_summary():
    rules = Advice(
        3,
        (),
        (
            Tied("A", "un"),
            Tied("A", "deux", (NO,)),
            Tied("B", "trois", (AtStage(("moteur",)),)),
            Tied("B", "quatre", (NEED,)),
        ),
    )
    assert [found.text for found in advice(REAL, AUNAY, rules)] == ["deux", "quatre", "un", "trois"]


@pytest.mark.parametrize(
    "rule",
    [
        Answered("inconnue", ("non",)),
        Answered("strategie", ("non", "jamais")),
        Answered("strategie", ("non",), "inclusion"),
        Answered("themes", ("ponctuelles",)),
        Answered("themes", ("ponctuelles",), "ecole"),
        Answered("strategie", ("non",), ANY_ROW, at_least=1, called="ligne"),
        Answered("priorites", ("inclusion",)),
        Answered("precisions", ()),
        PeersSay("inconnue", ("non",), 0.1),
        PeersSay("besoins", ("ingenierie", "reseau"), 0.1),
        PeersSay("besoins", ("ingenierie",), 0.1, "inclusion"),
        PeersSay("themes", ("absent",), 0.1),
        PeersSay("themes", ("absent",), 0.1, "ecole"),
        PeersSay("precisions", (), 0.1),
    ],
)
def test_what_the_edition_did_not_ask_gives_no_reason(rule):
    assert said(AUNAY, rule) == ""


@pytest.mark.shipped_region
def test_the_shipped_rules_do_not_fail_on_another_questionnaire():
    asked_otherwise = read_edition(
        other_world.export().encode(), parse_codebook(other_world.CODEBOOK.encode()), id="monde", title="Monde",
        simulated=False, collected="mars",
    )  # fmt: skip
    for code in ("87085", "33"):
        found = advice(asked_otherwise, describe(asked_otherwise, code))
        assert len(found) == len(load_advice().recommendations)
    assert len(advice(EDITION, AUNAY)) == len(load_advice().recommendations)


# The shipped edition, as visitors see it.

PUBLIC = exchanged(load_edition())
EVERY = (*load_reference(PUBLIC.millesime).index, *structures(PUBLIC))


@pytest.mark.shipped_region
def test_every_territory_has_all_the_recommendations_each_within_five_milliseconds():
    texts = sorted(item for group in load_published().recommendations for item in group.items)
    described = [describe(PUBLIC, code) for code in EVERY]
    started = time.process_time()
    found = [advice(PUBLIC, of) for of in described]
    assert (time.process_time() - started) / len(EVERY) < 0.005
    assert len(EVERY) >= 4461
    opinions = [question.text for question in PUBLIC.codebook.questions if question.unit != "territories"]
    for of, given in zip(described, found, strict=True):
        assert sorted(one.text for one in given) == texts
        assert sorted(given, key=lambda one: not one.reason) == list(given)
        for one in given:
            assert bool(one.reason) == (one.source in (OWN, PEERS))
            assert not one.reason or one.reason.startswith(("parce que ", "parce qu’"))
            assert not one.reason or "données simulées" in one.reason
            if one.source == OWN:
                assert of.published
                assert of.nom in one.reason
                assert not any(text in one.reason for text in opinions)


@pytest.mark.shipped_region
def test_figures_of_peers_are_those_of_shares():
    # Silent: its peers of the same size answer in its place.
    of = next(
        found for code in EVERY if (found := describe(PUBLIC, code)).taille == "commune-0-999" and not found.published
    )
    rules = tied(PeersSay("freins", ("financements",), 0.1, cited_as="comme frein"), fewest=30)
    measured = reached(PUBLIC, "freins", ("financements",), Selection(types=("commune",), tailles=(of.taille,))).iloc[0]
    (found,) = advice(PUBLIC, of, rules)
    assert found.reason == (
        f"parce que {percent(measured['share'])} des répondants des communes de moins de 1\u202f000 habitants citent "
        f"«\u202fFinancements\u202f» comme frein ({number(measured['count'])} sur {number(measured['base'])}, "
        "données simulées)"
    )
