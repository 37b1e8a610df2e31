"""What a card is found by, and what a word of a query looks for: the two sides of the index, side by side. Pure.

A term is a short text with a sign in front that says what it is; the index knows it as a keyed hash only (`Names`).

| term | found by it |
|---|---|
| `nl:stoor` | words of a Dutch card with this stem; likewise `en:`, `de:`, `fr:` |
| `=storing` | this very word, in any language |
| `^stor` | words that begin so |
| `~nl:monteur` | Dutch and German words that end so, such as storingsmonteur |
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from facilitator.archive.content import CardContent
from facilitator.archive.search import bitsets
from facilitator.archive.search.tokens import OTHER, Token, fold, is_stop_word, stems, words_of
from facilitator.core import languages

SHORTEST_PREFIX, LONGEST_PREFIX = 2, 16
SHORTEST_HEAD, SHORTEST_TAIL = 4, 4  # of stems, in a compound
SHORTEST_SECOND = 5  # of the word that a compound ends with
NAME_BYTES = 8

TITLE, QUESTION, THEMES, INSIGHTS, REST = 6, 4, 4, 2, 1


@dataclass(frozen=True, slots=True)
class Field:
    """The words of some texts of a card that weigh the same, each as `Token.written`: all that is sealed of them with the index."""

    weight: int
    words: tuple[str, ...]

    @classmethod
    def of(cls, weight: int, *texts: str) -> Field:
        return cls(weight, tuple(token.written for text in texts for token in words_of(text)))


def fields_of(content: CardContent, theme_names: Iterable[str]) -> tuple[Field, ...]:
    """The texts of a card, where a word says most about it first."""
    rest = [content.context, content.tried, content.outcome, content.when_to_use, content.when_not, content.summary]
    return (
        Field.of(TITLE, content.title),
        Field.of(QUESTION, content.question),
        Field.of(THEMES, *theme_names),
        Field.of(INSIGHTS, *content.insights, *content.advice, content.action),
        Field.of(REST, *rest, *(step.text for step in content.steps)),
    )


def terms_of(fields: Iterable[Field], language: str) -> dict[str, int]:
    """Every term of a card with its weight: that of the best place, and one more where it is said in several."""
    weights: dict[str, int] = {}
    for field in fields:
        here = {term for written in field.words for term in _terms_of_written(written, language)}
        for term in here:
            known = weights.get(term, 0)
            weights[term] = min(max(known, field.weight) + (1 if known else 0), bitsets.HEAVIEST)
    return weights


def _terms_of_written(written: str, language: str) -> Iterator[str]:
    token = Token.read(written)
    for word in (token.word, *token.parts):
        if not is_stop_word(word, language):
            yield from _terms_of_word(word, language)


@lru_cache(maxsize=50_000)
def _terms_of_word(word: str, language: str) -> tuple[str, ...]:
    bare, cut = fold(word), stems(word, language)
    tails = {stem[at:] for stem in cut for at in range(SHORTEST_HEAD, len(stem) - SHORTEST_TAIL + 1)}
    return (
        f"={bare}",
        *(f"{language}:{stem}" for stem in cut),
        *(f"^{bare[:length]}" for length in range(SHORTEST_PREFIX, min(len(bare), LONGEST_PREFIX) + 1)),
        *(f"~{language}:{tail}" for tail in tails if language in languages.joining()),
    )


def whole(word: str) -> frozenset[str]:
    """The terms of a word that is meant as it stands, in whatever language."""
    found = {f"{language}:{stem}" for language in languages.stemmed() for stem in stems(word, language)}
    return frozenset({*found, f"{OTHER}:{fold(word)}", f"={fold(word)}"})


def beginning(word: str) -> frozenset[str]:
    """The terms of a word that is still being typed."""
    bare = fold(word)
    return frozenset([f"^{bare[:LONGEST_PREFIX]}"]) if len(bare) >= SHORTEST_PREFIX else frozenset()


def ending(word: str) -> frozenset[str]:
    """The terms of compounds that end with a word."""
    if len(fold(word)) < SHORTEST_SECOND:
        return frozenset()
    return frozenset(
        f"~{language}:{stem}"
        for language in languages.joining()
        for stem in stems(word, language)
        if len(stem) >= SHORTEST_TAIL
    )


@dataclass(frozen=True, slots=True)
class Names:
    """What the terms of one organisation are called in the index: without its key nobody can tell, or ask, which word it is."""

    key: bytes

    @classmethod
    def of(cls, master: bytes, organisation_id: str) -> Names:
        """Those of an organisation; they differ from every other's."""
        return cls(hmac.digest(master, f"search:{organisation_id}".encode(), "sha256"))

    def of_term(self, term: str) -> bytes:
        """The name of a term."""
        return hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=NAME_BYTES, key=self.key).digest()
