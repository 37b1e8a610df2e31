"""The latest reading of each meeting that pages of this process are open of, kept up by what each change touched.

Promises: a reading serves only while the database has counted no other change, nothing was written here past that count, and for a few
seconds at most: then the whole meeting is read again. What a change touched is known from the rows it wrote; one that wrote past them is
read as a whole. Nothing is kept of a meeting that nobody looks at, nor of a change that was not committed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from facilitator.core import sealing
from facilitator.core.db import Base, db, now
from facilitator.groups.models import Acceptance, Group
from facilitator.meetings import loading, models
from facilitator.meetings.snapshot import Mark, Snapshot, Tally, in_order

SERVES_SECONDS = 5.0
Part = TypeVar("Part", bound="HasId")
Kept = TypeVar("Kept", bound=Base)
OfMeeting = TypeVar(
    "OfMeeting", models.Seat, models.Round, models.Contribution, models.Action, models.Transition, models.Signal
)
# What a reading is made of; anything else that is written along changes none.
READ = (
    Group,
    models.Meeting,
    models.Seat,
    models.Round,
    models.Step,
    models.Contribution,
    models.Mark,
    models.Tally,
    models.Action,
    models.Transition,
    models.Signal,
    models.OfferedCase,
    Acceptance,
)


class HasId(Protocol):
    """A part of a snapshot with a name of its own."""

    @property
    def id(self) -> str:
        """Its random name."""
        ...


@dataclass(frozen=True)
class Reading:
    """A meeting at one moment, until when it may serve, and how much had been written past its count."""

    snapshot: Snapshot
    until: float
    written: int


@dataclass
class Readings:
    """By meeting, of those that are looked at."""

    by_meeting: dict[str, Reading | None] = field(default_factory=dict)

    def look(self, meeting_id: str) -> None:
        """Somebody opened a page."""
        self.by_meeting.setdefault(meeting_id, None)

    def look_away(self, meeting_id: str) -> None:
        """Nobody has a page open any more."""
        self.by_meeting.pop(meeting_id, None)

    def forget(self) -> None:
        """Has every meeting read anew: rows were put back, so that a count tells nothing."""
        self.by_meeting = dict.fromkeys(self.by_meeting)

    def known(self, meeting_id: str, revision: int | None) -> Reading | None:
        """The reading after this many changes, if there is one that still serves."""
        found = self.by_meeting.get(meeting_id)
        if found is None or found.snapshot.revision != revision or found.written != db.bound.written:
            return None
        return found if time.monotonic() < found.until else None

    def keep(self, snapshot: Snapshot, until: float, written: int) -> None:
        """Remembers a reading, if anybody looks and no later one is known."""
        if snapshot.id in self.by_meeting:
            found = self.by_meeting[snapshot.id]
            if found is None or found.snapshot.revision <= snapshot.revision:
                self.by_meeting[snapshot.id] = Reading(snapshot, until, written)


def readings() -> Readings:
    """Those of the current application."""
    found = current_app.extensions.setdefault("readings", Readings())
    assert isinstance(found, Readings)
    return found


def current(meeting_id: str) -> Snapshot:
    """A meeting as the database holds it now; the database is asked each time. Raises NoSuchMeeting and `sealing.Unreadable`."""
    sealing.keyring().key(meeting_id)
    if known := readings().known(meeting_id, loading.revision(meeting_id)):
        return known.snapshot
    written, until = db.bound.written, time.monotonic() + SERVES_SECONDS
    found = loading.read(meeting_id)
    readings().keep(found, until, written)
    return found


@contextmanager
def following(session: Session, row: models.Meeting) -> Iterator[Snapshot]:
    """A meeting as it is before a change in a transaction that has counted it already; once that is committed, the reading after
    it is known as well.
    """
    known = readings().known(row.id, row.revision - 1)
    until, written = known.until if known else time.monotonic() + SERVES_SECONDS, db.bound.written
    sealing.keyring().key(row.id)
    before = replace(known.snapshot, taken_at=now()) if known else loading.load(session, row.id)
    if row.id not in readings().by_meeting:
        yield before
        return
    touched = Touched(session)
    yield before
    session.flush()
    after = patched(before, row, touched)
    if after is not None:
        kept, there = loading.placed(after), readings()
        event.listen(session, "after_commit", lambda _session: there.keep(kept, until, written), once=True)


class Touched:
    """The rows that a transaction wrote, and whether it wrote any that are not known."""

    def __init__(self, session: Session) -> None:
        self.rows: dict[Base, bool] = {}  # and whether they are still there
        self.is_known = True
        event.listen(session, "after_flush", self._flushed)
        event.listen(session, "do_orm_execute", self._executed)

    def _flushed(self, session: Session, _context: UOWTransaction) -> None:
        self.rows |= dict.fromkeys((*session.new, *session.dirty), True)
        self.rows |= dict.fromkeys(session.deleted, False)

    def _executed(self, state: ORMExecuteState) -> None:
        self.is_known = self.is_known and state.is_select

    def of(self, kind: type[Kept]) -> list[tuple[Kept, bool]]:
        """The rows of one table, and whether they are still there."""
        return [(row, is_there) for row, is_there in self.rows.items() if isinstance(row, kind)]

    def here(self, kind: type[OfMeeting], meeting_id: str) -> list[OfMeeting]:
        """The rows of a table that are in this meeting."""
        return [row for row, _ in self.of(kind) if row.meeting_id == meeting_id]


def patched(before: Snapshot, row: models.Meeting, touched: Touched) -> Snapshot | None:
    """A meeting after a change, from how it was and the rows that were written; None where that does not tell."""
    if before.is_damaged or not touched.is_known or _is_rebuilt(before, touched):
        return None
    steps = {step.id: loading.step_of(step, before.phases[step.id]) for step, _ in touched.of(models.Step)}
    seats = {seat.id: loading.seat_of(seat) for seat in touched.here(models.Seat, row.id)}
    rounds = {found.id: loading.round_of(row, found) for found in touched.here(models.Round, row.id)}
    items = {item.id: loading.item_of(row, item) for item in touched.here(models.Contribution, row.id)}
    actions = {action.id: loading.action_of(row, action) for action in touched.here(models.Action, row.id)}
    signals = {sign.id: loading.signal_of(row, sign, before.hands) for sign in touched.here(models.Signal, row.id)}
    moves = {move.turn: move.move for move in touched.here(models.Transition, row.id)}
    after = replace(
        before,
        **loading.plain_columns(row),
        wifi=loading.wifi_of(row),
        revision=row.revision,
        taken_at=now(),
        last_move=moves[max(moves)] if moves else before.last_move,
        state=loading.state_with(row, tuple(steps.get(step.id, step) for step in before.state.steps)),
        seats=loading.at_table(_with(before.seats, seats)) if seats else before.seats,
        rounds=_with(before.rounds, rounds),
        items=in_order(_with(before.items, items)) if items else before.items,
        marks=_marks(before, touched),
        tallies=_tallies(before, touched),
        actions=tuple(sorted(_with(before.actions, actions), key=lambda action: action.id)),
        signals=tuple(sorted(_with(before.signals, signals), key=lambda signal: signal.id)),
        unreadable=str(sealing.UNREADABLE),
        frames={},
    )
    return loading.claimed_by_those_here(after)


def _is_rebuilt(before: Snapshot, touched: Touched) -> bool:
    """Whether more changed than rows: what is in the meeting at all, or what the database takes along."""
    rounds = {found.id for found in before.rounds}
    return any(
        (not is_there and not isinstance(row, models.Mark | models.Tally))
        or isinstance(row, Group | Acceptance | models.OfferedCase)
        or (isinstance(row, models.Meeting) and _is_before(row.status) != _is_before(before.state.status))
        or (isinstance(row, models.Meeting) and row.agreement_id != (before.agreed.id if before.agreed else None))
        or (isinstance(row, models.Seat) and _counts_for_more(before, row))
        or (isinstance(row, models.Step) and (row.is_left_out or row.id not in before.phases))
        or (isinstance(row, models.Round) and row.id not in rounds)
        for row, is_there in touched.rows.items()
        if isinstance(row, READ)
    )


def _is_before(status: str) -> bool:
    return status in loading.BEFORE


def _counts_for_more(before: Snapshot, row: models.Seat) -> bool:
    """Whether more rows than its own are to be read otherwise: it was taken out or back in, or joined to another seat."""
    known = before.seat(row.id)
    was_taken_out = known is not None and known.is_expelled
    return row.is_expelled != was_taken_out or row.kind == "joined" or row.id in before.hands


def _with(old: tuple[Part, ...], new: Mapping[str, Part]) -> tuple[Part, ...]:
    known = {part.id for part in old}
    return (*(new.get(part.id, part) for part in old), *(part for part in new.values() if part.id not in known))


def _marks(before: Snapshot, touched: Touched) -> tuple[Mark, ...]:
    found = {(mark.step_id, mark.seat_id, mark.item_id): mark for mark in before.marks}
    for row, is_there in touched.of(models.Mark):
        place = (row.step_id, row.seat_id, row.contribution_id)
        if not is_there:
            found.pop(place, None)
        elif row.step_id in before.phases:
            found[place] = Mark(*place, row.kind, row.value)
    return tuple(sorted(found.values(), key=lambda mark: (mark.item_id, mark.seat_id)))


def _tallies(before: Snapshot, touched: Touched) -> tuple[Tally, ...]:
    found = {(tally.step_id, tally.seat_id, tally.form): tally for tally in before.tallies}
    for row, is_there in touched.of(models.Tally):
        place = (row.step_id, row.seat_id, row.form)
        if not is_there:
            found.pop(place, None)
        elif row.step_id in before.phases:
            found[place] = Tally(*place, row.count, row.instead)
    return tuple(found.values())
