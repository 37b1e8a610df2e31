"""Groups, links and two people at the same moment, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from facilitator.accounts import sign_in_links
from facilitator.accounts.models import SignInLink, User
from facilitator.core.db import db, random_id
from facilitator.core.refusals import Refused
from facilitator.groups import actions, loading
from facilitator.groups.addresses import Address, read
from facilitator.groups.models import Member
from facilitator.meetings import models, personal
from tests.cast import Cast
from tests.integration.meetings.test_at_once import at_once


@pytest.fixture
def app(app_for_all_on: Flask) -> Flask:
    """An application on SQLite, and one on PostgreSQL."""
    return app_for_all_on


@pytest.fixture
def mo(app: Flask) -> User:
    """A moderator of an organisation of their own."""
    user = Cast(app, organisation=f"House {random_id(6)}").user
    assert user is not None
    return user


def test_a_group_is_made_filled_listed_and_left(app: Flask, mo: User) -> None:
    pete, ada = f"pete.{random_id(6)}@example.org", f"ada.{random_id(6)}@example.org"
    with app.app_context():
        group_id = actions.make(mo, "North")
        added = actions.add_members(mo, group_id, read(f"{pete}, {ada}").addresses)
        assert [one.user.email for one in added] == [pete, ada]
        assert all(sign_in_links.whose(one.token) for one in added)
        assert [(one.name, one.members) for one in loading.groups_for(mo)] == [("North", 2)]
        meeting = Cast(app, mo).meeting("Gia", group="North")
        meeting.start()
        meeting.end()
        with app.test_request_context():
            page = loading.group_for(mo, group_id)
        assert page is not None
        assert [meeting.goal for meeting in page.behind] == ["Learn to guide a starter"]
        actions.remove_member(mo, group_id, page.people[1].member_id)
        assert [one.members for one in loading.groups_for(mo)] == [1]
        assert [one.name for one in loading.groups_for(added[1].user)] == ["North"]
        assert loading.groups_for(added[0].user) == []
        with pytest.raises(Refused):
            actions.make(mo, "North")


def test_two_who_add_the_same_person_at_once_make_one_account(app: Flask, mo: User) -> None:
    with app.app_context():
        group_id = actions.make(mo, "South")
    email = f"pete.{random_id(6)}@example.org"

    def add() -> object:
        try:
            return len(actions.add_members(mo, group_id, [Address(email, "Pete")]))
        except Refused:
            return 0

    found = at_once(app, *[add] * 4)
    assert sum(int(str(added)) for _, added in found) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(User).where(User.email == email)) == 1
        assert db.session.scalar(select(func.count()).select_from(Member).where(Member.group_id == group_id)) == 1


def test_of_many_who_follow_a_link_at_once_one_comes_in(app: Flask, mo: User) -> None:
    with app.app_context(), db.writing() as session:
        token = sign_in_links.new_link(session, session.get_one(User, mo.id))
    found = at_once(app, *[lambda: sign_in_links.use(token) is not None] * 4)
    assert sorted(str(came_in) for _, came_in in found) == ["False", "False", "False", "True"]


@pytest.mark.promise("sign-in-links")
def test_a_new_link_takes_what_is_too_old_along(app: Flask, mo: User) -> None:
    with app.app_context():
        for works_for in (timedelta(seconds=-1), timedelta(minutes=1)):
            with db.writing() as session:
                sign_in_links.new_link(session, session.get_one(User, mo.id), works_for)
        kept = select(func.count()).select_from(SignInLink).where(SignInLink.user_id == mo.id)
        assert db.session.scalar(kept) == 1


def test_somebody_who_taps_twice_has_one_personal_link(app: Flask, mo: User) -> None:
    meeting = Cast(app, mo).meeting("Gia")
    found = at_once(app, *[lambda: personal.make_link(meeting.id, meeting.gia.seat_id)] * 4)
    with app.app_context():
        kept = select(func.count()).select_from(models.SeatToken).where(models.SeatToken.kept_on.is_not(None))
        assert db.session.scalar(kept.where(models.SeatToken.seat_id == meeting.gia.seat_id)) == 1
        assert sum(personal.seat_of_link(str(token)) is not None for _, token in found) == 1


def test_of_many_who_make_a_group_of_one_name_at_once_one_does(app: Flask, mo: User) -> None:
    def make() -> object:
        try:
            return actions.make(mo, "West")
        except Refused:
            return ""

    found = at_once(app, *[make] * 4)
    assert sum(bool(made) for _, made in found) == 1
