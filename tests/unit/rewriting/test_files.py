"""What people upload: taken for what it is, written anew in a process of its own, and refused in words."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from facilitator.archive.files.actions import checked, checked_again
from facilitator.archive.files.kinds import MOST_BYTES, Unusable
from facilitator.core.sandboxed import MEGABYTE, FileRefused
from facilitator.rewriting.captions import captions
from facilitator.rewriting.pdf import paper
from facilitator.rewriting.pictures import picture, picture_again
from facilitator.rewriting.video import video
from tests import bombs, talkative
from tests.films import recording
from tests.talkative import CANARY, WORD, drawing

Anew = Callable[[io.BytesIO, io.BytesIO], str]
WRITERS: dict[str, Anew] = {"picture": picture, "paper": paper, "video": video, "captions": captions}


def anew(work: str, content: bytes) -> bytes:
    """A file written anew, in this process, where nothing hides why it fails."""
    target = io.BytesIO()
    WRITERS[work](io.BytesIO(content), target)
    return target.getvalue()


# -- Pictures ----------------------------------------------------------------------------------------------------------

TALKATIVE = {
    "jpeg": talkative.jpeg(),
    "jpeg of one colour": talkative.jpeg("L"),
    "png": talkative.png(),
    "png with holes": talkative.png("RGBA"),
    "png of grey": talkative.png("LA"),
    "png of few colours": talkative.png("P"),
    "webp": talkative.webp(),
    "webp without loss": talkative.webp(is_lossless=True),
    "gif": talkative.gif(),
}


@pytest.mark.promise("files-tell-nothing")
@pytest.mark.parametrize("kind", TALKATIVE)
def test_a_picture_is_drawn_anew_and_knows_nothing(kind: str) -> None:
    assert TALKATIVE[kind].count(WORD) > 1, "there is something to lose"
    found = checked("picture", io.BytesIO(TALKATIVE[kind]))
    content = found.content.read()
    assert WORD not in content
    assert CANARY.encode("utf-16-be") not in content
    drawn = Image.open(io.BytesIO(content))
    assert (found.media_type, drawn.format, drawn.size) == ("image/webp", "WEBP", (120, 80))
    assert not {"exif", "xmp", "icc_profile", "comment"} & drawn.info.keys()
    assert not drawn.getexif()


def is_like(one: Image.Image, other: Image.Image, most: float = 6) -> bool:
    """Whether two pictures differ by no more than what drawing anew takes."""
    differs = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return one.size == other.size and max(ImageStat.Stat(differs).mean) < most


@pytest.mark.parametrize("kind", [kind for kind in TALKATIVE if "holes" not in kind and "grey" not in kind])
def test_it_looks_as_it_did(kind: str) -> None:
    before = Image.open(io.BytesIO(TALKATIVE[kind]))
    assert is_like(Image.open(io.BytesIO(anew("picture", TALKATIVE[kind]))), before)
    assert not is_like(before, before.rotate(180)), "it would be seen"


def test_what_shines_through_a_picture_still_does() -> None:
    found = Image.open(io.BytesIO(anew("picture", TALKATIVE["png with holes"])))
    before = drawing("RGBA").getchannel("A")
    assert found.mode == "RGBA"
    assert is_like(found.getchannel("A"), before)


@pytest.mark.parametrize("direction", range(1, 9))
def test_a_picture_that_lies_on_its_side_is_put_upright(direction: int) -> None:
    told, target = Image.Exif(), io.BytesIO()
    told[0x0112] = direction
    drawing().save(target, "JPEG", exif=told)
    found = Image.open(io.BytesIO(anew("picture", target.getvalue())))
    ways = (None, 0, 3, 1, 5, 4, 6, 2)  # as Pillow numbers turning and mirroring
    way = ways[direction - 1]
    upright = drawing() if way is None else drawing().transpose(Image.Transpose(way))
    assert is_like(found, upright)


def test_colours_of_another_screen_come_out_as_they_were() -> None:
    """A picture whose red and blue are exchanged, with a profile that says so, is no other picture."""
    swapped = Image.merge("RGB", drawing().split()[::-1])
    exchange = talkative.profile()
    red, blue = exchange.index(b"rXYZ"), exchange.index(b"bXYZ")
    exchange = bytes(exchange[:red] + b"bXYZ" + exchange[red + 4 : blue] + b"rXYZ" + exchange[blue + 4 :])
    target = io.BytesIO()
    swapped.save(target, "PNG", icc_profile=exchange)
    found = Image.open(io.BytesIO(anew("picture", target.getvalue())))
    assert is_like(found, drawing())
    assert not is_like(found, swapped, 20)


def test_a_picture_of_sixteen_bits_is_as_dark_as_it_was() -> None:
    for value in (0, 20_000, 65_535):
        found = Image.open(io.BytesIO(anew("picture", bombs.picture("PNG", (9, 9), "I;16", colour=value))))
        assert abs(found.convert("L").getpixel((4, 4)) - value // 257) <= 2  # type: ignore[operator]  # of one colour


def test_a_large_picture_becomes_small_enough_for_a_phone() -> None:
    assert max(Image.open(io.BytesIO(anew("picture", bombs.picture("JPEG", (5000, 1000), "RGB")))).size) == 2000


def again(content: bytes) -> bytes:
    target = io.BytesIO()
    picture_again(io.BytesIO(content), target)
    return target.getvalue()


@pytest.mark.parametrize("kind", TALKATIVE)
def test_a_picture_that_we_drew_stays_as_it_is_and_no_other_does(kind: str) -> None:
    ours = anew("picture", TALKATIVE[kind])
    assert again(ours) == ours
    assert checked_again("picture", io.BytesIO(ours)).content.read() == ours
    for theirs in (
        TALKATIVE[kind],
        ours + WORD,
        ours[:4] + (len(ours) + 4).to_bytes(4, "little") + ours[8:] + b"KANA" + len(WORD).to_bytes(4, "little") + WORD,
        ours.replace(b"VP8 ", b"KANA", 1),
    ):
        try:
            assert WORD not in again(theirs)
            assert again(theirs) != theirs
        except FileRefused as refused:
            assert refused.code == "no_picture"  # noqa: PT017 – either will do


# -- Captions ----------------------------------------------------------------------------------------------------------

TOLD = f"""\ufeffWEBVTT - {CANARY}
X-Author: {CANARY}

