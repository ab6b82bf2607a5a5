"""Check of raw answers against the questionnaire: a code, a tick or a text, and a state, for each cell.

What is inadmissible is reported and left out, never guessed; who the territories are belongs to `edition`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.survey.issues import Findings
from lib.survey.normalisation import normalise
from lib.survey.options import names
from lib.survey.questionnaire import OTHER, Codebook, Condition, Question
from lib.survey.reading.export import Export
from lib.survey.reading.marks import NO, NOT_ASKED_CELL, YES
from lib.survey.states import NOT_ANSWERED, NOT_ASKED, NOT_TICKED, VALUE

_CODE = re.compile(r"\d{2,3}|2[AB]|\d{5}|2[AB]\d{3}|\d{9}", re.IGNORECASE)
_TICKS = {**dict.fromkeys(YES, "1"), **dict.fromkeys(NO, "")}


@dataclass(frozen=True)
class Checked:
    """Checked answers: one row per response of the file, in its order, and one column per column key.

    What the cells of `values` and `states` hold is told by `lib.survey.edition.Edition`.
    """

    values: pd.DataFrame
    states: pd.DataFrame
    findings: Findings


@dataclass
class _Columns:
    """Columns under construction: object arrays of values (None for none), int8 arrays of states."""

    export: Export
    findings: Findings
    values: dict[str, np.ndarray]
    states: dict[str, np.ndarray]

    def raw(self, key: str) -> np.ndarray | None:
        return self.export.answers[key].to_numpy() if key in self.export.answers else None

    def report(self, where: np.ndarray, key: str, shown: np.ndarray | None, problem: str) -> None:
        if not where.any():
            return
        rows = np.flatnonzero(where)
        cells = [""] * len(rows) if shown is None else [str(shown[row]) for row in rows]
        heading = self.export.headings.get(key, key)
        self.findings.add_rows(self.export.lines[rows], heading, cells, problem)

    def leave(self, key: str, state: int) -> None:
        size = len(self.export.lines)
        self.values[key] = np.full(size, None, dtype=object)
        self.states[key] = np.full(size, state, dtype=np.int8)


def validate(export: Export, codebook: Codebook) -> Checked:
    """Return the answers of an export, checked.

    Rules for what contradicts the questionnaire, each reported with its line, its column and what was read:

    - an unknown answer is left out, and counts as not answered;
    - « aucun » or « ne sait pas » ticked with other options: the other options are kept; both ticked and
      nothing else: not answered;
    - nothing ticked in a multiple choice (or in a row of an array of them): not answered;
    - a free text under « Autre » ticks « Autre »; in a list that has an « Autre » with a text, an unknown answer is
      kept as that text;
    - an option ranked twice keeps its better rank;
    - an answer to a question hidden by the logic of the questionnaire is kept.

    A blank where the logic hides the question is *not asked*, as is a cell that says so (« N/A »), and a
    column that the file does not have.
    """
    columns = _Columns(export, Findings(), {}, {})
    for question in codebook.questions:
        if question.kind in ("multiple", "array_multiple"):
            for group in question.groups.values():
                _check_ticks(columns, question, group)
        elif question.kind == "text":
            _check_text(columns, question.id)
        elif question.kind == "ranking":
            _check_ranking(columns, question)
        else:
            for key in question.columns:
                if key != question.other_column:
                    _check_choice(columns, question, key)
        if question.other:
            _check_text(columns, question.other_column)
            if question.kind == "single":
                _choose_other(columns, question)
    if codebook.parts.territory_code:
        _check_codes(columns, codebook.parts.territory_code)
    for question in codebook.questions:
        _apply_conditions(columns, question)
    keys = codebook.columns
    return Checked(
        values=pd.DataFrame({key: pd.array(columns.values[key], dtype="str") for key in keys}),
        states=pd.DataFrame({key: columns.states[key] for key in keys}),
        findings=columns.findings,
    )


def _translate(raw: np.ndarray, code_of: Callable[[str], str | None]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return codes (None where there is none), states, and where the text is no known answer."""
    inverse, texts = pd.factorize(raw)
    keys = [normalise(text) for text in texts]
    found = [None if key == NOT_ASKED_CELL else code_of(key) for key in keys]
    values = np.empty(len(keys), dtype=object)
    values[:] = found
    states = np.array(
        [
            NOT_ASKED if key == NOT_ASKED_CELL else NOT_ANSWERED if code is None else VALUE
            for key, code in zip(keys, found, strict=True)
        ],
        dtype=np.int8,
    )
    bad = np.array([bool(key) and code is None for key, code in zip(keys, found, strict=True)], dtype=bool)
    bad &= states != NOT_ASKED
    return values[inverse], states[inverse], bad[inverse]


