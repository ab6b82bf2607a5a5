"""A draw goes on from one revision to the next: the same answers behind the same people, and nothing of who left."""

from dataclasses import replace
from random import Random

import numpy as np
import pandas as pd
import pytest

from lib.survey.edition import Edition
from lib.survey.exchange import draw, exchanged
from lib.survey.kept_draw import draw_frame
from lib.survey.protection import Protection
from tests import world
from tests.survey.store.world import edition

ORIGINS = ["facts_from", "opinions_from"]


def without(given: Edition, *gone: str) -> Edition:
    stay = ~given.respondents.index.isin(gone)
    return replace(given, respondents=given.respondents[stay], values=given.values[stay], states=given.states[stay])


def agreeing(given: Edition, *names: str) -> Edition:
    respondents = given.respondents.copy()
    respondents.loc[list(names), "publishable"] = True
    return replace(given, respondents=respondents)


def test_a_first_draw_is_the_one_of_the_exchange():
    given = edition(40)
    frame = draw_frame(given, random=Random(1))
    facts, opinions = draw(given, Protection(), Random(1))
    index = given.respondents.index
    assert list(frame["facts_from"]) == list(index[facts])
    assert list(frame["opinions_from"]) == list(index[opinions])
    assert list(frame["named"]) == [True, True, *[False] * 38]
    assert list(frame["unit"]) == [f"{16000 + rank}" for rank in range(1, 41)]


def test_a_draw_kept_for_the_same_people_is_the_same():
    given = edition(40)
    frame = draw_frame(given)
    pd.testing.assert_frame_equal(draw_frame(given, kept=frame), frame)


def test_an_exchange_takes_the_answers_that_the_draw_says():
    given = edition(40)
    frame = draw_frame(given)
    public = exchanged(given, kept=frame)
    assert list(public.values["niveau/fibre"]) == list(given.values.loc[frame["facts_from"], "niveau/fibre"])
    assert list(public.values["freins/temps"].fillna("0")) == list(
        given.values.loc[frame["opinions_from"], "freins/temps"].fillna("0")
    )
    with pytest.raises(ValueError, match="not that of these respondents"):
        exchanged(edition(41), kept=frame)
    with pytest.raises(ValueError, match="not that of these respondents"):
        exchanged(edition(39), kept=frame)


@pytest.mark.parametrize("seed", range(20))
def test_the_circle_of_who_left_closes_and_nobody_else_moves(seed: int):
    """One respondent to each territory: both draws are permutations, and the expected ones are written by hand."""
    given = edition(30)
    frame = draw_frame(given, random=Random(seed))
    gone = f"r{Random(seed).randrange(3, 31):02}"
    after = draw_frame(without(given, gone), kept=frame, random=Random(seed))
    for origin in ORIGINS:
        expected = frame[origin].where(frame[origin] != gone, frame.at[gone, origin]).drop(gone)
        assert list(after[origin]) == list(expected)
        assert sorted(after[origin]) == sorted(after.index)


@pytest.mark.parametrize("seed", range(10))
def test_many_leave_and_come_and_those_who_stay_keep_what_they_may(seed: int):
    given = edition(60)
    chance = Random(seed)
    first = draw_frame(without(given, *[f"r{rank:02}" for rank in range(51, 61)]), random=Random(seed))
    gone = [f"r{rank:02}" for rank in chance.sample(range(3, 51), 15)]
    second = draw_frame(without(given, *gone), kept=first, random=Random(seed))
    come = {f"r{rank:02}" for rank in range(51, 61)}
    for origin in ORIGINS:
        assert sorted(second[origin]) == sorted(second.index)
        kept = first[origin].reindex(second.index)
        moved = second[origin] != kept
        # Whose origin left moves; ten others at most make room for the newcomers.
        free = moved & kept.notna() & ~kept.isin(gone)
        assert free.sum() <= 10
        assert set(second.loc[free, origin]) <= come
        # None is alone in their own circle but who was so already.
        assert (second.index == second[origin])[second.index.isin(list(come))].sum() == 0


