"""A year is planned at once, and each of its meetings can go elsewhere, alone or with those that follow."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from flask import Flask
from sqlalchemy import func, select

from facilitator.calendar.actions import keep_to_clocks
from facilitator.core.db import db, now
from facilitator.meetings.models import Meeting, Step
from tests.accounts_cast import make_administrator, make_outsider, post
from tests.contract.everybody import signed_in
from tests.integration.calendar.conftest import North
from tests.pages import read, sent_by

pytestmark = pytest.mark.either


def begins(north: North) -> list[str]:
    return [f"{one.begins:%Y-%m-%d %H:%M}" for one in north.appointments if not one.is_cancelled]


def meetings(app: Flask) -> list[Meeting]:
    with app.app_context():
        db.session.expire_all()
        return list(db.session.scalars(select(Meeting).order_by(Meeting.planned_for)))


def test_the_days_are_shown_before_anything_is_planned(north: North) -> None:
    page = north.plans(go="show", skip="week 16")
    assert page.status_code == 200
    shown = [item.text for item in read(page.text).one("section", id="found").all("li")]
    assert [day.split(" 15:00")[0] for day in shown] == ["Tuesday 4 March 2031", "Tuesday 27 May 2031"]
    assert meetings(north.app) == []
    form = next(form for form in read(page.text).all("form") if form.has("input", name="op"))
    assert sent_by(form)["skip"].strip() == "week 16", "nothing that was typed is lost"
    assert post(north.browsers["Mo"], f"/groups/{north.id}/year/new", go="plan", **sent_by(form)).status_code == 302
    assert begins(north) == ["2031-03-04 15:00", "2031-05-27 15:00"]


def test_each_is_a_planned_meeting_of_the_group_at_its_time_in_winter_and_in_summer(north: North) -> None:
    assert north.plans().status_code == 302
    found = meetings(north.app)
    assert [m.planned_for for m in found] == [
        datetime(2031, 3, 4, 14, tzinfo=UTC),
        datetime(2031, 4, 15, 13, tzinfo=UTC),
        datetime(2031, 5, 27, 13, tzinfo=UTC),
    ]
    assert {(m.status, m.group_id, m.goal, m.place) for m in found} == {
        ("planned", north.id, "Learn to guide", "Room 2")
    }
    assert all(m.follows_group for m in found), "each opens with what the one before it took on"
    assert planned_minutes(north.app, found[0].id) == pytest.approx(90, abs=5)


def planned_minutes(app: Flask, meeting_id: str) -> float:
    with app.app_context():
        asked = select(func.sum(Step.planned)).where(Step.meeting_id == meeting_id)
        return float(db.session.scalar(asked) or 0) / 60


def test_days_can_be_picked(north: North) -> None:
    assert north.plans(how="days", days="2031-06-01\n4-3-2031", first="", until="").status_code == 302
    assert begins(north) == ["2031-03-04 15:00", "2031-06-01 15:00"]


def test_a_page_that_is_sent_twice_plans_once_and_another_one_plans_more(north: North) -> None:
    assert (north.plans().status_code, north.plans().status_code) == (302, 302)
    assert len(meetings(north.app)) == 3
    north.plans(op="another page")
    assert len(meetings(north.app)) == 6


@pytest.mark.parametrize(
    "typed", [{"first": "2031-03-11"}, {"until": "2031-05-01"}, {"at": "09:00"}, {"place": "Room 3"}]
)
def test_whoever_goes_back_to_the_page_and_plans_something_else_with_it_is_told_that_it_is_planned_already(
    north: North, typed: dict[str, str]
) -> None:
    north.plans()
    page = north.plans(**typed)
    assert page.status_code == 409
    assert "planned already" in read(page.text).text
    assert begins(north) == ["2031-03-04 15:00", "2031-04-15 15:00", "2031-05-27 15:00"]


@pytest.mark.parametrize(
    "typed", [{"day": "9999-12-31", "at": "23:30"}, {"day": "9999-12-31", "reach": "following"}, {"day": "0001-01-01"}]
)
def test_no_meeting_is_put_where_no_calendar_reaches(north: North, typed: dict[str, str]) -> None:
    north.plans()
    page = north.changes(0, **{"place": "Room 3", **typed})
    assert page.status_code == 422
    assert "in the years 1900 to 2199" in read(page.text).text
    assert "Room 3" in page.text
    assert begins(north)[0] == "2031-03-04 15:00"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"skip": "Christmas"}, "neither a day nor a week: Christmas"),
        ({"first": ""}, "First meeting on: Fill in a date"),
        ({"until": "2031-01-01"}, "after the first meeting"),
        ({"until": "2041-01-01"}, "at most 3 years"),
        ({"weeks": "1", "until": "2032-12-31"}, "at most 60"),
        ({"skip": "1-53"}, "No day is left"),
        ({"first": "2021-03-04", "until": "2021-04-04"}, "in the past"),
        ({"how": "days", "days": "tomorrow"}, "not a day: tomorrow"),
        ({"how": "days", "days": " "}, "one day or more"),
        ({"zone": "Mars/Olympus"}, "Choose one of the answers"),
        ({"at": "3 o'clock"}, "Fill in a time"),
        ({"first": "9998-01-01", "until": "9999-12-31"}, "in the years 1900 to 2199"),
        ({"first": "0001-01-01", "until": "0001-12-31", "zone": "Asia/Tokyo"}, "in the years 1900 to 2199"),
        ({"how": "days", "days": "9999-12-31", "zone": "America/New_York"}, "not a day: 9999-12-31"),
    ],
)
def test_what_is_wrong_is_said_and_kept(north: North, typed: dict[str, str], said: str) -> None:
    page = north.plans(**typed)
    assert page.status_code == 422
    assert said in read(page.text).text
    assert "Learn to guide" in page.text
    assert meetings(north.app) == []


def test_one_is_moved_alone_and_then_those_that_follow_by_as_many_days(north: North) -> None:
    north.plans()
    assert north.changes(0, day="2031-03-05", at="09:30").status_code == 302
    assert begins(north) == ["2031-03-05 09:30", "2031-04-15 15:00", "2031-05-27 15:00"]
    assert north.changes(1, day="2031-04-17", place="Room 3", reach="following").status_code == 302
    assert begins(north) == ["2031-03-05 09:30", "2031-04-17 15:00", "2031-05-29 15:00"]
    found = meetings(north.app)
    assert [m.place for m in found] == ["Room 2", "Room 3", "Room 3"]
    assert found[2].planned_for == datetime(2031, 5, 29, 13, tzinfo=UTC)


def test_what_stands_of_its_own_with_those_that_follow_is_left(north: North) -> None:
    north.plans()
    north.changes(2, place="Garden", at="10:00")
    north.changes(0, day="2031-03-06", reach="following")
    assert begins(north) == ["2031-03-06 15:00", "2031-04-17 15:00", "2031-05-29 10:00"]
    assert [one.place for one in north.appointments] == ["Room 2", "Room 2", "Garden"]


def test_a_longer_meeting_has_longer_phases(north: North) -> None:
    north.plans()
    before = planned_minutes(north.app, meetings(north.app)[0].id)
    north.changes(0, minutes="180")
    assert planned_minutes(north.app, meetings(north.app)[0].id) == pytest.approx(2 * before, abs=3)


def test_one_is_cancelled_or_with_those_that_follow(north: North) -> None:
    north.plans()
    north.cancels(1)
    assert begins(north) == ["2031-03-04 15:00", "2031-05-27 15:00"]
    page = read(north.browsers["Pete"].get(f"/groups/{north.id}/year").text)
    assert [item.text.endswith("cancelled") for item in page.one("main").one("ul", class_="list").all("li")] == [
        False,
        True,
        False,
    ]
    north.cancels(0, reach="following")
    assert begins(north) == []
    assert meetings(north.app) == []


def test_an_opened_meeting_stays_where_it_is(north: North) -> None:
    north.plans()
    first = north.appointments[0]
    assert post(north.browsers["Mo"], f"/meetings/{first.meeting_id}/open").status_code == 302
    for answer in (north.changes(0, day="2031-03-06"), north.cancels(0)):
        assert answer.status_code in (302, 409)
    assert begins(north)[0] == "2031-03-04 15:00"
    north.changes(1, day="2031-04-16", reach="following")
    assert begins(north) == ["2031-03-04 15:00", "2031-04-16 15:00", "2031-05-28 15:00"]


def test_what_the_page_of_the_plan_changes_or_takes_back_calendars_follow(north: North) -> None:
    north.plans()
    mo, first = north.browsers["Mo"], north.appointments[0]
    path = f"/meetings/{first.meeting_id}/plan"
    form = next(f for f in read(mo.get(path).text).all("form") if f.has("input", name="goal"))
    assert post(mo, path, go="later", **sent_by(form)).status_code == 302
    assert north.appointments[0].minutes == 90, "nothing was touched"
    post(
        mo,
        path,
        go="later",
        **{**sent_by(form), "planned_for": "2031-03-05T09:30", "place": "Room 9", "minutes": "120"},
    )
    moved = north.appointments[0]
    assert (str(moved.begins), moved.minutes, moved.place) == ("2031-03-05 09:30:00", 120, "Room 9")
    post(mo, f"/meetings/{first.meeting_id}/delete")
    assert north.appointments[0].is_cancelled


def test_a_clock_whose_rules_change_keeps_its_time(north: North) -> None:
    """What was computed by older rules is computed anew."""
    north.plans()
    with north.app.app_context(), db.writing() as session:
        row = session.scalars(select(Meeting).order_by(Meeting.planned_for)).first()
        assert row is not None
        row.planned_for = datetime(2031, 3, 4, 13, tzinfo=UTC)
    with north.app.app_context():
        assert keep_to_clocks(now()) == 1
        assert keep_to_clocks(now()) == 0
    assert meetings(north.app)[0].planned_for == datetime(2031, 3, 4, 14, tzinfo=UTC)
    assert north.appointments[0].begins.time() == time(15)


def test_who_sees_a_planned_meeting_and_who_may_change_it(north: North) -> None:
    north.plans()
    first = north.appointments[0]
    page, year = f"/meetings/{first.meeting_id}/when", f"/groups/{north.id}/year"
    assert "Pete" in north.browsers["Ada"].get(page).text, "members see who comes"
    assert "Another day" not in north.browsers["Ada"].get(page).text
    assert post(north.browsers["Ada"], page, day="2031-03-05").status_code == 403
    assert post(north.browsers["Ada"], f"{page}/cancel").status_code == 403
    assert north.browsers["Ada"].get(f"{year}/new").status_code == 403
    ann, ola = (
        signed_in(north.app, make_administrator(north.app, "Ann")),
        signed_in(north.app, make_outsider(north.app)),
    )
    assert ann.get(year).status_code == 200, "whoever manages groups sees their days"
    assert "said anything" not in ann.get(year).text
    assert "said anything" in north.browsers["Ada"].get(year).text
    assert ann.get(page).status_code == 404
    for address in (page, year, f"{year}/new"):
        assert ola.get(address).status_code == 404


def test_a_member_in_another_zone_and_a_meeting_over_midnight_read_right(north: North) -> None:
    north.plans(zone="America/New_York", at="22:30", minutes="180", first="2031-03-08", until="2031-03-08", weeks="6")
    page = read(north.browsers["Pete"].get(f"/groups/{north.id}/year").text).one("main").text
    assert "Saturday 8 March 2031" in page
    assert "22:30 (UTC-5) until Sunday 9 March, 02:30" not in page, "three hours, of which the clock left out one"
    assert "22:30 until Sunday 9 March, 01:30 (New York)" in page
    assert "For you, in Amsterdam: Sunday 9 March 2031, 04:30–07:30" in page


def test_a_group_without_meetings_says_what_to_do(north: North) -> None:
    assert "Plan the whole year at once" in north.browsers["Mo"].get(f"/groups/{north.id}/year").text
    assert "you get a mail" in north.browsers["Pete"].get(f"/groups/{north.id}/year").text
    assert "as soon as they are planned" in north.browsers["Pete"].get("/calendar").text


def test_on_the_page_of_all_meetings_the_soonest_stands_first_and_a_year_pushes_nothing_out_of_sight(
    north: North,
) -> None:
    north.plans(weeks="2", until="2031-12-31")
    page = read(north.browsers["Mo"].get("/meetings").text).one("main")
    days = [item.text for item in page.all("p", class_="quiet num") if "15:00" in item.text]
    assert len(days) == len(begins(north)) > 20
    assert days[0].endswith("4 March, 15:00")
    assert days[-1].endswith("23 December, 15:00")
    later = page.one("details", class_="fold")
    assert len(later.all("li")) == len(days) - 6
