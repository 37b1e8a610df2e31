"""What draws a page, a form or a letter: read instruction by instruction and written anew. Pure.

Kept: the instructions of the standard, each with the operands it has, resources under new names, the numbers by which the order of
reading knows pieces, and that something is decoration. Not kept: comments, properties of pieces, unknown instructions, and whatever
is drawn on a layer that is switched off.
"""

from __future__ import annotations

import re
from typing import Protocol

from facilitator.core.sandboxed import FileRefused

WHITE = rb"\x00\t\n\x0c\r "
REGULAR = rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]"
NUMBER = rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
# The most of a page: a few numbers and what to do with them, followed by something else.
PLAIN = re.compile(
    rb"["
    + WHITE
    + rb"]*((?:"
    + NUMBER
    + rb"["
    + WHITE
    + rb"]+){0,6})([A-Za-z][A-Za-z01]*\*?)(?=["
    + WHITE
    + rb"/\[(<%]|$)"
)
TOKEN = re.compile(
    rb"(?P<blank>[" + WHITE + rb"]+|%[^\r\n]*)"
    rb"|(?P<number>" + NUMBER + rb")(?!" + REGULAR + rb")"
    rb"|(?P<name>/" + REGULAR + rb"*)"
    rb"|(?P<open><<|\[)|(?P<close>>>|\])"
    rb"|(?P<hex><[0-9A-Fa-f" + WHITE + rb"]*>)"
    rb"|(?P<string>\()"
    rb"|(?P<word>" + REGULAR + rb"+)"
    rb"|(?P<other>.)",
    re.DOTALL,
)
PART_OF_STRING = re.compile(rb"[()\\]")
END_OF_IMAGE = re.compile(rb"[" + WHITE + rb"]EI(?=[" + WHITE + rb"]|$)")
LONGEST_NUMBER = 24
MOST_OPERANDS = 64
DEEPEST = 16

