"""What reports have for a person: drafts of the meetings they led, one that waits for the yes of whoever gave the case, and reports
they can read.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import format_date, gettext
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.core.entries import Entry, unreadable_entry
from facilitator.groups.rules import groups_of
from facilitator.meetings import listing
from facilitator.meetings.models import Meeting, Round
from facilitator.meetings.visitor import seats_of, seats_said_of
from facilitator.reports import store
from facilitator.reports.access import reads_as_member
from facilitator.reports.how_far import report_states


def _(text: str, /, **names: object) -> str:
    return str(gettext(text, **names))


def entries_for_seat(meeting_id: str, seat_id: str, is_own: bool) -> list[Entry]:
    """The report of one meeting, for a seat in it."""
    meeting = db.session.get(Meeting, meeting_id)
    return _entries(meeting, {seat_id} if is_own else ()) if meeting else []


def entries_for_user(user: User) -> list[Entry]:
    """The reports of every meeting somebody was in, and of their groups those that were approved while they were in it."""
    own = seats_of(user)
    there = {*own, *seats_said_of(user)}
    theirs = Meeting.id.in_(there) | Meeting.group_id.in_(groups_of(user.id))
    over = (Meeting.organisation_id == user.organisation_id, Meeting.status == "ended", theirs)
    meetings = [
        m for m in db.session.scalars(select(Meeting).where(*over)) if m.id in there or reads_as_member(user, m)
    ]
    found = [
        entry for meeting in meetings for entry in _entries(meeting, [seat.id for seat in own.get(meeting.id, ())])
    ]
    return [*_to_finish(user), *found]


def _to_finish(user: User) -> list[Entry]:
    """The drafts of the meetings an account set up. One that was offered waits for somebody else."""
    ended = {meeting.id: meeting.ended_at for meeting in listing.rows(user, "ended")}
    text = _("The group waits for it.")
    return [
        Entry(
            _("A report to finish"),
            text,
            f"/meetings/{meeting_id}/report",
            ended[meeting_id],
            waits=True,
            for_others=True,
        )
        for meeting_id, state in report_states(list(ended)).items()
        if state == "draft"
    ]


def _entries(meeting: Meeting, seat_ids: Iterable[str]) -> list[Entry]:
    if meeting.status != "ended":
        return []
    try:
        return [*_waiting(meeting, set(seat_ids)), *_readable(meeting)]
    except sealing.KeyIsGone:
        return []
    except sealing.Damaged:
        return [unreadable_entry(_("Session report"), f"/meetings/{meeting.id}/report", meeting.ended_at)]


def _waiting(meeting: Meeting, seat_ids: set[str]) -> list[Entry]:
    gave = (Round.meeting_id == meeting.id, Round.case_giver_id.in_(seat_ids))
    numbers = set(db.session.scalars(select(Round.number).where(*gave)))
    if not numbers or not numbers & set(store.standing(meeting.id).waits_for):
        return []
    text = _("Only your yes lets the group read your case. Doing nothing is fine.")
    href = f"/meetings/{meeting.id}/report/approve"
    return [Entry(_("The report of your case"), text, href, meeting.ended_at, waits=True)]


def _readable(meeting: Meeting) -> list[Entry]:
    found = store.approved(meeting.id)
    if found is None:
        return []
    text = _(
        "Approved on %(date)s, version %(number)s", date=format_date(found.approved_at, "long"), number=found.version
    )
    return [Entry(_("Session report"), text, f"/meetings/{meeting.id}/report", found.approved_at)]
