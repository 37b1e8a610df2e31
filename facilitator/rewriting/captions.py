"""Captions: WebVTT written anew, from times and words.

Kept: when a line is shown, its words, and that they are bold, in italics, underlined or ruby. Not kept: who speaks, notes, styles,
regions, names, classes, places on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from facilitator.core.sandboxed import FileRefused, work
from facilitator.core.text import one_line

MOMENT = r"(?:([0-9]{2,4}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})"
TIMES = re.compile(rf"[ \t]*{MOMENT}[ \t]*-->[ \t]*{MOMENT}(?:[ \t].*)?")
HEAD = re.compile(r"WEBVTT(?:[ \t].*)?")
TAG = re.compile(r"<(/?)([^>]*)>?")
KEPT_TAGS = ("b", "i", "u", "ruby", "rt")

Cue = tuple[int, int, list[str]]


@work()
def captions(source: BinaryIO, target: BinaryIO) -> str:
    try:
        text = source.read().decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise FileRefused("no_captions") from error
    head, *lines = re.split("\r\n|\n|\r", text)
    if not HEAD.fullmatch(head):
        raise FileRefused("no_captions")
    cues = [f"{_moment(start)} --> {_moment(end)}\n" + "\n".join(words) for start, end, words in _cues(lines) if words]
    if not cues:
        raise FileRefused("empty_captions")
    target.write(("WEBVTT\n\n" + "\n\n".join(cues) + "\n").encode())
    return "text/vtt"


def _cues(lines: list[str]) -> Iterator[Cue]:
    """A line with an arrow begins one, an empty line ends it; what stands outside of them is not for who watches."""
    cue: Cue | None = None
    for line in [*lines, ""]:
        if cue and (not line or "-->" in line):
            yield cue
            cue = None
        if "-->" in line:
            cue = _begun(line)
        elif cue and (words := _words(line)):
            cue[2].append(words)


def _begun(line: str) -> Cue | None:
    found = TIMES.fullmatch(line)
    if found is None:
        return None
    start, end = (_thousandths(found.groups()[at : at + 4]) for at in (0, 4))
    return (start, end, []) if start < end else None


def _thousandths(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def _moment(thousandths: int) -> str:
    seconds, rest = divmod(thousandths, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"


def _words(line: str) -> str:
    return one_line(TAG.sub(_tag, line))


def _tag(found: re.Match[str]) -> str:
    """The bare tag, without the classes and names that may stand in it."""
    name = re.split(r"[.\s]", found[2], maxsplit=1)[0]
    return f"<{found[1]}{name}>" if name in KEPT_TAGS else ""
