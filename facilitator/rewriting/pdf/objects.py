"""What a PDF is made of, on its way into another one: values that say what they are – numbers, names of a known list, lists of numbers –,
the layers that are shown, and the copy they go into. Whatever else stands in their place is none of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any, TypeVar

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from facilitator.core.sandboxed import FileRefused

LARGEST = 10**9
MOST_NUMBERS = 100_000
LARGEST_STREAM = 256 * 1024 * 1024

Number = int | Decimal
Values = dict[str, Any]  # Any: whatever a PDF can hold
DEEPEST_LAYERS = 16
DEEPEST = 24


def number(found: object) -> Number | None:
    """A number of a size that something on a page may have."""
    if isinstance(found, int | Decimal) and not isinstance(found, bool) and -LARGEST <= found <= LARGEST:
        return found
    return None


def whole(found: object, least: int = 0, most: int = LARGEST) -> int | None:
    """A whole number within bounds."""
    return found if isinstance(found, int) and not isinstance(found, bool) and least <= found <= most else None


def numbers(found: object, *counts: int) -> list[Number] | None:
    """A list of numbers and nothing else, of one of these lengths if any are named."""
    if not isinstance(found, Array) or len(found) > MOST_NUMBERS or (counts and len(found) not in counts):
        return None
    values = [number(one) for one in found.as_list()]
    return None if None in values else values  # type: ignore[return-value]  # none is None


def name(found: object, known: Collection[str]) -> Name | None:
    """One of these names, written here without their slash."""
    return Name(str(found)) if isinstance(found, Name) and str(found)[1:] in known else None


def is_true(found: object) -> bool | None:
    """A yes or no."""
    return found if isinstance(found, bool) else None


def made(**values: object) -> Dictionary:
    """A dictionary of what there is: what is None is not in it."""
    return Dictionary({f"/{key}": value for key, value in values.items() if value is not None})


def part(found: object, key: str) -> Any:
    """What a dictionary or a stream has under a key; none of anything else."""
    return found.get(key) if isinstance(found, Dictionary | Stream) else None


def items(found: object) -> list[object]:
    """What an array has in it; of what is none, nothing."""
    return list(found.as_list()) if isinstance(found, Array) else []


def entries(found: object) -> dict[str, Object]:
    """What a dictionary has in it; of what is none, nothing."""
    return dict(found.items()) if isinstance(found, Dictionary) else {}


def data(found: Stream) -> bytes:
    """What a stream holds, unpacked. Raises FileRefused where it is more than one may."""
    try:
        return found.read_bytes(pikepdf.StreamDecodeLevel.specialized)
    except (pikepdf.PdfError, RuntimeError) as error:
        raise FileRefused("too_much" if "limit" in str(error) else "no_paper") from error


class Layers:
    """The layers of a document, as its default view shows them."""

    def __init__(self, source: Pdf) -> None:
        shown = part(part(source.Root, "/OCProperties"), "/D")
        self._starts_off = str(part(shown, "/BaseState")) == "/OFF"
        exceptions = items(part(shown, "/ON" if self._starts_off else "/OFF"))
        self._exceptions = {one.objgen for one in exceptions if isinstance(one, Dictionary) and one.is_indirect}

    def is_hidden(self, group: object) -> bool:
        """Whether what belongs to a layer, or to some of them together, is not seen."""
        if not isinstance(group, Dictionary):
            return False
        if str(part(group, "/Type")) != "/OCMD":
            return not self._is_on(group)
        if isinstance(rule := part(group, "/VE"), Array):
            return not self._follows(rule)
        named = part(group, "/OCGs")
        groups = [one for one in (items(named) or [named]) if isinstance(one, Dictionary)]
        states = [self._is_on(one) for one in groups]
        return bool(states) and not _policy(str(part(group, "/P")), states)

    def _is_on(self, group: Object) -> bool:
        is_exception = group.is_indirect and group.objgen in self._exceptions
        return is_exception if self._starts_off else not is_exception

    def _follows(self, rule: object, depth: int = 0) -> bool:
        """What an expression of and, or and not comes to."""
        if isinstance(rule, Dictionary):
            return self._is_on(rule)
        how, *rest = items(rule) or [None]
        states = [self._follows(one, depth + 1) for one in rest] if depth < DEEPEST_LAYERS else []
        match str(how):
            case "/And":
                return all(states)
            case "/Not":
                return not any(states)
        return any(states)


def _policy(name: str, states: list[bool]) -> bool:
    match name:
        case "/AllOn":
            return all(states)
        case "/AnyOff":
            return not all(states)
        case "/AllOff":
            return not any(states)
    return any(states)


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
