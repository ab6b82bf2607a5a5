"""KoboToolbox: CSV with XML names or labels, groups joined by a slash or left out, options apart and together.

A ranking is one cell of names in order; the text of « Autre » is the question `q_other` that follows.
"""

from collections.abc import Callable

from lib.survey.questionnaire import Question
from lib.survey.states import VALUE
from tests.survey.reading.world import Respondent, World
from tests.survey.reading.writers.rendering import delimited, iso, label, moment, text_of, workbook

_TRAILING = (
    "_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "__version__",
    "_tags", "_index",
)  # fmt: skip

Column = tuple[str, Callable[[Respondent], str]]

OTHER_LABEL = "Précisez votre réponse « Autre »"
"""Wording of every `q_other` where headings are labels: two questions have the same, as the tool writes it."""


def write(
    world: World,
    *,
    labels: bool = False,
    groups: bool = True,
    apart: bool = True,
    together: bool = True,
    form: str = "csv",
) -> bytes:
    """Return the world as KoboToolbox exports it.

    Parameters
    ----------
    labels : headings and answers as people read them, rather than XML names.
    groups : whether headings begin with the groups of the form.
    apart, together : the column of each option (0 or 1), the column of all the chosen ones; one at least.
    form : csv or xlsx.
    """
    columns: list[Column] = [("start", lambda person: iso(moment(person.rank))), ("end", _end)]
    for rank, question in enumerate(world.codebook.questions):
        group = ("Identité" if rank < 5 else "Votre avis") if labels else ("identite" if rank < 5 else "avis")
        prefix = f"{group}/" if groups else ""
        columns += [(prefix + heading, cell) for heading, cell in _columns(question, labels, groups, apart, together)]
    rows = [[*(heading for heading, _ in columns), *_TRAILING]]
    for person in world:
        rows.append([*(cell(person) for _, cell in columns), *_trailing(person)])
    if form == "xlsx":
        return workbook(rows, [0, 1], sheet="Enquête")
    return delimited(rows, ";", quoted=True, end="\n")


def _end(person: Respondent) -> str:
    return iso(moment(person.rank, 12))


def _trailing(person: Respondent) -> list[str]:
    return [
        person.id, f"00000000-0000-4000-8000-{int(person.id):012}", iso(moment(person.rank, 12)), "", "",
        "submitted_via_web", "", "vX1", "", str(person.rank + 1),
    ]  # fmt: skip


def _columns(question: Question, labels: bool, groups: bool, apart: bool, together: bool) -> list[Column]:
    name = question.text if labels else question.id
    if question.kind == "text":
        return [(name, lambda person: text_of(person, question.id))]
    if question.kind in ("single", "scale"):
        return [(name, _choice(question, question.id, labels))]
    if question.kind == "ranking":
        return [(name, lambda person: _ranking(person, question, labels))]
    if question.kind == "array":
        return [
            (_row(name, row.label if labels else row.code, labels, groups), _choice(question, key, labels))
            for row, key in zip(question.rows, question.columns, strict=True)
        ]
    found: list[Column] = []
    titles = question.row_labels
    for key, group in question.groups.items():
        code = key.partition("/")[2]
        heading = _row(name, titles[code] if labels else code, labels, groups) if titles else name
        found += _several(question, heading, group, labels, apart, together)
    if question.other:
        own = question.kind == "array_multiple"
        heading = (question.other_text if own else OTHER_LABEL) if labels else f"{name}_other"
        found.append((heading, lambda person: text_of(person, question.other_column)))
    return found


def _row(name: str, row: str, labels: bool, groups: bool) -> str:
    """Return the heading of a row: a table is a group of questions, which alone bear its name."""
    if groups:
        return f"{name}/{row}"
    return f"{name} [{row}]" if labels else f"{name}_{row}"


def _several(
    question: Question, heading: str, group: tuple[str, ...], labels: bool, apart: bool, together: bool
) -> list[Column]:
    found: list[Column] = []
    if together:
        found.append((heading, lambda person: " ".join(_shown(question, code, labels) for code in person.ticks(group))))
    if apart:
        found += [
            (f"{heading}/{_shown(question, key.rpartition('/')[2], labels)}", _figure(key, group)) for key in group
        ]
    return found


def _figure(key: str, group: tuple[str, ...]) -> Callable[[Respondent], str]:
    def cell(person: Respondent) -> str:
        if not person.ticks(group):
            return ""
        return "1" if person.states[key] == VALUE else "0"

    return cell


def _ranking(person: Respondent, question: Question, labels: bool) -> str:
    codes = [person.values[key] for key in question.columns if person.states[key] == VALUE]
    return " ".join(_shown(question, code, labels) for code in codes if code)


def _shown(question: Question, code: str, labels: bool) -> str:
    return question.labels[code] if labels else code


def _choice(question: Question, key: str, labels: bool) -> Callable[[Respondent], str]:
    def cell(person: Respondent) -> str:
        code = person.values[key] if person.states[key] == VALUE else None
        return label(question, code) if labels else code or ""

    return cell
