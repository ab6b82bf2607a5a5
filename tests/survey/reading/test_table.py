"""Reading of delimited text: encodings, separators, widths, and the faults that end a reading."""

from pathlib import Path

import pytest

from lib.survey.reading.table import SurveyFileError, read_table

PLAIN = "Thème;Nom\r\nÉcole;Créon\r\n"


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
    assert table.rows == (["École", "Créon"],)


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
    assert table.rows == (["01", "NA"], ["2A004", "1,50"])
    assert table.column(0) == ["01", "2A004"]


def test_lines_are_those_of_the_file_whatever_the_breaks_inside_cells_and_the_blank_lines():
    content = 'a;b\r\n1;"deux\r\nlignes"\r\n\r\n;\r\n3;4\r\n\r\n'
    table = read_table(content.encode())
    assert table.rows == (["1", "deux\r\nlignes"], ["3", "4"])
    assert table.lines == (2, 6)


def test_duplicate_and_empty_headings_survive():
    assert read_table(b"a;;a\n1;2;3\n").headings == ("a", "", "a")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", ["vide"]),
        (b"\xef\xbb\xbf \r\n", ["vide"]),
        (b"PK\x03\x04rest", ["classeur", "CSV"]),
        (b"\xd0\xcf\x11\xe0rest", ["XLS", "CSV"]),
        (b"%PDF-1.7", ["PDF", "CSV"]),
        (b"une seule colonne\n1\n2\n", ["pas un tableau", "CSV"]),
        (b"a;b\n1;2\n1;2;3\n", ["ligne 3", "3 cellules au lieu de 2", "point-virgule"]),
        (b"a;b\n1\n", ["ligne 2", "1 cellules au lieu de 2"]),
        (b'a;b\n1;2\n1;"2\n3;4\n', ["guillemet", "ligne 3"]),
        (b'"a";"b"\n"1"x;"2"\n', ["guillemet", "ligne 2"]),
        (b"a;b\n\x81;2\n", ["ligne 2", "UTF-8"]),
        (b"\xef\xbb\xbfa;b\n\x00;2\n", ["nul", "ligne 2"]),
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
