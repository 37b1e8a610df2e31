"""Two things at one moment: whoever comes second waits, and finds what the first one did."""

from __future__ import annotations

import time
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from facilitator.calendar import members
from facilitator.calendar.models import Guest
from facilitator.core.db import db, now
from tests.accounts_cast import post
from tests.integration.calendar.conftest import North


@pytest.fixture
def app(app_on: Flask) -> Flask:
    return app_on


def test_somebody_says_that_they_come_while_they_are_being_invited(
    north: North, monkeypatch: pytest.MonkeyPatch
) -> None:
    north.plans(until="2031-03-05")
    is_at_it, turn = Event(), members._turn

    def slowly(*args: object, **named: object) -> None:
        is_at_it.set()
        time.sleep(0.3)
        turn(*args, **named)  # type: ignore[arg-type]

    def follow() -> None:
        with north.app.app_context():
            members.follow_members(now())

    monkeypatch.setattr(members, "_turn", slowly)
    job = Thread(target=follow)
    job.start()
    assert is_at_it.wait(10)
    where = f"/meetings/{north.appointments[0].meeting_id}/when"
    assert post(north.browsers["Pete"], f"{where}/answer", says="yes").status_code == 302
    job.join()
    with north.app.app_context():
        said = select(Guest.answer).where(Guest.user_id == north.pete.id)
        assert db.session.scalars(said).all() == ["yes"]
