"""What a map colours: statuses read by hand on `tests.world`, lists of territories counted in the nomenclature."""

import csv
from collections import Counter

import pytest

from lib.analysis.levels import LEVELS, available_levels, respondents_of, selected_territories, statuses
from lib.analysis.selection import EVERYBODY, Selection
from lib.territory.region_folder import GEO
from tests import world
from tests.world import FIRST, SECOND


def status_of(column, level, selection=EVERYBODY):
    return statuses(world.edition(), column, selection, level)["status"].to_dict()


def nomenclature():
    with (GEO / "territories.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_levels_offered_follow_the_types_selected():
    assert available_levels(EVERYBODY) == ("epci", "commune", "departement", "perimetre")
    assert available_levels(Selection(types=("commune",))) == ("commune",)
    assert available_levels(Selection(types=("syndicat", "epci"))) == ("epci", "perimetre")
    assert available_levels(Selection(departements=("33",), roles=("elu",))) == tuple(LEVELS)


def test_every_type_of_the_questionnaire_has_a_level():
    types = world.codebook()["terr_type"].labels
    assert sorted(kind for level in LEVELS.values() for kind in level) == sorted(types)


def test_a_territory_is_listed_once_by_name_with_its_respondents():
    listed = respondents_of(world.edition(), EVERYBODY, "epci")
    assert listed.columns.tolist() == ["nom", "type", "departements", "membres", "respondents"]
    assert listed.index.tolist() == [SECOND, FIRST]  # CA des Marais, CC des Sources
    assert listed["respondents"].tolist() == [1, 2]
    assert listed.at[SECOND, "departements"] == ("17", "16")


def test_a_respondent_of_no_known_territory_is_on_no_map():
    edition = world.edition()
    people = sum(respondents_of(edition, EVERYBODY, level)["respondents"].sum() for level in LEVELS)
    assert people == 11  # all but r12


def test_perimeters_carry_their_members():
    listed = respondents_of(world.edition(), EVERYBODY, "perimetre")
    assert listed.index.tolist() == ["pays:val-de-sevre"]
    assert listed.at["pays:val-de-sevre", "nom"] == "Pays du Val de Sèvre"
    assert listed.at["pays:val-de-sevre", "membres"] == (FIRST, SECOND)


def test_communes_show_their_own_answers():
    assert status_of("strategie", "commune") == {
        "16001": "non",  # r02 does not know: r01 speaks for the commune
        "16002": "divergentes",  # formalised for one, none for the other
        "16003": "nsp",
        "17001": "non-publiee",  # r06 did not agree
    }


def test_no_level_fills_in_for_another():
    assert status_of("strategie", "epci") == {FIRST: "non-publiee", SECOND: "non"}
    assert status_of("strategie", "departement") == {"16": "elaboration"}
    assert status_of("strategie", "perimetre") == {"pays:val-de-sevre": "sans-reponse"}


def test_who_answered_the_survey_but_not_the_question_is_without_answer():
    assert status_of("themes/sante", "commune") == {
        "16001": "absent",
        "16002": "sans-reponse",
        "16003": "sans-reponse",
        "17001": "non-publiee",  # whether it answered is not published either
    }


def test_the_role_changes_nothing_on_a_map():
    elected = Selection(roles=("elu",))
    assert status_of("strategie", "commune", elected) == status_of("strategie", "commune")
    listed = respondents_of(world.edition(), Selection(roles=("direction",)), "commune")
    assert listed["respondents"].to_dict() == {"16001": 2, "16002": 2, "16003": 1, "17001": 1}


def test_filters_on_territories_narrow_the_map():
    charente_maritime = Selection(departements=("17",))
    assert list(status_of("strategie", "commune", charente_maritime)) == ["17001"]
    # On two départements, the second EPCI and the pays belong to both.
    assert list(status_of("strategie", "epci", charente_maritime)) == [SECOND]
    assert list(status_of("strategie", "perimetre", charente_maritime)) == ["pays:val-de-sevre"]
    assert status_of("strategie", "commune", Selection(types=("epci",))) == {}
    assert list(status_of("strategie", "commune", Selection(tailles=("commune-1000-3499",)))) == ["16003"]


def test_an_opinion_is_never_shown_by_name():
    with pytest.raises(ValueError, match="opinion"):
        status_of("portage", "commune")


@pytest.mark.shipped_region
@pytest.mark.parametrize("level", ["commune", "epci", "departement"])
def test_the_territories_of_the_region_are_all_there(level):
    expected = Counter(row["type"] for row in nomenclature())[level]
    assert len(selected_territories(EVERYBODY, level)) == expected
    assert {"commune": 4293, "epci": 156, "departement": 12}[level] == expected


@pytest.mark.shipped_region
def test_the_territories_selected_are_those_of_the_nomenclature():
    creuse = {row["code"] for row in nomenclature() if row["type"] == "commune" and "23" in row["departements"].split()}
    small = {row["code"] for row in nomenclature() if row["taille"] == "commune-0-999"}
    chosen = Selection(departements=("23",), tailles=("commune-0-999",), roles=("elu",))
    assert set(selected_territories(chosen, "commune")) == creuse & small
    assert 0 < len(creuse & small) < len(creuse)
    assert selected_territories(Selection(types=("epci",)), "commune").empty


@pytest.mark.shipped_region
def test_territories_without_a_size_class_answer_to_sans_objet():
    assert len(selected_territories(Selection(tailles=("sans-objet",)), "departement")) == 12
    assert selected_territories(Selection(tailles=("sans-objet",)), "commune").empty


def test_no_list_of_perimeters_is_known():
    assert selected_territories(EVERYBODY, "perimetre").empty
