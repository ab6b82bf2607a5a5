"""Who is over- and under-represented among the territories that answered, stratum by stratum, and who is absent.

It compares shares of counts that `coverage` made; correcting for what it finds is left to weights.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.coverage import UNMATCHED

NOTABLE, STRONG = 0.1, 0.2
"""Standardised differences, in absolute value, from which a stratum is said over- or under-represented."""

VERDICTS = ("tres-sous", "sous", "", "sur", "tres-sur")
"""From strongly under-represented to strongly over-represented; empty in between."""


def standardised_difference(answered: NDArray[np.float64], existing: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far two shares stand apart, in units of their standard deviation.

    Parameters
    ----------
    answered, existing
        Shares (fractions 0–1) of the same strata, element by element.

    Returns
    -------
    array
        d = (p − q) / √((p(1 − p) + q(1 − q)) / 2): negative where the first share is the smaller one, 0
        where both are 0 or both are 1, missing where one is missing. It is a description, not a test: it
        does not depend on the number of territories.

    Notes
    -----
    Cohen's d for a proportion, as in P. C. Austin, « Using the standardized difference to compare the
    prevalence of a binary variable between two groups in observational research », Communications in
    Statistics – Simulation and Computation 38(6), 2009, p. 1228–1234: 0.1 is a phi of 0.05, negligible.
    """
    spread = np.sqrt((answered * (1 - answered) + existing * (1 - existing)) / 2)
    return np.divide(answered - existing, spread, out=answered - existing, where=spread > 0)


def representation(strata: pd.DataFrame, types: pd.DataFrame) -> pd.DataFrame:
    """Return the weight of each stratum among the territories that answered and among those that exist.

    Parameters
    ----------
    strata
        `coverage` by size or by département.
    types
        `coverage` of the same selection, by type: its counts are the denominators, so that a stratum is
        compared within its type only.

    Returns
    -------
    DataFrame
        The rows of `strata` whose number of territories is known, in its order and with its columns, then:

        - missing: territories that did not answer (int);
        - answered_share: territories / those of the type that answered, missing where none did;
        - existing_share: existing / those of the type that exist;
        - difference: `standardised_difference` of these two shares;
        - verdict: one of `VERDICTS`.

        Shares are fractions 0–1. By département they may add up to more than 1: a territory on several
        of them counts whole in each.
    """
    known = (strata["existing"].notna() & (strata.index.get_level_values(1) != UNMATCHED)).to_numpy(dtype=bool)
    kept = strata[known]
    totals = types.reindex(kept.index.get_level_values("type"))
    territories, existing = kept["territories"].to_numpy(dtype=float), kept["existing"].to_numpy(dtype=float)
    everybody = totals["territories"].to_numpy(dtype=float)
    answered_share = territories / np.where(everybody > 0, everybody, np.nan)
    existing_share = existing / totals["existing"].to_numpy(dtype=float, na_value=np.nan)
    difference = standardised_difference(answered_share, existing_share)
    return kept.assign(
        missing=(existing - territories).astype(np.int64),
        answered_share=answered_share,
        existing_share=existing_share,
        difference=difference,
        verdict=[verdict(value) for value in difference],
    )


def verdict(difference: float) -> str:
    """Return what a standardised difference means, one of `VERDICTS`; empty when it is missing."""
    # Rounded first: 0.1 computed from shares must not fall on the wrong side for the last bit.
    size = round(abs(difference), 9) if difference == difference else 0.0
    if size < NOTABLE:
        return ""
    return f"{'tres-' if size >= STRONG else ''}{'sous' if difference < 0 else 'sur'}"


def most_missing(strata: pd.DataFrame, number: int = 3) -> pd.DataFrame:
    """Return the under-represented strata of `representation`, the furthest from its due first, `number` at most."""
    under = strata[strata["verdict"].isin(("sous", "tres-sous"))]
    return under.sort_values("difference", kind="stable").head(number)


def silent(strata: pd.DataFrame) -> pd.DataFrame:
    """Return the strata of `representation` where no territory answered, in their order."""
    return strata[strata["territories"] == 0]
