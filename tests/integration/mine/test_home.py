"""Home is the day's work: what is next, what somebody was asked for, what they planned, and who waits for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from facilitator.accounts.models import User
from facilitator.meetings.actions import accounts
from tests.accounts_cast import english, make_member, make_moderator, make_outsider, post
from tests.cast import Cast, Meeting
from tests.contract.everybody import signed_in
from tests.integration.calendar.conftest import North, north  # noqa: F401 – a fixture
from tests.pages import Element, read

pytestmark = pytest.mark.usefixtures("patient")
LISTS = {
    "now": "Now",
    "asked": "You were asked",
    "others": "Others wait for you",
    "next": "Next",
    "planned": "You planned",
}


def home(app: Flask, user: User) -> Element:
    return read(english(signed_in(app, user)).get("/").text)


def on(page: Element, name: str) -> str:
    """One list of a home, empty where it is not there: nobody reads a heading without anything under it."""
    found = page.all("section", aria_labelledby=f"{name}-title")
    assert page.has("h2", id=f"{name}-title") == bool(found)
    return found[0].text if found else ""


@pytest.fixture
def mo(app: Flask) -> User:
    return make_moderator(app)


@pytest.fixture
def meeting(app: Flask, mo: User) -> Meeting:
    """Mo led it, and Gia took something on, with Pete as her buddy."""
    meeting = Cast(app, mo).meeting("Gia", "Pete", "Ada", group="North")
    meeting.advance_to("commit")
    meeting.write(meeting.gia, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    meeting.be_buddy(meeting.pete, meeting.actions[0].id)
    return meeting


@pytest.mark.parametrize("make", [make_member, make_moderator])
def test_whoever_has_nothing_to_do_is_told_what_they_can_do(app: Flask, make: Callable[[Flask], User]) -> None:
    page = home(app, make(app))
    assert page.all("h2")[0].text == "Nothing waits for you"
    assert [on(page, name) for name in LISTS] == [""] * len(LISTS)
    assert page.has("a", href="/j")
    assert page.has("a", href="/meetings/new") == (make is make_moderator)


def test_a_member_answers_for_the_next_meetings_and_stays_where_they_are(north: North) -> None:  # noqa: F811
    north.plans()
    page = home(north.app, north.pete)
    assert [item.one("a").text for item in page.one("section", aria_labelledby="next-title").all("li")] == [
        "Tuesday 4 March 2031",
        "Tuesday 15 April 2031",
        "Tuesday 27 May 2031",
    ], "a few, the soonest first; the rest is in the calendar"
    pete = english(north.browsers["Pete"])
    soonest = north.appointments[0].meeting_id
    answer = post(pete, f"/meetings/{soonest}/when/answer", says="yes", **{"from": "home"})
    assert answer.location == "/"
    pressed = [button["aria-pressed"] for button in read(pete.get("/").text).all("button", value="yes")]
    assert pressed == ["true", "false", "false"]
    assert on(home(north.app, make_outsider(north.app)), "next") == ""


def test_a_meeting_that_is_on_stands_on_top_and_lets_its_group_in(north: North) -> None:  # noqa: F811
    north.plans()
    soonest = north.appointments[0].meeting_id
    post(north.browsers["Mo"], f"/meetings/{soonest}/open")
    assert "It is on: come in" in on(home(north.app, north.pete), "now")
    assert "Tuesday 4 March 2031" not in on(home(north.app, north.pete), "next")
    now = home(north.app, north.mo).one("section", aria_labelledby="now-title")
    assert [link["href"] for link in now.all("a")] == [f"/meetings/{soonest}/console"], "whoever leads it goes on there"


def test_what_somebody_planned_and_whom_they_help_are_two_things(app: Flask, meeting: Meeting) -> None:
    gus, pia = make_member(app, "Gus"), make_member(app, "Pia")
    for person, user in ((meeting.gia, gus), (meeting.pete, pia)):
        meeting.act(accounts.connect, person.seat_id, user)
    assert "If he is silent, then I ask him" in on(home(app, gus), "planned")
    assert on(home(app, gus), "others") == ""
    assert "You are the buddy of Gia" in on(home(app, pia), "others")
    assert on(home(app, pia), "planned") == ""
    assert "he is silent" not in home(app, make_outsider(app)).text


def test_whoever_led_a_meeting_sees_who_waits_for_its_report_and_for_its_hours(
    app: Flask, mo: User, meeting: Meeting
) -> None:
    assert on(home(app, mo), "others") == "", "while it runs nobody waits"
    assert "I ask him" not in home(app, mo).text, "what others took on is their own day's work"
    meeting.end()
    waits = on(home(app, mo), "others")
    assert "A report to finish" in waits
    assert "Learn to guide a starter" in waits, "of which meeting"
    assert "Confirm attendance" in waits
    assert on(home(app, make_moderator(app, "Nel")), "others") == ""
