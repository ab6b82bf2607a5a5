"""What every visitor shares: the public editions, loaded once for the process and never changed.

What belongs to one visitor (filters, choices) is in the address, read by `lib.ui.filters`. The answers as given and the
drafts are behind `lib.ui.access`: no page but those of the team may ask for them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import streamlit as st

from lib.analysis.weights import weigh
from lib.survey.edition import Edition, load_edition
from lib.survey.editions import EditionFile, list_editions
from lib.survey.exchange import exchanged
from lib.survey.identity import PREVIEW
from lib.survey.importing import draft_edition, open_draft
from lib.survey.retention import load_retention
from lib.survey.store.aliases import load_aliases
from lib.survey.store.backup import expire_backups
from lib.survey.store.contacts import purge
from lib.survey.store.drafts import list_drafts
from lib.survey.store.opening import Store, StoreError, open_store
from lib.survey.store.publication import Published, current_editions
from lib.survey.store.revisions import load_given, load_public
from lib.ui import access

Listed = EditionFile | Published

DRAFT_TITLE = "Brouillon\u202f: "
"""What the title of a draft begins with, in its preview and on all that leaves it."""

KEPT = 6
"""Public editions kept in memory, the latest asked for first."""

AN_HOUR = 3600
"""Seconds that answers as given stay in memory, were they deleted by another process."""

_SEEN = "editions-vues"
_LAST: dict[str, Mapping[str, Listed]] = {}


def editions() -> Mapping[str, Listed]:
    """Return the editions that a visitor may choose, by id, the latest first.

    They are those that are published; as long as none is, those that are shipped, whose answers are simulated. They
    stay the same during one run of the script, so that no page mixes two revisions: `look` takes the next ones.
    """
    if _SEEN not in st.session_state:
        look()
    return st.session_state[_SEEN]


def seen() -> Mapping[str, Listed]:
    """Return the editions last seen, none where the store never answered."""
    return st.session_state.get(_SEEN, {})


def look() -> None:
    """See what is published now; the router does so at the start of each run."""
    st.session_state[_SEEN] = _LAST[_SEEN] = _published() or _files()


def recall() -> bool:
    """Return whether this visit, or else this server, has seen which editions are published, and go on with those."""
    if _SEEN not in st.session_state and _SEEN in _LAST:
        st.session_state[_SEEN] = _LAST[_SEEN]
    return _SEEN in st.session_state


def start() -> None:
    """Delete what is kept no longer, and load what visitors will ask for, before the first of them."""
    if opened := open_store():
        purge(opened)
        if opened.path:
            # What a restoration set aside.
            expire_backups(opened.path.parent, load_retention().backups_days)
    published = _published()
    for listed in published.values():
        _public_revision(listed.revision_id, listed.published_at)
    for edition_id in [] if published else _files():
        _public_file(edition_id)


def rerun_if_replaced(edition: Edition) -> None:
    """Run the whole page again if its edition is no longer published; for a part of a page that runs alone."""
    try:
        now = _published()
    except StoreError:
        # It is said by the next run of the whole page; what is shown meanwhile is what was known.
        return
    known = now[edition.id].revision_id == edition.revision if edition.id in now else not (now or edition.revision)
    if not (known or edition.id.startswith(PREVIEW)):
        st.rerun()


def current_edition() -> Edition:
    """Return the public edition that the address asks for, the latest by default."""
    asked = st.query_params.get("edition", "")
    if asked in drafts():
        return _public_draft(*_version(asked))
    known = editions()
    return public_edition(asked if asked in known else next(iter(known)))


def shown_by_default() -> Edition:
    """Return the public edition that an address without one shows, for whoever has no session: it is loaded first."""
    for listed in _published().values():
        return _public_revision(listed.revision_id, listed.published_at)
    return _public_file(next(iter(_files())))


def public_edition(edition_id: str) -> Edition:
    """Return the edition that visitors see: unpublished answers exchanged, small counts to be hidden."""
    if edition_id in drafts():
        return _public_draft(*_version(edition_id))
    listed = editions()[edition_id]
    if isinstance(listed, Published):
        return _public_revision(listed.revision_id, listed.published_at)
    return _public_file(edition_id)


def given_edition(edition_id: str) -> Edition:
    """Return the answers as given, of an edition or of a draft.

    Raises
    ------
    PermissionError
        When the visitor is not of the team.
    """
    access.require_staff()
    if edition_id in drafts():
        return _given_draft(*_version(edition_id))
    listed = editions()[edition_id]
    if isinstance(listed, Published):
        return _given_revision(listed.revision_id, listed.published_at)
    return _given_file(edition_id)


def drafts() -> dict[str, str]:
    """Return the titles of the drafts that this visitor may look at, by the id of their preview; for the team alone."""
    if not st.query_params.get("edition", "").startswith(PREVIEW) or not access.is_staff():
        return {}
    opened = open_store()
    listed = list_drafts(opened) if opened else ()
    return {f"{PREVIEW}{draft.id}": f"{DRAFT_TITLE}{draft.edition['title']}" for draft in listed}


def forget() -> None:
    """Forget the answers kept in memory: somebody of them was deleted, or the draft that they came from."""
    for kept in (_public_revision, _given_revision, _public_draft, _given_draft):
        kept.clear()


def _version(preview: str) -> tuple[int, int, str]:
    """Return what a preview depends on: which draft, its version, the territories chosen by hand."""
    store = _store()
    number = int(preview.removeprefix(PREVIEW))
    (version,) = (draft.version for draft in list_drafts(store) if draft.id == number)
    chosen = load_aliases(store)["at"]
    return number, version, f"{len(chosen)} {chosen.max()}"


def _published() -> dict[str, Published]:
    opened = open_store()
    return current_editions(opened) if opened else {}


def _store() -> Store:
    opened = open_store()
    assert opened is not None, "a stored edition was listed"
    return opened


@st.cache_resource(show_spinner=False)
def _files() -> dict[str, EditionFile]:
    return list_editions()


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _public_revision(revision_id: int, at: datetime) -> Edition:  # noqa: ARG001 (a restored store may number anew)
    return weigh(load_public(_store(), revision_id))


@st.cache_resource(show_spinner=False, ttl=AN_HOUR, max_entries=2)
def _given_revision(revision_id: int, at: datetime) -> Edition:  # noqa: ARG001 (a restored store may number anew)
    return weigh(load_given(_store(), revision_id))


@st.cache_resource(show_spinner=False)
def _public_file(edition_id: str) -> Edition:
    return weigh(exchanged(load_edition(_files()[edition_id].path)))


@st.cache_resource(show_spinner=False)
def _given_file(edition_id: str) -> Edition:
    return weigh(load_edition(_files()[edition_id].path))


@st.cache_resource(show_spinner="Lecture du brouillon…", ttl=AN_HOUR, max_entries=2)
def _given_draft(draft_id: int, version: int, aliases: str) -> Edition:  # noqa: ARG001 (what it depends on)
    store = _store()
    edition = draft_edition(store, open_draft(store, draft_id))
    return weigh(replace(edition, id=f"{PREVIEW}{draft_id}", title=f"{DRAFT_TITLE}{edition.title}"))


@st.cache_resource(show_spinner="Protection des réponses du brouillon…", ttl=AN_HOUR, max_entries=2)
def _public_draft(draft_id: int, version: int, aliases: str) -> Edition:
    return weigh(exchanged(_given_draft(draft_id, version, aliases)))
