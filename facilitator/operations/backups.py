"""Copies of the two databases, the texts and their keys, and of uploaded files, and the way back. A copy of a database is an
SQLite file whatever it was taken from, so it also leads from SQLite to PostgreSQL.

Promises: a copy is of one moment, also when taken while meetings run; what is found by searching is not in it but made
anew; a key that was destroyed does not come back, whichever copy of the keys is restored; the audit log only grows.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any
from typing import cast as as_type

import click
from sqlalchemy import Connection, Engine, Table, inspect, make_url, select
from sqlalchemy import text as sql

from facilitator.core.atomic import written
from facilitator.core.config import Settings, SettingsError
from facilitator.core.db import begin_writing, looking_at
from facilitator.core.private import private_folder
from facilitator.core.sealing import begin_generation, destroyed_keys, meeting_keys
from facilitator.core.sealing import metadata as keys_metadata
from facilitator.migrations import current_is_head, refuse_newer, upgrade
from facilitator.migrations.tables import metadata
from facilitator.operations.installation import (
    DoNotBelongTogether,
    Held,
    database_files,
    fits_salt,
    held,
    looked_into,
    lost,
    opened,
    opens,
    place_of,
    problem_of,
    refuse_own,
    remember,
)
from facilitator.operations.sealed import Opener
from facilitator.operations.sealed import unreadable as unreadable_rows

ROWS_AT_ONCE = 500
ONLY_GROWS = "audit_entries"
MADE_ANEW = "search_"
UPLOADS = "uploads"
BEGINS = b"SQLite format 3\0"
PIECE_BYTES = 1024 * 1024
UPLOAD = re.compile(r"[0-9a-z]{22}")
Row = dict[str, Any]  # Any: whatever a column holds, carried and not looked at


@dataclass(frozen=True)
class Copied:
    """Where the keys of a copy are, None where there are none, and how many things in it cannot be read."""

    keys: Path | None
    unreadable: int


def back_up(settings: Settings, file: Path) -> Copied:
    """Write FILE, FILE.uploads if there are any, and FILE.keys. Keys go last: what they open is no secret without them. Nothing
    takes the place of an older copy before all of it was read again and opened. Raises SettingsError and OSError.
    """
    refuse_own(settings, file, keys_of(file), uploads_of(file))
    for url in (settings.database_url, settings.keys_url):
        refuse_what_is_not_there(url)
    refuse_what_does_not_belong_together(settings, held(settings))
    with written(keys_of(file)) as keys, written(file) as part, contextlib.ExitStack() as more:
        with opened(settings.database_url) as source, opened(f"sqlite:///{part}") as target:
            if not current_is_head(source):
                raise click.ClickException("the database is of another version: start the server once, then back up")
            upgrade(target)
            pour(source, target, texts())
        uploads = names_of_uploads(settings.data_dir / UPLOADS)
        if uploads:
            pack_uploads(uploads, more.enter_context(written(uploads_of(file))))
        with opened(settings.keys_url) as source, opened(f"sqlite:///{keys}") as target:
            keys_metadata.create_all(source)
            keys_metadata.create_all(target)
            pour(source, target, keys_metadata.sorted_tables)
        for copy in (part, keys):
            make_one_file(copy)
            check(copy)
        unreadable = count_unreadable(replace_urls(settings, part, keys))
    if not uploads:
        uploads_of(file).unlink(missing_ok=True)
    return Copied(keys_of(file), unreadable)


def put_back(settings: Settings, file: Path) -> Copied:
    """Replace the texts by those of FILE, and add the keys of FILE.keys if it is there. The databases are at the version of this
    program when it returns. Works while the server runs. Nothing is changed where what is put back could not be read: raises
    SettingsError. Texts go last: where something fails on the way, those that were here are here and open.
    """
    keys = keys_of(file) if keys_of(file).is_file() else None
    if os.path.realpath(file) in {os.path.realpath(own) for own in database_files(settings)}:
        raise SettingsError(f"{file} is a database of this installation itself, not a copy of it")
    for copied in (file, keys) if keys else (file,):
        check(copied)
    refuse_what_is_no_copy(file)
    refuse_what_could_not_be_read(settings, file, keys)
    check_uploads(uploads_of(file))
    settings = settings.kept()
    with tempfile.TemporaryDirectory() as folder, opened(settings.database_url) as target:
        source_url = copied_to(file, Path(folder) / "texts.sqlite")
        with opened(source_url) as source:
            upgrade(source)
            upgrade(target)
            unpack_uploads(uploads_of(file), settings.data_dir / UPLOADS)
            put_back_keys(settings, copied_to(keys, Path(folder) / "keys.sqlite") if keys else None)
            pour(source, target, texts(), made_anew())
    return Copied(keys, count_unreadable(settings))


def put_back_keys(settings: Settings, source_url: str | None) -> None:
    """The keys of a copy, if there is one, beside those that are here."""
    with opened(settings.keys_url) as target:
        keys_metadata.create_all(target)
        if source_url:
            with opened(source_url) as source:
                add_keys(source, target)
        remember(settings, target)


def copied_to(file: Path, place: Path) -> str:
    """The address of a database that is like FILE, of which nothing is changed."""
    with looked_into(f"sqlite:///{file.absolute()}") as looked, closing(sqlite3.connect(place)) as target:
        if looked is not None:
            as_type("sqlite3.Connection", looked.connection.dbapi_connection).backup(target)
    return f"sqlite:///{place}"


def refuse_what_does_not_belong_together(settings: Settings, found: Held) -> None:
    """A copy of what nothing opens would take the place of one that is good."""
    if problem := lost(settings, found) or problem_of(settings, found):
        raise DoNotBelongTogether(problem)


def refuse_what_is_no_copy(file: Path) -> None:
    """A database of somebody else's, or of a newer version."""
    with looked_into(f"sqlite:///{file.absolute()}") as source:
        if source is None or not inspect(source).has_table("alembic_version"):
            raise click.ClickException(f"{file} is no backup of Facilitator")
        refuse_newer(source, str(file))


