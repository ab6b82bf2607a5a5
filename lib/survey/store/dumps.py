"""PostgreSQL's own tools, `pg_dump` and `pg_restore`, as a backup needs them.

When a backup is made, and what is done with it, belongs to `backup`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import sqlalchemy as sa

from lib.survey.store.frames import whole
from lib.survey.store.opening import Store, StoreError, is_known
from lib.survey.store.schema import FRAME, METADATA, SINCE

_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "username": "PGUSER",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "database": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}

TABLES = ("alembic_version", *METADATA.tables)


def dump(store: Store, path: Path) -> None:
    """Write the tables of the store, as one transaction sees them, each frame of them verified."""
    tool = _tool("pg_dump")
    with store.reading() as connection:
        # One at a time: all together may be more than there is memory.
        for revision_id, name in connection.execute(sa.select(FRAME.c.revision_id, FRAME.c.name)).all():
            mine = (FRAME.c.revision_id == revision_id, FRAME.c.name == name)
            row = connection.execute(sa.select(FRAME).where(*mine)).one()
            whole(row.name, row.content, row.sha256)
        # The tool writes the very state that was verified.
        snapshot = connection.scalar(sa.text("SELECT pg_export_snapshot()"))
        tables = [f"--table=public.{name}" for name in TABLES]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={path}"]
        _run([tool, *options, *tables], store.engine.url)


def verify(path: Path) -> None:
    """Refuse a file that is not a whole dump of a store of a version that this program knows."""
    tool = _tool("pg_restore")
    listed = subprocess.run([tool, "--list", str(path)], capture_output=True, text=True, check=False)
    absent = {name for name in TABLES if f" TABLE DATA public {name} " not in listed.stdout}
    if listed.returncode or not absent <= set(SINCE):
        raise StoreError(f"{path.name} n’est pas une sauvegarde d’éditions\u202f: rien n’a été changé.")
    # Written in full, nowhere: the tool reads it to the end.
    read = subprocess.run([tool, f"--file={os.devnull}", str(path)], capture_output=True, check=False)
    told = ["--data-only", "--table=alembic_version", "--file=-", str(path)]
    version = subprocess.run([tool, *told], capture_output=True, text=True, check=False)
    if read.returncode or version.returncode:
        raise StoreError(f"{path.name} est abîmé\u202f: prenez une autre sauvegarde. Rien n’a été changé.")
    lines = version.stdout.splitlines()
    begins = next(place for place, line in enumerate(lines) if line.startswith("COPY public.alembic_version"))
    (made, *_) = lines[begins + 1 : lines.index("\\.", begins)] or [""]
    is_known(made)
    if any(SINCE[name] <= made for name in absent):
        raise StoreError(f"Il manque une table à {path.name}\u202f: prenez une autre sauvegarde. Rien n’a été changé.")


def restore(url: sa.URL, path: Path) -> None:
    """Put the tables of a dump in the place of those of a database, in one transaction."""
    options = ["--single-transaction", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--exit-on-error"]
    _run([_tool("pg_restore"), *options, f"--dbname={url.database}", str(path)], url)


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise StoreError(
            f"Le programme {name} n’est pas installé ici\u202f: installez les outils clients de PostgreSQL, de la "
            "version du serveur, ou faites la sauvegarde avec les vôtres."
        )
    return found


def _run(command: list[str], url: sa.URL) -> None:
    """Run a tool on a database, whose address and password go by its environment, where nobody reads them."""
    told = url.translate_connect_args() | dict(url.query)
    known = {_VARIABLES[name]: str(value) for name, value in told.items() if name in _VARIABLES}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | known)
    if done.returncode:
        # What it says is for the operator: it names tables and versions, never what they hold.
        said = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise StoreError(f"{Path(command[0]).name} n’a pas pu travailler\u202f: {said}")
