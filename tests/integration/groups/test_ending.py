"""A group that has ended: from then on the time of its reports is counted, and it may go on after all."""

from __future__ import annotations

from flask import Flask

from facilitator.core.db import db
from facilitator.groups.actions import make
from facilitator.groups.models import Group
from tests.accounts_cast import english, make_member, make_moderator, post, sign_in


def ended_at(app: Flask, group_id: str) -> object:
    with app.app_context():
        return db.session.get_one(Group, group_id).ended_at


def test_whoever_made_it_ends_it_and_lets_it_go_on(app: Flask) -> None:
    mo = make_moderator(app)
    with app.app_context():
        group_id = make(mo, "Mentors")
    device = english(app.test_client())
    sign_in(device, mo)
    assert post(device, f"/groups/{group_id}/end", do="end").status_code == 302
    first = ended_at(app, group_id)
    assert first is not None
    assert "It ended on" in device.get(f"/groups/{group_id}").text
    post(device, f"/groups/{group_id}/end", do="end")
    assert ended_at(app, group_id) == first, "twice is once"
    post(device, f"/groups/{group_id}/end", do="resume")
    assert ended_at(app, group_id) is None


def test_a_member_does_not(app: Flask) -> None:
    mo = make_moderator(app)
    with app.app_context():
        group_id = make(mo, "Mentors")
    device = english(app.test_client())
    sign_in(device, make_member(app))
    assert post(device, f"/groups/{group_id}/end", do="end").status_code == 404
    assert ended_at(app, group_id) is None
