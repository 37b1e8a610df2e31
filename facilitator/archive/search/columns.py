"""What cards are filtered by, as one set of cards for each value; what this process remembers of it; and what of it somebody may read.

A hundred thousand cards cannot be asked one by one. But whoever may read one card of an audience – everybody in the
organisation, or a group – may read all of that audience that are in the index. So the newest and the oldest card of each audience
are asked after, in the words of `archive.rules.readable`; and what is finally shown is asked after once more, card by card.

Promises: the database is the truth. A remembered chunk is used only while its revision is the one in the database.
"""

from __future__ import annotations

import json
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from facilitator.archive.models import Card, Chunk, IndexedCard
from facilitator.archive.search.bitsets import CHUNK_CARDS
from facilitator.core.db import is_in

AUDIENCE = "audience"
MOST_ORGANISATIONS = 8


Sets = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Columns:
    """Filter → value → the cards that have it, over all chunks of an organisation."""

    chunks: int
    sets: Mapping[str, Mapping[str, int]]

    @cached_property
    def ends(self) -> Mapping[str, tuple[int, int]]:
        """Audience → its newest and its oldest card."""
        return {
            audience: (cards.bit_length() - 1, (cards & -cards).bit_length() - 1)
            for audience, cards in self.sets.get(AUDIENCE, {}).items()
        }

    def cards(self, column: str, value: str) -> int:
        return self.sets.get(column, {}).get(value, 0)


@dataclass(slots=True)
class _Remembered:
    chunks: dict[int, tuple[str, Sets]] = field(default_factory=dict)
    columns: Columns = field(default_factory=lambda: Columns(0, {}))


_remembered: OrderedDict[str, _Remembered] = OrderedDict()
_lock = Lock()


def columns_of(session: Session, organisation_id: str) -> Columns:
    found = select(Chunk.number, Chunk.revision).where(Chunk.organisation_id == organisation_id)
    revisions = dict(session.execute(found).all())
    with _lock:
        known = _remembered.setdefault(organisation_id, _Remembered())
        _remembered.move_to_end(organisation_id)
        while len(_remembered) > MOST_ORGANISATIONS:
            _remembered.popitem(last=False)
        chunks = dict(known.chunks)
    if {number: revision for number, (revision, _) in chunks.items()} == revisions:
        return known.columns
    fresh = _loaded(session, organisation_id, revisions, chunks)
    columns = Columns(max(fresh, default=-1) + 1, _joined(fresh))
    with _lock:
        known.chunks, known.columns = fresh, columns
    return columns


def opened(stored: bytes | None) -> Sets:
    if not stored:
        return {}
    packed: dict[str, dict[str, str]] = json.loads(zlib.decompress(stored))
    return {column: {value: int(cards, 16) for value, cards in values.items()} for column, values in packed.items()}


def closed(sets: Sets) -> bytes:
    """What is stored of the sets of one chunk: values that nobody has are gone."""
    packed = {
        column: {value: f"{cards:x}" for value, cards in values.items() if cards} for column, values in sets.items()
    }
    return zlib.compress(json.dumps({column: values for column, values in packed.items() if values}).encode(), 1)


def _loaded(
    session: Session, organisation_id: str, revisions: Mapping[int, str], known: Mapping[int, tuple[str, Sets]]
) -> dict[int, tuple[str, Sets]]:
    kept = {number: known[number] for number, revision in revisions.items() if known.get(number, ("",))[0] == revision}
    missing = [number for number in revisions if number not in kept]
    rows = session.execute(
        select(Chunk.number, Chunk.revision, Chunk.columns).where(
            Chunk.organisation_id == organisation_id, Chunk.number.in_(missing)
        )
    )
    return kept | {number: (revision, opened(stored)) for number, revision, stored in rows}


def _joined(chunks: Mapping[int, tuple[str, Sets]]) -> Mapping[str, Mapping[str, int]]:
    whole: Sets = {}
    for number, (_, sets) in sorted(chunks.items()):
        for column, values in sets.items():
            for value, cards in values.items():
                into = whole.setdefault(column, {})
                into[value] = into.get(value, 0) | cards << (number * CHUNK_CARDS)
    return whole


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
        connection = self.session.connection()
        found = select(IndexedCard.number, IndexedCard.card_id).where(
            IndexedCard.organisation_id == self.organisation_id, is_in(connection, IndexedCard.number, numbers)
        )
        ids = dict(self.session.execute(found).all())
        asked = self.readable.with_only_columns(Card.id).where(is_in(connection, Card.id, ids.values()))
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
