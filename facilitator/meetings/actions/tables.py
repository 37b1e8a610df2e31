"""The tables of a divided meeting follow it, in the transaction of whatever changes it.

Promises: whoever is here sits at one table at most, the one the moderator put them at; tables work exactly while the meeting is in the
phase in which people are apart, and rest while it rests. It holds whatever came before: what follows is worked out from the meeting as it is.
Locks are taken from the meeting to its tables, and never the other way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.core.db import count_change, now, take_turns
from facilitator.core.refusals import Refused
from facilitator.meetings import loading, models, rules, table_ids
from facilitator.meetings.actions.base import Change
from facilitator.meetings.actions.moving import make
from facilitator.meetings.actions.rounds import new_round
from facilitator.meetings.machine import Status
from facilitator.meetings.snapshot import Seat, Snapshot
from facilitator.meetings.titles import named
from facilitator.methods.vocabulary import Clients

BEGUN = (Status.RUNNING, Status.ENDED)
# What a seat at a table has of the seat in the meeting.
ALIKE = ("name", "user_id", "said_to_be", "has_phone", "has_agreed", "is_expelled")
AT_FIRST = ("locale", "position", "declines")


def follow(found: Change) -> None:
    """Brings the tables in line with the meeting they are a part of."""
    if not found.row.division:
        return
    meeting = found.now()
    if meeting.state.status not in BEGUN:
        return
    if meeting.is_apart and not _is_begun(found, meeting):
        _place_the_others(found, meeting)
        meeting = found.now()
    for number in range(1, meeting.table_count + 1):
        _follow(found, meeting, number)


def move(found: Change, number: int, name: str, seen_turn: int, seconds: float) -> Refused | None:
    """Makes a move at one table; gives the refusal where it cannot be made there."""
    table_id = table_ids.table_id(found.row.id, number)
    if not 1 <= number <= found.before.table_count:
        raise Refused("bad_choice", 422)
    take_turns(found.session, table_id)
    row = found.session.get_one(models.Meeting, table_id)
    table = Change(found.session, row, loading.load(found.session, table_id))
    try:
        make(table, name, seen_turn, seconds)
    except Refused as refused:
        return refused
    count_change(found.session, table_id)
    found.along.append(table_id)
    return None


def opened(found: Change) -> Iterator[tuple[int, Change]]:
    """Each table with its number, to be changed in this transaction, too."""
    found.session.flush()
    for number in range(1, found.before.table_count + 1):
        row = _take(found, number, is_at_rest=True)
        if row is not None:
            yield number, Change(found.session, row, loading.load(found.session, row.id))


def _take(found: Change, number: int, *, is_at_rest: bool) -> models.Meeting | None:
    session, table_id = found.session, table_ids.table_id(found.row.id, number)
    take_turns(session, table_id)
    row = session.get(models.Meeting, table_id)
    if row is None or row.erased_at is not None or (row.status != Status.RUNNING and not is_at_rest):
        return None
    count_change(session, table_id)
    session.refresh(row)
    found.along.append(table_id)
    return row


def _is_begun(found: Change, meeting: Snapshot) -> bool:
    first = found.session.get(models.Meeting, table_ids.table_id(meeting.id, 1))
    return first is None or first.status != Status.PLANNED


def _place_the_others(found: Change, meeting: Snapshot) -> None:
    """Whoever came in since people were divided joins where there are fewest."""
    people = rules.participants(meeting)
    sizes = Counter(dict.fromkeys(range(1, meeting.table_count + 1), 0))
    sizes.update(seat.table for seat in people if seat.table)
    for seat in people:
        if not seat.table:
            smallest = min(sizes, key=lambda number: (sizes[number], number))
            found.seat_row(seat.id).table = smallest
            sizes[smallest] += 1


def _follow(found: Change, meeting: Snapshot, number: int) -> None:
    row = _take(found, number, is_at_rest=meeting.is_apart)
    if row is None:
        return
    _seat_people(found, meeting, number)
    if not meeting.is_apart:
        _make(found, row, "end")
    elif row.status == Status.PLANNED:
        _plan(found, row)
        _make(found, row, "open")
        _make(found, row, "start")
    elif row.status == Status.ENDED:
        row.ended_at = now()  # it rested, however long the meeting was elsewhere
        _make(found, row, "reopen")
    elif found.before.is_apart and found.before.state.paused_at != meeting.state.paused_at:
        rests = meeting.state.paused_at is not None
        if rests != (row.paused_at is not None):
            _make(found, row, "pause" if rests else "resume")


def _make(found: Change, row: models.Meeting, name: str) -> None:
    found.session.flush()
    table = Change(found.session, row, loading.load(found.session, row.id))
    make(table, name, table.before.state.turn)
    found.session.flush()


# -- Who sits there --------------------------------------------------------------------------------------------------


def _seat_people(found: Change, meeting: Snapshot, number: int) -> None:
    session, table_id = found.session, table_ids.table_id(meeting.id, number)
    rows = {row.id: row for row in session.scalars(select(models.Seat).where(models.Seat.meeting_id == table_id))}
    leading = rules.moderators(meeting)
    for seat in meeting.seats:
        is_here = seat in leading if seat.kind == "moderator" else seat.is_present and seat.table == number
        is_known = table_ids.seat_at(seat.id, number) in rows
        if seat.kind != "wall" and (is_known or is_here):
            _bring_up_to_date(found, seat_there(found, seat, number), seat, is_here=is_here)
    session.flush()
    for hand_id, seat_id in meeting.hands.items():
        seat_hand(session, hand_id, seat_id, number)
    session.flush()


def seat_there(found: Change, seat: Seat, number: int) -> models.Seat:
    """Somebody's row at a table; where they have none yet, that of somebody who is not there."""
    session, seat_id = found.session, table_ids.seat_at(seat.id, number)
    row = session.get(models.Seat, seat_id)
    if row is None:
        row = models.Seat(id=seat_id, meeting_id=table_ids.table_id(found.row.id, number), kind=seat.kind)
        row.joined_at = row.left_at = now()
        row.is_admitted = True
        _take_over(found, row, seat, (*ALIKE, *AT_FIRST))
        session.add(row)
        session.flush()
    return row


