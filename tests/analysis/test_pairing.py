"""The proposed pairs: nobody is asked too often, as many as possible are served, and nothing cheaper can be found."""

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from lib.analysis import engagement, support
from lib.analysis.pairing import ALL_ASKED, NOBODY_NEAR, NOWHERE, UNSERVED, assigned, pairings
from lib.survey.consent import publishable
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged
from lib.survey.support import load_support
from tests.analysis import support_world as world

SETTINGS = load_support()
NEVER = np.inf


@st.composite
def worlds(draw):
    """Return costs of up to five territories with up to three supporters, a capacity, and what balances."""
    territories, supporters = draw(st.integers(0, 5)), draw(st.integers(0, 3))
    cost = st.one_of(st.just(NEVER), st.integers(-80, 170).map(float))
    costs = [[draw(cost) for _ in range(supporters)] for _ in range(territories)]
    return (
        np.array(costs, dtype=float).reshape(territories, supporters),
        draw(st.integers(1, 3)),
        draw(st.sampled_from((0.0, 5.0, 40.0))),
    )


def worth(costs, chosen, request):
    """Return how many are served, and the total cost of it."""
    served = [place for place, supporter in enumerate(chosen) if supporter != UNSERVED]
    loads = np.bincount([chosen[place] for place in served], minlength=costs.shape[1])
    requests = sum(request * sum(range(load)) for load in loads)
    return len(served), sum(costs[place, chosen[place]] for place in served) + requests


def every_way(costs, capacity):
    """Return every assignment that forbids no pair and asks nobody too often."""
    supporters = range(costs.shape[1])
    for chosen in product((UNSERVED, *supporters), repeat=len(costs)):
        real = [supporter for supporter in chosen if supporter != UNSERVED]
        if all(real.count(supporter) <= capacity for supporter in supporters) and all(
            supporter == UNSERVED or np.isfinite(costs[place, supporter]) for place, supporter in enumerate(chosen)
        ):
            yield chosen


@given(worlds())
@settings(max_examples=150, deadline=None)
def test_it_is_the_best_of_every_way(world):
    costs, capacity, request = world
    found = assigned(costs, capacity, request).tolist()
    ways = list(every_way(costs, capacity))
    # Among the ways that respect the capacity and the pairs that are forbidden.
    assert tuple(found) in ways
    best = min((-served, cost) for served, cost in (worth(costs, chosen, request) for chosen in ways))
    served, cost = worth(costs, found, request)
    assert (-served, cost) == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_capacity_is_respected_in_large_worlds(seed):
    random = np.random.default_rng(seed)
    costs = random.uniform(-60, 170, (200, 30))
    costs[random.random(costs.shape) < 0.8] = NEVER
    found = assigned(costs, 4, 5.0)
    served = found != UNSERVED
    assert np.bincount(found[served], minlength=30).max() <= 4
    assert np.isfinite(costs[served, found[served]]).all()
    # Nobody who could be served by somebody free is left.
    free = np.bincount(found[served], minlength=30) < 4
    assert not np.isfinite(costs[~served][:, free]).any()


def test_requests_are_spread():
    # Two territories, two supporters: the first is nearer to both by 3 km, a second request costs 5.
    costs = np.array([[10.0, 13.0], [10.0, 13.0]])
    assert sorted(assigned(costs, 2, 5.0).tolist()) == [0, 1]
    assert assigned(costs, 2, 0.0).tolist() == [0, 0]
    # Where the other is further than what a request costs, it is left in peace.
    assert assigned(np.array([[10.0, 16.0], [10.0, 16.0]]), 2, 5.0).tolist() == [0, 0]


def test_as_many_as_possible_are_served_whatever_it_costs():
    # The first supporter is at hand of both territories, the second far from the one and of no use to the other.
    costs = np.array([[1.0, 150.0], [1.0, NEVER]])
    assert assigned(costs, 1).tolist() == [1, 0]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_without_territories_or_supporters_nobody_is_served(shape):
    assert assigned(np.empty(shape), 4, 5.0).tolist() == [UNSERVED] * shape[0]
    assert assigned(np.full((2, 2), NEVER), 4, 5.0).tolist() == [UNSERVED] * 2


# The small world: Guéret and Ussel are to be helped, with a syndicat that lies nowhere.


