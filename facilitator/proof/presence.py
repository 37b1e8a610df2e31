"""How long somebody took part: from when they came and went, and from when the meeting ran. Pure; lengths in minutes.

Promises: never negative, never more than the meeting, pauses taken off, and what overlaps counted once. Whoever did not
leave was there to the end: a sleeping phone has not left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from facilitator.core.times import whole_minutes
from facilitator.meetings.moves import LIST

# Moves after which the clock of a meeting runs. Going on or back ends a break as resuming does.
STARTING = frozenset(move.name for move in LIST if move.clock == "runs")
STOPPING = frozenset(move.name for move in LIST if move.clock == "stands")
ANEW = frozenset(move.name for move in LIST if move.clock == "anew")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time; one that ends before it begins has no length."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return max(timedelta(), self.end - self.start)


@dataclass(frozen=True, slots=True)
class Stay:
    """When somebody came and went, within the meeting, and the whole minutes they took part."""

    came: datetime
    went: datetime
    minutes: int


def running(moves: Iterable[tuple[str, datetime]], until: datetime) -> tuple[Span, ...]:
    """When a meeting ran, from its moves in order: from the start to the end, without pauses and without the time
    between an end and a reopening, and without a start that was taken back. A meeting that still runs is counted up to `until`.
    """
    spans: list[Span] = []
    since: datetime | None = None
    for move, at in moves:
        if move in STARTING and since is None:
            since = at
        elif move in STOPPING and since is not None:
            spans.append(Span(since, at))
            since = None
        elif move in ANEW:
            spans, since = [], None
    if since is not None:
        spans.append(Span(since, until))
    return united(spans)


def stay(there: Iterable[Span], ran: tuple[Span, ...]) -> Stay | None:
    """What counts of the times somebody was there; None where they were not there while the meeting ran."""
    if not ran:
        return None
    whole = Span(ran[0].start, ran[-1].end)
    inside = united(_common(span, whole) for span in there)
    if not inside:
        return None
    return Stay(inside[0].start, inside[-1].end, net_minutes(inside, ran))


def net_minutes(there: Iterable[Span], ran: Iterable[Span]) -> int:
    """The whole minutes somebody was there while the meeting ran."""
    running_time = united(ran)
    together = (_common(one, other).length for one in united(there) for other in running_time)
    return whole_minutes(sum(together, timedelta()).total_seconds())


def united(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in order, with what overlaps or touches made one."""
    found: list[Span] = []
    for span in sorted((s for s in spans if s.length), key=lambda s: (s.start, s.end)):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def _common(one: Span, other: Span) -> Span:
    start = max(one.start, other.start)
    return Span(start, max(start, min(one.end, other.end)))
