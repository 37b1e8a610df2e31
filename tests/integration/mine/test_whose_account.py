"""Whose account a seat is: by signing in, by one's own word, or by the moderator's – which opens nothing by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.groups.actions import add_members
from facilitator.groups.addresses import read
from facilitator.groups.models import Group
from facilitator.meetings import models, personal
from tests.accounts_cast import make_member, make_moderator, make_outsider, post
from tests.cast import Cast, Meeting, Person
from tests.contract.everybody import signed_in


@dataclass
class Evening:
    """A meeting of a group: Pete has an account and a phone, Zoe an account and no phone."""

    app: Flask
    mo: User
    meeting: Meeting
    users: dict[str, User]

    def user_of(self, person: Person) -> str | None:
        """Whose account a seat is."""
        with self.app.app_context():
            return db.session.get_one(models.Seat, person.seat_id).user_id

    def say(self, person: Person, user: User | None, browser: FlaskClient | None = None) -> int:
        """Mo says who somebody is."""
        browser = browser or signed_in(self.app, self.mo)
        fields = {f"seat_{person.seat_id}": user.id if user else ""}
        return post(browser, f"/meetings/{self.meeting.id}/members", **fields).status_code

    def answer(self, person: Person, do: str, **fields: str) -> int:
        """Somebody answers on their phone."""
        return post(
            self.meeting.client(person), f"/meetings/{self.meeting.id}/mine/account", do=do, **fields
        ).status_code


@pytest.fixture
def evening(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Evening:
    """The meeting is running."""
    monkeypatch.setattr(limiter, "enabled", False)
    mo = make_moderator(app)
    meeting = Cast(app, mo).meeting("Gia", "Pete", group="North")
    meeting.add_without_phone("Zoe")
    with app.app_context():
        group_id = db.session.scalars(select(Group.id)).one()
        added = add_members(mo, group_id, read("pete@example.org, zoe@example.org").addresses)
    return Evening(app, mo, meeting, {one.user.name: one.user for one in added})


@pytest.mark.promise("whose-account")
def test_whoever_is_signed_in_and_joins_finds_the_meeting_in_their_account(evening: Evening) -> None:
    browser = signed_in(evening.app, evening.users["Pete"])
    post(browser, f"/j/{evening.meeting.snapshot.code}", name="Petra", agrees="y")
    assert "Learn to guide a starter" in browser.get("/mine").text
    elsewhere = signed_in(evening.app, evening.users["Pete"])
    assert "You took part as Petra" in elsewhere.get(f"/meetings/{evening.meeting.id}/mine").text
    assert "Learn to guide" not in signed_in(evening.app, evening.users["Zoe"]).get("/mine").text


def test_an_account_of_another_organisation_takes_part_like_any_guest(evening: Evening) -> None:
    ola = signed_in(evening.app, make_outsider(evening.app))
    post(ola, f"/j/{evening.meeting.snapshot.code}", name="Ola", agrees="y")
    assert ola.get(f"/meetings/{evening.meeting.id}/phone").status_code == 200
    assert "Learn to guide" not in ola.get("/mine").text
    assert post(ola, f"/meetings/{evening.meeting.id}/mine/account", do="me").status_code == 404
    with evening.app.app_context():
        assert set(db.session.scalars(select(models.Seat.user_id).where(models.Seat.kind == "participant"))) == {None}


def test_the_second_person_on_a_phone_is_not_its_owner(evening: Evening) -> None:
    browser = signed_in(evening.app, evening.users["Pete"])
    post(browser, f"/j/{evening.meeting.snapshot.code}", name="Petra", agrees="y")
    post(browser, f"/meetings/{evening.meeting.id}/second", name="Ada", agrees="y")
    with evening.app.app_context():
        users = {seat.name: seat.user_id for seat in db.session.scalars(select(models.Seat))}
    assert users["Petra"] == evening.users["Pete"].id
    assert users["Ada"] is None


@pytest.mark.promise("whose-account")
def test_by_the_moderator_s_word_a_member_has_their_hours_and_the_report_of_somebody_without_a_phone(
    evening: Evening,
) -> None:
    zoe, page = signed_in(evening.app, evening.users["Zoe"]), f"/meetings/{evening.meeting.id}/mine"
    assert zoe.get(page).status_code == 404
    assert evening.say(evening.meeting["Zoe"], evening.users["Zoe"]) == 302
    assert "The moderator says that this was you" in zoe.get(page).text
    assert evening.user_of(evening.meeting["Zoe"]) is None
    evening.meeting.start()
    assert zoe.get(f"/meetings/{evening.meeting.id}/proof").status_code == 200
    assert zoe.get(f"/meetings/{evening.meeting.id}/annex").status_code == 404
    mo = signed_in(evening.app, evening.mo).get(f"/meetings/{evening.meeting.id}/members").text
    assert "by your word" in mo
    assert evening.say(evening.meeting["Zoe"], None) == 302
    assert zoe.get(page).status_code == 404


@pytest.mark.promise("whose-account")
def test_a_seat_with_a_phone_is_asked_first(evening: Evening) -> None:
    """Otherwise whoever leads could read in Pete's name, by an account of their own making."""
    meeting, pete = evening.meeting, evening.users["Pete"]
    assert evening.say(meeting.pete, pete) == 302
    assert evening.user_of(meeting.pete) is None
    assert signed_in(evening.app, pete).get(f"/meetings/{meeting.id}/mine").status_code == 404
    page = meeting.client(meeting.pete).get(f"/meetings/{meeting.id}/mine").text
    assert "you are Pete (pete@example.org). Is that so?" in page
    assert evening.answer(meeting.pete, "yes", user=pete.id) == 302
    assert evening.user_of(meeting.pete) == pete.id
    assert signed_in(evening.app, pete).get(f"/meetings/{meeting.id}/mine").status_code == 200


