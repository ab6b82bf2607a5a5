"""The questionnaire of a draft, edited as the text it is kept in; the checker says what is wrong, in place.

What a questionnaire must hold is decided by `lib.survey.codebook`.
"""

import streamlit as st

from lib.display.formats import plain
from lib.survey.importing import OpenDraft
from lib.ui.importing import actions
from lib.ui.importing.words import changed_meanwhile, note, refusals, tell

LONGEST = 400_000


def editor(draft: OpenDraft, *, opened: bool = False) -> None:
    """Draw the editor, folded unless the questionnaire cannot be used."""
    with st.expander("Questionnaire (pour modifier un libellé, une option, le rôle d’une question)", expanded=opened):
        st.markdown(
            "Chaque question est un bloc `[[questions]]`\u202f; `[parts]` dit laquelle donne le type de structure, son "
            "nom, le rôle et l’accord de publication. À l’enregistrement, les colonnes sont reconnues à nouveau et vos "
            "choix sont gardés."
        )
        text = st.text_area(
            "Questionnaire, au format TOML",
            value=draft.draft.codebook,
            height=420,
            max_chars=LONGEST,
            key=f"questionnaire-{draft.draft.id}-{draft.draft.version}",
        )
        # Always open: the browser sends what was typed only with the click.
        sent = st.button("Enregistrer le questionnaire", on_click=note, args=("questionnaire", draft.draft.version))
        if sent and not changed_meanwhile("questionnaire", draft.draft):
            with refusals():
                actions.save_codebook(draft, text)
                tell("Le questionnaire est enregistré, les colonnes sont reconnues à nouveau.")
        if draft.codebook is not None:
            st.caption(f"Questionnaire utilisable\u202f: {len(draft.codebook.questions)} questions.")
        else:
            st.caption(plain(draft.problem))
