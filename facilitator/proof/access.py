"""Whose proof somebody may see: their own as the holder of a seat, and the attendance of a meeting as whoever leads it.
To everybody else there is no such page.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, request
from sqlalchemy import select
from sqlalchemy.orm import Session

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


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whoever keeps the attendance of a meeting: by the seat that leads it, or else by the account that set it up."""

    meeting: models.Meeting
    seat_id: str | None
    user: User | None

    @property
    def user_id(self) -> str | None:
        """The account of whoever is signed in, if anybody is."""
        return self.user.id if self.user else None


def keeper(meeting_id: str) -> Keeper:
    """A meeting for whoever leads it now, or set it up."""
    seat = seats.held_seat(meeting_id, "console")
    if seat is None or seat.left_at is not None or seat.expelled_at is not None:
        return Keeper(own_meeting(meeting_id), None, signed_in())
    meeting = db.session.get(models.Meeting, meeting_id)
    if meeting is None:
        abort(404)
    return Keeper(meeting, seat.id, signed_in())


def kept_meeting(meeting_id: str) -> models.Meeting:
    """The same, where only the meeting matters."""
    return keeper(meeting_id).meeting


def still_keeps(session: Session, found: Keeper) -> bool:
    """The same question within a transaction: the lead may have been handed over, or the account closed, meanwhile."""
    if found.seat_id is not None:
        seat = session.get(models.Seat, found.seat_id)
        return seat is not None and seat.left_at is None and seat.expelled_at is None
    user = session.get(User, found.user_id) if found.user_id else None
    meeting = session.get(models.Meeting, found.meeting.id)
    return user is not None and user.active and meeting is not None and meeting.created_by == user.id


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
