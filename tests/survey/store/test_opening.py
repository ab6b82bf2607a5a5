"""Which database is opened, that reading makes none, that its tables are those of the code, and what is refused."""

import os
import sqlite3
import stat
import warnings
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing.context import BaseContext
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from lib.survey.store import migration
from lib.survey.store.contacts import purge
from lib.survey.store.journal import read_journal, record
from lib.survey.store.opening import DamagedError, Store, StoreError, forget, open_store, place_of
from lib.survey.store.publication import current_editions
from lib.survey.store.schema import METADATA, VERSIONS, Moment
from tests.survey.store.world import WHO


def test_reading_makes_no_database(url: str):
    assert open_store(url) is None
    assert open_store(url, create=False) is None
    place = place_of(url)
    assert place is None or not place.parent.exists()


def test_tables_made_by_the_steps_are_those_of_the_code(store: Store):
    with store.reading() as connection:
        tables = MigrationContext.configure(connection, opts={"compare_type": True})
        assert tables.get_current_revision() == VERSIONS[-1]
        assert compare_metadata(tables, METADATA) == []
        # Comparison says nothing of numbers that are never given again.
        if store.form == "sqlite":
            made = connection.scalars(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table'")).all()
            counted = {
                name for name, table in METADATA.tables.items() if table.dialect_options["sqlite"]["autoincrement"]
            }
            assert sum("AUTOINCREMENT" in one for one in made) == len(counted) == 4


def test_versions_known_are_those_of_the_steps():
    steps = ScriptDirectory(str(Path(migration.__file__).with_name("migrations"))).walk_revisions()
    assert [step.revision for step in steps] == list(reversed(VERSIONS))


def test_there_is_no_way_back_to_an_older_version():
    steps = ScriptDirectory(str(Path(migration.__file__).with_name("migrations"))).walk_revisions()
    assert not any(hasattr(step.module, "downgrade") for step in steps)


def test_opening_again_gives_the_same_connections(store: Store, url: str):
    again = open_store(url)
    assert again is not None
    assert again.engine is store.engine
    assert again == store


def test_a_newer_database_is_refused_and_left_as_it_is(store: Store, url: str):
    with store.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for create in (False, True):
        with pytest.raises(StoreError, match=r"plus récente du programme \(9999\)"):
            open_store(url, create=create)


def test_what_fails_in_a_transaction_writes_nothing(store: Store):
    def failing() -> None:
        with store.writing() as connection:
            record(connection, WHO, "essai")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert read_journal(store).empty


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(store: Store):
    count = sa.select(sa.func.count()).select_from(METADATA.tables["journal"])
    with store.reading() as reader:
        assert reader.scalar(count) == 0
        with store.writing() as writer:
            record(writer, WHO, "essai")
        assert reader.scalar(count) == 0
    with store.reading() as reader:
        assert reader.scalar(count) == 1


def test_a_moment_without_a_time_zone_is_refused():
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert Moment().process_bind_param(moment, None) == moment
    with pytest.raises(ValueError, match="time zone"):
        Moment().process_bind_param(moment.replace(tzinfo=None), None)


def test_the_default_place_is_a_folder_of_one_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = tmp_path / "ailleurs" / "depot"
    monkeypatch.setenv("NUMERIQUE_DEPOT", str(folder))
    assert open_store() is None
    assert not folder.parent.exists()
    store = open_store(create=True)
    assert store.path == folder / "editions.sqlite"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with store.writing() as connection:
        record(connection, WHO, "essai")
    assert {path.name for path in folder.iterdir()} <= {f"editions.sqlite{end}" for end in ("", "-wal", "-shm")}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    forget()
    monkeypatch.delenv("NUMERIQUE_DEPOT")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "donnees"))
    outside = place_of()
    assert outside == tmp_path / "donnees" / "numerique-et-territoires" / "editions.sqlite"


def test_a_connection_to_sqlite_is_durable_and_forgets_nothing_by_halves(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'e.sqlite'}"
    store = open_store(url, create=True)
    with store.reading() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        told = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert told == ["wal", 2, 1, 1, 30000]
    forget(url)


