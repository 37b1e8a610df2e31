"""What every answer of the application keeps to: whose host, which headers, errors in words."""

from __future__ import annotations

import gc
import logging
import re
import weakref
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from facilitator import create_app
from facilitator.accounts.models import Role
from facilitator.core.config import Settings
from facilitator.core.db import db, now
from facilitator.core.extensions import limiter


def test_an_application_nobody_needs_any_more_is_let_go(tmp_path: Path) -> None:
    first, _second = (
        weakref.ref(create_app(Settings.load(tmp_path / name, {}).kept())) for name in ("first", "second")
    )
    gc.collect()
    assert first() is None


def test_a_foreign_host_is_refused_in_words(client: FlaskClient) -> None:
    assert client.get("/login").status_code == 200
    answer = client.get("/login", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "<h1>" in answer.text


@pytest.mark.parametrize("place", ["https://meet.example.org", "http://extra.example.org", "http://localhost:5000"])
def test_the_public_address_and_allowed_hosts_are_ours(tmp_path: Path, place: str) -> None:
    environ = {
        "FACILITATOR_PUBLIC_URL": "https://meet.example.org",
        "FACILITATOR_ALLOWED_HOSTS": "extra.example.org, other.example.org",
    }
    client = create_app(Settings.load(tmp_path, environ)).test_client()
    assert client.get("/healthz", base_url=place).status_code == 200


@pytest.mark.promise("not-stored")
def test_pages_run_nothing_inline_and_are_kept_nowhere(client: FlaskClient) -> None:
    headers = client.get("/login").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.promise("plain-http")
def test_only_tls_brings_what_needs_tls(app: Flask, tmp_path: Path) -> None:
    plain = app.test_client().get("/login")
    assert "Strict-Transport-Security" not in plain.headers
    assert "Secure" not in plain.headers["Set-Cookie"]

    settings = Settings.load(tmp_path / "tls", {"FACILITATOR_PUBLIC_URL": "https://meet.example.org"}).kept()
    answer = create_app(settings).test_client().get("/login", base_url="https://meet.example.org")
    assert "Strict-Transport-Security" in answer.headers
    assert "upgrade-insecure-requests" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Set-Cookie"].startswith("__Host-session=")
    assert "Secure" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 410, 413, 429, 500])
def test_every_error_has_a_page_in_words(app: Flask, code: int) -> None:
    app.add_url_rule("/broken", view_func=lambda: abort(code))
    answer = app.test_client().get("/broken", headers={"Accept-Language": "en"})
    assert answer.status_code == code
    assert "<h1>" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.promise("nothing-typed-is-logged")
def test_a_broken_page_tells_no_detail_and_the_log_its_kind_and_place(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(token: str) -> str:
        raise ValueError("a secret about Gia " + token)

    app.add_url_rule("/broken/<token>", view_func=break_down)
    app.testing = False
    answer = app.test_client().get("/broken/sesame")
    assert answer.status_code == 500
    assert "a request failed: ValueError at " in caplog.text
    assert "break_down" in caplog.text
    assert "Gia" not in answer.text + caplog.text
    assert "sesame" not in caplog.text


@pytest.mark.promise("nothing-typed-is-logged")
def test_what_the_database_refuses_is_logged_without_its_values(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with app.app_context(), db.writing() as session:
        session.add(Role(id="gia", name="twice"))

    def again() -> str:
        with db.writing() as session:
            session.add(Role(id="pete", name="twice"))
        return ""

    app.add_url_rule("/broken", view_func=again)
    app.testing = False
    assert app.test_client().get("/broken").status_code == 500
    assert "IntegrityError at " in caplog.text
    assert "pete" not in caplog.text
    assert "twice" not in caplog.text


@pytest.mark.promise("nothing-typed-is-logged")
def test_whom_a_limit_stops_is_not_logged(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    app.config["WTF_CSRF_ENABLED"] = False  # the tokens of pages are not what is tested here
    caplog.set_level(logging.DEBUG)
    client = app.test_client()
    client.set_cookie("seat-1", "the device of Gia")
    for path in ("/j", "/meetings/none/contribute"):
        answers = [client.post(path, data={"code": "x"}, environ_base={"REMOTE_ADDR": "192.0.2.7"}) for _ in range(300)]
        assert answers[-1].status_code == 429
    assert "flask-limiter" in {record.name for record in caplog.records}
    assert "192.0.2.7" not in caplog.text
    assert not re.search("[0-9a-f]{16}", caplog.text)


def test_more_than_a_megabyte_is_too_big(client: FlaskClient) -> None:
    answer = client.post("/login", data={"email": "x" * 1_100_000})
    assert answer.status_code == 413


def test_a_proxy_is_believed_only_if_it_is_known(tmp_path: Path) -> None:
    forged = {"X-Forwarded-Host": "localhost", "Host": "evil.example"}
    plain = create_app(Settings.load(tmp_path, {})).test_client()
    behind = create_app(Settings.load(tmp_path, {"FACILITATOR_TRUSTED_PROXIES": "1"})).test_client()
    assert plain.get("/healthz", headers=forged).status_code == 400
    assert behind.get("/healthz", headers=forged).status_code == 200


@pytest.mark.parametrize(("asked", "lang"), [("en-GB,en;q=0.9", "en"), ("nl", "nl"), ("fi", "nl"), ("", "nl")])
def test_pages_speak_the_language_of_the_phone(client: FlaskClient, asked: str, lang: str) -> None:
    assert f'<html lang="{lang}">' in client.get("/login", headers={"Accept-Language": asked}).text


def test_the_chosen_language_goes_before_that_of_the_phone(client: FlaskClient) -> None:
    client.set_cookie("lang", "en")
    assert '<html lang="en">' in client.get("/login", headers={"Accept-Language": "nl"}).text


def test_an_installation_says_whom_to_tell_of_a_hole_only_if_its_host_said_so(app: Flask, tmp_path: Path) -> None:
    assert app.test_client().get("/.well-known/security.txt").status_code == 404
    environ = {
        "FACILITATOR_SECURITY_CONTACT": "mailto:ola@example.org",
        "FACILITATOR_PUBLIC_URL": "https://meet.example.org",
    }
    client = create_app(Settings.load(tmp_path, environ)).test_client()
    answer = client.get("/.well-known/security.txt", base_url="https://meet.example.org")
    assert answer.content_type == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert said["Contact"] == "mailto:ola@example.org"
    assert now() < datetime.fromisoformat(said["Expires"]) < now() + timedelta(days=365), "as the standard wants it"
    assert said["Canonical"] == "https://meet.example.org/.well-known/security.txt"
    assert set(said["Preferred-Languages"].split(", ")) == {"nl", "en"}
