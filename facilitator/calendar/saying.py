"""When a meeting is, in words: by the clock of its place, and by the reader's where that shows another time.

Promises: whoever reads knows which clock is meant wherever there are two; a time that a clock shows twice, or that stands beside one
from the other side of such a change, says how far it is from UTC; a meeting that goes over midnight says on which day it ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask_babel import format_datetime, gettext

from facilitator.calendar.moments import clock_in, is_same_clock, is_shown_twice
from facilitator.core.times import offset_of

DAY = "EEEE d MMMM y"


class Timed(Protocol):
    """What stands in a calendar: from a moment until another one, on the clock of a zone."""

    @property
    def zone(self) -> str: ...

    @property
    def moment(self) -> datetime: ...

    @property
    def until(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Said:
    """A day and its hours by the clock of the place, and the same by the reader's clock where that is another one."""

    day: str
    hours: str
    yours: str

    def __str__(self) -> str:
        return f"{self.day}, {self.hours}"


def said(appointment: Timed, readers_zone: str) -> Said:
    """When it is, for somebody whose clock is that of a zone."""
    begins, ends = (clock_in(appointment.zone, moment) for moment in (appointment.moment, appointment.until))
    is_elsewhere = not is_same_clock(appointment.moment, appointment.zone, readers_zone)
    hours = _hours(begins, ends)
    return Said(
        day=_day(begins),
        hours=f"{hours} ({_place(appointment.zone)})" if is_elsewhere else hours,
        yours=_by_readers_clock(appointment, readers_zone) if is_elsewhere else "",
    )


def _by_readers_clock(appointment: Timed, zone: str) -> str:
    begins, ends = (clock_in(zone, moment) for moment in (appointment.moment, appointment.until))
    when = f"{_day(begins)}, {_hours(begins, ends)}"
    return str(gettext("For you, in %(zone)s: %(when)s", zone=_place(zone), when=when))


def _hours(begins: datetime, ends: datetime) -> str:
    needs_offset = begins.utcoffset() != ends.utcoffset() or is_shown_twice(begins) or is_shown_twice(ends)
    first, last = (
        f"{_written(moment, 'HH:mm')} ({offset_of(moment)})" if needs_offset else _written(moment, "HH:mm")
        for moment in (begins, ends)
    )
    if begins.date() == ends.date():
        return f"{first}–{last}"
    return str(gettext("%(first)s until %(day)s, %(last)s", first=first, day=_written(ends, "EEEE d MMMM"), last=last))


def _day(moment: datetime) -> str:
    return _written(moment, DAY)


def _written(moment: datetime, how: str) -> str:
    """As the clock shows it, in the language of the reader."""
    return str(format_datetime(moment.replace(tzinfo=None), how, rebase=False))


def _place(zone: str) -> str:
    """What a zone is called among people: its place."""
    return zone.rpartition("/")[2].replace("_", " ")
