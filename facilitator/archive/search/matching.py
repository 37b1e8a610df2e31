"""From the words of a query to the cards that have them, whichever way they are written there.

A word fits as it stands (in the inflections of every language), as the beginning of a word while it is being typed, as the end
of a compound, as the parts that its hyphen joins, joined with its neighbour (storing monteur, storingsmonteur), and, if nothing
else has it, taken apart itself (storingsmonteur, monteur … storing).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import select

from facilitator.archive.models import Posting
from facilitator.archive.search import bitsets
from facilitator.archive.search.columns import Reach
from facilitator.archive.search.query import ParsedQuery, QueryWord
from facilitator.archive.search.terms import Names, beginning, ending, whole
from facilitator.archive.search.tokens import fold, is_stop_word
from facilitator.core import languages, sealing
from facilitator.core.db import batched, is_in

SHORTEST_PART = 4


@dataclass(frozen=True, slots=True)
class Matched:
    """A word of a query: the cards that have it with their weights, and the cards in whose language it says nothing."""

    asked: QueryWord
    weights: bitsets.Slices
    hits: int
    excused: int


def match(parsed: ParsedQuery, postings: Postings) -> list[Matched]:
    """Every word of a query with the cards that have it."""
    words = parsed.words
    postings.fetch({term for place in range(len(words)) for term in _terms(words, place)})
    found = [_matched(words, place, postings) for place in range(len(words))]
    return [one if one.hits else _taken_apart(one, postings) for one in found]


def _terms(words: tuple[QueryWord, ...], place: int) -> Iterator[str]:
    asked = words[place]
    word = asked.token.word
    yield from whole(word)
    yield from ending(word)
    if asked.is_open:
        yield from beginning(word)
    for part in asked.token.parts:
        yield from whole(part)
    for compound in _with_next(words, place):
        yield from whole(compound)


def _matched(words: tuple[QueryWord, ...], place: int, postings: Postings) -> Matched:
    asked = words[place]
    word = asked.token.word
    sure = postings.of_any(whole(word))
    less_sure = [postings.of_any(ending(word))]
    if asked.is_open:
        less_sure.append(postings.of_any(beginning(word)))
    if asked.token.parts:
        less_sure.append(_each(asked.token.parts, postings))
    joined = [term for before in (place - 1, place) for word in _with_next(words, before) for term in whole(word)]
    weights = bitsets.either([sure, bitsets.halved(bitsets.either(less_sure)), postings.of_any(joined)])
    return Matched(asked, weights, bitsets.present(weights), _excused(word, postings))


def _with_next(words: tuple[QueryWord, ...], place: int) -> list[str]:
    if place < 0 or place + 1 >= len(words):
        return []
    code = languages.joining()[
        0
    ]  # and its three most frequent joints: all those of every language would be too much to ask for
    one, next_ = words[place].token.word, words[place + 1].token.word
    if len(one) < 3 or len(next_) < 3 or any(is_stop_word(word, code) for word in (one, next_)):
        return []
    return [f"{one}{joint}{next_}" for joint in languages.TABLE[code].joints[:3]]


def _taken_apart(one: Matched, postings: Postings) -> Matched:
    word = fold(one.asked.token.word)
    pairs = [pair for pair in _pairs(word) if not one.asked.is_quoted]
    postings.fetch({term for pair in pairs for part in pair for term in _in_compounding(part)})
    weights = bitsets.either(
        bitsets.only(bitsets.either([left, right]), bitsets.present(left) & bitsets.present(right))
        for left, right in ([postings.of_any(_in_compounding(part)) for part in pair] for pair in pairs)
    )
    weights = bitsets.halved(weights)
    return replace(one, weights=weights, hits=bitsets.present(weights))


def _pairs(word: str) -> Iterator[tuple[str, str]]:
    joints = dict.fromkeys(joint for code in languages.joining() for joint in languages.TABLE[code].joints)
    for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        for joint in joints:
            if word[:at].endswith(joint) and at - len(joint) >= SHORTEST_PART:
                yield word[: at - len(joint)], word[at:]


def _in_compounding(word: str) -> frozenset[str]:
    return frozenset(term for term in whole(word) if term[:2] in languages.joining())


def _each(parts: tuple[str, ...], postings: Postings) -> bitsets.Slices:
    """The weights where all parts are there."""
    found = [postings.of_any(whole(part)) for part in parts]
    everywhere = bitsets.present(found[0])
    for weights in found[1:]:
        everywhere &= bitsets.present(weights)
    return bitsets.only(bitsets.either(found), everywhere)


def _excused(word: str, postings: Postings) -> int:
    """The cards in whose language a word says nothing: they need not have it."""
    columns, cards = postings.reach.columns, 0
    silent = {language for language in languages.stemmed() if is_stop_word(word, language)}
    for locale, having in columns.sets.get("locale", {}).items():
        if locale[:2].lower() in silent:
            cards |= having
    return cards & postings.reach.cards


NONE: bitsets.Slices = (0,) * bitsets.SLICES


class Postings:
    """The posting lists of an organisation, as far as somebody's reach goes."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.names = Names.of(sealing.keyring().master, reach.organisation_id)
        self.known: dict[str, bitsets.Slices] = {}

    def fetch(self, terms: Iterable[str]) -> None:
        """Reads what will be asked for, all at once."""
        wanted = {self.names.of_term(term): term for term in terms if term not in self.known}
        for some in batched(sorted(wanted)):
            self._read(some, wanted)
        for term in wanted.values():
            self.known.setdefault(term, NONE)

    def of(self, term: str) -> bitsets.Slices:
        """The weights of a term."""
        if term not in self.known:
            self.fetch([term])
        return self.known[term]

    def of_any(self, terms: Iterable[str]) -> bitsets.Slices:
        """The weights where one of the terms is enough."""
        return bitsets.either(self.of(term) for term in terms)

    def _read(self, names: list[bytes], wanted: dict[bytes, str]) -> None:
        found = select(Posting.term, Posting.chunk, Posting.bits).where(
            Posting.organisation_id == self.reach.organisation_id,
            is_in(self.reach.session.connection(), Posting.term, names),
        )
        chunks: dict[bytes, dict[int, bytes]] = defaultdict(dict)
        for name, chunk, stored in self.reach.session.execute(found):
            chunks[name][chunk] = stored
        for name, lists in chunks.items():
            whole = bitsets.joined(lists, self.reach.columns.chunks)
            self.known[wanted[name]] = bitsets.only(whole, self.reach.cards)
