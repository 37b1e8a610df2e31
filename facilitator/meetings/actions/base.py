"""What every verb starts with: the meeting, locked and read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask_babel import get_locale
from sqlalchemy.orm import Session

from facilitator.core import sealing
from facilitator.core.db import announce, changing
from facilitator.core.refusals import Refused
from facilitator.meetings import loading, models, rules, snapshot_cache
from facilitator.meetings.seen import seen_by
from facilitator.meetings.snapshot import Seat, Snapshot

RANKS = 2**31 - 1  # texts without an order of their own lie in that of a random number below this


@dataclass
class Change:
    """A meeting while it is being changed: its rows, and how it was when the transaction began. `along`: the tables of it that are
    changed with it.
    """

    session: Session
    row: models.Meeting
    before: Snapshot
    along: list[str] = field(default_factory=list)

    def seat(self, seat_id: str) -> Seat:
        """A seat of this very meeting; a foreign id is refused like one that does not exist."""
        found = self.before.seat(seat_id)
        if found is None:
            raise Refused("no_such_seat", 404)
        return found

    def seat_row(self, seat_id: str) -> models.Seat:
        """The row of a seat of this meeting."""
        row = self.session.get(models.Seat, self.seat(seat_id).id)
        assert row is not None
        return row

    def item_row(self, item_id: str) -> models.Contribution:
        """The row of a text of this meeting."""
        known = self.before.item(item_id)
        row = self.session.get(models.Contribution, item_id) if known else None
        if row is None:
            raise Refused("no_such_item", 404)
        return row

    def action_row(self, action_id: str) -> models.Action:
        """The row of an action of this meeting."""
        is_known = any(action.id == action_id for action in self.before.actions)
        row = self.session.get(models.Action, action_id) if is_known else None
        if row is None:
            raise Refused("no_such_item", 404)
        return row

    def now(self) -> Snapshot:
        """The meeting as it stands in this transaction."""
        self.session.flush()
        return loading.load(self.session, self.row.id)


@contextmanager
def change(meeting_id: str) -> Iterator[Change]:
    """Opens a meeting for change; everything or nothing of what follows is stored."""
    get_locale()  # it may be looked up in the database, and nobody ever holds two connections
    along: list[str] = []
    with changing(meeting_id) as session:
        row = session.get(models.Meeting, meeting_id)
        if row is None:
            raise Refused("no_such_meeting", 404)
        if row.erased_at is not None or not sealing.opens(meeting_id):
            raise Refused("erased", 410)
        with snapshot_cache.following(session, row) as before:
            yield Change(session, row, before, along)
    for table_id in along:
        announce(table_id)


def require_open(found: Change) -> None:
    """Refuses changes to what is over: a meeting that ended more than an hour ago stays as it is."""
    if found.row.status == "ended" and not rules.may_reopen(found.before):
        raise Refused("ended")


def require_on(found: Change) -> None:
    """Refuses what settles who took part and as what once the meeting is over, also in the hour in which it may be reopened:
    then somebody else's rights would hang on it.
    """
    if found.row.status == "ended":
        raise Refused("ended")


def require_moderator(found: Change, seat_id: str) -> Seat:
    """The seat, if it leads this meeting; read anew in every transaction, so a role that was handed over is gone."""
    seat = found.seat(seat_id)
    if not seen_by(found.before, seat).is_moderator:
        raise Refused("not_moderator", 403)
    return seat


def require_steering(found: Change, seat_id: str) -> Seat:
    """The seat, if it leads this meeting or is a room screen of it. What a screen may do with that is for the verb to say."""
    seat = found.seat(seat_id)
    return seat if seat.kind == "wall" and not seat.is_expelled else require_moderator(found, seat_id)


def require_here(found: Change, seat_id: str) -> Seat:
    """The seat, if it takes part now and has not left either."""
    seat = require_present(found, seat_id)
    if seat.has_left:
        raise Refused("left")
    return seat


def require_present(found: Change, seat_id: str) -> Seat:
    """The seat, if it was let in; somebody who left may still say how it was."""
    seat = found.seat(seat_id)
    if seat.is_expelled:
        raise Refused("expelled", 403)
    if seat.kind != "participant" or not seat.is_let_in:
        raise Refused("not_let_in", 403)
    return seat
