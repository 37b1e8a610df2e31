"""Mail: where it goes, and what happens when it does not."""

from __future__ import annotations

import logging
import socket
import time
from typing import TYPE_CHECKING

import pytest

from facilitator.accounts import mail
from tests.accounts_cast import mails, make_administrator, post, sign_in

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient


FROM = "Facilitator <facilitator@example.org>"


@pytest.fixture
def silent_server() -> socket.socket:
    """A mail server that accepts and then never says a word."""
    return socket.create_server(("127.0.0.1", 0))


def test_a_silent_mail_server_does_not_hold_up_the_answer(
    app: Flask, client: FlaskClient, silent_server: socket.socket, tmp_path: Path
) -> None:
    mail.init_mail(app, f"smtp://127.0.0.1:{silent_server.getsockname()[1]}", FROM, tmp_path / "mail")
    sign_in(client, make_administrator(app))
    began = time.monotonic()
    assert post(client, "/invitations", email="pete@example.org", role="member").status_code == 302
    assert time.monotonic() - began < mail.WAIT_FOR_SERVER_SECONDS
    assert mails(app) == []
    silent_server.close()


@pytest.mark.promise("nothing-typed-is-logged")
def test_a_failure_is_logged_without_address_or_content(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Now:
        def __init__(self, args: tuple[object, ...], **_: object) -> None:
            self.app, self.message = args[0], args[1]

        def start(self) -> None:
            mail._deliver(self.app, self.message, pauses=(0,))  # type: ignore[arg-type]

    monkeypatch.setattr(mail, "Thread", Now)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    mail.init_mail(app, f"smtp://127.0.0.1:{port}", FROM, tmp_path / "mail")
    with app.app_context(), caplog.at_level(logging.DEBUG):
        mail.send("changed", "mo@example.org", "en", name="Mo", link="http://example.org/reset")
    assert [record.getMessage() for record in caplog.records if record.name == mail.__name__] == [
        "a mail could not be sent: ConnectionRefusedError"
    ] * 2
    assert "mo@example.org" not in caplog.text


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 25, False, False, None)),
        ("smtp://mo:p%40ss@mail.example.org:587", ("mail.example.org", 587, True, False, "p@ss")),
        ("smtps://mo:pass@mail.example.org", ("mail.example.org", 465, False, True, "pass")),
    ],
)
def test_the_mail_address_says_how_to_connect(
    app: Flask, url: str, expected: tuple[object, ...], tmp_path: Path
) -> None:
    mail.init_mail(app, url, FROM, tmp_path)
    keys = ("MAIL_SERVER", "MAIL_PORT", "MAIL_USE_TLS", "MAIL_USE_SSL", "MAIL_PASSWORD")
    assert tuple(app.config[key] for key in keys) == expected


@pytest.mark.parametrize("url", ["http://mail.example.org", "smtp://", "mail.example.org"])
def test_a_mail_address_that_is_none_is_refused_at_once(app: Flask, url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="FACILITATOR_MAIL_URL"):
        mail.init_mail(app, url, FROM, tmp_path)
