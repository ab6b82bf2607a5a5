"""What the quality report finds in sixteen responses, each written for one oddity, and what it does not."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from lib.survey.codebook import parse_codebook
from lib.survey.edition import build_edition
from lib.survey.quality.report import quality
from lib.survey.reading.export import read_export
from lib.survey.reading.mapping import recognise
from lib.survey.reading.table import read_table
from tests.survey.world import written

CODEBOOK = """
id = "qualite"
title = "Qualité"

[parts]
territory_type = "type"
territory_name = "nom"
territory_code = "code"
role = "role"
consent = "accord"
consent_yes = "oui"

[lists]
lignes = [
    { code = "a", label = "Ligne A" }, { code = "b", label = "Ligne B" }, { code = "c", label = "Ligne C" },
    { code = "d", label = "Ligne D" }, { code = "e", label = "Ligne E" },
]
notes = [{ code = "peu", label = "Peu" }, { code = "assez", label = "Assez" }, { code = "nsp", label = "Ne sait pas", dont_know = true }]

[[questions]]
id = "type"
kind = "single"
short = "Type"
text = "Votre structure"
required = true
options = [{ code = "commune", label = "Commune" }, { code = "epci", label = "EPCI" }]

[[questions]]
id = "nom"
kind = "text"
short = "Nom"
text = "Nom de la structure"
required = true

[[questions]]
id = "code"
kind = "text"
short = "Code"
text = "Code INSEE"

[[questions]]
id = "role"
kind = "single"
short = "Rôle"
text = "Vous êtes"
options = [{ code = "elu", label = "Élu·e" }, { code = "agent", label = "Agent" }]

[[questions]]
id = "niveau"
kind = "array"
short = "Niveau"
text = "Niveau"
rows = "lignes"
options = "notes"

[[questions]]
id = "besoin"
kind = "array"
short = "Besoin"
text = "Besoin"
rows = "lignes"
options = "notes"

[[questions]]
id = "freins"
kind = "multiple"
short = "Freins"
text = "Freins"
options = [{ code = "temps", label = "Temps" }, { code = "argent", label = "Argent" }]

