"""Opening of the store: which database, its transactions, and the refusal of one that this program does not know.

The tables are in `schema`, how an older store comes to them in `migration`.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Literal, overload

import sqlalchemy as sa
from platformdirs import user_data_path

from lib.survey.store.schema import VERSIONS

URL_VARIABLE = "DATABASE_URL"
"""Environment variable that names a PostgreSQL database, which several servers may share."""
FOLDER_VARIABLE = "NUMERIQUE_DEPOT"
"""Environment variable that names the folder of the SQLite file, where there is no `DATABASE_URL`."""

APPLICATION = "numerique-et-territoires"
FILE = "editions.sqlite"
PATIENCE = 30
"""Seconds that one writes waits for another."""


class StoreError(RuntimeError):
    """The store cannot do what was asked: a French sentence that says why, and what to do."""


class DamagedError(StoreError):
    """Something of the store is not as it was written."""


@dataclass(frozen=True)
class Store:
    """A database of editions, open.

    Attributes
    ----------
    engine : where its connections come from.
    path : the SQLite file, None for PostgreSQL.
    """

    engine: sa.Engine = field(repr=False)
    path: Path | None = None

    @property
    def form(self) -> str:
        """« sqlite » or « postgresql »."""
        return self.engine.dialect.name

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """Return a connection that sees one state of the database, and changes nothing."""
        return self._transaction({"isolation_level": "REPEATABLE READ"})

    def writing(self) -> AbstractContextManager[sa.Connection]:
        """Return a connection whose changes are all kept at the end of the block, or none where it fails."""
        return self._transaction({"writes": True})

    def scrub(self, *tables: str) -> bool:
        """Have the database overwrite what was deleted, and return whether it could.

        SQLite overwrites what is deleted at once in the file; its journal of writes, which may hold it still, is
        emptied here, unless somebody reads an older state meanwhile: ask again later. PostgreSQL reuses the place
        after VACUUM, done here on `tables`; its archives and replicas are its operator's. What was deleted is deleted
        all the same where the database cannot do so.
        """
        try:
            if self.form == "sqlite":
                with closing(self.engine.raw_connection()) as connection:
                    cursor = connection.cursor()
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    (busy, *_) = cursor.fetchone() or (1,)
                    return not busy
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as autonomous:
                autonomous.exec_driver_sql(f"VACUUM {', '.join(tables)}")
        except (sqlite3.Error, sa.exc.SQLAlchemyError):
            return False
        return True

    @contextmanager
    def _transaction(self, options: dict[str, Any]) -> Iterator[sa.Connection]:
        if self.form == "sqlite":
            # Its transactions always see one state; which of them write is said in `_begin`.
            options = {name: value for name, value in options.items() if name == "writes"}
        try:
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection
        except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
            raise StoreError(
                "La base des éditions ne répond pas\u202f: vérifiez qu’elle est en marche, que le disque n’est pas "
                f"plein et que son adresse ({URL_VARIABLE} ou {FOLDER_VARIABLE}) est la bonne, puis recommencez."
            ) from error
        except sa.exc.DatabaseError as error:
            if type(error) not in (sa.exc.DatabaseError, sa.exc.ProgrammingError):
                raise
            raise DamagedError(
                f"Le fichier {self.path or 'de la base'} n’est pas une base d’éditions lisible\u202f: restaurez une "
                "sauvegarde."
            ) from error


@overload
def open_store(url: str | None = None, *, create: Literal[True]) -> Store: ...
@overload
def open_store(url: str | None = None, *, create: bool = False) -> Store | None: ...
def open_store(url: str | None = None, *, create: bool = False) -> Store | None:
    """Return the store, its tables at the latest version, or None where there is none yet.

    Parameters
    ----------
    url
        Address of the database; by default that of `DATABASE_URL`, else the file `editions.sqlite` in the folder of
        `NUMERIQUE_DEPOT`, else in the folder where the system keeps the data of this user.
    create
        Whether to make one where there is none: for whoever is about to write.

    Raises
    ------
    StoreError
        When the database does not answer, is of a newer version of the program, or is none of ours.
    """
    address = _address(url)
    path = place_of(url)
    if path is not None and not path.exists():
        if not create:
            return None
        _create_file(path)
    store = Store(_engine(address), path)
    version = stored_version(store)
    if version == VERSIONS[-1]:
        return store
    if version is None and not create:
        return None
    if version is not None:
        is_known(version)
    # Only now: what brings tables up to date takes longer to import than to do without.
    from lib.survey.store.migration import upgrade

    with store.writing() as connection:
        upgrade(connection)
    return store


def place_of(url: str | None = None) -> Path | None:
    """Return the file of the store that `open_store` opens, existing or not, None for PostgreSQL."""
    address = _address(url)
    return Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None


def is_known(version: str = "") -> None:
    """Refuse tables of a version that this program does not know.

    Raises
    ------
    StoreError
        A French sentence: a newer program made them.
    """
    if version not in VERSIONS:
        raise StoreError(
            f"La base est d’une version plus récente du programme ({version or 'inconnue'})\u202f: mettez le programme "
            "à jour. Rien n’a été changé."
        )


def stored_version(store: Store) -> str | None:
    """Return the version of the tables that stand in the database, None where there are none yet.

    Raises
    ------
    StoreError
        When the file is no database, or holds other tables than ours.
    """
    with store.reading() as connection:
        tables = sa.inspect(connection).get_table_names()
        if "alembic_version" not in tables:
            if store.form == "sqlite" and tables:
                raise StoreError(
                    f"Le fichier {store.path} est une base d’un autre programme\u202f: donnez-en un autre par "
                    f"{FOLDER_VARIABLE}."
                )
            return None
        return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))


def _address(url: str | None) -> sa.URL:
    written = url or os.environ.get(URL_VARIABLE)
    if not written:
        folder = os.environ.get(FOLDER_VARIABLE) or user_data_path(APPLICATION, appauthor=False)
        return sa.URL.create("sqlite", database=str(Path(folder).absolute() / FILE))
    try:
        address = sa.make_url(written)
    except sa.exc.ArgumentError:
        address = None
    if address is not None and address.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return address.set(drivername="postgresql+psycopg")
    if address is not None and address.drivername == "sqlite" and address.database not in (None, "", ":memory:"):
        return address
    # Not repeated: it may hold a password.
    raise StoreError(
        f"{URL_VARIABLE} n’est pas l’adresse d’une base que le programme connaît\u202f: écrivez "
        "postgresql://utilisateur@serveur/base, ou retirez-la pour un fichier SQLite."
    )


def _create_file(path: Path) -> None:
    """Make a store of its own beside its place, and put it there whole, unless another did so meanwhile."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.neuf")
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            f"Le dossier {path.parent} ne peut pas être écrit\u202f: donnez-en un autre par {FOLDER_VARIABLE}."
        ) from error
    from lib.survey.store.migration import upgrade

    engine = _connected(sa.URL.create("sqlite", database=str(beside)))
    try:
        with Store(engine, beside).writing() as transaction:
            upgrade(transaction)
        with closing(engine.raw_connection()) as connection:
            # Kept in the file: readers go on reading while somebody writes.
            connection.cursor().execute("PRAGMA journal_mode=WAL")
        engine.dispose()
        with suppress(FileExistsError):
            os.link(beside, path)
    finally:
        engine.dispose()
        beside.unlink()


