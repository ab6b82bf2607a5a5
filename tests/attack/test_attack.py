"""The attacker recovers no unpublished answer from the public edition, and does from the answers as given."""

from functools import cache
from random import Random

import numpy as np
import pandas as pd
import pytest

from lib.analysis.answers import read_answers
from lib.survey.consent import publishable
from lib.survey.edition import load_edition
from lib.survey.exchange import draw, exchanged
from lib.survey.protection import load_protection
from tests.attack.attacker import Attacker, certain, families, masks
from tests.region import SHIPPED

GIVEN = load_edition()
PUBLIC = exchanged(GIVEN)
NAMED = publishable(GIVEN.respondents).reindex(GIVEN.respondents["territory"]).fillna(False).to_numpy(bool)
QUESTIONS = [question for question in GIVEN.codebook.substantive if question.kind != "text"]


@cache
def attacker(public):
    edition = PUBLIC if public else GIVEN
    return Attacker(masks(edition, families(edition)))


def cells(edition, question):
    """Return every option of every row of a question: its name, who gave it, who answered."""
    answers = read_answers(edition, question)
    for row, _ in enumerate(answers.rows):
        for option, name in enumerate(answers.options):
            yield (row, name), answers.hits[:, row, option], answers.counted[:, min(row, answers.counted.shape[1] - 1)]


def unpublished(question):
    """Return whose answers to a question are not public: everybody's opinions, the facts of those who refused."""
    return np.ones(len(NAMED), bool) if question.unit == "respondents" else ~NAMED


@pytest.mark.parametrize("threshold", [0, 3], ids=["nothing hidden", "small counts hidden"])
def test_the_attacker_is_able_without_exchange_he_recovers_most_answers(threshold):
    """Hiding small counts alone does not resist differences between selections."""
    question = GIVEN.codebook["strategie"]
    recovered = wanted = 0
    for _, hits, counted in cells(GIVEN, question):
        pinned, values = attacker(False).solve(hits, counted, threshold)
        mine = unpublished(question) & counted
        recovered += int((pinned & mine & (values == hits)).sum())
        wanted += int(mine.sum())
        assert (values[pinned & counted] == hits[pinned & counted]).all(), "a recovered answer is the true one"
    assert recovered > 0.5 * wanted


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_no_unpublished_answer_is_recovered_from_the_public_edition(question):
    for name, hits, counted in cells(PUBLIC, question):
        _, shown = attacker(True).figures(hits, counted, PUBLIC.threshold)
        if not SHIPPED and not (hits & counted)[unpublished(question)].any():
            # In a smaller edition, a rare answer may be that of nobody who refused: that none of them gave it is known.
            continue
        assert certain(hits, counted, unpublished(question), shown.any()) == 0, name


def test_roles_are_not_recovered_either():
    for role in PUBLIC.respondents["role"].dropna().unique():
        hits = (PUBLIC.respondents["role"] == role).to_numpy()
        assert certain(hits, np.ones(len(hits), bool), np.ones(len(hits), bool), True) == 0


def test_a_linear_programme_over_all_figures_shown_or_hidden_agrees():
    """Even a single option, solved for its bounds: pinned on the answers given, never on the public ones' origin."""
    question = GIVEN.codebook["strategie"]
    (_, hits, counted), *_ = [cell for cell in cells(GIVEN, question) if cell[0][1] == "non"]
    alone = attacker(False)
    targets = np.unique(alone.atoms[~NAMED & counted])[:12]
    low, high = alone.bounds(hits, counted, 3, targets).T
    assert (high - low < 1e-6).sum() > 6

    # What stands in the places of the public edition is found as well; whose it is, is not.
    (_, hits, counted), *_ = [cell for cell in cells(PUBLIC, question) if cell[0][1] == "non"]
    public = attacker(True)
    targets = np.unique(public.atoms[~NAMED & counted])[:12]
    low, high = public.bounds(hits, counted, 3, targets).T
    assert (high - low < 1e-6).any()
    assert 0 < (hits & ~NAMED).sum() < (counted & ~NAMED).sum()


def test_who_knows_the_whole_method_guesses_little_better_than_from_the_published_shares():
    """Certainty is one thing, good guesses another: he reads every place, and knows how often answers land where."""
    size = len(NAMED)
    often, places = np.zeros((size, size)), np.arange(size)
    for seed in range(60):
        often[draw(GIVEN, load_protection(), Random(seed))[0], places] += 1
    odds = often / often.sum(axis=1, keepdims=True).clip(1)
    kinds = GIVEN.respondents["type"].to_numpy()
    told = {"shares": 0, "method": 0, "sure": 0, "wanted": 0}
    for question_id in ("strategie", "instance", "themes"):
        question = GIVEN.codebook[question_id]
        for (_, true, counted), (_, seen, _) in zip(cells(GIVEN, question), cells(PUBLIC, question), strict=True):
            share = pd.Series(seen).groupby(kinds).transform("mean").to_numpy()
            wanted = ~NAMED & counted & (share > 0.15) & (share < 0.85)
            guess = odds @ seen
            told["wanted"] += int(wanted.sum())
            told["shares"] += int(((share > 0.5) == true)[wanted].sum())
            told["method"] += int(((guess > 0.5) == true)[wanted].sum())
            told["sure"] += int(((guess > 0.9) | (guess < 0.1))[wanted].sum())
    assert told["method"] - told["shares"] < 0.05 * told["wanted"]
    assert told["sure"] < 0.2 * told["wanted"]
