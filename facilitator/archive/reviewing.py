"""Looking at cards again: which are due, and saying that one still holds.

Promises: only cards the moderator may read come up; who looked at a card is in the log, what it says is not.
"""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import func
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive.actions import months_later
from facilitator.archive.models import Card
from facilitator.archive.rules import may_review, readable, readable_card
from facilitator.core.audit import Deed, note
from facilitator.core.db import db, now
from facilitator.core.refusals import Refused

LATEST_YEARS = 10
MOST_SHOWN = 200


def due(session: Session, user: User, today: date) -> list[str]:
    """The ids of the cards that should be looked at, the longest waiting first."""
    query = readable(user).where(Card.review_on <= today).order_by(Card.review_on, Card.id).limit(MOST_SHOWN)
    return [card.id for card in session.scalars(query)]


def count_due(session: Session, user: User, today: date) -> int:
    """How many that are."""
    query = readable(user).where(Card.review_on <= today).with_only_columns(func.count())
    return session.scalar(query) or 0


def next_review(user: User, today: date) -> date:
    """When a card that holds is looked at again, if nobody says otherwise."""
    return months_later(today, user.organisation.review_months)


def look_again(user: User, card_id: str, on: date) -> None:
    """Says that a card holds until a day."""
    today = now().date()
    if not today < on <= today + timedelta(days=365 * LATEST_YEARS):
        raise Refused(_("Choose a day after today, within ten years."), status=422, field="review_on")
    with db.writing() as session:
        card = readable_card(session, user, card_id)
        if card is None or not may_review(user):
            raise LookupError(card_id)
        card.review_on = on
        note(session, card.organisation_id, user.id, Deed.CHANGED, "card", card.id)
