"""The first account, by the link that the server prints."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import TYPE_CHECKING

from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.accounts.welcome import link_token
from facilitator.core.db import db
from tests.accounts_cast import english, make_moderator, post

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

MO = {"name": "Mo", "email": "Mo@Example.org", "password": "vier woorden", "organisation": "Werkplaats"}


def welcome_path(app: Flask) -> str:
    with app.app_context():
        token = link_token()
    assert token
    return f"/welcome/{token}"


def test_the_first_person_gets_an_account_an_organisation_and_is_signed_in(app: Flask, client: FlaskClient) -> None:
    answer = post(client, welcome_path(app), **MO)
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/account").status_code == 200
    with app.app_context():
        mo = db.session.scalars(select(User)).one()
        assert (mo.email, mo.organisation.name, mo.is_administrator, mo.is_moderator) == (
            "mo@example.org",
            "Werkplaats",
            True,
            True,
        )
        assert mo.password.startswith("$argon2id$")


def test_the_link_works_once(app: Flask, client: FlaskClient) -> None:
    path = welcome_path(app)
    post(client, path, **MO)
    second = english(app.test_client())
    assert second.get(path).status_code == 410
    answer = post(second, path, **(MO | {"email": "ola@example.org"}))
    assert answer.status_code == 410
    assert "This link has been used" in answer.text


def test_a_newer_link_ends_the_older(app: Flask, client: FlaskClient) -> None:
    older, newer = welcome_path(app), welcome_path(app)
    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


def test_there_is_no_link_once_there_is_an_account(app: Flask) -> None:
    make_moderator(app)
    with app.app_context():
        assert link_token() is None


def test_only_a_hash_of_the_link_is_kept(app: Flask) -> None:
    token = welcome_path(app).rpartition("/")[2]
    with app.app_context():
        row = db.session.connection().exec_driver_sql("SELECT * FROM welcomes").one()
    assert token not in str(row)


def test_what_was_typed_stays_and_the_password_does_not(app: Flask, client: FlaskClient) -> None:
    answer = post(english(client), welcome_path(app), **(MO | {"password": "kort"}))
    assert answer.status_code == 422
    assert "Choose a password of 8 to 128 characters." in answer.text
    assert 'value="Werkplaats"' in answer.text
    assert "kort" not in answer.text


def test_of_two_people_with_the_same_link_one_wins_and_the_other_is_told(app: Flask) -> None:
    path, gate, answers = welcome_path(app), Barrier(2), list[int]()

    def go(name: str) -> None:
        client = app.test_client()
        client.get(path)
        gate.wait()
        answers.append(post(client, path, **(MO | {"email": f"{name}@example.org"})).status_code)

    people = [Thread(target=go, args=(name,)) for name in ("mo", "ada")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(answers) == [302, 410]
    with app.app_context():
        assert len(db.session.scalars(select(User)).all()) == 1
