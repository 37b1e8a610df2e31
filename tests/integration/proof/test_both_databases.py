"""What depends on the database, on SQLite and PostgreSQL: one sheet and one certificate however many ask at once, marks that are
found again, and erasing that takes everything along.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from facilitator.core import sealing
from facilitator.core.clock import clock
from facilitator.core.db import db, now, random_id
from facilitator.meetings.models import Meeting as MeetingRow
from facilitator.proof import actions
from facilitator.proof.erasing import erase_sheet
from facilitator.proof.models import Annex, Attendance, Certificate, Sheet
from facilitator.retention.deadlines import deadlines
from facilitator.retention.terms import years_after
from tests.cast import Cast, Meeting, Person
from tests.proof import confirm, describe, held, page, send
from tests.scenes import staged

MANY = 6


@pytest.fixture
def cast(app_for_all_on: Flask) -> Cast:
    return Cast(app_for_all_on, organisation=f"Werkplaats {random_id(6)}")


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return staged(cast, held)


def at_once(deed: Callable[[int], object]) -> list[object]:
    """The same deed by many, started together."""
    barrier = Barrier(MANY)

    def act(place: int) -> object:
        barrier.wait()
        return deed(place)

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(act, range(MANY)))


def number(meeting: Meeting, person: Person) -> str:
    with meeting.app.app_context():
        issued = actions.certificate(meeting.id, person.seat_id, None)
    assert issued
    return issued.number


def sheet_id(meeting: Meeting) -> str:
    with meeting.app.app_context():
        sheet = actions.sheet_of(db.session(), meeting.id)
    assert sheet
    return sheet.id


def test_counted_confirmed_corrected_and_given_out_anew(meeting: Meeting) -> None:
    describe(meeting, meeting.ada, name="Ada \u0141ukasiewicz", is_listed="y")
    confirm(meeting)
    assert "Counted: 12:10 to 13:00, 40 minutes net" in page(meeting, meeting.mo, "presence").text
    first = number(meeting, meeting.ada)
    confirm(meeting, **{f"minutes_{meeting.ada.seat_id}": "35"})
    assert number(meeting, meeting.ada) != first
    client = meeting.app.test_client()
    assert "check-answer" in client.get(f"/proof/{first}").text
    with meeting.app.app_context():
        found = actions.standing(meeting.id, meeting.ada.seat_id)
    assert found.proof
    assert (found.proof.name, found.proof.minutes) == ("Ada \u0141ukasiewicz", 35)


def test_of_many_who_write_first_one_makes_the_sheet(meeting: Meeting) -> None:
    people = [meeting[name] for name in ("Gia", "Pete", "Ada", "Bob", "Cleo")] + [meeting.mo]
    answers = at_once(lambda place: describe(meeting, people[place], name=f"Person {place}").status_code)
    assert answers == [302] * MANY
    with meeting.app.app_context():
        mine = select(func.count()).where(Attendance.sheet_id == sheet_id(meeting))
        assert db.session.scalar(mine) == MANY


def test_a_certificate_is_given_out_once_however_many_ask(meeting: Meeting) -> None:
    confirm(meeting)
    assert len(set(at_once(lambda _: number(meeting, meeting.pete)))) == 1
    with meeting.app.app_context():
        of_sheet = select(Attendance.id).where(Attendance.sheet_id == sheet_id(meeting))
        assert db.session.scalar(select(func.count()).where(Certificate.attendance_id.in_(of_sheet))) == 1


def test_an_annex_is_kept_once_however_often_one_taps(meeting: Meeting) -> None:
    address = f"/meetings/{meeting.id}/annex"
    with meeting.app.app_context():
        before = db.session.scalar(select(func.count()).select_from(Annex))
    answers = at_once(lambda place: send(meeting.client(meeting.pete), address, goal=f"Goal {place}").status_code)
    assert answers == [302] * MANY
    with meeting.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Annex)) == (before or 0) + 1
    assert "Goal" in meeting.client(meeting.pete).get(address).text


@pytest.mark.promise("proof-goes")
def test_after_its_years_everything_of_a_sheet_goes(meeting: Meeting) -> None:
    confirm(meeting)
    pete, sheet = number(meeting, meeting.pete), sheet_id(meeting)
    with meeting.app.app_context():
        ended_at = db.session.get_one(MeetingRow, meeting.id).ended_at
        (goes_at,) = (one.goes_at for one in deadlines(clock().check(now())) if one.thing_id == sheet)
        assert ended_at
        assert goes_at == years_after(ended_at, 6)
        erase_sheet(sheet)
        erase_sheet(sheet)
        assert db.session.get(Sheet, sheet) is None
        assert db.session.scalar(select(Certificate.id).where(Certificate.number == pete)) is None
        assert db.session.scalar(select(func.count()).where(Attendance.sheet_id == sheet)) == 0
        assert not sealing.keyring().holds(sheet)
