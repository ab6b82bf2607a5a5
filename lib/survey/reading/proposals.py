"""What a person may choose for the columns and the texts that were not recognised: the closest wordings first.

Nothing is chosen here; a choice is kept by `mapping`.
"""

from collections import Counter

import pandas as pd

from lib.survey.normalisation import closest, normalise
from lib.survey.options import names
from lib.survey.questionnaire import OTHER, Codebook, Question
from lib.survey.reading.headings import split_heading
from lib.survey.reading.joined import longest, split_cell
from lib.survey.reading.mapping import Mapping
from lib.survey.reading.marks import NOT_ASKED_CELL
from lib.survey.reading.questions import Questions
from lib.survey.reading.table import Table

LIKELY = 0.5
"""Columns whose likeness is under this are not proposed."""
MOST = 3
"""How many answers are proposed for one column or one text."""
MOST_TEXTS = 200
"""How many unknown texts of one question are listed, the most frequent first."""

_CHOSEN = ("single", "scale", "array", "ranking")


def column_proposals(table: Table, mapping: Mapping, codebook: Codebook) -> pd.DataFrame:
    """Return what the unknown columns may be.

    Returns
    -------
    DataFrame
        `position` (int), `heading` (as written), `key` (a column key, or the id of a multiple choice whose options
        stand in one cell), `label` (French, question and option), `score` (likeness, 0–1); for each column the
        best first, `MOST` at most, none under `LIKELY`. Answers that another column has are not proposed.
    """
    questions = Questions(codebook)
    taken = {target.key for target in mapping.columns if target.role in ("answer", "joined")}
    labels = {key: label for question in codebook.questions for key, label in _labels(question).items()}
    free = [key for key in labels if key not in taken]
    wordings = [labels[key].replace(" – ", " ") for key in free]
    rows = []
    for position, (heading, target) in enumerate(zip(table.headings, mapping.columns, strict=True)):
        if target.role != "unknown" or not normalise(heading):
            continue
        for key, score in _within(questions, heading, free, labels) or _anywhere(heading, free, wordings):
            rows.append((position, heading, key, labels[key], score))
    proposals = pd.DataFrame(rows, columns=["position", "heading", "key", "label", "score"])
    return proposals.astype({"position": "int64", "heading": "str", "key": "str", "label": "str", "score": "float64"})


def _within(questions: Questions, heading: str, free: list[str], labels: dict[str, str]) -> list[tuple[str, float]]:
    """Return the closest options of the question that a heading names, for an option that it does not have."""
    for parts in split_heading(heading)[1:]:
        question = questions.by_wording(parts[0]) or questions.by_code(parts[0])
        if question:
            keys = [key for key in free if key.startswith(f"{question.id}/")]
            options = [labels[key].removeprefix(f"{question.text} – ") for key in keys]
            return [(keys[place], score) for place, score in closest(" – ".join(parts[1:]), options, MOST)]
    return []


def _anywhere(heading: str, free: list[str], wordings: list[str]) -> list[tuple[str, float]]:
    text = " ".join(split_heading(heading)[-1])
    found = closest(text, wordings, MOST)
    return [(free[place], score) for place, score in found if score >= LIKELY]


def _labels(question: Question) -> dict[str, str]:
    """Return what each column of a question is called, and the question itself where one cell may hold it all."""
    parts = question.labels | question.row_labels
    labels = {}
    if question.kind in ("multiple", "ranking"):
        labels[question.id] = question.text
    for key in question.columns:
        if key == question.other_column:
            labels[key] = question.other_text or f"{question.text} – {question.labels[OTHER]} (texte)"
        elif question.kind == "ranking":
            labels[key] = f"{question.text} – Rang {key.rpartition('/')[2]}"
        else:
            labels[key] = " – ".join([question.text, *(parts[part] for part in key.split("/")[1:])])
    return labels


def option_proposals(table: Table, mapping: Mapping, codebook: Codebook) -> pd.DataFrame:
    """Return what the texts that are no option of their question may be.

    Returns
    -------
    DataFrame
        `question` (id), `text` (as written first), `count` (cells that hold it), `code`, `label`, `score`
        (likeness, 0–1). By question in the order of the questionnaire, the most frequent text first, `MOST_TEXTS`
        at most; `MOST` options for each text, the closest first. Texts for which a person has chosen are not listed.
    """
    met: dict[str, Counter[str]] = {}
    for position, target in enumerate(mapping.columns):
        question_id, _, part = target.key.partition("/")
        if target.role not in ("answer", "joined") or question_id not in codebook:
            continue
        question = codebook[question_id]
        counts = Counter(table.column(position))
        if target.role == "joined" and not (part and question.kind == "ranking"):
            counts = _left_over(counts, mapping, question)
        elif target.role == "joined" or question.kind not in _CHOSEN:
            continue
        met.setdefault(question_id, Counter()).update(counts)
    rows = [
        row for question in codebook.questions for row in _texts(question, mapping, met.get(question.id, Counter()))
    ]
    proposals = pd.DataFrame(rows, columns=["question", "text", "count", "code", "label", "score"])
    types = {"question": "str", "text": "str", "count": "int64", "code": "str", "label": "str", "score": "float64"}
    return proposals.astype(types)


def _left_over(counts: Counter[str], mapping: Mapping, question: Question) -> Counter[str]:
    """Return the texts that cells of several options hold beside them; the text of « Autre » is none of them."""
    left: Counter[str] = Counter()
    if question.kind == "multiple" and (question.other or OTHER in question.labels):
        return left
    known = names(question.options)
    most = longest(question.options, mapping.joined)
    for cell, count in counts.items():
        for item in split_cell(cell, mapping.joined or ";", known.code, most):
            if item.code is None:
                left[item.text] += count
    return left


def _texts(question: Question, mapping: Mapping, counts: Counter[str]) -> list[tuple[str, str, int, str, str, float]]:
    known = names(question.options)
    chosen = mapping.options.get(question.id, {})
    written: dict[str, str] = {}
    total: Counter[str] = Counter()
    for text, count in counts.items():
        form = normalise(text)
        if form and form != NOT_ASKED_CELL and form not in chosen and known.code(text) is None:
            written.setdefault(form, text.strip())
            total[form] += count
    codes, labels = list(question.labels), list(question.labels.values())
    return [
        (question.id, written[form], count, codes[place], labels[place], score)
        for form, count in total.most_common(MOST_TEXTS)
        for place, score in closest(form, labels, MOST)
    ]
