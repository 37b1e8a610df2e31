"""The application on both databases: a file of SQLite, and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

import pytest
from flask import Flask
from limits.storage import MemoryStorage

from facilitator.core.extensions import limiter
from tests.houses import empty_house, settings_in
from tests.services import Postgres

KINDS = ("sqlite", "postgresql")
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `either` run on one database in `make test`, always the same one, and on both in `make faults`."""
    for item in items:
        kind = kind_of(item)
        if kind and kind != one_of_two(item.nodeid.replace(kind, "")):
            item.add_marker(pytest.mark.long)


def kind_of(item: pytest.Item) -> str | None:
    """The database of a test that may do with one of them, and is there for both."""
    found = getattr(item, "callspec", None) if item.get_closest_marker("either") else None
    return next((value for value in found.params.values() if value in KINDS), None) if found else None


def one_of_two(name: str) -> str:
    """Half of all names get one database, half the other; a module's tests between them meet both."""
    return KINDS[crc32(name.encode()) % 2]


@pytest.fixture(autouse=True)
def nobody_has_asked_yet() -> None:
    """Requests are counted by address and in one place for the whole process: those of another test do not count here."""
    if limiter.initialized and isinstance(limiter.storage, MemoryStorage):  # a test's Redis is gone with the test
        limiter.reset()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to wait, however much a test asks."""
    monkeypatch.setattr(limiter, "enabled", False)


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
        with empty_house(settings_in(folder / "instance")) as app:
            yield app
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.house() as environ, empty_house(settings_in(folder / "instance", environ)) as app:
        yield app
