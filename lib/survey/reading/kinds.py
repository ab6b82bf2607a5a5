"""What a group of columns asks: the kind of the question, its rows and options, drafted from headings and cells.

The parts that questions play and the file that describes them belong to `drafting`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from lib.survey.normalisation import normalise
from lib.survey.questionnaire import OTHER, Option, Question
from lib.survey.reading.grouping import Column, Group
from lib.survey.reading.marks import UNNAMED, is_comment, is_other
from lib.survey.reading.naming import Names, shorten, unique_names
from lib.survey.reading.profiles import MOST_OPTIONS, Profile, in_order, words

_MOST_LABELS = 15
"""More distinct answers than this under the rows of an array are texts or numbers, not a scale."""

_RANK = re.compile(r"(?:(?:classement|rang|rank|ranking) )?(\d{1,2})")
_DONT_KNOW = re.compile(
    r"(je )?ne (se |me )?(sait|sais|savez|prononce)\b.*|nspp?\b.*|(sans|pas d) (avis|opinion)\b.*|.*\bdon t know\b.*"
)
_NOTHING = re.compile(r"(aucune?|rien|neant|none|nothing)\b.*|pas (de|d) (besoin|frein|difficulte|action)s?\b.*")

_FREE = re.compile(
    r"\b(precis\w*|commentaires?|remarques?|suggestions?|observations?|pourquoi|lesquel(le)?s|expliqu\w*)\b"
)

_CODES_ONLY = "Le fichier ne donne que des codes\u202f: écrivez les intitulés et les libellés."
_SCALE = "Options trouvées dans les réponses\u202f: mettez-les dans l’ordre, ajoutez celles que personne n’a choisies."
_RARE = "Des réponses rares n’ont pas été prises pour des options."
_JOINED = (
    "Plusieurs options par cellule\u202f: vérifiez où elles ont été séparées, ajoutez celles que personne n’a choisies."
)


@dataclass(frozen=True)
class Drafted:
    """One question as drafted, with the columns that answer it.

    Attributes
    ----------
    columns : positions of the columns read.
    beside : positions of the columns that repeat its answers or comment them, which the draft leaves out.
    remark : French sentences to the person who edits the draft, "" when there is nothing to say.
    """

    question: Question
    columns: tuple[int, ...]
    beside: tuple[int, ...] = ()
    remark: str = ""


def infer(group: Group, profiles: Sequence[Profile], free_id: Names) -> list[Drafted]:
    """Return the questions that a group of columns makes, most often one; `profiles` are by position."""
    own = [column for column in group.columns if not column.groups]
    beside = [column.position for column in group.columns if column.groups and _is(column, is_comment)]
    parts = [column for column in group.columns if column.groups and column.position not in beside]
    others = [column for column in parts if _is(column, is_other) and profiles[column.position].ticked is None]
    boxes = [column for column in parts if column not in others]
    if not boxes:
        drafted = _of_own(group, own, others, profiles, free_id) or _texts(group, others, free_id)
    else:
        beside += [column.position for column in own]
        drafted = _of_boxes(group, boxes, others, profiles, free_id)
    if not drafted:
        return []
    return [replace(drafted[0], beside=(*drafted[0].beside, *beside)), *drafted[1:]]


def _of_boxes(
    group: Group, boxes: list[Column], others: list[Column], profiles: Sequence[Profile], free_id: Names
) -> list[Drafted]:
    told = [profiles[column.position] for column in boxes if profiles[column.position].answered]
    grid = all(len(column.groups) > 1 for column in boxes)
    ticks = all(one.ticked is not None for one in told) and (bool(told) or len(boxes) > 1)
    labels = _labels(told)
    if not grid and _are_ranks(boxes, told, labels):
        return [_ranking(group, boxes, labels, free_id), *_texts(group, others, free_id)]
    if ticks:
        return [_ticks(group, boxes, others, grid, free_id)]
    if any(one.tokens for one in told) and not grid:
        return [_joined_rows(group, boxes, told, free_id), *_texts(group, others, free_id)]
    if labels:
        scales: dict[str, list[Column]] = {}
        for column in boxes:
            scales.setdefault(column.groups[1] if grid else "", []).append(column)
        arrays = [_array(group, scale, columns, labels, free_id) for scale, columns in scales.items()]
        return [*arrays, *_texts(group, others, free_id)]
    return _texts(group, [*boxes, *others], free_id)


def _of_own(
    group: Group, own: list[Column], others: list[Column], profiles: Sequence[Profile], free_id: Names
) -> list[Drafted]:
    """Draft a question answered in one column; a heading met again is left out."""
    if not own:
        return []
    one = profiles[own[0].position]
    remarks = [_CODES_ONLY] if group.code == group.text else []
    kind, labels, with_other = "text", _last_ones(one.tokens or one.options), False
    if one.tokens:
        kind = "ranking" if one.ranks else "multiple"
        remarks.append(_JOINED)
    elif one.ticked is not None or (one.options and not _FREE.search(words(group.text))):
        labels = labels or tuple(one.counts)
        kind = "scale" if one.numeric and len(labels) > 2 else "single"
        remarks += [_SCALE, _RARE] if one.distinct > len(labels) else [_SCALE]
    if others and kind == "single" and not any(is_other(normalise(label)) for label in labels):
        labels = (*labels, "Autre")
    options = _options(((label, "") for label in labels if kind != "text"), several=kind == "multiple")
    if kind in ("single", "multiple"):
        # A list has a text where a column holds it, a cell of several options where it may hold one.
        with_other = any(option.code == OTHER for option in options) and (kind == "multiple" or bool(others))
    ranks = min(one.ranks, len(options)) if kind == "ranking" else 0
    question = _question(group, kind, group.text, free_id, options=options, ranks=ranks, other=with_other)
    kept, left = (others[:1], others[1:]) if kind == "single" and with_other else ([], others)
    return [Drafted(question, _positions([own[0], *kept]), _positions([*own[1:], *left]), " ".join(remarks))]


def _ticks(group: Group, boxes: list[Column], others: list[Column], grid: bool, free_id: Names) -> Drafted:
    """Draft a multiple choice, or an array of them; an option met again is left out."""
    named = [(column.groups[-1], column.codes[-1] if column.codes else "") for column in boxes]
    own_other = others[:1] if not grid else []
    if own_other and not any(is_other(normalise(label)) for label, _ in named):
        named.append((own_other[0].groups[-1], OTHER))
    options = _options(named, several=True)
    if own_other and OTHER not in {option.code for option in options}:
        options = (*options, Option(OTHER, "Autre"))
    rows = _options((column.groups[0], column.codes[0] if column.codes else "") for column in boxes) if grid else ()
    read, left = _first_met(boxes)
    left += others[len(own_other) :]
    question = _question(
        group, "array_multiple" if grid else "multiple", group.text, free_id, options=options, rows=rows,
        other=bool(own_other),
    )  # fmt: skip
    return Drafted(question, _positions([*read, *own_other]), _positions(left), _coded(group))


def _array(group: Group, scale: str, boxes: list[Column], labels: tuple[str, ...], free_id: Names) -> Drafted:
    rows = _options((column.groups[0], column.codes[0] if column.codes else "") for column in boxes)
    read, left = _first_met(boxes)
    question = _question(
        group, "array", f"{group.text} [{scale}]" if scale else group.text, free_id,
        options=_options((label, "") for label in labels), rows=rows,
    )  # fmt: skip
    return Drafted(question, _positions(read), _positions(left), f"{_coded(group)} {_SCALE}".strip())


def _joined_rows(group: Group, boxes: list[Column], told: list[Profile], free_id: Names) -> Drafted:
    """Draft an array of multiple choices whose columns are the rows, several options being in each cell."""
    labels = {normalise(label): label for one in told for label in (*one.tokens, *one.options)}
    options = _options(((label, "") for label in _last_ones(tuple(labels.values()))), several=True)
    rows = _options((column.groups[0], column.codes[0] if column.codes else "") for column in boxes)
    read, left = _first_met(boxes)
    question = _question(group, "array_multiple", group.text, free_id, options=options, rows=rows)
    return Drafted(question, _positions(read), _positions(left), f"{_coded(group)} {_JOINED}".strip())


def _are_ranks(boxes: list[Column], told: list[Profile], labels: tuple[str, ...]) -> bool:
    """Tell whether columns are the ranks of one ranking, by their names, and by no answer being ranked twice."""
    found = [_RANK.fullmatch(words(column.groups[-1])) for column in boxes]
    if not labels or len(boxes) < 2 or not all(found):
        return False
    if [int(one[1]) for one in found if one] != list(range(1, len(boxes) + 1)) or len(labels) < len(boxes):
        return False
    named = any(not column.groups[-1].strip().isdigit() for column in boxes)
    if named:
        return True
    # Rows of an array may be numbered too, but one may then answer two of them alike.
    for one, other in combinations(told, 2):
        if one.ticked is not None or (one.filled & other.filled & (one.cells == other.cells)).any():
            return False
    return len(told) > 1


def _ranking(group: Group, boxes: list[Column], labels: tuple[str, ...], free_id: Names) -> Drafted:
    options = _options((label, "") for label in labels)
    question = _question(group, "ranking", group.text, free_id, options=options, ranks=len(boxes))
    return Drafted(question, _positions(boxes), remark=_coded(group))


def _texts(group: Group, columns: list[Column], free_id: Names) -> list[Drafted]:
    """Draft one text question for each column, under the wording that the heading has."""
    drafted: dict[str, Drafted] = {}
    for column in columns:
        text = group.text + "".join(f" [{part}]" for part in column.groups)
        first = drafted.get(normalise(text))
        drafted[normalise(text)] = (
            replace(first, beside=(*first.beside, column.position))
            if first
            else Drafted(_question(group, "text", text, free_id), (column.position,))
        )
    return list(drafted.values())


def _question(
    group: Group,
    kind: str,
    text: str,
    free_id: Names,
    *,
    options: tuple[Option, ...] = (),
    rows: tuple[Option, ...] = (),
    ranks: int = 0,
    other: bool = False,
) -> Question:
    id = free_id(group.code + text[len(group.text) :] if group.code else text)
    return Question(id, kind, text, shorten(text), options=options, rows=rows, ranks=ranks, other=other)


def _options(named: Iterable[tuple[str, str]], several: bool = False) -> tuple[Option, ...]:
    """Return options, each label once, with a code made of the tool's or of the label."""
    options: dict[str, Option] = {}
    free_code = unique_names()
    for label, code in named:
        label = label if label.strip() else UNNAMED
        key = normalise(label)
        if key in options:
            continue
        plain = words(label)
        dont_know = bool(_DONT_KNOW.fullmatch(plain))
        options[key] = Option(
            code=free_code(OTHER if is_other(key) else "nsp" if dont_know else code or label),
            label=label,
            exclusive=several and (dont_know or bool(_NOTHING.fullmatch(plain))),
            dont_know=dont_know,
        )
    return tuple(options.values())


