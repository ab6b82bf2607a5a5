"""What each way of protecting unpublished answers prevents, and what it costs: `python -m tests.benchmarks.disclosure`.

The attacker reads one option at a time over some fifteen thousand selections, solves, and guesses the answer of each
territory that refused publication. His guesses are compared with those of somebody who knows the share published for
the type of territory, and nothing else.
"""

from random import Random

import numpy as np
import pandas as pd

from lib.analysis.answers import read_answers
from lib.analysis.selection import EVERYBODY
from lib.analysis.shares import shares
from lib.survey.consent import publishable
from lib.survey.edition import load_edition
from lib.survey.exchange import draw, exchanged
from lib.survey.protection import load_protection
from tests.attack.attacker import Attacker, families, masks

DRAWS = 300
NOISE = 2
"""Largest change of a count under the cell key method, each of -2 to 2 as likely."""
COMMON = (0.15, 0.85)
"""Options whose share by type lies between these: guessing is no game on the others."""


def main():
    """Print the two tables of DECISIONS.md."""
    given = load_edition()
    public = exchanged(given)
    print(f"{len(given.respondents)} respondents, {len(families(given))} selections")
    print("\nRight guesses of unpublished facts, options with a share of 15 to 85 % for the type:")
    found, sure = guesses(given, public)
    for way, right in found.items():
        print(f"  {way:<44} {right:6.1%}")
    print(f"  Knowing how it is drawn, he is over 90 % sure of {sure[0]:.1%}, and right on {sure[1]:.1%} of these.")
    print("\nDifference from the answers as given, in points (mean, 95th centile), beside the mean margin:")
    for by in (None, "type", "taille", "departement", "role"):
        print(f"  by {by or 'nothing':<12} {costs(given, public, by)}")


def guesses(given, public):
    """Return the share of right guesses of each way, then how often the best informed is sure, and right when sure."""
    named = publishable(given.respondents).reindex(given.respondents["territory"]).fillna(False).to_numpy(bool)
    alone, after = Attacker(masks(given, families(given))), Attacker(masks(public, families(public)))
    odds = origins(given)
    kinds = given.respondents["type"].to_numpy()
    random = np.random.default_rng(1)
    right = {}
    total = certain = confirmed = 0
    for question_id in ("strategie", "instance", "themes"):
        question = given.codebook[question_id]
        true, seen = read_answers(given, question), read_answers(public, question)
        for row, option in np.ndindex(true.hits.shape[1:]):
            hits, counted = true.hits[:, row, option], true.counted[:, row]
            share = pd.Series(seen.hits[:, row, option]).groupby(kinds).transform("mean").to_numpy()
            wanted = ~named & counted & (share > COMMON[0]) & (share < COMMON[1])
            found = {
                "the share published for the type, alone": share,
                "nothing": solved(alone, hits, counted, 0, share),
                "small counts hidden": solved(alone, hits, counted, 3, share),
                f"cell key, counts changed by {NOISE} at most": noisy(alone, hits, counted, random),
                "exchange, face value": solved(after, seen.hits[:, row, option], seen.counted[:, row], 3, share),
                "exchange, knowing how it is drawn": odds @ seen.hits[:, row, option],
            }
            total += int(wanted.sum())
            informed = found["exchange, knowing how it is drawn"]
            sure = wanted & (np.abs(informed - 0.5) > 0.4)
            certain, confirmed = certain + int(sure.sum()), confirmed + int((sure & ((informed > 0.5) == hits)).sum())
            for way, guess in found.items():
                right[way] = right.get(way, 0) + int(((guess > 0.5) == hits)[wanted].sum())
    return {way: count / total for way, count in right.items()}, (certain / total, confirmed / certain)


def solved(attacker, hits, counted, threshold, otherwise):
    """Return the answers solved for, and the published share where they are not pinned."""
    pinned, values = attacker.solve(hits, counted, threshold)
    return np.where(pinned, values, otherwise)


def noisy(attacker, hits, counted, random):
    """Return the least-squares answers when every count is changed once and for all by a small number."""
    count, _ = attacker.figures(hits, counted, 0)
    changed = count + random.integers(-NOISE, NOISE + 1, len(count))
    sums = np.linalg.lstsq(attacker.matrix, changed.astype(float), rcond=1e-10)[0]
    return (sums / attacker.sizes)[attacker.atoms]


def origins(given):
    """Return how often the facts of each respondent land in each place, over draws of the exchange."""
    size = len(given.respondents)
    often, places = np.zeros((size, size)), np.arange(size)
    for seed in range(DRAWS):
        often[draw(given, load_protection(), Random(seed))[0], places] += 1
    return often / often.sum(axis=1, keepdims=True).clip(1)


def costs(given, public, by):
    """Return mean and 95th centile of the change of shares on bases of 10 or more, and the mean half margin."""
    changes, margins = [], []
    for question in given.codebook.substantive:
        if question.kind == "text":
            continue
        before, after = (shares(edition, question.id, EVERYBODY, by=by) for edition in (given, public))
        enough = (before["base"] >= 10) & (after["base"] >= 10) & after["share"].notna()
        changes.append((before["share"] - after["share"]).abs()[enough])
        margins.append((before["high"] - before["low"])[enough] / 2)
    change, half = (100 * pd.concat(parts) for parts in (changes, margins))
    return f"{change.mean():5.1f} {change.quantile(0.95):5.1f}   margin ± {half.mean():4.1f}"


if __name__ == "__main__":
    main()
