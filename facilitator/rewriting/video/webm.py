"""WebM: one film and its sound, in elements of ours.

Kept: of the first film and of the first sound that browsers play, the blocks with their times, and what a decoder has to know. Not kept:
every other element and track – titles, programs, tags, chapters, attachments, fill – and pictures of what shines through. A list of places
to wind to is made, and how long it lasts is said, also where a live recording said neither.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from facilitator.core.sandboxed import MEGABYTE, FileRefused
from facilitator.rewriting.video import codecs
from facilitator.rewriting.video.codecs import Coding, as_it_is
from facilitator.rewriting.video.pieces import piece, size_of

EBML, SEGMENT, SEEK_HEAD, INFO, TRACKS, CLUSTER, CUES = (
    0x1A45DFA3,
    0x18538067,
    0x114D9B74,
    0x1549A966,
    0x1654AE6B,
    0x1F43B675,
    0x1C53BB6B,
)
TOP = (SEEK_HEAD, INFO, TRACKS, CLUSTER, CUES, 0x1254C367, 0x1043A770, 0x1941A469)
SCALE, DURATION, MUXER, WRITER = 0x2AD7B1, 0x4489, 0x4D80, 0x5741
TRACK, NUMBER, UID, TYPE, CODEC, PRIVATE, ENCODINGS = 0xAE, 0xD7, 0x73C5, 0x83, 0x86, 0x63A2, 0x6D80
VIDEO, AUDIO, COLOUR, PROJECTION = 0xE0, 0xE1, 0x55B0, 0x7670
TIMESTAMP, SIMPLE, GROUP, BLOCK, LASTS, REFERENCE, DISCARD = 0xE7, 0xA3, 0xA0, 0xA1, 0x9B, 0xFB, 0x75A2
FILM, SOUND = 1, 2
UNKNOWN = -1

WHOLE, SIGNED, FLOAT = "whole", "signed", "float"
DEFAULT_DURATION = 0x23E383
OF_TRACK = dict.fromkeys(
    (0x9C, DEFAULT_DURATION, 0x56AA, 0x56BB), WHOLE
)  # lacing, how long a block lasts, delay, pre-roll
OF_VIDEO = dict.fromkeys((0xB0, 0xBA, 0x54AA, 0x54BB, 0x54CC, 0x54DD, 0x54B0, 0x54BA, 0x54B2, 0x9A), WHOLE)
OF_COLOUR = dict.fromkeys(
    (0x55B1, 0x55B2, 0x55B3, 0x55B4, 0x55B7, 0x55B8, 0x55B9, 0x55BA, 0x55BB, 0x55BC, 0x55BD), WHOLE
)
OF_PROJECTION = {0x7671: WHOLE, 0x7675: FLOAT}
OF_AUDIO = {0xB5: FLOAT, 0x78B5: FLOAT, 0x9F: WHOLE, 0x6264: WHOLE}
CODINGS: dict[bytes, Callable[[bytes], Coding]] = {
    b"V_VP8": codecs.vp8,
    b"V_VP9": codecs.vp9,
    b"V_AV1": codecs.av1,
    b"A_OPUS": codecs.opus,
    b"A_VORBIS": codecs.vorbis,
}
LARGEST_HEAD, LARGEST_CLUSTER = MEGABYTE, 32 * MEGABYTE
MOST_ELEMENTS = 5_000_000
KEY_FRAME, LACING, KEPT_FLAGS = 0x80, 0x06, 0x8F
SEEK_ID, SEEK_POSITION, SEEK = 0x53AB, 0x53AC, 0x4DBB
CUE_POINT, CUE_TIME, CUE_PLACES, CUE_TRACK, CUE_CLUSTER = 0xBB, 0xB3, 0xB7, 0xF7, 0xF1


def is_one(head: bytes) -> bool:
    """Whether a file begins like a WebM."""
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head


# -- Reading -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Element:
    """Something with a name, from where on it holds what, up to where."""

    name: int
    begins: int
    ends: int


class Reader:
    """A file as elements. Those that do not say how long they are end where one begins that cannot be in them."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        self.end = size_of(source)
        self._left = MOST_ELEMENTS

    def elements(self, at: int, end: int, stops: tuple[int, ...] = ()) -> Iterator[Element]:
        """Those from here to there, or to one of those that stop them."""
        while at < end:
            self._left -= 1
            if self._left < 0:
                raise FileRefused("too_much")
            found = self._element(at, end)
            if found is None or found.name in stops:
                return
            yield found
            at = found.ends if found.ends != UNKNOWN else self._end_of(found, end)

    def _element(self, at: int, end: int) -> Element | None:
        head = piece(self.source, at, min(12, end - at))
        name, size = _vint_length(head, 0), 0
        if name is None or name > 4 or name + 1 > len(head):
            return None
        size_bytes = _vint_length(head, name)
        if size_bytes is None or name + size_bytes > len(head):
            return None
        size = int.from_bytes(head[name : name + size_bytes]) & (1 << 7 * size_bytes) - 1
        begins = at + name + size_bytes
        is_open = size == (1 << 7 * size_bytes) - 1
        ends = UNKNOWN if is_open else min(end, begins + size)  # a film that breaks off is shown as far as it goes
        return Element(int.from_bytes(head[:name]), begins, ends)

    def _end_of(self, found: Element, end: int) -> int:
        if found.name == SEGMENT:
            return end
        if found.name != CLUSTER:
            raise FileRefused("no_video")
        at = found.begins
        for inner in self.elements(found.begins, end, TOP):
            if inner.ends == UNKNOWN:
                raise FileRefused("no_video")
            at = inner.ends
        return at

    def inside(self, found: Element) -> Iterator[Element]:
        if found.ends == UNKNOWN:
            return self.elements(found.begins, self.end, TOP if found.name == CLUSTER else ())
        return self.elements(found.begins, found.ends)

    def content(self, found: Element) -> bytes:
        return piece(self.source, found.begins, found.ends - found.begins)


