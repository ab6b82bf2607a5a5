"""An area before a visit: what is in it, who answered there, what they say; counted by hand on `tests.world`."""

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from lib.analysis.areas import areas, find_area
from lib.analysis.engagement import UNKNOWN, points
from lib.analysis.pairing import pairings
from lib.analysis.visit import (
    answered,
    asks_to_be_put_in_touch,
    calls,
    covered,
    divergent,
    opinion_questions,
    opinions,
    pairs,
    silent,
    stages,
    status_questions,
    unserved,
)
from lib.survey.edition import load_edition
from lib.survey.engagement import load_rule
from lib.survey.questionnaire import Option, Question
from lib.survey.states import NOT_ANSWERED, NOT_TICKED, VALUE
from tests import world
from tests.world import FIRST, SECOND

PAYS = "pays:val-de-sevre"
GIVEN, REFERENCE = world.edition(), world.reference()


@cache
def shipped():
    return load_edition()


def zone(address, given=GIVEN):
    area = find_area(given, address, REFERENCE)
    return area, answered(given, area, REFERENCE)


def wishing(**given):
    """Return the world where respondents also say which support they want; who is not named did not answer."""
    wishes = ("mise-en-relation", "formation")
    question = Question(
        "accompagnement", "multiple", "Quel appui ?", "Appui", tuple(Option(code, code.capitalize()) for code in wishes)
    )
    edition = world.edition()
    for code in wishes:
        ticked = pd.Series([given.get(person) == code for person in edition.values.index], index=edition.values.index)
        asked = pd.Series([person in given for person in edition.values.index], index=edition.values.index)
        edition.values[f"accompagnement/{code}"] = pd.Series("1", index=ticked.index, dtype="str").where(ticked)
        states = pd.Series(NOT_ANSWERED, index=ticked.index).mask(asked, NOT_TICKED).mask(ticked, VALUE)
        edition.states[f"accompagnement/{code}"] = states.astype("int8")
    codebook = replace(edition.codebook, questions=(*edition.codebook.questions, question))
    return replace(edition, codebook=codebook)


# Areas.


def test_areas_are_departements_then_pays_then_epci_each_by_name():
    assert areas(GIVEN, REFERENCE) == {
        "departement:16": "Charente (16)",
        "departement:17": "Charente-Maritime (17)",
        PAYS: "Pays du Val de Sèvre",
        SECOND: "CA des Marais",
        FIRST: "CC des Sources",
    }


def test_a_structure_that_does_not_say_what_it_covers_is_no_area():
    edition = world.edition()
    edition.respondents["membres"] = [()] * len(edition.respondents)
    assert PAYS not in areas(edition, REFERENCE)


@pytest.mark.parametrize("address", ["16", "departement:99", "", "16001", "pays:inconnu"])
def test_an_unknown_area_is_an_error(address):
    with pytest.raises(KeyError):
        find_area(GIVEN, address, REFERENCE)


def test_an_area_holds_its_epci_its_communes_and_their_inhabitants():
    departement, epci, pays = (find_area(GIVEN, address, REFERENCE) for address in ("departement:16", FIRST, PAYS))
    assert (departement.code, departement.type, departement.population) == ("16", "departement", 5800)
    # The second EPCI is across the limit: it is there whole, and its communes are not.
    assert departement.epci == (FIRST, SECOND)
    assert departement.communes == ("16001", "16002", "16003", "16004")
    assert (epci.nom, epci.departements, epci.population) == ("CC des Sources", ("16",), 3300)
    assert epci.communes == ("16001", "16002", "16003")
    assert (pays.type, pays.departements, pays.epci) == ("pays", ("16", "17"), (FIRST, SECOND))
    assert pays.population == 18600


# Who answered, who did not.


def test_territories_of_a_departement_are_listed_from_the_widest_to_the_smallest():
    _, territories = zone("departement:16")
    assert territories.index.tolist() == ["16", PAYS, SECOND, FIRST, "16003", "16002", "16001"]
    assert territories["inside"].all()
    assert territories["respondents"].tolist() == [1, 1, 1, 2, 1, 2, 2]
    assert territories.loc[FIRST, "people"] == ("r07", "r08")
    assert territories.loc[FIRST, "roles"] == ("direction", "technicien")
    assert territories["published"].tolist() == [True, True, True, False, True, True, True]


