"""Shares: who gave which answer, out of whom, with its interval, for any question, selection and breakdown.

Counting and the choice of an interval are left to `tabulation`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lib.analysis.answers import Answers, read_answers, read_ranks
from lib.analysis.selection import EVERYBODY, Selection
from lib.analysis.tabulation import RESPONDENTS, TERRITORIES, official_level, parts, tabulate
from lib.survey.edition import Edition
from lib.survey.once import lately


@lately
def shares(
    edition: Edition,
    question_id: str,
    selection: Selection = EVERYBODY,
    unit: str | None = None,
    by: str | None = None,
    row: str | None = None,
    reference: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the share of each option of a question, with its base and its interval.

    Parameters
    ----------
    edition, question_id
        Any question but a free text.
    selection
        Who is counted, and whether territories are weighted.
    unit
        `respondents` (each counts) or `territories` (each counts once, by the rule of `facts`; respondents
        whose territory is not recognised are left out); by default the unit of the questionnaire.
    by
        Dimension to break down by: type, taille, departement or role. A unit on several départements
        counts in each.
    row
        One row of an array; all of them by default.
    reference
        List of territories, the known population of exact intervals; that of the edition's year by default.

    Returns
    -------
    DataFrame
        Columns label, count, base, share, low, high; shares and bounds are fractions 0–1, NaN where the
        base is 0. Indexed by option code, under the row (level `row`) and the group (level named `by`)
        where there are any. Every option and group is there, whether or not somebody gave it; a filter on
        the dimension `by` keeps its own codes only. With territories the last option is `divergentes`.
        When weighted, `effective_n` follows (NaN on raw lines). Of a public edition, the last column is `hidden`,
        and where it is true count, share, low, high and effective_n are NaN.
        When `selection.weighted`, a last column effective_n: Kish's effective n of the base, where shares and bounds
        are weighted, NaN on the lines left raw; count and base are never weighted.

    Notes
    -----
    The base is who was asked and answered, « ne sait pas » and « aucun » included: in a multiple question
    or a row of one, at least one option ticked; in a ranking, at least one option placed, the share being
    that of the first three places together. Shares of a multiple question may add to more than 1.
    The interval is told by `interval_method`. The survey is self-selected: call it « marge indicative ».
    What may be weighted: territories of a single official level that has weights (`lib.analysis.weights`), in an
    edition that carries them.

    Raises
    ------
    KeyError
        If the question or the row does not exist.
    ValueError
        If the question is a free text, or `unit` or `by` is not one of those above.
    """
    answers = _read(edition, question_id, row)
    frame = tabulate(edition, answers, selection, _unit(edition, question_id, unit), by, reference)
    return _without_idle_levels(frame, by, several_rows=row is None and "" not in answers.rows)


@lately
def reached(
    edition: Edition,
    question_id: str,
    options: tuple[str, ...],
    selection: Selection = EVERYBODY,
    unit: str | None = None,
    by: str | None = None,
    row: str | None = None,
    reference: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the share of those whose answer is among some options, such as « au moins des actions ».

    Parameters
    ----------
    edition, question_id, selection, unit, by, row, reference
        As in `shares`.
    options
        Option codes taken together; in a multiple question, at least one of them.

    Returns
    -------
    DataFrame
        As `shares`, with one line per row of the array (index `row`), or a single line, indexed by the id
        of the question, for a question without rows. With territories the fact comes first: those whose
        respondents differ stay in the base and are not among the options, even if each of the answers is,
        so that the count is the sum of the counts of `shares`.

    Raises
    ------
    KeyError
        If the question, the row or an option does not exist.
    ValueError
        As in `shares`.
    """
    answers = _read(edition, question_id, row)
    chosen_unit = _unit(edition, question_id, unit)
    frame = tabulate(edition, answers, selection, chosen_unit, by, reference, options)
    frame = frame.droplevel("code")
    frame["label"] = frame.index.get_level_values("row").map(answers.rows)
    frame = frame.rename(index={"": question_id}, level="row")
    return frame.rename_axis(index={"group": by}) if by else frame.droplevel("group")


@lately
def ranks(
    edition: Edition,
    question_id: str,
    selection: Selection = EVERYBODY,
    by: str | None = None,
    reference: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return how respondents ranked the options of a ranking.

    Parameters
    ----------
    edition, question_id, selection, by, reference
        As in `shares`; the unit is always the respondent.

    Returns
    -------
    DataFrame
        The frame of `shares` (among the first three places), then first_count, first_share, first_low,
        first_high (in first place, same base) and mean_rank: mean rank, from 1, among those who ranked
        the option; NaN if nobody did. Of a public edition, NaN too where the counts they come from are hidden.

    Raises
    ------
    ValueError
        If the question is not a ranking.
    """
    question = edition.codebook[question_id]
    if question.kind != "ranking":
        raise ValueError(f"{question_id} is not a ranking")
    answers = _read(edition, question_id, None)
    # Respondents have no weights: the column of weighted figures would say nothing.
    selection = selection.without_weighting()
    frame = tabulate(edition, answers, selection, RESPONDENTS, by, reference)
    first = read_answers(edition, question, first_only=True)
    first_frame = tabulate(edition, first, selection, RESPONDENTS, by, reference)
    for column in ("count", "share", "low", "high"):
        frame[f"first_{column}"] = first_frame[column]

    given = read_ranks(edition, question)
    sums = [np.nansum(given[part.kept], axis=0) for part in parts(edition, selection, by, reference)]
    frame["mean_rank"] = np.ravel(sums) / frame["count"].where(frame["count"] > 0)
    return _without_idle_levels(frame, by, several_rows=False)


@lately
def interval_method(
    edition: Edition,
    selection: Selection = EVERYBODY,
    unit: str = TERRITORIES,
    group: tuple[str, str] | None = None,
    reference: pd.DataFrame | None = None,
) -> str:
    """Return how the intervals of a figure are computed: `exact` or `wilson`.

    Parameters
    ----------
    edition, selection, unit, reference
        As in `shares`.
    group
        (dimension, code) of the group in a breakdown.

    Returns
    -------
    str
        `exact`, from the hypergeometric distribution, where the units are territories of a single official
        level: their population is known. Else `wilson`, without known population: on the number of
        territories, levels together, or on the effective number of respondents (`clustered_n`); the page
        then says « tous niveaux confondus ».

    Notes
    -----
    It tells of raw figures. Lines whose `effective_n` is known are weighted: Wilson on that number.
    """
    if unit == RESPONDENTS:
        return "wilson"
    return "exact" if official_level(edition, selection, group, reference) else "wilson"


def _read(edition: Edition, question_id: str, row: str | None) -> Answers:
    answers = read_answers(edition, edition.codebook[question_id])
    return answers if row is None else answers.only(row)


def _unit(edition: Edition, question_id: str, unit: str | None) -> str:
    chosen = unit or edition.codebook[question_id].unit
    if chosen not in (RESPONDENTS, TERRITORIES):
        raise ValueError(f"unknown unit {chosen!r}: expected {RESPONDENTS} or {TERRITORIES}")
    return chosen


def _without_idle_levels(frame: pd.DataFrame, by: str | None, several_rows: bool) -> pd.DataFrame:
    """Return the frame without the levels of index that hold nothing, the group named by its dimension."""
    frame = frame.rename_axis(index={"group": by}) if by else frame.droplevel("group")
    return frame if several_rows else frame.droplevel("row")
