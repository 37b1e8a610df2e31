"""Which cards of the index somebody may read, as one set.

A hundred thousand cards cannot be asked one by one. But whoever may read one card of an audience – everybody in the
organisation, or a group – may read all of that audience that are in the index. So the newest and the oldest card of each audience
are asked after, in the words of `archive.rules.readable`; and what is finally shown is asked after once more, card by card.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from facilitator.archive.models import Card
from facilitator.archive.search.among import among
from facilitator.archive.search.columns import AUDIENCE, Columns, columns_of
from facilitator.archive.search.models import IndexedCard


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody may find: their organisation, its columns, and the cards they may read."""

    session: Session
    readable: Select[Card]
    organisation_id: str
    columns: Columns
    cards: int

    def ids(self, numbers: Iterable[int]) -> dict[int, str]:
        """Number → id of those among them that may be read, now."""
        # Two questions, not a join: a database could choose to begin with every card of the organisation.
        found = select(IndexedCard.number, IndexedCard.card_id).where(
            IndexedCard.organisation_id == self.organisation_id, among(self.session, IndexedCard.number, numbers)
        )
        ids = dict(self.session.execute(found).all())
        asked = self.readable.with_only_columns(Card.id).where(among(self.session, Card.id, ids.values()))
        allowed = set(self.session.scalars(asked))
        return {number: card_id for number, card_id in ids.items() if card_id in allowed}


def reach_of(session: Session, readable: Select[Card]) -> Reach | None:
    """What may be found of the cards somebody may read; None where that is nothing."""
    organisation_id = session.scalar(readable.with_only_columns(Card.organisation_id).limit(1))
    if organisation_id is None:
        return None
    columns = columns_of(session, organisation_id)
    nobody = Reach(session, readable, organisation_id, columns, 0)
    asked = columns.ends
    allowed = nobody.ids({number for ends in asked.values() for number in ends})
    cards = 0
    for audience, ends in asked.items():
        if all(number in allowed for number in ends):
            cards |= columns.cards(AUDIENCE, audience)
    return Reach(session, readable, organisation_id, columns, cards)
