"""Films: an MP4 or WebM whose pictures and sounds are kept as they are coded, in boxes and elements of ours."""

from __future__ import annotations

from typing import BinaryIO

from facilitator.core.sandboxed import FileRefused, work
from facilitator.rewriting.video import mp4, webm

HEAD_BYTES = 64


@work()
def video(source: BinaryIO, target: BinaryIO) -> str:
    head = source.read(HEAD_BYTES)
    if mp4.is_one(head):
        mp4.rewritten(source, target)
        return "video/mp4"
    if webm.is_one(head):
        webm.rewritten(source, target)
        return "video/webm"
    raise FileRefused("no_video")