@pytest.mark.shipped_region
def test_the_pairs_of_the_small_world():
    found = pairings(world.edition())
    pairs = found.pairs.set_index("territory")
    # La Souterraine, nearer to both, did not agree to be named. Ussel is two size classes from Limoges.
    assert pairs["supporter"].to_dict() == {world.GUERET: world.LIMOGES, world.USSEL: world.TULLE}
    assert pairs["supporter_nom"].tolist() == ["Limoges", "Tulle"]
    assert pairs["stage"].tolist() == ["a-amorcer", "a-amorcer"]
    assert pairs["published"].tolist() == [True, False]
    # The answers of Ussel are known to the team, its needs with them.
    assert pairs.at[world.USSEL, "needed"] == ("inclusion",)
    assert pairs.at[world.USSEL, "ahead"] == ("inclusion",)
    assert "education" not in pairs.at[world.GUERET, "needed"]
    assert found.unserved[["territory", "reason"]].to_numpy().tolist() == [[world.SYNDICAT, NOWHERE]]
    assert found.loads.to_dict() == {
        world.LIMOGES: 1, world.TULLE: 1, world.BAYONNE: 0, world.GRAND_GUERET: 0, world.HAUTE_VIENNE: 0,
    }  # fmt: skip
    assert found.undetermined == 0
    # 60 km, a size class, 8 themes; 45 km, a size class, a theme: nothing more, each is asked once.
    expected = sum(
        pair.km + SETTINGS.cost.size_step * (not pair.same_size) - SETTINGS.cost.theme * len(pair.needed)
        for pair in found.pairs.itertuples()
    )
    assert found.cost == pytest.approx(expected)


@pytest.mark.shipped_region
def test_who_is_left_is_told_why():
    one = pairings(world.edition(), replace(SETTINGS, capacity=1, size_steps=2, farthest_km=70))
    # Within 70 km Limoges is the only one for Guéret, Tulle for Ussel.
    assert one.pairs["supporter"].tolist() == [world.LIMOGES, world.TULLE]
    near = pairings(world.edition(), replace(SETTINGS, farthest_km=20))
    assert near.pairs.empty
    assert dict(zip(near.unserved["territory"], near.unserved["reason"], strict=True)) == {
        world.GUERET: NOBODY_NEAR, world.USSEL: NOBODY_NEAR, world.SYNDICAT: NOWHERE,
    }  # fmt: skip
    # Guéret, Ussel and every supporter but Tulle taken away from it: one place for two.
    edition = world.edition()
    kept = edition.respondents["territory"].isin((world.GUERET, world.USSEL, world.TULLE))
    few = replace(
        edition, respondents=edition.respondents[kept], values=edition.values[kept], states=edition.states[kept]
    )
    full = pairings(few, replace(SETTINGS, capacity=1))
    assert full.pairs["territory"].tolist() == [world.USSEL]
    assert full.unserved[["territory", "reason"]].to_numpy().tolist() == [[world.GUERET, ALL_ASKED]]


def test_exchanged_answers_are_refused():
    with pytest.raises(ValueError, match="as given"):
        pairings(exchanged(world.edition()))


def test_an_edition_without_answers_has_no_pairs():
    edition = world.edition()
    nobody = pairings(
        replace(edition, respondents=edition.respondents[:0], values=edition.values[:0], states=edition.states[:0])
    )
    assert nobody.pairs.empty
    assert nobody.unserved.empty
    assert nobody.loads.empty
    assert nobody.cost == 0
    assert nobody.pairs.columns.tolist() == pairings(edition).pairs.columns.tolist()


# The shipped edition.


@cache
def shipped():
    return load_edition()


