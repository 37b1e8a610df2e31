"""Films: real ones of nine small pictures with a tone, as ffmpeg's libraries code them, and what can be told in every corner of one.

Those in `tests/recordings` have CANARY as title, artist, comment, place and name of their tracks already.
"""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from functools import cache
from pathlib import Path

from facilitator.rewriting.video import mp4, mp4_reading, webm
from facilitator.rewriting.video.mp4_reading import boxes
from facilitator.rewriting.video.webm import element, parts
from tests.talkative import CANARY, WORD

RECORDINGS = Path(__file__).parent / "recordings"
EVERY = sorted(path.name for path in RECORDINGS.iterdir())
HOLDERS = (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"edts", b"mvex", b"moof", b"traf")


def recording(name: str) -> bytes:
    """One of them."""
    return (RECORDINGS / name).read_bytes()


@cache
def film(behind: bytes = b"") -> bytes:
    """A silent film as we write it, whose last picture has these bytes behind what one sees of it."""
    source, target = io.BytesIO(recording("h264.mp4")), io.BytesIO()
    found = mp4_reading.film(source)
    (track,) = found.tracks = found.tracks[:1]
    assert track.coding is not None
    last, as_coded = track.places[-1] + track.sizes[-1], track.coding.sample

    def sample(content: bytes) -> bytes:
        coded = as_coded(content)
        source.seek(last - len(content))
        is_last = behind and source.read(len(content)) == content
        return coded + struct.pack(">IB", len(behind) + 1, 1) + behind if is_last else coded

    track.coding = replace(track.coding, sample=sample)
    mp4.write(found, source, target)
    return target.getvalue()


# -- MP4 ---------------------------------------------------------------------------------------------------------------


def box(kind: bytes, *content: bytes) -> bytes:
    """A box."""
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def talkative_mp4(name: str) -> bytes:
    """A recording with CANARY in boxes of every kind, wherever a box may be, in names, between and behind the samples."""
    told = b"".join(
        box(kind, bytes(4), WORD)
        for kind in (b"udta", b"meta", b"uuid", b"free", b"skip", b"ID32", b"XMP_", b"\xa9xyz", b"kana")
    )
    whole = recording(name).replace(b"x264", b"Kana").replace(b"Lavc", b"Kana")
    # What lies in the file moves by as much as is put before it, so it is all put behind.
    return b"".join(_told(kind, body, told) for kind, body in boxes(whole)) + told + b"\0\0\0\0mdat" + WORD


def _told(kind: bytes, body: bytes, told: bytes) -> bytes:
    if kind in (b"free", b"mdat", b"ftyp"):
        return box(kind, body)
    if kind == b"moov":
        _, first = next(one for one in boxes(body) if one[0] == b"trak")
        texts = box(b"trak", *(_other_track(inner, part) for inner, part in boxes(first)))
        return box(b"moov", *(_inside(inner, part, told) for inner, part in boxes(body)), texts, told)
    return box(kind, body)


def _inside(kind: bytes, body: bytes, told: bytes) -> bytes:
    if kind in HOLDERS:
        return box(kind, *(_inside(inner, part, told) for inner, part in boxes(body)), told)
    if kind == b"hdlr":
        return box(kind, body[:24], WORD, b"\0")
    if kind == b"stsd":
        entry, rest = next(boxes(body, 8))
        return box(
            kind,
            body[:8],
            box(entry, rest[:43], WORD, rest[43 + len(WORD) :], told) if entry in mp4_reading.FILMS else body[8:],
        )
    return box(kind, body)


def _other_track(kind: bytes, body: bytes) -> bytes:
    """The same as a track of texts: chapters, or what a camera knows."""
    if kind == b"mdia":
        return box(kind, *(_other_track(inner, part) for inner, part in boxes(body)))
    return box(kind, body[:8], b"text", WORD) if kind == b"hdlr" else box(kind, body)


def turned(content: bytes) -> bytes:
    """The film on its side, as phones record: a quarter turn is written down, and the points stay."""
    upright = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 0x40000000)
    quarter = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 48 << 16, 0, 0x40000000)
    head, first, rest = content.partition(b"tkhd")
    assert upright in rest
    return head + first + rest.replace(upright, quarter, 1)


# -- WebM --------------------------------------------------------------------------------------------------------------

TITLE, CODEC_NAME, TRACK_NAME, SUBTITLES = 0x7BA9, 0x258688, 0x536E, 0x11
VOID, CHECK, TAGS, CHAPTERS, ATTACHMENTS, ADDITIONS = 0xEC, 0xBF, 0x1254C367, 0x1043A770, 0x1941A469, 0x75A1


def talkative_webm(name: str) -> bytes:
    """A recording with CANARY in elements of every kind, in a track of texts and behind the end, and as long as it wants to be."""
    told = b"".join(element(kind, WORD) for kind in (VOID, 0x4DBC, 0x63C0))
    top = dict(parts(recording(name)))
    inner = b"".join(_told_element(kind, body, told) for kind, body in parts(top[webm.SEGMENT]))
    ends = b"".join(element(kind, element(0x4487, WORD), WORD) for kind in (TAGS, CHAPTERS, ATTACHMENTS))
    head = element(webm.EBML, top[webm.EBML], element(VOID, WORD))
    return head + webm.SEGMENT.to_bytes(4) + b"\x01" + b"\xff" * 7 + inner + ends + WORD


def _told_element(kind: int, body: bytes, told: bytes) -> bytes:
    match kind:
        case webm.SEEK_HEAD | webm.CUES:
            return element(VOID, WORD)  # what leads somewhere leads there no more
        case webm.INFO:
            kept = b"".join(element(name, part) for name, part in parts(body) if name == webm.SCALE)
            return element(
                kind, kept, *(element(name, WORD) for name in (TITLE, webm.MUXER, webm.WRITER, 0x73A4)), told
            )
        case webm.TRACKS:
            entries = (
                element(name, part, element(TRACK_NAME, WORD), element(CODEC_NAME, WORD)) for name, part in parts(body)
            )
            texts = element(
                webm.TRACK, b"\xd7\x81\x09", b"\x83\x81" + bytes([SUBTITLES]), element(webm.CODEC, b"S_TEXT/UTF8")
            )
            return element(kind, *entries, texts, told)
        case webm.CLUSTER:
            words = element(webm.SIMPLE, b"\x89\0\0\x80", WORD)
            more = element(webm.GROUP, element(webm.BLOCK, b"\x89\0\0\x80", WORD), element(ADDITIONS, WORD))
            return (
                kind.to_bytes(4) + b"\x01" + b"\xff" * 7 + body + words + more + told
            )  # it does not say how long it is
    return element(kind, body)


def tells(content: bytes) -> int:
    """How often CANARY stands in it, or the beginnings of names of programs that were made one."""
    return sum(content.count(one) for one in (WORD, CANARY.upper().encode(), b"Kana", b"x264", b"Lav"))
