"""What every test may ask for: an application of its own, a server that really runs, a PostgreSQL to make databases in."""

from __future__ import annotations

import gc
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as examples

from facilitator.core.config import Settings
from facilitator.meetings import screens
from tests.houses import empty_house, settings_in
from tests.running import Server, running_server
from tests.services import Postgres, hurry, postgres_server

SELDOM = (50_000, 20, 50)
# A machine that has other work is no finding.
examples.register_profile("whatever the machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("whatever the machine")


def pytest_collection_finish() -> None:
    """What was imported stays to the end: the garbage collector need not look through all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


class _Unbuilt(logging.Handler):
    """Screens in whose place a neutral one went out."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.why: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.why.append(
            "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else record.getMessage()
        )


@pytest.fixture(autouse=True)
def every_screen_is_built() -> Iterator[None]:
    """What goes out where a screen fails is an answer like any other, and would be taken for the screen."""
    unbuilt, log = _Unbuilt(), logging.getLogger(screens.__name__)
    log.addHandler(unbuilt)
    yield
    log.removeHandler(unbuilt)
    assert not unbuilt.why, unbuilt.why[0]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Those of a fresh installation on this machine."""
    return settings_in(tmp_path / "instance")


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on an empty database."""
    with empty_house(settings) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """One device."""
    return app.test_client()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """`facilitator run` in a process of its own."""
    with running_server(tmp_path / "served", is_cold=True) as server:
        yield server


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for the whole run, for tests that leave nothing behind."""
    with running_server(tmp_path_factory.mktemp("served"), is_cold=True) as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One for the whole run, that does not wait for the disk; `postgres.house()` gives two databases with their tables."""
    with postgres_server() as server:
        hurry(server)
        yield server
