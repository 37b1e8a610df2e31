"""What nobody sees fills in no field that has to be filled in, wherever people type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from facilitator.accounts import invitations, welcome
from facilitator.accounts.actions import create_user
from facilitator.accounts.models import MODERATOR, Organisation, User
from facilitator.archive.models import Card, Theme
from facilitator.core.db import Base, db
from facilitator.core.refusals import Refused
from facilitator.groups.models import Group
from facilitator.meetings.actions import doors
from facilitator.meetings.models import Meeting, Seat
from tests.accounts_cast import PASSWORD, csrf_token, make_administrator, post, sign_in
from tests.cast import Cast
from tests.phones import device

UNSEEN = ("\u200b", "\u2800\u3164", "\xad\u0301", "\x00 \x0b", "\u202e\U000e0041")


class Asked(NamedTuple):
    """A page, the field that has to be filled in there, what else it wants, and the table that must not grow."""

    path: str
    field: str
    table: type[Base]
    more: Mapping[str, str] = MappingProxyType({})


PLAN = {"method": "basis", "minutes": "75", "names": "names", "locale": "en", "capacity": "14"}
PAGES = [
    Asked("/groups", "name", Group),
    Asked("/archive/themes", "name", Theme),
    Asked("/archive/new", "title", Card, {"kind": "instruction"}),
    Asked("/meetings/new", "goal", Meeting, PLAN),
    Asked("/account", "name", User, {"locale": "en"}),
    Asked("/organisation", "name", Organisation),
]


def count(app: Flask, table: type[Base]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("typed", UNSEEN, ids=ascii)
@pytest.mark.parametrize("asked", PAGES, ids=lambda asked: asked.path)
def test_a_page_asks_again(app: Flask, client: FlaskClient, asked: Asked, typed: str) -> None:
    sign_in(client, make_administrator(app))
    before = count(app, asked.table)
    answer = post(client, asked.path, **asked.more, **{asked.field: typed})
    assert answer.status_code == 422
    assert f'href="#{asked.field}"' in answer.text or "aria-invalid" in answer.text
    assert count(app, asked.table) == before


@pytest.mark.parametrize("typed", UNSEEN, ids=ascii)
def test_nobody_is_called_nothing(app: Flask, client: FlaskClient, typed: str) -> None:
    with app.app_context():
        first = welcome.link_token()
    assert (
        post(
            client, f"/welcome/{first}", name=typed, email="a@example.org", password=PASSWORD, organisation="A"
        ).status_code
        == 422
    )
    assert (
        post(
            client, f"/welcome/{first}", name="A", email="a@example.org", password=PASSWORD, organisation=typed
        ).status_code
        == 422
    )
    mo = make_administrator(app)
    with app.app_context():
        _, token = invitations.invite(mo, "pete@example.org", MODERATOR)
    assert post(client, f"/invitations/{token}", name=typed, password=PASSWORD).status_code == 422
    with app.app_context():
        for name, organisation in ((typed, "Werkplaats"), ("Pete", typed)):
            with pytest.raises(Refused):
                create_user(name, "pete@example.org", PASSWORD, organisation)
    assert count(app, User) == 1


@pytest.mark.parametrize("typed", UNSEEN, ids=ascii)
def test_nobody_comes_in_added_or_leads_without_a_name(cast: Cast, typed: str) -> None:
    meeting = cast.meeting("Gia")
    before = count(cast.app, Seat)
    offer = meeting.act(doors.offer_handover, meeting.mo.seat_id)
    stranger = cast.app.test_client()
    for path in (f"/j/{meeting.snapshot.code}", f"/meetings/{meeting.id}/takeover/{offer.token}"):
        fields = {"csrf_token": csrf_token(stranger), "name": typed, "agrees": "y"}
        assert stranger.post(path, data=fields).status_code == 422
    assert device(meeting, meeting.mo).post("people", do="add", name=typed).status_code == 422
    assert count(cast.app, Seat) == before


SAME: list[Callable[[str], str]] = [
    str.upper,
    lambda name: f"{name}\u200b",
    lambda name: name.replace("n", "ｎ"),
    lambda name: f" {name} ",
]


@pytest.mark.parametrize("spelled", SAME, ids=["capitals", "zero width", "full width", "blanks"])
@pytest.mark.parametrize("path", ["/groups", "/archive/themes"])
def test_a_name_that_is_there_is_there_however_it_is_spelled(
    app: Flask, client: FlaskClient, path: str, spelled: Callable[[str], str]
) -> None:
    sign_in(client, make_administrator(app))
    assert post(client, path, name="Mentoren").status_code == 302
    again = post(client, path, name=spelled("Mentoren"))
    assert again.status_code in (200, 409, 422)
    assert count(app, Group if path == "/groups" else Theme) == 1


def test_an_organisation_that_is_there_is_there_however_it_is_spelled(app: Flask) -> None:
    make_administrator(app)
    with app.app_context():
        create_user("Pete", "pete@example.org", PASSWORD, "werk\u200bplaats ")
    assert count(app, Organisation) == 1


@pytest.mark.parametrize("path", ["/login", "/reset", "/login/link", "/groups", "/account", "/meetings/new", "/proof"])
@pytest.mark.parametrize("body", ['{"name": "\\ud800"}', "[1, 2]", '{"email": {"a": 1}}', "null", "{"])
def test_no_page_reads_json(app: Flask, client: FlaskClient, path: str, body: str) -> None:
    sign_in(client, make_administrator(app))
    sent = {"Content-Type": "application/json", "X-CSRFToken": csrf_token(client)}
    assert client.post(path, data=body, headers=sent).status_code == 415