def test_a_no_ends_the_question_and_what_was_connected(evening: Evening) -> None:
    meeting, pete = evening.meeting, evening.users["Pete"]
    evening.say(meeting.pete, pete)
    evening.answer(meeting.pete, "no")
    assert "Is that so?" not in meeting.client(meeting.pete).get(f"/meetings/{meeting.id}/mine").text
    assert evening.answer(meeting.pete, "yes", user=pete.id) == 409
    evening.say(meeting.pete, pete)
    evening.answer(meeting.pete, "yes", user=pete.id)
    evening.answer(meeting.pete, "no")
    assert evening.user_of(meeting.pete) is None


def test_a_yes_is_to_the_account_that_was_shown(evening: Evening) -> None:
    evening.say(evening.meeting.pete, evening.users["Pete"])
    page = evening.meeting.client(evening.meeting.pete).get(f"/meetings/{evening.meeting.id}/mine").text
    shown = re.search(r'name="user"[^>]*value="([^"]+)"', page)
    assert shown
    evening.say(evening.meeting.pete, evening.users["Zoe"])
    assert evening.answer(evening.meeting.pete, "yes", user=shown.group(1)) == 409
    assert evening.user_of(evening.meeting.pete) is None


def test_the_moderator_cannot_take_a_seat_from_an_account_that_said_yes(evening: Evening) -> None:
    meeting, pete = evening.meeting, evening.users["Pete"]
    evening.say(meeting.pete, pete)
    evening.answer(meeting.pete, "yes", user=pete.id)
    evening.say(meeting.pete, evening.users["Zoe"])
    evening.say(meeting.pete, None)
    assert evening.user_of(meeting.pete) == pete.id


def test_only_members_of_the_meeting_s_group_can_be_named(evening: Evening) -> None:
    for user in (make_member(evening.app, "Rob"), make_outsider(evening.app)):
        assert evening.say(evening.meeting["Zoe"], user) == 422
    assert evening.user_of(evening.meeting["Zoe"]) is None


def test_only_whoever_leads_can_name_and_only_seats_of_this_meeting(evening: Evening) -> None:
    other = Cast(evening.app, evening.mo).meeting("Gia", group="North")
    assert evening.say(other.gia, evening.users["Zoe"]) == 404
    for browser in (signed_in(evening.app, evening.users["Pete"]), evening.meeting.client(evening.meeting.gia)):
        assert evening.say(evening.meeting["Zoe"], evening.users["Zoe"], browser) == 404


def test_somebody_with_a_phone_and_an_account_connects_them(evening: Evening) -> None:
    phone = evening.meeting.client(evening.meeting.pete)
    with phone.session_transaction() as session:
        session["_user_id"], session["_fresh"] = evening.users["Pete"].fs_uniquifier, True
    assert "Connect this meeting with your account" in phone.get(f"/meetings/{evening.meeting.id}/mine").text
    assert post(phone, f"/meetings/{evening.meeting.id}/mine/account", do="me").status_code == 302
    assert evening.user_of(evening.meeting.pete) == evening.users["Pete"].id
    assert "Learn to guide a starter" in signed_in(evening.app, evening.users["Pete"]).get("/mine").text


def test_whoever_was_sent_away_finds_nothing_in_their_account(evening: Evening) -> None:
    browser = signed_in(evening.app, evening.users["Pete"])
    post(browser, f"/j/{evening.meeting.snapshot.code}", name="Petra", agrees="y")
    assert "Learn to guide" in browser.get("/mine").text
    with evening.app.app_context():
        seat_id = db.session.scalars(select(models.Seat.id).where(models.Seat.name == "Petra")).one()
    evening.meeting.expel(Person("Petra", seat_id))
    assert "Learn to guide" not in browser.get("/mine").text
    assert browser.get(f"/meetings/{evening.meeting.id}/mine").status_code == 404


def test_a_link_does_not_push_the_seat_of_whoever_is_signed_in_aside_unasked(evening: Evening) -> None:
    meeting, zoe = evening.meeting, evening.users["Zoe"]
    evening.say(meeting["Zoe"], zoe)
    browser = signed_in(evening.app, zoe)
    with evening.app.app_context():
        token = personal.make_link(meeting.id, meeting.pete.seat_id)
    assert "This link is for Pete" in browser.get(f"/mine/{token}").text
    assert "You took part as Zoe" in browser.get(f"/meetings/{meeting.id}/mine").text
