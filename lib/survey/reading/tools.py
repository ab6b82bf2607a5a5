"""Recognition of the survey tool that wrote a file, and of how its headings are made.

It looks at the file alone, before any questionnaire; which answer a column carries belongs to `mapping`.
"""

import re
from collections import Counter
from dataclasses import dataclass

from lib.survey.normalisation import normalise
from lib.survey.reading import metadata as own
from lib.survey.reading.contacts import (
    contact_of_cells,
    contact_of_heading,
    is_own_heading,
    repeats,
    sample,
    tool_headings,
)
from lib.survey.reading.framaforms import framaforms_readings
from lib.survey.reading.headings import (
    Parts,
    bracket_readings,
    code_and_text,
    code_readings,
    path_readings,
    shortened,
    spaced,
    split_heading,
    unranked,
)
from lib.survey.reading.marks import NOT_ASKED_CELL, is_comment, only_marks
from lib.survey.reading.table import Table

__all__ = ["AUTRE", "TOOLS", "Layout", "Parts", "Tool", "recognise_layout"]

STYLES = ("code", "abrege", "complet", "code-et-texte")


@dataclass(frozen=True)
class Tool:
    """A survey tool: `verified` when its reading has been tried on conventions read in real files."""

    id: str
    label: str
    verified: bool = True


LIMESURVEY = Tool("limesurvey", "LimeSurvey")
FRAMAFORMS = Tool("framaforms", "Framaforms")
GOOGLE = Tool("google-forms", "Google Forms")
MICROSOFT = Tool("microsoft-forms", "Microsoft Forms")
KOBO = Tool("kobotoolbox", "KoboToolbox")
SPHINX = Tool("sphinx", "Sphinx", verified=False)
AUTRE = Tool("autre", "Tableau sans outil reconnu")
TOOLS = {tool.id: tool for tool in (LIMESURVEY, FRAMAFORMS, GOOGLE, MICROSOFT, KOBO, SPHINX, AUTRE)}

_OWN = {
    "limesurvey": own.names(own.LIMESURVEY),
    "framaforms": own.names(own.FRAMAFORMS),
    "google-forms": own.names(own.GOOGLE),
    "microsoft-forms": own.names(own.MICROSOFT),
    "kobotoolbox": own.names(own.KOBO),
    "sphinx": own.names(own.SPHINX),
    "autre": own.names(own.ANY),
}
_JOINED = {"framaforms": ",", "google-forms": ", ", "microsoft-forms": ";", "kobotoolbox": " ", "sphinx": ";"}
_RANK = re.compile(r"(?:classement|rang|rank) \d+")
_MOST = 0.5


@dataclass(frozen=True)
class Layout:
    """What the headings say, before any questionnaire is looked at.

    Attributes
    ----------
    tool : who wrote the file.
    style : how LimeSurvey was set to write its headings, one of `STYLES`; empty for other tools.
    metadata : name of the tool's own columns, by position: `id`, `submitdate`, `startdate`, `draft`…
    contacts : kind of the columns of personal data, by position, as in `contacts.contact_of_heading`.
    readings : for each column, the ways of reading its heading, most likely first; empty for the tool's own.
    joined : what stands between several options in one cell, empty when the tool never does that.
    """

    tool: Tool
    style: str
    metadata: dict[int, str]
    contacts: dict[int, str]
    readings: tuple[tuple[Parts, ...], ...]
    joined: str


