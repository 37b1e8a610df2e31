"""Who may read which card: the one place that answers it, as a predicate and as a question to the database."""

from __future__ import annotations

from sqlalchemy import Select, or_, select

from facilitator.accounts.models import User
from facilitator.archive.models import Card
from facilitator.groups.rules import groups_of


def readable(user: User) -> Select[Card]:
    """The published cards somebody may read: of their organisation, and where only a group reads, of their groups."""
    return select(Card).where(
        Card.organisation_id == user.organisation_id,
        Card.published_at.is_not(None),
        Card.withdrawn_at.is_(None),
        or_(Card.scope == "organisation", Card.group_id.in_(groups_of(user.id))),
    )
