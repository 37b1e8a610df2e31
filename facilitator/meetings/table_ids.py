"""By what a table is known: its id says of which meeting it is a part and which number it has, and the ids of its seats whose they are in
that meeting. So nothing has to be looked up to tell them apart, and nothing can be changed to make the one the other.

The meeting that was divided is called the plenary here.
"""

from __future__ import annotations

MARK = "-"  # no random id has it
MOST = 60  # tables of one meeting


def table_id(plenary_id: str, number: int) -> str:
    """The id of a table, counted from 1."""
    return f"{plenary_id}{MARK}{number}"


def plenary_of(meeting_id: str) -> str:
    """The meeting that a table is a part of; any other meeting itself."""
    return meeting_id.partition(MARK)[0]


def number_of(meeting_id: object) -> int:
    """Which table a meeting is; 0 where it is none."""
    number = str(meeting_id or "").partition(MARK)[2]
    return int(number) if number.isdecimal() else 0


def seat_at(seat_id: str, number: int) -> str:
    """The seat that somebody has at a table, by their seat in the plenary."""
    return f"{seat_id}{MARK}{number}"


def seat_of(seat_id: str) -> str:
    """The other way round."""
    return seat_id.partition(MARK)[0]
