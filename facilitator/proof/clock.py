"""Times of day as people type them, and moments: on the clock of the place where the meetings are."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask_babel import to_user_timezone

from facilitator.core.times import moments_shown_as

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
    day = to_user_timezone(first).date()
    # In the night in which the clock is put back a time comes twice: then the first that is not before the beginning is meant.
    meant = [
        moment for later in (timedelta(), DAY) for moment in moments_shown_as(datetime.combine(day + later, typed))
    ]
    if last - first >= DAY:
        return meant[0]
    return next((moment for moment in meant if moment >= first - MINUTE), meant[-1])
