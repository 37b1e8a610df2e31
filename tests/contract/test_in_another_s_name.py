"""Acting in another's name: every verb that would be stored as somebody's, or would take something from them, when somebody
else tries it – with a code that was handed over, as the second person on a phone, by pointing, by naming, after the end.
"""

from __future__ import annotations

import re

import pytest
from flask import Flask

from facilitator.accounts.models import User
from facilitator.core.refusals import Refused
from facilitator.meetings import rules
from facilitator.meetings.actions import accounts, choosing_case, outcomes, people
from facilitator.reports.voices import voices
from tests.accounts_cast import make_member, make_moderator, post
from tests.cast import Cast, Meeting, Person
from tests.contract.everybody import signed_in
from tests.pages import without_tokens
from tests.reports_pages import pages_of, tell_case


@pytest.mark.promise("personal-code")
def test_whoever_led_cannot_use_the_code_once_its_holder_came_in(cast: Cast) -> None:
    meeting = cast.meeting()
    zoe = meeting.add_without_phone("Zoe")
    code = meeting.act(accounts.make_code, meeting.mo.seat_id, zoe.seat_id)
    assert post(meeting.app.test_client(), f"/mine/{code}").status_code == 302
    assert cast.user is not None
    for browser in (meeting.client(meeting.mo), signed_in(meeting.app, cast.user)):
        assert browser.get(f"/mine/{code}").status_code == 403
        assert post(browser, f"/mine/{code}").status_code == 403
        assert browser.get(f"/meetings/{meeting.id}/mine/data.json").status_code == 404


@pytest.mark.promise("personal-code")
def test_as_the_second_person_on_a_phone_whoever_leads_is_still_who_they_are(cast: Cast) -> None:
    meeting = cast.meeting()
    zoe = meeting.add_without_phone("Zoe")
    code = meeting.act(accounts.make_code, meeting.mo.seat_id, zoe.seat_id)
    assert cast.user is not None
    browser = signed_in(meeting.app, cast.user)
    post(browser, f"/j/{meeting.snapshot.code}", name="Mo", agrees="y")
    post(browser, f"/meetings/{meeting.id}/second", name="Somebody", agrees="y")
    assert post(browser, f"/mine/{code}?as=2").status_code == 403


@pytest.mark.promise("personal-link")
def test_a_link_pushes_nobody_aside_unasked_whatever_its_address_says(cast: Cast) -> None:
    meeting = cast.meeting()
    pete = meeting.client(meeting.pete)
    post(pete, f"/meetings/{meeting.id}/mine/link", do="make")
    link = re.search(r"/mine/([\w-]{43})", pete.get(f"/meetings/{meeting.id}/mine").text)
    assert link
    ada = meeting.client(meeting.ada)
    answer = ada.get(f"{link.group()}?as=2")
    assert answer.status_code == 200
    assert "You took part as Ada." in ada.get(f"/meetings/{meeting.id}/mine").text


@pytest.mark.promise("personal-code")
def test_the_page_of_a_code_tells_nothing_of_somebody_with_a_phone(cast: Cast) -> None:
    meeting = cast.meeting()
    path = f"/meetings/{meeting.id}/people/{meeting.pete.seat_id}/code"
    mo = meeting.client(meeting.mo)
    before = mo.get(path)
    post(meeting.client(meeting.pete), f"/meetings/{meeting.id}/mine/link", do="make")
    after = mo.get(path)
    assert (after.status_code, without_tokens(after.text)) == (before.status_code, without_tokens(before.text))
    assert before.status_code == 409


