"""Showing why a card was found: the same text in pieces, those that fit the query marked. Pure.

Promises: the pieces together are the text (composed, as Unicode calls it), and carry no markup. A word is marked by the
same rules by which it was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from facilitator.archive.search.query import ParsedQuery, QueryWord, parse
from facilitator.archive.search.terms import SHORTEST_HEAD, SHORTEST_SECOND, SHORTEST_TAIL
from facilitator.archive.search.tokens import Token, composed, fold, is_stop_word, language_of, stems, tokens
from facilitator.core import languages

SNIPPET_LENGTH = 200
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text; `is_hit`: it fits the query."""

    text: str
    is_hit: bool = False


def marked(text: str, query: str, locale: str) -> list[Segment]:
    """A whole text in pieces."""
    text = composed(text)
    return _segments(text, _hits(text, parse(query), language_of(locale)), 0, len(text))


def snippet(text: str, query: str, locale: str, length: int = SNIPPET_LENGTH) -> list[Segment]:
    """The piece of a text that has most of the query, of about `length` signs, cut between words."""
    text = composed(text)
    hits = _hits(text, parse(query), language_of(locale))
    if len(text) <= length:
        return _segments(text, hits, 0, len(text))
    start, end = _window(text, hits, length)
    segments = _segments(text, hits, start, end)
    before, after = ([Segment(ELLIPSIS)] if start else []), ([Segment(ELLIPSIS)] if end < len(text) else [])
    return [*before, *segments, *after]


def _hits(text: str, parsed: ParsedQuery, language: str) -> list[tuple[int, int]]:
    """Where hits stand, in order and without overlap."""
    every = list(tokens(text))
    loose = [asked for asked in parsed.words if not asked.is_quoted]
    spans = {(token.start, token.end) for token in every if any(_fits(token, asked, language) for asked in loose)}
    folded = [fold(token.word) for token in every]
    for phrase in parsed.phrases:
        size = len(phrase)
        for at in range(len(every) - size + 1):
            if tuple(folded[at : at + size]) == phrase:
                spans.add((every[at].start, every[at + size - 1].end))
    return _merged(sorted(spans))


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _fits(token: Token, asked: QueryWord, language: str) -> bool:
    word = asked.token.word
    bare = fold(token.word)
    if is_stop_word(word, language):
        return asked.is_open and not is_stop_word(token.word, language) and bare.startswith(fold(word))
    cut = stems(word, language)
    written = (token.word, *token.parts)
    if any(stems(one, language) & cut or fold(one) == fold(word) for one in written):
        return True
    if any(stems(token.word, language) & stems(part, language) for part in asked.token.parts):
        return True
    if asked.is_open and len(word) > 1 and bare.startswith(fold(word)):
        return True
    return _ends_with(token, word, language)


def _ends_with(token: Token, word: str, language: str) -> bool:
    """The other way round of `terms.ending`."""
    if language not in languages.joining() or len(fold(word)) < SHORTEST_SECOND:
        return False
    seconds = [stem for stem in stems(word, language) if len(stem) >= SHORTEST_TAIL]
    return any(
        mine.endswith(second) and len(mine) >= len(second) + SHORTEST_HEAD
        for mine in stems(token.word, language)
        for second in seconds
    )


def _window(text: str, hits: Sequence[tuple[int, int]], length: int) -> tuple[int, int]:
    """From a little before the hit that has the most others behind it."""
    starts = [start for start, _ in hits] or [0]
    best = max(starts, key=lambda start: (sum(start <= other < start + length * 3 // 4 for other in starts), -start))
    start = max(0, min(best - length // 4, len(text) - length))
    if start and (space := text.find(" ", start, best)) >= 0:
        start = space + 1
    end = min(len(text), start + length)
    if end < len(text) and (space := text.rfind(" ", start, end)) > best:
        end = space
    return start, end


def _segments(text: str, hits: Sequence[tuple[int, int]], start: int, end: int) -> list[Segment]:
    segments, at = [], start
    for first, last in hits:
        if first >= end or last <= at:
            continue
        if first > at:
            segments.append(Segment(text[at:first]))
        segments.append(Segment(text[max(first, at) : min(last, end)], is_hit=True))
        at = min(last, end)
    if at < end:
        segments.append(Segment(text[at:end]))
    return segments
