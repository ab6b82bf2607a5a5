"""Headings taken apart: question, row and option, in each of the ways in which survey tools join them.

Which of the ways a file uses is told by `tools`; what a part is in the questionnaire belongs to `questions`.
"""

import re
from collections.abc import Collection, Iterable

from lib.survey.normalisation import normalise

Parts = tuple[str, ...]
"""A heading taken apart, normalised: wording or code of the question, then the content of each group."""

MOST_GROUPS = 2

_CODE = re.compile(r"([^\W\d][\w/.-]*)((?:\[[^\[\]\s]{0,40}\])*)")
_CODE_AND_TEXT = re.compile(r"([^\W\d]\w*(?:\[[^\[\]\s]{0,40}\])*)([\W_]{1,8}?)(?=[^\W_]|[«\"'(¿#…\[])(.+)", re.DOTALL)
# LimeSurvey writes two dots after a text that it shortens, to 15 characters unless it is set otherwise.
_SHORT = re.compile(r"(.{1,40}?)\s?\.\.\s*(\[.*\])?\s*", re.DOTALL)
# `Q1.1` is the code of another question: only the end of a wording takes a rank.
_RANKED = re.compile(r"(.+[\]?!:.])(?:\.|\.\.\.)\d{1,3}", re.DOTALL)
_LONGEST_SHORT = 17
_COMMENT = "comment"
_MOST_STEPS = 6


def spaced(headings: tuple[str, ...], names: Iterable[str]) -> tuple[str, ...]:
    """Return headings with the spaces that LimeSurvey was asked to write as underscores.

    That is so where no heading holds a space, and one is a name of several words that the tool gives (`names`,
    normalised). What stands in brackets is left as it is: a code may hold underscores of its own.
    """
    if any(sign.isspace() for heading in headings for sign in heading):
        return headings
    several = {name for name in names if " " in name}
    cut = [heading.rfind("[") if heading.endswith("]") else len(heading) for heading in headings]
    restored = tuple(
        heading[:end].replace("_", " ") + heading[end:] for heading, end in zip(headings, cut, strict=True)
    )
    met = {normalise(heading.rstrip(". ")) for heading in restored}
    known = any(name in met or any(len(text) >= 12 and name.startswith(text) for text in met) for name in several)
    return restored if known else headings


def unranked(headings: tuple[str, ...]) -> tuple[str, ...]:
    """Return headings without the rank that programs add to one met again: `Freins [Autre].1` is `Freins [Autre]`.

    >>> unranked(("Freins [Autre]", "Freins [Autre].1", "Q1", "Q1.1"))
    ('Freins [Autre]', 'Freins [Autre]', 'Q1', 'Q1.1')
    """
    known = set(headings)
    found = [_RANKED.fullmatch(heading) for heading in headings]
    return tuple(one[1] if one and one[1] in known else heading for heading, one in zip(headings, found, strict=True))


def split_heading(heading: str) -> list[Parts]:
    """Return the ways of reading a heading, from no bracket group to the last two.

    Only groups at the very end count, and the last one first: a question may itself hold brackets.

    >>> split_heading("Freins [Temps]")
    [('freins [temps]',), ('freins', 'temps')]
    """
    rest = normalise(heading)
    groups: list[str] = []
    readings: list[Parts] = [(rest,)]
    while len(groups) < MOST_GROUPS and rest.endswith("]"):
        start = _start_of_group(rest)
        if start < 0:
            break
        groups.insert(0, rest[start + 1 : -1].strip())
        rest = rest[:start].rstrip()
        readings.append((rest, *groups))
    return readings


def _start_of_group(text: str) -> int:
    """Return where the bracket group that ends a text opens, -1 when it opens nowhere."""
    depth = 0
    for start in range(len(text) - 1, -1, -1):
        depth += {"]": 1, "[": -1}.get(text[start], 0)
        if depth == 0:
            return start
    return -1


def bracket_readings(heading: str) -> tuple[Parts, ...]:
    """Return the ways of reading a full-text heading, most likely first.

    The last group is the option; two groups that touch are a row and a column.
    """
    readings = split_heading(heading)
    if len(readings) == 3 and "][" in normalise(heading).replace("] [", "]|["):
        return (readings[2], readings[1], readings[0])
    return (*readings[1:2], *readings[:1], *readings[2:])


