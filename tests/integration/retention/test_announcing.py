"""Nothing is destroyed before somebody was really told of it, a week before; whatever the mail server, the terms or a clock did."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, update

from facilitator.accounts.mail import Server
from facilitator.accounts.models import ADMINISTRATOR, Organisation, User
from facilitator.core import sealing
from facilitator.core.clock import clock
from facilitator.core.db import db, now
from facilitator.meetings.models import Meeting
from facilitator.operations.doctor import examine
from facilitator.proof.models import Sheet
from facilitator.retention.announcing import warn_due
from facilitator.retention.deadlines import deadlines
from facilitator.retention.erasing import erase_due
from facilitator.retention.models import Announcement
from tests import cast as people
from tests.accounts_cast import mails, make_user
from tests.cast import Cast
from tests.days import last_look, pass_days
from tests.proof import confirm, held
from tests.scenes import scene

MANY = 4


def played(app: Flask) -> people.Meeting:
    meeting = Cast(app).meeting()
    meeting.play()
    return meeting


def with_proof(app: Flask) -> people.Meeting:
    meeting = held(Cast(app))
    confirm(meeting)
    return meeting


def over(app: Flask) -> people.Meeting:
    """A meeting that is over, and nothing else."""
    return scene(app, played)


def is_erased(app: Flask, meeting: people.Meeting) -> bool:
    with app.app_context():
        is_noted = db.session.get_one(Meeting, meeting.id).erased_at is not None
        assert is_noted is not sealing.keyring().holds(meeting.id)
        return is_noted


def no_server(app: Flask) -> Server:
    """Mail goes to a port at which nobody answers; gives what it went to before."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    before = app.extensions["post"]
    app.extensions["post"] = Server("127.0.0.1", port, begins_with_tls=False, turns_to_tls=False)
    assert not isinstance(before, Server)
    return before  # type: ignore[no-any-return]  # what Flask keeps has no type


@pytest.mark.promise("week-before")
def test_while_no_mail_server_takes_the_warning_nothing_is_erased(app: Flask) -> None:
    meeting = over(app)
    before = no_server(app)
    assert pass_days(app, 80) == 0
    assert not is_erased(app, meeting)
    (found,) = (finding for finding in examine(app.extensions["settings"], 0) if finding.what == "erasing")
    assert not found.is_fine
    assert "about 1 things" in found.says
    app.extensions["post"] = before
    assert pass_days(app, 83) == 0, "now the moderator is told, and has a week"
    assert len(mails(app)) == 1
    assert pass_days(app, 88) == 0
    assert pass_days(app, 90) == 1
    assert is_erased(app, meeting)


@pytest.mark.promise("week-before")
def test_a_term_that_was_made_shorter_erases_nothing_unannounced(app_on: Flask) -> None:
    """30 days on an administrator chooses a week: the meeting is over its time at that moment."""
    meeting = over(app_on)
    assert pass_days(app_on, 30) == 0
    with app_on.app_context(), db.writing() as session:
        session.execute(update(Organisation).values(raw_days_after_meeting=7))
    assert pass_days(app_on, 36) == 0
    assert not is_erased(app_on, meeting)
    assert len(mails(app_on)) == 1
    assert pass_days(app_on, 41) == 1


@pytest.mark.promise("week-before")
def test_nothing_goes_before_the_day_that_was_told(app: Flask) -> None:
    meeting = over(app)
    with app.app_context(), db.writing() as session:
        session.execute(update(Organisation).values(raw_days_after_meeting=20))
    assert pass_days(app, 13, warn_due) == 1
    with app.app_context(), db.writing() as session:
        told = session.scalars(select(Announcement)).one().goes_at
        session.execute(update(Organisation).values(raw_days_after_meeting=7))
    pass_days(app, 18)
    with app.app_context():
        erase_due(told - timedelta(minutes=1))
    assert not is_erased(app, meeting)
    with app.app_context():
        erase_due(told)
    assert is_erased(app, meeting)


def test_a_term_that_was_made_longer_is_told_of_once_more(app: Flask) -> None:
    over(app)
    with app.app_context(), db.writing() as session:
        session.execute(update(Organisation).values(raw_days_after_meeting=20))
    assert pass_days(app, 13, warn_due) == 1
    with app.app_context(), db.writing() as session:
        session.execute(update(Organisation).values(raw_days_after_meeting=60))
    assert pass_days(app, 50, warn_due) == 0
    assert pass_days(app, 53, warn_due) == 1
    assert pass_days(app, 59) == 0
    assert pass_days(app, 61) == 1


