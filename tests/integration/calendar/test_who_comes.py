"""Who comes: said by the link in the mail or on the page, changed as often as one likes, seen by those who meet."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from facilitator.accounts.models import User
from facilitator.calendar.models import Guest
from facilitator.core.db import db
from tests.accounts_cast import english, mails, post, words_in
from tests.integration.calendar.conftest import North
from tests.pages import named, read, sent_by

pytestmark = pytest.mark.either


def link_for(north: North, user: User) -> str:
    (mail,) = (m for m in mails(north.app) if m["To"] == user.email)
    found = re.search(r"https?://[^/\s]+(/comes/\S+)", words_in(mail))
    assert found
    return found[1]


@pytest.fixture
def link(north: North) -> str:
    """Pete's, in the mail of the one meeting there is."""
    north.plans(until="2031-03-05")
    north.mails_go_out()
    return link_for(north, north.pete)


def answers(north: North) -> dict[str, str]:
    with north.app.app_context():
        db.session.expire_all()
        return {db.session.get_one(User, guest.user_id).name: guest.answer for guest in db.session.query(Guest)}


def stranger(north: North) -> FlaskClient:
    return english(north.app.test_client())


@pytest.mark.promise("who-comes")
def test_a_scanner_that_opens_the_link_uses_nothing_up_and_whoever_has_it_answers_without_signing_in(
    north: North, link: str
) -> None:
    for _ in range(3):
        assert stranger(north).get(link).status_code == 200
        assert stranger(north).head(link).status_code == 200
    assert answers(north) == {"Mo": "", "Pete": "", "Ada": ""}
    phone = stranger(north)
    page = read(phone.get(link).text)
    assert "Tuesday 4 March 2031" in page.text
    assert not {name for name in ("Pete", "Ada", "North", "Learn to guide") if name in page.text}, (
        "nothing else is told"
    )
    assert [button["aria-pressed"] for button in named(page, "I come")] == ["false"]
    assert post(phone, link, says="yes").status_code == 302
    assert answers(north) == {"Mo": "", "Pete": "yes", "Ada": ""}
    assert [button["aria-pressed"] for button in named(read(phone.get(link).text), "I come")] == ["true"]
    post(phone, link, says="no")
    assert answers(north)["Pete"] == "no"
    assert post(phone, link, says="perhaps").status_code == 422


@pytest.mark.promise("who-comes")
def test_members_and_whoever_leads_see_who_comes(north: North, link: str) -> None:
    post(stranger(north), link, says="no")
    where = f"/meetings/{north.appointments[0].meeting_id}/when"
    assert post(north.browsers["Ada"], f"{where}/answer", says="yes").status_code == 302
    for name in ("Ada", "Pete", "Mo"):
        facts = read(north.browsers[name].get(where).text).one("section", aria_labelledby="coming-title").one("dl").text
        assert facts == "Come Ada Cannot come Pete"
    assert "1 comes, 1 does not" in read(north.browsers["Ada"].get("/calendar").text).text


def test_from_the_list_one_comes_back_to_the_list(north: North, link: str) -> None:
    page = read(north.browsers["Pete"].get("/calendar").text)
    (form,) = (form for form in page.all("form") if form.get("action").endswith("/when/answer"))
    answer = post(north.browsers["Pete"], form["action"], says="yes", **{"from": "calendar"})
    assert answer.location == "/calendar"
    assert answers(north)["Pete"] == "yes"


def test_whoever_leads_and_is_no_member_is_not_asked(north: North, link: str) -> None:
    where = f"/meetings/{north.appointments[0].meeting_id}/when"
    assert named(read(north.browsers["Mo"].get(where).text), "I come") == []
    assert post(north.browsers["Mo"], f"{where}/answer", says="yes").status_code == 404


def test_another_time_asks_again_and_another_place_does_not(north: North, link: str) -> None:
    post(stranger(north), link, says="yes")
    north.changes(0, place="Room 3")
    assert answers(north)["Pete"] == "yes"
    north.changes(0, at="16:00")
    assert answers(north)["Pete"] == ""
    assert "16:00" in stranger(north).get(link).text, "the same link"


def test_an_answer_to_another_time_than_it_is_now_is_not_taken(north: North, link: str) -> None:
    pages = {link: stranger(north), f"/meetings/{north.appointments[0].meeting_id}/when": north.browsers["Pete"]}
    forms = [(browser, path, browser.get(path).text) for path, browser in pages.items()]
    north.changes(0, day="2031-03-05")
    for browser, path, page in forms:
        (form,) = (form for form in read(page).all("form") if form.all("button", name="says"))
        action = form["action"] or path
        assert browser.post(action, data={**sent_by(form), "says": "yes"}).status_code == 409
        assert set(answers(north).values()) == {""}
        (form,) = (form for form in read(browser.get(path).text).all("form") if form.all("button", name="says"))
        assert browser.post(action, data={**sent_by(form), "says": "yes"}).status_code == 302
        assert answers(north)["Pete"] == "yes"
        north.changes(0, day="2031-03-06")


def test_a_link_ends_with_its_meeting_and_with_membership(north: North, link: str) -> None:
    assert stranger(north).get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404, "a wrong signature"
    assert stranger(north).get(link[:30]).status_code == 404
    browser = stranger(north)
    page = browser.get(link).text
    assert "Room 2" in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    north.leaves(north.pete)
    for _ in range(2):  # at once, and once everybody was told
        assert "Room 2" not in stranger(north).get(link).text
        assert stranger(north).get(link).status_code == 410
        assert browser.post(link, data={"csrf_token": token[1], "says": "yes"}).status_code == 410
        assert set(answers(north).values()) == {""}
        north.mails_go_out()
    ada = link_for(north, north.ada)
    north.cancels(0)
    assert "was cancelled" in stranger(north).get(ada).text


def test_the_secret_of_another_installation_signs_no_link_of_ours(north: North, link: str) -> None:
    north.app.config["SECRET_KEY"], kept = "another" * 8, north.app.config["SECRET_KEY"]
    assert stranger(north).get(link).status_code == 404
    north.app.config["SECRET_KEY"] = kept
    assert stranger(north).get(link).status_code == 200