def test_a_newcomer_is_exchanged_among_those_alike():
    """Communes and départements in even numbers, one more commune: it joins a commune."""
    given = edition(40)
    kinds = given.respondents.copy()
    kinds.loc[kinds.index[20:39], "type"] = "departement"
    given = replace(given, respondents=kinds)
    for seed in range(20):
        kept = draw_frame(without(given, "r40"), random=Random(seed))
        after = draw_frame(given, kept=kept, random=Random(seed))
        for origin in ORIGINS:
            (holder,) = after.index[after[origin] == "r40"]
            assert given.respondents.at[holder, "type"] == "commune"


def test_facts_of_a_territory_that_refused_go_on_together():
    """Pairs of respondents in fifteen communes: one leaves, the other goes on showing facts of the same territory."""
    given = edition(30)
    territories = pd.Series(
        [f"{17000 + place // 2}" for place in range(30)], index=given.respondents.index, dtype="str"
    )
    refusing = given.respondents.assign(territory=territories, publishable=False)
    given = replace(given, respondents=refusing)
    for seed in range(10):
        kept = draw_frame(given, random=Random(seed))
        after = draw_frame(without(given, "r09"), kept=kept, random=Random(seed))
        origins = after["facts_from"].map(territories)
        assert (origins.groupby(after["unit"]).nunique() == 1).all()
        before = kept["facts_from"].map(territories).drop("r09")
        assert list(origins) == list(before)
        assert "r09" not in set(after["facts_from"])


def test_a_territory_that_agrees_shows_its_own_facts_and_one_that_no_longer_does_shows_others():
    given = edition(40)
    kept = draw_frame(given, random=Random(3))
    agreed = draw_frame(agreeing(given, "r10"), kept=kept, random=Random(3))
    assert agreed.at["r10", "facts_from"] == "r10"
    assert "r10" not in set(agreed["facts_from"].drop("r10"))
    back = draw_frame(given, kept=agreed, random=Random(3))
    assert back.at["r10", "facts_from"] != "r10"
    assert sorted(back["facts_from"]) == sorted(back.index)
    # Opinions have nothing to do with it.
    assert back["opinions_from"].equals(kept["opinions_from"])


def test_colleagues_of_a_territory_that_agreed_go_on_exchanging_among_themselves():
    given = world.edition()
    together = {"r01", "r02"}
    for seed in range(8):
        kept = draw_frame(given, random=Random(seed))
        after = draw_frame(without(given, "r05"), kept=kept, random=Random(seed))
        assert set(after["facts_from"].loc[list(together)]) == together
        alone = draw_frame(without(given, "r01"), kept=kept, random=Random(seed))
        assert alone.at["r02", "facts_from"] == "r02"


def test_a_respondent_whose_territory_is_recognised_at_last_joins_it():
    given = edition(30)
    unknown = given.respondents.copy()
    unknown.loc["r12", "territory"] = pd.NA
    before = draw_frame(replace(given, respondents=unknown), random=Random(5))
    assert before.at["r12", "unit"] == "~r12"
    after = draw_frame(given, kept=before, random=Random(5))
    assert after.at["r12", "unit"] == "16012"
    assert sorted(after["facts_from"]) == sorted(after.index)
    assert after.at["r12", "facts_from"] != "r12"


def test_when_nobody_is_left_of_the_first_revision_all_is_drawn_anew():
    kept = draw_frame(edition(20))
    others = edition(40, without=tuple(f"r{rank:02}" for rank in range(1, 21)))
    after = draw_frame(others, kept=kept, random=Random(2))
    pd.testing.assert_frame_equal(after, draw_frame(others, random=Random(2)))


@pytest.mark.parametrize("size", [0, 1, 2])
def test_very_small_editions_are_drawn_too(size: int):
    given = edition(size)
    kept = draw_frame(given)
    assert sorted(kept["opinions_from"]) == sorted(given.respondents.index)
    after = draw_frame(edition(size + 1), kept=kept)
    assert sorted(after["opinions_from"]) == sorted(edition(size + 1).respondents.index)
    assert np.isin(after["facts_from"], after.index).all()
