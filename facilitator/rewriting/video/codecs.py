"""How a film is coded: what a decoder has to know before, and the pictures and sounds themselves. Pure.

Kept: parameters, pictures, sounds. Not kept: what is told beside them – names of programs, places, captions of television, comments, fill.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from facilitator.core.sandboxed import FileRefused

Sample = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Coding:
    """What a decoder has to know, written anew, and what of a sample it is given."""

    about: bytes
    sample: Sample


def as_it_is(sample: bytes) -> bytes:
    """Of codings whose samples hold nothing but pictures or sounds."""
    return sample


# -- H.264 -------------------------------------------------------------------------------------------------------------

PICTURES_264 = (1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13, 19)
TOLD_264, RECOVERY, LONGEST_RECOVERY = 6, 6, 8
HIGH_PROFILES = (100, 110, 122, 144)


def h264(found: bytes) -> Coding:
    """From an `avcC`."""
    if len(found) < 7 or found[0] != 1:
        raise FileRefused("no_video")
    size = (found[4] & 3) + 1
    sequences, at = _sets(found, 6, found[5] & 31, 7)
    pictures, at = _sets(found, at + 1, found[at], 8)
    about = bytes([1, *found[1:4], 0xFC | size - 1, 0xE0 | len(sequences)]) + b"".join(map(_counted, sequences))
    about += bytes([len(pictures)]) + b"".join(map(_counted, pictures))
    if found[1] in HIGH_PROFILES and at + 4 <= len(found):
        about += bytes([0xFC | found[at] & 3, 0xF8 | found[at + 1] & 7, 0xF8 | found[at + 2] & 7, 0])
    return Coding(about, lambda sample: b"".join(_unit(size, unit) for unit in _seen_264(_units(sample, size))))


def _sets(found: bytes, at: int, count: int, kind: int) -> tuple[list[bytes], int]:
    kept = []
    for _ in range(count):
        (size,) = struct.unpack_from(">H", found, at)
        unit = found[at + 2 : at + 2 + size]
        kept += [unit] if len(unit) == size and unit and unit[0] & 31 == kind else []
        at += 2 + size
    return kept, at


def _counted(unit: bytes) -> bytes:
    return struct.pack(">H", len(unit)) + unit


def _units(sample: bytes, size: int) -> Iterator[bytes]:
    at = 0
    while at + size <= len(sample):
        length = int.from_bytes(sample[at : at + size])
        yield sample[at + size : at + size + length]
        at += size + length


def _unit(size: int, unit: bytes) -> bytes:
    return len(unit).to_bytes(size) + unit


def _seen_264(units: Iterator[bytes]) -> Iterator[bytes]:
    for unit in units:
        kind = unit[0] & 31 if unit else 0
        if kind in PICTURES_264:
            yield unit
        elif kind == TOLD_264:
            yield from _recovery(unit)


def _recovery(unit: bytes) -> Iterator[bytes]:
    """Of all that is told beside pictures, from where on they are right: players need it to wind."""
    at = 1
    while at + 2 <= len(unit):
        kind, at = _summed(unit, at)
        size, at = _summed(unit, at)
        if kind == RECOVERY and 0 < size <= LONGEST_RECOVERY and at + size <= len(unit):
            yield bytes([TOLD_264, RECOVERY, size]) + unit[at : at + size] + b"\x80"
        at += size


def _summed(unit: bytes, at: int) -> tuple[int, int]:
    """A number of as many bytes as it takes: all of them but the last are full."""
    total = 0
    while at < len(unit) and unit[at] == 0xFF:
        total, at = total + 0xFF, at + 1
    return total + (unit[at] if at < len(unit) else 0), at + 1


# -- H.265 -------------------------------------------------------------------------------------------------------------

SETS_265 = (32, 33, 34)
LAST_PICTURE_265, LAST_MARK_265 = 31, 37
HEAD_265 = 22


def h265(found: bytes) -> Coding:
    """From an `hvcC`."""
    if len(found) < HEAD_265 + 1 or found[0] != 1:
        raise FileRefused("no_video")
    size, at, arrays = (found[21] & 3) + 1, HEAD_265 + 1, []
    for _ in range(found[HEAD_265]):
        kind, (count,) = found[at] & 63, struct.unpack_from(">H", found, at + 1)
        units, at = [], at + 3
        for _unit_of_array in range(count):
            (length,) = struct.unpack_from(">H", found, at)
            units.append(found[at + 2 : at + 2 + length])
            at += 2 + length
        units = [unit for unit in units if unit and unit[0] >> 1 & 63 == kind]
        if kind in SETS_265:
            arrays.append(struct.pack(">BH", 0x80 | kind, len(units)) + b"".join(map(_counted, units)))
    about = found[:HEAD_265] + bytes([len(arrays)]) + b"".join(arrays)
    return Coding(
        about, lambda sample: b"".join(_unit(size, unit) for unit in _units(sample, size) if _is_seen_265(unit))
    )


def _is_seen_265(unit: bytes) -> bool:
    kind = unit[0] >> 1 & 63 if unit else 63
    return kind <= LAST_PICTURE_265 or kind in SETS_265 or 35 <= kind <= LAST_MARK_265


# -- AV1, VP8, VP9 -----------------------------------------------------------------------------------------------------

SEQUENCE, PICTURES_AV1 = 1, (1, 3, 4, 6, 7)
VP9_FEATURES = (1, 2, 3, 4)


def av1(found: bytes) -> Coding:
    """From an `av1C`."""
    if len(found) < 4 or found[0] != 0x81:
        raise FileRefused("no_video")
    head = b"".join(unit for kind, unit in _open_units(found[4:]) if kind == SEQUENCE)
    return Coding(
        found[:4] + head, lambda sample: b"".join(unit for kind, unit in _open_units(sample) if kind in PICTURES_AV1)
    )


def _open_units(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(content):
        first, begins = content[at], at
        at += 2 if first & 4 else 1
        if first & 2:
            size, at = _leb128(content, at)
            end = at + size
        else:
            end = len(content)
        if end > len(content):
            raise FileRefused("no_video")
        yield first >> 3 & 15, content[begins:end]
        at = end


def _leb128(content: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(8):
        if at >= len(content):
            raise FileRefused("no_video")
        value |= (content[at] & 127) << 7 * place
        at += 1
        if not content[at - 1] & 128:
            return value, at
    raise FileRefused("no_video")


def vp8(_found: bytes) -> Coding:
    """It needs to know nothing before."""
    return Coding(b"", as_it_is)


def vp9(found: bytes) -> Coding:
    """From what WebM says of it: numbered features of one byte each."""
    kept, at = b"", 0
    while at + 3 <= len(found) and found[at + 1] == 1:
        kept += found[at : at + 3] if found[at] in VP9_FEATURES else b""
        at += 3
    return Coding(kept, as_it_is)


def vpcc(found: bytes) -> Coding:
    """From a `vpcC`: version, profile, level, depth, colours."""
    if len(found) < 10:
        raise FileRefused("no_video")
    return Coding(b"\x01\0\0\0" + found[4:10] + b"\0\0", as_it_is)


# -- Sound -------------------------------------------------------------------------------------------------------------

AAC = (0x40, 0x66, 0x67, 0x68)
MP3 = (0x69, 0x6B)
LONGEST_AAC = 8  # what it takes to say how many channels and how often; lists of loudspeakers have room for remarks
DATA, FILL, MOST_OF_A_HEAD = 4, 6, 24


def esds(found: bytes) -> Coding:
    """From an `esds`: AAC or MP3."""
    parts = dict(_descriptors(found[4:]))
    about, head = parts.get(4, b""), parts.get(5, b"")
    if len(about) < 13 or about[0] not in AAC + MP3 or len(head) > LONGEST_AAC:
        raise FileRefused("no_video")
    inner = about[:1] + b"\x15" + about[2:13] + (_descriptor(5, head) if head else b"")
    sample = aac if about[0] in AAC else as_it_is
    return Coding(bytes(4) + _descriptor(3, b"\0\0\0" + _descriptor(4, inner) + _descriptor(6, b"\x02")), sample)


def aac(sample: bytes) -> bytes:
    """Sounds, without the fill and the data before them, in which programs tell their names."""
    bits, left = int.from_bytes(sample), 8 * len(sample)

    def take(count: int) -> int:
        nonlocal bits, left
        left -= count
        if left < 0:
            raise FileRefused("no_video")
        taken, bits = bits >> left, bits & (1 << left) - 1
        return taken

    while left > MOST_OF_A_HEAD and bits >> left - 3 in (DATA, FILL):
        if take(3) == FILL:
            count = take(4)
            count += take(8) - 1 if count == 15 else 0
        else:
            is_aligned = take(5) & 1
            count = take(8)
            count += take(8) if count == 255 else 0
            take(left % 8 if is_aligned else 0)
        take(8 * count)
    size = (left + 7) // 8
    return (bits << 8 * size - left).to_bytes(size)


def _descriptors(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 <= len(content):
        kind, size, at = content[at], 0, at + 1
        for _ in range(4):
            if at >= len(content):
                return
            size, more, at = size << 7 | content[at] & 127, content[at] & 128, at + 1
            if not more:
                break
        body = content[at : at + size]
        yield kind, body
        if kind == 3 and len(body) >= 3:
            yield from _descriptors(body[_end_of_head(body) :])
        if kind == 4:
            yield from _descriptors(body[13:])
        at += size


def _end_of_head(body: bytes) -> int:
    """Behind its number, and what it may say of others that it depends on."""
    flags, at = body[2], 3
    at += 2 if flags & 128 else 0
    at += 1 + body[at] if flags & 64 and at < len(body) else 0
    return at + (2 if flags & 32 else 0)


def _descriptor(kind: int, body: bytes) -> bytes:
    return bytes([kind, len(body)]) + body


def opus(found: bytes) -> Coding:
    """From an `OpusHead`."""
    if len(found) < 19 or found[:8] != b"OpusHead":
        raise FileRefused("no_video")
    return Coding(found[: 19 if found[18] == 0 else 21 + found[9]], as_it_is)


def dops(found: bytes) -> Coding:
    """From a `dOps`."""
    if len(found) < 11:
        raise FileRefused("no_video")
    return Coding(found[: 11 if found[10] == 0 else 13 + found[1]], as_it_is)


def flac(found: bytes) -> Coding:
    """From a `dfLa`: the block that says how sounds are coded, and none of those that tell of them."""
    if len(found) < 42 or found[4] & 127 != 0:
        raise FileRefused("no_video")
    return Coding(bytes(4) + b"\x80\0\0\x22" + found[8:42], as_it_is)


def vorbis(found: bytes) -> Coding:
    """From its three heads, the second of which tells and is empty here."""
    if len(found) < 3 or found[0] != 2:
        raise FileRefused("no_video")
    sizes, at = [], 1
    for _ in range(2):
        size = 0
        while at < len(found) and found[at] == 255:
            size, at = size + 255, at + 1
        sizes.append(size + (found[at] if at < len(found) else 0))
        at += 1
    first, third = found[at : at + sizes[0]], found[at + sum(sizes) :]
    if len(first) != 30 or third[:7] != b"\x05vorbis":
        raise FileRefused("no_video")
    second = b"\x03vorbis" + bytes(8) + b"\x01"
    return Coding(bytes([2, len(first), len(second)]) + first + second + third, as_it_is)
