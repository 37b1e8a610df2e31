"""Films and their captions."""

from __future__ import annotations

import io
from typing import BinaryIO

import webvtt
from flask_babel import lazy_gettext as _l

from facilitator.archive.files.kinds import Checked, Unusable

MATROSKA = b"\x1a\x45\xdf\xa3"  # how every file of that family begins
WEBM = b"webm"  # what the one that browsers play calls itself there


def video(source: BinaryIO) -> Checked:
    """A film in MP4 or WebM; it is kept as it is, for drawing it anew would take longer than anybody waits."""
    head = source.read(4096)
    source.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] not in (b"qt  ", b"heic", b"mif1", b"avif"):
        return Checked("video/mp4", source)
    if head.startswith(MATROSKA) and WEBM in head[:64]:
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
