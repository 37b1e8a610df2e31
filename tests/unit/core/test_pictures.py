"""The line and the circle: everything inside the picture, nothing on top of anything else."""

import math
from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.core.pictures import Person, Size, Stop, circle, line
from facilitator.core.pictures.circles import Box, CaseGiverState, SeatMark
from facilitator.core.pictures.lettering import shorten, width_of
from facilitator.core.pictures.names import first_names, initials_of

LABELLED: list[Size] = ["wall", "console", "report"]
CAST = ["Gia", "Pete", "Ada", "Bob", "Cleo", "Dirk", "Mo"]
names = st.one_of(
    st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=20),
    st.text("abcdefghijklmnopqrstuvwxyzWM ", min_size=1, max_size=20),
    st.sampled_from(CAST),
)


@st.composite
def tables(draw: st.DrawFn, most: int = 14) -> list[Person]:
    """People around a table, one of whom may speak and one of whom may give the case."""
    people = draw(st.lists(names, min_size=1, max_size=most))
    speaker = draw(st.integers(-1, len(people) - 1))
    giver = draw(st.integers(-1, len(people) - 1))
    state: CaseGiverState = draw(st.sampled_from(["speaks", "listens", "turned_away"]))
    return [
        Person(str(index), name, index == speaker, index == giver, state, index == 0)
        for index, name in enumerate(people)
    ]


def stops(count: int) -> list[Stop]:
    return [Stop(f"Phase {number}", 5) for number in range(1, count + 1)]


def cast(speaking: str = "", away: bool = False) -> list[Person]:
    return [Person(name, name, name == speaking, name == "Gia", "turned_away" if away else "listens") for name in CAST]


# --- the line


@given(st.lists(names, min_size=1, max_size=18), st.data(), st.sampled_from(["wall", "console"]))
def test_a_label_never_leaves_the_line(titles: list[str], data: st.DataObject, size: Size) -> None:
    here = data.draw(st.integers(0, len(titles) - 1))
    picture = line([Stop(title * 2, 12) for title in titles], here, 1776 if size == "wall" else 1124, size)
    assert picture.label is not None
    at, wide = picture.label.x, picture.label.width
    left = {"start": at, "middle": at - wide / 2, "end": at - wide}[picture.label.anchor]
    assert left >= -0.01
    assert left + wide <= picture.width + 0.01
    assert picture.label.y + picture.font * 0.3 <= picture.height


@given(st.integers(0, 30), st.integers(-1, 31), st.sampled_from(["wall", "console", "phone", "report"]))
def test_every_stop_lies_on_the_line_in_order(count: int, here: int, size: Size) -> None:
    picture = line(stops(count), here, 600, size)
    places = [mark.x for mark in picture.marks]
    assert places == sorted(places)
    assert len(places) == min(count, 10)
    assert all(mark.radius <= mark.x <= picture.width - mark.radius for mark in picture.marks)


def test_what_is_behind_here_and_ahead_differs() -> None:
    picture = line(stops(10), 3, 1776, "wall")
    assert [mark.state for mark in picture.marks] == ["behind"] * 3 + ["here"] + ["ahead"] * 6
    assert (picture.number, picture.count, picture.here, picture.next) == (4, 10, "Phase 4", "Phase 5")


def test_the_stretch_that_fills_runs_from_here_to_the_next_stop() -> None:
    picture = line(stops(10), 3, 1776, "wall")
    assert picture.now is not None
    assert picture.now.x == pytest.approx(picture.marks[3].x)
    assert picture.now.x + picture.now.length == pytest.approx(picture.marks[4].x)


def test_the_last_phase_has_a_stretch_to_fill_as_well() -> None:
    picture = line(stops(10), 9, 1776, "wall")
    assert picture.now is not None
    assert picture.now.length > 100
    assert picture.next == ""


def test_more_than_ten_stops_show_those_around_here_and_fade_where_there_are_more() -> None:
    picture = line(stops(16), 8, 1776, "wall")
    assert [mark.number for mark in picture.marks] == list(range(5, 15))
    assert picture.tail_before is not None
    assert picture.tail_after is not None
    assert line(stops(16), 0, 1776, "wall").tail_before is None
    assert line(stops(16), 15, 1776, "wall").tail_after is None


def test_a_meeting_that_is_over_has_everything_behind_it() -> None:
    picture = line(stops(3), 3, 600, "report")
    assert {mark.state for mark in picture.marks} == {"behind"}
    assert picture.now is None
    assert picture.behind == picture.whole


# --- the circle


def distance(seat: SeatMark, box: Box) -> float:
    """From the middle of a seat to the nearest point of a box."""
    across = max(box.left - seat.x, 0, seat.x - box.right)
    down = max(box.top - seat.y, 0, seat.y - box.bottom)
    return math.hypot(across, down)


def boxes(seats: Sequence[SeatMark]) -> list[Box]:
    return [seat.label.box for seat in seats if seat.label]


