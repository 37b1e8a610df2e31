"""One server for a folder of data, or several that tell each other through PostgreSQL and Redis.

Promises: of two that do not know of each other the second one is refused; what holds the folder goes with the last process of a server,
however it ends, so nothing has to be taken away after a crash.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from facilitator.core.config import Settings, SettingsError
from facilitator.core.private import LOCK
from facilitator.operations.installation import private_folder_of, refuse_lost

INSTEAD = (
    "use that one, stop it first, or choose another folder with --data; several for the same data need PostgreSQL and"
    " FACILITATOR_REDIS_URL"
)
CANNOT_LOCK = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)


def hold(settings: Settings, wait: float) -> AbstractContextManager[object]:
    """Takes what is served, for as long as what it gives is open here or in a worker. A server that was killed lets go of it
    within `wait` seconds. Raises SettingsError.
    """
    database = make_url(settings.database_url)
    is_file = database.get_backend_name() == "sqlite"
    if not is_file and settings.redis_url:
        return nullcontext()
    refuse_lost(settings)  # before anything is made, a lock included
    private_folder_of(settings)
    place = Path(f"{os.path.realpath(str(database.database))}.lock") if is_file else settings.data_dir / LOCK
    try:
        file = os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT, 0o600), "r+")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(place.parent)) from error
    deadline = time.monotonic() + wait
    while not _is_taken(file):
        if time.monotonic() > deadline or _is_alive(file):
            file.close()
            raise SettingsError(f"another server works with {settings.data_dir} already: {INSTEAD}")
        time.sleep(0.1)
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()))
    file.flush()
    return file


def _is_taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in CANNOT_LOCK:  # those of a file system without locks
            raise
    return True


def _is_alive(file: IO[str]) -> bool:
    """Whether the process that holds it is a server still, and not what a killed one left behind."""
    file.seek(0)
    with suppress(ValueError, OSError):
        os.kill(int(file.read()), 0)
        return True
    return False
