"""What the page Méthode says of who counts: respondents or territories, and the territories whose answers differ.

Only territories whose respondents all agreed to publication are named, and never who said what.
"""

import pandas as pd
import streamlit as st

from lib.analysis.divergence import divergence, fact_questions
from lib.analysis.facts import respondents_by_territory
from lib.analysis.selection import EVERYBODY
from lib.display.formats import NARROW, THRESHOLD, counted, lower_first, number, small_count, words
from lib.survey.edition import Edition
from lib.survey.questionnaire import Question
from lib.ui import blocks

RULE = f"""
- **Une opinion** (besoins, freins, portage politique, accompagnement, priorités) est celle d’une personne{NARROW}:
  chaque répondant compte, et l’on n’en tire pas l’avis d’un territoire.
- **Un fait** (stratégie, instance, mobilisation, actions) est celui d’un territoire, qui compte une fois. On peut aussi
  le compter par répondant, comme dans la synthèse publiée{NARROW}: c’est alors ce que déclarent des personnes.
- **Quand plusieurs personnes répondent pour un territoire**, celles qui répondent «{NARROW}ne sait pas{NARROW}» sont
  mises à part dès qu’une autre sait. Si toutes les autres sont d’accord, leur réponse est celle du
  territoire{NARROW}; sinon il est classé en «{NARROW}réponses divergentes{NARROW}» et compté à part. Aucune réponse ne
  l’emporte sur une autre.
"""


def switchable(question: Question) -> bool:
    """Return whether a question may be counted by respondents and by territories: facts may, opinions may not."""
    return question.unit == "territories"


def units(edition: Edition) -> None:
    """Draw the rule, the unit of each question, how many territories diverge, and those that may be named."""
    st.markdown(RULE)
    _show(unit_table(edition), "unité de chaque question")

    people = respondents_by_territory(edition.respondents)
    several = people[people > 1]
    if several.empty:
        st.markdown("Aucun territoire n’a plusieurs répondants.")
        return
    have = "a" if len(several) == 1 else "ont"
    st.markdown(
        f"{counted(len(several), 'territoire')} sur {number(len(people))} {have} plusieurs répondants (jusqu’à "
        f"{number(several.max())})."
    )
    found = divergence(edition)
    _show(divergence_table(edition, found), "territoires aux réponses divergentes, par question")
    st.caption(
        f"Un nombre inférieur à {THRESHOLD} n’est pas donné. Les territoires qui ont accepté d’être nommés sont dans "
        "la liste ci-dessous, avec la question en cause mais sans les réponses de chacun."
    )
    listed = named_divergences(edition, found)
    blocks.data(
        lambda: listed, lambda: listed, "divergences", edition, EVERYBODY, unit="territoires",
        label="territoires aux réponses divergentes, publiés avec leur accord",
    )  # fmt: skip


def unit_table(edition: Edition) -> pd.DataFrame:
    """Return, for each question that is counted, its default unit and whether it may be changed, in French."""
    counted_questions = [question for question in edition.codebook.substantive if question.kind != "text"]
    facts = [switchable(question) for question in counted_questions]
    return pd.DataFrame(
        {
            "Question": [question.short for question in counted_questions],
            "Nature": ["Fait" if fact else "Opinion" for fact in facts],
            "Compte par défaut": ["Territoires" if fact else "Répondants" for fact in facts],
            "Autre unité possible": ["Répondants" if fact else "Non" for fact in facts],
        }
    )


def divergence_table(edition: Edition, found: pd.DataFrame) -> pd.DataFrame:
    """Return, for each question on a fact, how many territories diverge: those that are named, and the others.

    The two are apart, because their sum and the list of those named would give the others back. `found` is
    `lib.analysis.divergence.divergence`.
    """
    questions = fact_questions(edition)
    return pd.DataFrame(
        {
            "Question": [question.short for question in questions],
            "Divergences, territoires nommés": [
                number(((found["question"] == question.id) & found["published"]).sum()) for question in questions
            ],
            "Divergences, autres territoires": [
                small_count(((found["question"] == question.id) & ~found["published"]).sum()) for question in questions
            ],
        }
    )


def named_divergences(edition: Edition, found: pd.DataFrame) -> pd.DataFrame:
    """Return the divergent territories that agreed to be named, with the question concerned, in French."""
    named = found[found["published"]]
    return pd.DataFrame(
        {
            "Territoire": named["nom"].to_numpy(),
            "Code": named["territory"].to_numpy(),
            "Question": [
                _concerned(edition, question, rows)
                for question, rows in zip(named["question"], named["rows"], strict=True)
            ],
        }
    )


def _concerned(edition: Edition, question_id: str, rows: tuple[str, ...]) -> str:
    question = edition.codebook[question_id]
    if not rows:
        return question.short
    return f"{question.short}{NARROW}: {words(lower_first(question.row_labels[row]) for row in rows)}"


def _show(table: pd.DataFrame, label: str) -> None:
    st.dataframe(table, hide_index=True, height="content", alt=f"Tableau{NARROW}: {label}")
