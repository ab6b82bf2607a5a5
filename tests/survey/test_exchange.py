"""What the public edition keeps, what it exchanges, and that nothing tells an exchanged answer from its neighbour's."""

from dataclasses import replace
from random import Random

import numpy as np
import pandas as pd
import pytest

from lib.analysis.answers import read_answers
from lib.analysis.facts import status
from lib.survey.consent import publishable
from lib.survey.edition import load_edition
from lib.survey.exchange import _permutation, draw, exchanged
from lib.survey.protection import Protection
from lib.survey.states import NOT_ASKED
from tests import world

GIVEN = load_edition()
PUBLIC = exchanged(GIVEN)
CODEBOOK = GIVEN.codebook
QUESTIONS = [question for question in CODEBOOK.substantive if question.kind != "text"]
FACTS = [question for question in QUESTIONS if question.unit == "territories"]
NAMED = publishable(GIVEN.respondents).reindex(GIVEN.respondents["territory"]).fillna(False).to_numpy(bool)


PRIVATE = (GIVEN.respondents["type"] == "autre") & ~NAMED & GIVEN.respondents["territory"].notna()


def test_who_answered_is_untouched():
    kept = ["type", "territory", "nom", "taille", "departements", "membres", "publishable", "complete"]
    same = PRIVATE.index[~PRIVATE]
    pd.testing.assert_frame_equal(PUBLIC.respondents.loc[same, kept], GIVEN.respondents.loc[same, kept])
    assert PUBLIC.threshold == 3
    assert GIVEN.threshold == 0


def test_another_structure_that_did_not_agree_is_under_a_number():
    given, public = (edition.respondents[PRIVATE] for edition in (GIVEN, PUBLIC))
    assert len(given) > 0
    assert set(public["nom"]) == {"Autre structure"}
    assert public["territory"].str.fullmatch(r"autre:simulee-2026-\d+").all()
    # The same structures are still the same structures, and others are others.
    assert len({*zip(given["territory"], public["territory"], strict=True)}) == given["territory"].nunique()
    assert public["territory"].nunique() == given["territory"].nunique()


def test_texts_names_and_each_one_s_consent_are_taken_out():
    gone = ["terr_nom", "terr_code", "terr_membres", "precisions", "besoins/autre/texte", "diffusion"]
    assert PUBLIC.values[gone].isna().all(axis=None)
    assert (PUBLIC.states[gone] == NOT_ASKED).all(axis=None)
    assert PUBLIC.respondents["declared"].isna().all()


@pytest.mark.parametrize("question", FACTS, ids=lambda question: question.id)
def test_what_is_published_by_name_is_what_was_given(question):
    columns = [key for key in question.columns if key != question.other_column]
    renumbered = dict(zip(GIVEN.respondents["territory"], PUBLIC.respondents["territory"], strict=True))
    for column in columns:
        pd.testing.assert_series_equal(status(PUBLIC, column), status(GIVEN, column).rename(index=renumbered))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_counts_over_the_region_are_those_given_but_for_territories_with_unlike_numbers_of_respondents(question):
    given, public = read_answers(GIVEN, question), read_answers(PUBLIC, question)
    # Opinions go from one respondent to another: exactly the same ones are there.
    most = 0 if question.unit == "respondents" else 6
    assert np.abs(given.hits.sum(axis=0) - public.hits.sum(axis=0)).max() <= most


def test_role_and_opinions_go_together():
    for option in ("freins/financements", "besoins/ingenierie"):
        tables = [
            pd.crosstab(edition.respondents["role"], edition.values[option].fillna("0")) for edition in (GIVEN, PUBLIC)
        ]
        pd.testing.assert_frame_equal(*tables)
    assert (PUBLIC.values["repondant"].fillna("") == PUBLIC.respondents["role"].fillna("")).all()


def test_opinions_follow_the_leading_fact():
    """What goes with a strategy still does: the share of strong sponsorship by answer moves by a few points."""
    shares = [
        (edition.values["portage"] == "fort").groupby(edition.values["strategie"]).mean() for edition in (GIVEN, PUBLIC)
    ]
    assert (shares[0] - shares[1]).abs().max() < 0.12


def test_the_same_answers_give_the_same_public_edition_and_others_another():
    again = exchanged(GIVEN)
    pd.testing.assert_frame_equal(again.values, PUBLIC.values)
    values = GIVEN.values.copy()
    values.iloc[0, values.columns.get_loc("precisions")] = "un seul mot change"
    other = exchanged(replace(GIVEN, values=values))
    assert not other.values["strategie"].equals(PUBLIC.values["strategie"])