def recognise_layout(table: Table) -> Layout:
    """Return the tool that wrote a table, its own columns, those of contacts, and its headings taken apart.

    Never fails: what is recognised as nothing is a table of no known tool, read by its wordings.
    """
    headings = readable(table.headings)
    plain = [normalise(heading) for heading in headings]
    samples = [sample(table.column(position)) for position in range(len(plain))]
    separator = _text_separator(headings)
    bare = [_bare(heading, separator) for heading in plain]
    tool = _tool(table, plain, bare)
    metadata = _metadata(_OWN[tool.id], bare)
    if tool is FRAMAFORMS:
        metadata = {position: name for position, name in metadata.items() if position < _end_of_details(table)}
    questions = [heading for position, heading in enumerate(headings) if position not in metadata and heading]
    style = _style(questions, separator)
    if tool is AUTRE and _like_limesurvey(samples, style, questions):
        tool = LIMESURVEY
        metadata = _metadata(_OWN[tool.id], bare)
    if tool is LIMESURVEY and style == "code":
        metadata |= _code_timings(headings, metadata)
    known = frozenset(plain)
    readings = tuple(
        ()
        if position in metadata or not plain[position]
        else path_readings(heading, known)
        if tool is KOBO
        else framaforms_readings(table, position)
        if tool is FRAMAFORMS
        else _readings(style, heading, separator)
        for position, heading in enumerate(headings)
    )
    contacts = {
        position: kind
        for position in range(len(table.headings))
        if position not in metadata
        and (kind := _contact(samples[position], bare[position].rpartition("/")[2] if tool is KOBO else bare[position]))
    }
    joined = _JOINED.get(tool.id, "")
    if tool is GOOGLE and any(own.is_downloaded(samples[position]) for position in metadata):
        # The file that the form gives joins options otherwise than its spreadsheet.
        joined = ";"
    elif tool in (AUTRE, GOOGLE):
        joined = _joined_in_cells(samples, metadata, contacts) or joined
    return Layout(tool, style if tool is LIMESURVEY else "", metadata, contacts, readings, joined)


def readable(headings: tuple[str, ...]) -> tuple[str, ...]:
    """Return headings as the tool wrote them: without the ranks of a program, underscores being spaces again."""
    return spaced(unranked(headings), _OWN["limesurvey"])


def _bare(heading: str, separator: str) -> str:
    """Return a heading as the tool's own columns are called: the code without its text, the whole of a short one.

    LimeSurvey writes `id._.ID de la réponse`, and shortens the names of its own columns like the rest.
    """
    if separator and separator in heading:
        code, _, text = heading.partition(separator)
        return text.strip() if own.is_timing(text.strip()) else code.strip()
    short = shortened(heading)
    if short and not short[1]:
        names = [*_OWN["limesurvey"], *tool_headings()]
        whole = [name for name in names if name.startswith(short[0])]
        exact = [name for name in whole if name == short[0]]
        return (exact or (whole if len(short[0]) >= 8 else []) or [short[0]])[0]
    return heading


def _tool(table: Table, plain: list[str], bare: list[str]) -> Tool:
    headings = set(plain) | set(bare)
    first = next((heading for heading in plain if heading), "")

    def met(tool: Tool) -> int:
        return len({_OWN[tool.id][heading] for heading in headings if heading in _OWN[tool.id]})

    if len(table.above) == 2 and (met(FRAMAFORMS) >= 2 or "sid" in headings):
        return FRAMAFORMS
    if met(KOBO) >= 2 and any(heading.startswith("_") for heading in headings):
        return KOBO
    if {"submitdate", "startdate"} <= {_OWN["microsoft-forms"].get(heading) for heading in headings} and {
        "heure de début",
        "start time",
    } & headings:
        return MICROSOFT
    if met(SPHINX) >= 3 and any("saisie" in heading or "enreg" in heading for heading in headings):
        return SPHINX
    strong = met(LIMESURVEY) - ("id" in headings)
    if strong >= 2 or (strong and "id" in headings) or "id de la réponse" in headings or "response id" in headings:
        return LIMESURVEY
    if first in _OWN["google-forms"]:
        return GOOGLE
    return AUTRE


def _metadata(names: dict[str, str], headings: list[str]) -> dict[int, str]:
    """Return the name of each of the tool's own columns; a name met twice is the first column's."""
    found: dict[int, str] = {}
    for position, heading in enumerate(headings):
        name = names.get(heading)
        if name and name not in found.values():
            found[position] = name
        elif own.is_timing(heading):
            found[position] = f"temps-{position + 1}"
    return found


def _end_of_details(table: Table) -> int:
    """Return where Framaforms' own columns end: where the first question is named above, « Temps » is an option."""
    named = [position for position, text in enumerate(table.above[-1]) if position and text.strip()]
    return named[0] if named else len(table.headings)


