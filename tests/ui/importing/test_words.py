"""Texts of a file shown as they are, dates in French words."""

from datetime import UTC, date, datetime

import pandas as pd

from lib.display.formats import day, plain
from lib.ui.importing.words import shortened

JOIN = "\u2060"


def test_an_ordinary_heading_is_left_as_it_is():
    for heading in (
        "Quels freins\u202f? [Temps, calendrier (agenda)]",
        "Niveau - de 0 à 1",
        "École d’aujourd’hui\u202f: oui",
    ):
        assert plain(heading) == heading


def test_a_text_is_one_line_and_keeps_the_spaces_of_french():
    assert plain("a\r\n\tb\u202f: c\u00a0d") == "a b\u202f: c\u00a0d"


def test_a_long_text_keeps_its_beginning_and_its_end():
    assert shortened("court") == "court"
    long = "a" * 60 + "b" * 60
    told = shortened(long, 31)
    assert len(told) == 31
    assert told == "a" * 20 + "…" + "b" * 10


def test_a_day_is_written_in_french():
    assert day(date(2026, 11, 22)) == "22 novembre 2026"
    assert day(date(2026, 5, 1)) == "1er mai 2026"
    assert day("2026-08-02T07:05:00") == "2 août 2026 à 7 h 05"
    assert day(None) == day(pd.NaT) == "–"


def test_a_moment_is_told_on_the_clock_of_the_server():
    moment = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
    local = moment.astimezone()
    told = f"{local.day} mars 2026 à {local.hour} h {local.minute:02d}"
    assert day(moment) == told
    assert day(pd.Timestamp(moment)) == told
