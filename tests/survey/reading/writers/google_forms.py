"""Google Forms: the sheet of responses, as CSV or as a workbook.

It has no ranking: a grid whose rows are the ranks stands for it.
"""

from collections.abc import Callable

from lib.survey.questionnaire import Question
from lib.survey.states import VALUE
from tests.survey.reading.world import Respondent, World
from tests.survey.reading.writers.rendering import chosen, delimited, iso, label, moment, text_of, workbook

Column = tuple[str, Callable[[Respondent], str]]


def write(world: World, *, form: str = "csv", language: str = "fr", address: bool = True, glue: str = ", ") -> bytes:
    """Return the world as Google Forms exports it.

    Parameters
    ----------
    form : csv or xlsx.
    address : whether the form collects addresses.
    glue : between the options of a cell: « , » in the sheet, « ; » in the file that Forms itself offers.
    """
    first = ["Timestamp" if language == "en" else "Horodateur"]
    if address:
        first.append("Email Address" if language == "en" else "Adresse e-mail")
    columns: list[Column] = []
    for question in world.codebook.questions:
        columns += _columns(question, glue)
    rows = [[*first, *(heading for heading, _ in columns)]]
    for person in world:
        when = moment(person.rank)
        stamp = when.strftime("%m/%d/%Y %H:%M:%S" if language == "en" else "%d/%m/%Y %H:%M:%S")
        told = [iso(when) if form == "xlsx" else stamp, f"personne{person.id}@exemple.fr"][: len(first)]
        rows.append([*told, *(cell(person) for _, cell in columns)])
    if form == "xlsx":
        return workbook(rows, [0], sheet="Réponses au formulaire 1")
    return delimited(rows, ",", quoted=glue == ";")


def _columns(question: Question, glue: str) -> list[Column]:
    if question.kind == "text":
        return [(question.text, lambda person: text_of(person, question.id))]
    if question.kind in ("single", "scale"):
        return [(question.text, _choice(question, question.id))]
    if question.kind in ("array", "ranking"):
        names = [row.label for row in question.rows] or [f"Classement {n}" for n in range(1, question.ranks + 1)]
        return [
            (f"{question.text} [{name}]", _choice(question, key))
            for name, key in zip(names, question.columns, strict=True)
        ]
    found = []
    rows = question.row_labels
    for name, group in question.groups.items():
        heading = f"{question.text} [{rows[name.partition('/')[2]]}]" if rows else question.text
        found.append((heading, _several(question, group, glue)))
    if question.other and question.kind == "array_multiple":
        found.append((question.other_text, lambda person: text_of(person, question.other_column)))
    return found


def _several(question: Question, group: tuple[str, ...], glue: str) -> Callable[[Respondent], str]:
    return lambda person: glue.join(chosen(person, question, group))


def _choice(question: Question, key: str) -> Callable[[Respondent], str]:
    return lambda person: label(question, person.values[key] if person.states[key] == VALUE else None)
