"""Fifth step of an import: the dashboard itself on the draft, and the few figures to recognise it by.

The preview is a public edition like any other, that the team alone can open; `lib.ui.session` makes it.
"""

import streamlit as st

from lib.display.formats import NARROW
from lib.survey.identity import PREVIEW
from lib.survey.importing import OpenDraft
from lib.ui import menu
from lib.ui.importing import opened, steps
from lib.ui.importing.headline import headline
from lib.ui.importing.words import refusals

PAGES = ("synthese", "participation", "croisements", "methode")


def draw(draft: OpenDraft) -> None:
    """Draw the step of the preview."""
    held = None
    with refusals():
        held = opened.read(draft)
    if held is None or held.edition.respondents.empty:
        why = "Aucune réponse n’est retenue\u202f: vérifiez les colonnes." if held is not None else ""
        if why:
            st.warning(why, icon=":material/group_off:")
        steps.onward("apercu", blocked="Revenez à l’étape «\u202fColonnes\u202f» pour compléter ce qui manque.")
        return
    st.markdown(
        "Ouvrez le tableau de bord sur ce brouillon, tel que les visiteurs le verront\u202f: l’équipe seule y a accès. "
        "Il faut quelques secondes à la première ouverture."
    )
    with st.container(horizontal=True):
        for address in PAGES:
            _, title, icon = menu.PAGES[address]
            st.page_link(
                menu.page(address), label=title, icon=icon, query_params={"edition": f"{PREVIEW}{draft.draft.id}"}
            )
    st.header("Les premiers chiffres", anchor=False)
    figures = headline(held.edition).rename(columns={"figure": "Chiffre", "value": "Valeur"})
    st.dataframe(figures, hide_index=True, alt=f"Tableau{NARROW}: premiers chiffres du brouillon")
    st.caption(
        "Réponses telles que données, réservées à l’équipe. Sur les pages publiques, les réponses non publiées sont "
        "échangées entre territoires voisins et les petits effectifs masqués."
    )
    steps.onward("apercu")