@given(tables(), st.sampled_from(LABELLED))
def test_no_label_overlaps_another(people: list[Person], size: Size) -> None:
    for one, other in combinations(boxes(circle(people, size).seats), 2):
        assert not one.covers(other)


@given(tables(), st.sampled_from(LABELLED))
def test_no_label_covers_a_seat(people: list[Person], size: Size) -> None:
    picture = circle(people, size)
    for box in boxes(picture.seats):
        assert all(distance(seat, box) >= max(seat.radius, seat.ring) for seat in picture.seats)


@given(tables(60), st.sampled_from([*LABELLED, "phone"]))
def test_everything_stays_inside_the_picture(people: list[Person], size: Size) -> None:
    picture = circle(people, size)
    for seat in picture.seats:
        reach = max(seat.radius, seat.ring)
        assert reach <= seat.x <= picture.width - reach
        assert reach <= seat.y <= picture.height - reach
    for box in boxes(picture.seats):
        assert box.left >= 0
        assert box.top >= 0
        assert box.right <= picture.width
        assert box.bottom <= picture.height


@pytest.mark.parametrize("size", LABELLED)
@pytest.mark.parametrize("state", ["listens", "turned_away"])
def test_wherever_the_case_giver_and_the_speaker_sit_their_labels_fit(size: Size, state: CaseGiverState) -> None:
    for count, giver in ((many, one) for many in range(1, 41) for one in range(many)):
        people = [
            Person(str(n), "Wilhelmina Maximiliaan", n == (giver + 1) % count, n == giver, state) for n in range(count)
        ]
        picture = circle(people, size)
        labels = boxes(picture.seats)
        assert all(box.left >= 0 and box.right <= picture.width for box in labels)
        assert all(box.top >= 0 and box.bottom <= picture.height for box in labels)
        assert all(not one.covers(other) for one, other in combinations(labels, 2))


@given(tables(60), st.sampled_from([*LABELLED, "phone"]))
def test_seats_keep_apart(people: list[Person], size: Size) -> None:
    for one, other in combinations(circle(people, size).seats, 2):
        apart = math.hypot(one.x - other.x, one.y - other.y)
        assert apart >= max(one.radius, one.ring) + max(other.radius, other.ring) - 0.01


def test_up_to_eight_people_are_named_and_more_show_initials() -> None:
    few, many = [[Person(str(n), f"{chr(64 + n)}nna") for n in range(1, count + 1)] for count in (8, 9)]
    assert all(seat.label for seat in circle(few, "wall").seats)
    assert not any(seat.label for seat in circle(many, "wall").seats)


def test_over_fourteen_people_are_counted_and_the_speaker_keeps_a_face() -> None:
    people = [Person(str(n), f"Anna {n}", is_speaking=n == 7) for n in range(60)]
    picture = circle(people, "wall")
    assert picture.count == 60
    assert [seat.person.seat_id for seat in picture.seats if not seat.is_dot] == ["7"]
    assert circle(people[:14], "wall").count is None


def test_the_speaker_is_ringed_and_labelled() -> None:
    ada = next(seat for seat in circle(cast("Ada"), "wall").seats if seat.person.name == "Ada")
    assert ada.ring > ada.radius
    assert ada.label is not None
    assert (ada.label.name, ada.label.role) == ("Ada", "speaks")


def test_a_case_giver_who_is_turned_away_still_is_said_to_listen() -> None:
    gia = circle(cast(away=True), "wall").seats[0]
    assert gia.person.is_turned_away
    assert gia.label is not None
    assert gia.label.role == "listens"


def test_a_case_giver_who_speaks_is_not_turned_away() -> None:
    gia = circle(cast("Gia", away=True), "wall").seats[0]
    assert not gia.person.is_turned_away
    assert gia.person.role == "speaks"


def test_nobody_at_the_table_is_a_table() -> None:
    assert circle([], "wall").seats == ()


# --- names


def test_initials_are_two_letters_and_differ_where_they_can() -> None:
    assert initials_of(["Pete", "Ada", "Jan de Vries"]) == ["Pe", "Ad", "JV"]
    assert initials_of(["Peter", "Petra", "Pepe"]) == ["Pe", "Pt", "Pp"]
    assert len(set(initials_of(["Bo", "Bo", "Bo"]))) == 3


def test_a_name_without_letters_has_a_question_mark() -> None:
    assert initials_of(["", "🙂"]) == ["?", "?"]


def test_two_people_with_one_first_name_are_told_apart() -> None:
    assert first_names(["Jan Bos", "Jan Smit", "Ada Bos"]) == ["Jan B", "Jan S", "Ada"]


def test_a_long_name_is_shortened_with_an_ellipsis() -> None:
    short = shorten("Maximiliaan-Alexander", 100, 20)
    assert short.endswith("…")
    assert width_of(short, 20) <= 100
    assert shorten("Ada", 100, 20) == "Ada"
