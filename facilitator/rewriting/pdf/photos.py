"""Photos inside of a PDF (JPEG, JPEG 2000, JBIG2, fax): without loss, their pictures and nothing else of them. Pure.

Kept: what a decoder needs – tables, frames, scans – and of Adobe's mark the one byte that says how colours are mixed. Not kept: Exif, XMP,
comments, thumbnails, profiles (a PDF has its own), and whatever stands before, between and behind.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from facilitator.core.sandboxed import FileRefused

# -- JPEG --------------------------------------------------------------------------------------------------------------

FRAMES = (0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
TABLES = (0xC4, 0xCC, 0xDB, 0xDD)  # Huffman, arithmetic, quantisation, restarts
START, END, SCAN, LINES, ADOBE = 0xD8, 0xD9, 0xDA, 0xDC, 0xEE


def jpeg(content: bytes) -> bytes:
    """A JPEG anew. Raises FileRefused."""
    begins = content.find(b"\xff\xd8")
    if begins < 0:
        raise FileRefused("no_paper")
    parts = [b"\xff\xd8", *_jpeg_parts(content, begins + 2), b"\xff\xd9"]
    if not any(part[1] in FRAMES for part in parts):
        raise FileRefused("no_paper")
    return b"".join(parts)


def _jpeg_parts(content: bytes, at: int) -> Iterator[bytes]:
    while (at := content.find(b"\xff", at)) >= 0 and at + 4 <= len(content):
        marker = content[at + 1]
        if marker == END:
            return
        if marker in (0x00, 0xFF, START) or 0xD0 <= marker <= 0xD7:
            at += 1
            continue
        size = int.from_bytes(content[at + 2 : at + 4])
        body = content[at + 4 : at + 2 + size]
        at += 2 + size
        if marker == ADOBE and body[:5] == b"Adobe" and len(body) >= 12:
            yield _segment(ADOBE, b"Adobe" + struct.pack(">3HB", 100, 0, 0, body[11]))
        elif marker in FRAMES:
            yield _segment(marker, body[: 6 + 3 * body[5]] if len(body) > 5 else b"")
        elif marker in TABLES or marker == LINES:
            yield _segment(marker, _table(marker, body))
        elif marker == SCAN:
            end = _end_of_scan(content, at)
            yield _segment(SCAN, body[: 4 + 2 * body[0]] if body else b"") + content[at:end]
            at = end


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _table(marker: int, body: bytes) -> bytes:
    """As many whole tables as there are."""
    if marker in (0xDD, LINES):
        return body[:2]
    at = 0
    while at < len(body):
        size = {
            0xC4: 17 + sum(body[at + 1 : at + 17]),
            0xCC: 2,
            0xDB: 129 if body[at] >> 4 else 65,
        }[marker]
        if at + size > len(body):
            break
        at += size
    return body[:at]


def _end_of_scan(content: bytes, at: int) -> int:
    """The next marker that is neither a restart nor a byte of the picture."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        if content[at + 1] != 0x00 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2
    return len(content)


# -- JPEG 2000 ---------------------------------------------------------------------------------------------------------

SIGNATURE = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
FILE_TYPE = b"\x00\x00\x00\x14ftypjp2 \x00\x00\x00\x00jp2 "
HEAD_PARTS = (b"ihdr", b"bpcc", b"pclr", b"cmap", b"cdef")
CMYK, SRGB, GREY = 12, 16, 17
NEAREST = {1: GREY, 2: GREY, 4: CMYK}
TILE, DATA = 0x90, 0x93
CODING = (
    0x51,
    0x52,
    0x53,
    0x5C,
    0x5D,
    0x5E,
    0x5F,
    0x60,
    0x61,
)  # sizes, coding, quantisation, regions, progression, packed heads
OF_TILES = (0x52, 0x53, 0x5C, 0x5D, 0x5E, 0x5F, 0x61)


def jpeg2000(content: bytes) -> bytes:
    """A JPEG 2000 anew, in its file format or bare. Raises FileRefused."""
    if content.startswith(b"\xff\x4f"):
        return _codestream(content)
    boxes = list(_boxes(content))
    heads = [list(_boxes(body)) for kind, body in boxes if kind == b"jp2h"]
    streams = [body for kind, body in boxes if kind == b"jp2c"]
    if not heads or not streams:
        raise FileRefused("no_paper")
    count = next((int.from_bytes(body[8:10]) for kind, body in heads[0] if kind == b"ihdr"), 0)
    head = b"".join(_box(kind, body) for kind, body in _head_parts(heads[0], count))
    return SIGNATURE + FILE_TYPE + _box(b"jp2h", head) + _box(b"jp2c", _codestream(streams[0]))