def code_readings(heading: str) -> tuple[Parts, ...]:
    """Return the ways of reading a heading made of codes (`Q1[SQ001_SQ002]`), empty when it is none."""
    found = _CODE.fullmatch(heading.strip())
    if not found:
        return ()
    question = normalise(found[1])
    groups = [normalise(group) for group in re.findall(r"\[([^\[\]]*)\]", found[2])]
    if not groups:
        # `Q1_SQ001` is how the codes of LimeSurvey's own expressions join them, `q1/a` or `q1.a` how programs do.
        sign = next((sign for sign in "/_." if sign in question), "_")
        steps = question.split(sign)[:_MOST_STEPS]
        joined = [(sign.join(steps[:cut]), *rest) for cut in range(1, len(steps)) for rest in _joins(steps[cut:], sign)]
        return ((question,), *joined)
    last = groups[-1]
    if last.endswith(_COMMENT) and last != _COMMENT:
        return ((question, *groups[:-1], last.removesuffix(_COMMENT), _COMMENT), (question, *groups))
    if "_" in last:
        return ((question, *groups[:-1], *last.split("_")[:_MOST_STEPS]), (question, *groups))
    return ((question, *groups),)


def _joins(steps: list[str], sign: str) -> list[Parts]:
    """Return steps as one group, and as two groups cut at each place."""
    return [(sign.join(steps),), *((sign.join(steps[:cut]), sign.join(steps[cut:])) for cut in range(1, len(steps)))]


def code_and_text(heading: str) -> tuple[str, str, str] | None:
    """Return the code, the separator and the text of a heading that has all three."""
    found = _CODE_AND_TEXT.fullmatch(heading.strip())
    return (found[1], found[2], found[3]) if found else None


def shortened(heading: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the beginning of the question, normalised, and the groups of a shortened heading; None for another.

    >>> shortened("Quels freins re.. [temps]")
    ('quels freins re', ('temps',))
    """
    found = _SHORT.fullmatch(heading)
    if not found or len(found[1]) > _LONGEST_SHORT:
        return None
    # A bracket that an option opens may be cut off: groups are what stands between the outermost ones.
    groups = re.split(r"\]\s*\[", found[2][1:-1]) if found[2] else []
    return normalise(found[1]), tuple(normalise(group) for group in groups)


def path_readings(heading: str, known: Collection[str]) -> tuple[Parts, ...]:
    """Return the ways of reading a path of groups, question and option joined by `/`, most likely first.

    `known` are the other headings of the file: where one of them is the beginning of this one, the rest is an
    option of that question.
    """
    text = normalise(heading)
    steps = text.split("/")
    if len(steps) == 1 or len(steps) > _MOST_STEPS:
        return (*_with_other(text), (text,), *split_heading(text)[1:])
    parents = [cut for cut in range(len(steps) - 1, 0, -1) if "/".join(steps[:cut]) in known]
    readings: list[Parts] = []
    for cut in (*parents, *range(len(steps) - 1, 0, -1)):
        # Names of groups come before the question, a row may come between it and the option.
        for start in range(cut - 1, -1, -1):
            option = "/".join(steps[cut:])
            readings.append(("/".join(steps[start:cut]), option))
            for row in range(cut - 1, start, -1):
                readings.append(("/".join(steps[start:row]), "/".join(steps[row:cut]), option))
    alone: list[Parts] = [("/".join(steps[start:]),) for start in range(len(steps) - 1, -1, -1)]
    with_other = [reading for step in alone for reading in _with_other(step[0])]
    ordered = (*readings, *with_other, *alone) if parents else (*with_other, *alone, *readings)
    # A row of a table may stand in brackets after its question.
    rows = [(*split, *parts[1:]) for parts in ordered for split in split_heading(parts[0])[1:]]
    return tuple(dict.fromkeys((*ordered, *rows)))


def _with_other(text: str) -> list[Parts]:
    stem, separator, last = text.rpartition("_")
    return [(stem, last)] if separator and stem and last in ("other", "autre") else []
