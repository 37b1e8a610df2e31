"""Reads an MP4: which samples belong to its film and its sound, where they lie and when they are shown."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from facilitator.core.sandboxed import FileRefused
from facilitator.rewriting.video import codecs
from facilitator.rewriting.video.codecs import Coding
from facilitator.rewriting.video.pieces import piece, size_of

MOST_SAMPLES = 2_000_000
MOST_BOXES = 100_000
MOST_EDITS = 16
NOT_A_START = 0x10000
FILMS: dict[bytes, tuple[bytes, Callable[[bytes], Coding]]] = {
    b"avc1": (b"avcC", codecs.h264),
    b"avc3": (b"avcC", codecs.h264),
    b"hvc1": (b"hvcC", codecs.h265),
    b"hev1": (b"hvcC", codecs.h265),
    b"vp08": (b"vpcC", codecs.vpcc),
    b"vp09": (b"vpcC", codecs.vpcc),
    b"av01": (b"av1C", codecs.av1),
}
SOUNDS: dict[bytes, tuple[bytes, Callable[[bytes], Coding]]] = {
    b"mp4a": (b"esds", codecs.esds),
    b"Opus": (b"dOps", codecs.dops),
    b"fLaC": (b"dfLa", codecs.flac),
}
VISUAL_BYTES, AUDIO_BYTES = 78, 28


@dataclass
class Track:
    """A film or a sound: what it is coded with, and its samples – where each lies, how long it is and is shown, how much later than
    it is read, and whether one may begin there.
    """

    number: int
    kind: bytes
    coded: bytes = b""
    coding: Coding | None = None
    entry: bytes = b""
    boxes: tuple[tuple[bytes, bytes], ...] = ()
    scale: int = 1
    language: bytes = b"\x55\xc4"
    turned: tuple[int, int, int, int] = (1, 0, 0, 1)
    width: int = 0
    height: int = 0
    edits: list[tuple[int, int]] = field(default_factory=list)
    begins: int | None = None
    places: array[int] = field(default_factory=lambda: array("Q"))
    sizes: array[int] = field(default_factory=lambda: array("I"))
    lasts: array[int] = field(default_factory=lambda: array("I"))
    delays: array[int] = field(default_factory=lambda: array("i"))
    starts: bytearray = field(default_factory=bytearray)

    def add(self, place: int, size: int, last: int, delay: int, *, is_start: bool) -> None:
        """One more sample."""
        if len(self.places) >= MOST_SAMPLES:
            raise FileRefused("too_much")
        self.places.append(place)
        self.sizes.append(size)
        self.lasts.append(last)
        self.delays.append(delay)
        self.starts.append(is_start)


@dataclass
class Film:
    """What is kept of a file: its tracks, and in how many parts a second is counted for all of them."""

    scale: int
    tracks: list[Track]


def boxes(content: bytes, at: int = 0) -> Iterator[tuple[bytes, bytes]]:
    """The boxes in a piece, one after the other."""
    while at + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        begins = at + 8
        if size == 1 and at + 16 <= len(content):
            (size,), begins = struct.unpack_from(">Q", content, begins), at + 16
        end = len(content) if size == 0 else at + size
        if not begins <= end <= len(content):
            raise FileRefused("no_video")
        yield kind, content[begins:end]
        at = end


def inside(content: bytes, *path: bytes) -> bytes:
    """What the first box of a path holds; nothing, if there is none."""
    for name in path:
        content = next((body for kind, body in boxes(content) if kind == name), b"")
    return content


def film(source: BinaryIO) -> Film:
    """What is kept of a file. Raises FileRefused."""
    try:
        return _film(source)
    except (struct.error, IndexError, OverflowError) as error:
        raise FileRefused("no_video") from error


def _film(source: BinaryIO) -> Film:
    end = size_of(source)
    places = list(_top(source, end))
    heads = [place for kind, place in places if kind == b"moov"]
    if not heads:
        raise FileRefused("no_video")
    head = piece(source, *heads[0])
    found = Film(_scale(inside(head, b"mvhd")), _chosen(head))
    rules = dict(_rules(inside(head, b"mvex")))
    for kind, (at, size) in places:
        if kind == b"moof":
            _fragment(piece(source, at, size), at - 8, rules, {track.number: track for track in found.tracks})
    _begin_together(found)
    for track in found.tracks:
        _check(track, end)
    return found


def _top(source: BinaryIO, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """The outermost boxes: where what they hold begins, and how long that is."""
    at = 0
    for _ in range(MOST_BOXES):
        if at + 8 > end:
            return
        size, kind = struct.unpack(">I4s", piece(source, at, 8))
        head = 8
        if size == 1:
            (size,), head = struct.unpack(">Q", piece(source, at + 8, 8)), 16
        last = end if size == 0 else min(end, at + size)  # a film that breaks off is shown as far as it goes
        if last < at + head:
            raise FileRefused("no_video")
        if kind == b"moof" and head != 8:
            raise FileRefused("no_video")
        yield kind, (at + head, last - at - head)
        at = last
    raise FileRefused("too_much")


def _scale(head: bytes) -> int:
    (scale,) = struct.unpack_from(">I", head, 20 if head[:1] == b"\x01" else 12)
    if not scale:
        raise FileRefused("no_video")
    return int(scale)


def _chosen(head: bytes) -> list[Track]:
    """The first film and the first sound that browsers play. A sound that none of them plays is no silence: it is said."""
    found = [_track(body) for kind, body in boxes(head) if kind == b"trak"]
    films = [track for track in found if track.kind == b"vide"]
    sounds = [track for track in found if track.kind == b"soun"]
    chosen = [next((track for track in of_kind if track.coding), None) for of_kind in (films, sounds) if of_kind]
    if not films or None in chosen:
        raise FileRefused("no_video")
    return [track for track in chosen if track is not None]


def _track(body: bytes) -> Track:
    head, media = inside(body, b"tkhd"), inside(body, b"mdia")
    is_long = head[:1] == b"\x01"
    (number,) = struct.unpack_from(">I", head, 20 if is_long else 12)
    matrix = struct.unpack_from(">9i", head, 52 if is_long else 40)
    track = Track(number, inside(media, b"hdlr")[8:12], turned=_turned(matrix))
    if track.kind not in (b"vide", b"soun"):
        return track
    track.width, track.height = struct.unpack_from(">2I", head, 88 if is_long else 76)
    about = inside(media, b"mdhd")
    track.scale = _scale(about)
    track.language = about[32:34] if about[:1] == b"\x01" else about[20:22]
    track.edits = list(_edits(inside(body, b"edts", b"elst")))
    table = inside(media, b"minf", b"stbl")
    _describe(track, inside(table, b"stsd"))
    if track.coding:
        _list_samples(track, table)
    return track


def _turned(matrix: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Which way up, in quarters."""
    turned = tuple(one / 65536 for one in (matrix[0], matrix[1], matrix[3], matrix[4]))
    return tuple(int(one) for one in turned) if sorted(map(abs, turned)) == [0, 0, 1, 1] else (1, 0, 0, 1)  # type: ignore[return-value]


