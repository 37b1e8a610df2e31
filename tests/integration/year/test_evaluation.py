"""A group looks at itself: asked without names, and what comes out is a mean of four or nothing at all."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.db import db, now
from facilitator.groups.models import Group
from facilitator.retention.erasing import forget_evaluations
from facilitator.year import keeping
from facilitator.year.evaluation import ABOUT, close_due
from facilitator.year.keeping import look_due
from facilitator.year.models import Evaluation, EvaluationAnswer, EvaluationMark
from tests.accounts_cast import (
    english,
    mails,
    make_administrator,
    make_member,
    make_moderator,
    make_outsider,
    post,
    words_in,
)
from tests.contract.everybody import signed_in
from tests.days import pass_days
from tests.integration.arrangements.test_buddies import sent_late
from tests.pages import read

pytestmark = pytest.mark.either
NAMES = ("Gia", "Pete", "Ada", "Zoe", "Kim")
ASKED = ("Facilitator: a question about your group", "Facilitator: een vraag over je groep")


@pytest.fixture
def mo(app_on: Flask) -> User:
    """Made the group North, and is not in it."""
    return make_moderator(app_on)


@pytest.fixture
def north(app_on: Flask, mo: User) -> str:
    """A group of five; gives its id."""
    for name in NAMES:
        make_member(app_on, name)
    return group_of(app_on, mo, "North", *NAMES)


def group_of(app: Flask, mo: User, group: str, *names: str) -> str:
    client = browser(app, mo)
    page = post(client, "/groups", name=group).location
    add(app, mo, page, *names)
    return page.rsplit("/", 1)[1]


def add(app: Flask, mo: User, page: str, *names: str) -> None:
    addresses = ", ".join(f"{name.lower()}@example.org" for name in names)
    assert post(browser(app, mo), f"{page}/members", addresses=addresses, is_peer="y").status_code == 302


def browser(app: Flask, user: User) -> FlaskClient:
    """Somebody's own, reading English."""
    return english(signed_in(app, user))


def user(app: Flask, name: str) -> User:
    with app.app_context():
        return db.session.scalars(select(User).where(User.email == f"{name.lower()}@example.org")).one()


def by(app: Flask, name: str) -> FlaskClient:
    return browser(app, user(app, name))


def begin(app: Flask, mo: User, group_id: str, days: int = 1) -> None:
    """Mo has it begin today."""
    when = {"opens_on": now().date().isoformat(), "days": str(days)}
    assert post(browser(app, mo), f"/groups/{group_id}/evaluation/when", **when).status_code == 302


def says(app: Flask, name: str, group_id: str, number: int, **others: str) -> int:
    """Somebody answers all sentences with one number, but those named."""
    given = {about: str(number) for about in ABOUT} | others
    return post(by(app, name), f"/groups/{group_id}/evaluation", **given).status_code


def shown(client: FlaskClient, group_id: str) -> str:
    """What the page says, without what differs from request to request."""
    text = client.get(f"/groups/{group_id}/evaluation").text
    return re.sub(r'value="[^"]{40,}"', "", text.replace(group_id, "…"))


def is_over(app: Flask) -> None:
    pass_days(app, 2, look_due)


def row_of(app: Flask, title: str, group_id: str, name: str = "Gia") -> list[str]:
    """The means of a sentence over the years, as the table tells them."""
    table = read(by(app, name).get(f"/groups/{group_id}/evaluation").text).one("table")
    rows = {row.one("th").text: [cell.text for cell in row.all("td")] for row in table.all("tr") if row.all("td")}
    return rows[title]


@pytest.mark.promise("means-from-four")
def test_what_four_answer_is_a_mean_once_it_is_over(app_on: Flask, mo: User, north: str) -> None:
    begin(app_on, mo, north)
    for name, number in zip(NAMES, (2, 3, 4, 4), strict=False):
        assert says(app_on, name, north, number, trust="5", depth="0" if name == "Ada" else "3") == 302
    assert "<table" not in shown(by(app_on, "Gia"), north), "not while it is open"
    is_over(app_on)
    assert row_of(app_on, str(ABOUT["goal"]), north) == ["3.2"]
    assert row_of(app_on, str(ABOUT["trust"]), north) == ["4.5 or more"], "nobody is to know what everybody said"
    assert row_of(app_on, str(ABOUT["depth"]), north) == ["too few"], "three gave a number, one passed"
    assert row_of(app_on, "Answers", north, "Kim") == ["4"], "Kim gave none, and is in the group"
    begin_again = post(browser(app_on, mo), f"/groups/{north}/evaluation/when", opens_on=str(now().date()), days="3")
    assert begin_again.status_code == 422
    assert "Twice a year is enough." in begin_again.text


