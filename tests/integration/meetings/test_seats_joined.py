"""Somebody lost their browser and came in again: the moderator joins the two seats, and everything comes along, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import String, Table, select, update

from facilitator.core.db import db, now
from facilitator.core.refusals import Refused
from facilitator.meetings.actions import joined_seats, outcomes
from facilitator.meetings.models import Presence, Transition
from facilitator.migrations.tables import metadata
from facilitator.proof.actions import standing
from facilitator.proof.content import Particulars
from facilitator.reports.people import people as people_of
from facilitator.reports.report import session_report
from tests.cast import Cast, Meeting, Person
from tests.proof import describe
from tests.two_seats import at_table, comes_again, join, minutes

pytestmark = pytest.mark.either


@pytest.mark.parametrize("phase", ["lobby", "story", "clarify", "diagnose", "advise", "evaluate", "ended"])
def test_in_every_phase_both_devices_hold_the_one_seat_and_nobody_is_there_twice(cast: Cast, phase: str) -> None:
    meeting = cast.meeting()
    if phase not in ("lobby", "ended"):
        meeting.play_to(phase)
    again = comes_again(meeting, "Pete")
    if phase == "ended":
        meeting.start()
        meeting.end()
    assert at_table(meeting).count("Pete 2") == 1
    join(meeting, again, meeting.pete)
    join(meeting, again, meeting.pete)
    assert sorted(at_table(meeting)) == ["Ada", "Bob", "Cleo", "Gia", "Pete"]
    for device in (again, meeting.pete):
        assert "Pete 2" not in meeting.get(device).text
        assert meeting.get(device).status_code == 200
    assert "Pete 2" not in meeting.screen(meeting.mo) + meeting.screen(meeting.wall)


def test_the_case_giver_has_her_case_again_though_the_seat_without_it_was_named(cast: Cast) -> None:
    meeting = cast.meeting(case_giver=None)
    meeting.advance_to("pick")
    meeting.write(meeting.gia, "case", title="The silent starter", urgency="now")
    meeting.write(meeting.pete, "case", title="The loud one", urgency="soon")
    meeting.reveal()
    meeting.next()
    assert meeting.snapshot.rounds[0].title == "The silent starter"
    again = comes_again(meeting, "Gia")
    meeting.name_case_giver("Gia again")
    assert meeting.snapshot.rounds[0].title == "", "so it goes wrong"
    join(meeting, again, meeting.gia)
    found = meeting.snapshot.rounds[0]
    assert (found.title, found.case_giver_id) == ("The silent starter", meeting.gia.seat_id)
    assert meeting.post(again, "case", title="Silence").status_code == 200, "the device in hand goes on with it"
    meeting.advance_to("clarify")
    meeting.end()
    report = session_report(meeting.snapshot, "en")
    assert [(case.title, case.case_giver) for case in report.cases] == [("Silence", "Gia")]
    assert len(report.kept_cases) == 1
    assert "The loud one" in str(report.kept_cases)


def test_texts_count_votes_count_once_and_nobody_votes_more_than_one_person_may(cast: Cast) -> None:
    meeting = cast.meeting(case_giver=None)
    meeting.advance_to("pick")
    cases = [meeting.write(person, "case", title=f"Case of {person.name}") for person in meeting.participants]
    meeting.reveal()
    marks_of = meeting.snapshot.now.phase.marks
    assert marks_of is not None
    limit = marks_of.limit
    for case in cases[:limit]:
        meeting.mark(meeting.pete, case.item_id)
    again = comes_again(meeting, "Pete")
    for case in cases[1 : limit + 1]:
        meeting.mark(again, case.item_id)
    join(meeting, again, meeting.pete)
    marks = [mark for mark in meeting.snapshot.marks if mark.seat_id in (again.seat_id, meeting.pete.seat_id)]
    assert {mark.seat_id for mark in marks} == {meeting.pete.seat_id}
    assert {mark.item_id for mark in marks} == {case.item_id for case in cases[1 : limit + 1]}
    assert refused_mark(meeting, again, cases[-1].item_id) == "no_marks_left"


def refused_mark(meeting: Meeting, person: Person, item_id: str) -> str:
    """Why somebody cannot choose a text."""
    with pytest.raises(Refused) as refused:
        meeting.mark(person, item_id)
    return refused.value.code


def test_hours_are_united_and_never_summed_twice(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete", "Ada")
    meeting.start()
    again = comes_again(meeting, "Pete")
    meeting.end()
    began = now() - timedelta(minutes=60)
    times = {meeting.pete.seat_id: (0, 40), again.seat_id: (30, 60)}
    with meeting.app.app_context(), db.writing() as session:
        ran = {"start": began, "end": began + timedelta(minutes=60)}
        for move, at in ran.items():
            of = (Transition.meeting_id == meeting.id, Transition.move == move)
            session.execute(update(Transition).where(*of).values(at=at))
        for seat_id, (came, went) in times.items():
            there = {"came_at": began + timedelta(minutes=came), "went_at": began + timedelta(minutes=went)}
            session.execute(update(Presence).where(Presence.seat_id == seat_id).values(**there))
    assert minutes(meeting)["Pete"] == 40
    join(meeting, again, meeting.pete)
    assert minutes(meeting)["Pete"] == 60
    assert "Pete 2" not in minutes(meeting)


def test_roles_turn_actions_and_being_a_buddy_come_along(cast: Cast) -> None:
    meeting = cast.meeting()
    again = comes_again(meeting, "Pete")
    meeting.give_role(again, "timekeeper")
    meeting.advance_to("diagnose")
    meeting.steer("give_floor", target=again.seat_id)
    join(meeting, again, meeting.pete)
    assert meeting.step.speaker == meeting.pete.seat_id
    assert again.seat_id not in meeting.step.speakers
    seat = meeting.snapshot.seat(meeting.pete.seat_id)
    assert seat is not None
    assert seat.role == "timekeeper"
    meeting.next()
    third = comes_again(meeting, "Gia")
    meeting.advance_to("commit")
    meeting.write(meeting.gia, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    [action] = meeting.actions
    meeting.act(outcomes.be_buddy, third.seat_id, action.id, True)
    join(meeting, third, meeting.gia)
    [action] = meeting.actions
    assert (action.owner_id, action.owner_name, action.buddy_id) == (meeting.gia.seat_id, "Gia", None), (
        "not her own buddy"
    )
    meeting.act(outcomes.be_buddy, again.seat_id, action.id, True)
    assert meeting.actions[0].buddy_id == meeting.pete.seat_id


def test_of_two_roles_the_earlier_one_stays_and_the_moderator_hears_which_one_is_free(cast: Cast) -> None:
    meeting = cast.meeting()
    again = comes_again(meeting, "Pete")
    meeting.give_role(meeting.pete, "timekeeper")
    meeting.give_role(again, "observer")
    answer = meeting.post(meeting.mo, "people", do="join", seat=again.seat_id, to=meeting.pete.seat_id)
    seat = meeting.snapshot.seat(meeting.pete.seat_id)
    assert seat is not None
    assert seat.role == "timekeeper"
    assert "Nobody is the process observer now." in answer.get_json()["notice"]


@pytest.mark.parametrize(
    ("pete", "again", "ada"),
    [("", "observer", ""), ("observer", "", ""), ("observer", "observer", ""), ("timekeeper", "observer", "observer")],
)
def test_where_no_role_gets_free_nothing_is_said(cast: Cast, pete: str, again: str, ada: str) -> None:
    meeting = cast.meeting()
    second = comes_again(meeting, "Pete")
    for person, role in ((meeting.pete, pete), (second, again), (meeting.ada, ada)):
        meeting.give_role(person, role)
    answer = meeting.post(meeting.mo, "people", do="join", seat=second.seat_id, to=meeting.pete.seat_id)
    assert "notice" not in answer.get_json()
    assert {seat.role for seat in meeting.snapshot.seats} >= {role for role in (pete, again, ada) if role}


def test_no_row_anywhere_leads_to_the_seat_that_is_no_more_but_its_device_and_what_was_written_there(
    cast: Cast,
) -> None:
    meeting = cast.meeting()
    again = comes_again(meeting, "Gia")
    meeting.name_case_giver("Gia again")
    meeting.give_role(again, "note_taker")
    meeting.play_to("advise")
    meeting.steer("give_floor", target=meeting.pete.seat_id)
    meeting.play_to("evaluate")
    meeting.play_step()
    before = rows_that_say(meeting, again.seat_id)
    assert len(before) >= 8, f"there was something to see: {before}"
    join(meeting, again, meeting.gia)
    left = {"seats.id", "seat_tokens.seat_id", "contributions.hand_id", "presences.hand_id"}
    assert rows_that_say(meeting, again.seat_id) == left


def rows_that_say(meeting: Meeting, seat_id: str) -> set[str]:
    """Every column of every table in which an id stands, alone or in a list."""
    found = set()
    with meeting.app.app_context():
        for table in metadata.tables.values():
            assert isinstance(table, Table)
            for row in db.session.execute(select(table)).mappings():
                found |= {str(column) for column in table.columns if seat_id in str(row[column])}
    return found


def test_whatever_names_a_seat_is_known_to_joining() -> None:
    """A column that comes later has to say what joining does with it."""
    named = {
        str(column)
        for table in metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "seats" for key in column.foreign_keys)
        or (isinstance(column.type, String) and ("seat" in column.name or "speaker" in column.name))
        or column.name in ("taken_down_by", "hand_id", "speakers")
        or str(column) == "seats.joined_to_id"
    }
    follow = {str(column.property.columns[0]) for column in joined_seats.FOLLOW}
    beside = {"tallies.seat_id", "marks.seat_id", "steps.speakers", "seat_tokens.seat_id"}
    above = {"consents.seat_id", "objections.seat_id", "attendances.seat_mark"}
    beside |= {"contributions.hand_id", "presences.hand_id", "notebooks.seat_id"}
    assert named == follow | beside | above


def test_what_was_claimed_in_a_later_meeting_is_looked_for_under_the_one_seat(cast: Cast) -> None:
    meeting = cast.meeting()
    again = comes_again(meeting, "Gia")
    meeting.name_case_giver("Gia again")
    meeting.advance_to("commit")
    meeting.write(again, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    meeting.end()
    later = cast.meeting("Ada", continues=meeting)
    join(meeting, again, meeting.gia)
    gia = later.join("Gia")  # with the phone of the first seat
    assert [action.owner_id for action in later.actions] == [gia.seat_id]


@pytest.mark.promise("joined-seats")
def test_an_answer_without_a_name_is_touched_by_nothing_and_its_writer_s_phone_can_still_change_it(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.play_to("evaluate")
    again = comes_again(meeting, "Pete")
    accepted = meeting.write(again, "evaluation", safe=4, line="Thanks")
    before = meeting.items("evaluation")
    join(meeting, again, meeting.pete)
    assert meeting.items("evaluation") == before
    assert all(item.seat_id is None and item.hand_id is None for item in before)
    meeting.write(again, "evaluation", capability=accepted.capability, safe=5, line="Many thanks")
    with pytest.raises(Refused, match="enough_written"):
        meeting.write(meeting.pete, "evaluation", safe=1, line="Once more")


def test_a_report_counts_one_person(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete", "Ada")
    meeting.start()
    again = comes_again(meeting, "Pete")
    meeting.end()
    join(meeting, again, meeting.pete)
    assert people_of(meeting.snapshot).present == ("Ada", "Gia", "Pete")


@pytest.mark.parametrize("is_proved", [False, True])
def test_what_is_printed_of_somebody_comes_along_by_proof_only(cast: Cast, is_proved: bool) -> None:
    meeting = cast.meeting()
    meeting.start()
    again = comes_again(meeting, "Pete")
    describe(meeting, again, name="Pieter de Wit", function="Welder")
    join(meeting, again, meeting.pete)
    if is_proved:
        assert meeting.post(meeting.pete, "same", value="yes", seat=again.seat_id).status_code == 200
    meeting.end()
    assert (printed_of(meeting, meeting.pete) is not None) is is_proved


def printed_of(meeting: Meeting, person: Person) -> Particulars | None:
    """What somebody wants printed of themselves, as it is kept for a seat."""
    with meeting.app.app_context():
        return standing(meeting.id, person.seat_id).particulars
