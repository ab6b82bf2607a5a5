"""Which answer each column of a file carries: recognised by code or by wording, completed by a person, kept as JSON.

Nothing is read here but headings, and cells where a heading may mean two things; the reading is `export`'s.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field, replace

from lib.survey.normalisation import normalise
from lib.survey.options import names
from lib.survey.questionnaire import OTHER, Codebook
from lib.survey.reading.contacts import sample
from lib.survey.reading.headings import shortened
from lib.survey.reading.joined import best_separator
from lib.survey.reading.marks import MARKS, only_marks
from lib.survey.reading.questions import UNKNOWN, Questions, Target
from lib.survey.reading.table import SurveyFileError, Table
from lib.survey.reading.tools import KOBO, Layout, readable, recognise_layout

__all__ = ["UNKNOWN", "Mapping", "Target", "from_json", "recognise", "to_json", "with_option", "with_target"]

ROLES = ("answer", "joined", "comment", "metadata", "contact", "ignored", "unknown")
_ONCE = ("answer", "joined", "metadata")
_VERSION = 1


@dataclass(frozen=True)
class Mapping:
    """What the columns of a file are, and what texts in their cells mean.

    Attributes
    ----------
    tool, style : see `lib.survey.reading.tools.Layout`.
    joined : what stands between several options in one cell.
    columns : one target for each column of the file.
    options : by question id, the option code that a person gave to a normalised text met in cells; an empty code
        means that the text is left out.
    """

    tool: str
    style: str
    joined: str
    columns: tuple[Target, ...]
    options: dict[str, dict[str, str]] = field(default_factory=dict)


def recognise(table: Table, codebook: Codebook, layout: Layout | None = None) -> Mapping:
    """Return what the columns of a table are in a questionnaire; what is not known stays « unknown ».

    Parameters
    ----------
    table : Table
    codebook : Codebook
    layout : Layout, optional
        What `recognise_layout` said of the table, when it has been asked already.
    """
    told = recognise_layout(table) if layout is None else layout
    questions = Questions(codebook)
    offers = _offers(table, told, questions)
    _leave_doubtful(table, offers)
    columns = _assign(table, told, offers)
    _place_other(table, codebook, columns)
    _prefer_options(codebook, columns)
    return Mapping(told.tool.id, told.style, _separator(table, codebook, told, columns), tuple(columns))


def _offers(table: Table, layout: Layout, questions: Questions) -> list[list[Target]]:
    """Return what each column may be, most likely first; a contact or a column of the tool's own by wording only."""
    codes_first = layout.style in ("code", "code-et-texte") or layout.tool is KOBO
    modes = (True, False) if codes_first else (False, True)
    headings = readable(table.headings)
    everywhere = range(len(headings))
    offers: list[list[Target]] = [[] for _ in everywhere]
    own = [position for position in everywhere if position in layout.metadata or position in layout.contacts]
    for position in everywhere:
        if position not in own:
            offers[position] = _named(table, layout, questions, position, headings[position], modes)
    met = [targets[0].by for targets in offers if targets]
    # « Nom » is a person's before it is the code of a question, unless codes are what headings are made of.
    coded = codes_first or met.count("code") > met.count("wording")
    for position in own:
        heading = normalise(table.headings[position])
        offers[position] = questions.of_text(heading)
        if position in layout.contacts and coded and not offers[position]:
            offers[position] = _first(questions, layout.readings[position], (True,))
    return offers


def _first(questions: Questions, readings: tuple[tuple[str, ...], ...], modes: tuple[bool, ...]) -> list[Target]:
    for parts in readings:
        for coded in modes:
            targets = questions.targets(parts, coded=coded) if parts[0] else []
            if targets:
                return targets
    return []


def _named(
    table: Table, layout: Layout, questions: Questions, position: int, heading: str, modes: tuple[bool, ...]
) -> list[Target]:
    targets = _first(questions, layout.readings[position], modes) or questions.by_key(heading)
    if targets or not normalise(heading):
        return targets
    short = shortened(heading) if layout.style == "abrege" else None
    if short:
        return questions.beginning_with(*short)
    return questions.begun_by(heading) or _row_alone(table, questions, position)


def _row_alone(table: Table, questions: Questions, position: int) -> list[Target]:
    """Return the rows that a heading names by itself, of the questions whose answers stand in the column."""
    cells = set(sample(table.column(position)))
    found = []
    for target in questions.of_row(normalise(table.headings[position])):
        known = names(questions.codebook[target.key.partition("/")[0]].options)
        pieces = [piece for cell in cells for piece in (cell.split(";") if target.role == "joined" else [cell])]
        filled = [piece for piece in pieces if normalise(piece) not in ("", "n/a")]
        if filled and sum(known.code(piece) is not None for piece in filled) * 2 > len(filled):
            found.append(target)
    return found if len(found) == 1 else []


def _leave_doubtful(table: Table, offers: list[list[Target]]) -> None:
    """Leave out what one heading may be when fewer columns have it than there are answers that it may be.

    Two columns with the same heading, shortened, are taken in the order of the questionnaire; one alone says
    nothing. An option « Autre » and its text are told apart by their cells instead.
    """
    alike: dict[str, list[int]] = defaultdict(list)
    for position, heading in enumerate(table.headings):
        alike[normalise(heading)].append(position)
    for positions in alike.values():
        keys = {target.key for target in offers[positions[0]] if target.role != "comment"}
        others = {key for key in keys if key.endswith((f"/{OTHER}", f"/{OTHER}/texte"))}
        if len(keys) > len(positions) and keys != others:
            for position in positions:
                offers[position] = []