def test_statuses_are_facts_and_missing_where_nobody_answered():
    _, territories = zone("departement:16")
    assert [question.id for question in status_questions(GIVEN)] == ["strategie"]
    told = territories["strategie"].fillna("").to_dict()
    assert told == {
        "16": "elaboration", PAYS: "", SECOND: "non", FIRST: "formalisee", "16003": "nsp", "16002": "divergentes",
        "16001": "non",
    }  # fmt: skip


def test_what_is_across_the_limit_of_an_epci_is_around_it():
    _, territories = zone(FIRST)
    assert territories.index[territories["inside"]].tolist() == [FIRST, "16003", "16002", "16001"]
    assert territories.index[~territories["inside"]].tolist() == ["16", PAYS]


def test_a_pays_holds_its_epci_and_their_communes():
    _, territories = zone(PAYS)
    assert territories.index[territories["inside"]].tolist() == [
        PAYS, SECOND, FIRST, "16003", "16002", "17001", "16001"
    ]  # fmt: skip
    assert territories.index[~territories["inside"]].tolist() == ["16"]


def test_the_silent_are_those_of_the_reference_list_that_nobody_answered_for():
    assert silent(GIVEN, zone("departement:16")[0], REFERENCE).index.tolist() == ["16004"]
    # Charente-Maritime itself did not answer, nor the larger of its two communes.
    assert silent(GIVEN, zone("departement:17")[0], REFERENCE).index.tolist() == ["17", "17002"]


def test_coverage_counts_the_inhabitants_of_the_area_alone():
    found = covered(GIVEN, zone("departement:16")[0], REFERENCE)
    assert found.index.tolist() == ["epci", "commune"]
    assert found.loc["commune", ["territories", "existing"]].tolist() == [3, 4]
    assert found.loc["commune", "share"] == pytest.approx(3300 / 5800)
    assert found.loc["epci"].tolist() == [2, 2, 1.0]
    assert covered(GIVEN, zone("departement:17")[0], REFERENCE).loc["commune", "share"] == pytest.approx(800 / 12800)


def test_nobody_there_is_no_error():
    edition = world.edition()
    edition.respondents["territory"] = edition.respondents["territory"].where(
        ~edition.respondents["territory"].isin([SECOND, "17001", PAYS])
    )
    area, territories = zone(SECOND, edition)
    assert not territories["inside"].any()
    assert covered(edition, area, REFERENCE).loc["commune"].tolist() == [0, 3, 0.0]
    found = opinions(edition, territories, edition.codebook["besoins"])
    assert found["base"].eq(0).all()
    assert found["share"].isna().all()
    split = divergent(edition, territories)
    assert split.empty
    assert calls(edition, territories, split).empty
    assert stages(territories).sum() == 0


def test_the_members_of_a_pays_are_those_that_any_of_its_respondents_declares():
    edition = world.edition()
    edition.respondents.loc["r12", ["type", "territory", "nom"]] = ["pays", PAYS, "Pays"]
    first = replace(edition, respondents=edition.respondents.iloc[::-1], values=edition.values.iloc[::-1],
                    states=edition.states.iloc[::-1])  # fmt: skip
    area, territories = zone(PAYS, first)
    assert set(area.epci) == {FIRST, SECOND}
    assert territories.loc[PAYS, ["inside", "people"]].tolist() == [True, ("r12", "r11")]
    # Wider than the EPCI, it is around it.
    _, territories = zone(FIRST, first)
    assert not territories.loc[PAYS, "inside"]


def test_exchanged_answers_prepare_no_visit():
    public = replace(world.edition(), threshold=3)
    with pytest.raises(ValueError, match="as given"):
        answered(public, find_area(public, FIRST, REFERENCE), REFERENCE)


# What they say.


