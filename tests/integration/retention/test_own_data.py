"""Everything about a person, for that person: complete, and without a word of anybody else."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.meetings.models import Seat
from facilitator.migrations.tables import metadata
from tests.accounts_cast import english, make_member, make_moderator, make_outsider, sign_in
from tests.cast import Cast, Meeting
from tests.proof import confirm, describe, send
from tests.reports_pages import pages_of
from tests.scenes import scene


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    """A whole meeting, in which each text says whose it is."""
    return scene(app, played)


def played(app: Flask) -> Meeting:
    meeting = Cast(app, make_moderator(app)).meeting()
    meeting.play()
    return meeting


@pytest.fixture
def pete(app: Flask, meeting: Meeting) -> User:
    user = make_member(app)
    with app.app_context(), db.writing() as session:
        session.get_one(Seat, meeting.pete.seat_id).user_id = user.id
    return user


def device_of(app: Flask, user: User) -> FlaskClient:
    client = english(app.test_client())
    sign_in(client, user)
    return client


@pytest.mark.promise("own-data")
def test_somebody_gets_what_they_wrote_and_nothing_of_anybody_else(app: Flask, pete: User, meeting: Meeting) -> None:
    answer = device_of(app, pete).get("/account/data.json")
    assert answer.mimetype == "application/json"
    found = answer.get_json()
    assert found["account"]["email"] == "pete@example.org"
    (one,) = found["meetings"]
    assert {text["form"] for text in one["wrote"]} >= {"question", "hypothesis", "advice", "learning"}
    assert one["there"]
    assert "question of Pete" in answer.text
    for other in ("Gia", "Ada", "Bob", "Cleo"):
        assert other not in answer.text
    assert "line of" in meeting.get(meeting.mo, "report").text
    assert "line of" not in answer.text, "what was sent without a name is nobody's"
    assert "evaluation" not in {text["form"] for text in one["wrote"]}
    assert [sent["count"] for sent in one["sent"] if sent["form"] == "evaluation"] == [1], "that they answered is kept"


@pytest.mark.promise("phone-only", "own-data")
def test_a_phone_gets_the_same_without_an_account(meeting: Meeting) -> None:
    answer = meeting.client(meeting.ada).get(f"/meetings/{meeting.id}/mine/data.json")
    assert "advice of Ada" in answer.text
    assert "advice of Pete" not in answer.text
    assert meeting.client(meeting.mo).get(f"/meetings/{meeting.id}/mine/data.json").status_code == 404


def test_nobody_gets_it_of_somebody_else(app: Flask, pete: User, meeting: Meeting) -> None:
    ola = device_of(app, make_outsider(app))
    assert "Pete" not in ola.get("/account/data.json").text
    assert ola.get(f"/meetings/{meeting.id}/mine/data.json").status_code == 404
    assert english(app.test_client()).get("/account/data.json").status_code == 302


def test_a_buddy_gets_that_they_are_one_and_not_the_words_of_the_action(app: Flask) -> None:
    meeting = Cast(app, make_moderator(app)).meeting()
    meeting.play_to("commit")
    meeting.fill()
    (action, *_rest) = [found for found in meeting.actions if found.owner_id == meeting.gia.seat_id]
    meeting.be_buddy(meeting.pete, action.id)
    path = f"/meetings/{meeting.id}/mine/data.json"
    assert action.then
    assert action.then in meeting.client(meeting.gia).get(path).text, "it is hers"
    answer = meeting.client(meeting.pete).get(path)
    (one,) = answer.get_json()["meetings"]
    assert [found["as"] for found in one["actions"]] == ["buddy"]
    assert action.then not in answer.text


# Every column that leads to a person, and where the file tells what it says of them; what begins with a dash says why not.
TOLD = {
    "users": "account",
    "audit_entries.by_id": "account.log",
    "appointments.led_by": "account.appointments_led",
    "guests.user_id": "account.appointments",
    "turns.user_id": "account.turns",
    "swaps.asked_by": "account.swaps",
    "swaps.asked_of": "account.swaps",
    "spared.user_id": "account.cannot_take",
    "annexes.holder_mark": "meetings.annex",
    "annexes.user_id": "meetings.annex",
    "calendar_addresses.user_id": "account.calendar_address_since",
    "feed_tokens.user_id": "account.feed_since",
    "groups.created_by": "account.groups_made",
    "own_methods.changed_by": "account.methods_changed",
    "method_versions.made_by": "account.methods_changed",
    "sign_in_links.user_id": "account.links_to_sign_in_until",
    "user_roles.user_id": "account.roles",
    "register_rules.user_id": "account.registers",
    "attendances.seat_mark": "meetings.printed",
    "attendances.user_id": "meetings.proof",
    "cards.author_id": "cards",
    "meetings.created_by": "account.set_up",
    "acceptances.user_id": "groups",
    "offered_cases.user_id": "offered_cases",
    "members.user_id": "groups",
    "card_follows.user_id": "account.hears_of",
    "card_remarks.author_id": "said_under_cards",
    "card_trials.user_id": "tried",
    "questions.author_id": "asked_colleagues",
    "question_answers.author_id": "answered_colleagues",
    "theme_follows.user_id": "account.follows_themes",
    "news_paces.user_id": "account.hears_of_themes_at_once",
    "question_news.user_id": "account.to_be_told_of",
    "arrangement_parties.user_id": "arranged",
    "arrangement_moment_yes.user_id": "arranged",
    "check_ins.user_id": "arranged",
    "offers.user_id": "offers",
    "question_helps.user_id": "account.helped_by_answers",
    "seats.user_id": "meetings",
    "seats.said_to_be": "account.taken_for_somebody_in",
    "objections.seat_id": "meetings.asked_about_cards",
    "ops_done.seat_id": "- hashes of chance, so that a double tap is stored once",
    "presences.seat_id": "meetings.there",
    "rounds.case_giver_id": "meetings.gave_the_case_of_round",
    "seat_tokens.seat_id": "meetings.personal_link_since",
    "consents.seat_id": "- it goes with the raw input, and the card is among the cards of the account",
    "consents.user_id": "cards",
    "steps.speakers": "- who speaks when in this meeting, of all of them",
    "steps.speaker": "- who speaks now",
    "contributions.seat_id": "meetings.wrote",
    "contributions.taken_down_by": "meetings.took_down_for_others",
    "contributions.brought_by": "- a name beside words that stand where they were written",
    "contributions.from_seat_id": "- leads from a copy to what stands where it was written",
    "tallies.seat_id": "meetings.sent",
    "notebooks.seat_id": "meetings.notes",
    "actions.from_seat_id": "- leads from a copy to what stands where it was written",
    "actions.owner_id": "meetings.actions",
    "actions.owner_name": "- a name beside an action that stands where it was made",
    "actions.buddy_id": "meetings.actions",
    "marks.seat_id": "meetings.marks",
}
LEADS_TO_SOMEBODY = re.compile(r"(^|_)(seat|by|user|owner|holder|speakers?|author|giver)(_|$)")


@pytest.mark.promise("own-data")
def test_the_file_tells_of_everything_that_leads_to_its_owner(app: Flask, pete: User, meeting: Meeting) -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if LEADS_TO_SOMEBODY.search(column.name)
        or {key.column.table.name for key in column.foreign_keys} & {"users", "seats"}
    }
    assert found == set(TOLD) - {"users"}
    told = device_of(app, pete).get("/account/data.json").get_json()
    for column, place in TOLD.items():
        where, _, name = place.partition(".")
        if not place.startswith("-"):
            part = told[where][0] if where == "meetings" else told[where]
            assert not name or name in part, column


@pytest.mark.promise("own-data")
def test_what_somebody_did_beside_writing_is_in_it(app: Flask, pete: User, meeting: Meeting) -> None:
    phone = meeting.client(meeting.gia)
    assert confirm(meeting).status_code == 302
    describe(meeting, meeting.gia, name="Gia de Vries", registration="R 12")
    pages_of(meeting, meeting.gia).approve_all()
    send(phone, f"/meetings/{meeting.id}/mine", do="make")
    (gia,) = phone.get(f"/meetings/{meeting.id}/mine/data.json").get_json()["meetings"]
    assert gia["gave_the_case_of_round"] == [1]
    assert [one["phase"] for one in gia["marks"] if one["kind"] == "star"] == ["choose"]
    assert sum(one["count"] for one in gia["sent"]) >= 3
    assert gia["printed"]["registration"] == "R 12"
    assert [one["case"] for one in gia["approved"]] == [1]
    assert gia["personal_link_since"]
    pete_s = device_of(app, pete)
    pete_s.get(f"/meetings/{meeting.id}/report")
    account = pete_s.get("/account/data.json").get_json()["account"]
    assert {"opened", "exported"} <= {one["did"] for one in account["log"]}
    assert account["may_sign_in"]
    assert account["has_password"]


def test_whoever_sets_meetings_up_finds_what_they_planned(app: Flask, meeting: Meeting) -> None:
    with app.app_context():
        mo = db.session.scalars(select(User).where(User.name == "Mo")).one()
    account = device_of(app, mo).get("/account/data.json").get_json()["account"]
    assert [one["goal"] for one in account["set_up"]] == ["Learn to guide a starter"]
