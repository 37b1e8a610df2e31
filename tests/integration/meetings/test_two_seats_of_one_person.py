"""Somebody lost their browser and came in again: the moderator joins the two seats, and nothing is lost, doubled or told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import String, Table, select, update
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.core.db import Base, db, now
from facilitator.core.refusals import Refused
from facilitator.meetings.actions import doors, joined_seats, outcomes, people
from facilitator.meetings.models import Meeting as MeetingRow
from facilitator.meetings.models import Presence, Transition
from facilitator.meetings.models import Seat as SeatRow
from facilitator.proof.actions import standing
from facilitator.proof.content import Particulars
from facilitator.proof.counting import count
from facilitator.reports.people import people as people_of
from facilitator.reports.report import session_report
from facilitator.retention.own_data import of_account
from tests.accounts_cast import make_member, make_moderator, post
from tests.cast import Cast, Meeting, Person, new_op
from tests.proof import at, confirm, describe, set_stay, set_times

pytestmark = pytest.mark.either


def join(meeting: Meeting, again: Person, first: Person) -> None:
    """Mo says that somebody who came in again is somebody who was there before."""
    answer = meeting.post(meeting.mo, "people", do="join", seat=again.seat_id, to=first.seat_id)
    assert answer.status_code == 200, answer.get_json()


def comes_again(meeting: Meeting, name: str) -> Person:
    """Somebody types their name in another browser, and Mo lets them in where that is needed."""
    first, again = meeting[name], meeting.join(name, is_again=True)
    meeting.people[name], meeting.people[f"{name} again"] = first, again
    if meeting.state.status == "running":
        meeting.admit(again)
    return again


def at_table(meeting: Meeting) -> list[str]:
    """Everybody who is there, ghosts included."""
    return [seat.name for seat in meeting.snapshot.seats if seat.kind == "participant"]


def refusal(meeting: Meeting, again: Person, first: Person) -> str:
    """Why two seats cannot be joined."""
    with pytest.raises(Refused) as refused:
        meeting.act(joined_seats.join_seats, meeting.mo.seat_id, again.seat_id, first.seat_id)
    return refused.value.code


# -- Everything comes along -------------------------------------------------------------------------------------------


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


def minutes(meeting: Meeting) -> dict[str, int]:
    """How long everybody was there."""
    with meeting.app.app_context():
        found = count(db.session(), db.session.get_one(MeetingRow, meeting.id), now())
    return {person.name: person.stay.minutes if person.stay else 0 for person in found.people}


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
        for table in Base.metadata.tables.values():
            assert isinstance(table, Table)
            for row in db.session.execute(select(table)).mappings():
                found |= {str(column) for column in table.columns if seat_id in str(row[column])}
    return found


def test_whatever_names_a_seat_is_known_to_joining() -> None:
    """A column that comes later has to say what joining does with it."""
    named = {
        str(column)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "seats" for key in column.foreign_keys)
        or (isinstance(column.type, String) and ("seat" in column.name or "speaker" in column.name))
        or column.name in ("taken_down_by", "hand_id", "speakers")
        or str(column) == "seats.joined_to_id"
    }
    follow = {str(column.property.columns[0]) for column in joined_seats.FOLLOW}
    beside = {"tallies.seat_id", "marks.seat_id", "steps.speakers", "seat_tokens.seat_id"}
    above = {"consents.seat_id", "objections.seat_id", "attendances.seat_mark"}
    beside |= {"contributions.hand_id", "presences.hand_id"}
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


# -- Who may, and whom ------------------------------------------------------------------------------------------------


def test_only_whoever_leads_joins_and_only_people(cast: Cast) -> None:
    meeting = cast.meeting()
    again = comes_again(meeting, "Pete")
    for by in (meeting.ada, again, meeting.wall):
        answer = meeting.post(by, "people", do="join", seat=again.seat_id, to=meeting.pete.seat_id)
        assert answer.status_code == 403
    assert refusal(meeting, again, meeting.wall) == "no_such_seat"
    assert refusal(meeting, again, Person("?", "nobody")) == "no_such_seat"
    assert refusal(meeting, again, again) == "bad_choice"
    meeting.expel(meeting.ada)
    assert refusal(meeting, again, meeting.ada) == "joined_outside"
    leads = meeting.join("Max", leads=True)
    assert refusal(meeting, leads, meeting.gia) == "joined_lead"
    assert "Pete 2" in at_table(meeting)


def test_two_accounts_are_two_people_and_one_account_gets_its_seat_back_by_itself(app: Flask) -> None:
    mo, anna, other = make_moderator(app), make_member(app, "Anna"), make_member(app, "Another")
    meeting = Cast(app, mo).meeting("Gia", case_giver=None)
    held = [meeting.act(people.join, "Anna", "en", True, user=user, is_again=True) for user in (anna, other, anna)]
    assert held[0].seat_id == held[2].seat_id != held[1].seat_id
    assert refusal(meeting, Person("", held[1].seat_id), Person("", held[0].seat_id)) == "joined_accounts"


def test_whoever_waits_at_the_door_is_in_with_the_seat_and_whoever_left_is_back(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete", capacity=2)
    meeting.advance_to("clarify")
    first = meeting.pete
    meeting.leave(first)
    again = meeting.join("Pete", is_again=True)
    join(meeting, again, first)
    [seat] = [seat for seat in meeting.snapshot.seats if seat.name == "Pete"]
    assert seat.is_present
    assert meeting.write(again, "question", question="Why?").how == "stored"
    assert len(at_table(meeting)) == 2


# -- Nothing is told to somebody it is not meant for ------------------------------------------------------------------


SECRETS = ("Written on the first phone", "Written on the second phone")


def with_two_secrets(cast: Cast) -> tuple[Meeting, Person]:
    """Pete wrote on both phones before they were joined, and nothing of it is out."""
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question=SECRETS[0])
    again = comes_again(meeting, "Pete")
    meeting.write(again, "question", question=SECRETS[1])
    join(meeting, again, meeting.pete)
    return meeting, again


def read_by(meeting: Meeting, person: Person) -> list[bool]:
    """Which of the two texts somebody's page, pushed screen and file of their own data say."""
    pages = [meeting.get(person), meeting.get(person, "mine"), meeting.get(person, "mine/data.json")]
    said = "".join(page.text for page in pages) + meeting.screen(person)
    return [secret in said for secret in SECRETS]


