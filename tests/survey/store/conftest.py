"""Both databases: a SQLite file, and a PostgreSQL server of our own, on a socket in a temporary folder."""

import multiprocessing
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from multiprocessing.context import BaseContext
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from lib.survey.store.opening import Store, forget, open_store

ROOT_USER = "postgres"


class Server:
    """A PostgreSQL server that lives as long as the tests."""

    def __init__(self, binaries: Path, folder: Path, user: str | None):
        self.binaries, self.folder, self.user = binaries, folder, user
        self._run("initdb", "-D", str(folder / "data"), "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()

    def _run(self, tool: str, *options: str) -> None:
        # Its output goes to a file: a server that inherits a pipe keeps it open for ever.
        with (self.folder / "tools.log").open("ab") as log:
            command = [str(self.binaries / tool), *options]
            subprocess.run(command, check=True, stdout=log, stderr=log, user=self.user, cwd=self.folder)

    def start(self) -> None:
        # Processes are killed here, not the machine: what they wrote is in the system's hands.
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=60 -c fsync=off"
        log = str(self.folder / "server.log")
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop")

    def kill(self, process: int) -> None:
        """Kill one process of the server as a crash would: the others then recover what was written."""
        os.kill(process, signal.SIGKILL)

    def url(self, database: str) -> str:
        return f"postgresql://test@/{database}?host={self.folder}"

    def tell(self, command: str) -> None:
        engine = sa.create_engine(
            sa.make_url(self.url("postgres")).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.exec_driver_sql(command)
        engine.dispose()


@pytest.fixture
def spawning(monkeypatch: pytest.MonkeyPatch) -> BaseContext:
    """Give the context of new processes: a page that a test ran before is the main module, and is not run in them."""
    main = sys.modules["__main__"]
    monkeypatch.delattr(main, "__file__", raising=False)
    monkeypatch.setattr(main, "__spec__", None, raising=False)
    return multiprocessing.get_context("spawn")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *(Path(p) for p in os.get_exec_path())]
    binaries = next((folder for folder in sorted(folders[:-1], reverse=True) if (folder / "initdb").exists()), None)
    if binaries is None:
        pytest.skip("no PostgreSQL server here (initdb): install postgresql to run these tests")
    user = None
    if os.geteuid() == 0:
        # The server refuses to work for root.
        if ROOT_USER not in {entry.pw_name for entry in pwd.getpwall()}:
            pytest.skip(f"run as root, and no user « {ROOT_USER} » to start PostgreSQL as")
        user = ROOT_USER
    folder = Path(tempfile.mkdtemp(prefix="depot-"))
    if user:
        shutil.chown(folder, user)
    running = Server(binaries, folder, user)
    yield running
    running.stop()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the address of a database where there is no store yet."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'depot' / 'editions.sqlite'}"
        yield address
        forget(address)
        return
    running = request.getfixturevalue("server")
    database = f"depot_{uuid4().hex}"
    running.tell(f"CREATE DATABASE {database}")
    monkeypatch.setenv("PATH", f"{running.binaries}{os.pathsep}{os.environ['PATH']}")
    yield running.url(database)
    forget(running.url(database))
    running.tell(f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture
def store(url: str) -> Store:
    return open_store(url, create=True)
