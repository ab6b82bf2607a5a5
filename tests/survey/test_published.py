"""The published summary as configured: what it names exists, what it says is what was published."""

import re
from pathlib import Path

import pytest

from lib.survey.codebook import load_codebook
from lib.survey.published import PATH, load_published
from lib.survey.questionnaire import UNITS, Condition
from lib.ui.menu import PAGES

PUBLISHED = load_published()
CODEBOOK = load_codebook()
MEASURES = [
    pytest.param(measure, id=f"{finding.id}-{place}")
    for finding in PUBLISHED.findings
    for place, measure in enumerate(finding.measures)
]
SHORT = """
title = "T"
subtitle = "S"
source = "Source"
caveat = "Réserve"
contact = []
recommendation = []
[[finding]]
id = "a"
title = "A"
published = "Publié."
page = "synthese"
[[finding.measures]]
label = "x"
question = "q"
options = ["o"]
unit = "respondents"
among = { question = "p", options = ["r", "s"] }
"""


def written(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "published.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_the_six_findings_of_the_summary_are_there_in_its_order():
    ids = [finding.id for finding in PUBLISHED.findings]
    assert ids == ["actions", "themes", "strategie", "conditions", "besoins", "freins"]


@pytest.mark.shipped_region
def test_the_only_published_figure_is_thirty_per_cent_of_respondents_without_a_strategy():
    assert {f.id: f.value for f in PUBLISHED.findings if f.value is not None} == {"strategie": 0.30}
    (strategy,) = [finding for finding in PUBLISHED.findings if finding.id == "strategie"]
    assert strategy.published.startswith("30\u202f% des répondants")
    first = strategy.measures[0]
    assert (first.question, first.options, first.unit) == ("strategie", ("non",), "respondents")


def test_every_finding_leads_to_a_page_of_the_menu():
    assert {finding.page for finding in PUBLISHED.findings} <= set(PAGES)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_names_a_question_options_and_a_row_that_exist(measure):
    question = CODEBOOK[measure.question]
    assert measure.label
    assert measure.options
    assert set(measure.options) <= set(question.labels)
    assert not set(measure.options) & set(question.dont_know)
    assert measure.row in {"*", *question.row_labels} if question.rows else measure.row == ""
    assert measure.unit in UNITS


@pytest.mark.parametrize("measure", MEASURES)
def test_a_condition_is_a_question_with_one_answer(measure):
    if measure.among is not None:
        question = CODEBOOK[measure.among.question]
        assert question.kind in ("single", "scale")
        assert set(measure.among.options) <= set(question.labels)
        # A territory's answer is that of all its respondents: a condition would split them.
        assert measure.unit == "respondents"


def test_conditions_are_compared_with_all_who_do_not_meet_them():
    (conditions,) = [finding for finding in PUBLISHED.findings if finding.id == "conditions"]
    for question in ("portage", "instance"):
        compared = [m.among.options for m in conditions.measures if m.among and m.among.question == question]
        codes = [code for options in compared for code in options]
        assert len(compared) == 2
        assert sorted(codes) == sorted(set(CODEBOOK[question].labels) - {"nsp"})


@pytest.mark.shipped_region
def test_recommendations_and_contacts_are_those_of_the_summary():
    assert [recommendation.to for recommendation in PUBLISHED.recommendations] == [
        "À PQN-A et à ses partenaires",
        "Aux territoires",
    ]
    assert [len(recommendation.items) for recommendation in PUBLISHED.recommendations] == [4, 4]
    assert [contact.address for contact in PUBLISHED.contacts] == ["pqn-a.fr", "contact@hubik.fr"]
    assert all(contact.link.startswith(("https://", "mailto:")) for contact in PUBLISHED.contacts)


def test_no_telephone_number_is_published():
    assert not re.search(r"(\+33|\b0)[ .]?[1-9]([ .]?\d\d){4}", PATH.read_text(encoding="utf-8"))


def test_french_signs_have_a_narrow_space_before_them():
    for finding in PUBLISHED.findings:
        assert not re.search(r"[ \w][;:!?%]( |$)", f"{finding.title} {finding.published}")


def test_a_condition_is_read_as_one(tmp_path):
    (finding,) = load_published(written(tmp_path, SHORT)).findings
    assert finding.measures[0].among == Condition("p", ("r", "s"))
    assert finding.measures[0].row == ""
    assert finding.value is None


def test_a_missing_field_and_an_unknown_one_are_refused(tmp_path):
    with pytest.raises(KeyError, match="caveat"):
        load_published(written(tmp_path, SHORT.replace('caveat = "Réserve"\n', "")))
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(TypeError, match="colour"):
        load_published(written(other, SHORT.replace('id = "a"', 'id = "a"\ncolour = "red"')))
