"""Signing in with a link by e-mail: once, soon, and only whoever reads the mail."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlalchemy import select, update

from facilitator.accounts import sign_in_links
from facilitator.accounts.actions import add_user
from facilitator.accounts.models import MEMBER, NO_PASSWORD, Organisation, SignInLink, User
from facilitator.core.db import db, now
from tests.accounts_cast import (
    PASSWORD,
    english,
    link_in,
    mails,
    make_member,
    make_moderator,
    make_outsider,
    post,
    sign_in,
    sign_out,
)
from tests.pages import without_tokens

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture
def pete(app: Flask) -> User:
    """A member without a password."""
    make_moderator(app)
    with app.app_context(), db.writing() as session:
        organisation = session.scalars(select(Organisation)).one()
        return add_user(session, organisation, "Pete", "pete@example.org", NO_PASSWORD, MEMBER)


@pytest.mark.promise("sign-in-links")
def test_pete_signs_in_with_a_link(app: Flask, client: FlaskClient, pete: User) -> None:
    link = ask(app, client, pete.email)
    assert "You sign in as pete@example.org." in english(client).get(link).text
    assert client.get("/account").status_code == 302, "opening the link alone signs nobody in: mail servers open links"
    assert post(client, link).location == "/"
    assert pete.email in client.get("/account").text


@pytest.mark.promise("sign-in-links")
def test_a_link_works_once(app: Flask, client: FlaskClient, pete: User) -> None:
    link = ask(app, client, pete.email)
    post(client, link)
    other = app.test_client()
    assert other.get(link).status_code == 410
    assert post(other, link).status_code == 410
    assert other.get("/account").status_code == 302
    assert client.get(link).location == "/", "whoever is in already is led on"


@pytest.mark.promise("sign-in-links")
def test_a_link_works_for_half_an_hour(app: Flask, client: FlaskClient, pete: User) -> None:
    link = ask(app, client, pete.email)
    assert client.get(link).status_code == 200
    with app.app_context(), db.writing() as session:
        assert (
            timedelta(minutes=29)
            < session.scalars(select(SignInLink.expires_at)).one() - now()
            <= timedelta(minutes=30)
        )
        session.execute(update(SignInLink).values(expires_at=now() - timedelta(seconds=1)))
    answer = english(client).get(link)
    assert answer.status_code == 410
    assert "We send you a new one." in answer.text
    assert post(client, link).status_code == 410


@pytest.mark.promise("sign-in-links")
def test_a_new_password_ends_every_link(app: Flask, client: FlaskClient) -> None:
    mo = make_moderator(app)
    link = ask(app, client, mo.email)
    sign_in(client, mo)
    post(client, "/account/password", password=PASSWORD, new_password="een heel nieuw woord")
    assert app.test_client().get(link).status_code == 410


@pytest.mark.promise("sign-in-links")
def test_an_address_without_an_account_is_told_the_same(app: Flask, client: FlaskClient, pete: User) -> None:
    known = without_tokens(post(client, "/login/link", email=pete.email).text)
    unknown = without_tokens(post(client, "/login/link", email="nobody@example.org").text)
    assert known.replace(pete.email, "X") == unknown.replace("nobody@example.org", "X")
    assert [mail["To"] for mail in mails(app)] == [pete.email]


def test_whoever_may_not_sign_in_gets_no_link(app: Flask, client: FlaskClient, pete: User) -> None:
    link = ask(app, client, pete.email)
    with app.app_context(), db.writing() as session:
        session.get_one(User, pete.id).active = False
    assert client.get(link).status_code == 410
    assert post(client, link).status_code == 410
    post(client, "/login/link", email=pete.email)
    assert len(mails(app)) == 1


@pytest.mark.promise("only-hashes")
def test_only_a_hash_of_the_link_is_kept(app: Flask, client: FlaskClient, pete: User) -> None:
    token = ask(app, client, pete.email).rpartition("/")[2]
    with app.app_context():
        kept = db.session.scalars(select(SignInLink.token_hash)).one()
        assert sign_in_links.whose(token) is not None
        assert sign_in_links.whose(kept) is None


def test_a_link_leads_on_to_where_somebody_wanted_to_be(app: Flask, client: FlaskClient, pete: User) -> None:
    assert client.get("/mine").location == "/login?next=/mine"
    post(client, "/login/link", email=pete.email, next="/mine")
    link = link_in(mails(app)[0])
    assert post(client, link).location == "/mine"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example/", r"/\evil.example"])
def test_a_link_never_leads_to_another_host(app: Flask, client: FlaskClient, pete: User, elsewhere: str) -> None:
    post(client, "/login/link", email=pete.email, next=elsewhere)
    mail = mails(app)[0]
    assert not re.search(r"next=(https?:)?[/\\%5CF]{2}", mail.get_content())
    location = post(client, f"{link_in(mail).partition('?')[0]}?next={quote(elsewhere, safe='')}").location
    assert re.fullmatch(r"/([^/\\].*)?", location), location


def test_asking_too_often_is_slowed_down(client: FlaskClient) -> None:
    tries = [post(client, "/login/link", email="nobody@example.org").status_code for _ in range(6)]
    assert (tries[0], tries[-1]) == (200, 429)


def test_a_wrong_address_is_told_and_kept(client: FlaskClient) -> None:
    answer = post(client, "/login/link", email="pete@")
    assert answer.status_code == 422
    assert 'value="pete@"' in answer.text


def test_nothing_typed_is_the_password_of_whoever_has_none(client: FlaskClient, pete: User) -> None:
    for password in ("", " ", "!", "None", NO_PASSWORD):
        assert post(client, "/login", email=pete.email, password=password).status_code == 422


def test_pete_chooses_a_password_later(app: Flask, client: FlaskClient, pete: User) -> None:
    post(client, ask(app, client, pete.email))
    page = english(client).get("/account").text
    assert "Your password now" not in page
    assert post(client, "/account/password", new_password=PASSWORD).status_code == 302
    assert "Your password now" in client.get("/account").text
    sign_out(client)
    assert sign_in(client, pete).location == "/"


def test_whoever_has_a_password_must_know_it_to_change_it(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_member(app))
    for present in ("", "niet het goede"):
        answer = post(client, "/account/password", password=present, new_password="een heel nieuw woord")
        assert answer.status_code == 422


def test_a_first_password_needs_a_fresh_sign_in(app: Flask, client: FlaskClient, pete: User) -> None:
    post(client, ask(app, client, pete.email))
    with client.session_transaction() as session:
        session["fs_paa"] = 0.0
    assert post(client, "/account/password", new_password=PASSWORD).location == "/login/link?next=/account"
    assert sign_in(app.test_client(), pete).status_code == 422


def test_of_two_at_once_one_comes_in(app: Flask, client: FlaskClient, pete: User) -> None:
    token = ask(app, client, pete.email).rpartition("/")[2]
    with app.app_context():
        came_in = [sign_in_links.use(token), sign_in_links.use(token)]
    assert [user is not None for user in came_in] == [True, False]


def test_somebody_else_who_is_signed_in_is_told_so(app: Flask, client: FlaskClient, pete: User) -> None:
    link = ask(app, client, pete.email)
    ola = app.test_client()
    sign_in(ola, make_outsider(app))
    page = english(ola).get(link).text
    assert "You are signed in as Ola." in page
    assert "pete@example.org" in page


def ask(app: Flask, client: FlaskClient, email: str) -> str:
    """Asks for a link and reads the mail; gives the link's path."""
    assert post(client, "/login/link", email=email).status_code == 200
    return link_in(mails(app)[-1])
