"""Files that are there under their name only when they are whole.

Promises: what was there before stays until then; whatever ends the writing leaves nothing beside it; the owner alone reads it; and
nothing but a file is ever replaced – no folder, no device, no link that leads nowhere.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

BESIDE = ("", "-wal", "-shm", "-journal")  # where a database is written


@contextlib.contextmanager
def written(file: Path) -> Iterator[Path]:
    """Where to write what becomes FILE at the end. Raises OSError."""
    if os.path.lexists(file) and not file.is_file():
        raise OSError(errno.EINVAL, "it is no file that could be replaced", str(file))
    part = file.with_name(file.name + ".part")
    _take_away(part)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield part
        with part.open("rb") as whole:
            os.fsync(whole.fileno())
        part.replace(file)
    finally:
        with contextlib.suppress(OSError):
            _take_away(part)


def _take_away(part: Path) -> None:
    for ending in BESIDE:
        part.with_name(part.name + ending).unlink(missing_ok=True)
