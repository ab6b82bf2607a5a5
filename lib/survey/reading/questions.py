"""The questionnaire as headings name it: which answer the parts of a heading are, by wording or by code.

How headings are taken apart is told by `headings`; choosing among the columns of a file belongs to `mapping`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lib.survey.normalisation import normalise, squeeze
from lib.survey.options import Names, names
from lib.survey.questionnaire import OTHER, Codebook, Question
from lib.survey.reading.headings import Parts
from lib.survey.reading.marks import UNNAMED, is_comment, is_other

_RANK = re.compile(
    r"(?:(?:classement|rang|rank|ranking|choix|choice|priorité|position|n°|numéro)[\s_]*)?\(?(\d{1,2})\)?"
    r"|_?(\d{1,2})(?:st|nd|rd|th|er|re|ère|e|ème|nde)[\s_]*(?:choice|choix|rang|rank|priorité|place)?"
)
_SIGNS = ("][", "/", " - ", ":", ".", "_", "|", ">")
_SHORTEST = 8
"""Fewer letters than that do not tell a question from another: a text is shortened to 15 characters, spaces counted."""
_WORDS_OF_RANK = ("premier", "deuxième", "troisième", "quatrième", "cinquième")


@dataclass(frozen=True)
class Target:
    """What a column is.

    Attributes
    ----------
    role : - `answer`, of the column key `key`;
        - `joined`, several options in one cell: `key` is the id of a question, or `id/row`; for a ranking,
          `id/option` is a column that holds the rank given to that option;
        - `comment` of the question `key`, read and not kept;
        - `metadata`, the tool's own column called `key`;
        - `contact`, of the kind `key`;
        - `ignored`, on purpose;
        - `unknown`, when nobody has said yet.
    by : how that was found, « code », « wording » or « person »; empty for what is no answer.
    """

    role: str
    key: str = ""
    by: str = ""


UNKNOWN = Target("unknown")


class Questions:
    """The questions of a codebook by the names that headings give them."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self._by_wording: dict[str, Question] = {}
        self._other_texts: dict[str, Question] = {}
        for question in codebook.questions:
            self._by_wording[normalise(question.text)] = question
            if question.other_text:
                self._other_texts[normalise(question.other_text)] = question
        self._texts = dict(self._by_wording)
        keys: dict[str, list[str]] = {}
        for key in codebook.columns:
            keys.setdefault(squeeze(key), []).append(key)
        self._by_key = {name: found[0] for name, found in keys.items() if len(found) == 1 and name}
        for name in (lambda asked: normalise(asked.short), lambda asked: squeeze(asked.text)):
            self._add(self._by_wording, ((name(question), question) for question in codebook.questions))
        for question in codebook.questions:
            if question.other_text:
                self._other_texts.setdefault(squeeze(question.other_text), question)
        self._by_code: dict[str, Question] = {}
        codes = [(squeeze(code), question) for question in codebook.questions for code in _codes(question)]
        self._add(self._by_code, codes)
        self._labels = {question.id: _labels(question) for question in codebook.questions}

    @staticmethod
    def _add(known: dict[str, Question], named: Iterable[tuple[str, Question]]) -> None:
        """Add the names that one question alone has, and that are not known yet."""
        owners: dict[str, list[Question]] = {}
        for name, question in named:
            owners.setdefault(name, []).append(question)
        for name, questions in owners.items():
            if name and len({question.id for question in questions}) == 1:
                known.setdefault(name, questions[0])

    def by_wording(self, text: str) -> Question | None:
        """Return the question of this normalised wording, None when there is none."""
        return self._by_wording.get(text) or self._by_wording.get(squeeze(_unnumbered(text)))

    def by_code(self, text: str) -> Question | None:
        """Return the question of this code, None when there is none."""
        return self._by_code.get(squeeze(text))

    def targets(self, parts: Parts, *, coded: bool) -> list[Target]:
        """Return what a heading taken apart may be, most likely first; empty when it is nothing known.

        Parameters
        ----------
        parts : Parts
        coded : bool
            Whether the question is looked for by code, else by wording.
        """
        by = "code" if coded else "wording"
        question = self.by_code(parts[0]) if coded else self.by_wording(parts[0])
        if question:
            return [Target(role, key, by) for role, key in self._places(question, parts[1:])]
        if coded or len(parts) > 1:
            return []
        other = self._other_texts.get(parts[0]) or self._other_texts.get(squeeze(_unnumbered(parts[0])))
        return [Target("answer", other.other_column, by)] if other else []

    def _places(self, question: Question, groups: Sequence[str]) -> list[tuple[str, str]]:
        if groups and (is_comment(groups[-1]) or self._is_comment_of_option(question, groups)):
            return [("comment", question.id)]
        groups = [group or UNNAMED for group in groups]
        options, rows = names(question.options), names(question.rows)
        if question.kind == "ranking":
            return _ranks(question, groups, options)
        if not groups:
            several = question.kind == "multiple"
            nowhere = question.kind in ("array", "array_multiple")
            return [] if nowhere else [("joined" if several else "answer", question.id)]
        if len(groups) == 1 and question.kind in ("single", "scale") and is_other(groups[0]):
            return [("answer", question.other_column) if question.other else ("comment", question.id)]
        if question.kind == "multiple" and len(groups) == 1:
            return _options(question, groups[0], options)
        if question.kind == "array" and len(groups) == 1:
            row = rows.code(groups[0])
            return [("answer", f"{question.id}/{row}")] if row else []
        if question.kind == "array_multiple":
            return _cells(question, groups, rows, options)
        return []

    def _is_comment_of_option(self, question: Question, groups: Sequence[str]) -> bool:
        """Tell whether the last group is the code of an option followed by « comment »: `SQ001comment`."""
        stem = groups[-1].removesuffix("comment")
        return stem not in ("", groups[-1]) and bool(self._places(question, (*groups[:-1], stem)))

    def by_key(self, heading: str) -> list[Target]:
        """Return the answer whose column key a heading is, whatever stands between its parts."""
        key = self._by_key.get(squeeze(heading))
        return [Target("answer", key, "code")] if key else []

    def of_text(self, text: str) -> list[Target]:
        """Return the answer to the question that has this very wording, as a whole or to be said freely."""
        question = self._texts.get(text)
        if question:
            return [Target(role, key, "wording") for role, key in self._places(question, ())]
        other = self._other_texts.get(text)
        return [Target("answer", other.other_column, "wording")] if other else []

    def beginning_with(self, text: str, groups: Sequence[str]) -> list[Target]:
        """Return what a shortened heading may be, in questionnaire order.

        `text` is how the question begins; groups are codes, or labels shortened in the same way.
        """
        found: list[Target] = []
        if len(text) < _SHORTEST:
            return found
        for question in self.codebook.questions:
            if normalise(question.other_text).startswith(text) and question.other_text and not groups:
                found.append(Target("answer", question.other_column, "wording"))
            if not normalise(question.text).startswith(text):
                continue
            places = self._places(question, groups) or self._shortened(question, groups)
            found += [Target(role, key, "wording") for role, key in places]
        return found

    def _shortened(self, question: Question, groups: Sequence[str]) -> list[tuple[str, str]]:
        # A code in brackets may be the whole code, question included: « [Q1[SQ001]] » or « [Q1] ».
        if len(groups) == 1:
            code, bracket, rest = groups[0].partition("[")
            if self.by_code(code) is question:
                return self._places(question, tuple(rest.rstrip("]").split("_")) if bracket else ())
            if "_" in groups[0]:
                joined = self._places(question, tuple(groups[0].split("_", 1)))
                if joined:
                    return joined
        stems = [group.removesuffix("..").strip() for group in groups]
        if stems == list(groups):
            return []
        return [
            ("answer", key)
            for key, labels in self._labels[question.id].items()
            if len(labels) == len(stems)
            and all(label.startswith(stem) for label, stem in zip(labels, stems, strict=True))
        ]

    def begun_by(self, heading: str) -> list[Target]:
        """Return what a heading may be that joins question and option in a way of its own: « Freins : Temps ».

        The question's wording, or its code followed by a sign, comes first; what is left must name an option.
        """
        text = normalise(heading)
        for question in sorted(self.codebook.questions, key=lambda asked: -len(asked.text)):
            for name in (normalise(question.text), *map(normalise, _codes(question)), normalise(question.short)):
                rest = text.removeprefix(name)
                if rest == text or not rest or rest[0].isalnum():
                    continue
                group = rest.strip(" _-–—:./|>()[]")
                places = self._places(question, (group,)) if group else []
                if not places and question.kind == "array_multiple":
                    cuts = [group.split(sign) for sign in _SIGNS]
                    places = [
                        place
                        for cut in cuts
                        if len(cut) == 2
                        for place in self._places(question, tuple(part.strip(" []") for part in cut))
                    ]
                if places:
                    return [Target(role, key, "wording") for role, key in places]
        return []

    def of_row(self, text: str) -> list[Target]:
        """Return the rows, of any array, that a heading names by itself."""
        bare = re.sub(r"(?<=\D)\d{1,2}$", "", text)
        found = []
        for question in self.codebook.questions:
            if question.kind in ("array", "array_multiple"):
                labelled = {normalise(label): code for code, label in question.row_labels.items()}
                row = labelled.get(text) or labelled.get(bare)
                if row:
                    role = "answer" if question.kind == "array" else "joined"
                    found.append(Target(role, f"{question.id}/{row}", "wording"))
        return found