@pytest.mark.promise("means-from-four")
def test_nothing_that_anybody_is_shown_changes_with_an_answer(app_on: Flask, mo: User, north: str) -> None:
    begin(app_on, mo, north)
    others = [browser(app_on, mo), browser(app_on, make_administrator(app_on, "Nel")), by(app_on, "Kim")]

    def seen() -> list[str]:
        pages = ("/mine", f"/groups/{north}", f"/groups/{north}/evaluation")
        return [re.sub(r'value="[^"]{40,}"', "", one.get(page).text) for one in others for page in pages]

    before = seen()
    for name in NAMES[:4]:
        own = shown(by(app_on, name), north)
        assert says(app_on, name, north, 4) == 302
        assert shown(by(app_on, name), north) != own, "it is asked once"
        assert seen() == before
    assert says(app_on, "Gia", north, 1) == 302  # a second tap is no second answer
    is_over(app_on)
    assert row_of(app_on, "Answers", north) == ["4"]


@pytest.mark.promise("means-from-four")
def test_below_four_answers_nobody_can_tell_how_many_there_were(app_on: Flask, mo: User, north: str) -> None:
    groups = {0: north}
    for count in (1, 3, 4):
        names = [f"{name}{count}" for name in NAMES]
        for name in names:
            make_member(app_on, name)
        groups[count] = group_of(app_on, mo, f"Same {count}", *names)
    for count, group_id in groups.items():
        begin(app_on, mo, group_id)
        for name in NAMES[:count]:
            assert says(app_on, f"{name}{count}", group_id, 4) == 302
    is_over(app_on)
    for name in ("Gia", "Kim"):
        pages = {
            count: _without_names(shown(by(app_on, f"{name}{count or ''}"), group_id))
            for count, group_id in groups.items()
        }
        assert pages[0] == pages[1] == pages[3]
        assert "A mean of so few tells what somebody said" in pages[3]
        assert "A mean of so few" not in pages[4]
    with app_on.app_context():
        for count in (0, 1, 3):
            row = db.session.scalars(select(Evaluation).where(Evaluation.group_id == groups[count])).one()
            assert (row.result, row.key_id) == (None, None)


def _without_names(page: str) -> str:
    return re.sub(r"North|Same \d|(Gia|Kim)\d?", "", page)


@pytest.mark.promise("apart-also-under-another-name")
def test_nearly_the_same_people_are_not_asked_again_as_another_group(app_on: Flask, mo: User, north: str) -> None:
    south, west = group_of(app_on, mo, "South", *NAMES[:4]), group_of(app_on, mo, "West", *NAMES[:3])
    make_member(app_on, "Roy")
    add(app_on, mo, f"/groups/{west}", "Roy")
    today = now().date()
    begin(app_on, mo, north)
    begin(app_on, mo, west)
    assert "Send without my name" in shown(by(app_on, "Roy"), west), "three of them are no four"
    refused = post(browser(app_on, mo), f"/groups/{south}/evaluation/when", opens_on=str(today), days="1")
    assert refused.status_code == 422
    assert "North" not in refused.text
    gia = read(by(app_on, "Gia").get(f"/groups/{north}").text)
    leave = next(form["action"] for form in gia.all("form") if form["action"].endswith("/remove"))
    post(by(app_on, "Gia"), leave)
    still = post(browser(app_on, mo), f"/groups/{south}/evaluation/when", opens_on=str(today), days="1")
    assert still.status_code == 422, "she was there when it began"
    later = str(today + timedelta(days=120))
    allowed = post(browser(app_on, mo), f"/groups/{south}/evaluation/when", opens_on=later, days="1")
    assert allowed.status_code == 302


