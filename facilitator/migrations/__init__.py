"""Brings a database to the tables of this version, or tells whether it is there.

Promises: on SQLite an upgrade is one transaction, so a killed one leaves nothing behind, and a copy of the file as it
was lies beside it. A database that is up to date is known without Alembic, which takes its time to load: so it is at every
start but the first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = Path(__file__).parent / "versions"

LEFT_OVER = "_alembic_tmp_"
ONE_AT_A_TIME = 4_711_000_001  # any number, the same in every process


def upgrade(engine: Engine) -> None:
    """Run what is missing; does nothing where nothing is missing."""
    if current_is_head(engine):
        return
    with engine.connect() as connection:
        refuse_newer(connection, str(engine.url.database))
    from alembic import command

    copy_beside(engine)
    with one_transaction(engine) as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


class Newer(Exception):
    """A database of a version that this one does not know; the text is one line."""


class Misfit(Exception):
    """Rows that do not fit together; the text is one line."""


def refuse_newer(connection: Connection, name: str) -> None:
    """Raises Newer for what a later version made: there is no way back."""
    if not inspect(connection).has_table("alembic_version"):
        return
    found = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
    if found - {path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py")}:
        raise Newer(f"{name} was made by a newer version of Facilitator: install that one")


def current_is_head(engine: Engine) -> bool:
    """Has the database exactly the tables of this version?"""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return set(connection.scalars(text("SELECT version_num FROM alembic_version"))) == {head()}


def head() -> str:
    """What this version's tables are called: a history is one line, and the files are named in its order."""
    return max(path.name for path in VERSIONS.glob("[0-9]*_*.py")).partition("_")[0]


def config() -> Config:
    """Alembic's settings, without a file."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings


def copy_beside(engine: Engine) -> None:
    """Keep the file as it was, in place of the copy before; an empty database needs none."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or not Path(path).is_file() or not inspect(engine).get_table_names():
        return
    copy = Path(f"{path}.before-upgrade")
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


@contextmanager
def one_transaction(engine: Engine) -> Iterator[Connection]:
    """All or nothing, one process at a time."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            yield from sqlite_transaction(connection)
        else:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
            yield connection
            connection.commit()


def sqlite_transaction(connection: Connection) -> Iterator[Connection]:
    """Foreign keys are off meanwhile, because a table that is rebuilt would take its children along, and checked after."""
    connection.exec_driver_sql("PRAGMA busy_timeout=10000")
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        for table in inspect(connection).get_table_names():
            if table.startswith(LEFT_OVER):
                connection.exec_driver_sql(f'DROP TABLE "{table}"')
        yield connection
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise Misfit("the upgrade would leave rows that point at nothing; nothing was changed: take another copy")
        connection.commit()
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # what it let go of stands in the log otherwise
        connection.commit()
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
