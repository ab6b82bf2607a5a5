"""Tests of independence against published examples, full enumerations, and a second implementation of Rao–Scott."""

from itertools import permutations, product

import numpy as np
import pytest
from scipy.stats import chi2, chi2_contingency, f, norm

from lib.analysis import independence

# The lady tasting tea: of four cups with milk first, three called right; the same for the four others.
TEA = [[3, 1], [1, 3]]
NAN = float("nan")

# F, its degrees of freedom and p, by the package svy 0.35.0 (svylab.com): `tabulate` on the answers of the test below.
SVY = (1.729224476869677, 3.97712271407014, 294.3070808411904, 0.14385628433456676)


def given(table):
    """Return the row and column codes of as many units as a table of counts holds."""
    cells = [(row, column) for row, line in enumerate(table) for column, count in enumerate(line) for _ in range(count)]
    return np.array(cells).T


def one_hot(codes):
    return codes[:, None] == np.arange(codes.max() + 1)


def exchanges(clusters):
    """Yield every way to hand the blocks over between clusters of one size, as places of units."""
    clusters = np.array(clusters)
    blocks = [np.flatnonzero(clusters == code) for code in dict.fromkeys(clusters.tolist())]
    by_size = {}
    for block in blocks:
        by_size.setdefault(len(block), []).append(block)
    for dealt in product(*(permutations(own) for own in by_size.values())):
        places = np.empty(len(clusters), dtype=int)
        for own, received in zip(by_size.values(), dealt, strict=True):
            for block, other in zip(own, received, strict=True):
                places[block] = other
        yield places


def test_fisher_finds_the_tea_of_1935():
    # (16 + 1 + 16 + 1) / 70.
    assert independence.fisher(TEA) == pytest.approx(0.4857, abs=5e-5)
    assert independence.fisher([[4, 0], [0, 4]]) == pytest.approx(2 / 70)
    assert independence.fisher([[0, 0], [2, 3]]) == 1


def test_benjamini_and_hochberg_reject_four_of_their_fifteen():
    # Benjamini and Hochberg (1995), section 4.
    published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719]
    adjusted = independence.benjamini_hochberg([*published, 0.6528, 0.7590, 1.0])
    assert (adjusted <= 0.05).tolist() == [True] * 4 + [False] * 11
    assert adjusted[3] == pytest.approx(0.0095 * 15 / 4)


def test_a_missing_p_value_is_no_test():
    adjusted = independence.benjamini_hochberg([[0.03, NAN], [0.04, NAN]])
    assert adjusted[:, 0].tolist() == pytest.approx([0.04, 0.04])
    assert np.isnan(adjusted[:, 1]).all()
    assert np.isnan(independence.benjamini_hochberg([NAN])).all()


def test_without_clusters_a_permutation_finds_the_exact_probability():
    rows, columns = given(TEA)
    p, draws = independence.permutation(rows, columns, np.arange(8))
    assert draws == 1999
    # Three standard deviations of 1,999 draws.
    assert p == pytest.approx(34 / 70, abs=0.034)
    assert independence.permutation(rows, columns, np.arange(8)) == (p, draws)


def test_respondents_of_a_territory_are_never_parted():
    # Four territories of two respondents who agree: of the 24 exchanges, 4 give this table and 4 its reverse. Taken
    # one by one, the eight respondents would give 2 / 70.
    rows, columns = given([[4, 0], [0, 4]])
    p, _ = independence.permutation(rows, columns, [0, 0, 1, 1, 2, 2, 3, 3])
    assert p == pytest.approx(1 / 3, abs=0.032)
    assert independence.permutation(rows, columns, np.arange(8))[0] == pytest.approx(2 / 70, abs=0.012)


def test_a_territory_alone_of_its_size_keeps_its_answers():
    p, draws = independence.permutation([0, 1, 1], [0, 1, 1], ["a", "b", "b"])
    assert (p, draws) == (1, 1999)


def test_a_single_option_or_nobody_is_no_test():
    assert np.isnan(independence.permutation([0, 0], [0, 1], [0, 1])[0])
    assert np.isnan(independence.permutation([], [], [])[0])


def test_many_answers_make_fewer_draws():
    assert [independence.draws_for(n) for n in (0, 420, 4_000, 20_000)] == [1999, 1999, 1000, 200]


def test_a_cell_is_set_against_every_exchange():
    # Four territories of one respondent, three of two, two of three.
    clusters = [0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 7, 7, 8, 8, 8]
    first, second = [1, 1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1], [0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 0]
    third, fourth = [1, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1], [0, 0, 1, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 1]
    rows, columns = (np.array(sides, dtype=bool).T for sides in ((first, second), (third, fourth)))
    counts = np.array([rows.T.astype(int) @ columns[places] for places in exchanges(clusters)])
    assert len(counts) == 24 * 6 * 2
    away = rows.T.astype(int) @ columns - counts.mean(axis=0)
    expected = np.sign(away) * np.maximum(np.abs(away) - 0.5, 0) / counts.std(axis=0)
    z, p = independence.cell_tests(rows, columns, clusters)
    assert z == pytest.approx(expected)
    assert p == pytest.approx(2 * norm.sf(np.abs(expected)))