def _edits(body: bytes) -> Iterator[tuple[int, int]]:
    if len(body) < 8:
        return
    (count,), size = struct.unpack_from(">I", body, 4), 20 if body[0] == 1 else 12
    for number in range(min(count, MOST_EDITS)):
        last, begins = struct.unpack_from(">Qq" if body[0] == 1 else ">Ii", body, 8 + size * number)
        yield last, begins


def _describe(track: Track, body: bytes) -> None:
    """What the samples are coded with. Where there are several ways, it is the first, and all samples must have it."""
    kind, entry = next(boxes(body, 8), (b"", b""))
    known = (FILMS if track.kind == b"vide" else SOUNDS).get(kind)
    if known is None:
        return
    size = VISUAL_BYTES if track.kind == b"vide" else AUDIO_BYTES
    is_of_old = track.kind == b"soun" and entry[8:10] == b"\x00\x01"  # of QuickTime, with four more numbers
    inner = dict(boxes(entry, size + (16 if is_of_old else 0)))
    if known[0] not in inner:
        return
    track.coded, track.entry, track.coding = kind, entry[:size], known[1](inner[known[0]])
    track.boxes = (
        ((known[0], track.coding.about), *_looks(inner)) if track.kind == b"vide" else ((known[0], track.coding.about),)
    )


