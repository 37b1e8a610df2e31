"""`facilitator doctor`: what would keep this installation from working, each with what to do about it.

Promises: it tries what the product does – writes and reads back, opens what is sealed, restores a backup into a folder that it
throws away – and changes and makes nothing of the installation.
"""

from __future__ import annotations

import errno
import os
import secrets as chance
import shutil
import socket
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from facilitator.core.config import Settings, SettingsError
from facilitator.core.network import addresses
from facilitator.core.private import above
from facilitator.operations.failures import reason

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 38, 0)
WAIT_SECONDS = 3.0
FREE_MEGABYTES = 200
SOME = 5
OLD = timedelta(days=8)  # of a copy that is made every week


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `is_sure` is not what nobody can know without being told more."""

    what: str
    is_fine: bool
    says: str
    is_sure: bool = True

    def __str__(self) -> str:
        word = "FAILED" if not self.is_fine else "ok" if self.is_sure else "unsure"
        return f"{word:6} {self.what}: {self.says}"


def examine(settings: Settings, port: int, backup: Path | None = None) -> list[Finding]:
    """Look at everything; what raises counts as failed, with the reason. `backup` is a copy, or a folder with copies; without it
    the settings say where they lie.
    """
    backup = backup or settings.backups
    checks: dict[str, Callable[[], Finding]] = {
        "Python": python,
        "SQLite": sqlite,
        "data folder": lambda: data_folder(settings),
        "disk": lambda: disk(settings.data_dir),
        "secrets": lambda: secrets(settings.data_dir / "secrets"),
        "files": lambda: files(settings),
        "keys": lambda: keys(settings),
    }
    if is_begun(settings):
        checks |= {
            "database": lambda: database(settings),
            "texts": lambda: texts(settings),
            "uploads": lambda: uploads(settings),
            "clock": lambda: clock(settings.database_url, settings.keys_url),
            "erasing": lambda: erasing(settings.database_url),
            "search": lambda: search_index(settings.database_url),
            "methods": lambda: own_methods(settings.database_url),
        }
    if backup is not None:
        checks["backup"] = lambda: restored(settings, backup)
    elif is_begun(settings):
        checks["backup"] = unknown_backup
    checks |= {
        "Redis": lambda: redis(settings.redis_url),
        "mail": lambda: mail(settings.mail_url, settings.data_dir),
        "port": lambda: free_port(port, may_move=settings.public_url is None),
        "address": lambda: address(settings.public_url),
    }
    return [attempted(what, check) for what, check in checks.items()]


def attempted(what: str, check: Callable[[], Finding]) -> Finding:
    """The finding, also when the check breaks."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001 – finding out what breaks is the point
        return Finding(what, False, " ".join(reason(error).split()))


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


def data_folder(settings: Settings) -> Finding:
    """Does what we write come back, wherever something is kept?"""
    from facilitator.operations.installation import try_writing

    folder, there = settings.data_dir, above(settings.data_dir)
    if there != folder:
        can_be_made = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
        says = (
            "is made at the first start" if can_be_made else f"cannot be made in {there}: take another one with --data"
        )
        return Finding("data folder", can_be_made, f"{folder} {says}")
    try_writing(settings)
    return Finding("data folder", True, f"{folder} can be written, and read back")


def disk(folder: Path) -> Finding:
    """Is there room for a day of meetings?"""
    free = shutil.disk_usage(above(folder)).free // 1_000_000
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
    from facilitator.operations.backups import unreadable_things

    found = Counter(unreadable_things(settings))
    where = ", ".join(f"{count} in {table}" for table, count in sorted(found.items()))
    says = f"{found.total()} things that are sealed cannot be read ({where}): compare with a backup before you change anything"
    return Finding("texts", not found, says if found else "everything that is sealed opens")


