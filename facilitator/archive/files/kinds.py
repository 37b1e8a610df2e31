"""The kinds of files that cards have, what each may take, and what judging one comes to: a file that can be used, or a sentence
for the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from facilitator.core.refusals import Refused
from facilitator.core.sandboxed import MEGABYTE, WorkLimits

if TYPE_CHECKING:  # what reads an export in a process of its own starts sooner without it
    from flask_babel import LazyString

REWRITING = "facilitator.rewriting"
ENDINGS = {
    "image/webp": "webp",
    "application/pdf": "pdf",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "text/vtt": "vtt",
}


class Unusable(Refused):
    """A file that cannot be used; the status says whether that is the file's fault."""

    def __init__(self, sentence: LazyString | str, status: int = 422) -> None:
        super().__init__(sentence, status)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that can be used: its media type, and its content as we wrote it."""

    media_type: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how large it may be, what writes it anew, and what that may take. `again`: where it may be one of ours."""

    most_bytes: int
    work: str
    limits: WorkLimits
    again: str = ""


# Whoever waits in front of a proxy is cut off after 75 seconds; waiting for one's turn and the work itself take less.
KINDS = {
    "picture": Kind(
        15 * MEGABYTE,
        f"{REWRITING}.pictures:picture",
        WorkLimits(memory=1024 * MEGABYTE, output=15 * MEGABYTE, processor_seconds=20, seconds=40),
        again=f"{REWRITING}.pictures:picture_again",
    ),
    "paper": Kind(
        30 * MEGABYTE,
        f"{REWRITING}.pdf:paper",
        WorkLimits(memory=1024 * MEGABYTE, output=60 * MEGABYTE, processor_seconds=40, seconds=50),
    ),
    "video": Kind(
        200 * MEGABYTE,
        f"{REWRITING}.video:video",
        WorkLimits(memory=512 * MEGABYTE, output=201 * MEGABYTE, processor_seconds=40, seconds=50),
    ),
    "captions": Kind(
        MEGABYTE,
        f"{REWRITING}.captions:captions",
        WorkLimits(memory=256 * MEGABYTE, output=2 * MEGABYTE, processor_seconds=10, seconds=20),
    ),
}
MOST_BYTES = {name: kind.most_bytes for name, kind in KINDS.items()}
