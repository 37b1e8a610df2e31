"""A person's own annex: its holder's and nobody else's."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.audit import AuditEntry
from facilitator.core.db import db
from facilitator.meetings import models
from facilitator.proof.erasing import forget_seats
from facilitator.proof.models import Annex
from tests.cast import Cast, Meeting, Person, account
from tests.contract.everybody import signed_in
from tests.pages import read
from tests.proof import send


def address(meeting: Meeting, ending: str = "") -> str:
    return f"/meetings/{meeting.id}/annex{ending}"


def keep(meeting: Meeting, person: Person, client: FlaskClient | None = None, **texts: str) -> None:
    answer = send(client or meeting.client(person), address(meeting), **texts)
    assert answer.status_code == 302


def reads(client: FlaskClient, meeting: Meeting) -> str:
    return client.get(address(meeting)).text


def connect(meeting: Meeting, person: Person, user: User) -> None:
    """The seat belongs to an account from now on."""
    with meeting.app.app_context(), db.writing() as session:
        session.execute(update(models.Seat).where(models.Seat.id == person.seat_id).values(user_id=user.id))


def signs_in_on_phone(meeting: Meeting, person: Person, user: User) -> FlaskClient:
    """Somebody's phone, on which they are signed in as well."""
    client = meeting.client(person)
    with client.session_transaction() as session:
        session["_user_id"] = user.fs_uniquifier
        session["_fresh"] = True
    return client


@pytest.fixture
def pete(cast: Cast, meeting: Meeting) -> User:
    """Pete's account."""
    return account(cast.app, "Pete", cast.organisation)


def test_it_is_kept_and_read_again_by_its_holder(meeting: Meeting) -> None:
    keep(meeting, meeting.pete, goal="CANARY goal", learned="CANARY learned")
    assert "CANARY goal" in reads(meeting.client(meeting.pete), meeting)
    keep(meeting, meeting.pete, goal="Another goal")
    page = reads(meeting.client(meeting.pete), meeting)
    assert "Another goal" in page
    assert "CANARY learned" in page
    assert "CANARY goal" not in page


@pytest.mark.promise("annex")
def test_nobody_else_reads_it(meeting: Meeting, cast: Cast) -> None:
    keep(meeting, meeting.pete, goal="CANARY goal")
    assert "CANARY" in reads(meeting.client(meeting.pete), meeting)
    for other in (meeting.ada, meeting.gia, meeting.mo, meeting["Eva"], meeting.wall):
        for ending in ("", ".pdf", "/delete"):
            answer = meeting.client(other).get(address(meeting, ending))
            assert b"CANARY" not in answer.data
    assert cast.user is not None
    assert "CANARY" not in reads(signed_in(cast.app, cast.user), meeting)


@pytest.mark.promise("annex")
def test_a_seat_that_somebody_connects_with_an_account_afterwards_opens_nothing(meeting: Meeting, pete: User) -> None:
    keep(meeting, meeting.pete, goal="CANARY goal")
    connect(meeting, meeting.pete, pete)
    client = signed_in(meeting.app, pete)
    assert client.get(address(meeting)).status_code == 200
    assert "CANARY" not in reads(client, meeting)
    assert client.get(address(meeting, ".pdf")).status_code == 404


def test_it_comes_along_to_the_account_its_holder_is_signed_in_with(meeting: Meeting, pete: User) -> None:
    connect(meeting, meeting.pete, pete)
    keep(meeting, meeting.pete, signs_in_on_phone(meeting, meeting.pete, pete), goal="CANARY goal")
    assert "CANARY" in reads(signed_in(meeting.app, pete), meeting)


def test_it_leaves_the_account_when_the_device_says_that_it_is_somebody_else_s(meeting: Meeting, pete: User) -> None:
    connect(meeting, meeting.pete, pete)
    phone = signs_in_on_phone(meeting, meeting.pete, pete)
    keep(meeting, meeting.pete, phone, goal="CANARY goal")
    assert "CANARY" in reads(signed_in(meeting.app, pete), meeting)
    token = read(phone.get(f"/meetings/{meeting.id}/mine").text).all("input", name="csrf_token")[0]["value"]
    said = phone.post(f"/meetings/{meeting.id}/mine/account", data={"csrf_token": token, "do": "no"})
    assert said.status_code == 302
    assert signed_in(meeting.app, pete).get(address(meeting)).status_code == 404
    assert "CANARY" in reads(meeting.client(meeting.pete), meeting)
    connect(meeting, meeting.pete, pete)
    assert "CANARY" not in reads(signed_in(meeting.app, pete), meeting)


