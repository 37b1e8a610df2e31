"""The longest that every form takes, on PostgreSQL, which refuses what is too long for a column. In signs that take four bytes,
so that it counts signs and not bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from facilitator.accounts import invitations, welcome
from facilitator.accounts.models import MODERATOR, User
from facilitator.core import lengths
from facilitator.core.db import db
from facilitator.groups.models import Group
from facilitator.meetings.actions import doors
from facilitator.meetings.models import Meeting, Seat
from facilitator.meetings.snapshot import Value
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import FieldType, Form, InputField
from tests.accounts_cast import PASSWORD, csrf_token, post
from tests.cast import Cast, Person, plausible
from tests.integration.conftest import running_on
from tests.phones import device

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("patient")]
PHASES = {f"phase_{phase.key}": str(phase.minutes) for phase in load_catalogue()["basis"].phases}
PLAN = {"method": "basis", "minutes": "75", "names": "names", "locale": "en", "capacity": "14", **PHASES}


def most(length: int, sign: str = "🙂") -> str:
    """As much as may be typed."""
    return sign * length


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on PostgreSQL."""
    with running_on(request, tmp_path, "postgresql") as app:
        yield app


@pytest.fixture
def mo(house: Flask) -> FlaskClient:
    """The first account, whose name and organisation are as long as may be."""
    client = house.test_client()
    with house.app_context():
        address = f"/welcome/{welcome.link_token()}"
    fields = {"name": most(lengths.NAME), "email": "mo@example.org", "password": PASSWORD}
    assert post(client, address, **fields, organisation=most(lengths.ORGANISATION)).status_code == 302
    return client


def test_accounts_groups_and_themes(house: Flask, mo: FlaskClient) -> None:
    assert post(mo, "/account", name=most(lengths.NAME, "𝕏"), locale="en").status_code == 302
    assert post(mo, "/groups", name=most(lengths.GROUP)).status_code == 302
    assert post(mo, "/archive/themes", name=most(lengths.THEME)).status_code == 302
    address = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.org"
    assert post(mo, "/invitations", email=address, role="member").status_code == 302
    with house.app_context():
        user = db.session.scalars(select(User)).one()
        _, token = invitations.invite(user, "pete@example.org", MODERATOR)
        group_id = db.session.scalars(select(Group.id)).one()
    accepted = post(house.test_client(), f"/invitations/{token}", name=most(lengths.NAME), password=PASSWORD)
    assert accepted.status_code == 302
    named = f"{most(200)} <ada@example.org>, {'e' * 64}@example.org"
    assert post(mo, f"/groups/{group_id}/members", addresses=named, is_peer="y").status_code == 302


def test_whoever_has_the_longest_name_opens_a_meeting_leads_it_and_takes_the_lead_back(
    house: Flask, mo: FlaskClient
) -> None:
    texts = {"goal": most(lengths.GOAL), "place": most(lengths.PLACE), "group": most(lengths.GROUP)}
    wifi = {"wifi_name": most(8), "wifi_password": "w" * 63}  # as many bytes as a Wi-Fi takes
    answer = post(mo, "/meetings/new", **PLAN, **texts, **wifi, go="now")
    assert answer.status_code == 302
    assert mo.get(answer.location, follow_redirects=True).status_code == 200
    with house.app_context():
        meeting = db.session.scalars(select(Meeting)).one()
        [lead] = db.session.scalars(select(Seat).where(Seat.kind == "moderator"))
        assert lead.name == most(lengths.NAME)
        offer = doors.offer_handover(meeting.id, lead.id)
    stranger = house.test_client()
    taken = post(stranger, f"/meetings/{meeting.id}/takeover/{offer.token}", name=most(lengths.NAME_AT_THE_DOOR))
    assert taken.status_code == 302
    assert post(mo, f"/meetings/{meeting.id}/takeback").status_code == 302


def test_several_with_the_longest_name_come_in_and_what_is_theirs_comes_along(house: Flask) -> None:
    cast = Cast(house)
    meeting, name = cast.meeting("Gia", case_giver=None), most(lengths.NAME_AT_THE_DOOR - 1)
    for letter in "ABC":
        phone = house.test_client()
        joined = {"csrf_token": csrf_token(phone), "name": name + letter, "agrees": "y"}
        assert phone.post(f"/j/{meeting.snapshot.code}", data=joined).status_code == 302
    assert device(meeting, meeting.mo).post("people", do="add", name=name + "D").status_code == 200
    named = [Person(seat.name, seat.id) for seat in meeting.snapshot.seats if seat.name.startswith("🙂")]
    assert len({person.name for person in named}) == 4
    assert max(len(person.name) for person in named) == lengths.NAME_AT_THE_DOOR
    meeting.people |= {person.name: person for person in named}
    giver, other = named[0], named[1]
    meeting.advance_to("pick")
    for person in (giver, other):
        meeting.write(person, "case", title=most(100), question=most(200))
    meeting.reveal()
    meeting.mark(meeting.gia, next(item.id for item in meeting.items("case") if item.seat_id == giver.seat_id))
    meeting.advance_to("commit")
    meeting.write(giver, "action", when_if=most(100), then=most(200))
    meeting.end()
    following = cast.meeting("Ada", case_giver=None, continues=meeting)
    assert [item.brought_by for item in following.snapshot.items] == [other.name]
    assert [action.owner_name for action in following.actions] == [giver.name]


def as_long_as_may_be(person: Person, form: Form, field: InputField) -> Value:
    """A text that fills its field; anything else as usual."""
    is_text = field.type in (FieldType.LINE, FieldType.TEXT)
    return most(field.max_length) if is_text else plausible(person, form, field)


def test_every_field_of_a_method_and_the_case_on_the_console(house: Flask) -> None:
    meeting = Cast(house).meeting()
    meeting.play_to("clarify", as_long_as_may_be)
    console = device(meeting, meeting.mo)
    assert console.post("case", title=most(4000), question=most(4000), key_question=most(4000)).status_code == 200
    refused = console.post("case", title=most(4001))
    assert refused.status_code == 422
    assert " " in refused.get_json()["notice"], "in words"
    assert meeting.snapshot.rounds[0].title == most(4000), "and nothing is cut"
    assert device(meeting, meeting.mo).post("people", do="add", name=most(41)).status_code == 422
    meeting.play_to("evaluate", as_long_as_may_be)
    meeting.play_step(as_long_as_may_be)
    meeting.end()
