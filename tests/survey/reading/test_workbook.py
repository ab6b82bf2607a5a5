"""Reading of XLSX workbooks: what a person sees in the cells, which sheet, and what is refused."""

import io
import os
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from lib.survey.reading.table import MOST_COLUMNS, MOST_ROWS, SurveyFileError, read_table
from tests.survey.reading.workbooks import cell, packed, parts, sheet, workbook, wrapped


def rows(table):
    return [list(row) for row in zip(*table.cells, strict=True)]


def written(*sheets, save=None):
    """Return a workbook as openpyxl writes it: rows of Python values, sheet by sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets:
        page = book.create_sheet(name)
        for line in lines:
            page.append(line)
    if save:
        save(book)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_texts_are_those_that_a_person_sees():
    content = written(
        (
            "Réponses",
            [
                ["Nom", "Nombre", "Date", "Oui ?", "Note"],
                ["Évaux & « Cie » <b>", 3.0, datetime(2026, 3, 2, 10, 5, 7), True, "01"],
                ["  deux\nlignes ", 0.1 + 0.2, date(2026, 3, 2), False, "=1+1 en texte"[1:]],
                [None, 12345678901234, time(9, 30), None, "Ne sait pas"],
                ["x", -1.5, timedelta(hours=26, minutes=5), True, 1e20],
            ],
        )
    )
    table = read_table(content)
    assert (table.form, table.sheet, table.encoding, table.separator) == ("xlsx", "Réponses", "", "")
    assert table.headings == ("Nom", "Nombre", "Date", "Oui ?", "Note")
    assert rows(table) == [
        ["Évaux & « Cie » <b>", "3", "2026-03-02 10:05:07", "1", "01"],
        ["  deux\nlignes ", "0.3", "2026-03-02 00:00:00", "0", "1+1 en texte"],
        ["", "12345678901234", "09:30:00", "", "Ne sait pas"],
        ["x", "-1.5", "26:05:00", "1", "1e+20"],
    ]
    assert table.lines.tolist() == [2, 3, 4, 5]
    assert table.notes == ()


def test_codes_keep_the_zeros_that_their_format_shows():
    def formatted(book):
        book.active["A2"].number_format = "00000"
        book.active["B2"].number_format = '000" "000" "000'

    table = read_table(written(("F", [["INSEE", "SIREN"], [1001, 12345678]]), save=formatted))
    assert rows(table) == [["01001", "012345678"]]


def test_dates_of_an_old_mac_count_from_1904():
    def old(book):
        book.epoch = openpyxl.utils.datetime.MAC_EPOCH

    table = read_table(written(("F", [["Date"], [datetime(2026, 3, 2, 10, 0)]]), save=old))
    assert rows(table) == [["2026-03-02 10:00:00"]]


def test_equal_texts_are_one_object_and_blank_rows_and_columns_keep_their_place():
    content = workbook(
        f"<row r='3'>{cell('B3', 'a')}{cell('D3', 'c')}</row>"
        f"<row r='4'><c r='B4'/></row><row r='7'>{cell('B7', 'x')}{cell('E7', 'x')}</row>"
    )
    table = read_table(content)
    assert (table.header_line, table.headings) == (3, ("", "a", "", "c", ""))
    assert rows(table) == [["", "x", "", "", "x"]]
    assert table.lines.tolist() == [7]
    assert table.cells[1][0] is table.cells[4][0]


SECOND = '<row r="2"><c r="B2" t="b"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "rows_written",
    [
        # The form that is read without a parser, then the same by others that need one.
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>2</v></c></row>\n' + SECOND,
        "<row r='1'><c r='A1' t='s'><v>0</v></c><c s='1' r='B1'><v>2</v></c></row>" + SECOND.replace('"', "'"),
        "<row><c t='s'><v>0</v></c><c><v>2</v></c></row><row><c/><c t='b'><v>1</v></c></row>",
        '<row r="1"><c r="A1" t="s"><v>0</v></c><!-- &amp; --><c r="B1"><f>1+1</f><v>2</v></c></row>' + SECOND,
        '<row r="1"><c r="B1"><v>2.0</v></c><c r="A1" t="str"><v>d&#39;Été</v></c></row>' + SECOND,
    ],
)
def test_one_table_whatever_way_its_xml_is_written(rows_written):
    table = read_table(workbook(rows_written, shared="<si><t>d'Été</t></si>"))
    assert table.headings == ("d'Été", "2")
    assert rows(table) == [["", "1"]]


def test_other_encodings_prefixes_and_strict_names_are_read_too():
    rows_written = '<x:row r="1"><x:c r="A1" t="str"><x:v>Été</x:v></x:c></x:row>'
    inside = f"<x:sheetData>{rows_written}</x:sheetData>"
    strict = f'<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main">{inside}</x:worksheet>'
    members = parts({"F": ""})
    for encoding in ("utf-8", "utf-16", "iso-8859-1"):
        xml = f'<?xml version="1.0" encoding="{encoding}"?>{strict}'
        content = packed({**members, "xl/worksheets/sheet1.xml": xml.encode(encoding)})
        assert read_table(content).headings == ("Été",)


def test_rich_texts_are_joined_reading_aids_left_out_and_escapes_read():
    shared = (
        "<si><r><t>Dé</t></r><r><rPr><b/></rPr><t xml:space='preserve'>jà </t></r>"
        "<rPh sb='0' eb='1'><t>aide</t></rPh></si>"
        "<si><t>a_x000D_b_x0000_c_xD800_</t></si><si/>"
    )
    cells = "".join(f'<c r="{letter}1" t="s"><v>{rank}</v></c>' for rank, letter in enumerate("ABC"))
    table = read_table(workbook(f'<row r="1">{cells}{cell("D1", "fin")}</row>', shared=shared))
    assert table.headings == ("Déjà ", "a\rb_x0000_c_xD800_", "", "fin")


def test_the_only_sheet_with_cells_is_read_without_a_word():
    content = packed(parts({"Vide": wrapped(""), "Réponses": sheet([["a"], ["1"]]), "Fin": wrapped("<row r='9'/>")}))
    table = read_table(content)
    assert (table.sheet, table.notes) == ("Réponses", ())


def test_the_first_of_several_sheets_is_read_which_is_said():
    content = packed(parts({"../../etc/passwd": sheet([["a"], ["1"]]), 'Autre "feuille"': sheet([["b"], ["2"]])}))
    table = read_table(content)
    assert table.headings == ("a",)
    (note,) = table.notes
    assert "2 feuilles" in note
    assert 'Autre "feuille"' in note


def test_a_hidden_sheet_is_read_only_when_it_is_alone():
    def hide(book):
        book["Cachée"].sheet_state = "hidden"

    two = written(("Cachée", [["a"], [1]]), ("Vue", [["b"], [2]]), save=hide)
    assert read_table(two).sheet == "Vue"


def test_what_no_cell_can_say_is_noted_with_its_place():
    content = packed(
        parts(
            {
                "F": wrapped(
                    f'<row r="1">{cell("A1", "a")}{cell("B1", "b")}</row>'
                    '<row r="2"><c r="A2"><f>B2*2</f></c><c r="B2" t="e"><v>#REF!</v></c></row>'
                    '<row r="3" hidden="1"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3" s="1"><v>99999999</v></c></row>',
                    '<mergeCells count="1"><mergeCell ref="A5:B5"/></mergeCells>',
                )
            },
            styles='<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>',
        )
    )
    table = read_table(content)
    assert rows(table) == [["", "#REF!"], ["2", "99999999"]]
    for words in ("formules", "(A2)", "#REF!", "(B2)", "dates", "(B3)", "fusionnées", "masquées (1)"):
        assert any(words in note for note in table.notes), words


def test_a_webform_has_three_rows_of_headings():
    lines = [
        ["Enquête"],
        ["", "", "Submission Details", "", "Quels freins ?", ""],
        ["Serial", "SID", "Time", "Draft", "Temps", "Argent"],
        ["1", "12", "x", "0", "X", ""],
    ]
    table = read_table(packed(parts({"F": sheet(lines)})))
    assert table.headings == tuple(lines[2])
    assert table.above == (("Enquête", "", "", "", "", ""), tuple(lines[1]))
    assert (table.header_line, table.lines.tolist()) == (3, [4])


def test_the_limits_hold_also_for_sparse_sheets():
    head = f'<row r="1">{cell("A1", "a")}</row>'
    # An empty cell with a style is nothing, wherever it is; the last column of the format is no table.
    assert read_table(workbook(f'{head}<row r="1048576"><c r="XFD1048576" s="1"/></row>')).row_count == 0
    far = read_table(workbook(f'{head}<row r="1048576">{cell("A1048576", "x")}</row>'))
    assert far.lines.tolist() == [1_048_576]
    with pytest.raises(SurveyFileError, match=f"Plus de {MOST_COLUMNS} colonnes"):
        read_table(workbook(f'{head}<row r="1048576">{cell("XFD1048576", "x")}</row>'))
    line = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
    most = "".join(line.format(number) for number in range(1, MOST_ROWS + 2))
    assert read_table(workbook(most)).row_count == MOST_ROWS
    with pytest.raises(SurveyFileError, match="plus de 20\u202f000 réponses"):
        read_table(workbook(most + line.format(MOST_ROWS + 2)))


def encrypted(content):
    """Return an archive whose members say that they are encrypted, in both of their headers."""
    flagged = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = flagged.find(signature)
        while at >= 0:
            flagged[at + offset] |= 1
            at = flagged.find(signature, at + 4)
    return bytes(flagged)


GOOD = parts({"F": sheet([["a", "b"], ["1", "2"]])})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (OLE, "ancien classeur Excel (XLS)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
        (encrypted(packed(GOOD)), "mot de passe"),
        (packed({**GOOD, "xl/vbaProject.bin": "x"}), "macros"),
        (packed({"xl/workbook.bin": "x", "_rels/.rels": "x"}), "XLSB"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}), "ODS"),
        (packed({"_rels/.rels": "x", "word/document.xml": "<a/>"}), "document Office"),
        (packed({"Index/Document.iwa": "x"}), "Numbers"),
        (packed({"reponses.csv": "a;b", "../../etc/passwd": "x"}), "archive ZIP"),
        (packed({"un.zip": packed({"deux.zip": packed(GOOD)})}), "archive ZIP"),
        (packed({**GOOD, **{f"m{number}": "" for number in range(500)}}), "anormale"),
        (packed(GOOD, zipfile.ZIP_LZMA), "anormale"),
        (packed(GOOD)[:-40], "abîmé"),
        (packed({**GOOD, "xl/worksheets/sheet1.xml": "<worksheet><sheetData><row>"}), "abîmé"),
        (packed({name: xml for name, xml in GOOD.items() if "sheet1" not in name}), "abîmé"),
        (workbook("<row r='1'><c r='A1' t='s'><v>7</v></c></row>", shared="<si><t>x</t></si>"), "abîmé"),
        (workbook("<row r='1'><c r='A1'><v>douze</v></c></row>"), "abîmé"),
        (workbook("<row r='-5'/>"), "abîmé"),
        (workbook("<row r='1'><c r='??'><v>1</v></c></row>"), "abîmé"),
        (packed(parts({"F": wrapped("")})), "vide"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "image"),
        (b"$FL2@(#)", "SPSS"),
        (b"<stata_dta><header>", "Stata"),
        (b"r\x02\x01\x00\x05\x00", "Stata"),
        (b"\x1f\x8b\x08", "archive"),
    ],
)
def test_another_format_or_a_broken_one_is_refused_with_what_to_do(content, said):
    with pytest.raises(SurveyFileError) as fault:
        read_table(content)
    assert said in str(fault.value)
    assert str(fault.value).endswith(".")


LAUGHS = '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE, "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'>"])
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"])
def test_a_document_type_is_refused_in_every_part(declared, part):
    # Whatever can be declared in XML, a bomb or a file from outside, is declared there.
    xml = GOOD[part].replace("?>", f"?>{declared}", 1).replace("<t>a</t>", "<t>&a;&b;</t>")
    with pytest.raises(SurveyFileError, match="anormale"):
        read_table(packed({**GOOD, part: xml}))


def bomb(name):
    """Return a workbook made to exhaust who reads it, small as it is."""
    body = {
        "deep": "<a>" * 5_000_000,
        "names": "".join(f"<a{number:x}/>" for number in range(3_000_000)),
        "tag": f'<row r="{"1" * 60_000_000}">',
        "text": f'<row r="1"><c r="A1" t="str"><v>{"x" * 90_000_000}</v></c></row>',
        "pieces": f'<row r="1"><c r="A1" t="inlineStr"><is>{"<t>xxxxxxxxxx</t>" * 5_000_000}</is></c></row>',
        "zeros": "\0" * 150_000_000,
        "cells": '<row r="1"><c r="A1"><v>1</v></c></row>' * 1_000_000,
        "spaces": " " * 150_000_000,
        "rows": "<row/>" * 2_000_000,
        "formulas": '<row r="1">' + '<c r="A1"><f>1</f></c>' * 1_500_000 + "</row>",
    }[name]
    # What cannot be compressed hides a bomb from whoever looks at the ratio only.
    return packed({**parts({"F": wrapped(body)}), "xl/media/image1.png": os.urandom(600_000)})


LIMITED = """
import resource, sys
from lib.survey.reading.table import SurveyFileError, read_table
content = sys.stdin.buffer.read()
held = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + (400 << 20),) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
try:
    print("lu", read_table(content).row_count)
except SurveyFileError as error:
    print(error)
"""


@pytest.mark.parametrize(
    "name", ["deep", "names", "tag", "text", "pieces", "zeros", "cells", "spaces", "rows", "formulas"]
)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the address space is limited through /proc")
def test_a_bomb_is_refused_within_400_megabytes(name):
    done = subprocess.run(
        [sys.executable, "-c", LIMITED],
        input=bomb(name),
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    said = done.stdout.decode()
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert said.startswith(("Ce classeur", "Le classeur", "Le fichier")), said
    assert len(said) < 300
