"""Reads a stretch of a film that is too large to be held at once."""

from __future__ import annotations

import io
from typing import BinaryIO

from facilitator.core.sandboxed import MEGABYTE, FileRefused

LARGEST_PIECE = 64 * MEGABYTE


def size_of(source: BinaryIO) -> int:
    return source.seek(0, io.SEEK_END)


def piece(source: BinaryIO, at: int, size: int) -> bytes:
    """So many bytes from here on. Raises FileRefused where there are fewer, or more than anybody needs at once."""
    if not 0 <= size <= LARGEST_PIECE:
        raise FileRefused("too_much")
    source.seek(at)
    found = source.read(size)
    if len(found) < size:
        raise FileRefused("no_video")
    return found
