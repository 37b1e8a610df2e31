"""Invitations by mail: read back by two libraries, applied to a server of calendars, each sent once."""

from __future__ import annotations

import itertools
import smtplib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import icalendar
import pytest
import radicale.app
import radicale.config
from flask import Flask
from sqlalchemy import update
from vobject.base import readOne
from werkzeug.test import Client

from facilitator.accounts import once
from facilitator.accounts.models import User
from facilitator.accounts.once import BRIEFLY
from facilitator.calendar.models import Guest
from facilitator.core.db import db, now
from tests.accounts_cast import mails, make_member, post, words_in
from tests.integration.calendar.conftest import North

pytestmark = pytest.mark.either
ENTRY = {
    "summary",
    "dtstart",
    "dtend",
    "dtstamp",
    "uid",
    "sequence",
    "status",
    "class",
    "location",
    "url",
    "organizer",
    "attendee",
}


class Inbox:
    """What came for one person since it was last looked into, in the order in which it was counted."""

    def __init__(self, north: North, user: User) -> None:
        self.app, self.user, self.seen = north.app, user, set[str]()

    def new(self) -> list[EmailMessage]:
        mine = [m for m in mails(self.app) if m["To"] == self.user.email and m.is_multipart()]
        found = [m for m in mine if m["Message-ID"] not in self.seen]
        self.seen |= {m["Message-ID"] for m in found}
        return sorted(found, key=lambda m: (count(event_of(m)), begins(event_of(m))))


def calendar_of(message: EmailMessage) -> icalendar.Calendar:
    (part,) = (part for part in message.walk() if part.get_content_type() == "text/calendar")
    (enclosed,) = (part for part in message.walk() if part.get_filename() == "meeting.ics")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert content == enclosed.get_payload(decode=True), "the file says the same"
    found = icalendar.Calendar.from_ical(content)
    assert isinstance(found, icalendar.Calendar)
    assert str(found["method"]) == part.get_param("method")
    by_another = readOne(content.decode())  # type: ignore[no-untyped-call]  # that library has no types
    assert by_another.method.value == str(found["method"])
    assert by_another.vevent.uid.value == str(event_in(found)["uid"])
    assert by_another.vevent.dtstart.value == begins(event_in(found))
    return found


def event_in(calendar: icalendar.Calendar) -> icalendar.Component:
    (event,) = calendar.walk("VEVENT")
    return event


def begins(event: icalendar.Component) -> datetime:
    found = event.decoded("dtstart")
    assert isinstance(found, datetime)
    return found


def count(event: icalendar.Component) -> int:
    return int(str(event["sequence"]))


def event_of(message: EmailMessage) -> icalendar.Component:
    return event_in(calendar_of(message))


class Shelf:
    """Somebody's calendar on a real server of calendars, kept by what comes by mail as RFC 5546 says."""

    def __init__(self, folder: Path) -> None:
        configuration = radicale.config.load()
        configuration.update(
            {"storage": {"filesystem_folder": str(folder)}, "auth": {"type": "none"}, "rights": {"type": "owner_only"}},
            "test",
        )
        self.client = Client(radicale.app.Application(configuration))
        self.ask("MKCALENDAR", "/pete/calendar/")

    def ask(self, method: str, path: str, data: str = "") -> str:
        answer = self.client.open(path, method=method, data=data, headers={"Authorization": "Basic cGV0ZTpw"})
        assert answer.status_code in (200, 201, 204, 207), (method, answer.status, answer.text)
        return answer.text

    def take(self, message: EmailMessage) -> None:
        """An invitation is put where its event is, or anew; a cancellation takes it out. What is older is passed over."""
        calendar = calendar_of(message)
        event = event_in(calendar)
        known = {str(one["uid"]): one for one in self.events()}.get(str(event["uid"]))
        if known is not None and count(known) > count(event):
            return
        place = f"/pete/calendar/{event['uid']}.ics"
        if str(calendar["method"]) == "CANCEL":
            if known is not None:
                self.ask("DELETE", place)
            return
        del calendar["method"]
        self.ask("PUT", place, calendar.to_ical().decode())

    def events(self) -> list[icalendar.Component]:
        text = self.ask("GET", "/pete/calendar/")
        found = icalendar.Calendar.from_ical(text).walk("VEVENT") if "VCALENDAR" in text else []
        return sorted(found, key=lambda event: str(begins(event)))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "radicale")


def test_every_member_and_whoever_leads_gets_one_mail_for_each_meeting(north: North) -> None:
    north.plans()
    assert north.mails_go_out() == 9
    assert north.mails_go_out() == 0
    assert sorted(m["To"] for m in mails(north.app)) == sorted(
        [user.email for user in (north.mo, north.pete, north.ada)] * 3
    )
    (first, *_) = Inbox(north, north.pete).new()
    event = event_of(first)
    assert {name.lower() for name in event} == ENTRY, "nothing rings, and nothing else is in it"
    assert event.walk("VALARM") == []
    assert (begins(event), event.decoded("dtend")) == (
        datetime(2031, 3, 4, 14, tzinfo=UTC),
        datetime(2031, 3, 4, 15, 30, tzinfo=UTC),
    )
    assert (str(event["location"]), str(event["status"]), count(event)) == ("Room 2", "CONFIRMED", 0)
    attendee = event["attendee"]
    assert isinstance(attendee, icalendar.vCalAddress)
    assert (str(attendee), attendee.params["PARTSTAT"]) == ("mailto:pete@example.org", "NEEDS-ACTION")
    assert str(event["organizer"]) == "mailto:facilitator@localhost"
    assert first["From"].addresses[0].addr_spec == "facilitator@localhost", "who sends it is who organises it"


