"""The rows of one worksheet, as the texts that a person would see in its cells.

Which sheet is read, and what its shared texts and number formats are, belong to `workbook`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from openpyxl.utils.cell import get_column_letter

from lib.survey.reading.archive import broken, walk
from lib.survey.reading.cells import check_width
from lib.survey.reading.formats import Formats, number, unescaped

_TOLD = 3
_LAST_ROW = 1_048_576
_COLUMN = re.compile(r"[A-Z]{1,3}")
_DIGITS = "0123456789"
_MOST_NUMBERS = 50_000
_LONGEST_CELL = 131_072
_NUMBER = re.compile(r"[0-9]{1,9}")

_ROWS, _ROW_END = b"<sheetData>", b"</row>"
_ENCODING = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_DECLARATION = 256
_LONGEST_ROW = 1 << 20
# Cell (column, style, type, value or text), row (number, other attributes), end of a row, anything else.
_TOKEN = re.compile(
    r'<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="(\w+)")?'
    r'(?:/>|>(?:<v>([^<&]*)</v>|<is><t(?: xml:space="preserve")?>([^<&]*)</t></is>)?</c>)'
    r'|<row r="(\d+)"([^>]*)>|(</row>)|\s+|([^\s<][^<]*|<)'
)


@dataclass
class Places:
    """Where something was met: the first places (« B4 »), and how many there are."""

    first: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, column: int, line: int) -> None:
        """Add one place; columns count from 1."""
        self.count += 1
        if self.count <= _TOLD:
            self.first.append(f"{get_column_letter(column)}{line}")


@dataclass
class Oddities:
    """What a sheet holds that no cell of a table can say."""

    formulas: Places = field(default_factory=Places)
    errors: Places = field(default_factory=Places)
    dates: Places = field(default_factory=Places)
    hidden_rows: int = 0
    merged: int = 0


def rows_of(
    chunks: Iterator[bytes], shared: list[str], formats: Formats, oddities: Oddities
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a sheet that have a cell filled: their number, and their cells up to the last one filled.

    Parameters
    ----------
    chunks : the XML of the sheet.
    shared : the shared texts of the workbook, to which cells refer by rank.
    oddities : filled on the way, complete after the last row.

    Raises
    ------
    SurveyFileError
        When the sheet is broken, or has a cell filled beyond the limit of columns.
    """
    reader = _Reader(shared, formats, oddities)
    for _ in walk(_not_plain(chunks, reader), reader.start, reader.end, reader.texts):
        yield from reader.rows
        reader.rows.clear()


def _not_plain(chunks: Iterator[bytes], reader: "_Reader") -> Iterator[bytes]:
    """Yield what is left for the XML parser, the rows written plainly being read on the way.

    Programs write nearly all rows in the one form of `_TOKEN`, which is read three times as fast without a parser. A
    block with anything else goes to the parser whole; so does a part in another encoding or with prefixed tags.
    """
    rest = b""
    inside, plain = False, True
    for chunk in chunks:
        rest += chunk
        if not plain:
            yield rest
            rest = b""
        elif not inside:
            plain = not rest.startswith((b"\xff\xfe", b"\xfe\xff")) and _declared(rest[:_DECLARATION]) == "utf-8"
            at = rest.find(_ROWS)
            inside = at >= 0
            # The end is kept back: the tag that is looked for may be half there.
            cut = at + len(_ROWS) if inside else max(0, len(rest) - _DECLARATION)
            yield rest[:cut]
            rest = rest[cut:]
        elif (cut := rest.rfind(_ROW_END) + len(_ROW_END)) >= len(_ROW_END):
            yield b"" if reader.read_plain(rest[:cut]) else rest[:cut]
            rest = rest[cut:]
        elif len(rest) > _LONGEST_ROW:
            plain = False
    yield rest


def _declared(start: bytes) -> str:
    found = _ENCODING.match(start)
    return found[1].decode().lower() if found else "utf-8"


