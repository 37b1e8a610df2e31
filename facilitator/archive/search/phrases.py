"""Phrases: of the cards that have all words of one, those that have them in this order. Their sealed words are opened for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import select

from facilitator.archive.search.among import among
from facilitator.archive.search.bits import members
from facilitator.archive.search.index import PLACE
from facilitator.archive.search.models import IndexedCard
from facilitator.archive.search.reach import Reach
from facilitator.core import sealing

AT_ONCE = 500


def with_phrases(reach: Reach, phrases: Sequence[tuple[str, ...]], cards: int) -> int:
    """The cards among these that have every phrase."""
    if not phrases or not cards:
        return cards
    wanted = [f" {' '.join(words)} " for words in phrases]
    found = 0
    for number, folded in _folded(reach, members(cards)):
        if all(words in folded for words in wanted):
            found |= 1 << number
    return found


def _folded(reach: Reach, numbers: Iterable[int]) -> Iterator[tuple[int, str]]:
    left = iter(numbers)
    while some := list(islice(left, AT_ONCE)):
        rows = reach.session.execute(
            select(IndexedCard.number, IndexedCard.card_id, IndexedCard.words).where(
                IndexedCard.organisation_id == reach.organisation_id, among(reach.session, IndexedCard.number, some)
            )
        )
        for number, card_id, words in rows:
            try:
                yield number, str(sealing.unseal(card_id, PLACE, words)["folded"])
            except sealing.Unreadable:
                continue
