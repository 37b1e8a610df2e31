"""Calendars follow corrections: each action keeps its entry, and what is taken out is taken out there too."""

from __future__ import annotations

import json
from datetime import date

import icalendar
import pytest
from flask import Flask

from facilitator.reports.passages import fingerprint
from tests.cast import Cast, Meeting
from tests.reports_builder import a_report
from tests.reports_pages import Pages, held, pages_of
from tests.scenes import scene, with_cast

CALL, WRITE, ASK = date(2031, 5, 1), date(2031, 5, 2), date(2031, 5, 3)
LATER = date(2031, 6, 9)


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    """A meeting that is over; its report has three actions, and the group reads it."""
    return scene(app, with_cast, approved_with_three)


def approved_with_three(cast: Cast) -> Meeting:
    meeting = held(cast)
    mo = pages_of(meeting, meeting.mo)
    for word, day in (("call", CALL), ("write", WRITE), ("ask", ASK)):
        corrects(mo, **{"then-new": word, "due-new": day.isoformat()})
    assert mo.send("/edit?part=0.next", "edit", do="save", date="2031-04-15", time="15:00").status_code == 303
    pages_of(meeting, meeting.gia).approve_all()
    return meeting


def corrects(mo: Pages, **fields: str) -> None:
    assert mo.send("/edit?part=1.actions", "edit", do="save", **fields).status_code == 303


def entries(reader: Pages) -> list[icalendar.Component]:
    return list(icalendar.Calendar.from_ical(reader.get(".ics").data).walk("VEVENT"))


def by_day(reader: Pages) -> dict[object, icalendar.Component]:
    return {event.decoded("dtstart"): event for event in entries(reader)}


def test_others_keep_their_entry_and_what_was_taken_out_is_cancelled(meeting: Meeting) -> None:
    mo, gia, pete = (pages_of(meeting, person) for person in (meeting.mo, meeting.gia, meeting.pete))
    before = by_day(pete)
    assert len({str(event["uid"]) for event in before.values()}) == 4
    assert {(str(event["status"]), event["sequence"]) for event in before.values()} == {("CONFIRMED", 1)}
    gia.send("", "reopen")
    corrects(mo, **{"out-0": "yes", "due-2": LATER.isoformat()})
    corrects(mo, **{"then-new": "thank", "due-new": ASK.isoformat()})
    assert {event["sequence"] for event in entries(pete)} == {1}, (
        "the group has the old one until the new one is approved"
    )
    gia.approve_all()
    after = {str(event["uid"]): event for event in entries(pete)}
    assert len(after) == 5
    called, wrote, asked = (after[str(before[day]["uid"])] for day in (CALL, WRITE, ASK))
    assert (str(called["status"]), called["sequence"], called.decoded("dtstart")) == ("CANCELLED", 2, CALL)
    assert (str(wrote["status"]), wrote["sequence"], wrote.decoded("dtstart")) == ("CONFIRMED", 1, WRITE)
    assert (str(asked["status"]), asked["sequence"], asked.decoded("dtstart")) == ("CONFIRMED", 2, LATER)
    (thanked,) = after.keys() - {str(event["uid"]) for event in before.values()}
    assert after[thanked].decoded("dtstart") == ASK
    for event in after.values():
        moment = event.decoded("last-modified")
        assert (moment.hour, moment.minute, moment.second) == (0, 0, 0), "the day of the yes, not its moment"


def test_a_next_meeting_that_is_off_is_cancelled_and_comes_back(meeting: Meeting) -> None:
    mo, gia, pete = (pages_of(meeting, person) for person in (meeting.mo, meeting.gia, meeting.pete))
    uid = str(entries(pete)[-1]["uid"])
    for day, status, version in (("", "CANCELLED", 2), ("2031-04-16", "CONFIRMED", 3)):
        gia.send("", "reopen")
        mo.send("/edit?part=0.next", "edit", do="save", date=day, time="")
        gia.approve_all()
        (event,) = (event for event in entries(pete) if str(event["uid"]) == uid)
        assert (str(event["status"]), event["sequence"]) == (status, version)


def test_an_entry_stays_cancelled_and_everything_can_be(meeting: Meeting) -> None:
    mo, gia, pete = (pages_of(meeting, person) for person in (meeting.mo, meeting.gia, meeting.pete))
    gia.send("", "reopen")
    assert mo.sent("edit", do="out", part="1.actions").status_code == 303
    mo.send("/edit?part=0.next", "edit", do="save", date="", time="")
    gia.approve_all()
    assert {str(event["status"]) for event in entries(pete)} == {"CANCELLED"}
    assert f'href="/meetings/{meeting.id}/report.ics"' in pete.get().text, "calendars have to hear of it"
    gia.send("", "reopen")
    gia.approve_all()
    assert [(str(event["status"]), event["sequence"]) for event in entries(pete)] == [("CANCELLED", 2)] * 4


def test_no_other_file_and_no_fingerprint_holds_what_tells_actions_apart(meeting: Meeting) -> None:
    data = json.loads(pages_of(meeting, meeting.pete).get(".json").data)["report"]
    assert "diary" not in data
    assert {key for case in data["cases"] for deed in case["actions"] for key in deed}.isdisjoint({"key", "id"})
    actions = a_report().cases[0].actions
    assert fingerprint(actions) == "d1f8e38a4ae99a83992362579929ab79", "a yes that was given before still holds"
