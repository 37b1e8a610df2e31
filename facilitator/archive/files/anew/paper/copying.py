"""A paper on its way into another one."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TypeVar

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from facilitator.archive.files.anew.paper.layers import Layers
from facilitator.core.sandboxed import FileRefused

DEEPEST = 24
Kept = TypeVar("Kept", bound=Object)


class Copy:
    """From one document to another. Each part is made once, however often it is used."""

    def __init__(self, source: Pdf, target: Pdf) -> None:
        self.source = source
        self.target = target
        self.layers = Layers(source)
        self._made: dict[tuple[str, object], Object | None] = {}
        self._tags = 0
        self._open: list[tuple[str, object]] = []

    def once(self, kind: str, found: Object, make: Callable[[], Object | None]) -> Object | None:
        """What is made of a part, taken as something of this kind. A part that holds itself is left out there. Raises FileRefused
        where parts are nested deeper than anybody nests them.
        """
        key = (kind, found.objgen) if found.is_indirect else (kind, None)
        if key in self._made:
            return self._made[key]
        if found.is_indirect and key in self._open:
            return None
        if len(self._open) > DEEPEST:
            raise FileRefused("too_much")
        self._open.append(key)
        try:
            made = make()
        finally:
            self._open.pop()
        if found.is_indirect:
            if isinstance(made, Dictionary | Stream | Array):  # a name is no more than itself
                made = self.target.make_indirect(made)
            self._made[key] = made
        return made

    def tag(self) -> str:
        """Six letters, different ones each time."""
        self._tags += 1
        return "".join(chr(ord("A") + self._tags // 26**place % 26) for place in range(5, -1, -1))

    def stream(self, content: bytes, about: Dictionary | None = None, kind: str = "") -> Stream:
        """A stream of the new document: packed here, or as it is where `kind` names how it is packed already."""
        made = self.target.make_stream(content if kind else zlib.compress(content, 9))
        for key, value in (about or Dictionary()).items():
            made[key] = value
        made["/Filter"] = Name(kind or "/FlateDecode")
        return made
