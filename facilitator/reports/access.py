"""Who somebody is to the report of a meeting: the one place that answers it, anew for every request.

- moderator: holds the moderator's seat, or set the meeting up. Reads the draft and every version.
- case giver: gave a case. Reads the draft of their own case and of what belongs to everybody, and every version.
- participant: was let in and was not sent away. Reads what is approved.
- member: is in the meeting's group now. Reads what is approved.

Everybody else finds nothing there, and cannot tell whether there is such a meeting.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask import abort, request
from sqlalchemy import select

from facilitator.accounts.access import signed_in
from facilitator.accounts.models import User
from facilitator.db import db
from facilitator.groups.rules import is_member
from facilitator.meetings import sealing, seats
from facilitator.meetings.models import Meeting, Round, Seat
from facilitator.reports.store import open_draft, report_row, version_rows


class Role(StrEnum):
    """What somebody is first of all; `Reader` says what else."""

    MODERATOR = "moderator"
    CASE_GIVER = "case_giver"
    PARTICIPANT = "participant"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who has to do with a meeting. Somebody may lead it and be a case giver of it as well: ask `is_moderator` and
    `is_case_giver` rather than `role`. `seat_id` is a participant's seat, `lead_id` the moderator's seat, `cases` are the
    numbers of the cases they gave, `as_seat` is 2 for the second seat on a phone.
    """

    role: Role
    meeting_id: str
    organisation_id: str
    seat_id: str | None = None
    user_id: str | None = None
    lead_id: str | None = None
    cases: tuple[int, ...] = ()
    as_seat: int = 1

    @property
    def is_moderator(self) -> bool:
        """Leads the meeting, or set it up."""
        return self.role is Role.MODERATOR

    @property
    def is_case_giver(self) -> bool:
        """Gave a case in it."""
        return bool(self.cases)

    @property
    def logged_as(self) -> str | None:
        """The account that stands in the audit log. A case giver's does not: who approves and reads drafts gave the case."""
        return self.user_id if self.is_moderator or not self.is_case_giver else None

    @property
    def sees_draft(self) -> bool:
        """Reads what is not approved yet, a case giver only what is theirs."""
        return self.is_moderator or self.is_case_giver


def reader_of(meeting_id: str) -> Reader:
    """Who this request comes from; to somebody who has nothing to do with the meeting there is no such page (404)."""
    found = find_reader(meeting_id)
    if found is None:
        abort(404)
    return found


def find_reader(meeting_id: str) -> Reader | None:
    """The same, for whoever wants to go on without."""
    meeting = db.session.get(Meeting, meeting_id)
    if meeting is None:
        return None
    user = signed_in()
    if user is not None and user.organisation_id != meeting.organisation_id:
        user = None
    lead, seat = _lead(meeting_id), _seat(meeting_id, user)
    cases = _cases(meeting, seat.id) if seat else ()
    role = _role(meeting, user, lead is not None, bool(cases), seat is not None)
    if role is None:
        return None
    return Reader(
        role=role,
        meeting_id=meeting_id,
        organisation_id=meeting.organisation_id,
        seat_id=seat.id if seat else None,
        user_id=user.id if user else None,
        lead_id=lead.id if lead else None,
        cases=cases,
        as_seat=as_seat(),
    )


def as_seat() -> int:
    """Which of the two seats on a phone this request is for."""
    return 2 if request.args.get("as") == "2" else 1


def _role(meeting: Meeting, user: User | None, leads: bool, gave: bool, was_there: bool) -> Role | None:
    if leads or (user is not None and meeting.created_by == user.id):
        return Role.MODERATOR
    if gave:
        return Role.CASE_GIVER
    if was_there:
        return Role.PARTICIPANT
    return Role.MEMBER if user is not None and is_member(db.session(), user.id, meeting.group_id) else None


def _lead(meeting_id: str) -> Seat | None:
    """The moderator's seat of this device, unless the lead was handed over."""
    seat = seats.held_seat(meeting_id, "console")
    return seat if seat is not None and seat.left_at is None and seat.expelled_at is None else None


def _seat(meeting_id: str, user: User | None) -> Seat | None:
    """The participant's seat of this device, or else of this account."""
    seat = seats.held_seat(meeting_id, "phone", as_seat())
    if seat is None and user is not None:
        own = (Seat.meeting_id == meeting_id, Seat.user_id == user.id, Seat.kind == "participant")
        seat = db.session.scalars(select(Seat).where(*own).order_by(Seat.joined_at.desc())).first()
    return seat if seat is not None and seat.admitted_at is not None and seat.expelled_at is None else None


def _cases(meeting: Meeting, seat_id: str) -> tuple[int, ...]:
    """The numbers of the cases a seat gave; once the meeting forgot it, the report still knows."""
    if meeting.erased_at is None:
        own = (Round.meeting_id == meeting.id, Round.case_giver_id == seat_id)
        return tuple(db.session.scalars(select(Round.number).where(*own).order_by(Round.number)))
    row = report_row(db.session(), meeting.id)
    newest = version_rows(db.session(), row.id)[:1] if row else []
    try:
        return open_draft(row.id, newest[0]).cases_of(seat_id) if row and newest else ()
    except sealing.KeyIsGone:
        return ()
