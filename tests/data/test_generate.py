"""The simulated exports: reproducible, shaped like LimeSurvey's, without personal data, matched rightly."""

import hashlib
import re

import pandas as pd
import pytest

from data.generate import FOLDER, export, people
from data.plans import EDITION_2025, EDITION_2026, PLANS
from data.samples import SHIPPED
from lib.analysis.facts import facts
from lib.survey.edition import load_edition
from lib.territory.reference import load_reference

# Of the export of 2026 as first published: later editions, and changes of the generator, must leave it as it is.
FIRST_SHA256 = "a01e5c50b6aaab3125f166d5bf53963dcb5ad1983ed9d25c84ccb60137cc0918"
BOTH = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.millesime)

METHODS = {"code", "exact", "alias", "former", "correction", "perimeter", "ambiguous", "none"}


@pytest.fixture(scope="module")
def edition():
    return load_edition()


@pytest.fixture(scope="module")
def earlier():
    return load_edition("simulee-2025")


@pytest.fixture(scope="module", params=PLANS, ids=lambda plan: plan.millesime)
def truth(request, edition, earlier):
    """Respondents beside the people they are: the export keeps the order, and drops those who left."""
    found = {EDITION_2026: edition, EDITION_2025: earlier}[request.param]
    answering = [person for person in people(request.param) if not person.quits]
    assert len(answering) == len(found.respondents)
    return list(zip(answering, found.respondents.to_dict("records"), strict=True))


@BOTH
def test_the_committed_file_is_what_the_generator_writes(plan):
    assert (FOLDER / plan.file).read_bytes() == export(plan)


def test_the_first_edition_never_changes():
    assert hashlib.sha256((FOLDER / EDITION_2026.file).read_bytes()).hexdigest() == FIRST_SHA256


@BOTH
def test_the_file_has_the_shape_of_a_limesurvey_export(plan):
    content = (FOLDER / plan.file).read_bytes()
    assert content.startswith(b'\xef\xbb\xbf"ID de la r\xc3\xa9ponse";"Date de soumission";')
    assert content.endswith(b'"\r\n\r\n')
    text = content.decode("utf-8-sig")
    headings = re.findall(r'"([^"]*)"', text.partition("\r\n")[0])
    assert len(headings) == 9 + 137 + 1
    assert sum(heading.endswith("[Autre]") for heading in headings) == 4
    assert len(set(headings)) == len(headings) - 2
    assert any("[Inclusion numérique][Diagnostic]" in heading for heading in headings)
    assert any("  " in heading for heading in headings)
    assert any("\u00a0" in heading for heading in headings)
    assert any(heading.endswith(" ") for heading in headings)
    assert '"N/A"' in text


@BOTH
def test_it_holds_no_address_no_telephone_and_no_contact(plan):
    text = (FOLDER / plan.file).read_text(encoding="utf-8-sig")
    assert "@" not in text
    assert not re.search(r"\b0\d([ .]?\d\d){4}\b", text)
    assert not re.search(r"\b(M\.|Mme|Monsieur|Madame)\s", text)


def test_how_many_answered(edition):
    territories = edition.respondents.dropna(subset="territory").drop_duplicates("territory")
    assert 400 <= len(edition.respondents) <= 440
    assert 320 <= len(territories) <= 360
    by_type = territories["type"].value_counts()
    assert 185 <= by_type["commune"] <= 215
    assert 85 <= by_type["epci"] <= 105
    assert 9 <= by_type["departement"] <= 11
    assert 20 <= by_type["pays"] <= 30
    assert 10 <= by_type["syndicat"] <= 14
    assert 3 <= by_type["autre"] <= 8


def test_every_departement_size_role_and_method_is_there(edition):
    respondents = edition.respondents
    communes = respondents[respondents["type"] == "commune"]
    assert communes["departements"].explode().nunique() == 12
    assert communes["departements"].explode().value_counts().min() >= 5
    assert respondents["taille"].nunique() == 5 + 3 + 1
    assert set(respondents["role"]) == {"elu", "direction", "technicien", "autre"}
    assert set(respondents["method"]) == METHODS
    assert respondents["complete"].mean() < 1