def _vint_length(content: bytes, at: int) -> int | None:
    first = content[at] if at < len(content) else 0
    return 9 - first.bit_length() if first else None


def parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements in a piece."""
    at = 0
    while at < len(content):
        name = _vint_length(content, at)
        size_bytes = _vint_length(content, at + name) if name else None
        if name is None or size_bytes is None:
            return
        size = int.from_bytes(content[at + name : at + name + size_bytes]) & (1 << 7 * size_bytes) - 1
        begins = at + name + size_bytes
        yield int.from_bytes(content[at : at + name]), content[begins : begins + size]
        at = begins + size


# -- Writing elements --------------------------------------------------------------------------------------------------


def element(name: int, *content: bytes) -> bytes:
    """An element with what it holds."""
    body = b"".join(content)
    return name.to_bytes((name.bit_length() + 7) // 8) + _size(len(body)) + body


def _size(size: int) -> bytes:
    length = next(length for length in range(1, 9) if size < (1 << 7 * length) - 1)
    return (1 << 7 * length | size).to_bytes(length)


def whole(name: int, value: int) -> bytes:
    return element(name, value.to_bytes(max(1, (value.bit_length() + 7) // 8)))


def _numbers(content: bytes, kept: dict[int, str]) -> bytes:
    """The numbers that are known, in the order of their names."""
    found = dict(parts(content))
    return b"".join(_number(name, form, found[name]) for name, form in sorted(kept.items()) if name in found)


def _number(name: int, form: str, content: bytes) -> bytes:
    if len(content) > 8:
        return b""
    if form == WHOLE:
        return whole(name, int.from_bytes(content))
    if form == SIGNED:
        return element(name, int.from_bytes(content, signed=True).to_bytes(8, signed=True))
    return element(name, content) if len(content) in (4, 8) else b""


# -- Tracks ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Track:
    """A film or a sound: its number in the old file and in the new one, and what it is coded with."""

    old: int
    new: int
    coding: Coding
    entry: bytes
    lasts: int


def _tracks(content: bytes) -> list[Track]:
    """The first film and the first sound that browsers play. A sound that none of them plays is no silence: it is said."""
    found = [dict(parts(body)) for name, body in parts(content) if name == TRACK]
    chosen = []
    for kind in (FILM, SOUND):
        of_kind = [one for one in found if int.from_bytes(one.get(TYPE, b"")) == kind]
        playable = [one for one in of_kind if one.get(CODEC, b"").rstrip(b"\0") in CODINGS and ENCODINGS not in one]
        if (of_kind or kind == FILM) and not playable:
            raise FileRefused("no_video")
        chosen += [_track(playable[0], kind)] if playable else []
    return chosen


def _track(found: dict[int, bytes], kind: int) -> Track:
    codec = found[CODEC].rstrip(b"\0")
    coding = CODINGS[codec](found.get(PRIVATE, b""))
    about = element(PRIVATE, coding.about) if coding.about else b""
    numbers = _numbers(b"".join(element(name, body) for name, body in found.items() if name in OF_TRACK), OF_TRACK)
    looks = _video(found.get(VIDEO, b"")) if kind == FILM else element(AUDIO, _numbers(found.get(AUDIO, b""), OF_AUDIO))
    entry = element(
        TRACK, whole(NUMBER, kind), whole(UID, kind), whole(TYPE, kind), numbers, element(CODEC, codec), about, looks
    )
    lasts = int.from_bytes(found.get(DEFAULT_DURATION, b"")[:8])
    return Track(int.from_bytes(found.get(NUMBER, b"")), kind, coding, entry, lasts)


def _video(content: bytes) -> bytes:
    found = dict(parts(content))
    colour, turned = _numbers(found.get(COLOUR, b""), OF_COLOUR), _numbers(found.get(PROJECTION, b""), OF_PROJECTION)
    return element(
        VIDEO,
        _numbers(content, OF_VIDEO),
        element(COLOUR, colour) if colour else b"",
        element(PROJECTION, turned) if turned else b"",
    )


# -- The file as a whole -----------------------------------------------------------------------------------------------


@dataclass
class Writing:
    """A file on its way: what was read of it so far, and where things stand in the new one."""

    source: Reader
    target: BinaryIO
    scale: int = 1_000_000
    tracks: dict[int, Track] = field(default_factory=dict)
    begins: int = 0
    last: int = 0
    cues: list[tuple[int, int]] = field(default_factory=list)
    heads: dict[int, int] = field(default_factory=dict)

    def place(self) -> int:
        """Where the next thing stands, counted from the beginning of the segment."""
        return self.target.tell() - self.begins

    def put(self, name: int, content: bytes) -> None:
        """Writes an element of the outermost order."""
        self.heads.setdefault(name, self.place())
        self.target.write(element(name, content))


def rewritten(source: BinaryIO, target: BinaryIO) -> None:
    """Writes a film anew. Raises FileRefused."""
    try:
        _rewritten(Reader(source), target)
    except (struct.error, IndexError, OverflowError) as error:
        raise FileRefused("no_video") from error


def _rewritten(reader: Reader, target: BinaryIO) -> None:
    segment = next((one for one in reader.elements(0, reader.end) if one.name == SEGMENT), None)
    if segment is None:
        raise FileRefused("no_video")
    writing = Writing(reader, target)
    _read_heads(writing, segment)
    target.write(_file_head())
    writing.begins = target.tell()
    target.write(_front(writing))
    writing.put(TRACKS, b"".join(track.entry for track in writing.tracks.values()))
    for one in reader.inside(segment):
        if one.name == CLUSTER:
            _cluster(writing, one)
    if not writing.last and not writing.cues:
        raise FileRefused("no_video")
    if writing.cues:
        writing.put(CUES, b"".join(_cue(*one) for one in writing.cues))
    end = target.tell()
    target.seek(0)
    target.write(_file_head(end - writing.begins))
    target.write(_front(writing))
    target.seek(end)


def _read_heads(writing: Writing, segment: Element) -> None:
    """What is said before the first pictures."""
    for one in writing.source.inside(segment):
        if one.name == CLUSTER:
            break
        if one.name in (INFO, TRACKS) and one.ends - one.begins <= LARGEST_HEAD:
            content = writing.source.content(one)
            if one.name == INFO:
                writing.scale = int.from_bytes(dict(parts(content)).get(SCALE, b"")) or writing.scale
            else:
                writing.tracks = {track.old: track for track in _tracks(content)}
    if not writing.tracks:
        raise FileRefused("no_video")


def _file_head(size: int = 0) -> bytes:
    kind = element(
        EBML, whole(0x4286, 1), whole(0x42F7, 1), whole(0x42F2, 4), whole(0x42F3, 8), element(0x4282, b"webm"),
        whole(0x4287, 4), whole(0x4285, 2),
    )  # fmt: skip
    return kind + SEGMENT.to_bytes(4) + (1 << 56 | size).to_bytes(8)


def _front(writing: Writing) -> bytes:
    """Where to find what, and how long it all lasts: as long before it is known as when it is."""
    info = element(
        INFO,
        whole(SCALE, writing.scale),
        element(DURATION, struct.pack(">d", writing.last)),
        element(MUXER, b"-"),
        element(WRITER, b"-"),
    )
    size = len(_seek_head({INFO: 0, TRACKS: 0, CUES: 0}))
    return _seek_head({INFO: size, TRACKS: size + len(info), CUES: writing.heads.get(CUES, 0)}) + info


def _seek_head(places: dict[int, int]) -> bytes:
    rows = (
        element(SEEK, element(SEEK_ID, name.to_bytes(4)), element(SEEK_POSITION, place.to_bytes(8)))
        for name, place in places.items()
    )
    return element(SEEK_HEAD, *rows)


def _cue(moment: int, place: int) -> bytes:
    return element(
        CUE_POINT, whole(CUE_TIME, moment), element(CUE_PLACES, whole(CUE_TRACK, FILM), whole(CUE_CLUSTER, place))
    )


# -- Pictures and sounds -----------------------------------------------------------------------------------------------


def _cluster(writing: Writing, found: Element) -> None:
    """Writes what is kept of a cluster, as several where it is very large."""
    base, blocks, size = 0, list[bytes](), 0
    place = writing.place()
    for one in writing.source.inside(found):
        if one.name == TIMESTAMP:
            base = int.from_bytes(writing.source.content(one)[:8])
        elif one.name in (SIMPLE, GROUP):
            block = _block(writing, one, base, place)
            blocks.append(block)
            size += len(block)
        if size > LARGEST_CLUSTER:
            _put_cluster(writing, base, blocks)
            blocks, size, place = [], 0, writing.place()
    _put_cluster(writing, base, blocks)


def _put_cluster(writing: Writing, base: int, blocks: list[bytes]) -> None:
    if any(blocks):
        writing.put(CLUSTER, whole(TIMESTAMP, base) + b"".join(blocks))


def _block(writing: Writing, found: Element, base: int, place: int) -> bytes:
    """A block anew; nothing, if it belongs to no track of ours."""
    content = writing.source.content(found)
    inner = {} if found.name == SIMPLE else dict(parts(content))
    block = content if found.name == SIMPLE else inner.get(BLOCK, b"")
    length = _vint_length(block, 0) or 1
    track = writing.tracks.get(int.from_bytes(block[:length]) & (1 << 7 * length) - 1)
    if track is None or len(block) < length + 3:
        return b""
    moment, flags = struct.unpack_from(">hB", block, length)
    if flags & LACING and track.coding.sample is not as_it_is:
        raise FileRefused("no_video")
    data = block[length + 3 :] if flags & LACING else track.coding.sample(block[length + 3 :])
    new = bytes([0x80 | track.new]) + struct.pack(">hB", moment, flags & KEPT_FLAGS) + data
    lasts = int.from_bytes(inner[LASTS][:8]) if LASTS in inner else track.lasts // writing.scale
    writing.last = max(writing.last, base + moment + lasts)
    is_key = bool(flags & KEY_FRAME) if found.name == SIMPLE else REFERENCE not in inner
    if is_key and track.new == FILM and (not writing.cues or writing.cues[-1][1] != place):
        writing.cues.append((max(0, base + moment), place))
    if found.name == SIMPLE:
        return element(SIMPLE, new)
    rest = {LASTS: WHOLE, REFERENCE: SIGNED, DISCARD: SIGNED}
    return element(
        GROUP, element(BLOCK, new), *(_number(name, form, inner[name]) for name, form in rest.items() if name in inner)
    )
