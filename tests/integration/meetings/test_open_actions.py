"""The open actions on the home of whoever leads meetings: what stands there, and that nobody sees more than in the meeting."""

from __future__ import annotations

import pytest
from flask import Flask

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.meetings.actions import accounts, outcomes
from tests.accounts_cast import make_administrator, make_member, make_moderator, make_outsider
from tests.cast import Cast, Meeting, Person
from tests.contract.everybody import signed_in
from tests.pages import Element, read

pytestmark = pytest.mark.usefixtures("patient")
SENTENCE = "If he is silent, then I ask him"


@pytest.fixture
def mo(app: Flask) -> User:
    """Leads the meetings of North."""
    return make_moderator(app)


@pytest.fixture
def meeting(app: Flask, mo: User) -> Meeting:
    """A meeting of North in which Gia takes something on."""
    meeting = Cast(app, mo).meeting("Gia", "Pete", "Ada", group="North")
    meeting.advance_to("commit")
    meeting.write(meeting.gia, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    return meeting


def listed(app: Flask, user: User, language: str = "en") -> list[Element]:
    """The open actions on somebody's pages."""
    browser = signed_in(app, user)
    browser.set_cookie("lang", language)
    section = read(browser.get("/meetings").text).all("section", aria_labelledby="actions-title")
    return section[0].all("li") if section else []


def everything(app: Flask, user: User) -> str:
    """All that somebody's home says and, if they lead, the list of their meetings."""
    browser = signed_in(app, user)
    return browser.get("/").text + browser.get("/meetings").text


def follow_up(app: Flask, mo: User, earlier: Meeting) -> Meeting:
    """The next meeting, about to look back on what Gia took on."""
    later = Cast(app, mo).meeting("Gia", "Pete", "Ada", group="North", continues=earlier)
    later.advance_to("follow_up")
    return later


def answer(later: Meeting, status: str) -> None:
    """Gia says how it went; only she can see it."""
    (action,) = later.actions
    later.write(later.gia, "effect", about=action.id, status=status, effect="He talked")


def connect(meeting: Meeting, person: Person, user: User) -> None:
    """Somebody says on their phone which account is theirs."""
    meeting.act(accounts.connect, person.seat_id, user)


@pytest.mark.parametrize(
    ("language", "sentence", "until"),
    [("en", SENTENCE, "before 1 May"), ("nl", "Als he is silent, dan I ask him", "vóór 1 mei")],
)
def test_whoever_leads_sees_whose_it_is_what_it_is_and_until_when(
    app: Flask, mo: User, meeting: Meeting, language: str, sentence: str, until: str
) -> None:
    (row,) = listed(app, mo, language)
    link = row.one("a")
    assert link.text == sentence
    assert link["href"] == f"/meetings/{meeting.id}/console"
    assert "Gia, Learn to guide a starter" in row.text
    assert until in row.text
    meeting.end()
    link = listed(app, mo, language)[0].one("a")
    assert link["href"] == f"/meetings/{meeting.id}/report"
    assert signed_in(app, mo).get(link["href"]).status_code == 200


@pytest.mark.promise("actions-of-the-group")
def test_nobody_else_sees_it(app: Flask, mo: User, meeting: Meeting) -> None:
    assert "I ask him" in everything(app, mo), "there is something to see"
    nel = make_moderator(app, "Nel")
    south = Cast(app, nel).meeting("Dirk", "Eva", group="South", case_giver=None)
    outsiders = (make_outsider(app), nel, make_administrator(app, "Ann"), make_member(app, "Piet"))
    connect(south, south["Dirk"], outsiders[-1])
    for user in outsiders:
        assert "I ask him" not in everything(app, user), user.name
        assert "I ask him" not in signed_in(app, user).get("/mine").text, user.name
    assert "I ask him" not in app.test_client().get("/").text
    assert listed(app, nel) == []
    assert not read(everything(app, nel)).has("h2", id="actions-title"), "no empty section either"


def test_whoever_takes_part_by_account_sees_their_own_and_nobody_else_s(app: Flask, meeting: Meeting) -> None:
    gus, pia = make_moderator(app, "Gus"), make_moderator(app, "Pia")
    connect(meeting, meeting.gia, gus)
    connect(meeting, meeting.pete, pia)
    (row,) = listed(app, gus)
    assert row.one("a")["href"] == f"/meetings/{meeting.id}/actions/{meeting.actions[0].id}", (
        "where it is said how it went"
    )
    assert "You, Learn to guide a starter" in row.text
    assert listed(app, pia) == []
    meeting.be_buddy(meeting.pete, meeting.actions[0].id)
    (row,) = listed(app, pia)
    assert "Gia, Learn to guide a starter" in row.text


@pytest.mark.promise("confirmed-actions")
def test_a_draft_its_owner_has_not_confirmed_is_not_there(app: Flask, mo: User) -> None:
    meeting = Cast(app, mo).meeting("Gia", "Pete")
    meeting.advance_to("commit")
    meeting.take_down(meeting.gia, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    assert listed(app, mo) == []
    meeting.confirm(meeting.gia, meeting.actions[0].id)
    assert [row.one("a").text for row in listed(app, mo)] == [SENTENCE]


def test_what_was_taken_off_the_screen_is_gone_for_all_but_its_owner(app: Flask, mo: User, meeting: Meeting) -> None:
    gus = make_moderator(app, "Gus")
    connect(meeting, meeting.gia, gus)
    item = meeting.actions[0].item_id
    assert item is not None
    assert len(listed(app, mo)) == 1
    meeting.handle(item, "remove")
    assert listed(app, mo) == []
    assert len(listed(app, gus)) == 1


def test_an_action_that_came_along_is_named_once_where_it_is_looked_back_on(
    app: Flask, mo: User, meeting: Meeting
) -> None:
    meeting.end()
    later = follow_up(app, mo, meeting)
    (row,) = listed(app, mo)
    assert row.one("a")["href"] == f"/meetings/{later.id}/console"


def test_how_it_went_is_not_told_before_it_is_revealed(app: Flask, mo: User, meeting: Meeting) -> None:
    meeting.be_buddy(meeting.pete, meeting.actions[0].id)
    meeting.end()
    later = follow_up(app, mo, meeting)
    gus = make_moderator(app, "Gus")
    connect(later, later.gia, gus)
    assert len(listed(app, gus)) == len(listed(app, mo)) == 1
    answer(later, "done")
    assert listed(app, gus) == [], "Gia knows"
    assert len(listed(app, mo)) == 1, "nobody has told Mo"
    later.reveal()
    assert listed(app, mo) == []


def test_what_went_partly_stays_open(app: Flask, mo: User, meeting: Meeting) -> None:
    meeting.end()
    later = follow_up(app, mo, meeting)
    answer(later, "partly")
    later.reveal()
    assert len(listed(app, mo)) == 1


def test_what_the_moderator_closed_is_closed(app: Flask, mo: User, meeting: Meeting) -> None:
    meeting.end()
    later = follow_up(app, mo, meeting)
    later.leave(later.gia)
    later.act(outcomes.set_status, later.mo.seat_id, later.actions[0].id, "dropped")
    assert listed(app, mo) == []


def test_what_is_due_first_stands_first(app: Flask, mo: User, meeting: Meeting) -> None:
    sooner = Cast(app, mo).meeting("Gia", "Pete")
    sooner.advance_to("commit")
    sooner.write(sooner.gia, "action", then="I phone her", due="2030-02-03")
    assert [row.one("a").text for row in listed(app, mo)] == ["I phone her", SENTENCE]


def test_of_an_erased_meeting_there_is_nothing_to_read(app: Flask, mo: User, meeting: Meeting) -> None:
    assert len(listed(app, mo)) == 1
    with app.app_context():
        sealing.keyring().destroy(meeting.id)
    assert listed(app, mo) == []
