"""Signs from a phone to whoever leads: it goes too fast, I need a break, this does not feel safe.

Promises: each device has one sign at a time; it is sealed, says nothing of when, and is deleted as soon as it was taken back or put
away, and when the meeting ends. Whoever sent it is named to the moderator only by their own second tap. It stays when they leave: a sign
that goes away with somebody would tell whose it was.
"""

from __future__ import annotations

from sqlalchemy import select

from facilitator.core import sealing
from facilitator.core.db import random_id
from facilitator.core.refusals import Refused
from facilitator.meetings import models
from facilitator.meetings.actions.base import Change, change, require_here, require_moderator, require_open
from facilitator.meetings.seen import seen_by
from facilitator.meetings.snapshot import Seat, Sign


def give(meeting_id: str, seat_id: str, sign: str, is_named: bool = False) -> None:
    """Tells the moderator; another sign takes the place of the one before."""
    with change(meeting_id) as found:
        seat = _sender(found, seat_id)
        if sign not in set(Sign):
            raise Refused("bad_choice", 422)
        _delete(found, *(one.id for one in found.before.signals if one.is_by(seat)))
        row = models.Signal(id=random_id(), meeting_id=meeting_id)
        device = seat.hand_id or seat.id
        row.body = sealing.seal(meeting_id, f"signal:{row.id}", {"device": device, "sign": sign, "is_named": is_named})
        found.session.add(row)


def take_back(meeting_id: str, seat_id: str) -> None:
    """Whoever gave a sign lets it go; done once, it is done."""
    with change(meeting_id) as found:
        seat = _sender(found, seat_id)
        _delete(found, *(one.id for one in found.before.signals if one.is_by(seat)))


def put_away(meeting_id: str, moderator_id: str, sign: str) -> None:
    """The moderator has seen it: every sign of this kind goes, whoever gave it."""
    with change(meeting_id) as found:
        require_moderator(found, moderator_id)
        require_open(found)
        _delete(found, *(one.id for one in found.before.signals if (one.sign or "") == sign))


def delete_all(found: Change) -> None:
    """At the end of a meeting none is needed any more."""
    _delete(found, *(one.id for one in found.before.signals))


def _sender(found: Change, seat_id: str) -> Seat:
    require_open(found)
    seat = require_here(found, seat_id)
    if not seen_by(found.before, seat).may_signal:
        raise Refused("leads_to_themselves" if found.before.now.is_running else "not_running")
    return seat


def _delete(found: Change, *signal_ids: str) -> None:
    for row in found.session.scalars(select(models.Signal).where(models.Signal.id.in_(signal_ids))):
        found.session.delete(row)
    found.session.flush()
