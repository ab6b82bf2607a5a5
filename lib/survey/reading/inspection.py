"""What a survey file is, before anything is done with it: tool, encoding, questions, contacts, what is unknown.

Personal data and free answers are never part of it; reading the answers belongs to `export`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lib.survey.normalisation import normalise
from lib.survey.questionnaire import Codebook, Question
from lib.survey.reading.contacts import contact_of_heading, count_addresses
from lib.survey.reading.drafting import Draft, draft
from lib.survey.reading.mapping import Mapping, recognise
from lib.survey.reading.marks import NO
from lib.survey.reading.metadata import parse_dates
from lib.survey.reading.profiles import Profile
from lib.survey.reading.proposals import option_proposals
from lib.survey.reading.table import Table, read_table
from lib.survey.reading.tools import Layout, recognise_layout

FEWEST_RECOGNISED = 0.2
"""A file of which a questionnaire recognises a smaller share of the columns of answers is another questionnaire's."""

_DATES = ("submitdate", "startdate", "datestamp", "enddate")
_WITH_CODES = ("limesurvey", "kobotoolbox", "sphinx")
# What LimeSurvey writes for short answers: codes, a capital letter for a tick; numbers are written in both styles.
_SHORT = re.compile(r"[a-z]{1,3}\d{1,4}|-oth-|[ynmf]|[a-z]\w*_\w+")
_EITHER = re.compile(r"[\d.,%+-]+|")
_MOMENT = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[ T]\d{1,2}:\d{2}")
_PERSONAL = "(donnée personnelle)"
_ANSWERS = ("answer", "joined", "comment")


def inspect(content: bytes | Path, name: str, codebook: Codebook | None = None) -> dict[str, Any]:
    """Return what a survey file holds, ready for JSON.

    Parameters
    ----------
    content : bytes or Path
    name : str
        Name of the file, for people.
    codebook : Codebook, optional
        Questionnaire to look for first; the other columns, and all of them without it, are described as drafted.

    Returns
    -------
    dict
        `file`, `form`, `tool`, `tool_label`, `verified`, `heading_style`, `answer_style` (long, short or ""),
        `encoding`, `separator`, `sheet`, `header_depth`, `rows`, `columns`; `complete` (submitted forms; None when
        the file does not tell), `first_date`, `last_date` (ISO, or None); `questionnaire` (id of the codebook that
        was recognised, "" when none); `question_count`, `option_count`; `questions`: list of `id`, `text`, `kind`,
        `recognised`, `columns` (count), `options` and `rows` (labels or codes), `answered` (number of rows);
        `metadata_columns`, `beside_columns` (comments, repeated headings), `unknown_columns`: lists of headings;
        `contact_columns`: list of `heading`, `kind`, `by` (heading or cells), `filled` (number of rows);
        `unknown_options`: list of `question`, `text`, `count`; `missing_questions`: ids; `notes`: French sentences.

    Raises
    ------
    SurveyFileError
        When the file is no table.
    """
    return describe(read_table(content, name), name, codebook)


def describe(table: Table, name: str, codebook: Codebook | None = None) -> dict[str, Any]:
    """Return what a table holds, as `inspect` does of a file."""
    layout = recognise_layout(table)
    drafted = draft(table, layout)
    notes = [*table.notes]
    if not layout.tool.verified:
        notes.append(
            f"Les exports de {layout.tool.label} n’ont pas pu être vérifiés sur de vrais fichiers\u202f: "
            "contrôlez les colonnes et les réponses reconnues."
        )
    if any(_MOMENT.match(heading.strip()) for heading in table.headings):
        notes.append(
            f"La ligne {table.header_line}, lue comme celle des intitulés, contient une date\u202f: si c’est déjà une "
            "réponse, ajoutez au-dessus une ligne d’intitulés et reprenez l’import."
        )
    mapping = recognise(table, codebook, layout) if codebook else None
    if codebook and mapping and _recognised_share(mapping) < FEWEST_RECOGNISED:
        notes.append(
            f"Presque aucune colonne n’est celle d’une question de «\u202f{codebook.title}\u202f»\u202f: le fichier "
            "est décrit comme un nouveau questionnaire."
        )
        codebook = mapping = None
    if codebook and mapping:
        told = _with_codebook(table, drafted, codebook, mapping)
    else:
        told = _without_codebook(table, layout, drafted)
    questions = told["questions"]
    return {
        "file": name,
        "form": table.form,
        "tool": layout.tool.id,
        "tool_label": layout.tool.label,
        "verified": layout.tool.verified,
        "heading_style": layout.style,
        "answer_style": _answer_style(layout, drafted),
        "encoding": table.encoding,
        "separator": table.separator,
        "sheet": table.sheet,
        "header_depth": table.header_depth,
        "rows": table.row_count,
        "columns": len(table.headings),
        **_dates(table, layout),
        "questionnaire": codebook.id if codebook else "",
        "question_count": len(questions),
        "option_count": sum(len(question["options"]) for question in questions),
        "questions": questions,
        "metadata_columns": [table.headings[position] for position in sorted(layout.metadata)],
        "contact_columns": told["contact_columns"],
        "beside_columns": told["beside_columns"],
        "unknown_columns": told["unknown_columns"],
        "unknown_options": told["unknown_options"],
        "missing_questions": told["missing_questions"],
        "notes": notes,
    }


