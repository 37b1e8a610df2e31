"""What belongs to an account across meetings: its seats, and the meetings they were in. Always within its organisation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from facilitator.accounts.models import User
from facilitator.db import db
from facilitator.meetings import models
from facilitator.meetings.personal import Entry, takes_part

OF_MEETING = re.compile(r"/meetings/([0-9a-z]+)/")


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


def goals_of(user: User, entries: Iterable[Entry]) -> dict[str, str]:
    """What the meetings were for that entries lead to, by their addresses: so that two reports are told apart."""
    meeting_of = {entry.href: found[1] for entry in entries if (found := OF_MEETING.match(entry.href))}
    query = select(models.Meeting.id, models.Meeting.goal).where(
        models.Meeting.id.in_(meeting_of.values()), models.Meeting.organisation_id == user.organisation_id
    )
    goals = {meeting_id: goal for meeting_id, goal in db.session.execute(query)}  # noqa: C416 – rows are no pairs to mypy
    return {href: goals[meeting_id] for href, meeting_id in meeting_of.items() if meeting_id in goals}


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
