"""Copies of the two databases, the texts and their keys, and the way back.

Promises: a copy is whole, also when taken in use; what was destroyed stays destroyed when only the newest keys are kept.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy import make_url

from facilitator.config import Settings


def back_up(settings: Settings, file: Path) -> Path:
    """Write FILE and FILE.keys; answers the latter. Keys go last: texts without keys are no secret."""
    texts, keys = sqlite_file(settings.database_url), sqlite_file(settings.keys_url)
    for source in (texts, keys):
        if not source.is_file():
            raise click.ClickException(f"there is nothing to back up yet: {source} does not exist")
    copy(texts, file)
    return copy(keys, keys_of(file))


def put_back(settings: Settings, file: Path) -> bool:
    """Replace the databases by FILE and, if it is there, FILE.keys; answers whether it was."""
    targets = [(file, sqlite_file(settings.database_url))]
    if keys_of(file).is_file():
        targets.append((keys_of(file), sqlite_file(settings.keys_url)))
    for source, _ in targets:
        check(source)
    for source, target in targets:
        pour(source, target)
    return len(targets) > 1


def keys_of(file: Path) -> Path:
    """Where the keys of a backup lie."""
    return file.with_name(file.name + ".keys")


def sqlite_file(url: str) -> Path:
    """The file of a database. PostgreSQL brings its own tools."""
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite" or not parts.database:
        raise click.ClickException("these databases are not SQLite: use pg_dump and pg_restore")
    return Path(parts.database)


def copy(source: Path, target: Path) -> Path:
    """A copy under its final name only when it is whole and on disk."""
    unfinished = target.with_name(target.name + ".part")
    unfinished.unlink(missing_ok=True)
    try:
        unfinished.touch(mode=0o600)
        pour(source, unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
    except OSError as error:
        raise click.ClickException(f"cannot write {target}: {error.strerror}") from error
    return target


def pour(source: Path, target: Path) -> None:
    """SQLite's own online copy."""
    with closing(sqlite3.connect(source, timeout=10)) as old, closing(sqlite3.connect(target, timeout=10)) as new:
        try:
            old.backup(new)
        except sqlite3.Error as error:
            raise click.ClickException(f"cannot copy {source} to {target}: {error}; is the server stopped?") from error


def check(file: Path) -> None:
    """Is it a whole database?"""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            result = connection.execute("PRAGMA quick_check").fetchone()
        except sqlite3.DatabaseError as error:
            raise click.ClickException(f"{file} is no backup: {error}") from error
    if result != ("ok",):
        raise click.ClickException(f"{file} is damaged: {result[0]}")
