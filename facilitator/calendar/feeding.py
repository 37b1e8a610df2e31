"""What the calendar of one person holds: the meetings that are theirs, and the days of what they planned.

Promises: nothing of what is cancelled or not theirs any more; an action that came along into a later meeting stands there once, as it is
there; of words nothing.
"""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import aliased

from facilitator.accounts.models import User
from facilitator.calendar.entries import Between, Due
from facilitator.calendar.members import concerns
from facilitator.calendar.models import Appointment, Guest
from facilitator.core.db import db
from facilitator.meetings.models import Action, Seat


def appointments_of(user: User) -> list[tuple[Appointment, Guest]]:
    query = (
        select(Appointment, Guest)
        .join(Guest, Guest.appointment_id == Appointment.id)
        .join(User, User.id == Guest.user_id)
        .where(User.id == user.id, concerns(), Guest.is_out.is_(False), Appointment.is_cancelled.is_(False))
        .order_by(Appointment.begins, Appointment.id)
    )
    return [(one, guest) for one, guest in db.session.execute(query)]


def actions_of(user: User) -> list[Due]:
    """The open ones of somebody's own seats that have a day, of which they are owner or buddy."""
    seats, later = select(Seat.id).where(Seat.user_id == user.id), aliased(Action)
    query = (
        select(Action.id, Action.due)
        .where(
            Action.owner_id.in_(seats) | Action.buddy_id.in_(seats), Action.due.is_not(None), Action.status == "open"
        )
        .where(~select(later.id).where(later.from_id == Action.id).exists())
        .order_by(Action.due, Action.id)
    )
    return [Due(action_id, due) for action_id, due in db.session.execute(query) if due is not None]


def between(user: User) -> list[Between]:
    """The moments that somebody agreed with one or two others; a higher room has them."""
    found: list[Between] = current_app.extensions["moments_of"](user)
    return found
