"""What the product does by itself: everything that is due, in order, each without hindering the others, from the start on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import gevent
import pytest
from flask import Flask, current_app
from sqlalchemy import select, update

from facilitator.archive.actions import publish_due
from facilitator.archive.files.actions import tidy
from facilitator.archive.models import Card
from facilitator.arrangements.erasing import erase_due as erase_arrangements
from facilitator.arrangements.telling import remind_due as remind_to_check_in
from facilitator.arrangements.telling import tell_due as tell_of_arrangements
from facilitator.calendar.actions import keep_to_clocks
from facilitator.calendar.mailing import tell_due
from facilitator.calendar.mailing import warn_due as warn_of_few
from facilitator.calendar.swaps import tell_due as tell_of_swaps
from facilitator.core.db import db, now
from facilitator.demo.trying import erase_due as erase_demos
from facilitator.mine.reminding import remind_due
from facilitator.operations import jobs
from facilitator.operations.jobs import JOBS, OFTEN, Job, start_jobs
from facilitator.questions.telling import tell_due as tell_of_questions
from facilitator.reports.mailing import mail_due
from facilitator.retention.announcing import warn_due
from facilitator.retention.erasing import erase_due, forget_appointments, forget_evaluations
from facilitator.retention.strays import destroy_strays
from facilitator.year.keeping import look_due
from tests.houses import empty_house, settings_in
from tests.library import Library
from tests.running import running_server

SECONDS = 20.0


@pytest.mark.promise("erasing-by-itself")
def test_everything_that_is_due_by_time_is_a_job() -> None:
    """Mails go before what they warn of is erased; a card's files are tidied when it is known which cards there are."""
    assert [(job.name, job.do) for job in JOBS] == [
        ("warn", warn_due),
        ("erase", erase_due),
        ("demos", erase_demos),
        ("strays", destroy_strays),
        ("publish", publish_due),
        ("offer", mail_due),
        ("remind", remind_due),
        ("check_in", remind_to_check_in),
        ("together", erase_arrangements),
        ("look", look_due),
        ("tidy", tidy),
        ("clocks", keep_to_clocks),
        ("few", warn_of_few),
        ("appointments", forget_appointments),
        ("evaluations", forget_evaluations),
    ]
    assert [(job.name, job.do) for job in OFTEN] == [
        ("invitations", tell_due),
        ("questions", tell_of_questions),
        ("arrangements", tell_of_arrangements),
        ("swaps", tell_of_swaps),
    ]


def test_nothing_is_due_in_an_empty_house(app: Flask) -> None:
    with app.app_context():
        assert [job.do(now()) for job in JOBS] == [0] * len(JOBS)


def test_each_is_told_the_time_and_finds_an_application(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[datetime, str]] = []
    begin(app, monkeypatch, lambda moment: told.append((moment, current_app.name)))
    [(moment, name)] = told
    assert abs(moment - now()) < timedelta(minutes=1)
    assert name == app.name


@pytest.mark.promise("nothing-typed-is-logged")
def test_a_job_that_fails_stops_no_other_and_is_logged_without_what_it_was_about(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def fails(_moment: datetime) -> None:
        done.append("fails")
        raise ValueError("CANARY")

    begin(app, monkeypatch, fails, lambda _moment: done.append("goes on"))
    assert done == ["fails", "goes on"]
    assert ".fails failed: ValueError at " in caplog.text
    assert "CANARY" not in caplog.text


@pytest.mark.promise("erasing-by-itself")
def test_every_job_comes_again_every_hour(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    assert jobs.PAUSE_SECONDS == 3600
    begin(app, monkeypatch, lambda _moment: done.append("one"), lambda _moment: done.append("two"), times=2)
    assert done == ["one", "two", "one", "two"]


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


def begin(app: Flask, monkeypatch: pytest.MonkeyPatch, *work: Callable[[datetime], object], times: int = 1) -> None:
    """Starts with these jobs and no pause, and stops when each was done so often."""
    rounds = iter(range(1, times + 1))

    def is_enough(_moment: datetime) -> None:
        if next(rounds) == times:
            raise gevent.GreenletExit

    monkeypatch.setattr(jobs, "JOBS", tuple(Job(str(number), do) for number, do in enumerate((*work, is_enough), 1)))
    monkeypatch.setattr(jobs, "PAUSE_SECONDS", 0)
    start_jobs(app).join(timeout=SECONDS)


def published(app: Flask) -> set[str]:
    """The cards that are in the archive."""
    with app.app_context():
        return set(db.session.scalars(select(Card.id).where(Card.published_on.is_not(None))))


def wait_until(is_so: Callable[[], bool]) -> None:
    """Waits for what somebody else does."""
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)
