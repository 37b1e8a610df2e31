"""The tables that migrations make are those the models describe, on both databases; an upgrade that was cut off leaves
nothing behind and is made up for.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect

from facilitator.db import Base, engine_for
from facilitator.migrations import LEFT_OVER, current_is_head, revisions, upgrade
from facilitator.migrations.tables import metadata
from tests.services import postgres_server

CUT_OFF = """
import os, signal, sys
from sqlalchemy import event
from facilitator.db import engine_for
from facilitator.migrations import upgrade
engine = engine_for(sys.argv[1])
seen = []
@event.listens_for(engine, "before_cursor_execute")
def count(connection, cursor, statement, *_):
    if statement.lstrip().startswith(("CREATE", "INSERT")):
        seen.append(statement)
        if len(seen) == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
upgrade(engine)
print(len(seen))
"""


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    """An empty file."""
    engine = engine_for(f"sqlite:///{tmp_path / 'meetings.sqlite'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def postgres() -> Iterator[Engine]:
    """An empty database on a server of its own."""
    with postgres_server() as server, server.database() as url:
        engine = engine_for(url)
        yield engine
        engine.dispose()


def test_on_sqlite_the_migrations_make_what_the_models_describe(sqlite: Engine) -> None:
    upgrade(sqlite)

    assert differences(sqlite) == []
    assert current_is_head(sqlite)


def test_on_sqlite_no_table_keeps_the_order_of_insertion_where_the_models_forbid_it(sqlite: Engine) -> None:
    upgrade(sqlite)

    wanted = {t.name for t in metadata.tables.values() if t.dialect_options["sqlite"].get("with_rowid") is False}
    with sqlite.connect() as connection:
        made = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'")
        assert set(made.scalars()) == wanted
    assert "contributions" in wanted


@pytest.mark.postgres
def test_on_postgresql_the_migrations_make_what_the_models_describe(postgres: Engine) -> None:
    upgrade(postgres)

    assert differences(postgres) == []
    assert current_is_head(postgres)


def test_a_second_upgrade_changes_nothing_and_leaves_no_copy(sqlite: Engine, tmp_path: Path) -> None:
    upgrade(sqlite)
    before = (tmp_path / "meetings.sqlite").stat().st_mtime_ns

    upgrade(sqlite)

    assert (tmp_path / "meetings.sqlite").stat().st_mtime_ns == before
    assert not list(tmp_path.glob("*.before-upgrade"))


@pytest.mark.faults
@pytest.mark.parametrize("part", [0.0, 0.3, 0.6, 1.0])
def test_an_upgrade_killed_on_the_way_leaves_nothing_and_the_next_one_finishes(tmp_path: Path, part: float) -> None:
    statements = int(cut_off(tmp_path / "whole.sqlite", 0).stdout)
    path = tmp_path / "cut.sqlite"

    killed = cut_off(path, max(1, round(statements * part)))

    assert killed.returncode == -signal.SIGKILL
    engine = engine_for(f"sqlite:///{path}")
    assert inspect(engine).get_table_names() == []
    upgrade(engine)
    assert differences(engine) == []
    engine.dispose()


def test_a_half_made_table_of_an_older_upgrade_is_swept_away(sqlite: Engine, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "meetings.sqlite")) as connection:
        connection.execute(f"CREATE TABLE {LEFT_OVER}seats (id TEXT)")
        connection.commit()

    upgrade(sqlite)

    assert differences(sqlite) == []
    assert list(tmp_path.glob("*.before-upgrade")), "the file as it was lies beside it"


def test_every_model_has_its_table(sqlite: Engine) -> None:
    assert revisions()
    upgrade(sqlite)

    assert set(inspect(sqlite).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def cut_off(path: Path, at: int) -> subprocess.CompletedProcess[str]:
    """An upgrade in a process of its own that dies at its n-th statement; 0 lets it live and tells how many there are."""
    command = [sys.executable, "-c", CUT_OFF, f"sqlite:///{path}", str(at)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))


def differences(engine: Engine) -> list[object]:
    """What the models have and the database has not, or the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))
