"""Who somebody is to the report of a meeting: the one place that answers it, anew for every request.

- moderator: holds the moderator's seat, set the meeting up, or led it by turn. Reads the draft and every version.
- case giver: gave a case. Reads the draft of their own case and of what belongs to everybody, and every version.
- participant: was let in and was not sent away. Reads what is approved; so does whoever the moderator says was there without
  a phone, who by that alone is nobody's case giver.
- member: is in the meeting's group now, and was when it was approved. Reads what is approved.

Everybody else finds nothing there, and cannot tell whether there is such a meeting.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask import abort
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.groups.rules import member_since
from facilitator.meetings.models import Meeting, Round, Seat
from facilitator.meetings.turns import may_lead
from facilitator.meetings.visitor import Visitor, as_seat, visitor
from facilitator.reports.store import given_at, open_draft, report_row, version_rows


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
    found = visitor(meeting_id)
    if found is None:
        return None
    cases = _cases(found)
    role = _role(found, bool(cases))
    if role is None:
        return None
    return Reader(
        role=role,
        meeting_id=meeting_id,
        organisation_id=found.meeting.organisation_id,
        seat_id=found.seat.id if found.seat else None,
        user_id=found.user.id if found.user else None,
        lead_id=found.lead.id if found.lead else None,
        cases=cases,
        as_seat=as_seat(),
    )


def _role(found: Visitor, gave: bool) -> Role | None:
    meeting, user = found.meeting, found.user
    if found.lead is not None or (user is not None and may_lead(db.session(), user.id, meeting)):
        return Role.MODERATOR
    if gave:
        return Role.CASE_GIVER
    if found.own or found.said:
        return Role.PARTICIPANT
    return Role.MEMBER if user is not None and reads_as_member(user, meeting) else None


def reads_as_member(user: User, meeting: Meeting) -> bool:
    """Whether somebody is in the group, and was when its case giver said yes: that was said to the group as it was. Otherwise
    whoever puts people into groups, an administrator themselves among them, would open what was said before.
    """
    since = member_since(db.session(), user.id, meeting.group_id)
    if since is None:
        return False
    given = given_at(db.session(), meeting)
    return given is None or since <= given


def _cases(found: Visitor) -> tuple[int, ...]:
    """The numbers of the cases that the visitor's own seats gave; once the meeting forgot it, the report still knows."""
    meeting, ids = found.meeting, [seat.id for seat in found.own]
    ids += db.session.scalars(select(Seat.id).where(Seat.joined_to_id.in_(ids)))
    if meeting.erased_at is None:
        own = (Round.meeting_id == meeting.id, Round.case_giver_id.in_(ids))
        return tuple(db.session.scalars(select(Round.number).where(*own).order_by(Round.number)))
    row = report_row(db.session(), meeting.id)
    newest = version_rows(db.session(), row.id)[:1] if row else []
    try:
        return open_draft(row.id, newest[0]).cases_of(ids) if row and newest else ()
    except sealing.Unreadable:
        return ()
