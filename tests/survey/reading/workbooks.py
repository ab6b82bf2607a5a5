"""Workbooks written by hand, part by part, so that a test may break any of them."""

import io
import zipfile
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def cell(reference: str, text: str) -> str:
    """Return a cell that holds its text itself."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def sheet(rows: list[list[str]]) -> str:
    """Return the XML of a sheet of texts, blank cells left out."""
    lines = [
        f'<row r="{line}">{"".join(cell(f"{chr(65 + n)}{line}", text) for n, text in enumerate(row) if text)}</row>'
        for line, row in enumerate(rows, start=1)
    ]
    return wrapped("".join(lines))


def wrapped(rows: str, after: str = "") -> str:
    """Return the XML of a sheet around its rows."""
    return f'{_XML}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def parts(sheets: dict[str, str], shared: str = "", styles: str = "") -> dict[str, str]:
    """Return the parts of a workbook by their names, the sheets by theirs."""
    names = [f"worksheets/sheet{n}.xml" for n in range(1, len(sheets) + 1)]
    related = [(f"rId{n}", "worksheet", name) for n, name in enumerate(names, start=1)]
    if shared:
        related.append(("rIdS", "sharedStrings", "sharedStrings.xml"))
    if styles:
        related.append(("rIdT", "styles", "styles.xml"))
    listed = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(sheets, start=1)
    )
    book = f'{_XML}<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    found = {
        "[Content_Types].xml": _types(["workbook", *names, *(["sharedStrings"] if shared else [])]),
        "_rels/.rels": _relationships([("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _relationships(related),
        **{f"xl/{name}": xml for name, xml in zip(names, sheets.values(), strict=True)},
    }
    if shared:
        found["xl/sharedStrings.xml"] = f'{_XML}<sst xmlns="{MAIN}">{shared}</sst>'
    if styles:
        found["xl/styles.xml"] = f'{_XML}<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    return found


def packed(members: dict[str, str] | dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the archive of these members."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def workbook(rows: str, **others: str) -> bytes:
    """Return a workbook of one sheet with these rows."""
    return packed(parts({"Réponses": wrapped(rows)}, **others))


def _types(named: list[str]) -> str:
    """Return the kinds of the parts, which some readers ask for."""
    kinds = {"workbook": "sheet.main", "sharedStrings": "sharedStrings"}
    listed = "".join(
        f'<Override PartName="/xl/{name.removesuffix(".xml")}.xml" ContentType="application/vnd.openxmlformats-'
        f'officedocument.spreadsheetml.{kinds.get(name, "worksheet")}+xml"/>'
        for name in named
    )
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'{_XML}<Types xmlns="{_PACKAGE}/content-types">{rels}{listed}</Types>'


def _relationships(related: list[tuple[str, str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="{identifier}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for identifier, kind, target in related
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'
