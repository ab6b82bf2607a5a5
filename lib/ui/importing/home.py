"""The first view of the import page: what visitors see now, drafts under way, what was done, and a new import.

What a visitor of the team does here is written by `actions`; the steps of a draft have modules of their own.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from lib.display.formats import NARROW, counted, day, number, plain
from lib.survey.editions import list_editions
from lib.survey.respondents import find_respondents
from lib.survey.store.drafts import Draft, list_drafts
from lib.survey.store.journal import read_journal
from lib.survey.store.opening import Store
from lib.survey.store.publication import Published, current_editions, history
from lib.survey.store.revisions import list_revisions
from lib.ui import menu
from lib.ui.importing import actions, opened, steps
from lib.ui.importing.words import attempt
from lib.ui.session import editions, given_edition


def draw() -> None:
    """Draw the first view."""
    kept = opened.store()
    st.markdown(
        "Six étapes, du fichier à la publication\u202f; vous pouvez quitter la page et revenir, le brouillon est "
        "gardé. Les visiteurs ne voient rien avant la dernière."
    )
    st.button("Importer un fichier de réponses", type="primary", icon=":material/upload_file:", on_click=steps.begin)
    if kept is not None:
        _drafts(kept)
    st.header(f"Que voient les visiteurs aujourd’hui{NARROW}?", anchor=False)
    shipped = plain(", ".join(known.title for known in list_editions().values()))
    revisions = list_revisions(kept) if kept is not None else pd.DataFrame()
    if kept is None or revisions.empty:
        st.info(
            "Aucune édition n’a encore été importée ici. Les visiteurs voient ce qui est livré avec l’application"
            f"{NARROW}: {shipped}.",
            icon=":material/info:",
        )
    else:
        published = current_editions(kept)
        if not published:
            st.info(
                f"Aucune édition n’est publiée{NARROW}: les visiteurs voient ce qui est livré avec l’application "
                f"({shipped}).",
                icon=":material/info:",
            )
        for edition in dict.fromkeys([*published, *revisions["edition_id"]]):
            _edition(kept, edition, published.get(edition), revisions[revisions["edition_id"] == edition])
    if kept is not None:
        _journal(kept)


def _drafts(kept: Store) -> None:
    found = list_drafts(kept)
    if not found:
        return
    st.header("Imports en cours", anchor=False)
    for draft in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(_draft_words(draft), width="stretch")
            st.button(
                "Reprendre",
                key=f"reprendre-{draft.id}",
                on_click=steps.resume,
                args=(draft.id,),
                icon=":material/play_arrow:",
            )
            with st.popover("Supprimer", icon=":material/delete:"):
                st.markdown("Le brouillon et ses réponses seront effacés. Rien ne change pour les visiteurs.")
                st.button(
                    "Supprimer ce brouillon",
                    key=f"supprimer-{draft.id}",
                    type="primary",
                    on_click=attempt,
                    args=("Le brouillon est supprimé.", actions.delete_draft, draft.id),
                )


def _draft_words(draft: Draft) -> str:
    rows = draft.source.get("rows")
    size = f" · {counted(int(rows), 'réponse')}" if rows is not None else ""
    return (
        f"**{plain(str(draft.edition.get('title', '')))}** (brouillon {draft.id}){size}  \n"
        f":gray[Modifié le {day(draft.updated_at)} par {plain(draft.updated_by)}]"
    )


def _edition(kept: Store, edition: str, current: Published | None, revisions: pd.DataFrame) -> None:
    past = history(kept, edition)
    with st.container(border=True):
        st.subheader(plain(current.title if current else str(revisions.iloc[0]["title"])), anchor=False)
        if current is None:
            st.markdown("Retirée, ou jamais publiée\u202f: les visiteurs ne la voient pas.")
        else:
            st.markdown(
                f"Version **{current.number}** publiée le {day(current.published_at)} par {plain(current.who)}. "
                f":gray[{plain(current.collected)} · territoires de {current.millesime}"
                f"{' · données simulées' if current.simulated else ''}]"
            )
        with st.container(horizontal=True):
            _publish(edition, current, revisions)
            _roll_back(current, past, edition)
            _withdraw(current, edition)
            if current is not None:
                st.page_link(
                    menu.page(menu.FIRST),
                    label="Voir la page publique",
                    icon=":material/open_in_new:",
                    query_params={"edition": edition},
                )
        with st.expander(f"Versions et publications ({len(revisions)})"):
            st.dataframe(_revision_table(revisions), hide_index=True, alt=f"Tableau{NARROW}: versions de l’édition")
            st.dataframe(_history_table(past), hide_index=True, alt=f"Tableau{NARROW}: publications de l’édition")
        if current is not None:
            _deletion(edition)


def _confirmed(
    label: str, icon: str, warning: str, button: str, key: str, done: str, action: Callable[..., None], *args: Any,
    shut: str = "",
) -> None:  # fmt: skip
    """Draw an action behind its confirmation, or shut, with the reason."""
    if shut:
        st.button(label, icon=icon, disabled=True, help=shut, key=f"{key}-ferme")
        return
    with st.popover(label, icon=icon):
        st.markdown(warning)
        st.button(button, key=key, type="primary", on_click=attempt, args=(done, action, *args))


def _publish(edition: str, current: Published | None, revisions: pd.DataFrame) -> None:
    ready = revisions[revisions["purged_at"].isna()]
    if current is not None:
        ready = ready[ready["id"] != current.revision_id]
    if ready.empty:
        shut = "Il n’y a pas d’autre version prête que celle qui est publiée."
        st.button("Publier", icon=":material/publish:", disabled=True, help=shut, key=f"publier-{edition}-ferme")
        return
    names = {
        int(row["id"]): f"Version {row['number']}, écrite le {day(row['created_at'])}"
        for row in ready.to_dict(orient="records")
    }
    with st.popover("Publier", icon=":material/publish:"):
        chosen = st.selectbox("Version", list(names), format_func=names.__getitem__, key=f"version-{edition}")
        st.markdown("Les visiteurs verront cette version dès leur prochaine action, à la place de l’actuelle.")
        done = "La version est publiée\u202f: les visiteurs la voient dès leur prochaine action."
        st.button(
            "Publier cette version",
            key=f"publier-{edition}",
            type="primary",
            on_click=attempt,
            args=(done, actions.publish, chosen, current.revision_id if current else None),
        )


def _roll_back(current: Published | None, past: pd.DataFrame, edition: str) -> None:
    shown = past["revision_id"].dropna().nunique()
    if current is None:
        label, done = "Remettre en ligne", "L’édition est de nouveau publiée."
        warning = "Les visiteurs verront de nouveau la dernière version publiée, dès leur prochaine action."
        shut = "" if shown else "L’édition n’a jamais été publiée."
    else:
        label, done = "Revenir à la version précédente", "La version précédente est de nouveau publiée."
        warning = (
            "Les visiteurs verront la version publiée avant celle-ci dès leur prochaine action. Rien n’est "
            "effacé\u202f: vous pourrez publier à nouveau celle d’aujourd’hui."
        )
        shut = "" if shown > 1 else "Aucune autre version n’a été publiée avant celle-ci."
    expected = current.revision_id if current else None
    _confirmed(
        label, ":material/undo:", warning, label, f"revenir-{edition}", done, actions.roll_back, edition, expected,
        shut=shut,
    )  # fmt: skip


def _withdraw(current: Published | None, edition: str) -> None:
    _confirmed(
        "Retirer",
        ":material/visibility_off:",
        "Les visiteurs ne verront plus cette édition dès leur prochaine action\u202f; ils verront les autres, ou "
        "celles livrées avec l’application. Rien n’est effacé.",
        "Retirer cette édition",
        f"retirer-{edition}",
        "L’édition est retirée\u202f: les visiteurs ne la voient plus.",
        actions.withdraw,
        edition,
        current.revision_id if current else None,
        shut="" if current else "L’édition n’est pas publiée.",
    )


def _deletion(edition: str) -> None:
    with st.expander("Supprimer la réponse d’une personne qui le demande"):
        st.markdown(
            "Une nouvelle version sans cette réponse est publiée\u202f; les autres versions qui la contiennent sont "
            "vidées, et les brouillons de cette édition sont fermés\u202f: on ne pourra plus y revenir."
        )
        asked = st.text_input(
            "Territoire de la personne (nom ou code), ou identifiant de sa réponse",
            key=f"personne-{edition}", max_chars=60,
        )  # fmt: skip
        respondent = _chosen_person(edition, asked) if asked.strip() else ""
        sure = st.checkbox("Je confirme la suppression définitive", key=f"sur-{edition}")
        done = "La réponse est supprimée, et une version sans elle est publiée."
        st.button(
            "Supprimer la réponse",
            key=f"effacer-{edition}",
            disabled=not (respondent and sure),
            on_click=attempt,
            args=(done, actions.delete_respondent, edition, respondent),
        )


def _chosen_person(edition: str, asked: str) -> str:
    """Draw who answered for a territory, and return the identifier of the one who is chosen; empty for nobody."""
    if edition not in editions():
        st.caption("Cette édition n’est pas publiée\u202f: remettez-la en ligne pour y chercher quelqu’un.")
        return ""
    given = given_edition(edition)
    found = find_respondents(given.respondents, asked)
    if found.empty:
        st.caption("Personne n’a répondu pour ce territoire dans la version publiée.")
        return ""
    roles = given.codebook[given.codebook.parts.role].labels if given.codebook.parts.role else {}
    names = {
        str(respondent): " · ".join(
            plain(str(part))
            for part in (row["nom"], row["declared"], roles.get(row["role"]), respondent)
            if pd.notna(part)
        )
        for respondent, row in found.head(50).iterrows()
    }
    return st.selectbox(
        f"Réponse ({counted(len(found), 'trouvée')})", list(names), format_func=names.__getitem__, index=None,
        placeholder="Choisir la réponse à supprimer", key=f"reponse-{edition}",
    ) or ""  # fmt: skip


def _revision_table(revisions: pd.DataFrame) -> pd.DataFrame:
    counts = [told if isinstance(told, dict) else {} for told in revisions["counts"]]
    return pd.DataFrame(
        {
            "Version": revisions["number"].tolist(),
            "État": revisions["state"].tolist(),
            "Écrite le": [day(when) for when in revisions["created_at"]],
            "Par": revisions["created_by"].tolist(),
            "Répondants": [number(told["respondents"]) if "respondents" in told else "–" for told in counts],
            "Territoires": [number(told["territories"]) if "territories" in told else "–" for told in counts],
            "Vidée le (à la demande d’une personne)": [
                day(when) if pd.notna(when) else "" for when in revisions["purged_at"]
            ],
        }
    )


_ACTIONS = {"publish": "Publication", "rollback": "Retour à une version", "withdraw": "Retrait"}


def _history_table(past: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Le": [day(when) for when in past["at"]],
            "Action": [_ACTIONS.get(action, action) for action in past["action"]],
            "Version": ["" if pd.isna(value) else number(value) for value in past["number"]],
            "Par": past["who"].tolist(),
        }
    )


def _journal(kept: Store) -> None:
    with st.expander("Journal des imports", on_change="rerun", key="journal") as folded:
        if not folded.open:
            return
        rows = read_journal(kept)
        st.dataframe(
            pd.DataFrame(
                {
                    "Le": [day(when) for when in rows["at"]],
                    "Par": rows["who"].tolist(),
                    "Action": rows["action"].tolist(),
                    "Détails": [_details(told) for told in rows["details"]],
                }
            ),
            hide_index=True,
            alt=f"Tableau{NARROW}: journal des imports",
        )
        st.caption("Le journal dit qui a fait quoi et quand, jamais le contenu d’une réponse.")


def _details(told: Any) -> str:
    return ", ".join(f"{name}\u202f: {value}" for name, value in dict(told).items() if value not in (None, ""))
