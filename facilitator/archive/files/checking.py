"""What somebody uploads, judged and made harmless: what goes into the archive was written by us.

Promises: a file is what its content says, whatever its name or type claims; a picture is drawn anew, without metadata; a
paper loses everything that could run or hide; a drawing that could hold a script is refused. What cannot be used raises
`Unusable` with a sentence for the person.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import pikepdf
import puremagic
import webvtt
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from PIL import Image, ImageOps, UnidentifiedImageError

MEGABYTE = 1024 * 1024
LONGEST_SIDE = 2000
MOST_PIXELS = 60_000_000
MOST_PAGES = 500
PICTURES = ("JPEG", "PNG", "WEBP", "GIF")
# What a paper may not bring along: things that start by themselves, forms that think, other files.
RUNS = ("/OpenAction", "/AA", "/AcroForm", "/JavaScript", "/Names", "/Collection", "/Metadata", "/PieceInfo")


class Unusable(Exception):
    """A file that cannot be used; `sentence` says why and what to do."""

    def __init__(self, sentence: LazyString | str) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that can be used: its media type, and its content as we wrote it."""

    media_type: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Limit:
    """A kind of file: how big it may be in bytes, and what judges it."""

    most_bytes: int
    check: Callable[[BinaryIO], Checked]


def checked(kind: str, source: BinaryIO) -> Checked:
    """Judges a file of a kind (picture, paper, video, captions); raises Unusable."""
    limit = LIMITS[kind]
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    if size == 0:
        raise Unusable(_l("The file is empty. Choose another one."))
    if size > limit.most_bytes:
        most = limit.most_bytes // MEGABYTE
        raise Unusable(_l("The file is too big. It may be %(most)s MB at most.", most=most))
    return limit.check(source)


def picture(source: BinaryIO) -> Checked:
    """Draws a picture anew: upright, at most 2000 pixels long, without metadata."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(source, formats=PICTURES) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise Unusable(_l("The picture has too many pixels. Make it smaller first."))
                found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                return Checked("image/webp", _drawn(found))
        except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _no_picture() from error
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise _no_picture() from error


def _drawn(found: Image.Image) -> BinaryIO:
    upright = ImageOps.exif_transpose(found)
    has_holes = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_holes else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    target = io.BytesIO()
    clean.save(target, "WEBP", quality=82, method=4)
    target.seek(0)
    return target


def _no_picture() -> Unusable:
    return Unusable(_l("This is no picture we can show. Choose a JPEG, PNG, WebP or GIF."))


def paper(source: BinaryIO) -> Checked:
    """Writes a PDF anew, without scripts, forms, other files and metadata."""
    try:
        with pikepdf.open(source) as found:
            if not 1 <= len(found.pages) <= MOST_PAGES:
                raise Unusable(_l("The PDF may have %(most)s pages at most.", most=MOST_PAGES))
            _make_harmless(found)
            target = io.BytesIO()
            found.save(target, linearize=True)
    except pikepdf.PasswordError as error:
        raise Unusable(_l("The PDF is locked with a password. Save it without one first.")) from error
    except (pikepdf.PdfError, ValueError, OSError, RuntimeError) as error:
        raise Unusable(_l("This is no PDF we can read. Save your presentation as PDF first.")) from error
    target.seek(0)
    return Checked("application/pdf", target)


def _make_harmless(found: pikepdf.Pdf) -> None:
    for name in RUNS:
        if name in found.Root:
            del found.Root[name]
    if "/Info" in found.trailer:
        del found.trailer["/Info"]
    for number in range(len(found.pages)):
        _quiet_page(found.pages[number].obj)
    found.remove_unreferenced_resources()


def _quiet_page(page: pikepdf.Object) -> None:
    for name in ("/AA", "/Metadata", "/PieceInfo"):
        if name in page:
            del page[name]
    if "/Annots" not in page:
        return
    kept = [note for note in page["/Annots"].as_list() if _is_plain_link(note)]
    page["/Annots"] = pikepdf.Array(kept)


def _is_plain_link(note: pikepdf.Object) -> bool:
    """A link to a page of the same paper or to an address of the web; everything else could run or hold a file."""
    if str(note.get("/Subtype", "")) != "/Link" or "/AA" in note:
        return False
    action = note.get("/A")
    if action is None:
        return True
    kind, address = str(action.get("/S", "")), str(action.get("/URI", ""))
    is_alone = "/Next" not in action
    return is_alone and (kind == "/GoTo" or (kind == "/URI" and address.startswith(("https://", "http://"))))


def video(source: BinaryIO) -> Checked:
    """A film in MP4 or WebM; it is kept as it is, for drawing it anew would take longer than anybody waits."""
    head = source.read(4096)
    source.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] not in (b"qt  ", b"heic", b"mif1", b"avif"):
        return Checked("video/mp4", source)
    try:
        kinds = {found.extension for found in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        kinds = set()
    if head.startswith(b"\x1a\x45\xdf\xa3") and ".webm" in kinds | ({".webm"} if b"webm" in head[:64] else set()):
        return Checked("video/webm", source)
    raise Unusable(_l("This is no video that browsers play. Choose an MP4 or WebM."))


def captions(source: BinaryIO) -> Checked:
    """Captions in WebVTT, written anew so that they hold nothing but times and words."""
    try:
        text = source.read().decode("utf-8-sig")
        found = webvtt.from_string(text)
    except (UnicodeDecodeError, webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError) as error:
        raise Unusable(_l("These are no captions we can read. Choose a WebVTT file (.vtt).")) from error
    if not found.captions:
        raise Unusable(_l("There are no captions in the file. Choose another one."))
    lines = "\n\n".join(f"{one.start} --> {one.end}\n{_one_cue(one.text)}" for one in found.captions)
    return Checked("text/vtt", io.BytesIO(f"WEBVTT\n\n{lines}\n".encode()))


def _one_cue(text: str) -> str:
    """Words of a caption that cannot end it or begin another."""
    lines = (line.replace("-->", "→").strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


LIMITS = {
    "picture": Limit(15 * MEGABYTE, picture),
    "paper": Limit(30 * MEGABYTE, paper),
    "video": Limit(200 * MEGABYTE, video),
    "captions": Limit(1 * MEGABYTE, captions),
}
