"""An attacker who writes down every figure of many selections and solves for the answers behind them.

He knows who answered, for which territory, in which role and how many at a time: more than any page says. He reads each
figure as hidden only where it is so by itself, hence sees more than a page shows. What he may conclude from public
figures is in `certain`.
"""

from itertools import combinations, product

import numpy as np
from scipy.optimize import linprog

from lib.analysis.selection import DIMENSIONS, Selection, choices, members

FEWEST = 3
"""Respondents under which a page shows nothing at all."""


def families(edition, seeded=10_000):
    """Return the selections tried: one value or all for each filter, every pair of values, then seeded ones."""
    codes = {dimension: tuple(choices(edition, dimension)) for dimension in DIMENSIONS}
    found = dict.fromkeys(product(*([(), *((code,) for code in codes[dimension])] for dimension in DIMENSIONS)))
    everything = [(dimension, code) for dimension in DIMENSIONS for code in codes[dimension]]
    for pair in combinations(everything, 2):
        found[tuple(tuple(code for own, code in pair if own == dimension) for dimension in DIMENSIONS)] = None
    random = np.random.default_rng(20260303)
    while seeded:
        drawn = tuple(
            tuple(code for code in codes[dimension] if random.random() < share) if share < 1 else ()
            for dimension, share in zip(DIMENSIONS, random.choice([0.25, 0.5, 0.75, 1], size=4), strict=True)
        )
        if drawn not in found:
            found[drawn] = None
            seeded -= 1
    return [Selection(*values) for values in found]


def masks(edition, selections):
    """Return who is in each selection that a page would show, distinct ones only: (selections, respondents)."""
    people = edition.respondents
    own = {
        (dimension, code): members(people, dimension, (code,))
        for dimension in DIMENSIONS
        for code in choices(edition, dimension)
    }
    rows = np.ones((len(selections), len(people)), dtype=bool)
    for row, selection in zip(rows, selections, strict=True):
        for dimension in DIMENSIONS:
            if codes := selection.codes(dimension):
                row &= np.any([own[dimension, code] for code in codes], axis=0)
    rows = np.unique(np.packbits(rows, axis=1), axis=0)
    rows = np.unpackbits(rows, axis=1, count=len(people)).astype(bool)
    return rows[rows.sum(axis=1) >= FEWEST]


class Attacker:
    """Solves for the answers of respondents; those whom no selection tells apart are one unknown, an atom."""

    def __init__(self, rows):
        self.rows = rows
        _, self.atoms, self.sizes = np.unique(
            np.packbits(rows, axis=0), axis=1, return_inverse=True, return_counts=True
        )
        self.atoms = self.atoms.ravel()
        first = np.unique(self.atoms, return_index=True)[1]
        self.matrix = rows[:, first].astype(float)

    def figures(self, hits, counted, threshold):
        """Return the count of each selection and whether it is shown."""
        count, base = (self.rows @ truths.astype(np.int64) for truths in (hits & counted, counted))
        rest = base - count
        return count, (count >= threshold) & ((rest == 0) | (rest >= threshold)) if threshold else base > 0

    def solve(self, hits, counted, threshold):
        """Return which respondents' answers are pinned by the shown counts, and the value found for each."""
        count, shown = self.figures(hits, counted, threshold)
        if not shown.any():
            return np.zeros(len(hits), bool), np.zeros(len(hits))
        matrix = self.matrix[shown]
        values, vectors = np.linalg.eigh(matrix.T @ matrix)
        kept = vectors[:, values > values[-1] * 1e-10]
        determined = (kept**2).sum(axis=1) > 1 - 1e-6
        sums = np.linalg.lstsq(matrix, count[shown].astype(float), rcond=1e-10)[0]
        pinned = determined & ((self.sizes == 1) | (np.abs(sums) < 1e-4) | (np.abs(sums - self.sizes) < 1e-4))
        return pinned[self.atoms], np.round(sums / self.sizes)[self.atoms]

    def bounds(self, hits, counted, threshold, atoms):
        """Return the least and the largest sum of some atoms that every figure, shown or hidden, allows."""
        count, shown = self.figures(hits, counted, threshold)
        _, kept = np.unique(self.matrix, axis=0, return_index=True)
        shown_rows, hidden_rows = kept[shown[kept]], kept[~shown[kept] & (count[kept] < max(threshold, 1))]
        known = {
            "A_eq": self.matrix[shown_rows],
            "b_eq": count[shown_rows],
            "A_ub": self.matrix[hidden_rows],
            "b_ub": np.full(len(hidden_rows), threshold - 1.0),
            "bounds": list(zip(np.zeros(len(self.sizes)), self.sizes, strict=True)),
        }
        found = []
        for atom in atoms:
            goal = np.zeros(len(self.sizes))
            goal[atom] = 1
            found.append([linprog(sign * goal, **known, method="highs").fun * sign for sign in (1, -1)])
        return np.array(found)


def certain(hits, counted, exchangeable, shown):
    """Return how many answers the attacker is certain of, when he has read every place of the public edition.

    Parameters
    ----------
    hits, counted
        One option in the public edition, by respondent: what every combination of figures can say at most.
    exchangeable
        The respondents among whom answers are exchanged: any of their places may hold the answer of any of them.
    shown
        Whether some figure of the option is shown at all.

    Notes
    -----
    The answer of one of them is a mixture, with unknown weights, of what stands in all these places: the linear
    programme that looks for its least and its largest value finds the smallest and the largest of them.
    """
    held = (hits & counted)[exchangeable]
    return int(exchangeable.sum()) if shown and held.min() == held.max() else 0
