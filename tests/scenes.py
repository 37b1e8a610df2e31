"""Meetings that were played once and are put back for every test that begins with them: the rows of both databases, as they
were when the play was over.

    meeting = scene(app, played)              # `played` takes an application and answers a meeting
    meeting = scene(app, played, "Mentors")   # with that argument, once more
    first, second = scene(app, two)           # several meetings are one scene

Promises: whoever gets a scene finds no other row in the house – what was there before and what other tests did is gone – and
what the process remembers of readings is forgotten. Files and counted requests stay as they are. The times are those of the
play: whoever tests a clock plays anew. The houses of a process have the same secrets (`houses.settings_in`), so that a scene
fits in each of them; in a house with others it is played once more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Concatenate, Generic, ParamSpec, TypeVar
from typing import cast as as_type

import psycopg
from flask import Flask
from sqlalchemy import Engine

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.meetings import loading, snapshot_cache
from facilitator.meetings.models import Meeting as MeetingRow
from tests.cast import Cast, Meeting
from tests.houses import empty_tables

P = ParamSpec("P")
Played = TypeVar("Played", bound=Meeting | tuple[Meeting, ...])
TABLES = (
    "SELECT quote_ident(tablename) FROM pg_tables"
    " WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY tablename"
)
# Whatever points at it or forbids it: audit entries cannot be deleted in a usual way.
LET_EVERYTHING = "SET session_replication_role = replica; SET lock_timeout = '10s'"


@dataclass(frozen=True)
class Scene(Generic[Played]):
    """What was played, and what the house held of it."""

    played: Played
    house: HouseCopy


_known: dict[tuple[object, ...], Scene[Meeting | tuple[Meeting, ...]]] = {}


def scene(app: Flask, play: Callable[Concatenate[Flask, P], Played], *args: P.args, **named: P.kwargs) -> Played:
    """What was there when `play` was over, in this house. Plays it where no test of this process did before."""
    with app.app_context():
        key = (_kind(app), sealing.keyring().master, play, args, tuple(sorted(named.items())))
    if key not in _known:
        HouseCopy.empty(app).put_back(app)
        _known[key] = Scene(_afresh(play(app, *args, **named), app), HouseCopy.of(app))
    else:
        _known[key].house.put_back(app)
    return as_type("Played", _afresh(_known[key].played, app))


def staged(cast: Cast, play: Callable[[Cast], Meeting]) -> Meeting:
    """The same for a play that takes a cast, which is the scene's from then on."""
    meeting = scene(cast.app, with_cast, play)
    cast.organisation = Cast.organisation
    with cast.app.app_context():
        cast.user = db.session.get_one(User, db.session.get_one(MeetingRow, meeting.id).created_by)
    return meeting


def with_cast(app: Flask, play: Callable[[Cast], Meeting]) -> Meeting:
    """Has a cast of its own play."""
    return play(Cast(app))


def _afresh(played: Meeting | tuple[Meeting, ...], app: Flask) -> Meeting | tuple[Meeting, ...]:
    """Nobody changes what the next test gets."""
    if isinstance(played, tuple):
        return tuple(replace(meeting, app=app, people=dict(meeting.people), seen=None) for meeting in played)
    return replace(played, app=app, people=dict(played.people), seen=None)


@dataclass(frozen=True)
class HouseCopy:
    """Everything in the databases of texts and of keys."""

    texts: Copy
    keys: Copy

    @classmethod
    def empty(cls, app: Flask) -> HouseCopy:
        """Of a house in which nothing was."""
        return cls(_kind(app).empty("texts"), _kind(app).empty("keys"))

    @classmethod
    def of(cls, app: Flask) -> HouseCopy:
        """Of a house as it is now."""
        texts, keys = (_kind(app).of(engine) for engine in _databases(app))
        return cls(texts, keys)

    def put_back(self, app: Flask) -> None:
        """Everything as it was."""
        texts, keys = _databases(app)
        self.texts.put_back(texts)
        self.keys.put_back(keys)
        loading.forget_readings()
        with app.app_context():
            snapshot_cache.readings().forget()


def _databases(app: Flask) -> tuple[Engine, Engine]:
    with app.app_context():
        return db.engine, sealing.keyring().engine


def _kind(app: Flask) -> type[SQLiteCopy | PostgresCopy]:
    return SQLiteCopy if _databases(app)[0].dialect.name == "sqlite" else PostgresCopy


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
        """SQLite does it itself: a file that is replaced under an open connection breaks it."""
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
