"""A screen read later in the life of a meeting counts later, whatever the clock said to whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from facilitator.meetings.ordering import Order
from tests.chance import RUNS

NOON = datetime(2031, 5, 6, 12, tzinfo=UTC)
READINGS = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 20)), min_size=2, max_size=20)


@RUNS
@given(READINGS)
def test_the_newest_counts_later_than_all_before_and_what_is_older_never_after_it(
    readings: list[tuple[int, int]],
) -> None:
    order = Order()
    given_out: list[tuple[int, datetime]] = []
    for revision, looked in readings:
        moment = order.moment("m", revision, NOON + timedelta(milliseconds=looked))
        newest = max((other for other, _ in given_out), default=0)
        if revision > newest:
            assert all(moment > earlier for _, earlier in given_out)
        if revision < newest:
            assert all(moment < later for other, later in given_out if other == newest)
        given_out.append((revision, moment))


def test_an_old_reading_that_ends_late_does_not_count_later() -> None:
    order = Order()
    newer = order.moment("m", 8, NOON)
    assert order.moment("m", 7, NOON + timedelta(seconds=1)) < newer


def test_a_new_reading_whose_clock_is_behind_counts_later_all_the_same() -> None:
    order = Order()
    older = order.moment("m", 7, NOON + timedelta(seconds=1))
    assert order.moment("m", 8, NOON) > older


def test_where_nothing_changed_the_clock_goes_on() -> None:
    order = Order()
    first = order.moment("m", 7, NOON)
    assert order.moment("m", 7, NOON + timedelta(seconds=5)) == NOON + timedelta(seconds=5) > first


def test_meetings_do_not_disturb_each_other_and_old_ones_are_forgotten() -> None:
    order = Order(kept=2)
    order.moment("a", 9, NOON + timedelta(days=1))
    assert order.moment("b", 1, NOON) == NOON
    order.moment("c", 1, NOON)
    assert set(order.latest) == {"b", "c"}
