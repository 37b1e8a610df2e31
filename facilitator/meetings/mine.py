"""What the meetings themselves have for a person: the actions they took on, or are a buddy of, that are still open.

An action that came along to a later meeting is looked back on there, so it is named once: where it was last. Until that meeting opens
whoever took it on finds it where they did, and can say there how it went.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.core.entries import Entry, unreadable_entry
from facilitator.meetings import loading, models
from facilitator.meetings.seen import facets
from facilitator.meetings.snapshot import Action, Item, Snapshot
from facilitator.meetings.visitor import seats_of
from facilitator.methods.vocabulary import CLOSED, Audience, Facet


def entries_for_seat(meeting_id: str, seat_id: str, is_own: bool) -> list[Entry]:
    """The open actions of a seat, and those it is a buddy of."""
    return _entries(meeting_id, {seat_id}, "") if is_own else []


def entries_for_user(user: User) -> list[Entry]:
    """The same for every seat of somebody who is signed in."""
    found = [
        _entries(meeting_id, {seat.id for seat in own}, f"/meetings/{meeting_id}/mine")
        for meeting_id, own in seats_of(user).items()
    ]
    return [entry for entries in found for entry in entries]


def is_last() -> ColumnElement[bool]:
    """Which actions stand where they were last: taken on for good, and not brought along to a later meeting."""
    later = aliased(models.Action)
    return and_(models.Action.is_confirmed, ~select(later.id).where(later.from_id == models.Action.id).exists())


def still_open(snapshot: Snapshot, action: Action, who: Audience | None) -> bool:
    """Whether an action is open as far as its owner (`who` is None) or somebody of an audience may know: what its owner
    answered is theirs alone until it was revealed.
    """
    if action.status not in CLOSED:
        return True
    answers = (item for item in snapshot.items if item.about_id == action.id)
    return who is not None and any(not _is_told(snapshot, item, who) for item in answers)


def in_words(action: Action) -> str:
    """An action as a sentence."""
    if not action.when_if:
        return action.then
    return str(_("If %(when_if)s, then %(then)s", when_if=action.when_if, then=action.then))


def until(action: Action) -> str:
    """By when an action is to be done, empty where nobody said."""
    return str(_("before %(date)s", date=format_date(action.due, "d MMMM"))) if action.due else ""


def how_it_went(meeting_id: str, action: Action) -> str:
    """Where whoever took an action on says how it went, or their buddy; nowhere of one that a meeting looks back on."""
    return "" if action.is_carried else f"/meetings/{meeting_id}/actions/{action.id}"


def _is_told(snapshot: Snapshot, answer: Item, who: Audience) -> bool:
    phase = snapshot.phases[answer.step_id]
    form = phase.form(answer.form)
    is_private = form is None or any(field.name == "status" and field.is_private for field in form.fields)
    return answer.is_shown and not is_private and Facet.ITEMS in facets(phase, who, answer.is_revealed)


def _entries(meeting_id: str, seat_ids: set[str], href: str) -> list[Entry]:
    wanted = _last_actions(meeting_id, seat_ids)
    if not wanted:
        return []
    try:
        snapshot = loading.read(meeting_id)
    except (loading.NoSuchMeeting, sealing.KeyIsGone):
        return []
    except sealing.Damaged:
        return [unreadable_entry(_("Your action"), href)]
    mine = (action for action in snapshot.actions if action.id in wanted)
    return [
        _entry(
            action, action.owner_id in seat_ids, snapshot.name(action.owner_id), how_it_went(meeting_id, action) or href
        )
        for action in mine
        if still_open(snapshot, action, None if action.owner_id in seat_ids else Audience.PEER)
    ]


def _last_actions(meeting_id: str, seat_ids: Iterable[str]) -> set[str]:
    query = select(models.Action.id).where(
        models.Action.meeting_id == meeting_id,
        or_(models.Action.owner_id.in_(seat_ids), models.Action.buddy_id.in_(seat_ids)),
        is_last(),
    )
    return set(db.session.scalars(query))


def _entry(action: Action, is_owner: bool, owner: str, href: str) -> Entry:
    title = _("Your action") if is_owner else _("You are the buddy of %(name)s", name=owner)
    what, when = in_words(action), until(action)
    return Entry(title, f"{what} ({when})" if when else what, href)
