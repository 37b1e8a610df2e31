"""Empty houses: an application on databases that are new, but whose tables the real upgrade made only once in a process.

Promises: whoever gets a house shares it with nobody. It does not wait for the disk: what a power cut leaves is tried in
tests/faults, on servers that are not made here.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, event
from werkzeug.routing import Rule

from facilitator import create_app
from facilitator.accounts import hashing
from facilitator.core import sealing
from facilitator.core.config import Settings
from facilitator.core.db import db, engine_for
from facilitator.migrations import upgrade


class Compiled(BytecodeCache):
    """Templates that were compiled once serve every application of a process."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Gives what is known; the library compares the template's text."""
        if found := self.known.get(bucket.key):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps it for the next application."""
        self.known[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = Compiled()


def _make_addresses_once() -> None:
    """Werkzeug writes and compiles a function for each address of each application: most of the time that making one takes.

    They are the same in every application of a process, and are handed the rule they belong to.
    """
    compile_anew = Rule._compile_builder
    known: dict[tuple[str, str, bool], Callable[..., tuple[str, str]]] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, repr(rule.defaults), append_unknown)
        if key not in known:
            known[key] = compile_anew(rule, append_unknown)
        return known[key]

    setattr(Rule, "_compile_builder", compile_once)  # noqa: B010 – mypy lets nobody assign to a method


_make_addresses_once()
# As the product hashes, but without taking long on purpose; that it takes long is nothing these tests are about.
hashing.ARGON2.update(argon2__memory_cost=8, argon2__time_cost=1)


def settings_in(folder: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Those of a fresh installation, but with the secrets that every house of this process has."""
    shutil.copytree(_secrets(), folder / "secrets", dirs_exist_ok=True)
    return Settings.load(folder, environ or {})


@contextmanager
def empty_house(settings: Settings) -> Iterator[Flask]:
    """The application on empty databases: files that are copied, or PostgreSQL databases that have their tables."""
    settings = settings.kept()
    for url, name in ((settings.database_url, "texts"), (settings.keys_url, "keys")):
        if url.startswith("sqlite") and not (path := Path(url.removeprefix("sqlite:///"))).exists():
            shutil.copyfile(empty_tables() / name, path)
    app = create_app(settings)
    app.testing = True
    app.jinja_env.bytecode_cache = TEMPLATES
    with app.app_context():
        engines = (db.engine, sealing.keyring().engine)
    for engine in engines:
        _stop_waiting_for_the_disk(engine)
    try:
        yield app
    finally:
        for engine in engines:
            engine.dispose()


def make_tables(texts: str, keys: str) -> None:
    """The tables of this version in two empty databases, made as an installation makes them."""
    for url, make in ((texts, upgrade), (keys, sealing.metadata.create_all)):
        engine = engine_for(url)
        make(engine)
        engine.dispose()


@cache
def empty_tables() -> Path:
    """A folder with the two databases of SQLite, `texts` and `keys`, as an installation begins with them."""
    folder = tempfile.TemporaryDirectory(prefix="tables")
    _kept.append(folder)
    make_tables(f"sqlite:///{folder.name}/texts", f"sqlite:///{folder.name}/keys")
    return Path(folder.name)


@cache
def _secrets() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="secrets")
    _kept.append(folder)
    return Settings.load(Path(folder.name), {}).kept().data_dir / "secrets"


_kept: list[tempfile.TemporaryDirectory[str]] = []  # each is deleted when the process ends


def _stop_waiting_for_the_disk(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _leave_it_to_the_system)
        engine.dispose()


def _leave_it_to_the_system(connection: sqlite3.Connection, _entry: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
