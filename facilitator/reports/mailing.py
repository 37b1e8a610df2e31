"""Telling a case giver that a draft waits for them, where their account is known.

Promises: nothing is mailed before the hour in which the meeting may be reopened is over; the mail says nothing of the meeting;
each offered version is told of once, also with several workers and where a server was away; there is no second mail, because nobody is to be urged.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from sqlalchemy import select, update

from facilitator.accounts.models import User
from facilitator.accounts.once import Watch, send_each, send_once, was_sent
from facilitator.core import sealing
from facilitator.core.clock import clock
from facilitator.core.db import db
from facilitator.meetings.addresses import base_for_mails
from facilitator.meetings.machine import REOPEN_WITHIN
from facilitator.meetings.models import Meeting, Seat
from facilitator.reports import store
from facilitator.reports.models import ReportRow, VersionRow

OFFERED = "offered"


def mail_due(moment: datetime) -> int:
    """Mails what was offered and may be told by now; answers how many mails went out. Raises ClockInDoubt, and NotTaken where no server took one."""
    moment = clock().check(moment).moment
    waiting = (ReportRow.meeting_id == Meeting.id, VersionRow.report_id == ReportRow.id)
    asked = select(Meeting, VersionRow.id).where(
        *waiting,
        VersionRow.offered_at.is_not(None),
        VersionRow.is_mailed.is_(False),
        VersionRow.approved_at.is_(None),
        Meeting.status == "ended",
        Meeting.erased_at.is_(None),
        Meeting.ended_at < moment - REOPEN_WITHIN,
    )
    found, watch = db.session.execute(asked).all(), Watch(moment)
    return send_each(partial(_mail, meeting, version_id, watch) for meeting, version_id in found)


def _mail(meeting: Meeting, version_id: str, watch: Watch) -> int:
    """Mails everybody whose yes is awaited, and notes it once all of them were told. Raises NotTaken."""
    users, base = list(_users(meeting)), base_for_mails(meeting.join_host)
    link = f"{base}/meetings/{meeting.id}/report/approve" if base else ""
    sent = send_each(
        partial(send_once, version_id, OFFERED, user, watch.moment, name=user.name, link=link) for user in users
    )
    if all(was_sent(version_id, OFFERED, user) for user in users):  # else another worker is at one of them
        with db.writing() as session:
            session.execute(update(VersionRow).where(VersionRow.id == version_id).values(is_mailed=True))
    return sent


def _users(meeting: Meeting) -> Iterator[User]:
    """The accounts of those whose yes is awaited."""
    try:
        standing = store.standing(meeting.id)
    except sealing.KeyIsGone:
        return
    givers = standing.draft.givers if standing.draft else ()
    seats = [giver.seat_id for giver in givers if giver.number in standing.waits_for]
    own = (Seat.id.in_(seats), Seat.user_id == User.id, User.active, User.organisation_id == meeting.organisation_id)
    yield from db.session.scalars(select(User).where(*own).distinct())