def _codes(question: Question) -> tuple[str, ...]:
    return (question.id, *question.aliases)


def _unnumbered(text: str) -> str:
    """Return a wording without the number that a tool or a person put before it: « 3. », « Q3 - », « 3) »."""
    return re.sub(r"^(?:q(?:uestion)?\s*)?\d{1,3}\s*[.):–-]+\s*", "", text)


def _labels(question: Question) -> dict[str, tuple[str, ...]]:
    """Return the normalised labels of the groups of each column key, without the text of « Autre »."""
    texts = {code: normalise(label) for code, label in (question.labels | question.row_labels).items()}
    options = {code: normalise(label) for code, label in question.labels.items()}
    rows = {code: normalise(label) for code, label in question.row_labels.items()}
    if question.kind == "multiple":
        return {f"{question.id}/{code}": (label,) for code, label in options.items()}
    if question.kind == "array":
        return {f"{question.id}/{code}": (label,) for code, label in rows.items()}
    if question.kind == "array_multiple":
        return {f"{question.id}/{row}/{code}": (rows[row], options[code]) for row in rows for code in options}
    return {key: (texts.get(key, f"classement {key.rpartition('/')[2]}"),) for key in question.columns}


def _options(question: Question, group: str, options: Names) -> list[tuple[str, str]]:
    code = options.code(group)
    places = [("answer", f"{question.id}/{code}")] if code else []
    if is_other(group):
        if not code and OTHER in question.labels:
            places.append(("answer", f"{question.id}/{OTHER}"))
        if question.other:
            places.append(("answer", question.other_column))
    return places


def _cells(question: Question, groups: Sequence[str], rows: Names, options: Names) -> list[tuple[str, str]]:
    row = rows.code(groups[0])
    if row and len(groups) == 1:
        return [("joined", f"{question.id}/{row}")]
    code = options.code(groups[1]) if len(groups) == 2 else None
    if row and code:
        return [("answer", f"{question.id}/{row}/{code}")]
    if question.other and len(groups) == 1 and is_other(groups[0]):
        return [("answer", question.other_column)]
    return []


def _ranks(question: Question, groups: Sequence[str], options: Names) -> list[tuple[str, str]]:
    if not groups:
        return [("joined", question.id)]
    if len(groups) > 1:
        return []
    found = _RANK.fullmatch(groups[0])
    rank = int(found[1] or found[2]) if found else 0
    if not rank:
        first = groups[0].partition(" ")[0]
        rank = _WORDS_OF_RANK.index(first) + 1 if first in _WORDS_OF_RANK else 0
    if rank:
        # Tools export as many ranks as there are options: those that the questionnaire does not count are left out.
        return [("answer", f"{question.id}/{rank}")] if rank <= question.ranks else [("ignored", "")]
    code = options.code(groups[0])
    return [("joined", f"{question.id}/{code}")] if code else []
