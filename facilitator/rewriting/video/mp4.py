"""MP4: one film and its sound, taken out of their boxes and put into new ones.

Kept: of the first film and of the first sound that browsers play, the samples with their times, and what a decoder has to know; which way
up it is, and where sound and film begin. Not kept: every other box and track – names, places, dates, chapters, pictures, texts – and
whatever lies between the samples. What was recorded in fragments comes out whole, and what players need first comes first.
"""

from __future__ import annotations

import heapq
import struct
from array import array
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import BinaryIO

from facilitator.rewriting.video.mp4_reading import Film, Track, film
from facilitator.rewriting.video.pieces import piece

OTHER_BRANDS = (b"qt  ", b"heic", b"mif1", b"avif")
SAMPLES_PER_CHUNK = 32
FILE_TYPE = b"isom\0\0\x02\0isomiso2mp41"
WHOLE, PLAIN = 0x10000, 0x40000000


def is_one(head: bytes) -> bool:
    """Whether a file begins like one that browsers play."""
    return head[4:8] == b"ftyp" and head[8:12] not in OTHER_BRANDS


def rewritten(source: BinaryIO, target: BinaryIO) -> None:
    """Writes a film anew. Raises FileRefused."""
    write(film(source), source, target)


def write(film: Film, source: BinaryIO, target: BinaryIO) -> None:
    """Writes the film. `source` is where its samples lie."""
    chunks = list(_chunks(film))
    sizes = [array("I", bytes(4 * len(track.places))) for track in film.tracks]
    places: list[list[int]] = [
        [0] * sum(number == at for number, _first, _many in chunks) for at in range(len(film.tracks))
    ]
    head = _box(b"ftyp", FILE_TYPE) + _moov(film, chunks, sizes, places)
    begins = len(head) + 8
    target.write(bytes(begins))
    end = _write_samples(film, chunks, source, target, sizes, places)
    target.seek(0)
    target.write(_box(b"ftyp", FILE_TYPE) + _moov(film, chunks, sizes, places))
    target.write(struct.pack(">I4s", end - begins + 8, b"mdat"))
    target.seek(end)


Chunk = tuple[int, int, int]


def _chunks(film: Film) -> Iterator[Chunk]:
    """Which samples follow each other: of which track, from which on, and how many."""
    in_order = heapq.merge(*(_of_track(number, track) for number, track in enumerate(film.tracks)))
    for number, group in groupby(in_order, key=lambda one: one[1]):
        samples = [at for _place, _number, at in group]
        for at in range(0, len(samples), SAMPLES_PER_CHUNK):
            yield number, samples[at], len(samples[at : at + SAMPLES_PER_CHUNK])


def _of_track(number: int, track: Track) -> Iterator[Chunk]:
    """Its samples in the order in which they are read; one that lies before the last one counts as lying there."""
    furthest = 0
    for at, place in enumerate(track.places):
        furthest = max(furthest, place)
        yield furthest, number, at


