"""A table of no tool: columns in another order, headings respelled, ticks written as people write them.

It stands for a file that somebody typed or pasted together.
"""

from collections.abc import Callable
from random import Random

from lib.survey.questionnaire import Question
from lib.survey.states import VALUE
from tests.survey.reading.world import Respondent, World
from tests.survey.reading.writers.rendering import delimited, french_csv, label, noisy, text_of, workbook

Column = tuple[str, Callable[[Respondent], str]]


def write(
    world: World, *, form: str = "csv", tick: str = "x", keys: bool = False, shuffled: bool = True,
    separator: str = ";", encoding: str = "utf-8", renamed: dict[str, str] | None = None,
) -> bytes:  # fmt: skip
    """Return the world as a plain table.

    Parameters
    ----------
    form : csv, xlsx, or excel for a CSV saved by French Excel.
    tick : what stands in a ticked box.
    keys : whether headings are the column keys of the questionnaire.
    renamed : headings to write in the place of others.
    """
    columns: list[Column] = []
    for question in world.codebook.questions:
        columns += _columns(question, tick, keys)
    if shuffled:
        Random(7).shuffle(columns)
    respelled = [heading if keys else noisy(heading, n).upper() if n % 5 == 0 else noisy(heading, n)
                 for n, (heading, _) in enumerate(columns)]  # fmt: skip
    headings = [(renamed or {}).get(heading, respelled[n]) for n, (heading, _) in enumerate(columns)]
    rows = [headings, *([cell(person) for _, cell in columns] for person in world)]
    if form == "xlsx":
        return workbook(rows)
    return french_csv(rows) if form == "excel" else delimited(rows, separator, encoding=encoding)


def _columns(question: Question, tick: str, keys: bool) -> list[Column]:
    if question.kind in ("text", "single", "scale"):
        return [(question.id if keys else question.text, _cell(question, question.id))]
    found: list[Column] = []
    for key in question.columns:
        if key == question.other_column:
            wording = question.other_text or f"{question.text} [Autre]"
            found.append((key if keys else wording, _text(key)))
            continue
        if key == f"{question.id}/autre" and question.other:
            # Its text is the tick: two columns of one heading, in any order, could not be told apart.
            continue
        _, *rest = key.split("/")
        if question.kind in ("array", "ranking"):
            sub = question.row_labels.get(rest[0], f"Classement {rest[0]}")
            found.append((key if keys else f"{question.text} [{sub}]", _cell(question, key)))
        else:
            subs = [question.row_labels[rest[0]]] if len(rest) == 2 else []
            subs.append(question.labels[rest[-1]])
            wording = question.text + " " + "".join(f"[{sub}]" for sub in subs)
            found.append((key if keys else wording, _box(key, tick)))
    return found


def _cell(question: Question, key: str) -> Callable[[Respondent], str]:
    if question.kind == "text":
        return _text(key)
    return lambda person: label(question, person.values[key] if person.states[key] == VALUE else None)


def _text(key: str) -> Callable[[Respondent], str]:
    return lambda person: text_of(person, key)


def _box(key: str, tick: str) -> Callable[[Respondent], str]:
    return lambda person: tick if person.states[key] == VALUE else ""
