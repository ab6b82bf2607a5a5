"""What changed between two editions: the shares of each answer in both, and their differences.

Only what was asked in both is compared. Shares come from `shares`; how the same territories moved from one answer to
another is told by `transitions`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lib.analysis.contrasts import hybrid_bounds
from lib.analysis.disclosure import hidden_cells, hide
from lib.analysis.intervals import Floats
from lib.analysis.selection import EVERYBODY, Selection
from lib.analysis.shares import reached, shares
from lib.survey.codebook import Question
from lib.survey.edition import Edition
from lib.survey.once import lately

_MEASURES = ["count", "base", "share", "low", "high"]


def common_questions(later: Edition, earlier: Edition) -> dict[str, Question]:
    """Return, by id, the questions that both questionnaires ask alike, as the later one words them.

    Same id and kind, at least one option in both, and one row where there are rows; free texts and questions that
    play a part (name, role, consent) are not compared.
    """
    before = {question.id: question for question in earlier.codebook.substantive if question.kind != "text"}
    return {
        question.id: question
        for question in later.codebook.substantive
        if question.id in before
        and question.kind == before[question.id].kind
        and question.labels.keys() & before[question.id].labels.keys()
        and (not question.rows or question.row_labels.keys() & before[question.id].row_labels.keys())
    }


def common_rows(later: Edition, earlier: Edition, question_id: str) -> dict[str, str]:
    """Return the rows of an array that both editions have, code to name; empty for a question without rows."""
    before = earlier.codebook[question_id].row_labels
    return {code: name for code, name in later.codebook[question_id].row_labels.items() if code in before}


def options_of_one(later: Edition, earlier: Edition, question_id: str) -> list[str]:
    """Return the names of the options that only one of the two editions offered."""
    now, before = later.codebook[question_id].labels, earlier.codebook[question_id].labels
    return [(now | before)[code] for code in now | before if (code in now) != (code in before)]


@lately
def evolution(
    later: Edition,
    earlier: Edition,
    question_id: str,
    selection: Selection = EVERYBODY,
    unit: str | None = None,
    row: str | None = None,
    options: tuple[str, ...] | None = None,
    reference: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the shares of one question in two editions, and their differences.

    Parameters
    ----------
    later, earlier
        Each is counted on its own: all who answered it, whether or not they answered the other.
    question_id
        One of `common_questions`.
    selection, unit
        As in `lib.analysis.shares.shares`; the unit is by default that of the later questionnaire.
    row
        Row of an array; required for one.
    options
        Taken together as one, as in `reached`; each by itself if None.
    reference
        List of territories for both editions; by default, for each, that of its own year.

    Returns
    -------
    DataFrame
        Indexed by option code, those of both editions in the order of the later one (a single line, indexed by the
        question, with `options`). Columns label, count, base, share, low, high of the later edition; earlier_count,
        earlier_base, earlier_share, earlier_low, earlier_high; difference (later − earlier), difference_low,
        difference_high: fractions, NaN where a base is 0; hidden: whether an edition hides its share, that share, its
        count and the difference then being NaN. With `selection.weighted`, effective_n and earlier_effective_n before
        `hidden` where both editions could be weighted; else both are raw, so that like is compared with like.

    Raises
    ------
    KeyError
        If the two editions do not have the question or the row in common.
    ValueError
        If the question has rows and none is given.

    Notes
    -----
    The interval of the difference is Newcombe's hybrid one, made of the two intervals of the shares: Wilson's on the
    effective number of respondents or of weighted territories, or the exact one where territories of a single level
    are counted. It takes the two editions as independent. Territories that answered both resemble themselves, so
    that the interval is rather too wide than too narrow.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, 873–890, method 10; with any interval of each share: Zou and Donner
    (2008), Statistics in Medicine 27, 1693–1702.
    """
    questions = common_questions(later, earlier)
    if question_id not in questions:
        raise KeyError(f"no question {question_id!r} in both editions")
    if questions[question_id].rows and row is None:
        raise ValueError(f"{question_id} has rows: choose one of them")
    if row is not None and row not in common_rows(later, earlier, question_id):
        raise KeyError(f"no row {row!r} of {question_id} in both editions")
    measured = unit or questions[question_id].unit
    now, before = (
        _shares(edition, question_id, selection, measured, row, options, reference) for edition in (later, earlier)
    )
    # One selection is weighted as a whole or not at all; a hidden line does not say which.
    weighted = selection.weighted and bool((now["effective_n"] > 0).any() and (before["effective_n"] > 0).any())
    if selection.weighted and not weighted:
        raw = selection.without_weighting()
        return evolution(later, earlier, question_id, raw, unit, row, options, reference)
    both = [code for code in now.index if code in before.index]
    now, before = now.loc[both], before.loc[both]
    rows = now[["label", *_MEASURES]].join(before[_MEASURES].add_prefix("earlier_"))
    if weighted:
        rows = rows.assign(effective_n=now["effective_n"], earlier_effective_n=before["effective_n"])
    hidden = now["hidden"].to_numpy(bool) | before["hidden"].to_numpy(bool)
    difference, low, high = difference_of(now, before)
    return rows.assign(
        difference=np.where(hidden, np.nan, difference),
        difference_low=np.where(hidden, np.nan, low),
        difference_high=np.where(hidden, np.nan, high),
        hidden=hidden,
    )


def difference_of(now: pd.DataFrame, before: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Return the difference of two shares and the bounds of its interval, made of their own: see `evolution`.

    Parameters
    ----------
    now, before
        Frames of as many rows, with columns share, low, high.
    """
    sides = [side[name].to_numpy(dtype=float) for side in (now, before) for name in ("share", "low", "high")]
    return sides[0] - sides[3], *hybrid_bounds(*sides)


def _shares(
    edition: Edition,
    question_id: str,
    selection: Selection,
    unit: str,
    row: str | None,
    options: tuple[str, ...] | None,
    reference: pd.DataFrame | None,
) -> pd.DataFrame:
    if options is None:
        rows = shares(edition, question_id, selection, unit=unit, row=row, reference=reference)
    else:
        rows = reached(edition, question_id, options, selection, unit=unit, row=row, reference=reference)
    if "hidden" in rows:
        return rows
    return hide(rows, hidden_cells(rows[["count"]].T, rows[["base"]].T, edition.threshold))
