"""Reading of a delimited text file into cells, whatever the survey tool that wrote it.

Separator, quotes and width of every row are settled here; the encoding belongs to `decoding`.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice

from lib.survey.reading.cells import (
    MOST_COLUMNS,
    Gathering,
    SurveyFileError,
    Table,
    check_width,
    heading_row,
    padded,
)
from lib.survey.reading.decoding import decode

SEPARATORS = (";", ",", "\t", "|")
_SEPARATOR_NAMES = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale", "": "aucun"}
# Between the cells of a single column there is nothing: a character that no survey writes.
_NONE = "\x1f"
_SAMPLE = 200
_HEAD = 4
_DECLARED = re.compile(r'"?sep=(.)"?[ ;,\t|]*(?:\r\n|\r|\n)', re.IGNORECASE)
_LONGEST_NAME = 120
_MOST_LINES = 50_000
_LONG_LINE = 100_000
_MOST_IN_LINE = 50 * MOST_COLUMNS
_MOST_WORDS = 16
_COMMANDS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")

Record = tuple[int, list[str]]
"""Line on which a record starts, and its cells."""


def read_delimited(content: bytes) -> Table:
    """Return the cells of a delimited text file.

    Raises
    ------
    SurveyFileError
        When it is empty, not text, not a table, beyond the limits, or has a row that is not as wide as the
        headings.
    """
    text, encoding, notes = decode(content)
    if not text.strip('\ufeff\u200b \t\r\n;,|"'):
        raise SurveyFileError("Le fichier est vide\u202f: exportez à nouveau les réponses depuis l’outil d’enquête.")
    declared = _DECLARED.match(text)
    skipped = declared.end() if declared else 0
    separator = (
        declared[1] if declared and declared[1] in SEPARATORS else _separator(text[skipped:] if skipped else text)
    )
    del text
    # The text is decoded again, as it is read: whole, it would weigh four bytes a character.
    stream = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    if declared:
        stream.readline()
    records = _records(stream, separator, 1 if declared else 0)
    return _gather(records, encoding, separator, notes)


def _records(lines: Iterator[str] | io.TextIOWrapper, separator: str, skipped: int = 0) -> Iterator[Record]:
    """Yield the records that have a cell filled; a spreadsheet leaves rows of separators only."""
    reader = csv.reader(_bounded(lines, separator or _NONE), delimiter=separator or _NONE, strict=True)
    start = 1 + skipped
    try:
        for row in reader:
            line, start = start, reader.line_num + 1 + skipped
            if any(row):
                yield line, row
    except csv.Error as error:
        limit = csv.field_size_limit()
        if "field limit" in str(error):
            raise SurveyFileError(
                f"Une cellule de plus de {limit} caractères se trouve dans l’enregistrement qui commence à la ligne "
                f"{start}\u202f: un guillemet n’y est sans doute pas refermé. Corrigez-le, ou exportez à nouveau les "
                "réponses sans retoucher le fichier."
            ) from error
        raise SurveyFileError(
            f"Un guillemet est mal placé ou n’est pas refermé, dans l’enregistrement qui commence à la ligne "
            f"{start}. Corrigez-le, ou exportez à nouveau les réponses sans retoucher le fichier."
        ) from error


def _bounded(lines: Iterator[str] | io.TextIOWrapper, separator: str) -> Iterator[str]:
    """Yield the lines, but none that would make millions of cells before its width can be seen."""
    for number, line in enumerate(lines, start=1):
        if len(line) > _LONG_LINE and line.count(separator) > _MOST_IN_LINE:
            check_width(_MOST_IN_LINE, f"ligne {number}")
        yield line


def _separator(text: str) -> str:
    """Choose the separator under which the first rows have one width, then that of most columns.

    Empty for a single column, of which no row has a separator that counts.
    """
    best: tuple[bool, int, str] | None = None
    for separator in SEPARATORS:
        try:
            rows = [row for _, row in islice(_records(_lines(text), separator), _SAMPLE)]
        except SurveyFileError:
            continue
        depth = heading_row(rows[:_HEAD])
        width = len(rows[depth]) if rows else 0
        if width < 2:
            continue
        regular = all(len(row) == width for row in rows[depth:])
        if best is None or (regular, width) > best[:2]:
            best = (regular, width, separator)
    if best is not None and (best[0] or not _is_list(text)):
        return best[2]
    if _is_list(text):
        return ""
    # A fault in the quotes defeats every separator: the strict reading then says where it is.
    first = next(filter(str.strip, _lines(text)), "")
    counts = {separator: first.count(separator) for separator in SEPARATORS}
    likeliest = max(counts, key=lambda separator: counts[separator])
    if counts[likeliest]:
        for _ in _records(_lines(text), likeliest):
            pass
    raise SurveyFileError(
        "Ce fichier n’est pas un tableau\u202f: aucune colonne n’a été reconnue sur sa première ligne "
        "(séparateurs essayés\u202f: point-virgule, virgule, tabulation, barre verticale). Exportez les "
        "réponses au format CSV ou XLSX."
    )


def _lines(text: str) -> Iterator[str]:
    """Yield the first lines of a text one by one, their ends included, without a copy of the whole."""
    start = 0
    for _ in range(_MOST_LINES):
        if start >= len(text):
            break
        found = _LINE.match(text, start)
        end = found.end() if found else len(text)
        yield text[start:end]
        start = end


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")


def _is_list(text: str) -> bool:
    """Tell whether a text is a list of names, one a line, under a heading or not: no table, no prose."""
    try:
        cells = [row[0] for _, row in islice(_records(_lines(text), ""), _SAMPLE) if len(row) == 1]
    except SurveyFileError:
        return False
    # The separators of a name are those of nobody else: « Pau, mairie » among names without a comma.
    for separator in SEPARATORS:
        counts = Counter(cell.count(separator) for cell in cells)
        if counts[0] <= len(cells) / 2:
            return False
    if not cells or any(cells[0].count(separator) for separator in SEPARATORS):
        return False
    short = all(len(cell) <= _LONGEST_NAME and len(_words(cell)) <= _MOST_WORDS for cell in cells)
    return short and not any(map(_COMMANDS.search, cells)) and any(map(str.isalnum, chain.from_iterable(cells)))


def _words(cell: str) -> list[str]:
    return re.findall(r"\w+", cell)


def _gather(records: Iterator[Record], encoding: str, separator: str, notes: tuple[str, ...]) -> Table:
    head = list(islice(records, _HEAD))
    if not head:
        raise SurveyFileError("Le fichier est vide\u202f: exportez à nouveau les réponses depuis l’outil d’enquête.")
    depth = heading_row([row for _, row in head])
    header_line, headings = head[depth]
    width = len(headings)
    check_width(width, f"ligne {header_line}")
    gathering = Gathering()
    for line, row in chain(head[:depth], head[depth + 1 :], records):
        above = line < header_line
        if len(row) > width or (len(row) < width and not above):
            raise SurveyFileError(_unlike(line, len(row), width, separator))
        if not above:
            gathering.add(line, row)
    cells, lines = gathering.columns(width)
    return Table(
        form="csv",
        encoding=encoding,
        separator=separator,
        sheet="",
        above=tuple(padded(row, width) for _, row in head[:depth]),
        header_line=header_line,
        headings=tuple(headings),
        cells=cells,
        lines=lines,
        notes=notes,
    )


def _unlike(line: int, found: int, width: int, separator: str) -> str:
    counted = (
        f"{found} cellule{'s' if found > 1 else ''}" if found <= MOST_COLUMNS else f"plus de {MOST_COLUMNS} cellules"
    )
    return (
        f"La ligne {line} compte {counted} au lieu de {width} (séparateur\u202f: {_SEPARATOR_NAMES[separator]}). "
        "Un séparateur ou un guillemet y est en trop ou manque\u202f: corrigez cette ligne, ou exportez à nouveau "
        "les réponses sans retoucher le fichier."
    )