def test_what_was_odd_is_counted_in_public_but_not_where_nor_what_was_typed():
    odd = pd.DataFrame({"row": [7], "column": ["Rôle"], "value": ["Maire"], "problem": ["Inconnue."], "rows": [1]})
    public = exchanged(replace(GIVEN, issues=odd)).issues
    assert public.to_dict("records") == [{"row": 0, "column": "Rôle", "value": "", "problem": "Inconnue.", "rows": 1}]


def test_the_given_edition_is_not_modified():
    edition = world.edition()
    before = edition.values.copy(), edition.states.copy(), edition.respondents.copy()
    exchanged(edition)
    for frame, kept in zip((edition.values, edition.states, edition.respondents), before, strict=True):
        pd.testing.assert_frame_equal(frame, kept)


def test_facts_of_a_territory_that_refused_go_together_to_another_that_refused():
    source, _ = draw(GIVEN, Protection(), Random(1))
    territory = GIVEN.respondents["territory"].to_numpy(dtype=object)
    for code in pd.unique(territory[~NAMED & ~pd.isna(territory)]):
        origins = source[territory == code]
        assert len({territory[place] if not pd.isna(territory[place]) else place for place in origins}) == 1
    np.testing.assert_array_equal(NAMED[source], NAMED)


def test_opinions_of_colleagues_are_parted():
    """Who recognises their own opinions must not read those of a colleague beside them."""
    _, source = draw(GIVEN, Protection(), Random(2))
    territory = GIVEN.respondents["territory"].to_numpy(dtype=object)
    several = GIVEN.respondents["territory"].value_counts()
    together = [code for code in several.index[several > 1] if len(set(territory[source[territory == code]])) == 1]
    assert len(together) <= 3


def test_facts_of_a_territory_that_agreed_stay_in_it():
    source_facts, _ = draw(GIVEN, Protection(), Random(3))
    territory = GIVEN.respondents["territory"].to_numpy(dtype=object)
    np.testing.assert_array_equal(territory[source_facts[NAMED]], territory[NAMED])


def test_any_place_may_hold_the_answer_of_any_other():
    """Otherwise an attacker who read every public place could be certain of an answer that its neighbours share."""
    keys = [(family, place) for family, size in ((0, 9), (1, 6)) for place in range(size)]
    held = np.zeros((15, 15), dtype=int)
    places = np.arange(15)
    random = Random(4)
    for _ in range(6000):
        held[places, _permutation(keys, keys, 1, Protection(block=3, within_region=0.2), random)] += 1
    assert held.min() > 0
    # Its own answer is one of many that a place may hold.
    assert np.diag(held).max() / 6000 < 0.4


def test_exchanges_are_mostly_between_neighbours():
    keys = [(0, place) for place in range(60)]
    random = Random(5)
    moves = [np.abs(_permutation(keys, keys, 1, Protection(), random) - np.arange(60)) for _ in range(300)]
    assert np.median(moves) <= 6
    assert np.mean(np.array(moves) == 0) < 0.2


def test_few_keep_their_own_answers():
    facts, opinions = draw(GIVEN, Protection(), Random(6))
    places = np.arange(len(facts))
    assert np.mean((facts == places)[~NAMED]) < 0.2
    assert np.mean(opinions == places) < 0.2


def test_where_too_few_could_exchange_their_answers_are_taken_out():
    """In the small world, three territories refused: their facts go. Twelve respondents exchange their opinions."""
    edition = world.edition()
    refusing = edition.respondents["territory"].isin(["17001", world.FIRST]) | edition.respondents["territory"].isna()
    public = exchanged(edition)
    assert (public.states.loc[refusing, ["strategie", "themes/inclusion"]] == NOT_ASKED).all(axis=None)
    assert public.values.loc[~refusing, "strategie"].notna().sum() == edition.values.loc[~refusing, "strategie"].count()
    assert public.values["portage"].count() == edition.values["portage"].count()
    alone = exchanged(edition, Protection(fewest=13))
    assert (alone.states[["portage", "besoins/ingenierie", "repondant"]] == NOT_ASKED).all(axis=None)
    assert alone.respondents["role"].isna().all()


@pytest.mark.parametrize("size", [0, 1, 2])
def test_too_few_territories_to_exchange_are_left_as_they_are_or_swapped(size):
    keys = [(0, place) for place in range(size)]
    found = _permutation(keys, keys, 1, Protection(), Random(6))
    assert sorted(found) == list(range(size))


@pytest.mark.parametrize(
    "fault", [{"threshold": 1}, {"block": 2}, {"fewest": 5}, {"within_type": 0}, {"within_region": 2}]
)
def test_a_protection_that_protects_nothing_is_refused(fault):
    with pytest.raises(ValueError, match=r"protection\.toml"):
        Protection(**fault)
