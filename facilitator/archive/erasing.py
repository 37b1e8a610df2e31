"""What of a card ends with the raw input of its meeting.

Promises: a draft its case giver did not agree to goes, for silence is never approval; a card that was agreed to stays, and
nothing leads from it to the meeting any more.
"""

from __future__ import annotations

from collections.abc import Set

from sqlalchemy import select

from facilitator.archive import actions, store
from facilitator.archive.models import Card, Consent
from facilitator.core import sealing
from facilitator.core.db import db


def forget_meeting(meeting_id: str) -> None:
    """Lets go of drafts, and of what leads from cards to a meeting. Can be interrupted and run again."""
    with db.writing() as session:
        gone = []
        for consent in session.scalars(select(Consent).where(Consent.meeting_id == meeting_id)).all():
            card = session.get_one(Card, consent.card_id)
            if card.approved_at is None:
                gone.append(card.id)
                actions.withdraw(session, card)
            else:
                consent.meeting_id = consent.round_id = consent.seat_id = None
                store.forget_draft(consent)
    for card_id in gone:
        actions.let_go(card_id)


def take_back_unreadable() -> int:
    """Takes back every card whose key was destroyed, or that was a draft whose key was, as after an old copy was restored;
    answers how many.
    """
    destroyed = sealing.keyring().destroyed()
    cards = set(db.session.scalars(select(Card.id).where(Card.is_withdrawn.is_(False))))
    gone = (destroyed & cards) | _without_draft(destroyed)
    for card_id in gone:
        with db.writing() as session:
            actions.withdraw(session, session.get_one(Card, card_id))
        actions.let_go(card_id)
    return len(gone)


def _without_draft(destroyed: Set[str]) -> set[str]:
    """Cards that nobody agreed to and whose draft cannot be read. Of those that were agreed to the draft is forgotten."""
    gone = set()
    with db.writing() as session:
        for consent in session.scalars(select(Consent).where(Consent.draft_key.is_not(None))):
            if consent.draft_key in destroyed:
                card = session.get_one(Card, consent.card_id)
                gone |= {card.id} if card.approved_at is None else set()
                consent.draft = consent.draft_key = None
    return gone
