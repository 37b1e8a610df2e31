"""Making the index anew: after a change of the stemmer or tokenizer, or after old texts were put back.

Promises: while it runs, meetings and everything else go on; whatever stops it, running it again completes it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import Organisation
from facilitator.archive import store
from facilitator.archive.models import Card, CardTheme, Chunk, IndexedCard, Posting, Theme
from facilitator.archive.search.index import Entry, put_all
from facilitator.archive.search.terms import fields_of
from facilitator.archive.search.tokens import version
from facilitator.core.db import batched, db

AT_ONCE = 50


def reindex() -> int:
    """Makes the index of every organisation anew, in small transactions; says how many cards are in it."""
    return sum(_organisation(organisation_id) for organisation_id in db.session.scalars(select(Organisation.id)).all())


def is_outdated(session: Session) -> bool:
    """Was any card indexed by another version of the words?"""
    return bool(session.scalar(select(func.count()).select_from(IndexedCard).where(IndexedCard.version != version())))


def _organisation(organisation_id: str) -> int:
    ids = list(db.session.scalars(_published(organisation_id)))
    with db.writing() as session:
        for table in (IndexedCard, Posting, Chunk):
            session.execute(delete(table).where(table.organisation_id == organisation_id))
    count = 0
    for some in batched(ids, AT_ONCE):
        with db.writing() as session:
            # Asked anew: a card may have been withdrawn, or put by somebody else, since. Held before the index is, as
            # whoever publishes one does: otherwise each of the two could wait for the other.
            held = select(Card).where(Card.id.in_(some)).order_by(Card.id).with_for_update()
            cards = session.scalars(held).all()
            entries = list(_entries(session, sorted(cards, key=lambda card: some.index(card.id))))
            if entries:
                put_all(session, entries)
            count += len(entries)
    return count


def _published(organisation_id: str) -> Select[str]:
    return (
        select(Card.id)
        .where(Card.organisation_id == organisation_id, Card.published_on.is_not(None), Card.is_withdrawn.is_(False))
        .order_by(Card.published_on, Card.id)
    )


def _entries(session: Session, cards: list[Card]) -> Iterator[Entry]:
    there = [card for card in cards if card.published_on is not None and not card.is_withdrawn]
    for card, content in store.each(there, lambda card, content: (card, content)):
        chosen = select(Theme.name).join(CardTheme, CardTheme.theme_id == Theme.id).where(CardTheme.card_id == card.id)
        names = tuple(session.scalars(chosen))
        yield Entry(card, fields_of(content, names), names)
