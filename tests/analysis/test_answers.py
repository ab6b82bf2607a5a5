import numpy as np
import pytest

from lib.analysis.answers import read_answers, read_ranks, territory_codes
from tests import world


def bases(question: str) -> dict[str, list[str]]:
    """Return, by row, who is in the base."""
    edition = world.edition()
    answers = read_answers(edition, edition.codebook[question])
    return {
        row: edition.respondents.index[answers.counted[:, place]].tolist() for place, row in enumerate(answers.rows)
    }


def test_a_multiple_question_counts_who_ticked_something() -> None:
    # r04 and r08 left it blank, r09 and r10 were not asked; « aucun » and « ne sait pas » are answers.
    assert bases("besoins") == {"": ["r01", "r02", "r03", "r05", "r06", "r07", "r11", "r12"]}


def test_each_row_of_an_array_has_its_base() -> None:
    assert bases("themes") == {
        "inclusion": ["r01", "r02", "r03", "r04", "r06", "r07", "r08", "r09"],
        "sante": ["r01", "r02"],
    }
    assert bases("actions") == {"inclusion": ["r01", "r02", "r03"], "sante": ["r03"]}


def test_a_ranking_reads_as_the_options_placed() -> None:
    edition = world.edition()
    question = edition.codebook["priorites"]
    assert bases("priorites") == {"": ["r01", "r02", "r03"]}
    assert read_answers(edition, question).hits.sum(axis=0).tolist() == [[3, 2, 1, 1]]
    assert read_answers(edition, question, first_only=True).hits.sum(axis=0).tolist() == [[2, 1, 0, 0]]
    np.testing.assert_equal(read_ranks(edition, question)[1], [2, 1, np.nan, 3])


def test_a_free_text_has_no_options() -> None:
    edition = world.edition()
    with pytest.raises(ValueError, match="precisions"):
        read_answers(edition, edition.codebook["precisions"])


def test_unknown_rows_and_options_are_named() -> None:
    edition = world.edition()
    answers = read_answers(edition, edition.codebook["themes"])
    with pytest.raises(KeyError, match="energie"):
        answers.only("energie")
    with pytest.raises(KeyError, match="enormes"):
        answers.any_of(("structurees", "enormes"))


def test_territories_are_numbered_in_order_of_first_answer() -> None:
    codes, territories = territory_codes(world.edition().respondents)
    assert codes.tolist() == [0, 0, 1, 1, 2, 3, 4, 4, 5, 6, 7, -1]
    assert territories[0] == "16001"
    assert territories[-1] == "pays:val-de-sevre"
