"""The open actions of somebody: their own, those they are a buddy of, and those of the meetings they set up.

Promises: nobody sees more here than in the meeting and its report. An action that its owner has not confirmed, or that was
taken off the screen, is nobody else's business, and how it went stays hidden until it was revealed (see `mine.still_open`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import false, or_, select

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.meetings import loading, models
from facilitator.meetings.looking_back import part_of
from facilitator.meetings.mine import how_it_went, in_words, is_last, still_open, until
from facilitator.meetings.seen import NOTHING, facets
from facilitator.meetings.snapshot import Action, Snapshot
from facilitator.meetings.visitor import seats_of
from facilitator.methods.vocabulary import Audience, Facet


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An action on the page: `owner` as the meeting calls them, `href` where it is read on, `goal` what that meeting was for."""

    owner: str
    is_own: bool
    what: str
    until: str
    due: date | None
    goal: str
    href: str


def open_actions(user: User, *, led: bool, group_id: str = "") -> list[OpenAction]:
    """Those of somebody who is signed in, of the meetings they set up only if these are asked for, and of one group if that is given; what is
    due first stands first.
    """
    seats = {meeting_id: {seat.id for seat in own} for meeting_id, own in seats_of(user).items()}
    meetings = (
        select(models.Meeting)
        .where(
            models.Meeting.organisation_id == user.organisation_id,
            or_(models.Meeting.created_by == user.id if led else false(), models.Meeting.id.in_(seats)),
            select(models.Action.id).where(models.Action.meeting_id == models.Meeting.id, is_last()).exists(),
        )
        .order_by(models.Meeting.created_at, models.Meeting.id)
    )
    if group_id:
        meetings = meetings.where(models.Meeting.group_id == group_id)

    def of_meeting(meeting: models.Meeting) -> list[OpenAction]:
        return _of_meeting(meeting, led and meeting.created_by == user.id, seats.get(meeting.id, set()))

    def unreadable(meeting: models.Meeting) -> list[OpenAction]:
        href = _address(meeting, led and meeting.created_by == user.id)
        return [OpenAction("", not led, str(sealing.UNREADABLE), "", None, meeting.goal, href)]

    found = sealing.each(db.session.scalars(meetings), of_meeting, unreadable)
    return sorted((action for actions in found for action in actions), key=lambda action: action.due or date.max)


def _of_meeting(meeting: models.Meeting, leads: bool, seat_ids: set[str]) -> list[OpenAction]:
    try:
        snapshot = loading.read(meeting.id)
    except loading.NoSuchMeeting:
        return []
    last = set(db.session.scalars(select(models.Action.id).where(models.Action.meeting_id == meeting.id, is_last())))
    return [
        OpenAction(
            owner=snapshot.name(action.owner_id) or action.owner_name,
            is_own=action.owner_id in seat_ids,
            what=in_words(action),
            until=until(action),
            due=action.due,
            goal=meeting.goal,
            href=(part_of(action, seat_ids) and how_it_went(meeting.id, action)) or _address(meeting, leads),
        )
        for action in snapshot.actions
        if action.id in last and _is_open(snapshot, action, leads, seat_ids)
    ]


def _is_open(snapshot: Snapshot, action: Action, leads: bool, seat_ids: set[str]) -> bool:
    """Whether somebody sees an action here; of several reasons to see it the nearest counts."""
    part = part_of(action, seat_ids)
    if part is not None:
        return still_open(snapshot, action, None if part == "owner" else Audience.PEER)
    return leads and _is_out(snapshot, action) and still_open(snapshot, action, Audience.MODERATOR)


def _is_out(snapshot: Snapshot, action: Action) -> bool:
    """Whether the group's own screens and report have an action: revealed by its owner's yes, and not taken off since."""
    item = snapshot.item(action.item_id)
    if item is None:
        return action.is_carried
    phase = snapshot.phases.get(item.step_id)
    return item.is_shown and Facet.ACTIONS in (facets(phase, Audience.MODERATOR, True) if phase else NOTHING)


def _address(meeting: models.Meeting, leads: bool) -> str:
    """Where whoever leads follows an action up, and everybody else finds what concerns them."""
    if not leads:
        return f"/meetings/{meeting.id}/mine"
    return f"/meetings/{meeting.id}/{'report' if meeting.status == 'ended' else 'console'}"
