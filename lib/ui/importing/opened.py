"""The draft that the address asks for, and what is made of it: read once for each state of it, then kept a while.

Nothing is written here. What is kept holds answers as given: only the team reaches it, and it is forgotten within the
hour.
"""

import hashlib
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.survey import importing
from lib.survey.edition import Edition
from lib.survey.importing import OpenDraft
from lib.survey.quality.report import Quality, quality
from lib.survey.reading.export import Export
from lib.survey.store.aliases import load_aliases
from lib.survey.store.drafts import list_drafts
from lib.survey.store.opening import Store, StoreError, open_store
from lib.ui import access
from lib.ui.importing import steps

AN_HOUR = 3600


@dataclass(frozen=True, eq=False)
class Read:
    """What a draft holds once it is read: raw answers, the edition they make."""

    export: Export
    edition: Edition


def store() -> Store | None:
    """Return the store, None where nothing was ever imported; for the team alone."""
    access.require_staff()
    return open_store()


def asked() -> OpenDraft | None:
    """Return the draft that the address asks for; None, with a sentence, when it is gone, or asks for none."""
    number = steps.asked_draft()
    if number is None:
        return None
    kept = store()
    versions = {draft.id: draft.version for draft in list_drafts(kept)} if kept else {}
    if kept is None or number not in versions:
        st.info("Ce brouillon n’existe plus\u202f: il a été publié ou supprimé.", icon=":material/draft:")
        return None
    return _open(_place(kept), number, versions[number])


def read(draft: OpenDraft) -> Read:
    """Return what a draft holds, territories matched with the aliases of the moment.

    Raises
    ------
    SurveyFileError
        When the questionnaire is to be completed, or lacks a question without which nothing can be read.
    """
    return _read(*_state(draft))


def report(draft: OpenDraft) -> Quality:
    """Return the quality report of a draft; raises what `read` does."""
    return _report(*_state(draft))


def aliases() -> pd.DataFrame:
    """Return the territories that were chosen by hand so far."""
    kept = store()
    return load_aliases(kept) if kept else pd.DataFrame(columns=["type", "declared", "code", "who", "at"])


def forget() -> None:
    """Forget every draft that was read."""
    _open.clear()
    _read.clear()
    _report.clear()


def _state(draft: OpenDraft) -> tuple[str, int, int, str]:
    kept = store()
    if kept is None:
        raise StoreError("Il n’y a pas encore de dépôt d’éditions\u202f: commencez un nouvel import.")
    stamp = hashlib.sha256(load_aliases(kept).to_csv().encode()).hexdigest()
    return _place(kept), draft.draft.id, draft.draft.version, stamp


def _place(kept: Store) -> str:
    return str(kept.engine.url)


@st.cache_resource(show_spinner="Ouverture du brouillon…", ttl=AN_HOUR, max_entries=3)
def _open(place: str, number: int, version: int) -> OpenDraft:  # noqa: ARG001 (both say which state is kept)
    return importing.open_draft(open_store(create=True), number)


@st.cache_resource(show_spinner="Lecture des réponses et reconnaissance des territoires…", ttl=AN_HOUR, max_entries=3)
def _read(place: str, number: int, version: int, stamp: str) -> Read:  # noqa: ARG001
    draft = _open(place, number, version)
    export = importing.draft_export(draft)
    return Read(export, importing.draft_edition(open_store(create=True), draft, export=export))


@st.cache_resource(show_spinner="Contrôle de la qualité…", ttl=AN_HOUR, max_entries=3)
def _report(place: str, number: int, version: int, stamp: str) -> Quality:
    draft, held = _open(place, number, version), _read(place, number, version, stamp)
    return quality(held.edition, held.export, started=draft.identity.started)
