"""Minutes, and times of day, as people read them – on every page and paper the same.

Promises: a minute counts when it is over, here and everywhere; a time of day that the clock shows twice, in the night in which it is put back, or
that stands beside one from the other side of such a change, says how far it is from UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask_babel import LazyString, format_time, format_timedelta, to_user_timezone, to_utc

SHIFTS = tuple(timedelta(minutes=minutes) for minutes in (-60, -30, 0, 30, 60))  # by which clocks are changed, and none
A_MOMENT = 0.001  # what sums of parts of seconds may lack
YEARS = range(1900, 2200)  # that calendars, zones and databases reckon with alike


def whole_minutes(seconds: float) -> int:
    """The minutes that are over."""
    return int((seconds + A_MOMENT) // 60)


def half_minutes(seconds: float) -> float:
    """The same in halves, as phases are planned."""
    return int((seconds + A_MOMENT) // 30) / 2


def lasting(delta: timedelta) -> str:
    """How long something lasts, as 30 minutes, 2 hours or 7 days: so no text has a figure of its own that stands in the code as well."""
    return str(format_timedelta(delta, threshold=2))


def lasting_later(delta: timedelta) -> LazyString:
    """The same for a text that is made before its reader is known."""
    return LazyString(lasting, delta)


def is_reckoned_with(day: date) -> bool:
    """Whether a day, or a day and a time, is one that can be shown, moved and told in every zone."""
    return day.year in YEARS


def day_in(text: str) -> date | None:
    """The day that a text says, such as 2031-05-01; None where it says none."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if is_reckoned_with(found) else None


def time_of_day(moment: datetime) -> str:
    """What the clock shows, to the minute."""
    return times_of_day(moment)[0]


def times_of_day(*moments: datetime) -> tuple[str, ...]:
    """The same of moments that stand beside each other."""
    local = [to_user_timezone(moment) for moment in moments]
    has_two = any(len(moments_shown_as(moment.replace(tzinfo=None))) > 1 for moment in local)
    needs_offset = has_two or len({moment.utcoffset() for moment in local}) > 1
    ends = [f" ({offset_of(moment)})" if needs_offset else "" for moment in local]
    return tuple(f"{format_time(moment, 'HH:mm')}{end}" for moment, end in zip(moments, ends, strict=True))


def moments_shown_as(local: datetime) -> list[datetime]:
    """Every moment at which the clock shows a day and a time: two in the night in which it is put back. Of a time that it leaves out,
    the moment that comes nearest.
    """
    near: datetime = to_utc(local).replace(tzinfo=UTC)
    return [near + by for by in SHIFTS if to_user_timezone(near + by).replace(tzinfo=None) == local] or [near]


def offset_of(local: datetime) -> str:
    """How far a clock is from UTC."""
    offset = local.utcoffset() or timedelta()
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    return f"UTC{'-' if offset < timedelta() else '+'}{hours}{f':{minutes:02}' if minutes else ''}"
