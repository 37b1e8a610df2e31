"""How far the reports of meetings are, without a word of what they say."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from facilitator.core.db import db
from facilitator.meetings.models import Meeting
from facilitator.reports import store
from facilitator.reports.models import ReportRow, VersionRow


def report_states(meeting_ids: Sequence[str]) -> dict[str, str]:
    """Of each meeting whether its report is a `draft`, was `offered`, or is `approved`.
    Of a meeting whose raw input was erased there is no draft any more.
    """
    meetings = {m.id: m for m in db.session.scalars(select(Meeting).where(Meeting.id.in_(meeting_ids)))}
    states = {meeting_id: "draft" for meeting_id, meeting in meetings.items() if meeting.erased_at is None}
    asked = select(ReportRow.meeting_id, VersionRow).join(VersionRow, VersionRow.report_id == ReportRow.id)
    asked = asked.where(ReportRow.meeting_id.in_(meetings)).order_by(VersionRow.number)
    for meeting_id, version in db.session.execute(asked):
        assert meeting_id is not None, "asked by meeting"
        if version.approved_at is None:
            states[meeting_id] = "offered" if version.offered_at else "draft"
        elif store.is_valid(meetings[meeting_id], version.approved_at):
            states[meeting_id] = "approved"
    return states
