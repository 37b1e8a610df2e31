"""Which days a series is on, and at which moment its clock shows the time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.calendar.moments import is_shown_twice, moment_of, zones
from facilitator.calendar.series import Skipped, every, picked, skipped

NOTHING = Skipped()
DAYS = st.dates(date(2024, 1, 1), date(2037, 12, 31))


@given(weeks=st.integers(1, 26), first=DAYS, length=st.integers(0, 1000), skip=st.sets(st.integers(1, 53), max_size=20))
def test_every_so_many_weeks_is_on_one_weekday_and_in_no_week_that_is_skipped(
    weeks: int, first: date, length: int, skip: set[int]
) -> None:
    until = first + timedelta(days=length)
    whole = every(weeks, first, until, NOTHING)
    assert whole[0] == first
    assert whole[-1] <= until < whole[-1] + timedelta(weeks=weeks)
    assert {b - a for a, b in pairwise(whole)} <= {timedelta(weeks=weeks)}
    left = every(weeks, first, until, skipped(", ".join(f"week {week}" for week in skip)))
    assert left == [day for day in whole if day.isocalendar().week not in skip]


@given(day=DAYS, at=st.times(), zone=st.sampled_from(zones()))
def test_a_moment_is_shown_by_its_clock_as_it_was_said_or_that_clock_leaves_it_out(
    day: date, at: time, zone: str
) -> None:
    local = datetime.combine(day, at.replace(second=0, microsecond=0))
    moment = moment_of(local, zone)
    shown = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if shown != local:
        gap = shown - local
        assert timedelta(0) < gap <= timedelta(hours=24), "a clock that is put forward shows it later"
        earlier = (moment - gap).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert earlier < local, "and never showed it"
    elif is_shown_twice(moment.astimezone(ZoneInfo(zone))):
        again = [moment + by for by in (timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2))]
        assert local in {m.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for m in again}, "the first of the two"


@given(
    first=DAYS,
    zone=st.sampled_from(("Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca")),
)
def test_a_series_stays_at_its_time_when_summer_time_begins_and_ends(first: date, zone: str) -> None:
    days = every(1, first, first + timedelta(days=364), NOTHING)
    moments = [moment_of(datetime.combine(day, time(15)), zone) for day in days]
    assert {moment.astimezone(ZoneInfo(zone)).time() for moment in moments} == {time(15)}
    assert len({moment.time() for moment in moments}) > 1, "in UTC it is another time in summer"


def test_a_time_that_is_shown_twice_is_the_first_and_one_left_out_is_later() -> None:
    half_past_two = time(2, 30)
    back, forward = (datetime.combine(day, half_past_two) for day in (date(2031, 10, 26), date(2031, 3, 30)))
    assert moment_of(back, "Europe/Amsterdam") == datetime(2031, 10, 26, 0, 30, tzinfo=UTC)
    assert moment_of(forward, "Europe/Amsterdam") == datetime(2031, 3, 30, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "days", "weeks"),
    [
        ("2031-12-25", {date(2031, 12, 25)}, set()),
        ("25-12-2031; 5.1.2032", {date(2031, 12, 25), date(2032, 1, 5)}, set()),
        ("week 52, wk 1", set(), {(0, 52), (0, 1)}),
        ("29-31", set(), {(0, 29), (0, 30), (0, 31)}),
        ("Weken 52-1", set(), {(0, 52), (0, 53), (0, 1)}),
        ("2031-W52\n2032 week 1", set(), {(2031, 52), (2032, 1)}),
        ("2031-W52-2", set(), {(2031, 52), (2031, 53), (2032, 1), (2032, 2)}),
        ("", set(), set()),
    ],
)
def test_weeks_and_days_are_read_as_people_type_them(typed: str, days: set[date], weeks: set[tuple[int, int]]) -> None:
    assert skipped(typed) == Skipped(frozenset(days), frozenset(weeks))


@pytest.mark.parametrize("typed", ["Christmas", "54", "week 0", "2031-02-30", "week 10-60", "3/4"])
def test_what_is_neither_is_named(typed: str) -> None:
    assert skipped(f"week 3, {typed}").wrong == (typed,)
    assert picked(f"2031-03-04, {typed}") == ([date(2031, 3, 4)], [typed])
