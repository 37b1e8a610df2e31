"""Whose proof somebody may see: their own as the holder of a seat, and the attendance of a meeting as whoever leads it.
To everybody else there is no such page.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, request
from sqlalchemy import select

from facilitator.accounts.access import signed_in
from facilitator.accounts.models import User
from facilitator.db import db
from facilitator.meetings import models, seats
from facilitator.meetings.views.live import own_meeting


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a seat in a meeting: by the device that holds it (`has_device`), by their account, or by both."""

    meeting: models.Meeting
    seat: models.Seat
    user: User | None
    has_device: bool

    @property
    def user_id(self) -> str | None:
        """The account, where this is its seat."""
        return self.user.id if self.user else None


def holder(meeting_id: str) -> Holder:
    """Whose page this is; nobody else's exists."""
    meeting = db.session.get(models.Meeting, meeting_id)
    if meeting is None or meeting.started_at is None:
        abort(404)
    user = signed_in()
    held = _held(meeting_id)
    seat = held or (_seat_of(meeting, user) if user else None)
    if seat is None or seat.admitted_at is None or seat.expelled_at is not None:
        abort(404)
    is_own = user is not None and seat.user_id == user.id and user.organisation_id == meeting.organisation_id
    return Holder(meeting, seat, user if is_own else None, held is not None)


def kept_meeting(meeting_id: str) -> models.Meeting:
    """A meeting for whoever leads it now, or set it up."""
    seat = seats.held_seat(meeting_id, "console")
    if seat is None or seat.left_at is not None or seat.expelled_at is not None:
        return own_meeting(meeting_id)
    meeting = db.session.get(models.Meeting, meeting_id)
    if meeting is None:
        abort(404)
    return meeting


def as_seat() -> int:
    """Which of two people on one phone is meant."""
    return 2 if request.args.get("as") == "2" else 1


def _held(meeting_id: str) -> models.Seat | None:
    """The seat this device holds: at the table, else the one that leads."""
    return seats.held_seat(meeting_id, "phone", as_seat()) or seats.held_seat(meeting_id, "console")


def _seat_of(meeting: models.Meeting, user: User) -> models.Seat | None:
    """The seat of an account: at the table, else the one that led."""
    if meeting.organisation_id != user.organisation_id:
        return None
    query = select(models.Seat).where(models.Seat.meeting_id == meeting.id, models.Seat.user_id == user.id)
    found = [seat for seat in db.session.scalars(query) if seat.admitted_at is not None and seat.expelled_at is None]
    return min(found, key=lambda seat: (seat.kind == "moderator", seat.joined_at), default=None)


def address(meeting_id: str, ending: str) -> str:
    """A page of the holder, for the same one of two people on a phone."""
    return f"/meetings/{meeting_id}/{ending}{'?as=2' if as_seat() == 2 else ''}"
