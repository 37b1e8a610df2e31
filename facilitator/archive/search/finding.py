"""From a query to hits, in order, with counts for each filter; and from a card to those that share its rarest words and its themes.

Promises: a card that may not be read changes nothing: no hit, no count, no order, no suggestion. Both databases answer alike,
because they only hand over posting lists; what follows is the same arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from facilitator.archive.models import Card, IndexedCard
from facilitator.archive.search import bitsets
from facilitator.archive.search.bitsets import members
from facilitator.archive.search.columns import Reach, reach_of
from facilitator.archive.search.index import terms_in, text_in
from facilitator.archive.search.matching import Matched, Postings, match
from facilitator.archive.search.query import FILTERS, ParsedQuery, Query, parse
from facilitator.archive.search.tokens import fold
from facilitator.core import sealing
from facilitator.core.db import batched, is_in

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST, LONGEST = 4, 20

# Of related cards.
MOST_TERMS = 60  # of a long card, those that weigh most
RAREST = 12
COMMON = 5  # a word that more than a fifth of the cards have relates nothing


@dataclass(frozen=True, slots=True)
class Hit:
    card_id: str
    score: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits, the best first. `counts`: filter → value → how many hits there would be with that value. Where no
    card has all words, those with some are given, and `is_complete` is False. `suggestion` is the query with a likely slip
    of the finger mended, or empty.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    is_complete: bool = True
    suggestion: str = ""
    page: int = 1
    pages: int = 0


def find(session: Session, readable: Select[Card], query: Query) -> Found:
    """The cards that fit, of those somebody may read. Without a text: all of them, the newest first."""
    reach = reach_of(session, readable)
    if reach is None:
        return Found()
    while True:
        answer = _Answer(reach, query)
        page = answer.page()
        ids = reach.ids([number for number, _ in page])
        if len(ids) == len(page):
            return answer.found([Hit(ids[number], score) for number, score in page])
        # Somebody may not read, after all, what the index thought: it is as if it were not there, in counts as well.
        hidden = sum(1 << number for number, _ in page if number not in ids)
        reach = Reach(session, readable, reach.organisation_id, reach.columns, reach.cards & ~hidden)


class _Answer:
    """The hits of one query, before it is known which page is wanted."""

    def __init__(self, reach: Reach, query: Query) -> None:
        self.reach, self.query = reach, query
        self.parsed: ParsedQuery = parse(query.text)
        self.is_browsing = not query.text.strip()
        self.is_complete = True
        self.scores: bitsets.Slices = ()
        self.suggestion = ""
        self.matching = reach.cards if self.is_browsing else self._matching()
        self.cards = self.matching & self._fitting()

    def _matching(self) -> int:
        postings = Postings(self.reach)
        words = match(self.parsed, postings)
        self.scores = bitsets.total((word.weights, rarity(word.hits, self.reach.cards)) for word in words)
        every = with_phrases(self.reach, self.parsed.phrases, all_of(words, self.reach.cards))
        if any(not word.hits for word in words):
            self.suggestion = suggestion(self.query.text, words, postings)
        if every or self.parsed.phrases:
            return every
        self.is_complete = False
        return any_of(words)

    def _fitting(self, without: str = "") -> int:
        cards = self.reach.cards
        for name, values in self.query.filters.items():
            if name != without:
                cards &= _union(self.reach.columns.cards(name, value) for value in values)
        return cards

    def page(self) -> list[tuple[int, int]]:
        first, last = self.query.first, self.query.first + self.query.per_page
        return bitsets.best(self.cards, self.scores, last)[first:last]

    def found(self, hits: list[Hit]) -> Found:
        total = self.cards.bit_count()
        return Found(
            tuple(hits),
            total,
            {name: self._counts(name) for name in FILTERS},
            self.is_complete or not total,
            self.suggestion,
            self.query.first // self.query.per_page + 1,
            -(-total // self.query.per_page),
        )

    def _counts(self, name: str) -> dict[str, int]:
        cards = self.matching & self._fitting(without=name)
        counts = {
            value: (cards & having).bit_count() for value, having in self.reach.columns.sets.get(name, {}).items()
        }
        return {value: count for value, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])) if count}


def all_of(words: Iterable[Matched], readable: int) -> int:
    """The cards that have every word, and in their own language at least one that says something."""
    cards, said = readable, 0
    for word in words:
        cards &= word.hits | word.excused
        said |= word.hits
    return cards & said


def any_of(words: Iterable[Matched]) -> int:
    return _union(word.hits for word in words)


def rarity(cards: int, readable: int) -> int:
    """How much it says that a card is one of these: more, the fewer of the readable cards are."""
    return max(1, round(4 * log(1 + readable.bit_count() / cards.bit_count()))) if cards else 0


def _union(sets: Iterable[int]) -> int:
    cards = 0
    for each in sets:
        cards |= each
    return cards


def with_phrases(reach: Reach, phrases: Sequence[tuple[str, ...]], cards: int) -> int:
    """The cards among these that have every phrase."""
    if not phrases or not cards:
        return cards
    wanted = [f" {' '.join(words)} " for words in phrases]
    connection, found = reach.session.connection(), 0
    for some in batched(members(cards)):
        rows = connection.execute(
            select(IndexedCard.number, IndexedCard.card_id, IndexedCard.words).where(
                IndexedCard.organisation_id == reach.organisation_id, is_in(connection, IndexedCard.number, some)
            )
        ).all()
        sealing.keyring().open(card_id for _, card_id, _ in rows)
        for number, text in sealing.each(rows, lambda row: (row.number, text_in(row.card_id, row.words))):
            if all(words in text for words in wanted):
                found |= 1 << number
    return found


def suggestion(text: str, words: Iterable[Matched], postings: Postings) -> str:
    """The query with mended words, or empty."""
    mended = text
    for one in words:
        word = fold(one.asked.token.word)
        if not one.hits and SHORTEST <= len(word) <= LONGEST and word.isalpha() and word.isascii():
            better = _better(word, postings)
            if better:
                mended = _replaced(mended, one.asked.token.word, better)
    return mended if mended != text else ""


def _better(word: str, postings: Postings) -> str:
    """The word that most cards have; among equals the first in the alphabet."""
    candidates = sorted(_near(word))
    postings.fetch(f"={candidate}" for candidate in candidates)
    counts = {candidate: bitsets.present(postings.of(f"={candidate}")).bit_count() for candidate in candidates}
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


def related(session: Session, readable: Select[Card], card_id: str, n: int) -> tuple[Hit, ...]:
    """Up to `n` cards, the closest first. None where the card itself may not be read."""
    reach = reach_of(session, readable)
    row = session.get(IndexedCard, card_id)
    if reach is None or row is None or row.number not in reach.ids([row.number]):
        return ()
    mine = 1 << row.number
    shared = [*_shared_words(reach, row), *_shared_themes(reach, mine)]
    close = _union(bitsets.present(slices) for slices, _ in shared)
    page = bitsets.best(close & reach.cards & ~mine, bitsets.total(shared), n)
    ids = reach.ids([number for number, _ in page])
    return tuple(Hit(ids[number], score) for number, score in page if number in ids)


def _shared_words(reach: Reach, row: IndexedCard) -> Iterable[tuple[bitsets.Slices, int]]:
    nothing: dict[str, int] = {}
    weights = sealing.readable(lambda: terms_in(row.card_id, row.words), nothing)
    terms = sorted((term for term in weights if term[0] == "="), key=lambda term: (-weights[term], term))[:MOST_TERMS]
    postings = Postings(reach)
    postings.fetch(terms)
    rated = [(term, _factor(reach, bitsets.present(postings.of(term)))) for term in terms]
    rarest = sorted((one for one in rated if one[1]), key=lambda one: (-one[1] * weights[one[0]], one[0]))[:RAREST]
    return [(postings.of(term), factor) for term, factor in rarest]


def _shared_themes(reach: Reach, mine: int) -> Iterable[tuple[bitsets.Slices, int]]:
    for having in reach.columns.sets.get("theme", {}).values():
        cards = having & reach.cards
        if having & mine and (factor := _factor(reach, cards, common=1)):
            yield (cards, cards, cards)[: bitsets.SLICES], factor


def _factor(reach: Reach, cards: int, common: int = COMMON) -> int:
    count, every = cards.bit_count(), reach.cards.bit_count()
    return 0 if count < 2 or count * common > every + common else rarity(cards, reach.cards)
