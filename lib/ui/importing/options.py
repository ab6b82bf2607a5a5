"""Texts met in cells that are no known option of their question: a person says which option they mean, or none.

Texts of free questions never come here; what is closest is proposed by `lib.survey.reading.proposals`.
"""

import pandas as pd
import streamlit as st

from lib.display.formats import NARROW, counted, decimal, plain
from lib.survey.importing import OpenDraft
from lib.survey.questionnaire import Question
from lib.survey.reading.proposals import option_proposals
from lib.ui.importing import actions
from lib.ui.importing.pages import page_of
from lib.ui.importing.words import changed_meanwhile, note, refusals, shortened, tell

UNDECIDED, LEFT_OUT = "?", ""
PER_PAGE = 15


def draw(draft: OpenDraft) -> None:
    """Draw the texts to decide; nothing where there is none."""
    if draft.mapping is None or draft.codebook is None:
        return
    proposed = option_proposals(draft.table, draft.mapping, draft.codebook)
    if proposed.empty:
        return
    st.header("Réponses à décider", anchor=False)
    st.markdown(
        "Ces textes ne sont aucune des réponses prévues. «\u202fÀ décider\u202f» et «\u202fLaisser de côté\u202f» ne "
        "comptent pas comme une réponse."
    )
    pairs = list(dict.fromkeys(zip(proposed["question"], proposed["text"], strict=True)))
    page = page_of("reponses-page", pairs, PER_PAGE, "réponses")
    with st.form("reponses-formulaire"):
        chosen = {pair: _choice(draft, pair, proposed) for pair in page}
        sent = st.form_submit_button(
            "Enregistrer ces réponses", type="primary", on_click=note, args=("reponses", draft.draft.version)
        )
    if sent and not changed_meanwhile("reponses", draft.draft):
        decided = {pair: code for pair, code in chosen.items() if code != UNDECIDED}
        with refusals():
            if decided:
                actions.choose_options(draft, decided)
                tell(f"{counted(len(decided), 'réponse décidée', 'réponses décidées')}.")
            else:
                st.info("Rien à enregistrer\u202f: aucune réponse n’est décidée.")


def _choice(draft: OpenDraft, pair: tuple[str, str], proposed: pd.DataFrame) -> str:
    assert draft.codebook is not None
    name, text = pair
    question = draft.codebook[name]
    rows = proposed[(proposed["question"] == name) & (proposed["text"] == text)]
    count = int(rows["count"].iloc[0])
    names, codes = choices(question, dict(zip(rows["code"], rows["score"], strict=True)))
    return str(
        st.selectbox(
            f"{plain(question.short)}{NARROW}: {plain(shortened(text))} ({counted(count, 'fois', 'fois')})",
            codes,
            format_func=names.__getitem__,
            key=f"reponse-{draft.draft.id}-{draft.draft.version}-{name}-{text}",
        )
    )


def choices(question: Question, scores: dict[str, float]) -> tuple[dict[str, str], list[str]]:
    """Return the words of each choice, and the codes in the order to show: what is closest first."""
    known = {code: score for code, score in scores.items() if isinstance(code, str) and code in question.labels}
    names = {UNDECIDED: "À décider", LEFT_OUT: "Laisser de côté", **question.labels}
    names |= {code: f"{question.labels[code]} (ressemblance {decimal(score, 2)})" for code, score in known.items()}
    return names, list(dict.fromkeys([UNDECIDED, *known, LEFT_OUT, *question.labels]))
