"""Shares among those that answered and among those that exist, on `tests.world` and by hand."""

from math import sqrt

import numpy as np
import pandas as pd
import pytest

from lib.analysis.coverage import coverage
from lib.analysis.representation import most_missing, representation, silent, standardised_difference, verdict
from lib.analysis.selection import EVERYBODY, Selection
from tests import world

NAN = float("nan")


def of(by: str, selection: Selection = EVERYBODY) -> pd.DataFrame:
    edition, reference = world.edition(), world.reference()
    return representation(
        coverage(edition, selection, by, reference), coverage(edition, selection, reference=reference)
    )


@pytest.mark.parametrize(
    ("answered", "existing", "difference"),
    [
        # Both shares have a variance of 0.16 or 0.25: the means of 0.16 and 0.24, of 0.25 and 0.25.
        (0.8, 0.6, 0.2 / sqrt(0.2)),
        (0.5, 0.5, 0.0),
        (0.2, 0.8, -0.6 / 0.4),
        (0.0, 0.5, -0.5 / sqrt(0.125)),
        (0.0, 0.0, 0.0),
        (1.0, 1.0, 0.0),
        (NAN, 0.5, NAN),
    ],
)
def test_the_difference_is_in_standard_deviations(answered, existing, difference):
    found = standardised_difference(np.array([answered]), np.array([existing]))
    assert found[0] == pytest.approx(difference, nan_ok=True)


def test_a_difference_of_a_tenth_is_a_phi_of_a_twentieth():
    # Austin (2009): between two groups of the same size, phi = d / √(d² + 4), which is 0.05 for d = 0.1.
    answered, existing = 0.525, 0.475
    (difference,) = standardised_difference(np.array([answered]), np.array([existing]))
    # The phi of the two-by-two table, from its four cells of 1 000 units a group.
    a, b, c, d = 525, 475, 475, 525
    phi = (a * d - b * c) / sqrt((a + b) * (c + d) * (a + c) * (b + d))
    assert round(difference, 2) == 0.1
    assert round(phi, 2) == 0.05
    assert phi == pytest.approx(difference / sqrt(difference**2 + 4))


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (0.0, ""), (0.0999, ""), (-0.0999, ""), (NAN, ""), (0.1, "sur"), (-0.1, "sous"), (0.1999, "sur"),
        (0.2, "tres-sur"), (-0.2, "tres-sous"), (0.3 - 0.2, "sur"), (-1.4, "tres-sous"),
    ],
)  # fmt: skip
def test_a_tenth_is_notable_and_a_fifth_strong(difference, words):
    assert verdict(difference) == words


def test_by_size_within_each_type():
    found = of("taille")
    # Pays have no known number and the unrecognised commune no stratum.
    assert found.index.tolist() == [
        ("commune", "commune-0-999"),
        ("commune", "commune-1000-3499"),
        ("commune", "commune-10000-49999"),
        ("epci", "epci-0-14999"),
        ("epci", "epci-15000-49999"),
        ("departement", "sans-objet"),
    ]
    # Three communes of the three under 1 000 inhabitants answered, one of the two above, not the last one.
    communes = found.loc["commune"]
    assert communes["missing"].tolist() == [0, 1, 1]
    assert communes["answered_share"].tolist() == [3 / 4, 1 / 4, 0]
    assert communes["existing_share"].tolist() == [3 / 6, 2 / 6, 1 / 6]
    assert communes["difference"].tolist() == pytest.approx(
        [
            (1 / 4) / sqrt((3 / 16 + 1 / 4) / 2),
            (-1 / 12) / sqrt((3 / 16 + 2 / 9) / 2),
            (-1 / 6) / sqrt((5 / 36) / 2),
        ]
    )
    assert communes["verdict"].tolist() == ["tres-sur", "sous", "tres-sous"]
    # Both EPCI answered: each is half of those that exist and of those that answered.
    assert found.loc["epci", "difference"].tolist() == [0, 0]
    # One size only: nothing to compare.
    assert found.loc[("departement", "sans-objet"), ["answered_share", "difference", "verdict"]].tolist() == [1, 0, ""]


def test_the_columns_of_coverage_are_kept():
    found = of("taille")
    covered = coverage(world.edition(), EVERYBODY, "taille", world.reference())
    pd.testing.assert_frame_equal(found[covered.columns], covered.loc[found.index])


def test_by_departement_a_territory_on_two_counts_in_each():
    found = of("departement")
    # Both EPCI of the region have communes in the first département, one in the second.
    assert found.loc["epci", "existing_share"].tolist() == [1, 1 / 2]
    assert found.loc["epci", "answered_share"].tolist() == [1, 1 / 2]
    assert found.loc["commune", "answered_share"].tolist() == [3 / 4, 1 / 4]
    assert found.loc["commune", "existing_share"].tolist() == [4 / 6, 2 / 6]
    assert found.loc[("departement", "17"), ["territories", "missing", "verdict"]].tolist() == [0, 1, "tres-sous"]


def test_the_most_missing_come_first():
    found = most_missing(of("taille"))
    assert found.index.tolist() == [("commune", "commune-10000-49999"), ("commune", "commune-1000-3499")]
    assert most_missing(of("taille"), 1).index.tolist() == [("commune", "commune-10000-49999")]
    assert most_missing(of("taille").loc[["epci"]]).empty


def test_silent_strata_are_those_where_nobody_answered():
    assert silent(of("taille")).index.tolist() == [("commune", "commune-10000-49999")]
    assert silent(of("departement")).index.tolist() == [("departement", "17")]


def test_a_type_of_which_nobody_answered_has_no_share_among_the_answers():
    # The only commune of this size did not answer.
    found = of("taille", Selection(types=("commune",), tailles=("commune-10000-49999",)))
    assert found["missing"].tolist() == [1]
    assert found["existing_share"].tolist() == [1]
    assert found[["answered_share", "difference"]].isna().all().all()
    assert found["verdict"].tolist() == [""]
    assert len(silent(found)) == 1


def test_nothing_exists():
    found = of("taille", Selection(types=("syndicat",)))
    assert found.empty
    assert most_missing(found).empty
    assert silent(found).empty


def test_one_territory():
    found = of("taille", Selection(types=("commune",), tailles=("commune-1000-3499",), departements=("16",)))
    # 16003 answered, 16004 did not.
    assert found[["territories", "missing", "answered_share", "existing_share"]].iloc[0].tolist() == [1, 1, 1, 1]
    assert found["verdict"].tolist() == [""]
