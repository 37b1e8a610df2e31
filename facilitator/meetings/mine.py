"""What the meetings themselves have for a person: the actions they took on, or are a buddy of, that are still open.

An action that came along to a later meeting is looked back on there, so it is named once: where it was last.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from facilitator.accounts.models import User
from facilitator.db import db
from facilitator.meetings import loading, models, sealing
from facilitator.meetings.personal import Entry, takes_part
from facilitator.meetings.snapshot import Action

CLOSED = ("done", "dropped")


def entries_for_seat(meeting_id: str, seat_id: str) -> list[Entry]:
    """The open actions of a seat, and those it is a buddy of."""
    return _entries(meeting_id, {seat_id}, "")


def entries_for_user(user: User) -> list[Entry]:
    """The same for every seat of somebody who is signed in."""
    found = [
        _entries(meeting_id, seat_ids, f"/meetings/{meeting_id}/mine")
        for meeting_id, seat_ids in _seats_of(user).items()
    ]
    return [entry for entries in found for entry in entries]


def _seats_of(user: User) -> dict[str, set[str]]:
    query = (
        select(models.Seat)
        .join(models.Meeting, models.Meeting.id == models.Seat.meeting_id)
        .where(models.Seat.user_id == user.id, models.Meeting.organisation_id == user.organisation_id)
    )
    seats: dict[str, set[str]] = {}
    for seat in db.session.scalars(query):
        if takes_part(seat):
            seats.setdefault(seat.meeting_id, set()).add(seat.id)
    return seats


def _entries(meeting_id: str, seat_ids: set[str], href: str) -> list[Entry]:
    wanted = _open_actions(meeting_id, seat_ids)
    if not wanted:
        return []
    try:
        snapshot = loading.read(meeting_id)
    except (loading.NoSuchMeeting, sealing.KeyIsGone):
        return []
    mine = (action for action in snapshot.actions if action.id in wanted)
    return [_entry(action, action.owner_id in seat_ids, snapshot.name(action.owner_id), href) for action in mine]


def _open_actions(meeting_id: str, seat_ids: Iterable[str]) -> set[str]:
    later = aliased(models.Action)
    query = select(models.Action.id).where(
        models.Action.meeting_id == meeting_id,
        or_(models.Action.owner_id.in_(seat_ids), models.Action.buddy_id.in_(seat_ids)),
        models.Action.confirmed_at.is_not(None),
        models.Action.status.not_in(CLOSED),
        ~select(later.id).where(later.from_id == models.Action.id).exists(),
    )
    return set(db.session.scalars(query))


def _entry(action: Action, is_owner: bool, owner: str, href: str) -> Entry:
    title = _("Your action") if is_owner else _("You are the buddy of %(name)s", name=owner)
    what = action.then
    if action.when_if:
        what = _("If %(when_if)s, then %(then)s", when_if=action.when_if, then=action.then)
    when = _("before %(date)s", date=format_date(action.due, "d MMMM")) if action.due else ""
    return Entry(title, f"{what} ({when})" if when else what, href)
