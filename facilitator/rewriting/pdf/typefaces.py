"""Typefaces that come along in a PDF: the drawings of letters, without what is told about whoever made or owns them. Pure.

Kept: tables and programs that draw. Not kept: names, notices, versions, dates, vendors, signatures. Where such a text cannot be left
out without moving what stands behind it, there are as many blanks in its place.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from itertools import pairwise

from facilitator.core.sandboxed import FileRefused

# -- TrueType and OpenType ---------------------------------------------------------------------------------------------

SFNT = (b"\x00\x01\x00\x00", b"true", b"OTTO", b"typ1")
TABLES = (
    *(
        b"OS/2",
        b"cmap",
        b"cvt ",
        b"fpgm",
        b"gasp",
        b"glyf",
        b"head",
        b"hhea",
        b"hmtx",
        b"loca",
        b"maxp",
        b"post",
        b"prep",
    ),
    *(b"CFF ", b"VORG", b"vhea", b"vmtx"),
)
MOST_TABLES = 64


def sfnt(content: bytes) -> bytes:
    """A TrueType or OpenType font anew, from the tables that draw. Raises FileRefused."""
    if content[:4] not in SFNT or len(content) < 12:
        raise FileRefused("no_paper")
    tables = dict(_tables(content))
    begins = 12 + 16 * len(tables)
    directory, body = b"", b""
    for tag, table in sorted(tables.items()):
        directory += struct.pack(">4s3I", tag, _sum(table), begins + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    return _sfnt_head(content[:4], len(tables)) + directory + body


def _tables(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    (count,) = struct.unpack_from(">H", content, 4)
    for number in range(min(count, MOST_TABLES, (len(content) - 12) // 16)):
        tag, _sum_of_it, at, size = struct.unpack_from(">4s3I", content, 12 + 16 * number)
        if tag in TABLES:
            yield tag, _table(tag, content[at : at + size])


def _table(tag: bytes, table: bytes) -> bytes:
    match tag:
        case b"head" if len(table) >= 54:  # a sum over the file that nobody needs, and when it was made and changed
            return table[:4] + bytes(8) + table[12:20] + bytes(16) + table[36:54]
        case b"OS/2" if len(table) >= 62:  # who made it
            return table[:58] + bytes(4) + table[62:]
        case b"CFF ":
            return cff(table)
    return table


def _sfnt_head(kind: bytes, count: int) -> bytes:
    power = count.bit_length() - 1 if count else 0
    return struct.pack(">4s4H", kind, count, 16 << power, power, 16 * count - (16 << power))


def _sum(table: bytes) -> int:
    padded = table + bytes(-len(table) % 4)
    total: int = sum(struct.unpack(f">{len(padded) // 4}I", padded))
    return total & 0xFFFFFFFF


# -- CFF ---------------------------------------------------------------------------------------------------------------

STANDARD_STRINGS = 391
CHARSET, CHARSTRINGS, SYSTEM = 15, 17, 0x0C1E


def cff(content: bytes) -> bytes:
    """A compact font whose names and notices are blank, but for the names that letters are found by. Raises FileRefused."""
    try:
        return _blank(content)
    except (struct.error, IndexError) as error:
        raise FileRefused("no_paper") from error


def _blank(content: bytes) -> bytes:
    names, at = _index(content, content[2])
    tops, at = _index(content, at)
    strings, _at = _index(content, at)
    used: set[int] = set()
    for begins, end in tops:
        used |= _strings_of_letters(content, _numbers(content[begins:end]))
    new = bytearray(content)
    for begins, end in names:
        new[begins:end] = b"F" * (end - begins)
    for number, (begins, end) in enumerate(strings, STANDARD_STRINGS):
        if number not in used:
            new[begins:end] = b" " * (end - begins)
    return bytes(new)


def _index(content: bytes, at: int) -> tuple[list[tuple[int, int]], int]:
    """From where to where each thing of a list reaches, and what follows the list."""
    (count,) = struct.unpack_from(">H", content, at)
    if count == 0:
        return [], at + 2
    size = content[at + 2]
    if not 1 <= size <= 4:
        raise IndexError(size)
    places = [int.from_bytes(content[at + 3 + size * n : at + 3 + size * (n + 1)]) for n in range(count + 1)]
    base = at + 2 + size * (count + 1)
    if places != sorted(places) or base + places[-1] > len(content):
        raise IndexError(places[-1])
    return [(base + one, base + other) for one, other in pairwise(places)], base + places[-1]


def _numbers(top: bytes) -> dict[int, list[int]]:
    """What a dictionary of a font says: operators with their whole numbers."""
    found: dict[int, list[int]] = {}
    values: list[int] = []
    at = 0
    while at < len(top):
        first = top[at]
        if first <= 21:
            is_long = first == 12
            found[0x0C00 | top[at + 1] if is_long else first] = values
            values, at = [], at + (2 if is_long else 1)
        else:
            value, at = _number(top, at)
            values.append(value)
    return found


def _number(top: bytes, at: int) -> tuple[int, int]:
    first = top[at]
    if first == 28:
        return int(struct.unpack_from(">h", top, at + 1)[0]), at + 3
    if first == 29:
        return int(struct.unpack_from(">i", top, at + 1)[0]), at + 5
    if first == 30:  # not a whole one: it ends with a half byte of ones
        at += 1
        while top[at] & 0x0F != 0x0F and top[at] >> 4 != 0x0F:
            at += 1
        return 0, at + 1
    if first <= 246:
        return first - 139, at + 1
    sign = 1 if first <= 250 else -1
    return sign * ((first - (247 if sign > 0 else 251)) * 256 + top[at + 1] + 108), at + 2


def _strings_of_letters(content: bytes, top: dict[int, list[int]]) -> set[int]:
    """The strings by which letters are found, or the system of their numbers."""
    if SYSTEM in top:
        return set(top[SYSTEM][:2])
    begins = (top.get(CHARSET) or [0])[-1]
    if begins <= 2:
        return set()  # a charset that everybody knows
    letters, _at = _index(content, top[CHARSTRINGS][-1])
    return set(_charset(content, begins, len(letters) - 1))


def _charset(content: bytes, at: int, count: int) -> Iterator[int]:
    kind, at = content[at], at + 1
    if kind == 0:
        yield from struct.unpack_from(f">{count}H", content, at)
        return
    step = ">HB" if kind == 1 else ">HH"
    while count > 0:
        first, left = struct.unpack_from(step, content, at)
        yield from range(first, first + min(left + 1, count))
        count, at = count - left - 1, at + struct.calcsize(step)


# -- Type 1 ------------------------------------------------------------------------------------------------------------

PRIVATE = b"eexec"
TOLD = re.compile(rb"%[^\r\n]*|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)", re.DOTALL)
CALLED = re.compile(rb"/FontName\s*/[^\s/]+")
END = re.compile(rb"\s*(?:0{32,}\s*)+cleartomark")


def type1(content: bytes, clear: int, drawn: int) -> tuple[bytes, tuple[int, int]]:
    """A Type 1 font, and how long its two parts are: the one that can be read, without what it tells, and the one that draws.
    `clear` and `drawn` are what the paper says of that. Raises FileRefused.
    """
    if content[:1] == b"\x80":
        content, clear = _unwrapped(content)
    begins = content.find(PRIVATE)
    if begins < 0:
        raise FileRefused("no_paper")
    if not content[:clear].rstrip().endswith(PRIVATE):
        clear = begins + len(PRIVATE) + 1
    head = TOLD.sub(lambda found: b"()" if found[0][:1] == b"(" else b"", content[:clear])
    head = b"%!PS-AdobeFont-1.0: Face\n" + CALLED.sub(b"/FontName /Face", head).lstrip()
    found = END.search(content, clear)
    end = clear + drawn if 0 < drawn <= len(content) - clear else found.start() if found else len(content)
    return head + content[clear:end], (len(head), end - clear)


def _unwrapped(content: bytes) -> tuple[bytes, int]:
    """Without the heads of the pieces that printers want, and where the first piece ends."""
    pieces, at = [], 0
    while content[at : at + 1] == b"\x80" and content[at + 1 : at + 2] in (b"\x01", b"\x02"):
        size = int.from_bytes(content[at + 2 : at + 6], "little")
        pieces.append(content[at + 6 : at + 6 + size])
        at += 6 + size
    return b"".join(pieces), len(pieces[0]) if pieces else 0
