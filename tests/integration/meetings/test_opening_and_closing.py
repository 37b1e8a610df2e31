"""The first words and the last: an opening line whichever phase comes first, and the next date, in the reader's own language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from facilitator.core.db import db
from facilitator.meetings import models
from tests import pages
from tests.cast import Cast, Meeting, Person
from tests.phones import device

LINE = "Good that you are here. What is said here stays here."
NONE = "There is no next date yet. Agree on one before you go."


@pytest.fixture
def cast(app: Flask) -> Cast:
    """One database is enough."""
    return Cast(app)


def planned(cast: Cast, group: str, day: datetime) -> None:
    meeting = cast.meeting(group=group, is_open=False)
    with cast.app.app_context(), db.writing() as session:
        session.get_one(models.Meeting, meeting.id).planned_for = day


def last_words(meeting: Meeting, person: Person) -> list[str]:
    return [p.text for p in device(meeting, person).open().all("p") if "data-next-time" in p.attributes]


def test_the_first_phase_has_an_opening_line_also_where_nothing_is_looked_back_on(cast: Cast) -> None:
    first = cast.meeting()
    first.start()
    assert first.step.kind != "follow_up"
    assert LINE in pages.read(first.screen(first.mo)).text
    assert "We are done at" in pages.read(first.screen(first.mo)).text
    first.next()
    assert LINE not in pages.read(first.screen(first.mo)).text
    first.play_to("commit")
    first.play_step()
    first.end()
    second = cast.meeting(continues=first)
    second.start()
    assert second.step.kind == "follow_up"
    words = pages.read(second.screen(second.mo)).text
    assert "Good to have you here." in words, "its own line says it"
    assert LINE not in words


def test_at_the_end_every_screen_says_when_the_group_meets_next(cast: Cast) -> None:
    meeting = cast.meeting(group="Noord")
    for day in (datetime(2032, 3, 4, 14, tzinfo=UTC), datetime(2031, 1, 16, 14, 30, tzinfo=UTC)):
        planned(cast, "Noord", day)
    planned(cast, "Zuid", datetime(2030, 1, 1, 9, tzinfo=UTC))
    planned(cast, "Noord", datetime(2020, 1, 1, 9, tzinfo=UTC))
    meeting.start()
    everybody = (meeting.mo, meeting.wall, meeting.pete, meeting.gia)
    assert [last_words(meeting, one) for one in everybody] == [[]] * 4, "not before"
    meeting.advance_to("evaluate")
    said = "Next time: Thursday 16 January 2031, 15:30"
    assert [last_words(meeting, one) for one in everybody] == [[said]] * 4, "as the clock of the room shows it"
    meeting.end()
    assert [last_words(meeting, one) for one in everybody] == [[said]] * 4


@pytest.mark.parametrize("group", ["", "Noord"])
def test_where_none_is_planned_it_says_so(cast: Cast, group: str) -> None:
    meeting = cast.meeting(group=group)
    meeting.advance_to("evaluate")
    for one in (meeting.mo, meeting.wall, meeting.pete):
        assert last_words(meeting, one) == [NONE]
    meeting.leave(meeting.pete)
    assert last_words(meeting, meeting.pete) == []


def test_each_reads_it_in_their_own_language(cast: Cast) -> None:
    meeting = cast.meeting(group="Noord")
    planned(cast, "Noord", datetime(2031, 1, 16, 14, 30, tzinfo=UTC))
    meeting.advance_to("evaluate")
    phone = device(meeting, meeting.pete, language="nl")
    words = [p.text for p in phone.open().all("p") if "data-next-time" in p.attributes]
    assert words == ["Volgende keer: donderdag 16 januari 2031, 15:30"]


def test_whoever_takes_notes_reads_what_to_write_and_what_not(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.give_role(meeting.ada, "note_taker")
    meeting.give_role(meeting.gia, "note_taker")
    meeting.advance_to("clarify")
    assert device(meeting, meeting.ada).open().has("details", id="to-note")
    assert not device(meeting, meeting.pete).open().has("details", id="to-note")
    assert not device(meeting, meeting.gia).open().has("details", id="to-note"), "not while it is their own case"
