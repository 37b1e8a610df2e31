"""The database: one engine per application, a session per request, and the only ways to write.

Promises: a write that returned is committed to disk; a writer never freezes the process while it waits; nobody hears of
a change before it is committed, and then only *which* meeting changed.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from datetime import time as dt_time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from typing import cast as as_type
from urllib.parse import quote

from blinker import Namespace
from flask import Flask, current_app
from gevent import get_hub, monkey
from gevent.lock import BoundedSemaphore
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    LargeBinary,
    MetaData,
    String,
    any_,
    bindparam,
    cast,
    create_engine,
    event,
    make_url,
    text,
    type_coerce,
)
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session, scoped_session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    import psycopg

WAIT_FOR_LOCK_SECONDS = 10.0
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
AT_ONCE = 500  # values of one question, and rows of one answer
T = TypeVar("T")

meeting_changed = Namespace().signal("meeting-changed")


class Base(DeclarativeBase):
    """Every table of the product."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(TypeDecorator[datetime]):
    """A point in time: aware UTC in Python, naive UTC in the database (SQLite knows no zones)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 – its name
        """Stores UTC without a zone; refuses a naive value, which would be somebody's local time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Gives the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


class Sealed(LargeBinary):
    """What `sealing` closed. It comes out as bytes whatever became of the row: SQLite gives back what was damaged as a text or
    a number, and a driver that cannot read one of a hundred rows gives none of them.
    """

    def column_expression(self, colexpr: ColumnElement[bytes]) -> ColumnElement[bytes]:
        """Has the database make bytes of it."""
        return type_coerce(cast(colexpr, LargeBinary), self)


def random_id(length: int = 22) -> str:
    """A random name for a row (110 bits): it tells nothing about order, time or author."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(length))


def now() -> datetime:
    """The server's clock, in UTC."""
    return datetime.now(UTC)


def midnight(day: date) -> datetime:
    """The moment at which a day begins."""
    return datetime.combine(day, dt_time(), UTC)


def batched(values: Iterable[T], count: int = AT_ONCE) -> Iterator[list[T]]:
    """As `itertools.batched` of a later Python."""
    left = iter(values)
    while some := list(islice(left, count)):
        yield some


def is_in(
    connection: Connection, column: ColumnElement[T] | InstrumentedAttribute[T], values: Iterable[T]
) -> ColumnElement[bool]:
    """The rows whose column has one of these values. A list of parameters is another question for each length, which PostgreSQL and
    its driver read and plan anew: hundreds of keys took longer to write down than to look up. An array is one parameter.
    """
    if connection.dialect.name == "postgresql":
        # Without the length of the column: a longer value would be cut, and found.
        kind = String() if isinstance(column.type, String) else column.type
        return column == any_(bindparam(None, list(values), ARRAY(kind)))
    return column.in_(list(values))


class Busy(Exception):
    """Another writer held the database longer than anybody should wait."""


@dataclass
class Bound:
    """What one application holds: its engine, the session of the request at hand, and how often something was written that no
    meeting counts as a change.
    """

    engine: Engine
    session: scoped_session[Session]
    turn: BoundedSemaphore = field(default_factory=BoundedSemaphore)
    written: int = 0

    @contextmanager
    def writer(self) -> Iterator[None]:
        """SQLite has one writer: those of this process come one after the other, in the order in which they asked, and hold no
        connection while they wait.
        """
        if self.engine.dialect.name != "sqlite":
            yield
            return
        if not self.turn.acquire(timeout=WAIT_FOR_LOCK_SECONDS):
            raise Busy("others wrote for too long")
        try:
            yield
        finally:
            self.turn.release()


class Database:
    """The unbound handle that modules import; `init_app` gives an application its own engine."""

    def init_app(self, app: Flask, url: str) -> None:
        """Opens the engine for `app` and ends the request's session with its context."""
        engine = engine_for(url)
        bound = Bound(engine, scoped_session(sessionmaker(engine, expire_on_commit=False)))
        app.extensions["database"] = bound
        app.teardown_appcontext(lambda _error: bound.session.remove())

    @property
    def bound(self) -> Bound:
        """What belongs to the current application."""
        bound = current_app.extensions["database"]
        assert isinstance(bound, Bound)
        return bound

    @property
    def engine(self) -> Engine:
        """The current application's engine."""
        return self.bound.engine

    @property
    def session(self) -> scoped_session[Session]:
        """The session of the request at hand: each read sees the newest; the first flush opens a write."""
        return self.bound.session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session whose reads all see the same moment."""
        self.give_back()
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            if self.engine.dialect.name == "sqlite":
                session.connection().exec_driver_sql("BEGIN")
            else:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def writing(self, is_counted: bool = False) -> Iterator[Session]:
        """A transaction of its own: commits at the end, rolls back on any error. Nothing inside may wait or send. `is_counted`: whoever
        reads what it writes learns by a count of their own that it changed.
        """
        self.give_back()
        with self.bound.writer(), Session(self.engine, expire_on_commit=False) as session:
            begin_writing(session.connection())
            yield session
            session.commit()
        self.bound.written += not is_counted

    def give_back(self) -> None:
        """Ends what the request was reading, so that nobody ever holds two connections: where everybody sends at once,
        each would wait for the other's second one."""
        session = self.session()
        if session.in_transaction() and not (session.new or session.dirty or session.deleted):
            session.commit()