_ENGINES: dict[sa.URL, sa.Engine] = {}
_LOCK = Lock()


def _engine(address: sa.URL) -> sa.Engine:
    """Return the engine of a database: one for the process, whoever asks."""
    with _LOCK:
        if address not in _ENGINES:
            _ENGINES[address] = _connected(address)
        return _ENGINES[address]


def forget(url: str | None = None) -> None:
    """Close the connections of this process to a database, whose file is no longer there."""
    with _LOCK:
        engine = _ENGINES.pop(_address(url), None)
    if engine is not None:
        engine.dispose()


def _forget_connections() -> None:
    """Leave to the parent process its connections: one shared by two would mix their answers."""
    global _LOCK
    _LOCK = Lock()
    for engine in _ENGINES.values():
        engine.dispose(close=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_connections)


def _connected(address: sa.URL) -> sa.Engine:
    if address.get_backend_name() == "postgresql":
        return sa.create_engine(address, pool_pre_ping=True, hide_parameters=True)
    engine = sa.create_engine(address, hide_parameters=True, connect_args={"timeout": PATIENCE})
    sa.event.listen(engine, "connect", _connect)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _connect(connection: Any, _record: Any) -> None:
    """Prepare a connection to SQLite, whose transactions `_begin` begins."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    # A publication that was told is still there after a power cut.
    cursor.execute("PRAGMA synchronous=FULL")
    # What is deleted is overwritten, not only forgotten.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    # A writer waits for its turn before it reads: what it then reads is still so when it writes.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
