"""Everything that the import page writes: each function asks first whether the visitor is of the team, and who.

What is written, and how, belongs to `lib.survey`; what is said of it, to the steps that call.
"""

from collections.abc import Callable, Mapping

import pandas as pd

from lib.survey import importing
from lib.survey.identity import Identity
from lib.survey.importing import OpenDraft
from lib.survey.reading.mapping import Target, with_option, with_target
from lib.survey.store import aliases, deletion, drafts, publication
from lib.survey.store.opening import Store, StoreError, open_store
from lib.ui import access, session
from lib.ui.importing import opened

Told = Callable[[str], None]


def _store() -> Store:
    access.require_staff()
    return open_store(create=True)


def start(content: bytes, identity: Identity, codebook: str | None, keep_contacts: bool, told: Told) -> int:
    """Make a draft of a file and return its number; see `lib.survey.importing.start_draft`."""
    access.require_staff()
    return importing.start_draft(
        _store(), content, identity, who=access.who(), codebook=codebook, keep_contacts=keep_contacts, told=told
    )


def delete_draft(draft: int) -> None:
    """Delete a draft, and what is kept of it in memory."""
    access.require_staff()
    drafts.delete_draft(_store(), draft, access.who())
    opened.forget()
    session.forget()


def choose_targets(draft: OpenDraft, targets: Mapping[int, Target]) -> None:
    """Keep what a person decided of columns, by position."""
    access.require_staff()
    mapping = draft.mapping
    if mapping is None:
        return
    for position, target in targets.items():
        mapping = with_target(mapping, position, target)
    importing.save_mapping(_store(), draft, mapping, access.who())


def choose_options(draft: OpenDraft, options: Mapping[tuple[str, str], str]) -> None:
    """Keep what a person decided of texts of cells, by question and text; an empty code leaves them out."""
    access.require_staff()
    mapping = draft.mapping
    if mapping is None:
        return
    for (question, text), code in options.items():
        mapping = with_option(mapping, question, text, code)
    importing.save_mapping(_store(), draft, mapping, access.who())


def save_codebook(draft: OpenDraft, text: str) -> None:
    """Keep another questionnaire for a draft; CodebookError when it cannot be used."""
    access.require_staff()
    importing.save_codebook(_store(), draft, text, access.who())


def remember(rows: pd.DataFrame, millesime: int) -> None:
    """Remember the territories chosen for declared names: `type`, `declared`, `code` (empty for none)."""
    access.require_staff()
    aliases.remember_aliases(_store(), rows, access.who(), millesime)


def forget(type: str, declared: str) -> None:
    """Forget the territory chosen for a declared name."""
    access.require_staff()
    aliases.forget_alias(_store(), type, declared, access.who())


def finish_and_publish(draft: OpenDraft, expected: int | None, told: Told) -> int:
    """Write a draft as a revision, publish it, and return the revision's number in the store.

    `expected` is the revision that the visitor saw as current: PublicationConflict when it no longer is. The revision
    is kept then, ready to be published from the first view of the page.
    """
    access.require_staff()
    store = _store()
    revision = importing.finish(store, draft, access.who(), told)
    opened.forget()
    told("Publication…")
    publication.publish(store, revision, access.who(), expected)
    return revision


def publish(revision: int, expected: int | None) -> None:
    """Publish a revision that is ready."""
    access.require_staff()
    publication.publish(_store(), revision, access.who(), expected)


def roll_back(edition: str, expected: int | None) -> None:
    """Publish again the revision that was published before the current one."""
    access.require_staff()
    publication.rollback(_store(), edition, access.who(), expected)


def withdraw(edition: str, expected: int | None) -> None:
    """Take an edition out of what visitors see."""
    access.require_staff()
    publication.withdraw(_store(), edition, access.who(), expected)


def delete_respondent(edition: str, respondent: str) -> int:
    """Take the answers of one person out of the published edition and of all its revisions; return the new one."""
    access.require_staff()
    if not respondent:
        raise StoreError("Donnez l’identifiant de la réponse à supprimer.")
    kept = deletion.delete_respondent(_store(), edition, respondent, access.who())
    # Drafts of this edition held that person too.
    opened.forget()
    session.forget()
    return kept
