"""What a group agreed on: in versions, accepted by everybody on their own device, and shown by the meeting that is held under it."""

from __future__ import annotations

import time
from threading import Event, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.core.refusals import Refused
from facilitator.groups import agreements
from facilitator.groups.models import Agreement, Group
from facilitator.meetings.actions import accounts, people
from tests.accounts_cast import english, make_administrator, make_member, make_moderator, make_outsider, post
from tests.cast import Cast, Meeting
from tests.contract.everybody import signed_in
from tests.pages import read

pytestmark = pytest.mark.either
FIRST, SECOND = (
    "We listen to the end.\nEverybody may pass.",
    "We listen to the end.\nEverybody may pass.\nWe begin at nine.",
)


@pytest.fixture
def mo(app_on: Flask) -> User:
    """Made the group North, and leads its meetings."""
    return make_moderator(app_on)


@pytest.fixture
def north(app_on: Flask, mo: User) -> str:
    """A group of Gia and Pete; gives its id."""
    for name in ("Gia", "Pete"):
        make_member(app_on, name)
    post(browser(app_on, mo), "/groups", name="North")
    with app_on.app_context():
        group_id = db.session.scalars(select(Group.id)).one()
    page = f"/groups/{group_id}/members"
    post(browser(app_on, mo), page, addresses="gia@example.org, pete@example.org", is_peer="y")
    return group_id


def browser(app: Flask, user: User) -> FlaskClient:
    """Somebody's own, reading English."""
    return english(signed_in(app, user))


def by(app: Flask, name: str) -> FlaskClient:
    """A member's own browser."""
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == f"{name.lower()}@example.org")).one()
        return browser(app, user)


def section(client: FlaskClient, group_id: str) -> str:
    """What the group's page says of the agreement."""
    return read(client.get(f"/groups/{group_id}").text).one("section", aria_labelledby="agreement").text


def write(client: FlaskClient, group_id: str, text: str, seen: int) -> int:
    return post(client, f"/groups/{group_id}/agreement", text=text, seen=str(seen)).status_code


@pytest.mark.promise("own-agreement")
def test_a_group_begins_with_a_text_and_everybody_accepts_a_version_themselves(
    app_on: Flask, mo: User, north: str
) -> None:
    gia, pete = by(app_on, "Gia"), by(app_on, "Pete")
    begin = read(gia.get(f"/groups/{north}/agreement").text).one("textarea").text
    assert "What is said here stays here." in begin
    assert "Nobody leads anybody else" in begin
    assert write(gia, north, FIRST, 0) == 302
    assert "Not accepted yet by: Pete" in section(pete, north), "whoever wrote it stands behind it"
    assert "Your group has an agreement" in pete.get("/mine").text
    assert post(browser(app_on, mo), f"/groups/{north}/agreement/accept", number="1").status_code == 404, "is no member"
    assert post(pete, f"/groups/{north}/agreement/accept", number="1").status_code == 302
    assert "Everybody in the group has accepted it." in section(gia, north)
    assert "Your group has an agreement" not in pete.get("/mine").text


@pytest.mark.promise("own-agreement")
def test_a_new_version_asks_again_and_the_old_one_stays_as_it_was(app_on: Flask, north: str) -> None:
    gia, pete = by(app_on, "Gia"), by(app_on, "Pete")
    write(gia, north, FIRST, 0)
    post(pete, f"/groups/{north}/agreement/accept", number="1")
    assert write(gia, north, SECOND, 1) == 302
    assert "Not accepted yet by: Pete" in section(gia, north)
    post(pete, f"/groups/{north}/agreement/accept", number="1")  # the page was open since before
    assert "Not accepted yet by: Pete" in section(gia, north), "what he read is not what holds"
    late = post(pete, f"/groups/{north}/agreement", text="Mine alone", seen="1")
    assert late.status_code == 409
    assert "Mine alone" in late.text
    assert "We begin at nine." in late.text
    with app_on.app_context():
        assert [version.lines for version in agreements.versions(north)] == [
            tuple(SECOND.split("\n")),
            tuple(FIRST.split("\n")),
        ]


@pytest.mark.promise("own-agreement")
def test_nobody_outside_of_the_group_reads_writes_or_accepts_it(app_on: Flask, north: str) -> None:
    gia = by(app_on, "Gia")
    write(gia, north, FIRST, 0)
    assert "We listen to the end." in section(gia, north)
    for outsider in (make_outsider(app_on), make_member(app_on, "Ada"), make_moderator(app_on, "Nel")):
        client = browser(app_on, outsider)
        assert client.get(f"/groups/{north}/agreement").status_code == 404
        assert write(client, north, "Ours now", 1) == 404
        assert post(client, f"/groups/{north}/agreement/accept", number="1").status_code == 404
    with app_on.app_context():
        row = db.session.scalars(select(Agreement)).one()
        assert b"listen" not in row.body


