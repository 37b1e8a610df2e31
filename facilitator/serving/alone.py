"""One server for a folder of data, or several that tell each other through PostgreSQL and Redis.

Promises: of two that do not know of each other the second one is refused; what holds the folder goes with the last process of a server,
however it ends, so nothing has to be taken away after a crash; and a start that comes to nothing leaves nothing behind.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from facilitator.core.config import Settings, SettingsError
from facilitator.core.private import LOCK, above
from facilitator.operations.installation import private_folder_of, refuse_lost

INSTEAD = (
    "use that one, stop it first, or choose another folder with --data; several for the same data need PostgreSQL and"
    " FACILITATOR_REDIS_URL"
)
CANNOT_LOCK = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)


@contextmanager
def hold(settings: Settings, wait: float) -> Iterator[None]:
    """Takes what is served, for as long as this is open here or in a worker. A server that was killed lets go of it
    within `wait` seconds. Where nothing comes of the start, what was made for it goes again. Raises SettingsError.
    """
    database = make_url(settings.database_url)
    is_file = database.get_backend_name() == "sqlite"
    if not is_file and settings.redis_url:
        yield
        return
    refuse_lost(settings)  # before anything is made, a lock included
    there = above(settings.data_dir)
    private_folder_of(settings)
    place = Path(f"{os.path.realpath(str(database.database))}.lock") if is_file else settings.data_dir / LOCK
    is_new = not place.exists()
    try:
        with _taken(place, settings, wait) as file:
            file.seek(0)
            file.truncate()
            file.write(str(os.getpid()))
            file.flush()
            try:
                yield
            except Exception:
                if is_new:
                    place.unlink(missing_ok=True)
                raise
    except Exception:
        _take_away(settings.data_dir, there)
        raise


def _taken(place: Path, settings: Settings, wait: float) -> IO[str]:
    deadline = time.monotonic() + wait
    while True:
        try:
            file = os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(place.parent)) from error
        if _is_taken(file) and os.fstat(file.fileno()).st_nlink:  # else whoever made it took it away meanwhile
            return file
        if time.monotonic() > deadline or _is_alive(file):
            file.close()
            raise SettingsError(f"another server works with {settings.data_dir} already: {INSTEAD}")
        file.close()
        time.sleep(0.1)


def _take_away(folder: Path, there: Path) -> None:
    """Folders in which nothing lies, up to the one that was there before."""
    for made in (folder, *folder.absolute().parents):
        if made.absolute() == there.absolute():
            return
        with suppress(OSError):
            made.rmdir()


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
