"""The upgrade: complete, all or nothing, and harmless to run again."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, Connection, DateTime, Engine, LargeBinary, String, inspect, text

from facilitator.core.db import engine_for
from facilitator.migrations import config, copy_beside, current_is_head, head, one_transaction, upgrade
from facilitator.migrations.tables import metadata
from tests.integration.conftest import DATABASES
from tests.services import Postgres

LONG_AGO = datetime(2020, 1, 2)  # noqa: DTZ001 – as the database has it
WRITTEN = datetime(2023, 3, 4)  # noqa: DTZ001
WHEN = datetime(2024, 5, 6, 7, 8, 9)  # noqa: DTZ001


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


@pytest.fixture(params=DATABASES)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables, once for each kind."""
    with contextlib.ExitStack() as stack:
        if request.param == "sqlite":
            engine = engine_for(f"sqlite:///{tmp_path}/old.sqlite")
        else:
            server: Postgres = request.getfixturevalue("postgres")
            engine = engine_for(stack.enter_context(server.database()))
        stack.callback(engine.dispose)
        yield engine


def begin_at(engine: Engine, revision: str, *tables: str) -> None:
    """Makes the tables of an earlier version, and puts a row into some of them."""
    with one_transaction(engine) as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)
        for table in tables:
            fill(connection, table)


def fill(connection: Connection, table: str, **given: object) -> None:
    """Adds a row: what is not given is "x" or nothing, so that every row belongs to the row "x" of other tables."""
    plain: dict[type, object] = {String: "x", JSON: "[]", DateTime: LONG_AGO, LargeBinary: b"", Boolean: False}
    values: dict[str, object] = {}
    for column in inspect(connection).get_columns(table):
        if not column["nullable"]:
            values[column["name"]] = next((v for kind, v in plain.items() if isinstance(column["type"], kind)), 0)
    values.update(given)
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), values)


def test_of_texts_and_moves_the_facts_stay_and_the_times_go(old: Engine) -> None:
    begin_at(old, "0015", "organisations", "roles", "users", "meetings", "rounds", "seats", "steps", "actions")
    with old.begin() as connection:
        times = dict.fromkeys(("written_at", "revealed_at", "late_at"), WRITTEN)
        fill(connection, "contributions", id="a", **times)
        fill(connection, "contributions", id="b")
        moves = ["open", "start", "pause", "extend", "next", "next", "end"]
        for turn, move in enumerate(moves, start=1):
            fill(connection, "transitions", turn=turn, move=move, at=WHEN + timedelta(hours=turn))
    upgrade(old)
    with old.connect() as connection:
        found = connection.execute(
            text("SELECT id, is_revealed, is_done, is_removed, is_late FROM contributions ORDER BY id")
        )
        assert [(name, *map(bool, facts)) for name, *facts in found] == [
            ("a", True, False, False, True),
            ("b", False, False, False, False),
        ]
        rows = connection.execute(text("SELECT move, at FROM transitions ORDER BY turn")).all()
    assert [(move, at is not None) for move, at in rows] == [
        ("open", False),
        ("start", True),
        ("pause", True),
        ("extend", False),
        ("next", True),  # it ended the pause
        ("next", False),
        ("end", True),
    ]
    if old.dialect.name == "sqlite":
        assert old.url.database
        for path in Path(old.url.database).parent.glob("old.sqlite*"):
            assert path.name.endswith(".before-upgrade") == (b"2023-03-04" in path.read_bytes())


def test_a_phase_that_a_meeting_keeps_loses_its_hint_and_nothing_else(old: Engine) -> None:
    texts = {
        "nl": {"title": "Vragen", "hint": "Dit klinkt als een advies."},
        "en": {"title": "Questions", "hint": None},
    }
    begin_at(old, "0022", "organisations", "roles", "users", "meetings", "rounds")
    with old.begin() as connection:
        fill(connection, "steps", id="asked", phase=json.dumps({"key": "clarify", "texts": texts}))
        fill(
            connection,
            "steps",
            id="told",
            position=1,
            phase=json.dumps({"key": "story", "texts": {"nl": {"title": "Verhaal"}}}),
        )
    upgrade(old)
    with old.connect() as connection:
        rows = connection.execute(text("SELECT id, phase FROM steps").columns(phase=JSON))
        assert {row.id: row.phase for row in rows} == {
            "asked": {"key": "clarify", "texts": {"nl": {"title": "Vragen"}, "en": {"title": "Questions"}}},
            "told": {"key": "story", "texts": {"nl": {"title": "Verhaal"}}},
        }


def test_days_and_the_order_stay_and_whoever_made_them_goes(old: Engine) -> None:
    begin_at(old, "0017", "organisations", "roles", "users", "meetings", "seats", "cards", "reports", "invitations")
    with old.begin() as connection:
        for name, hour in {"last": 23, "first": 1, "middle": 12}.items():
            fill(connection, "card_remarks", id=name, written_at=WHEN.replace(hour=hour))
        fill(connection, "attendance_sheets", id="z", held_at=datetime(2024, 2, 3, 14), confirmed_by="x")  # noqa: DTZ001
        fill(connection, "report_versions", made_by="x", offered_by="x", mailed_at=WHEN)
    upgrade(old)
    with old.connect() as connection:
        said = connection.execute(text("SELECT id, written_on FROM card_remarks ORDER BY number")).all()
        sheet = connection.execute(text("SELECT counted_from, confirmed_on FROM attendance_sheets")).one()
        assert connection.scalar(text("SELECT is_mailed FROM report_versions"))
        assert not connection.scalar(text("SELECT is_admitted FROM seats"))
        assert connection.scalar(text("SELECT is_accepted FROM invitations")) in (0, False)
    assert [(name, str(day)) for name, day in said] == [(n, "2024-05-06") for n in ("first", "middle", "last")]
    assert [str(day) for day in sheet] == ["2024-02-29", "None"]


def break_off(engine: Engine) -> None:
    with one_transaction(engine) as connection:
        connection.exec_driver_sql("DROP TABLE users")
        assert "users" not in inspect(connection).get_table_names()
        raise RuntimeError("killed in the middle")
