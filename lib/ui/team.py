"""The team's view of unprotected answers: each question as given beside what the public sees, and the divergences.

Who may see it is decided by `lib.ui.access`, and asked again by whatever gives the answers.
"""

import pandas as pd
import streamlit as st

from lib.analysis.facts import divergences
from lib.analysis.pairs import ATTRIBUTES, sides
from lib.analysis.selection import Selection
from lib.analysis.shares import shares
from lib.display.differences import points
from lib.display.formats import NARROW, counted, number, percent, plain
from lib.display.sentences import UNITS
from lib.display.tables import share_table
from lib.survey.edition import Edition
from lib.survey.questionnaire import Question
from lib.ui import filters, origin, signin

UNPROTECTED = "Réponses non protégées, réservées à l’équipe"


def closed() -> None:
    """Say that the page is closed, why, and how it opens."""
    signin.closed("elle montre les réponses telles que données, sans la protection des pages publiques")


def warning(edition: Edition, selection: Selection) -> None:
    """Say at the top of the page what is shown, and to whom it may not be given."""
    st.error(
        f"**{UNPROTECTED}.** Petits effectifs et réponses non publiées y sont visibles\u202f: ne diffusez ni copie "
        "d’écran ni chiffre de cette page.",
        icon=":material/visibility_lock:",
    )
    n = int(selection.mask(edition.respondents).sum())
    mark = f" · {origin.mark(edition)}" if edition.simulated else ""
    st.markdown(
        f":gray[Sélection\u202f:] {plain(filters.selection_words(selection, edition))} · "
        f"**{counted(n, 'répondant')}** · :gray[{plain(edition.title)}{mark}]"
    )


def questions(edition: Edition) -> dict[str, str]:
    """Return the short title of each question that is counted, by id, and of each row of an array, by « id/row »."""
    return {code: name for code, name in sides(edition).items() if code not in ATTRIBUTES}


def comparison(given: Edition, public: Edition, selection: Selection, column: str) -> None:
    """Draw the shares of one question as given, and by how many points the public figure differs."""
    name, _, row = column.partition("/")
    unit = given.codebook[name].unit
    asked = shares(given, name, selection, row=row or None)
    seen = shares(public, name, selection, row=row or None)
    table = share_table(asked).drop(columns="Fiabilité")
    pairs = zip(seen["share"], seen["base"], asked["share"], strict=True)
    table["Part publique"] = ["masquée" if share != share else percent(share, base) for share, base, _ in pairs]
    table["Écart"] = ["–" if gap != gap else points(gap) for gap in seen["share"].array - asked["share"].array]
    st.dataframe(table, hide_index=True, alt=f"Tableau{NARROW}: réponses telles que données et part publique")
    st.caption(f"{UNPROTECTED} · unité\u202f: {UNITS[unit][1]} · {origin.mark(given)}".rstrip(" ·"))


def divergent(edition: Edition, selection: Selection, column: str) -> None:
    """Draw the territories of the selection whose respondents answered the question differently."""
    name = column.partition("/")[0]
    question = edition.codebook[name]
    found = divergences(edition, question)
    kept = set(edition.respondents.loc[selection.without_roles().mask(edition.respondents), "territory"].dropna())
    found = found[
        found["territory"].isin(kept) & (found["column"].str.startswith(f"{column}/") | found["column"].eq(column))
    ]
    if found.empty:
        st.info("Aucun territoire de la sélection n’a donné de réponses divergentes à cette question.")
        return
    table = pd.DataFrame(
        {
            "Territoire": found["nom"],
            "Code": found["territory"],
            "Question": [_row_name(question, key) for key in found["column"]],
            "Réponses": [", ".join(_answer_name(question, code) for code in codes) for codes in found["answers"]],
            "Répondants": [number(n) for n in found["respondents"]],
        }
    )
    st.dataframe(table, hide_index=True, alt=f"Tableau{NARROW}: réponses divergentes")
    st.caption(f"{UNPROTECTED} · {origin.mark(edition)}".rstrip(" ·"))


def _row_name(question: Question, key: str) -> str:
    parts = key.split("/")[1:]
    names = {**question.row_labels, **question.labels}
    return " · ".join([question.short, *(names.get(part, part) for part in parts)])


def _answer_name(question: Question, code: str) -> str:
    return {"0": "non coché", "1": "coché"}.get(code) or question.labels.get(code, code)
