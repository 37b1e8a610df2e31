"""An action comes back on its day: to its owner and its buddy, by mail or on their own page, and the next meeting opens with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from facilitator.accounts import mail, once
from facilitator.accounts.models import User
from facilitator.core.clock import ClockInDoubt, clock
from facilitator.core.db import db
from facilitator.meetings import models
from facilitator.meetings.actions import accounts, outcomes
from facilitator.mine.reminding import remind_due
from tests.accounts_cast import english, link_in, mails, make_member, make_moderator, post
from tests.cast import Cast, Meeting
from tests.contract.everybody import signed_in

pytestmark = pytest.mark.either
DAY = datetime.now(UTC).replace(hour=12, minute=0) + timedelta(days=1)
WORDS = "I ask him"


@pytest.fixture
def mo(app_on: Flask) -> User:
    """Leads the meetings of North."""
    return make_moderator(app_on)


@pytest.fixture
def meeting(app_on: Flask, mo: User) -> Meeting:
    """A meeting that is over: Gia took something on for tomorrow, Pete is her buddy; both have an account, Ada has none."""
    meeting = Cast(app_on, mo).meeting("Gia", "Pete", "Ada", group="North")
    for name in ("Gia", "Pete"):
        meeting.act(accounts.connect, meeting[name].seat_id, make_member(app_on, name))
    meeting.advance_to("commit")
    meeting.write(meeting.gia, "action", when_if="he is silent", then=WORDS, due=DAY.date().isoformat())
    meeting.act(outcomes.be_buddy, meeting.pete.seat_id, meeting.actions[0].id, True)
    meeting.end()
    with app_on.app_context(), db.writing() as session:
        session.execute(update(models.Meeting).values(join_host="room.example"))
    return meeting


def reminded(meeting: Meeting, moment: datetime = DAY) -> int:
    """The job of an hour."""
    with meeting.app.app_context():
        return remind_due(moment)


def to(meeting: Meeting, name: str) -> list[EmailMessage]:
    """What somebody was mailed."""
    return [message for message in mails(meeting.app) if message["To"] == f"{name.lower()}@example.org"]


def page_of(meeting: Meeting) -> str:
    """Where somebody finds their action without a mail."""
    return f"/meetings/{meeting.id}/actions/{meeting.actions[0].id}"


def next_meeting(meeting: Meeting, mo: User) -> Meeting:
    """It is planned, and nobody is there yet."""
    return Cast(meeting.app, mo).meeting(group="North", continues=meeting, is_open=False)


@pytest.mark.promise("reminders")
def test_owner_and_buddy_and_nobody_else_are_mailed_once_without_a_word_of_it(meeting: Meeting) -> None:
    assert reminded(meeting, DAY - timedelta(hours=10)) == 0, "not at night"
    assert reminded(meeting) == 2
    assert reminded(meeting, DAY + timedelta(hours=1)) == 0
    assert sorted(message["To"] for message in mails(meeting.app)) == ["gia@example.org", "pete@example.org"]
    for message in mails(meeting.app):
        assert WORDS not in message.as_string()
        assert "silent" not in message.as_string()
        assert "guide a starter" not in message.as_string()
    assert "Pete" not in to(meeting, "Gia")[0].as_string()
    assert "Gia" not in to(meeting, "Pete")[0].as_string()


@pytest.mark.promise("reminders")
def test_each_reads_their_own_language(meeting: Meeting) -> None:
    with meeting.app.app_context(), db.writing() as session:
        session.execute(update(User).where(User.email == "gia@example.org").values(locale="nl"))
        session.execute(update(User).where(User.email == "pete@example.org").values(locale="en"))
    reminded(meeting)
    assert "Hoe is het gegaan?" in to(meeting, "Gia")[0].get_content()
    assert "How did it go?" in to(meeting, "Pete")[0].get_content()


@pytest.mark.promise("reminders")
def test_looking_changes_nothing_and_the_link_says_it_in_one_form_also_a_second_time(meeting: Meeting) -> None:
    reminded(meeting)
    link, gia = link_in(to(meeting, "Gia")[0]), english(meeting.app.test_client())
    for _ in range(3):
        assert WORDS in gia.get(link).text
        assert meeting.actions[0].status == "open"
    assert post(gia, link, line="He talked").status_code == 422
    assert post(gia, link, status="partly", line="He talked a little").status_code == 302
    assert post(gia, link, status="done", line="He talked").status_code == 302
    assert meeting.actions[0].status == "done"
    assert "He talked" in gia.get(link).text
    assert meeting.app.test_client().get(link[:-4] + "AAAA").status_code == 410


@pytest.mark.promise("reminders")
def test_without_an_account_one_s_own_page_leads_there_and_for_nobody_else(meeting: Meeting, mo: User) -> None:
    later = next_meeting(meeting, mo)
    gia, ada = (english(meeting.client(person)) for person in (meeting.gia, meeting.ada))
    page = page_of(meeting)
    assert page in gia.get(f"/meetings/{meeting.id}/mine").text, "also while the next one is planned"
    assert WORDS in gia.get(page).text
    for client in (ada, english(meeting.client(meeting.mo)), signed_in(meeting.app, mo)):
        assert client.get(page).status_code == 404
        assert post(client, page, status="done").status_code == 404
    assert post(gia, page, status="done", line="He talked").status_code == 302
    assert page not in gia.get(f"/meetings/{meeting.id}/mine").text
    later.steer("open", turn=0)
    assert [action.status for action in later.actions] == ["done"]


@pytest.mark.promise("let-go")
def test_its_owner_lets_it_go_and_a_buddy_does_not(meeting: Meeting, mo: User) -> None:
    page = page_of(meeting)
    pete, gia = english(meeting.client(meeting.pete)), english(meeting.client(meeting.gia))
    assert "You are the buddy of Gia" in pete.get(page).text
    assert post(pete, page, status="dropped").status_code == 422
    assert post(pete, page, status="partly", line="We talked").status_code == 302
    assert "We talked" in gia.get(page).text
    assert post(gia, page, status="dropped").status_code == 302
    assert post(pete, page, status="done").status_code == 409, "her own word stands"
    assert meeting.actions[0].status == "dropped"
    later = next_meeting(meeting, mo)
    later.steer("open", turn=0)
    assert later.actions == ()
    assert reminded(meeting) == 0


@pytest.mark.promise("reminders")
@pytest.mark.parametrize("is_planned", [True, False])
def test_the_next_meeting_opens_with_what_was_said(meeting: Meeting, mo: User, is_planned: bool) -> None:
    later = next_meeting(meeting, mo) if is_planned else None
    gia = meeting.client(meeting.gia)
    post(gia, page_of(meeting), status="done", line="He talked to me")
    if later is not None:
        later.steer("open", turn=0)
        for name in ("Gia", "Pete", "Ada"):
            later.join(name)
    else:
        later = Cast(meeting.app, mo).meeting("Gia", "Pete", "Ada", group="North", continues=meeting)
    assert "He talked to me" not in later.screen(later.ada)
    later.advance_to("follow_up")
    for person in (later.mo, later.ada):
        assert "He talked to me" in later.screen(person)
    assert post(gia, page_of(meeting), status="not").status_code == 409, "they look back right now"


@pytest.mark.promise("reminders")
def test_a_buddy_hears_nothing_of_an_answer_that_the_next_meeting_did_not_show(meeting: Meeting, mo: User) -> None:
    later = Cast(meeting.app, mo).meeting("Gia", "Pete", "Ada", group="North", continues=meeting)
    later.advance_to("follow_up")
    later.write(later.gia, "effect", about=later.actions[0].id, status="done", effect="He talked to me")
    assert reminded(meeting) == 0, "they are at it"
    later.end()
    assert reminded(meeting) == 1
    assert to(meeting, "Gia") == [], "she has said it"
    pete = english(meeting.client(meeting.pete))
    assert "He talked to me" not in pete.get(page_of(meeting)).text
    assert post(pete, page_of(meeting), status="not").status_code == 302
    assert later.actions[0].status == "done", "her own word stands"


@pytest.mark.promise("reminders")
def test_whoever_is_killed_in_the_middle_leaves_one_mail(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        """The process is gone: nothing after this runs."""

    really = mail.sent_now

    def sends_and_dies(kind: str, to: str, locale: str, key: str, **context: Any) -> bool:  # Any: what the mail says
        really(kind, to, locale, key, **context)
        raise Killed

    for dying in (sends_and_dies, lambda *_args, **_context: (_ for _ in ()).throw(Killed)):
        monkeypatch.setattr(mail, "sent_now", dying)
        with pytest.raises(Killed):
            reminded(meeting)
    monkeypatch.setattr(mail, "sent_now", really)
    assert reminded(meeting, DAY + timedelta(minutes=5)) == 0, "perhaps another worker is at it"
    assert reminded(meeting, DAY + timedelta(minutes=31)) == 2
    assert len(to(meeting, "Gia")) == len(to(meeting, "Pete")) == 1


@pytest.mark.promise("reminders")
def test_what_no_server_takes_is_tried_again_and_a_clock_in_doubt_mails_nobody(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ClockInDoubt):
        reminded(meeting, DAY + timedelta(days=4000))
    assert mails(meeting.app) == []
    with meeting.app.app_context():
        clock().confirm(DAY)
    with monkeypatch.context() as away:
        away.setattr(mail, "sent_now", lambda *_args, **_context: mail.Fate.AWAY)
        with pytest.raises(once.NotTaken):
            reminded(meeting)
    assert reminded(meeting, DAY + timedelta(hours=1)) == 2


@pytest.mark.promise("reminders")
def test_a_made_up_name_stands_in_no_mail_beside_an_account(app_on: Flask, mo: User) -> None:
    meeting = Cast(app_on, mo).meeting("Heron", "Otter", uses_pseudonyms=True, case_giver="Heron")
    meeting.act(accounts.connect, meeting["Heron"].seat_id, make_member(app_on, "Gia"))
    meeting.advance_to("commit")
    meeting.write(meeting["Heron"], "action", when_if="x", then=WORDS, due=DAY.date().isoformat())
    meeting.end()
    reminded(meeting)
    (message,) = mails(app_on)
    assert "Heron" not in message.as_string()
    assert "Otter" not in message.as_string()


@pytest.mark.promise("reminders")
def test_the_words_are_sealed_and_go_with_the_meeting(meeting: Meeting) -> None:
    post(meeting.client(meeting.gia), page_of(meeting), status="partly", line="He talked to me")
    with meeting.app.app_context():
        row = db.session.get(models.Action, meeting.actions[0].id)
        assert row is not None
        assert row.told is not None
        assert b"talked" not in row.told
