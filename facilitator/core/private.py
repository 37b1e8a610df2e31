"""What an installation keeps is its owner's alone: folders 0700, files 0600, those that libraries make included.

Promises: nothing that is not ours is ever touched, and no link is followed; a folder that holds something else as well, such as
`/tmp`, stays as it is and is named.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

OTHERS = 0o077
OURS = ("secrets", "mail", "uploads", "shots")
LOCK = "server.lock"
OF_THE_CHECKOUT = ".gitignore"  # it keeps the folder `instance` in the repository, and all else out
DATABASES = "*.sqlite*"  # with their logs, copies before an upgrade, and backups that lie there
BESIDE = ("", "-wal", "-shm", "-journal", ".before-upgrade")


def keep_private() -> None:
    """Whatever this process makes from here on is for its owner only."""
    os.umask(OTHERS)


def private_folder(path: Path) -> Path:
    """The folder, made if it was missing. Raises OSError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def writes_and_reads(folder: Path) -> bool:
    """Whether what is written in a folder reaches its disk and comes back. Raises OSError."""
    wanted = os.urandom(4096)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(wanted)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        return file.read() == wanted


def above(path: Path) -> Path:
    """The path itself, or what is there of those above it."""
    return next(place for place in (path, *path.absolute().parents) if os.path.lexists(place))


def places(data_dir: Path, databases: Iterable[Path] = ()) -> Iterator[Path]:
    """Every folder and file that is ours; `databases` are those that may lie elsewhere."""
    yield data_dir
    for name in OURS:
        folder = data_dir / name
        if folder.is_dir() and not folder.is_symlink():
            yield folder
            yield from (path for path in folder.rglob("*") if not path.is_symlink())
    yield from (path for path in data_dir.glob(DATABASES) if not path.is_symlink())
    for database in databases:
        beside = (database.with_name(database.name + ending) for ending in BESIDE)
        yield from (path for path in beside if database.parent != data_dir and path.is_file())


def open_to_others(paths: Iterable[Path]) -> list[Path]:
    """Those that somebody else on this machine may read, write or enter."""
    return [path for path in paths if _mode(path) & OTHERS]


def close_to_others(data_dir: Path, databases: Iterable[Path] = ()) -> list[Path]:
    """Closes what is ours; answers what stays open."""
    for path in open_to_others(places(data_dir, databases)):
        if path != data_dir or is_its_own(data_dir):
            _close(path)
    return open_to_others(places(data_dir, databases))


def is_its_own(data_dir: Path) -> bool:
    """Whether a folder holds nothing but what is ours."""
    return all(path.name in (*OURS, LOCK, OF_THE_CHECKOUT) or path.match(DATABASES) for path in data_dir.iterdir())


def _close(path: Path) -> None:
    try:
        path.chmod(_mode(path) & ~OTHERS)
    except OSError:
        return  # somebody else's; it is named


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0  # gone this very moment
