"""What the redaction finds, and how findings are put together. Pure.

Promises: findings stand in order, never overlap, begin and end between words, and a place where two were found is one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from facilitator.core.text import without_unseen


class Kind(StrEnum):
    """Why a place in a text is marked."""

    MAIL = "mail"
    URL = "url"
    NAME = "name"
    PERSON = "person"
    PHONE = "phone"
    DATE = "date"
    CODE = "code"
    PLACE = "place"
    FIRM = "firm"


# Where two were found in one place, the one further ahead says what it is.
WEIGHT = {kind: weight for weight, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in a text that may tell who or where it was, and what could stand there instead."""

    start: int
    end: int
    kind: Kind
    proposal: str = ""

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text, with the finding that it is, if it is one."""

    text: str
    finding: Finding | None = None


def together(text: str, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """In order, widened to whole words, and those that meet made one."""
    merged: list[Finding] = []
    for one in sorted((_widened(text, f) for f in found), key=lambda f: (f.start, f.end)):
        if merged and one.start < merged[-1].end:
            merged[-1] = _one_of(merged[-1], one)
        else:
            merged.append(one)
    return tuple(merged)


def _one_of(first: Finding, second: Finding) -> Finding:
    chosen = min(first, second, key=lambda f: (WEIGHT[f.kind], f.start - f.end))
    return replace(chosen, start=min(first.start, second.start), end=max(first.end, second.end))


def _widened(text: str, found: Finding) -> Finding:
    """To the ends of the words it touches: half a name is a name."""
    start, end = found.start, found.end
    while 0 < start < len(text) and _is_in_word(text[start]) and _is_in_word(text[start - 1]):
        start -= 1
    while 0 < end < len(text) and _is_in_word(text[end - 1]) and _is_in_word(text[end]):
        end += 1
    return replace(found, start=start, end=end)


def _is_in_word(character: str) -> bool:
    """Letters and figures, accents that stand as characters of their own, and what nobody sees: names are compared without it."""
    return character.isalnum() or unicodedata.combining(character) > 0 or not without_unseen(character)


def applied(text: str, findings: Iterable[Finding]) -> str:
    """The text with every proposal in its place."""
    return "".join(s.finding.proposal if s.finding else s.text for s in segments(text, findings))


def segments(text: str, findings: Iterable[Finding]) -> tuple[Segment, ...]:
    """The text cut where findings begin and end; put together again it is the text."""
    pieces: list[Segment] = []
    at = 0
    for found in findings:
        if found.start > at:
            pieces.append(Segment(text[at : found.start]))
        pieces.append(Segment(found.of(text), found))
        at = found.end
    if at < len(text):
        pieces.append(Segment(text[at:]))
    return tuple(pieces)
