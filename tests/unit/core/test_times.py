"""Minutes count when they are over, and no time of day leaves open which one it was."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask

from facilitator.core.times import half_minutes, moments_shown_as, times_of_day, whole_minutes
from facilitator.proof.clock import moment_of

# In Amsterdam the clock is put back from 3 to 2 on this night, and forward from 2 to 3 in spring.
FIRST, SECOND = datetime(2026, 10, 25, 0, 19, tzinfo=UTC), datetime(2026, 10, 25, 1, 19, tzinfo=UTC)
SPRING = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
NOON = datetime(2026, 11, 4, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moments", "shown"),
    [
        ((NOON, NOON + timedelta(hours=1)), ("12:00", "13:00")),
        ((FIRST, FIRST + timedelta(minutes=54)), ("02:19 (UTC+2)", "02:13 (UTC+1)")),
        ((FIRST, SECOND), ("02:19 (UTC+2)", "02:19 (UTC+1)")),
        ((FIRST, FIRST + timedelta(minutes=20)), ("02:19 (UTC+2)", "02:39 (UTC+2)")),
        ((SECOND,), ("02:19 (UTC+1)",)),
        ((FIRST - timedelta(hours=1), SECOND + timedelta(hours=1)), ("01:19 (UTC+2)", "03:19 (UTC+1)")),
        ((SPRING, SPRING + timedelta(hours=1)), ("01:30 (UTC+1)", "03:30 (UTC+2)")),
        ((SECOND + timedelta(hours=1),), ("03:19",)),
    ],
)
def test_what_the_clock_shows_twice_says_which(
    app: Flask, moments: tuple[datetime, ...], shown: tuple[str, ...]
) -> None:
    with app.test_request_context():
        assert times_of_day(*moments) == shown


@pytest.mark.parametrize(
    ("local", "moments"),
    [
        ("2026-10-25T02:19", [FIRST, SECOND]),
        ("2026-10-25T03:19", [SECOND + timedelta(hours=1)]),
        ("2026-11-04T12:00", [NOON]),
    ],
)
def test_a_time_means_every_moment_that_shows_it(app: Flask, local: str, moments: list[datetime]) -> None:
    with app.test_request_context():
        assert moments_shown_as(datetime.fromisoformat(local)) == moments
        assert len(moments_shown_as(datetime.fromisoformat("2026-03-29T02:30"))) == 1, "nobody saw that time"


@pytest.mark.parametrize(
    ("first", "typed", "meant"),
    [
        (FIRST, time(2, 45), FIRST + timedelta(minutes=26)),
        (SECOND, time(2, 45), SECOND + timedelta(minutes=26)),
        (FIRST, time(2, 5), FIRST + timedelta(minutes=46)),
        (SECOND, time(0, 10), SECOND + timedelta(hours=21, minutes=51)),
        (NOON, time(12, 30), NOON + timedelta(minutes=30)),
    ],
)
def test_who_corrects_a_time_means_one_of_the_meeting(
    app: Flask, first: datetime, typed: time, meant: datetime
) -> None:
    with app.test_request_context():
        assert moment_of(typed, None, first, first + timedelta(hours=2)) == meant


@pytest.mark.parametrize(
    ("seconds", "whole", "halves"),
    [(0, 0, 0.0), (59.9, 0, 0.5), (60, 1, 1.0), (89, 1, 1.0), (179.9999999, 3, 3.0), (54 * 60 + 59, 54, 54.5)],
)
def test_a_minute_counts_when_it_is_over(seconds: float, whole: int, halves: float) -> None:
    assert (whole_minutes(seconds), half_minutes(seconds)) == (whole, halves)
    assert int(half_minutes(seconds)) == whole_minutes(seconds), "so that no paper says more than another"
