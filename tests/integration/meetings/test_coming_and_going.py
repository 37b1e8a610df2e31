"""Who is in the room: the door, the last seat, leaving and coming back, late texts, the lead in other hands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from facilitator.core.db import db, now
from facilitator.core.refusals import Refused
from facilitator.meetings import rules
from facilitator.meetings.actions import doors, people, writing
from facilitator.meetings.models import Meeting as MeetingRow
from facilitator.meetings.models import Presence
from facilitator.proof.counting import count
from facilitator.reports.people import people as people_of
from tests.accounts_cast import post
from tests.cast import Cast, Meeting, Person

pytestmark = pytest.mark.either


def refusal(act: Callable[[], object]) -> str:
    """Why something is not possible."""
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def seat_of(meeting: Meeting, person: Person) -> tuple[bool, bool]:
    """Whether somebody was let in, and is there."""
    seat = meeting.snapshot.seat(person.seat_id)
    assert seat
    return seat.is_admitted, seat.is_present


def waiting(meeting: Meeting) -> set[str]:
    """Who stands at the door."""
    return {seat.name for seat in meeting.snapshot.seats if seat.kind == "participant" and seat.is_waiting}


# -- The door ---------------------------------------------------------------------------------------------------------


def test_whoever_comes_late_waits_until_mo_lets_them_in(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete")
    meeting.advance_to("clarify")
    ada = meeting.join("Ada")
    assert refusal(lambda: meeting.write(ada, "question", question="May I?")) == "not_let_in"
    assert "How do I" not in meeting.screen(ada)
    meeting.admit(ada)
    assert meeting.write(ada, "question", question="May I?").how == "stored"


def test_nobody_comes_in_before_it_opens_after_it_ends_or_through_a_closed_door(cast: Cast) -> None:
    meeting = cast.meeting(is_open=False)
    assert refusal(lambda: meeting.join("Ada")) == "not_open_yet"
    meeting.steer("open")
    meeting.lock()
    assert refusal(lambda: meeting.join("Ada")) == "locked"
    meeting.lock(is_locked=False)
    meeting.join("Ada")
    meeting.start()
    meeting.end()
    assert refusal(lambda: meeting.join("Pete")) == "ended"


def test_nobody_comes_in_without_the_promise(cast: Cast) -> None:
    meeting = cast.meeting("Gia")
    assert refusal(lambda: meeting.act(people.join, "Ola", "en", has_agreed=False)) == "not_agreed"


def test_a_seat_that_was_given_away_is_not_there_for_whoever_comes_back(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete", capacity=2)
    assert refusal(lambda: meeting.join("Ada")) == "full"
    meeting.leave(meeting.pete)
    ada = meeting.join("Ada")
    assert refusal(lambda: meeting.come_back(meeting.pete)) == "full"
    meeting.leave(ada)
    meeting.come_back(meeting.pete)
    assert seat_of(meeting, meeting.pete) == (True, True)


def test_whoever_waits_at_the_door_again_when_it_ends_was_there_all_the_same(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete")
    meeting.advance_to("clarify")
    meeting.leave(meeting.pete)
    meeting.come_back(meeting.pete)
    assert "Pete" in waiting(meeting)
    assert refusal(lambda: meeting.write(meeting.pete, "question", question="Well?")) == "not_let_in"
    meeting.end()
    assert people_of(meeting.snapshot).present == ("Gia", "Pete")
    assert meeting.get(meeting.pete, "report").status_code == 200
    with meeting.app.app_context():
        found = count(db.session(), db.session.get_one(MeetingRow, meeting.id), now())
    assert {person.name for person in found.people} >= {"Gia", "Pete"}


def test_somebody_who_went_while_waiting_is_not_let_in_behind_their_back(cast: Cast) -> None:
    meeting = cast.meeting("Gia")
    meeting.start()
    ada = meeting.join("Ada")
    meeting.leave(ada)
    assert refusal(lambda: meeting.admit(ada)) == "no_such_seat"


def test_whoever_is_sent_out_can_do_nothing_any_more(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("story")
    assert meeting.write(meeting.gia, "question", question="How?").how == "stored"
    meeting.expel(meeting.gia)
    assert refusal(lambda: meeting.tell_case(meeting.gia, question="Mine")) == "expelled"
    assert refusal(lambda: meeting.come_back(meeting.gia)) == "taken_out"
    assert refusal(lambda: meeting.write(meeting.gia, "question", question="Mine")) == "expelled"
    assert refusal(lambda: meeting.name_case_giver("Gia")) == "no_such_seat"
    assert meeting.post(meeting.gia, "leave").status_code == 403
    assert meeting.snapshot.rounds[0].question == "How?"


@pytest.mark.parametrize("how", ["restore", "admit", "back"])
def test_whoever_was_taken_out_by_mistake_is_taken_back_into_the_same_seat(cast: Cast, how: str) -> None:
    meeting = cast.meeting()
    meeting.advance_to("story")
    meeting.write(meeting.gia, "question", question="How?")
    meeting.give_role(meeting.pete, "timekeeper")
    for person in (meeting.gia, meeting.pete):
        meeting.expel(person)
        assert meeting.get(person).text.count("You no longer take part") == 1
        assert meeting.post(meeting.mo, "people", do=how, seat=person.seat_id).status_code == 200
        assert seat_of(meeting, person) == (True, True)
        assert "You no longer take part" not in meeting.get(person).text
    assert meeting.snapshot.rounds[0].case_giver_id == meeting.gia.seat_id
    assert [seat.role for seat in meeting.snapshot.seats if seat.id == meeting.pete.seat_id] == ["timekeeper"]
    meeting.advance_to("clarify")
    assert (
        meeting.post(
            meeting.pete, "contribute", step=meeting.step.id, form="question", question="Why?", op="a" * 32
        ).status_code
        == 200
    )


def test_a_page_of_whoever_was_taken_out_hears_that_it_may_be_wanted_again(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.expel(meeting.pete)
    assert meeting.post(meeting.pete, "leave").get_json()["may_return"] is True
    gone = meeting.post(meeting.wall, "leave").get_json()
    assert gone["may_return"] is False, "nobody takes a page back that never had this"


def test_whoever_was_taken_out_is_taken_back_to_the_door_they_stood_at(cast: Cast) -> None:
    meeting = cast.meeting("Gia", capacity=2)
    meeting.start()
    late = meeting.join("Late")
    meeting.expel(late)
    meeting.take_back_in(late)
    assert waiting(meeting) == {"Late"}
    meeting.expel(late)
    meeting.add_without_phone("Pete")
    assert refusal(lambda: meeting.admit(late)) == "full"
    assert seat_of(meeting, late) == (False, False)


def test_a_seat_that_was_given_away_meanwhile_is_not_there_for_whoever_was_taken_out(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete", capacity=2)
    meeting.expel(meeting.pete)
    ada = meeting.add_without_phone("Ada")
    assert refusal(lambda: meeting.take_back_in(meeting.pete)) == "full"
    meeting.leave(ada, by=meeting.mo)
    meeting.take_back_in(meeting.pete)
    assert seat_of(meeting, meeting.pete) == (True, True)


def test_time_outside_counts_for_nobody_and_no_time_twice(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete")
    meeting.start()
    meeting.expel(meeting.pete)
    meeting.take_back_in(meeting.pete)
    meeting.take_back_in(meeting.pete)
    with meeting.app.app_context():
        query = select(Presence.went_at).where(Presence.seat_id == meeting.pete.seat_id)
        assert [went is None for went in db.session.scalars(query.order_by(Presence.came_at))] == [False, True]


@pytest.mark.parametrize("how", ["she is there", "she left", "she was taken out"])
def test_a_second_ada_is_asked_for_a_letter_also_where_the_first_is_gone(cast: Cast, how: str) -> None:
    meeting = cast.meeting("Ada")
    if how == "she left":
        meeting.leave(meeting.ada)
    elif how == "she was taken out":
        meeting.expel(meeting.ada)
    assert refusal(lambda: meeting.join("ada")) == "name_taken"
    assert refusal(lambda: meeting.add_without_phone("A\u200bda")) == "name_taken"
    meeting.join("Ada B.")
    if how == "she left":
        meeting.come_back(meeting.ada)
    assert [seat.name for seat in meeting.snapshot.seats if seat.kind == "participant"] == ["Ada", "Ada B."]


def test_whoever_says_that_they_come_in_again_is_told_apart_by_a_number_until_mo_has_looked(cast: Cast) -> None:
    meeting = cast.meeting("Ada")
    second = meeting.join("ada", is_again=True)
    found = meeting.snapshot.seat(second.seat_id)
    assert found
    assert found.name == "ada 2"
    assert "Is this Ada?" in meeting.screen(meeting.mo)
    meeting.join("Ada B.")
    assert meeting.screen(meeting.mo).count("Is this Ada?") == 1, "a letter says that it is somebody else"


# -- Leaving ----------------------------------------------------------------------------------------------------------


def test_whoever_left_is_not_asked_any_more_but_may_still_evaluate(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    meeting.leave(meeting.pete)
    assert refusal(lambda: meeting.write(meeting.pete, "question", question="Well?")) == "left"
    meeting.advance_to("evaluate")
    assert meeting.write(meeting.pete, "evaluation", safe=4, line="Thanks").how == "stored"


def test_the_round_passes_over_whoever_left(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("advise")
    meeting.next_speaker()
    speaking = meeting.step.speaker
    following = [seat for seat in meeting.step.speakers if seat != speaking]
    gone = next(person for person in meeting.participants if person.seat_id == following[0])
    meeting.leave(gone, by=meeting.mo)
    meeting.next_speaker()
    assert meeting.step.speaker == following[1]


def test_nobody_can_send_another_away(cast: Cast) -> None:
    meeting = cast.meeting()
    assert refusal(lambda: meeting.leave(meeting.pete, by=meeting.ada)) == "not_moderator"
    assert seat_of(meeting, meeting.pete) == (True, True)


# -- Late -------------------------------------------------------------------------------------------------------------


def test_what_arrives_after_its_step_waits_for_mo_to_add_it(cast: Cast) -> None:
    meeting = cast.meeting()
    clarify = meeting.advance_to("clarify")
    meeting.write(meeting.ada, "question", question="In time?")
    meeting.reveal()
    sent = meeting.sent("question", step=clarify, fields={"question": "Too late?"})
    meeting.next()
    late = meeting.send(meeting.pete, sent)
    assert late.how == "late"
    assert not [name for name, screen in meeting.screens().items() if "Too late?" in screen]
    meeting.handle(late.item_id, "admit")
    assert not meeting.item(late.item_id).is_late
    assert meeting.item(late.item_id).is_revealed


def test_late_texts_count_towards_the_limit(cast: Cast) -> None:
    meeting = cast.meeting()
    clarify = meeting.advance_to("clarify")
    meeting.next()
    late = [meeting.write(meeting.pete, "question", step=clarify, question=f"{n}?") for n in range(2)]
    assert refusal(lambda: meeting.write(meeting.pete, "question", step=clarify, question="3?")) == "enough_written"
    meeting.back()
    assert refusal(lambda: meeting.write(meeting.pete, "question", question="3?")) == "enough_written"
    meeting.handle(late[0].item_id, "drop")
    assert meeting.write(meeting.pete, "question", question="3?").how == "stored"
    assert refusal(lambda: meeting.handle(late[0].item_id, "admit")) == "no_such_item"


def test_a_text_for_its_writer_alone_is_not_mo_s_to_add(cast: Cast) -> None:
    meeting = cast.meeting()
    learn = meeting.advance_to("learn")
    meeting.next()
    kept = meeting.write(meeting.pete, "learning", step=learn, keep=True, learning="Only for me")
    assert refusal(lambda: meeting.handle(kept.item_id, "admit")) == "no_such_item"
    assert "Only for me" not in meeting.screen(meeting.mo)


@pytest.mark.parametrize(("key", "form", "who"), [("commit", "action", "Gia"), ("evaluate", "evaluation", "Pete")])
def test_actions_and_what_has_no_author_are_never_late(cast: Cast, key: str, form: str, who: str) -> None:
    meeting = cast.meeting()
    step = meeting.advance_to(key)
    if key == "evaluate":
        meeting.back()
    else:
        meeting.next()
    assert refusal(lambda: meeting.write(meeting[who], form, step=step, then="x", line="x")) == "step_over"


# -- Without a phone --------------------------------------------------------------------------------------------------


@pytest.mark.promise("taken-down")
def test_mo_writes_for_somebody_without_a_phone_and_it_is_marked_so(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete")
    zoe = meeting.add_without_phone("Zoë")
    meeting.advance_to("clarify")
    accepted = meeting.take_down(zoe, "question", question="Who was there?")
    item = meeting.item(accepted.item_id)
    assert (item.seat_id, item.taken_down_by) == (zoe.seat_id, meeting.mo.seat_id)
    meeting.write(meeting.pete, "question", question="And then?")
    meeting.reveal()
    assert meeting.screen(meeting.mo).count("written by you") == 1
    assert not [name for name, screen in meeting.screens().items() if name != "Mo" and "written by" in screen]


def test_mo_writes_for_nobody_who_can_and_never_what_is_private_or_without_a_name(cast: Cast) -> None:
    meeting = cast.meeting()
    zoe = meeting.add_without_phone("Zoë")
    meeting.advance_to("clarify")
    assert refusal(lambda: meeting.take_down(meeting.pete, "question", question="x")) == "not_yours"
    meeting.advance_to("commit")
    assert refusal(lambda: meeting.take_down(zoe, "action", then="x")) == "not_yours"
    meeting.advance_to("evaluate")
    assert refusal(lambda: meeting.take_down(zoe, "evaluation", line="x")) == "not_yours"
    assert refusal(lambda: meeting.take_down(meeting.gia, "growth", clarity=9)) == "not_yours"


def test_what_mo_takes_down_leaves_private_fields_empty(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("story")
    accepted = meeting.take_down(meeting.gia, "question", question="How?", clarity=3)
    assert meeting.item(accepted.item_id).fields == {"question": "How?"}


@pytest.mark.promise("confirmed-actions")
def test_an_action_taken_down_is_out_once_its_owner_confirms_or_rewrites_it(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("commit")
    taken = meeting.take_down(meeting.gia, "action", then="I ask him")
    assert not meeting.item(taken.item_id).is_revealed
    assert refusal(lambda: meeting.confirm(meeting.pete, meeting.actions[0].id)) == "not_yours"
    meeting.write(meeting.gia, "action", item=taken.item_id, then="I ask him tomorrow")
    assert meeting.item(taken.item_id).is_revealed
    assert meeting.actions[0].is_confirmed
    assert meeting.actions[0].then == "I ask him tomorrow"


# -- The lead ---------------------------------------------------------------------------------------------------------


def handed_over(meeting: Meeting, person: Person) -> Person:
    """Mo hands the lead to somebody at the table; gives their new seat."""
    token = meeting.act(doors.offer_handover, meeting.mo.seat_id).token
    holding = meeting.act(doors.take_over, token, person.name, "en", person.seat_id)
    return Person(person.name, holding.seat_id, holding.token, "console")


def test_the_lead_moves_to_one_other_person(meeting: Meeting) -> None:
    pete = handed_over(meeting, meeting.pete)
    assert refusal(meeting.next) == "not_moderator"
    assert meeting.steer("next", by=pete).here == 1
    assert meeting.post(meeting.mo, "steer", move="next", turn="3").status_code == 403


def test_whoever_gives_the_case_cannot_take_the_lead_nor_whoever_leads_the_case(cast: Cast) -> None:
    meeting = cast.meeting()
    assert refusal(lambda: handed_over(meeting, meeting.gia)) == "gives_case"
    meeting.start()
    assert refusal(lambda: handed_over(meeting, meeting.gia)) == "gives_case"
    pete = handed_over(meeting, meeting.pete)
    meeting.people["Mo"] = pete
    assert refusal(lambda: meeting.name_case_giver("Pete")) == "leads_already"


def test_mo_takes_the_lead_back_and_pete_is_a_peer_again(cast: Cast, meeting: Meeting) -> None:
    pete = handed_over(meeting, meeting.pete)
    assert cast.user
    mine = meeting.act(doors.take_back, cast.user.id, "Mo", "en")
    meeting.people["Mo"] = Person("Mo", mine.seat_id, mine.token, "console")
    assert refusal(lambda: meeting.steer("next", by=pete)) == "not_moderator"
    meeting.name_case_giver("Pete")
    assert meeting.snapshot.rounds[0].case_giver_id == meeting.pete.seat_id


def test_a_link_is_the_same_until_it_was_used(meeting: Meeting) -> None:
    first = meeting.act(doors.offer_handover, meeting.mo.seat_id)
    assert meeting.act(doors.offer_handover, meeting.mo.seat_id) == first
    held = meeting.act(doors.take_over, first.token, "Pete", "en", meeting.pete.seat_id)
    assert refusal(lambda: meeting.act(doors.take_over, first.token, "Ola", "en", None)) == "handover_over"
    assert meeting.act(doors.offer_handover, held.seat_id).token != first.token


def test_a_link_that_is_over_is_followed_by_another(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    first = meeting.act(doors.offer_handover, meeting.mo.seat_id)
    monkeypatch.setattr(doors, "now", lambda: first.until + timedelta(seconds=1))
    assert meeting.act(doors.offer_handover, meeting.mo.seat_id).token != first.token
    assert refusal(lambda: meeting.act(doors.take_over, first.token, "Ola", "en", None)) == "no_such_handover"


def test_a_link_is_worth_nothing_once_mo_took_the_lead_back(cast: Cast, meeting: Meeting) -> None:
    offer = meeting.act(doors.offer_handover, meeting.mo.seat_id)
    assert cast.user
    meeting.act(doors.take_back, cast.user.id, "Mo", "en")
    assert refusal(lambda: meeting.act(doors.take_over, offer.token, "Ola", "en", None)) == "no_such_handover"


def test_a_link_of_one_meeting_opens_no_other(cast: Cast, meeting: Meeting) -> None:
    token = meeting.act(doors.offer_handover, meeting.mo.seat_id).token
    other = cast.meeting()
    assert refusal(lambda: other.act(doors.take_over, token, "Ola", "en", None)) == "no_such_handover"


# -- The case ---------------------------------------------------------------------------------------------------------


def test_a_case_that_goes_to_somebody_else_takes_its_words_along(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("story")
    meeting.tell_case(meeting.gia, title="A starter who says nothing", question="How?")
    meeting.name_case_giver("Pete")
    around = meeting.snapshot.rounds[0]
    assert (around.title, around.question) == ("", "")


def test_going_back_to_choosing_keeps_what_became_of_the_question(cast: Cast) -> None:
    meeting = cast.meeting(case_giver=None)
    meeting.advance_to("pick")
    meeting.write(meeting.gia, "case", title="A starter", question="How?")
    meeting.reveal()
    meeting.next()
    meeting.write(meeting.gia, "question", question="How do I help him?")
    meeting.back()
    meeting.next()
    assert meeting.snapshot.rounds[0].question == "How do I help him?"


def test_dots_on_a_text_that_is_put_together_with_another_come_back_to_whoever_gave_them(cast: Cast) -> None:
    meeting = cast.meeting(case_giver=None)
    meeting.advance_to("pick")
    for person, title in ((meeting.gia, "A starter"), (meeting.pete, "Nights"), (meeting.ada, "Night shifts")):
        meeting.write(person, "case", title=title)
    meeting.reveal()
    titles = {item.text("title"): item.id for item in meeting.items("case")}
    for title in ("Nights", "Night shifts"):
        meeting.mark(meeting.bob, titles[title])
    assert refusal(lambda: meeting.mark(meeting.bob, titles["A starter"])) == "no_marks_left"
    meeting.handle(titles["Nights"], "join", titles["Night shifts"])
    meeting.mark(meeting.bob, titles["A starter"])
    assert len(meeting.snapshot.marks) == 2


def test_a_case_that_was_stopped_is_going_on_again_after_going_back(meeting: Meeting) -> None:
    meeting.steer("stop_case")
    assert meeting.snapshot.rounds[0].is_stopped
    meeting.back()
    assert not meeting.snapshot.rounds[0].is_stopped


def test_advice_nobody_read_out_comes_to_the_case_giver_when_choosing(meeting: Meeting) -> None:
    meeting.advance_to("advise")
    meeting.write(meeting.pete, "advice", advice="I would ask him")
    meeting.advance_to("choose")
    assert "I would ask him" not in meeting.screen(meeting.gia)
    meeting.reveal()
    assert "I would ask him" in meeting.screen(meeting.gia)


# -- Bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["\x00", "x" * 5000, "'; --", "\u202e"])
def test_names_nobody_gave_out_are_refused_in_words(meeting: Meeting, bad: str) -> None:
    meeting.advance_to("clarify")
    step = meeting.step.id
    sent = {"step": step, "form": "question", "question": "Well?"}
    answers = [
        meeting.post(meeting.pete, "contribute", None, op="op-12345678", item=bad, **sent),
        meeting.post(meeting.pete, "contribute", None, op="op-12345679", **{**sent, "step": bad}),
        meeting.post(meeting.pete, "contribute", None, op="op-12345670", about=bad, **sent),
        meeting.post(meeting.pete, "mark", step=bad, item=bad, value="on"),
        meeting.post(meeting.pete, "buddy", action=bad),
        meeting.post(meeting.mo, "item", item=bad, do="join", to=bad),
        meeting.post(meeting.mo, "people", seat=bad, do="admit"),
        meeting.post(meeting.mo, "people", seat=meeting.pete.seat_id, do="role", role=bad),
        meeting.post(meeting.mo, "steer", move=bad, turn=bad),
        meeting.post(meeting.mo, "steer", move="give_floor", target=bad, turn=str(meeting.state.turn)),
        meeting.post(meeting.mo, "action", action=bad, do="owner", seat=bad),
        meeting.post(meeting.mo, "pair", code=bad),
    ]
    assert {answer.status_code for answer in answers} <= {200, 400, 403, 404, 409, 422}


def test_the_op_is_part_of_every_text(meeting: Meeting) -> None:
    sent = writing.Sent("", meeting.step.id, "question", {"question": "How?"})
    assert refusal(lambda: meeting.send(meeting.gia, sent)) == "no_op"


# -- The name of whoever leads ----------------------------------------------------------------------------------------


def test_nobody_at_the_table_is_called_what_the_moderator_is_called(cast: Cast) -> None:
    meeting = cast.meeting("Ada")
    for name in ("Mo", "mo", "M\u00f3", "M\u043e"):
        assert refusal(partial(meeting.join, name)) == "name_taken"
        assert refusal(partial(meeting.add_without_phone, name)) == "name_taken"
    meeting.join("Mo B.")
    meeting.join("mo", leads=True)
    assert [seat.name for seat in meeting.snapshot.seats if seat.kind == "participant"] == ["Ada", "Mo B.", "mo"]


def test_an_account_that_leads_is_told_apart_from_whoever_is_called_so_at_the_table(cast: Cast) -> None:
    meeting = cast.meeting("Ada")
    assert cast.user is not None
    own = meeting.act(people.join, "Mo", "en", True, user=cast.user)
    assert named(meeting, own.seat_id) == "Mo", "the moderator at the table is one person"
    lead = meeting.act(doors.take_back, cast.user.id, "\u00c1da", "en")
    assert named(meeting, lead.seat_id) == "\u00c1da 2"


def test_whoever_takes_over_is_asked_for_a_letter_and_the_link_still_works(cast: Cast) -> None:
    meeting = cast.meeting("Ada", "Pete")
    token = meeting.act(doors.offer_handover, meeting.mo.seat_id).token
    page = f"/meetings/{meeting.id}/takeover/{token}"
    outside = meeting.app.test_client()
    outside.set_cookie("lang", "en")
    answer = post(outside, page, name="\u0430da")
    assert answer.status_code == 422
    assert "Add a letter to it" in answer.text
    assert "\u0430da" in answer.text, "what was typed is still there"
    assert post(meeting.client(meeting.pete), page, name="Pete").status_code == 302, "it is Pete, who is at the table"
    token = meeting.act(doors.offer_handover, leader(meeting).seat_id).token
    assert post(outside, f"/meetings/{meeting.id}/takeover/{token}", name="Mo").status_code == 302, "Mo leads again"


def named(meeting: Meeting, seat_id: str) -> str:
    """What somebody is called in a meeting."""
    seat = meeting.snapshot.seat(seat_id)
    assert seat is not None
    return seat.name


def leader(meeting: Meeting) -> Person:
    """Whoever leads now."""
    (seat,) = rules.moderators(meeting.snapshot)
    return Person(seat.name, seat.id)
