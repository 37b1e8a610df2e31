"""What a process keeps up of a meeting is what the database holds, whoever changed it and however. That it is the same after every
change of every test is looked at in `tests.both_ways`.
"""

from __future__ import annotations

import time

import pytest
from flask import Flask
from sqlalchemy import update

from facilitator.core.db import changing
from facilitator.core.refusals import Refused
from facilitator.meetings import loading, models, snapshot_cache
from facilitator.meetings.actions import people
from facilitator.meetings.actions.base import change
from tests.cast import Cast, Meeting


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    """Somebody looks at it."""
    found = Cast(app).meeting("Gia", "Pete", "Ada")
    found.advance_to("clarify")
    with app.app_context():
        snapshot_cache.readings().look(found.id)
        snapshot_cache.current(found.id)
    return found


def locked(meeting: Meeting) -> bool:
    """Whether the door is closed, as this process knows it."""
    return snapshot_cache.current(meeting.id).is_locked


def lock_and_refuse(meeting: Meeting) -> None:
    """A verb that finds out late that it may not."""
    with change(meeting.id) as found:
        found.row.is_locked = True
        found.session.flush()
        raise Refused("ended")


def test_a_change_is_known_without_reading_the_meeting_again(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    step = meeting.step
    monkeypatch.setattr(loading, "load", None)
    meeting.write(meeting.pete, "question", question="What did you do then?")
    with meeting.app.app_context():
        found = snapshot_cache.current(meeting.id)
    assert [item.text("question") for item in found.items if item.step_id == step.id] == ["What did you do then?"]


def test_what_was_not_committed_is_not_known(meeting: Meeting) -> None:
    with meeting.app.app_context():
        with pytest.raises(Refused):
            lock_and_refuse(meeting)
        assert not locked(meeting)
        with change(meeting.id) as found:
            found.row.is_blanked = True
        assert not locked(meeting)
        assert snapshot_cache.current(meeting.id).is_blanked


def test_a_change_by_somebody_else_has_the_whole_read(meeting: Meeting) -> None:
    with meeting.app.app_context():
        with changing(meeting.id) as session:  # as another worker does, which keeps its own
            session.execute(update(models.Meeting).where(models.Meeting.id == meeting.id).values(is_locked=True))
        assert locked(meeting)


def test_a_statement_that_goes_past_the_rows_has_the_whole_read(meeting: Meeting) -> None:
    with meeting.app.app_context():
        with change(meeting.id) as found:
            found.session.execute(
                update(models.Seat).where(models.Seat.id == meeting.pete.seat_id).values(role="observer")
            )
        seat = snapshot_cache.current(meeting.id).seat(meeting.pete.seat_id)
    assert seat is not None
    assert seat.role == "observer"


def test_after_a_while_the_whole_is_read_although_no_change_was_counted(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with meeting.app.app_context():
        before = snapshot_cache.current(meeting.id)
        assert snapshot_cache.current(meeting.id) is before
        monkeypatch.setattr(time, "monotonic", lambda: float("inf"))
        assert snapshot_cache.current(meeting.id) is not before


def test_nothing_is_kept_of_a_meeting_that_nobody_looks_at(meeting: Meeting) -> None:
    with meeting.app.app_context():
        snapshot_cache.readings().look_away(meeting.id)
        people.lock(meeting.id, meeting.mo.seat_id, True)
        snapshot_cache.current(meeting.id)
        assert meeting.id not in snapshot_cache.readings().by_meeting
