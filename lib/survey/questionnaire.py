"""The questionnaire as values: questions, options, parts, and the column keys under which answers are kept.

Reading the file that describes a questionnaire, and refusing a faulty one, belong to `codebook`.
"""

from dataclasses import dataclass

KINDS = {
    "single": "choix unique",
    "scale": "échelle",
    "multiple": "choix multiple",
    "array": "tableau",
    "ranking": "classement",
    "array_multiple": "tableau à choix multiple",
    "text": "texte libre",
}
"""Kinds of questions, and their French names."""
UNITS = ("respondents", "territories")
OTHER = "autre"
"""Code of the option « Autre », the one that may come with a free text."""


@dataclass(frozen=True)
class Option:
    """One possible answer, or one row of an array.

    `exclusive` options (« aucun », « ne sait pas ») rule out the others of a multiple choice; `dont_know`
    marks « ne sait pas », which is an answer, but no opinion and no fact. `aliases` are the other codes under
    which a survey tool exports it (`A1`, `SQ001`).
    """

    code: str
    label: str
    exclusive: bool = False
    dont_know: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """True of a respondent who gave one of `options` to the question whose id is `question`."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One question, its wording and its column keys.

    Attributes
    ----------
    kind : one of `KINDS`. The options of a `scale` and of an `array` are in the order of the scale.
    text, short : the wording put to respondents, and a title short enough for a chart.
    unit : default unit of analysis, « respondents » (an opinion) or « territories » (a fact).
    ranks : how many ranks a `ranking` has, 0 for the other kinds.
    other : whether « Autre » comes with a free text, kept under `id/autre/texte`.
    other_text : wording of that free text when the form asks it as a question of its own, else empty.
    descending : whether the options go from the most to the least, so that « dark means more » on maps and
        charts.
    required : whether a file without this question cannot be read at all.
    asked_if : the question is put only where this holds; None when it is put to everyone.
    rows_hidden_if : a row is *not* put to those who gave one of these answers to the same row of that
        question.
    aliases : other codes under which a survey tool exports the question (`Q1`).
    """

    id: str
    kind: str
    text: str
    short: str
    options: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    unit: str = "respondents"
    ranks: int = 0
    other: bool = False
    other_text: str = ""
    required: bool = False
    descending: bool = False
    asked_if: Condition | None = None
    rows_hidden_if: Condition | None = None
    aliases: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Column keys of the answers in questionnaire order, the free text of « Autre » last."""
        keys: list[str] = []
        if self.kind in ("single", "scale", "text"):
            keys = [self.id]
        elif self.kind == "multiple":
            keys = [f"{self.id}/{option.code}" for option in self.options]
        elif self.kind == "array":
            keys = [f"{self.id}/{row.code}" for row in self.rows]
        elif self.kind == "ranking":
            keys = [f"{self.id}/{rank}" for rank in range(1, self.ranks + 1)]
        elif self.kind == "array_multiple":
            keys = [f"{self.id}/{row.code}/{option.code}" for row in self.rows for option in self.options]
        return (*keys, self.other_column) if self.other else tuple(keys)

    @property
    def other_column(self) -> str:
        """Column key of the free text of « Autre », empty when the question has none."""
        return f"{self.id}/{OTHER}/texte" if self.other else ""

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Column keys that are answered together: one entry, or one for each row of an array of multiples.

        Keyed by the id, or by `id/row`. The free text of « Autre » is in none of them.
        """
        if self.kind == "array_multiple":
            return {
                f"{self.id}/{row.code}": tuple(f"{self.id}/{row.code}/{option.code}" for option in self.options)
                for row in self.rows
            }
        return {self.id: tuple(key for key in self.columns if key != self.other_column)}

    @property
    def labels(self) -> dict[str, str]:
        """French label of each option, by code, in questionnaire order."""
        return {option.code: option.label for option in self.options}

    @property
    def row_labels(self) -> dict[str, str]:
        """French label of each row, by code, in questionnaire order."""
        return {row.code: row.label for row in self.rows}

    @property
    def exclusive(self) -> tuple[str, ...]:
        """Codes of the options that rule out the others."""
        return tuple(option.code for option in self.options if option.exclusive)

    @property
    def dont_know(self) -> tuple[str, ...]:
        """Codes of the options that mean « ne sait pas »."""
        return tuple(option.code for option in self.options if option.dont_know)


@dataclass(frozen=True)
class Parts:
    """Ids of the questions the dashboard must recognise; empty where the questionnaire has none.

    `consent_yes` is the option of `consent` that allows publication by name: any other answer, or none,
    refuses it.
    """

    territory_type: str
    territory_name: str
    territory_code: str = ""
    territory_members: str = ""
    role: str = ""
    consent: str = ""
    consent_yes: str = ""
    free_text: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all the questions that play a part."""
        single = (
            self.territory_type,
            self.territory_name,
            self.territory_code,
            self.territory_members,
            self.role,
            self.consent,
        )
        return tuple(question for question in (*single, *self.free_text) if question)


@dataclass(frozen=True)
class Codebook:
    """A questionnaire: `codebook["themes"]` is its question `themes`."""

    id: str
    title: str
    parts: Parts
    questions: tuple[Question, ...]

    def __getitem__(self, question_id: str) -> Question:
        """Return the question of this id; KeyError when there is none."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    def __contains__(self, question_id: object) -> bool:
        """Tell whether a question has this id."""
        return any(question.id == question_id for question in self.questions)

    @property
    def columns(self) -> tuple[str, ...]:
        """Column keys of all the questions, in questionnaire order."""
        return tuple(key for question in self.questions for key in question.columns)

    @property
    def substantive(self) -> tuple[Question, ...]:
        """Questions that play no part: a respondent who answered none of them is not retained."""
        return tuple(question for question in self.questions if question.id not in self.parts.ids)
