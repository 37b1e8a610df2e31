"""The application on both databases: a file of SQLite, and a PostgreSQL server these tests start themselves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, text

from facilitator import create_app
from facilitator.config import Settings
from facilitator.db import db
from facilitator.meetings.sealing import keyring
from facilitator.migrations import upgrade
from tests.services import Postgres, postgres_server

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
# A power cut is not what is tried here; the kills of tests/faults are.
FASTER = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for all tests of this process."""
    with postgres_server() as server:
        address = server.uri.set(drivername="postgresql+psycopg")
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for setting in FASTER:
                connection.execute(text(f"ALTER SYSTEM SET {setting}"))
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()
        yield server


@pytest.fixture(params=DATABASES)
def app_on(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty database, once for each kind."""
    with running_on(request, tmp_path, request.param) as app:
        yield app


@pytest.fixture(params=DATABASES, scope="module")
def app_for_all_on(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The same, shared by the tests of a module: each of them works with things of its own."""
    with running_on(request, tmp_path_factory.mktemp("shared"), request.param) as app:
        yield app


@contextmanager
def running_on(request: pytest.FixtureRequest, folder: Path, kind: str) -> Iterator[Flask]:
    """An application whose texts and keys lie in two databases of a kind."""
    if kind == "sqlite":
        yield from _application(folder, {})
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as texts, server.database() as keys:
        yield from _application(folder, {"FACILITATOR_DATABASE_URL": texts, "FACILITATOR_KEYS_URL": keys})


def _application(folder: Path, environ: dict[str, str]) -> Iterator[Flask]:
    app = create_app(Settings.load(folder / "instance", environ))
    app.testing = True
    with app.app_context():
        upgrade(db.engine)
        engines = (db.engine, keyring().engine)
    for engine in engines:
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _do_not_wait_for_the_disk)
            engine.dispose()
    yield app
    for engine in engines:
        engine.dispose()


def _do_not_wait_for_the_disk(connection: sqlite3.Connection, _entry: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
