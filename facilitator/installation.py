"""What has to hold before anything of an installation is used, by a server or by a command.

Promises: what it keeps is closed to others on this machine, or named where it cannot be closed; its tables are those of this
version. No connection stays open: none may be shared with a worker.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import make_url

from facilitator.config import Settings
from facilitator.core.private import close_to_others, private_folder
from facilitator.db import engine_for
from facilitator.migrations import upgrade


def prepare(settings: Settings) -> None:
    """Makes an installation ready to be used."""
    private_folder(settings.data_dir)
    for path in close_to_others(settings.data_dir, database_files(settings)):  # before a log is made beside one of them
        click.echo(f"Warning: others on this machine can get at {path}: {advice(path)}", err=True)
    engine = engine_for(settings.database_url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def database_files(settings: Settings) -> Iterator[Path]:
    """The databases that are files."""
    for url in map(make_url, (settings.database_url, settings.keys_url)):
        if url.get_backend_name() == "sqlite" and url.database:
            yield Path(url.database)


def advice(path: Path) -> str:
    """How to close it to them."""
    return f"chmod {700 if path.is_dir() else 600} {path}"
