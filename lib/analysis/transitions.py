"""How the territories that answered two editions moved from one answer to another, and whether more gained than lost.

Facts come from `facts`, what is hidden from `disclosure`; shares of all who answered are left to `evolution`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binomtest, chi2, norm

from lib.analysis.disclosure import hidden_cells
from lib.analysis.facts import DIVERGENT, DIVERGENT_LABEL, facts
from lib.analysis.intervals import LEVEL
from lib.analysis.selection import EVERYBODY, Selection
from lib.survey.consent import publishable
from lib.survey.edition import Edition
from lib.survey.once import lately
from lib.territory.reference import current_codes, load_region

# Under this number of territories that changed, the test of McNemar is the exact one.
EXACT_BELOW = 25


class McNemar(NamedTuple):
    """Test that as many gained as lost: statistic (NaN when the test is exact), and probability of as much or more."""

    statistic: float
    p_value: float


@dataclass(frozen=True, eq=False)
class Transitions:
    """What the territories that answered two editions declared in each.

    Attributes
    ----------
    territories
        How many they are.
    counts
        Territories by earlier answer (rows) and later answer (columns), codes of options, `divergentes` last; NaN
        where hidden.
    earlier_labels, later_labels
        Code to name.
    known
        Territories whose answer, « ne sait pas » and divergent ones aside, is known in both editions: the base of
        what follows; NaN where any of it is hidden.
    gained, lost
        Those that reached the options looked at in the later edition only, and in the earlier only; NaN where hidden.
    difference, low, high
        (gained − lost) / known and its interval, fractions; NaN where one of the two is hidden.
    p_value
        Of McNemar's test; NaN where one of the two is hidden.
    """

    territories: int
    counts: pd.DataFrame
    earlier_labels: dict[str, str]
    later_labels: dict[str, str]
    known: float
    gained: float
    lost: float
    difference: float
    low: float
    high: float
    p_value: float


def paired_facts(
    later: Edition,
    earlier: Edition,
    column: str,
    selection: Selection = EVERYBODY,
    published_only: bool = False,
) -> pd.DataFrame:
    """Return what each territory that answered both editions declared in each.

    Parameters
    ----------
    later, earlier
        Territories are matched by their code of today: that of a commune that merged leads to the one it became.
    column
        Key of a column, as in `lib.analysis.facts.facts`.
    selection
        Filters on the territories as they are in the later edition; that on roles is ignored, facts being those of
        all the respondents.
    published_only
        Leave out the territories of which some respondent, in either edition, refused publication by name.

    Returns
    -------
    DataFrame
        Indexed by territory; columns earlier and later: option codes or `divergentes`. Territories where nobody
        answered the question in one of the editions are left out.
    """
    now, before = _of_today(later), _of_today(earlier)
    kept = now.respondents.loc[selection.without_roles().mask(now.respondents), "territory"].dropna().unique()
    pairs = pd.DataFrame({"earlier": facts(before, column), "later": facts(now, column)})
    pairs = pairs[pairs.index.isin(kept)].dropna()
    if published_only:
        agreed = [publishable(edition.respondents).reindex(pairs.index).to_numpy(bool) for edition in (now, before)]
        pairs = pairs[agreed[0] & agreed[1]]
    return pairs


@lately
def transitions(
    later: Edition,
    earlier: Edition,
    column: str,
    options: tuple[str, ...],
    selection: Selection = EVERYBODY,
    published_only: bool = False,
) -> Transitions:
    """Return how the territories that answered both editions moved from one answer to another.

    Parameters
    ----------
    later, earlier, column, selection, published_only
        As in `paired_facts`; the column is that of a question, or of a row, to which one answer is given. With
        `published_only` nothing is hidden: each of these facts is already shown by name. Public editions exchange the
        other answers, each edition on its own, which blurs how they moved from one to the other.
    options
        The answers that count as reached, such as formalised or implemented.

    Notes
    -----
    The interval is that of Bonett and Price (2012), the adjusted Wald interval of a difference of paired proportions,
    around the plain difference. « Ne sait pas » and divergent answers are in the counts, not in the comparison: a
    strategy that a new respondent knows of is not one that was made since.

    References
    ----------
    McNemar (1947), Psychometrika 12, 153–157; Agresti (2013), Categorical Data Analysis, 11.1; Bonett and Price
    (2012), Journal of Educational and Behavioral Statistics 37, 479–488.
    """
    question_id = column.partition("/")[0]
    pairs = paired_facts(later, earlier, column, selection, published_only)
    now, before = later.codebook[question_id], earlier.codebook[question_id]
    later_labels, earlier_labels = (question.labels | {DIVERGENT: DIVERGENT_LABEL} for question in (now, before))
    counts = pd.crosstab(pairs["earlier"], pairs["later"]).reindex(
        index=list(earlier_labels), columns=list(later_labels), fill_value=0
    )
    vague = {*now.dont_know, *before.dont_know, DIVERGENT}
    had, has = counts.index.isin(options), counts.columns.isin(options)
    knew, knows = ~counts.index.isin(vague), ~counts.columns.isin(vague)
    threshold = 0 if published_only else max(later.threshold, earlier.threshold)
    hidden = _hidden_transitions(counts, threshold)
    gained = _block_total(counts, hidden, np.outer(~had & knew, has), threshold)
    lost = _block_total(counts, hidden, np.outer(had, ~has & knows), threshold)
    known = _block_total(counts, hidden, np.outer(knew, knows), threshold)
    difference, low, high = paired_difference(gained, lost, known)
    return Transitions(
        territories=len(pairs),
        counts=counts.astype(float).mask(hidden),
        earlier_labels=earlier_labels,
        later_labels=later_labels,
        known=known,
        gained=gained,
        lost=lost,
        difference=difference,
        low=low,
        high=high,
        p_value=float("nan") if np.isnan(gained + lost + known) else mcnemar(int(gained), int(lost)).p_value,
    )


def mcnemar(gained: int, lost: int) -> McNemar:
    """Return McNemar's test on the units that changed: chi-square without correction, exact under `EXACT_BELOW`.

    Both are two-sided; with nobody who changed, the probability is 1.
    """
    changed = gained + lost
    if changed == 0:
        return McNemar(float("nan"), 1.0)
    if changed < EXACT_BELOW:
        return McNemar(float("nan"), float(binomtest(gained, changed).pvalue))
    statistic = (gained - lost) ** 2 / changed
    return McNemar(statistic, float(chi2.sf(statistic, 1)))


def paired_difference(gained: float, lost: float, known: float, level: float = LEVEL) -> tuple[float, float, float]:
    """Return (gained − lost) / known and the bounds of its interval by Bonett and Price; NaN where `known` is 0."""
    if not known > 0 or np.isnan(gained + lost):
        return float("nan"), float("nan"), float("nan")
    plus, minus = (gained + 1) / (known + 2), (lost + 1) / (known + 2)
    half = float(norm.ppf((1 + level) / 2)) * np.sqrt((plus + minus - (plus - minus) ** 2) / (known + 2))
    difference = (gained - lost) / known
    # Drawn towards zero by a hair, the interval could leave the difference out when all changed the same way.
    return (
        difference,
        min(difference, max(-1.0, float(plus - minus - half))),
        max(difference, min(1.0, float(plus - minus + half))),
    )


def _of_today(edition: Edition) -> Edition:
    """Return an edition whose communes that merged since are those they became."""
    if edition.millesime == load_region().millesime:
        return edition
    territory = current_codes(edition.respondents["territory"])
    return replace(edition, respondents=edition.respondents.assign(territory=territory))


def _hidden_transitions(counts: pd.DataFrame, threshold: int) -> NDArray[np.bool_]:
    """Return which cells of a table of transitions are hidden, its totals by row and by column being known."""
    totals = np.broadcast_to(counts.sum(axis=1).to_numpy()[:, None], counts.shape)
    return hidden_cells(counts.to_numpy(), totals, threshold)


def _block_total(counts: pd.DataFrame, hidden: NDArray[np.bool_], block: ArrayLike, threshold: int) -> float:
    """Return the sum of some cells; NaN where it is under the threshold, or would give back a hidden cell of theirs."""
    cells, inside = counts.to_numpy(), np.asarray(block, dtype=bool)
    total = int(cells[inside].sum())
    concealed = cells[inside & hidden]
    telling = concealed.sum() > 0 and (concealed.sum() < threshold or (concealed > 0).sum() < 2)
    return float("nan") if total < threshold or telling else float(total)
