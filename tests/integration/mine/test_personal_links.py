"""The personal link: it leads a phone back to one seat, and to nothing else."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.core.refusals import Refused
from facilitator.meetings import models, personal
from tests.accounts_cast import link_in, mails
from tests.cast import Cast, Meeting, Person
from tests.pages import without_tokens


@pytest.fixture
def ended(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    """A meeting that is over."""
    monkeypatch.setattr(limiter, "enabled", False)
    meeting = Cast(app).meeting("Gia", "Pete", "Ada")
    meeting.start()
    meeting.end()
    return meeting


@pytest.mark.promise("phone-only")
def test_the_end_of_the_meeting_leads_to_what_concerns_you(ended: Meeting) -> None:
    assert f"/meetings/{ended.id}/mine" in ended.screen(ended.pete)
    page = ended.client(ended.pete).get(f"/meetings/{ended.id}/mine")
    assert page.status_code == 200
    assert "You took part as Pete" in page.text


@pytest.mark.promise("personal-link")
def test_a_kept_link_opens_on_another_device_and_works_as_the_phone_did(ended: Meeting) -> None:
    link = keep(ended, ended.pete)
    laptop = ended.app.test_client()
    assert laptop.get(f"/meetings/{ended.id}/mine").status_code == 404
    assert laptop.get(link).location == f"/meetings/{ended.id}/mine"
    laptop.set_cookie("lang", "en")
    assert "You took part as Pete" in laptop.get(f"/meetings/{ended.id}/mine").text
    assert laptop.get(f"/meetings/{ended.id}/phone").status_code == 200
    assert laptop.get(f"/meetings/{ended.id}/console").status_code == 404


@pytest.mark.promise("only-hashes")
def test_only_a_hash_of_the_link_is_kept(ended: Meeting) -> None:
    token = keep(ended, ended.pete).removeprefix("/mine/")
    with ended.app.app_context():
        kept = db.session.query(models.SeatToken).all()
        assert personal.kept_since(ended.pete.seat_id) is not None
        assert token not in [row.token_hash for row in kept]


@pytest.mark.promise("personal-link")
def test_a_new_link_ends_the_old_one_and_whoever_came_in_by_it(ended: Meeting) -> None:
    phone, found = ended.client(ended.pete), ended.app.test_client()
    old = keep(ended, ended.pete, phone)
    found.get(old)
    assert found.get(f"/meetings/{ended.id}/mine").status_code == 200
    new = keep(ended, ended.pete, phone)
    assert new != old
    assert found.get(f"/meetings/{ended.id}/mine").status_code == 404
    assert found.get(old).status_code == 410
    assert found.get(new).status_code == 302
    assert phone.get(f"/meetings/{ended.id}/mine").status_code == 200, "the phone itself stays in"


@pytest.mark.promise("personal-link")
def test_a_device_that_came_in_by_the_link_stays_in_when_it_withdraws_it(ended: Meeting) -> None:
    laptop, link = ended.app.test_client(), keep(ended, ended.pete)
    laptop.get(link)
    send(laptop, ended, "link", do="end")
    assert laptop.get(f"/meetings/{ended.id}/mine").status_code == 200
    assert ended.app.test_client().get(link).status_code == 410


@pytest.mark.promise("shown-once")
def test_a_link_is_shown_once(ended: Meeting) -> None:
    phone = ended.client(ended.pete)
    keep(ended, ended.pete, phone)
    page = phone.get(f"/meetings/{ended.id}/mine").text
    assert "/mine/" not in page.replace(f"/meetings/{ended.id}/mine/", "")
    assert "You made a link on" in page


@pytest.mark.promise("personal-link")
def test_whoever_was_sent_away_has_no_link_and_loses_the_one_they_had(app: Flask) -> None:
    meeting = Cast(app).meeting()
    with app.app_context():
        token = personal.make_link(meeting.id, meeting.pete.seat_id)
        assert personal.seat_of_link(token) is not None
    meeting.expel(meeting.pete)
    assert app.test_client().get(f"/mine/{token}").status_code == 410
    assert meeting.client(meeting.pete).get(f"/meetings/{meeting.id}/mine").status_code == 404
    with app.app_context(), pytest.raises(Refused):
        personal.make_link(meeting.id, meeting.pete.seat_id)


@pytest.mark.promise("personal-link")
def test_a_seat_that_waits_or_steers_or_is_of_another_meeting_has_no_link(app: Flask) -> None:
    cast = Cast(app)
    meeting, other = cast.meeting(), cast.meeting("Gia")
    meeting.start()
    late = meeting.join("Late")
    for seat_id in (late.seat_id, meeting.mo.seat_id, meeting.wall.seat_id, other.gia.seat_id, "none"):
        with app.app_context(), pytest.raises(Refused):
            personal.make_link(meeting.id, seat_id)


@pytest.mark.promise("personal-link")
def test_erasing_closes_the_door_and_says_so(ended: Meeting) -> None:
    link = keep(ended, ended.pete)
    assert ended.app.test_client().get(link).status_code == 302
    with ended.app.app_context():
        sealing.keyring().destroy(ended.id)
    closed = ended.app.test_client().get(link, headers={"Accept-Language": "en"})
    assert closed.status_code == 410
    assert "This link no longer works" in closed.text
    page = ended.client(ended.pete).get(f"/meetings/{ended.id}/mine")
    assert page.status_code == 200
    assert "there is no link any more" in page.text
    assert send(ended.client(ended.pete), ended, "link", do="make") == 410


def test_a_guessed_link_is_told_the_same_as_an_ended_one(ended: Meeting) -> None:
    old = keep(ended, ended.pete)
    keep(ended, ended.pete)
    device = ended.app.test_client()
    device.set_cookie("lang", "en")
    ended_one, guessed = (without_tokens(device.get(link).text.replace(link, "")) for link in (old, "/mine/guessed"))
    assert "This link has ended" in ended_one
    assert guessed == ended_one


@pytest.mark.promise("personal-link")
def test_somebody_else_s_link_does_not_push_a_seat_aside_unasked(ended: Meeting) -> None:
    """Whoever could slip Ada their own link would read what she writes afterwards."""
    link, phone = keep(ended, ended.pete), ended.client(ended.ada)
    asked = phone.get(link)
    assert asked.status_code == 200
    assert "This link is for Pete" in asked.text
    assert "You took part as Ada" in phone.get(f"/meetings/{ended.id}/mine").text
    assert phone.post(link, data={"csrf_token": csrf_in(asked.text)}).status_code == 302
    assert "You took part as Pete" in phone.get(f"/meetings/{ended.id}/mine").text


@pytest.mark.promise("mailed-link")
def test_a_link_goes_by_mail_and_the_address_stays_nowhere(ended: Meeting) -> None:
    phone = ended.client(ended.pete)
    link = keep(ended, ended.pete, phone)
    token = link.removeprefix("/mine/")
    assert send(phone, ended, "mail", token=token, email="Pete.Prive@example.org") == 302
    mail = mails(ended.app)[0]
    assert mail["To"] == "pete.prive@example.org"
    assert link_in(mail) == link
    for word in ("guide", "Pete", "Werkplaats"):
        assert word not in mail["Subject"] + mail.get_content(), "the mail tells nothing about the meeting"
    with ended.app.app_context():
        dump = "\n".join(db.engine.raw_connection().driver_connection.iterdump())  # type: ignore[union-attr]
    assert "Learn to guide" in dump
    assert "pete.prive" not in dump.lower()


def test_a_wrong_address_is_told_and_kept_with_the_link(ended: Meeting) -> None:
    phone = ended.client(ended.pete)
    token = keep(ended, ended.pete, phone).removeprefix("/mine/")
    answer = phone.post(
        f"/meetings/{ended.id}/mine/mail",
        data={"csrf_token": csrf_in(phone.get("/reset").text), "token": token, "email": "pete@"},
    )
    assert answer.status_code == 422
    assert 'value="pete@"' in answer.text
    assert f"/mine/{token}" in answer.text
    assert mails(ended.app) == []


def test_nobody_can_mail_a_link_that_is_not_theirs(ended: Meeting) -> None:
    token = keep(ended, ended.pete).removeprefix("/mine/")
    assert send(ended.client(ended.ada), ended, "mail", token=token, email="ada@example.org") == 302
    assert mails(ended.app) == []


def test_an_open_action_is_there_for_its_owner_and_for_nobody_else(app: Flask) -> None:
    meeting = Cast(app).meeting("Gia", "Pete", "Ada")
    meeting.advance_to("commit")
    meeting.fill()
    meeting.end()
    action = next(action for action in meeting.snapshot.actions if action.owner_id == meeting.gia.seat_id)
    page = meeting.client(meeting.gia).get(f"/meetings/{meeting.id}/mine").text
    assert "Your action" in page
    assert action.then in page
    assert action.then not in meeting.client(meeting.pete).get(f"/meetings/{meeting.id}/mine").text


def keep(meeting: Meeting, person: Person, device: FlaskClient | None = None) -> str:
    """Somebody makes their link on the page; gives its path."""
    device = device or meeting.client(person)
    assert send(device, meeting, "link", do="make") == 302
    page = device.get(f"/meetings/{meeting.id}/mine").text
    found = re.search(r'value="https?://[^/"]+(/mine/[^"]+)"', page)
    assert found, "the page shows the link"
    return found.group(1)


def send(device: FlaskClient, meeting: Meeting, what: str, **fields: str) -> int:
    """Sends a form of the page."""
    data = {"csrf_token": csrf_in(device.get("/reset").text), **fields}
    return device.post(f"/meetings/{meeting.id}/mine/{what}", data=data).status_code


def csrf_in(page: str) -> str:
    """The token of a page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found.group(1)
