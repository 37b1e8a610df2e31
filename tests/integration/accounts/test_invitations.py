"""Inviting people, accepting, and staying within one organisation."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from facilitator.accounts.models import Invitation, User
from facilitator.core.db import db, now
from tests.accounts_cast import (
    english,
    link_in,
    mails,
    make_administrator,
    make_member,
    make_moderator,
    make_outsider,
    post,
    sign_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

PETE = {"name": "Pete", "password": "vier woorden"}


@pytest.fixture
def mo(app: Flask, client: FlaskClient) -> User:
    mo = make_administrator(app)
    sign_in(english(client), mo)
    return mo


def invite(app: Flask, client: FlaskClient, email: str = "pete@example.org", role: str = "moderator") -> str:
    assert post(client, "/invitations", email=email, role=role).status_code == 302
    return next(link_in(mail) for mail in mails(app) if mail["To"] == email)


def only_invitation(app: Flask) -> Invitation:
    with app.app_context():
        return db.session.scalars(select(Invitation)).one()


def test_pete_is_invited_accepts_and_is_in(app: Flask, client: FlaskClient, mo: User) -> None:
    link = invite(app, client)
    pete = english(app.test_client())
    assert "Werkplaats" in pete.get(link).text
    answer = post(pete, link, **PETE)
    assert (answer.status_code, answer.location) == (302, "/")
    assert pete.get("/account").status_code == 200
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == "pete@example.org")).one()
        assert (user.organisation_id, user.is_moderator, user.is_administrator) == (mo.organisation_id, True, False)
    assert "accepted" in client.get("/invitations").text


def test_the_link_is_shown_once_to_whoever_invites(app: Flask, client: FlaskClient, mo: User) -> None:
    link = invite(app, client)
    assert link in client.get("/invitations").text
    assert link not in client.get("/invitations").text
    assert link.rpartition("/")[2] != only_invitation(app).token_hash


def test_an_invitation_works_once(app: Flask, client: FlaskClient, mo: User) -> None:
    link = invite(app, client)
    post(app.test_client(), link, **PETE)
    again = english(app.test_client())
    answer = post(again, link, **PETE)
    assert answer.status_code == 410
    assert "This invitation has been used." in answer.text


def test_an_invitation_ends_after_seven_days(app: Flask, client: FlaskClient, mo: User) -> None:
    link = invite(app, client)
    assert only_invitation(app).expires_at - now() > timedelta(days=6, hours=23)
    with app.app_context(), db.writing() as session:
        session.execute(update(Invitation).values(expires_at=now()))
    pete = english(app.test_client())
    assert pete.get(link).status_code == 410
    assert "open for 7 days" in post(pete, link, **PETE).text
    assert "expired" in client.get("/invitations").text


def test_a_withdrawn_invitation_ends(app: Flask, client: FlaskClient, mo: User) -> None:
    link = invite(app, client)
    assert post(client, f"/invitations/{only_invitation(app).id}/withdraw").status_code == 302
    pete = english(app.test_client())
    assert "was withdrawn" in pete.get(link).text
    assert post(pete, link, **PETE).status_code == 410


def test_sending_again_ends_the_older_link(app: Flask, client: FlaskClient, mo: User) -> None:
    older = invite(app, client)
    assert post(client, f"/invitations/{only_invitation(app).id}/resend").status_code == 302
    links = {link_in(mail) for mail in mails(app)}
    (newer,) = links - {older}
    assert app.test_client().get(older).status_code == 404
    assert app.test_client().get(newer).status_code == 200


def test_nobody_is_invited_twice(app: Flask, client: FlaskClient, mo: User) -> None:
    invite(app, client)
    answer = post(client, "/invitations", email="Pete@Example.org", role="member")
    assert answer.status_code == 422
    assert "There is an open invitation for this address." in answer.text
    assert post(client, "/invitations", email="mo@example.org", role="member").status_code == 422


def test_a_link_that_never_was_leads_nowhere(app: Flask, client: FlaskClient) -> None:
    assert client.get("/invitations/no-such-token").status_code == 404


@pytest.mark.promise("accounts")
def test_an_outsider_neither_sees_nor_changes_our_invitations(app: Flask, client: FlaskClient, mo: User) -> None:
    link = invite(app, client)
    theirs = only_invitation(app)
    assert "pete@example.org" in client.get("/invitations").text
    ola = english(app.test_client())
    sign_in(ola, make_outsider(app))
    assert "pete@example.org" not in ola.get("/invitations").text
    assert post(ola, f"/invitations/{theirs.id}/withdraw").status_code == 404
    assert post(ola, f"/invitations/{theirs.id}/resend").status_code == 404
    assert app.test_client().get(link).status_code == 200


@pytest.mark.parametrize("make", [make_moderator, make_member])
def test_only_an_administrator_invites(app: Flask, client: FlaskClient, make: Callable[[Flask], User]) -> None:
    sign_in(client, make(app))
    assert client.get("/invitations").status_code == 403
    assert post(client, "/invitations", email="ada@example.org", role="member").status_code == 403


def test_a_person_of_another_organisation_is_not_taken_over(app: Flask, client: FlaskClient, mo: User) -> None:
    ola = make_outsider(app)
    link = invite(app, client, ola.email)
    answer = post(english(app.test_client()), link, **PETE)
    assert "There is an account with this e-mail address already." in answer.text
    with app.app_context():
        assert db.session.get_one(User, ola.id).organisation_id == ola.organisation_id
    assert not only_invitation(app).is_accepted


def test_of_two_answers_to_one_invitation_one_wins(app: Flask, client: FlaskClient, mo: User) -> None:
    link, gate, answers = invite(app, client), Barrier(2), list[int]()

    def go() -> None:
        pete = app.test_client()
        gate.wait()
        answers.append(post(pete, link, **PETE).status_code)

    people = [Thread(target=go) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(answers) == [302, 410]
