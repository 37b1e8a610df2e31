"""What judging a file comes to: a file that can be used, or a sentence for the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from flask_babel import LazyString

ENDINGS = {
    "image/webp": "webp",
    "application/pdf": "pdf",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "text/vtt": "vtt",
}


class Unusable(Exception):
    """A file that cannot be used; `sentence` says why and what to do."""

    def __init__(self, sentence: LazyString | str) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that can be used: its media type, and its content as we wrote it."""

    media_type: str
    content: BinaryIO
