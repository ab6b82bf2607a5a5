import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from lib.analysis.raking import LostStratumError, collapse, effective_n, margins_gap, rake, trim
from lib.survey.edition import Edition, load_edition
from lib.territory.reference import load_reference

# A public barometer of French local authorities, as published: stratum, population, respondents, then answers
# oui, prevu_12_mois, ne_sait_pas, non, sans_reponse. Its « total pondéré » was computed without the first stratum.
BAROMETER = [
    ("Communes de moins de 3 500 hab.", 31762, 9, (3, 4, 1, 0, 1)),
    ("Communes de 3 500 à 10 000 hab.", 2160, 6, (1, 4, 1, 0, 0)),
    ("Communes de 10 000 à 100 000 hab.", 981, 10, (6, 1, 1, 2, 0)),
    ("Communes de plus de 100 000 hab.", 42, 5, (4, 0, 0, 1, 0)),
    ("EPCI hors métropole", 1233, 33, (24, 4, 3, 2, 0)),
    ("Métropole", 21, 18, (16, 1, 1, 0, 0)),
    ("Département", 101, 25, (15, 3, 6, 0, 1)),
    ("Région", 18, 10, (9, 0, 1, 0, 0)),
]
BAROMETER_ANSWERS = ("oui", "prevu_12_mois", "ne_sait_pas", "non", "sans_reponse")


def barometer(strata: list[tuple]) -> tuple[pd.DataFrame, pd.Series]:
    """Return one row per respondent (stratum, answer), and the population of each stratum."""
    rows = [
        (stratum, answer)
        for stratum, _, _, counts in strata
        for answer, count in zip(BAROMETER_ANSWERS, counts, strict=True)
        for _ in range(count)
    ]
    population = pd.Series({stratum: number for stratum, number, *_ in strata})
    return pd.DataFrame(rows, columns=["stratum", "answer"]), population


def exponential_calibration(units: pd.DataFrame, margins: dict[str, pd.Series]) -> np.ndarray:
    """Return the weights exp(Xλ) that minimise the dual of exponential calibration: another road to raking."""
    indicators, targets = [], []
    for column, population in margins.items():
        # The first stratum of each margin but one follows from the total.
        for stratum in population.index[1 if indicators else 0 :]:
            indicators.append((units[column] == stratum).to_numpy(dtype=float))
            targets.append(population[stratum] / population.sum() * len(units))
    x, target = np.array(indicators).T, np.array(targets)
    found = minimize(
        lambda multipliers: np.exp(x @ multipliers).sum() - target @ multipliers,
        np.zeros(len(target)),
        jac=lambda multipliers: x.T @ np.exp(x @ multipliers) - target,
        hess=lambda multipliers: (x.T * np.exp(x @ multipliers)) @ x,
        method="trust-exact",
        options={"gtol": 1e-10},
    )
    return np.exp(x @ found.x)


def test_one_margin_is_its_population_over_its_respondents() -> None:
    # 3 and 1 units for 50 and 150 territories: 1/4 and 3/4 of the weight, over 3/4 and 1/4 of the units.
    units = pd.DataFrame({"taille": ["a", "a", "a", "b"]}, index=list("wxyz"))
    weights = rake(units, {"taille": pd.Series({"a": 50, "b": 150})})
    assert weights.to_dict() == pytest.approx({"w": 1 / 3, "x": 1 / 3, "y": 1 / 3, "z": 3})


def test_two_margins_met_by_hand() -> None:
    # Cells 1, 1, 1, 1 with margins ½ ½ and ¾ ¼: the product of the margins.
    units = pd.DataFrame({"taille": list("aabb"), "departement": list("xyxy")})
    margins = {"taille": pd.Series({"a": 10, "b": 10}), "departement": pd.Series({"x": 15, "y": 5})}
    assert rake(units, margins).tolist() == pytest.approx([1.5, 0.5, 1.5, 0.5])


def test_raking_keeps_the_odds_ratio_of_the_cells() -> None:
    # What defines raking among all weights that meet the margins: cells 60, 1, 1, 60 keep 3,600.
    units = pd.DataFrame(
        [("a", "x")] * 60 + [("a", "y"), ("b", "x")] + [("b", "y")] * 60, columns=["taille", "departement"]
    )
    margins = {"taille": pd.Series({"a": 90, "b": 10}), "departement": pd.Series({"x": 20, "y": 80})}
    weights = rake(units, margins)
    assert margins_gap(units, weights, margins) < 1e-12
    (ax, ay), (bx, by) = weights.groupby([units["taille"], units["departement"]]).sum().unstack().to_numpy()
    assert ax * by / (ay * bx) == pytest.approx(3600)


@pytest.fixture(scope="module")
def shipped() -> Edition:
    return load_edition()


@pytest.mark.shipped_region
@pytest.mark.parametrize("level", ["commune", "epci"])
def test_raking_agrees_with_exponential_calibration_on_the_shipped_edition(shipped: Edition, level: str) -> None:
    territories = load_reference(shipped.millesime)
    population = territories[territories["type"] == level]
    # Creuse, from which no EPCI may have answered, counts with a neighbour: the margins only have to be full.
    population = population.assign(departement=population["departement"].replace({"23": "19"}))
    units = population.loc[population.index.isin(shipped.respondents["territory"]), ["taille", "departement"]]
    margins = {column: population[column].value_counts() for column in units}
    weights = rake(units, margins)
    np.testing.assert_allclose(weights, exponential_calibration(units, margins), rtol=0, atol=1e-6)
    assert margins_gap(units, weights, margins) < 1e-10
    assert weights.mean() == pytest.approx(1)