class _Reader:
    """The state of a reading: the row and the cell that are open."""

    def __init__(self, shared: list[str], formats: Formats, oddities: Oddities) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self.texts: list[str] = []
        self._shared = shared
        self._by_rank: dict[str, str] = {}
        self._numbers: dict[tuple[str, str], str | None] = {}
        self._columns: dict[str, int] = {}
        self._formats = formats
        self._oddities = oddities
        self._line = 0
        self._opened = 0
        self._row: list[str] = []
        self._next = 0
        self._attributes: dict[str, str] = {}
        self._value = ""
        self._formula = False
        self._phonetic = False

    def read_plain(self, block: bytes) -> bool:
        """Read whole rows, or nothing: False when something in them is not written in the plain form."""
        try:
            tokens = _TOKEN.findall(block.decode("utf-8"))
        except UnicodeDecodeError:
            return False
        if any(token[-1] for token in tokens):
            return False
        cell = self._cell
        for letters, style, kind, value, inline, line, attributes, close, _ in tokens:
            if letters:
                cell(letters, kind or "n", style, value or inline, False)
            elif line:
                self._open(line, 'hidden="1"' in attributes)
            elif close:
                self._close()
        return True

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._attributes, self._value, self._formula = attributes, "", False
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._open(attributes.get("r"), attributes.get("hidden") in ("1", "true"))
        elif name == "rPh":
            self._phonetic = True
        elif name == "mergeCell":
            self._oddities.merged += 1
        self.texts.clear()

    def end(self, name: str) -> None:
        if name == "v":
            self._value = "".join(self.texts)
        elif name == "c":
            attributes = self._attributes
            letters = attributes.get("r", "").rstrip(_DIGITS)
            self._cell(letters, attributes.get("t", "n"), attributes.get("s", ""), self._value, self._formula)
        elif name == "t":
            if not self._phonetic and len(self._value) <= _LONGEST_CELL:
                self._value += "".join(self.texts)
        elif name == "row":
            self._close()
        elif name == "rPh":
            self._phonetic = False
        self.texts.clear()

    def _open(self, line: str | None, hidden: bool) -> None:
        if line is None:
            self._line += 1
        elif not _NUMBER.fullmatch(line) or not 0 < int(line) <= _LAST_ROW:
            raise broken()
        else:
            self._line = int(line)
        self._opened += 1
        if self._opened > _LAST_ROW:
            raise broken()
        self._row = []
        self._next = 0
        self._oddities.hidden_rows += hidden

    def _close(self) -> None:
        if self._row:
            self.rows.append((self._line, self._row))
            self._row = []

    def _cell(self, letters: str, kind: str, style: str, text: str, formula: bool) -> None:
        """Put one cell in the open row; `letters` are those of its column, empty where it follows the last one."""
        column = self._columns.get(letters)
        if column is None:
            column = self._column(letters)
        self._next = column + 1
        if not text:
            if formula:
                self._oddities.formulas.add(self._next, self._line)
            return
        if kind == "s":
            value = self._by_rank.get(text)
            if value is None:
                value = self._by_rank[text] = self._shared_text(text)
        elif kind == "n":
            value = self._number(text, style)
        elif kind == "d":
            value = text.replace("T", " ").removesuffix("Z")
        elif kind == "b":
            value = text
        else:
            if kind == "e":
                self._oddities.errors.add(self._next, self._line)
            value = unescaped(text)
        if not value:
            return
        row = self._row
        missing = column - len(row)
        if missing < 0:
            row[column] = value
        else:
            check_width(column + 1, f"ligne {self._line} de la feuille")
            if missing:
                row.extend([""] * missing)
            row.append(value)

    def _column(self, letters: str) -> int:
        if not letters:
            return self._next
        if not _COLUMN.fullmatch(letters):
            raise broken()
        column = 0
        for letter in letters:
            column = 26 * column + ord(letter) - ord("A") + 1
        self._columns[letters] = column - 1
        return column - 1

    def _shared_text(self, rank: str) -> str:
        if not _NUMBER.fullmatch(rank) or int(rank) >= len(self._shared):
            raise broken()
        return self._shared[int(rank)]

    def _number(self, text: str, style: str) -> str:
        key = text, style
        if key in self._numbers:
            value = self._numbers[key]
        else:
            value = number(text, self._formats, style)
            if len(self._numbers) < _MOST_NUMBERS:
                self._numbers[key] = value
        if value is None:
            self._oddities.dates.add(self._next, self._line)
            return text
        return value
