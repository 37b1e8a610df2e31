"""A group with its moderator, and how they use the pages of its year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from facilitator.accounts.models import User
from facilitator.calendar.mailing import tell_due
from facilitator.calendar.models import Appointment
from facilitator.core.db import db, now
from facilitator.core.extensions import limiter
from facilitator.groups.models import Group, Member
from tests.accounts_cast import make_member, make_moderator, post
from tests.contract.everybody import signed_in

OP = "op-of-this-page"
AT_THREE = {"at": "15:00", "minutes": "90", "zone": "Europe/Amsterdam", "place": "Room 2"}


@dataclass
class North:
    """Mo's group, with Pete and Ada in it."""

    app: Flask
    mo: User
    pete: User
    ada: User
    browsers: dict[str, FlaskClient]

    @property
    def id(self) -> str:
        with self.app.app_context():
            return db.session.scalars(select(Group.id)).one()

    def plans(self, go: str = "plan", **fields: str) -> TestResponse:
        """Mo sends the page of a series: unless said otherwise every six weeks from 4 March 2031 until 30 June."""
        said = {
            "op": OP,
            "goal": "Learn to guide",
            "method": "basis",
            "locale": "en",
            "how": "rhythm",
            "first": "2031-03-04",
            "weeks": "6",
            "until": "2031-06-30",
        }
        return post(self.browsers["Mo"], f"/groups/{self.id}/year/new", go=go, **{**said, **AT_THREE, **fields})

    def changes(self, number: int, **fields: str) -> TestResponse:
        """Mo sends the page of the meeting with this number in its series."""
        one = self.appointments[number]
        stands = {"day": f"{one.begins:%Y-%m-%d}", "at": f"{one.begins:%H:%M}", "minutes": str(one.minutes)}
        stands |= {"zone": one.zone, "place": one.place, "reach": "alone"}
        return post(self.browsers["Mo"], f"/meetings/{one.meeting_id}/when", **{**stands, **fields})

    def cancels(self, number: int, reach: str = "alone") -> TestResponse:
        one = self.appointments[number]
        return post(self.browsers["Mo"], f"/meetings/{one.meeting_id}/when/cancel", reach=reach)

    def comes_in(self, user: User) -> None:
        with self.app.app_context(), db.writing() as session:
            session.add(Member(group_id=self.id, user_id=user.id, added_at=now()))

    def leaves(self, user: User) -> None:
        with self.app.app_context(), db.writing() as session:
            session.scalars(select(Member).where(Member.user_id == user.id)).one().left_at = now()

    def mails_go_out(self, later: timedelta = timedelta(0)) -> int:
        """What happens every minute."""
        with self.app.app_context():
            return tell_due(now() + later)

    @property
    def appointments(self) -> list[Appointment]:
        """As they stand, by their number."""
        with self.app.app_context():
            db.session.expire_all()
            return list(db.session.scalars(select(Appointment).order_by(Appointment.number)))


@pytest.fixture
def app(app_on: Flask) -> Flask:
    """On both databases."""
    return app_on


@pytest.fixture
def north(app: Flask, monkeypatch: pytest.MonkeyPatch) -> North:
    monkeypatch.setattr(limiter, "enabled", False)
    mo, pete, ada = make_moderator(app), make_member(app, "Pete"), make_member(app, "Ada")
    browsers = {user.name: signed_in(app, user) for user in (mo, pete, ada)}
    post(browsers["Mo"], "/groups", name="North")
    found = North(app, mo, pete, ada, browsers)
    found.comes_in(pete)
    found.comes_in(ada)
    return found
