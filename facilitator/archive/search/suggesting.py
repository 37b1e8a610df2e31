"""A likely slip of the finger: for a word that no readable card has, one that differs in a single letter and that some have."""

from __future__ import annotations

from collections.abc import Iterable

from facilitator.archive.search import bits
from facilitator.archive.search.postings import Postings
from facilitator.archive.search.understanding import Sought
from facilitator.archive.search.words import fold

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST, LONGEST = 4, 20


def suggestion(text: str, words: Iterable[Sought], postings: Postings) -> str:
    """The query with mended words, or empty."""
    mended = text
    for one in words:
        word = fold(one.wanted.token.word)
        if not one.hits and SHORTEST <= len(word) <= LONGEST and word.isalpha() and word.isascii():
            better = _better(word, postings)
            if better:
                mended = _replaced(mended, one.wanted.token.word, better)
    return mended if mended != text else ""


def _better(word: str, postings: Postings) -> str:
    """The word that most cards have; among equals the first in the alphabet."""
    candidates = sorted(_near(word))
    postings.fetch(f"={candidate}" for candidate in candidates)
    counts = {candidate: bits.present(postings.of(f"={candidate}")).bit_count() for candidate in candidates}
    best = max(candidates, key=lambda candidate: counts[candidate])
    return best if counts[best] else ""


def _near(word: str) -> set[str]:
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    gone = {left + right[1:] for left, right in cuts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    other = {left + letter + right[1:] for left, right in cuts if right for letter in LETTERS}
    more = {left + letter + right for left, right in cuts for letter in LETTERS}
    return (gone | swapped | other | more) - {word}


def _replaced(text: str, word: str, better: str) -> str:
    at = text.lower().find(word)
    return text if at < 0 else text[:at] + better + text[at + len(word) :]
