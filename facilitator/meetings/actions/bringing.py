"""What comes into a meeting when it opens, and no sooner: what the meeting before left, as it was told until then, and what the group
agreed on.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.core import sealing
from facilitator.core.db import random_id
from facilitator.groups import agreements
from facilitator.meetings import loading, looking_back, models, rules
from facilitator.meetings.actions.base import RANKS, Change
from facilitator.meetings.snapshot import Action, Item, Snapshot
from facilitator.methods.vocabulary import Kind


def bring_along(found: Change) -> None:
    """The agreement that holds now, open actions and cases that were not chosen. Each stays closed with the key of the meeting in which it was written, also over
    several meetings: so it cannot outlive what was written there, here or in any copy. Where that is erased by now, nothing comes.
    """
    session, row = found.session, found.row
    agreement = agreements.current(session, row.group_id)
    row.agreement_id = agreement.id if agreement else None
    if row.follows_group:
        row.continues_id = _last_of_group(session, row)
    if row.continues_id is None:
        return
    try:
        earlier = loading.load(session, row.continues_id)
    except (loading.NoSuchMeeting, sealing.Unreadable):
        return
    session.add_all(
        _action(row, earlier, action)
        for action in earlier.actions
        if action.is_confirmed and looking_back.comes_along(action) and sealing.opens(action.key_of or earlier.id)
    )
    pick = next((s for s in loading.step_rows(session, row.id) if s.phase["kind"] == Kind.PICK.value), None)
    session.add_all(
        _case(row, pick, earlier, item)
        for item in rules.kept_for_later(earlier)
        if pick is not None and sealing.opens(item.key_of or earlier.id)
    )


def _last_of_group(session: Session, row: models.Meeting) -> str | None:
    held = select(models.Meeting.id).where(
        models.Meeting.group_id == row.group_id,
        models.Meeting.organisation_id == row.organisation_id,
        models.Meeting.id != row.id,
        models.Meeting.status == "ended",
        models.Meeting.erased_at.is_(None),
        models.is_whole(),
    )
    return session.scalar(held.order_by(models.Meeting.ended_at.desc(), models.Meeting.id).limit(1))


def _action(row: models.Meeting, earlier: Snapshot, action: Action) -> models.Action:
    new_id, key_of = random_id(), action.key_of or earlier.id
    told = sealing.seal(key_of, f"told:{new_id}", asdict(action.told)) if action.told else None
    body = {"when_if": action.when_if, "then": action.then}
    return models.Action(
        id=new_id,
        meeting_id=row.id,
        from_id=action.id,
        from_seat_id=action.owner_id or action.from_seat_id,
        owner_name=earlier.name(action.owner_id) or action.owner_name,
        key_of=key_of,
        body=sealing.seal(key_of, f"action:{new_id}", body),
        due=action.due,
        is_carried=True,
        is_confirmed=True,
        status=action.status if told else "open",
        told=told,
    )


def _case(row: models.Meeting, pick: models.Step, earlier: Snapshot, item: Item) -> models.Contribution:
    new_id, key_of = random_id(), item.key_of or earlier.id
    return models.Contribution(
        id=new_id,
        meeting_id=row.id,
        step_id=pick.id,
        form=item.form,
        key_of=key_of,
        body=sealing.seal(key_of, f"contribution:{new_id}", dict(item.fields)),
        rank=secrets.randbelow(RANKS),
        brought_by=earlier.name(item.seat_id) or item.brought_by or "",
        from_seat_id=item.seat_id or item.from_seat_id,
    )
