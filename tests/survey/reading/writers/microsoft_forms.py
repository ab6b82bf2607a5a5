"""Microsoft Forms: the workbook of responses, or the same once French Excel has saved it as CSV.

Headings often end with a no-break space; several options are joined, and ended, by semicolons. A ranking lists
every item in order, those the questionnaire keeps no rank for included.
"""

from collections.abc import Callable

from lib.survey.questionnaire import Question
from lib.survey.states import VALUE
from tests.survey.reading.world import Respondent, World
from tests.survey.reading.writers.rendering import chosen, french_csv, iso, label, moment, text_of, workbook

FRENCH = ("ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom", "Heure de la dernière modification")
ENGLISH = ("ID", "Start time", "Completion time", "Email", "Name", "Last modified time")

Column = tuple[str, Callable[[Respondent], str]]


def write(world: World, *, form: str = "xlsx", language: str = "fr") -> bytes:
    """Return the world as Microsoft Forms exports it, `form` being xlsx or csv."""
    columns: list[Column] = []
    for question in world.codebook.questions:
        columns += _columns(question)
    asked = [heading + ("\u00a0" if n % 2 else "") for n, (heading, _) in enumerate(columns)]
    rows = [[*(ENGLISH if language == "en" else FRENCH), *asked]]
    for person in world:
        when = [iso(moment(person.rank)), iso(moment(person.rank, 12))]
        told = [person.id, *when, "anonymous", "", ""]
        rows.append([*told, *(cell(person) for _, cell in columns)])
    return french_csv(rows, [1, 2, 5]) if form == "csv" else workbook(rows, [1, 2, 5], sheet="Sheet1")


def _columns(question: Question) -> list[Column]:
    if question.kind == "text":
        return [(question.text, lambda person: text_of(person, question.id))]
    if question.kind in ("single", "scale"):
        return [(question.text, _choice(question, question.id))]
    if question.kind == "array":
        return [
            (f"{question.text} [{row.label}]", _choice(question, f"{question.id}/{row.code}")) for row in question.rows
        ]
    if question.kind == "ranking":
        return [(question.text, lambda person: _ranking(person, question))]
    found = []
    rows = question.row_labels
    for name, group in question.groups.items():
        heading = f"{question.text} [{rows[name.partition('/')[2]]}]" if rows else question.text
        found.append((heading, _several(question, group)))
    if question.other and question.kind == "array_multiple":
        found.append((question.other_text, lambda person: text_of(person, question.other_column)))
    return found


def _several(question: Question, group: tuple[str, ...]) -> Callable[[Respondent], str]:
    return lambda person: "".join(f"{item};" for item in chosen(person, question, group))


def _ranking(person: Respondent, question: Question) -> str:
    codes = [person.values[key] for key in question.columns if person.states[key] == VALUE]
    if len(codes) == question.ranks:
        codes += [option.code for option in question.options if option.code not in codes]
    return "".join(f"{label(question, code)};" for code in codes)


def _choice(question: Question, key: str) -> Callable[[Respondent], str]:
    return lambda person: label(question, person.values[key] if person.states[key] == VALUE else None)
