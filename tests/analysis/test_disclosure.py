"""Hidden cells of one table, worked out by hand; the threshold is 3."""

import numpy as np
import pandas as pd
import pytest

from lib.analysis.disclosure import hidden_cells, hide


def table(counts, base):
    """Return the hidden cells of a table, as lists; `base` is one number for every cell, or one for each group."""
    counts = np.array(counts)
    bases = np.broadcast_to(np.array(base).reshape(-1, 1), counts.shape)
    return hidden_cells(counts, bases, 3).tolist()


def test_a_count_under_the_threshold_is_hidden_zero_included():
    # A multiple choice: counts do not add up to the base, so that nothing gives one back.
    assert table([[20, 2, 0, 3]], 30) == [[False, True, True, False]]


def test_a_cell_that_all_but_one_or_two_gave_is_hidden_but_not_one_that_all_gave():
    assert table([[29, 28, 27, 30]], 30) == [[True, True, False, False]]


def test_a_single_hidden_option_takes_the_smallest_of_the_others_with_it():
    # 20 + 8 + 2 = 30: the total would give the 2 back; 8 is hidden too.
    assert table([[20, 8, 2]], 30) == [[False, True, True]]


def test_two_hidden_options_that_add_up_to_less_than_the_threshold_take_a_third():
    assert table([[20, 8, 1, 1]], 30) == [[False, True, True, True]]


def test_two_hidden_options_that_add_up_to_the_threshold_are_enough():
    assert table([[20, 7, 2, 1]], 30) == [[False, False, True, True]]


def test_options_that_nobody_chose_protect_nobody_and_take_nothing_with_them():
    assert table([[20, 10, 0]], 30) == [[False, False, True]]


def test_a_group_hidden_in_an_option_takes_another_group_with_it():
    # The 2 of the first group is the total of the option less the 9 and the 7: the smaller is hidden as well.
    assert table([[2], [9], [7]], [20, 20, 20]) == [[True], [False], [True]]


def test_an_option_hidden_as_a_whole_takes_no_group_with_it():
    assert table([[1], [1], [0]], [20, 20, 20]) == [[True], [True], [True]]


def test_both_margins_are_closed_together():
    # Options add up to the base of each group. The 2 takes the 4 of its group, then the 5 of its option; each of these
    # takes the smallest of its own line.
    hidden = np.array(table([[14, 4, 2], [10, 5, 5], [12, 6, 12]], [20, 20, 30]))
    counts = np.array([[14, 4, 2], [10, 5, 5], [12, 6, 12]])
    for line, own in [*zip(counts, hidden, strict=True), *zip(counts.T, hidden.T, strict=True)]:
        assert not own.any() or (own.sum() > 1 and line[own].sum() >= 3)


def test_rows_of_an_array_are_tables_of_their_own():
    counts = np.array([[[20, 8, 2], [10, 10, 10]]])
    assert hidden_cells(counts, np.full(counts.shape, 30), 3).tolist() == [[[False, True, True], [False] * 3]]


def test_a_threshold_of_zero_hides_nothing():
    assert not hidden_cells([[0, 1, 29]], [[30, 30, 30]], 0).any()


@pytest.mark.parametrize("shape", [(0, 3), (1, 0), (2, 0, 3)])
def test_an_empty_table_hides_nothing(shape):
    assert hidden_cells(np.zeros(shape, int), np.zeros(shape, int), 3).shape == shape


def test_the_hidden_cells_of_random_tables_cannot_be_told_from_their_totals():
    random = np.random.default_rng(3)
    for _ in range(300):
        counts = random.integers(0, 9, size=(random.integers(1, 6), random.integers(2, 6)))
        bases = np.broadcast_to(counts.sum(axis=1, keepdims=True), counts.shape)
        hidden = hidden_cells(counts, bases, 3)
        assert (hidden | (counts >= 3)).all()
        lines = [*zip(counts, hidden, strict=True)]
        if len(counts) > 1:
            lines += [pair for pair in zip(counts.T, hidden.T, strict=True) if pair[0].sum() >= 3]
        for line, own in lines:
            positive = line[own & (line > 0)]
            assert not len(positive) or own.all() or (len(positive) > 1 and positive.sum() >= 3)


def test_a_hidden_row_keeps_its_label_and_base_only():
    figures = pd.DataFrame(
        {"label": ["a", "b"], "count": [20, 2], "base": 30, "share": [2 / 3, 1 / 15], "low": 0.1, "high": 0.9}
    )
    found = hide(figures, [False, True])
    assert list(found.columns) == ["label", "count", "base", "share", "low", "high", "hidden"]
    assert found.loc[0, "count"] == 20
    assert found.loc[1, ["count", "share", "low", "high"]].isna().all()
    assert found.loc[1, ["label", "base", "hidden"]].tolist() == ["b", 30, True]