@pytest.mark.promise("apart-also-under-another-name")
def test_of_two_groups_of_the_same_people_the_second_begins_by_itself_four_months_later(
    app_on: Flask, mo: User, north: str
) -> None:
    south = group_of(app_on, mo, "South", *NAMES)
    pass_days(app_on, 184, look_due)
    assert len(begun(app_on)) == 1
    pass_days(app_on, 300, look_due)
    assert len(begun(app_on)) == 1
    pass_days(app_on, 310, look_due)
    assert set(begun(app_on)) == {north, south}


def begun(app: Flask) -> list[str]:
    """The groups that have been asked."""
    with app.app_context():
        rows = select(Evaluation.group_id).where(Evaluation.opened_at.is_not(None))
        return list(db.session.scalars(rows))


def test_a_group_that_has_ended_is_asked_nothing(app_on: Flask, mo: User, north: str) -> None:
    begin(app_on, mo, north, days=5)
    assert "Send without my name" in shown(by(app_on, "Gia"), north)
    post(browser(app_on, mo), f"/groups/{north}/end", do="end")
    for who in (by(app_on, "Gia"), browser(app_on, mo)):
        page = shown(who, north)
        assert "This group has ended. Nobody is asked any more." in page
        for gone in ("Send without my name", "It begins by itself", "Another moment"):
            assert gone not in page
    assert says(app_on, "Gia", north, 3) == 302
    assert kept(app_on) == (set(), set())
    tomorrow = str(now().date() + timedelta(days=1))
    assert post(browser(app_on, mo), f"/groups/{north}/evaluation/when", opens_on=tomorrow, days="1").status_code == 422
    pass_days(app_on, 2, look_due)
    assert _asked(app_on) == []
    post(browser(app_on, mo), f"/groups/{north}/end", do="resume")
    assert "Send without my name" in shown(by(app_on, "Gia"), north)
    pass_days(app_on, 4, look_due)
    assert len(_asked(app_on)) == len(NAMES), "it goes on after all"


def two_groups(app_on: Flask, mo: User, north: str) -> dict[str, tuple[str, ...]]:
    """Of other people each; four of each have answered."""
    others = ("Ann", "Bob", "Cor", "Dan", "Eve")
    for name in others:
        make_member(app_on, name)
    groups: dict[str, tuple[str, ...]] = {north: NAMES, group_of(app_on, mo, "South", *others): others}
    for group_id, names in groups.items():
        begin(app_on, mo, group_id)
        for name in names[:4]:
            says(app_on, name, group_id, 3)
    return groups


def test_one_that_fails_keeps_no_other_group_waiting(
    app_on: Flask, mo: User, north: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_groups(app_on, mo, north)
    failed = list[str]()

    def fails_first(evaluation_id: str, moment: datetime) -> bool:
        if not failed or evaluation_id in failed:
            failed.append(evaluation_id)
            raise OSError("the disk is full")
        return close_due(evaluation_id, moment)

    monkeypatch.setattr(keeping, "close_due", fails_first)
    with pytest.raises(OSError, match="the disk is full"):
        is_over(app_on)
    with app_on.app_context():
        rows = {row.id: row.is_closed for row in db.session.scalars(select(Evaluation))}
    assert rows.pop(failed[0]) is False
    assert list(rows.values()) == [True]


def test_what_is_damaged_is_left_for_a_backup(app_on: Flask, mo: User, north: str) -> None:
    groups = two_groups(app_on, mo, north)
    with app_on.app_context(), db.writing() as session:
        first = session.scalars(select(Evaluation).order_by(Evaluation.id)).first()
        assert first is not None
        damaged = session.scalars(select(EvaluationAnswer).where(EvaluationAnswer.evaluation_id == first.id)).first()
        assert damaged is not None
        damaged.body = damaged.body[:-1] + bytes([damaged.body[-1] ^ 1])
        first_id, key = first.id, first.key_id
        group_id = first.group_id
    assert says(app_on, groups[group_id][4], group_id, 3) == 503
    is_over(app_on)
    with app_on.app_context():
        rows = {row.id: row.is_closed for row in db.session.scalars(select(Evaluation))}
        assert rows.pop(first_id) is False
        assert list(rows.values()) == [True]
        assert len(db.session.scalars(select(EvaluationAnswer)).all()) == 4
        assert not sealing.keyring().is_destroyed(key or "")


def test_who_cannot_sign_in_is_not_counted(app_on: Flask, mo: User, north: str) -> None:
    with app_on.app_context(), db.writing() as session:
        gone = ("gia@example.org", "kim@example.org")
        session.execute(update(User).where(User.email.in_(gone)).values(active=False))
    begin(app_on, mo, north)
    assert "There are fewer than 4 people in this group." in shown(by(app_on, "Pete"), north)
    assert begun(app_on) == []


@pytest.mark.promise("nobodys-answer")
def test_nothing_that_is_kept_joins_an_answer_to_a_person_and_all_of_it_goes(
    app_on: Flask, mo: User, north: str
) -> None:
    begin(app_on, mo, north)
    says(app_on, "Gia", north, 2)
    first = kept(app_on)
    says(app_on, "Pete", north, 5)
    second = kept(app_on)
    assert (len(first[0]), len(second[0]), len(second[1])) == (1, 2, 2)
    assert not first[0] & second[0], "each answer writes all of them anew"
    with app_on.app_context():
        key = db.session.scalars(select(Evaluation.key_id)).one()
        people = db.session.scalars(select(User.id)).all()
        assert not {mark for mark in second[1] if any(person in mark for person in people)}
        for table in (EvaluationAnswer, EvaluationMark):
            assert not [found.name for found in table.__table__.columns if "user" in found.name or "_at" in found.name]
    is_over(app_on)
    assert kept(app_on) == (set(), set())
    with app_on.app_context():
        assert sealing.keyring().is_destroyed(key or ""), "also in old copies"
    assert "evaluation" not in by(app_on, "Gia").get("/account/data.json").text


def kept(app: Flask) -> tuple[set[str], set[str]]:
    with app.app_context():
        return set(db.session.scalars(select(EvaluationAnswer.id))), set(
            db.session.scalars(select(EvaluationMark.mark))
        )


@pytest.mark.promise("asked-are-those-who-were-there")
def test_asked_are_those_who_were_in_the_group_when_it_began(app_on: Flask, mo: User, north: str) -> None:
    begin(app_on, mo, north)
    make_member(app_on, "Roy")
    add(app_on, mo, f"/groups/{north}", "Roy")
    assert "You came in after it began" in shown(by(app_on, "Roy"), north)
    assert says(app_on, "Roy", north, 1) == 302
    for name in NAMES[:4]:
        says(app_on, name, north, 3)
    gia = by(app_on, "Gia")
    own = read(gia.get(f"/groups/{north}").text)
    leave = next(form["action"] for form in own.all("form") if form["action"].endswith("/remove"))
    post(gia, leave)
    assert gia.get(f"/groups/{north}/evaluation").status_code == 404
    is_over(app_on)
    assert row_of(app_on, "Answers", north, "Pete") == ["4"], (
        "Gia's stays, because nobody can find it; Roy's never came in"
    )
    assert "<table" not in shown(by(app_on, "Roy"), north)
    assert "for those who were in the group then" in shown(by(app_on, "Roy"), north)
    add(app_on, mo, f"/groups/{north}", "Gia")
    assert "<table" not in shown(gia, north), "whoever left and came back is new"


@pytest.mark.promise("asked-are-those-who-were-there")
def test_whoever_leads_or_administrates_sees_no_more_than_a_member(app_on: Flask, mo: User, north: str) -> None:
    begin(app_on, mo, north)
    for name in NAMES[:4]:
        says(app_on, name, north, 3)
    is_over(app_on)
    assert row_of(app_on, "Answers", north) == ["4"]
    for outside in (mo, make_administrator(app_on, "Nel")):
        page = shown(browser(app_on, outside), north)
        assert "the next time is on" in page
        assert "<table" not in page
        assert "too few" not in page
        assert post(browser(app_on, outside), f"/groups/{north}/evaluation").status_code == 403
    assert post(by(app_on, "Gia"), f"/groups/{north}/evaluation/when").status_code == 403
    for nobody in (make_outsider(app_on), make_member(app_on, "Roy")):
        assert browser(app_on, nobody).get(f"/groups/{north}/evaluation").status_code == 404
        assert post(browser(app_on, nobody), f"/groups/{north}/evaluation/when").status_code == 404


@pytest.mark.promise("asked-once")
def test_it_begins_by_itself_after_half_a_year_and_asks_everybody_once(app_on: Flask, mo: User, north: str) -> None:
    pass_days(app_on, 180, look_due)
    assert _asked(app_on) == []
    pass_days(app_on, 184, look_due)
    assert sorted(_asked(app_on)) == sorted(f"{name.lower()}@example.org" for name in NAMES)
    for message in mails(app_on):
        if message["Subject"] in ASKED:
            assert "North" not in words_in(message)
    pass_days(app_on, 210, look_due)
    with app_on.app_context():
        row = db.session.scalars(select(Evaluation)).one()
        assert row.is_closed
        assert row.closes_on - row.opens_on == timedelta(days=14)
    assert len(_asked(app_on)) == len(NAMES)
    assert mo.email not in _asked(app_on)


def test_what_a_worker_begins_late_is_not_taken_for_left_behind(
    app_on: Flask, mo: User, north: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(app_on, mo, north, days=3)
    assert sent_late(app_on, monkeypatch, look_due, now()) == len(NAMES)


def _asked(app: Flask) -> list[str]:
    return [message["To"] for message in mails(app) if message["Subject"] in ASKED]


def test_three_people_are_told_why_nothing_is_asked(app_on: Flask, mo: User, north: str) -> None:
    few = group_of(app_on, mo, "Few", *NAMES[:3])
    begin(app_on, mo, few)
    page = shown(by(app_on, "Gia"), few)
    assert "There are fewer than 4 people in this group." in page
    assert "Send without my name" not in page
    pass_days(app_on, 200, look_due)
    with app_on.app_context():
        assert db.session.scalars(select(Evaluation.group_id).where(Evaluation.opened_at.is_not(None))).all() == [north]


def test_a_sentence_without_a_number_loses_none_of_the_others(app_on: Flask, mo: User, north: str) -> None:
    begin(app_on, mo, north)
    assert "Your group looks at how it works together." in by(app_on, "Gia").get("/mine").text
    given = {about: "2" for about in ABOUT if about != "roles"}
    wrong = post(by(app_on, "Gia"), f"/groups/{north}/evaluation", **given)
    assert wrong.status_code == 422
    assert "Choose a number, or pass." in wrong.text
    assert (
        len([one for one in read(wrong.text).all("input", type="radio", value="2") if "checked" in one.attributes]) == 7
    )
    assert post(by(app_on, "Gia"), f"/groups/{north}/evaluation", **given, roles="9").status_code == 422
    assert says(app_on, "Gia", north, 2) == 302
    assert "Your group looks at how it works together." not in by(app_on, "Gia").get("/mine").text


@pytest.mark.promise("evaluations-go")
def test_what_came_out_goes_some_time_after_the_group(app_on: Flask, mo: User, north: str) -> None:
    begin(app_on, mo, north)
    for name in NAMES[:4]:
        says(app_on, name, north, 3)
    is_over(app_on)
    post(browser(app_on, mo), f"/groups/{north}/end", do="end")
    pass_days(app_on, 300, forget_evaluations)
    assert _count(app_on) == 1
    with app_on.app_context():
        key = db.session.scalars(select(Evaluation.key_id)).one()
    pass_days(app_on, 370, forget_evaluations)
    assert _count(app_on) == 0
    with app_on.app_context():
        assert sealing.keyring().is_destroyed(key or "")
        assert db.session.get(Group, north) is not None


def _count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Evaluation)) or 0


def test_an_answer_that_comes_after_the_last_day_counts_nowhere(app_on: Flask, mo: User, north: str) -> None:
    begin(app_on, mo, north)
    for name in NAMES[:3]:
        says(app_on, name, north, 3)
    is_over(app_on)
    zoe = by(app_on, "Zoe")
    assert post(zoe, f"/groups/{north}/evaluation", **dict.fromkeys(ABOUT, "3")).status_code == 302
    assert "It is over by now." in zoe.get(f"/groups/{north}/evaluation").text
    with app_on.app_context():
        assert db.session.scalars(select(Evaluation.result)).all() == [None]