def least(costs, capacity, request):
    """Return how many can be served, and the least cost of serving so many, by mixed integer programming.

    Two programs, one after the other, in a model without copies of supporters: a variable for each allowed pair,
    and for each supporter one for each request more, which costs what it costs.
    """
    rows, supporters = np.nonzero(np.isfinite(costs))
    pairs, columns = len(rows), costs.shape[1]
    # A request more of a supporter: one variable for the first, one for the second…
    size = pairs + columns * capacity
    extra = np.arange(columns * capacity)
    once = coo_array((np.ones(pairs), (rows, np.arange(pairs))), shape=(len(costs), size))
    balance = coo_array(
        (
            np.concatenate([np.ones(pairs), -np.ones(len(extra))]),
            (np.concatenate([supporters, extra // capacity]), np.concatenate([np.arange(pairs), pairs + extra])),
        ),
        shape=(columns, size),
    )
    limits = [LinearConstraint(once, 0, 1), LinearConstraint(balance, 0, 0)]
    served = np.concatenate([np.ones(pairs), np.zeros(len(extra))])
    options = {"mip_rel_gap": 0}
    most = milp(-served, constraints=limits, integrality=np.ones(size), bounds=Bounds(0, 1), options=options)
    weights = np.concatenate([costs[rows, supporters], request * (extra % capacity)])
    limits.append(LinearConstraint(served[None, :], round(-most.fun), np.inf))
    best = milp(weights, constraints=limits, integrality=np.ones(size), bounds=Bounds(0, 1), options=options)
    assert most.success
    assert best.success
    return round(-most.fun), best.fun


def candidates(edition, found):
    """Return the costs that the pairs were chosen from, by their rows."""
    crowd = support.surveyed(edition, SETTINGS)
    helped = crowd.rows.index.isin([*found.pairs["territory"], *found.unserved["territory"]])
    helping = crowd.rows.index.isin(found.moteurs.index)
    return support.fit(crowd.take(helped), crowd.take(helping), SETTINGS).cost


def test_the_pairs_of_the_shipped_edition_are_optimal():
    """As another solver finds with another model: as many pairs, and a total cost within a millionth of kilometre."""
    found = pairings(shipped())
    served, cost = least(candidates(shipped(), found), SETTINGS.capacity, SETTINGS.cost.request)
    assert len(found.pairs) == served
    assert found.cost == pytest.approx(cost, abs=1e-6)


def test_the_pairs_of_the_shipped_edition_keep_to_the_rules():
    found, edition = pairings(shipped()), shipped()
    agreed = publishable(edition.respondents)
    stages = engagement.points(edition)["stage"]
    assert len(found.pairs) > 50
    assert found.loads.max() <= SETTINGS.capacity
    assert found.loads.sum() == len(found.pairs)
    assert agreed[found.moteurs.index].all()
    assert not set(found.pairs["territory"]) & set(found.moteurs.index)
    assert stages[found.pairs["territory"]].isin(SETTINGS.helped).all()
    assert found.pairs["km"].max() <= SETTINGS.farthest_km
    assert found.pairs["territory"].is_unique
    helped = set(stages.index[stages.isin(SETTINGS.helped)])
    assert helped == set(found.pairs["territory"]) | set(found.unserved["territory"])
    assert found.undetermined == (stages == engagement.UNKNOWN).sum()
    # Supporters are of the same type, and of a size class that is the same or the next.
    assert (found.moteurs.loc[found.pairs["supporter"], "type"].to_numpy() == found.pairs["type"]).all()
    # Who is left while somebody near is comparable is left because all of those are asked in full.
    full = found.loads[found.loads == SETTINGS.capacity].index
    costs = candidates(edition, found)
    crowd = support.surveyed(edition, SETTINGS).rows.index
    order = {code: place for place, code in enumerate(code for code in crowd if code in helped)}
    columns = pd.Index([code for code in crowd if code in set(found.moteurs.index)])
    for left in found.unserved.itertuples():
        near = columns[np.isfinite(costs[order[left.territory]])]
        assert len(near) == 0 if left.reason in (NOBODY_NEAR, NOWHERE) else set(near) <= set(full)


def test_the_order_of_the_answers_changes_nothing():
    edition = shipped()
    turned = replace(
        edition, respondents=edition.respondents[::-1], values=edition.values[::-1], states=edition.states[::-1]
    )
    columns = ["territory", "supporter", "km"]
    before, after = (pairings(one).pairs[columns].sort_values("territory") for one in (edition, turned))
    pd.testing.assert_frame_equal(before.reset_index(drop=True), after.reset_index(drop=True))


def test_no_opinion_makes_a_supporter():
    """Whoever is proposed a supporter learns its stage: political sponsorship, an opinion, must not show in it."""
    edition = shipped()
    values = edition.values.copy()
    values["portage"] = values["portage"].where(values["portage"].isna(), "inexistant")
    weak = pairings(replace(edition, values=values)).moteurs.index
    values["portage"] = values["portage"].where(values["portage"].isna(), "fort")
    assert weak.equals(pairings(replace(edition, values=values)).moteurs.index)
    # They are those whose portrait says that they are.
    named = engagement.stages(exchanged(edition))
    assert set(weak) == set(named.index[named.isin(SETTINGS.helping)])