def test_stages_of_the_area_are_those_of_the_answers_as_given():
    _, territories = zone("departement:16")
    assert territories["stage"].equals(points(GIVEN)["stage"].reindex(territories.index))
    counts = stages(territories)
    assert counts.index.tolist() == [*(stage.code for stage in load_rule().stages), UNKNOWN]
    assert counts.sum() == 7
    assert stages(zone(FIRST)[1]).sum() == 4


def test_opinions_of_the_area_stand_beside_those_of_the_region():
    _, territories = zone(FIRST)
    assert [question.id for question in opinion_questions(GIVEN)] == ["besoins"]
    found = opinions(GIVEN, territories, GIVEN.codebook["besoins"])
    # Here r01, r02, r03, r05 and r07 answered; in the region r06, r11 and r12 as well.
    assert found.index[:2].tolist() == ["ingenierie", "financement"]
    assert found["count"].to_dict() == {"ingenierie": 2, "financement": 2, "aucun": 1, "nsp": 1, "autre": 0}
    assert found["region_count"].to_dict() == {"ingenierie": 4, "financement": 3, "aucun": 1, "nsp": 1, "autre": 0}
    assert found["base"].eq(5).all()
    assert found["region_base"].eq(8).all()
    assert found.loc["ingenierie", ["share", "region_share"]].tolist() == [0.4, 0.5]


def test_divergences_name_the_question_the_rows_and_the_answers():
    _, territories = zone("departement:16")
    found = divergent(GIVEN, territories)
    assert found.to_dict("split")["data"] == [
        ["16002", "Belval", "strategie", (), ("formalisee", "non")],
        ["16002", "Belval", "themes", ("inclusion",), ()],
        ["16001", "Aunay", "actions", ("inclusion",), ()],
    ]
    assert divergent(GIVEN, zone("departement:17")[1]).empty


def test_those_whose_answers_differ_are_called_before_the_others():
    _, territories = zone("departement:16")
    assert not asks_to_be_put_in_touch(GIVEN)
    found = calls(GIVEN, territories, divergent(GIVEN, territories))
    assert found.index.tolist() == ["16002", "16001", "16", PAYS, SECOND, FIRST, "16003"]
    assert found["reasons"].tolist()[:3] == [("divergentes",), ("divergentes",), ()]


def test_those_who_asked_to_be_put_in_touch_are_called_first():
    given = wishing(r05="mise-en-relation", r02="mise-en-relation", r03="formation", r06="mise-en-relation")
    assert asks_to_be_put_in_touch(given)
    _, territories = zone("departement:16", given)
    found = calls(given, territories, divergent(given, territories))
    # 17001 asked too, and is elsewhere.
    assert found.index.tolist()[:4] == ["16003", "16001", "16002", "16"]
    assert found["reasons"].tolist()[:3] == [
        ("mise-en-relation",), ("mise-en-relation", "divergentes"), ("divergentes",)
    ]  # fmt: skip


# Pairs, on the shipped answers: they lie at real distances.


@pytest.mark.shipped_region
@pytest.mark.parametrize("address", ["departement:23", "pays:isle-en-perigord", "243300316"])
def test_pairs_have_one_side_in_the_area_at_least(address):
    given = shipped()
    territories = answered(given, find_area(given, address))
    inside = set(territories.index[territories["inside"]])
    proposed = pairings(given)
    found = pairs(given, territories)
    sides = zip(proposed.pairs["territory"], proposed.pairs["supporter"], strict=True)
    expected = {(helped, supporter) for helped, supporter in sides if inside & {helped, supporter}}
    assert set(zip(found["territory"], found["supporter"], strict=True)) == expected
    assert found["received"].tolist() == sorted((helped in inside for helped in found["territory"]), reverse=True)
    assert found["lent"].tolist() == [supporter in inside for supporter in found["supporter"]]
    assert set(unserved(given, territories)["territory"]) == inside & set(proposed.unserved["territory"])


@pytest.mark.shipped_region
def test_every_area_of_the_shipped_answers_is_found():
    given = shipped()
    known = areas(given)
    assert list(known)[:12] == [address for address in known if address.startswith("departement:")]
    for address in known:
        area = find_area(given, address)
        assert area.communes
        assert area.population > 0
