"""Films are written anew from their pictures and sounds: players get the same, and nothing else of them is left."""

from __future__ import annotations

import io
import struct

import pytest

from facilitator.core.sandboxed import FileRefused
from facilitator.rewriting.video import mp4_reading, video, webm
from facilitator.rewriting.video.codecs import aac, h264, vorbis
from facilitator.rewriting.video.mp4_reading import Track, boxes
from facilitator.rewriting.video.webm import element, parts
from tests.films import EVERY, HOLDERS, box, film, recording, talkative_mp4, talkative_webm, tells, turned
from tests.talkative import WORD

MP4 = [name for name in EVERY if name.endswith(".mp4")]
WEBM = [name for name in EVERY if name.endswith(".webm")]


def anew(content: bytes) -> bytes:
    target = io.BytesIO()
    video(io.BytesIO(content), target)
    return target.getvalue()


def talkative(name: str) -> bytes:
    return talkative_mp4(name) if name.endswith(".mp4") else talkative_webm(name)


def refusal(content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        anew(content)
    return refused.value.code


def outcome(content: bytes) -> str:
    """What becomes of it."""
    try:
        assert len(anew(content)) < len(content) + 2000
    except FileRefused as refused:
        return refused.code
    return "taken"


@pytest.mark.promise("files-tell-nothing")
@pytest.mark.parametrize("name", EVERY)
def test_nothing_of_a_film_is_left_but_pictures_and_sounds(name: str) -> None:
    told = talkative(name)
    assert tells(told) > 10, "there is something to lose"
    assert tells(anew(told)) == 0


@pytest.mark.parametrize("name", EVERY)
def test_it_is_the_same_whatever_was_told_beside_it_and_however_often_it_is_written(name: str) -> None:
    once = anew(recording(name))
    assert anew(talkative(name)) == once
    assert anew(once) == once


# -- What a player gets ------------------------------------------------------------------------------------------------


def tracks(content: bytes) -> list[Track]:
    return mp4_reading.film(io.BytesIO(content)).tracks


def samples(content: bytes, track: Track) -> list[bytes]:
    return [content[at : at + size] for at, size in zip(track.places, track.sizes, strict=True)]


@pytest.mark.parametrize("name", MP4)
def test_a_player_of_mp4_gets_the_same_samples_at_the_same_times(name: str) -> None:
    before, after = recording(name), anew(recording(name))
    assert len(tracks(before)) == 2
    for old, new in zip(tracks(before), tracks(after), strict=True):
        assert old.coding
        assert samples(after, new) == [old.coding.sample(sample) for sample in samples(before, old)]
        assert min(map(len, samples(after, new))) > 1
        for what in (
            "kind",
            "coded",
            "scale",
            "language",
            "turned",
            "width",
            "height",
            "edits",
            "lasts",
            "delays",
            "starts",
        ):
            assert getattr(new, what) == getattr(old, what), what


def test_what_a_player_needs_first_comes_first() -> None:
    assert [kind for kind, _ in boxes(recording("h264.mp4"))][-1] == b"moov"
    for name in ("h264.mp4", "fragments.mp4"):
        assert [kind for kind, _ in boxes(anew(recording(name)))] == [b"ftyp", b"moov", b"mdat"]


def test_a_film_that_a_phone_recorded_on_its_side_stays_upright() -> None:
    (found, _sound) = tracks(anew(turned(recording("h264.mp4"))))
    assert found.turned == (0, 1, -1, 0)


def blocks(content: bytes) -> list[tuple[int, int, bytes]]:
    """Of which track, when, and what."""
    found = []
    for kind, cluster in parts(dict(parts(content))[webm.SEGMENT]):
        inner = list(parts(cluster)) if kind == webm.CLUSTER else []
        base = next((int.from_bytes(body) for name, body in inner if name == webm.TIMESTAMP), 0)
        for name, body in inner:
            block = (
                body if name == webm.SIMPLE else dict(parts(body)).get(webm.BLOCK, b"") if name == webm.GROUP else b""
            )
            if block:
                found.append((block[0] & 127, base + struct.unpack_from(">h", block, 1)[0], block[4:]))
    return found


@pytest.mark.parametrize("name", WEBM)
def test_a_player_of_webm_gets_the_same_blocks_at_the_same_times(name: str) -> None:
    before, after = blocks(recording(name)), blocks(anew(recording(name)))
    assert [(track, moment) for track, moment, _ in after] == [(track, moment) for track, moment, _ in before]
    assert len({track for track, _, _ in after}) == (1 if name == "av1.webm" else 2)
    if name != "av1.webm":  # of which a mark is left out that says no more than that a picture begins
        assert after == before


def test_a_live_recording_can_be_wound_and_says_how_long_it_lasts() -> None:
    before, after = (
        dict(parts(dict(parts(one))[webm.SEGMENT])) for one in (recording("live.webm"), anew(recording("live.webm")))
    )
    assert webm.CUES not in before
    assert webm.CUES in after
    assert struct.unpack(">d", dict(parts(after[webm.INFO]))[webm.DURATION])[0] > 700


# -- Inside of what is coded -------------------------------------------------------------------------------------------


def unit(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def test_what_is_told_among_pictures_goes_and_where_one_may_begin_stays() -> None:
    about = (
        b"\x01\x42\x00\x1e\xff\xe1"
        + struct.pack(">H", 2)
        + b"\x67\x42"
        + b"\x01"
        + struct.pack(">H", 2)
        + b"\x68\xce"
        + WORD
    )
    coding = h264(about)
    assert coding.about == about.removesuffix(WORD)
    picture, told, begins = (
        unit(b"\x65" + b"p" * 9),
        unit(b"\x06\x05" + bytes([len(WORD)]) + WORD + b"\x80"),
        unit(b"\x06\x06\x01\xc4\x80"),
    )
    both = unit(b"\x06\x05" + bytes([len(WORD)]) + WORD + b"\x06\x01\xc4\x80")
    assert coding.sample(told + begins + picture + unit(b"\x0c" + WORD)) == begins + picture
    assert coding.sample(both + picture) == begins + picture


def test_the_name_of_a_program_before_a_sound_goes_and_the_sound_stays() -> None:
    sound = 0b001_0000_1010_1010_1010_1010_1010_1010_1010_111 << 2
    short, long = 0b110 << 4 | len(WORD), (0b110_1111 << 8 | 3 * len(WORD) - 14)
    for fill, head, told in ((short, 7, WORD), (long, 15, WORD * 3)):
        bits = (fill << 8 * len(told) | int.from_bytes(told)) << 40 | sound
        size = head + 8 * len(told) + 40
        assert aac((bits << -size % 8).to_bytes((size + 7) // 8))[:5] == sound.to_bytes(5)
    assert aac(sound.to_bytes(5)) == sound.to_bytes(5)


def test_what_a_sound_says_of_itself_goes_and_how_it_is_coded_stays() -> None:
    first, told, third = b"\x01vorbis" + bytes(23), b"\x03vorbis" + WORD, b"\x05vorbis" + b"books"
    about = vorbis(bytes([2, len(first), len(told)]) + first + told + third).about
    assert WORD not in about
    assert about.endswith(third)
    assert first in about


# -- What is no film ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x00\x00\x18ftypisom" + b"\x00" * 40,
        box(b"ftyp", b"isom", bytes(4)) + box(b"moov"),
        box(b"ftyp", b"qt  ", bytes(4)),
        b"\x1a\x45\xdf\xa3" + b"webm" * 10,
        b"<html>" + b"\x00" * 40,
    ],
)
def test_what_is_no_film_is_refused(content: bytes) -> None:
    assert refusal(content) == "no_video"


@pytest.mark.parametrize("name", EVERY)
def test_a_film_that_breaks_off_is_shown_as_far_as_it_goes_or_refused(name: str) -> None:
    content = recording(name)
    for size in range(10, len(content), 97):
        assert outcome(content[:size]) in ("taken", "no_video")


@pytest.mark.parametrize("name", EVERY)
def test_a_film_with_a_byte_that_is_wrong_is_shown_or_refused(name: str) -> None:
    content = recording(name)
    for at in range(0, len(content), 41):
        for wrong in (0x00, 0xFF):
            assert outcome(content[:at] + bytes([wrong]) + content[at + 1 :]) in ("taken", "no_video", "too_much")


def test_a_film_without_a_picture_or_with_a_sound_nobody_plays_is_refused() -> None:
    content = recording("h264.mp4")
    assert refusal(content.replace(b"vide", b"text")) == "no_video"
    assert refusal(content.replace(b"mp4a", b"samr")) == "no_video"
    assert refusal(content.replace(b"avc1", b"encv")) == "no_video"


def with_tables(content: bytes, **tables: bytes) -> bytes:
    """With other tables of samples, in every track."""
    changed = []
    for kind, body in boxes(content):
        new = tables.get(kind.decode("latin-1"), with_tables(body, **tables) if kind in HOLDERS else body)
        changed.append(box(kind, new))
    return b"".join(changed)


def test_samples_that_lie_in_each_other_do_not_become_a_larger_film() -> None:
    content, count = recording("h264.mp4"), 100
    tables = {
        "stsc": struct.pack(">5I", 0, 1, 1, 1, 1),
        "stsz": struct.pack(">3I", 0, 2000, count),
        "stco": struct.pack(f">2I{count}I", 0, count, *[48] * count),
    }
    assert outcome(with_tables(content)) == "taken"
    assert refusal(with_tables(content, **tables)) == "no_video"


def test_a_film_of_thousands_of_millions_of_samples_is_refused_before_they_are_counted() -> None:
    many = {"stsz": struct.pack(">3I", 0, 1, 2**32 - 1)}
    assert refusal(with_tables(recording("h264.mp4"), **many)) == "too_much"


def test_elements_that_do_not_say_where_they_end_end_where_others_begin() -> None:
    head, segment = parts(recording("vp9.webm"))
    open_ended = b"".join(
        name.to_bytes(4) + b"\x01" + b"\xff" * 7 + body if name == webm.CLUSTER else element(name, body)
        for name, body in parts(segment[1])
    )
    live = element(*head) + webm.SEGMENT.to_bytes(4) + b"\x01" + b"\xff" * 7 + open_ended
    assert anew(live) == anew(recording("vp9.webm"))


def test_a_film_of_ours_stays_as_it_is() -> None:
    assert anew(film()) == film()
    assert anew(film(WORD)) == film(WORD)
    assert film(WORD).endswith(WORD)
