"""Fourth step of an import: the quality of the draft, each check with its count, its base, its rule and its list.

What is looked for belongs to `lib.survey.quality`; nothing is removed here.
"""

import pandas as pd
import streamlit as st

from lib.display.files import downloads
from lib.display.formats import NARROW, counted, decimal, number, percent, plain
from lib.display.stamp import EDITION, MENTION, SIMULATED
from lib.survey.importing import OpenDraft
from lib.survey.quality.report import Check, Quality
from lib.ui import filters
from lib.ui.importing import opened, steps
from lib.ui.importing.words import refusals

TALL = 14


def draw(draft: OpenDraft) -> None:
    """Draw the step of the quality report."""
    found = None
    with refusals():
        found = opened.report(draft)
        issues = opened.read(draft).edition.issues
    if found is None:
        steps.onward("qualite", blocked="Revenez à l’étape «\u202fColonnes\u202f» pour compléter ce qui manque.")
        return
    _figures(found)
    _checks(found, draft)
    _completeness(found)
    _issues(issues, draft)
    steps.onward("qualite")


def _figures(found: Quality) -> None:
    if found.simulated:
        st.warning(
            "**Données simulées**\u202f: ce rapport porte sur des réponses inventées.", icon=":material/science:"
        )
    time = "–" if found.median_minutes is None else f"{decimal(found.median_minutes, 0)} min"
    with st.container(horizontal=True, gap="large"):
        st.metric("Réponses du fichier", number(found.read), width="content")
        st.metric("Retenues", number(found.retained), width="content")
        st.metric("Formulaires envoyés", number(found.submitted), width="content")
        st.metric("Temps médian", time, width="content")


def _checks(found: Quality, draft: OpenDraft) -> None:
    st.header("Ce qui est à regarder", anchor=False)
    st.dataframe(check_table(found), hide_index=True, height="content", alt=f"Tableau{NARROW}: contrôles de qualité")
    with st.expander("Comment chaque contrôle est compté"):
        for check in found.checks:
            st.markdown(f"- **{plain(check.title)}**\u202f: {plain(check.rule)}")
    met = {check.id: f"{check.title} ({number(check.count)})" for check in found.checks if check.count}
    if not met:
        st.success("Aucun contrôle n’a rien trouvé.", icon=":material/check:")
        return
    check = found[filters.choice("controle", "Voir le détail d’un contrôle", met)]
    st.markdown(f"{plain(check.rule)} {plain(check.advice)}")
    rows = found_table(check)
    st.dataframe(
        rows, hide_index=True, height=520 if len(rows) > TALL else "content", alt=f"Tableau{NARROW}: {check.title}"
    )
    st.download_button(
        "Télécharger cette liste (CSV)",
        data=lambda: downloads.csv_bytes(rows, _stamp(found, draft)),
        file_name=f"qualite-{draft.identity.id}-{check.id}.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _stamp(found: Quality, draft: OpenDraft) -> dict[str, str]:
    return {MENTION: SIMULATED if found.simulated else "", EDITION: draft.identity.title}


def check_table(found: Quality) -> pd.DataFrame:
    """Return the checks in words: what, how many, among how many."""
    return pd.DataFrame(
        {
            "Contrôle": [check.title for check in found.checks],
            "Nombre": [number(check.count) for check in found.checks],
            "Sur": [f"{number(check.base)} {check.of}" for check in found.checks],
        }
    )


def found_table(check: Check) -> pd.DataFrame:
    """Return who is concerned by a check, in words: line of the file, pseudonym, what."""
    return pd.DataFrame(
        {
            "Ligne": ["" if pd.isna(line) else str(line) for line in check.found["line"]],
            "Réponse": check.found["respondent"].tolist(),
            "Constat": check.found["what"].tolist(),
        }
    )


def _completeness(found: Quality) -> None:
    st.header("Part des cases répondues, question par question", anchor=False)
    table = found.completeness
    st.dataframe(
        pd.DataFrame(
            {
                "Question": table["short"].tolist(),
                "Cases posées": [number(n) for n in table["asked"]],
                "Répondues": [number(n) for n in table["answered"]],
                "Part": [percent(share, base) for share, base in zip(table["share"], table["asked"], strict=True)],
            }
        ),
        hide_index=True,
        height=520 if len(table) > TALL else "content",
        alt=f"Tableau{NARROW}: part des cases répondues par question",
    )
    st.caption(
        "Une case est une question, ou une ligne de tableau\u202f; un choix multiple compte pour une case. Les "
        "questions que le questionnaire cache à une personne ne lui sont pas posées."
    )


def _issues(issues: pd.DataFrame, draft: OpenDraft) -> None:
    st.header("Ce qui est anormal dans le fichier", anchor=False)
    if issues.empty:
        st.success("Rien d’anormal n’a été trouvé dans le fichier.", icon=":material/check:")
        return
    rows = pd.DataFrame(
        {
            "Ligne": [str(row) for row in issues["row"]],
            "Colonne": issues["column"].tolist(),
            "Lu": issues["value"].tolist(),
            "Ce qui a été fait": issues["problem"].tolist(),
        }
    )
    st.caption(f"{counted(len(rows), 'constat')}, sans bloquer l’import.")
    st.dataframe(
        rows.head(500), hide_index=True, height=420 if len(rows) > TALL else "content",
        alt=f"Tableau{NARROW}: ce qui est anormal dans le fichier",
    )  # fmt: skip
    st.download_button(
        "Télécharger tous les constats (CSV)",
        data=lambda: downloads.csv_bytes(rows, {EDITION: draft.identity.title}),
        file_name=f"constats-{draft.identity.id}.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )
