"""The circle: the people around the table as they sit, who speaks, and where the case giver is in it.

Pure geometry in the units of an SVG view box; `partials/circle.html` draws it and puts it into words. Labels
stand outward of their seats; none overlaps another or leaves the picture.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, permutations
from typing import Literal

from facilitator.core.pictures.lettering import Anchor, Size, shorten, width_of
from facilitator.core.pictures.names import first_names, initials_of

CaseGiverState = Literal["speaks", "listens", "turned_away"]
Role = Literal["speaks", "listens", ""]

MOST_NAMES = 8
MOST_SEATS = 14
MOST_DOTS = 36
MOST_MARKED = 6


@dataclass(frozen=True)
class Person:
    """Somebody at the table, in the order in which people sit (clockwise from the top)."""

    seat_id: str
    name: str
    is_speaking: bool = False
    is_case_giver: bool = False
    case_giver_state: CaseGiverState = "speaks"
    is_moderator: bool = False

    @property
    def is_marked(self) -> bool:
        """Whether the picture has something to say about them."""
        return self.is_speaking or self.is_case_giver

    @property
    def is_turned_away(self) -> bool:
        """Whether they hear what is said with their back to it; nobody speaks that way."""
        return self.is_case_giver and self.case_giver_state == "turned_away" and not self.is_speaking

    @property
    def role(self) -> Role:
        """What stands beside their name."""
        if self.is_speaking:
            return "speaks"
        return "listens" if self.is_case_giver and self.case_giver_state != "speaks" else ""


@dataclass(frozen=True)
class Box:
    """The rectangle that a label takes up."""

    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Box") -> bool:
        """Whether the two have room in common."""
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)


@dataclass(frozen=True)
class SeatLabel:
    """A name beside a seat, its role behind it or, where it *is_stacked*, below it. *y* is the first baseline."""

    name: str
    role: Role
    x: float
    y: float
    anchor: Anchor
    is_stacked: bool
    box: Box

    def moved(self, down: float, right: float = 0) -> "SeatLabel":
        """The same label, lower and further to the right by this much."""
        box = Box(self.box.left + right, self.box.top + down, self.box.right + right, self.box.bottom + down)
        return replace(self, x=self.x + right, y=self.y + down, box=box)


@dataclass(frozen=True)
class SeatMark:
    """A seat as drawn; *angle* is in degrees clockwise from the top, for turning outward."""

    person: Person
    initials: str
    x: float
    y: float
    radius: float
    ring: float
    font: float
    angle: float
    is_dot: bool
    label: SeatLabel | None


@dataclass(frozen=True)
class CirclePicture:
    """The people around the table. *count* is set where there are too many to draw them one by one."""

    size: Size
    width: float
    height: float
    table: float
    font: float
    seats: tuple[SeatMark, ...]
    count: int | None

    @property
    def line_height(self) -> float:
        """From one line of a label to the next."""
        return self.font * _LINE


@dataclass(frozen=True)
class _Look:
    width: float
    height: float
    font: float
    radius: float
    orbit: float
    radius_of_many: float  # beyond the number whose names are written out
    orbit_of_many: float
    is_labelled: bool
    initials: float = 0.72  # as a part of the radius


_LOOKS: dict[Size, _Look] = {
    # On the wall one unit is a pixel of a 1080p screen, and no name is smaller than 36 of them (static/src/css/wall.css); the
    # picture is as small as its names let it be, since texts want the room.
    "wall": _Look(
        860, 650, font=36, radius=38, orbit=148, radius_of_many=32, orbit_of_many=150, is_labelled=True, initials=1.13
    ),
    "console": _Look(400, 332, font=15, radius=20, orbit=82, radius_of_many=17, orbit_of_many=89, is_labelled=True),
    "phone": _Look(280, 280, font=16, radius=24, orbit=98, radius_of_many=20, orbit_of_many=107, is_labelled=False),
    "report": _Look(420, 354, font=15, radius=22, orbit=88, radius_of_many=19, orbit_of_many=96, is_labelled=True),
}
_LINE = 1.16
# "luistert", "spreekt", "hört zu", "écoute": the widest of them, and a space before it
_ROLE_EMS = 4.1
_SPACE_EMS = 0.3


def circle(people: Sequence[Person], size: Size) -> CirclePicture:
    """The people around the table as they sit, the first at the top.

    First names up to eight people, initials beyond; over fourteen a count, and a dot for everybody but the
    speaker and the case giver.
    """
    look = _LOOKS[size]
    table = _Table(look, _shown(people), len(people))
    drawn = CirclePicture(
        size=size,
        width=look.width,
        height=look.height,
        table=table.orbit * 0.54,
        font=look.font,
        seats=tuple(_pushed_apart(list(table.seats()), look.height / 2)),
        count=len(people) if len(people) > MOST_SEATS else None,
    )
    return _trimmed(drawn) if size == "wall" else drawn


def _trimmed(picture: CirclePicture) -> CirclePicture:
    """The same around the same middle, without the margins that nobody's name needs."""
    x, y, edge = picture.width / 2, picture.height / 2, picture.font * 0.1
    across, down = [picture.table], [picture.table]
    for seat in picture.seats:
        across.append(abs(seat.x - x) + seat.radius * 2)
        down.append(abs(seat.y - y) + seat.radius * 2)
        if seat.label:
            box = seat.label.box
            across.append(max(x - box.left, box.right - x) + edge)
            down.append(max(y - box.top, box.bottom - y) + edge)
    left, up = max(0, x - max(across)), max(0, y - max(down))
    seats = tuple(
        replace(seat, x=seat.x - left, y=seat.y - up, label=seat.label and seat.label.moved(-up, -left))
        for seat in picture.seats
    )
    return replace(picture, width=picture.width - 2 * left, height=picture.height - 2 * up, seats=seats)


