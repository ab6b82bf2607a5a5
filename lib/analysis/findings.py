"""What the answers say beside each published finding: the measures configured in data/published.toml.

It confirms nothing; the wording, and the mark of simulated figures, are left to the page.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from lib.analysis.answers import Answers, Block, read_answers
from lib.analysis.selection import Selection
from lib.analysis.tabulation import tabulate
from lib.survey.edition import Edition
from lib.survey.once import lately
from lib.survey.published import Finding, Measure
from lib.survey.questionnaire import Condition

ANY_ROW = "*"


@lately
def measures(edition: Edition, finding: Finding, selection: Selection) -> pd.DataFrame:
    """Return the finding's measures for the selection.

    Returns
    -------
    DataFrame
        One row per measure, in order: label, count, base, share, low, high (fractions 0–1, NaN where the base is 0),
        effective_n when `selection.weighted`, hidden in a public edition (those figures are NaN where true), then
        unit. Base, and what is weighted: those of
        `lib.analysis.shares.shares` for the question.

    Raises
    ------
    KeyError
        If a measure names an unknown question, row or option.
    """
    rows = pd.concat([_measured(edition, measure, selection) for measure in finding.measures], ignore_index=True)
    rows["label"] = [measure.label for measure in finding.measures]
    rows["unit"] = [measure.unit for measure in finding.measures]
    return rows


def _chose(edition: Edition, condition: Condition) -> Block:
    """Return which respondents gave one of the condition's options."""
    return edition.values[condition.question].isin(condition.options).to_numpy(dtype=bool)


def _measured(edition: Edition, measure: Measure, selection: Selection) -> pd.DataFrame:
    question = edition.codebook[measure.question]
    within = None if measure.among is None else _chose(edition, measure.among)
    answers = read_answers(edition, question)
    if measure.row == ANY_ROW:
        # Before the rule of agreement: two respondents who act on different rows, or more or less, agree that they act.
        answers = _any_row(answers.any_of(measure.options))
        return tabulate(edition, answers, selection, measure.unit, None, None, among=within).head(1)
    if measure.row:
        answers = answers.only(measure.row)
    return tabulate(edition, answers, selection, measure.unit, None, None, measure.options, within)


def _any_row(answers: Answers) -> Answers:
    """Return the answers to an array as one row: an option is given when it is on any row."""
    return replace(
        answers,
        rows={"": ""},
        hits=np.any(answers.hits, axis=1, keepdims=True),
        counted=np.any(answers.counted, axis=1, keepdims=True),
    )