def _bring_up_to_date(found: Change, row: models.Seat, seat: Seat, *, is_here: bool) -> None:
    _take_over(found, row, seat, ALIKE)
    row.role = seat.role if seat.role == "moderator" else row.role or ""
    if is_here == (row.left_at is None):
        return
    row.left_at = None if is_here else now()
    if seat.kind != "participant":
        return
    if is_here:
        found.session.flush()
        found.session.add(models.Presence(seat_id=row.id, came_at=now()))
        return
    still = select(models.Presence).where(models.Presence.seat_id == row.id, models.Presence.went_at.is_(None))
    for presence in found.session.scalars(still):
        presence.went_at = now()


def _take_over(found: Change, row: models.Seat, seat: Seat, words: tuple[str, ...]) -> None:
    own = found.session.get_one(models.Seat, seat.id)
    for word in words:
        setattr(row, word, getattr(own, word))


def seat_hand(session: Session, hand_id: str, first_id: str, number: int) -> None:
    """A device that holds a seat by the moderator's word holds it at the table as well."""
    seat_id, whose = table_ids.seat_at(hand_id, number), session.get(models.Seat, table_ids.seat_at(first_id, number))
    if whose is None or session.get(models.Seat, seat_id) is not None:
        return
    own = session.get_one(models.Seat, hand_id)
    row = models.Seat(id=seat_id, meeting_id=whose.meeting_id, kind="joined", name=own.name, locale=own.locale)
    row.joined_at, row.joined_to_id, row.has_phone = now(), whose.id, own.has_phone
    session.add(row)


# -- What is worked on there -----------------------------------------------------------------------------------------


def _plan(found: Change, row: models.Meeting) -> None:
    """A round for each who sits there, where everybody is client in turn."""
    session, division = found.session, found.row.division or {}
    people = session.scalars(
        select(models.Seat).where(models.Seat.meeting_id == row.id, models.Seat.kind == "participant")
    )
    is_in_turn = loading.method_of(row).clients is Clients.EACH
    turns = max(1, sum(seat.left_at is None for seat in people)) if is_in_turn else 1
    position = 0
    for turn in range(1, turns + 1):
        around = new_round(session, row.id, turn, named(loading.method_of(row)), is_in_turn=is_in_turn)
        for step in division["steps"]:
            session.add(models.Step(meeting_id=row.id, round_id=around.id, position=position, speakers=[], **step))
            position += 1
    session.flush()
