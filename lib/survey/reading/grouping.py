"""Which columns of an export belong to one question, and how the question, its rows and its options are written.

The ways of reading a heading come from `tools`; what kind of question a group of columns makes belongs to `kinds`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lib.survey.normalisation import normalise
from lib.survey.reading.headings import MOST_GROUPS, code_and_text
from lib.survey.reading.marks import is_other
from lib.survey.reading.profiles import Profile, alike, collapse
from lib.survey.reading.table import Table
from lib.survey.reading.tools import Layout, Parts

_MOST_SLASHES = 20
_FULL = 0.6


@dataclass(frozen=True)
class Column:
    """One column of a question: its place in the file, and its row and option as they are written."""

    position: int
    groups: tuple[str, ...]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """The columns of one question.

    Attributes
    ----------
    text : wording of the question as written, its code when the file has no wording.
    code : code of the question in the tool, "" when the file does not tell.
    columns : in the order of the file; those without groups are the question's own answer.
    """

    text: str
    code: str
    columns: tuple[Column, ...]


def group_columns(
    table: Table, layout: Layout, profiles: Sequence[Profile]
) -> tuple[tuple[Group, ...], tuple[int, ...]]:
    """Return the questions that the headings tell, in the order of the file, and the columns without a heading.

    Columns of the tool and of contacts are in neither. Where a heading may be read in several ways, the question
    is what several columns share; brackets that no other column shares are part of the wording.

    Parameters
    ----------
    profiles : of all the columns, by position.
    """
    readings = {
        position: tuple(way for way in ways if way[0])
        for position, ways in enumerate(layout.readings)
        if position not in layout.metadata and position not in layout.contacts
    }
    without_heading = tuple(position for position, ways in readings.items() if not ways)
    readings = {position: ways for position, ways in readings.items() if ways}
    readings = _cut_where_alike(table, layout, readings, profiles)
    shared = Counter(name for ways in readings.values() for name in {way[0] for way in ways})
    grids = _grids(readings)
    gathered: dict[str, list[tuple[int, Parts]]] = defaultdict(list)
    for position, ways in readings.items():
        parts = _choose(ways, shared, grids)
        gathered[parts[0]].append((position, parts))
    return tuple(_group(table, layout, members) for members in gathered.values()), without_heading


def _cut_where_alike(
    table: Table, layout: Layout, readings: dict[int, tuple[Parts, ...]], profiles: Sequence[Profile]
) -> dict[int, tuple[Parts, ...]]:
    """Return the readings that the cells allow, where headings alone do not say where to cut them.

    A name such as `terr_nom`, or a path of groups that ends with a question, could be cut at any of its joints, and
    the question named above a column of Framaforms may have ended before it: the columns of one question are alike.
    """
    kobo, framaforms = layout.tool.id == "kobotoolbox", layout.tool.id == "framaforms"
    members: dict[str, list[int]] = defaultdict(list)
    for position, ways in readings.items():
        for stem in dict.fromkeys(way[0] for way in ways if len(way) > 1):
            members[stem].append(position)
    kin = {
        stem: {
            place
            for place in positions
            if _of_other(readings[place], stem) or alike(profiles[positions[0]], profiles[place])
        }
        for stem, positions in members.items()
    }
    cut: dict[int, tuple[Parts, ...]] = {}
    for position, ways in readings.items():
        if kobo:
            ways = tuple(way for way in ways if all(map(_balanced, way))) or ways
        if "[" in table.headings[position] and not framaforms:
            cut[position] = ways
            continue
        if kobo and len(ways[0]) > 1:
            cut[position] = ways[:1]
            continue
        deeper = [
            way
            for way in ways
            if len(way) > 1 and position in kin[way[0]] and (framaforms or len(kin[way[0]]) == len(members[way[0]]) > 1)
        ]
        if kobo:
            # The shortest option, and the question without the names of the groups that it is in.
            deeper.sort(key=lambda way: (way[-1].count("/"), len(way[0])))
        elif not framaforms:
            deeper.sort(key=lambda way: len(way[0]))
        cut[position] = (*deeper, *(way for way in ways if len(way) == 1))
    return cut


def _of_other(ways: tuple[Parts, ...], stem: str) -> bool:
    """Tell whether one of the ways of reading a heading is the text of « Autre » of a question."""
    return is_other(ways[0][-1]) or any(len(way) == 2 and way[0] == stem and is_other(way[1]) for way in ways)


def _balanced(text: str) -> bool:
    return text.count("(") == text.count(")")


def _grids(readings: dict[int, tuple[Parts, ...]]) -> set[str]:
    """Return the questions whose two last groups make a grid: several rows, and nearly the same options in each."""
    cells: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for ways in readings.values():
        for way in ways:
            if len(way) == 3 and not _of_other(ways, way[0]):
                cells[way[0]].add((way[1], way[2]))
    grids = set()
    for name, pairs in cells.items():
        rows, options = {row for row, _ in pairs}, {option for _, option in pairs}
        if len(rows) > 1 and len(options) < len(pairs) and len(pairs) >= _FULL * len(rows) * len(options):
            grids.add(name)
    return grids


def _choose(ways: tuple[Parts, ...], shared: Counter[str], grids: set[str]) -> Parts:
    for way in ways:
        if way[0] in grids and (len(way) == 3 or (len(way) == 2 and is_other(way[1]))):
            return way
    for way in ways:
        if len(way) == 2 and shared[way[0]] > 1 and way[0] not in grids:
            return way
    return next((way for way in ways if len(way) == 1), ways[0])


def _group(table: Table, layout: Layout, members: list[tuple[int, Parts]]) -> Group:
    if layout.style == "code-et-texte":
        return _group_with_codes(table, members)
    texts, columns = [], []
    for position, parts in members:
        written = _as_written(table, position)
        question, *groups = [written.get(part, part) for part in parts]
        texts.append(question)
        columns.append(Column(position, tuple(groups), tuple(groups) if layout.style == "code" else ()))
    return Group(texts[0], texts[0] if layout.style == "code" else "", tuple(columns))


def _group_with_codes(table: Table, members: list[tuple[int, Parts]]) -> Group:
    """Return a group whose headings hold both a code, by which columns are gathered, and a text."""
    told = []
    for position, parts in members:
        found = code_and_text(table.headings[position])
        written = _as_written(table, position)
        codes = tuple(written.get(part, part) for part in parts)
        told.append((position, codes, *_worded(found[2] if found else codes[0], len(parts) - 1)))
    (text, _), *_ = Counter(text for _, _, text, _ in told).most_common(1)
    columns = []
    for position, codes, wording, groups in told:
        if "" in groups and len(groups) == 1 and wording.startswith(text):
            # Without brackets, what follows the wording of the others is the option.
            groups = [wording[len(text) :].strip(" _-–:")]
        labels = (label or code for label, code in zip(groups, codes[1:], strict=True))
        columns.append(Column(position, tuple(labels), codes[1:]))
    return Group(text, told[0][1][0], tuple(columns))


def _worded(text: str, depth: int) -> tuple[str, list[str]]:
    """Return the wording of a question and of its groups, as many as the code has; "" for those that it lacks."""
    groups: list[str] = []
    rest = collapse(text)
    while len(groups) < depth and (start := _start_of_group(rest)) > 0:
        groups.insert(0, rest[start + 1 : -1].strip())
        rest = rest[:start].rstrip()
    return rest, [*groups, *[""] * (depth - len(groups))]


def _as_written(table: Table, position: int) -> dict[str, str]:
    """Return the pieces of a heading as they are written, by their normalised form."""
    heading = table.headings[position]
    pieces = [heading]
    if found := code_and_text(heading):
        pieces.append(found[2])
    for row in table.above:
        pieces += [cell for cell in row[: position + 1][::-1] if cell.strip()][:1]
    written: dict[str, str] = {}
    for piece in pieces:
        for part in _pieces(piece):
            if key := normalise(part):
                written.setdefault(key, collapse(part))
    return written


def _pieces(text: str) -> Iterator[str]:
    yield from _out_of_brackets(text)
    if 0 < text.count("/") <= _MOST_SLASHES:
        steps = text.split("/")
        for start in range(len(steps)):
            for end in range(start + 1, len(steps) + 1):
                yield from _out_of_brackets("/".join(steps[start:end]))


def _out_of_brackets(text: str) -> Iterator[str]:
    yield text
    rest = text.rstrip()
    for _ in range(MOST_GROUPS):
        start = _start_of_group(rest)
        if start < 0:
            break
        inside = rest[start + 1 : -1]
        yield inside
        yield from inside.split("_", 1)
        rest = rest[:start].rstrip()
        yield rest


def _start_of_group(text: str) -> int:
    """Return where the bracket group that ends a text opens, -1 when none ends it."""
    if not text.endswith("]"):
        return -1
    depth = 0
    for start in range(len(text) - 1, -1, -1):
        depth += {"]": 1, "[": -1}.get(text[start], 0)
        if depth == 0:
            return start
    return -1
