"""Sentences: each expected one is written by hand from the row it says."""

import pandas as pd
import pytest

from lib.display.sentences import answer, base_words, left_out, masked_out, share_words

NARROW = "\u202f"


def row(count, base, low=float("nan"), high=float("nan")):
    share = count / base if base else float("nan")
    return pd.Series({"label": "Non", "count": count, "base": base, "share": share, "low": low, "high": high})


def test_a_share_is_said_with_its_count_its_base_and_its_margin():
    assert share_words(row(126, 420, 0.26, 0.34)) == (
        f"30{NARROW}% des répondants (126 sur 420{NARROW}; marge indicative de 26{NARROW}% à 34{NARROW}%)"
    )
    assert share_words(row(5, 10, 0.24, 0.76), "territories").startswith(f"50{NARROW}% des territoires (5 sur 10")


def test_from_a_thousand_answers_a_share_has_a_decimal():
    said = share_words(row(1500, 4293, 0.335, 0.364))
    assert said.startswith(f"34,9{NARROW}% des répondants (1{NARROW}500 sur 4{NARROW}293")
    assert f"de 33,5{NARROW}% à 36,4{NARROW}%" in said


def test_under_ten_answers_the_share_is_not_said():
    assert share_words(row(4, 9, 0.2, 0.7)) == "4 répondants sur 9"
    assert share_words(row(0, 9), "territories") == "0 territoire sur 9"
    assert "%" not in share_words(row(9, 9))


def test_one_and_two_are_said_alike():
    one, two = share_words(row(1, 7)), share_words(row(2, 7))
    assert one == two == f"moins de{NARROW}3 répondants sur 7"
    assert share_words(row(1, 2)) == f"moins de{NARROW}3 répondants sur moins de{NARROW}3"


def test_nobody_asked_is_said_in_a_word():
    assert share_words(row(0, 0)) == "aucun répondant"
    assert share_words(row(0, 0), "territories") == "aucun territoire"


@pytest.mark.parametrize(
    ("bases", "said"),
    [
        ([420, 420], f"base{NARROW}: 420 répondants"),
        ([1398], f"base{NARROW}: 1{NARROW}398 répondants"),
        ([310, 398, 350], f"bases{NARROW}: de 310 à 398 répondants"),
        ([1, 12, 398], f"bases{NARROW}: de 12 à 398 répondants"),
        ([2, 398], f"base{NARROW}: 398 répondants"),
        ([9, 1], "base inférieure à 10 répondants"),
        ([0], f"base{NARROW}: aucun répondant"),
        ([], f"base{NARROW}: aucun répondant"),
    ],
)
def test_bases_are_said_together(bases, said):
    assert base_words(pd.Series(bases, dtype=float)) == said


def test_bases_are_said_in_the_unit_of_the_figure():
    assert base_words(pd.Series([156]), "territories") == f"base{NARROW}: 156 territoires"
    assert base_words(pd.Series([float("nan"), 12]), "territories") == f"base{NARROW}: 12 territoires"


def test_rows_left_out_are_named_once_each():
    assert left_out(pd.Series([], dtype=str)) == ""
    assert left_out(pd.Series(["Pays/PETR", "Autre", "Pays/PETR"])) == (
        f"Non représenté, base inférieure à 10{NARROW}: Pays/PETR et Autre."
    )


def test_rows_hidden_are_named_with_the_reason():
    assert masked_out(pd.Series([], dtype=str)) == ""
    assert masked_out(pd.Series(["Santé", "Culture", "Santé"])) == (
        f"Masqué (moins de 3 réponses, ou une valeur qui permettrait de les déduire){NARROW}: Santé et Culture."
    )


def test_a_label_that_ends_with_an_abbreviation_ends_the_sentence():
    few = pd.Series(["EPCI", f"Communes de moins de 1{NARROW}000 hab."])
    assert left_out(few).endswith(f"EPCI et Communes de moins de 1{NARROW}000 hab.")
    assert masked_out(few).endswith(f"EPCI et Communes de moins de 1{NARROW}000 hab.")


def test_a_hidden_share_is_said_hidden_and_why():
    hidden = pd.concat([row(float("nan"), 41), pd.Series({"hidden": True})])
    why = "moins de 3 réponses, ou une valeur qui permettrait de les déduire"
    said = f"un nombre masqué de répondants (n{NARROW}<{NARROW}3{NARROW}: {why})"
    assert share_words(hidden) == said
    assert answer(hidden, "respondents", "citent la santé") == f"U{said[1:]} citent la santé."


def test_a_weighted_share_gives_its_raw_counts_and_says_that_it_is_weighted():
    weighted = pd.concat([row(126, 420, 0.2, 0.4), pd.Series({"effective_n": 300.0})])
    assert f"(126 sur 420, part pondérée{NARROW}; marge" in share_words(weighted, "territories")
    raw = pd.concat([row(126, 420, 0.2, 0.4), pd.Series({"effective_n": float("nan")})])
    assert "pondérée" not in share_words(raw, "territories")
