"""Hours of a register's year: for every rule and every row of sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from facilitator.proof.registers import Lack, Rule, years_of

TODAY = date(2031, 6, 1)


@dataclass(frozen=True)
class Went:
    day: date
    minutes: int
    people: int = 6
    all_signed: bool = True


sessions = st.lists(
    st.builds(
        Went, st.dates(date(2024, 1, 1), date(2033, 12, 31)), st.integers(0, 600), st.integers(0, 9), st.booleans()
    ),
    max_size=30,
)
beginnings = st.dates(date(2024, 1, 1), date(2024, 12, 31))  # a leap year has every day there is
rules = st.builds(
    lambda begins, minutes, *rest: Rule(minutes, begins.month, begins.day, *rest),
    beginnings,
    st.integers(0, 6000),
    st.integers(0, 6000),
    st.integers(1, 9),
    st.booleans(),
)


@settings(deadline=None)
@given(rules, sessions)
def test_every_session_is_in_one_year_and_counts_there_or_it_is_said_why(rule: Rule, went: list[Went]) -> None:
    years = years_of(rule, went, TODAY)
    rows = [one for year in years for one in (*year.sessions, *(left for left, _why in year.left_out))]
    assert sorted(rows, key=repr) == sorted(went, key=repr)
    for year in years:
        assert all(year.first <= one.day <= year.last for one in year.sessions)
        assert year.counted == sum(one.minutes for one in year.sessions)
        for left, why in year.left_out:
            assert (left.people < rule.smallest) if why is Lack.TOO_FEW else (rule.needs_all and not left.all_signed)
    fit = [one for one in went if one.people >= rule.smallest and (one.all_signed or not rule.needs_all)]
    assert sum(year.counted for year in years) == sum(one.minutes for one in fit)


@settings(deadline=None)
@given(rules, sessions)
def test_what_goes_along_is_bounded_goes_along_once_and_nothing_is_negative(rule: Rule, went: list[Went]) -> None:
    years = years_of(rule, went, TODAY)[::-1]
    assert years[0].brought == 0
    for year in years:
        assert min(year.brought, year.counted, year.over, year.short) >= 0
        assert year.over <= min(rule.along, year.counted), "never more than is allowed, nor what came along itself"
        assert year.over == 0 or year.short == 0
        assert year.short + min(year.asked, year.brought + year.counted) == year.asked
        assert sum(year.pieces) <= 1 + 1e-9
    for before, after in pairwise(years):
        assert after.brought == before.over
        assert (after.first - before.last).days == 1, "no day is in two years, or in none"


def test_a_session_over_new_year_is_of_the_year_in_which_it_began() -> None:
    eve = Went(date(2029, 12, 31), 120)  # began on the evening of the 31st and ended after midnight
    old, *_rest = years_of(Rule(600), [eve], date(2030, 3, 1))[::-1]
    assert (old.first, old.last, old.counted) == (date(2029, 1, 1), date(2029, 12, 31), 120)


def test_hours_over_the_number_go_along_up_to_the_limit_and_are_used_first() -> None:
    rule = Rule(minutes=600, month=9, day=1, along=120)
    went = [Went(date(2028, 10, 1), 900), Went(date(2029, 10, 1), 550)]
    running, second, first = years_of(rule, went, date(2030, 10, 1))
    assert (first.counted, first.short, first.over) == (900, 0, 120)
    assert (second.brought, second.counted, second.short, second.over) == (120, 550, 0, 70)
    assert (running.brought, running.counted, running.short, running.is_running) == (70, 0, 530, True)


def test_without_any_session_there_is_this_year_and_all_of_it_is_to_go() -> None:
    nothing: list[Went] = []
    (year,) = years_of(Rule(minutes=600, month=2, day=29), nothing, date(2031, 2, 28))
    assert (year.first, year.last, year.short) == (date(2031, 2, 28), date(2032, 2, 28), 600)
