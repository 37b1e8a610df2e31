"""Whose account a seat is.

Promises: an account gets a seat only by the seat's own device, or – where there is no such device – by the moderator's
word; it is always of the organisation the meeting belongs to. So nobody who leads a meeting can read in another's name.
Under pseudonyms whoever has a device says it themselves or not at all: asking them would tell the moderator who they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.db import changing, db
from facilitator.groups.rules import members_of
from facilitator.meetings import models
from facilitator.meetings.actions.base import Refused, change, require_moderator


def connect(meeting_id: str, seat_id: str, user: User) -> None:
    """Somebody who holds a seat and is signed in says: this is me. A seat that is somebody's already stays theirs."""
    with changing(meeting_id) as session:
        seat = _seat(session, meeting_id, seat_id)
        if organisation_of(session, meeting_id) != user.organisation_id:
            raise Refused("no_such_meeting", 404)
        seat.user_id, seat.said_to_be = seat.user_id or user.id, None


def agree(meeting_id: str, seat_id: str, user_id: str) -> None:
    """The seat's own device says yes to the account the moderator named; not to another one named meanwhile."""
    with changing(meeting_id) as session:
        seat = _seat(session, meeting_id, seat_id)
        if seat.said_to_be != user_id:
            raise Refused("not_a_member", 409)
        seat.user_id, seat.said_to_be = seat.user_id or seat.said_to_be, None


def disagree(meeting_id: str, seat_id: str) -> None:
    """The seat's own device says no; the account has nothing of this seat, or has it no longer."""
    with changing(meeting_id) as session:
        seat = _seat(session, meeting_id, seat_id)
        seat.user_id = seat.said_to_be = None


def name_members(meeting_id: str, by_seat_id: str | None, wanted: Mapping[str, str]) -> None:
    """The moderator says which participant is which member of the meeting's group: seat id to user id, empty for nobody.

    A seat without a phone belongs to the account at once. One with a phone is asked first; if its owner has connected an
    account themselves, nothing changes. `by_seat_id` is the moderator's seat; None: the caller has checked the account.
    """
    with change(meeting_id) as found:
        if by_seat_id is not None:
            require_moderator(found, by_seat_id)
        members = set(found.session.scalars(members_of(found.row.group_id))) if found.row.group_id else set()
        for seat_id, user_id in wanted.items():
            seat = _seat(found.session, meeting_id, seat_id)
            if user_id and user_id not in members:
                raise Refused("not_a_member", 422)
            if seat.has_phone and found.row.uses_pseudonyms:
                raise Refused("under_pseudonym", 422)
            _say(seat, user_id or None)


def account_of(user_id: str | None) -> User | None:
    """An account a seat names."""
    return db.session.get(User, user_id) if user_id else None


def organisation_of(session: Session, meeting_id: str) -> str | None:
    """Whose meeting it is."""
    return session.scalar(select(models.Meeting.organisation_id).where(models.Meeting.id == meeting_id))


def _say(seat: models.Seat, user_id: str | None) -> None:
    if not seat.has_phone:
        seat.user_id = user_id
    elif seat.user_id is None:
        seat.said_to_be = user_id


def _seat(session: Session, meeting_id: str, seat_id: str) -> models.Seat:
    seat = session.get(models.Seat, seat_id)
    if seat is None or seat.meeting_id != meeting_id or seat.kind != "participant" or seat.expelled_at is not None:
        raise Refused("no_such_seat", 404)
    return seat
