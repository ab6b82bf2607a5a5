"""Reading of a LimeSurvey export (CSV, full-text headings) into raw columns named by column key.

It sets contact columns apart and reports what it does not know; whether an answer is admissible belongs to
`validation`.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from lib.survey.issues import Findings
from lib.survey.normalisation import normalise
from lib.survey.questionnaire import Codebook, Question
from lib.survey.reading.headings import Recognised, recognise, wordings
from lib.survey.reading.table import SurveyFileError, Table, read_table

NOT_ASKED_CELL = "n/a"
YES = frozenset({"oui", "yes", "y", "1"})
NO = frozenset({"non", "no", "n", "0"})

_METADATA = {
    "id": ("id", "id de la réponse", "response id"),
    "submitdate": ("submitdate", "date de soumission", "date submitted"),
    "lastpage": ("lastpage", "dernière page", "last page"),
    "startlanguage": ("startlanguage", "langue de départ", "start language"),
    "seed": ("seed", "tête de série"),
    "startdate": ("startdate", "date de lancement", "date started"),
    "datestamp": ("datestamp", "date de la dernière action", "date last action"),
    "interviewtime": ("interviewtime", "temps total", "total time"),
}
_METADATA_NAMES = {heading: name for name, headings in _METADATA.items() for heading in headings}

_CONTACT_NAMES = frozenset(
    {
        *("nom", "nom de famille", "lastname", "last name", "firstname", "first name"),
        *("ipaddr", "adresse ip", "ip address"),
        *("refurl", "url référente", "url de référence", "referrer url"),
        *("token", "access code", "jeton", "invitation", "code d'accès", "code d'invitation"),
    }
)
_CONTACT_WORDS = re.compile(r"e-?mails?\b|\bmails?\b|courriel|t[ée]l[ée]phone|\bportable\b|pr[ée]nom")


@dataclass(frozen=True)
class Export:
    """An export, read and not yet checked.

    Attributes
    ----------
    lines : line of the file on which each response starts.
    answers : raw text of the cells, one column per column key found, in questionnaire order; no missing
        value.
    headings : heading of each of these columns as written in the file.
    metadata : raw text of the tool's own columns (`id`, `submitdate`, …) found in the file.
    contacts : headings of the columns set apart; their content is not kept.
    findings : what was found odd about the file and its headings.
    """

    encoding: str
    separator: str
    lines: np.ndarray
    answers: pd.DataFrame
    headings: dict[str, str]
    metadata: pd.DataFrame
    contacts: tuple[str, ...] = ()
    findings: Findings = field(default_factory=Findings)


def read_export(source: bytes | Path, codebook: Codebook) -> Export:
    """Return the raw answers of a LimeSurvey export.

    Parameters
    ----------
    source : bytes or Path
        The CSV file, with full-text headings and long answers, in French or English.
    codebook : Codebook
        The questionnaire that was put.

    Raises
    ------
    SurveyFileError
        When the file is no table, has no answer, or lacks a question without which nothing can be read.
    """
    table = read_table(source)
    recognised = recognise(table.headings, wordings(codebook))
    if not recognised.positions:
        raise SurveyFileError(
            f"Aucun des {len(table.headings)} intitulés de colonne (ligne {table.header_line}) n’est celui "
            f"d’une question de « {codebook.title} ». Exportez les réponses avec les intitulés complets des "
            "questions."
        )
    for question in codebook.questions:
        if question.required and not set(question.columns) & set(recognised.positions):
            raise SurveyFileError(
                f"La question « {question.text} » manque dans les intitulés (ligne {table.header_line}) : "
                "sans elle, les réponses ne peuvent pas être lues. Exportez à nouveau le fichier avec toutes "
                "ses colonnes."
            )
    if not table.rows:
        raise SurveyFileError(
            "Le fichier a des intitulés, mais aucune réponse : vérifiez le filtre de l’export dans l’outil d’enquête."
        )

    columns = np.array(table.rows, dtype=object)
    positions = _place_other_texts(codebook, recognised.positions, columns)
    findings = Findings()
    if table.encoding == "cp1252":
        findings.add(
            table.header_line,
            "",
            "Windows-1252",
            "Le fichier n’est pas en UTF-8 : il a été lu comme du Windows-1252, vérifiez les accents.",
        )
    _report_columns(codebook, table, positions, recognised, findings)
    metadata, contacts = _sort_rest(table, recognised.rest, columns, findings)
    keys = [key for key in codebook.columns if key in positions]
    return Export(
        encoding=table.encoding,
        separator=table.separator,
        lines=np.array(table.lines),
        answers=pd.DataFrame({key: columns[:, positions[key]] for key in keys}, dtype=object),
        headings={key: table.headings[positions[key]] for key in keys},
        metadata=pd.DataFrame(
            {name: columns[:, position] for name, position in metadata.items()},
            index=range(len(table.rows)),
            dtype=object,
        ),
        contacts=contacts,
        findings=findings,
    )


def _place_other_texts(codebook: Codebook, positions: dict[str, int], columns: np.ndarray) -> dict[str, int]:
    """Tell a lone `[Autre]` column apart: LimeSurvey's own « Autre » is a text, not Oui/Non."""
    placed = dict(positions)
    for question in codebook.questions:
        option, text = f"{question.id}/autre", question.other_column
        if not text or option not in placed or text in placed:
            continue
        cells = {normalise(cell) for cell in set(columns[:, placed[option]])}
        if not cells <= YES | NO | {"", NOT_ASKED_CELL}:
            placed[text] = placed.pop(option)
    return placed


