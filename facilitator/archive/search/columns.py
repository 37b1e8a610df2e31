"""What cards are filtered by, as one set of cards for each value, and what this process remembers of it.

Promises: the database is the truth. A remembered chunk is used only while its revision is the one in the database.
"""

from __future__ import annotations

import json
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.archive.search.bits import CHUNK_CARDS
from facilitator.archive.search.models import Chunk

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
        """The cards with a value."""
        return self.sets.get(column, {}).get(value, 0)


@dataclass(slots=True)
class _Remembered:
    chunks: dict[int, tuple[str, Sets]] = field(default_factory=dict)
    columns: Columns = field(default_factory=lambda: Columns(0, {}))


_remembered: OrderedDict[str, _Remembered] = OrderedDict()
_lock = Lock()


def columns_of(session: Session, organisation_id: str) -> Columns:
    """The columns as they are in the database now."""
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
    """The sets of one chunk."""
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
