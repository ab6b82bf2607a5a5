"""Last step of an import: what changes for visitors, the confirmation, and the publication.

Publishing is one transaction of `lib.survey.store.publication`; a colleague who was faster is told there.
"""

import streamlit as st

from lib.display.formats import NARROW, day, plain
from lib.survey.edition import Edition
from lib.survey.importing import OpenDraft
from lib.survey.store.publication import PublicationConflict, Published, current_editions
from lib.survey.store.revisions import load_given
from lib.ui import access, menu
from lib.ui.importing import actions, opened, steps
from lib.ui.importing.headline import compared
from lib.ui.importing.words import note, noted, refusals, tell, working

PUBLISHED = "import-publiee"
"""Key of the session under which the id of the edition just published is kept, for the link to its page."""


def draw(draft: OpenDraft) -> None:
    """Draw the step of the publication."""
    held = None
    with refusals():
        held = opened.read(draft)
    if held is None:
        steps.onward("publication")
        return
    kept = opened.store()
    current = current_editions(kept).get(draft.identity.id) if kept is not None else None
    before: Edition | None = None
    if current is not None:
        with refusals():
            before = _given(str(kept.engine.url) if kept else "", current.revision_id)
    st.header(
        f"Ce qui change pour les visiteurs{NARROW}: «{NARROW}{plain(draft.identity.title)}{NARROW}»", anchor=False
    )
    _words(current, alone=kept is None or not current_editions(kept))
    table = compared(held.edition, before)
    st.dataframe(
        table if current is not None else table.drop(columns="Aujourd’hui"),
        hide_index=True,
        alt=f"Tableau{NARROW}: chiffres avant et après publication",
    )
    empty = held.edition.respondents.empty
    sure = st.checkbox(
        "J’ai relu les colonnes, les territoires et la qualité\u202f: cette version peut être publiée",
        key=f"relu-{draft.draft.id}-{draft.draft.version}",
        disabled=empty,
    )
    shut = "Aucune réponse n’est retenue." if empty else "" if sure else "Cochez d’abord la case ci-dessus."
    name = f"publier-{draft.draft.id}"
    st.button(
        "Publier",
        type="primary",
        icon=":material/publish:",
        disabled=bool(shut),
        on_click=note,
        args=(name, (draft.draft.version, current.revision_id if current else None)),
    )
    if seen := noted(name):
        _publish(draft, *seen)
    if shut:
        st.caption(shut)
    steps.onward("publication")


def _words(current: Published | None, *, alone: bool) -> None:
    if current is None:
        what = (
            "elle remplacera les éditions livrées avec l’application"
            if alone
            else "elle s’ajoutera à celles que les visiteurs peuvent choisir"
        )
        st.markdown(
            f"C’est la première publication de cette édition\u202f: {what}. Le brouillon deviendra une version, qui ne "
            "changera plus."
        )
    else:
        st.markdown(
            f"Elle remplacera la version {current.number}, publiée le {day(current.published_at)} par "
            f"{plain(current.who)}. Vous pourrez y revenir à tout moment depuis la page d’accueil de l’import."
        )


def _publish(draft: OpenDraft, version: int, expected: int | None) -> None:
    if version != draft.draft.version:
        st.warning("Ce brouillon vient d’être modifié\u202f: relisez-le avant de publier.", icon=":material/group:")
        return
    done = False
    with refusals():
        try:
            with working("Préparation de la version…") as told:
                actions.finish_and_publish(draft, expected, told)
            done = True
        except PublicationConflict as conflict:
            st.error(plain(str(conflict)), icon=":material/group:")
            st.info(
                "Votre version est écrite, sans être publiée\u202f: comparez, puis publiez-la depuis l’accueil de "
                "l’import.",
                icon=":material/inventory_2:",
            )
            st.button("Aller à l’accueil de l’import", on_click=steps.leave)
            menu.end_page()
    if done:
        st.session_state[PUBLISHED] = draft.identity.id
        steps.leave()
        tell("La version est publiée\u202f: les visiteurs la voient dès leur prochaine action.")


def link() -> None:
    """Draw, once after a publication, the link to the public page of the edition."""
    if edition := st.session_state.pop(PUBLISHED, ""):
        st.page_link(
            menu.page(menu.FIRST),
            label="Voir la page publique de l’édition",
            icon=":material/open_in_new:",
            query_params={"edition": edition},
        )


@st.cache_resource(show_spinner="Lecture de la version publiée…", ttl=opened.AN_HOUR, max_entries=2)
def _given(place: str, revision: int) -> Edition | None:  # noqa: ARG001 (the place says which store)
    access.require_staff()
    kept = opened.store()
    return load_given(kept, revision) if kept is not None else None
