"""MP4: one film and its sound, taken out of their boxes and put into new ones.

Kept: of the first film and of the first sound that browsers play, the samples with their times, and what a decoder has to know; which way
up it is, and where sound and film begin. Not kept: every other box and track – names, places, dates, chapters, pictures, texts – and
whatever lies between the samples. What was recorded in fragments comes out whole, and what players need first comes first.
"""

from __future__ import annotations

from typing import BinaryIO

from facilitator.archive.files.anew.film.mp4_reading import film
from facilitator.archive.files.anew.film.mp4_writing import write

OTHER_BRANDS = (b"qt  ", b"heic", b"mif1", b"avif")


def is_one(head: bytes) -> bool:
    """Whether a file begins like one that browsers play."""
    return head[4:8] == b"ftyp" and head[8:12] not in OTHER_BRANDS


def rewritten(source: BinaryIO, target: BinaryIO) -> None:
    """Writes a film anew. Raises FileRefused."""
    write(film(source), source, target)
