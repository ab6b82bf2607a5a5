"""What is read from a stamp: whether answers are simulated, the day, one line, what several have in common."""

from datetime import datetime

import pytest

from lib.display.stamp import in_common, is_simulated, made_on, one_line


@pytest.mark.parametrize("date", ["22 novembre 2026", "2026-11-22", "22 novembre 2026 à 14 h 05"])
def test_the_date_of_a_file_is_that_of_its_stamp(date):
    assert made_on({"Date": date}) == datetime(2026, 11, 22)
    assert made_on({"Date": "1er août 2027"}) == datetime(2027, 8, 1)
    assert made_on({}) == made_on({"Date": "hier"}) == datetime(2000, 1, 1)


def test_only_the_mark_says_that_answers_are_simulated():
    assert is_simulated({"Mention": "Données simulées"})
    assert not is_simulated({"Mention": "Réponses à l’enquête"})
    assert not is_simulated({"Édition": "Données simulées"})


def test_a_stamp_on_one_line_leaves_out_what_is_empty():
    assert one_line({"Mention": "", "Édition": "2026", "Unité": "territoires"}) == (
        "Édition\u202f: 2026 · Unité\u202f: territoires"
    )


def test_what_one_stamp_contradicts_is_not_in_common():
    first = {"Édition": "2026", "Unité": "territoires", "Base": "12"}
    assert in_common([first, {"Édition": "2026", "Unité": "répondants"}], "selon l’écran") == {
        "Édition": "2026", "Unité": "selon l’écran", "Base": "12",
    }  # fmt: skip
    assert in_common([first], "x") == first
    assert in_common([], "x") == {}
