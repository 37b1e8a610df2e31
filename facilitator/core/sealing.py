"""Sealed texts: AES-GCM with a key per owner (a meeting, a report, a card), the keys in a database of their own under a
master key.

Promises: a text is bound to its owner and its place, so a row moved elsewhere does not open; destroying one row of the
key database makes every text of that owner unreadable, in old copies as well, and it is remembered which keys were
destroyed, so that no old copy of the keys brings one back. What was destroyed by one process opens nothing in another:
opened keys serve a transaction only after the key database was asked whether any key went since they were opened. What does
not open is `Unreadable`, and nothing else, whatever became of the row: whoever reads many shows the rest (`each`, `readable`).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, current_app, g, has_app_context
from flask_babel import lazy_gettext
from sqlalchemy import Column, Connection, Engine, Integer, String, Table, event, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from facilitator.core import clock
from facilitator.core.db import Moment, Sealed, batched, begin_writing, engine_for, is_in

if TYPE_CHECKING:
    from pydantic import TypeAdapter

NONCE_BYTES = 12
KEY_BYTES = 32
MOST_WAIT_MILLISECONDS = 200
MOST_WRITING_MILLISECONDS = 8000  # a little less than other questions wait
SEAL_BYTES = NONCE_BYTES + 16  # a nonce before the text, a tag behind it

metadata = clock.metadata  # the database of keys also tells when the clock was last looked at
# The tables have the names they got when only meetings had keys.
meeting_keys = Table(
    "meeting_keys",
    metadata,
    Column("meeting_id", String(32), primary_key=True),
    Column("wrapped", Sealed, nullable=False),
    sqlite_with_rowid=False,
)
destroyed_keys = Table(
    "destroyed_keys", metadata, Column("meeting_id", String(32), primary_key=True), sqlite_with_rowid=False
)
# One row, which has another token after each time that keys went; none as long as no key ever did.
key_generation = Table(
    "key_generation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("token", String(32), nullable=False),
    sqlite_with_rowid=False,
)
# One row: when keys were last counted against the rows they belong to.
key_count = Table(
    "key_count",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
# By what a secret is known again: a digest under the master key, which tells nothing to whoever lacks that.
proofs = Table(
    "proofs",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("proof", Sealed, nullable=False),
    sqlite_with_rowid=False,
)
ANOTHER_GENERATION = text(
    "INSERT INTO key_generation (id, token) VALUES (1, :token) ON CONFLICT (id) DO UPDATE SET token = excluded.token"
)

# What stands in place of a text that does not open any more.
UNREADABLE = lazy_gettext("This text cannot be read any more.")
Value = str | int | bool | None
T = TypeVar("T")
R = TypeVar("R")
log = logging.getLogger(__name__)


class Unreadable(Exception):
    """Something sealed that does not open."""


class KeyIsGone(Unreadable):
    """Its key was destroyed: it was erased, and nobody can read it any more."""


class Damaged(Unreadable):
    """It, or its key, is not what was once stored, or its key was lost. A backup may have it."""


class Body(dict[str, Value]):
    """What was sealed; a part that should be there and is not is damage like any other."""

    def __missing__(self, name: str) -> Value:
        raise Damaged(name)


@dataclass(frozen=True)
class Opened:
    """Keys as they were unwrapped, all of one generation."""

    generation: str | None
    keys: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Keyring:
    """The keys of one application. Unwrapped keys are kept in this process as long as nowhere a key is destroyed."""

    engine: Engine
    master: bytes
    opened: Opened = field(default_factory=lambda: Opened(None))

    def key(self, owner_id: str) -> bytes:
        """The key of an owner; raises KeyIsGone, and Damaged where it was lost."""
        opened = self._of_now()
        if owner_id not in opened.keys:
            with self.engine.connect() as connection:
                wrapped = connection.scalar(select(meeting_keys.c.wrapped).where(meeting_keys.c.meeting_id == owner_id))
            if wrapped is None:
                raise KeyIsGone(owner_id) if self.is_destroyed(owner_id) else Damaged(f"the key of {owner_id}")
            opened.keys[owner_id] = _decrypt(self.master, wrapped, f"key:{owner_id}")
        return opened.keys[owner_id]

    def open(self, owner_ids: Iterable[str]) -> None:
        """Opens the keys of many owners at once, for whoever reads a text of each. Of those that are gone or damaged `key` tells."""
        opened = self._of_now()
        for some in batched(owner_id for owner_id in owner_ids if owner_id not in opened.keys):
            with self.engine.connect() as connection:
                wanted = is_in(connection, meeting_keys.c.meeting_id, some)
                found = connection.execute(
                    select(meeting_keys.c.meeting_id, meeting_keys.c.wrapped).where(wanted)
                ).all()
            for owner_id, wrapped in found:
                with contextlib.suppress(Damaged):
                    opened.keys[owner_id] = _decrypt(self.master, wrapped, f"key:{owner_id}")

    def _of_now(self) -> Opened:
        """The keys that may be used in the transaction at hand. Its first text asks the key database, those after it do not;
        what was opened before another key went is opened anew.
        """
        if g.get("opened_by") is not self:
            with self.engine.connect() as connection:
                generation = connection.scalar(select(key_generation.c.token))
            if generation != self.opened.generation:
                self.opened = Opened(generation)
            g.opened_by, g.opened_keys = self, self.opened
        found = g.opened_keys
        assert isinstance(found, Opened)
        return found

    def holds(self, owner_id: str) -> bool:
        """Whether there is a key, asked of the database: another process may have destroyed it."""
        with self.engine.connect() as connection:
            query = select(meeting_keys.c.meeting_id).where(meeting_keys.c.meeting_id == owner_id)
            return connection.scalar(query) is not None

    def make(self, owner_id: str) -> None:
        """Makes and stores the key of a new owner, before its first row is written. What had one before has another now."""
        key = secrets.token_bytes(KEY_BYTES)
        with self.engine.connect() as connection:
            begin_writing(connection)
            connection.execute(destroyed_keys.delete().where(destroyed_keys.c.meeting_id == owner_id))
            connection.execute(
                meeting_keys.insert().values(meeting_id=owner_id, wrapped=_encrypt(self.master, key, f"key:{owner_id}"))
            )
            connection.commit()
        self._of_now().keys[owner_id] = key

    def destroy(self, owner_id: str) -> None:
        """Makes every text of an owner unreadable for good."""
        with self.engine.connect() as connection:
            begin_writing(connection)
            connection.execute(meeting_keys.delete().where(meeting_keys.c.meeting_id == owner_id))
            if connection.scalar(select(destroyed_keys).where(destroyed_keys.c.meeting_id == owner_id)) is None:
                connection.execute(destroyed_keys.insert().values(meeting_id=owner_id))
            begin_generation(connection)
            connection.commit()
        self.opened.keys.pop(owner_id, None)
        forget_what_was_asked()
        let_go_of_deleted(self.engine, meeting_keys.name)

    def is_destroyed(self, owner_id: str) -> bool:
        with self.engine.connect() as connection:
            asked = select(destroyed_keys.c.meeting_id).where(destroyed_keys.c.meeting_id == owner_id)
            return connection.scalar(asked) is not None

    def owners(self) -> set[str]:
        with self.engine.connect() as connection:
            return set(connection.scalars(select(meeting_keys.c.meeting_id)))

    def counted_at(self) -> datetime | None:
        """When keys were last counted against the rows they belong to."""
        with self.engine.connect() as connection:
            return connection.scalar(select(key_count.c.at))

    def note_counted(self, moment: datetime) -> None:
        """They were counted now."""
        with self.engine.connect() as connection:
            begin_writing(connection)
            connection.execute(key_count.delete())
            connection.execute(key_count.insert().values(id=1, at=moment))
            connection.commit()

    def destroyed(self) -> frozenset[str]:
        """The owners of all keys that were ever destroyed."""
        with self.engine.connect() as connection:
            return frozenset(connection.scalars(select(destroyed_keys.c.meeting_id)))


def begin_generation(connection: Connection) -> None:
    """Has every process open its keys anew: whoever deletes keys does it in the same transaction."""
    connection.execute(ANOTHER_GENERATION, {"token": secrets.token_hex(16)})


def forget_what_was_asked(*_: object) -> None:
    """Has the next text ask the key database again, as the first of each transaction does."""
    if has_app_context():
        g.pop("opened_by", None)


event.listen(Session, "after_begin", forget_what_was_asked)


def let_go_of_deleted(engine: Engine, *tables: str, most_milliseconds: int = MOST_WRITING_MILLISECONDS) -> None:
    """Empties the write-ahead log of a database file, in which deleted rows still stand; in PostgreSQL, that leaves them in
    the files of their tables, writes those anew. Where somebody is reading just now, or one takes too long, they stay, and the next
    one lets go of them.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    elif tables:
        write_anew(engine, tables, most_milliseconds)


