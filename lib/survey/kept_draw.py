"""The draw of an exchange, kept from one revision of an edition to the next.

Two draws of the same answers would say more together than either: who is still there goes on showing the same
answers, and those of somebody who left are shown by nobody. What is exchanged belongs to `exchange`.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Hashable
from random import Random

import numpy as np
import pandas as pd

from lib.survey.edition import Edition
from lib.survey.exchange import Places, bundles_of, draw, leading_fact, shuffled, similarity, territories
from lib.survey.protection import Protection, load_protection

COLUMNS = ("facts_from", "opinions_from", "unit", "named")
ALONE = "~"
"""Begins the unit of a respondent whose territory is not recognised."""

Key = tuple[Hashable, ...]


def draw_frame(
    edition: Edition,
    protection: Protection | None = None,
    kept: pd.DataFrame | None = None,
    random: Random | None = None,
) -> pd.DataFrame:
    """Return whose answers each respondent of an edition is given by `lib.survey.exchange.exchanged`.

    Parameters
    ----------
    edition
        The answers as given.
    protection
        Strength; that of data/protection.toml by default.
    kept
        The draw of an earlier revision, as returned here:

        - who is still there keeps the origin that it had, if that one is still there too;
        - who held the answers of a respondent who left now holds those that the latter held;
        - a newcomer shows what somebody similar showed, who shows the newcomer's answers;
        - facts of a territory that refuses publication by name go together, and move as one. A territory where
          everybody agreed, or no longer does, leaves their circle, or enters it as a newcomer.
    random
        Source of chance, one that nobody can foresee by default.

    Returns
    -------
    DataFrame
        Index respondent; `facts_from` and `opinions_from`, respondents of the edition; `unit`, territory, or
        respondent where it is not recognised; `named`, whether its facts are published by name.
    """
    protection, random = protection or load_protection(), random or Random(secrets.randbits(256))
    index = edition.respondents.index
    codes, named = territories(edition.respondents)
    units = edition.respondents["territory"].fillna(ALONE + index.to_series()).astype("str")
    if kept is None or not index.isin(kept.index).any():
        facts, opinions = (index[places] for places in draw(edition, protection, random))
    else:
        facts = _facts(edition, codes, named, units, kept, protection, random)
        opinions = _opinions(edition, facts, kept, protection, random)
    frame = pd.DataFrame(dict(zip(COLUMNS, (facts, opinions, units.to_numpy(), named), strict=True)), index=index)
    return frame.astype({"facts_from": "str", "opinions_from": "str", "unit": "str"})


def _facts(
    edition: Edition,
    codes: Places,
    named: np.ndarray,
    units: pd.Series,
    kept: pd.DataFrame,
    protection: Protection,
    random: Random,
) -> pd.Index:
    """Return the origins of facts: inside each territory that is named, by whole territories elsewhere."""
    index = edition.respondents.index
    members = {str(units.iloc[bundle[0]]): bundle for bundle in bundles_of(codes, ~named)}
    firsts = np.array([bundle[0] for bundle in members.values()], dtype=np.intp)
    similar = similarity(edition.respondents, firsts)
    keys: dict[str, Key] = {
        unit: (family, len(members[unit]), *rest) for unit, (family, *rest) in zip(members, similar, strict=True)
    }
    refused = kept[~kept["named"]]
    # Where its members were given those of a smaller unit, all say the same unit.
    came = dict(zip(refused["unit"], refused["facts_from"].map(kept["unit"]), strict=True))
    origins = _carried(came, keys, keys, protection, random)

    facts = np.arange(len(index))
    before = index.get_indexer(pd.Index(kept["facts_from"].reindex(index)))
    for unit, bundle in members.items():
        facts[bundle] = _shared(before[bundle], members[origins[unit]], random)
    for bundle in bundles_of(codes, named):
        facts[bundle] = _shared(before[bundle], bundle, random)
    return index[facts]


def _shared(before: Places, origins: Places, random: Random) -> Places:
    """Return an origin for each place of a territory: the one before where it may be, each as often as another."""
    most, once_more = divmod(len(before), len(origins))
    left = Counter(dict.fromkeys(origins.tolist(), most))
    extra = set(origins.tolist()) if once_more else set()
    found = np.full(len(before), -1, dtype=np.intp)
    for place, origin in enumerate(before.tolist()):
        if left[origin] > 0:
            left[origin] -= 1
        elif origin in extra and once_more:
            extra.discard(origin)
            once_more -= 1
        else:
            continue
        found[place] = origin
    unused = np.array([*left.elements(), *shuffled(np.array(sorted(extra), dtype=np.intp), random)[:once_more]])
    free = np.flatnonzero(found < 0)
    found[free] = shuffled(unused.astype(np.intp), random)
    return found


def _opinions(
    edition: Edition, facts: pd.Index, kept: pd.DataFrame, protection: Protection, random: Random
) -> pd.Index:
    """Return the origins of opinions: those of a newcomer go where the fact that they go with stands."""
    index = edition.respondents.index
    answers = pd.Series(leading_fact(edition), index=index)
    similar = similarity(edition.respondents, np.arange(len(index)))
    given, shown = (
        {
            respondent: (family, said, *rest)
            for respondent, (family, *rest), said in zip(index, similar, told, strict=True)
        }
        for told in (answers, answers.reindex(facts))
    )
    came = dict(zip(kept.index, kept["opinions_from"], strict=True))
    origins = _carried(came, given, shown, protection, random)
    return pd.Index([origins[respondent] for respondent in index], dtype="str")


def _carried(
    came: dict[str, str], given: dict[str, Key], shown: dict[str, Key], protection: Protection, random: Random
) -> dict[str, str]:
    """Return a permutation of those present, made of an earlier one: the circles of those who left close without them.

    Parameters
    ----------
    came : the earlier origin of each.
    given, shown : keys of those present, as newcomers and as those whom they may join. A newcomer joins the circle of
        one drawn among those whose key begins as its own, as far as a block of them does.
    """
    origins: dict[str, str] = {}
    for one in given:
        if one in came:
            origin = came[one]
            # It ends on one who is here: its own circle holds itself.
            while origin not in given:
                origin = came[origin]
            origins[one] = origin
    alike: dict[Key, list[str]] = {}
    for one in origins:
        _join(alike, one, shown[one])
    for one in [one for one in given if one not in came]:
        key, nearest = given[one], alike.get((), [one])
        for depth in range(1, len(key) + 1):
            nearer = alike.get(key[:depth], [])
            if len(nearer) < protection.block:
                break
            nearest = nearer
        other = nearest[int(random.random() * len(nearest))]
        origins[one] = origins.get(other, one)
        origins[other] = one
        _join(alike, one, shown[one])
    return origins


def _join(alike: dict[Key, list[str]], one: str, key: Key) -> None:
    """Add one to all the groups that its key begins as."""
    for depth in range(len(key) + 1):
        alike.setdefault(key[:depth], []).append(one)