def test_where_the_moderator_has_left_administrators_are_told(app: Flask) -> None:
    meeting = over(app)
    ada = make_user(app, "Anna", Cast.organisation, ADMINISTRATOR)
    with app.app_context(), db.writing() as session:
        session.execute(
            update(User).where(User.id == session.get_one(Meeting, meeting.id).created_by).values(active=False)
        )
    pass_days(app, 53)
    (message,) = mails(app)
    assert message["To"] == ada.email
    assert pass_days(app, 61) == 1


def test_where_there_is_nobody_to_tell_it_goes_as_well(app: Flask) -> None:
    """Silence prolongs nothing, and nobody could ever be told."""
    meeting = over(app)
    with app.app_context(), db.writing() as session:
        session.execute(update(User).values(active=False))
    assert pass_days(app, 61) == 1
    assert is_erased(app, meeting)
    assert mails(app) == []


def test_workers_that_tell_at_once_send_one_mail(app_on: Flask) -> None:
    over(app_on)
    pass_days(app_on, 50)
    with app_on.app_context():
        soon = last_look() + timedelta(days=3)
    together = Barrier(MANY)

    def work(_number: int) -> int:
        with app_on.app_context():
            together.wait()
            return warn_due(soon)

    with ThreadPoolExecutor(MANY) as pool:
        assert sum(pool.map(work, range(MANY))) == 1
    assert len(mails(app_on)) == 1


def test_a_worker_that_died_before_it_sent_the_mail_has_told_nobody(app: Flask) -> None:
    meeting = over(app)
    pass_days(app, 50)
    with app.app_context():
        died = last_look() + timedelta(days=3)
        with db.writing() as session:
            session.add(
                Announcement(kind="meeting", thing_id=meeting.id, goes_at=died + timedelta(days=7), claimed_at=died)
            )
        assert warn_due(died + timedelta(minutes=10)) == 0, "it may still be about to"
        assert warn_due(died + timedelta(hours=1)) == 1


@pytest.mark.promise("week-before")
def test_administrators_are_told_before_reports_and_proof_go(app: Flask) -> None:
    meeting = scene(app, with_proof)
    anna = make_user(app, "Anna", "Werkplaats", ADMINISTRATOR)
    with app.app_context(), db.writing() as session:
        here = session.get_one(Meeting, meeting.id).organisation_id
        session.execute(update(User).where(User.id == anna.id).values(organisation_id=here))
        sheet = session.scalars(select(Sheet)).one().id
    with app.app_context():
        (goes_at,) = (found.goes_at for found in deadlines(clock().check(now())) if found.thing_id == sheet)
        left = (goes_at - now()) / timedelta(days=1)
    pass_days(app, left - 5)
    found = [message for message in mails(app) if message["To"] == anna.email]
    assert any("1 presentielijst met de bewijzen erbij" in message.get_content() for message in found)
    with app.app_context():
        assert sealing.keyring().holds(sheet)
    pass_days(app, left + 5)
    with app.app_context():
        assert sealing.keyring().is_destroyed(sheet)


def test_a_date_that_somebody_typed_into_the_attendance_shortens_nothing(app: Flask) -> None:
    meeting = scene(app, with_proof)
    with app.app_context():
        with db.writing() as session:
            session.execute(update(Sheet).values(counted_from=date(1999, 1, 1)))
        sheet = db.session.scalars(select(Sheet)).one().id
    pass_days(app, 61)
    with app.app_context():
        assert sealing.keyring().holds(sheet)
    assert is_erased(app, meeting)


@pytest.mark.promise("clock-in-doubt")
@pytest.mark.parametrize("off", [timedelta(days=-8 * 365), timedelta(days=7 * 365)], ids=["behind", "ahead"])
def test_a_meeting_that_was_held_by_a_wrong_clock_is_kept_as_long_as_any_other(app_on: Flask, off: timedelta) -> None:
    """Its times are years off; what was written, and proof of it, goes when it would have gone."""
    with app_on.app_context():
        warn_due(now())
    meeting = Cast(app_on).meeting()
    meeting.play()
    with app_on.app_context():
        with db.writing() as session:
            row = session.get_one(Meeting, meeting.id)
            for name in ("created_at", "opened_at", "started_at", "ended_at"):
                setattr(row, name, getattr(row, name) + off)
        clock().confirm(now())
    assert pass_days(app_on, 59) == 0
    assert not is_erased(app_on, meeting)
    assert pass_days(app_on, 63) == 1
    pass_days(app_on, 6 * 365 - 10)
    with app_on.app_context():
        assert db.session.get(Meeting, meeting.id) is not None
    pass_days(app_on, 6 * 365 + 20)
    with app_on.app_context():
        assert db.session.get(Meeting, meeting.id) is None
