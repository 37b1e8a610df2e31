"""Who may read which card, and what they may do with it: the one place that answers it."""

from __future__ import annotations

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive.models import Card, Consent
from facilitator.groups.rules import groups_of
from facilitator.meetings.models import Seat


def readable(user: User) -> Select[Card]:
    """The published cards somebody may read: of their organisation, and where only a group reads, of their groups."""
    return select(Card).where(
        Card.organisation_id == user.organisation_id,
        Card.published_on.is_not(None),
        Card.is_withdrawn.is_(False),
        or_(Card.scope == "organisation", Card.group_id.in_(groups_of(user.id))),
    )


def readable_card(session: Session, user: User, card_id: str) -> Card | None:
    return session.scalar(readable(user).where(Card.id == card_id))


def keepers(session: Session, card: Card) -> frozenset[str]:
    """The account of whoever added a card or, where it comes from a case, of its case giver, as far as there is one. A
    secret: it decides what is done, and goes out nowhere.
    """
    known = select(func.coalesce(Consent.user_id, Seat.user_id)).outerjoin(Seat, Seat.id == Consent.seat_id)
    owner = session.scalar(known.where(Consent.card_id == card.id))
    return frozenset(user_id for user_id in (card.author_id, owner) if user_id)


def may_choose_themes(session: Session, user: User, card: Card) -> bool:
    """Of a card they may read: moderators, administrators, and whoever the card comes from."""
    return user.is_moderator or user.id in keepers(session, card)


def may_review(user: User) -> bool:
    """Who says that a card still holds, and keeps the list of themes."""
    return user.is_moderator
