"""What belongs to an account across meetings: its seats, and the meetings they were in. Always within its organisation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.core.entries import Entry
from facilitator.meetings import models
from facilitator.meetings.visitor import seats_of, seats_said_of

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
        for meeting in db.session.scalars(
            select(models.Meeting).where(
                models.Meeting.id.in_({*seats_of(user), *seats_said_of(user)}), models.is_whole()
            )
        )
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