def _check_choice(columns: _Columns, question: Question, key: str) -> None:
    raw = columns.raw(key)
    if raw is None:
        columns.leave(key, NOT_ASKED)
        return
    columns.values[key], columns.states[key], bad = _translate(raw, names(question.options).code)
    if not (question.other and question.kind == "single"):
        problem = "Cette réponse n’est pas une option de la question\u202f: elle n’est pas comptée."
        columns.report(bad, key, raw, problem)


def _check_text(columns: _Columns, key: str) -> None:
    raw = columns.raw(key)
    if raw is None:
        columns.leave(key, NOT_ASKED)
        return
    texts = np.empty(len(raw), dtype=object)
    texts[:] = [cell.strip() for cell in raw]
    not_asked = np.array([text.casefold() == NOT_ASKED_CELL for text in texts], dtype=bool)
    given = (texts != "") & ~not_asked
    texts[~given] = None
    columns.values[key] = texts
    columns.states[key] = np.where(given, VALUE, np.where(not_asked, NOT_ASKED, NOT_ANSWERED)).astype(np.int8)


def _choose_other(columns: _Columns, question: Question) -> None:
    """Read what is no option of a list as the text of « Autre », and a text under « Autre » as that choice."""
    raw = columns.raw(question.id)
    texts, told = columns.values[question.other_column], columns.states[question.other_column]
    values, states = columns.values[question.id], columns.states[question.id]
    if raw is not None:
        cells = np.array([cell.strip() for cell in raw], dtype=object)
        stray = (states == NOT_ANSWERED) & (cells != "")
        texts[stray & (told != VALUE)] = cells[stray & (told != VALUE)]
        told[stray] = VALUE
        problem = "Cette réponse n’est pas une option de la question\u202f: elle est gardée comme texte d’« Autre »."
        columns.report(stray, question.id, raw, problem)
    if OTHER in question.labels:
        chosen = (told == VALUE) & (states != VALUE)
        values[chosen], states[chosen] = OTHER, VALUE


def _check_ranking(columns: _Columns, question: Question) -> None:
    for key in question.columns:
        _check_choice(columns, question, key)
    ranked = [columns.values[key].copy() for key in question.columns]
    for rank, key in enumerate(question.columns):
        if not rank or key not in columns.export.answers:
            continue
        values, states = columns.values[key], columns.states[key]
        earlier = ranked[:rank]
        given = states == VALUE
        twice = given & _any(values == other for other in earlier)
        gap = given & _any(pd.isna(other) for other in earlier)
        raw = columns.raw(key)
        columns.report(twice, key, raw, "La même option est classée deux fois : seul son meilleur rang est gardé.")
        columns.report(gap & ~twice, key, raw, "Un rang précédent est vide : le rang donné est gardé tel quel.")
        values[twice] = None
        states[twice] = NOT_ANSWERED


def _any(masks: Iterable[np.ndarray]) -> np.ndarray:
    found, *others = masks
    for other in others:
        found = found | other
    return found


def _ticks_of(question: Question, option: str) -> dict[str, str]:
    """Return what the texts of a box to tick mean: some tools write the name of the option in it."""
    return {normalise(name): "1" for name in (option, question.labels[option])} | _TICKS


