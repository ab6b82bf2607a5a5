"""Backups are whole, even made while others publish; restoring gives back what they hold, and keeps what was there."""

import sqlite3
import stat
import time
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing.context import BaseContext
from pathlib import Path

import pytest
import sqlalchemy as sa

from lib.survey.store.backup import backup, expire_backups, restore
from lib.survey.store.journal import read_journal
from lib.survey.store.opening import DamagedError, Store, StoreError, forget, open_store
from lib.survey.store.publication import history, publish, rollback
from lib.survey.store.revisions import list_revisions, load_given
from lib.survey.store.schema import FRAME
from tests.survey.store.world import OTHER, WHO, edition, same, shown, written

ESSAI = "essai-2026"


def test_a_backup_gives_back_what_it_holds_and_what_was_there_is_kept(store: Store, url: str, tmp_path: Path):
    first = written(store)
    publish(store, first, WHO, None)
    saved = backup(store, tmp_path / "sauvegardes")
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]
    second = written(store, edition(mark="deux"))
    publish(store, second, OTHER, first)

    aside = restore(saved, url)
    assert shown(store) == first
    assert list(list_revisions(store)["id"]) == [first]
    same(load_given(store, first), edition())
    # Nothing of the numbers that were given is given again to something else.
    assert written(store, edition(mark="trois")) == second

    assert aside is not None
    assert "avant-restauration" in aside.name
    restore(aside, url)
    assert shown(store) == second
    same(load_given(store, second), edition(mark="deux"))
    assert rollback(store, ESSAI, WHO, second) == first


def test_a_backup_is_restored_where_there_is_nothing(store: Store, url: str, tmp_path: Path):
    publish(store, written(store), WHO, None)
    saved = backup(store, tmp_path)
    if store.path is None:
        with store.engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
        assert restore(saved, url) is None
        assert shown(store) is not None
        return
    elsewhere = f"sqlite:///{tmp_path / 'ailleurs' / 'editions.sqlite'}"
    assert restore(saved, elsewhere) is None
    found = open_store(elsewhere)
    assert found is not None
    assert shown(found) == shown(store)
    assert stat.S_IMODE((tmp_path / "ailleurs" / "editions.sqlite").stat().st_mode) == 0o600
    forget(elsewhere)


