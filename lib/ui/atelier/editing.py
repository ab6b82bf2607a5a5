"""The team's editor of sequences: the one that the page presents, its steps in a table, saved, deleted or taken away.

What a sequence may hold is checked by `lib.survey.sequences`; two people at once by `lib.survey.store.sequences`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from lib.display.formats import NARROW, day, plain
from lib.survey.sequences import (
    GUESSES,
    Sequence,
    SequenceError,
    entry,
    identifier,
    load_sequence,
    parse,
    sequence_from,
    written,
)
from lib.survey.store.opening import StoreError, open_store
from lib.survey.store.sequences import Saved, delete_sequence, read_sequence, save_sequence
from lib.ui import access
from lib.ui.atelier.sequences import PAGES, PARAMETER

ORDER = "Ordre"
FIELDS = {
    "titre": "Titre",
    "vue": "Vue",
    "figure": "Figure",
    "question": "Question à la salle",
    "devinette": "Devinette",
    "ligne": "Ligne devinée",
    "texte": "Texte",
    "notes": "Notes",
}
"""Heading of each field of a step, in the order of the columns."""

_GUESSES = {GUESSES[0]: "la part d’une ligne", GUESSES[1]: "la ligne en tête"}
_BEGUN, _NEWS, _TURN = "atelier-commencee", "atelier-nouvelle", "atelier-tour"
_EXPIRED = "Votre connexion a expiré\u202f: rien n’a été fait. Reconnectez-vous avant de continuer."


@dataclass(frozen=True)
class Begun:
    """What the table began with: a colleague may have saved another version since.

    Attributes
    ----------
    origin : id of a saved sequence, or what else it was made of.
    sequence : as it was then.
    version : that of the saved sequence; None for a new one.
    """

    origin: str
    sequence: Sequence
    version: int | None = None

    @property
    def key(self) -> str:
        """Key of the table's widget: another one for each version."""
        return f"atelier-etapes-{self.origin}-{self.version or 0}"


@st.fragment
def edit(sequence: Sequence | None = None) -> None:
    """Draw the editor of the sequence that the page presents, for the team alone; the shipped one by default.

    The shipped sequence and a file are copied under a new title.
    """
    if not access.is_staff():
        st.error(_EXPIRED, icon=":material/lock:")
        return
    _news()
    st.markdown(
        "Modifiez la séquence choisie en haut de la page, ou partez d’elle pour en enregistrer une autre. La vue d’une "
        "étape est l’adresse de sa page, copiée du navigateur avec ses filtres\u202f; le nom d’une figure est celui de "
        "ses fichiers, «\u202fstrategies-carte\u202f»."
    )
    begun = _begin(sequence or load_sequence(PAGES))
    made, faults = _draw(begun)
    if faults:
        _tell(faults, ":material/edit_note:")
    _actions(begun, made)


def rows_of(sequence: Sequence) -> pd.DataFrame:
    """Return the steps as the table shows them: `ORDER`, then a column of texts for each field."""
    entries = [entry(step) for step in sequence.steps]
    rows = pd.DataFrame(
        {
            heading: ["\n".join(one.get(field, "")) if field == "texte" else one.get(field, "") for one in entries]
            for field, heading in FIELDS.items()
        },
        dtype="str",
    )
    rows.insert(0, ORDER, [float(rank) for rank in range(1, len(entries) + 1)])
    return rows