@pytest.mark.promise("joined-seats")
def test_what_was_written_on_one_device_and_is_not_out_is_never_shown_to_the_other(cast: Cast) -> None:
    meeting, again = with_two_secrets(cast)
    assert read_by(meeting, meeting.pete) == [True, False]
    assert read_by(meeting, again) == [False, True]
    for other in (meeting.mo, meeting.wall, meeting.ada, meeting.gia):
        assert read_by(meeting, other) == [False, False]
    meeting.reveal()
    meeting.next_item()
    assert read_by(meeting, meeting.ada).count(True) == 1, "once it is out, it is for everybody"


@pytest.mark.promise("joined-seats")
def test_neither_device_changes_what_was_written_on_the_other(cast: Cast) -> None:
    meeting, again = with_two_secrets(cast)
    texts = {item.text("question"): item.id for item in meeting.items("question")}
    for device, secret in ((again, SECRETS[0]), (meeting.pete, SECRETS[1])):
        with pytest.raises(Refused, match="not_yours"):
            meeting.write(device, "question", item=texts[secret], question="Mine now")
    meeting.write(again, "question", item=texts[SECRETS[1]], question="Still mine")
    assert {item.text("question") for item in meeting.items("question")} == {SECRETS[0], "Still mine"}
    assert {item.seat_id for item in meeting.items("question")} == {meeting.pete.seat_id}, "both count as Pete's"


@pytest.mark.promise("joined-seats", "holder-only")
def test_the_moderator_s_word_approves_and_opens_nothing_in_another_s_name(cast: Cast) -> None:
    """Mo joins with Gia's seat what is a browser of his own."""
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    again = comes_again(meeting, "Gia")
    join(meeting, again, meeting.gia)
    assert meeting.get(again, "mine/data.json").status_code == 404
    meeting.end()
    for page in ("consent", "annex", "report/approve", "mine/data.json"):
        assert meeting.get(again, page).status_code == 404, page
    assert meeting.get(meeting.gia, "annex").status_code == 200, "with her own phone she can"
    assert meeting.get(meeting.gia, "report/approve").status_code != 404
    assert meeting.get(again, "proof").status_code == 200, "her hours are hers"


