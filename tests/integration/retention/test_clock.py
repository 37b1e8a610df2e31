"""A clock that is wrong destroys nothing, publishes nothing and mails nothing, and it is said; a real pause goes on once somebody
has said what day it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select, update

from facilitator.cli import commands
from facilitator.core import sealing
from facilitator.core.clock import ClockInDoubt, Look, clock, is_day_of
from facilitator.core.db import db, now
from facilitator.core.sealing import meeting_keys
from facilitator.meetings.models import Meeting
from facilitator.operations.backups import back_up, put_back
from facilitator.operations.doctor import examine
from facilitator.operations.jobs import JOBS, Job, do_now
from facilitator.retention.models import Announcement
from tests import cast as people
from tests.cast import Cast
from tests.days import pass_days
from tests.scenes import scene

YEARS = timedelta(days=7 * 365)


def played(app: Flask) -> people.Meeting:
    meeting = Cast(app).meeting()
    meeting.play()
    return meeting


def over(app: Flask) -> people.Meeting:
    """A meeting that is over, in a house whose clock was looked at since."""
    meeting = scene(app, played)
    with app.app_context():
        clock().check(now())
    return meeting


def keys(app: Flask) -> int:
    """How many keys there are."""
    with app.app_context(), sealing.keyring().engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(meeting_keys)) or 0


def is_done(app: Flask, at: Callable[[datetime], datetime] = lambda moment: moment) -> bool:
    """Whether anything may be done at a moment."""
    with app.app_context():
        try:
            clock().check(at(now()))
        except ClockInDoubt:
            return False
        return True


@pytest.mark.promise("clock-in-doubt")
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
@pytest.mark.parametrize("off", [YEARS, -YEARS, timedelta(days=30), timedelta(days=5), timedelta(days=-5)], ids=str)
def test_no_job_does_anything_by_a_clock_that_has_jumped(app: Flask, job: Job, off: timedelta) -> None:
    over(app)
    before = keys(app)
    assert before > 0
    with app.app_context(), pytest.raises(ClockInDoubt):
        job.do(now() + off)
    assert keys(app) == before


def test_a_start_years_ahead_destroys_no_key_and_says_so_every_hour(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    meeting = over(app)
    monkeypatch.setattr("facilitator.operations.jobs.now", lambda: now() + YEARS)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            for job in JOBS:
                do_now(app, job)
    assert caplog.text.count("the clock is 2555 days away from what is known") == 2 * len(JOBS)
    assert "facilitator clock --today" in caplog.text
    with app.app_context():
        assert clock().is_held(now()), "also while it is right again, until it was looked at"
    ready = app.test_client().get("/readyz")
    assert (ready.status_code, ready.json) == (503, {"ready": False, "failing": ["clock"]})
    with app.app_context():
        sealing.keyring().key(meeting.id)
        assert db.session.scalar(select(Announcement)) is None, "nobody was warned by a wrong clock"
    assert is_done(app), "the clock is right again, and nobody has to say so"
    assert app.test_client().get("/readyz").status_code == 200


def test_a_weekend_is_no_reason_to_doubt(app_on: Flask) -> None:
    over(app_on)
    assert is_done(app_on, lambda moment: moment + timedelta(days=3.9))
    assert is_done(app_on), "nor a clock that was set back a little"


def test_a_house_in_which_nothing_was_takes_any_clock(app: Flask) -> None:
    assert is_done(app, lambda moment: moment + YEARS)


@pytest.mark.promise("clock-in-doubt")
def test_before_the_first_look_the_newest_row_tells_the_time(app_on: Flask) -> None:
    """As after an upgrade, or where somebody deleted the key database."""
    scene(app_on, played)
    with app_on.app_context():
        assert db.session.scalar(select(func.count()).select_from(Look)) == 0
    assert not is_done(app_on, lambda moment: moment + YEARS)
    assert is_done(app_on)


@pytest.mark.promise("clock-confirmed")
def test_after_a_month_switched_off_somebody_says_what_day_it_is(app_on: Flask) -> None:
    over(app_on)
    later = now() + timedelta(days=30)
    assert not is_done(app_on, lambda _: later)
    with app_on.app_context():
        clock().confirm(later)
        assert not clock().is_held(later)
    assert is_done(app_on, lambda _: later)
    assert not is_done(app_on), "and from then on a month earlier is wrong"


def test_rows_that_a_wrong_clock_dated_hold_up_the_right_one_once(app_on: Flask) -> None:
    """Seven years ahead a meeting ended; the clock was set right. Somebody says so, and years do not have to pass."""
    meeting = over(app_on)
    ended_at(app_on, meeting, now() + YEARS)
    assert not is_done(app_on)
    with app_on.app_context():
        assert clock().is_held(now())
        clock().confirm(now())
    for days in (0, 3, 6):
        assert is_done(app_on, lambda moment, days=days: moment + timedelta(days=days)), days  # type: ignore[misc]
    ended_at(app_on, meeting, now() + YEARS + timedelta(days=1))
    assert not is_done(app_on, lambda moment: moment + timedelta(days=6)), "it was wrong once more"


def ended_at(app: Flask, meeting: people.Meeting, moment: datetime) -> None:
    with app.app_context(), db.writing() as session:
        session.execute(update(Meeting).where(Meeting.id == meeting.id).values(ended_at=moment))


def test_texts_that_are_put_back_do_not_take_the_clock_back(app_on: Flask, tmp_path: Path) -> None:
    """The old copy was last looked at 40 days ago; this machine was not. And a clock that is years off stays one."""
    over(app_on)
    settings = app_on.extensions["settings"]
    back_up(settings, tmp_path / "old.sqlite")
    pass_days(app_on, 40)
    put_back(settings, tmp_path / "old.sqlite")
    assert not is_done(app_on, lambda moment: moment + YEARS)
    assert is_done(app_on, lambda moment: moment + timedelta(days=40))


@pytest.mark.promise("clock-confirmed")
def test_only_who_knows_what_day_it_is_can_say_that_the_clock_is_right() -> None:
    moment = datetime.fromisoformat("2026-11-29T23:30:00+00:00")
    assert [is_day_of(moment.date() + timedelta(days=days), moment) for days in (-2, -1, 0, 1, 2)] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_the_commands_say_it_in_one_line(app: Flask) -> None:
    """The database knows a moment that lies a year ahead: for the command the clock has gone back."""
    over(app)
    folder = str(app.extensions["settings"].data_dir)
    with app.app_context():
        clock().confirm(now() + timedelta(days=365))
    for command in (["erase", "--due"], ["clock"]):
        answer = CliRunner().invoke(commands, [*command, "--data", folder])
        assert answer.exit_code == 1, answer.output
        assert "365 days earlier than the newest moment known" in str(answer.exception or "") + answer.output
    settings = app.extensions["settings"]
    (found,) = (finding for finding in examine(settings, 0) if finding.what == "clock")
    assert not found.is_fine
    assert "365 days earlier" in found.says
    wrong = CliRunner().invoke(commands, ["clock", "--today", "2019-01-01", "--data", folder])
    assert wrong.exit_code == 1
    assert "set the clock of this machine" in wrong.output
    right = CliRunner().invoke(commands, ["clock", "--today", f"{now():%Y-%m-%d}", "--data", folder])
    assert right.exit_code == 0, right.output
    assert CliRunner().invoke(commands, ["erase", "--due", "--data", folder]).exit_code == 0
    (found,) = (finding for finding in examine(settings, 0) if finding.what == "clock")
    assert found.is_fine
