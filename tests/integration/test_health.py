"""Alive, ready, figures – and who may see them."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator import create_app
from facilitator.core import sealing
from facilitator.core.config import Settings
from tests.cast import Cast

TOKEN = "a-token-that-is-long-enough"


@pytest.mark.promise("health")
def test_a_fresh_installation_is_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ready": True, "failing": []})


def test_readiness_names_what_fails_and_no_more(tmp_path: Path) -> None:
    environ = {"FACILITATOR_REDIS_URL": "redis://:geheim@127.0.0.1:1/0"}
    answer = create_app(Settings.load(tmp_path, environ)).test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"ready": False, "failing": ["redis", "migrations"]}
    assert "geheim" not in answer.text


@pytest.mark.promise("health")
def test_figures_are_for_this_machine(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.168.1.7"}).status_code == 403


def test_what_a_proxy_hands_on_does_not_come_from_this_machine(client: FlaskClient) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize(("sent", "code"), [(TOKEN, 200), (f"{TOKEN}!", 403), ("é", 403), ("", 403)])
def test_figures_are_for_who_knows_the_token(tmp_path: Path, sent: str, code: int) -> None:
    client = with_token(tmp_path).test_client()
    headers = {"Authorization": f"Bearer {sent}"}
    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": "192.168.1.7"})
    assert answer.status_code == code


def with_token(folder: Path) -> Flask:
    return create_app(Settings.load(folder, {"FACILITATOR_METRICS_TOKEN": TOKEN}))


def test_keys_that_do_not_open_and_a_disk_that_does_not_keep_are_not_ready(app: Flask) -> None:
    meeting = Cast(app).meeting()
    meeting.advance_to("story")
    meeting.write(meeting.gia, "question", question="How do I keep him?")
    client = app.test_client()
    assert client.get("/readyz").get_json()["failing"] == []
    with app.app_context(), sealing.keyring().engine.begin() as connection:
        kept = connection.execute(sealing.meeting_keys.select()).all()
        connection.execute(sealing.meeting_keys.delete())
    assert "keys" in client.get("/readyz").get_json()["failing"]
    with app.app_context(), sealing.keyring().engine.begin() as connection:
        connection.execute(sealing.meeting_keys.insert(), [dict(row._mapping) for row in kept])
    assert client.get("/readyz").status_code == 200

    with no_room():
        answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["failing"]) == (503, ["disk"])
    assert client.get("/readyz").status_code == 200


@contextmanager
def no_room() -> Iterator[None]:
    """As on a full disk: the system refuses to write more than a few bytes to any file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