def _write_samples(
    film: Film,
    chunks: list[Chunk],
    source: BinaryIO,
    target: BinaryIO,
    sizes: list[array[int]],
    places: list[list[int]],
) -> int:
    """Writes them, and down where each chunk lies and how long each sample became; answers where they end."""
    end, written = target.tell(), [0] * len(film.tracks)
    for number, first, many in chunks:
        track = film.tracks[number]
        assert track.coding is not None
        places[number][written[number]] = end
        written[number] += 1
        for at in range(first, first + many):
            sample = track.coding.sample(piece(source, track.places[at], track.sizes[at]))
            sizes[number][at] = len(sample)
            target.write(sample)
            end += len(sample)
    return end


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _full(kind: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


def _moov(film: Film, chunks: list[Chunk], sizes: list[array[int]], places: list[list[int]]) -> bytes:
    tracks = [
        _trak(film, track, number, [chunk for chunk in chunks if chunk[0] == number], sizes[number], places[number])
        for number, track in enumerate(film.tracks)
    ]
    longest = max(_length(film, track) for track in film.tracks)
    head = struct.pack(">QQIQ", 0, 0, film.scale, longest) + struct.pack(">IH10x", WHOLE, 0x100)
    return _box(
        b"moov",
        _full(b"mvhd", head, _matrix(1, 0, 0, 1), bytes(24), struct.pack(">I", len(tracks) + 1), version=1),
        *tracks,
    )


def _length(film: Film, track: Track) -> int:
    """How long it is shown, in parts of the film's second."""
    if track.edits and all(last for last, _begins in track.edits):
        return sum(last for last, _begins in track.edits)
    return sum(last for last, begins in track.edits if begins < 0) + sum(track.lasts) * film.scale // track.scale


def _matrix(a: int, b: int, c: int, d: int, width: int = 0, height: int = 0) -> bytes:
    """Turned by quarters, and moved back to where one sees it."""
    across = (width if a < 0 else 0) + (height if c < 0 else 0)
    down = (width if b < 0 else 0) + (height if d < 0 else 0)
    return struct.pack(">9i", a * WHOLE, b * WHOLE, 0, c * WHOLE, d * WHOLE, 0, across, down, PLAIN)


def _trak(film: Film, track: Track, number: int, chunks: list[Chunk], sizes: array[int], places: list[int]) -> bytes:
    is_film = track.kind == b"vide"
    width, height = (min(side, 0x7FFF0000) for side in (track.width, track.height))
    head = struct.pack(
        ">QQIIQ8xHHHH", 0, 0, number + 1, 0, _length(film, track), 0, 0 if is_film else 1, 0 if is_film else 0x100, 0
    )
    head += _matrix(*track.turned, width, height) + struct.pack(">II", width, height)
    return _box(
        b"trak",
        _full(b"tkhd", head, version=1, flags=3),
        _edts(film, track),
        _box(
            b"mdia",
            _full(
                b"mdhd", struct.pack(">QQIQ", 0, 0, track.scale, sum(track.lasts)), track.language, bytes(2), version=1
            ),
            _full(b"hdlr", bytes(4), track.kind, bytes(13)),
            _box(
                b"minf",
                _full(b"vmhd", bytes(8), flags=1) if is_film else _full(b"smhd", bytes(4)),
                _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1))),
                _box(b"stbl", *_tables(track, chunks, sizes, places)),
            ),
        ),
    )


def _edts(film: Film, track: Track) -> bytes:
    if not track.edits:
        return b""
    whole = sum(track.lasts) * film.scale // track.scale
    rows = b"".join(struct.pack(">QqI", last or whole, begins, WHOLE) for last, begins in track.edits)
    return _box(b"edts", _full(b"elst", struct.pack(">I", len(track.edits)), rows, version=1))


def _tables(track: Track, chunks: list[Chunk], sizes: array[int], places: list[int]) -> Iterator[bytes]:
    yield _full(
        b"stsd",
        struct.pack(">I", 1),
        _box(track.coded, _entry(track), *(_box(kind, body) for kind, body in track.boxes)),
    )
    yield _full(b"stts", _runs(track.lasts, "I"))
    if any(track.delays):
        yield _full(b"ctts", _runs(track.delays, "i"), version=1)
    if not all(track.starts):
        starts = [at for at, is_start in enumerate(track.starts, 1) if is_start]
        yield _full(b"stss", struct.pack(f">I{len(starts)}I", len(starts), *starts))
    yield _full(b"stsc", _chunk_sizes(chunks))
    yield _full(b"stsz", struct.pack(f">II{len(sizes)}I", 0, len(sizes), *sizes))
    yield _full(b"co64", struct.pack(f">I{len(places)}Q", len(places), *places))


def _entry(track: Track) -> bytes:
    """Of a film its size, of a sound its channels, depth and rate; what else stands there is always the same."""
    if track.kind == b"vide":
        return (
            struct.pack(">6xH16x", 1) + track.entry[24:28] + struct.pack(">IIIH32xHh", 0x480000, 0x480000, 0, 1, 24, -1)
        )
    return struct.pack(">6xH8x", 1) + track.entry[16:20] + bytes(4) + track.entry[24:28]


def _runs(values: Iterable[int], form: str) -> bytes:
    rows = [(sum(1 for _ in group), value) for value, group in groupby(values)]
    return struct.pack(">I", len(rows)) + b"".join(struct.pack(f">I{form}", *row) for row in rows)


def _chunk_sizes(chunks: list[Chunk]) -> bytes:
    rows, at = [], 1
    for many, group in groupby(many for _number, _first, many in chunks):
        rows.append(struct.pack(">3I", at, many, 1))
        at += sum(1 for _ in group)
    return struct.pack(">I", len(rows)) + b"".join(rows)
