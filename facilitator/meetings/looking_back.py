"""An action between two meetings: where it stands, whose it is, and whose buddy is who.

Promises: somebody is an action's owner or buddy by the seat that took it on, and by nobody's word but that seat's own device or account.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.meetings import models
from facilitator.meetings.snapshot import Action
from facilitator.methods.vocabulary import CLOSED

Part = Literal["owner", "buddy"]
LIVE = ("lobby", "running")


def comes_along(action: Action) -> bool:
    """Whether the next meeting opens with it: it is open, or was finished since, which the group hears once."""
    is_new = action.told is not None and action.told.status == "done" and not action.is_carried
    return action.status not in CLOSED or (is_new and action.status == "done")


def part_of(action: models.Action | Action, seat_ids: Collection[str]) -> Part | None:
    """What somebody with these seats is to an action."""
    if action.owner_id in seat_ids:
        return "owner"
    return "buddy" if action.buddy_id in seat_ids else None


def places(session: Session, action: models.Action) -> list[tuple[models.Meeting, models.Action]]:
    """The meeting in which an action was taken on and every one it was brought to, with its row there; the first one first."""
    found = [(session.get_one(models.Meeting, action.meeting_id), action)]
    for _, row in found:  # grows while it is gone through
        asked = select(models.Meeting, models.Action).where(
            models.Action.from_id == row.id, models.Meeting.id == models.Action.meeting_id
        )
        found.extend((meeting, copy) for meeting, copy in session.execute(asked))
    return found