@pytest.mark.promise("never-by-name")
def test_nobody_takes_an_action_from_whoever_proved_that_it_is_theirs(app: Flask) -> None:
    mo, gia = make_moderator(app), make_member(app, "Gia")
    cast = Cast(app, mo)
    first = cast.meeting("Pete", "Ada", "Bob", case_giver=None)
    joins(first, "Gia", app, gia)
    first.name_case_giver("Gia")
    first.advance_to("commit")
    first.write(first.gia, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    first.end()
    second = cast.meeting("Pete", "Ada", case_giver=None, continues=first)
    [action] = second.actions
    second.act(outcomes.set_owner, second.mo.seat_id, action.id, second.pete.seat_id)
    joins(second, "Gia", app, gia)
    assert second.actions[0].owner_id == second.gia.seat_id, "proof goes before the moderator's word"
    with pytest.raises(Refused, match="says_it_themselves"):
        second.act(outcomes.set_owner, second.mo.seat_id, action.id, second.pete.seat_id)


@pytest.mark.promise("never-by-name")
def test_a_phone_in_other_hands_claims_nothing_of_another_account(app: Flask) -> None:
    mo, gia, pete = make_moderator(app), make_member(app, "Gia"), make_member(app, "Pete")
    cast = Cast(app, mo)
    first = cast.meeting("Ada", "Bob", case_giver=None)
    joins(first, "Gia", app, gia)
    first.name_case_giver("Gia")
    first.advance_to("commit")
    first.write(first.gia, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    first.end()
    second = cast.meeting("Ada", case_giver=None, continues=first)
    joins(second, "Pete", app, pete, (first.gia.seat_id,))
    assert second.actions[0].owner_id is None


def test_whoever_has_a_phone_chooses_for_themselves(cast: Cast) -> None:
    meeting = cast.meeting()
    tell_case(meeting, "Gia")
    meeting.advance_to("choose")
    [first, *_] = rules.markable(meeting.snapshot)
    with pytest.raises(Refused, match="has_a_phone"):
        meeting.mark(meeting.mo, first.id)
    meeting.mark(meeting.gia, first.id)
    with pytest.raises(Refused, match="has_a_phone"):
        meeting.mark(meeting.mo, first.id, is_on=False)


@pytest.mark.promise("a-told-case-stays")
def test_what_others_said_of_a_case_that_was_given_away_is_not_in_the_next_one(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question="WHAT DID GIA DO THEN")
    meeting.reveal()
    meeting.back()
    meeting.act(choosing_case.decline, meeting.gia.seat_id)
    meeting.name_case_giver("Ada")
    meeting.write(meeting.ada, "question", question="QUESTION of Ada", clarity=3, next_step=2)
    meeting.advance_to("clarify")
    assert "WHAT DID GIA DO THEN" not in meeting.screen(meeting.wall)
    meeting.end()
    assert "WHAT DID GIA DO THEN" not in pages_of(meeting, meeting.ada).get().text


@pytest.mark.promise("stays-in-the-group")
def test_a_group_s_meeting_is_continued_in_that_group_only(cast: Cast) -> None:
    first = cast.meeting(group="North")
    first.start()
    with pytest.raises(Refused, match="another_group"):
        cast.meeting(continues=first)


@pytest.mark.promise("a-told-case-stays")
def test_nobody_is_sent_away_after_the_end(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.start()
    meeting.end()
    assert meeting.post(meeting.mo, "people", do="leave", seat=meeting.gia.seat_id).status_code == 409


@pytest.mark.promise("objections")
def test_whoever_was_taken_out_cannot_be_asked_about_their_words(cast: Cast) -> None:
    meeting = cast.meeting()
    tell_case(meeting, "Gia")
    with meeting.app.app_context():
        assert [voice.can_answer for voice in voices(meeting.id) if voice.seat_id == meeting.bob.seat_id] == [True]
    meeting.expel(meeting.bob)
    meeting.end()
    with meeting.app.app_context():
        assert [voice.can_answer for voice in voices(meeting.id) if voice.seat_id == meeting.bob.seat_id] == [False]


def test_a_code_that_nobody_knows_is_not_found_and_one_that_is_missing_is_asked_for(app: Flask) -> None:
    client = app.test_client()
    assert post(client, "/mine/code", code="0000-0000-0000").status_code == 404
    assert post(client, "/mine/code", code="").status_code == 422


def joins(meeting: Meeting, name: str, app: Flask, user: User, earlier: tuple[str, ...] = ()) -> None:
    """Somebody comes in, signed in on their device; `earlier` are the seats that device held before."""
    with app.app_context():
        held = people.join(meeting.id, name, "en", has_agreed=True, user=user, earlier_seats=earlier)
    meeting.people[name] = Person(name, held.seat_id, held.token)
