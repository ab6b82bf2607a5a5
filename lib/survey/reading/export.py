"""Reading of a table, its columns being known, into raw answers named by column key.

It puts every tool's conventions into the one form that `validation` understands, and reports what it leaves out;
whether an answer is admissible belongs to `validation`.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lib.survey.issues import Findings
from lib.survey.normalisation import normalise
from lib.survey.questionnaire import OTHER, Codebook, Question
from lib.survey.reading.contacts import count_addresses
from lib.survey.reading.exploding import OTHER_LOST, explode, explode_rank
from lib.survey.reading.mapping import Mapping
from lib.survey.reading.marks import MARKS, NO
from lib.survey.reading.questions import Target
from lib.survey.reading.report import report_columns, report_missing
from lib.survey.reading.table import SurveyFileError, Table
from lib.survey.reading.tools import AUTRE, TOOLS, Tool

_NOT_A_DRAFT = NO | {"", "n/a"}


@dataclass(frozen=True)
class Export:
    """An export, read and not yet checked.

    Attributes
    ----------
    lines : line of the file on which each response starts.
    answers : raw text of the cells, one column per column key found, in questionnaire order; no missing
        value. A cell is the code or the label of an option, a mark of `lib.survey.reading.marks`, or a text.
    headings : heading of each of these columns as written in the file.
    metadata : raw text of the tool's own columns (`id`, `submitdate`, …) found in the file; `submitdate` is blank
        where the tool says that the response is a draft.
    contacts : headings of the columns set apart; their content is not kept.
    findings : what was found odd about the file and its headings.
    tool : what wrote the file.
    """

    encoding: str
    separator: str
    lines: np.ndarray
    answers: pd.DataFrame
    headings: dict[str, str]
    metadata: pd.DataFrame
    contacts: tuple[str, ...] = ()
    findings: Findings = field(default_factory=Findings)
    tool: Tool = AUTRE


def read_export(table: Table, mapping: Mapping, codebook: Codebook) -> Export:
    """Return the raw answers of a table.

    Cells that hold several options are taken apart by the longest option that they name: what is left of them is
    the text of « Autre » where the question has one, and is reported elsewhere.

    Parameters
    ----------
    table : Table
    mapping : Mapping
        What the columns of the table are, one target for each.
    codebook : Codebook
        The questionnaire that was put.

    Raises
    ------
    SurveyFileError
        When the table has no answer, or lacks a question without which nothing can be read.
    """
    if len(mapping.columns) != len(table.headings):
        raise SurveyFileError(
            "La correspondance des colonnes a été faite pour d’autres intitulés\u202f: recommencez-la à partir du "
            "fichier."
        )
    _refuse_without_questions(table, mapping, codebook)
    findings = Findings()
    tool = TOOLS.get(mapping.tool, AUTRE)
    _report_file(table, tool, findings)
    read = _Answers(table, mapping, codebook, findings)
    for position, target in enumerate(mapping.columns):
        if target.role == "answer":
            read.direct(position, target)
    for position, target in enumerate(mapping.columns):
        if target.role == "joined":
            read.joined(position, target)
    report_columns(table, mapping, codebook, read.repeated, findings)
    report_missing(table, codebook, set(read.cells), findings)
    keys = [key for key in codebook.columns if key in read.cells]
    _report_addresses(codebook, read, findings, table.header_line)
    return Export(
        encoding=table.encoding,
        separator=table.separator,
        lines=np.asarray(table.lines),
        # One block for each column: gathering them in one would double the memory of the answers.
        answers=pd.DataFrame({key: read.cells[key] for key in keys}, dtype=object, copy=False),
        headings={key: read.headings[key] for key in keys},
        metadata=_metadata(table, mapping),
        contacts=tuple(
            heading for heading, target in zip(table.headings, mapping.columns, strict=True) if target.role == "contact"
        ),
        findings=findings,
        tool=tool,
    )


def _refuse_without_questions(table: Table, mapping: Mapping, codebook: Codebook) -> None:
    found = {target.key for target in mapping.columns if target.role in ("answer", "joined")}
    if not found:
        raise SurveyFileError(
            f"Aucun des {len(table.headings)} intitulés de colonne (ligne {table.header_line}) n’est celui "
            f"d’une question de «\u202f{codebook.title}\u202f». Exportez les réponses avec les intitulés complets des "
            "questions, ou indiquez vous-même à quelle question répond chaque colonne."
        )
    asked = {key.partition("/")[0] for key in found}
    for question in codebook.questions:
        if question.required and question.id not in asked:
            raise SurveyFileError(
                f"La question «\u202f{question.text}\u202f» manque dans les intitulés "
                f"(ligne {table.header_line})\u202f: "
                "sans elle, les réponses ne peuvent pas être lues. Exportez à nouveau le fichier avec toutes "
                "ses colonnes."
            )
    if not len(table.lines):
        raise SurveyFileError(
            "Le fichier a des intitulés, mais aucune réponse\u202f: vérifiez le filtre de "
            "l’export dans l’outil d’enquête."
        )


def _report_file(table: Table, tool: Tool, findings: Findings) -> None:
    for note in table.notes:
        findings.add(table.header_line, "", "", note)
    if not tool.verified:
        problem = (
            f"La lecture des fichiers de {tool.label} n’a pas été vérifiée sur de vrais fichiers\u202f: contrôlez "
            "le résultat."
        )
        findings.add(table.header_line, "", "", problem)


class _Answers:
    """Answers under construction: the cells of each column key, and the heading that they came under."""

    def __init__(self, table: Table, mapping: Mapping, codebook: Codebook, findings: Findings) -> None:
        self.table = table
        self.mapping = mapping
        self.codebook = codebook
        self.findings = findings
        self.cells: dict[str, np.ndarray] = {}
        self.headings: dict[str, str] = {}
        self.repeated: list[int] = []

    def direct(self, position: int, target: Target) -> None:
        """Read a column that is one answer; a second one for the same answer is not read."""
        question = self._question(target)
        if target.key in self.cells or question is None or target.key not in question.columns:
            self.repeated.append(position)
            return
        cells = self._column(position)
        if target.key == f"{question.id}/{OTHER}" and question.kind == "multiple":
            cells = self._ticks_of_texts(position, cells, question)
        elif target.key == question.other_column:
            cells = _without_marks(cells)
        elif question.kind in ("single", "scale", "array", "ranking"):
            cells = _renamed(cells, self.mapping.options.get(question.id, {}))
        self.cells[target.key] = cells
        self.headings[target.key] = self.table.headings[position]

    def joined(self, position: int, target: Target) -> None:
        """Read a column of several options in one cell, for the answers that have no column of their own."""
        question = self._question(target)
        part = target.key.partition("/")[2]
        if question is None:
            self.repeated.append(position)
            return
        heading = self.table.headings[position]
        cells = self._column(position)
        if part and question.kind == "ranking":
            exploded = explode_rank(cells, part, question, self.cells)
        else:
            exploded = explode(
                cells, target.key, question, self.mapping.joined, self.mapping.options.get(question.id, {})
            )
        for key, column in exploded.cells.items():
            if key not in self.cells or (part and question.kind == "ranking"):
                self.cells[key] = column
                self.headings.setdefault(key, heading)
            elif key == question.other_column:
                self.cells[key] = np.where(self.cells[key] == "", column, self.cells[key])
        for rows, problem in exploded.problems:
            self.findings.add_rows(self.table.lines[rows], heading, cells[rows], problem)

    def _question(self, target: Target) -> Question | None:
        question_id = target.key.partition("/")[0]
        return next((question for question in self.codebook.questions if question.id == question_id), None)

    def _column(self, position: int) -> np.ndarray:
        return np.asarray(self.table.column(position), dtype=object)

    def _ticks_of_texts(self, position: int, cells: np.ndarray, question: Question) -> np.ndarray:
        """Read a text under « Autre » as a tick where the questionnaire keeps no text of it."""
        inverse, texts = pd.factorize(cells)
        own = normalise(question.labels[OTHER])
        written = np.array([normalise(text) not in MARKS | {own, OTHER} for text in texts], dtype=bool)
        if question.other or not written.any():
            return cells
        self.findings.add(
            self.table.header_line,
            self.table.headings[position],
            "",
            OTHER_LOST,
        )
        ticks = np.array(["1" if text else cell for text, cell in zip(written, texts, strict=True)], dtype=object)
        return ticks[inverse]


def _without_marks(cells: np.ndarray) -> np.ndarray:
    """Return texts, blank where the tool only says that nothing was written."""
    return np.where(cells == "0", "", cells) if set(cells) - MARKS else cells


def _renamed(cells: np.ndarray, chosen: dict[str, str]) -> np.ndarray:
    """Return cells, the texts for which a person chose an option being replaced by its code."""
    if not chosen:
        return cells
    inverse, texts = pd.factorize(cells)
    renamed = np.empty(len(texts), dtype=object)
    renamed[:] = [chosen.get(normalise(text), text) for text in texts]
    return renamed[inverse]


def _metadata(table: Table, mapping: Mapping) -> pd.DataFrame:
    columns: dict[str, np.ndarray] = {}
    for position, target in enumerate(mapping.columns):
        if target.role == "metadata":
            columns.setdefault(target.key, np.asarray(table.column(position), dtype=object))
    if "draft" in columns and "submitdate" in columns:
        drafts = np.array([normalise(cell) not in _NOT_A_DRAFT for cell in columns["draft"]], dtype=bool)
        columns["submitdate"] = np.where(drafts, "", columns["submitdate"])
    return pd.DataFrame(columns, index=range(len(table.lines)), dtype=object)


def _report_addresses(codebook: Codebook, read: _Answers, findings: Findings, header_line: int) -> None:
    """Report how many cells of each free text hold an address or a number of a person, without showing any."""
    texts = [question.id for question in codebook.questions if question.kind == "text"]
    texts += [question.other_column for question in codebook.questions if question.other]
    for key in texts:
        if key in read.cells and key != codebook.parts.territory_code:
            found = count_addresses(read.cells[key])
            if found:
                problem = (
                    f"Texte libre\u202f: {found} cellule(s) contiennent une adresse électronique, un numéro de "
                    "téléphone ou une adresse IP. Ces textes ne sont jamais publiés\u202f; effacez-y ce qui n’est "
                    "pas utile."
                )
                findings.add(header_line, read.headings[key], "", problem)
