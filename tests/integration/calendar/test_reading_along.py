"""Somebody's own calendar reads along at an address of theirs: everything that is theirs, and nothing once it ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from vobject.base import readOne

from facilitator.calendar.models import Appointment, CalendarAddress
from facilitator.core import sealing
from facilitator.core.db import db, now, random_id
from facilitator.meetings.models import Action, Seat
from facilitator.retention.erasing import forget_appointments
from tests.accounts_cast import english, post
from tests.integration.calendar.conftest import North
from tests.integration.calendar.test_invitations import begins
from tests.pages import read, sent_by

pytestmark = pytest.mark.either


def address_of(north: North, name: str) -> str:
    """Makes a new one; it is shown once."""
    browser = north.browsers[name]
    assert post(browser, "/calendar/address", do="make").status_code == 302
    shown = read(browser.get("/calendar").text).one("input", id="address")["value"]
    assert read(browser.get("/calendar").text).all("input", id="address") == [], "once"
    return str(shown).partition("//")[2].partition("/")[2]


def calendar(north: North) -> FlaskClient:
    """A calendar that asks by itself, and cannot sign in."""
    return english(north.app.test_client())


def events(north: North, address: str) -> list[icalendar.Component]:
    answer = calendar(north).get(f"/{address}")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    found = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    by_another = readOne(answer.text)  # type: ignore[no-untyped-call]  # that library has no types
    assert len(list(by_another.components())) == len(found)
    return found


@pytest.mark.promise("calendar-address")
def test_it_holds_each_meeting_once_as_it_is_now_under_the_id_the_invitation_had(north: North) -> None:
    north.plans()
    north.mails_go_out()
    address = address_of(north, "Pete")
    assert [f"{begins(event):%m-%d %H:%M}" for event in events(north, address)] == [
        "03-04 14:00",
        "04-15 13:00",
        "05-27 13:00",
    ]
    assert [str(event["uid"]) for event in events(north, address)] == [one.id for one in north.appointments]
    assert not [name for name in ("North", "Learn", "Ada", "Mo") if name in str(events(north, address))]
    north.changes(0, day="2031-03-05")
    north.cancels(1)
    north.mails_go_out()
    assert [f"{begins(event):%m-%d}" for event in events(north, address)] == ["03-05", "05-27"]
    north.leaves(north.pete)
    assert events(north, address) == [], "at once, also before anybody was told"
    north.mails_go_out()
    assert events(north, address) == []


@pytest.mark.promise("calendar-address")
def test_a_new_address_ends_the_old_one_and_one_that_ended_reads_nothing(north: North) -> None:
    first, second = address_of(north, "Pete"), address_of(north, "Pete")
    assert calendar(north).get(f"/{first}").status_code == 404
    assert calendar(north).get(f"/{second}").status_code == 200
    assert post(north.browsers["Pete"], "/calendar/address", do="end").status_code == 302
    assert calendar(north).get(f"/{second}").status_code == 404
    with north.app.app_context():
        assert db.session.scalars(select(CalendarAddress)).all() == []


@pytest.mark.promise("calendar-address")
def test_the_days_of_open_actions_stand_in_the_calendars_of_owner_and_buddy_without_words(north: North) -> None:
    north.plans(until="2031-03-05")
    owned = planned_action(north, owner="Pete", buddy="Ada")
    for name in ("Pete", "Ada"):
        (event,) = days(north, name)
        assert event.decoded("dtstart") == date(2031, 3, 20)
        assert "Ask her" not in str(event)
        assert event.walk("VALARM") == []
    assert days(north, "Mo") == []
    with north.app.app_context(), db.writing() as session:
        session.get_one(Action, owned).status = "done"
    assert days(north, "Pete") == []


def days(north: North, name: str) -> list[icalendar.Component]:
    """What stands on a day in somebody's calendar, without an hour."""
    found = events(north, address_of(north, name))
    return [event for event in found if not isinstance(event.decoded("dtstart"), datetime)]


def planned_action(north: North, owner: str, buddy: str) -> str:
    """Of the one meeting there is; gives its id."""
    meeting_id, people = north.appointments[0].meeting_id, {"Pete": north.pete, "Ada": north.ada}
    assert meeting_id is not None
    with north.app.app_context(), db.writing() as session:
        seats = {name: _seat(meeting_id, name, people[name].id) for name in (owner, buddy)}
        session.add_all(seats.values())
        session.flush()
        action_id = random_id()
        body = sealing.seal(meeting_id, f"action:{action_id}", {"if": "Ask her"})
        action = Action(
            id=action_id, meeting_id=meeting_id, owner_id=seats[owner].id, buddy_id=seats[buddy].id, body=body
        )
        action.due = date(2031, 3, 20)
        session.add(action)
    return action_id


def _seat(meeting_id: str, name: str, user_id: str) -> Seat:
    return Seat(meeting_id=meeting_id, kind="participant", name=name, user_id=user_id, locale="en", joined_at=now())


@pytest.mark.promise("appointments-go")
def test_who_came_goes_with_what_was_written_at_the_latest(north: North) -> None:
    """Sixty days after the meeting, unless the organisation chose fewer."""
    north.plans(until="2031-03-05")
    with north.app.app_context(), db.writing() as session:
        session.scalars(select(Appointment)).one().begins = (now() - timedelta(days=59)).replace(tzinfo=None)
    with north.app.app_context():
        assert forget_appointments(now()) == 0
        assert forget_appointments(now() + timedelta(days=2)) == 1
    assert north.appointments == []


def test_a_single_meeting_of_a_group_comes_into_calendars_as_well(north: North) -> None:
    fields = {"goal": "Learn to guide", "method": "basis", "locale": "en", "group_id": north.id}
    mo = north.browsers["Mo"]
    page = next(f for f in read(mo.get("/meetings/new").text).all("form") if f.has("input", name="goal"))
    answer = post(
        mo,
        "/meetings/new",
        go="later",
        **{**sent_by(page), **fields, "planned_for": "2031-03-04T15:00", "place": "Room 9"},
    )
    assert answer.status_code == 302, read(answer.text).text
    (one,) = north.appointments
    assert (one.moment, one.place, one.minutes > 30) == (datetime(2031, 3, 4, 14, tzinfo=UTC), "Room 9", True)
    assert north.mails_go_out() == 3
