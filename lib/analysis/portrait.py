"""What a territory declares by name, where that stands among its peers, and whether those around it say the same.

Everything here is about facts of territories that agreed to be named; figures of groups are those of `shares`, who the
peers are is told by `territories`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.answers import Answers, numbered, read_answers
from lib.analysis.divergence import fact_questions
from lib.analysis.facts import DIVERGENT, DIVERGENT_LABEL, UNANSWERED, territory_answers
from lib.analysis.selection import Selection
from lib.analysis.shares import shares
from lib.analysis.territories import Territory, describe, structures
from lib.survey.edition import Edition
from lib.survey.once import once_per_edition
from lib.survey.questionnaire import Question
from lib.survey.states import NOT_ASKED
from lib.territory.naming import strict_key
from lib.territory.reference import load_reference

COLUMNS = ("question", "row", "topic", "status", "answer")
NOT_PUT = "non-posee"
"""Status of a row that the form hid from everybody of the territory."""
ONE_ANSWER, SEVERAL = ("single", "scale", "array"), ("multiple", "array_multiple")
"""Kinds of questions on facts: a ranking or a text tells none."""
SAID = {UNANSWERED: "Pas de réponse", NOT_PUT: "Question non posée", DIVERGENT: DIVERGENT_LABEL}


def declared(edition: Edition, territory: Territory) -> pd.DataFrame:
    """Return the facts that a territory declares, none unless every respondent agreed to be named.

    Returns
    -------
    DataFrame
        One row for each question on a fact, or each row of one, in the order of the questionnaire:

        - question, row (codes; row is empty for a question without rows), topic (French);
        - status: option code, `divergentes`, `sans-reponse`, or `non-posee` where the form hid it; where several
          options may be given, the codes that everybody gave, separated by spaces;
        - answer: the same in French.
    """
    # Nothing is kept of those that show nothing: they are most of the region.
    return _declared(edition, territory) if territory.published else pd.DataFrame(columns=list(COLUMNS))


@once_per_edition
def _declared(edition: Edition, territory: Territory) -> pd.DataFrame:
    place = int(numbered(edition)[1].get_loc(territory.code))  # type: ignore[arg-type]
    found = []
    for question in fact_questions(edition):
        if question.kind not in (*ONE_ANSWER, *SEVERAL):
            continue
        answers, asked = _facts(edition, question)
        for number, (row, name) in enumerate(answers.rows.items()):
            # An array of one answer is a list of topics; in an array of multiples they come again: the title tells.
            topic = name if question.kind == "array" or not row else f"{question.short}\u202f: {name}"
            if not asked[place, number]:
                codes = [NOT_PUT]
            elif not answers.counted[place, number]:
                codes = [UNANSWERED]
            else:
                codes = [code for code, hit in zip(answers.options, answers.hits[place, number], strict=True) if hit]
            labels = answers.options | SAID
            said = "\u202f; ".join(labels[code] for code in codes)
            found.append((question.id, row, topic, " ".join(codes), said))
    return pd.DataFrame(found, columns=list(COLUMNS))


def completeness(facts: pd.DataFrame) -> tuple[int, int]:
    """Return how many facts of `declared` were answered, out of how many were put."""
    put = facts[facts["status"] != NOT_PUT]
    return int((put["status"] != UNANSWERED).sum()), len(put)


def position(edition: Edition, territory: Territory, peers: Selection) -> pd.DataFrame:
    """Return where a territory stands among its peers on each fact that has one answer; it makes no ranking.

    Parameters
    ----------
    peers
        Of `territories.peer_groups`; the territory is one of them.

    Returns
    -------
    DataFrame
        Rows of `declared` whose question takes one answer, then same, less, more, unknown: shares (fractions 0–1) of
        the peers that give the same answer, one that comes before or after it on the scale, or none of these (« ne sait
        pas », divergent answers); base: peers that answered. NaN where one of the shares added is hidden, where the
        territory gave no answer of the scale, and, of less and more, where answers have no order. No row unless it may
        be named.
    """
    facts = _single(edition, territory)
    kinds = {question.id: question for question in fact_questions(edition)}
    columns = ["same", "less", "more", "unknown", "base"]
    if facts.empty:
        return facts.reindex(columns=[*facts.columns, *columns])
    measured = []
    for fact in facts.itertuples():
        question = kinds[str(fact.question)]
        shares_of, base = _by_row(edition, question.id, peers)[str(fact.row)]
        measured.append(_standing(question, shares_of, base, str(fact.status)))
    return facts.join(pd.DataFrame(measured, columns=columns, index=facts.index, dtype=float))


@once_per_edition
def peer_shares(edition: Edition, question_id: str, peers: Selection) -> pd.DataFrame:
    """Return `shares` of a question among peers, kept: a portrait asks the same few groups again and again."""
    return shares(edition, question_id, peers)


@once_per_edition
def _by_row(edition: Edition, question_id: str, peers: Selection) -> dict[str, tuple[dict[str, float], float]]:
    """Return the share of each option and the base, by row: plain numbers, looked up for each territory."""
    rows = peer_shares(edition, question_id, peers)
    places = rows.index if rows.index.nlevels == 2 else [("", code) for code in rows.index]
    found: dict[str, tuple[dict[str, float], float]] = {}
    for (row, code), share, base in zip(places, rows["share"], rows["base"], strict=True):
        found.setdefault(str(row), ({}, float(base)))[0][str(code)] = float(share)
    return found


def _standing(question: Question, peers: dict[str, float], base: float, status: str) -> tuple[float, ...]:
    """Return the shares of peers that say the same, less, more, something outside the scale, and their base."""
    scale = [option.code for option in question.options if not option.dont_know]
    if status not in scale or base == 0:
        return (np.nan, np.nan, np.nan, np.nan, base)
    if question.descending:
        scale.reverse()
    own = scale.index(status)
    outside = [code for code in peers if code not in scale]
    parts = (scale[own : own + 1], scale[:own], scale[own + 1 :], outside)
    # A hidden share is NaN, and so is then the sum: a difference must not give it back.
    same, less, more, unknown = (sum(peers[code] for code in codes) for codes in parts)
    ordered = question.descending or question.kind in ("scale", "array")
    return (same, less, more, unknown, base) if ordered else (same, np.nan, np.nan, unknown, base)


@dataclass(frozen=True, eq=False)
class Around:
    """Those whose answers stand beside a territory's own.

    Attributes
    ----------
    whole : the EPCI of a commune, or the territory itself when it is one that has members; None otherwise.
    members : territories of `whole` that answered, published first, then by name; the territory itself is one of them.
    existing : how many members `whole` has in the region.
    wider : pays and syndicats that answered and whose perimeter holds `whole`.
    """

    whole: Territory | None
    members: tuple[Territory, ...]
    existing: int
    wider: tuple[Territory, ...]


def around(edition: Edition, territory: Territory, reference: pd.DataFrame | None = None) -> Around:
    """Return the EPCI and the communes, or the perimeter and its EPCI, that a territory belongs with.

    `reference` is the list of territories, that of the edition's year by default.
    """
    reference = load_reference(edition.millesime) if reference is None else reference
    whole = describe(edition, territory.epci, reference) if territory.epci in reference.index else territory
    if whole.type == "commune":
        return Around(None, (), 0, ())
    if whole.type == "departement":
        epci = reference[reference["type"] == "epci"]
        codes = [str(code) for code, own in epci["departements"].items() if whole.code in own]
    elif whole.type == "epci":
        codes = reference.index[(reference["epci"] == whole.code).to_numpy(dtype=bool)].astype(str).tolist()
    else:
        codes = [code for code in whole.membres if code in reference.index]
    answered = set(numbered(edition)[1])
    members = [describe(edition, str(code), reference) for code in codes if code in answered]
    members.sort(key=lambda member: (not member.published, strict_key(member.nom)))
    wider = [
        describe(edition, code, reference)
        for code, (_, _, _, membres) in structures(edition).items()
        if whole.code in membres and code != territory.code
    ]
    return Around(whole, tuple(members), len(codes), tuple(wider))


def agreement(edition: Edition, territory: Territory, beside: Around) -> pd.DataFrame:
    """Return, fact by fact, what a territory, the whole it belongs with and the members of that whole declare.

    Returns
    -------
    DataFrame
        One row per fact that takes one answer: topic, own (answer of the territory, missing when it is the whole or may
        not be named), whole (answer of the whole, missing if it may not be named), alike: whether the two gave the
        same answer (object: True, False, missing unless both gave one), same and compared: of the members that may be
        named and that, like the whole, gave an answer, how many gave the same, and how many there are. « Ne sait pas »,
        divergent answers and silence are no answers. No row when there is nothing to compare.
    """
    columns = ["topic", "own", "whole", "alike", "same", "compared"]
    if beside.whole is None:
        return pd.DataFrame(columns=columns)
    whole = _single(edition, beside.whole)
    own = _single(edition, territory) if territory.code != beside.whole.code else whole.iloc[:0]
    if whole.empty and own.empty:
        return pd.DataFrame(columns=columns)
    silent = _silent(edition)
    members = [_single(edition, member)["status"].tolist() for member in beside.members if member.published]
    topics = (own if whole.empty else whole)["topic"].tolist()
    nothing = [pd.NA] * len(topics)
    rows = []
    for place, (topic, mine, theirs, say, said) in enumerate(
        zip(
            topics,
            own["answer"].tolist() or nothing,
            whole["answer"].tolist() or nothing,
            own["status"].tolist() or [""] * len(topics),
            whole["status"].tolist() or [""] * len(topics),
            strict=True,
        )
    ):
        told = [statuses[place] for statuses in members if statuses[place] not in silent]
        compared = told if said and said not in silent else []
        alike = pd.NA if {say, said} & {"", *silent} else say == said
        rows.append((topic, mine, theirs, alike, sum(status == said for status in compared), len(compared)))
    return pd.DataFrame(rows, columns=columns)


def _single(edition: Edition, territory: Territory) -> pd.DataFrame:
    """Return the facts of `declared` that take one answer."""
    return _of_one_answer(edition, territory) if territory.published else declared(edition, territory)


@once_per_edition
def _of_one_answer(edition: Edition, territory: Territory) -> pd.DataFrame:
    facts = declared(edition, territory)
    kinds = {question.id for question in fact_questions(edition) if question.kind in ONE_ANSWER}
    return facts[facts["question"].isin(kinds)].reset_index(drop=True)


@once_per_edition
def _silent(edition: Edition) -> set[str]:
    unknown = {code for question in fact_questions(edition) for code in question.dont_know}
    return unknown | {UNANSWERED, NOT_PUT, DIVERGENT}


@once_per_edition
def _facts(edition: Edition, question: Question) -> tuple[Answers, NDArray[np.bool_]]:
    """Return the facts of every territory, in the order of `numbered`, and whether each row was put to it."""
    codes, territories = numbered(edition)
    known = codes >= 0
    answers = territory_answers(read_answers(edition, question).take(known), codes[known])
    columns = [column for column in question.columns if column != question.other_column]
    put = (edition.states[columns].to_numpy() != NOT_ASKED)[known].reshape(known.sum(), len(answers.rows), -1)
    asked = np.zeros((len(territories), len(answers.rows)), dtype=bool)
    np.logical_or.at(asked, codes[known], put.any(axis=2))
    return answers, asked