def refuse_what_could_not_be_read(settings: Settings, file: Path, keys: Path | None) -> None:
    """Texts whose keys are neither beside them nor here, and keys of another master key than the one here."""
    here, there = held(settings), held(replace_urls(settings, file, keys))
    secrets = settings.data_dir / "secrets"
    if keys and not opens(settings, there):
        raise DoNotBelongTogether(
            f"the master key here does not open {keys}: put the secrets/ that belong to it in {secrets} first"
        )
    if not opens(settings, here):
        raise DoNotBelongTogether(
            f"the master key does not open the keys in {place_of(settings.keys_url)}: put secrets/master_key back from a copy"
        )
    if there.needed and not there.known:
        beside = f"none in {keys}" if keys else f"no {keys_of(file)}"
        raise DoNotBelongTogether(f"{file} could not be read: its keys are not here, and there are {beside}")
    if there.passwords and not fits_salt(settings, there if keys else here):
        raise DoNotBelongTogether(
            f"the passwords in {file} were made with another salt: put its password_salt in {secrets}, or set FACILITATOR_PASSWORD_SALT"
        )


def replace_urls(settings: Settings, file: Path, keys: Path | None) -> Settings:
    """The settings with a copy in place of the databases; without keys of its own, with those that are here."""
    keys_url = f"sqlite:///{keys.absolute()}" if keys else settings.keys_url
    return replace(settings, database_url=f"sqlite:///{file.absolute()}", keys_url=keys_url)


def count_unreadable(settings: Settings) -> int:
    """How many sealed things do not open, of all there are."""
    return sum(1 for _ in unreadable_things(settings))


def unreadable_things(settings: Settings) -> Iterator[str]:
    """The table of each."""
    with looked_into(settings.database_url) as found, looked_into(settings.keys_url) as keys:
        if found is not None:
            yield from unreadable_rows(found, Opener(keys, settings.master_key))


def keys_of(file: Path) -> Path:
    return file.with_name(file.name + ".keys")


def newest_in(place: Path) -> Path | None:
    """The newest copy in a folder, whether or not its keys are beside it, or the copy itself; None where there is none."""
    if not place.is_dir():
        return place if place.is_file() else None
    copies = (path for path in place.iterdir() if path.suffix != ".keys" and path.is_file() and is_database(path))
    return max(copies, key=lambda copy: copy.stat().st_mtime, default=None)


def is_database(file: Path) -> bool:
    """By how it begins, or by its keys, for what is damaged as well."""
    with file.open("rb") as opened_file:
        return opened_file.read(len(BEGINS)) == BEGINS or keys_of(file).is_file()


def lend_keys(settings: Settings, elsewhere: Settings) -> None:
    """The keys that are here, for a copy whose own lie apart from it."""
    with opened(settings.keys_url, looking_at) as source, opened(elsewhere.keys_url) as target:
        keys_metadata.create_all(target)
        pour(source, target, keys_metadata.sorted_tables)


def uploads_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.{UPLOADS}")


def names_of_uploads(folder: Path) -> list[Path]:
    """Every uploaded file."""
    return sorted(path for path in folder.iterdir() if UPLOAD.fullmatch(path.name)) if folder.is_dir() else []


def pack_uploads(files: Iterable[Path], into: Path) -> None:
    """Every uploaded file, sealed as it lies there."""
    with tarfile.open(into, "w") as packed:
        for path in files:
            with contextlib.suppress(FileNotFoundError):  # its card was taken back this very moment
                packed.add(path, path.name)


def check_uploads(file: Path) -> None:
    """Is it whole, to the last byte of the last upload?"""
    if not file.is_file():
        return
    try:
        with tarfile.open(file, "r:") as packed:
            for member in packed:
                source = packed.extractfile(member)
                while source is not None and source.read(PIECE_BYTES):
                    pass
    except (tarfile.TarError, EOFError) as error:
        raise click.ClickException(f"{file} is damaged: take another copy") from error


