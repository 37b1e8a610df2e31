"""`facilitator doctor`: what would keep this installation from working, each with what to do about it."""

from __future__ import annotations

import os
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from facilitator.config import Settings
from facilitator.network import network_address

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 38, 0)
WAIT_SECONDS = 3.0


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    is_fine: bool
    says: str

    def __str__(self) -> str:
        return f"{'ok    ' if self.is_fine else 'FAILED'} {self.what}: {self.says}"


def examine(settings: Settings, port: int) -> list[Finding]:
    """Look at everything; what raises counts as failed, with the reason."""
    checks: dict[str, Callable[[], Finding]] = {
        "Python": python,
        "SQLite": sqlite,
        "data folder": lambda: data_folder(settings.data_dir),
        "secrets": lambda: secrets(settings.data_dir / "secrets"),
        "database": lambda: database(settings.database_url),
        "clock": lambda: clock(settings.database_url, settings.keys_url),
        "erasing": lambda: erasing(settings.database_url),
        "search": lambda: search_index(settings.database_url),
        "Redis": lambda: redis(settings.redis_url),
        "mail": lambda: mail(settings.mail_url, settings.data_dir),
        "port": lambda: free_port(port),
        "address": lambda: address(settings.public_url),
    }
    return [attempted(what, check) for what, check in checks.items()]


def attempted(what: str, check: Callable[[], Finding]) -> Finding:
    """The finding, also when the check breaks."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001 – finding out what breaks is the point
        return Finding(what, False, (str(error).splitlines() or [type(error).__name__])[0])


def python() -> Finding:
    """New enough?"""
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= OLDEST_PYTHON, f"{version}, 3.11 or newer is needed")


def sqlite() -> Finding:
    """New enough?"""
    fine = sqlite3.sqlite_version_info >= OLDEST_SQLITE
    return Finding("SQLite", fine, f"{sqlite3.sqlite_version}, 3.38 or newer is needed")


def data_folder(folder: Path) -> Finding:
    """Can we write?"""
    with tempfile.TemporaryFile(dir=folder):
        return Finding("data folder", True, f"{folder} can be written")


def secrets(folder: Path) -> Finding:
    """Can nobody else read them?"""
    open_ones = [path.name for path in sorted(folder.iterdir()) if path.stat().st_mode & 0o077]
    advice = f"others can read {', '.join(open_ones)}: chmod 600 them" if open_ones else "readable by their owner only"
    return Finding("secrets", not open_ones, advice)


def database(url: str) -> Finding:
    """Does it answer, with the tables of this version?"""
    from facilitator.db import engine_for
    from facilitator.migrations import current_is_head

    engine = engine_for(url)
    try:
        current = current_is_head(engine)
    finally:
        engine.dispose()
    return Finding("database", True, "up to date" if current else "will be brought up to date by `facilitator run`")


def clock(texts_url: str, keys_url: str) -> Finding:
    """Can it be trusted with what cannot be undone?"""
    from facilitator.core.clock import Clock
    from facilitator.db import now
    from facilitator.installation import opened
    from facilitator.migrations import current_is_head

    with opened(texts_url) as texts, opened(keys_url) as keys:
        doubt = Clock(texts, keys).doubt(now()) if current_is_head(texts) else None
    return Finding("clock", doubt is None, str(doubt) if doubt else "in line with what is known")


def erasing(texts_url: str) -> Finding:
    """Could everybody be told of what goes in a week? What nobody was told of stays."""
    from sqlalchemy.orm import Session

    from facilitator.installation import opened
    from facilitator.migrations import current_is_head
    from facilitator.retention.announcing import untold

    with opened(texts_url) as texts:
        if not current_is_head(texts):
            return Finding("erasing", True, "looked at once the database is up to date")
        with Session(texts) as session:
            waiting = untold(session)
    says = f"no mail server takes the mails about {waiting} things that are over their time: they stay until one does"
    return Finding("erasing", not waiting, says if waiting else "whoever has to be told was told")


def search_index(url: str) -> Finding:
    """Was the archive's index made by the words of this version?"""
    from sqlalchemy.orm import Session

    from facilitator.archive.search.reindexing import is_outdated
    from facilitator.db import engine_for
    from facilitator.migrations import current_is_head

    engine = engine_for(url)
    try:
        with Session(engine) as session:
            outdated = current_is_head(engine) and is_outdated(session)
    finally:
        engine.dispose()
    says = "made by another version: run `facilitator reindex`" if outdated else "up to date"
    return Finding("search", not outdated, says)


def redis(url: str | None) -> Finding:
    """Does it answer?"""
    if url is None:
        return Finding("Redis", True, "not used: fine for one process")
    from redis import Redis

    with Redis.from_url(url, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS) as client:
        client.ping()
    return Finding("Redis", True, "answers")


def mail(url: str | None, data_dir: Path) -> Finding:
    """Does the mail server take a connection?"""
    if url is None:
        return Finding("mail", True, f"no server set: mails are kept in {data_dir / 'mail'}")
    parts = urlsplit(url)
    port = parts.port or (465 if parts.scheme == "smtps" else 25)
    with socket.create_connection((parts.hostname or "", port), WAIT_SECONDS):
        return Finding("mail", True, f"{parts.hostname} port {port} takes connections")


def free_port(port: int) -> Finding:
    """Can `run` have its usual port?"""
    port = int(os.environ.get("FACILITATOR_PORT", port))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 – as `run` does
        except OSError as error:
            return Finding("port", False, f"{port} cannot be used ({error.strerror}): stop what uses it, or --port")
    return Finding("port", True, f"{port} is free")


def address(public_url: str | None) -> Finding:
    """Can a phone reach us?"""
    if public_url:
        return Finding("address", True, f"phones are sent to {public_url}")
    found = network_address()
    says = f"phones in the same network reach {found}" if found else "no network: phones cannot reach this machine"
    return Finding("address", found is not None, says)