@pytest.mark.promise("neutral-invitations")
def test_nothing_in_a_mail_says_what_a_meeting_is_about_or_who_else_comes(north: North) -> None:
    north.plans()
    north.mails_go_out()
    for message in mails(north.app):
        parts = (str(part.get_payload(decode=True)) for part in message.walk() if not part.is_multipart())
        whole = "\n".join((str(message["Subject"]), *parts))
        assert "Room 2" in whole
        for secret in ("Learn to guide", "North", "Basic", "basis"):
            assert secret not in whole
        assert {name for name in ("Mo", "Pete", "Ada") if name in whole} == {message["To"].partition("@")[0].title()}


def test_everybody_reads_it_in_their_language(north: North) -> None:
    with north.app.app_context(), db.writing() as session:
        session.execute(update(User).where(User.id == north.pete.id).values(locale="nl"))
        session.execute(update(User).where(User.id == north.ada.id).values(locale="en"))
    north.plans(until="2031-03-05")
    north.mails_go_out()
    (dutch,), (english,) = (Inbox(north, user).new() for user in (north.pete, north.ada))
    assert "dinsdag 4 maart 2031, 15:00–16:30" in words_in(dutch)
    assert "Tuesday 4 March 2031, 15:00–16:30" in words_in(english)
    assert event_of(dutch)["summary"] == "Facilitator: een bijeenkomst"
    assert event_of(english)["summary"] == "Facilitator: a meeting"


def test_a_calendar_has_each_meeting_once_whatever_becomes_of_it(north: North, shelf: Shelf) -> None:
    inbox = Inbox(north, north.pete)

    def stands() -> dict[str, tuple[str, str]]:
        north.mails_go_out()
        for message in inbox.new():
            shelf.take(message)
        return {f"{begins(e):%m-%d %H:%M}": (str(e["location"]), str(e["uid"])) for e in shelf.events()}

    north.plans()
    planned = stands()
    assert list(planned) == ["03-04 14:00", "04-15 13:00", "05-27 13:00"]
    north.changes(0, day="2031-03-05", place="Room 3")
    moved = stands()
    assert {when: place for when, (place, _) in moved.items()} == {
        "03-05 14:00": "Room 3",
        "04-15 13:00": "Room 2",
        "05-27 13:00": "Room 2",
    }
    assert {uid for _, uid in moved.values()} == {uid for _, uid in planned.values()}, "the same entries"
    north.changes(1, at="10:00", reach="following")
    assert list(stands()) == ["03-05 14:00", "04-15 08:00", "05-27 08:00"]
    north.cancels(1)
    assert list(stands()) == ["03-05 14:00", "05-27 08:00"]
    north.leaves(north.pete)
    assert stands() == {}, "whoever leaves has nothing of the group's any more"
    assert stands() == {}


def test_mails_that_come_in_another_order_leave_what_is_newest(north: North, shelf: Shelf) -> None:
    inbox = Inbox(north, north.pete)
    north.plans(until="2031-03-05")
    north.mails_go_out()
    north.changes(0, day="2031-03-05")
    north.mails_go_out()
    north.changes(0, day="2031-03-06")
    north.mails_go_out()
    first, second, third = inbox.new()
    assert [count(event_of(m)) for m in (first, second, third)] == [0, 1, 2]
    for message in (second, third, first, second):
        shelf.take(message)
    assert [f"{begins(event):%m-%d}" for event in shelf.events()] == ["03-06"]


def test_who_comes_later_gets_what_is_ahead_and_who_comes_back_too(north: North, shelf: Shelf) -> None:
    bob = make_member(north.app, "Bob")
    inbox = Inbox(north, bob)
    north.plans()
    north.mails_go_out()
    assert inbox.new() == []
    north.comes_in(bob)
    assert north.mails_go_out() == 3
    north.leaves(bob)
    assert north.mails_go_out() == 3
    post(north.browsers["Mo"], f"/groups/{north.id}/members", addresses="bob@example.org", is_peer="y")
    assert north.mails_go_out() == 3
    for message in inbox.new():
        shelf.take(message)
    assert len(shelf.events()) == 3


def test_what_changed_twice_before_anybody_heard_is_told_once(north: North) -> None:
    north.plans(until="2031-03-05")
    north.changes(0, day="2031-03-05")
    north.changes(0, day="2031-03-06")
    assert north.mails_go_out() == 3
    assert {f"{begins(event_of(m)):%m-%d}" for m in mails(north.app)} == {"03-06"}