def _labels(profiles: list[Profile]) -> tuple[str, ...]:
    """Return the few answers that the columns of an array or of a ranking share, () when they are texts."""
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for one in profiles:
        if one.distinct > MOST_OPTIONS:
            return ()
        for text, count in one.counts.items():
            counts[normalise(text)] += count
            shown.setdefault(normalise(text), text)
    few = len(counts) <= _MOST_LABELS or (len(counts) <= MOST_OPTIONS and not all(one.numeric for one in profiles))
    if not counts or not few or counts.total() < 2 * len(counts):
        return ()
    return _last_ones(in_order([shown[key] for key, _ in counts.most_common()]))


def _last_ones(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return options with « Autre », « Aucun » and « Ne sait pas » at the end, as questionnaires have them."""

    def place(label: str) -> int:
        plain = words(label)
        if _DONT_KNOW.fullmatch(plain):
            return 3
        return 2 if _NOTHING.fullmatch(plain) else int(is_other(normalise(label)))

    return tuple(sorted(labels, key=place))


def _first_met(columns: list[Column]) -> tuple[list[Column], list[Column]]:
    """Return the columns of each row and option, then those that repeat one."""
    first: dict[tuple[str, ...], Column] = {}
    for column in columns:
        first.setdefault(tuple(map(normalise, column.groups)), column)
    read = list(first.values())
    return read, [column for column in columns if column not in read]


def _is(column: Column, told: Callable[[str], bool]) -> bool:
    names = [normalise(name) for name in (column.groups[-1], *column.codes[-1:])]
    # LimeSurvey makes `SQ001comment` of the code of an option.
    return any(told(name) or (name.endswith("comment") and told("comment")) for name in names)


def _coded(group: Group) -> str:
    return _CODES_ONLY if group.code and group.code == group.text else ""


def _positions(columns: Iterable[Column]) -> tuple[int, ...]:
    return tuple(column.position for column in columns)
