"""Mail: where it goes, and what happens when it does not."""

from __future__ import annotations

import email
import email.policy
import logging
import socket
import ssl
import threading
import time
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from facilitator.accounts import mail
from facilitator.core.db import now
from tests.accounts_cast import mails, make_administrator, post, sign_in

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient


FROM = "Facilitator <facilitator@example.org>"
LONG_LINK = f"http://example.org/reset/{'a1b2' * 40}"


class MailServer(threading.Thread):
    """One that takes a single connection, and writes down what it hears until that ends."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(daemon=True)
        self.heard: list[str] = []
        self.mails: list[EmailMessage] = []
        self._tls = tls
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]

    def __enter__(self) -> MailServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.join(timeout=10)

    def run(self) -> None:
        line, _ = self._door.accept()
        self._door.close()
        with line, suppress(OSError):
            line.sendall(b"220 here\r\n")
            lines = line.makefile("rb")
            while said := lines.readline().decode().strip().upper():
                self.heard.append(said)
                line.sendall(self._answer(said))
                if said == "DATA":
                    self._take(lines)
                    line.sendall(b"250 kept\r\n")
                if said == "STARTTLS" and self._tls:
                    line = self._tls.wrap_socket(line, server_side=True)
                    lines = line.makefile("rb")
                if said == "QUIT":
                    return

    def _answer(self, said: str) -> bytes:
        if said.startswith("EHLO"):
            return b"250-here\r\n250 STARTTLS\r\n" if self._tls else b"250 here\r\n"
        return {"DATA": b"354 go on\r\n", "STARTTLS": b"220 go on\r\n", "QUIT": b"221 bye\r\n"}.get(
            said, b"250 fine\r\n"
        )

    def _take(self, lines: BinaryIO) -> None:
        text = b"".join(iter(lines.readline, b".\r\n"))
        self.mails.append(email.message_from_bytes(text, policy=email.policy.default))


def certificate_of_nobody(folder: Path) -> ssl.SSLContext:
    """TLS with a certificate that a server made for itself."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent from a thread of its own is sent before the test goes on, and twice at most."""

    class Now(threading.Thread):
        def start(self) -> None:
            self.run()

    monkeypatch.setattr(mail, "Thread", Now)
    monkeypatch.setattr(mail, "PAUSES_SECONDS", (0,))


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
    app: Flask, caplog: pytest.LogCaptureFixture, at_once: None, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    mail.init_mail(app, f"smtp://127.0.0.1:{port}", FROM, tmp_path / "mail")
    with app.app_context(), caplog.at_level(logging.DEBUG):
        mail.send("changed", "mo@example.org", "en", name="Mo", link="http://example.org/reset")
    here = threading.get_ident()  # what an earlier test began to send may be tried again meanwhile
    told = [record for record in caplog.records if record.name == mail.__name__ and record.thread == here]
    assert [record.getMessage() for record in told] == ["a mail could not be sent: ConnectionRefusedError"] * 2
    assert "mo@example.org" not in caplog.text


def test_a_mail_arrives_as_it_was_written(app: Flask, at_once: None, tmp_path: Path) -> None:
    with MailServer() as server:
        mail.init_mail(app, f"smtp://127.0.0.1:{server.port}", FROM, tmp_path / "mail")
        with app.app_context():
            mail.send("changed", "mo@example.org", "nl", name="Zoë", link=LONG_LINK)
    (arrived,) = server.mails
    assert (arrived["To"], arrived["From"], arrived["Subject"]) == (
        "mo@example.org",
        FROM,
        "Facilitator: je wachtwoord is veranderd",
    )
    assert "Zoë" in arrived.get_content()
    assert LONG_LINK in arrived.get_content()
    assert arrived["Message-ID"].endswith("@example.org>"), "and names no machine"
    assert arrived["Date"]


def test_a_password_is_kept_from_a_server_that_cannot_say_who_it_is(
    app: Flask, caplog: pytest.LogCaptureFixture, at_once: None, tmp_path: Path
) -> None:
    with MailServer(certificate_of_nobody(tmp_path)) as server:
        mail.init_mail(app, f"smtp://mo:geheim@localhost:{server.port}", FROM, tmp_path / "mail")
        with app.app_context(), caplog.at_level(logging.DEBUG):
            mail.send("changed", "mo@example.org", "en", name="Mo", link=LONG_LINK)
    assert "STARTTLS" in server.heard
    assert not [line for line in server.heard if line.startswith("AUTH")]
    assert server.mails == []
    assert "a mail could not be sent: SSLCertVerificationError" in caplog.text


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", mail.Server("mail.example.org", 25, False, False)),
        ("smtp://mail.example.org:587", mail.Server("mail.example.org", 587, False, True)),
        ("smtp://mo:p%40ss@mail.example.org", mail.Server("mail.example.org", 25, False, True, "mo", "p@ss")),
        ("smtps://mo:pass@mail.example.org", mail.Server("mail.example.org", 465, True, False, "mo", "pass")),
    ],
)
def test_the_mail_address_says_how_to_connect(url: str, expected: mail.Server) -> None:
    assert mail.Server.at(url) == expected
    assert "pass" not in repr(expected), "and it is not shown"


@pytest.mark.parametrize("url", ["http://mail.example.org", "smtp://", "mail.example.org"])
def test_a_mail_address_that_is_none_is_refused_at_once(app: Flask, url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="FACILITATOR_MAIL_URL"):
        mail.init_mail(app, url, FROM, tmp_path)