def test_what_is_no_backup_of_ours_is_refused_and_nothing_changes(store: Store, url: str, tmp_path: Path):
    revision = written(store)
    publish(store, revision, WHO, None)
    saved = backup(store, tmp_path)
    with pytest.raises(StoreError, match="Il n’y a pas de fichier"):
        restore(tmp_path / "rien", url)
    text = tmp_path / "texte"
    text.write_text("bonjour" * 1000)
    cut = tmp_path / "coupe"
    cut.write_bytes(saved.read_bytes()[: saved.stat().st_size // 2])
    for refused in (text, cut):
        with pytest.raises(StoreError, match=r"sauvegarde.*ien n’a été changé"):
            restore(refused, url)
    assert shown(store) == revision
    assert len(read_journal(store)) == 2


def test_a_backup_of_a_newer_version_is_refused(store: Store, url: str, tmp_path: Path):
    revision = written(store)
    with store.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    if store.path is None:
        from lib.survey.store import dumps

        newer = tmp_path / "plus-recente.dump"
        dumps.dump(store, newer)
    else:
        newer = tmp_path / "plus-recente.sqlite"
        with closing(sqlite3.connect(store.path)) as source, closing(sqlite3.connect(newer)) as target:
            source.backup(target)
    with store.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(StoreError, match="plus récente"):
        restore(newer, url)
    same(load_given(store, revision), edition())


def test_a_damaged_store_makes_no_backup(store: Store, tmp_path: Path):
    written(store)
    with store.writing() as connection:
        connection.execute(FRAME.update().where(FRAME.c.name == "states").values(content=b"abc"))
    with pytest.raises(DamagedError, match="abîmé"):
        backup(store, tmp_path / "sauvegardes")
    assert list((tmp_path / "sauvegardes").iterdir()) == []


def test_a_backup_is_restored_over_a_damaged_store(store: Store, url: str, tmp_path: Path):
    revision = written(store)
    saved = backup(store, tmp_path / "sauvegardes")
    if store.path is None:
        with store.writing() as connection:
            connection.execute(FRAME.update().where(FRAME.c.name == "states").values(content=b"abc"))
        assert restore(saved, url) is None
    else:
        forget(url)
        for end in ("-wal", "-shm"):
            Path(f"{store.path}{end}").unlink(missing_ok=True)
        store.path.write_bytes(b"plus rien de lisible" * 1000)
        aside = restore(saved, url)
        assert aside is not None
        assert aside.read_bytes().startswith(b"plus rien")
    found = open_store(url)
    assert found is not None
    same(load_given(found, revision), edition())


def test_another_program_s_database_is_not_replaced(tmp_path: Path):
    here = open_store(f"sqlite:///{tmp_path / 'editions.sqlite'}", create=True)
    saved = backup(here, tmp_path)
    other = tmp_path / "autre.sqlite"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE client (id)")
    with pytest.raises(StoreError, match="autre programme"):
        restore(saved, f"sqlite:///{other}")
    forget(f"sqlite:///{tmp_path / 'editions.sqlite'}")
    forget(f"sqlite:///{other}")


def publishing(url: str, revisions: list[int], stop) -> None:
    store = open_store(url, create=True)
    current = None
    while not stop.is_set():
        for revision in revisions:
            publish(store, revision, WHO, current)
            current = revision


def published_since(store: Store, known: int) -> int:
    """Wait until others have published more times than is known, and return how many."""
    deadline = time.monotonic() + 60
    while (count := len(history(store, ESSAI))) <= known:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return count


def test_a_backup_made_while_others_publish_is_whole(store: Store, url: str, tmp_path: Path, spawning: BaseContext):
    revisions = [written(store, edition(mark=mark)) for mark in "ab"]
    stop = spawning.Event()
    process = spawning.Process(target=publishing, args=(url, revisions, stop))
    process.start()
    counts = []
    try:
        saved = []
        published_since(store, 0)
        for _ in range(5):
            saved.append(backup(store, tmp_path / "sauvegardes"))
            counts.append(published_since(store, counts[-1] if counts else 0))
    finally:
        stop.set()
        process.join(60)
    assert process.exitcode == 0
    # Others did publish between one and the next.
    assert counts == sorted(set(counts))
    for path in saved:
        restore(path, url)
        last = history(store, ESSAI).iloc[0]
        assert last["revision_id"] == shown(store)
        same(load_given(store, shown(store)), edition(mark="ab"[revisions.index(shown(store))]))


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_without_the_tools_of_postgresql_one_is_told(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreError, match="pg_dump n’est pas installé"):
        backup(store, tmp_path)


def test_backups_expire_by_the_moment_of_their_name(tmp_path: Path):
    names = [
        "editions-20260101-120000-ab12.sqlite",
        "editions-20260110-120000-ab12.dump",
        "avant-restauration-20260102-000000-ab12.sqlite",
        "avant-restauration-20260102-000000-abime.sqlite",
        "avant-restauration-20260102-000000-abime.sqlite-wal",
        "editions-20260101-120000-cd34.partiel",
        "editions-20260120-120000-ab12.sqlite",
        "editions-inconnue.sqlite",
        "editions.sqlite",
        "notes.txt",
    ]
    for name in names:
        (tmp_path / name).write_text("")
    at = datetime(2026, 1, 20, 12, 0, 1, tzinfo=UTC)
    assert {path.name for path in expire_backups(tmp_path, 10, at)} == set(names[:6])
    assert {path.name for path in tmp_path.iterdir()} == set(names[6:])
