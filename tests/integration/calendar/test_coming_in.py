"""When a planned meeting is on, its members come in with one tap: each has one seat, whatever device it is on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.meetings.models import Presence, Seat
from tests.accounts_cast import make_member, post
from tests.contract.everybody import signed_in
from tests.integration.calendar.conftest import North
from tests.pages import named, read

pytestmark = pytest.mark.either


@pytest.fixture
def on(north: North) -> str:
    """The address of a meeting whose lobby is open."""
    north.plans(until="2031-03-05")
    meeting_id = north.appointments[0].meeting_id
    assert post(north.browsers["Mo"], f"/meetings/{meeting_id}/open").status_code == 302
    return f"/meetings/{meeting_id}"


def seats(north: North) -> list[tuple[str, str | None, int]]:
    """Who sits at the table, whose account that is, and how many rows of presence there are."""
    with north.app.app_context():
        found = db.session.scalars(select(Seat).where(Seat.kind == "participant")).all()
        rows = [db.session.scalars(select(Presence).where(Presence.seat_id == seat.id)).all() for seat in found]
        return sorted((seat.name, seat.user_id, len(there)) for seat, there in zip(found, rows, strict=True))


def test_one_tap_leads_to_one_s_seat_and_on_another_device_to_the_same_one(north: North, on: str) -> None:
    phone, other = north.browsers["Pete"], signed_in(north.app, north.pete)
    assert named(read(phone.get(f"{on}/when").text), "Take my seat")
    for device in (phone, other, phone):
        assert device.get("/calendar").status_code == 200
        into = post(device, f"{on}/when/seat")
        assert into.status_code == 302
        assert "Pete" in device.get(into.location, follow_redirects=True).text
    assert seats(north) == [("Pete", north.pete.id, 1)], "nobody sits there twice"


def test_who_lost_their_phone_sits_where_they_sat(north: North, on: str) -> None:
    post(north.browsers["Ada"], f"{on}/when/seat")
    post(signed_in(north.app, north.ada), f"{on}/when/seat")
    post(north.browsers["Pete"], f"{on}/when/seat")
    assert seats(north) == [("Ada", north.ada.id, 1), ("Pete", north.pete.id, 1)]


def test_nobody_else_comes_in_by_it_and_nobody_before_it_is_on(north: North, on: str) -> None:
    bob = signed_in(north.app, make_member(north.app, "Bob"))
    assert post(bob, f"{on}/when/seat").status_code == 404
    assert post(north.browsers["Mo"], f"{on}/when/seat").status_code == 404, "whoever leads has the console"
    north.plans(op="later", first="2031-05-06", until="2031-05-06")
    later = next(one for one in north.appointments if f"{one.begins:%m-%d}" == "05-06").meeting_id
    assert not named(read(north.browsers["Pete"].get(f"/meetings/{later}/when").text), "Take my seat")
    assert post(north.browsers["Pete"], f"/meetings/{later}/when/seat").location == f"/meetings/{later}/when"
    assert seats(north) == []


def test_somebody_who_is_called_alike_says_who_they_are_at_the_door(north: North, on: str) -> None:
    pete = make_member(north.app, "Peter")
    with north.app.app_context(), db.writing() as session:
        session.get_one(User, pete.id).name = "Pete"
    north.comes_in(pete)
    post(north.browsers["Pete"], f"{on}/when/seat")
    answer = post(signed_in(north.app, pete), f"{on}/when/seat")
    assert answer.location.startswith("/j/")
    assert len(seats(north)) == 1