def _code_timings(headings: tuple[str, ...], metadata: dict[int, str]) -> dict[int, str]:
    """Return the times spent on each question where headings are codes: `Q1Time` beside `Q1`."""
    stems = {normalise(heading).partition("[")[0].replace("_", "") for heading in headings}
    return {
        position: f"temps-{position + 1}"
        for position, heading in enumerate(headings)
        if position not in metadata
        and heading.strip().endswith("Time")
        and normalise(heading).removesuffix("time").replace("_", "") in stems
    }


def _text_separator(headings: tuple[str, ...]) -> str:
    """Return what stands between code and text in most of the headings, normalised; empty when nothing does."""
    parts = [found for heading in headings if (found := code_and_text(heading)) and _may_separate(found[1])]
    counts = Counter(separator for _, separator, _ in parts)
    if not counts:
        return ""
    separator, count = counts.most_common(1)[0]
    codes = [code for code, met, _ in parts if met == separator]
    # One space also stands between the first two words of any question: codes must then look like codes.
    bare = separator.isspace()
    like_codes = all(any(sign.isdigit() or sign in "[_" for sign in code) for code in codes)
    if count < max(2, 0.6 * len(headings)) or len(set(codes)) < len(codes) or (bare and not like_codes):
        return ""
    return separator if separator.isspace() else separator.strip()


def _may_separate(sign: str) -> bool:
    """Tell whether a sign may stand between code and text, rather than between two parts of a code."""
    return not set("[]") & set(sign) and (len(sign) > 1 or sign.isspace() or sign in ".:;|")


def _style(questions: list[str], separator: str) -> str:
    if separator:
        return "code-et-texte"
    if not questions:
        return "complet"
    if sum(shortened(heading) is not None for heading in questions) >= _MOST * len(questions):
        return "abrege"
    coded = sum(bool(code_readings(heading)) for heading in questions)
    return "code" if coded >= 0.8 * len(questions) else "complet"


def _like_limesurvey(samples: list[list[str]], style: str, questions: list[str]) -> bool:
    """Tell whether a file without the tool's own columns has headings that only LimeSurvey writes."""
    grouped = [heading for heading in questions if heading.rstrip().endswith("]")]
    if style in ("code", "code-et-texte"):
        return len(grouped) >= 2
    if style == "abrege":
        return True
    last = [split_heading(heading)[1][-1] for heading in grouped if len(split_heading(heading)) > 1]
    if any(_RANK.fullmatch(group) or is_comment(group) for group in last):
        return True
    hidden = any(normalise(cell) == NOT_ASKED_CELL for cells in samples for cell in set(cells) if len(cell) < 6)
    return len(grouped) >= 2 and hidden


def _readings(style: str, heading: str, separator: str) -> tuple[Parts, ...]:
    if style == "code-et-texte" and separator in heading:
        code, _, text = heading.partition(separator)
        return tuple(dict.fromkeys((*code_readings(code), *bracket_readings(text))))
    if style == "code":
        return code_readings(heading) or bracket_readings(heading)
    if style == "abrege":
        found = shortened(heading)
        return ((found[0], *found[1]), *bracket_readings(heading)) if found else bracket_readings(heading)
    return bracket_readings(heading)


def _contact(filled: list[str], bare: str) -> str:
    """Return the kind of contact of a column, unless its filled cells show a question with options."""
    kind = contact_of_heading(bare) or contact_of_heading(split_heading(bare)[-1][-1])
    held = contact_of_cells(filled)
    if not kind or not filled:
        return kind or held
    return held if only_marks(set(filled)) or (repeats(filled) and not is_own_heading(bare)) else kind


def _joined_in_cells(samples: list[list[str]], metadata: dict[int, str], contacts: dict[int, str]) -> str:
    """Return what seems to join several options in one cell: pieces that come again in other company."""
    votes: Counter[str] = Counter()
    for position, filled in enumerate(samples):
        if position in metadata or position in contacts:
            continue
        cells = set(filled)
        for separator in (";", ", ", "|", "\n"):
            several = [cell for cell in cells if separator in cell]
            pieces = [piece.strip() for cell in several for piece in cell.split(separator) if piece.strip()]
            if len(several) >= 2 and len(set(pieces)) * 2 <= len(pieces):
                votes[separator] += 1
                break
    return votes.most_common(1)[0][0] if votes else ""
