"""Asking people whose own words a card would hold, and what they say to that.

Promises: each sees and decides about their own words only; an objection takes them out and tells nobody who it was; who
said what is kept no longer than until the card is published or taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from facilitator.archive import store
from facilitator.archive.drafts import Draft
from facilitator.archive.likeness import own_words
from facilitator.archive.models import Card, Consent, Objection
from facilitator.core.db import db
from facilitator.core.refusals import Refused
from facilitator.reports.voices import Voice, voices

ASKED, AGREES, OBJECTS = "asked", "agrees", "objects"


def ask(session: Session, card: Card, needed: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Notes whom to ask; whoever has answered about these very words is not asked again."""
    known = {row.seat_id: row for row in session.scalars(select(Objection).where(Objection.card_id == card.id))}
    for seat_id in known.keys() - needed.keys():
        session.delete(known[seat_id])
    new = needed.keys() - known.keys()
    session.add_all(Objection(card_id=card.id, seat_id=seat_id, answer=ASKED) for seat_id in sorted(new))
    return frozenset(new)


def answer(meeting_id: str, card_id: str, seat_ids: frozenset[str], says: str) -> None:
    """Somebody whose words are used agrees, or takes them out; until it is published they may change their mind."""
    said = voices(meeting_id)
    with db.writing() as session:
        found = hold(session, card_id)
        asked = select(Objection).where(Objection.card_id == card_id, Objection.seat_id.in_(seat_ids))
        rows = session.scalars(asked).all()
        if found is None or not rows or found[0].published_on is not None or says not in (AGREES, OBJECTS):
            raise Refused(_("This has changed meanwhile. Look at it once more."))
        card, consent = found
        draft = store.draft_of(consent)
        for row in rows:
            row.answer = says
            if says == OBJECTS:
                draft = draft.without(own_words(draft, said, consent.seat_id or "").get(row.seat_id, ()))
        store.put_draft(consent, draft)
        store.put(card, draft.content())
        stop_if_empty(session, card, draft)


def words_of(consent: Consent, seat_id: str, said: Iterable[Voice]) -> tuple[str, ...]:
    """The lines of a card that hold somebody's own words, as they would appear."""
    draft = store.draft_of(consent)
    keys = own_words(draft, said, consent.seat_id or "").get(seat_id, ())
    return tuple(piece.text for piece in draft.pieces if piece.key in keys)


def unanswered(session: Session, card: Card) -> list[str]:
    """The seats of those who have not said anything yet."""
    asked = select(Objection.seat_id).where(Objection.card_id == card.id, Objection.answer == ASKED)
    return list(session.scalars(asked))


def hold(session: Session, card_id: str) -> tuple[Card, Consent] | None:
    """A card that came from a case, held until the end of the transaction: its draft is read after that."""
    card = session.get(Card, card_id, with_for_update=True)
    consent = session.get(Consent, card_id) if card else None
    return (card, consent) if card and consent else None


def stop_if_empty(session: Session, card: Card, draft: Draft) -> None:
    """A card that lost its title to an objection waits for its case giver again."""
    if not draft.content().title:
        card.approved_at, card.publish_at = None, None
        session.execute(delete(Objection).where(Objection.card_id == card.id))