def _report_columns(
    codebook: Codebook, table: Table, positions: dict[str, int], recognised: Recognised, findings: Findings
) -> None:
    for position in recognised.repeated:
        problem = f"L’intitulé figure plusieurs fois : la colonne n° {position + 1} n’a pas été lue."
        findings.add(table.header_line, table.headings[position], "", problem)
    for position in recognised.unknown_options:
        problem = f"Cette option n’est pas dans le questionnaire : la colonne n° {position + 1} n’a pas été lue."
        findings.add(table.header_line, table.headings[position], "", problem)
    for question in codebook.questions:
        missing = [key for key in question.columns if key not in positions]
        if len(missing) == len(question.columns):
            problem = "La question manque dans le fichier : elle est comptée comme non posée."
            findings.add(table.header_line, question.text, "", problem)
            continue
        for key in missing:
            # A lone « Autre » carries both the option and its text: neither is missing.
            if key in (question.other_column, f"{question.id}/autre") and question.other:
                continue
            problem = f"La colonne « {_column_label(question, key)} » manque : elle est comptée comme non posée."
            findings.add(table.header_line, question.text, "", problem)


def _column_label(question: Question, key: str) -> str:
    labels = {**question.labels, **question.row_labels}
    return " – ".join(labels.get(part, part) for part in key.split("/")[1:])


def _sort_rest(
    table: Table, rest: tuple[int, ...], columns: np.ndarray, findings: Findings
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Sort the columns of no question into the tool's own, contacts, and unknown ones, which are reported."""
    metadata: dict[str, int] = {}
    contacts: list[str] = []
    for position in rest:
        heading = table.headings[position]
        name = normalise(heading)
        known = _METADATA_NAMES.get(name)
        if known and known not in metadata:
            metadata[known] = position
        elif name in _CONTACT_NAMES or _CONTACT_WORDS.search(name):
            contacts.append(heading)
            if any(columns[:, position]):
                problem = "Colonne de contact, mise à part : son contenu n’est pas conservé."
                findings.add(table.header_line, heading, "", problem)
        elif not name:
            problem = f"La colonne n° {position + 1} n’a pas d’intitulé : elle n’a pas été lue."
            findings.add(table.header_line, heading, "", problem)
        else:
            problem = f"La colonne n° {position + 1} n’est pas dans le questionnaire : elle n’a pas été lue."
            findings.add(table.header_line, heading, "", problem)
    return metadata, tuple(contacts)
