"""A group that meets by one method again and again is shown others, where its next meeting is planned."""

from __future__ import annotations

import pytest
from flask import Flask

from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.groups.models import Group
from facilitator.meetings.variety import IN_A_ROW
from tests.accounts_cast import english, make_moderator, post
from tests.cast import Cast
from tests.contract.everybody import signed_in
from tests.pages import read

pytestmark = [pytest.mark.usefixtures("patient"), pytest.mark.either]
SAYS = f"met by this method the last {IN_A_ROW} times"


@pytest.fixture
def mo(app: Flask) -> User:
    return make_moderator(app)


def hold(app: Flask, mo: User, method: str, times: int) -> None:
    for _ in range(times):
        meeting = Cast(app, mo).meeting("Gia", "Pete", "Ada", "Bo", group="North", method=method)
        meeting.start()
        meeting.end()


def planned(app: Flask, user: User, method: str, **fields: str) -> str:
    """What the page of a plan for North says, once it was asked for its minutes."""
    with app.app_context():
        group_id = db.session.query(Group).filter_by(name="North").one().id
    sent = {"goal": "Learn to guide", "method": method, "minutes": "75", "group_id": group_id, "go": "scale"}
    return post(english(signed_in(app, user)), "/meetings/new", **{**sent, **fields}).text


def test_another_method_is_proposed_after_the_same_one_again_and_again_and_taken_with_one_press(
    app: Flask, mo: User
) -> None:
    hold(app, mo, "basis", IN_A_ROW - 1)
    assert SAYS not in planned(app, mo, "basis"), "not yet"
    hold(app, mo, "basis", 1)
    page = read(planned(app, mo, "basis"))
    assert SAYS in page.text
    proposed = [button["value"] for button in page.all("button", name="take")]
    assert proposed
    assert "basis" not in proposed
    assert SAYS not in planned(app, mo, proposed[0]), "who takes another one is let be"
    taken = read(planned(app, mo, "basis", take=proposed[0]))
    assert taken.one("input", id="goal")["value"] == "Learn to guide", "nothing that was typed is lost"
    assert "selected" in taken.one("select", id="method").one("option", value=proposed[0]).attributes
    assert SAYS not in planned(app, make_moderator(app, "Nel"), "basis"), "what another group did is not told"


def test_a_group_that_changes_its_methods_is_left_alone(app: Flask, mo: User) -> None:
    hold(app, mo, "basis", IN_A_ROW)
    assert SAYS in planned(app, mo, "basis")
    hold(app, mo, "five_step", 1)
    assert SAYS not in planned(app, mo, "basis")
    assert SAYS not in planned(app, mo, "five_step")
