"""Recognition of the headings of an export: which column carries which answer of the questionnaire.

It works on wordings (full-text headings); a style made of codes only needs a function like `wordings`. What
the cells say is not looked at here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lib.survey.normalisation import normalise
from lib.survey.questionnaire import OTHER, Codebook, Question

Parts = tuple[str, ...]
"""A heading taken apart: normalised wording of the question, then the content of each bracket group used."""

_MAX_GROUPS = 2


def split_heading(heading: str) -> list[Parts]:
    """Return the ways of reading a heading, from no bracket group to the last two.

    Only groups at the very end count, and the last one first: a question may itself hold brackets.

    >>> split_heading("Freins [Temps]")
    [('freins [temps]',), ('freins', 'temps')]
    """
    rest = normalise(heading)
    groups: list[str] = []
    readings: list[Parts] = [(rest,)]
    while len(groups) < _MAX_GROUPS and rest.endswith("]"):
        depth, start = 0, len(rest)
        while start > 0:
            start -= 1
            depth += {"]": 1, "[": -1}.get(rest[start], 0)
            if depth == 0:
                break
        if depth:
            break
        groups.insert(0, rest[start + 1 : -1].strip())
        rest = rest[:start].rstrip()
        readings.append((rest, *groups))
    return readings


def wordings(codebook: Codebook) -> dict[Parts, tuple[str, ...]]:
    """Return the headings that a full-text export of this questionnaire carries, each with its column keys.

    A heading has two keys where an option « Autre » and its free text are both called `[Autre]`: the option
    comes first in the file.
    """
    expected: dict[Parts, tuple[str, ...]] = {}
    for question in codebook.questions:
        text = normalise(question.text)
        for parts, key in _question_wordings(question):
            expected[(text, *parts)] = (*expected.get((text, *parts), ()), key)
        if question.other_text:
            expected[(normalise(question.other_text),)] = (question.other_column,)
        elif question.other:
            heading = (text, OTHER)
            expected[heading] = (*expected.get(heading, ()), question.other_column)
    return expected


def _question_wordings(question: Question) -> list[tuple[Parts, str]]:
    if question.kind in ("single", "scale", "text"):
        return [((), question.id)]
    if question.kind == "ranking":
        return [((f"classement {rank}",), f"{question.id}/{rank}") for rank in range(1, question.ranks + 1)]
    if question.kind == "multiple":
        return [((normalise(option.label),), f"{question.id}/{option.code}") for option in question.options]
    if question.kind == "array":
        return [((normalise(row.label),), f"{question.id}/{row.code}") for row in question.rows]
    return [
        ((normalise(row.label), normalise(option.label)), f"{question.id}/{row.code}/{option.code}")
        for row in question.rows
        for option in question.options
    ]


@dataclass(frozen=True)
class Recognised:
    """Where the answers are.

    Attributes
    ----------
    positions : position of each column key found.
    repeated : positions of the headings met again after all their column keys were taken.
    unknown_options : positions of the headings of a known question with an option that it does not have.
    rest : positions of the headings of no question.
    """

    positions: dict[str, int]
    repeated: tuple[int, ...]
    unknown_options: tuple[int, ...]
    rest: tuple[int, ...]


def recognise(headings: tuple[str, ...], expected: Mapping[Parts, tuple[str, ...]]) -> Recognised:
    """Return which column carries which answer; every heading ends in exactly one of the four places."""
    questions = {parts[0] for parts in expected}
    positions: dict[str, int] = {}
    repeated, unknown_options, rest = [], [], []
    for position, heading in enumerate(headings):
        readings = split_heading(heading)
        keys = next((expected[parts] for parts in readings if parts in expected), ())
        free = [key for key in keys if key not in positions]
        if free:
            positions[free[0]] = position
        elif keys:
            repeated.append(position)
        elif any(parts[0] in questions for parts in readings):
            unknown_options.append(position)
        else:
            rest.append(position)
    return Recognised(positions, tuple(repeated), tuple(unknown_options), tuple(rest))