def test_what_was_cancelled_before_anybody_heard_is_not_told(north: North) -> None:
    north.plans()
    north.cancels(1)
    assert north.mails_go_out() == 6
    assert {str(calendar_of(message)["method"]) for message in mails(north.app)} == {"REQUEST"}


def test_nobody_hears_of_what_is_over(north: North) -> None:
    north.plans(until="2031-03-05")
    assert north.mails_go_out(later=datetime(2031, 3, 4, 16, tzinfo=UTC) - now()) == 0
    assert north.mails_go_out() == 3


class Post:
    """A mail server that goes away, or that is cut off once it has taken a mail."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.tries = 0
        self.away: set[str] = set()
        self.refused: set[str] = set()
        self.meanwhile: Callable[[EmailMessage], None] | None = None
        self.dies_after: int | None = None

    def deliver(self, message: EmailMessage) -> None:
        self.tries += 1
        if message["To"] in self.away:
            raise smtplib.SMTPServerDisconnected
        if message["To"] in self.refused:
            raise smtplib.SMTPRecipientsRefused({message["To"]: (550, b"no such mailbox")})
        if self.meanwhile is not None:
            self.meanwhile(message)
        self.taken.append(message)
        if self.dies_after is not None and len(self.taken) == self.dies_after:
            raise SystemExit("the power is cut")


@pytest.fixture
def posts(app: Flask) -> Iterator[Post]:
    kept, app.extensions["post"] = app.extensions["post"], Post()
    yield app.extensions["post"]
    app.extensions["post"] = kept


def test_each_goes_out_once_wherever_it_is_cut_off(north: North, posts: Post) -> None:
    """Cut off between the server's yes and our note of it, the same mail is sent again: with the same id, by which it is known."""
    north.plans()
    moments = (BRIEFLY * number for number in itertools.count())
    for cut in (1, 4, 6):
        posts.dies_after = cut
        with pytest.raises(SystemExit):
            north.mails_go_out(later=next(moments))
    posts.dies_after = None
    assert north.mails_go_out(later=next(moments)) > 0
    assert north.mails_go_out(later=next(moments)) == 0
    ids = [message["Message-ID"] for message in posts.taken]
    assert len(set(ids)) == 9, "everybody, each meeting"
    assert len(ids) == 9 + 3, "once more where it was cut off, and nowhere else"


def test_one_that_was_cut_off_in_a_folder_is_one_file(north: North, monkeypatch: pytest.MonkeyPatch) -> None:
    north.plans(until="2031-03-05")
    north.mails_go_out()
    with north.app.app_context(), db.writing() as session:
        session.execute(update(Guest).values(told=None, claimed_at=now()))
    assert north.mails_go_out() == 0, "whoever began may still be at it"
    assert north.mails_go_out(later=BRIEFLY) == 3
    assert len(mails(north.app)) == 3


def test_who_cannot_be_reached_keeps_nobody_else_from_hearing(north: North, posts: Post) -> None:
    north.plans()
    posts.away = {north.ada.email}
    for minute in range(3):
        north.mails_go_out(later=timedelta(minutes=minute))
    assert [m["To"] for m in posts.taken].count(north.pete.email) == 3
    posts.away = set()
    north.mails_go_out(later=timedelta(hours=1))
    assert [m["To"] for m in posts.taken].count(north.ada.email) == 3


def test_addresses_that_are_refused_keep_nobody_else_from_hearing_and_are_not_asked_again_every_minute(
    north: North, posts: Post
) -> None:
    north.plans()
    posts.refused = {north.ada.email, north.pete.email}
    assert north.mails_go_out() == 3
    assert {m["To"] for m in posts.taken} == {north.mo.email}, "all of theirs, behind more than a few that failed"
    posts.refused = set()
    assert north.mails_go_out(later=timedelta(hours=5)) == 0
    assert north.mails_go_out(later=timedelta(hours=7)) == 6


def test_a_worker_that_began_earlier_leaves_what_another_one_is_at(north: North, posts: Post) -> None:
    north.plans()
    others = list[int]()

    def another_worker(_message: EmailMessage) -> None:
        posts.meanwhile = None
        others.append(north.mails_go_out())

    posts.meanwhile = another_worker
    north.mails_go_out(later=timedelta(minutes=1))
    assert others == [8], "all but the one that is being sent"
    assert len({m["Message-ID"] for m in posts.taken}) == len(posts.taken) == 9


def test_what_a_worker_begins_late_is_not_taken_for_left_behind(
    north: North, posts: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has worked for longer than anybody may hold one mail."""
    north.plans()
    later = BRIEFLY + timedelta(minutes=1)

    def another_worker(_message: EmailMessage) -> None:
        posts.meanwhile = None
        north.mails_go_out(later)

    def works_for_long(_message: EmailMessage) -> None:
        began = time.monotonic()
        monkeypatch.setattr(once, "monotonic", lambda: began + later.total_seconds())
        posts.meanwhile = another_worker

    posts.meanwhile = works_for_long
    north.mails_go_out()
    assert len({m["Message-ID"] for m in posts.taken}) == len(posts.taken) == 9
