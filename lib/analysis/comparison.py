"""Two to four territories or groups side by side: who they are, and what may be said of each of them, topic by topic.

A territory shows its facts, where everybody agreed to be named, and no opinion; a group shows shares. Words and
pictures belong to `lib.display.comparison`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from lib.analysis.comparison_topics import Topic, figures, status_of, topics
from lib.analysis.evolution import difference_of
from lib.analysis.facts import UNANSWERED
from lib.analysis.selection import PLURALS, Selection, choices
from lib.analysis.tabulation import RESPONDENTS
from lib.analysis.territories import Territory, describe, peer_groups
from lib.survey.edition import Edition
from lib.survey.once import lately, once_per_edition
from lib.territory.reference import load_region

TERRITORY, GROUP = "territory", "group"
MOST = 4
"""Items side by side; more cannot be read on one screen."""
TOP = 3
"""Answers of a multiple question that each group brings into the comparison: its most cited."""

PREFIX, EVERYWHERE = "groupe", "region"

OPINION, TOO_FEW = "opinion", "trop-peu"
"""Why a line shows nothing: the opinions of a named territory, a group of too few respondents."""

_MEASURES = ("count", "base", "share", "low", "high", "hidden")
_COLUMNS = ("section", "topic", "label", "told", "unit", "item", "status", "answer", "answer_label", *_MEASURES)


@dataclass(frozen=True)
class Compared:
    """One side of a comparison.

    Attributes
    ----------
    code : as in addresses: that of a territory, or `groupe:` and a type, a size class, a département, both of them.
    name : French name; that of a pays or syndicat was typed by a respondent.
    kind : `territory` or `group`.
    respondents, territories : how many answered; 0 or 1 for the territories of a territory.
    standing : that of a territory (`lib.analysis.territories`); empty for a group.
    enough : whether a group has respondents enough to show anything; True for a territory.
    territory, selection : the one that it is.
    """

    code: str
    name: str
    kind: str
    respondents: int
    territories: int
    standing: str = ""
    enough: bool = True
    territory: Territory | None = None
    selection: Selection | None = None


@once_per_edition
def groups(edition: Edition) -> dict[str, Compared]:
    """Return every group that may be compared, by code: the whole, types, size classes, départements, types in each."""
    types, places = choices(edition, "type"), choices(edition, "departement")
    plurals = {code: PLURALS.get(code, name) for code, name in types.items()}
    region = load_region()
    listed = {EVERYWHERE: (f"Tous les territoires\u202f: {region.nom}", Selection())}
    listed |= {code: (f"{name}\u202f: {region.nom}", Selection(types=(code,))) for code, name in plurals.items()}
    sizes = choices(edition, "taille")
    listed |= {
        size.code: (sizes[size.code], Selection(types=(size.type,), tailles=(size.code,)))
        for size in region.size_classes
    }
    listed |= {
        code: (f"Tous les territoires\u202f: {name}", Selection(departements=(code,))) for code, name in places.items()
    }
    # A département alone in itself is no group.
    listed |= {
        f"{kind}:{code}": (f"{name}\u202f: {place}", Selection(types=(kind,), departements=(code,)))
        for kind, name in plurals.items()
        if kind != "departement"
        for code, place in places.items()
    }
    return {
        f"{PREFIX}:{code}": _group(edition, f"{PREFIX}:{code}", name, chosen) for code, (name, chosen) in listed.items()
    }


def group_code(selection: Selection) -> str:
    """Return the code of the group that a selection by type, size class or département is.

    Raises
    ------
    ValueError
        If it is no group of `groups`: it filters on roles, or on several codes of a dimension.
    """
    kinds, sizes, places = selection.types, selection.tailles, selection.departements
    if selection.roles or max(len(kinds), len(sizes), len(places)) > 1 or (sizes and places):
        raise ValueError(f"{selection} is no group to compare")
    return ":".join([PREFIX, *(sizes or (*kinds, *places) or (EVERYWHERE,))])


def known(edition: Edition, codes: Iterable[str]) -> tuple[Compared, ...]:
    """Return the territories and groups that an address asks for, in its order.

    Codes that are unknown, or of a structure that may not be named, are ignored, repeated ones count once, and no more
    than `MOST` are kept. Two territories of one name are told apart by their département.
    """
    found = (_compared(edition, code) for code in dict.fromkeys(codes))
    return _told_apart([item for item in found if item is not None][:MOST])


def side_by_side(edition: Edition, asked: Sequence[Compared]) -> tuple[Compared, ...]:
    """Return what is shown for what is asked: an example for nothing, its closest peers beside a territory alone.

    It stays alone where its type is none of the questionnaire: nobody there is a peer.
    """
    if not asked:
        return example(edition)
    if len(asked) > 1 or asked[0].territory is None:
        return tuple(asked)
    codes = [group_code(peers) for _, peers in peer_groups(edition, asked[0].territory).values()]
    closest = [groups(edition)[code] for code in codes if code in groups(edition)]
    # Peers of whom nothing may be shown are no help.
    first = next((group for group in closest if group.enough), closest[-1] if closest else None)
    return (asked[0],) if first is None else (asked[0], first)


def example(edition: Edition) -> tuple[Compared, ...]:
    """Return the groups that a visitor meets first: the two types of the questionnaire that come first and answered."""
    types = (groups(edition)[f"{PREFIX}:{code}"] for code in choices(edition, "type"))
    return tuple([group for group in types if group.enough][:2])


@lately
def compare(edition: Edition, items: Sequence[Compared]) -> pd.DataFrame:
    """Return what may be said of each item on each topic.

    Parameters
    ----------
    edition
        The public edition: counts under its threshold are hidden.
    items
        From `known` or `side_by_side`.

    Returns
    -------
    DataFrame
        One line per topic, item and answer, in the order of the topics then of the items: section, topic, label, told
        (tuple of the answers whose share is told together), unit; item (code); status; answer, answer_label (empty
        where only one share is told); count, base, share, low, high (fractions 0–1), hidden.
        A territory has one line, its figures NaN and its status that of `facts.status` or of the stage of engagement,
        or `opinion`. A group has one per answer, its status empty, or a single line `trop-peu` without figures.
        Opinions are there only if a group is compared; of a multiple question, the answers that one of the groups
        cites most, `TOP` each.
    """
    measured = [figures(edition, item.selection) for item in items if item.selection is not None and item.enough]
    rows = []
    for topic in _kept(topics(edition), measured, any(item.kind == GROUP for item in items)):
        for item in items:
            said = {"section": topic.section, "topic": topic.key, "label": topic.label, "told": topic.told,
                    "unit": topic.unit, "item": item.code, "status": "", "answer": "", "answer_label": "",
                    "hidden": False}  # fmt: skip
            if item.selection is not None and item.enough:
                rows += [said | line for line in _lines(edition, item.selection)[topic.key]]
            else:
                rows.append(said | {"status": _status(edition, topic, item)})
    return pd.DataFrame(rows, columns=list(_COLUMNS))


@lately
def differences(edition: Edition, items: Sequence[Compared]) -> pd.DataFrame | None:
    """Return by how much the second group differs from the first; None unless two groups without common members.

    Parameters
    ----------
    edition, items
        As in `compare`, whose lines are compared.

    Returns
    -------
    DataFrame
        Indexed by topic and answer: difference (share of the second − that of the first), low, high, fractions; base,
        the smaller of the two; hidden. NaN where a share is hidden or its base is 0.

    Notes
    -----
    Newcombe's hybrid interval, made of those of the two shares (`evolution.difference_of`), taken as independent.
    """
    if len(items) != 2 or not all(item.enough and item.selection is not None for item in items):
        return None
    if not _apart(edition, *items):
        return None
    rows = compare(edition, items)
    first, second = (rows[rows["item"] == item.code].set_index(["topic", "answer"]) for item in items)
    first = first.reindex(second.index)
    gap, low, high = difference_of(second, first)
    return pd.DataFrame(
        {
            "difference": gap, "low": low, "high": high,
            "base": pd.concat([first["base"], second["base"]], axis=1).min(axis=1),
            "hidden": first["hidden"].astype(bool) | second["hidden"].astype(bool),
        },
        index=second.index,
    )  # fmt: skip


@once_per_edition
def _lines(edition: Edition, selection: Selection) -> dict[str, list[dict[str, Any]]]:
    """Return the lines of `figures` by topic, as mappings."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in figures(edition, selection).reset_index().to_dict("records"):
        found.setdefault(line.pop("topic"), []).append({str(name): value for name, value in line.items()})
    return found


