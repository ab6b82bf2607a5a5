"""The quality of an edition before it is published: what is missing, repeated, mechanical, hasty or out of frame.

It counts and lists, and never removes anything: what to do about it is a person's choice, made in the survey tool or
on the import page. How each kind is found is in `answers` and `origin`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from lib.survey.edition import Edition, identifiers
from lib.survey.issues import Findings
from lib.survey.quality import answers, origin
from lib.survey.quality.checks import Check
from lib.survey.questionnaire import Question
from lib.survey.reading.export import Export
from lib.survey.states import NOT_ASKED, answered

__all__ = ["Check", "Quality", "completeness", "quality"]

_SET_ASIDE = "Réponse écartée"
"""How the sentence of the issues begins that tells that a response is not retained."""


@dataclass(frozen=True, eq=False)
class Quality:
    """What was found of an edition; its frames are shared and must not be modified.

    Attributes
    ----------
    simulated : whether the answers are invented, which every report must then say.
    read, retained, set_aside : responses of the file, those kept, and those that answered no substantive question.
    submitted : retained responses whose form was submitted.
    completeness : see `completeness`.
    straight : one row per array of enough rows, see `quality.answers.straight_by_question`.
    timed, median_minutes : submitted responses of a known length, and its median; None when too few are timed.
    checks : what was looked for, in the order of the report; those that find nothing included.
    """

    simulated: bool
    read: int
    retained: int
    set_aside: int
    submitted: int
    completeness: pd.DataFrame
    straight: pd.DataFrame
    timed: int
    median_minutes: float | None
    checks: tuple[Check, ...]

    def __getitem__(self, check: str) -> Check:
        """Return the check of this id; KeyError when there is none."""
        for one in self.checks:
            if one.id == check:
                return one
        raise KeyError(check)


def quality(
    edition: Edition, export: Export | None = None, *, started: date | None = None, ended: date | None = None
) -> Quality:
    """Return the quality of an edition.

    Parameters
    ----------
    edition : Edition
        The answers as given.
    export : Export, optional
        The file it was just built from, which tells lines and times; without it they are not known, and responses
        set aside are those that the issues list, which keep the first hundred.
    started, ended : date, optional
        First and last day of the collection; responses of other days are then told.
    """
    lines, aside = _lines(edition, export)
    times = origin.times(edition, export, lines)
    straight = answers.straight_by_question(edition)
    signed, filled = answers.signatures(edition)
    retained = len(edition.respondents)
    return Quality(
        simulated=edition.simulated,
        read=retained + len(aside) if export is None else len(export.lines),
        retained=retained,
        set_aside=len(aside),
        submitted=int(edition.respondents["complete"].sum()),
        completeness=completeness(edition),
        straight=straight,
        timed=times.timed,
        median_minutes=times.median_minutes,
        checks=(
            origin.set_aside(aside, retained),
            origin.not_submitted(edition, lines),
            answers.same_place_same_answers(edition, lines, signed),
            answers.same_answers(edition, lines, signed, filled),
            origin.several_per_territory(edition, lines),
            answers.straight_lines(edition, lines),
            answers.straight_everywhere(edition, lines),
            origin.hasty(lines, times),
            origin.out_of_period(lines, times, started, ended),
            *origin.territories(edition, lines),
            *origin.missing_parts(edition, lines),
        ),
    )


def completeness(edition: Edition) -> pd.DataFrame:
    """Return how many of the cells put to respondents were answered, by question in questionnaire order.

    A cell is a question, a row of an array, or a row of an array of multiples; a multiple choice or a ranking is one
    cell, answered when something is ticked or ranked. The free text of « Autre » is none.

    Returns
    -------
    DataFrame
        `question` (id), `short`, `asked`, `answered` (cells), `share` (fraction, missing where nothing was asked).
    """
    rows = []
    for question in edition.codebook.questions:
        put = given = 0
        for columns in _cells(question):
            states = edition.states[list(columns)]
            put += int((states != NOT_ASKED).any(axis=1).sum())
            given += int(answered(states).sum())
        rows.append((question.id, question.short, put, given, given / put if put else float("nan")))
    table = pd.DataFrame(rows, columns=["question", "short", "asked", "answered", "share"])
    return table.astype({"question": "str", "short": "str", "asked": "int64", "answered": "int64", "share": "float64"})


def _cells(question: Question) -> list[tuple[str, ...]]:
    if question.kind == "array":
        return [(key,) for key in question.columns if key != question.other_column]
    return list(question.groups.values())


def _lines(edition: Edition, export: Export | None) -> tuple[pd.Series, pd.Series]:
    """Return the line of each respondent (Int64; missing when not known), and those of the responses set aside."""
    index = edition.respondents.index
    if export is None:
        told = edition.issues["problem"].str.startswith(_SET_ASIDE)
        return pd.Series(pd.NA, index=index, dtype="Int64"), edition.issues.loc[told, "row"]
    lines = pd.Series(export.lines, index=identifiers(export, Findings()), dtype="Int64")
    return lines.reindex(index), lines[~lines.index.isin(index)]
