"""Whoever sent a request is looked up once for it, and anew once anything can have changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select

from facilitator.core.db import changing, db
from facilitator.core.remembering import remembered
from facilitator.meetings import models, seats
from facilitator.meetings.actions import doors
from facilitator.meetings.visitor import lead_of, visitor
from tests.cast import Cast, Meeting, Person

LOOKS = "FROM seats JOIN seat_tokens"


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    """A meeting in which everybody sits."""
    meeting = Cast(app).meeting("Gia", "Pete", "Ada")
    meeting.start()
    return meeting


@contextmanager
def looking(app: Flask) -> Iterator[list[object]]:
    """The tokens that are looked up meanwhile."""
    found: list[object] = []

    def note(_connection: Connection, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if LOOKS in " ".join(statement.split()):
            found.append(parameters)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def request_of(meeting: Meeting, person: Person) -> Iterator[None]:
    """A request from the device of somebody at the table."""
    with meeting.app.app_context():
        cookie = f"{seats.cookie_name(meeting.id, person.view)}={person.token}"
    with meeting.app.test_request_context(f"/meetings/{meeting.id}/mine", headers={"Cookie": cookie}):
        yield


def test_a_request_that_asks_for_many_reasons_looks_once(meeting: Meeting) -> None:
    with request_of(meeting, meeting.pete), looking(meeting.app) as looked:
        first, found = seats.held_seat(meeting.id, "phone"), visitor(meeting.id)
        assert first is not None
        assert found is not None
        assert found.seat is first
        assert found.lead is None
    assert len(looked) == 1


def test_what_was_known_is_asked_anew_after_a_change(meeting: Meeting) -> None:
    with request_of(meeting, meeting.pete):
        found = visitor(meeting.id)
        assert found is not None
        assert found.seat is not None
        assert visitor(meeting.id) is found
        with changing(meeting.id) as session:
            session.query(models.SeatToken).filter_by(seat_id=found.seat.id).delete()
        again = visitor(meeting.id)
        assert again is not None
        assert again.seat is None


def test_nobody_is_taken_for_the_one_who_asked_before(app: Flask, meeting: Meeting) -> None:
    with app.app_context():  # one context for several requests
        names = []
        for person in (meeting.pete, meeting.ada):
            with request_of(meeting, person):
                found = visitor(meeting.id)
                assert found is not None
                assert found.seat is not None
                names.append(found.seat.name)
    assert names == ["Pete", "Ada"]


def test_whoever_handed_the_lead_over_leads_no_more(meeting: Meeting) -> None:
    with request_of(meeting, meeting.mo):
        lead = lead_of(meeting.id)
        assert lead is not None
        assert lead.leads
        token = doors.offer_handover(meeting.id, lead.id).token
        doors.take_over(meeting.id, token, "Bea", "en", None, None)
        db.session.expire_all()
        assert lead_of(meeting.id) is None
        assert seats.held_seat(meeting.id, "console") is not None
    assert meeting.client(meeting.mo).get(f"/meetings/{meeting.id}/handover").status_code == 404


def test_without_a_request_nothing_is_remembered(app: Flask) -> None:
    answers = iter((1, 2))
    with app.app_context():
        assert [remembered("key", lambda: next(answers)) for _ in range(2)] == [1, 2]


def test_a_question_to_the_database_and_a_seat_agree_on_who_leads(meeting: Meeting) -> None:
    seats_of = (models.Seat.meeting_id == meeting.id,)
    meeting.act(doors.wall_seat, "en")
    with meeting.app.app_context():
        token = doors.offer_handover(meeting.id, meeting.mo.seat_id).token
        doors.take_over(meeting.id, token, "Bea", "en", None, None)
        everybody = db.session.scalars(select(models.Seat).where(*seats_of)).all()
        leading = db.session.scalars(select(models.Seat.id).where(*seats_of, models.Seat.leads)).all()
        assert {seat.kind for seat in everybody} == {"participant", "moderator", "wall"}
        assert [seat.id for seat in everybody if seat.leads] == list(leading)
        assert len(leading) == 1
        assert meeting.mo.seat_id not in leading