def write_anew(engine: Engine, tables: Iterable[str], most_milliseconds: int) -> None:
    """Has PostgreSQL write tables into other files, without what was deleted: a plain VACUUM leaves its bytes where they were.
    Nobody can read a table meanwhile, so it gives up at once where it would have to wait, and after a while where one is large.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()  # its limits go with it
        connection.exec_driver_sql(f"SET lock_timeout = {MOST_WAIT_MILLISECONDS}")
        connection.exec_driver_sql(f"SET statement_timeout = {most_milliseconds}")
        for table in tables:
            with contextlib.suppress(OperationalError):
                connection.exec_driver_sql(f'VACUUM FULL "{table}"')


def init_app(app: Flask, url: str, master: bytes) -> Keyring:
    """Opens the key database of `app`, which lies apart from the texts."""
    engine = engine_for(url)
    try:
        metadata.create_all(engine)
    except IntegrityError:  # pragma: no cover - two processes made the table at the same moment
        metadata.create_all(engine, checkfirst=True)
    found = Keyring(engine, master)
    app.extensions["keyring"] = found
    return found


def keyring() -> Keyring:
    """The keys of the current application."""
    found = current_app.extensions["keyring"]
    assert isinstance(found, Keyring)
    return found


def seal(owner_id: str, place: str, body: Mapping[str, Value]) -> bytes:
    """Closes a body for an owner and a place (`contribution:<id>`, `round:<id>:question`, …)."""
    plain = json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return _encrypt(keyring().key(owner_id), plain, f"{owner_id}:{place}")


def unseal(owner_id: str, place: str, sealed: bytes) -> Body:
    """Opens what `seal` closed; raises Unreadable. Called where texts meet the rules of who sees them, and nowhere else."""
    plain = _decrypt(keyring().key(owner_id), sealed, f"{owner_id}:{place}")
    try:
        return Body(json.loads(plain))
    except (ValueError, TypeError) as error:
        raise Damaged(place) from error


def unseal_as(kind: TypeAdapter[T], owner_id: str, place: str, sealed: bytes, part: str = "content") -> T:
    """The same for a document that stands in a part of the body; raises Unreadable."""
    document = str(unseal(owner_id, place, sealed)[part])
    try:
        return kind.validate_json(document)
    except ValueError as error:
        raise Damaged(place) from error


def opens(owner_id: str) -> bool:
    """Whether there is a key, as far as the transaction at hand is concerned."""
    try:
        keyring().key(owner_id)
    except KeyIsGone:
        return False
    except Damaged:
        return True  # what it closed is damaged, and not erased
    return True


def each(things: Iterable[T], read: Callable[[T], R], instead: Callable[[T], R] | None = None) -> Iterator[R]:
    """What `read` makes of each thing. What was erased is left out; in place of what is damaged stands what `instead` makes
    of it, if anything.
    """
    for thing in things:
        try:
            found = read(thing)
        except KeyIsGone:
            continue
        except Damaged:
            if instead is None:
                continue
            found = instead(thing)
        yield found


def readable(read: Callable[[], R], otherwise: R) -> R:
    """What was sealed, or something else where it does not open."""
    try:
        return read()
    except Unreadable:
        return otherwise


def sealer(owner_id: str) -> Callable[[str, bytes], bytes]:
    """What closes pieces of a file for an owner, each for its place, also in another thread; they grow by `SEAL_BYTES`."""
    key = keyring().key(owner_id)
    return lambda place, plain: _encrypt(key, plain, f"{owner_id}:{place}")


def unseal_bytes(owner_id: str, place: str, sealed: bytes) -> bytes:
    """Opens what a `sealer` closed; raises Unreadable, also where it was changed or moved."""
    return _decrypt(keyring().key(owner_id), sealed, f"{owner_id}:{place}")


def mac(owner_id: str, body: Mapping[str, Value]) -> str:
    """A fingerprint of a body that tells two bodies apart and nothing to anybody without the owner's key."""
    plain = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
    return hmac.new(keyring().key(owner_id), plain, hashlib.sha256).hexdigest()


def hashed(token: str) -> str:
    """What is stored of a random token or op id."""
    return hashlib.sha256(token.encode()).hexdigest()


def _encrypt(key: bytes, plain: bytes, place: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def opened(key: bytes, sealed: bytes, place: str) -> bytes:
    """What was closed with a key for a place; raises Damaged."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise Damaged(place) from error


def _decrypt(key: bytes, sealed: bytes, place: str) -> bytes:
    try:
        return opened(key, sealed, place)
    except Damaged:
        _tell(place)
        raise


@lru_cache(maxsize=10_000)
def _tell(_place: str) -> None:
    """Once for each in the life of a process: it may be on every page. Nothing that leads to it."""
    log.error("something sealed does not open: `facilitator doctor` says how many there are of which kind")
