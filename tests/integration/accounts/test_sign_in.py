"""Signing in and out, and what a wrong password is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from facilitator.accounts.messages import MESSAGES
from tests.accounts_cast import PASSWORD, csrf_token, english, make_moderator, post, sign_in, sign_out

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

NOT_RIGHT = MESSAGES["GENERIC_AUTHN_FAILED"][0]


def test_mo_signs_in_and_out(app: Flask, client: FlaskClient) -> None:
    answer = sign_in(client, make_moderator(app))
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/account").status_code == 200
    assert sign_out(client).status_code == 302
    assert client.get("/account").status_code == 302


def test_an_address_is_the_same_in_capitals(app: Flask, client: FlaskClient) -> None:
    make_moderator(app)
    assert post(client, "/login", email=" MO@EXAMPLE.ORG ", password=PASSWORD).status_code == 302


def test_a_page_that_needs_an_account_leads_to_sign_in_and_back(app: Flask, client: FlaskClient) -> None:
    make_moderator(app)
    location = client.get("/account").location
    assert location == "/login?next=/account"
    answer = post(client, "/login", email="mo@example.org", password=PASSWORD, next="/account")
    assert answer.location == "/account"


@pytest.mark.parametrize("email", ["mo@example.org", "ola@example.org"])
def test_a_wrong_password_and_a_wrong_address_are_told_the_same(app: Flask, client: FlaskClient, email: str) -> None:
    make_moderator(app)
    answer = post(english(client), "/login", email=email, password="niet het goede")
    assert answer.status_code == 422
    assert NOT_RIGHT in answer.text
    assert f'value="{email}"' in answer.text
    assert "niet het goede" not in answer.text


def test_what_the_library_says_is_translated_by_our_catalogue(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    catalogue = Catalog(locale="nl")
    catalogue.add(NOT_RIGHT, "Het e-mailadres of het wachtwoord klopt niet.")
    (tmp_path / "nl/LC_MESSAGES").mkdir(parents=True)
    with (tmp_path / "nl/LC_MESSAGES/messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    domain = app.extensions["security"].i18n_domain
    assert domain.domain == ["messages"]
    domain._translation_directories, domain.cache = [str(tmp_path)], {}
    client.set_cookie("lang", "nl")
    answer = post(client, "/login", email="mo@example.org", password="fout")
    assert "Het e-mailadres of het wachtwoord klopt niet." in answer.text


def test_no_text_of_the_library_is_left_that_a_sign_in_page_may_show(app: Flask) -> None:
    for key, message in MESSAGES.items():
        assert app.config[f"SECURITY_MSG_{key}"] == message


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", r"/\evil.example", "///evil.example", "javascript:alert(1)"],
)
def test_signing_in_never_leads_to_another_host(app: Flask, client: FlaskClient, elsewhere: str) -> None:
    make_moderator(app)
    trap = f"/login?next={quote(elsewhere, safe='')}"
    assert elsewhere not in client.get(trap).text
    location = post(client, trap, email="mo@example.org", password=PASSWORD, next=elsewhere).location
    assert re.fullmatch(r"/([^/\\].*)?", location), location


def test_guessing_is_slowed_down_for_whoever_guesses_and_not_for_mo(app: Flask, client: FlaskClient) -> None:
    mo, guesser = make_moderator(app), app.test_client()
    tries = [post(guesser, "/login", email=mo.email, password=f"gok {n}").status_code for n in range(11)]
    assert (tries[0], tries[-1]) == (422, 429)
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    form = {"email": mo.email, "password": PASSWORD, "csrf_token": csrf_token(client)}
    assert client.post("/login", data=form, environ_overrides=elsewhere).status_code == 302


def test_an_empty_form_says_what_to_fill_in(app: Flask, client: FlaskClient) -> None:
    assert post(client, "/login", email="", password="").status_code == 422


@pytest.mark.parametrize(
    "odd", ["\0", "a" * 100_000, "\ud800".encode("utf-8", "surrogatepass"), "\u202ex@example.org", "{'a': 1}"]
)
def test_odd_input_is_refused_like_any_other(app: Flask, client: FlaskClient, odd: str | bytes) -> None:
    token = csrf_token(client)
    for path in ("/login", "/reset"):
        answer = client.post(path, data={"email": odd, "password": odd, "csrf_token": token})
        assert answer.status_code in (200, 422), path
