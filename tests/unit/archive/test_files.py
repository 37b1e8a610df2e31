"""What people upload: taken for what it is, made harmless, and refused in words."""

from __future__ import annotations

import io

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from facilitator.archive.files.checking import checked
from facilitator.archive.files.kinds import MOST_BYTES, Unusable
from facilitator.core.sandboxed import MEGABYTE

PLACE = "Rotterdam 51.92N"


def jpeg(size: tuple[int, int] = (400, 300)) -> io.BytesIO:
    exif = Image.Exif()
    exif[0x010E] = PLACE
    exif[0x0112] = 6  # lies on its side
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, "JPEG", exif=exif)
    target.seek(0)
    return target


def paper_with(change: object = None) -> io.BytesIO:
    found = pikepdf.new()
    found.add_blank_page(page_size=(400, 300))
    found.docinfo["/Author"] = PLACE
    if callable(change):
        change(found)
    target = io.BytesIO()
    found.save(target)
    target.seek(0)
    return target


def test_a_picture_is_drawn_anew_upright_and_without_what_it_knew() -> None:
    source = jpeg()
    assert PLACE.encode() in source.getvalue(), "there is something to lose"
    found = checked("picture", source)
    content = found.content.read()
    assert PLACE.encode() not in content
    drawn = Image.open(io.BytesIO(content))
    assert (found.media_type, drawn.format, drawn.size) == ("image/webp", "WEBP", (300, 400))
    assert not drawn.getexif()


def test_a_large_picture_becomes_small_enough_for_a_phone() -> None:
    assert max(Image.open(checked("picture", jpeg((5000, 1000))).content).size) == 2000


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + b"<script>" * 20,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
        b"MZ" + b"\x00" * 200,
        b"%PDF-1.7 not really",
    ],
)
@pytest.mark.parametrize("kind", ["picture", "paper", "captions"])
def test_what_is_something_else_is_refused_whatever_it_is_called(kind: str, content: bytes) -> None:
    with pytest.raises(Unusable):
        checked(kind, io.BytesIO(content))


def test_a_picture_of_too_many_pixels_is_refused_before_it_fills_the_memory() -> None:
    target = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(target, "PNG")
    target.seek(0)
    with pytest.raises(Unusable):
        checked("picture", target)


def test_a_paper_loses_what_could_run_and_what_it_knew() -> None:
    def arm(found: pikepdf.Pdf) -> None:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        found.Root.OpenAction = script
        found.Root.AA = pikepdf.Dictionary(WC=script)
        found.attachments["virus.exe"] = b"MZ"
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
        good = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org"))
        evil = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("javascript:alert(1)"))
        notes = [
            pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
            for action in (launch, good, evil, script)
        ]
        found.pages[0].obj.Annots = pikepdf.Array(notes)

    source = paper_with(arm)
    assert b"Launch" in source.getvalue(), "there is something to lose"
    with pikepdf.open(checked("paper", source).content) as found:
        assert not {"/OpenAction", "/AA", "/Names", "/AcroForm", "/Metadata"} & set(found.Root.keys())
        assert "/Info" not in found.trailer
        (link,) = list(found.pages[0].obj.Annots)
        assert str(link.A.URI) == "https://example.org"
        assert len(found.pages) == 1


def test_a_locked_paper_is_refused_in_words() -> None:
    source, target = pikepdf.open(paper_with()), io.BytesIO()
    source.save(target, encryption=pikepdf.Encryption(owner="a", user="b"))
    target.seek(0)
    with pytest.raises(Unusable, match="password"):
        checked("paper", target)


def test_captions_keep_times_and_words_and_nothing_else() -> None:
    source = b"WEBVTT\n\nSTYLE\n::cue { background: url(http://evil) }\n\nNOTE by Gia\n\n00:01.000 --> 00:03.000\nTurn the <b>valve</b>\n"
    found = checked("captions", io.BytesIO(source)).content.read().decode()
    assert "valve" in found
    assert "evil" not in found
    assert "Gia" not in found


def test_films_are_known_by_their_first_bytes() -> None:
    assert checked("video", io.BytesIO(b"\x00\x00\x00\x18ftypisom" + b"\x00" * 40)).media_type == "video/mp4"
    with pytest.raises(Unusable):
        checked("video", io.BytesIO(b"<html>" + b"\x00" * 40))


def test_what_is_empty_or_too_big_is_refused_before_it_is_looked_at() -> None:
    class Huge(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            return MOST_BYTES["picture"] + 1 if whence == io.SEEK_END else super().seek(offset, whence)

    with pytest.raises(Unusable, match="empty"):
        checked("picture", io.BytesIO())
    with pytest.raises(Unusable, match="15 MB"):
        checked("picture", Huge())
    assert MOST_BYTES["captions"] == MEGABYTE


@settings(deadline=None, max_examples=10)
@given(st.sampled_from(sorted(MOST_BYTES)), st.binary(max_size=600))
def test_no_content_does_anything_but_be_refused_or_taken(kind: str, content: bytes) -> None:
    try:
        checked(kind, io.BytesIO(content))
    except Unusable:
        return