def test_a_stratum_on_one_side_only_is_an_error() -> None:
    units = pd.DataFrame({"taille": ["a", "b"]})
    with pytest.raises(LostStratumError, match="c"):
        rake(units, {"taille": pd.Series({"a": 1, "b": 1, "c": 1})})
    with pytest.raises(LostStratumError, match="b"):
        rake(units, {"taille": pd.Series({"a": 1})})


def test_margins_that_the_empty_cells_contradict_are_an_error() -> None:
    # Every a is an x, every b a y: 30 % of a and 60 % of x cannot both be.
    units = pd.DataFrame({"taille": ["a", "b"], "departement": ["x", "y"]})
    margins = {"taille": pd.Series({"a": 30, "b": 70}), "departement": pd.Series({"x": 60, "y": 40})}
    with pytest.raises(ArithmeticError, match="not met"):
        rake(units, margins)


def test_the_barometer_without_its_largest_stratum_gives_what_was_published() -> None:
    units, population = barometer(BAROMETER[1:])
    weights = rake(units[["stratum"]], {"stratum": population})
    shares = weights.groupby(units["answer"]).sum()[list(BAROMETER_ANSWERS)] / weights.sum()
    assert (len(units), population.sum()) == (107, 4556)
    assert (100 * shares).round().tolist() == [43, 37, 13, 6, 0]
    assert round(effective_n(weights), 1) == 22.5


def test_the_barometer_with_all_its_strata() -> None:
    units, population = barometer(BAROMETER)
    weights = rake(units[["stratum"]], {"stratum": population})
    shares = weights.groupby(units["answer"]).sum()[list(BAROMETER_ANSWERS)] / weights.sum()
    assert (100 * shares).round(1).tolist() == [34.6, 43.6, 11.4, 0.8, 9.7]
    assert round(effective_n(weights), 1) == 11.7


def test_effective_n_by_hand() -> None:
    assert effective_n(pd.Series([1.0, 1.0, 1.0])) == 3
    assert effective_n(pd.Series([1.0, 3.0])) == 16 / 10
    assert effective_n(pd.Series([], dtype=float)) == 0


def test_trimming_keeps_the_mean_and_the_proportions_of_the_others() -> None:
    # Nineteen 1 and one 11, mean 1.5: the last is at 7.3 times the mean; cut to 5, 15 is left to the nineteen.
    trimmed = trim(pd.Series([1.0] * 19 + [11.0]))
    assert trimmed.tolist() == pytest.approx([15 / 19] * 19 + [5])


def test_trimming_goes_on_when_what_was_cut_lifts_another_above_the_ceiling() -> None:
    # Mean 1: 38 is cut to 5, the others are multiplied by 95/62, which lifts 4.9 above 5.
    weights = pd.Series([38.0, 4.9] + [57.1 / 98] * 98)
    trimmed = trim(weights)
    assert trimmed[:2].tolist() == [5, 5]
    assert trimmed[2:].tolist() == pytest.approx([90 / 98] * 98)


def test_trimming_leaves_small_weights_alone() -> None:
    assert trim(pd.Series([0.5, 1.5])).tolist() == [0.5, 1.5]


def test_the_margins_gap_counts_a_lost_stratum() -> None:
    units = pd.DataFrame({"taille": ["a", "b"]})
    population = pd.Series({"a": 40, "b": 40, "c": 20})
    assert margins_gap(units, pd.Series([1.0, 1.0]), {"taille": population}) == pytest.approx(0.2)


LINE = {"a": ["b"], "b": ["a", "c"], "c": ["b", "d"], "d": ["c", "e"], "e": ["d"]}


@pytest.mark.parametrize(
    ("respondents", "expected"),
    [
        # Five each: nothing to do.
        ([5, 5, 5, 5, 5], ["a", "b", "c", "d", "e"]),
        # b goes to the neighbour with the fewest respondents.
        ([9, 4, 7, 9, 9], ["a", "bc", "d", "e"]),
        # Among equals, the first.
        ([7, 4, 7, 9, 9], ["ab", "c", "d", "e"]),
        # An empty stratum goes first; together a and b are still too few.
        ([0, 4, 6, 9, 9], ["abc", "d", "e"]),
        # Three strata at most together: a, b and c keep their four respondents.
        ([1, 2, 1, 9, 9], ["abc", "d", "e"]),
        ([0, 0, 0, 9, 9], ["abc", "d", "e"]),
    ],
)
def test_small_strata_join_their_smallest_neighbour(respondents: list[int], expected: list[str]) -> None:
    strata, joined = collapse(pd.Series(respondents, index=list("abcde")), LINE)
    assert ["".join(stratum) for stratum in strata] == expected
    assert len(joined) == 5 - len(expected)


def test_two_strata_at_least_are_left() -> None:
    strata, _ = collapse(pd.Series({"a": 1, "b": 1, "c": 1}), LINE)
    assert strata == [("a", "b"), ("c",)]
    strata, joined = collapse(pd.Series({"a": 40, "b": 0}), LINE)
    assert (strata, joined) == ([("a",), ("b",)], [])


def test_strata_that_do_not_touch_are_never_joined() -> None:
    strata, joined = collapse(pd.Series({"a": 1, "c": 9, "e": 9}), LINE)
    assert (len(strata), joined) == (3, [])
