"""Headings taken apart, and the forms under which they are compared."""

import pytest

from lib.survey.normalisation import closest, normalise, squeeze
from lib.survey.reading.headings import (
    bracket_readings,
    code_and_text,
    code_readings,
    path_readings,
    shortened,
    spaced,
    split_heading,
    unranked,
)


@pytest.mark.parametrize(
    "typed",
    [
        "Quels  freins\u00a0? ",
        "quels freins\u202f?",
        "QUELS FREINS\u2009?",
        "Quels fre\u00adins\u200b ?",
        "\ufeffQuels freins ?",
    ],
)
def test_spaces_case_and_invisible_characters_do_not_count(typed):
    assert normalise(typed) == "quels freins ?"


def test_apostrophes_are_one_and_accents_composed_but_kept():
    assert normalise("L’E\u0301cole") == normalise("l'École") == "l'école"
    assert normalise("École") != normalise("Ecole")


def test_letters_and_digits_alone_are_compared_last():
    assert squeeze("mise-en-relation") == squeeze("Mise en_RELATION") == "miseenrelation"
    assert squeeze("Élu·e") == "elue"
    assert squeeze(" — ? ") == ""


def test_the_closest_wordings_come_first_with_their_likeness():
    found = closest("Manque de tems", ["Manque de temps", "Financement", "temps, manque de"], 2)
    assert [place for place, _ in found] == [0, 2]
    # One letter of fifteen is missing: 2 × 14 / (14 + 15).
    assert found[0][1] == pytest.approx(28 / 29, abs=0.001)
    assert closest("Élu", ["élu"]) == [(0, 1.0)]
    assert closest("x", []) == []


def test_the_option_is_the_last_group_of_brackets():
    assert split_heading("Texte") == [("texte",)]
    assert split_heading("A [b] c  [D]") == [("a [b] c [d]",), ("a [b] c", "d")]
    assert split_heading("A [b][C][D]") == [("a [b][c][d]",), ("a [b][c]", "d"), ("a [b]", "c", "d")]
    assert split_heading("A [x [y] z]") == [("a [x [y] z]",), ("a", "x [y] z")]
    assert split_heading("A] [b") == [("a] [b",)]
    assert split_heading("A b]") == [("a b]",)]


def test_groups_that_touch_are_a_row_and_a_column():
    assert bracket_readings("Actions [Fibre][Bilan]")[0] == ("actions", "fibre", "bilan")
    assert bracket_readings("Niveau [de 0 à 1] [Fibre]")[0] == ("niveau [de 0 à 1]", "fibre")
    assert bracket_readings("Nom") == (("nom",),)


@pytest.mark.parametrize(
    ("heading", "first"),
    [
        ("Q1", ("q1",)),
        ("Q1[SQ001]", ("q1", "sq001")),
        ("Q1[SQ001_SQ002]", ("q1", "sq001", "sq002")),
        ("Q1[SQ001comment]", ("q1", "sq001", "comment")),
        ("Q1[comment]", ("q1", "comment")),
        ("Q1[2]", ("q1", "2")),
    ],
)
def test_codes_are_taken_apart(heading, first):
    assert code_readings(heading)[0] == first


def test_codes_joined_by_underscores_are_read_in_each_way():
    assert ("q1", "sq001", "sq002") in code_readings("Q1_SQ001_SQ002")
    assert code_readings("Q1_SQ001")[0] == ("q1_sq001",)
    assert code_readings("Deux mots") == ()


def test_codes_joined_by_slashes_or_dots_are_read_alike():
    assert code_readings("freins/ne-sait-pas") == (("freins/ne-sait-pas",), ("freins", "ne-sait-pas"))
    assert code_readings("freins.cout") == (("freins.cout",), ("freins", "cout"))
    assert ("actions", "ecole", "bilan") in code_readings("actions/ecole/bilan")
    assert code_readings("Freins, temps") == ()


def test_the_rank_that_a_program_adds_to_a_heading_met_again_is_taken_off():
    headings = ("Freins [Autre]", "Freins [Autre].1", "Si oui ?", "Si oui ?.12", "Q1", "Q1.1", "Alors ?.1")
    met_again = ("Freins [Autre]", "Freins [Autre]", "Si oui ?", "Si oui ?", "Q1", "Q1.1", "Alors ?.1")
    assert unranked(headings) == met_again


def test_code_separator_and_text():
    assert code_and_text("Q1[SQ001]._.Texte [Option]") == ("Q1[SQ001]", "._.", "Texte [Option]")
    assert code_and_text("Q1. « Texte »") == ("Q1", ". ", "« Texte »")
    assert code_and_text("Q1") is None


def test_a_shortened_heading_begins_as_its_question():
    assert shortened("Quels freins re.. [temps]") == ("quels freins re", ("temps",))
    assert shortened("Actions menées,.. [Fibre][Bilan, état .. ]") == ("actions menées,", ("fibre", "bilan, état .."))
    # The bracket of an option may be cut off.
    assert shortened("Quels freins re.. [Coût [trop élev.. ]") == ("quels freins re", ("coût [trop élev..",))
    assert shortened("Votre structure") is None
    assert shortened("Une question entière qui se termine par deux points..") is None


def test_a_path_is_read_with_and_without_its_groups():
    known = {"avis/freins", "avis/freins/temps"}
    assert path_readings("avis/freins/temps", known)[0] == ("freins", "temps")
    assert path_readings("avis/freins", known)[0] == ("freins",)
    assert ("freins", "other") in path_readings("avis/freins_other", known)
    # A label may hold a slash of its own.
    assert ("votre structure", "pays/petr") in path_readings("Votre structure/Pays/PETR", {"votre structure"})


def test_underscores_are_spaces_where_the_tool_s_own_names_say_so():
    names = ["id", "dernière page"]
    assert spaced(("id", "Dernière_page", "Quels_freins_[a_b]"), names) == ("id", "Dernière page", "Quels freins [a_b]")
    assert spaced(("id", "Q1_SQ001"), names) == ("id", "Q1_SQ001")
    assert spaced(("id", "Dernière_page", "Une question"), names) == ("id", "Dernière_page", "Une question")
