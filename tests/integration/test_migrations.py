"""The upgrade: complete, all or nothing, and harmless to run again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from facilitator.db import engine_for
from facilitator.migrations import config, copy_beside, current_is_head, head, one_transaction, upgrade
from facilitator.migrations.tables import metadata


def test_an_upgrade_makes_exactly_the_tables_of_the_models(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/new.sqlite")
    assert not current_is_head(engine)
    upgrade(engine)
    upgrade(engine)
    assert current_is_head(engine)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []


def test_the_name_of_the_last_file_is_the_head_of_the_history() -> None:
    assert ScriptDirectory.from_config(config()).get_heads() == [head()]


def test_a_database_of_another_version_is_not_up_to_date(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/other.sqlite")
    upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert not current_is_head(engine)


def test_a_failed_upgrade_leaves_everything_as_it_was(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/old.sqlite")
    upgrade(engine)
    before = set(inspect(engine).get_table_names())
    with pytest.raises(RuntimeError):
        break_off(engine)
    assert before == set(inspect(engine).get_table_names())
    assert "users" in before


def test_left_overs_of_an_interrupted_upgrade_go(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE _alembic_tmp_users (id TEXT)")
    engine = engine_for(f"sqlite:///{path}")
    upgrade(engine)
    assert "_alembic_tmp_users" not in inspect(engine).get_table_names()


@pytest.mark.promise("before-upgrade")
def test_the_database_as_it_was_is_kept_beside(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE something_old (id TEXT)")
    upgrade(engine_for(f"sqlite:///{path}"))
    with closing(sqlite3.connect(f"{path}.before-upgrade")) as copy:
        assert copy.execute("SELECT name FROM sqlite_master").fetchall() == [("something_old",)]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE something_old")
    copy_beside(engine_for(f"sqlite:///{path}"))  # as the next upgrade does before anything else
    with closing(sqlite3.connect(f"{path}.before-upgrade")) as copy:
        assert copy.execute("SELECT name FROM sqlite_master WHERE name = 'something_old'").fetchall() == []


def break_off(engine: Engine) -> None:
    with one_transaction(engine) as connection:
        connection.exec_driver_sql("DROP TABLE users")
        assert "users" not in inspect(connection).get_table_names()
        raise RuntimeError("killed in the middle")
