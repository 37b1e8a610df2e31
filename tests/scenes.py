"""Meetings that were played once and are put back for every test that begins with them: the rows of both databases, as they
were when the play was over.

    meeting = scene(app, played)              # `played` takes an application and answers a meeting
    meeting = scene(app, played, "Mentors")   # with that argument, once more
    first, second = scene(app, two)           # several meetings are one scene

Promises: whoever gets a scene finds nothing else in the house – what was there before and what other tests did is gone – and
nothing of it is shared with another test. The houses of a process have the same secrets (see `houses.settings_in`), so that
a scene fits in each of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Concatenate, Generic, ParamSpec, TypeVar, cast

import psycopg
from flask import Flask
from sqlalchemy import Engine

from facilitator.db import db
from facilitator.meetings import sealing
from tests.cast import Meeting
from tests.houses import empty_tables

P = ParamSpec("P")
Played = TypeVar("Played", bound=Meeting | tuple[Meeting, ...])
TABLES = (
    "SELECT quote_ident(tablename) FROM pg_tables"
    " WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY tablename"
)
# Whatever points at it or forbids it: audit entries cannot be deleted in a usual way.
LET_EVERYTHING = "SET session_replication_role = replica"


@dataclass(frozen=True)
class Scene(Generic[Played]):
    """What was played, and what the databases of texts and of keys held of it."""

    played: Played
    texts: Copy
    keys: Copy


_known: dict[tuple[object, ...], Scene[Meeting | tuple[Meeting, ...]]] = {}


def scene(app: Flask, play: Callable[Concatenate[Flask, P], Played], *args: P.args, **named: P.kwargs) -> Played:
    """What was there when `play` was over, in this house. Plays it where no test of this process did before."""
    with app.app_context():
        texts, keys = db.engine, sealing.keyring().engine
    kind = SQLiteCopy if texts.dialect.name == "sqlite" else PostgresCopy
    key = (kind, play, args, tuple(sorted(named.items())))
    if key not in _known:
        kind.empty("texts").put_back(texts)
        kind.empty("keys").put_back(keys)
        _known[key] = Scene(play(app, *args, **named), kind.of(texts), kind.of(keys))
    else:
        _known[key].texts.put_back(texts)
        _known[key].keys.put_back(keys)
    return cast("Played", _afresh(_known[key].played, app))


def _afresh(played: Meeting | tuple[Meeting, ...], app: Flask) -> Meeting | tuple[Meeting, ...]:
    """Nobody changes what the next test gets."""
    if isinstance(played, tuple):
        return tuple(replace(meeting, app=app, people=dict(meeting.people), seen=None) for meeting in played)
    return replace(played, app=app, people=dict(played.people), seen=None)


@dataclass(frozen=True)
class SQLiteCopy:
    """A database file, in memory."""

    kept: sqlite3.Connection

    @classmethod
    def empty(cls, name: str) -> SQLiteCopy:
        """The tables alone."""
        return cls._read(str(empty_tables() / name))

    @classmethod
    def of(cls, engine: Engine) -> SQLiteCopy:
        """What is there now."""
        return cls._read(str(engine.url.database))

    @classmethod
    def _read(cls, path: str) -> SQLiteCopy:
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        with closing(sqlite3.connect(path)) as connection:
            connection.backup(kept)
        return cls(kept)

    def put_back(self, engine: Engine) -> None:
        """Writes it over the file, whose connections are closed first."""
        engine.dispose()
        with closing(sqlite3.connect(str(engine.url.database))) as connection:
            self.kept.backup(connection)


@dataclass(frozen=True)
class PostgresCopy:
    """The rows of each table that has any, as PostgreSQL hands them over."""

    rows: Mapping[str, bytes]

    @classmethod
    def empty(cls, _name: str) -> PostgresCopy:
        """Nothing in any table."""
        return cls({})

    @classmethod
    def of(cls, engine: Engine) -> PostgresCopy:
        """What is there now."""
        rows = {}
        with connected(engine) as connection:
            for (table,) in connection.execute(TABLES).fetchall():
                if connection.execute(f"SELECT 1 FROM {table} LIMIT 1".encode()).fetchone():
                    with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)".encode()) as stream:
                        rows[table] = b"".join(bytes(piece) for piece in stream)
        return cls(rows)

    def put_back(self, engine: Engine) -> None:
        """Empties every table and fills those that had rows."""
        engine.dispose()
        with connected(engine) as connection:
            tables = connection.execute(TABLES).fetchall()
            connection.execute(";".join([LET_EVERYTHING, *(f"DELETE FROM {table}" for (table,) in tables)]).encode())
            for table, rows in self.rows.items():
                with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)".encode()) as stream:
                    stream.write(rows)


Copy = SQLiteCopy | PostgresCopy


@contextmanager
def connected(engine: Engine) -> Iterator[psycopg.Connection]:
    """A connection beside those of the application, and one transaction."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        yield connection
