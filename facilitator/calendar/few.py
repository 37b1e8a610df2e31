"""Meetings to which too few people come for their method.

Promises: it is looked at from two days before until the meeting begins, when something can still be done; who said nothing yet does
not count as coming; whoever leads is not one of those the method needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from facilitator.calendar.members import still_ahead
from facilitator.calendar.models import UNSAID, YES, Appointment, Guest
from facilitator.core.db import db
from facilitator.meetings import loading, models

BEFORE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Few:
    """`guest_id`: whoever leads; `come` said that they do, `unsaid` nothing yet, and the method needs `needed`."""

    guest_id: str
    come: int
    unsaid: int
    needed: int


def few_come(moment: datetime) -> Iterator[Few]:
    """Those of whom nobody was warned yet, at this time."""
    query = (
        select(Appointment, models.Meeting)
        .join(models.Meeting, models.Meeting.id == Appointment.meeting_id)
        .where(still_ahead(moment), Appointment.is_cancelled.is_(False), models.Meeting.status == "planned")
        .where(or_(Appointment.warned_for.is_(None), Appointment.warned_for != Appointment.begins))
        .order_by(Appointment.begins, Appointment.id)
    )
    for one, meeting in db.session.execute(query).all():
        if one.moment - BEFORE <= moment < one.moment:
            found = _few(one, loading.method_of(meeting).people_min)
            if found is not None:
                yield found


def _few(one: Appointment, needed: int) -> Few | None:
    asked = db.session.scalars(select(Guest).where(Guest.appointment_id == one.id, Guest.is_out.is_(False))).all()
    leads = next((guest.id for guest in asked if guest.user_id == one.led_by), None)
    says = [guest.answer for guest in asked if guest.user_id != one.led_by]
    come = says.count(YES)
    return Few(leads, come, says.count(UNSAID), needed) if leads is not None and come < needed else None