def unpack_uploads(file: Path, folder: Path) -> None:
    """Brings uploaded files back; those no card knows are let go of within the hour."""
    if not file.is_file():
        return
    private_folder(folder)
    with tarfile.open(file, "r:") as packed:
        for member in packed:
            source = packed.extractfile(member) if member.isfile() and UPLOAD.fullmatch(member.name) else None
            if source is not None:
                write_upload(folder / member.name, source)


def write_upload(target: Path, source: IO[bytes]) -> None:
    """One file, readable by its owner, under its name only when it is whole."""
    with written(target) as part, part.open("wb") as file:
        shutil.copyfileobj(source, file)


def texts() -> list[Table]:
    """Every table that is copied, those first that others point at."""
    return [table for table in metadata.sorted_tables if not table.name.startswith(MADE_ANEW)]


def made_anew() -> list[Table]:
    """Every table that is not copied, because it follows from the others."""
    return [table for table in metadata.sorted_tables if table.name.startswith(MADE_ANEW)]


def refuse_what_is_not_there(url: str) -> None:
    """Nothing was ever stored: there is nothing to copy."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite" and not (parts.database and Path(parts.database).is_file()):
        raise click.ClickException(f"there is nothing to back up yet: {parts.database} does not exist")


def make_one_file(copy: Path) -> None:
    """One file, and nothing beside it."""
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def pour(source: Engine, target: Engine, tables: Sequence[Table], emptied: Sequence[Table] = ()) -> None:
    """Every row of one moment of the source, in place of what the target held; all or nothing. What follows from those
    rows is `emptied`.
    """
    with source.connect() as old, target.connect() as new:
        at_one_moment(old)
        begin_writing(new)
        if new.dialect.name == "sqlite":
            new.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        else:
            new.execute(sql("SET LOCAL statement_timeout = 0"))
        for table in reversed([*tables, *emptied]):
            if table.name != ONLY_GROWS:
                new.execute(table.delete())
        for table in tables:
            insert(new, table, rows_of(old, new, table))
        new.commit()


def at_one_moment(connection: Connection) -> None:
    """All that is read from here on is of this moment."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    else:
        connection.execute(sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        connection.execute(sql("SET LOCAL statement_timeout = 0"))


def rows_of(old: Connection, new: Connection, table: Table) -> Iterator[Row]:
    """The rows to insert, those first that others of the same table point at; of the audit log only what is missing."""
    rows = [dict(row) for row in old.execute(select(table)).mappings()]
    if table.name == ONLY_GROWS:
        known = set(new.scalars(select(table.c.id)))
        rows = [row for row in rows if row["id"] not in known]
    upwards = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    yield from rows if not upwards else parents_first(rows, table.primary_key.columns.keys()[0], upwards)


def parents_first(rows: list[Row], name: str, upwards: Sequence[str]) -> Iterator[Row]:
    """Rows in an order in which each finds what it points at."""
    done: set[object] = {None}
    while rows:
        ready = [row for row in rows if all(row[upward] in done for upward in upwards)]
        yield from ready
        done.update(row[name] for row in ready)
        left = [row for row in rows if row[name] not in done]
        if not ready and left:
            raise click.ClickException("the backup has rows that point at nothing")
        rows = left


def insert(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """In batches, so that a large table does not need all memory twice."""
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_AT_ONCE:
            connection.execute(table.insert(), batch)
            batch = []
    if batch:
        connection.execute(table.insert(), batch)


def add_keys(source: Engine, target: Engine) -> None:
    """The keys of a copy join those that are there, but for every key that was destroyed, here or there."""
    had = set(inspect(source).get_table_names())
    with source.connect() as old, target.connect() as new:
        gone = set(old.scalars(select(destroyed_keys.c.meeting_id))) if destroyed_keys.name in had else set()
        begin_writing(new)
        already = set(new.scalars(select(destroyed_keys.c.meeting_id)))
        kept = set(new.scalars(select(meeting_keys.c.meeting_id)))
        insert(new, destroyed_keys, ({"meeting_id": owner} for owner in gone - already))
        new.execute(meeting_keys.delete().where(meeting_keys.c.meeting_id.in_(gone & kept)))
        begin_generation(new)
        rows = (dict(row) for row in old.execute(select(meeting_keys)).mappings())
        insert(new, meeting_keys, (row for row in rows if row["meeting_id"] not in gone | already | kept))
        new.commit()


def check(file: Path) -> None:
    """Is it a whole database?"""
    try:
        with looked_into(f"sqlite:///{file.absolute()}") as looked:
            found = looked.scalar(sql("PRAGMA quick_check")) if looked is not None else "it is empty"
    except SettingsError as error:
        raise click.ClickException(f"{file} is no backup that can be read: take another copy") from error
    if found != "ok":
        raise click.ClickException(f"{file} is damaged ({' '.join(str(found).split())}): take another copy")