def uploads(settings: Settings) -> Finding:
    """Is every uploaded file there, and does it open to its end?"""
    from sqlalchemy import select

    from facilitator.archive.files.vault import opens_with
    from facilitator.archive.models import Attachment
    from facilitator.operations.installation import looked_into
    from facilitator.operations.sealed import Opener, has_column

    with looked_into(settings.database_url) as texts, looked_into(settings.keys_url) as keys:
        if texts is None or not has_column(texts, Attachment.__tablename__, "size"):
            return Finding("uploads", True, "none yet")
        opener, folder = Opener(keys, settings.master_key), settings.data_dir / "uploads"
        rows = texts.execute(select(Attachment.id, Attachment.card_id, Attachment.size)).all()
        lost = sum(
            not opens_with(folder / row.id, opener.known.get(row.card_id), row.card_id, row.size) for row in rows
        )
    says = f"{lost} of {len(rows)} files are gone or do not open: `facilitator restore` brings back those of a backup"
    return Finding("uploads", not lost, says if lost else f"{len(rows)} files are there, and open")


def unknown_backup() -> Finding:
    """Nobody said where they lie."""
    says = "nobody said where backups lie: name the folder in FACILITATOR_BACKUPS, or with --backup, and the newest is tried"
    return Finding("backup", True, says, is_sure=False)


def restored(settings: Settings, backup: Path) -> Finding:
    """Can the newest copy be put back, and read, and is it new?"""
    from facilitator.operations.backups import keys_of, lend_keys, newest_in, put_back

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
        if not keys_of(file).is_file():
            lend_keys(settings, elsewhere)
        done = put_back(elsewhere, file)
    if done.unreadable:
        return Finding("backup", False, f"{done.unreadable} things in {file} cannot be read: make another one")
    age = datetime.now(UTC) - datetime.fromtimestamp(file.stat().st_mtime, UTC)
    if age > OLD:
        return Finding(
            "backup", False, f"the newest, {file}, is {age.days} days old: make one with `facilitator backup`"
        )
    says = f"{file} was restored, and read"
    return Finding(
        "backup", True, says if done.keys else f"{says} with the keys that are here; its own are not beside it"
    )


def secrets(folder: Path) -> Finding:
    """Can nobody else read them?"""
    if not folder.is_dir():
        return Finding("secrets", True, "none in the data folder")
    open_ones = [path.name for path in sorted(folder.iterdir()) if path.stat().st_mode & 0o077]
    advice = f"others can read {', '.join(open_ones)}: chmod 600 them" if open_ones else "readable by their owner only"
    return Finding("secrets", not open_ones, advice)


def database(settings: Settings) -> Finding:
    """Are both whole, and has it the tables of this version?"""
    from sqlalchemy import text

    from facilitator.core.db import looking_at
    from facilitator.migrations import current_is_head, refuse_newer
    from facilitator.operations.installation import looked_into, opened, place_of

    for url in (settings.database_url, settings.keys_url):
        with looked_into(url) as found:
            if (
                found is not None
                and found.dialect.name == "sqlite"
                and found.scalar(text("PRAGMA quick_check")) != "ok"
            ):
                says = f"{place_of(url)} is damaged: move it away and put a backup back with `facilitator restore`"
                return Finding("database", False, says)
            if found is not None:
                refuse_newer(found, place_of(url))
    with opened(settings.database_url, looking_at) as texts:
        current = current_is_head(texts)
    return Finding("database", True, "up to date" if current else "will be brought up to date by `facilitator run`")


def clock(texts_url: str, keys_url: str) -> Finding:
    """Can it be trusted with what cannot be undone?"""
    from facilitator.core.clock import Clock
    from facilitator.core.db import looking_at, now
    from facilitator.migrations import current_is_head
    from facilitator.operations.installation import opened

    with opened(texts_url, looking_at) as texts, opened(keys_url, looking_at) as keys:
        doubt = Clock(texts, keys).doubt(now()) if current_is_head(texts) else None
    return Finding("clock", doubt is None, str(doubt) if doubt else "in line with what is known")


