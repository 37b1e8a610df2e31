"""The console reminds whoever leads, each reminder can be put away for the phase at hand, and nobody else hears of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests import pages
from tests.cast import Cast, Meeting
from tests.own_methods import in_the_catalogue, written
from tests.pages import Element
from tests.phones import device

KINDS = ("talk", "story", "commit", "learn")


@pytest.fixture
def cast(app: Flask) -> Cast:
    """One database is enough."""
    return Cast(app)


def nudge(meeting: Meeting, about: str) -> Element | None:
    page = device(meeting, meeting.mo).open()
    return next(iter(page.all("div", id=f"nudge-{about}")), None)


def puts_away(meeting: Meeting, about: str) -> None:
    mo = device(meeting, meeting.mo)
    mo.press(pages.named(mo.open().one("div", id=f"nudge-{about}"), "Not needed now")[0])


def gives_floor(meeting: Meeting, *names: str) -> None:
    for name in names:
        meeting.steer("give_floor", target=meeting[name].seat_id)


def test_in_free_talk_whoever_leads_says_who_speaks_and_hears_who_did_not_and_who_did_often(
    cast: Cast, tmp_path: Path
) -> None:
    with in_the_catalogue(written(tmp_path, *(f'kind = "{kind}"\nminutes = 5' for kind in KINDS))) as key:
        meeting = cast.meeting("Gia", "Pete", "Ada", method=key)
        meeting.start()
        meeting.post(meeting.mo, "show", what="screen", value="own")
        assert pages.named(device(meeting, meeting.mo).open(), "Give the floor")
        gives_floor(meeting, "Pete", "Ada", "Pete", "Ada")
        assert "Not heard yet: Gia" in " ".join(meeting.screen(meeting.mo).split())
        assert nudge(meeting, "again") is None
        gives_floor(meeting, "Pete")
        told = nudge(meeting, "again")
        assert told is not None
        assert "Pete had the floor several times. Ask somebody who was not heard yet: Gia." in told.text
        for other in (meeting.wall, meeting.pete, meeting.gia):
            words = pages.read(meeting.screen(other)).text
            assert "several times" not in words
            assert "Not heard yet" not in words
        puts_away(meeting, "again")
        assert nudge(meeting, "again") is None
        assert meeting.post(meeting.mo, "nudge", step="gone", about="again").status_code == 409
        assert meeting.post(meeting.mo, "nudge", step=meeting.step.id, about="gossip").status_code == 422
        mo = device(meeting, meeting.mo)
        mo.press(pages.named(mo.open(), "Remind me again")[0])
        assert nudge(meeting, "again") is not None
        meeting.next()
        assert nudge(meeting, "again") is None, "it was about the phase before"


def test_a_story_without_a_question_and_an_action_without_time_wait_for_the_clock(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("story")
    asked = nudge(meeting, "question")
    assert asked is not None
    assert "hidden" in asked.attributes, "nothing is missing yet"
    assert int(asked["data-from-left"]) == round((meeting.step.planned + meeting.step.added) / 2)
    meeting.tell_case(meeting.gia, "A starter", "How do I keep him involved?")
    assert nudge(meeting, "question") is None
    late = nudge(meeting, "action")
    assert late is not None
    assert "hidden" in late.attributes
    puts_away(meeting, "action")
    assert nudge(meeting, "action") is None
    meeting.next()
    assert nudge(meeting, "action") is not None, "in another phase it counts again"
    meeting.advance_to("commit")
    last = nudge(meeting, "action")
    assert last is not None
    assert last["data-from-left"] == "60"