def test_the_cells_of_the_tea_by_hand():
    rows, columns = (one_hot(side) for side in given(TEA))
    z, _ = independence.cell_tests(rows, columns, np.arange(8))
    # Hypergeometric: mean 2, variance 4 · ½ · ½ · 4 / 7; half a unit of correction.
    assert z.ravel() == pytest.approx(np.array([1, -1, -1, 1]) * 0.5 / np.sqrt(4 / 7))


def test_a_cell_that_cannot_vary_has_no_test():
    rows, columns = np.ones((3, 1), dtype=bool), np.eye(3, dtype=bool)
    assert np.isnan(independence.cell_tests(rows, columns, np.arange(3))[0]).all()
    assert np.isnan(independence.option_tests(rows, columns, np.arange(3))).all()


def test_an_option_alone_is_pearson_s_test_up_to_n_minus_one():
    table = [[10, 5, 3], [2, 8, 9]]
    rows, columns = (one_hot(side) for side in given(table))
    pearson = chi2_contingency(table, correction=False)

    expected = chi2.sf(pearson.statistic * 36 / 37, 2)
    assert independence.option_tests(rows, columns, np.arange(37)) == pytest.approx([expected, expected])


def test_rao_scott_of_equal_weights_by_hand():
    rows, columns = (one_hot(side) for side in given(TEA))
    statistic, first, second, p = independence.rao_scott(rows, columns, np.ones(8))
    # p11 − p1·p1 = 1/8; influences 1/8 (six cups) and −3/8 (two): variance (24/64) / 64 · 8/7, and F = 7/3.
    assert (statistic, first, second) == pytest.approx((7 / 3, 1, 7))
    assert p == pytest.approx(f.sf(7 / 3, 1, 7))
    z, _ = independence.weighted_cell_tests(rows, columns, np.ones(8))
    assert z.ravel() == pytest.approx(np.array([1, -1, -1, 1]) * np.sqrt(7 / 3))


def test_rao_scott_of_equal_weights_has_pearson_s_degrees_of_freedom():
    rows, columns = (one_hot(side) for side in given([[2, 4, 6], [4, 8, 12]]))
    statistic, first, second, p = independence.rao_scott(rows, columns, np.full(36, 2.5))
    assert (statistic, first, second) == pytest.approx((0, 2, 70))
    assert p == pytest.approx(1)


def second_implementation(rows, columns, weights, *, observed_shares=False):
    """Return F, its degrees of freedom and p as Sribney (1998) writes them: contrasts of a log-linear model.

    The design effects are those at the shares expected under independence, or at those observed.
    """
    n, share = len(rows), weights / weights.sum()
    cells = (rows[:, :, None] & columns[:, None, :]).reshape(n, -1).astype(float)
    observed = share @ cells
    deviations = share[:, None] * (cells - observed)
    variance = n / (n - 1) * deviations.T @ deviations
    margins = np.outer(share @ rows, share @ columns).ravel()
    at = observed if observed_shares else margins
    simple = (np.diag(at) - np.outer(at, at)) / n
    height, width = rows.shape[1], columns.shape[1]
    by_row, by_column = np.repeat(np.eye(height)[:, 1:], width, axis=0), np.tile(np.eye(width)[:, 1:], (height, 1))
    main = np.hstack([by_row, by_column])
    both = np.array([np.outer(one, other).ravel() for one, other in zip(by_row, by_column, strict=True)])
    contrast = both - main @ np.linalg.solve(main.T @ simple @ main, main.T @ simple @ both)
    effects = np.linalg.solve(contrast.T @ simple @ contrast, contrast.T @ variance @ contrast)
    pearson = n * ((observed - margins) ** 2 / margins).sum()
    freedom = np.trace(effects) ** 2 / np.trace(effects @ effects)
    statistic = pearson / np.trace(effects)
    return statistic, freedom, freedom * (n - 1), f.sf(statistic, freedom, freedom * (n - 1))


def test_the_second_implementation_is_that_of_a_survey_package():
    rows, columns = (one_hot(side) for side in given([[12, 7, 5], [6, 11, 9], [4, 8, 13]]))
    weights = 0.5 + np.arange(75) % 7 / 2
    found = second_implementation(rows, columns, weights, observed_shares=True)
    assert found == pytest.approx(SVY, rel=1e-9)
    # Ours is at expected shares: the same test, to the first order.
    assert independence.rao_scott(rows, columns, weights)[3] == pytest.approx(SVY[3], abs=0.02)


@pytest.mark.parametrize("table", [[[3, 1], [1, 3]], [[9, 4, 0, 7], [2, 8, 5, 1], [6, 6, 6, 3]]])
def test_rao_scott_agrees_with_a_second_implementation(table):
    rows, columns = (one_hot(side) for side in given(table))
    weights = np.random.default_rng(7).uniform(0.3, 4, len(rows))
    expected = second_implementation(rows, columns, weights)
    assert independence.rao_scott(rows, columns, weights) == pytest.approx(expected, rel=1e-9)
    assert independence.rao_scott(rows, columns, 10 * weights) == pytest.approx(expected, rel=1e-9)


def test_rao_scott_needs_two_options_on_each_side():
    rows, columns = (one_hot(side) for side in given([[3, 1]]))
    assert np.isnan(independence.rao_scott(rows, columns, np.ones(4))).all()