def _group(edition: Edition, code: str, name: str, selection: Selection) -> Compared:
    chosen = edition.respondents.loc[selection.mask(edition.respondents), "territory"]
    enough = len(chosen) >= max(edition.threshold, 1)
    return Compared(code, name, GROUP, len(chosen), chosen.nunique(), enough=enough, selection=selection)


def _compared(edition: Edition, code: str) -> Compared | None:
    if code in groups(edition):
        return groups(edition)[code]
    try:
        found = describe(edition, code)
    except KeyError:
        return None
    return Compared(
        code, found.nom, TERRITORY, found.respondents, int(found.respondents > 0), found.standing, territory=found
    )  # fmt: skip


def _told_apart(items: Sequence[Compared]) -> tuple[Compared, ...]:
    """Return the items with names unlike each other: the main département after them, else the code."""
    for where in (lambda territory: territory.departements[:1], lambda territory: (territory.code,)):
        often = Counter(item.name for item in items)
        items = [
            replace(item, name=f"{item.name} ({''.join(where(item.territory))})")
            if often[item.name] > 1 and item.territory and where(item.territory)
            else item
            for item in items
        ]
    return tuple(items)


def _kept(listed: Sequence[Topic], measured: Sequence[pd.DataFrame], any_group: bool) -> list[Topic]:
    """Return the topics to compare: no opinion without a group, the most cited answers of multiple questions."""
    cited: set[str] = set()
    questions = dict.fromkeys(topic.section for topic in listed if topic.ranked)
    for frame in measured:
        shares = frame.loc[frame.index.get_level_values("answer") == "", "share"].droplevel("answer")
        for question in questions:
            own = [topic.key for topic in listed if topic.section == question and topic.ranked]
            best = shares.reindex(own).dropna().sort_values(ascending=False, kind="stable")
            cited.update(best.index[best > 0][:TOP])
    return [
        topic
        for topic in listed
        if (topic.key in cited if topic.ranked else any_group or topic.unit != RESPONDENTS)
    ]  # fmt: skip


def _status(edition: Edition, topic: Topic, item: Compared) -> str:
    """Return the public status of a territory, or why a line shows nothing."""
    if item.territory is None:
        return TOO_FEW
    if topic.unit == RESPONDENTS:
        return OPINION
    return str(status_of(edition, topic).get(item.code, UNANSWERED))


def _apart(edition: Edition, first: Compared, second: Compared) -> bool:
    """Return whether two groups have no respondent and no territory in common."""
    assert first.selection is not None
    assert second.selection is not None
    people = edition.respondents
    one, other = (selection.mask(people) for selection in (first.selection, second.selection))
    shared = set(people.loc[one, "territory"].dropna()) & set(people.loc[other, "territory"].dropna())
    return not shared and not (one & other).any()