def _head_parts(parts: list[tuple[bytes, bytes]], count: int) -> Iterator[tuple[bytes, bytes]]:
    """Numbers; of colours, which of the known ones they are: a profile of its own becomes the known one that is nearest."""
    for kind, body in parts:
        if kind in HEAD_PARTS:
            yield kind, body
        elif kind == b"colr" and len(body) >= 3:
            known = body[3:7] if body[0] == 1 and len(body) >= 7 else struct.pack(">I", NEAREST.get(count, SRGB))
            yield kind, b"\x01\x00\x00" + known


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        begins = at + 8
        if size == 1 and at + 16 <= len(content):
            (size,), begins = struct.unpack_from(">Q", content, begins), at + 16
        end = len(content) if size == 0 else at + size
        if end < begins:
            return
        yield kind, content[begins:end]
        at = end


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _codestream(content: bytes) -> bytes:
    if content[:4] != b"\xff\x4f\xff\x51":
        raise FileRefused("no_paper")
    head, at = _segments(content, 2, TILE, len(content))
    parts = [b"\xff\x4f", *(segment for segment in head if segment[1] in CODING)]
    while content[at : at + 2] == b"\xff\x90" and at + 12 <= len(content):
        tile, at = _tile(content, at)
        parts.append(tile)
    return b"".join([*parts, b"\xff\xd9"])


def _segments(content: bytes, at: int, last: int, end: int) -> tuple[list[bytes], int]:
    """The segments from here to the one that is called `last`, and where that begins. Raises FileRefused."""
    found = []
    while content[at : at + 2] != bytes((0xFF, last)):
        size = 2 + int.from_bytes(content[at + 2 : at + 4])
        if content[at : at + 1] != b"\xff" or size < 4 or at + size > end:
            raise FileRefused("no_paper")
        found.append(content[at : at + size])
        at += size
    return found, at


def _tile(content: bytes, at: int) -> tuple[bytes, int]:
    """A part of a tile, and where the next one begins. Its length is that of what is kept of it."""
    number, length = struct.unpack_from(">HI", content, at + 4)
    end = at + length if length else _last(content)
    if not at + 14 <= end <= len(content):
        raise FileRefused("no_paper")
    head, data = _segments(content, at + 12, DATA, end)
    body = b"".join(segment for segment in head if segment[1] in OF_TILES) + content[data:end]
    return b"\xff\x90\x00\x0a" + struct.pack(">HI2s", number, len(body) + 12, content[at + 10 : at + 12]) + body, end


def _last(content: bytes) -> int:
    end = content.rfind(b"\xff\xd9")
    return end if end >= 0 else len(content)


# -- JBIG2 -------------------------------------------------------------------------------------------------------------

PICTURE_SEGMENTS = (0, 4, 6, 7, 16, 20, 22, 23, 36, 38, 39, 40, 42, 43, 48, 49, 50, 51, 53)
UNKNOWN_LENGTH = 0xFFFFFFFF


def jbig2(content: bytes) -> bytes:
    """The segments of a JBIG2 that make up its picture. Raises FileRefused."""
    parts, at = [], 0
    while at + 11 <= len(content):
        begins, length, kind = _jbig2_head(content, at)
        end = len(content) if length == UNKNOWN_LENGTH else begins + length
        if end > len(content):
            raise FileRefused("no_paper")
        parts += [content[at:end]] if kind in PICTURE_SEGMENTS else []
        at = end
    return b"".join(parts)


def _jbig2_head(content: bytes, at: int) -> tuple[int, int, int]:
    """Where the data of a segment begin, how long they are, and of which kind."""
    number, flags, counts = struct.unpack_from(">IBB", content, at)
    count, head = counts >> 5, at + 6
    if count == 7:
        (count,) = struct.unpack_from(">I", content, at + 5)
        count &= 0x1FFFFFFF
        head = at + 5 + 4 + (count + 8) // 8
    head += count * (1 if number <= 256 else 2 if number <= 65536 else 4) + (4 if flags & 0x40 else 1)
    if head + 4 > len(content):
        raise FileRefused("no_paper")
    return head + 4, int(struct.unpack_from(">I", content, head)[0]), flags & 0x3F


# -- Fax ---------------------------------------------------------------------------------------------------------------

END_OF_BLOCK = "000000000001" * 2


def fax(content: bytes) -> bytes:
    """A picture as faxes have it (group 4), up to where it ends."""
    bits = bin(int.from_bytes(b"\x01" + content))[3:]
    end = bits.find(END_OF_BLOCK)
    return content if end < 0 else content[: (end + len(END_OF_BLOCK) + 7) // 8]
