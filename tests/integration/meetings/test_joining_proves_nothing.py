"""Who may join two seats, and whose: it is the moderator's word, and opens nothing that was not open before."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.core.refusals import Refused
from facilitator.meetings.actions import doors, joined_seats, people
from facilitator.meetings.models import Seat as SeatRow
from facilitator.proof.actions import standing
from facilitator.proof.content import Particulars
from facilitator.retention.own_data import of_account
from tests.accounts_cast import make_member, make_moderator, post
from tests.cast import Cast, Meeting, Person, new_op
from tests.proof import confirm, describe, set_times
from tests.two_seats import (
    SECRETS,
    at_table,
    comes_again,
    join,
    read_by,
    refusal,
    with_two_secrets,
)

pytestmark = pytest.mark.either


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
    offered = meeting.client(meeting.mo).get(code_page(meeting)).text
    assert "You gave Gia their seat back on another device." in offered
    assert "without a phone" not in offered
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


def printed_of(meeting: Meeting, person: Person) -> Particulars | None:
    """What somebody wants printed of themselves, as it is kept for a seat."""
    with meeting.app.app_context():
        return standing(meeting.id, person.seat_id).particulars


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