def opened(app: Flask, mo: User, *names: str) -> Meeting:
    """A meeting of North in its lobby."""
    return Cast(app, mo).meeting(*names, group="North")


@pytest.mark.promise("own-agreement")
def test_in_the_lobby_everybody_accepts_on_their_own_phone_the_version_it_is_held_under(
    app_on: Flask, mo: User, north: str
) -> None:
    gia = by(app_on, "Gia")
    write(gia, north, FIRST, 0)
    meeting = opened(app_on, mo, "Gia", "Pete", "Ada")
    meeting.act(accounts.connect, meeting["Pete"].seat_id, _account(app_on, "Pete"))
    assert "version 1" in meeting.screen(meeting.wall)
    assert "We listen to the end." in meeting.screen(meeting.ada)
    assert "Not accepted yet by: Gia, Pete, Ada" in meeting.screen(meeting.mo)
    assert write(gia, north, SECOND, 1) == 302
    for person in (meeting.ada, meeting.pete):
        with pytest.raises(Refused):
            meeting.act(people.accept_agreement, person.seat_id, 2)
        meeting.act(people.accept_agreement, person.seat_id, 1)
        assert "You accepted it." in meeting.screen(person)
    assert "Not accepted yet by: Gia" in meeting.screen(meeting.mo)
    assert "Not accepted yet" not in meeting.screen(meeting.ada)
    assert "We begin at nine." not in meeting.screen(meeting.gia), "it is held under the version it began with"
    assert "Not accepted yet by: Pete" in section(gia, north), "of the one that holds by now"
    meeting.steer("start")
    meeting.end()
    report = browser(app_on, mo).get(f"/meetings/{meeting.id}/report").text
    assert "what the group itself agreed on, version 1." in report


@pytest.mark.promise("own-agreement")
def test_whoever_accepted_on_the_group_s_page_is_not_asked_in_the_lobby_and_the_other_way_round(
    app_on: Flask, mo: User, north: str
) -> None:
    gia = by(app_on, "Gia")
    write(gia, north, FIRST, 0)
    meeting = opened(app_on, mo, "Ada")
    with app_on.app_context():
        member = db.session.merge(_account(app_on, "Gia"))
        came = people.join(meeting.id, "Gia", "en", has_agreed=True, user=member)
        pete = people.join(meeting.id, "Pete", "en", has_agreed=True, user=db.session.merge(_account(app_on, "Pete")))
        people.accept_agreement(meeting.id, pete.seat_id, 1)
    assert came.seat_id
    assert "Not accepted yet by: Ada" in meeting.screen(meeting.mo)
    assert "Everybody in the group has accepted it." in section(gia, north)


def _account(app: Flask, name: str) -> User:
    with app.app_context():
        return db.session.scalars(select(User).where(User.email == f"{name.lower()}@example.org")).one()


@pytest.mark.promise("no-line-manager")
def test_whoever_adds_somebody_is_asked_whether_they_lead_anybody_and_everybody_reads_it(
    app_on: Flask, mo: User, north: str
) -> None:
    make_member(app_on, "Ada")
    lead = browser(app_on, mo)
    refused = post(lead, f"/groups/{north}/members", addresses="ada@example.org")
    assert refused.status_code == 422
    assert "Nobody was added yet" in refused.text
    assert "ada@example.org" in refused.text
    assert "Ada" not in by(app_on, "Gia").get(f"/groups/{north}").text
    assert post(lead, f"/groups/{north}/members", addresses="ada@example.org", is_peer="y").status_code == 302
    for client in (by(app_on, "Gia"), browser(app_on, make_administrator(app_on, "Ann"))):
        assert "No line manager is in this group" in client.get(f"/groups/{north}").text


def test_accepting_here_and_there_at_one_moment_is_accepting_once(app_on: Flask, mo: User, north: str) -> None:
    write(by(app_on, "Gia"), north, FIRST, 0)
    with app_on.app_context():
        pete = db.session.scalars(select(User).where(User.email == "pete@example.org")).one()
        agreement_id = db.session.scalars(select(Agreement.id)).one()
    is_at_it = Event()

    def accept_in_the_lobby() -> None:
        with app_on.app_context(), db.writing() as session:
            agreements.accepted(session, agreement_id, pete.id)
            session.flush()
            is_at_it.set()
            time.sleep(0.3)

    lobby = Thread(target=accept_in_the_lobby)
    lobby.start()
    assert is_at_it.wait(10)
    assert post(by(app_on, "Pete"), f"/groups/{north}/agreement/accept", number="1").status_code == 302
    lobby.join()
    with app_on.app_context():
        assert pete.id in agreements.accepted_by(db.session(), agreement_id)
