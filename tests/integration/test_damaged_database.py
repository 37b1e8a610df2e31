"""A database that is damaged or away is a sentence for whoever opens a page, signed in or not, and never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from facilitator.core import sealing
from facilitator.core.config import Settings
from facilitator.core.db import db
from tests.accounts_cast import make_moderator
from tests.cast import Cast
from tests.contract.everybody import signed_in

PAGES = ("/login", "/meetings", "/mine", "/archive", "/account/data.json", "/j/ABCD-EFGH")


def no_database(path: Path) -> None:
    path.write_bytes(b"this is no database " * 500)


def cut_off(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def holes(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page : page + 200] = b"\xa5" * 200
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [no_database, cut_off, holes], ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("name", ["facilitator.sqlite", "keys.sqlite"])
def test_a_damaged_file_is_a_sentence(
    app: Flask, settings: Settings, damage: Callable[[Path], None], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    cast = Cast(app, make_moderator(app))
    meeting = cast.meeting()
    meeting.advance_to("story")
    assert cast.user is not None
    clients = {"mo": signed_in(app, cast.user), "phone": meeting.client(meeting.pete), "visitor": app.test_client()}
    assert clients["mo"].get("/meetings").status_code == 200
    with app.app_context():
        for engine in (db.engine, sealing.keyring().engine):
            sealing.let_go_of_deleted(engine)
            engine.dispose()
    damage(settings.data_dir / name)
    broken = 0
    with caplog.at_level(logging.DEBUG):
        for client in clients.values():
            for page in (*PAGES, f"/meetings/{meeting.id}/phone", f"/meetings/{meeting.id}/mine"):
                answer = client.get(page)
                assert answer.status_code < 500 or answer.status_code == 503, page
                assert "Traceback" not in answer.text
                broken += answer.status_code == 503
                if answer.status_code == 503:
                    assert "just now" in answer.text or "nu even niet" in answer.text, answer.text
    assert broken
    assert "Traceback" not in caplog.text
