"""Times of day as people type them, and moments: on the clock of the place where the meetings are."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from flask_babel import to_user_timezone, to_utc

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def time_of(moment: datetime) -> time:
    """What the clock showed, to the minute."""
    local: datetime = to_user_timezone(moment)
    return local.time().replace(second=0, microsecond=0)


def moment_of(typed: time | None, known: datetime | None, first: datetime, last: datetime) -> datetime | None:
    """The moment somebody means by a time of day during a meeting. The minute of a moment that is known means that very
    moment, the minute of the beginning or the end means those; a meeting may go past midnight.
    """
    if typed is None:
        return None
    for moment in (known, first, last):
        if moment is not None and time_of(moment) == typed:
            return moment
    start: datetime = to_user_timezone(first)
    meant = _in_utc(datetime.combine(start.date(), typed))
    return (
        meant
        if meant >= first - MINUTE or last - first >= DAY
        else _in_utc(datetime.combine(start.date() + DAY, typed))
    )


def _in_utc(local: datetime) -> datetime:
    utc: datetime = to_utc(local)
    return utc.replace(tzinfo=UTC)
