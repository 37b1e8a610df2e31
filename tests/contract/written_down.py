"""What is written down of a story with a word in every field that occurs nowhere else: what was typed and what became of it,
what everybody was sent, what was logged, and what lay in every file.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, LargeBinary, select, text

from facilitator.accounts.models import User
from facilitator.accounts.reading_addresses import make_address
from facilitator.archive.models import FeedToken
from facilitator.core import sealing
from facilitator.core.config import Settings
from facilitator.core.db import Base, db
from tests.contract.everybody import signed_in
from tests.contract.ledger import AROUND, MARK, carried_in, found_in
from tests.documents import everything_in


@dataclass(frozen=True)
class Word:
    """One text that was typed somewhere. `state` is what became of it, `by` whose it is."""

    core: str
    state: str
    by: str = ""

    @property
    def text(self) -> str:
        """What was typed: the word, and what tempts an encoder."""
        return self.core + AROUND


@dataclass(frozen=True)
class Heard:
    """What one address sent: its words, and pieces that carry one in disguise."""

    status: int
    words: frozenset[str]
    disguised: tuple[str, ...]


@dataclass
class Log(logging.Handler):
    """Everything that was logged, as it would be written."""

    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.DEBUG)

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a line with its traceback, if it has one."""
        self.lines.append(logging.Formatter("%(name)s %(message)s").format(record))

    __hash__ = logging.Handler.__hash__


@dataclass
class Story:
    """Everything that was typed, and everything that went out, by stage."""

    app: Flask
    folder: Path
    words: list[Word] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)
    log: Log = field(default_factory=Log)
    sent: dict[tuple[str, str], dict[str, Heard]] = field(default_factory=dict)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    sealed: dict[str, set[bytes]] = field(default_factory=dict)
    cards: dict[str, str] = field(default_factory=dict)
    stored: frozenset[str] = frozenset()

    # -- Typing -------------------------------------------------------------------------------------------------------

    def new(self, state: str, by: str = "") -> Word:
        """A word of letters alone, so that nothing takes it for a number of somebody."""
        made = Word(MARK + "".join(secrets.choice("abcdef") for _ in range(10)), state, by)
        self.words.append(made)
        return made

    def words_of(self, *states: str, by: str | None = None) -> frozenset[str]:
        """The words in these states, of everybody or of one person."""
        return frozenset(w.core for w in self.words if w.state in states and by in (None, w.by))

    def becomes(self, state: str, cores: Iterable[str]) -> None:
        """Something happened to words: they were left out, taken off, put on a card."""
        gone = set(cores)
        self.words = [Word(w.core, state, w.by) if w.core in gone else w for w in self.words]

    # -- What goes out ------------------------------------------------------------------------------------------------

    def listen(self, stage: str, who: str, client: FlaskClient, addresses: Iterable[str]) -> None:
        """Somebody opens all of these, and what they were sent is written down."""
        found = self.sent.setdefault((stage, who), {})
        for address in addresses:
            answer = client.get(address)
            sent = [everything_in(answer.data) + str(answer.headers)]
            found[address] = Heard(answer.status_code, frozenset(found_in(sent)), tuple(carried_in(sent)))

    def heard(self, stage: str, who: str, *places: str) -> frozenset[str]:
        """The words somebody was sent at a stage; `places` are pieces of addresses."""
        found = self.sent[stage, who].items()
        return frozenset(w for at, h in found if not places or any(p in at for p in places) for w in h.words)

    def everything_sent(self) -> Iterator[tuple[str, str, str, Heard]]:
        """Stage, who, address and what it sent."""
        for (stage, who), found in self.sent.items():
            for address, heard in found.items():
                yield stage, who, address, heard

    def account(self, name: str) -> FlaskClient:
        """Somebody's browser, signed in; a visitor's is not."""
        return signed_in(self.app, self.users[name]) if name in self.users else self.app.test_client()

    def feed_of(self, name: str) -> str:
        """The address of somebody's feed."""
        with self.app.test_request_context():
            return f"/archive/feed.atom?key={make_address(FeedToken, self.users[name])}"

    # -- What lies there ----------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """Those of this house."""
        found = self.app.extensions["settings"]
        assert isinstance(found, Settings)
        return found

    @property
    def is_on_postgres(self) -> bool:
        """Whether the house stands on PostgreSQL."""
        return self.settings.database_url.startswith("postgres")

    def look_at_files(self, stage: str) -> None:
        """Every file of the house and every temporary one, byte for byte, and how many rows each table has."""
        places = (self.settings.data_dir, self.folder / "tmp")
        self.files[stage] = {str(p): p.read_bytes() for at in places for p in at.rglob("*") if p.is_file()}
        with self.app.app_context():
            for engine in (db.engine, sealing.keyring().engine):
                self.files[stage] |= tables_in_files(engine)
        with self.app.app_context(), db.engine.connect() as connection:
            self.rows[stage] = {
                name: int(connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0) for name in Base.metadata.tables
            }

    def look_at_sealed(self) -> None:
        """A piece of everything that lies sealed, by table and column, and of the keys that open it."""
        with self.app.app_context():
            for table in Base.metadata.sorted_tables:
                for column in (c for c in table.columns if isinstance(c.type, LargeBinary)):
                    found = self.sealed.setdefault(f"{table.name}.{column.name}", set())
                    found |= {bytes(b)[12:44] for b in db.session.scalars(select(column)) if b and len(b) >= 44}
            with sealing.keyring().engine.connect() as keys:
                wrapped = keys.execute(select(sealing.meeting_keys.c.meeting_id, sealing.meeting_keys.c.wrapped))
                self.sealed |= {f"key of {owner}": {bytes(key)[12:44]} for owner, key in wrapped}
        uploads = self.settings.data_dir / "uploads"
        self.sealed["uploads"] = {p.read_bytes()[12:44] for p in uploads.rglob("*") if p.is_file()}


def tables_in_files(engine: Engine) -> dict[str, bytes]:
    """The files in which PostgreSQL keeps the tables and indices of a database, with everything that it has in memory."""
    if engine.dialect.name != "postgresql":
        return {}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        place = "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database WHERE datname = current_database()"
        folder = Path(str(connection.scalar(text(place))))
    found: dict[str, bytes] = {}
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # a table that was made for a moment
            found[str(path)] = path.read_bytes()
    return found
