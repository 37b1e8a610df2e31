"""How the action of a card went, as far as the group has looked back on it.

Promises: a suggestion to the card's owner and to nobody else; it ends with the raw input of the meeting the card came from.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.archive.content import Outcome
from facilitator.archive.models import Card, Consent
from facilitator.meetings.models import Action

# What somebody says of an action says little of its effect; that it was not done says nothing of it at all.
AS_OUTCOME = {"done": Outcome.WORKED, "partly": Outcome.PARTLY}


def suggested(session: Session, card: Card) -> str:
    """What a follow-up in a later meeting suggests, empty where nobody has looked back yet."""
    asked = (
        select(Action.status)
        .join(Consent, Consent.meeting_id == Action.meeting_id)
        .where(Consent.card_id == card.id, Action.owner_id == Consent.seat_id, Action.is_carried.is_(False))
    )
    found = (AS_OUTCOME[status].value for status in session.scalars(asked) if status in AS_OUTCOME)
    return next(found, Outcome.UNKNOWN.value)
