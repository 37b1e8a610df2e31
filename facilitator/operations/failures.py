"""What went wrong, as one sentence for whoever runs a command: what it is and what to do.

Promises: nobody's words, no password and no key are ever in it: of what nobody foresaw it has the kind and the place and not the
text, for a text may quote what it was about.
"""

from __future__ import annotations

import errno
import sqlite3
import traceback
from pathlib import Path

from click import ClickException
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from facilitator.core.db import Busy

LOCKED = "it stayed locked, because another program writes to it; try again"
DAMAGED = "it is damaged: move it away and put a backup back with `facilitator restore`"
STRANGE = "its tables are not those of its version: move it away and put a backup back with `facilitator restore`"
MISFIT = "its rows do not fit together: nothing was changed; take another copy"
OF_SQLITE = {
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; look whether its folder is there, and yours",
    sqlite3.SQLITE_READONLY: "it cannot be written; look whether it is yours, and its folder",
    sqlite3.SQLITE_PERM: "it cannot be opened; look whether it is yours",
    sqlite3.SQLITE_FULL: "the disk is full; make room and try again",
    sqlite3.SQLITE_IOERR: "the disk refuses to read or to write",
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_ERROR: STRANGE,
    sqlite3.SQLITE_CONSTRAINT: MISFIT,
    sqlite3.SQLITE_MISMATCH: MISFIT,
}
# By how the state begins that PostgreSQL gives.
OF_POSTGRES = {
    "23": MISFIT,
    "25006": "PostgreSQL takes no changes: it is a copy of another one",
    "42P01": STRANGE,
    "42703": STRANGE,
    "42501": "PostgreSQL does not let this user do it; give it the rights to the database",
    "28": "PostgreSQL refuses the user or the password",
    "3D": "PostgreSQL has no such database; make it first",
    "53": "PostgreSQL has no room or no connection left",
    "57014": "PostgreSQL took too long; try again",
    "57": "PostgreSQL is stopping or starting; try again",
    "XX": "PostgreSQL found its files damaged",
}
OF_THE_SYSTEM = {
    errno.ENOSPC: "the disk is full; make room and try again",
    errno.EDQUOT: "there is no room left for this user; make room and try again",
    errno.EROFS: "the disk can only be read",
    errno.EACCES: "it is not open to this user; look whose it is, and at its rights",
}
LOOK = "FACILITATOR_LOG_LEVEL=DEBUG shows where, and `facilitator doctor` looks for what is wrong"


def reason(error: Exception) -> str:
    """Our own errors are sentences; what others raise is put in words without what it quotes."""
    is_ours = isinstance(error, ClickException) or type(error).__module__.startswith("facilitator.")
    return str(error) if is_ours and str(error) else in_words(error)


def in_words(error: BaseException) -> str:
    """One sentence without a full stop."""
    if isinstance(error, DBAPIError | sqlite3.Error):
        return _of_database(error) or _unforeseen(error)
    if isinstance(error, Busy):
        return f"the database: {LOCKED}"
    if isinstance(error, NoConnection):
        return "the database has no connection left; try again"
    if isinstance(error, RedisError):
        return "Redis does not answer, or refuses; look whether it runs, and at FACILITATOR_REDIS_URL"
    if isinstance(error, MemoryError):
        return "there is not enough memory for this"
    if isinstance(error, OSError) and error.strerror:
        return of_the_system(error)
    return _unforeseen(error)


def of_the_system(error: OSError) -> str:
    """What the system refused, and with which file."""
    reason = OF_THE_SYSTEM.get(error.errno or 0, str(error.strerror))
    names = " and ".join(str(name) for name in (error.filename, error.filename2) if isinstance(name, str | Path))
    return f"{names}: {reason}" if names else reason


def _of_database(error: DBAPIError | sqlite3.Error) -> str | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return OF_SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if state is None and type(cause).__name__ == "ProgrammingError":
        return "its address has an option that PostgreSQL does not know"
    if state is None and type(cause).__name__ == "OperationalError":
        return f"PostgreSQL cannot be reached ({_reason(str(cause))})"
    return next((words for begins, words in OF_POSTGRES.items() if str(state).startswith(begins)), None)


def _reason(said: str) -> str:
    """The end of what the library says about a connection: neither the address nor the password is in it."""
    first = said.splitlines()[0] if said else ""
    return first.rpartition("failed: ")[2].removeprefix("FATAL: ").strip() or "no reason given"


def _unforeseen(error: BaseException) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1:]
    place = "".join(f" in {Path(frame.filename).name}:{frame.lineno}" for frame in where)
    return f"something unforeseen went wrong ({type(error).__name__}{place}); {LOOK}"