def _check_ticks(columns: _Columns, question: Question, group: tuple[str, ...]) -> None:
    """Check the columns of a multiple choice together: what one cell means depends on the others."""
    size = len(columns.export.lines)
    ticked = np.zeros((size, len(group)), dtype=bool)
    not_asked = np.ones((size, len(group)), dtype=bool)
    for position, key in enumerate(group):
        raw = columns.raw(key)
        if raw is not None:
            values, states, bad = _translate(raw, _ticks_of(question, key.rpartition("/")[2]).get)
            ticked[:, position] = values == "1"
            not_asked[:, position] = states == NOT_ASKED
            columns.report(bad, key, raw, "Cette case n’est ni cochée ni vide : elle est comptée comme non cochée.")
    _tick_other(columns, question, group, ticked, not_asked)

    exclusive = np.array([key.rpartition("/")[2] in question.exclusive for key in group], dtype=bool)
    others = np.count_nonzero(ticked[:, ~exclusive], axis=1) > 0
    alone = np.count_nonzero(ticked[:, exclusive], axis=1)
    mixed = (alone > 0) & others
    several = (alone > 1) & ~others
    if (mixed | several).any():
        shown = np.full(size, "", dtype=object)
        for row in np.flatnonzero(mixed | several):
            codes = [key.rpartition("/")[2] for key in np.array(group)[ticked[row]]]
            shown[row] = ", ".join(question.labels[code] for code in codes)
        first = group[int(np.argmax(exclusive))]
        columns.report(mixed, first, shown, "Réponse contradictoire : l’option exclusive n’est pas comptée.")
        columns.report(several, first, shown, "Réponse contradictoire : la question est comptée comme sans réponse.")
        ticked[np.ix_(mixed | several, exclusive)] = False

    blank = np.where(ticked.any(axis=1), NOT_TICKED, NOT_ANSWERED)[:, None]
    states = np.where(ticked, VALUE, np.where(not_asked, NOT_ASKED, blank)).astype(np.int8)
    for position, key in enumerate(group):
        columns.values[key] = np.array([None, "1"], dtype=object)[ticked[:, position].astype(int)]
        columns.states[key] = states[:, position]


def _tick_other(
    columns: _Columns, question: Question, group: tuple[str, ...], ticked: np.ndarray, not_asked: np.ndarray
) -> None:
    option = f"{question.id}/{OTHER}"
    texts = columns.raw(question.other_column) if question.other else None
    if texts is None or option not in group:
        return
    position = group.index(option)
    written = np.array([normalise(text) not in ("", NOT_ASKED_CELL) for text in texts], dtype=bool)
    if option in columns.export.answers:
        forgotten = written & ~ticked[:, position]
        problem = "Un texte est écrit sous « Autre » sans que la case soit cochée : elle est comptée comme cochée."
        columns.report(forgotten, option, None, problem)
    else:
        # LimeSurvey's own « Autre » has no box: the text is the tick.
        not_asked[:, position] = [normalise(text) == NOT_ASKED_CELL for text in texts]
    ticked[:, position] |= written


def _check_codes(columns: _Columns, key: str) -> None:
    raw = columns.raw(key)
    if raw is None:
        return
    given = columns.states[key] == VALUE
    odd = given & ~np.array([bool(_CODE.fullmatch("".join(text.split()))) for text in raw], dtype=bool)
    problem = "Ce n’est pas la forme d’un code INSEE (5 caractères) ni d’un numéro SIREN (9 chiffres)."
    columns.report(odd, key, raw, problem)


def _apply_conditions(columns: _Columns, question: Question) -> None:
    if question.asked_if:
        condition = question.asked_if
        answered = columns.states[condition.question] == VALUE
        _hide(columns, question.columns, answered & ~_holds(columns, condition, condition.question))
    if question.rows_hidden_if:
        for row in question.row_labels:
            hidden = _holds(columns, question.rows_hidden_if, f"{question.rows_hidden_if.question}/{row}")
            keys = tuple(key for key in question.columns if key.split("/")[1] == row)
            _hide(columns, keys, hidden)


def _holds(columns: _Columns, condition: Condition, key: str) -> np.ndarray:
    values = columns.values[key]
    return _any(values == option for option in condition.options)


def _hide(columns: _Columns, keys: tuple[str, ...], hidden: np.ndarray) -> None:
    answered = _any(columns.states[key] == VALUE for key in keys)
    problem = "La question ne devait pas être posée ici, mais une réponse y est donnée : elle est gardée."
    columns.report(hidden & answered, keys[0], None, problem)
    for key in keys:
        states = columns.states[key]
        states[hidden & ~answered & (states != NOT_ASKED)] = NOT_ASKED
