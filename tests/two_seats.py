"""Two seats of one person, as tests make them."""

from __future__ import annotations

import pytest

from facilitator.core.db import db, now
from facilitator.core.refusals import Refused
from facilitator.meetings.actions import joined_seats
from facilitator.meetings.models import Meeting as MeetingRow
from facilitator.proof.counting import count
from tests.cast import Cast, Meeting, Person

SECRETS = ("Written on the first phone", "Written on the second phone")


def join(meeting: Meeting, again: Person, first: Person) -> None:
    """Mo says that somebody who came in again is somebody who was there before."""
    answer = meeting.post(meeting.mo, "people", do="join", seat=again.seat_id, to=first.seat_id)
    assert answer.status_code == 200, answer.get_json()


def comes_again(meeting: Meeting, name: str) -> Person:
    """Somebody types their name in another browser, and Mo lets them in where that is needed."""
    first, again = meeting[name], meeting.join(name, is_again=True)
    meeting.people[name], meeting.people[f"{name} again"] = first, again
    if meeting.state.status == "running":
        meeting.admit(again)
    return again


def at_table(meeting: Meeting) -> list[str]:
    """Everybody who is there, ghosts included."""
    return [seat.name for seat in meeting.snapshot.seats if seat.kind == "participant"]


def refusal(meeting: Meeting, again: Person, first: Person) -> str:
    """Why two seats cannot be joined."""
    with pytest.raises(Refused) as refused:
        meeting.act(joined_seats.join_seats, meeting.mo.seat_id, again.seat_id, first.seat_id)
    return refused.value.code


def minutes(meeting: Meeting) -> dict[str, int]:
    """How long everybody was there."""
    with meeting.app.app_context():
        found = count(db.session(), db.session.get_one(MeetingRow, meeting.id), now())
    return {person.name: person.stay.minutes if person.stay else 0 for person in found.people}


def with_two_secrets(cast: Cast) -> tuple[Meeting, Person]:
    """Pete wrote on both phones before they were joined, and nothing of it is out."""
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question=SECRETS[0])
    again = comes_again(meeting, "Pete")
    meeting.write(again, "question", question=SECRETS[1])
    join(meeting, again, meeting.pete)
    return meeting, again


def read_by(meeting: Meeting, person: Person) -> list[bool]:
    """Which of the two texts somebody's page, pushed screen and file of their own data say."""
    pages = [meeting.get(person), meeting.get(person, "mine"), meeting.get(person, "mine/data.json")]
    said = "".join(page.text for page in pages) + meeting.screen(person)
    return [secret in said for secret in SECRETS]