def _assign(table: Table, layout: Layout, offers: list[list[Target]]) -> list[Target]:
    """Give each column the first of its offers that no column before it has."""
    taken: set[tuple[str, str]] = set()
    columns = []
    for position in range(len(table.headings)):
        chosen = UNKNOWN
        for target in offers[position]:
            if target.role not in _ONCE or (target.role, target.key) not in taken:
                chosen = target
                break
        if not offers[position]:
            if position in layout.metadata:
                chosen = Target("metadata", layout.metadata[position])
            elif position in layout.contacts:
                chosen = Target("contact", layout.contacts[position])
        taken.add((chosen.role, chosen.key))
        columns.append(chosen)
    return columns


def _place_other(table: Table, codebook: Codebook, columns: list[Target]) -> None:
    """Tell the option « Autre » from its text by the cells of the columns that may be either."""
    for question in codebook.questions:
        option, text = f"{question.id}/{OTHER}", question.other_column
        if not text or option not in question.columns:
            continue
        positions = [
            position
            for position, target in enumerate(columns)
            if target.role == "answer" and target.key in (option, text)
        ]
        written = [position for position in positions if not only_marks(set(table.column(position)))]
        if len(written) == 1:
            for position in positions:
                columns[position] = replace(columns[position], key=text if position in written else option)
        elif len(positions) == 1 and columns[positions[0]].key == text and _ticked(table, positions[0]):
            columns[positions[0]] = replace(columns[positions[0]], key=option)


def _ticked(table: Table, position: int) -> bool:
    cells = {normalise(cell) for cell in set(table.column(position))}
    return bool(cells - {"", "n/a"}) and cells <= MARKS


def _prefer_options(codebook: Codebook, columns: list[Target]) -> None:
    """Leave a cell of several options aside where each of its options has a column too."""
    answered = {target.key for target in columns if target.role == "answer"}
    apart = {
        name for question in codebook.questions for name, keys in question.groups.items() if answered.intersection(keys)
    }
    for position, target in enumerate(columns):
        if target.role == "joined" and target.key in apart:
            columns[position] = Target("ignored")


def _separator(table: Table, codebook: Codebook, layout: Layout, columns: list[Target]) -> str:
    several = []
    for position, target in enumerate(columns):
        question_id, _, part = target.key.partition("/")
        if target.role == "joined" and not (part and codebook[question_id].kind == "ranking"):
            options = codebook[question_id].options
            several.append((set(sample(table.column(position))), options, names(options).code))
    return best_separator(several, layout.joined) if several else layout.joined


def with_target(mapping: Mapping, position: int, target: Target) -> Mapping:
    """Return the mapping with a person's choice for one column; the column that had this answer has none any more."""
    columns = list(mapping.columns)
    if target.role in _ONCE:
        columns = [UNKNOWN if (other.role, other.key) == (target.role, target.key) else other for other in columns]
    columns[position] = replace(target, by="person")
    return replace(mapping, columns=tuple(columns))


def with_option(mapping: Mapping, question_id: str, text: str, code: str) -> Mapping:
    """Return the mapping with a person's choice for a text met in cells; an empty code leaves the text out."""
    options = {**mapping.options.get(question_id, {}), normalise(text): code}
    return replace(mapping, options={**mapping.options, question_id: options})


def to_json(mapping: Mapping, table: Table) -> str:
    """Return the mapping as JSON, with a digest of the headings for which it was made."""
    return json.dumps(
        {
            "version": _VERSION,
            "headings": _digest(table),
            "tool": mapping.tool,
            "style": mapping.style,
            "joined": mapping.joined,
            "columns": [[target.role, target.key, target.by] for target in mapping.columns],
            "options": mapping.options,
        },
        ensure_ascii=False,
    )


def from_json(text: str, table: Table) -> Mapping:
    """Return the mapping that `to_json` wrote.

    Raises
    ------
    SurveyFileError
        When it is none, or was made for other headings.
    """
    try:
        told = json.loads(text)
        if told["version"] != _VERSION:
            raise ValueError
        columns = tuple(Target(*map(str, target)) for target in told["columns"])
        options = {
            str(question): {str(met): str(code) for met, code in chosen.items()}
            for question, chosen in told["options"].items()
        }
        mapping = Mapping(str(told["tool"]), str(told["style"]), str(told["joined"]), columns, options)
        headings = told["headings"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SurveyFileError(
            "La correspondance des colonnes est illisible\u202f: recommencez-la à partir du fichier."
        ) from error
    if headings != _digest(table) or len(columns) != len(table.headings):
        raise SurveyFileError(
            "La correspondance des colonnes a été faite pour d’autres intitulés\u202f: elle ne s’applique pas à ce "
            "fichier. Recommencez-la à partir de lui."
        )
    if any(target.role not in ROLES for target in columns):
        raise SurveyFileError("La correspondance des colonnes est illisible\u202f: recommencez-la à partir du fichier.")
    return mapping


def _digest(table: Table) -> str:
    headings = json.dumps([*table.above, table.headings], ensure_ascii=False)
    return hashlib.sha256(headings.encode("utf-8", "surrogatepass")).hexdigest()
