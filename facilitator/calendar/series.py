"""Which days a series of meetings is on. Pure.

Promises: every so many weeks is on the same weekday, whatever weeks are skipped; a week without a year is that week in every year
of the series; what cannot be read is named, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from facilitator.core.times import day_in

MOST = 60  # meetings of one series
MOST_YEARS = 3
DAY = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<dd>\d{1,2})[-./](?P<mm>\d{1,2})[-./](?P<yy>\d{4})")
WEEK = re.compile(
    r"(?:(?P<year>\d{4})(?:[-\s]+|(?=[a-z])))?(?:weken|weeks|week|wk|w)?\s*(?P<first>\d{1,2})(?:\s*[-–]\s*(?P<last>\d{1,2}))?",
    re.IGNORECASE,
)
PARTS = re.compile(r"[,;\n]+")
WEEKS = range(1, 54)


@dataclass(frozen=True, slots=True)
class Skipped:
    """What is left out: days, and weeks as (year, week), where a year of 0 is every year. `wrong` holds what could not be read."""

    days: frozenset[date] = frozenset()
    weeks: frozenset[tuple[int, int]] = frozenset()
    wrong: tuple[str, ...] = ()

    def has(self, day: date) -> bool:
        """Whether nobody meets on a day."""
        year, week, _ = day.isocalendar()
        return day in self.days or (year, week) in self.weeks or (0, week) in self.weeks


def every(weeks: int, first: date, until: date, skipped: Skipped) -> list[date]:
    """The days from the first one on, every so many weeks, the last day included."""
    count = max(0, (until - first).days // (7 * weeks) + 1)
    days = (first + timedelta(weeks=weeks * number) for number in range(count))
    return [day for day in days if not skipped.has(day)]


def skipped(text: str) -> Skipped:
    """Reads `2031-12-25, week 52, 29-34, 2032-W01` and the like."""
    days, weeks, wrong = set[date](), set[tuple[int, int]](), list[str]()
    for piece in _pieces(text):
        day, week = _day(piece), None if DAY.fullmatch(piece) else WEEK.fullmatch(piece)
        if day is not None:
            days.add(day)
        elif week is not None and (found := list(_weeks(week))):
            weeks.update(found)
        else:
            wrong.append(piece)
    return Skipped(frozenset(days), frozenset(weeks), tuple(wrong))


def picked(text: str) -> tuple[list[date], list[str]]:
    """The days that were typed, each once and in order, and the pieces that are none."""
    pieces = [(piece, _day(piece)) for piece in _pieces(text)]
    return sorted({day for _, day in pieces if day}), [piece for piece, day in pieces if day is None]


def _pieces(text: str) -> Iterable[str]:
    return filter(None, (piece.strip() for piece in PARTS.split(text)))


def _day(piece: str) -> date | None:
    found = DAY.fullmatch(piece)
    if found is None:
        return None
    year, month, day = (found["y"] or found["yy"], found["m"] or found["mm"], found["d"] or found["dd"])
    return day_in(f"{year}-{month:0>2}-{day:0>2}")


def _weeks(found: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The weeks of a range, which may go over the end of a year."""
    first, last, year = int(found["first"]), int(found["last"] or found["first"]), int(found["year"] or 0)
    if first not in WEEKS or last not in WEEKS:
        return
    for week in _from_to(first, last):
        yield (year + (year > 0 and week < first), week)


def _from_to(first: int, last: int) -> Sequence[int]:
    return range(first, last + 1) if first <= last else [*range(first, 54), *range(1, last + 1)]
