"""What belongs to an account across meetings: its seats, and the meetings they were in. Always within its organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from facilitator.accounts.models import User
from facilitator.db import db
from facilitator.meetings import models
from facilitator.meetings.personal import takes_part


@dataclass(frozen=True, slots=True)
class Attended:
    """A meeting somebody took part in."""

    href: str
    goal: str
    moment: datetime


def attended(user: User) -> list[Attended]:
    """The meetings somebody took part in, the newest first."""
    found = {
        meeting.id: Attended(f"/meetings/{meeting.id}/mine", meeting.goal, meeting.started_at or meeting.created_at)
        for meeting, seat in db.session.execute(_seats_of(user))
        if takes_part(seat)
    }
    return sorted(found.values(), key=lambda one: one.moment, reverse=True)


def seat_of_account(meeting_id: str, user: User | None) -> models.Seat | None:
    """The seat of whoever is signed in, in one meeting; of several the first they took."""
    if user is None:
        return None
    query = _seats_of(user).where(models.Meeting.id == meeting_id).order_by(models.Seat.joined_at)
    return next((seat for _, seat in db.session.execute(query) if takes_part(seat)), None)


def _seats_of(user: User) -> Select[models.Meeting, models.Seat]:
    return (
        select(models.Meeting, models.Seat)
        .join(models.Seat, models.Seat.meeting_id == models.Meeting.id)
        .where(models.Seat.user_id == user.id, models.Meeting.organisation_id == user.organisation_id)
    )
