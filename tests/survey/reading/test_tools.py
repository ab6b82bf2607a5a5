"""Recognition of the tool and of its headings, and the dates that it writes."""

import pandas as pd
import pytest

from lib.survey.reading.metadata import is_timing, parse_dates
from lib.survey.reading.tools import TOOLS, recognise_layout
from tests.survey.reading.tables import table_of

LIMESURVEY = ["id", "submitdate", "lastpage", "startlanguage"]


def layout_of(headings, *rows, above=()):
    return recognise_layout(table_of(headings, [list(row) for row in rows], above))


@pytest.mark.parametrize(
    ("headings", "style"),
    [
        ([*LIMESURVEY, "Q1", "Q2[SQ001]", "Q2[SQ002]"], "code"),
        ([*LIMESURVEY, "Votre structure.. ", "Quels freins re.. [SQ001]", "Quels freins re.. [SQ002]"], "abrege"),
        (["ID de la réponse", "Date de soumission", "Votre structure", "Quels freins ? [Temps]"], "complet"),
        (["Response ID", "Date submitted", "Your body", "Which? [Time]"], "complet"),
        (
            ["id._.ID de la réponse", "submitdate._.Date de soumission", "Q1._.Texte", "Q2[a]._.Texte [A]"],
            "code-et-texte",
        ),
        (["id: ID de la réponse", "submitdate: Date de soumission", "Q1: Texte", "Q2[a]: Texte [A]"], "code-et-texte"),
        # Without the tool's own columns.
        (["Q1", "Q2[SQ001]", "Q2[SQ002]"], "code"),
        (["Votre structure", "Priorités [Classement 1]", "Priorités [Classement 2]"], "complet"),
    ],
)
def test_limesurvey_and_the_style_of_its_headings(headings, style):
    layout = layout_of(headings)
    assert (layout.tool.id, layout.style) == ("limesurvey", style)


@pytest.mark.parametrize(
    ("headings", "tool", "joined"),
    [
        (["Horodateur", "Votre structure"], "google-forms", ", "),
        (["Timestamp", "Your body"], "google-forms", ", "),
        (["ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom", "Structure"], "microsoft-forms", ";"),
        (["ID", "Start time", "Completion time", "Email", "Name", "Structure"], "microsoft-forms", ";"),
        (["start", "end", "structure", "_id", "_uuid", "_submission_time"], "kobotoolbox", " "),
        (["CLE", "DATE_SAISIE", "DATE_ENREG", "PROGRESSION", "Structure"], "sphinx", ";"),
        (["Structure", "Nom"], "autre", ""),
        (["id", "Structure"], "autre", ""),
    ],
)
def test_the_other_tools(headings, tool, joined):
    layout = layout_of(headings)
    assert (layout.tool.id, layout.joined, layout.style) == (tool, joined, "")


def test_sphinx_alone_is_unverified():
    assert [tool.id for tool in TOOLS.values() if not tool.verified] == ["sphinx"]


def test_framaforms_names_a_question_above_its_first_option():
    above = [["Titre", "", "", "", "", ""], ["Détails de la soumission", "", "", "Freins", "", ""]]
    headings = ["Serial", "SID", "Brouillon", "Temps", "Argent", "Remarques"]
    layout = layout_of(headings, ["1", "7", "0", "X", "", "rien"], ["2", "8", "1", "", "X", ""], above=above)
    assert layout.tool.id == "framaforms"
    assert layout.metadata == {0: "serial", 1: "id", 2: "draft"}
    assert [parts[0] for parts in layout.readings[3:]] == [("freins", "temps"), ("freins", "argent"), ("remarques",)]


def test_times_spent_are_the_tool_s_own_columns():
    for heading in ("Temps total", "Temps pour la question : Q1", "Question time: Q1", "interviewtime", "groupTime12"):
        assert is_timing(heading.casefold())
    assert not is_timing("temps consacré au numérique")
    layout = layout_of([*LIMESURVEY, "Q1", "Q1Time", "uptime"])
    assert layout.metadata[5].startswith("temps")
    assert 6 not in layout.metadata


@pytest.mark.parametrize(
    ("heading", "timing"),
    [
        ("temps total :", True),
        ("durée pour le groupe : identité", True),
        ("durée pour la question: q01", True),
        ("durée totale", True),
        ("durée pour rejoindre la mairie", False),
        ("temps passé sur place", False),
    ],
)
def test_times_spent_as_limesurvey_names_them_in_french(heading, timing):
    assert is_timing(heading) == timing


def test_the_file_that_google_s_form_gives_joins_options_otherwise_than_its_spreadsheet():
    # Told by its dates, or by its cells once somebody has changed the dates.
    assert layout_of(["Horodateur", "Freins"], ["2026/03/21 1:05:00 PM UTC+1", "Temps"]).joined == ";"
    cells = ["Temps;Argent", "Argent;Envie", "Temps;Envie", "Temps"]
    assert layout_of(["Horodateur", "Freins"], *(["21/03/2026 13:05:00", cell] for cell in cells)).joined == ";"
    assert layout_of(["Horodateur", "Freins"], ["21/03/2026 13:05:00", "Temps, Argent"]).joined == ", "


def test_every_column_is_read_or_the_tool_s_own():
    layout = layout_of([*LIMESURVEY, "Votre structure", ""])
    assert [bool(readings) for readings in layout.readings] == [False] * 4 + [True, False]


def test_what_joins_options_in_a_table_of_no_known_tool_is_seen_in_its_cells():
    cells = ["Temps;Argent", "Argent;Envie", "Temps;Envie", "Temps"]
    assert layout_of(["Freins"], *([cell] for cell in cells)).joined == ";"
    assert layout_of(["Remarques"], ["un; deux"], ["trois; quatre"]).joined == ""


def test_an_empty_table_is_recognised_as_nothing():
    layout = layout_of([])
    assert (layout.tool.id, layout.readings) == ("autre", ())


def test_dates_are_iso_or_french():
    texts = [
        *("2026-03-02 10:20:30", "02/03/2026 10:20", "2/3/2026", "2026-03-02T10:20:30.123+01:00"),
        *("1980-01-01 00:00:00", "", "hier", "2026-13-45", "9999999-1-1"),
    ]
    written = pd.Series(texts, index=list("abcdefghi"))
    dates = parse_dates(written)
    expected = [
        *("2026-03-02 10:20:30", "2026-03-02 10:20:00", "2026-03-02", "2026-03-02 10:20:30", None),
        *(None, None, None, None),
    ]
    known = pd.to_datetime(pd.Series(expected, index=written.index), format="ISO8601")
    pd.testing.assert_series_equal(dates, known.astype("datetime64[s]"))


def test_the_month_comes_first_where_nothing_else_is_possible():
    dates = parse_dates(pd.Series(["3/2/2026 1:05 PM", "3/25/2026 12:00 AM"]))
    assert dates.tolist() == [pd.Timestamp("2026-03-02 13:05"), pd.Timestamp("2026-03-25 00:00")]
    assert parse_dates(pd.Series([], dtype="str")).empty
