"""Reading of an XLSX workbook: which of its sheets, and the texts and number formats its cells refer to.

The zip archive and its dangers belong to `archive`, the cells of a sheet to `sheet`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from lib.survey.reading.archive import Archive, broken, resolve, walk, walked
from lib.survey.reading.cells import (
    Gathering,
    SurveyFileError,
    Table,
    check_width,
    heading_row,
    padded,
    shown,
)
from lib.survey.reading.formats import Formats, unescaped
from lib.survey.reading.sheet import Oddities, Places, rows_of

_FROM_SPREADSHEET = "Ouvrez-le dans un tableur et enregistrez-le au format XLSX ou CSV (UTF-8)."
_HEAD = 4
_MOST_SHARED = 1_000_000
_MOST_SHEETS = 100
_MOST_STYLES = 65_536
_TOLD = 3
_ZEROS = re.compile(r"0{2,15}")
# What a number format may hold between its figures: a code like « 000 000 000 » is shown with its zeros.
_FILLING = re.compile(r'[\\"\s\u00a0\u202f]')
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))


@dataclass(frozen=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


def read_workbook(content: bytes) -> Table:
    """Return the cells of a workbook: of its first visible sheet that has any.

    Raises
    ------
    SurveyFileError
        When it is no XLSX workbook, is broken, abnormal or beyond the limits, or has no cell filled.
    """
    archive = Archive(content)
    _refuse_others(archive)
    book = _target(archive, "", "officeDocument") or "xl/workbook.xml"
    sheets, mac = _sheets(archive, book)
    formats = _formats(archive, _target(archive, book, "styles"), mac)
    shared = _shared(archive, _target(archive, book, "sharedStrings"))

    filled = [sheet for sheet in sheets if _has_cells(archive, sheet, shared, formats)]
    read = next((sheet for sheet in filled if not sheet.hidden), None) or next(iter(filled), None)
    if read is None:
        raise SurveyFileError("Le classeur est vide\u202f: exportez à nouveau les réponses depuis l’outil d’enquête.")
    oddities = Oddities()
    rows = rows_of(archive.chunks(read.part), shared, formats, oddities)
    head = list(islice(rows, _HEAD))
    depth = heading_row([row for _, row in head])
    header_line = head[depth][0]
    gathering = Gathering()
    width = max(len(row) for _, row in head)
    for line, row in chain(head[depth + 1 :], rows):
        if len(row) > width:
            width = len(row)
        gathering.add(line, row)
    check_width(width, "feuille")
    cells, lines = gathering.columns(width)
    return Table(
        form="xlsx",
        encoding="",
        separator="",
        sheet=shown(read.name),
        above=tuple(padded(row, width) for _, row in head[:depth]),
        header_line=header_line,
        headings=padded(head[depth][1], width),
        cells=cells,
        lines=lines,
        notes=(*_choice(read, filled), *_told(oddities)),
    )


def _refuse_others(archive: Archive) -> None:
    """Refuse the other formats that are zip archives inside."""
    names = archive.names
    if "xl/vbaProject.bin" in names:
        raise SurveyFileError(
            "Ce classeur contient des macros (XLSM). Enregistrez-le au format XLSX, sans macros, ou CSV (UTF-8)."
        )
    if "xl/workbook.bin" in names:
        raise SurveyFileError(f"Ce classeur est au format binaire (XLSB). {_FROM_SPREADSHEET}")
    if "content.xml" in names:
        raise SurveyFileError(f"Ce fichier est au format OpenDocument (ODS). {_FROM_SPREADSHEET}")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise SurveyFileError(
            "Ce fichier est un document Office, pas un classeur. Exportez les réponses au format CSV ou XLSX depuis "
            "l’outil d’enquête."
        )
    if any(name.endswith(".iwa") for name in names):
        raise SurveyFileError(f"Ce fichier vient de Numbers. {_FROM_SPREADSHEET}")
    if not any(name.startswith("xl/") for name in names) and "_rels/.rels" not in names:
        raise SurveyFileError(
            "Ce fichier est une archive ZIP. Décompressez-la et donnez le fichier CSV ou XLSX qu’elle contient."
        )


def _relationships(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Return the relationships of a part, by id: last word of the type, and name of the part pointed to."""
    folder, _, file = part.rpartition("/")
    name = f"{folder}/_rels/{file}.rels".lstrip("/")
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = kind, resolve(part, attributes.get("Target", ""))

    if name in archive:
        walked(archive.chunks(name), start)
    return found


def _target(archive: Archive, part: str, kind: str) -> str:
    found = [name for found, name in _relationships(archive, part).values() if found == kind and name in archive]
    return found[0] if found else ""


