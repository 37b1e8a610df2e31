"""Putting cards into the index and taking them out, inside the caller's transaction.

Promises: only a published card goes in, and after `take_out` nothing of it is left: no bit in a posting list, no term
that no other card has. Writers of one organisation come one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from facilitator.archive.content import CardContent
from facilitator.archive.models import Card, Chunk, IndexedCard, Posting
from facilitator.archive.search import bitsets, columns
from facilitator.archive.search.bitsets import CHUNK_CARDS
from facilitator.archive.search.terms import Field, Names, fields_of, terms_of
from facilitator.archive.search.tokens import fold, language_of, version
from facilitator.core import sealing
from facilitator.core.db import batched, is_in, random_id, take_turns

PLACE = "search"
TABLES = tuple(table.__tablename__ for table in (IndexedCard, Posting, Chunk))


@dataclass(frozen=True, slots=True)
class Entry:
    card: Card
    fields: tuple[Field, ...]
    theme_names: tuple[str, ...]


def put(session: Session, card: Card, content: CardContent, theme_names: Iterable[str]) -> None:
    """Makes a published card findable, or findable anew after something about it changed."""
    names = tuple(theme_names)
    put_all(session, [Entry(card, fields_of(content, names), names)])


def take_out(session: Session, card_id: str) -> None:
    """Leaves nothing of a card behind. Does nothing where it is not in the index."""
    row = session.get(IndexedCard, card_id)
    if row is None:
        return
    lock(session, row.organisation_id)
    chunk, place = divmod(row.number, CHUNK_CARDS)
    _change_postings(
        session, row.organisation_id, chunk, {name: [(place, 0)] for name in _names_in(session, row, chunk)}
    )
    _change_columns(session, row.organisation_id, chunk, {place: {}})
    session.delete(row)
    session.flush()


def put_all(session: Session, entries: Sequence[Entry]) -> None:
    """The same for several cards of one organisation."""
    for entry in entries:
        if entry.card.published_on is None or entry.card.is_withdrawn:
            raise ValueError("only a published card may be found")
    organisation_id = entries[0].card.organisation_id
    session.flush()
    lock(session, organisation_id)
    numbers = _numbers(session, organisation_id, entries)
    names = Names.of(sealing.keyring().master, organisation_id)
    chunks: dict[int, dict[bytes, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    values: dict[int, dict[int, dict[str, tuple[str, ...]]]] = defaultdict(dict)
    for entry, number in zip(entries, numbers, strict=True):
        chunk, place = divmod(number, CHUNK_CARDS)
        for term, weight in terms_of(entry.fields, language_of(entry.card.locale)).items():
            chunks[chunk][names.of_term(term)].append((place, weight))
        values[chunk][place] = _values(entry)
        session.add(_row(entry, number))
    session.flush()
    for chunk, postings in chunks.items():
        _change_postings(session, organisation_id, chunk, postings)
    for chunk, cards in values.items():
        _change_columns(session, organisation_id, chunk, cards)


def lock(session: Session, organisation_id: str) -> None:
    """Until the end of the transaction nobody else changes this organisation's index."""
    take_turns(session, f"search:{organisation_id}")


def _numbers(session: Session, organisation_id: str, entries: Sequence[Entry]) -> list[int]:
    """Later cards have higher numbers; a card that is put again keeps its own."""
    kept = {}
    for entry in entries:
        if row := session.get(IndexedCard, entry.card.id):
            kept[row.card_id] = row.number
            take_out(session, row.card_id)
    highest = select(func.max(IndexedCard.number)).where(IndexedCard.organisation_id == organisation_id)
    found = session.scalar(highest)
    free = max([-1 if found is None else found, *kept.values()]) + 1
    fresh = iter(range(free, free + len(entries)))
    return [kept[entry.card.id] if entry.card.id in kept else next(fresh) for entry in entries]


