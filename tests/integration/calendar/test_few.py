"""Too few people come for the method: whoever leads hears of it in time, once, and what to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import update

from facilitator.accounts.models import User
from facilitator.calendar import few, mailing
from facilitator.calendar.mailing import warn_due
from facilitator.core.db import db, now
from tests.accounts_cast import mails, post, words_in
from tests.integration.calendar.conftest import North

pytestmark = pytest.mark.either


@pytest.fixture
def soon(north: North) -> datetime:
    """A meeting for two people at least, in three days: both members are asked."""
    with north.app.app_context(), db.writing() as session:
        session.execute(update(User).values(locale="en"))
    day = f"{now() + timedelta(days=3):%Y-%m-%d}"
    north.plans(first=day, until=day, method="coaching_on_the_job")
    north.mails_go_out()
    return north.appointments[0].moment


def warn(north: North, moment: datetime) -> list[EmailMessage]:
    """What goes out at a moment to whoever leads."""
    known = {m["Message-ID"] for m in mails(north.app)}
    with north.app.app_context():
        warn_due(moment)
    return [m for m in mails(north.app) if m["Message-ID"] not in known]


def comes(north: North, name: str, says: str = "yes") -> None:
    post(north.browsers[name], f"/meetings/{north.appointments[0].meeting_id}/when/answer", says=says)


def test_whoever_leads_hears_two_days_before_how_many_come_and_what_to_do(north: North, soon: datetime) -> None:
    comes(north, "Pete")
    assert warn(north, soon - timedelta(days=2, minutes=1)) == []
    (mail,) = warn(north, soon - timedelta(days=2))
    assert mail["To"] == north.mo.email
    words = words_in(mail)
    assert "1 person comes. 1 said nothing yet. The method you planned needs at least 2" in words
    assert "- Ask those who said nothing yet." in words
    assert f"/meetings/{north.appointments[0].meeting_id}/when" in words
    assert not [name for name in ("Pete", "Ada", "North", "Learn to guide") if name in words], "nothing about anybody"
    assert warn(north, soon - timedelta(days=1)) == [], "once"


def test_nobody_is_warned_when_enough_come_or_when_it_is_over(north: North, soon: datetime) -> None:
    assert warn(north, soon) == []
    comes(north, "Pete")
    comes(north, "Ada")
    assert warn(north, soon - timedelta(days=1)) == []
    comes(north, "Ada", "no")
    (mail,) = warn(north, soon - timedelta(days=1))
    assert "- Ask those" not in words_in(mail), "everybody has said something"


def test_another_time_is_looked_at_anew_and_one_that_is_cancelled_never(north: North, soon: datetime) -> None:
    assert len(warn(north, soon - timedelta(days=1))) == 1
    north.changes(0, at="16:00")
    assert len(warn(north, soon - timedelta(days=1))) == 1
    north.changes(0, at="17:00")
    north.cancels(0)
    assert warn(north, soon - timedelta(days=1)) == []


def test_two_workers_that_look_at_the_same_moment_warn_once(
    north: North, soon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = soon - timedelta(days=1)
    with north.app.app_context():
        seen_by_both = list(few.few_come(moment))
    monkeypatch.setattr(mailing, "few_come", lambda _moment: iter(seen_by_both))
    with north.app.app_context():
        assert [mailing.warn_due(moment), mailing.warn_due(moment)] == [1, 0]
