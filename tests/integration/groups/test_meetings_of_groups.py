"""A meeting belongs to a group or to none; a name never opens somebody else's group."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from facilitator.accounts.actions import create_user
from facilitator.accounts.models import MODERATOR, User
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.groups.models import Group
from facilitator.meetings.models import Meeting
from tests.accounts_cast import PASSWORD, make_moderator, make_outsider, post
from tests.contract.everybody import signed_in


@pytest.fixture
def mo(app: Flask, monkeypatch: pytest.MonkeyPatch) -> User:
    """A moderator with a group."""
    monkeypatch.setattr(limiter, "enabled", False)
    mo = make_moderator(app)
    post(signed_in(app, mo), "/groups", name="North")
    return mo


def test_a_meeting_is_set_up_of_a_group_of_a_new_one_or_of_none(app: Flask, mo: User) -> None:
    browser = signed_in(app, mo)
    assert plan(browser, group_id=group_id(app, "North")) == 302
    assert plan(browser, group="South") == 302
    assert plan(browser) == 302
    assert groups_met(app) == {"North", "South", None}


def test_the_group_s_page_leads_to_a_meeting_of_that_group(app: Flask, mo: User) -> None:
    browser, north = signed_in(app, mo), group_id(app, "North")
    assert f"/meetings/new?group={north}" in browser.get(f"/groups/{north}").text
    page = browser.get(f"/meetings/new?group={north}").text
    assert f'<option selected value="{north}">North</option>' in page


def test_a_group_and_a_new_one_at_once_is_asked_about(app: Flask, mo: User) -> None:
    answer = submit(signed_in(app, mo), group_id=group_id(app, "North"), group="South")
    assert answer.status_code == 422
    assert 'value="South"' in answer.text
    assert groups_met(app) == set()


def test_a_colleague_cannot_come_into_a_group_by_its_name(app: Flask, mo: User) -> None:
    """Whoever leads a meeting of a group may edit it, and sees its members and reports."""
    with app.app_context():
        nel = create_user("Nel", "nel@example.org", PASSWORD, "Werkplaats", MODERATOR)
    browser, north = signed_in(app, nel), group_id(app, "North")
    assert "North" not in browser.get("/meetings/new").text
    assert plan(browser, group="North") == 302, "a group of her own, that is called so as well"
    with app.app_context():
        hers = db.session.scalars(select(Meeting.group_id)).one()
    assert hers != north
    assert plan(browser, group_id=north) == 422
    assert browser.get(f"/groups/{north}").status_code == 404
    post(signed_in(app, mo), f"/groups/{north}/members", addresses="nel@example.org", is_peer="y")
    assert plan(browser, group_id=north) == 302, "a moderator who is a member may lead"


def test_another_organisation_s_group_is_none_of_ours(app: Flask, mo: User) -> None:
    ola = signed_in(app, make_outsider(app))
    assert plan(ola, group_id=group_id(app, "North")) == 422
    assert plan(ola, group="North") == 302
    with app.app_context():
        found = db.session.scalars(select(Group).where(Group.name == "North")).all()
    assert len({group.organisation_id for group in found}) == 2


def test_a_planned_meeting_keeps_its_group_and_may_change_it(app: Flask, mo: User) -> None:
    browser, north = signed_in(app, mo), group_id(app, "North")
    plan(browser, group_id=north)
    with app.app_context():
        meeting_id = db.session.scalars(select(Meeting.id)).one()
    assert f'<option selected value="{north}">North</option>' in browser.get(f"/meetings/{meeting_id}/plan").text
    assert submit(browser, f"/meetings/{meeting_id}/plan", group_id="").status_code == 302
    assert groups_met(app) == {None}


def plan(browser: FlaskClient, **fields: str) -> int:
    """Somebody plans a meeting for later."""
    return submit(browser, **fields).status_code


def submit(browser: FlaskClient, path: str = "/meetings/new", **fields: str) -> TestResponse:
    """Sends the page as it is, but for what is given."""
    phases = {"phase_story": "5", "phase_clarify": "12", "phase_follow_up": "5", "phase_pick": "3"}
    more = {"phase_diagnose": "7", "phase_advise": "10", "phase_choose": "5", "phase_commit": "3", "phase_learn": "4"}
    settled = {"goal": "Learn", "method": "basis", "minutes": "60", "capacity": "14", "locale": "nl", "names": "names"}
    data = {**settled, **phases, **more, "phase_evaluate": "3", "go": "later", **fields}
    return post(browser, path, **data)


def group_id(app: Flask, name: str) -> str:
    """The id of a group."""
    with app.app_context():
        query = select(Group.id).where(Group.name == name)
        return db.session.scalars(query.order_by(Group.created_at)).all()[0]


def groups_met(app: Flask) -> set[str | None]:
    """The groups that have a meeting; None for meetings without one."""
    with app.app_context():
        query = select(Group.name).select_from(Meeting).outerjoin(Group, Group.id == Meeting.group_id)
        return set(db.session.scalars(query))
