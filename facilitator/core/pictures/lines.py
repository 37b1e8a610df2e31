"""The line: the phases of a meeting as stops on a bar, behind us, here and ahead.

Pure geometry in the units of an SVG view box; `partials/line.html` draws it and puts it into words. The label
never leaves the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from facilitator.core.pictures.lettering import Anchor, Size, shorten, width_of

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
class _Look:
    bar: float
    radius: float
    here_radius: float
    font: float
    has_label: bool
    tail: float


_LOOKS: dict[Size, _Look] = {
    "wall": _Look(bar=16, radius=13, here_radius=25, font=40, has_label=True, tail=70),
    "console": _Look(bar=10, radius=8, here_radius=15.5, font=24, has_label=True, tail=44),
    "phone": _Look(bar=4.8, radius=3.9, here_radius=7.5, font=15, has_label=False, tail=14),
    "report": _Look(bar=8, radius=6.5, here_radius=6.5, font=15, has_label=False, tail=30),
}


def line(stops: Sequence[Stop], here: int, width: int, size: Size) -> LinePicture:
    """The phases as stops on a bar of *width* units; *here* counts from 0.

    Each stop begins its own stretch, so the last phase has one to fill as well. A *here* below 0 means that
    the meeting has not begun, one past the last stop that it is over. Of more than ten stops those around
    *here* are drawn.
    """
    look = _LOOKS[size]
    first, last = _window(len(stops), here)
    left = look.here_radius + 1 + (look.tail if first > 0 else 0)
    right = width - look.here_radius - 1 - (look.tail if last < len(stops) else 0)
    step = (right - left) / max(last - first, 1)
    y = look.here_radius + (9 if look.has_label else 1)
    now = Stretch(left + (here - first) * step, step) if 0 <= here < len(stops) else None
    reached = now.x if now else right if here >= len(stops) else left
    return LinePicture(
        size=size,
        width=width,
        height=y + look.here_radius + (look.font * 1.75 if look.has_label else 1),
        y=y,
        bar=look.bar,
        font=look.font,
        marks=tuple(_mark(stops, index, here, left + (index - first) * step, look) for index in range(first, last)),
        whole=Stretch(left, right - left),
        behind=Stretch(left, reached - left),
        now=now,
        label=_placed(_label(stops, here, width, look), now.x, y, look) if now and look.has_label else None,
        tail_before=Stretch(left - look.tail, look.tail) if first > 0 else None,
        tail_after=Stretch(right, look.tail) if last < len(stops) else None,
        number=min(max(here + 1, 0), len(stops)),
        count=len(stops),
        here=_title(stops, here) if now else "",
        next=_title(stops, here + 1) if now else "",
    )


def _window(count: int, here: int) -> tuple[int, int]:
    """Which stops are drawn: all of them, or ten with four behind us."""
    first = min(max(here - 4, 0), max(count - MOST_STOPS, 0))
    return first, min(first + MOST_STOPS, count)


def _mark(stops: Sequence[Stop], index: int, here: int, x: float, look: _Look) -> StopMark:
    state: StopState = "here" if index == here else "behind" if index < here else "ahead"
    radius = look.here_radius if index == here else look.radius
    return StopMark(number=index + 1, title=stops[index].title, state=state, x=x, radius=radius)


def _title(stops: Sequence[Stop], index: int) -> str:
    return stops[index].title if index < len(stops) else ""


@dataclass(frozen=True)
class _Label:
    """The words of a label, shortened to fit in a line of *room* units."""

    here: str
    minutes: int
    next: str
    width: float
    room: float


def _label(stops: Sequence[Stop], here: int, room: float, look: _Look) -> _Label:
    title = shorten(stops[here].title, room * 0.55, look.font)
    upcoming = _title(stops, here + 1)
    # ", 12 min" and the arrow, as wide as in the longest of our languages
    fixed = width_of(f", {stops[here].minutes} min.", look.font) + (look.font * 2.2 if upcoming else 0)
    if upcoming:
        upcoming = shorten(upcoming, room - 2 - fixed - width_of(title, look.font), look.font)
    width = width_of(title, look.font) + fixed + width_of(upcoming, look.font)
    return _Label(title, stops[here].minutes, upcoming, width, room)


def _placed(label: _Label, x: float, y: float, look: _Look) -> LineLabel:
    """Begun under its stop if it fits there, else ended there, else in between."""
    start, end, half = x - look.here_radius, x + look.here_radius, label.width / 2
    anchor: Anchor = "start" if start + label.width <= label.room else "end" if end >= label.width else "middle"
    return LineLabel(
        here=label.here,
        minutes=label.minutes,
        next=label.next,
        x={"start": start, "end": end, "middle": min(max(x, half), label.room - half)}[anchor],
        y=y + look.here_radius + look.font * 1.32,
        anchor=anchor,
        width=label.width,
    )