def entries_of(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the steps of a table by the names of their fields, in its order; rows left empty are no steps.

    A row without a number comes last.
    """
    entries = []
    for row in rows.sort_values(ORDER, kind="stable", na_position="last").to_dict(orient="records"):
        told = {field: _text(row.get(heading)) for field, heading in FIELDS.items()}
        given: dict[str, Any] = {field: text for field, text in told.items() if text}
        if "texte" in given:
            given["texte"] = told["texte"].splitlines()
        if given:
            entries.append(given)
    return entries


def _tell(faults: tuple[str, ...], icon: str) -> None:
    st.error("  \n".join(plain(fault) for fault in faults), icon=icon)


def _text(cell: Any) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _begin(presented: Sequence) -> Begun:
    """Return what the table begins with: the same as long as it is drawn, whatever is saved meanwhile."""
    with st.popover("Importer un fichier TOML", icon=":material/upload_file:"):
        file = st.file_uploader(
            "Séquence, telle que «\u202fTélécharger (TOML)\u202f» l’écrit", type=["toml"], max_upload_size=1,
            key=f"atelier-fichier-{st.session_state.get(_TURN, 0)}",
        )  # fmt: skip
    content = file.getvalue() if file else b""
    origin = f"fichier-{hashlib.sha256(content).hexdigest()[:12]}" if content else presented.id
    begun = st.session_state.get(_BEGUN)
    if isinstance(begun, Begun) and begun.key in st.session_state:
        # One that a colleague deleted is still asked for by the address: what was written of it is not lost.
        deleted = not content and begun.version is not None and begun.origin == st.query_params.get(PARAMETER)
        if deleted or begun.origin == origin:
            return begun
    try:
        begun = Begun(origin, parse(content, PAGES)) if content else _saved(presented)
    except SequenceError as refused:
        _tell(refused.faults, ":material/block:")
        begun = _saved(presented)
    st.session_state[_BEGUN] = begun
    return begun


def _saved(presented: Sequence) -> Begun:
    store = open_store()
    kept = read_sequence(store, presented.id) if store else None
    return Begun(presented.id, kept.sequence, kept.version) if kept else Begun(presented.id, presented)


def _draw(begun: Begun) -> tuple[Sequence | None, tuple[str, ...]]:
    """Draw the title and the table; return the sequence that they make, or what is wrong with it."""
    shipped = begun.origin == load_sequence().id
    left, right = st.columns(2)
    with left:
        title = st.text_input(
            "Titre de la séquence", f"{begun.sequence.title} (copie)" if shipped else begun.sequence.title,
            key=f"{begun.key}-titre",
        )  # fmt: skip
    with right:
        subtitle = st.text_input("Sous-titre", begun.sequence.subtitle, key=f"{begun.key}-sous-titre")
    rows = st.data_editor(
        rows_of(begun.sequence), key=begun.key, num_rows="dynamic", hide_index=True, column_config=_columns(),
        placeholder="", alt=f"Tableau{NARROW}: étapes de la séquence", height=420,
    )  # fmt: skip
    st.caption(
        "Double-cliquez pour écrire dans une case\u202f; Maj + Entrée y va à la ligne. L’ordre se change par son "
        "numéro\u202f: 3,5 place une étape entre la troisième et la quatrième. Une étape sans figure montre son texte, "
        "une ligne par ligne."
    )
    content = {"titre": title, "sous_titre": subtitle, "etape": entries_of(rows)}
    if begun.version is not None:
        content["id"] = begun.sequence.id
    try:
        return sequence_from(content, PAGES), ()
    except SequenceError as refused:
        return None, refused.faults


def _columns() -> dict[str, Any]:
    told = {
        "devinette": st.column_config.SelectboxColumn(
            width=150, options=list(_GUESSES), format_func=lambda code: _GUESSES[str(code)]
        ),
        "titre": st.column_config.TextColumn(width=260, pinned=True),
        "ligne": st.column_config.TextColumn(width=130, help="Laissez vide pour la première ligne de la figure."),
        "notes": st.column_config.TextColumn(width="large", help="Pour l’animateur seul."),
    }
    texts = {heading: told.get(field, st.column_config.TextColumn(width=200)) for field, heading in FIELDS.items()}
    return {ORDER: st.column_config.NumberColumn(width=70, format="plain", pinned=True), **texts}


def _actions(begun: Begun, made: Sequence | None) -> None:
    """Draw what can be done with the sequence; None of it where it is not one yet."""
    new = begun.version is None
    with st.container(horizontal=True, gap="small"):
        if not new and st.button("Enregistrer", type="primary", disabled=made is None, icon=":material/save:") and made:
            _attempt("La séquence est enregistrée.", _save, made, begun.version)
        label = "Enregistrer" if new else "Enregistrer comme une nouvelle séquence"
        if st.button(
            label, type="primary" if new else "secondary", disabled=made is None, icon=":material/save_as:",
            key="atelier-neuve",
        ) and made:  # fmt: skip
            _attempt("La nouvelle séquence est enregistrée\u202f: la page la présente.", _save_new, made)
        st.download_button(
            "Télécharger (TOML)", written(made) if made else "", f"sequence-{made.id if made else ''}.toml",
            "application/toml", disabled=made is None, on_click="ignore", icon=":material/download:",
        )  # fmt: skip
        if not new:
            with st.popover("Supprimer", icon=":material/delete:"):
                st.markdown("La séquence ne pourra plus être présentée. Téléchargez-la d’abord pour la garder.")
                if st.button("Supprimer cette séquence", type="primary"):
                    _attempt("La séquence est supprimée.", _delete, begun)
    if not new:
        _rival(begun)


def _rival(begun: Begun) -> None:
    """Tell that a colleague saved or deleted the sequence since it was begun, and offer to begin again."""
    store = open_store()
    kept = read_sequence(store, begun.origin) if store else None
    if kept is None:
        st.warning(
            "Cette séquence a été supprimée pendant que vous la prépariez\u202f: enregistrez la vôtre comme une "
            "nouvelle séquence.",
            icon=":material/group:",
        )
    elif kept.version != begun.version:
        st.warning(
            f"{plain(kept.saved_by)} a enregistré cette séquence le {day(kept.saved_at)}, pendant que vous la "
            "prépariez\u202f: enregistrez la vôtre sous un autre titre, ou abandonnez vos changements.",
            icon=":material/group:",
        )
        if st.button("Abandonner et recharger", icon=":material/refresh:"):
            del st.session_state[_BEGUN]
            st.rerun()


def _save(made: Sequence, version: int | None) -> Saved:
    access.require_staff()
    return save_sequence(open_store(create=True), made, access.who(), version)


def _save_new(made: Sequence) -> Saved:
    access.require_staff()
    id = identifier(made.title)
    if id in ("", load_sequence().id):
        raise StoreError("Ce titre ne peut pas être celui d’une nouvelle séquence\u202f: donnez-en un autre.")
    return _save(replace(made, id=id), None)


def _delete(begun: Begun) -> None:
    access.require_staff()
    assert begun.version is not None, "only what was saved is deleted"
    delete_sequence(open_store(create=True), begun.origin, access.who(), begun.version)


def _attempt(done: str, action: Callable[..., Saved | None], *args: Any) -> None:
    """Do something, and draw the page again with the sequence that it left; tell a refusal in place."""
    try:
        saved = action(*args)
    except (StoreError, SequenceError, PermissionError) as refused:
        said = _EXPIRED if isinstance(refused, PermissionError) else str(refused)
        st.error(plain(said), icon=":material/block:")
        return
    st.session_state[_NEWS] = done
    # The file that was uploaded is no longer the matter.
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.session_state.pop(_BEGUN, None)
    if saved is None:
        st.query_params.pop(PARAMETER, None)
    else:
        st.query_params[PARAMETER] = saved.id
    st.rerun()


def _news() -> None:
    """Show, once, what the last action left to say."""
    if sentence := st.session_state.pop(_NEWS, ""):
        st.success(sentence, icon=":material/check_circle:")