def erasing(texts_url: str) -> Finding:
    """Could everybody be told of what goes in a week? What nobody was told of stays."""
    from sqlalchemy.orm import Session

    from facilitator.core.db import looking_at
    from facilitator.migrations import current_is_head
    from facilitator.operations.installation import opened
    from facilitator.retention.announcing import untold

    with opened(texts_url, looking_at) as texts:
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
    from facilitator.core.db import looking_at
    from facilitator.migrations import current_is_head
    from facilitator.operations.installation import opened

    with opened(url, looking_at) as texts, Session(texts) as session:
        outdated = current_is_head(texts) and is_outdated(session)
    says = "made by another version: run `facilitator reindex`" if outdated else "up to date"
    return Finding("search", not outdated, says)


def own_methods(url: str) -> Finding:
    """Can the methods that organisations made themselves still be held by the rules of this version?"""
    from sqlalchemy.orm import Session

    from facilitator.core.db import looking_at
    from facilitator.migrations import current_is_head
    from facilitator.operations.installation import opened
    from facilitator.repertoire.store import unfit

    with opened(url, looking_at) as texts, Session(texts) as session:
        found = unfit(session) if current_is_head(texts) else []
    named = ", ".join(found[:SOME]) + (" …" if len(found) > SOME else "")
    says = f"not offered any more, because this version asks more of a method: {named}. A moderator opens it under Our own methods, reads what is wrong and takes it into use again"
    return Finding("methods", not found, says if found else "those of organisations can be held")


def redis(url: str | None) -> Finding:
    """Does it give back what it is told?"""
    if url is None:
        return Finding("Redis", True, "not used: fine for one process")
    from redis import Redis

    name, told = f"facilitator:doctor:{chance.token_hex(8)}", chance.token_bytes(8)
    with Redis.from_url(url, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS) as client:
        client.set(name, told, ex=10)
        is_kept = client.getdel(name) == told
    return Finding(
        "Redis", is_kept, "gives back what it is told" if is_kept else "forgets what it is told: make room in it"
    )


def mail(url: str | None, data_dir: Path) -> Finding:
    """Does the mail server let us in?"""
    if url is None:
        return Finding("mail", True, f"no server set: mails are kept in {data_dir / 'mail'}")
    from facilitator.accounts.mail import Server

    server = Server.at(url)
    place = f"{server.host} port {server.port}"
    try:
        server.greet(WAIT_SECONDS)
    except OSError as error:  # whatever smtplib and ssl raise is one
        says = f"{place} takes no mails ({type(error).__name__}): look whether it runs, and at FACILITATOR_MAIL_URL"
        return Finding("mail", False, says)
    return Finding("mail", True, f"{place} lets us in")


def free_port(port: int, *, may_move: bool) -> Finding:
    """Can `run` have its usual port, or does it have it? Where it may move and nobody asked for one, it takes the next."""
    asked = os.environ.get("FACILITATOR_PORT")
    port = int(asked or port)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 – as `run` does
        except OSError as error:
            if is_ours(port):
                return Finding("port", True, f"Facilitator answers on {port}")
            if may_move and not asked and error.errno == errno.EADDRINUSE:
                return Finding("port", True, f"{port} is taken by another program; `run` takes the next free one")
            return Finding("port", False, f"{port} cannot be used ({error.strerror}): stop what uses it, or --port")
    return Finding("port", True, f"{port} is free")


def is_ours(port: int) -> bool:
    """Whether a server of this product answers there."""
    asked = HTTPConnection("127.0.0.1", port, timeout=WAIT_SECONDS)
    try:
        asked.request("GET", "/healthz")
        return asked.getresponse().read(100).strip() == b'{"alive":true}'
    except (OSError, HTTPException):
        return False
    finally:
        asked.close()


def address(public_url: str | None) -> Finding:
    """Can a phone reach us?"""
    if public_url:
        return Finding("address", True, f"phones are sent to {public_url}")
    found = " or ".join(addresses())
    says = f"phones in the same network reach {found}" if found else "no network: phones cannot reach this machine"
    return Finding("address", found != "", says)