@pytest.mark.parametrize(
    "url",
    ["mysql://u:motdepasse@h/b", "sqlite://", "sqlite:///:memory:", "n’importe quoi", "oracle+x://u:motdepasse@h"],
)
def test_another_kind_of_database_is_refused_without_repeating_its_password(url: str):
    with pytest.raises(StoreError, match="DATABASE_URL") as told:
        open_store(url)
    assert "motdepasse" not in str(told.value)


def test_the_address_of_the_environment_is_used_and_a_store_never_says_its_password(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://u:motdepasse@127.0.0.1:1/base")
    with pytest.raises(StoreError, match="ne répond pas") as told:
        open_store()
    assert "motdepasse" not in str(told.value)
    assert place_of() is None
    forget()


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path):
    path = tmp_path / "editions.sqlite"
    path.write_bytes(b"n'importe quoi " * 100)
    with pytest.raises(DamagedError, match="n’est pas une base d’éditions lisible"):
        open_store(f"sqlite:///{path}")
    with closing(sqlite3.connect(tmp_path / "autre.sqlite")) as connection:
        connection.execute("CREATE TABLE client (id)")
    with pytest.raises(StoreError, match="autre programme"):
        open_store(f"sqlite:///{tmp_path / 'autre.sqlite'}", create=True)
    forget(f"sqlite:///{path}")
    forget(f"sqlite:///{tmp_path / 'autre.sqlite'}")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "fichier").write_text("")
    with pytest.raises(StoreError, match="ne peut pas être écrit"):
        open_store(f"sqlite:///{tmp_path / 'fichier' / 'editions.sqlite'}", create=True)


def opened(url: str, barrier, results) -> None:
    barrier.wait()
    store = open_store(url, create=True)
    with store.writing() as connection:
        record(connection, WHO, "ouverture")
    results.put(os.getpid())


def test_processes_that_open_a_new_database_at_once_make_one(url: str, spawning: BaseContext):
    barrier, results = spawning.Barrier(4), spawning.Queue()
    processes = [spawning.Process(target=opened, args=(url, barrier, results)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    store = open_store(url)
    assert store is not None
    assert len(read_journal(store)) == 4
    if store.path is not None:
        assert not list(store.path.parent.glob("*.neuf"))


def test_a_forked_process_has_connections_of_its_own(store: Store):
    with store.writing() as connection:
        record(connection, WHO, "parent")
    with warnings.catch_warnings():
        # Later versions of Python warn of threads, of which the child uses none.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            with store.writing() as connection:
                record(connection, WHO, "enfant")
            os._exit(0)
        except BaseException:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with store.writing() as connection:
        record(connection, WHO, "parent encore")
    assert list(read_journal(store)["action"]) == ["parent encore", "enfant", "parent"]


def test_what_is_written_is_not_said_to_have_failed_where_it_cannot_be_scrubbed(tmp_path: Path):
    nowhere = tmp_path / "retire" / "editions.sqlite"
    assert Store(sa.create_engine(f"sqlite:///{nowhere}"), nowhere).scrub("draft") is False


@pytest.mark.parametrize(
    ("table", "action"), [("contact", purge), ("draft", purge), ("current_revision", current_editions)]
)
def test_a_page_damaged_in_the_middle_of_the_file_is_told_in_a_sentence(tmp_path: Path, table: str, action):
    address = f"sqlite:///{tmp_path / 'editions.sqlite'}"
    store = open_store(address, create=True)
    assert store.path is not None
    with store.reading() as connection:
        asked = sa.text("SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_master WHERE name = :it")
        page, size = connection.execute(asked, {"it": table}).one()
    forget(address)
    content = bytearray(store.path.read_bytes())
    content[(page - 1) * size : page * size] = b"\x99" * size
    store.path.write_bytes(content)
    damaged = open_store(address)
    assert damaged is not None
    with pytest.raises(DamagedError, match="restaurez une sauvegarde"):
        action(damaged)
    forget(address)