def _sheets(archive: Archive, book: str) -> tuple[list[_Sheet], bool]:
    """Return the worksheets in their order, and whether dates are counted from 1904."""
    related = _relationships(archive, book)
    sheets: list[_Sheet] = []
    mac = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal mac
        if tag == "workbookPr":
            mac = attributes.get("date1904") in ("1", "true")
        elif tag == "sheet":
            identifier = next((value for name, value in attributes.items() if name.endswith(" id")), "")
            kind, part = related.get(identifier, ("", ""))
            if kind == "worksheet" and part in archive and len(sheets) < _MOST_SHEETS:
                hidden = attributes.get("state", "visible") != "visible"
                sheets.append(_Sheet(attributes.get("name", ""), part, hidden))

    walked(archive.chunks(book), start)
    if not sheets:
        raise broken()
    return sheets, mac


def _formats(archive: Archive, part: str, mac: bool) -> Formats:
    codes = dict(BUILTIN_FORMATS)
    kinds: dict[str, str] = {}
    inside = False
    rank = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside, rank
        if tag == "numFmt" and len(codes) < _MOST_STYLES:
            codes[_whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside and rank < _MOST_STYLES:
            kind = _kind(_whole(attributes.get("numFmtId", "0")), codes)
            if kind:
                kinds[str(rank)] = kind
            rank += 1

    def end(tag: str) -> None:
        nonlocal inside
        if tag == "cellXfs":
            inside = False

    if part:
        walked(archive.chunks(part), start, end)
    return Formats(kinds, MAC_EPOCH if mac else WINDOWS_EPOCH)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _kind(identifier: int, codes: dict[int, str]) -> str:
    code = codes.get(identifier, "")[:255]
    if is_timedelta_format(code):
        return "duration"
    if identifier in _BUILT_IN_DATES or is_date_format(code):
        return "date"
    zeros = _FILLING.sub("", code)
    return str(len(zeros)) if _ZEROS.fullmatch(zeros) else ""


def _shared(archive: Archive, part: str) -> list[str]:
    """Return the texts that cells refer to by rank, without the reading aids of Asian writings."""
    found: list[str] = []
    pieces: list[str] = []
    texts: list[str] = []
    known: dict[str, str] = {}
    phonetic = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal phonetic
        texts.clear()
        phonetic = phonetic or tag == "rPh"

    def end(tag: str) -> None:
        nonlocal phonetic
        if tag == "t" and not phonetic:
            pieces.append("".join(texts))
        elif tag == "rPh":
            phonetic = False
        elif tag == "si":
            text = unescaped("".join(pieces))
            found.append(known.setdefault(text, text))
            pieces.clear()
            if len(found) > _MOST_SHARED:
                raise SurveyFileError(
                    "Ce classeur contient trop de textes différents. Enregistrez sa feuille de réponses au format "
                    "CSV (UTF-8)."
                )
        texts.clear()

    if part:
        for _ in walk(archive.chunks(part), start, end, texts):
            pass
    return found


def _has_cells(archive: Archive, sheet: _Sheet, shared: list[str], formats: Formats) -> bool:
    rows: Iterator[tuple[int, list[str]]] = rows_of(archive.chunks(sheet.part), shared, formats, Oddities())
    return next(rows, None) is not None


def _choice(read: _Sheet, filled: list[_Sheet]) -> list[str]:
    others = [f"«\u202f{shown(sheet.name)}\u202f»" for sheet in filled if sheet is not read]
    if not others:
        return []
    named = ", ".join(others[:_TOLD]) + ("…" if len(others) > _TOLD else "")
    return [
        f"Le classeur a {len(filled)} feuilles remplies\u202f: seule «\u202f{shown(read.name)}\u202f» a été lue, "
        f"pas {named}. Si les réponses sont ailleurs, enregistrez cette feuille-là seule."
    ]


def _told(oddities: Oddities) -> list[str]:
    notes = []
    if oddities.formulas.count:
        notes.append(
            f"Des formules n’ont pas de résultat enregistré ({_listed(oddities.formulas)})\u202f: leurs cellules sont "
            "lues comme vides. Ouvrez le classeur dans un tableur et enregistrez-le pour qu’elles soient calculées."
        )
    if oddities.errors.count:
        notes.append(
            f"Des cellules contiennent une erreur de calcul, comme #REF! ou #N/A ({_listed(oddities.errors)})\u202f: "
            "corrigez-les, ou elles seront lues comme du texte."
        )
    if oddities.dates.count:
        notes.append(
            f"Des dates sont impossibles ({_listed(oddities.dates)})\u202f: leurs nombres sont gardés tels quels."
        )
    if oddities.merged:
        notes.append(
            f"Des cellules sont fusionnées ({oddities.merged} fois)\u202f: seule la première de chaque fusion a une "
            "valeur, les autres sont lues comme vides."
        )
    if oddities.hidden_rows:
        notes.append(f"Des lignes sont masquées ({oddities.hidden_rows})\u202f: elles ont été lues aussi.")
    return notes


def _listed(places: Places) -> str:
    more = f"… {places.count} en tout" if places.count > len(places.first) else ""
    return ", ".join(places.first) + more
