"""The answers to one question as a block of truth values, respondent × row × option.

One shape for every kind of question lets facts and shares be computed by a single rule; both leave to
this module what counts as having answered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.survey.codebook import Question
from lib.survey.edition import Edition
from lib.survey.once import once_per_edition
from lib.survey.states import VALUE

Block = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers of some units (respondents, or territories) to one question.

    Attributes
    ----------
    rows
        Row code to its name; a question without rows has the single row "" named after the question.
    options
        Option code to its name.
    hits
        Whether the unit gave the option on the row: shape (units, rows, options).
    counted
        Whether the unit was asked and answered the row: shape (units, rows). It is the base of a share;
        « ne sait pas » and « aucun » are answers, a row left blank is not.
    dont_know
        Codes of the options that mean « ne sait pas ».
    """

    rows: dict[str, str]
    options: dict[str, str]
    hits: Block
    counted: Block
    dont_know: frozenset[str] = frozenset()

    def take(self, kept: Block) -> Answers:
        """Return the answers of the units kept, a truth value for each."""
        return replace(self, hits=self.hits[kept], counted=self.counted[kept])

    def only(self, row: str) -> Answers:
        """Return the answers on one row; KeyError if there is no such row."""
        if row not in self.rows:
            raise KeyError(f"no row {row!r}: expected one of {', '.join(self.rows)}")
        place = list(self.rows).index(row)
        kept = slice(place, place + 1)
        return replace(self, rows={row: self.rows[row]}, hits=self.hits[:, kept], counted=self.counted[:, kept])

    def any_of(self, options: tuple[str, ...]) -> Answers:
        """Return the answers with a single option, true where one of `options` is; KeyError if unknown."""
        unknown = [code for code in options if code not in self.options]
        if unknown:
            raise KeyError(f"no option {', '.join(unknown)}: expected some of {', '.join(self.options)}")
        kept = [place for place, code in enumerate(self.options) if code in options]
        hits = np.any(self.hits[:, :, kept], axis=2, keepdims=True)
        return replace(self, options={"": ""}, hits=hits)


@once_per_edition
def read_answers(edition: Edition, question: Question, first_only: bool = False) -> Answers:
    """Return what every respondent of an edition answered to a question.

    Parameters
    ----------
    edition
        Respondents are in its order.
    question
        Of any kind but text. A ranking reads as a multiple question: the options placed among the first
        (three, here) are given.
    first_only
        For a ranking, only the option placed first is given.

    Raises
    ------
    ValueError
        If the question is a free text.
    """
    if question.kind == "text":
        raise ValueError(f"{question.id} is a free text: it has no options to count")
    options, dont_know = question.labels, frozenset(question.dont_know)
    rows = question.row_labels or {"": question.short}
    columns = [column for column in question.columns if column != question.other_column]

    if question.kind in ("multiple", "array_multiple"):
        ticked = edition.states[columns].to_numpy() == VALUE
        hits = ticked.reshape(-1, len(rows), len(options))
    else:
        hits = _chosen(edition, columns, options)
    counted = hits.any(axis=2)
    if question.kind == "ranking":
        # The base of the first place is that of the ranking: whoever ranked something.
        counted = counted.any(axis=1, keepdims=True)
        hits = hits[:, :1] if first_only else hits.any(axis=1, keepdims=True)
    return Answers(rows, options, hits, counted, dont_know)


def read_ranks(edition: Edition, question: Question) -> NDArray[np.float64]:
    """Return the rank, from 1, that every respondent gave to each option of a ranking; NaN if not ranked.

    Shape (respondents, options).
    """
    placed = _chosen(edition, list(question.columns), question.labels)
    return np.where(placed.any(axis=1), placed.argmax(axis=1) + 1.0, np.nan)


@once_per_edition
def numbered(edition: Edition) -> tuple[NDArray[np.intp], pd.Index]:
    """Return `territory_codes` of the respondents of an edition."""
    return territory_codes(edition.respondents)


@once_per_edition
def cluster_codes(edition: Edition) -> NDArray[np.intp]:
    """Return the territory of each respondent as a number; one that is not recognised is a cluster of its own."""
    codes, _ = numbered(edition)
    return np.where(codes < 0, -1 - np.arange(len(codes)), codes)


def territory_codes(respondents: pd.DataFrame) -> tuple[NDArray[np.intp], pd.Index]:
    """Return a number per respondent for its territory, −1 if not recognised, and the territories."""
    codes, territories = pd.factorize(respondents["territory"])
    return codes, pd.Index(territories, name="territory")


def _chosen(edition: Edition, columns: list[str], options: dict[str, str]) -> Block:
    """Return respondent × column × option, for columns that hold an option code."""
    known = pd.Index(list(options), dtype="str")
    places = np.empty((len(edition.values), len(columns)), dtype=np.intp)
    for place, column in enumerate(columns):
        # A column holds few values: each distinct one is looked up once, the last line being that of missing ones.
        codes, distinct = pd.factorize(edition.values[column])
        places[:, place] = np.append(known.get_indexer(distinct), -1)[codes]
    return places[:, :, None] == np.arange(len(options))
