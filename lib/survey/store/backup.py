"""Backups of the store, made while it works, and their restoration; each verified before it is believed.

How long they are kept is configured in data/retention.toml; where, and who copies them away, is the operator's.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lib.survey.store import dumps
from lib.survey.store.frames import digest
from lib.survey.store.opening import DamagedError, Store, StoreError, forget, is_known, open_store, place_of
from lib.survey.store.schema import now

STAMP = "%Y%m%d-%H%M%S"
PREFIX = "editions-"
ASIDE = "avant-restauration"
SUFFIXES = {"sqlite": ".sqlite", "postgresql": ".dump"}
PARTIAL = ".partiel"
"""Suffix of a backup being made, left there by a process that was killed."""
BESIDE = ("-wal", "-shm")
"""What SQLite may keep beside its file."""


def backup(store: Store, folder: Path) -> Path:
    """Write a backup of the store in a folder while it works, and return its path, once verified.

    The file is named after the moment (UTC), holds one state of the whole store, and is for its owner's eyes alone.

    Raises
    ------
    StoreError
        When the folder cannot be written, the store is damaged, or PostgreSQL's own tool is missing.
    """
    return _backup(store, folder, f"{PREFIX}{now().strftime(STAMP)}")


def restore(path: Path, url: str | None = None) -> Path | None:
    """Put a backup in the place of the store, and return the backup made of what was there, None where nothing was.

    Respondents deleted since that backup are in it: the journal of what was there says whom to delete again.

    Those who read meanwhile see the one state or the other, whole. What was written since the backup is in the file
    that is returned, beside the store (for PostgreSQL, beside the backup).

    Parameters
    ----------
    path
        A file that `backup` made of the same kind of database.
    url
        Address of the store; the default one by default.

    Raises
    ------
    StoreError
        When the file is none of ours, is damaged, or is of a newer version of the program; nothing is then changed.
    """
    if not path.is_file():
        raise StoreError(f"Il n’y a pas de fichier {path}\u202f: donnez le chemin d’une sauvegarde.")
    place = place_of(url)
    if place is None:
        dumps.verify(path)
    else:
        _verify(path)
    aside = _set_aside(url, path.parent if place is None else place.parent)
    store = open_store(url, create=True)
    if store.path is None:
        dumps.restore(store.engine.url, path)
        store.engine.dispose()
    else:
        # Through the database itself, in one transaction: the file is never replaced under those who read it.
        with closing(_read_only(path)) as source, closing(sqlite3.connect(store.path, timeout=30)) as target:
            source.backup(target)
    # An older backup is brought to the present version.
    open_store(url, create=True)
    return aside


def expire_backups(folder: Path, days: int, at: datetime | None = None) -> list[Path]:
    """Delete the backups of a folder older than a number of days, and return them; other files are left alone.

    Their age is that of their name: copying a file does not make it younger. Those made before a restoration expire
    with the others.
    """
    limit = (at or now()) - timedelta(days=days)
    expired = []
    for path in sorted(folder.glob("*")):
        moment = _moment(path)
        if moment is not None and moment < limit:
            path.unlink(missing_ok=True)
            expired.append(path)
    return expired


def _set_aside(url: str | None, folder: Path) -> Path | None:
    """Return a backup of the store as it is, or its very file where it is damaged: that is why one restores."""
    name = f"{ASIDE}-{now().strftime(STAMP)}"
    try:
        before = open_store(url)
        return _backup(before, folder, name) if before is not None else None
    except DamagedError:
        place = place_of(url)
        if place is None:
            # Its tables are replaced: what is damaged in them is of no more use.
            return None
        damaged = folder / f"{name}-abime.sqlite"
        for end in ("", *BESIDE):
            if (beside := place.with_name(place.name + end)).exists():
                beside.rename(damaged.with_name(damaged.name + end))
        forget(url)
        return damaged


def _moment(path: Path) -> datetime | None:
    """Return the moment that a backup is named after, None for any other file."""
    for end in BESIDE:
        path = path.with_name(path.name.removesuffix(end))
    for prefix in (PREFIX, f"{ASIDE}-"):
        written = path.stem.removeprefix(prefix)
        if path.suffix in (*SUFFIXES.values(), PARTIAL) and written != path.stem:
            try:
                return datetime.strptime(written[:15], STAMP).replace(tzinfo=UTC)
            except ValueError:
                continue
    return None


def _backup(store: Store, folder: Path, name: str) -> Path:
    path = folder / f"{name}-{secrets.token_hex(2)}{SUFFIXES[store.form]}"
    beside = path.with_suffix(PARTIAL)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(f"Le dossier {folder} ne peut pas être écrit\u202f: donnez-en un autre.") from error
    try:
        if store.path is None:
            dumps.dump(store, beside)
            dumps.verify(beside)
        else:
            with closing(_read_only(store.path)) as source, closing(sqlite3.connect(beside)) as target:
                source.backup(target)
                # One file, that says all by itself.
                target.execute("PRAGMA journal_mode=DELETE")
            _verify(beside)
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        beside.rename(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=30)


def _verify(path: Path) -> None:
    """Refuse a file that is not a whole store of a version that this program knows."""
    try:
        with closing(_read_only(path)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not {"alembic_version", "edition", "revision", "frame", "publication"} <= tables:
                raise StoreError(f"{path.name} n’est pas une sauvegarde d’éditions\u202f: rien n’a été changé.")
            is_known(*(version for (version,) in connection.execute("SELECT version_num FROM alembic_version")))
            ((state, *_),) = connection.execute("PRAGMA integrity_check(1)")
            frames = connection.execute("SELECT name, sha256, content FROM frame")
            if state != "ok" or any(digest(content) != sha256 for _, sha256, content in frames):
                raise DamagedError(f"{path.name} est abîmé\u202f: prenez une autre sauvegarde. Rien n’a été changé.")
    except sqlite3.DatabaseError as error:
        raise DamagedError(
            f"{path.name} n’est pas une base lisible, ou elle est abîmée\u202f: prenez une autre sauvegarde. Rien n’a "
            "été changé."
        ) from error