def _looks(inner: dict[bytes, bytes]) -> Iterator[tuple[bytes, bytes]]:
    """How wide a point is, and what colours mean."""
    if inner.get(b"colr", b"")[:4] == b"nclx" and len(inner[b"colr"]) >= 11:
        yield b"colr", inner[b"colr"][:10] + bytes([inner[b"colr"][10] & 0x80])
    if len(inner.get(b"pasp", b"")) >= 8:
        yield b"pasp", inner[b"pasp"][:8]


# -- Samples that are listed at once -----------------------------------------------------------------------------------


def _list_samples(track: Track, table: bytes) -> None:
    sizes = _sizes(table)
    if not sizes:
        return
    lasts, delays = _repeated(inside(table, b"stts"), ">II"), _repeated(inside(table, b"ctts"), ">Ii")
    starts = inside(table, b"stss")
    begins = set(_numbers(starts)) if starts else None
    for number, (place, size) in enumerate(_places(table, sizes), 1):
        is_start = begins is None or number in begins
        track.add(place, size, next(lasts, 0), next(delays, 0), is_start=is_start)


def _sizes(table: bytes) -> array[int]:
    body = inside(table, b"stsz")
    if len(body) < 12:
        return array("I")
    each, count = struct.unpack_from(">II", body, 4)
    if count > MOST_SAMPLES:
        raise FileRefused("too_much")
    return array("I", [each]) * count if each else array("I", struct.unpack_from(f">{count}I", body, 12))


