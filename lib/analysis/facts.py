"""What a territory declares, from the answers of its respondents, and what may be said of it by name.

Facts only: opinions belong to respondents and are never attached to a territory. Colours and words of a
status are chosen by the pages and the maps.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.answers import Answers, Block, numbered, read_answers, territory_codes
from lib.survey.codebook import Question
from lib.survey.consent import publishable
from lib.survey.edition import Edition
from lib.survey.once import once_per_edition

DIVERGENT = "divergentes"
DIVERGENT_LABEL = "Réponses divergentes"
UNPUBLISHED = "non-publiee"
UNANSWERED = "sans-reponse"

TICKED, NOT_TICKED = "1", "0"


def territory_answers(answers: Answers, codes: NDArray[np.intp]) -> Answers:
    """Return the answers of territories, one unit for each, by the rule of facts.

    Parameters
    ----------
    answers
        Answers of respondents.
    codes
        Number of the territory of each respondent, 0 or more; any gaps are ignored.

    Returns
    -------
    Answers
        Territories in the order of their numbers. An option is given when every respondent of the
        territory who answered the row gave it, those who answered « ne sait pas » set aside as soon as
        another one knows. A last option, `divergentes`, is given when they differ on some option of the
        row: where one answer only is allowed it excludes the others, in a multiple question it does not.
    """
    agreed, split, counted = _agree(_set_aside_unknown(answers, codes), codes)
    return Answers(
        answers.rows,
        answers.options | {DIVERGENT: DIVERGENT_LABEL},
        np.concatenate([agreed, split.any(axis=2, keepdims=True)], axis=2),
        counted,
        answers.dont_know,
    )


def facts(edition: Edition, column: str) -> pd.Series:
    """Return what each territory declares in one column of the answers.

    Parameters
    ----------
    edition
        All its respondents count, whatever their role.
    column
        Key of a column: `strategie`, `themes/inclusion`, `besoins/ingenierie`, `actions/sante/aucune`.

    Returns
    -------
    Series
        Indexed by territory, in order of first answer: the option code; for one option of a multiple
        question "1" or "0"; `divergentes` where the answers differ, « ne sait pas » aside; missing where
        nobody of the territory answered. Respondents whose territory is not recognised are left out.

    Raises
    ------
    KeyError
        If the column is not that of a question.
    ValueError
        If the column is a place in a ranking or a free text.
    """
    question, row, option = _locate(edition, column)
    codes, territories = numbered(edition)
    known = codes >= 0
    codes = codes[known]
    settled = _set_aside_unknown(read_answers(edition, question).take(known).only(row), codes)
    agreed, split, counted = _agree(settled.any_of((option,)) if option else settled, codes)
    names = [TICKED] if option else list(settled.options)
    # One answer or none is true for each territory, so that the first true one is the answer.
    states = np.concatenate([agreed[:, 0], split[:, 0].any(axis=1, keepdims=True)], axis=1)
    given = np.array([*names, DIVERGENT, NOT_TICKED], dtype=object)
    place = np.where(states.any(axis=1), states.argmax(axis=1), len(given) - 1)
    return pd.Series(given[place], index=territories, name=column, dtype="str").where(counted[:, 0])


@once_per_edition
def status(edition: Edition, column: str) -> pd.Series:
    """Return what may be shown by name of each territory: its fact, or why it is not shown.

    Parameters
    ----------
    edition, column
        As in `facts`. There is no filter on respondents, on purpose: in a small commune a role is a
        person.

    Returns
    -------
    Series
        Indexed by territory: the fact where every respondent of the territory agreed to publication,
        `non-publiee` where one did not, whether or not they answered this question, `sans-reponse` where they
        agreed and nobody answered it. Never missing; territories without respondents are not listed.

    Raises
    ------
    KeyError
        As in `facts`.
    ValueError
        As in `facts`, and if the question is an opinion: it is never shown by name.
    """
    question, _, _ = _locate(edition, column)
    if question.unit != "territories":
        raise ValueError(f"{column} is an opinion of respondents: it cannot be shown by name")
    declared = facts(edition, column)
    published = publishable(edition.respondents).reindex(declared.index)
    return declared.where(declared.notna(), UNANSWERED).where(published, UNPUBLISHED)


def respondents_by_territory(respondents: pd.DataFrame) -> pd.Series[int]:
    """Return the number of respondents of each territory recognised."""
    codes, territories = territory_codes(respondents)
    numbers = np.bincount(codes[codes >= 0], minlength=len(territories))
    return pd.Series(numbers, index=territories, name="respondents")


def divergences(edition: Edition, question: Question) -> pd.DataFrame:
    """Return the territories whose respondents answered a question differently, for staff to settle.

    Returns
    -------
    DataFrame
        One row per territory and column key, with columns territory, nom, column, answers: the distinct
        answers given, in the order of the options, « ne sait pas » aside ("0" and "1" for one option of a
        multiple question), and respondents: how many gave them.
    """
    codes, territories = numbered(edition)
    known = codes >= 0
    codes = codes[known]
    names = edition.respondents["nom"].to_numpy(dtype=object)[known]
    answers = _set_aside_unknown(read_answers(edition, question).take(known), codes)
    _, split, _ = _agree(answers, codes)
    options, rows, found = list(answers.options), list(answers.rows), []
    order = np.argsort(codes, kind="stable")
    people = np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)
    by_option = question.kind in ("multiple", "array_multiple", "ranking")
    # One line per option where each is a question of its own, else one line per row.
    for cell in np.argwhere(split if by_option else split.any(axis=2)):
        everybody = people[cell[0]]
        own = everybody[answers.counted[everybody, cell[1]]]
        if by_option:
            given = (NOT_TICKED, TICKED)
        else:
            given = tuple(np.array(options)[answers.hits[own, cell[1]].any(axis=0)].tolist())
        key = "/".join(part for part in (question.id, rows[cell[1]], options[cell[2]] if by_option else "") if part)
        found.append((territories[cell[0]], names[everybody[0]], key, given, len(own)))
    return pd.DataFrame(found, columns=["territory", "nom", "column", "answers", "respondents"])


def _locate(edition: Edition, column: str) -> tuple[Question, str, str]:
    """Return the question of a column, with its row and its option, "" where there is none."""
    name, _, rest = column.partition("/")
    question = edition.codebook[name]
    row, option = "", ""
    if question.kind == "array":
        row = rest
    elif question.kind == "multiple":
        option = rest
    elif question.kind == "array_multiple":
        row, _, option = rest.partition("/")
    elif question.kind in ("ranking", "text"):
        raise ValueError(f"{column}: a territory declares no fact in a question of kind {question.kind}")
    return question, row, option


def _set_aside_unknown(answers: Answers, codes: NDArray[np.intp]) -> Answers:
    """Take « ne sait pas » out of the base on the rows where another respondent of the territory knows."""
    knowing = np.array([code not in answers.dont_know for code in answers.options], dtype=bool)
    known = np.any(answers.hits[:, :, knowing], axis=2)
    _, dense = np.unique(codes, return_inverse=True)
    somebody = _sums(known, dense) > 0
    return replace(answers, counted=answers.counted & (known | ~somebody[dense]))


def _agree(answers: Answers, codes: NDArray[np.intp]) -> tuple[Block, Block, Block]:
    """Return where all agree and where they differ, territory × row × option, and who answered the row."""
    _, dense = np.unique(codes, return_inverse=True)
    voters = _sums(answers.counted, dense)
    given = _sums(answers.hits & answers.counted[:, :, None], dense)
    everybody = voters[:, :, None]
    return (given == everybody) & (everybody > 0), (given > 0) & (given < everybody), voters > 0


def _sums(truths: Block, dense: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the number of true values per territory, numbered from 0 without gaps."""
    if len(truths) == 0:
        return np.zeros(truths.shape, dtype=np.int64)
    order = np.argsort(dense, kind="stable")
    starts = np.flatnonzero(np.diff(dense[order], prepend=-1))
    return np.add.reduceat(truths[order].astype(np.int64), starts, axis=0)