[[questions]]
id = "accord"
kind = "single"
short = "Accord"
text = "Publier"
options = [{ code = "oui", label = "Oui" }, { code = "non", label = "Non" }]
"""  # noqa: E501

HEADINGS = [
    *("ID de la réponse", "Date de soumission", "Date de lancement", "Date de la dernière action"),
    *("Votre structure", "Nom de la structure", "Code INSEE", "Vous êtes"),
    *(f"{question} [Ligne {row}]" for question in ("Niveau", "Besoin") for row in "ABCDE"),
    *("Freins [Temps]", "Freins [Argent]", "Publier"),
]
NOTES = {"p": "Peu", "a": "Assez", "n": "Ne sait pas", ".": ""}

# id | minutes, « - » if never sent | type | name | code | role | niveau | besoin | temps argent | accord.
# Started at 10:00 on the day whose number is before « + »; the first line of the file after the headings is 2.
ROWS = """
1|5+30|Commune|Bordeaux|33063|Élu·e|papap|ppapp|oui|Oui
2|5+30|Commune|BORDEAUX||Élu·e|papap|ppapp|oui|Oui
3|5+30|Commune|Pau||Élu·e|papap|ppapp|oui|Oui
4|5+30|Commune|Bordeaux|33063|Agent|.....|..ap.|oui|Non
5|5+8|Commune|Agen||Agent|aaaaa|nnnnn|non|Oui
6|5+12|Commune|Niort||Agent|pppp.|pa...|non|Oui
7|5+9|EPCI|CA du Grand Guéret|200034825|Agent|ppp..|aaaaa|non|
8|5+-|Commune|Limoges|||paapp|.....|non|Oui
9|5+-|Commune|Tulle||Agent|.....|.....||Oui
10|1+30|Commune|Ville imaginaire||Agent|paaap|papaa|non|Oui
11|9+30|Commune|Lille|59350|Agent|paaaa|apaaa|non|Oui
12|5+30|Commune|Mazerolles||Agent|apaaa|aapaa|non|Oui
13|5+30|Commune|Guéret|23096|Agent|aapaa|aaapa|non|Oui
14|5+30|Commune|La Rochelle||Agent|aaapa|aaaap|non|Oui
15|5+30||Périgueux|24322|Agent|aaaap|ppaaa|non|Oui
16|5+30|Commune|Poitiers||Agent|ppaaa|paaap|non|Oui
""".strip().splitlines()


def response(row):
    id, when, kind, name, code, role, levels, needs, ticked, agreed = row.split("|")
    day, minutes = when.split("+")
    start = f"2026-03-0{day} 10:00:00"
    end = "" if minutes == "-" else f"2026-03-0{day} 10:{int(minutes):02d}:00"
    boxes = {"oui": ["Oui", "Non"], "non": ["Non", "Oui"], "": ["", ""]}[ticked]
    notes = [NOTES[letter] for letter in levels + needs]
    return [id, end, start, end or start, kind, name, code, role, *notes, *boxes, agreed]


def read(rows=ROWS, headings=HEADINGS, cells=None):
    """Return the edition and the export of some rows."""
    codebook = parse_codebook(CODEBOOK.encode(), "qualite.toml")
    table = read_table(written(headings, cells or [response(row) for row in rows]).encode(), "qualite.csv")
    export = read_export(table, recognise(table, codebook), codebook)
    return build_edition(export, codebook, id="q", title="Q", simulated=True, collected="mars 2026"), export


@pytest.fixture(scope="module")
def report():
    return quality(*read(), started=date(2026, 3, 2), ended=date(2026, 3, 6))


def who(report, check):
    return report[check].found["respondent"].tolist()


def test_what_is_counted_of_the_file(report):
    # Response 9 says who it is and nothing else; 8 was never sent.
    assert (report.read, report.retained, report.set_aside, report.submitted) == (16, 15, 1, 14)
    assert report.simulated
    aside = report["ecartees"]
    assert (aside.count, aside.base) == (1, 16)
    assert aside.found["line"].tolist() == [10]
    assert who(report, "non-soumises") == ["8"]


def test_the_share_of_cells_answered_is_that_of_the_cells_that_were_put(report):
    table = report.completeness.set_index("question")
    assert table.index.tolist() == ["type", "nom", "code", "role", "niveau", "besoin", "freins", "accord"]
    # Fifteen responses, five rows: 4 leaves five, 6 one, and 7 two.
    assert table.loc["niveau", ["asked", "answered"]].tolist() == [75, 67]
    assert table.at["niveau", "share"] == pytest.approx(67 / 75)
    assert table.loc["type", ["asked", "answered"]].tolist() == [15, 14]
    # A multiple choice is one cell.
    assert table.loc["freins", ["asked", "answered"]].tolist() == [15, 15]


def test_a_form_sent_twice_is_told_with_its_twin(report):
    assert who(report, "doublons") == ["1", "2"]
    found = report["doublons"].found
    assert found["line"].tolist() == [2, 3]
    assert found["what"].tolist() == [
        "groupe 1\u202f: mêmes réponses que la ligne 3",
        "groupe 1\u202f: mêmes réponses que la ligne 2",
    ]
    assert report["doublons"].base == 15


def test_the_same_answers_from_elsewhere_are_told_apart(report):
    # Pau answered as Bordeaux did: eleven cells.
    assert who(report, "copies") == ["1", "2", "3"]
    # All but 4, 6, 7 and 8, which filled 3, 7, 9 and 6 cells.
    assert report["copies"].base == 11


def test_few_identical_answers_are_no_copy():
    one, other = "1|5+30|Commune|Pau||Agent|ppa..|.....|oui|Oui", "2|5+30|Commune|Agen||Agent|ppa..|.....|oui|Oui"
    report = quality(*read([one, other]))
    assert (report["copies"].count, report["copies"].base, report["doublons"].count) == (0, 0, 0)


@pytest.mark.shipped_region
def test_territories_of_several_responses_are_counted_once(report):
    several = report["plusieurs"]
    assert several.count == 1
    # Bordeaux, Pau, Agen, Niort, Grand Guéret, Limoges, Guéret, La Rochelle, Poitiers, and Périgueux whose type is
    # not told but whose code is, or not: whichever the matching decides.
    assert several.base == read()[0].respondents["territory"].nunique()
    assert several.found["respondent"].tolist() == ["1", "2", "4"]
    assert several.found["what"].tolist() == ["Bordeaux (33063)\u202f: 3 réponses"] * 3


def test_one_same_option_on_enough_rows_is_told(report):
    # 5 in both arrays, 6 on four rows of one, 7 on five of the other but on three only of the first.
    found = report["lignes-droites"].found.set_index("respondent")["what"]
    assert found.to_dict() == {
        "5": "Niveau\u202f: «\u202fAssez\u202f» partout\u202f; Besoin\u202f: «\u202fNe sait pas\u202f» partout",
        "6": "Niveau\u202f: «\u202fPeu\u202f» partout",
        "7": "Besoin\u202f: «\u202fAssez\u202f» partout",
    }
    table = report.straight.set_index("question")
    assert table.loc["niveau", ["answered", "straight"]].tolist() == [13, 2]  # not 4, which answered none, nor 7
    assert table.loc["besoin", ["answered", "straight"]].tolist() == [12, 2]  # not 4, 6, 8
    assert who(report, "lignes-droites-partout") == ["5"]
    assert report["lignes-droites-partout"].base == 11  # not 4, 6, 7, 8


def test_a_response_is_hasty_under_a_third_of_the_median(report):
    # Fourteen were sent: eleven of 30 minutes, and 8, 9 and 12; a third of 30 is 10.
    assert (report.timed, report.median_minutes) == (14, 30.0)
    assert report["pressees"].found["respondent"].tolist() == ["5", "7"]
    assert report["pressees"].found["what"].tolist() == ["8,0 min", "9,0 min"]


def test_no_median_is_made_of_a_few_times_nor_of_none():
    few = quality(*read(ROWS[:5]))
    assert (few.timed, few.median_minutes, few["pressees"].count) == (5, None, 0)
    assert "5 seulement" in few["pressees"].rule
    cells = [response(row)[:2] + response(row)[4:] for row in ROWS]
    undated = quality(*read(headings=HEADINGS[:2] + HEADINGS[4:], cells=cells))
    assert (undated.timed, undated.median_minutes) == (0, None)
    assert "ne permet pas" in undated["pressees"].rule


def test_an_undated_survey_says_1980_and_is_not_timed():
    cells = [response(row) for row in ROWS]
    for row in cells:
        row[1] = row[2] = row[3] = "1980-01-01 00:00:00"
    assert quality(*read(cells=cells)).timed == 0


def test_days_out_of_the_period_are_told(report):
    assert who(report, "hors-periode") == ["10", "11"]
    assert report["hors-periode"].found["what"].tolist() == ["01/03/2026", "09/03/2026"]
    assert report["hors-periode"].base == 15
    assert quality(*read())["hors-periode"].count == 0


@pytest.mark.shipped_region
def test_what_is_out_of_the_frame_is_told_by_kind(report):
    assert who(report, "non-reconnus")[0] == "10"
    assert who(report, "hors-region") == ["11"]
    assert who(report, "ambigus") == ["12"]


@pytest.mark.shipped_region
def test_a_territory_of_another_type_is_told():
    # The matching never contradicts the type that was ticked; a person who repairs it may.
    edition, export = read(ROWS[:3])
    respondents = edition.respondents.assign(territory=["33063", "243300316", "33063"])
    report = quality(replace(edition, respondents=respondents), export)
    assert report["autre-type"].found["respondent"].tolist() == ["2"]
    assert report["autre-type"].found["what"].tolist() == ["coché «\u202fCommune\u202f», reconnu comme un EPCI"]
    assert report["autre-type"].base == 3


def test_silence_on_type_role_and_consent_is_told(report):
    assert who(report, "sans-type") == ["15"]
    assert who(report, "sans-nom") == []
    assert who(report, "sans-role") == ["8"]
    assert who(report, "sans-accord") == ["7"]


def test_every_check_says_its_rule_its_base_and_what_to_do(report):
    for check in report.checks:
        assert check.rule.endswith("."), check.id
        assert check.advice.endswith("."), check.id
        assert 0 <= check.count <= check.base, check.id
        assert check.found.columns.tolist() == ["respondent", "line", "what"], check.id
        assert str(check.found["line"].dtype) == "Int64", check.id


def test_respondents_whose_identifiers_are_not_those_of_the_file_have_no_line():
    edition, export = read()
    names = pd.Index([f"r-{n:02d}" for n in range(len(edition.respondents))], name="respondent", dtype="str")
    hidden = replace(
        edition,
        respondents=edition.respondents.set_axis(names),
        values=edition.values.set_axis(names),
        states=edition.states.set_axis(names),
    )
    report = quality(hidden, export)
    assert report["doublons"].found["respondent"].tolist() == ["r-00", "r-01"]
    assert report["doublons"].found["line"].isna().all()
    assert report.timed == 0


def test_more_responses_set_aside_than_the_issues_list_are_all_counted():
    silent = response(ROWS[8])
    cells = [response(row) for row in ROWS] + [[f"v{n}", *silent[1:]] for n in range(150)]
    report = quality(*read(cells=cells))
    assert (report.read, report.retained, report.set_aside) == (166, 15, 151)
    assert report.timed == 14


def test_a_large_group_names_its_first_responses_only():
    rows = [f"{n}|5+30|Commune|Pau||Agent|papap|ppapp|oui|Oui" for n in range(1, 9)]
    found = quality(*read(rows))["doublons"].found
    assert len(found) == 8
    assert found["what"].tolist()[0] == (
        "groupe 1\u202f: mêmes réponses que la ligne 3, la ligne 4, la ligne 5, la ligne 6, la ligne 7 et 2 autres"
    )
    assert found["what"].tolist()[7].startswith("groupe 1\u202f: mêmes réponses que la ligne 2, la ligne 3")


def test_without_the_file_lines_and_times_are_not_known():
    edition, _ = read()
    report = quality(edition)
    assert report["doublons"].found["line"].isna().all()
    assert report["doublons"].found["what"].tolist() == [
        "groupe 1\u202f: mêmes réponses que la réponse 2",
        "groupe 1\u202f: mêmes réponses que la réponse 1",
    ]
    assert (report.read, report.timed) == (16, 0)


def test_an_edition_of_nobody_has_a_report():
    report = quality(*read(ROWS[8:9]))
    assert (report.read, report.retained, report.set_aside) == (1, 0, 1)
    assert report.completeness["share"].isna().all()
    assert [check.count for check in report.checks if check.id != "ecartees"] == [0] * (len(report.checks) - 1)
