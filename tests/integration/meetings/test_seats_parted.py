"""Devices that share a seat say whether they are one person's; two people after all have each their own again."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from facilitator.core.db import db
from facilitator.meetings.actions import joined_seats, people
from facilitator.meetings.models import Seat as SeatRow
from facilitator.meetings.models import Transition
from facilitator.proof.actions import certificate, standing
from tests.accounts_cast import make_member, make_moderator
from tests.cast import Cast, Meeting, Person
from tests.proof import at, confirm, describe, set_stay, set_times
from tests.two_seats import (
    SECRETS,
    at_table,
    comes_again,
    join,
    minutes,
    read_by,
    with_two_secrets,
)

pytestmark = pytest.mark.either


def test_a_device_that_had_the_seat_says_that_it_is_so_and_then_both_show_everything(cast: Cast) -> None:
    meeting, again = with_two_secrets(cast)
    assert "go on on another device" in meeting.get(meeting.pete).text
    assert meeting.post(again, "same", value="yes", seat=again.seat_id).status_code == 403, (
        "not by the one that is asked about"
    )
    assert again.seat_id in meeting.get(meeting.pete).text, "the page says which one is meant"
    assert meeting.post(meeting.pete, "same", value="yes", seat=again.seat_id).status_code == 200
    both = [Person("Pete", meeting.pete.seat_id, device.token) for device in (again, meeting.pete)]
    assert [read_by(meeting, device) for device in both] == [[True, True], [True, True]]
    assert "go on on another device" not in meeting.get(meeting.pete).text


@pytest.mark.promise("joined-seats")
@pytest.mark.parametrize("who", ["first", "again", "moderator"])
def test_two_people_after_all_have_each_their_own_again(cast: Cast, who: str) -> None:
    meeting, again = with_two_secrets(cast)
    if who == "moderator":
        assert meeting.post(meeting.mo, "people", do="part", seat=again.seat_id).status_code == 200
    else:
        assert meeting.post(meeting.pete if who == "first" else again, "same", value="no").status_code == 200
    assert sorted(at_table(meeting)) == ["Ada", "Bob", "Cleo", "Gia", "Pete", "Pete 2"]
    assert read_by(meeting, meeting.pete) == [True, False]
    assert read_by(meeting, again) == [False, True]
    written = {item.text("question"): item.seat_id for item in meeting.items("question")}
    assert written == {SECRETS[0]: meeting.pete.seat_id, SECRETS[1]: again.seat_id}
    join(meeting, again, meeting.pete)
    assert sorted(at_table(meeting)) == ["Ada", "Bob", "Cleo", "Gia", "Pete"]


def test_what_a_phone_had_not_sent_yet_arrives_and_nothing_is_stored_twice(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    again = comes_again(meeting, "Pete")
    sent = meeting.sent("question", fields={"question": "Why now?"})
    assert meeting.send(again, sent).how == "stored"
    waiting = meeting.sent("question", fields={"question": "And then?"})
    join(meeting, again, meeting.pete)
    assert meeting.send(again, sent).how == "again"
    assert meeting.send(again, waiting).how == "stored"
    meeting.act(joined_seats.say_whose, again.seat_id, False)
    assert meeting.send(again, sent).how == "again"
    assert len(meeting.items("question")) == 2


def with_two_hands(cast: Cast) -> tuple[Meeting, Person, Person]:
    """Pete's own second phone, and somebody else's that Mo takes for his."""
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    own, wrong = comes_again(meeting, "Pete"), comes_again(meeting, "Pete")
    meeting.write(wrong, "question", question=SECRETS[1])
    for hand in (own, wrong):
        join(meeting, hand, meeting.pete)
    return meeting, own, wrong


@pytest.mark.promise("joined-seats")
def test_only_the_device_that_is_meant_is_taken_for_the_same_person(cast: Cast) -> None:
    meeting, own, wrong = with_two_hands(cast)
    assert meeting.post(meeting.pete, "same", value="yes", seat=own.seat_id).status_code == 200
    assert read_by(meeting, wrong) == [False, True]
    assert read_by(meeting, meeting.pete) == [False, False]
    assert list(meeting.snapshot.hands) == [wrong.seat_id]


@pytest.mark.promise("joined-seats")
def test_one_account_on_two_devices_proves_nothing_of_a_third(app: Flask) -> None:
    mo, anna = make_moderator(app), make_member(app, "Anna")
    meeting = Cast(app, mo).meeting("Gia", case_giver=None)
    first = meeting.act(people.join, "Anna", "en", True, user=anna, is_again=True)
    third, second = (meeting.join("Anna", is_again=True) for _ in range(2))
    join(meeting, third, Person("Anna", first.seat_id, first.token))
    with app.app_context(), db.writing() as session:
        session.execute(update(SeatRow).where(SeatRow.id == second.seat_id).values(user_id=anna.id))
    join(meeting, second, Person("Anna", first.seat_id, first.token))
    assert list(meeting.snapshot.hands) == [third.seat_id]


def test_mo_parts_the_one_that_is_meant(cast: Cast) -> None:
    meeting, own, wrong = with_two_hands(cast)
    console = meeting.screen(meeting.mo)
    for hand, name in ((own, "Pete 2"), (wrong, "Pete 3")):
        assert f"Two people after all: {name}" in console
        assert f"part-{hand.seat_id}" in console
    assert meeting.post(meeting.mo, "people", do="part", seat=own.seat_id).status_code == 200
    assert list(meeting.snapshot.hands) == [wrong.seat_id]


def test_somebody_without_a_phone_is_without_one_again_when_the_wrong_device_is_parted(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.start()
    zoe = meeting.add_without_phone("Zoe")
    again = comes_again(meeting, "Pete")
    join(meeting, again, zoe)
    assert has_phone(meeting, zoe)
    other = comes_again(meeting, "Ada")
    join(meeting, other, zoe)
    meeting.act(joined_seats.part_seats, meeting.mo.seat_id, other.seat_id)
    assert has_phone(meeting, zoe), "the other device is still theirs"
    meeting.act(joined_seats.part_seats, meeting.mo.seat_id, again.seat_id)
    assert not has_phone(meeting, zoe), "Mo can write for them again and make a code"
    assert has_phone(meeting, again)
    assert has_phone(meeting, meeting.pete)


def has_phone(meeting: Meeting, person: Person) -> bool:
    """Whether somebody has a phone, as the meeting takes it."""
    seat = meeting.snapshot.seat(person.seat_id)
    assert seat is not None
    return seat.has_phone


def test_two_people_after_all_have_each_their_own_hours_and_whoever_had_left_has_left(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete", "Ada")
    meeting.start()
    again = comes_again(meeting, "Pete")
    meeting.leave(meeting.pete)
    with meeting.app.app_context(), db.writing() as session:
        set_stay(session, meeting.pete, 0, 40)
        set_stay(session, again, 30, None)
    join(meeting, again, meeting.pete)
    assert at_hand(meeting, meeting.pete)
    meeting.act(joined_seats.part_seats, meeting.mo.seat_id, again.seat_id)
    assert [at_hand(meeting, person) for person in (meeting.pete, again)] == [False, True]
    meeting.end()
    with meeting.app.app_context(), db.writing() as session:
        set_ends(session, meeting)
    assert (minutes(meeting)["Pete"], minutes(meeting)["Pete 2"]) == (40, 30)


def set_ends(session: Session, meeting: Meeting) -> None:
    """Has a meeting run for an hour."""
    times = {"start": 0, "end": 60}
    for move in session.scalars(select(Transition).where(Transition.meeting_id == meeting.id)):
        move.at = at(times[move.move]) if move.move in times else None


def at_hand(meeting: Meeting, person: Person) -> bool:
    """Whether somebody is there now."""
    seat = meeting.snapshot.seat(person.seat_id)
    assert seat is not None
    return seat.is_present


@pytest.mark.promise("joined-seats")
def test_hours_that_were_confirmed_as_one_person_s_are_each_their_own_again(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete", "Ada")
    meeting.start()
    again = comes_again(meeting, "Pete")
    meeting.end()
    with meeting.app.app_context(), db.writing() as session:
        set_times(session, meeting, {"start": 0, "end": 60})
        set_stay(session, meeting.pete, 0, 40)
        set_stay(session, again, 30, 50)
    join(meeting, again, meeting.pete)
    assert confirm(meeting).status_code == 302
    assert (certified(meeting, meeting.pete), certified(meeting, again)) == (50, None)
    before = number_of(meeting, meeting.pete)
    meeting.act(joined_seats.part_seats, meeting.mo.seat_id, again.seat_id)
    assert (certified(meeting, meeting.pete), certified(meeting, again)) == (40, 20)
    assert number_of(meeting, meeting.pete) != before, "the one that counted two people was replaced"
    assert certified(meeting, meeting.ada) == 60
    join(meeting, again, meeting.pete)
    assert (certified(meeting, meeting.pete), certified(meeting, again)) == (50, None)


def test_hours_that_nobody_confirmed_are_confirmed_by_nobody_s_parting(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete", "Ada")
    meeting.start()
    again = comes_again(meeting, "Pete")
    join(meeting, again, meeting.pete)
    describe(meeting, meeting.pete, name="Pieter de Wit")
    meeting.end()
    with meeting.app.app_context(), db.writing() as session:
        set_times(session, meeting, {"start": 0, "end": 60})
    meeting.act(joined_seats.part_seats, meeting.mo.seat_id, again.seat_id)
    assert (certified(meeting, meeting.pete), certified(meeting, again)) == (None, None)
    assert confirm(meeting).status_code == 302
    assert certified(meeting, meeting.pete) == 60


def certified(meeting: Meeting, person: Person) -> int | None:
    """The minutes that a certificate of somebody would say, or None."""
    with meeting.app.app_context():
        proof = standing(meeting.id, person.seat_id).proof
    return proof.minutes if proof else None


def number_of(meeting: Meeting, person: Person) -> str:
    """The number of somebody's certificate, given out where there was none."""
    with meeting.app.app_context():
        issued = certificate(meeting.id, person.seat_id, None)
    assert issued is not None
    return issued.number