def test_one_departement_has_no_epci_answer_and_answers_all_the_same(edition):
    respondents = edition.respondents
    there = respondents["departements"].map(lambda codes: SHIPPED.without_epci in codes)
    assert not (there & (respondents["type"] == "epci")).any()
    assert set(respondents.loc[there, "type"]) >= {"commune", "departement", "pays"}


def test_territories_with_several_respondents_agree_or_not(edition):
    answered = edition.values["strategie"].where(edition.values["strategie"] != "nsp").dropna()
    distinct = answered.groupby(edition.respondents["territory"]).agg(["size", "nunique"])
    several = distinct[distinct["size"] > 1]
    assert len(several) >= 30
    assert (several["nunique"] == 1).sum() >= 10
    assert (several["nunique"] > 1).sum() >= 5


def test_consent_is_given_by_about_six_respondents_in_ten(edition):
    consent = edition.values["diffusion"].dropna()
    assert 0.55 <= (consent == "oui").mean() <= 0.65


def test_names_are_read_as_they_were_typed(truth):
    for person, respondent in truth:
        assert person.name.strip() == respondent["declared"]
        assert (person.type, person.role) == (respondent["type"], respondent["role"])


def test_no_territory_is_matched_wrongly(truth):
    names: dict[str, set[str]] = {}
    for person, respondent in truth:
        matched = respondent["territory"]
        if pd.isna(matched):
            continue
        assert person.place is not None, person
        assert not person.ambiguous, person
        if person.type in ("commune", "epci", "departement"):
            assert matched == person.place.key, person
        else:
            names.setdefault(person.place.key, set()).add(matched)
            assert set(respondent["membres"]) <= set(person.place.members), person
    assert all(len(identifiers) == 1 for identifiers in names.values()), names
    assert len(set().union(*names.values())) == len(names)


def test_nearly_all_the_territories_are_matched(truth):
    findable = [respondent for person, respondent in truth if person.place and not person.ambiguous]
    assert sum(pd.notna(respondent["territory"]) for respondent in findable) >= 0.95 * len(findable)


def test_those_who_left_are_listed_and_nothing_else_stops_the_reading(edition):
    left = [person for person in people() if person.quits]
    assert edition.issues["problem"].str.contains("écartée").sum() == len(left) > 0
    assert len(edition.issues) < 100


def test_the_earlier_edition_is_smaller_and_a_part_of_its_territories_answered_again(edition, earlier):
    before, after = (set(found.respondents["territory"].dropna()) for found in (earlier, edition))
    assert 300 <= len(earlier.respondents) < len(edition.respondents)
    assert 0.5 <= len(before & after) / len(after) <= 0.7
    assert len(before - after) >= 30


def test_the_earlier_edition_knows_the_territories_of_its_year(earlier):
    assert earlier.millesime == 2025
    official = earlier.respondents[earlier.respondents["type"].isin(["commune", "epci", "departement"])]
    named = official.dropna(subset="territory").set_index("territory")["nom"]
    assert (named == load_reference(2025)["nom"].reindex(named.index)).all()


def test_the_earlier_edition_is_less_advanced(edition, earlier):
    before, after = (found.values["strategie"].dropna() for found in (earlier, edition))
    assert abs((before == "non").sum() - 0.36 * len(before)) <= 0.5
    assert before.isin(["formalisee", "mise-en-oeuvre"]).mean() < after.isin(["formalisee", "mise-en-oeuvre"]).mean()
    for question in ("portage", "instance"):
        high = {"portage": "fort", "instance": "oui"}[question]
        assert (earlier.values[question].dropna() == high).mean() < (edition.values[question].dropna() == high).mean()


def test_strategies_mostly_progress_from_one_edition_to_the_next(edition, earlier):
    steps = {code: step for step, code in enumerate(["non", "prevue", "elaboration", "formalisee", "mise-en-oeuvre"])}
    moved = (facts(edition, "strategie").map(steps) - facts(earlier, "strategie").map(steps)).dropna()
    assert len(moved) >= 150
    assert (moved > 0).sum() >= 2 * (moved < 0).sum() > 0


def test_no_epci_of_one_departement_answers_in_either_edition(earlier):
    respondents = earlier.respondents
    there = respondents["departements"].map(lambda codes: SHIPPED.without_epci in codes)
    assert not (there & (respondents["type"] == "epci")).any()
