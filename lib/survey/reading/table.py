"""The one way in: a file, whatever its format, becomes a table of texts, or a sentence says why it cannot.

Formats are recognised here by content, never by name; each is read by a module of its own.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from lib.survey.reading.cells import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS, SurveyFileError, Table
from lib.survey.reading.delimited import read_delimited
from lib.survey.reading.refusals import is_workbook, refuse
from lib.survey.reading.workbook import read_workbook

__all__ = ["LARGEST_FILE", "MOST_COLUMNS", "MOST_ROWS", "SurveyFileError", "Table", "read_table", "without"]


def read_table(source: bytes | Path, name: str = "") -> Table:
    """Return the cells of a CSV file or of an XLSX workbook.

    Parameters
    ----------
    source : bytes or Path
        Content of the file, or where it is.
    name : str, optional
        Name of the file, for messages; that of the path by default.

    Raises
    ------
    SurveyFileError
        When the file is absent, empty, beyond the limits (`LARGEST_FILE` bytes, `MOST_ROWS`, `MOST_COLUMNS`), of
        another format, broken or hostile.
    """
    content = _content(source, name) if isinstance(source, Path) else source
    if len(content) > LARGEST_FILE:
        raise SurveyFileError(_too_large(len(content)))
    refuse(content)
    return read_workbook(content) if is_workbook(content) else read_delimited(content)


def without(table: Table, positions: Iterable[int]) -> Table:
    """Return the same table, the columns at these positions taken out."""
    out = set(positions)
    kept = [position for position in range(len(table.headings)) if position not in out]
    return replace(
        table,
        above=tuple(tuple(row[position] for position in kept) for row in table.above),
        headings=tuple(table.headings[position] for position in kept),
        cells=tuple(table.cells[position] for position in kept),
    )


def _content(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            raise SurveyFileError(
                f"«\u202f{name or path.name}\u202f» est un dossier\u202f: donnez le fichier des réponses, CSV ou XLSX."
            )
        if not path.is_file():
            raise SurveyFileError(f"Le fichier «\u202f{name or path.name}\u202f» est introuvable.")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise SurveyFileError(_too_large(size))
        return path.read_bytes()
    except OSError as error:
        raise SurveyFileError(f"Le fichier «\u202f{name or path.name}\u202f» est introuvable ou illisible.") from error


def _too_large(size: int) -> str:
    return (
        f"Le fichier pèse {-(-size // (1 << 20))} Mo\u202f: la limite est de {LARGEST_FILE >> 20} Mo. Vérifiez que "
        "c’est le bon, ou exportez les réponses en plusieurs fois."
    )
