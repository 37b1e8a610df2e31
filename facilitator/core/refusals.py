"""A no, for the person who hears it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask_babel import LazyString


class Refused(Exception):
    """Something may not be done, or not now. The reason is a sentence for the reader, or a code for which the page that answers
    has one. `status` is the answer's, `field` says where in a form the sentence belongs, `name` of whom it speaks.
    """

    def __init__(self, reason: LazyString | str, status: int = 409, *, field: str = "", name: str = "") -> None:
        super().__init__(reason)
        self.code = reason if isinstance(reason, str) else ""
        self.status = status
        self.field = field
        self.name = name
