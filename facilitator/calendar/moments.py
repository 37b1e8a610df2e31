"""The time on a clock somewhere, and the moment that it is. Pure.

Promises: a time that a clock shows twice is the first of the two, and one that it leaves out is as long after midnight as it would
have been: both as calendars read them (RFC 5545, 3.3.5).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

OLD_NAMES = ("Brazil/", "Canada/", "Chile/", "Etc/", "Mexico/", "SystemV/", "US/", "posix/", "right/")


def moment_of(local: datetime, zone: str) -> datetime:
    """The moment at which the clock of a zone shows a time."""
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def clock_in(zone: str, moment: datetime) -> datetime:
    """What the clock of a zone shows at a moment."""
    return moment.astimezone(ZoneInfo(zone))


def is_same_clock(moment: datetime, zone: str, other: str) -> bool:
    """Whether two zones show the same time then."""
    return clock_in(zone, moment).utcoffset() == clock_in(other, moment).utcoffset()


@cache
def zones() -> tuple[str, ...]:
    """The zones there are to choose from, by name: places, and UTC."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(OLD_NAMES))
    return (*sorted(places), "UTC")


def is_shown_twice(local: datetime) -> bool:
    """Whether a clock shows this time twice, in the night in which it is put back."""
    first, second = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second
