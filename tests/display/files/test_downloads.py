"""Files: read back as a French spreadsheet would, byte by byte where it matters."""

import csv
import io

import pandas as pd
import pytest

from lib.display.files.downloads import csv_bytes, stem
from lib.survey.formulas import neutralise
from tests.display.files.takeaways import bars

STAMP = {"Mention": "Données simulées", "Sélection": "Gironde (33)"}


def cells(rows, stamp=STAMP):
    """Return the lines of the file as lists of texts, read as a spreadsheet reads them."""
    text = csv_bytes(rows, stamp).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def first_cell(value):
    return cells(pd.DataFrame({"a": [value]}))[1][0]


def test_the_file_starts_with_a_byte_order_mark_and_ends_its_lines_as_spreadsheets_do():
    written = csv_bytes(pd.DataFrame({"Réponse": ["Élu·e"], "Part": [0.5]}), {"Unité": "répondants"})
    assert written == "\ufeffRéponse;Part;Unité\r\nÉlu·e;0,5;répondants\r\n".encode()


def test_every_row_carries_where_it_comes_from_in_the_last_columns():
    lines = cells(pd.DataFrame({"a": ["x", "y"], "b": [1, 2]}))
    assert lines[0] == ["a", "b", "Mention", "Sélection"]
    assert [line[2:] for line in lines[1:]] == [["Données simulées", "Gironde (33)"]] * 2


def test_no_row_leaves_the_headings():
    assert cells(pd.DataFrame({"a": []})) == [["a", "Mention", "Sélection"]]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.3, "0,3"),
        (1 / 3, "0,333333"),
        (-0.25, "-0,25"),
        (1.0, "1"),
        (100.0, "100"),
        (0.0, "0"),
        (4293, "4293"),
        (-7, "-7"),
        (float("nan"), ""),
        (None, ""),
        (pd.NA, ""),
        ("", ""),
        ("01001", "01001"),
        ("moins de\u202f3", "moins de\u202f3"),
    ],
)
def test_values_are_written_for_a_french_spreadsheet(value, written):
    assert first_cell(value) == written


@pytest.mark.parametrize("separator", [";", '"', "\n", "\r\n"])
def test_a_separator_inside_a_text_stays_inside_its_cell(separator):
    assert first_cell(f"a{separator}b") == f"a{separator}b"


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+33 5 00 00 00 00",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "   =1+1",
        "\u00a0=1+1",
        "\u202f@SUM(A1)",
        "\tx",
        "\rx",
        "-",
        "-1,5,2",
        "-1;=2",
        '=HYPERLINK("http://a";"b")',
    ],
)
def test_a_text_that_a_spreadsheet_would_run_gets_a_quote(formula):
    assert neutralise(formula) == f"'{formula}"
    assert first_cell(formula) == f"'{formula}"


@pytest.mark.parametrize("text", ["-5", "-5,25", "12", "a=b", "Pays/PETR", "« - »", "1-2", "'=1", "Élu·e"])
def test_negative_numbers_and_plain_texts_are_kept(text):
    assert neutralise(text) == text
    assert first_cell(text) == text


def test_headings_and_stamp_are_neutralised_too():
    lines = cells(pd.DataFrame({"=a": ["x"]}), {"+b": "@c"})
    assert lines == [["'=a", "'+b"], ["x", "'@c"]]


def test_mixed_columns_keep_hidden_counts_beside_numbers():
    rows = pd.DataFrame({"Effectif": [12, "moins de\u202f3"], "Part": [0.4, float("nan")]})
    assert [line[:2] for line in cells(rows)[1:]] == [["12", "0,4"], ["moins de\u202f3", ""]]


def test_the_name_of_a_file_says_that_answers_are_simulated_and_stays_in_its_folder():
    assert stem("barres", simulated=True) == "numerique-et-territoires-barres-donnees-simulees"
    assert stem("../é/x", simulated=False) == "numerique-et-territoires-é-x"


def test_a_long_stamp_holds_and_pandas_reads_the_numbers_back():
    stamp = {**bars().stamp, "Version": "0.6.0", "Adresse de la vue": "https://exemple.fr/strategies?type=epci;commune"}
    content = csv_bytes(bars().file(), stamp)
    read = pd.read_csv(io.BytesIO(content), sep=";", decimal=",", encoding="utf-8-sig")
    assert read["Part"].tolist()[:2] == [0.75, 0.2]
    assert read["Adresse de la vue"].unique().tolist() == [stamp["Adresse de la vue"]]
