"""Finds words in capitals that look like firms, places or people who were not there. Pure.

Promises: the first word of a sentence alone is no reason; German nouns are no reason either – there a word needs a firm's
ending, all capitals, capitals inside, a title before it, or a place in our list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from facilitator.consent.redaction.findings import Finding, Kind
from facilitator.consent.redaction.wordlists import Language, begins_at, words

WORD = re.compile(r"[^\W\d_][\w&.]*(?:['’‐-][^\W\d_][\w]*)*")
NEAR = 40  # letters before a firm in which a word may tell that it delivers something


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start: int
    end: int
    is_first: bool

    @property
    def is_capital(self) -> bool:
        """Whether it begins as a name does."""
        return self.text[:1].isupper()


def find_capitals(text: str, language: Language, capital_nouns: bool) -> Iterator[Finding]:
    """Every run of such words; without proposals for people, with the fitting kind for the rest."""
    read = _words(text)
    at = 0
    while at < len(read):
        end = _run(read, at, text, capital_nouns)
        if end == at:
            at += 1
            continue
        yield _finding(read, at, end, text, language)
        at = end


def _finding(read: list[Word], at: int, end: int, text: str, language: Language) -> Finding:
    """A title goes with the name behind it."""
    if _has_title(read, at, text):
        return Finding(read[at - 1].start, read[end - 1].end, Kind.PERSON)
    before = read[at - 1].text.lower() if at and not read[at].is_first else ""
    return Finding(read[at].start, read[end - 1].end, _kind(read[at:end], before, language))


def _words(text: str) -> list[Word]:
    found = []
    for match in WORD.finditer(text):
        bare = match.group().rstrip(".")
        if bare + "." not in words().shared.firm_suffixes and match.group() not in words().shared.firm_suffixes:
            end = match.start() + len(bare)
        else:
            end = match.end()
        found.append(Word(text[match.start() : end], match.start(), end, begins_at(text, match.start())))
    return found


def _run(read: list[Word], at: int, text: str, capital_nouns: bool) -> int:
    """Where the run of name-like words that begins here ends; `at` itself where none begins."""
    if not read[at].is_capital and not _is_mixed(read[at].text):
        return at
    end = at + 1
    while end < len(read) and _goes_on(read, end, text, capital_nouns):
        end += 1
    while end > at + 1 and not _is_telling(read[end - 1].text) and not read[end - 1].is_capital:
        end -= 1
    run = read[at:end]
    if any(_is_suffix(word.text) for word in run[1:]):
        return at + 1 + max(i for i, word in enumerate(run[1:]) if _is_suffix(word.text)) + 1
    strong = [_is_strong(word) or (not capital_nouns and _is_weak(word)) for word in run]
    if _has_title(read, at, text):
        strong[0] = True
    return at + 1 + max(i for i, is_name in enumerate(strong) if is_name) if strong[0] else at


def _goes_on(read: list[Word], at: int, text: str, capital_nouns: bool) -> bool:
    """Whether a word belongs to the run before it: another name, or a particle between two."""
    gap = text[read[at - 1].end : read[at].start]
    if gap.strip(" &-") or "\n" in gap or len(gap) > 3 or read[at].is_first:
        return False
    if read[at].is_capital:
        return not capital_nouns or _is_strong(read[at]) or _is_suffix(read[at].text)
    is_particle = read[at].text in words().shared.particles
    return (
        is_particle
        and at + 1 < len(read)
        and read[at + 1].is_capital
        and not capital_nouns
        and not read[at + 1].is_first
    )


def _is_strong(word: Word) -> bool:
    """Looks like a name anywhere, in any language."""
    bare = word.text.strip(".")
    if bare in words().shared.known_capitals or bare in words().shared.ordinary:
        return False
    if bare in words().shared.places or bare in words().shared.first_names:
        return True
    return _is_all_capitals(bare) or _is_mixed(bare)


def _is_weak(word: Word) -> bool:
    """A capital inside a sentence, where the language gives nouns none."""
    bare = word.text.strip(".")
    known = words().shared
    return word.is_capital and not word.is_first and bare not in known.ordinary and bare not in known.known_capitals


def _is_all_capitals(bare: str) -> bool:
    letters = [letter for letter in bare if letter.isalpha()]
    return len(letters) >= 2 and all(letter.isupper() for letter in letters)


def _is_mixed(bare: str) -> bool:
    """`McDonald`, `eBay`, `BoschRexroth`: a capital after a small letter."""
    return any(a.islower() and b.isupper() for a, b in pairwise(bare))


def _is_suffix(word: str) -> bool:
    return word in words().shared.firm_suffixes or word + "." in words().shared.firm_suffixes


def _is_telling(word: str) -> bool:
    return _is_suffix(word) or _is_mixed(word)


def _has_title(read: list[Word], at: int, text: str) -> bool:
    """Whether a title stands before: whoever comes after it is a person."""
    if at == 0 or len(text[read[at - 1].end : read[at].start].strip(". ")) > 0:
        return False
    title = read[at - 1].text.lower().strip(".")
    return any(title in language.titles for language in words().languages.values())


def _kind(run: list[Word], before: str, language: Language) -> Kind:
    first, known = run[0].text.strip("."), words().shared
    if any(_is_suffix(word.text) for word in run[1:]):
        return Kind.FIRM
    if first in known.first_names:
        return Kind.PERSON
    return Kind.PLACE if first in known.places or before in language.place_before else Kind.FIRM


def delivers(text: str, found: Finding, language: Language) -> bool:
    """Whether the words around a firm tell that it delivers something."""
    around = text[max(0, found.start - NEAR) : found.end + NEAR].lower()
    return any(word in around for word in language.supplier_near)
