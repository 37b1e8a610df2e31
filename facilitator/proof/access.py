"""Whose proof somebody may see: their own as the holder of a seat, and the attendance of a meeting as whoever leads it.
To everybody else there is no such page.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort
from sqlalchemy.orm import Session

from facilitator.accounts.access import signed_in
from facilitator.accounts.models import User
from facilitator.meetings import models
from facilitator.meetings.turns import may_lead
from facilitator.meetings.views.live import led_by_account
from facilitator.meetings.visitor import seat_query, visitor


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a seat in a meeting: by the device that holds it (`has_device`), by their account, or by both.
    `is_own` is false where the moderator's word alone says whose seat it is: that gives the hours and nothing else. `hand_id`: the
    seat with which the device came in, if it was joined to this one.
    """

    meeting: models.Meeting
    seat: models.Seat
    user: User | None
    has_device: bool
    is_own: bool = True
    hand_id: str | None = None

    @property
    def may_describe(self) -> bool:
        """Whether what is printed of them is theirs to see and say: by proof, or where no device can speak for them."""
        return self.is_own or not self.seat.has_phone

    @property
    def user_id(self) -> str | None:
        """The account, where this is its seat."""
        return self.user.id if self.user else None


def holder(meeting_id: str) -> Holder:
    """Whose page this is; nobody else's exists."""
    found = visitor(meeting_id)
    if found is None or found.meeting.started_at is None:
        abort(404)
    # Who lost the turn to moderate before the start led nothing.
    led = (seat for seat in found.led if not seat.is_expelled)
    own = (*found.own, *led)
    seat = next(iter((*own, *found.said)), None)
    if seat is None:
        abort(404)
    is_account_s = found.user is not None and found.user.id in (seat.user_id, None if seat in own else seat.said_to_be)
    has_device = seat in (found.device, found.console)
    hand_id = found.held.hand_id if found.held is not None and seat is found.held.seat else None
    return Holder(found.meeting, seat, found.user if is_account_s else None, has_device, seat in own, hand_id)


def own_holder(meeting_id: str) -> Holder:
    """The same, for what opens to nobody by the moderator's word."""
    found = holder(meeting_id)
    if not found.is_own:
        abort(404)
    return found


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whoever keeps the attendance of a meeting: by the seat that leads it, or else by the account whose it is to lead."""

    meeting: models.Meeting
    seat_id: str | None
    user: User | None

    @property
    def user_id(self) -> str | None:
        """The account of whoever is signed in, if anybody is."""
        return self.user.id if self.user else None


def keeper(meeting_id: str) -> Keeper:
    """A meeting for whoever leads it now, or whose it is to lead."""
    found = visitor(meeting_id)
    if found is None or found.lead is None:
        user, meeting = led_by_account(meeting_id)
        return Keeper(meeting, None, user)
    return Keeper(found.meeting, found.lead.id, signed_in())


def kept_meeting(meeting_id: str) -> models.Meeting:
    """The same, where only the meeting matters."""
    return keeper(meeting_id).meeting


def still_keeps(session: Session, found: Keeper) -> bool:
    """The same question within a transaction: the lead may have been handed over, or the account closed, meanwhile."""
    if found.seat_id is not None:
        seat = session.get(models.Seat, found.seat_id)
        return seat is not None and seat.leads
    user = session.get(User, found.user_id) if found.user_id else None
    meeting = session.get(models.Meeting, found.meeting.id)
    return user is not None and user.active and meeting is not None and may_lead(session, user.id, meeting)


def address(meeting_id: str, ending: str) -> str:
    """A page of the holder, for the same one of two people on a phone."""
    return f"/meetings/{meeting_id}/{ending}{seat_query()}"
