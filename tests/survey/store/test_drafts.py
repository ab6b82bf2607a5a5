"""A draft is left and found again; two people do not undo each other's work unawares."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from lib.survey.retention import Retention
from lib.survey.store.contacts import purge
from lib.survey.store.drafts import (
    DraftConflict,
    create_draft,
    delete_draft,
    list_drafts,
    load_draft,
    save_draft,
)
from lib.survey.store.journal import read_journal
from lib.survey.store.opening import Store, StoreError
from lib.survey.store.schema import DRAFT, now
from tests.survey.store.world import OTHER, SOURCE, WHO, secret_text, written
from tests.survey.world import CODEBOOK

EDITION = {"id": "essai-2026", "title": "Essai", "started": "2026-03-01"}


def begun(store: Store, who: str = WHO) -> int:
    told = {"edition": EDITION, "source": SOURCE, "mapping": '{"columns": []}', "codebook": CODEBOOK}
    return create_draft(store, table=b"\x00table\xff", **told, who=who)


def test_a_draft_is_found_again_as_it_was_left(store: Store):
    draft = load_draft(store, begun(store))
    assert (draft.version, draft.created_by, draft.updated_by, draft.done) == (1, WHO, WHO, False)
    assert (draft.table, draft.edition, draft.source) == (b"\x00table\xff", EDITION, SOURCE)
    assert (draft.mapping, draft.codebook, draft.repairs) == ('{"columns": []}', CODEBOOK, {})
    assert draft.created_at.utcoffset() == timedelta(0)


def test_changes_are_kept_and_say_who_made_them(store: Store):
    identifier = begun(store)
    changed = save_draft(store, identifier, 1, OTHER, mapping="{}", repairs={"r1": "16001"})
    assert (changed.version, changed.updated_by, changed.mapping) == (2, OTHER, "{}")
    found = load_draft(store, identifier)
    assert (found.version, found.created_by, found.repairs) == (2, WHO, {"r1": "16001"})
    assert (found.table, found.edition) == (b"\x00table\xff", EDITION)
    assert load_draft(store, identifier).updated_at > found.created_at
    assert save_draft(store, identifier, 2, WHO, table=b"autre").version == 3
    assert load_draft(store, identifier).table == b"autre"
    with pytest.raises(TypeError, match="done_at"):
        save_draft(store, identifier, 3, WHO, done_at=None)


def test_who_worked_on_an_older_state_is_told_and_nothing_is_lost(store: Store):
    identifier = begun(store)
    save_draft(store, identifier, 1, OTHER, mapping="celui de Bob")
    with pytest.raises(DraftConflict, match=rf"modifié par {OTHER} le \d\d/\d\d/\d{{4}} à \d\d:\d\d"):
        save_draft(store, identifier, 1, WHO, mapping="celui d’Ana")
    assert load_draft(store, identifier).mapping == "celui de Bob"


def test_a_draft_that_is_done_changes_no_more(store: Store):
    identifier = begun(store)
    written(store, draft=identifier)
    with pytest.raises(DraftConflict, match="terminé par"):
        save_draft(store, identifier, 2, OTHER, mapping="{}")


def test_drafts_are_listed_without_their_tables_the_last_changed_first(store: Store):
    first, second = begun(store), begun(store, OTHER)
    assert [draft.id for draft in list_drafts(store)] == [second, first]
    save_draft(store, first, 1, WHO, mapping="{}")
    assert [(draft.id, draft.table) for draft in list_drafts(store)] == [(first, b""), (second, b"")]


def test_a_deleted_draft_is_gone_and_its_number_is_not_given_again(store: Store):
    identifier = begun(store)
    delete_draft(store, identifier, OTHER)
    delete_draft(store, identifier, OTHER)
    with pytest.raises(StoreError, match=f"{identifier} n’existe plus"):
        load_draft(store, identifier)
    with pytest.raises(StoreError, match="n’existe plus"):
        save_draft(store, identifier, 1, WHO, mapping="{}")
    assert begun(store) > identifier
    assert list(read_journal(store)["action"]) == ["brouillon commencé", "brouillon supprimé", "brouillon commencé"]


def test_drafts_that_nobody_touches_are_deleted_after_a_delay(store: Store):
    old, touched = begun(store), begun(store)
    then = now() + timedelta(days=6)
    with store.writing() as connection:
        connection.execute(DRAFT.update().where(DRAFT.c.id == touched).values(updated_at=then))
    delays = Retention(contacts_days=1, drafts_days=7, backups_days=1)
    assert purge(store, now() + timedelta(days=6), retention=delays)["drafts"] == 0
    assert purge(store, now() + timedelta(days=8), retention=delays) == {"contacts": 0, "drafts": 1, "tables": 0}
    assert [draft.id for draft in list_drafts(store)] == [touched]
    assert read_journal(store)["details"][0] == {"contacts": 0, "drafts": 1, "tables": 0}
    with store.reading() as connection:
        assert connection.scalar(sa.select(DRAFT.c.content).where(DRAFT.c.id == old)) is None


def test_nothing_is_left_of_a_column_taken_out_of_a_draft(store: Store):
    identifier = begun(store)
    mark = secret_text("contact").encode()
    save_draft(store, identifier, 1, WHO, table=mark)
    save_draft(store, identifier, 2, WHO, table=b"sans contact")
    if store.path is None:
        return
    left = [path for path in store.path.parent.iterdir() if path.name.startswith(store.path.name)]
    assert store.path in left
    assert not any(mark in path.read_bytes() for path in left)
