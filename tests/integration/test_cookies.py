"""Every cookie: what it is called, what it holds, how long it stays. Nothing in them tells anything about anybody."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import base64_decode
from werkzeug.test import TestResponse

from tests.accounts_cast import PASSWORD, make_moderator, post
from tests.cast import Cast

A_DAY = 24 * 3600
RANDOM = re.compile(r"[\w-]{32,}")


@dataclass(frozen=True)
class Cookie:
    """One as it was set."""

    name: str
    value: str
    days: float | None


def set_by(*answers: TestResponse) -> dict[str, Cookie]:
    """What answers put on a device; the id of a meeting in a name is left out."""
    found = {}
    for answer in answers:
        for header in answer.headers.getlist("Set-Cookie"):
            ((name, morsel),) = SimpleCookie(header).items()
            age = morsel["max-age"]
            kind = name.partition("_")[0] if name.startswith(("seat", "lead", "wall")) else name
            found[kind] = Cookie(name, morsel.value, int(age) / A_DAY if age else None)
            assert morsel["httponly"], f"no script reads {name}"
            assert morsel["samesite"] == "Lax"
    return found


def session_of(cookie: Cookie) -> set[str]:
    """What Flask's session holds: signed, and readable by whoever has the device."""
    packed = base64_decode(cookie.value.lstrip(".").partition(".")[0])
    return set(json.loads(zlib.decompress(packed) if cookie.value.startswith(".") else packed))


@pytest.mark.promise("cookies")
def test_a_phone_gets_a_random_token_for_a_week_and_what_its_forms_need(app: Flask, client: FlaskClient) -> None:
    meeting = Cast(app).meeting()
    door = client.get(f"/j/{meeting.snapshot.code}")
    answer = post(client, f"/j/{meeting.snapshot.code}", name="Zoe", agrees="y")
    waiting = client.get("/wall")
    found = set_by(door, answer, waiting)
    assert set(found) == {"session", "seat", "pairing"}
    for kind in ("seat", "pairing"):
        assert RANDOM.fullmatch(found[kind].value)
        assert found[kind].days == 7
    assert found["session"].days is None, "until the browser is closed"
    assert session_of(found["session"]) == {"csrf_token"}
    assert found["seat"].name == f"seat_{meeting.id}"


@pytest.mark.promise("cookies")
def test_a_language_that_was_chosen_stays_for_a_year(client: FlaskClient) -> None:
    found = set_by(post(client, "/language", language="en"))
    assert (found["lang"].value, found["lang"].days) == ("en", 365)


@pytest.mark.promise("cookies")
def test_whoever_stays_signed_in_does_so_for_thirty_days(app: Flask, client: FlaskClient) -> None:
    mo = make_moderator(app)
    found = set_by(post(client, "/login", email=mo.email, password=PASSWORD, remember="y"))
    assert set(found) <= {"session", "remember_token", "remember"}
    remembered = next(cookie for kind, cookie in found.items() if kind.startswith("remember"))
    assert remembered.days is None or remembered.days <= 30
    for told in (mo.email, mo.name, mo.id):
        assert told not in remembered.value
    assert session_of(found["session"]) <= {
        "csrf_token",
        "_user_id",
        "_id",
        "_fresh",
        "fs_cc",
        "fs_paa",
        "identity.id",
        "identity.auth_type",
        "fs_gexp",
    }
