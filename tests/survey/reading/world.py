"""A questionnaire with every kind of question, thirty people, and what each tool can tell of their answers.

The answers are written here directly, as values and states; how a tool writes them belongs to `writers`, and
what a tool cannot tell is said once, by `World.expected`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd

from lib.survey.codebook import load_codebook
from lib.survey.questionnaire import Codebook, Condition, Question
from lib.survey.states import NOT_ANSWERED, NOT_ASKED, NOT_TICKED, VALUE

_PEOPLE = 30
_NAMES = ("Bordeaux", "CA du Grand Guéret", "Pays d’Aunis", "Club de pétanque", "Saint-Léon", "PAU")
_CODES = ("33063", "200034825", None, None, None, "64445")
_MEMBERS = ("CC Aunis Sud, CC Aunis Atlantique", "CC Aunis Sud; CC Aunis Atlantique", None)
_WRITTEN = (
    "La météo",
    "Temps perdu en réunions",
    'Dit « trop cher », puis "trop lent"',
    "Rien ne va ; tout est à refaire",
)
_REMARKS = (
    None,
    'Bonjour,\nvoici deux lignes ; et "des guillemets"',
    "C'est noté — merci à l’équipe",
    "Cœur de ville → périphérie",
    "Oui",
)


@dataclass(frozen=True)
class Respondent:
    """One person: `values` and `states` by column key, as in an edition; None where there is no value."""

    rank: int
    id: str
    submitted: bool
    values: dict[str, str | None]
    states: dict[str, int]

    def ticks(self, group: tuple[str, ...]) -> list[str]:
        """Return the codes of the ticked options of a group of columns."""
        return [key.rpartition("/")[2] for key in group if self.states[key] == VALUE]


@dataclass(frozen=True, eq=False)
class World:
    """Answers as they were given: what an edition should hold once a tool's file is read."""

    codebook: Codebook
    values: pd.DataFrame
    states: pd.DataFrame
    submitted: tuple[bool, ...]

    def __iter__(self) -> Iterator[Respondent]:
        """Yield the respondents in the order of the file."""
        return iter(self._people)

    @cached_property
    def _people(self) -> list[Respondent]:
        columns = list(self.values.columns)
        cells = self.values.astype(object).where(self.values.notna(), None).to_numpy()
        told = self.states.to_numpy().tolist()
        return [
            Respondent(
                rank, name, submitted, dict(zip(columns, given, strict=True)), dict(zip(columns, state, strict=True))
            )
            for rank, (name, submitted, given, state) in enumerate(
                zip(self.values.index, self.submitted, cells, told, strict=True)
            )
        ]

    def expected(
        self, *, tells_hidden: bool = False, has_other_box: bool = True, encoding: str = "utf-8"
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the values and the states that survive in a tool: all of them, but for three losses.

        - unless `tells_hidden` (the long answers of LimeSurvey write N/A), a question hidden by a logic that the
          questionnaire does not state cannot be told from a question left blank: not answered;
        - without `has_other_box`, « Autre » ticked with no text leaves no trace;
        - characters that `encoding` lacks are written as question marks.

        People who answered nothing beyond their identity are left out, as an edition leaves them out.
        """
        values, states = self.values.copy(), self.states.copy()
        if not tells_hidden:
            states = states.mask((states == NOT_ASKED) & ~_deducible(self.codebook, self.values), NOT_ANSWERED)
        if not has_other_box:
            for question in self.codebook.questions:
                if question.kind == "multiple" and question.other:
                    _forget_ticks_without_text(question, values, states)
        for key in values.columns:
            values[key] = [
                text if pd.isna(text) else text.encode(encoding, "replace").decode(encoding) for text in values[key]
            ]
        substantive = [key for question in self.codebook.substantive for key in question.columns]
        retained = (states[substantive] == VALUE).any(axis=1)
        return values[retained].astype("str"), states[retained].astype("int8")


def _forget_ticks_without_text(question: Question, values: pd.DataFrame, states: pd.DataFrame) -> None:
    box = f"{question.id}/autre"
    others = [key for key in question.groups[question.id] if key != box]
    lost = (states[box] == VALUE) & values[question.other_column].isna()
    nothing_else = ~(states[others] == VALUE).any(axis=1)
    values.loc[lost, box] = pd.NA
    states.loc[lost, box] = NOT_TICKED
    for key in (box, *others):
        states.loc[lost & nothing_else, key] = NOT_ANSWERED


def _deducible(codebook: Codebook, values: pd.DataFrame) -> pd.DataFrame:
    """Tell which cells the questionnaire itself says were not asked, from the answers to other questions."""
    hidden = pd.DataFrame(False, index=values.index, columns=values.columns)
    for question in codebook.questions:
        if question.asked_if:
            given = values[question.asked_if.question]
            for key in question.columns:
                hidden[key] |= given.notna() & ~given.isin(question.asked_if.options)
        if question.rows_hidden_if:
            condition: Condition = question.rows_hidden_if
            for row in question.row_labels:
                said = values[f"{condition.question}/{row}"].isin(condition.options)
                for key in question.columns:
                    if key.startswith(f"{question.id}/{row}/"):
                        hidden[key] |= said
    return hidden


def codebook() -> Codebook:
    """Return the questionnaire of the grid."""
    return load_codebook(Path(__file__).with_name("grid.toml"))


def aliased(questionnaire: Codebook) -> Codebook:
    """Return the questionnaire whose questions and options also bear the codes LimeSurvey gives by default."""
    questions = []
    for rank, question in enumerate(questionnaire.questions, start=1):
        rows = tuple(replace(row, aliases=(f"SQ{n:03}",)) for n, row in enumerate(question.rows, start=1))
        stem = "SQ{:03}" if question.kind in ("multiple", "array_multiple") else "A{}"
        options = tuple(
            replace(option, aliases=(stem.format(n),)) for n, option in enumerate(question.options, start=1)
        )
        questions.append(replace(question, aliases=(f"Q{rank}",), rows=rows, options=options))
    return replace(questionnaire, questions=tuple(questions))


def small_world() -> World:
    """Return the thirty people of the grid: every kind of question in every state it can be in."""
    questionnaire = codebook()
    answers = [_person(questionnaire, rank) for rank in range(_PEOPLE)]
    names = pd.Index([str(100 + rank) for rank in range(_PEOPLE)], name="respondent", dtype="str")
    values = pd.DataFrame([given for given, _ in answers], index=names, columns=list(questionnaire.columns))
    states = pd.DataFrame([told for _, told in answers], index=names, columns=list(questionnaire.columns))
    hidden = _deducible(questionnaire, values)
    # What the questionnaire hides was never answered, whatever the draw said.
    values = values.mask(hidden)
    states = states.mask(hidden, NOT_ASKED)
    return World(
        questionnaire,
        values.astype("str"),
        states.astype("int8"),
        tuple(rank % 5 != 4 for rank in range(_PEOPLE)),
    )


def edition_world(codebook: Codebook, values: pd.DataFrame, states: pd.DataFrame, submitted: np.ndarray) -> World:
    """Return the world of an edition already read: its people, in their order."""
    return World(codebook, values, states, tuple(bool(each) for each in submitted))


def differences(found: pd.DataFrame, expected: pd.DataFrame) -> list[str]:
    """Return the cells that differ: column, rank of the person, what was expected, what was found."""
    unlike = (found.to_numpy() != expected.to_numpy()) & ~(found.isna().to_numpy() & expected.isna().to_numpy())
    return [
        f"{expected.columns[column]} n° {row}: {expected.iat[row, column]!r} → {found.iat[row, column]!r}"
        for row, column in zip(*unlike.nonzero(), strict=True)
    ]


def _person(questionnaire: Codebook, rank: int) -> tuple[dict[str, str | None], dict[str, int]]:
    """Return the draw of one person; one in five stops after the ranking, the last two after their identity."""
    draw = Random(rank)
    values: dict[str, str | None] = dict.fromkeys(questionnaire.columns)
    states = dict.fromkeys(questionnaire.columns, NOT_ANSWERED)

    def give(key: str, text: str | None) -> None:
        values[key] = text
        states[key] = NOT_ANSWERED if text is None else VALUE

    identity = ("terr_type", "terr_nom", "terr_code", "terr_membres", "role", "accord", "remarques")
    stops = {"freins", "besoins", "actions", "suite", "accord", "remarques"} if rank % 5 == 4 else set()
    for position, question in enumerate(questionnaire.questions):
        if question.id in stops or (rank >= _PEOPLE - 2 and question.id not in identity):
            continue
        # A logic that only the form knows hides a question that can be blank elsewhere.
        if question.id in ("role", "rang", "besoins", "suite", "niveau", "accord") and (rank + position) % 9 == 0:
            states.update(dict.fromkeys(question.columns, NOT_ASKED))
        elif question.kind == "text":
            give(question.id, _text(question.id, rank))
        elif question.kind in ("single", "scale"):
            give(question.id, None if (rank + position) % 8 == 0 else draw.choice(question.options).code)
        elif question.kind == "array":
            for key in question.columns:
                give(key, None if draw.random() < 0.15 else draw.choice(question.options).code)
        elif question.kind == "ranking":
            for key, option in zip(question.columns, draw.sample(question.options, rank % 3), strict=False):
                give(key, option.code)
        else:
            for group in question.groups.values():
                _tick(question, group, draw, give, states)
    for question_id in ("freins", "besoins"):
        if values[f"{question_id}/autre"] and rank != 13:
            give(f"{question_id}/autre/texte", _WRITTEN[rank % len(_WRITTEN)])
    if rank % 4 == 1 and "actions" not in stops and rank < _PEOPLE - 2:
        give("actions/autre/texte", "Ateliers, cafés-débats ; conférences")
    if rank == 13:
        # « Autre » ticked alone, and ticked with another, without a word.
        for question_id, codes in (("freins", ("autre",)), ("besoins", ("temps", "autre"))):
            group = questionnaire[question_id].groups[question_id]
            for key in group:
                ticked = key.rpartition("/")[2] in codes
                values[key] = "1" if ticked else None
                states[key] = VALUE if ticked else NOT_TICKED
            give(f"{question_id}/autre/texte", None)
    return values, states


def _text(question_id: str, rank: int) -> str | None:
    texts = {"terr_nom": _NAMES, "terr_code": _CODES, "terr_membres": _MEMBERS, "remarques": _REMARKS}
    choice = texts[question_id]
    return choice[rank % len(choice)]


def _tick(
    question: Question,
    group: tuple[str, ...],
    draw: Random,
    give: Callable[[str, str | None], None],
    states: dict[str, int],
) -> None:
    """Tick nothing, one exclusive option alone, or several of the others."""
    fate = draw.random()
    if fate < 0.15:
        return
    keys = {key.rpartition("/")[2]: key for key in group}
    exclusive = [code for code in keys if code in question.exclusive]
    others = [code for code in keys if code not in question.exclusive]
    chosen = [draw.choice(exclusive)] if exclusive and fate < 0.3 else draw.sample(others, draw.randint(1, len(others)))
    for code, key in keys.items():
        if code in chosen:
            give(key, "1")
        else:
            states[key] = NOT_TICKED
