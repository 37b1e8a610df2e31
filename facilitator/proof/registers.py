"""What a register asks for in a year, held against the sessions of one person. Pure; lengths are whole minutes.

Promises: a session counts in the year in which it began, once, or not at all, and then it is said why; what is counted over all years is
what the sessions that count add up to; what goes along to the next year is used first there, goes along once and is never more than the
rule allows; nothing is negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

DAY = timedelta(days=1)
FEBRUARY, LEAP_DAY = 2, 29


class Attended(Protocol):
    """A session somebody was confirmed in. `people`: how many took part, whoever led it as well; `all_signed`: each of them confirmed it
    themselves.
    """

    @property
    def day(self) -> date: ...
    @property
    def minutes(self) -> int: ...
    @property
    def people(self) -> int: ...
    @property
    def all_signed(self) -> bool: ...


T = TypeVar("T", bound=Attended)


class Lack(StrEnum):
    """Why a session does not count."""

    TOO_FEW = "too_few"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Rule:
    """`minutes` are asked for in each year, which begins on `day` of `month`; at most `along` of what is over goes along to the next
    one; a session counts from `smallest` people on and, where the register `needs_all`, once each of them has signed.
    """

    minutes: int
    month: int = 1
    day: int = 1
    along: int = 0
    smallest: int = 1
    needs_all: bool = False

    def begins(self, year: int) -> date:
        """The first day of a register's year. One that begins on a leap day begins a day earlier in other years."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return date(year, FEBRUARY, LEAP_DAY - 1)

    def year_of(self, day: date) -> int:
        """The year in which the register's year of this day began."""
        return day.year if day >= self.begins(day.year) else day.year - 1

    def lack(self, session: Attended) -> Lack | None:
        """Why a session does not count, if it does not."""
        if session.people < self.smallest:
            return Lack.TOO_FEW
        return Lack.UNSIGNED if self.needs_all and not session.all_signed else None


@dataclass(frozen=True, slots=True)
class RegisterYear(Generic[T]):
    """One year, both days included. `brought` came along from the year before and `counted` was reached in this one; `short` is what
    is missing still, `over` what goes along to the next. The latest session first.
    """

    first: date
    last: date
    asked: int
    brought: int
    counted: int
    over: int
    sessions: tuple[T, ...]
    left_out: tuple[tuple[T, Lack], ...]
    is_running: bool

    @property
    def short(self) -> int:
        return max(0, self.asked - self.brought - self.counted)

    @property
    def pieces(self) -> tuple[float, float]:
        """The parts of a bar that what was brought and what was counted take; the whole bar is what is asked for, or all there is."""
        whole = max(self.asked, self.brought + self.counted, 1)
        return self.brought / whole, self.counted / whole


def years_of(rule: Rule, sessions: Sequence[T], today: date) -> tuple[RegisterYear[T], ...]:
    """From the year of the first session to that of today, the latest first; without any session, the year of today alone."""
    by_year: dict[int, list[T]] = {}
    for session in sorted(sessions, key=lambda one: one.day, reverse=True):
        by_year.setdefault(rule.year_of(session.day), []).append(session)
    running = rule.year_of(today)
    found: list[RegisterYear[T]] = []
    for year in range(min(by_year, default=running), max((running, *by_year)) + 1):
        brought = found[-1].over if found else 0
        found.append(_year(rule, year, by_year.get(year, []), brought, year >= running))
    return tuple(reversed(found))


def _year(rule: Rule, year: int, sessions: list[T], brought: int, is_running: bool) -> RegisterYear[T]:
    counting = tuple(one for one in sessions if rule.lack(one) is None)
    counted = sum(one.minutes for one in counting)
    own_over = min(counted, max(0, brought + counted - rule.minutes))
    return RegisterYear(
        first=rule.begins(year),
        last=rule.begins(year + 1) - DAY,
        asked=rule.minutes,
        brought=brought,
        counted=counted,
        over=min(own_over, rule.along),
        sessions=counting,
        left_out=tuple((one, lack) for one in sessions if (lack := rule.lack(one)) is not None),
        is_running=is_running,
    )