def answers_to(table: Table, codebook: Codebook) -> bool:
    """Tell whether a table is, by its columns, answers to a questionnaire: `FEWEST_RECOGNISED` of them at least."""
    return _recognised_share(recognise(table, codebook)) >= FEWEST_RECOGNISED


def _recognised_share(mapping: Mapping) -> float:
    """Return the share (0–1) of the columns of answers that the questionnaire has; 0 when there are none."""
    roles = [target.role for target in mapping.columns]
    known = sum(role in _ANSWERS for role in roles)
    return known / max(1, known + roles.count("unknown"))


def _without_codebook(table: Table, layout: Layout, drafted: Draft) -> dict[str, Any]:
    beside = [position for one in drafted.questions for position in one.beside]
    return {
        "questions": [
            _question(one.question, one.columns, drafted.profiles, recognised=False) for one in drafted.questions
        ],
        "contact_columns": [
            _contact(table, drafted, position, kind) for position, kind in sorted(layout.contacts.items())
        ],
        "beside_columns": _headings(table, beside),
        "unknown_columns": _headings(table, drafted.without_heading),
        "unknown_options": [],
        "missing_questions": [],
    }


def _with_codebook(table: Table, drafted: Draft, codebook: Codebook, mapping: Mapping) -> dict[str, Any]:
    places: dict[str, list[int]] = {}
    beside: list[int] = []
    contacts: list[dict[str, str]] = []
    unknown: list[int] = []
    for position, target in enumerate(mapping.columns):
        if target.role in ("answer", "joined"):
            places.setdefault(target.key.partition("/")[0], []).append(position)
        elif target.role in ("comment", "ignored"):
            beside.append(position)
        elif target.role == "contact":
            contacts.append(_contact(table, drafted, position, target.key))
        elif target.role == "unknown":
            unknown.append(position)
    known = [
        _question(question, places[question.id], drafted.profiles, recognised=True)
        for question in codebook.questions
        if question.id in places
    ]
    others = [
        _question(one.question, one.columns, drafted.profiles, recognised=False)
        for one in drafted.questions
        if set(one.columns) <= set(unknown)
    ]
    return {
        "questions": [*known, *others],
        "contact_columns": contacts,
        "beside_columns": _headings(table, beside),
        "unknown_columns": _headings(table, unknown),
        "unknown_options": _unknown_options(table, mapping, codebook),
        "missing_questions": [question.id for question in codebook.questions if question.id not in places],
    }


def _question(
    question: Question, positions: Sequence[int], profiles: Sequence[Profile], *, recognised: bool
) -> dict[str, Any]:
    answered = np.zeros(len(profiles[0].filled), dtype=bool)
    for position in positions:
        one = profiles[position]
        several = question.kind in ("multiple", "array_multiple") and one.ticked is not None
        answered |= one.ticked if several and one.ticked is not None else one.filled
    return {
        "id": question.id,
        "text": question.text,
        "kind": question.kind,
        "recognised": recognised,
        "columns": len(positions),
        "options": list(question.labels.values()),
        "rows": list(question.row_labels.values()),
        "answered": int(np.count_nonzero(answered)),
    }


def _unknown_options(table: Table, mapping: Mapping, codebook: Codebook) -> list[dict[str, Any]]:
    proposals = option_proposals(table, mapping, codebook)
    met = proposals.drop_duplicates(["question", "text"])
    return [
        {"question": question, "text": _PERSONAL if count_addresses([text]) else text, "count": int(count)}
        for question, text, count in zip(met["question"], met["text"], met["count"], strict=True)
    ]


def _contact(table: Table, drafted: Draft, position: int, kind: str) -> dict[str, Any]:
    return {
        "heading": table.headings[position],
        "kind": kind,
        "by": "heading" if contact_of_heading(table.headings[position]) else "cells",
        "filled": drafted.profiles[position].answered,
    }


def _headings(table: Table, positions: Iterable[int]) -> list[str]:
    return [table.headings[position] for position in sorted(positions)]


def _answer_style(layout: Layout, drafted: Draft) -> str:
    """Tell whether the cells hold labels (long) or codes (short); "" for a tool that always writes labels."""
    if layout.tool.id not in _WITH_CODES:
        return ""
    votes: Counter[str] = Counter()
    for one in drafted.questions:
        if one.question.kind == "text":
            continue
        for position in one.columns:
            for text in drafted.profiles[position].counts:
                key = normalise(text)
                votes["short" if _SHORT.fullmatch(key) else "long"] += not _EITHER.fullmatch(key)
    if not votes.total():
        return ""
    return "short" if votes["short"] > votes["long"] else "long"


def _dates(table: Table, layout: Layout) -> dict[str, Any]:
    """Return how many forms were submitted, and the first and last dates that the tool wrote."""
    positions = {name: position for position, name in layout.metadata.items()}
    submitted = positions.get("submitdate")
    complete = None
    if "draft" in positions:
        complete = sum(normalise(cell) in NO | {""} for cell in table.column(positions["draft"]))
    elif submitted is not None:
        complete = sum(bool(cell.strip()) for cell in table.column(submitted))
    dates = pd.concat(
        [pd.Series(dtype="datetime64[s]")]
        + [parse_dates(pd.Series(table.column(positions[name]))) for name in _DATES if name in positions]
    ).dropna()
    return {
        "complete": complete,
        "first_date": dates.min().isoformat() if len(dates) else None,
        "last_date": dates.max().isoformat() if len(dates) else None,
    }
