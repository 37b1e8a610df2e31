"""A no, in words for the person who hears it."""

from __future__ import annotations

from flask_babel.speaklater import LazyString


class Refused(Exception):
    """Something may not be done. `str()` gives the sentence in the reader's language, `field` says where it belongs."""

    def __init__(self, sentence: LazyString, *, status: int = 409, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)
