"""No portrait says what a territory did not agree to publish: not by its name, nor by difference with its peers.

A portrait is made of facts by name and of figures of peers; the first are read here one by one, the second subtracted.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from lib.analysis.advice import OWN, advice
from lib.analysis.engagement import level_stages, points, stage_shares, stages
from lib.analysis.facts import UNPUBLISHED, facts
from lib.analysis.levels import LEVELS
from lib.analysis.portrait import agreement, around, declared, position
from lib.analysis.selection import EVERYBODY
from lib.analysis.shares import shares
from lib.analysis.support import supporters
from lib.analysis.territories import describe, peer_groups, structures
from lib.survey.consent import publishable
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged
from lib.territory.reference import load_reference

GIVEN = load_edition()
PUBLIC = exchanged(GIVEN)
AGREED = publishable(PUBLIC.respondents)
REFUSED = [
    code
    for code in AGREED.index[~AGREED]
    if code in load_reference(PUBLIC.millesime).index or code in structures(PUBLIC)
]
FIGURES = {
    "strategie": lambda edition, peers: shares(edition, "strategie", peers),
    "instance": lambda edition, peers: shares(edition, "instance", peers),
    "themes/inclusion": lambda edition, peers: shares(edition, "themes", peers, row="inclusion"),
    "themes/cybersecurite": lambda edition, peers: shares(edition, "themes", peers, row="cybersecurite"),
    "stage": stage_shares,
}
"""What peers say on a portrait, by fact."""
FEW = 15
"""Territories that refuse in the editions of `where_few_refuse`: then groups where one alone refused are many."""


def fact(edition, name):
    """Return a fact of each territory of an edition, its stage among them."""
    return points(edition)["stage"] if name == "stage" else facts(edition, name)


@cache
def where_few_refuse(seed):
    """Return the edition, given and public, as if all but a few territories had agreed."""
    people = GIVEN.respondents
    official = people.loc[people["type"].isin(("commune", "epci")), "territory"].dropna().unique()
    refusing = np.random.default_rng(seed).choice(official, size=FEW, replace=False)
    given = replace(GIVEN, respondents=people.assign(publishable=~people["territory"].isin(refusing)))
    return given, exchanged(given), sorted(refusing)


@pytest.mark.shipped_region
def test_some_territories_refused():
    assert len(REFUSED) > 100


@pytest.mark.parametrize("code", REFUSED)
def test_the_portrait_of_a_territory_that_refused_says_nothing_by_its_name(code):
    territory = describe(PUBLIC, code)
    assert territory.standing == "non-publiee"
    assert declared(PUBLIC, territory).empty
    assert stages(PUBLIC)[code] == UNPUBLISHED
    for _, peers in peer_groups(PUBLIC, territory).values():
        assert position(PUBLIC, territory, peers).empty
    assert agreement(PUBLIC, territory, around(PUBLIC, territory)).get("own", pd.Series()).isna().all()
    assert [said for said in advice(PUBLIC, territory) if said.source == OWN] == []
    found = supporters(PUBLIC, territory)
    assert not {need for needed in found["needed"] for need in needed}
    assert AGREED.reindex(found.index).all()


def test_no_map_of_stages_names_a_territory_that_refused():
    for level in LEVELS:
        shown = level_stages(PUBLIC, EVERYBODY, level)
        assert set(shown.loc[~AGREED.reindex(shown.index).to_numpy(bool), "status"]) <= {UNPUBLISHED}


def recovered(name, seed):
    """Return how often the answer of the only one who refused in a group of peers is found, guessed, and looked for."""
    given, public, refusing = where_few_refuse(seed)
    seen, true = fact(public, name), fact(given, name)
    people = public.respondents.dropna(subset=["territory"])
    kinds = people.drop_duplicates("territory").set_index("territory")["type"]
    found = guessed = wanted = 0
    for code in refusing:
        for _, peers in peer_groups(public, describe(public, code)).values():
            group = pd.Index(people.loc[peers.mask(people), "territory"].unique())
            if group.isin(refusing).sum() != 1:
                continue
            rows = FIGURES[name](public, peers)
            named = seen[group.drop(code)].value_counts()
            left = {option: row["count"] - named.get(option, 0) for option, row in rows.iterrows() if not row["hidden"]}
            told = [option for option, count in left.items() if count == 1]
            assert told in ([], [seen[code]]), "the difference is the place in the public edition, nothing else"
            if told and true[code] == true[code]:
                likely = seen[kinds.index[kinds == kinds[code]]].mode().iloc[0]
                wanted += 1
                found += told[0] == true[code]
                guessed += likely == true[code]
    return np.array([found, guessed, wanted])


@pytest.mark.shipped_region
@pytest.mark.parametrize("name", FIGURES)
def test_peers_minus_those_who_are_named_give_a_place_and_not_the_answer_of_the_one_who_refused(name):
    """Where one alone refused, his place can be computed: what stands there is mostly the answer of another.

    The attacker knows who answered. He is compared with somebody who says the most frequent public answer of the type.
    """
    found, guessed, wanted = sum(recovered(name, seed) for seed in range(12))
    assert wanted > 40
    # Two standard errors of a difference of two shares: more would be a leak.
    assert found <= guessed + 2 * np.sqrt(wanted / 2), (found, guessed, wanted)
    assert found < 0.75 * wanted, (found, guessed, wanted)
