"""Sphinx: codes or labels, three ways of writing several answers, as a workbook or as CSV.

No real export was at hand: these are the conventions that its documentation lets one suppose.
"""

from collections.abc import Callable

from lib.survey.questionnaire import Question
from lib.survey.states import VALUE
from tests.survey.reading.world import Respondent, World
from tests.survey.reading.writers.rendering import chosen, french_csv, iso, moment, text_of, workbook

_FIRST = ("CLE", "DATE_SAISIE", "DATE_ENREG", "DATE_MODIF", "TEMPS_SAISIE", "ORIGINE_SAISIE", "PROGRESSION")

Column = tuple[str, Callable[[Respondent], str]]


def write(world: World, *, several: str = "colonnes-01", codes: bool = False, form: str = "xlsx") -> bytes:
    """Return the world as Sphinx exports it.

    Parameters
    ----------
    several : colonnes-01 (0 or 1 for each option), colonnes-libelles (the option's own label, or nothing),
        cellule (labels joined by « ; »).
    codes : codes rather than labels, in headings and in cells.
    form : xlsx or csv.
    """
    columns: list[Column] = []
    for question in world.codebook.questions:
        columns += _columns(question, several, codes)
    rows = [[*_FIRST, *(heading for heading, _ in columns)]]
    for person in world:
        when = [iso(moment(person.rank)), iso(moment(person.rank, 12)), iso(moment(person.rank, 12))]
        told = [person.id, *when, "720", "web", "100" if person.submitted else "40"]
        rows.append([*told, *(cell(person) for _, cell in columns)])
    return french_csv(rows, [1, 2, 3]) if form == "csv" else workbook(rows, [1, 2, 3], sheet="Données")


def _columns(question: Question, several: str, codes: bool) -> list[Column]:
    name = question.id if codes else question.text
    if question.kind == "text":
        return [(name, lambda person: text_of(person, question.id))]
    if question.kind in ("single", "scale"):
        return [(name, _choice(question, question.id, codes))]
    if question.kind in ("array", "ranking"):
        ranks = range(1, question.ranks + 1)
        rows = [row.code if codes else row.label for row in question.rows]
        subs = rows or [str(rank) if codes else f"Classement {rank}" for rank in ranks]
        return [
            (_sub(name, sub, codes), _choice(question, key, codes))
            for sub, key in zip(subs, question.columns, strict=True)
        ]
    found: list[Column] = []
    titles = question.row_labels
    for group_name, group in question.groups.items():
        row = group_name.partition("/")[2]
        heading = _sub(name, row if codes else titles[row], codes) if titles else name
        found += _several(question, heading, group, several, codes)
    if question.other:
        own = question.other_text or f"{question.text} [Autre]"
        heading = f"{question.id}_autre_texte" if codes else own
        if question.kind == "array_multiple" or several != "cellule":
            found.append((heading, lambda person: text_of(person, question.other_column)))
    return found


def _several(question: Question, heading: str, group: tuple[str, ...], several: str, codes: bool) -> list[Column]:
    if several == "cellule":
        return [(heading, lambda person: ";".join(_items(person, question, group, codes)))]
    found: list[Column] = []
    for key in group:
        code = key.rpartition("/")[2]
        cell = _own(question, key, codes) if several == "colonnes-libelles" else _figure(key, group)
        found.append((_sub(heading, code if codes else question.labels[code], codes), cell))
    return found


def _items(person: Respondent, question: Question, group: tuple[str, ...], codes: bool) -> list[str]:
    if not codes:
        return chosen(person, question, group)
    written = text_of(person, question.other_column) if question.other and question.kind == "multiple" else ""
    return [written if code == "autre" and written else code for code in person.ticks(group)]


def _sub(name: str, sub: str, codes: bool) -> str:
    return f"{name}_{sub}" if codes else f"{name} [{sub}]"


def _own(question: Question, key: str, codes: bool) -> Callable[[Respondent], str]:
    code = key.rpartition("/")[2]
    shown = code if codes else question.labels[code]
    return lambda person: shown if person.states[key] == VALUE else ""


def _figure(key: str, group: tuple[str, ...]) -> Callable[[Respondent], str]:
    def cell(person: Respondent) -> str:
        if not person.ticks(group):
            return ""
        return "1" if person.states[key] == VALUE else "0"

    return cell


def _choice(question: Question, key: str, codes: bool) -> Callable[[Respondent], str]:
    def cell(person: Respondent) -> str:
        code = person.values[key] if person.states[key] == VALUE else None
        return "" if code is None else code if codes else question.labels[code]

    return cell
