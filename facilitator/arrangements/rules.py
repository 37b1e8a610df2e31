"""Who may see which arrangement: its own people, and nobody else. The one place that answers it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.arrangements.models import Arrangement, Party
from facilitator.core.db import take_turns


def readable(user: User) -> Select[Arrangement]:
    """The arrangements somebody is part of."""
    mine = select(Party.arrangement_id).where(Party.user_id == user.id)
    return select(Arrangement).where(Arrangement.organisation_id == user.organisation_id, Arrangement.id.in_(mine))


def readable_arrangement(session: Session, user: User, arrangement_id: str) -> Arrangement:
    """Raises LookupError for what is not theirs."""
    found = session.scalar(readable(user).where(Arrangement.id == arrangement_id))
    if found is None:
        raise LookupError(arrangement_id)
    return found


def holds(arrangement: Arrangement, today: date) -> bool:
    """Whether everybody said yes, and it has not ended."""
    return arrangement.begins_on is not None and not is_over(arrangement, today)


def waits(arrangement: Arrangement, today: date) -> bool:
    """Whether somebody has still to answer."""
    return arrangement.begins_on is None and not is_over(arrangement, today)


def is_over(arrangement: Arrangement, today: date) -> bool:
    """Whether it was ended or declined, or its period is over."""
    return arrangement.ended_on is not None or arrangement.until < today


def over_on(arrangement: Arrangement) -> date:
    """The day that counts for how long its words are kept."""
    return min(arrangement.ended_on or arrangement.until, arrangement.until)


def take_turn(session: Session, arrangement_id: str) -> None:
    """Keeps an arrangement from others while this transaction lasts."""
    take_turns(session, f"arrangement:{arrangement_id}")
