"""Actions: taking one on, confirming it, standing by as a buddy, and telling how an earlier one went: in a meeting, or before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from sqlalchemy import select

from facilitator.core import sealing
from facilitator.core.db import announce, count_change, random_id
from facilitator.core.refusals import Refused
from facilitator.core.times import day_in
from facilitator.meetings import looking_back, models, rules
from facilitator.meetings.actions.base import (
    Change,
    change,
    require_here,
    require_moderator,
    require_open,
    require_present,
)
from facilitator.meetings.seen import seen_by
from facilitator.meetings.snapshot import Seat, Value
from facilitator.methods.vocabulary import STATUSES


def make_action(
    found: Change, seat: Seat, item: models.Contribution, fields: Mapping[str, Value], is_confirmed: bool
) -> None:
    """Turns a text into an action of its writer, or rewrites the action it became."""
    row = found.session.scalar(select(models.Action).where(models.Action.contribution_id == item.id))
    if row is None:
        row = models.Action(id=random_id(), meeting_id=found.row.id, contribution_id=item.id, owner_id=seat.id)
        row.owner_name = seat.name
        found.session.add(row)
    body = {"when_if": fields.get("when_if"), "then": fields.get("then")}
    row.body = sealing.seal(found.row.id, f"action:{row.id}", body)
    row.due = _date(fields.get("due"))
    row.is_confirmed = is_confirmed


def confirm(meeting_id: str, seat_id: str, action_id: str) -> None:
    """The owner says *that's right* to what was taken down for them; the moderator may for an owner without a phone."""
    with change(meeting_id) as found:
        require_open(found)
        row = found.action_row(action_id)
        seat = found.seat(seat_id)
        owner = found.before.seat(row.owner_id)
        leads = seen_by(found.before, seat).is_moderator and owner is not None and not owner.has_phone
        if not leads:
            require_present(found, seat_id)
        if row.owner_id != seat.id and not leads:
            raise Refused("not_yours", 403)
        row.is_confirmed = True
        item = found.item_row(row.contribution_id) if row.contribution_id else None
        if item is not None:
            item.is_revealed = True


def be_buddy(meeting_id: str, seat_id: str, action_id: str, is_on: bool) -> None:
    """Stands by the owner of an action, or steps back; the first who taps is the buddy."""
    with change(meeting_id) as found:
        require_open(found)
        seat = require_here(found, seat_id)
        row = found.action_row(action_id)
        if not row.is_confirmed or row.owner_id == seat.id:
            raise Refused("not_yours", 403)
        if row.buddy_id not in (None, seat.id):
            raise Refused("has_buddy")
        row.buddy_id = seat.id if is_on else None


def follow(found: Change, seat: Seat, action_id: str, fields: Mapping[str, Value]) -> None:
    """Notes how an action went, in this meeting and at the action it came from, so that it does not return once done."""
    row = found.action_row(action_id)
    if not row.is_carried or row.owner_id != seat.id:
        raise Refused("not_yours", 403)
    _set_status(found, row, str(fields.get("status") or ""))


def set_status(meeting_id: str, moderator_id: str, action_id: str, status: str) -> None:
    """The moderator notes how an action went whose owner is not there or has no phone; whoever can say it themselves does."""
    with change(meeting_id) as found:
        require_open(found)
        require_moderator(found, moderator_id)
        row = found.action_row(action_id)
        if not any(action.id == row.id and rules.may_note(found.before, action) for action in found.before.actions):
            raise Refused("says_it_themselves")
        _set_status(found, row, status)


def tell(meeting_id: str, action_id: str, by: Literal["owner", "buddy"], status: str, line: str) -> None:
    """Says outside of a meeting how an action went, wherever it was brought along; the next meeting opens with that. Only its owner
    lets it go, and a buddy's word gives way to theirs. Whose word it is, the caller has checked.

    Raises `Refused` while a group looks back on it, and where there is no such action.
    """
    with change(meeting_id) as found:
        row = found.action_row(action_id)
        places = looking_back.places(found.session, row)
        if row.is_carried or not row.is_confirmed:
            raise Refused("no_such_item", 404)
        if any(place.status in looking_back.LIVE for place, _ in places):
            raise Refused("looks_back_now")
        if status not in STATUSES or (by == "buddy" and status == "dropped"):
            raise Refused("bad_choice", 422)
        known = next(action.told for action in found.before.actions if action.id == row.id)
        if by == "buddy" and known is not None and not known.is_by_buddy:
            raise Refused("told_already")
        body: dict[str, Value] = {"status": status, "line": line, "is_by_buddy": by == "buddy"}
        for place, at in places:
            at.told = sealing.seal(row.meeting_id, f"told:{at.id}", body)
            if by == "owner" or at.status == "open":  # what its owner has said in a meeting is not a buddy's to change
                at.status = status
            count_change(found.session, place.id)
        others = [place.id for place, _ in places if place.id != meeting_id]
    for other in others:
        announce(other)


def set_owner(meeting_id: str, moderator_id: str, action_id: str, seat_id: str) -> None:
    """Points out whose action of an earlier meeting it is; not any more once somebody has proved that it is theirs, or has said
    how it went.
    """
    with change(meeting_id) as found:
        require_open(found)
        require_moderator(found, moderator_id)
        row = found.action_row(action_id)
        owner = found.seat(seat_id)
        if owner.kind != "participant" or not owner.is_present:
            raise Refused("no_such_seat", 404)
        known = next(action for action in found.before.actions if action.id == row.id)
        is_proved = known.owner_id is not None and not row.is_pointed_out
        if not row.is_carried or is_proved or any(item.about_id == row.id for item in found.before.items):
            raise Refused("says_it_themselves")
        row.owner_id, row.owner_name, row.is_pointed_out = owner.id, owner.name, True


def _set_status(found: Change, row: models.Action, status: str) -> None:
    if status not in STATUSES:
        raise Refused("bad_choice", 422)
    row.status = status
    source = found.session.get(models.Action, row.from_id) if row.from_id else None
    while source is not None:
        source.status = status
        count_change(found.session, source.meeting_id)
        source = found.session.get(models.Action, source.from_id) if source.from_id else None


def _date(value: Value) -> date | None:
    """A day, where there is one: meetings that were planned before know methods that a check of today refuses."""
    return day_in(str(value)) if value else None