db = Database()


@contextmanager
def changing(meeting_id: str) -> Iterator[Session]:
    """The one way to change a meeting: writers of one meeting come one after the other, each change is counted, and after
    the commit – never before – everybody who listens hears which meeting changed.
    """
    with db.writing(is_counted=True) as session:
        take_turns(session, meeting_id)
        count_change(session, meeting_id)
        yield session
    announce(meeting_id)


def count_change(session: Session, meeting_id: str) -> None:
    """Says that a meeting is not any more what somebody may have read."""
    session.execute(text("UPDATE meetings SET revision = revision + 1 WHERE id = :id"), {"id": meeting_id})


def take_turns(session: Session, name: str) -> None:
    """Waits for whoever took this name's turn, and has it until the transaction ends. SQLite has one writer anyway; there it
    is for the caller to write in a transaction of `writing`.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def announce(meeting_id: str) -> None:
    """Tells this process's listeners that a meeting changed; they load for themselves what they may see."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 – werkzeug's way to the app behind the proxy
    meeting_changed.send(app, meeting_id=meeting_id)


class PatientConnection(sqlite3.Connection):
    """Lets other meetings go on while the disk is waited for."""

    def commit(self) -> None:
        """Commits in a thread where greenlets would stand still otherwise."""
        if not (self.in_transaction and monkey.is_module_patched("socket")):
            return super().commit()
        # An error in a thread of the pool would be told to the log before whoever waits for it can say what it means.
        if error := get_hub().threadpool.apply(self._error_of_committing):
            raise error
        return None

    def _error_of_committing(self) -> sqlite3.Error | None:
        try:
            super().commit()
        except sqlite3.Error as error:
            return error
        return None


def engine_for(url: str) -> Engine:
    """An engine with this product's rules: WAL and full sync on SQLite, a statement time-out on PostgreSQL."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            connect_args={"check_same_thread": False, "timeout": 0, "factory": PatientConnection},
            pool_size=20,
            max_overflow=80,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _prepare_sqlite)
    else:
        url = url.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(
            url,
            connect_args={"options": "-c statement_timeout=10000"},
            pool_size=20,
            max_overflow=20,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    return engine


def looking_at(url: str) -> Engine:
    """An engine with which nothing is changed and nothing is made, not even a file beside a database that nobody has open."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        is_open = Path(f"{parts.database}-wal").exists()
        way = "mode=ro" if is_open else "mode=ro&immutable=1"
        address = f"sqlite:///file:{quote(parts.database or '')}?{way}&uri=true"
        return create_engine(address, connect_args={"check_same_thread": False}, hide_parameters=True)
    engine = engine_for(url)
    event.listen(engine, "connect", _only_look)
    return engine


def _only_look(connection: psycopg.Connection[object], _entry: ConnectionPoolEntry) -> None:
    connection.read_only = True


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # isolation_level None: we say BEGIN ourselves, because a deferred one that turns into a write fails at once.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=0", "foreign_keys=ON", "secure_delete=ON"):
        _patiently(connection, f"PRAGMA {pragma}")


@event.listens_for(Session, "before_flush")
def _write_from_here(session: Session, *_: object) -> None:
    begin_writing(session.connection())


def begin_writing(connection: Connection) -> None:
    """Opens SQLite's write transaction; on PostgreSQL every transaction is one already."""
    if connection.dialect.name != "sqlite":
        return
    raw = as_type("sqlite3.Connection", connection.connection.dbapi_connection)
    if not raw.in_transaction:
        _patiently(raw, "BEGIN IMMEDIATE")


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Tries again while another writer holds the file, sleeping cooperatively: SQLite's own waiting would freeze every
    greenlet of the process."""
    deadline, pause = time.monotonic() + WAIT_FOR_LOCK_SECONDS, 0.001
    while not _ran(connection, statement, time.monotonic() > deadline):
        time.sleep(pause)
        pause = min(pause * 2, 0.05)


def _ran(connection: sqlite3.Connection, statement: str, is_last_try: bool) -> bool:
    try:
        connection.execute(statement)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise
        if is_last_try:
            raise Busy("the database stayed locked") from error
        return False
    return True
