"""Related cards: those that share the rarest words and the themes of a card, of those somebody may read."""

from __future__ import annotations

from collections.abc import Iterable
from math import log

from sqlalchemy import Select
from sqlalchemy.orm import Session

from facilitator.archive.models import Card, IndexedCard
from facilitator.archive.search import bitsets
from facilitator.archive.search.columns import Reach, reach_of
from facilitator.archive.search.finding import Hit
from facilitator.archive.search.index import terms_in
from facilitator.archive.search.understanding import Postings
from facilitator.core import sealing

MOST_TERMS = 60  # of a long card, those that weigh most
RAREST = 12
COMMON = 5  # a word that more than a fifth of the cards have relates nothing
THEME_WEIGHT = 7


def related(session: Session, readable: Select[Card], card_id: str, n: int) -> tuple[Hit, ...]:
    """Up to `n` cards, the closest first. None where the card itself may not be read."""
    reach = reach_of(session, readable)
    row = session.get(IndexedCard, card_id)
    if reach is None or row is None or row.number not in reach.ids([row.number]):
        return ()
    mine = 1 << row.number
    shared = [*_words(reach, row), *_themes(reach, mine)]
    close = 0
    for slices, _ in shared:
        close |= bitsets.present(slices)
    page = bitsets.best(close & reach.cards & ~mine, bitsets.total(shared), n)
    ids = reach.ids([number for number, _ in page])
    return tuple(Hit(ids[number], score) for number, score in page if number in ids)


def _words(reach: Reach, row: IndexedCard) -> Iterable[tuple[bitsets.Slices, int]]:
    nothing: dict[str, int] = {}
    weights = sealing.readable(lambda: terms_in(row.card_id, row.words), nothing)
    terms = sorted((term for term in weights if term[0] == "="), key=lambda term: (-weights[term], term))[:MOST_TERMS]
    postings = Postings(reach)
    postings.fetch(terms)
    rated = [(term, _factor(reach, bitsets.present(postings.of(term)))) for term in terms]
    rarest = sorted((one for one in rated if one[1]), key=lambda one: (-one[1] * weights[one[0]], one[0]))[:RAREST]
    return [(postings.of(term), factor) for term, factor in rarest]


def _themes(reach: Reach, mine: int) -> Iterable[tuple[bitsets.Slices, int]]:
    for having in reach.columns.sets.get("theme", {}).values():
        cards = having & reach.cards
        if having & mine and (factor := _factor(reach, cards, common=1)):
            yield (cards, cards, cards)[: bitsets.SLICES], factor


def _factor(reach: Reach, cards: int, common: int = COMMON) -> int:
    count, every = cards.bit_count(), reach.cards.bit_count()
    if count < 2 or count * common > every + common:
        return 0
    return round(4 * log(1 + every / count))
