"""What group pages show of meetings: the answer to `groups.summaries.Summaries`.

Which reports somebody may read is asked of whoever knows, above this room: the frame hands it in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import Select, select

from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.groups.models import Group
from facilitator.groups.rules import member_since
from facilitator.groups.summaries import MeetingSummary
from facilitator.meetings import models
from facilitator.meetings.visitor import seats_said_of

Readable = Callable[[User, Sequence[str]], set[str]]


def led_by(user_id: str) -> Select[str]:
    """The ids of the groups whose meetings somebody leads: those they set up, and those whose lead they hold."""
    holds = select(models.Seat.meeting_id).where(models.Seat.user_id == user_id, models.Seat.leads)
    mine = (models.Meeting.created_by == user_id) | models.Meeting.id.in_(holds)
    return select(Group.id).join(models.Meeting, models.Meeting.group_id == Group.id).where(mine)


def of_groups(user: User, group_ids: Sequence[str], with_reports: bool = False) -> list[MeetingSummary]:
    """The meetings of these groups, the newest first; with the addresses of the reports somebody may read, if asked."""
    query = select(models.Meeting).where(
        models.Meeting.group_id.in_(group_ids), models.Meeting.organisation_id == user.organisation_id
    )
    rows = sorted(db.session.scalars(query), key=_when, reverse=True)
    own = select(models.Seat.meeting_id).where(models.Seat.user_id == user.id)
    there = {*db.session.scalars(own), *seats_said_of(user)}
    since = {group_id: member_since(db.session(), user.id, group_id) for group_id in group_ids}
    ended = [row.id for row in rows if row.ended_at is not None] if with_reports else []
    readable = _readable(user, ended)
    return [_summary(row, user, row.id in readable, row.id in there, since[row.group_id or ""]) for row in rows]


def _summary(
    row: models.Meeting, user: User, is_readable: bool, was_there: bool, since: datetime | None
) -> MeetingSummary:
    """`since`: when somebody who is in the group came in. A goal may tell the case: it is for whoever was in it by the end."""
    is_own = row.created_by == user.id
    is_member = since is not None and (row.ended_at is None or since <= row.ended_at)
    return MeetingSummary(
        group_id=row.group_id or "",
        goal=row.goal if is_own or was_there or is_member or is_readable else "",
        is_erased=not row.goal,
        moment=row.started_at or row.planned_for,
        is_over=row.status == "ended",
        is_live=row.status in ("lobby", "running"),
        report=f"/meetings/{row.id}/report" if is_readable else "",
        people=f"/meetings/{row.id}/members" if is_own and row.status != "planned" else "",
    )


def _when(row: models.Meeting) -> datetime:
    return row.started_at or row.planned_for or row.created_at


def _readable(user: User, meeting_ids: Sequence[str]) -> set[str]:
    ask: Readable = current_app.extensions["readable_reports"]
    return ask(user, meeting_ids)
