"""Reading of a delimited text file into rows of text, whatever the survey tool that wrote it.

Encoding, separator and width of every row are settled here; what the columns mean belongs to `headings`.
"""

import csv
import io
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

SEPARATORS = (";", ",", "\t", "|")
_SEPARATOR_NAMES = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
_SAMPLE = 200
_SPREADSHEET = "Ouvrez-le dans un tableur et enregistrez-le au format CSV (UTF-8)."

# First bytes of files that people send in place of a text file.
_BINARY = (
    (b"PK\x03\x04", f"est un classeur (XLSX ou ODS) ou une archive. {_SPREADSHEET}"),
    (b"\xd0\xcf\x11\xe0", f"est un ancien classeur Excel (XLS). {_SPREADSHEET}"),
    (b"%PDF", "est un document PDF. Exportez les réponses au format CSV depuis l’outil d’enquête."),
)


class SurveyFileError(ValueError):
    """A file that cannot be read as a survey: a French sentence says what, where, and what to do about it."""


@dataclass(frozen=True)
class Table:
    """A delimited file, cell by cell, nothing interpreted.

    Attributes
    ----------
    headings : as written, duplicates and empty ones included.
    rows : one list of cells for each record that has a cell filled, all as wide as `headings`.
    lines : line of the file on which each of the rows starts (the headings are on `header_line`).
    encoding, separator : those used.
    """

    encoding: str
    separator: str
    header_line: int
    headings: tuple[str, ...]
    rows: tuple[list[str], ...]
    lines: tuple[int, ...]

    def column(self, position: int) -> list[str]:
        """Return the cells of the column at this position."""
        return [row[position] for row in self.rows]


def read_table(source: bytes | Path) -> Table:
    """Return the cells of a delimited text file.

    Parameters
    ----------
    source : bytes or Path
        Content of the file, or where it is.

    Raises
    ------
    SurveyFileError
        When the file is absent, empty, not text, not a table, or has a row that is not as wide as the
        headings.
    """
    if isinstance(source, Path):
        try:
            content = source.read_bytes()
        except OSError as error:
            raise SurveyFileError(f"Le fichier « {source.name} » est introuvable ou illisible.") from error
    else:
        content = source
    text, encoding = _decode(content)
    if not text.strip():
        raise SurveyFileError("Le fichier est vide : exportez à nouveau les réponses depuis l’outil d’enquête.")
    separator = _separator(text)
    return _parse(text, encoding, separator)


def _decode(content: bytes) -> tuple[str, str]:
    for signature, problem in _BINARY:
        if content.startswith(signature):
            raise SurveyFileError(f"Ce fichier {problem}")
    encoding = "cp1252"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif content.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    elif b"\x00" in content:
        # In Western text of two bytes a character, the empty byte comes second in little-endian.
        encoding = "utf-16-le" if content[1::2].count(0) >= content[::2].count(0) else "utf-16-be"
    else:
        try:
            return content.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SurveyFileError(
            f"Le texte est illisible à la ligne {line} : l’encodage n’est ni UTF-8, ni UTF-16, ni "
            "Windows-1252. Enregistrez le fichier en CSV UTF-8."
        ) from error
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise SurveyFileError(
            f"Ce fichier n’est pas un fichier texte (caractère nul à la ligne {line}). "
            "Exportez les réponses au format CSV."
        )
    return text, encoding


def _reader(text: str, separator: str) -> "csv._reader":  # type: ignore[name-defined]
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _separator(text: str) -> str:
    """Choose the separator under which the first rows have one width, then that of most columns."""
    best: tuple[bool, int, str] | None = None
    for separator in SEPARATORS:
        try:
            sample = [row for row in islice(_reader(text, separator), _SAMPLE) if row]
        except csv.Error:
            continue
        width = len(sample[0]) if sample else 0
        if width < 2:
            continue
        regular = all(len(row) == width for row in sample)
        if best is None or (regular, width) > best[:2]:
            best = (regular, width, separator)
    if best is None:
        # A fault in the quotes defeats every separator: the strict reading then says where it is.
        counts = {separator: text.partition("\n")[0].count(separator) for separator in SEPARATORS}
        likeliest = max(counts, key=lambda separator: counts[separator])
        if counts[likeliest]:
            _parse(text, "", likeliest)
        raise SurveyFileError(
            "Ce fichier n’est pas un tableau : aucune colonne n’a été reconnue sur sa première ligne "
            "(séparateurs essayés : point-virgule, virgule, tabulation, barre verticale). Exportez les "
            "réponses au format CSV."
        )
    return best[2]


def _parse(text: str, encoding: str, separator: str) -> Table:
    reader = _reader(text, separator)
    headings: tuple[str, ...] = ()
    header_line = 1
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    try:
        for row in reader:
            line, start = start, reader.line_num + 1
            # A blank line, or one a spreadsheet left with separators only, is no record.
            if not row or not any(row):
                continue
            if not headings:
                headings, header_line = tuple(row), line
                continue
            if len(row) != len(headings):
                raise SurveyFileError(
                    f"La ligne {line} compte {len(row)} cellules au lieu de {len(headings)} (séparateur : "
                    f"{_SEPARATOR_NAMES[separator]}). Un séparateur ou un guillemet y est en trop ou "
                    "manque : corrigez cette ligne, ou exportez à nouveau les réponses sans retoucher le "
                    "fichier."
                )
            rows.append(row)
            lines.append(line)
    except csv.Error as error:
        raise SurveyFileError(
            f"Un guillemet est mal placé ou n’est pas refermé, dans l’enregistrement qui commence à la ligne "
            f"{start}. Corrigez-le, ou exportez à nouveau les réponses sans retoucher le fichier."
        ) from error
    return Table(encoding, separator, header_line, headings, tuple(rows), tuple(lines))
