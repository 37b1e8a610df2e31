"""The cast, as people with accounts: Mo moderates, Ola is an outsider of another organisation.

`sign_in` goes through the real page, with its token, so that a test starts where a person starts.
"""

from __future__ import annotations

import email
import email.policy
import re
from pathlib import Path
from typing import TYPE_CHECKING

from facilitator.accounts.actions import create_user
from facilitator.accounts.models import ADMINISTRATOR, MEMBER, MODERATOR, User

if TYPE_CHECKING:
    from email.message import EmailMessage

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

PASSWORD = "vier woorden zijn genoeg"


def make_user(app: Flask, name: str, organisation: str, role: str) -> User:
    """Somebody with an account: `<name>@example.org`, password `PASSWORD`."""
    with app.app_context():
        return create_user(name, f"{name.lower()}@example.org", PASSWORD, organisation, role)


def make_moderator(app: Flask, name: str = "Mo", organisation: str = "Werkplaats") -> User:
    """Somebody who may start meetings."""
    return make_user(app, name, organisation, MODERATOR)


def make_administrator(app: Flask, name: str = "Mo", organisation: str = "Werkplaats") -> User:
    """Somebody who may invite people as well."""
    return make_user(app, name, organisation, ADMINISTRATOR)


def make_member(app: Flask, name: str = "Pete", organisation: str = "Werkplaats") -> User:
    """Somebody who may read the archive."""
    return make_user(app, name, organisation, MEMBER)


def make_outsider(app: Flask, name: str = "Ola", organisation: str = "Elders") -> User:
    """An administrator of another organisation: whatever Ola cannot reach, nobody outside can."""
    return make_user(app, name, organisation, ADMINISTRATOR)


def sign_in(client: FlaskClient, user: User, password: str = PASSWORD) -> TestResponse:
    """Signs somebody in by the sign-in page."""
    return post(client, "/login", email=user.email, password=password)


def sign_out(client: FlaskClient) -> TestResponse:
    """Signs out by the button."""
    return post(client, "/logout")


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Sends a form as a browser would, with the token of a page this person has open."""
    return client.post(path, data={"csrf_token": csrf_token(client), **fields})


def csrf_token(client: FlaskClient) -> str:
    """The token in a page that is there for everybody."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/reset").text)
    return found.group(1) if found else ""


def english(client: FlaskClient) -> FlaskClient:
    """The same browser, reading English."""
    client.set_cookie("lang", "en")
    return client


def mails(app: Flask) -> list[EmailMessage]:
    """What was sent, in no order."""
    files = Path(app.config["MAIL_FOLDER"]).glob("*.eml")
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def words_in(message: EmailMessage) -> str:
    """What of a mail is read."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(message: EmailMessage) -> str:
    """The path of the link in a mail."""
    found = re.search(r"https?://[^/\s]+(/\S+)", words_in(message))
    assert found, "the mail has a link"
    return found.group(1)
