"""The spreadsheet, read back: types, formats, order, what a cell may not be, and the same values in LibreOffice."""

import csv
import io
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from lib.analysis.selection import EVERYBODY
from lib.analysis.shares import shares
from lib.display import tables
from lib.display.files.workbook import sheet_name, workbook
from lib.display.formats import MASKED, NARROW
from tests.display.files.takeaways import PLACES, READING, STAMP, bars, crossed, figure, places
from tests.world import codebook, edition

HOSTILE = ["=1+1", "+33 5", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://a";"b")', "{=1}", "_x0041_", "a\x01b"]
SOFFICE = shutil.which("soffice")
TO_CSV = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,false,false,false,-1"
"""Semicolons, UTF-8, values as they are and not as they look, a file a sheet."""


def opened(figures, questionnaire=None, notes=STAMP):
    return openpyxl.load_workbook(io.BytesIO(workbook(figures, questionnaire, notes)))


def header(sheet):
    """Return the number of the header, the row that is frozen above the first one."""
    return int(sheet.freeze_panes[1:]) - 1


def rows(sheet):
    wide = openpyxl.utils.range_boundaries(sheet.auto_filter.ref)[2]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=header(sheet), max_col=wide)]


def test_a_sheet_says_what_is_shown_then_holds_typed_cells():
    sheet = opened([bars()])["barres"]
    above = [sheet.cell(line, 1).value for line in range(1, header(sheet))]
    assert above[0] == "Titre"
    assert above[1] == f"base{NARROW}: 40 répondants · Données simulées"
    assert above[2] == f"Comment lire{NARROW}: {READING}"
    assert above[3].startswith(f"Mention{NARROW}: Données simulées · Édition{NARROW}: Édition d’essai")
    assert rows(sheet) == [
        ["Réponse", "Effectif", "Base", "Part", "Marge basse", "Marge haute", "Fiabilité"],
        ["Oui", 30, 40, 0.75, 0.6, 0.86, None],
        ["Non", 8, 40, 0.2, 0.1, 0.35, None],
        ["Autre", MASKED, 40, None, None, None, tables.RELIABILITY["hidden"]],
    ]
    first = sheet[header(sheet) + 1]
    assert [cell.data_type for cell in first[:4]] == ["s", "n", "n", "n"]
    assert [cell.number_format for cell in first[1:4]] == ["#,##0", "#,##0", f'0"{NARROW}"%']
    assert sheet.auto_filter.ref == f"A{header(sheet)}:G{header(sheet) + 3}"


def test_a_percentage_has_a_decimal_from_a_thousand_respondents_and_a_difference_has_no_sign_of_percent():
    measured = pd.DataFrame({"Base": [1000], "Part": [0.304], "Écart": [0.12], "Rapport": [1.5], "Existants": [4293.0]})
    sheet = opened([figure("essai", measured, None)])["essai"]
    base, share, gap, ratio, existing = sheet[header(sheet) + 1][:5]
    assert share.number_format == f'0.0"{NARROW}"%'
    assert gap.number_format == "+0.000;-0.000;0.000"
    assert ratio.number_format == "0.00"
    assert existing.number_format == base.number_format == "#,##0"


def test_a_small_base_that_comes_as_a_text_is_a_number_and_codes_stay_texts():
    few = pd.DataFrame({"Code": ["01001", "2A004"], "Effectif": ["moins de\u202f3", "4"], "Base": ["5", "9"]})
    sheet = opened([figure("essai", few, None)])["essai"]
    assert rows(sheet)[1:] == [["01001", "moins de\u202f3", 5], ["2A004", 4, 9]]
    code = sheet.cell(header(sheet) + 1, 1)
    assert (code.data_type, code.number_format) == ("s", "@")


def test_no_text_is_a_formula_nor_becomes_one_once_saved_as_csv():
    book = opened([figure("essai", pd.DataFrame({"=nom": HOSTILE}), None)], notes={"=a": "=b"})
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    written = [value for (value,) in rows(book["essai"])]
    assert written[:7] == ["'=nom", *(f"'{text}" for text in HOSTILE[:6])]
    assert written[7:9] == ["{=1}", "_x0041_"]
    assert ("'=a", "'=b") in list(book["Notes"].values)


