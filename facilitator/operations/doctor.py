"""`facilitator doctor`: what would keep this installation from working, each with what to do about it.

Promises: it tries what the product does – writes and reads back, opens what is sealed, restores a backup into a folder that it
throws away – and changes and makes nothing of the installation.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from facilitator.core.config import Settings, SettingsError
from facilitator.core.network import network_address
from facilitator.core.private import writes_and_reads

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 38, 0)
WAIT_SECONDS = 3.0
FREE_MEGABYTES = 200
SOME = 5


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    is_fine: bool
    says: str

    def __str__(self) -> str:
        return f"{'ok    ' if self.is_fine else 'FAILED'} {self.what}: {self.says}"


def examine(settings: Settings, port: int, backup: Path | None = None) -> list[Finding]:
    """Look at everything; what raises counts as failed, with the reason. `backup` is a copy, or a folder with copies."""
    checks: dict[str, Callable[[], Finding]] = {
        "Python": python,
        "SQLite": sqlite,
        "data folder": lambda: data_folder(settings.data_dir),
        "disk": lambda: disk(settings.data_dir),
        "secrets": lambda: secrets(settings.data_dir / "secrets"),
        "files": lambda: files(settings),
        "keys": lambda: keys(settings),
    }
    if is_begun(settings):
        checks |= {
            "database": lambda: database(settings.database_url),
            "texts": lambda: texts(settings),
            "clock": lambda: clock(settings.database_url, settings.keys_url),
            "erasing": lambda: erasing(settings.database_url),
            "search": lambda: search_index(settings.database_url),
        }
    if backup is not None:
        checks["backup"] = lambda: restored(settings, backup)
    checks |= {
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


def is_begun(settings: Settings) -> bool:
    """Whether there is a database with something in it."""
    from facilitator.operations.installation import looked_into

    try:
        with looked_into(settings.database_url) as found:
            return found is not None
    except SettingsError:
        return True  # it is there, and its own check says what is wrong with it


def data_folder(folder: Path) -> Finding:
    """Does what we write come back?"""
    if not folder.exists():
        return Finding("data folder", True, f"{folder} is made at the first start")
    if not writes_and_reads(folder):
        return Finding("data folder", False, f"what is written in {folder} does not come back: look after its disk")
    return Finding("data folder", True, f"{folder} can be written, and read back")


def disk(folder: Path) -> Finding:
    """Is there room for a day of meetings?"""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(there).free // 1_000_000
    room = f"{free} MB are free where {folder} lies"
    return Finding("disk", free >= FREE_MEGABYTES, room if free >= FREE_MEGABYTES else f"only {room}: make room")


def files(settings: Settings) -> Finding:
    """Can nobody else on this machine read what is ours?"""
    from facilitator.core.private import open_to_others, places
    from facilitator.operations.installation import advice, database_files

    if not settings.data_dir.exists():
        return Finding("files", True, "none yet")
    open_ones = open_to_others(places(settings.data_dir, database_files(settings)))
    says = "; ".join(advice(path) for path in open_ones[:SOME]) + (" …" if len(open_ones) > SOME else "")
    return Finding("files", not open_ones, f"others can get at them: {says}" if open_ones else "for their owner only")


def keys(settings: Settings) -> Finding:
    """Do secrets, keys and texts belong together?"""
    from facilitator.operations.installation import held, lost, problem_of

    found = held(settings)
    problem = lost(settings, found) or problem_of(settings, found)
    return Finding("keys", problem is None, problem or "secrets, keys and texts belong together")


def texts(settings: Settings) -> Finding:
    """Does everything that is sealed open?"""
    from facilitator.operations.backups import count_unreadable

    count = count_unreadable(settings)
    says = f"{count} things that are sealed cannot be read: compare with a backup before you change anything"
    return Finding("texts", not count, says if count else "everything that is sealed opens")


def restored(settings: Settings, backup: Path) -> Finding:
    """Can the newest copy be put back, and read?"""
    from facilitator.operations.backups import newest_in, put_back

    file = newest_in(backup)
    if file is None:
        return Finding("backup", False, f"there is none in {backup}: make one with `facilitator backup`")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        elsewhere = replace(
            settings,
            data_dir=place,
            database_url=f"sqlite:///{place / 'facilitator.sqlite'}",
            keys_url=f"sqlite:///{place / 'keys.sqlite'}",
        )
        done = put_back(elsewhere, file)
    if done.keys is None:
        return Finding("backup", False, f"{file} has no keys beside it, so nothing in it can be read: make another one")
    says = f"{done.unreadable} things in {file} cannot be read" if done.unreadable else f"{file} was restored, and read"
    return Finding("backup", not done.unreadable, says)


def secrets(folder: Path) -> Finding:
    """Can nobody else read them?"""
    if not folder.is_dir():
        return Finding("secrets", True, "none in the data folder")
    open_ones = [path.name for path in sorted(folder.iterdir()) if path.stat().st_mode & 0o077]
    advice = f"others can read {', '.join(open_ones)}: chmod 600 them" if open_ones else "readable by their owner only"
    return Finding("secrets", not open_ones, advice)


def database(url: str) -> Finding:
    """Does it answer, with the tables of this version?"""
    from facilitator.core.db import engine_for
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
    from facilitator.core.db import now
    from facilitator.migrations import current_is_head
    from facilitator.operations.installation import opened

    with opened(texts_url) as texts, opened(keys_url) as keys:
        doubt = Clock(texts, keys).doubt(now()) if current_is_head(texts) else None
    return Finding("clock", doubt is None, str(doubt) if doubt else "in line with what is known")


def erasing(texts_url: str) -> Finding:
    """Could everybody be told of what goes in a week? What nobody was told of stays."""
    from sqlalchemy.orm import Session

    from facilitator.migrations import current_is_head
    from facilitator.operations.installation import opened
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
    from facilitator.core.db import engine_for
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
