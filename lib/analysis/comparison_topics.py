"""What a comparison is about: the topics that a questionnaire gives, and what territories and groups say on each.

Which answer of a question is told of a group comes from the rule of engagement (data/engagement.toml) where it names
the question, else from the upper half of its scale. Who is compared belongs to `comparison`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lib.analysis.engagement import counted, stage_shares, stages
from lib.analysis.facts import status
from lib.analysis.selection import Selection
from lib.analysis.shares import reached, shares
from lib.analysis.tabulation import RESPONDENTS, TERRITORIES
from lib.survey.edition import Edition
from lib.survey.engagement import load_rule
from lib.survey.once import once_per_edition
from lib.survey.questionnaire import Question

ENGAGEMENT = "engagement"
"""Key of the stage of engagement, a topic that is no question."""
FACTS, OPINIONS = "faits", "opinions"
"""Sections of what has no rows; other sections are ids of questions."""

_MEASURES = ["count", "base", "share", "low", "high"]


@dataclass(frozen=True)
class Topic:
    """One line of a comparison.

    Attributes
    ----------
    key : column of the answers (`strategie`, `themes/inclusion`, `besoins/ingenierie`), or `engagement`.
    section : `faits`, `opinions`, or the id of a question of several rows or several answers.
    label : French name.
    unit : `territories` for facts, `respondents` for opinions.
    options, told : answers taken together in the share of a group, and their names; empty where each answer has a
        share of its own.
    ranked : whether it is one answer of a multiple question, worth a line only where it is among the most cited.
    """

    key: str
    section: str
    label: str
    unit: str
    options: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    ranked: bool = False


@once_per_edition
def topics(edition: Edition) -> tuple[Topic, ...]:
    """Return the topics that the edition can be compared on, facts before opinions.

    The stage of engagement, where the rule applies to the edition; then questions of one answer, rows of arrays, and
    answers of multiple questions on opinions, but « aucun » and « ne sait pas ». Rankings and texts are left out.
    """
    found = [Topic(ENGAGEMENT, FACTS, "Stade d’engagement", TERRITORIES)] if counted(edition) else []
    asked = [topic for question in edition.codebook.substantive for topic in _topics_of(question)]
    # Within facts and within opinions: single answers, then rows, then multiple answers, each as the questionnaire.
    found += sorted(asked, key=lambda topic: (topic.unit != TERRITORIES, topic.ranked, "/" in topic.key))
    return tuple(found)


@once_per_edition
def figures(edition: Edition, selection: Selection) -> pd.DataFrame:
    """Return the shares of a group on every topic.

    Parameters
    ----------
    selection
        The group. Facts are counted by territory, opinions by respondent, as `lib.analysis.shares.shares` does.

    Returns
    -------
    DataFrame
        Indexed by topic (key) and answer (option code or stage, empty where answers are taken together): answer_label,
        count, base, share, low, high, hidden; NaN where hidden.
    """
    parts: list[tuple[pd.DataFrame, list[tuple[str, str]]]] = []
    if counted(edition):
        rows = stage_shares(edition, selection)
        parts.append((rows, [(ENGAGEMENT, str(code)) for code in rows.index]))
    for question in edition.codebook.substantive:
        first = next(_topics_of(question), None)
        if first is not None:
            together = bool(first.options) and not first.ranked
            if together:
                rows = reached(edition, question.id, first.options, selection)
            else:
                rows = shares(edition, question.id, selection)
            parts.append((rows, [_key(question, code, first.ranked, together) for code in rows.index]))
    return _together(parts)


def status_of(edition: Edition, topic: Topic) -> pd.Series:
    """Return what may be shown by name of each territory on a fact: see `facts.status` and `engagement.stages`.

    Raises
    ------
    ValueError
        If the topic is an opinion.
    """
    return stages(edition) if topic.key == ENGAGEMENT else status(edition, topic.key)


def _topics_of(question: Question) -> Iterator[Topic]:
    if question.kind in ("single", "scale"):
        section = FACTS if question.unit == TERRITORIES else OPINIONS
        yield Topic(question.id, section, question.short, question.unit, *_told(question))
    elif question.kind == "array":
        for row, label in question.row_labels.items():
            yield Topic(f"{question.id}/{row}", question.id, label, question.unit, *_told(question))
    elif question.kind == "multiple" and question.unit == RESPONDENTS:
        for option in question.options:
            if not option.exclusive:
                key = f"{question.id}/{option.code}"
                yield Topic(key, question.id, option.label, question.unit, (option.code,), (), ranked=True)


def _told(question: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the answers whose share is told of a group, the most first, and their names; none without a scale."""
    options = _telling(question)
    return options, tuple(question.labels[code] for code in options)


def _telling(question: Question) -> tuple[str, ...]:
    """Return the answers that the rule of engagement counts for more than half of what they may be worth."""
    scale = [option.code for option in question.options if not option.dont_know]
    if not question.descending:
        scale.reverse()
    for criterion in load_rule().criteria:
        if criterion.question == question.id and set(criterion.options) <= set(question.labels):
            worth = dict.fromkeys(criterion.acting, criterion.maximum) | dict(criterion.points)
            return tuple(code for code in scale if 2 * worth.get(code, 0) > criterion.maximum)
    ordered = question.descending or question.kind in ("scale", "array")
    return tuple(scale[: len(scale) // 2]) if ordered else ()


def _key(question: Question, code: Any, ranked: bool, together: bool) -> tuple[str, str]:
    """Return topic and answer of a line of `shares` (one per option, under the row of an array) or of `reached`."""
    if ranked:
        return f"{question.id}/{code}", ""
    if together:
        return (f"{question.id}/{code}" if question.rows else question.id), ""
    return (f"{question.id}/{code[0]}", str(code[1])) if question.rows else (question.id, str(code))


def _together(parts: Sequence[tuple[pd.DataFrame, Sequence[tuple[str, str]]]]) -> pd.DataFrame:
    """Return tables of shares as one, indexed by topic and answer; an answer without a code has no name of its own.

    One frame is built from plain columns: indexing and joining each table costs as much as counting it.
    """
    columns: dict[str, list[Any]] = {name: [] for name in ("topic", "answer", "answer_label", *_MEASURES, "hidden")}
    for rows, keys in parts:
        columns["topic"] += [topic for topic, _ in keys]
        columns["answer"] += [answer for _, answer in keys]
        columns["answer_label"] += [
            label if answer else "" for label, (_, answer) in zip(rows["label"], keys, strict=True)
        ]
        for name in _MEASURES:
            columns[name] += rows[name].tolist()
        columns["hidden"] += rows["hidden"].tolist() if "hidden" in rows else [False] * len(rows)
    return pd.DataFrame(columns).set_index(["topic", "answer"])
