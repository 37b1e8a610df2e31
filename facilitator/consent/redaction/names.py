"""Finds the names of the people who were there, as people write them. Pure.

Promises: a name is found whatever its capitals and accents, whole or in parts, with an ending (`Gia's`, `Peters`,
`Jantje`), and only as a word of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from facilitator.consent.redaction.findings import Finding, Kind
from facilitator.consent.redaction.wordlists import words
from facilitator.core.text import alike, straight, without_unseen

POSSESSIVE = r"(?:'s|')"
ENDINGS = r"(?:es|s|ns|atje|otje|tje|etje|pje|je|ke|ken|chen|lein)"
SHORTEST_WITH_ENDING = 3
SHORTEST_PART = 2
BETWEEN = r"[\s\-‐-–]+"


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without capitals, accents and what nobody sees, its apostrophes straight, and where each of its letters stood."""

    text: str
    places: tuple[int, ...]
    original: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """From a place in the folded text to the place in the original one, accents that follow included."""
        begin, last = self.places[start], self.places[end - 1] + 1
        while last < len(self.original) and unicodedata.combining(self.original[last]):
            last += 1
        return begin, last


def folded(text: str) -> Folded:
    """Letter by letter, so that places can be found again."""
    letters, places = [], []
    for place, letter in enumerate(text):
        for part in alike(unicodedata.normalize("NFKD", without_unseen(letter)).casefold()):
            if not unicodedata.combining(part):
                letters.append(part)
                places.append(place)
    return Folded("".join(letters), tuple(places), text)


def find_names(text: str, names: Iterable[str]) -> Iterator[Finding]:
    """Every place where somebody who was there is named; without proposals."""
    pattern = name_pattern(names)
    if pattern is None:
        return
    plain = folded(text)
    for match in pattern.finditer(plain.text):
        yield Finding(*plain.span(match.start(), match.end()), Kind.NAME)


def name_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for all of them, over folded text; None where nobody has a name with a letter in it."""
    known = {found for name in names for found in _forms(folded(name).text)}
    if not known:
        return None
    longest_first = sorted(known, key=lambda name: (-len(name), name))
    either = "|".join(_as_pattern(name) for name in longest_first)
    one = rf"(?:{either})"
    return re.compile(rf"(?<![^\W_]){one}(?:{BETWEEN}{one})*{POSSESSIVE}?(?![^\W_])")


def is_possessive(found: str) -> bool:
    """Whether a name stands there as somebody's who has something."""
    return re.search(rf"{POSSESSIVE}$", straight(found)) is not None


def name_words(names: Iterable[str]) -> frozenset[str]:
    """The words by which somebody is found, folded: a proposal must not hold one of them."""
    forms = (form for name in names for form in _forms(folded(name).text))
    return frozenset(word for form in forms for word in _words(form) if word == form or not _is_particle(word))


def holds_word(text: str, taken: frozenset[str]) -> bool:
    """Whether one of these words stands in a text, whatever its ending."""
    return any(word.startswith(name) for word in _words(folded(text).text) for name in taken)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _is_particle(word: str) -> bool:
    return word in words().shared.particles


def _forms(name: str) -> Iterator[str]:
    """A name whole, and each of its parts that names somebody by itself."""
    whole = " ".join(name.split())
    if any(letter.isalnum() for letter in whole):
        yield whole
    parts = [part for part in re.split(r"[^\w']+", whole) if part]
    for part in parts if len(parts) > 1 else ():
        bare = part.strip("'_")
        if len(bare) >= SHORTEST_PART and not _is_particle(bare) and any(c.isalnum() for c in bare):
            yield bare


def _as_pattern(name: str) -> str:
    """A name with any white space or hyphen between its words, and an ending where it is long enough to have one."""
    pieces = [re.escape(piece) for piece in re.split(r"[\s\-‐-–]+", name) if piece]
    ending = rf"{ENDINGS}?" if len(name) >= SHORTEST_WITH_ENDING and name[-1:].isalpha() else ""
    return BETWEEN.join(pieces) + ending
