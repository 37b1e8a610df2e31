"""Cutting what leads from cards to a meeting, before its raw input is erased.

Promises: nobody's window to object is shortened to their disadvantage, and what nobody agreed to does not outlive the room.
"""

from __future__ import annotations

from functools import partial

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from facilitator.archive import actions, store
from facilitator.archive.likeness import own_words
from facilitator.archive.models import Card, Consent, Objection
from facilitator.archive.objecting import hold, unanswered
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.meetings.models import Seat
from facilitator.reports.voices import Voice, voices


def let_go(meeting_id: str) -> None:
    """Cuts what leads from cards to a meeting, before its raw input is erased: from then on only the card's own link and the
    case giver's account lead to it. A card that still waits loses the words of whoever has not answered: nobody's window
    is cut short to their disadvantage. A draft that was never agreed to goes.
    """
    said: tuple[Voice, ...] = sealing.readable(partial(voices, meeting_id), ())
    gone = []
    with db.writing() as session:
        for card_id in session.scalars(select(Consent.card_id).where(Consent.meeting_id == meeting_id)).all():
            found = hold(session, card_id)
            if found is None:
                continue
            if _may_outlive(session, *found, said) and _without_unanswered(session, *found, said):
                _cut(session, found[1])
                continue
            actions.withdraw(session, found[0])
            gone.append(card_id)
    for card_id in gone:
        actions.let_go(card_id)


def _may_outlive(session: Session, card: Card, consent: Consent, said: tuple[Voice, ...]) -> bool:
    """Whether a card stays when its meeting is erased. Not where somebody has not answered, and nobody can tell any more
    which words were theirs.
    """
    if card.approved_at is None:
        return False
    return bool(said) or consent.draft is None or not unanswered(session, card)


def _without_unanswered(session: Session, card: Card, consent: Consent, said: tuple[Voice, ...]) -> bool:
    """Takes out the words of whoever has not answered; answers whether a card is left."""
    if consent.draft is None or not unanswered(session, card):
        session.execute(delete(Objection).where(Objection.card_id == card.id))
        return True
    draft = sealing.readable(lambda: store.draft_of(consent), None)
    if draft is None:
        return False
    words = own_words(draft, said, consent.seat_id or "")
    draft = draft.without(key for seat_id in unanswered(session, card) for key in words.get(seat_id, ()))
    store.put_draft(consent, draft)
    store.put(card, draft.content())
    session.execute(delete(Objection).where(Objection.card_id == card.id))
    return bool(draft.content().title)


def _cut(session: Session, consent: Consent) -> None:
    """Only the card's own link and the case giver's account lead to it from now on."""
    seat = session.get(Seat, consent.seat_id) if consent.seat_id else None
    consent.user_id = consent.user_id or (seat.user_id if seat else None)
    consent.meeting_id, consent.round_id, consent.seat_id = None, None, None
    session.execute(delete(Objection).where(Objection.card_id == consent.card_id))
    store.forget_draft(consent)
