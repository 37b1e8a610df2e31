"""Meetings with known times, and what people do about their proof, through the pages.

meeting = held(cast)              # an hour from noon on with a pause; Ada came late, Bob left early
confirm(meeting)                  # Mo confirms what was counted
certificate(meeting, meeting.pete)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from facilitator.core.db import db
from facilitator.meetings import models
from tests.cast import Cast, Meeting, Person
from tests.pages import Element, read, sent_by

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # twelve o'clock in Amsterdam


def at(minute: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minute)


def held(
    cast: Cast,
    *,
    group: str = "North",
    names: tuple[str, ...] = (),
    place: str = "Room 3",
    uses_pseudonyms: bool = False,
) -> Meeting:
    """Gia's case was told in an hour from noon on, with a pause of ten minutes. Ada came ten minutes late, Bob left after
    forty, Zoe has no phone, and Eva was sent away.
    """
    meeting = cast.meeting(*names, group=group, uses_pseudonyms=uses_pseudonyms)
    meeting.add_without_phone("Zoe")
    meeting.join("Eva")
    meeting.advance_to("story")
    for move in ("pause", "resume"):
        meeting.steer(move)
    meeting.leave(meeting.bob)
    meeting.expel(meeting["Eva"])
    meeting.end()
    with meeting.app.app_context(), db.writing() as session:
        set_times(session, meeting, {"start": 0, "next": 5, "pause": 20, "resume": 30, "end": 60})
        set_stay(session, meeting.ada, 10, None)
        set_stay(session, meeting.bob, -5, 40)
        set_stay(session, meeting["Eva"], -5, 15)
        session.execute(update(models.Meeting).where(models.Meeting.id == meeting.id).values(place=place))
    return meeting


def set_times(session: Session, meeting: Meeting, minutes: Mapping[str, float]) -> None:
    """Puts a meeting's moves at these minutes after noon, and everybody in the lobby five minutes before."""
    for move in session.scalars(select(models.Transition).where(models.Transition.meeting_id == meeting.id)):
        move.at = at(minutes[move.move]) if move.move in minutes else None
    row = session.get(models.Meeting, meeting.id)
    assert row is not None
    row.started_at, row.ended_at = at(minutes["start"]), at(minutes["end"])
    seats = select(models.Seat.id).where(models.Seat.meeting_id == meeting.id)
    session.execute(update(models.Seat).where(models.Seat.meeting_id == meeting.id).values(joined_at=at(-10)))
    session.execute(update(models.Presence).where(models.Presence.seat_id.in_(seats)).values(came_at=at(-5)))


def set_stay(session: Session, person: Person, came: float, went: float | None) -> None:
    """Puts somebody's coming and going at these minutes after noon."""
    values = {"came_at": at(came), "went_at": None if went is None else at(went)}
    session.execute(update(models.Presence).where(models.Presence.seat_id == person.seat_id).values(values))


def page(meeting: Meeting, person: Person, ending: str, language: str = "en") -> Element:
    """A page of the meeting, for somebody's device."""
    answer = meeting.client(person, language).get(f"/meetings/{meeting.id}/{ending}")
    assert answer.status_code == 200, (ending, answer.status_code)
    return read(answer.text)


def send(client: FlaskClient, path: str, **changed: str | None) -> TestResponse:
    """Opens a page and sends its form with what somebody changed; None leaves a box unticked. Of several it is the one that goes back to
    the page itself.
    """
    opened = client.get(path)
    assert opened.status_code == 200, (path, opened.status_code)
    forms = read(opened.text).one("main").all("form")
    form = next((one for one in forms if not one.get("action")), forms[0])
    fields = sent_by(form) | {name: value for name, value in changed.items() if value is not None}
    for name in [name for name, value in changed.items() if value is None]:
        fields.pop(name, None)
    return client.post(form.get("action") or path, data=fields)


def confirm(meeting: Meeting, **changed: str | None) -> TestResponse:
    """Mo confirms who was there, with corrections."""
    return send(meeting.client(meeting.mo), f"/meetings/{meeting.id}/presence", **changed)


def describe(meeting: Meeting, person: Person, **changed: str | None) -> TestResponse:
    """Somebody says what is printed of them."""
    return send(meeting.client(person), f"/meetings/{meeting.id}/proof", **changed)
