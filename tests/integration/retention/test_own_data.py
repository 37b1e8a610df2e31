"""Everything about a person, for that person: complete, and without a word of anybody else."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator.accounts.models import User
from facilitator.db import db
from facilitator.meetings.models import Seat
from tests.accounts_cast import english, make_member, make_moderator, make_outsider, sign_in
from tests.cast import Cast, Meeting
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
    assert "evaluation" not in answer.text, "what was sent without a name is nobody's"


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
