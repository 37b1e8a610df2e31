"""What helps people in: the code and the Wi-Fi on the wall, and what stays folded until Mo says which screen this is."""

from __future__ import annotations

import pytest
from flask import Flask

from facilitator.core import sealing
from facilitator.core.config import Settings
from facilitator.core.db import changing
from facilitator.meetings import models
from tests.cast import Cast, Meeting
from tests.pages import Element, read


def wall_of(meeting: Meeting) -> Element:
    return read(meeting.screen(meeting.wall))


def console_of(meeting: Meeting) -> Element:
    return read(meeting.screen(meeting.mo))


def panels_of(page: Element) -> dict[str, Element]:
    """The parts that are only for Mo, as far as they are folded."""
    return {fold.get("id"): fold for fold in page.all("details") if fold.get("id").startswith("private-")}


def test_what_is_only_for_mo_is_folded_until_mo_says_which_screen_this_is(meeting: Meeting) -> None:
    page = console_of(meeting)
    assert page.one("h2", id="which-screen").text == "Is this the big screen or your own device?"
    panels = panels_of(page)
    assert panels.keys() == {"private-main", "private-side"}
    assert not any("open" in fold.attributes for fold in panels.values())
    assert "Pete" in panels["private-side"].text
    assert meeting.post(meeting.mo, "show", what="screen", value="own").status_code == 200
    page = console_of(meeting)
    assert panels_of(page) == {}
    assert not page.has("h2", id="which-screen")
    assert "Pete" in page.text


def test_the_code_leaves_the_wall_with_the_story(meeting: Meeting) -> None:
    code = meeting.snapshot.code
    shown = f"{code[:4]} {code[4:]}"
    while meeting.step.part == "opening":
        assert shown in wall_of(meeting).text, meeting.step.key
        meeting.next()
    assert meeting.step.key == "story"
    assert shown not in wall_of(meeting).text
    assert code not in meeting.screen(meeting.wall)


@pytest.mark.promise("wifi")
def test_the_lobby_helps_with_the_wi_fi_after_a_minute(app: Flask, settings: Settings) -> None:
    meeting = Cast(app).meeting()
    help_ = wall_of(meeting).one(id="wifi-help")
    assert "comes-late" in help_.get("class"), "the style sheet lets it come after a minute"
    assert "Not working? Join the same Wi-Fi," in help_.text
    assert not help_.has("img"), "no network, no code for it"
    with app.app_context(), changing(meeting.id) as session:
        row = session.get_one(models.Meeting, meeting.id)
        row.wifi = sealing.seal(meeting.id, "wifi", {"name": "Lokaal 3", "password": "CANARY password"})
    help_ = wall_of(meeting).one(id="wifi-help")
    assert "Lokaal 3" in help_.text
    assert help_.has("img")
    assert "CANARY password" in help_.text, "not every phone reads a code"
    assert "CANARY password" in meeting.screen(meeting.mo), "Mo can read it out"
    assert "Lokaal 3" not in meeting.screen(meeting.pete), "whoever has a phone here is in already"
    files = [path.read_bytes() for path in settings.data_dir.rglob("*") if path.is_file()]
    assert not [content for content in files if b"CANARY" in content or b"Lokaal 3" in content], "it lies sealed"
    meeting.start()
    assert not wall_of(meeting).has(id="wifi-help")
    assert not [name for name, screen in meeting.screens().items() if "Lokaal 3" in screen or "CANARY" in screen]


@pytest.mark.promise("goal")
def test_the_goal_is_for_everybody_in_the_room_and_the_place_for_whoever_reads_the_report(app: Flask) -> None:
    meeting = Cast(app).meeting(group="North")
    with app.app_context(), changing(meeting.id) as session:
        session.get_one(models.Meeting, meeting.id).place = "CANARY Street 3"
    assert "Learn to guide a starter" in meeting.screen(meeting.wall), "which everybody in the room sees"
    assert not [name for name, screen in meeting.screens().items() if "CANARY Street" in screen]
    meeting.start()
    assert not [name for name, screen in meeting.screens().items() if "CANARY Street" in screen]
    meeting.end()
    report = read(meeting.get(meeting.mo, "report").text).text
    for told in ("Learn to guide a starter", "CANARY Street 3", "North, meeting 1"):
        assert told in report


@pytest.mark.promise("who-is-there")
def test_everybody_sees_who_is_there_and_only_mo_who_left(app: Flask) -> None:
    meeting = Cast(app).meeting()
    assert "Cleo" in meeting.screen(meeting.wall), "written at a seat of the circle"
    meeting.advance_to("clarify")
    meeting.leave(meeting.cleo)
    told = {name: read(screen).text for name, screen in meeting.screens().items() if name != "Cleo"}
    assert "Cleo" in told["Mo"]
    assert {name for name, text in told.items() if "has left" in text} == {"Mo"}
    meeting.end()
    assert "Cleo" in meeting.get(meeting.mo, "report").text


@pytest.mark.parametrize(
    ("method", "phase", "form"), [("gossip", "gossip", "observation"), ("consultancy", "discussion", "thought")]
)
def test_a_form_says_who_sees_what_is_sent_where_the_case_giver_is_turned_away(
    cast: Cast, method: str, phase: str, form: str
) -> None:
    meeting = cast.meeting(method=method)
    meeting.advance_to(phase)
    phone = meeting.screen(meeting.pete)
    assert "Everybody but the case giver sees this as soon as you send it." in phone
    assert "Everybody sees this" not in phone
    meeting.send(meeting.pete, meeting.sent(form, fields={form: "I hear a tired man"}))
    assert "I hear a tired man" in meeting.screen(meeting.mo) + meeting.screen(meeting.wall)
    assert "I hear a tired man" not in meeting.screen(meeting.gia)


def test_a_form_says_that_everybody_sees_it_where_that_is_so(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("commit")
    assert "Everybody sees this as soon as you send it." in meeting.screen(meeting.gia)
