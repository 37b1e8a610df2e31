"""What the archive is about, in figures for two charts: themes over time, and how it went.

Promises: only cards the reader may read are counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive.content import Outcome
from facilitator.archive.models import Card, CardTheme, Theme
from facilitator.archive.rules import readable

MOST_THEMES = 6
MOST_PERIODS = 8
OUTCOMES = (Outcome.WORKED.value, Outcome.PARTLY.value, Outcome.NOT.value, Outcome.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class Row:
    """A theme: how many cards in each period, and in all of them."""

    name: str
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the bar of outcomes, as a place and a width in hundredths."""

    outcome: str
    count: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Charts:
    """Both charts. `most`: the highest count of one theme in one period."""

    periods: tuple[str, ...]
    rows: tuple[Row, ...]
    most: int
    outcomes: tuple[Stretch, ...]
    total: int


def charts(session: Session, reader: User) -> Charts:
    mine = readable(reader).with_only_columns(Card.id).subquery()
    counted = select(Theme.name, Card.period, func.count()).select_from(Card)
    counted = counted.join(mine, mine.c.id == Card.id).join(CardTheme, CardTheme.card_id == Card.id)
    counted = (
        counted.join(Theme, Theme.id == CardTheme.theme_id).where(Card.period != "").group_by(Theme.name, Card.period)
    )
    found = {(name, period): count for name, period, count in session.execute(counted)}
    outcomes = select(Card.outcome, func.count()).join(mine, mine.c.id == Card.id).group_by(Card.outcome)
    return draw(found, dict(session.execute(outcomes).all()))


def draw(found: dict[tuple[str, str], int], outcomes: dict[str, int]) -> Charts:
    """From counts by theme and period, and by outcome. Pure."""
    periods = _last(max((period for _, period in found), default=""), min((period for _, period in found), default=""))
    totals: Counter[str] = Counter()
    for (name, period), count in found.items():
        totals[name] += count if period in periods else 0
    names = sorted((name for name in totals if totals[name]), key=lambda name: (-totals[name], name))[:MOST_THEMES]
    rows = tuple(Row(name, tuple(found.get((name, p), 0) for p in periods), totals[name]) for name in names)
    most = max((count for row in rows for count in row.counts), default=0)
    return Charts(periods, rows, most, _stretches(outcomes), sum(outcomes.values()))


def _last(newest: str, oldest: str) -> tuple[str, ...]:
    """The quarters from the oldest to the newest, without gaps and no more than there is room for."""
    if not newest:
        return ()
    first, last = _number(oldest), _number(newest)
    return tuple(f"{n // 4}-Q{n % 4 + 1}" for n in range(max(first, last - MOST_PERIODS + 1), last + 1))


def _number(period: str) -> int:
    year, _, quarter = period.partition("-Q")
    return int(year) * 4 + int(quarter) - 1


def _stretches(outcomes: dict[str, int]) -> tuple[Stretch, ...]:
    total, at, made = sum(outcomes.values()), 0.0, []
    for outcome in OUTCOMES:
        count = outcomes.get(outcome, 0)
        width = 100 * count / total if total else 0.0
        made.append(Stretch(outcome, count, round(at, 3), round(width, 3)))
        at += width
    return tuple(made)
