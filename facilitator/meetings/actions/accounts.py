"""Whose account a seat is, and how somebody without a phone gets hold of theirs.

Promises: an account gets a seat only by a device that holds it, and is always of the organisation the meeting belongs to.
What the moderator says is kept apart from it and proves nothing. So nobody who leads a meeting can read or decide in
another's name. Under pseudonyms whoever has a device says it themselves or not at all: asking them would tell the
moderator who they are. A personal code is made in the room, while the meeting is on, and only for a seat that no device
proves: none holds it, or one by the moderator's word.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.core import codes
from facilitator.core.codes import new_code
from facilitator.core.db import changing, db, now
from facilitator.core.refusals import Refused
from facilitator.core.sealing import hashed
from facilitator.groups.rules import members_of
from facilitator.meetings import models
from facilitator.meetings.actions.base import change, require_moderator
from facilitator.meetings.actions.claiming import claim
from facilitator.meetings.actions.offering import bring_in
from facilitator.meetings.personal import end_link_of
from facilitator.meetings.seats import last_joined


def connect(meeting_id: str, seat_id: str, user: User) -> None:
    """Somebody who holds a seat and is signed in says: this is me. A seat that is somebody's already stays theirs."""
    with changing(meeting_id) as session:
        seat = _seat(session, meeting_id, seat_id)
        if organisation_of(session, meeting_id) != user.organisation_id:
            raise Refused("no_such_meeting", 404)
        _connect(session, seat, user.id)


def agree(meeting_id: str, seat_id: str, user_id: str) -> None:
    """The seat's own device says yes to the account the moderator named; not to another one named meanwhile."""
    with changing(meeting_id) as session:
        seat = _seat(session, meeting_id, seat_id)
        if seat.said_to_be != user_id:
            raise Refused("not_a_member", 409)
        _connect(session, seat, user_id)


def disagree(meeting_id: str, seat_id: str) -> None:
    """The seat's own device says no; the account has nothing of this seat, or has it no longer."""
    with changing(meeting_id) as session:
        seat = _seat(session, meeting_id, seat_id)
        seat.user_id = seat.said_to_be = None


def name_members(meeting_id: str, by_seat_id: str | None, wanted: Mapping[str, str]) -> None:
    """The moderator says which participant is which member of the meeting's group: seat id to user id, empty for nobody.

    For somebody without a phone that gives the account their hours and the group's report. A phone is asked first. If its
    owner has connected an account themselves, nothing changes. `by_seat_id` is the moderator's seat; None: the caller has
    checked the account.
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
            if seat.user_id is None:
                seat.said_to_be = user_id or None


def make_code(meeting_id: str, moderator_id: str, seat_id: str) -> str:
    """A personal code for somebody without a phone: gives the code, which is not kept. It is what a personal link is to a
    phone, and an earlier one ends. Refused once the meeting is over: then nobody would see to whom it is handed.
    """
    code = new_code(codes.PERSONAL)
    with change(meeting_id) as found:
        require_moderator(found, moderator_id)
        seat = _seat(found.session, meeting_id, seat_id)
        require_code_is_due(found.session, found.row, seat)
        device = last_joined(found.session, seat)
        if device is None:
            found.session.execute(delete(models.SeatToken).where(models.SeatToken.seat_id == seat_id))
        else:
            end_link_of(found.session, device.id)
        whose = device.id if device is not None else seat_id
        found.session.add(models.SeatToken(token_hash=hashed(code), seat_id=whose, kept_on=now().date()))
    return code


def require_code_is_due(session: Session, meeting: models.Meeting, seat: models.Seat) -> None:
    """Refuses a personal code to somebody who has a device that proves their seat, and outside of the room."""
    if seat.has_phone and last_joined(session, seat) is None:
        raise Refused("has_a_phone")
    if meeting.status not in ("lobby", "running"):
        raise Refused("code_in_the_room")


def take_seat(meeting_id: str, seat_id: str) -> None:
    """Somebody who had no phone came in with their code: from now on a device speaks for them, and nobody else."""
    with changing(meeting_id) as session:
        _seat(session, meeting_id, seat_id).has_phone = True


def account_of(user_id: str | None) -> User | None:
    """An account a seat names."""
    return db.session.get(User, user_id) if user_id else None


def organisation_of(session: Session, meeting_id: str) -> str | None:
    """Whose meeting it is."""
    return session.scalar(select(models.Meeting.organisation_id).where(models.Meeting.id == meeting_id))


def _connect(session: Session, seat: models.Seat, user_id: str) -> None:
    seat.user_id, seat.said_to_be = seat.user_id or user_id, None
    claim(session, seat)
    bring_in(session, seat.meeting_id)


def _seat(session: Session, meeting_id: str, seat_id: str) -> models.Seat:
    seat = session.get(models.Seat, seat_id)
    if seat is None or seat.meeting_id != meeting_id or seat.kind != "participant" or seat.is_expelled:
        raise Refused("no_such_seat", 404)
    return seat
