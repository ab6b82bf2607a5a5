"""Territories whose respondents answer a fact differently, and which of them may be named.

Who said what is left to the team's own view (`lib.analysis.facts.divergences`): nothing here tells one answer.
"""

import pandas as pd

from lib.analysis.facts import divergences
from lib.survey.consent import publishable
from lib.survey.edition import Edition
from lib.survey.once import once_per_edition
from lib.survey.questionnaire import Question


def fact_questions(edition: Edition) -> tuple[Question, ...]:
    """Return the questions on facts, in questionnaire order: a territory counts once in them. A text is no fact."""
    return tuple(
        question
        for question in edition.codebook.substantive
        if question.unit == "territories" and question.kind != "text"
    )


@once_per_edition
def divergence(edition: Edition) -> pd.DataFrame:
    """Return the territories with divergent answers, question by question.

    Parameters
    ----------
    edition
        All its respondents count, whatever their role.

    Returns
    -------
    DataFrame
        One row per question on a fact and territory whose respondents differ on it, « ne sait pas » aside, in the
        order of the questionnaire then of first answer: territory, nom, question (id), rows (tuple of the codes of
        the rows of an array on which they differ, empty for a question without rows), published (whether every
        respondent of the territory agreed to be named). Only published rows may be shown one by one.
    """
    agreed = publishable(edition.respondents)
    found: list[tuple[object, ...]] = []
    for question in fact_questions(edition):
        split = divergences(edition, question)
        for territory, own in split.groupby("territory", sort=False):
            rows: list[str] = own["column"].str.split("/").str[1].unique().tolist() if question.rows else []
            found.append((territory, own["nom"].iloc[0], question.id, tuple(rows), bool(agreed[territory])))
    return pd.DataFrame(found, columns=["territory", "nom", "question", "rows", "published"]).astype(
        {"published": bool}
    )
