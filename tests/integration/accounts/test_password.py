"""A forgotten password, and changing one."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.accounts_cast import PASSWORD, english, link_in, mails, make_moderator, post, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


def reset_link(app: Flask, client: FlaskClient) -> str:
    post(client, "/reset", email="mo@example.org")
    return link_in(mails(app)[0])


def test_mo_chooses_a_new_password_by_the_mail_in_the_folder(app: Flask, client: FlaskClient) -> None:
    mo = make_moderator(app)
    link = reset_link(app, client)
    assert client.get(link).status_code == 200
    assert post(client, link, password="een nieuw wachtwoord").location == "/login"
    assert sign_in(client, mo).status_code == 422
    assert sign_in(client, mo, "een nieuw wachtwoord").status_code == 302


def test_a_reset_link_works_once(app: Flask, client: FlaskClient) -> None:
    make_moderator(app)
    link = reset_link(app, client)
    post(client, link, password="een nieuw wachtwoord")
    assert client.get(link).location == "/reset"
    assert post(client, link, password="nog een wachtwoord").location == "/reset"


def test_a_short_password_is_refused_and_the_link_still_works(app: Flask, client: FlaskClient) -> None:
    make_moderator(app)
    link = reset_link(app, client)
    assert post(client, link, password="kort").status_code == 422
    assert post(client, link, password="een nieuw wachtwoord").status_code == 302


def test_the_answer_does_not_tell_who_has_an_account(app: Flask, client: FlaskClient) -> None:
    make_moderator(app)
    known = post(english(client), "/reset", email="mo@example.org")
    unknown = post(client, "/reset", email="ola@example.org")
    assert len(mails(app)) == 1
    assert known.status_code == unknown.status_code == 200
    assert "you get a mail with a link" in known.text
    assert _plain(known.text, "mo@example.org") == _plain(unknown.text, "ola@example.org")


@pytest.mark.promise("mail-folder")
def test_a_mail_has_a_neutral_subject_and_only_the_host_can_read_it(app: Flask, client: FlaskClient) -> None:
    make_moderator(app)
    reset_link(app, client)
    (message,) = mails(app)
    assert message["To"] == "mo@example.org"
    assert message["Subject"].startswith("Facilitator: ")
    assert "Mo" not in message["Subject"]
    (file,) = Path(app.config["MAIL_FOLDER"]).glob("*.eml")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_new_password_signs_out_the_other_devices(app: Flask, client: FlaskClient) -> None:
    mo, other = make_moderator(app), app.test_client()
    sign_in(client, mo)
    sign_in(other, mo)
    answer = post(client, "/account/password", password=PASSWORD, new_password="een nieuw wachtwoord")
    assert answer.location == "/account"
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


def test_a_new_password_needs_the_old_one(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_moderator(app))
    answer = post(english(client), "/account/password", password="fout", new_password="een nieuw wachtwoord")
    assert answer.status_code == 422
    assert "That is not your password." in answer.text


def _plain(page: str, address: str) -> str:
    """A page without the address that was typed and without its request tokens, which carry the second they were made."""
    return re.sub(r'value="[^"]{60,}"', "", page.replace(address, ""))
