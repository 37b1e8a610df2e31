"""The line: the phases of a meeting as stops on a bar, behind us, here and ahead.

Pure geometry in the units of an SVG view box; `partials/line.html` draws it and puts it into words. The label
never leaves the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from facilitator.meetings.pictures.lettering import Anchor, Size, shorten, width_of

StopState = Literal["behind", "here", "ahead"]

MOST_STOPS = 10


@dataclass(frozen=True)
class Stop:
    """One phase on the line."""

    title: str
    minutes: int


@dataclass(frozen=True)
class StopMark:
    """A stop as drawn: its place on the bar and what it is for us now."""

    number: int
    title: str
    state: StopState
    x: float
    radius: float


@dataclass(frozen=True)
class LineLabel:
    """One line of text under the bar: where we are, how long it takes, and what comes next."""

    here: str
    minutes: int
    next: str
    x: float
    y: float
    anchor: Anchor
    width: float


@dataclass(frozen=True)
class Stretch:
    """The part of the bar from one place to another."""

    x: float
    length: float


@dataclass(frozen=True)
class LinePicture:
    """The line of a meeting's phases. *now* is the stretch that fills with time; None before and after."""

    size: Size
    width: float
    height: float
    y: float
    bar: float
    font: float
    marks: tuple[StopMark, ...]
    whole: Stretch
    behind: Stretch
    now: Stretch | None
    label: LineLabel | None
    tail_before: Stretch | None
    tail_after: Stretch | None
    number: int
    count: int
    here: str
    next: str


@dataclass(frozen=True)
class _LineSize:
    bar: float
    radius: float
    here_radius: float
    font: float
    has_label: bool
    tail: float


_LINES: dict[Size, _LineSize] = {
    "wall": _LineSize(bar=16, radius=13, here_radius=25, font=40, has_label=True, tail=70),
    "console": _LineSize(bar=10, radius=8, here_radius=15.5, font=24, has_label=True, tail=44),
    "phone": _LineSize(bar=4.8, radius=3.9, here_radius=7.5, font=15, has_label=False, tail=14),
    "report": _LineSize(bar=8, radius=6.5, here_radius=6.5, font=15, has_label=False, tail=30),
}


def line(stops: Sequence[Stop], here: int, width: int, size: Size) -> LinePicture:
    """The phases as stops on a bar of *width* units; *here* counts from 0.

    Each stop begins its own stretch, so the last phase has one to fill as well. A *here* below 0 means that
    the meeting has not begun, one past the last stop that it is over. Of more than ten stops those around
    *here* are drawn.
    """
    look = _LINES[size]
    first, last = _window(len(stops), here)
    has_before, has_after = first > 0, last < len(stops)
    left = look.here_radius + 1 + (look.tail if has_before else 0)
    right = width - look.here_radius - 1 - (look.tail if has_after else 0)
    step = (right - left) / max(last - first, 1)
    y = look.here_radius + (9 if look.has_label else 1)
    marks = tuple(
        StopMark(
            number=index + 1,
            title=stops[index].title,
            state=_state(index, here),
            x=left + (index - first) * step,
            radius=look.here_radius if index == here else look.radius,
        )
        for index in range(first, last)
    )
    is_running = 0 <= here < len(stops)
    reached = right if here >= len(stops) else left + max(here - first, 0) * step
    return LinePicture(
        size=size,
        width=width,
        height=y + look.here_radius + (look.font * 1.75 if look.has_label else 1),
        y=y,
        bar=look.bar,
        font=look.font,
        marks=marks,
        whole=Stretch(left, right - left),
        behind=Stretch(left, reached - left),
        now=Stretch(reached, step) if is_running else None,
        label=_line_label(stops, here, reached, y, width, look) if is_running and look.has_label else None,
        tail_before=Stretch(left - look.tail, look.tail) if has_before else None,
        tail_after=Stretch(right, look.tail) if has_after else None,
        number=min(max(here + 1, 0), len(stops)),
        count=len(stops),
        here=stops[here].title if is_running else "",
        next=stops[here + 1].title if 0 <= here < len(stops) - 1 else "",
    )


def _window(count: int, here: int) -> tuple[int, int]:
    """Which stops are drawn: all of them, or ten with four behind us."""
    first = min(max(here - 4, 0), max(count - MOST_STOPS, 0))
    return first, min(first + MOST_STOPS, count)


def _state(index: int, here: int) -> StopState:
    if index == here:
        return "here"
    return "behind" if index < here else "ahead"


def _line_label(stops: Sequence[Stop], here: int, x: float, y: float, width: float, look: _LineSize) -> LineLabel:
    """The label, begun under its stop if it fits there, else ended there, else in the middle."""
    title = shorten(stops[here].title, width * 0.55, look.font)
    upcoming = stops[here + 1].title if here + 1 < len(stops) else ""
    # ", 12 min" and the arrow take as much room as they do in the longest of our languages
    fixed = width_of(f", {stops[here].minutes} min.", look.font) + (look.font * 2.2 if upcoming else 0)
    upcoming = shorten(upcoming, width - 2 - fixed - width_of(title, look.font), look.font) if upcoming else ""
    long = width_of(title, look.font) + fixed + width_of(upcoming, look.font)
    start, end = x - look.here_radius, x + look.here_radius
    anchor: Anchor = "start" if start + long <= width else "end" if end - long >= 0 else "middle"
    at = {"start": start, "end": end, "middle": min(max(x, long / 2), width - long / 2)}[anchor]
    return LineLabel(
        here=title,
        minutes=stops[here].minutes,
        next=upcoming,
        x=at,
        y=y + look.here_radius + look.font * 1.32,
        anchor=anchor,
        width=long,
    )
