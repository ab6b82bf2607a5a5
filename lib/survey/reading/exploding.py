"""Columns that hold several options in one cell, turned into one column for each option, rank or text of « Autre ».

How one cell is taken apart is told by `joined`; which column that is was decided by `mapping`.
"""

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lib.survey.normalisation import normalise
from lib.survey.options import names
from lib.survey.questionnaire import OTHER, Question
from lib.survey.reading.joined import Item, longest, split_cell
from lib.survey.reading.marks import NOT_ASKED_CELL

_RANK = re.compile(r"\D*(\d{1,2})\D*")
_NOT_ASKED = "N/A"
_NO_OPTION = "Cette réponse n’est pas une option de la question\u202f: elle n’est pas comptée."
_TOO_FAR = "Plus de rangs que le questionnaire n’en compte\u202f: les derniers ne sont pas gardés."
OTHER_LOST = (
    "Un texte sous «\u202fAutre\u202f» est lu comme une case cochée\u202f: le questionnaire ne garde pas ce texte."
)
_TWICE = "Deux options portent le même rang\u202f: seule la première est gardée."


@dataclass
class Exploded:
    """Cells of each column key, and the rows (positions) that have a problem, with its French sentence."""

    cells: dict[str, np.ndarray] = field(default_factory=dict)
    problems: list[tuple[np.ndarray, str]] = field(default_factory=list)

    def report(self, where: np.ndarray, problem: str) -> None:
        """Record a problem of the rows where it is True, if any."""
        if where.any():
            self.problems.append((np.flatnonzero(where), problem))


def explode(cells: np.ndarray, key: str, question: Question, separator: str, chosen: dict[str, str]) -> Exploded:
    """Return the answers of a column of several options.

    Parameters
    ----------
    cells : array of str
    key : id of the question, or `id/row` for a row of an array of multiples.
    question : Question
    separator : what stands between options.
    chosen : option codes that a person gave to normalised texts; an empty code leaves the text out.
    """
    inverse, texts = pd.factorize(cells)
    known = names(question.options)
    found: dict[str, str | None] = {}

    def code_of(text: str) -> str | None:
        if text not in found:
            given = chosen.get(normalise(text))
            found[text] = given if given is not None else known.code(text)
        return found[text]

    limit = max(longest(question.options, separator), 1 + max((text.count(separator) for text in chosen), default=0))
    hidden = np.array([normalise(text) == NOT_ASKED_CELL for text in texts], dtype=bool)
    split = [
        [] if away else split_cell(text, separator or ";", code_of, limit)
        for text, away in zip(texts, hidden, strict=True)
    ]
    items = [[item for item in cell if item.code != ""] for cell in split]
    if question.kind == "ranking":
        return _ranking(items, hidden, inverse, question)
    return _ticks(items, hidden, inverse, key, question)


def _ticks(items: list[list[Item]], hidden: np.ndarray, inverse: np.ndarray, key: str, question: Question) -> Exploded:
    exploded = Exploded()
    codes = [{item.code for item in cell} - {None} for cell in items]
    rests = ["; ".join(item.text for item in cell if item.code is None) for cell in items]
    written = np.array([bool(rest) for rest in rests], dtype=bool)
    own_other = key == question.id and OTHER in question.labels
    if own_other:
        for cell, rest in zip(codes, rests, strict=True):
            cell.update({OTHER} if rest else ())
        if not question.other:
            exploded.report(written[inverse], OTHER_LOST)
    if question.other and key == question.id:
        exploded.cells[question.other_column] = _spread(rests, hidden, inverse)
    elif not own_other:
        exploded.report(written[inverse], _NO_OPTION)
    for option in question.options:
        ticks = ["1" if option.code in cell else "" for cell in codes]
        exploded.cells[f"{key}/{option.code}"] = _spread(ticks, hidden, inverse)
    return exploded


def _ranking(items: list[list[Item]], hidden: np.ndarray, inverse: np.ndarray, question: Question) -> Exploded:
    exploded = Exploded()
    for rank in range(1, question.ranks + 1):
        ranked = [(cell[rank - 1].code or cell[rank - 1].text) if len(cell) >= rank else "" for cell in items]
        exploded.cells[f"{question.id}/{rank}"] = _spread(ranked, hidden, inverse)
    further = np.array([len(cell) > question.ranks for cell in items], dtype=bool)
    exploded.report(further[inverse], _TOO_FAR)
    return exploded


def explode_rank(cells: np.ndarray, option: str, question: Question, known: dict[str, np.ndarray]) -> Exploded:
    """Return the ranks of a ranking, completed by a column that holds the rank given to one option.

    Parameters
    ----------
    cells : array of str
        A rank, as a number with or without words around it.
    option : code of the option.
    question : Question
    known : cells by column key so far.
    """
    exploded = Exploded()
    inverse, texts = pd.factorize(cells)
    met = [_RANK.fullmatch(text.strip()) for text in texts]
    ranks = np.array([int(found[1]) if found else 0 for found in met], dtype=int)[inverse]
    hidden = np.array([normalise(text) == NOT_ASKED_CELL for text in texts], dtype=bool)[inverse]
    blank = np.full(len(cells), "", dtype=object)
    twice = np.zeros(len(cells), dtype=bool)
    for rank in range(1, question.ranks + 1):
        key = f"{question.id}/{rank}"
        column = known.get(key, blank)
        here = ranks == rank
        free = (column == "") | (column == _NOT_ASKED)
        twice |= here & ~free
        column = np.where(here & free, option, column)
        exploded.cells[key] = np.where(hidden & (column == ""), _NOT_ASKED, column)
    unread = np.array(
        [not found and normalise(text) not in ("", NOT_ASKED_CELL) for found, text in zip(met, texts, strict=True)]
    )
    exploded.report(twice, _TWICE)
    exploded.report(unread[inverse], _NO_OPTION)
    return exploded


def _spread(texts: list[str], hidden: np.ndarray, inverse: np.ndarray) -> np.ndarray:
    """Return one cell for each row from those of the distinct texts, saying which were not asked."""
    cells = np.empty(len(texts), dtype=object)
    cells[:] = texts
    cells[hidden] = _NOT_ASKED
    return cells[inverse]
