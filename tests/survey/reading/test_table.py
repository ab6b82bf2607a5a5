"""Reading of delimited text: encodings, separators, widths, and the faults that end a reading."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lib.survey.reading.table import MOST_COLUMNS, MOST_ROWS, SurveyFileError, read_table, without

PLAIN = "Thème;Nom\r\nÉcole;Créon\r\n"


def rows(table):
    return [list(row) for row in zip(*table.cells, strict=True)]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"\xef\xbb\xbf" + PLAIN.encode(), "utf-8-sig"),
        (PLAIN.encode(), "utf-8"),
        (PLAIN.encode("utf-16"), "utf-16"),
        (PLAIN.encode("utf-16-le"), "utf-16-le"),
        (PLAIN.encode("utf-16-be"), "utf-16-be"),
        (PLAIN.encode("cp1252"), "cp1252"),
    ],
)
def test_every_encoding_gives_the_same_cells_and_is_named(content, encoding):
    table = read_table(content)
    assert table.encoding == encoding
    assert table.headings == ("Thème", "Nom")
    assert rows(table) == [["École", "Créon"]]
    assert (table.form, table.separator, table.sheet, table.above) == ("csv", ";", "", ())


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_found_though_the_others_stand_inside_quotes(separator):
    content = separator.join(['"a;b,c|d\te"', '"x"', '"y"']) + "\n" + separator.join(["1", "2", "3"])
    table = read_table(content.encode())
    assert table.separator == separator
    assert table.headings == ("a;b,c|d\te", "x", "y")


def test_the_separator_is_the_one_of_regular_rows_not_the_most_frequent_in_headings():
    content = "Oui, non, peut-être, ou rien;Nom\nOui;Créon\nNon, jamais;Agen\n"
    assert read_table(content.encode()).headings == ("Oui, non, peut-être, ou rien", "Nom")


def test_text_is_never_interpreted():
    table = read_table(b"code;nom\n01;NA\n2A004;1,50\n")
    assert rows(table) == [["01", "NA"], ["2A004", "1,50"]]
    assert table.column(0).tolist() == ["01", "2A004"]


def test_lines_are_those_of_the_file_whatever_the_breaks_inside_cells_and_the_blank_lines():
    content = 'a;b\r\n1;"deux\r\nlignes"\r\n\r\n;\r\n3;4\r\n\r\n'
    table = read_table(content.encode())
    assert rows(table) == [["1", "deux\r\nlignes"], ["3", "4"]]
    assert table.lines.tolist() == [2, 6]
    assert (table.row_count, table.header_depth, table.header_line) == (2, 1, 1)


def test_duplicate_and_empty_headings_survive():
    assert read_table(b"a;;a\n1;2;3\n").headings == ("a", "", "a")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", ["vide"]),
        (b"\xef\xbb\xbf \r\n", ["vide"]),
        (b"PK\x03\x04rest", ["classeur", "abîmé", "CSV"]),
        (b"\xd0\xcf\x11\xe0rest", ["XLS", "CSV"]),
        (b"%PDF-1.7", ["PDF", "CSV"]),
        (b"une seule colonne\n1;2\n3;4\n", ["pas un tableau", "CSV"]),
        (b"a;b\n1;2\n1;2;3\n", ["ligne 3", "3 cellules au lieu de 2", "point-virgule"]),
        (b"a;b\n1\n", ["ligne 2", "1 cellule au lieu de 2"]),
        (b'a;b\n1;2\n1;"2\n3;4\n', ["guillemet", "ligne 3"]),
        (b'"a";"b"\n"1"x;"2"\n', ["guillemet", "ligne 2"]),
        (b"a;b\n\x81;2\n", ["ligne 2", "UTF-8"]),
        (b"\xef\xbb\xbfa;b\n\x00;2\n", ["nul", "ligne 2"]),
        ("Thème;Nom\nÉcole;Évaux\nÉté;à".encode() + b"\xe9;x\n", ["UTF-8", "abîmé à la ligne 3"]),
    ],
)
def test_a_structural_fault_is_told_in_french_with_its_place(content, said):
    with pytest.raises(SurveyFileError) as fault:
        read_table(content)
    for words in said:
        assert words in str(fault.value)


def test_a_file_that_is_not_there_is_a_fault_too(tmp_path: Path):
    with pytest.raises(SurveyFileError, match=r"rien\.csv"):
        read_table(tmp_path / "rien.csv")


def test_equal_texts_are_one_object_and_columns_are_arrays():
    table = read_table(b"a;b\nBordeaux;x\nBordeaux;Bordeaux\n")
    assert all(isinstance(column, np.ndarray) and column.dtype == object for column in table.cells)
    first, second = table.cells[0]
    assert first is second is table.cells[1][1]


def test_columns_are_taken_out_at_their_positions():
    table = without(read_table(b"a;b;c\n1;2;3\n4;5;6\n"), [1])
    assert table.headings == ("a", "c")
    assert rows(table) == [["1", "3"], ["4", "6"]]
    assert table.lines.tolist() == [2, 3]


@pytest.mark.parametrize("declared", ["sep=|\r\n", '"sep=|"\r\n', "SEP=|\n"])
def test_the_separator_that_a_spreadsheet_declares_is_used_and_counts_as_a_line(declared):
    table = read_table(f"{declared}a;1|b;2\r\nx|y\r\n".encode())
    assert table.headings == ("a;1", "b;2")
    assert (table.separator, table.header_line, table.lines.tolist()) == ("|", 2, [3])


FRAMAFORMS = """Enquête\t\t\t\t\t\t
\t\t\tDétails de la soumission\tQuels freins ?\t\t
Serial\tSID\tTime\tDraft\tTemps\tArgent\tAutre
1\t12\t2026-03-02\t0\tX\t\tLa pluie
"""


@pytest.mark.parametrize("title", ["Enquête\t\t\t\t\t\t\n", "Enquête\n"])
def test_a_webform_has_three_rows_of_headings_and_its_xls_is_text(title):
    text = title + FRAMAFORMS.partition("\n")[2]
    table = read_table(text.encode("utf-16"))
    assert (table.encoding, table.separator) == ("utf-16", "\t")
    assert table.headings == ("Serial", "SID", "Time", "Draft", "Temps", "Argent", "Autre")
    assert table.above == (
        ("Enquête", "", "", "", "", "", ""),
        ("", "", "", "Détails de la soumission", "Quels freins ?", "", ""),
    )
    assert (table.header_depth, table.header_line, table.lines.tolist()) == (3, 3, [4])


def test_a_webform_is_known_by_the_names_of_its_third_row_too():
    text = "Enquête,,,,,\n,,,,Quels freins ?,\nSerial,SID,Time,Draft,Temps,Argent\n1,2,3,0,X,X\n"
    assert read_table(text.encode()).headings[4:] == ("Temps", "Argent")


def test_a_title_over_the_table_is_set_above():
    table = read_table("Enquête 2026\nNom;Type;Code;Avis\nPau;Commune;64445;Oui\n".encode())
    assert table.headings == ("Nom", "Type", "Code", "Avis")
    assert table.above == (("Enquête 2026", "", "", ""),)


@pytest.mark.parametrize("content", ["Nom\nPau\nMont-de-Marsan\n", '"Nom"\n"Pau"\n"Mont-de-Marsan"\n'])
def test_a_list_of_names_is_a_table_of_one_column(content):
    table = read_table(content.encode())
    assert (table.headings, rows(table), table.separator) == (("Nom",), [["Pau"], ["Mont-de-Marsan"]], "")


def test_a_few_commas_do_not_make_columns_of_a_list_of_names():
    content = "Nom\nPau\nLa Rochelle, mairie\nAgen\nCC du Pays d’Albret; siège\nNiort\n"
    assert rows(read_table(content.encode()))[1] == ["La Rochelle, mairie"]


PROSE = (
    "Madame, Monsieur\nnous vous remercions de bien vouloir répondre à cette enquête avant la fin du mois de mars "
    "et de nous envoyer, par retour, tous les documents utiles à la bonne compréhension de vos réponses.\n"
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Bonjour\n" + PROSE.partition("\n")[2], ["pas un tableau"]),
        ("<html><body><table><tr><td>a</td></tr></table></body></html>", ["HTML", "XLSX"]),
        ("  <!DOCTYPE html>\n<html>", ["HTML"]),
        ("<?xml version='1.0'?><reponses/>", ["XML"]),
        ('[{"a": 1}, {"a": 2}]', ["JSON"]),
        ('{"type": "FeatureCollection"}', ["JSON"]),
        ("{\\rtf1 Bonjour}", ["RTF"]),
    ],
)
def test_a_text_that_is_no_table_is_refused_with_what_it_is(content, said):
    with pytest.raises(SurveyFileError) as fault:
        read_table(content.encode())
    for words in said:
        assert words in str(fault.value)


def test_what_a_mac_wrote_is_read_so_when_nothing_else_can_be_and_said():
    table = read_table("Thème;Nom\nÉcole;très près de la forêt\n".encode("mac-roman"))
    assert (table.headings, rows(table)) == (("Thème", "Nom"), [["École", "très près de la forêt"]])
    assert table.encoding == "mac-roman"
    assert any("Mac OS Roman" in note for note in table.notes)


@pytest.mark.parametrize(
    ("text", "written", "said"),
    [
        ("Nom;Avis\nPau;créé\n", "mac-roman", "Mac OS Roman"),
        ("Nom;Avis\nPau;au cœur du bourg\n", "iso-8859-15", "ISO-8859-15"),
        ("Nom;Avis\nPau;créé\n", "cp1252", "Windows-1252"),
        ("Nom;Avis\nPau;crÃ©Ã©\n", "utf-8", "abîmés"),
        ("Nom;Avis\nPau;cr\ufffd\ufffd\n", "utf-8", "perdus"),
        ("Nom;Avis\nPau;créé\n", "utf-7", "UTF-7"),
    ],
)
def test_a_doubtful_encoding_is_said_and_never_changed_in_silence(text, written, said):
    table = read_table(text.encode(written))
    assert any(said in note for note in table.notes)
    assert table.encoding in ("cp1252", "utf-8")


def test_plain_french_in_windows_encoding_raises_no_other_doubt():
    text = "Nom;Avis\nPau;L’été – « déjà » ½ journée, ¾ d’heure, cœur : 12 € ; 10°\n".replace(" ; ", " ")
    (note,) = read_table(text.encode("cp1252")).notes
    assert "Mac" not in note
    assert "8859" not in note


def test_the_limits_hold_to_the_last_row_and_column():
    assert read_table(b"a;b\n" + b"1;2\n" * MOST_ROWS).row_count == MOST_ROWS
    with pytest.raises(SurveyFileError, match="plus de 20\u202f000 réponses"):
        read_table(b"a;b\n" + b"1;2\n" * (MOST_ROWS + 1))
    assert len(read_table(b";".join([b"a"] * MOST_COLUMNS)).headings) == MOST_COLUMNS
    with pytest.raises(SurveyFileError, match="Plus de 400 colonnes"):
        read_table(b";".join([b"a"] * (MOST_COLUMNS + 1)))
    with pytest.raises(SurveyFileError, match=r"pèse 21 Mo.*20 Mo"):
        read_table(b"a" * ((20 << 20) + 1))


LIMITED = """
import resource, sys
from lib.survey.reading.table import SurveyFileError, read_table
content = sys.stdin.buffer.read()
held = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + (400 << 20),) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
try:
    print("lu", read_table(content).row_count)
except SurveyFileError as error:
    print(error)
"""
LARGE = {
    "one line": b"ab," * (6 << 20),
    "one line of nothing": b";" * (20 << 20),
    "one record over many lines": b'"a\n",' * (3 << 20),
    "blank lines": b"a;b\n" + b"\n" * (19 << 20),
    "blank rows": b"a;b\n" + b";\n" * (9 << 20),
    "lone quote": b'a;b\n"' + b"x;y\n" * (4 << 20),
    "two bytes a letter": "é".encode("utf-16-le") * (9 << 20),
    "four bytes a letter": ("a;b\n" + "👍;b\n" * 20_000 + "x" * (18 << 20)).encode(),
    "nulls": bytes(20 << 20),
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the address space is limited through /proc")
def test_a_large_text_that_is_no_table_is_refused_within_400_megabytes(name):
    done = subprocess.run(
        [sys.executable, "-c", LIMITED],
        input=LARGE[name],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    said = done.stdout.decode()
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert said == "lu 0\n" if name.startswith("blank") else said.endswith(".\n"), said


def test_a_folder_is_no_file(tmp_path: Path):
    with pytest.raises(SurveyFileError, match="est un dossier"):
        read_table(tmp_path)
