"""What whoever leads sees before the start: who comes, what they told, what is open, and who has not accepted the agreement. Nobody else sees it there."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from facilitator.core.db import db
from facilitator.groups import agreements
from facilitator.meetings.actions import people
from facilitator.meetings.models import Meeting as Row
from facilitator.meetings.models import TurnRow
from tests.accounts_cast import post
from tests.cast import Cast, Meeting
from tests.integration.calendar.conftest import North
from tests.integration.calendar.test_offered_cases import TITLE, offers, opened, where  # noqa: F401 – a fixture
from tests.pages import read

pytestmark = pytest.mark.either


def facts(meeting: Meeting, name: str = "Mo") -> str:
    """What stands before the start on somebody's screen; empty where nothing does."""
    screen = read(meeting.screen(meeting[name]))
    found = [*screen.all("section", aria_labelledby="before-title"), *screen.all("details", id="private-before")]
    return " ".join(" ".join(section.text.split()) for section in found).replace(" :", ":")


def test_the_console_says_who_comes_and_follows_who_answers_while_the_doors_are_open(north: North, where: str) -> None:  # noqa: F811
    post(north.browsers["Ada"], f"{where}/when/answer", says="no")
    meeting = opened(north, where)
    assert facts(meeting) == "Before we start Cannot come Ada Said nothing yet Pete"
    post(north.browsers["Pete"], f"{where}/when/answer", says="yes")
    assert facts(meeting) == "Before we start Come Pete Cannot come Ada"
    assert "Cannot come" not in meeting.screen(meeting.wall)
    meeting.join("Pete")
    assert "Cannot come" not in meeting.screen(meeting.pete)
    meeting.start()
    assert facts(meeting) == ""
    meeting.steer("to_lobby")
    assert facts(meeting) == "Before we start Come Pete Cannot come Ada"


def test_it_says_which_of_those_who_come_have_not_accepted_the_agreement(north: North, where: str) -> None:  # noqa: F811
    for name in ("Ada", "Pete"):
        post(north.browsers[name], f"{where}/when/answer", says="yes")
    with north.app.app_context():
        agreements.write(north.ada, north.id, 0, "We listen.")
    page = read(north.browsers["Mo"].get(f"{where}/when").text).one("section", aria_labelledby="before-title")
    assert " ".join(page.text.split()) == "Before we start Not accepted our agreement yet Pete"
    assert not read(north.browsers["Ada"].get(f"{where}/when").text).has("section", aria_labelledby="before-title")
    meeting = opened(north, where, north.pete)
    assert facts(meeting).endswith("Not accepted our agreement yet Pete")
    meeting.act(people.accept_agreement, meeting.pete.seat_id, 1)
    assert facts(meeting) == "Before we start Come (2) Ada, Pete"


def test_once_it_began_the_page_says_none_of_it_any_more(north: North, where: str) -> None:  # noqa: F811
    offers(north.browsers["Pete"], where, tells="words")
    meeting = opened(north, where, north.ada)
    assert TITLE in north.browsers["Mo"].get(f"{where}/when").text
    meeting.start()
    assert TITLE not in north.browsers["Mo"].get(f"{where}/when").text


def test_open_actions_stand_there_for_whoever_leads(north: North, where: str) -> None:  # noqa: F811
    before = Cast(north.app, north.mo).meeting("Gia", "Pete", "Ada")
    with north.app.app_context(), db.writing() as session:
        session.get_one(Row, before.id).group_id = north.id
    before.play()
    planned = next(action for action in before.actions if action.is_confirmed)
    page = north.browsers["Mo"].get(f"{where}/when").text
    assert planned.then in page
    assert planned.then not in north.browsers["Ada"].get(f"{where}/when").text
    meeting = opened(north, where, north.ada)
    assert f"Open actions Gia: {planned.then}" in facts(meeting)
    assert planned.then not in meeting.screen(meeting.wall)
    assert planned.then not in meeting.screen(meeting.ada)


def test_whose_turn_it_is_stands_there(north: North, where: str) -> None:  # noqa: F811
    with north.app.app_context(), db.writing() as session:
        meeting_id = where.rpartition("/")[2]
        session.add(TurnRow(meeting_id=meeting_id, role="timekeeper", user_id=north.ada.id, why="longest"))
    assert facts(opened(north, where)).endswith("Whose turn it is Ada: timekeeper")


def test_a_meeting_that_stands_in_no_calendar_has_nothing_to_say(north: North) -> None:
    meeting = Cast(north.app, north.mo).meeting("Pete", case_giver=None)
    assert facts(meeting) == ""
    with north.app.app_context():
        assert db.session.scalar(select(Row.planned_for).where(Row.id == meeting.id)) is None


def test_what_was_told_stands_there_too(north: North, where: str) -> None:  # noqa: F811
    offers(north.browsers["Pete"], where, tells="words", title=TITLE)
    meeting = opened(north, where)
    assert facts(meeting) == (
        f"Before we start Said nothing yet (2) Ada, Pete Cases that people told you of Pete: {TITLE} – How can I let her speak?"
    )