# How many numbers each of them has.
NUMBERS = {
    **dict.fromkeys((b"q", b"Q", b"h", b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"n", b"W", b"W*"), 0),
    **dict.fromkeys((b"BT", b"ET", b"T*"), 0),
    **dict.fromkeys((b"w", b"J", b"j", b"M", b"i", b"Tc", b"Tw", b"Tz", b"TL", b"Tr", b"Ts", b"G", b"g"), 1),
    **dict.fromkeys((b"m", b"l", b"Td", b"TD", b"d0"), 2),
    **dict.fromkeys((b"RG", b"rg"), 3),
    **dict.fromkeys((b"v", b"y", b"re", b"K", b"k"), 4),
    **dict.fromkeys((b"cm", b"c", b"Tm", b"d1"), 6),
}
PAINTS = {b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"}
SHOWS = {b"Tj", b"TJ", b"'", b'"', b"sh", b"Do"}
INTENTS = {b"/AbsoluteColorimetric", b"/RelativeColorimetric", b"/Saturation", b"/Perceptual"}
PLAIN_COLOURS = {b"/DeviceGray", b"/DeviceRGB", b"/DeviceCMYK", b"/Pattern"}
NAMED = {b"gs": "ExtGState", b"sh": "Shading", b"Do": "XObject"}


class Array(list["Operand"]):
    """What stands between brackets."""


class Properties(list["Operand"]):
    """What stands between double angle brackets, keys and values in turn."""


Operand = bytes | Array | Properties


class Names(Protocol):
    """What the names in a piece of content stand for."""

    def named(self, kind: str, name: bytes) -> bytes | None:
        """The new name of a resource of a kind, with its slash; none, if nothing of it is kept."""

    def is_hidden(self, name: bytes) -> bool:
        """Whether the properties of this name are those of a layer that is switched off."""

    def mark(self, properties: bytes | int) -> int | None:
        """The number by which the order of reading knows a piece, given it or the name of its properties; none, if nobody does."""


def rewritten(content: bytes, names: Names) -> bytes:
    """The content written anew. Raises FileRefused where it is nested deeper than anything that is drawn."""
    return Rewriting(content, names).done()


class Rewriting:
    """One piece of content on its way."""

    def __init__(self, content: bytes, names: Names) -> None:
        self.content = content
        self.names = names
        self.at = 0
        self.operands: list[Operand] = []
        self.lines: list[bytes] = []
        # Of each piece that is open: whether it is hidden, and whether its beginning was written.
        self.pieces: list[tuple[bool, bool]] = []

    def done(self) -> bytes:
        """All of it."""
        while self.at < len(self.content):
            if not self._plain():
                self._token()
        self.lines += [b"EMC" for _is_hidden, is_written in self.pieces if is_written]
        return b"\n".join(self.lines)

    def _plain(self) -> bool:
        found = None if self.operands or self._is_hidden() else PLAIN.match(self.content, self.at)
        if found is None:
            return False
        numbers = found[1].split()
        if NUMBERS.get(found[2]) != len(numbers):
            return False
        self.at = found.end()
        self.lines.append(b" ".join((*map(_short, numbers), found[2])))
        return True

    def _token(self) -> None:
        kind, token = self._next()
        if kind == "word" and not _is_value(token):
            self._instruction(token)
            self.operands = []
        elif kind != "blank" and len(self.operands) < MOST_OPERANDS:
            value = self._value(kind, token)
            self.operands += [] if value is None else [value]

    def _next(self) -> tuple[str, bytes]:
        found = TOKEN.match(self.content, self.at)
        assert found is not None  # its last choice is any byte at all
        self.at = found.end()
        kind, token = str(found.lastgroup), found[0]
        if kind == "string":
            self.at = _end_of_string(self.content, found.start())
            token = self.content[found.start() : self.at]
        return kind, token

    def _value(self, kind: str, token: bytes, depth: int = 0) -> Operand | None:
        if depth > DEEPEST:
            raise FileRefused("too_much")
        if kind == "open":
            return self._nested(b"]" if token == b"[" else b">>", depth)
        if kind == "number":
            return _short(token)
        if kind == "word":
            return _as_number(token)
        return token if kind in ("name", "hex") or (kind == "string" and token.endswith(b")")) else None

    def _nested(self, end: bytes, depth: int) -> Operand:
        values: Array | Properties = Array() if end == b"]" else Properties()
        while self.at < len(self.content):
            kind, token = self._next()
            if kind == "close" and token == end:
                break
            value = None if kind == "blank" else self._value(kind, token, depth + 1)
            if value is not None:
                values.append(value)
        return values

    def _instruction(self, word: bytes) -> None:
        if word in MARKS:
            MARKS[word](self)
        elif word == b"BI":
            self._skip_image()
        elif self._is_hidden() and (word in PAINTS or word in SHOWS):
            self._unseen(word)
        else:
            self._write(word)

    def _write(self, word: bytes) -> None:
        operands = _operands(word, self.operands, self.names)
        if operands is not None:
            self.lines.append(b" ".join((*operands, word)))

    def _unseen(self, word: bytes) -> None:
        """What it does to what follows, without what one would see."""
        if word in PAINTS:
            self.lines.append(b"n")
        elif word == b'"' and (spaces := _numbers(self.operands[:2], 2)):
            self.lines.append(b"%b Tw %b Tc T*" % tuple(spaces))
        elif word == b"'":
            self.lines.append(b"T*")

    def _is_hidden(self) -> bool:
        return bool(self.pieces) and self.pieces[-1][0]

    def _skip_image(self) -> None:
        """One that stands in the content itself was taken out before; what is left of one draws nothing."""
        found = END_OF_IMAGE.search(self.content, self.at)
        self.at = found.end() if found else len(self.content)

    def _begin_decoration(self) -> None:
        is_written = not self._is_hidden() and self.operands[-1:] == [b"/Artifact"]
        self.lines += [b"/Artifact BMC"] if is_written else []
        self.pieces.append((self._is_hidden(), is_written))

    def _begin_piece(self) -> None:
        if len(self.operands) < 2:
            return self._begin_decoration()
        tag, properties = self.operands[-2:]
        name = properties if isinstance(properties, bytes) else b""
        is_hidden = self._is_hidden() or (tag == b"/OC" and self.names.is_hidden(name))
        number = None if is_hidden else self.names.mark(name or _number_in(properties))
        if tag == b"/Artifact" and not is_hidden:
            self.lines.append(b"/Artifact BMC")
        elif number is not None:
            self.lines.append(b"/Span <</MCID %d>> BDC" % number)
        self.pieces.append((is_hidden, not is_hidden and (tag == b"/Artifact" or number is not None)))
        return None

    def _end_piece(self) -> None:
        if self.pieces:
            _is_hidden, is_written = self.pieces.pop()
            self.lines += [b"EMC"] if is_written else []

    def _nothing(self) -> None:
        """Points that nobody asks for, and brackets around what only some programs know."""


MARKS = {
    b"BMC": Rewriting._begin_decoration,  # noqa: SLF001 – its own
    b"BDC": Rewriting._begin_piece,  # noqa: SLF001
    b"EMC": Rewriting._end_piece,  # noqa: SLF001
    **dict.fromkeys((b"MP", b"DP", b"BX", b"EX"), Rewriting._nothing),  # noqa: SLF001
}


def _operands(word: bytes, given: list[Operand], names: Names) -> list[bytes] | None:
    """What an instruction is written with; none, if it is not written at all."""
    last = given[-1] if given else b""
    if word in NUMBERS:
        return _numbers(given, NUMBERS[word])
    if word in NAMED:
        return _known(names.named(NAMED[word], last)) if isinstance(last, bytes) else None
    if word in READ:
        return READ[word](given, names)
    return None


def _known(name: bytes | None) -> list[bytes] | None:
    return None if name is None else [name]


def _numbers(given: list[Operand], count: int) -> list[bytes] | None:
    found = [one for one in given if isinstance(one, bytes) and _is_number(one)]
    return found[len(found) - count :] if len(found) >= count else None


def _dashes(given: list[Operand], _names: Names) -> list[bytes] | None:
    if len(given) < 2 or not isinstance(given[-2], Array):
        return None
    start = _numbers(given[-1:], 1)
    dashes = [one for one in given[-2] if isinstance(one, bytes) and _is_number(one)]
    return None if start is None else [b"[" + b" ".join(dashes) + b"]", *start]


def _intent(given: list[Operand], _names: Names) -> list[bytes] | None:
    return [given[-1]] if given and isinstance(given[-1], bytes) and given[-1] in INTENTS else None


def _font(given: list[Operand], names: Names) -> list[bytes] | None:
    size = _numbers(given[-1:], 1)
    name = given[-2] if len(given) > 1 else None
    if size is None or not isinstance(name, bytes) or (known := names.named("Font", name)) is None:
        return None
    return [known, *size]


def _text(given: list[Operand], _names: Names) -> list[bytes] | None:
    return [given[-1]] if given and _is_text(given[-1]) else None  # type: ignore[list-item]  # `_is_text` says so


def _spaced_text(given: list[Operand], _names: Names) -> list[bytes] | None:
    spaces, text = _numbers(given[:-1], 2), given[-1:]
    return [*spaces, text[0]] if spaces and text and _is_text(text[0]) else None  # type: ignore[list-item]


def _texts(given: list[Operand], _names: Names) -> list[bytes] | None:
    if not given or not isinstance(given[-1], Array):
        return None
    parts = [one for one in given[-1] if isinstance(one, bytes) and (_is_number(one) or _is_text(one))]
    return [b"[" + b" ".join(parts) + b"]"]


def _space(given: list[Operand], names: Names) -> list[bytes] | None:
    name = given[-1] if given else None
    if not isinstance(name, bytes):
        return None
    return [name] if name in PLAIN_COLOURS else _known(names.named("ColorSpace", name))


def _colour(given: list[Operand], names: Names) -> list[bytes] | None:
    last = given[-1] if given else None
    numbers = [one for one in given if isinstance(one, bytes) and _is_number(one)]
    if isinstance(last, bytes) and last.startswith(b"/"):
        pattern = names.named("Pattern", last)
        return None if pattern is None else [*numbers, pattern]
    return numbers or None


READ = {
    b"d": _dashes,
    b"ri": _intent,
    b"Tf": _font,
    b"Tj": _text,
    b"'": _text,
    b'"': _spaced_text,
    b"TJ": _texts,
    **dict.fromkeys((b"CS", b"cs"), _space),
    **dict.fromkeys((b"SC", b"sc", b"SCN", b"scn"), _colour),
}


def _number_in(properties: Operand) -> int | bytes:
    """The number of a piece, if its properties say one."""
    if isinstance(properties, Properties):
        for key, value in zip(properties[::2], properties[1::2], strict=False):
            if key == b"/MCID" and isinstance(value, bytes) and value.isdigit():
                return int(value)
    return b""


def _is_text(operand: Operand) -> bool:
    return isinstance(operand, bytes) and operand[:1] in (b"(", b"<")


def _is_number(token: bytes) -> bool:
    return token[:1] in b"+-.0123456789" and token != b""


def _is_value(word: bytes) -> bool:
    """A number in a form that the standard does not have and some programs write."""
    return word[:1] in b"+-.0123456789"


def _as_number(word: bytes) -> bytes | None:
    if not _is_value(word):
        return None
    try:
        return _short(b"%.6f" % float(word.lstrip(b"+-") if word[1:2] in (b"-", b"+") else word))
    except (ValueError, OverflowError):
        return b"0"


def _short(number: bytes) -> bytes:
    return number if len(number) <= LONGEST_NUMBER else b"%.6f" % float(number)


def _end_of_string(content: bytes, at: int) -> int:
    """Behind the bracket that closes the one here; brackets may be nested, and a backslash takes the next sign its meaning."""
    depth = 0
    while found := PART_OF_STRING.search(content, at):
        at = found.end()
        if found[0] == b"\\":
            at += 1
        else:
            depth += 1 if found[0] == b"(" else -1
            if depth == 0:
                return at
    return len(content)
