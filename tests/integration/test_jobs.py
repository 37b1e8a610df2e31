"""What the product does by itself: everything that is due, in order, each without hindering the others, from the start on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import gevent
import pytest
from flask import Flask, current_app
from sqlalchemy import select, update

from facilitator import jobs
from facilitator.archive.actions import publish_due
from facilitator.archive.files.actions import tidy
from facilitator.archive.models import Card
from facilitator.config import Settings
from facilitator.db import db, now
from facilitator.jobs import JOBS, Job, start_jobs
from facilitator.reports.mailing import mail_due
from facilitator.retention.erasing import erase_due, warn_due
from tests.houses import empty_house, settings_in
from tests.library import Library
from tests.running import running_server

SECONDS = 20.0
A_MINUTE_PAST = datetime(2031, 3, 4, 13, 8, tzinfo=UTC)
SEVEN_PAST = datetime(2031, 3, 4, 13, 7, tzinfo=UTC)


def test_everything_that_is_due_by_time_is_a_job() -> None:
    """Mails go before what they warn of is erased; a card's files are tidied when it is known which cards there are."""
    assert [(job.name, job.do) for job in JOBS] == [
        ("warn", warn_due),
        ("erase", erase_due),
        ("publish", publish_due),
        ("offer", mail_due),
        ("tidy", tidy),
    ]


def test_nothing_is_due_in_an_empty_house(app: Flask) -> None:
    with app.app_context():
        assert [job.do(now()) for job in JOBS] == [0] * len(JOBS)


def test_each_is_told_the_time_and_finds_an_application(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[datetime, str]] = []
    begin(app, settings, monkeypatch, lambda moment: told.append((moment, current_app.name)))
    [(moment, name)] = told
    assert abs(moment - now()) < timedelta(minutes=1)
    assert name == app.name


@pytest.mark.promise("nothing-typed-is-logged")
def test_a_job_that_fails_stops_no_other_and_is_logged_without_what_it_was_about(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def fails(_moment: datetime) -> None:
        done.append("fails")
        raise ValueError("CANARY")

    begin(app, settings, monkeypatch, fails, lambda _moment: done.append("goes on"))
    assert done == ["fails", "goes on"]
    assert "the job 1 failed" in caplog.text
    assert "CANARY" not in caplog.text


@pytest.mark.promise("erasing-by-itself")
def test_every_job_comes_again_every_hour(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    helper = begin(app, settings, monkeypatch, lambda _moment: done.append("one"), lambda _moment: done.append("two"))
    assert not helper.huey.read_periodic(A_MINUTE_PAST)
    for task in helper.huey.read_periodic(SEVEN_PAST):
        helper.huey.execute(task)
    assert sorted(done) == ["one", "one", "two", "two"]


@pytest.mark.promise("erasing-by-itself")
def test_a_server_does_what_is_due_when_it_starts(tmp_path: Path) -> None:
    """A card whose time came while no server ran, and one whose time has not come."""
    folder = tmp_path / "served"
    with empty_house(settings_in(folder)) as app:
        library = Library(app)
        due, not_due = (library.put(title, is_published=False) for title in ("Due", "Not due"))
        for card_id, ago in ((due, timedelta(hours=1)), (not_due, timedelta(days=-1))):
            with app.app_context(), db.writing() as session:
                session.execute(update(Card).where(Card.id == card_id).values(publish_at=now() - ago))
        assert published(app) == set(), "nobody looked yet"
        with running_server(folder):
            wait_until(lambda: published(app) == {due})
        assert library.titles("Pete") == ["Due"]


def begin(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch, *work: Callable[[datetime], object]
) -> jobs.Helper:
    """Starts with these jobs, and waits until each was done once; nothing happens by itself after that."""
    found = tuple(Job(str(number), do) for number, do in enumerate(work, 1))
    monkeypatch.setattr(jobs, "JOBS", found)
    monkeypatch.setattr(jobs.Helper, "start", lambda _self: None)
    helper = start_jobs(app, settings)
    gevent.sleep(0)
    return helper


def published(app: Flask) -> set[str]:
    """The cards that are in the archive."""
    with app.app_context():
        return set(db.session.scalars(select(Card.id).where(Card.published_at.is_not(None))))


def wait_until(is_so: Callable[[], bool]) -> None:
    """Waits for what somebody else does."""
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)