def _row(entry: Entry, number: int) -> IndexedCard:
    card = entry.card
    # The space at the end of a line lets a phrase end there, and none goes on into the next.
    words = "\n".join(f"{field.weight} {' '.join(field.words)} " for field in entry.fields)
    return IndexedCard(
        card_id=card.id,
        organisation_id=card.organisation_id,
        number=number,
        version=version(),
        words=sealing.seal(card.id, PLACE, {"locale": card.locale, "words": words}),
    )


def terms_in(card_id: str, sealed: bytes) -> dict[str, int]:
    """The terms of a card in the index, with their weights, worked out from its words; raises Unreadable."""
    body = sealing.unseal(card_id, PLACE, sealed)
    fields = [Field(int(line[0]), tuple(line[2:].split())) for line in str(body["words"]).split("\n")]
    return terms_of(fields, language_of(str(body["locale"])))


def text_in(card_id: str, sealed: bytes) -> str:
    """The words of a card one after the other, folded, with a space on both sides of each; raises Unreadable."""
    return fold(str(sealing.unseal(card_id, PLACE, sealed)["words"]).replace("-", ""))


def _names_in(session: Session, row: IndexedCard, chunk: int) -> Iterable[bytes]:
    """Where a card may stand: in the lists of its terms, or, where those cannot be worked out any more, in any of its chunk."""
    if row.version == version():
        with suppress(sealing.Unreadable):
            names = Names.of(sealing.keyring().master, row.organisation_id)
            return [names.of_term(term) for term in terms_in(row.card_id, row.words)]
    found = select(Posting.term).where(Posting.organisation_id == row.organisation_id, Posting.chunk == chunk)
    return session.scalars(found).all()


def _change_postings(
    session: Session, organisation_id: str, chunk: int, changes: Mapping[bytes, Sequence[tuple[int, int]]]
) -> None:
    here = (Posting.organisation_id == organisation_id, Posting.chunk == chunk)
    connection = session.connection()
    for some in batched(sorted(changes)):
        stored = {
            row.term: row.bits
            for row in connection.execute(
                select(Posting.term, Posting.bits).where(*here, is_in(connection, Posting.term, some))
            )
        }
        after = {term: bitsets.changed(stored.get(term), changes[term]) for term in some}
        fresh = [
            {"organisation_id": organisation_id, "chunk": chunk, "term": term, "bits": value}
            for term, value in after.items()
            if value and term not in stored
        ]
        again = [{"its_term": term, "its_bits": value} for term, value in after.items() if value and term in stored]
        gone = [term for term, value in after.items() if not value and term in stored]
        if fresh:
            connection.execute(insert(Posting), fresh)
        if again:
            connection.execute(
                update(Posting).where(*here, Posting.term == bindparam("its_term")).values(bits=bindparam("its_bits")),
                again,
            )
        if gone:
            connection.execute(delete(Posting).where(*here, is_in(connection, Posting.term, gone)))


def _change_columns(
    session: Session, organisation_id: str, chunk: int, cards: Mapping[int, Mapping[str, tuple[str, ...]]]
) -> None:
    """Gives cards their values, and takes away those they had."""
    row = session.get(Chunk, (organisation_id, chunk), populate_existing=True)
    sets = columns.opened(row.columns if row else None)
    others = ~sum(1 << place for place in cards)
    sets = {column: {value: has & others for value, has in values.items()} for column, values in sets.items()}
    for place, its in cards.items():
        for column, values in its.items():
            into = sets.setdefault(column, {})
            for value in values:
                into[value] = into.get(value, 0) | 1 << place
    if row is None:
        row = Chunk(organisation_id=organisation_id, number=chunk)
        session.add(row)
    row.columns, row.revision = columns.closed(sets), random_id()
    session.flush()


def _values(entry: Entry) -> dict[str, tuple[str, ...]]:
    card = entry.card
    return {
        columns.AUDIENCE: ("everybody" if card.scope == "organisation" else f"group {card.group_id or ''}",),
        "theme": entry.theme_names,
        "method": (card.method_key,) if card.method_key else (),
        "outcome": (card.outcome or "unknown",),
        "form": (card.form,),
        "period": (card.period,) if card.period else (),
        "locale": (card.locale,),
    }
