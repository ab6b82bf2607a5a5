"""The stage of engagement of territories: points by criterion, stage, shares of each stage, stages on a map.

The rule itself comes from `lib.survey.engagement`; how much it would change if a threshold moved belongs to
`stability`, colours and words to `lib.display.stages`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.answers import Answers, numbered, read_answers
from lib.analysis.facts import DIVERGENT, UNPUBLISHED, territory_answers
from lib.analysis.levels import respondents_of
from lib.analysis.selection import EVERYBODY, Selection
from lib.analysis.tabulation import TERRITORIES, tabulate
from lib.survey.consent import publishable
from lib.survey.edition import Edition
from lib.survey.engagement import Criterion, Rule, load_rule
from lib.survey.once import lately, once_per_edition

UNKNOWN = "indetermine"
UNKNOWN_LABEL = "Stade indéterminé"

TOLERANCE = 1e-9
"""Room for the rounding of a share: 12 points out of 16 are 0.75."""

Floats = NDArray[np.float64]


@once_per_edition
def counted(edition: Edition, rule: Rule | None = None) -> tuple[Criterion, ...]:
    """Return the criteria of the rule that count in this edition, in its order.

    A criterion counts if the edition asked its question with all its answers. One on an opinion never counts in a
    public edition: an opinion is not shown for a named territory.
    """
    return tuple(
        criterion
        for criterion in (rule or load_rule()).criteria
        if _asked(edition, criterion) and (_is_fact(edition, criterion) or not edition.threshold)
    )


def opinions(edition: Edition, rule: Rule | None = None) -> tuple[Criterion, ...]:
    """Return the criteria that the edition asks and that rest on opinions: they count for the team alone."""
    return tuple(
        criterion
        for criterion in (rule or load_rule()).criteria
        if _asked(edition, criterion) and not _is_fact(edition, criterion)
    )


def missing(edition: Edition, rule: Rule | None = None) -> tuple[Criterion, ...]:
    """Return the criteria whose question the edition did not ask, or not with the same answers."""
    return tuple(criterion for criterion in (rule or load_rule()).criteria if not _asked(edition, criterion))


@once_per_edition
def points(edition: Edition, rule: Rule | None = None) -> pd.DataFrame:
    """Return the points and the stage of each territory that answered.

    Parameters
    ----------
    edition
        All its respondents count, whatever their role. In a public edition, facts alone give points, and those of a
        territory that is not published are those of another: nothing of them may be said by name (see `stages`).
    rule
        That of data/engagement.toml by default.

    Returns
    -------
    DataFrame
        Indexed by territory, in order of first answer. One column per criterion of `counted`, named by its id: its
        points, NaN where it is not known (no answer, « ne sait pas », respondents who differ). Then `obtained`,
        `possible`: sum of the points, and of the most that could be, over the known ones; `share`: their ratio, NaN
        where less than `rule.fewest` of the points is known; `stage`: code, or `indetermine` where share is NaN.

    Notes
    -----
    A theme on which the respondents of a territory differ, or do not know, is left out too: of the themes, a territory
    can obtain one point for each known one, up to the maximum. An opinion gives the mean of the points of the
    respondents who know.
    """
    rule = rule or load_rule()
    obtained, possible = scores(edition, rule)
    known = ~np.isnan(obtained)
    sums = np.where(known, obtained, 0.0).sum(axis=1)
    most = np.where(known, possible, 0.0).sum(axis=1)
    places = places_of(rule, obtained, possible, whole(edition, rule))
    codes = np.array([*(stage.code for stage in rule.stages), UNKNOWN], dtype=object)
    said = places < len(rule.stages)
    _, territories = numbered(edition)
    named = {criterion.id: obtained[:, place] for place, criterion in enumerate(counted(edition, rule))}
    return pd.DataFrame(
        named
        | {
            "obtained": sums,
            "possible": most,
            "share": np.where(said, sums / np.where(most > 0, most, 1.0), np.nan),
            "stage": pd.array(codes[places], dtype="str"),
        },
        index=territories,
    )


@once_per_edition
def stages(edition: Edition, rule: Rule | None = None) -> pd.Series:
    """Return what may be shown by name of each territory: its stage, `indetermine`, or `non-publiee`.

    Indexed by territory; `non-publiee` where some respondent did not agree to publication. Never filtered by role, on
    purpose: in a small commune a role is a person. Of the answers as given, opinions count: for the team alone.
    """
    found = points(edition, rule)["stage"]
    return found.where(publishable(edition.respondents).reindex(found.index), UNPUBLISHED)


@lately
def stage_shares(
    edition: Edition, selection: Selection = EVERYBODY, by: str | None = None, rule: Rule | None = None
) -> pd.DataFrame:
    """Return the share of territories at each stage.

    Parameters
    ----------
    edition, selection, by, rule
        As in `lib.analysis.shares.shares` and `points`. A filter on roles keeps the territories that a person of this
        role answered for; their stage still rests on all their respondents.

    Returns
    -------
    DataFrame
        As `shares` with territories as units: label, count, base, share, low, high, effective_n when weighted, hidden
        in a public edition; indexed by stage code, from the most engaged to the least, then `indetermine`, under the
        group (level named `by`) when there is one. Base: the territories that answered.
    """
    frame = tabulate(edition, _stage_answers(edition, rule or load_rule()), selection, TERRITORIES, by, None)
    # Every respondent of a territory carries its stage: none can differ.
    frame = frame[frame.index.get_level_values("code") != DIVERGENT].droplevel("row")
    return frame.rename_axis(index={"group": by}) if by else frame.droplevel("group")


@lately
def level_stages(edition: Edition, selection: Selection, level: str, rule: Rule | None = None) -> pd.DataFrame:
    """Return the public stage of each territory of the level that answered and is selected, for a map.

    Returns
    -------
    DataFrame
        That of `lib.analysis.levels.respondents_of`, then status: that of `stages`.
    """
    territories = respondents_of(edition, selection, level)
    return territories.assign(status=stages(edition, rule).reindex(territories.index))


def scores(edition: Edition, rule: Rule) -> tuple[Floats, Floats]:
    """Return the points obtained, NaN where unknown, and those possible: territory × criterion of `counted`.

    The rule may be one that is tried: what it looks at in the answers is read once for each edition.
    """
    columns = [_scored(edition, criterion) for criterion in counted(edition, rule)]
    if not columns:
        empty = np.empty((len(numbered(edition)[1]), 0))
        return empty, empty
    obtained, possible = (np.stack(side, axis=1) for side in zip(*columns, strict=True))
    return obtained, possible


def whole(edition: Edition, rule: Rule, facts_only: bool = False) -> int:
    """Return the most points that a territory can obtain in this edition, everything being known.

    With `facts_only`, those of a public edition, whatever this one is.
    """
    return sum(
        min(criterion.maximum, len(edition.codebook[criterion.question].rows) or criterion.maximum)
        for criterion in counted(edition, rule)
        if not facts_only or _is_fact(edition, criterion)
    )


def places_of(rule: Rule, obtained: Floats, possible: Floats, whole: float) -> NDArray[np.intp]:
    """Return the place of each territory in `rule.stages`; their number where too little is known out of `whole`."""
    known = ~np.isnan(obtained)
    sums = np.where(known, obtained, 0.0).sum(axis=1)
    most = np.where(known, possible, 0.0).sum(axis=1)
    lows = np.array([stage.low for stage in rule.stages])
    reached = sums[:, None] + TOLERANCE >= lows * most[:, None]
    unknown = (most <= 0) | (most + TOLERANCE < rule.fewest * whole)
    return np.where(unknown, len(rule.stages), reached.argmax(axis=1))


def _scored(edition: Edition, criterion: Criterion) -> tuple[Floats, Floats]:
    if criterion.acting:
        acting, known = _breadth(edition, criterion.question, criterion.acting)
        possible = np.minimum(known, criterion.maximum).astype(float)
        return np.where(known > 0, np.minimum(acting, criterion.maximum), np.nan), possible
    given = _given(edition, criterion.question, criterion.options)
    worth = np.array([points for _, points in criterion.points], dtype=float)
    return given @ worth, np.full(len(given), worth.max())


@once_per_edition
def _given(edition: Edition, question_id: str, options: tuple[str, ...]) -> Floats:
    """Return, territory × option, the share of those who know that gave the option; NaN where none of them is known.

    Of a fact it is 1 for the option that the territory declares.
    """
    codes, territories = numbered(edition)
    kept = codes >= 0
    question = edition.codebook[question_id]
    answers = read_answers(edition, question).take(kept)
    places = [list(answers.options).index(option) for option in options]
    if question.unit == TERRITORIES:
        votes = territory_answers(answers, codes[kept]).hits[:, 0, places].astype(float)
    else:
        votes = np.zeros((len(territories), len(places)))
        np.add.at(votes, codes[kept], answers.hits[:, 0, places])
    voters = votes.sum(axis=1, keepdims=True)
    return np.where(voters > 0, votes / np.where(voters > 0, voters, 1.0), np.nan)


@once_per_edition
def _breadth(edition: Edition, question_id: str, acting: tuple[str, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return, for each territory, the number of rows where it acts, and of those where it is known whether it does."""
    codes, _ = numbered(edition)
    kept = codes >= 0
    answers = read_answers(edition, edition.codebook[question_id]).take(kept)
    # Before the rule of agreement: two respondents who act more or less agree that they act.
    does = answers.any_of(acting).hits[:, :, 0]
    unsure = np.zeros_like(does)
    if answers.dont_know:
        unsure = answers.any_of(tuple(answers.dont_know)).hits[:, :, 0]
    doubt = "nsp"
    told = Answers(
        answers.rows,
        {"oui": "", "non": "", doubt: ""},
        np.stack([does, answers.counted & ~does & ~unsure, unsure & ~does], axis=2),
        answers.counted,
        frozenset({doubt}),
    )
    agreed = territory_answers(told, codes[kept]).hits
    return agreed[:, :, 0].sum(axis=1), agreed[:, :, :2].any(axis=2).sum(axis=1)


@once_per_edition
def _stage_answers(edition: Edition, rule: Rule) -> Answers:
    """Return the stage of the territory of each respondent, as if they had answered it."""
    names = {stage.code: stage.label for stage in rule.stages} | {UNKNOWN: UNKNOWN_LABEL}
    codes, _ = numbered(edition)
    # The last place is taken by the respondents whose territory, numbered −1, is not recognised.
    places = np.append(pd.Index(list(names)).get_indexer(pd.Index(points(edition, rule)["stage"])), -1)[codes]
    hits = places[:, None, None] == np.arange(len(names))
    return Answers({"": "Stade d’engagement"}, names, hits, (codes >= 0)[:, None])


def _asked(edition: Edition, criterion: Criterion) -> bool:
    """Return whether the edition asked the question of a criterion, in a shape and with answers that it can use."""
    if criterion.question not in edition.codebook:
        return False
    question = edition.codebook[criterion.question]
    kinds = ("array", "array_multiple") if criterion.acting else ("single", "scale")
    return question.kind in kinds and set(criterion.options) <= set(question.labels)


def _is_fact(edition: Edition, criterion: Criterion) -> bool:
    return edition.codebook[criterion.question].unit == TERRITORIES
