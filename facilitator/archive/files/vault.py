"""Where files lie: sealed in pieces, so that a film can be wound forward without opening all of it.

Promises: nothing plain of a file ever lies in the folder; a file is there under its name only when it is whole and on disk;
a piece that was changed, left out or moved does not open.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from facilitator.core.config import settings
from facilitator.core.db import random_id
from facilitator.core.private import private_folder
from facilitator.core.sealing import SEAL_BYTES, Damaged, Unreadable, opened, sealer, unseal_bytes
from facilitator.core.threads import OneThread

PIECE_BYTES = 256 * 1024
aside = OneThread()


def folder() -> Path:
    return private_folder(settings().data_dir / "uploads")


def put(card_id: str, file_id: str, source: BinaryIO) -> int:
    """Seals a file with its card's key, aside; answers how many bytes it has. Raises KeyIsGone and OSError."""
    seal, whole = sealer(card_id), folder() / file_id
    return aside(lambda: _sealed(source, whole, lambda number, piece: seal(_place(file_id, number), piece)))


def _sealed(source: BinaryIO, whole: Path, seal: Callable[[int, bytes], bytes]) -> int:
    part = whole.with_name(f"{whole.name}.{random_id(8)}.part")
    size = number = 0
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            while piece := source.read(PIECE_BYTES):
                target.write(seal(number, piece))
                size, number = size + len(piece), number + 1
            target.flush()
            os.fsync(target.fileno())
        part.replace(whole)
    finally:
        part.unlink(missing_ok=True)
    return size


def read(card_id: str, file_id: str, start: int, end: int) -> Iterator[bytes]:
    """The plain bytes from `start` up to, not including, `end`. Raises Unreadable, also where the file is gone."""
    try:
        source = (folder() / file_id).open("rb")
    except OSError as error:
        raise Damaged(f"file:{file_id}") from error
    with source:
        for number in range(start // PIECE_BYTES, -(-end // PIECE_BYTES)):
            source.seek(number * (PIECE_BYTES + SEAL_BYTES))
            piece = unseal_bytes(card_id, _place(file_id, number), source.read(PIECE_BYTES + SEAL_BYTES))
            begins = number * PIECE_BYTES
            yield piece[max(0, start - begins) : end - begins]


def is_whole(card_id: str, file_id: str, size: int) -> bool:
    """Whether a file is there and opens to its end."""
    try:
        return sum(len(piece) for piece in read(card_id, file_id, 0, size)) == size
    except Unreadable:
        return False


def opens_with(path: Path, key: bytes | None, card_id: str, size: int) -> bool:
    """The same with a key in hand, outside of any application."""
    found = number = 0
    try:
        with path.open("rb") as source:
            while key is not None and (piece := source.read(PIECE_BYTES + SEAL_BYTES)):
                found += len(opened(key, piece, f"{card_id}:{_place(path.name, number)}"))
                number += 1
    except (OSError, Unreadable):
        return False
    return key is not None and found == size


def drop(file_id: str) -> None:
    """Takes a file away; one that is not there is no matter."""
    (folder() / file_id).unlink(missing_ok=True)


def names() -> set[str]:
    """Every file that lies there."""
    return {path.name for path in folder().iterdir() if path.is_file()}


def age(name: str, moment: datetime) -> timedelta:
    path = folder() / name
    return moment - datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.is_file() else timedelta(0)


def _place(file_id: str, number: int) -> str:
    return f"file:{file_id}:{number}"