def _repeated(body: bytes, form: str) -> Iterator[int]:
    """Values that say how often they come."""
    count = int.from_bytes(body[4:8]) if len(body) >= 8 else 0
    for number in range(min(count, (len(body) - 8) // 8)):
        times, value = struct.unpack_from(form, body, 8 + 8 * number)
        for _ in range(min(times, MOST_SAMPLES)):
            yield value


def _numbers(body: bytes) -> tuple[int, ...]:
    (count,) = struct.unpack_from(">I", body, 4)
    return struct.unpack_from(f">{min(count, MOST_SAMPLES)}I", body, 8)


def _places(table: bytes, sizes: array[int]) -> Iterator[tuple[int, int]]:
    """Where each sample lies: samples of a chunk follow each other."""
    short, long = inside(table, b"stco"), inside(table, b"co64")
    count = int.from_bytes((short or long)[4:8])
    chunks = struct.unpack_from(f">{count}{'I' if short else 'Q'}", short or long, 8)
    left = iter(sizes)
    for place, many in zip(chunks, _per_chunk(inside(table, b"stsc"), count), strict=False):
        at = place
        for _ in range(many):
            size = next(left, None)
            if size is None:
                return
            yield at, size
            at += size


def _per_chunk(body: bytes, chunks: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", body, 4)
    rows = [struct.unpack_from(">3I", body, 8 + 12 * number) for number in range(min(count, (len(body) - 8) // 12))]
    if any(entry != 1 for _first, _many, entry in rows):
        raise FileRefused("no_video")
    for number, (first, many, _entry) in enumerate(rows):
        following = rows[number + 1][0] if number + 1 < len(rows) else chunks + 1
        for _ in range(min(max(0, following - first), chunks)):
            yield many


# -- Samples in fragments ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds of samples that say nothing of it themselves."""

    last: int = 0
    size: int = 0
    flags: int = 0


def _rules(body: bytes) -> Iterator[tuple[int, Rule]]:
    for kind, rule in boxes(body):
        if kind == b"trex":
            number, _entry, last, size, flags = struct.unpack_from(">5I", rule, 4)
            yield number, Rule(last, size, flags)


def _fragment(body: bytes, at: int, rules: dict[int, Rule], tracks: dict[int, Track]) -> None:
    end = at
    for kind, part in boxes(body):
        if kind == b"traf":
            end = _part(part, at, end, rules, tracks)


def _part(part: bytes, at: int, end: int, rules: dict[int, Rule], tracks: dict[int, Track]) -> int:
    """Takes the samples that a fragment has of a track; answers where its data end."""
    head = inside(part, b"tfhd")
    flags, number = struct.unpack_from(">II", head, 0)
    flags &= 0xFFFFFF
    fields = _fields(head, 8, flags, ((0x1, "Q"), (0x2, "I"), (0x8, "I"), (0x10, "I"), (0x20, "I")))
    rule = rules.get(number, Rule())
    rule = Rule(fields.get(0x8, rule.last), fields.get(0x10, rule.size), fields.get(0x20, rule.flags))
    base = fields.get(0x1, at if flags & 0x20000 else end)
    track = tracks.get(number)
    if track is not None:
        _wait_until(track, inside(part, b"tfdt"))
    place = base
    for kind, run in boxes(part):
        if kind == b"trun":
            place = _run(run, base, place, rule, track)
    return place


def _fields(body: bytes, at: int, flags: int, known: tuple[tuple[int, str], ...]) -> dict[int, int]:
    found = {}
    for flag, form in known:
        if flags & flag:
            (found[flag],) = struct.unpack_from(f">{form}", body, at)
            at += struct.calcsize(f">{form}")
    return found


def _wait_until(track: Track, body: bytes) -> None:
    """Where a fragment begins later than the one before ended, the last picture stays until then."""
    if len(body) < 8:
        return
    (begins,) = struct.unpack_from(">Q" if body[0] == 1 else ">I", body, 4)
    if track.begins is None:
        track.begins = begins - sum(track.lasts)
    elif track.lasts and (gap := begins - track.begins - sum(track.lasts)) > 0:
        track.lasts[-1] += gap


def _run(run: bytes, base: int, place: int, rule: Rule, track: Track | None) -> int:
    flags, count = struct.unpack_from(">II", run, 0)
    version, flags = flags >> 24, flags & 0xFFFFFF
    fields = _fields(run, 8, flags, ((0x1, "i"), (0x4, "I")))
    place = base + fields[0x1] if 0x1 in fields else place
    columns = [
        (flag, form)
        for flag, form in ((0x100, "I"), (0x200, "I"), (0x400, "I"), (0x800, "i" if version else "I"))
        if flags & flag
    ]
    form, at = ">" + "".join(form for _flag, form in columns), 8 + 4 * len(fields)
    if count > MOST_SAMPLES or place < 0:
        raise FileRefused("too_much")
    for number in range(count):
        row = dict(zip((flag for flag, _form in columns), struct.unpack_from(form, run, at), strict=True))
        at += struct.calcsize(form)
        size = row.get(0x200, rule.size)
        says = fields.get(0x4, rule.flags) if number == 0 and 0x4 in fields else row.get(0x400, rule.flags)
        if track is not None:
            last, delay = row.get(0x100, rule.last), row.get(0x800, 0)
            track.add(place, size, last, delay, is_start=not says & NOT_A_START)
        place += size
    return place


def _begin_together(found: Film) -> None:
    """What was recorded from some moment on begins at once; which of the two began later still does."""
    late = {track.number: (track.begins or 0) / track.scale for track in found.tracks}
    first = min(late.values())
    for track in found.tracks:
        wait = round((late[track.number] - first) * found.scale)
        if wait > 0:
            track.edits = [(wait, -1), *(track.edits or [(0, 0)])]


def _check(track: Track, end: int) -> None:
    """Samples lie in the file, and none of them in another."""
    whole = next((at for at, place in enumerate(track.places) if place + track.sizes[at] > end), len(track.places))
    for column in (track.places, track.sizes, track.lasts, track.delays, track.starts):
        del column[whole:]
    if not track.places or sum(track.sizes) > end:
        raise FileRefused("no_video")
