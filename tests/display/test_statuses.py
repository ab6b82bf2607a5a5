"""Statuses of the shipped questionnaire: dark always means more, and no two look or read alike."""

import pytest

from lib.analysis.facts import DIVERGENT, DIVERGENT_LABEL, UNANSWERED, UNPUBLISHED
from lib.display import statuses
from lib.display.palette import luminance
from lib.survey.codebook import load_codebook
from lib.survey.questionnaire import Option, Question
from lib.territory.reference import load_reference

CODEBOOK = load_codebook()
SCALES = {
    "strategie": ["non", "prevue", "elaboration", "formalisee", "mise-en-oeuvre"],
    "themes": ["absent", "reflexion", "ponctuelles", "structurees"],
    "portage": ["inexistant", "faible", "moyen", "fort"],
    "instance": ["non", "projet", "oui"],
}
OUTSIDE = ["nsp", "divergentes", "non-publiee", "sans-reponse", "hors-selection"]


def entries(question):
    return statuses.entries(CODEBOOK[question])


@pytest.mark.parametrize("question", SCALES)
def test_the_legend_goes_from_the_least_to_the_most_then_outside_the_scale(question):
    assert [entry.key for entry in entries(question)] == SCALES[question] + OUTSIDE


@pytest.mark.parametrize("question", SCALES)
def test_dark_means_more(question):
    shades = [luminance(entry.fill) for entry in entries(question) if entry.key in SCALES[question]]
    assert shades == sorted(shades, reverse=True)
    assert len(set(shades)) == len(shades)


@pytest.mark.parametrize("question", SCALES)
def test_no_two_statuses_look_or_read_alike(question):
    listed = entries(question)
    assert len({(entry.fill, entry.pattern) for entry in listed}) == len(listed)
    assert len({entry.label for entry in listed}) == len(listed)


def test_the_states_outside_the_scale_have_a_pattern_or_are_blank():
    for entry in entries("strategie"):
        assert (entry.pattern is not None) == (entry.key in OUTSIDE and entry.key != "hors-selection")


def test_words_are_those_of_the_questionnaire_and_of_facts():
    named = statuses.labels(entries("strategie"))
    assert named["mise-en-oeuvre"] == "Mise en œuvre"
    assert named["nsp"] == "Ne sait pas"
    assert named[UNPUBLISHED] == "A répondu (réponse non publiée)"
    assert named[UNANSWERED] == "Pas de réponse"
    assert named[DIVERGENT] == DIVERGENT_LABEL == "Réponses divergentes"


def test_bars_leave_out_what_is_only_of_the_map():
    listed = entries("strategie")
    colours = statuses.colours(listed)
    assert list(colours) == [
        "Non", "Prévue", "En cours d’élaboration", "Formalisée", "Mise en œuvre", "Ne sait pas", "Réponses divergentes",
    ]  # fmt: skip
    # Told apart without a pattern, and no part is white on white.
    assert len(set(colours.values())) == len(colours)
    assert "#ffffff" not in colours.values()


def test_participation_has_its_own_class_beside_silence():
    listed = [statuses.ANSWERED, *statuses.coverage_entries()]
    assert [entry.key for entry in listed] == ["a-repondu", "sans-reponse", "hors-selection"]
    assert len({(entry.fill, entry.pattern) for entry in listed}) == 3


def test_a_scale_without_dont_know_has_no_such_entry():
    question = Question("q", "scale", "?", "?", (Option("un", "Un"), Option("deux", "Deux")))
    assert [entry.key for entry in statuses.entries(question)] == ["un", "deux", *OUTSIDE[1:]]


def test_every_nature_of_territory_has_a_name():
    assert set(load_reference()["nature"]) <= set(statuses.NATURES)
