"""The account page, the language, and the token that every form needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from facilitator.accounts.models import User
from facilitator.accounts.welcome import link_token
from facilitator.core.db import db
from tests.accounts_cast import make_administrator, make_moderator, post, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


def test_mo_changes_name_and_language(app: Flask, client: FlaskClient) -> None:
    mo = make_moderator(app)
    sign_in(client, mo)
    assert post(client, "/account", name=" Moniek ", locale="en").location == "/account"
    page = client.get("/account").text
    assert 'value="Moniek"' in page
    assert '<html lang="en"' in page
    with app.app_context():
        assert db.session.get_one(User, mo.id).locale == "en"


def test_an_empty_name_is_refused_in_words(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_moderator(app))
    answer = post(client, "/account", name="  ", locale="en")
    assert answer.status_code == 422


def test_the_language_follows_cookie_then_account_then_browser(app: Flask, client: FlaskClient) -> None:
    assert '<html lang="en"' in client.get("/reset", headers={"Accept-Language": "en"}).text
    sign_in(client, make_moderator(app))  # whose account says Dutch
    assert '<html lang="nl"' in client.get("/reset", headers={"Accept-Language": "en"}).text
    client.set_cookie("lang", "en")
    assert '<html lang="en"' in client.get("/reset").text


def test_choosing_a_language_leads_back_and_is_kept_with_the_account(app: Flask, client: FlaskClient) -> None:
    mo = make_moderator(app)
    sign_in(client, mo)
    answer = post(client, "/language", language="en", next="/account?a=1")
    assert answer.location == "/account?a=1"
    assert '<html lang="en"' in client.get("/account").text
    with app.app_context():
        assert db.session.get_one(User, mo.id).locale == "en"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example/x", r"/\evil.example", r"\\evil.example"]
)
def test_choosing_a_language_never_leads_to_another_host(client: FlaskClient, elsewhere: str) -> None:
    location = post(client, "/language", language="nl", next=elsewhere).location
    assert location == "/" or (location.startswith("/") and location[1] not in "/\\")


def test_an_unknown_language_is_refused(client: FlaskClient) -> None:
    assert post(client, "/language", language="xx").status_code == 400


def test_every_form_needs_its_token(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context():
        paths = [f"/welcome/{link_token()}", "/login", "/reset", "/reset/x", "/invitations/x", "/language"]
    for path in paths:
        assert client.post(path, data={"name": "Ola", "language": "nl"}).status_code == 400, path
    sign_in(client, make_administrator(app))
    for path in ("/account", "/account/password", "/invitations", "/invitations/x/withdraw", "/invitations/x/resend"):
        assert client.post(path, data={"name": "Ola"}).status_code == 400, path
    assert client.post("/logout").status_code == 400
    assert client.get("/account").status_code == 200
