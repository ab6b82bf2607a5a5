"""The attacker recovers no unpublished answer from the public edition, and does from the answers as given."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from lib.analysis.answers import read_answers
from lib.analysis.exchange import exchanged
from lib.analysis.facts import publishable
from lib.survey.edition import load_edition
from tests.attack.attacker import Attacker, certain, families, masks

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
    groups = [~NAMED, NAMED] if question.unit == "respondents" else [~NAMED]
    for name, hits, counted in cells(PUBLIC, question):
        _, shown = attacker(True).figures(hits, counted, PUBLIC.threshold)
        assert sum(certain(hits, counted, group, shown.any()) for group in groups) == 0, name


def test_roles_are_not_recovered_either():
    for role in PUBLIC.respondents["role"].dropna().unique():
        hits = (PUBLIC.respondents["role"] == role).to_numpy()
        assert sum(certain(hits, np.ones(len(hits), bool), group, True) for group in (NAMED, ~NAMED)) == 0


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


def test_hiding_alone_is_told_from_exchanging():
    """The threshold of an edition that was not exchanged protects nothing: nobody may be shown one."""
    assert replace(GIVEN, threshold=3).values.equals(GIVEN.values)
    assert not PUBLIC.values["strategie"].equals(GIVEN.values["strategie"])