def _pushed_apart(seats: list[SeatMark], middle: float) -> list[SeatMark]:
    """The seats, with labels that meet their neighbour's moved further up or down, away from the middle."""
    for outer, inner in permutations(range(len(seats)), 2):
        mine, theirs = seats[outer].label, seats[inner].label
        is_outer = abs(seats[outer].y - middle) > abs(seats[inner].y - middle)
        if mine and theirs and is_outer and mine.box.covers(theirs.box):
            is_below = seats[outer].y > middle
            down = theirs.box.bottom - mine.box.top if is_below else theirs.box.top - mine.box.bottom
            seats[outer] = replace(seats[outer], label=mine.moved(down))
    return seats


def _shown(people: Sequence[Person]) -> Sequence[Person]:
    """Everybody, or of a crowd too big to draw as many as fit, those who speak or give the case among them."""
    if len(people) <= MOST_SEATS:
        return people
    marked = [index for index, person in enumerate(people) if person.is_marked][:MOST_MARKED]
    others = [index for index, person in enumerate(people) if not person.is_marked]
    return [people[index] for index in sorted(marked + others[: MOST_DOTS - len(marked)])]


class _Table:
    """The people shown, and how much room each of them has."""

    def __init__(self, look: _Look, people: Sequence[Person], count: int) -> None:
        self.look, self.people, self.count = look, people, count
        are_many = count > MOST_NAMES
        self.orbit = look.orbit_of_many if are_many else look.orbit
        self.angles = list(self._angles())
        full = min(max(count, 2), MOST_SEATS)
        most = look.radius_of_many if are_many else look.radius
        self.radius = min(most, self.orbit * 0.83 * math.sin(math.pi / full) - 1)

    def seats(self) -> Iterable[SeatMark]:
        names = [person.name for person in self.people]
        for index, (initials, name) in enumerate(zip(initials_of(names), first_names(names), strict=True)):
            person, angle = self.people[index], self.angles[index]
            is_dot = self._is_dot(person)
            yield SeatMark(
                person=person,
                initials=initials,
                x=self.look.width / 2 + self.orbit * math.sin(angle),
                y=self.look.height / 2 - self.orbit * math.cos(angle),
                radius=self.radius * 0.3 if is_dot else self.radius,
                ring=self.radius * 1.36 if person.is_speaking else 0,
                font=min(self.radius * self.look.initials, self.look.font),
                angle=math.degrees(angle),
                is_dot=is_dot,
                label=self._label(index, name) if self._is_labelled(person) else None,
            )

    def _angles(self) -> Iterable[float]:
        """Even steps, the first at the top.

        In a crowd the dots move closer together, so that the others keep their room, and the first of those
        stands at the right, where a label and the one beside it fit.
        """
        marked = sum(not self._is_dot(person) for person in self.people)
        dots = len(self.people) - marked
        full = 1 / (MOST_SEATS if dots else max(marked, 1))
        shares = [(1 - marked * full) / dots if self._is_dot(person) else full for person in self.people]
        turns = [end - share / 2 for end, share in zip(accumulate(shares), shares, strict=True)]
        top = turns[0] if turns else 0
        if dots and marked:
            top = next(turn for turn, person in zip(turns, self.people, strict=True) if person.is_marked) - 0.25
        return (math.tau * (turn - top) for turn in turns)

    def _is_dot(self, person: Person) -> bool:
        return self.count > MOST_SEATS and not person.is_marked

    def _is_labelled(self, person: Person) -> bool:
        return self.look.is_labelled and (self.count <= MOST_NAMES or person.is_marked)

    def _label(self, index: int, name: str) -> SeatLabel:
        """Outward of its seat: beside it, or above and below it at the top and the bottom of the table."""
        font, role = self.look.font, self.people[index].role
        across, down = math.sin(self.angles[index]), -math.cos(self.angles[index])
        away = self.orbit + self._reach(index) + font * 0.42
        x, y = self.look.width / 2 + away * across, self.look.height / 2 + away * down
        anchor = _anchor(across)
        is_stacked = bool(role) and anchor != "middle"
        beside = (_ROLE_EMS + _SPACE_EMS) * font if role and not is_stacked else 0
        text = shorten(name, self._room(index, x, anchor) - beside, font)
        below = _ROLE_EMS * font if is_stacked else 0
        wide = max(width_of(text, font) + beside, below)
        high = font * _LINE * (2 if is_stacked else 1)
        top = y + down * high / 2 - high / 2
        left = {"start": x, "end": x - wide, "middle": x - wide / 2}[anchor]
        return SeatLabel(text, role, x, top + font * 0.92, anchor, is_stacked, Box(left, top, left + wide, top + high))

    def _reach(self, index: int) -> float:
        """From the middle of a seat to its outer edge."""
        person = self.people[index]
        if person.is_turned_away:
            return self.radius * 1.9
        edge = self.radius * (1.36 if person.is_speaking else 1)
        # where a square stands askew to its label, its corner comes closer
        return edge * (1 + 0.24 * abs(math.sin(2 * self.angles[index])) if person.is_case_giver else 1)

    def _room(self, index: int, x: float, anchor: Anchor) -> float:
        """How wide a label may be without leaving the picture or touching the label beside it."""
        edge = self.look.font * 0.1
        if anchor != "middle":
            return (self.look.width - x if anchor == "start" else x) - edge
        here, half = self.angles[index], min(x, self.look.width - x) - edge
        for other, angle in enumerate(self.angles):
            is_near = other != index and math.cos(angle) * math.cos(here) > 0
            if is_near and self._is_labelled(self.people[other]):
                theirs = self.look.width / 2 + (self.orbit + self.radius) * math.sin(angle)
                half = min(half, abs(theirs - x) - edge)
        return 2 * half


def _anchor(across: float) -> Anchor:
    if abs(across) < 0.2:
        return "middle"
    return "start" if across > 0 else "end"