STYLE
::cue({CANARY}) {{ background: url(http://{CANARY}) }}

REGION
id:{CANARY}

NOTE by {CANARY}

{CANARY}-1
00:01.000 --> 00:03.000 region:{CANARY} align:start
<v {CANARY}>Turn</v> the <b.{CANARY}>valve</b> <c.{CANARY}>now</c> <lang {CANARY}>&amp;</lang> <i>wait</i>

01:00:04.000 --> 01:00:05.000
- One <{CANARY}>
- <00:04.500>two

{CANARY} that is no caption
"""


@pytest.mark.promise("files-tell-nothing")
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_captions_keep_times_and_words_and_nothing_else(line_break: str) -> None:
    found = anew("captions", TOLD.replace("\n", line_break).encode())
    assert found.decode() == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nTurn the <b>valve</b> now &amp; <i>wait</i>\n\n"
        "01:00:04.000 --> 01:00:05.000\n- One\n- two\n"
    )
    assert anew("captions", found) == found


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"1\n00:01,000 --> 00:02,000\nHello\n", "no_captions"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xff\n", "no_captions"),
        (b"WEBVTT\n\nNOTE nothing\n", "empty_captions"),
        (b"WEBVTT\n\n99999999999999999999:00.000 --> 00:01.000\nx\n", "empty_captions"),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\nbackwards\n", "empty_captions"),
    ],
)
def test_what_is_no_caption_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        anew("captions", content)
    assert refused.value.code == code


# -- Films and papers are known by what they are -----------------------------------------------------------------------


@pytest.mark.parametrize(("name", "media_type"), [("h264.mp4", "video/mp4"), ("live.webm", "video/webm")])
def test_a_film_is_written_anew(name: str, media_type: str) -> None:
    found = checked("video", io.BytesIO(recording(name)))
    assert found.media_type == media_type
    assert WORD not in found.content.read()


def test_a_paper_is_made_anew() -> None:
    found = checked("paper", io.BytesIO(talkative.talkative_paper()))
    assert found.media_type == "application/pdf"
    assert talkative.told_in(found.content.read()) == {}


def test_a_locked_paper_is_refused_in_words() -> None:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(talkative.plain_paper())) as source:
        source.save(target, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(Unusable, match="password"):
        checked("paper", target)


# -- What cannot be used -----------------------------------------------------------------------------------------------

NEITHER = [
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    b"<html><script>alert(1)</script></html>",
    b"GIF89a" + b"<script>" * 20,
    b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
    b"MZ" + b"\x00" * 200,
    b"%PDF-1.7 not really",
    b"\x00\x00\x00\x18ftypisom" + b"\x00" * 40,
]


@pytest.mark.parametrize("content", NEITHER)
@pytest.mark.parametrize("kind", MOST_BYTES)
def test_what_is_something_else_is_refused_whatever_it_is_called(kind: str, content: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        anew(kind, content)
    assert refused.value.code == f"no_{kind}"


@pytest.mark.parametrize("kind", MOST_BYTES)
def test_what_was_refused_is_said_in_words(kind: str) -> None:
    with pytest.raises(Unusable) as unusable:
        checked(kind, io.BytesIO(NEITHER[0]))
    assert str(unusable.value).startswith(("This is no", "These are no"))


def test_what_is_empty_or_too_big_is_refused_before_it_is_looked_at() -> None:
    class Huge(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            return MOST_BYTES["picture"] + 1 if whence == io.SEEK_END else super().seek(offset, whence)

    with pytest.raises(Unusable, match="empty"):
        checked("picture", io.BytesIO())
    with pytest.raises(Unusable, match="15 MB"):
        checked("picture", Huge())
    assert MOST_BYTES["captions"] == MEGABYTE


BOMBS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    **{
        name: ("paper", partial(bombs.paper, change), "far more")
        for name, change in bombs.PAPERS_THAT_ARE_TOO_MUCH.items()
    },
    "many pages": ("paper", lambda: bombs.paper(bombs.many_pages), "500 pages"),
    **{kind: ("picture", partial(bombs.large, kind), "too many pixels") for kind in ("PNG", "GIF", "JPEG", "WEBP")},
    "text in a png": ("picture", bombs.png_of_texts, "no picture"),
    "a caption of one line": (
        "captions",
        lambda: b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"x" * 10 * MEGABYTE,
        "1 MB",
    ),
    "captions of arrows": ("captions", lambda: b"WEBVTT\n\n" + b"-->" * 300_000, "no captions in the file"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_holds_far_too_much_is_refused_in_words(bomb: str) -> None:
    kind, make, says = BOMBS[bomb]
    content = make()
    assert len(content) < 11 * MEGABYTE
    with pytest.raises(Unusable, match=says):
        checked(kind, io.BytesIO(content))


def test_only_the_first_of_many_pictures_is_drawn() -> None:
    assert Image.open(io.BytesIO(anew("picture", bombs.many_frames()))).size == (50, 50)


@pytest.mark.parametrize("kind", MOST_BYTES)
@settings(deadline=None)
@given(st.binary(max_size=600))
def test_no_content_does_anything_but_be_refused_or_taken(kind: str, content: bytes) -> None:
    heads = {
        "picture": b"\x89PNG\r\n\x1a\n",
        "paper": b"%PDF-1.7\n",
        "video": b"\0\0\0\x18ftypisom",
        "captions": b"WEBVTT\n\n",
    }
    for one in (content, heads[kind] + content):
        try:
            anew(kind, one)
        except (FileRefused, MemoryError, RecursionError):
            continue
