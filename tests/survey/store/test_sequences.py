"""Sequences saved by the team: nobody undoes a colleague's work unawares, and backups of any version give them back."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from lib.survey.sequences import Sequence, Step
from lib.survey.store import dumps
from lib.survey.store.backup import backup, restore
from lib.survey.store.journal import read_journal
from lib.survey.store.opening import Store, StoreError, open_store, stored_version
from lib.survey.store.schema import METADATA, SINCE, VERSIONS, now
from lib.survey.store.sequences import (
    SequenceConflict,
    delete_sequence,
    list_sequences,
    read_sequence,
    save_sequence,
)
from tests.survey.store.world import OTHER, WHO, shown, written

STEPS = (
    Step("Où en est-on\u202f?", "strategies", (("groupe", "taille"),), "strategies-carte", guess="choix"),
    Step("Et chez nous\u202f?", lines=("Une ligne.", "Une autre."), notes="Deux\nlignes."),
)


def sequence(title: str = "Atelier de la Creuse", id: str = "creuse") -> Sequence:
    return Sequence(id, title, STEPS, "Guéret")


def test_a_sequence_comes_back_as_it_was_saved_with_who_and_when(store: Store):
    before = now()
    assert list_sequences(store) == ()
    assert read_sequence(store, "creuse") is None
    saved = save_sequence(store, sequence(), WHO, None)
    assert (saved.id, saved.title, saved.version, saved.saved_by) == ("creuse", "Atelier de la Creuse", 1, WHO)
    assert before <= saved.saved_at <= now()
    found = read_sequence(store, "creuse")
    assert found == saved
    assert found.sequence == sequence()


def test_the_last_changed_is_listed_first(store: Store):
    save_sequence(store, sequence(), WHO, None)
    save_sequence(store, sequence("Vienne", "vienne"), OTHER, None)
    save_sequence(store, sequence("Creuse"), OTHER, 1)
    assert [(one.id, one.title, one.version, one.saved_by) for one in list_sequences(store)] == [
        ("creuse", "Creuse", 2, OTHER),
        ("vienne", "Vienne", 1, OTHER),
    ]
    assert read_journal(store).at[0, "details"] == {"sequence": "creuse", "version": 2, "steps": 2}


def test_what_a_colleague_saved_meanwhile_is_kept(store: Store):
    save_sequence(store, sequence(), WHO, None)
    save_sequence(store, sequence("De Bob"), OTHER, 1)
    with pytest.raises(SequenceConflict, match=r"modifiée par bob@exemple\.fr le .* à .*sous un autre titre"):
        save_sequence(store, sequence("D’Ana"), WHO, 1)
    with pytest.raises(SequenceConflict, match="modifiée par bob"):
        delete_sequence(store, "creuse", WHO, 1)
    with pytest.raises(SequenceConflict, match=r"de ce nom existe déjà, enregistrée par bob@exemple\.fr"):
        save_sequence(store, sequence("D’Ana"), WHO, None)
    kept = read_sequence(store, "creuse")
    assert kept is not None
    assert (kept.title, kept.version) == ("De Bob", 2)
    assert len(read_journal(store)) == 2


def test_what_a_colleague_deleted_is_not_saved_unawares_even_when_made_again(store: Store):
    save_sequence(store, sequence(), WHO, None)
    delete_sequence(store, "creuse", OTHER, 1)
    delete_sequence(store, "creuse", OTHER, 1)
    with pytest.raises(SequenceConflict, match="a été supprimée"):
        save_sequence(store, sequence(), WHO, 1)
    again = save_sequence(store, sequence("Une autre"), OTHER, None)
    assert again.version == 2
    with pytest.raises(SequenceConflict, match="modifiée par bob"):
        save_sequence(store, sequence(), WHO, 1)
    assert list(read_journal(store)["action"]) == [
        "séquence enregistrée", "séquence supprimée", "séquence enregistrée",
    ]  # fmt: skip


def test_of_those_who_save_at_once_one_does_and_the_others_are_told(store: Store):
    together = Barrier(3)

    def saving(who: str) -> list[bool]:
        told = []
        for expected in (None, 1, 2):
            together.wait(60)
            try:
                save_sequence(store, sequence(f"De {who}"), who, expected)
                told.append(True)
            except SequenceConflict:
                told.append(False)
        return told

    with ThreadPoolExecutor(3) as people:
        told = list(people.map(saving, "abc"))
    assert [sum(kept) for kept in zip(*told, strict=True)] == [1, 1, 1]
    kept = read_sequence(store, "creuse")
    assert kept is not None
    assert kept.version == 3
    assert read_journal(store).at[0, "who"] == kept.saved_by


def test_a_backup_holds_them(store: Store, url: str, tmp_path: Path):
    save_sequence(store, sequence(), WHO, None)
    saved = backup(store, tmp_path / "sauvegardes")
    delete_sequence(store, "creuse", OTHER, 1)
    restore(saved, url)
    assert [one.id for one in list_sequences(store)] == ["creuse"]


def older(store: Store, path: Path) -> Path:
    """Write a backup as the first version of the program made it, and leave the store at that version."""
    with store.writing() as connection:
        for name in SINCE:
            METADATA.tables[name].drop(connection)
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :first"), {"first": VERSIONS[0]})
    if store.path is None:
        dumps.dump(store, path)
        return path
    with closing(sqlite3.connect(store.path)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    return path


def test_a_store_of_the_first_version_is_brought_to_the_present_one(store: Store, url: str, tmp_path: Path):
    revision = written(store)
    older(store, tmp_path / "avant")
    found = open_store(url)
    assert found is not None
    assert stored_version(found) == VERSIONS[-1]
    assert list_sequences(found) == ()
    assert shown(found) is None
    assert save_sequence(found, sequence(), WHO, None).version == 1
    assert revision == 1


def test_a_backup_of_the_first_version_is_restored_over_the_present_one(store: Store, url: str, tmp_path: Path):
    before = older(store, tmp_path / "avant")
    open_store(url, create=True)
    save_sequence(store, sequence(), WHO, None)
    aside = restore(before, url)
    assert stored_version(store) == VERSIONS[-1]
    # A sequence saved since is not of that time: it is in the backup made of what was there.
    assert list_sequences(store) == ()
    assert aside is not None
    restore(aside, url)
    assert [one.id for one in list_sequences(store)] == ["creuse"]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_dump_of_the_present_version_without_its_table_is_refused(store: Store, url: str, tmp_path: Path):
    with store.writing() as connection:
        METADATA.tables["sequence"].drop(connection)
    dumps.dump(store, tmp_path / "coupe.dump")
    with pytest.raises(StoreError, match="Il manque une table"):
        restore(tmp_path / "coupe.dump", url)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_table_of_that_name_that_is_not_ours_is_left_alone(store: Store, url: str, tmp_path: Path):
    older(store, tmp_path / "avant")
    with store.writing() as connection:
        connection.execute(sa.text("CREATE TABLE sequence (id text)"))
        connection.execute(sa.text("INSERT INTO sequence VALUES ('à eux')"))
    with pytest.raises(StoreError):
        open_store(url)
    with store.reading() as connection:
        assert connection.scalar(sa.text("SELECT id FROM sequence")) == "à eux"