def test_an_account_without_the_phone_has_one_of_its_own(meeting: Meeting, pete: User) -> None:
    connect(meeting, meeting.pete, pete)
    keep(meeting, meeting.pete, signed_in(meeting.app, pete), goal="CANARY of the account")
    assert "CANARY" in reads(signed_in(meeting.app, pete), meeting)
    assert "CANARY" not in reads(meeting.client(meeting.pete), meeting)


@pytest.mark.promise("annex")
def test_deleting_it_destroys_its_key(meeting: Meeting) -> None:
    keep(meeting, meeting.pete, goal="CANARY goal")
    keep(meeting, meeting.ada, goal="ADAS goal")
    with meeting.app.app_context():
        ids = set(db.session.scalars(select(Annex.id)))
    client = meeting.client(meeting.pete)
    token = read(reads(client, meeting)).all("input", name="csrf_token")[0]["value"]
    assert client.post(address(meeting, "/delete"), data={"csrf_token": token}).status_code == 302
    assert "CANARY" not in reads(client, meeting)
    assert "ADAS goal" in reads(meeting.client(meeting.ada), meeting)
    with meeting.app.app_context():
        gone = ids - set(db.session.scalars(select(Annex.id)))
        assert len(gone) == 1
        assert not sealing.keyring().holds(gone.pop())


@pytest.mark.promise("annex")
def test_it_goes_with_the_raw_input_unless_it_is_an_account_s(meeting: Meeting, pete: User) -> None:
    connect(meeting, meeting.pete, pete)
    keep(meeting, meeting.pete, signs_in_on_phone(meeting, meeting.pete, pete), goal="CANARY goal")
    keep(meeting, meeting.ada, goal="ADAS goal")
    with meeting.app.app_context():
        forget_seats([meeting.pete.seat_id, meeting.ada.seat_id])
    assert "ADAS goal" not in reads(meeting.client(meeting.ada), meeting)
    assert "CANARY" in reads(signed_in(meeting.app, pete), meeting)


@pytest.mark.promise("annex")
def test_nothing_about_it_is_in_the_database_or_the_audit_log(meeting: Meeting) -> None:
    keep(meeting, meeting.pete, goal="CANARY goal", competence="CANARY tag")
    with meeting.app.app_context():
        bodies = [annex.body for annex in db.session.scalars(select(Annex))]
        ids = {annex.id for annex in db.session.scalars(select(Annex))}
        assert bodies
        assert not any(b"CANARY" in body for body in bodies)
        assert not ids & set(db.session.scalars(select(AuditEntry.thing_id)))


def test_a_text_that_is_too_long_is_kept_in_the_form(meeting: Meeting) -> None:
    answer = send(meeting.client(meeting.pete), address(meeting), goal="too long " * 300, learned="SHORT")
    assert answer.status_code == 422
    assert "Use at most 2000 characters." in answer.text
    assert "SHORT" in answer.text


# -- The learning point -------------------------------------------------------------------------------------------------


@pytest.fixture
def learning(cast: Cast) -> Meeting:
    """Pete and Ada wrote what they learned; Pete keeps his for himself, and Mo took something down for Zoe."""
    meeting = cast.meeting()
    meeting.advance_to("learn")
    meeting.write(meeting.pete, "learning", learning="OWN learning", keep=True)
    meeting.write(meeting.ada, "learning", learning="ADAS learning")
    meeting.advance_to("evaluate")
    for person in (meeting.pete, meeting.ada, meeting.bob, meeting.cleo):
        meeting.write(person, "evaluation", safe=5, line="ANONYMOUS line")
    meeting.end()
    return meeting


def test_it_begins_with_the_own_learning_point(learning: Meeting) -> None:
    page = reads(learning.client(learning.pete), learning)
    assert "OWN learning" in page
    for other in ("ADAS learning", "ANONYMOUS line"):
        assert other not in page


def test_it_begins_empty_for_whoever_wrote_none_and_once_the_texts_are_erased(learning: Meeting) -> None:
    assert "learning from the meeting is filled in" not in reads(learning.client(learning.gia), learning)
    with learning.app.app_context():
        sealing.keyring().destroy(learning.id)
    answer = learning.client(learning.pete).get(address(learning))
    assert answer.status_code == 200
    assert "OWN learning" not in answer.text


def test_what_was_kept_stands_instead_of_the_learning_point(learning: Meeting) -> None:
    keep(learning, learning.pete, learned="In other words")
    page = reads(learning.client(learning.pete), learning)
    assert "In other words" in page
    assert "OWN learning" not in page
