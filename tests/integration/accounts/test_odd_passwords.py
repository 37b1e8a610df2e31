"""Passwords of any length and in any spelling: refused in words or right, never an error, at every place where one is typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator.accounts import invitations, welcome
from facilitator.accounts.actions import create_user
from facilitator.accounts.models import MODERATOR
from facilitator.core.refusals import Refused
from tests.accounts_cast import PASSWORD, link_in, mails, make_administrator, make_moderator, post, sign_in
from tests.pages import without_tokens

pytestmark = pytest.mark.usefixtures("patient")

TOO_MUCH = [
    "a" * 129,
    "a" * 4_097,
    "a" * 300_000,
    "é" * 5_000,
    "\ufdfa" * 128,
    "\ufdfa" * 3_000,
    "\0" * 5_000,
    "🙂" * 5_000,
]
SECRET = "Ångström ﬁnds ½"
# One password, as different phones and keyboards send it.
SPELLED = [SECRET, *(unicodedata.normalize(form, SECRET) for form in ("NFC", "NFD", "NFKC", "NFKD"))]

Setting = Callable[[Flask, FlaskClient, str], int]


def at_the_start(app: Flask, client: FlaskClient, password: str) -> int:
    with app.app_context():
        address = f"/welcome/{welcome.link_token()}"
    return post(client, address, name="Mo", email="mo@example.org", organisation="A", password=password).status_code


def invited(app: Flask, client: FlaskClient, password: str) -> int:
    ada = make_administrator(app, "Ada")
    with app.app_context():
        _, token = invitations.invite(ada, "mo@example.org", MODERATOR)
    return post(client, f"/invitations/{token}", name="Mo", password=password).status_code


def changed(app: Flask, client: FlaskClient, password: str) -> int:
    sign_in(client, make_moderator(app))
    return post(client, "/account/password", password=PASSWORD, new_password=password).status_code


def reset(app: Flask, client: FlaskClient, password: str) -> int:
    make_moderator(app)
    post(client, "/reset", email="mo@example.org")
    return post(client, link_in(mails(app)[0]), password=password).status_code


SETTINGS: list[Setting] = [at_the_start, invited, changed, reset]


@pytest.mark.parametrize("password", TOO_MUCH, ids=lambda text: f"{len(text)} of {text[0]!a}")
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_password_that_is_too_long_is_refused_wherever_one_is_chosen(
    app: Flask, client: FlaskClient, setting: Setting, password: str
) -> None:
    assert setting(app, client, password) == 422


@pytest.mark.parametrize("tried", [*TOO_MUCH, "\0", "a\0b", "\u202e"], ids=lambda text: f"{len(text)} of {text[0]!a}")
@pytest.mark.parametrize("address", ["mo@example.org", "nobody@example.org"])
def test_whatever_is_tried_is_a_wrong_password_in_the_words_of_one(
    app: Flask, client: FlaskClient, address: str, tried: str
) -> None:
    make_moderator(app)
    wrong = post(client, "/login", email=address, password="not this one")
    answer = post(client, "/login", email=address, password=tried)
    assert answer.status_code == wrong.status_code == 422
    assert without_tokens(answer.text) == without_tokens(wrong.text)


@pytest.mark.parametrize("tried", TOO_MUCH, ids=lambda text: f"{len(text)} of {text[0]!a}")
def test_whatever_is_typed_as_the_present_password_is_not_that_password(
    app: Flask, client: FlaskClient, tried: str
) -> None:
    sign_in(client, make_moderator(app))
    assert post(client, "/account/password", password=tried, new_password="another password").status_code == 422


@pytest.mark.parametrize("typed", SPELLED, ids=ascii)
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_password_is_the_same_in_every_spelling(
    app: Flask, client: FlaskClient, setting: Setting, typed: str
) -> None:
    assert setting(app, client, typed) == 302
    for spelled in SPELLED:
        assert post(app.test_client(), "/login", email="mo@example.org", password=spelled).status_code == 302, ascii(
            spelled
        )


@pytest.mark.parametrize("typed", [" blanks count ", "with\0inside it", "\u202eand directions"], ids=ascii)
def test_a_password_is_what_was_typed_and_nothing_else(app: Flask, client: FlaskClient, typed: str) -> None:
    assert at_the_start(app, client, typed) == 302
    assert post(app.test_client(), "/login", email="mo@example.org", password=typed).status_code == 302
    cleaned = typed.strip().replace("\0", "").replace("\u202e", "")
    assert post(app.test_client(), "/login", email="mo@example.org", password=cleaned).status_code == 422


@pytest.mark.parametrize(
    "password", [*TOO_MUCH, "short", "half \ud800 a character", "arguments \udcff"], ids=lambda text: ascii(text[:12])
)
def test_a_command_says_so_too(app: Flask, password: str) -> None:
    with app.app_context(), pytest.raises(Refused):
        create_user("Mo", "mo@example.org", password, "A")