def test_with_a_code_handed_over_in_the_room_the_case_giver_approves_on_the_device_she_has_left(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("diagnose")
    meeting.post(meeting.gia, "notebook", op=new_op(), text="Only for me")
    again = comes_again(meeting, "Gia")
    assert post(meeting.client(meeting.mo), code_page(meeting)).status_code == 409, "her phone is there"
    join(meeting, again, meeting.gia)
    page = post(meeting.client(meeting.mo), code_page(meeting)).text
    code = page.split('personal-code num">')[1].split("<")[0]
    meeting.end()
    phone = meeting.client(again)
    assert phone.get(f"/mine/{code}").status_code == 302
    assert phone.get(f"/meetings/{meeting.id}/report/approve").status_code != 404
    assert "Only for me" not in phone.get(f"/meetings/{meeting.id}/mine/data.json").text


def code_page(meeting: Meeting) -> str:
    """Where Gia's personal code is made."""
    return f"/meetings/{meeting.id}/people/{meeting.gia.seat_id}/code"


# -- Both devices hear it, and can say that it is not so ----------------------------------------------------------------


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


def test_the_lead_that_is_handed_over_and_room_screens_know_nothing_of_it(cast: Cast) -> None:
    meeting = cast.meeting()
    again = comes_again(meeting, "Pete")
    join(meeting, again, meeting.pete)
    token = meeting.act(doors.offer_handover, meeting.mo.seat_id).token
    page = post(meeting.client(again), f"/meetings/{meeting.id}/takeover/{token}", name="Pete")
    assert page.status_code == 302
    seat = meeting.snapshot.seat(meeting.pete.seat_id)
    assert seat is not None
    assert seat.role == "moderator", "it is known that this is Pete, who is at the table"


def test_a_report_counts_one_person(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete", "Ada")
    meeting.start()
    again = comes_again(meeting, "Pete")
    meeting.end()
    join(meeting, again, meeting.pete)
    assert people_of(meeting.snapshot).present == ("Ada", "Gia", "Pete")


# -- What somebody said of themselves ---------------------------------------------------------------------------------


@pytest.mark.promise("joined-seats")
def test_what_is_printed_of_somebody_is_neither_shown_to_nor_changed_nor_brought_by_who_proved_nothing(
    cast: Cast,
) -> None:
    meeting = cast.meeting()
    meeting.start()
    again = comes_again(meeting, "Pete")
    describe(meeting, meeting.pete, name="Pieter de Wit", function="Welder", registration="R 12")
    describe(meeting, again, name="Adam Bos", function="Cook", registration="B 7")
    meeting.end()
    with meeting.app.app_context(), db.writing() as session:
        set_times(session, meeting, {"start": 0, "end": 60})
    join(meeting, again, meeting.pete)
    assert confirm(meeting).status_code == 302
    device = meeting.client(again)
    page = device.get(f"/meetings/{meeting.id}/proof").text
    assert "Your net time" in page, "the hours are theirs"
    assert not any(word in page for word in ("Pieter", "Welder", "R 12", "proof.pdf"))
    for answer in (device.get(f"/meetings/{meeting.id}/proof.pdf"), post(device, f"/meetings/{meeting.id}/proof")):
        assert answer.status_code == 404
    assert printed_of(meeting, meeting.pete) == Particulars("Pieter de Wit", "Welder", "R 12")
    assert meeting.client(meeting.pete).get(f"/meetings/{meeting.id}/proof.pdf").status_code == 200
    meeting.act(joined_seats.part_seats, meeting.mo.seat_id, again.seat_id)
    assert printed_of(meeting, again) == Particulars("Adam Bos", "Cook", "B 7")


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


# -- More than two devices --------------------------------------------------------------------------------------------


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


def test_an_account_s_own_data_have_what_it_wrote_before_its_seat_was_joined_and_nothing_of_the_other_s(
    app: Flask,
) -> None:
    mo, anna = make_moderator(app), make_member(app, "Anna")
    meeting = Cast(app, mo).meeting()
    meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question=SECRETS[0])
    again = comes_again(meeting, "Pete")
    with app.app_context(), db.writing() as session:
        session.execute(update(SeatRow).where(SeatRow.id == again.seat_id).values(user_id=anna.id))
    meeting.write(again, "question", question=SECRETS[1])
    join(meeting, again, meeting.pete)
    with app.app_context(), app.test_request_context():
        said = str(of_account(db.session.get_one(User, anna.id)))
    assert [secret in said for secret in SECRETS] == [False, True]


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