def test_sheets_have_legal_names_each_its_own():
    taken = {"notes"}
    named = [sheet_name(name, taken) for name in ("a[1]:*?/\\b", "A 1 B", "'", "", "Notes", "é" * 40, "é" * 41)]
    assert named == ["a 1 b", "A 1 B-2", "Figure", "Figure-2", "Notes-2", "é" * 31, "é" * 29 + "-2"]
    figures = [replace(bars(), name=name) for name in ("x" * 40, "X" * 40, "History", "Questionnaire", "../a\x00'")]
    assert opened(figures, codebook()).sheetnames == [
        "x" * 31, "X" * 29 + "-2", "History-2", "Questionnaire-2", ".. a", "Questionnaire", "Notes",
    ]  # fmt: skip


def test_the_questionnaire_has_a_line_for_each_row_and_each_answer():
    sheet = opened([bars()], codebook())["Questionnaire"]
    listed = rows(sheet)
    strategy = [line for line in listed if line[0] == "strategie"]
    assert [line[5] for line in strategy] == ["mise-en-oeuvre", "formalisee", "elaboration", "prevue", "non", "nsp"]
    assert strategy[0] == [
        "strategie", "Une stratégie ?", "choix unique", "territoires", "réponse", "mise-en-oeuvre", "Mise en oeuvre",
        None,
    ]  # fmt: skip
    assert strategy[-1][7] == "ni une opinion ni un fait"
    assert [line[4] for line in listed if line[0] == "themes"] == ["ligne"] * 2 + ["réponse"] * 4
    assert [line[0] for line in listed if line[5] is None] == ["terr_nom", "precisions"]


def test_the_notes_begin_with_the_mark_and_tell_only_what_all_figures_share():
    other = replace(crossed(), stamp={**STAMP, "Sélection": "Gironde (33)"})
    said = list(opened([bars(), other])["Notes"].values)
    assert said[0][0] == "Données simulées"
    told = dict(said)
    assert told["Édition"] == "Édition d’essai"
    assert told["Sélection"] == f"selon la figure{NARROW}: voir sa feuille"
    assert "fraction de 0 à 1" in told["Part"]
    assert {"Effectif", "Base", "Marge", "Fiabilité"} <= set(told)
    assert "Rapport" not in told
    assert any(MASKED in str(text) for _, text in said)
    real = opened(
        [replace(bars(), stamp={"Mention": "Réponses à l’enquête"})], notes={"Mention": "Réponses à l’enquête"}
    )
    assert "Données simulées" not in [text for row in real["Notes"].values for text in row]


def test_the_same_figures_give_the_same_bytes_dated_by_their_stamp():
    first, second = (workbook([bars(), places()], codebook(), STAMP) for _ in range(2))
    assert first == second
    assert openpyxl.load_workbook(io.BytesIO(first)).properties.created == datetime(2026, 11, 22)


def test_a_figure_of_an_edition_is_read_back_as_its_file():
    measured = shares(edition(), "besoins", EVERYBODY)
    written = tables.share_file(measured)
    content = workbook([figure("besoins", written, None)], None, STAMP)
    top = header(openpyxl.load_workbook(io.BytesIO(content))["besoins"])
    read = pd.read_excel(io.BytesIO(content), sheet_name="besoins", header=top - 1, dtype=object)
    # Eight people answered: counts alone are told.
    assert read["Réponse"].tolist() == measured["label"].tolist()
    assert read["Part"].isna().all()
    assert [str(count) for count in read["Effectif"]] == [str(count) for count in written["Effectif"]]


def test_libreoffice_finds_the_same_values(tmp_path):
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed on this machine; on Debian: apt-get install libreoffice-calc")
    formulas = figure("formules", pd.DataFrame({"Nom": HOSTILE[:6]}), None)
    (tmp_path / "classeur.xlsx").write_bytes(workbook([bars(), formulas, figure("lieux", PLACES, None)], None, STAMP))
    profile = f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"
    subprocess.run(
        [SOFFICE, profile, "--headless", "--convert-to", TO_CSV, "--outdir", str(tmp_path), "classeur.xlsx"],
        cwd=tmp_path, check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    def lines(sheet):
        with (tmp_path / f"classeur-{sheet}.csv").open(encoding="utf-8", newline="") as file:
            return [line for line in csv.reader(file, delimiter=";") if line]

    assert lines("barres")[-3][:6] == ["Oui", "30", "40", "75%", "60%", "86%"]
    assert lines("barres")[-1][:4] == ["Autre", MASKED, "40", ""]
    assert [line[0] for line in lines("formules")[-6:]] == [f"'{text}" for text in HOSTILE[:6]]
    assert lines("lieux")[-3][:4] == ["Bordeaux Métropole", "243300316", "Oui", "3"]
