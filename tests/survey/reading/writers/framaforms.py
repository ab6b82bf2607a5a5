"""Framaforms (Drupal Webform): three rows of headings, options apart or in one cell, CSV or the legacy `.xls`.

Webform has no ranking: a grid whose rows are the ranks stands for it, and an array of multiple choices is one
multiple choice for each row.
"""

from collections.abc import Callable

from lib.survey.questionnaire import Question
from lib.survey.states import VALUE
from tests.survey.reading.world import Respondent, World
from tests.survey.reading.writers.rendering import chosen, delimited, iso, moment, text_of

FRENCH = (
    "Série", "SID", "Heure de soumission", "Heure d’achèvement", "Heure de modification",
    "Brouillon", "Adresse IP", "UID", "Nom d’utilisateur",
)  # fmt: skip
ENGLISH = (
    "Serial", "SID", "Submitted Time", "Completed Time", "Modified Time", "Draft", "IP Address", "UID", "Username",
)  # fmt: skip
_DETAILS = {"fr": "Détails de la soumission", "en": "Submission Details"}

Column = tuple[str, str, Callable[[Respondent], str]]


def write(
    world: World, *, compact: bool = False, keys: bool = False, language: str = "fr", legacy: bool = False
) -> bytes:
    """Return the world as Framaforms exports it.

    Parameters
    ----------
    compact : one cell for all the options of a multiple choice, joined by a comma that nothing escapes.
    keys : the short raw names of the options, rather than what people read.
    legacy : the « Excel » format of old versions, in truth tab-separated UTF-16LE with its mark.
    """
    details = ENGLISH if language == "en" else FRENCH
    columns: list[Column] = []
    for question in world.codebook.questions:
        columns += _columns(question, compact, keys)
    title = [world.codebook.title, *[""] * (len(details) + len(columns) - 1)]
    second = [_DETAILS[language], *[""] * (len(details) - 1), *(column[0] for column in columns)]
    third = [*details, *(column[1] for column in columns)]
    rows = [title, second, third]
    for person in world:
        rows.append([*_details(person), *(cell(person) for _, _, cell in columns)])
    if legacy:
        # One line stays one line there: line breaks become spaces in the tool itself only for the headings.
        return b"\xff\xfe" + delimited(rows, "\t", encoding="utf-16-le", quoted=True, end="\n")
    return delimited(rows, ",", quoted=True, end="\n")


def _details(person: Respondent) -> list[str]:
    when = iso(moment(person.rank))
    done = iso(moment(person.rank, 12)) if person.submitted else ""
    draft = "0" if person.submitted else "1"
    return [str(person.rank + 1), person.id, when, done, when, draft, f"192.0.2.{person.rank % 250}", "0", ""]


def _columns(question: Question, compact: bool, keys: bool) -> list[Column]:
    if question.kind == "text":
        return [("", question.text, lambda person: text_of(person, question.id))]
    if question.kind in ("single", "scale"):
        return [("", question.text, _choice(question, question.id, keys))]
    if question.kind in ("array", "ranking"):
        names = [row.label for row in question.rows] or [f"Classement {n}" for n in range(1, question.ranks + 1)]
        return [
            (question.text if n == 0 else "", name, _choice(question, key, keys))
            for n, (name, key) in enumerate(zip(names, question.columns, strict=True))
        ]
    found: list[Column] = []
    rows = question.row_labels
    for name, group in question.groups.items():
        wording = f"{question.text} [{rows[name.partition('/')[2]]}]" if rows else question.text
        found += _several(question, wording, group, compact, keys)
    if question.other and question.kind == "array_multiple":
        found.append(("", question.other_text, lambda person: text_of(person, question.other_column)))
    return found


def _several(question: Question, wording: str, group: tuple[str, ...], compact: bool, keys: bool) -> list[Column]:
    if compact:
        return [("", wording, lambda person: ",".join(_names(person, question, group, keys)))]
    found: list[Column] = []
    own_other = question.other and question.kind == "multiple"
    for option in question.options:
        if option.code == "autre" and own_other:
            continue
        key = next(key for key in group if key.rpartition("/")[2] == option.code)
        above = wording if not found else ""
        found.append((above, option.code if keys else option.label, _cross(key)))
    if own_other:
        found.append(("", "Autre", lambda person: text_of(person, question.other_column)))
    return found


def _names(person: Respondent, question: Question, group: tuple[str, ...], keys: bool) -> list[str]:
    if not keys:
        return chosen(person, question, group)
    written = text_of(person, question.other_column) if question.other and question.kind == "multiple" else ""
    return [written if code == "autre" and written else code for code in person.ticks(group)]


def _cross(key: str) -> Callable[[Respondent], str]:
    return lambda person: "X" if person.states[key] == VALUE else ""


def _choice(question: Question, key: str, keys: bool) -> Callable[[Respondent], str]:
    def cell(person: Respondent) -> str:
        code = person.values[key] if person.states[key] == VALUE else None
        return "" if code is None else code if keys else question.labels[code]

    return cell
