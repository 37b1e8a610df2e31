"""The tables of a divided meeting, for the screens of the meeting itself: who sits where, in which phase, how much time is left.

Promises: nothing that was written at a table is on them, nor how much; what is said there is that table's.
"""

from __future__ import annotations

from dataclasses import dataclass

from facilitator.meetings import moves, rules, table_ids
from facilitator.meetings.machine import Status
from facilitator.meetings.showing.frame import frame_of
from facilitator.meetings.snapshot import Seat, Snapshot
from facilitator.methods.tables import sizes
from facilitator.methods.vocabulary import Part

ONLOOKER = Seat("", "wall", "", "", has_phone=False)


@dataclass(frozen=True, slots=True)
class TableView:
    """One table. `ends_at`: when its phase should be over, in seconds of the server's clock; None while it rests. `moves`: what can be done
    there now. `is_behind`: another table is further on.
    """

    number: int
    turn: int
    people: tuple[str, ...]
    gone: tuple[str, ...]
    title: str
    instruction: str
    rule: str
    speaker: str
    case_number: int
    cases: int
    ends_at: float | None
    next_title: str
    moves: tuple[str, ...]
    is_behind: bool
    has_signs: bool
    needs_case_giver: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody, and the number of their table; 0 where they have none."""

    seat_id: str
    name: str
    table: int


@dataclass(frozen=True, slots=True)
class Division:
    """How people are divided, or could be: into `count` tables of `table_size` or more. `may_change`: nobody is at work there yet."""

    is_divided: bool
    may_change: bool
    count: int
    table_size: int
    places: tuple[Place, ...]

    def at(self, number: int) -> tuple[Place, ...]:
        """Who is at a table."""
        return tuple(place for place in self.places if place.table == number)


def division(meeting: Snapshot) -> Division | None:
    """How people are divided; None where there is nothing to divide, or it is too late for it."""
    size, people = meeting.method.table_size, rules.participants(meeting)
    is_over = meeting.state.status not in (Status.LOBBY, Status.RUNNING)
    begun = any(s.has_begun for s in meeting.state.steps if s.id == meeting.tables_step or s.part is not Part.OPENING)
    count = meeting.table_count or len(sizes(len(people), size))
    if size is None or is_over or count < 2 or (begun and not meeting.is_apart):
        return None
    places = tuple(Place(seat.id, seat.name, seat.table) for seat in people)
    return Division(meeting.is_divided, not begun, count, size, places)


def tables(meeting: Snapshot, locale: str) -> tuple[TableView, ...]:
    """The tables of a meeting whose people are there now."""
    furthest = max((table.state.here for table in meeting.tables), default=0)
    return tuple(_table(table, locale, furthest) for table in meeting.tables)


def _table(table: Snapshot, locale: str, furthest: int) -> TableView:
    frame, step, people = frame_of(table, ONLOOKER, locale), table.now.step, rules.participants(table)
    gone = tuple(s.name for s in table.seats if s.kind == "participant" and s not in people)
    since = step.running_since
    offers = moves.offers(table)
    return TableView(
        number=table_ids.number_of(table.id),
        turn=table.state.turn,
        people=tuple(seat.name for seat in people),
        gone=gone,
        title=frame.title,
        instruction=frame.instruction,
        rule=frame.rule,
        speaker=frame.speaker,
        case_number=frame.case_number,
        cases=frame.cases,
        ends_at=since.timestamp() + step.planned + step.added - step.spent if since else None,
        next_title=frame.next_title,
        moves=tuple(name for name in moves.FROM_AFAR if offers.named(name)),
        is_behind=table.state.here < furthest,
        has_signs=bool(table.signals),
        needs_case_giver=rules.lacks_case_giver(table),
    )
