"""Groups and who is in them: making, adding, removing, and who may."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from facilitator.accounts.actions import create_user
from facilitator.accounts.models import MODERATOR, SignInLink, User
from facilitator.core.db import db, now
from facilitator.core.extensions import limiter
from facilitator.groups import actions
from facilitator.groups.models import Group, Member
from facilitator.groups.rules import is_member
from tests.accounts_cast import (
    PASSWORD,
    english,
    link_in,
    mails,
    make_administrator,
    make_member,
    make_moderator,
    make_outsider,
    post,
)
from tests.cast import Cast
from tests.contract.everybody import signed_in
from tests.integration.groups.test_meetings_of_groups import submit


@dataclass
class House:
    """An application, Mo's browser, and Mo's group."""

    app: Flask
    mo: User
    browser: FlaskClient
    group_id: str

    @property
    def path(self) -> str:
        """The group's page."""
        return f"/groups/{self.group_id}"

    def add(self, addresses: str) -> int:
        """Mo adds people."""
        return post(self.browser, f"{self.path}/members", addresses=addresses, is_peer="y").status_code

    def members(self) -> set[str]:
        """Who is in the group now."""
        with self.app.app_context():
            query = select(User.email).join(Member, Member.user_id == User.id).where(Member.left_at.is_(None))
            return set(db.session.scalars(query.where(Member.group_id == self.group_id)))

    def accounts(self) -> int:
        """How many accounts there are."""
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(User)) or 0

    def member_id(self, email: str) -> str:
        """The id of a membership."""
        with self.app.app_context():
            query = select(Member.id).join(User, User.id == Member.user_id).where(User.email == email)
            return db.session.scalars(query.where(Member.group_id == self.group_id)).one()


@pytest.fixture
def house(app: Flask, monkeypatch: pytest.MonkeyPatch) -> House:
    """Mo, a moderator, makes a group on the page."""
    monkeypatch.setattr(limiter, "enabled", False)
    mo = make_moderator(app)
    browser = signed_in(app, mo)
    answer = post(browser, "/groups", name="Mentors North")
    assert answer.status_code == 302
    return House(app, mo, browser, answer.location.removeprefix("/groups/"))


def test_without_groups_the_page_says_what_to_do(app: Flask) -> None:
    mo = signed_in(app, make_moderator(app))
    assert "Give it a name and add the people." in mo.get("/groups").text
    pete = signed_in(app, make_member(app))
    page = pete.get("/groups").text
    assert "Whoever leads your meetings can add you" in page
    assert "A new group" not in page


def test_several_people_are_added_at_once_and_each_is_mailed(house: House) -> None:
    assert house.add("Pete Jansen <pete@example.org>\nada@example.org; bob@example.org") == 302
    assert house.members() == {"pete@example.org", "ada@example.org", "bob@example.org"}
    page = house.browser.get(house.path).text
    assert "Pete Jansen" in page
    assert sorted(mail["To"] for mail in mails(house.app)) == sorted(house.members())
    for mail in mails(house.app):
        assert "Mentors" not in mail["Subject"] + mail.get_content(), "the mail does not tell which group"


@pytest.mark.promise("members", "accounts")
def test_whoever_was_added_signs_in_with_the_link_and_sees_the_group(house: House) -> None:
    house.add("pete@example.org")
    device = english(house.app.test_client())
    assert post(device, link_in(mails(house.app)[0])).location == "/"
    page = device.get(house.path)
    assert page.status_code == 200
    assert "Mentors North" in device.get("/groups").text
    assert "pete@example.org" not in re.sub(r"<header.*?</header>", "", page.text, flags=re.DOTALL), (
        "addresses are Mo's"
    )
    assert "Add people" not in page.text
    assert "Nothing waits for you" in device.get("/").text, "home, and no code to type"


@pytest.mark.promise("sign-in-links")
def test_the_link_in_the_mail_that_tells_of_a_group_works_for_seven_days(house: House) -> None:
    house.add("pete@example.org")
    with house.app.app_context():
        (until,) = db.session.scalars(select(SignInLink.expires_at)).all()
    assert timedelta(days=7, minutes=-1) < until - now() <= timedelta(days=7)


def test_somebody_of_the_organisation_is_not_made_twice_and_gets_no_link_that_signs_in(house: House) -> None:
    make_member(house.app)
    before = house.accounts()
    assert house.add("PETE@example.org, ada@example.org") == 302
    assert house.accounts() == before + 1
    told = {mail["To"]: link_in(mail) for mail in mails(house.app)}
    assert told["pete@example.org"] == "/groups"
    assert told["ada@example.org"].startswith("/login/link/")


def test_adding_somebody_twice_changes_and_mails_nothing(house: House) -> None:
    house.add("pete@example.org")
    assert house.add("pete@example.org, ada@example.org") == 302
    assert len(mails(house.app)) == 2
    assert "1 person was in it already." in house.browser.get(house.path).text


def test_an_address_of_another_organisation_is_refused_and_nobody_is_added(house: House) -> None:
    make_outsider(house.app)
    answer = post(house.browser, f"{house.path}/members", addresses="pete@example.org, ola@example.org", is_peer="y")
    assert answer.status_code == 422
    assert "These addresses cannot be used here: ola@example.org." in answer.text
    assert "pete@example.org, ola@example.org</textarea>" in answer.text
    assert house.members() == set()
    assert mails(house.app) == []


def test_the_words_for_a_foreign_address_are_those_for_one_that_is_switched_off(house: House) -> None:
    make_outsider(house.app)
    off = create_user_in(house, "Rob")
    with house.app.app_context(), db.writing() as session:
        session.get_one(User, off.id).active = False
    told = {
        name: alert(post(house.browser, f"{house.path}/members", addresses=f"{name}@example.org", is_peer="y").text)
        for name in ("ola", "rob")
    }
    assert told["ola"].replace("ola@", "X@") == told["rob"].replace("rob@", "X@")


def test_wrong_addresses_among_good_ones_keep_what_was_typed(house: House) -> None:
    typed = "pete@example.org\nada@\nniet een adres"
    answer = post(house.browser, f"{house.path}/members", addresses=typed, is_peer="y")
    assert answer.status_code == 422
    assert "pete@example.org" in answer.text
    assert "ada@, niet, een, adres" in answer.text
    assert house.members() == set()


@pytest.mark.parametrize("typed", ["", "  ", ",;", "x" * 30_000, " ".join(f"p{n}@example.org" for n in range(61))])
def test_too_little_and_too_much_is_said_in_words(house: House, typed: str) -> None:
    assert house.add(typed) == 422
    assert house.members() == set()


@pytest.mark.promise("former-members")
def test_whoever_is_removed_is_out_at_once_and_may_come_back(house: House) -> None:
    house.add("pete@example.org")
    device = house.app.test_client()
    post(device, link_in(mails(house.app)[0]))
    assert device.get(house.path).status_code == 200
    with house.app.app_context():
        pete = db.session.scalars(select(User).where(User.email == "pete@example.org")).one()
        assert is_member(db.session(), pete.id, house.group_id)
    path = f"{house.path}/members/{house.member_id('pete@example.org')}/remove"
    assert post(house.browser, path).status_code == 302
    assert device.get(house.path).status_code == 404
    with house.app.app_context():
        assert not is_member(db.session(), pete.id, house.group_id)
    assert post(house.browser, path).status_code == 404
    house.add("pete@example.org")
    assert device.get(house.path).status_code == 200


def test_a_member_may_leave_and_may_not_send_others_away(house: House) -> None:
    house.add("pete@example.org, ada@example.org")
    pete = signed_in(house.app, account(house, "pete@example.org"))
    assert post(pete, f"{house.path}/members/{house.member_id('ada@example.org')}/remove").status_code == 403
    assert post(pete, f"{house.path}/members/{house.member_id('pete@example.org')}/remove").location == "/groups"
    assert house.members() == {"ada@example.org"}


def test_a_group_gets_another_name_and_two_that_one_sees_never_have_the_same(house: House) -> None:
    assert post(house.browser, f"{house.path}/name", name=" Mentors  South ").status_code == 302
    assert "Mentors South" in house.browser.get("/groups").text
    post(house.browser, "/groups", name="Nurses")
    for path, name in ((f"{house.path}/name", "Nurses"), ("/groups", "Mentors South")):
        answer = post(house.browser, path, name=name)
        assert answer.status_code == 422
        assert "You have a group of this name already" in answer.text
        assert f'value="{name}"' in answer.text
    assert post(house.browser, f"{house.path}/name", name=" ").status_code == 422


def test_another_organisation_may_have_a_group_of_the_same_name_and_sees_nothing_of_this_one(house: House) -> None:
    ola = signed_in(house.app, make_outsider(house.app))
    assert post(ola, "/groups", name="Mentors North").status_code == 302
    assert ola.get(house.path).status_code == 404
    assert house.path not in ola.get("/groups").text
    for what, fields in (("members", {"addresses": "x@example.org"}), ("name", {"name": "Mine"})):
        assert post(ola, f"{house.path}/{what}", **fields).status_code == 404


@pytest.mark.parametrize("verb", ["make", "rename", "plan"])
def test_a_name_tells_nobody_that_a_hidden_group_has_it(house: House, verb: str) -> None:
    """Two worlds: in one there is a group of the name that Nel, a moderator, does not see; in the other there is none."""
    nel = signed_in(house.app, create_user_in(house, "Nel", MODERATOR))
    post(nel, "/groups", name="Mine")
    with house.app.app_context():
        mine = db.session.scalars(select(Group.id).where(Group.name == "Mine")).one()
    answers = []
    for name in ("Mentors North", "Nobody here"):
        if verb == "make":
            answer = post(nel, "/groups", name=name)
        elif verb == "rename":
            answer = post(nel, f"/groups/{mine}/name", name=name)
        else:
            answer = submit(nel, group=name)
        pages = nel.get("/groups").text, nel.get("/meetings/new").text
        assert all(name in page for page in pages)
        answers.append((answer.status_code, re.sub(r"/[0-9a-z]{22}", "/id", str(answer.location))))
    assert answers[0] == answers[1]
    assert answers[0][0] == 302
    assert nel.get(house.path).status_code == 404, "and what is hidden stays hidden"
    assert house.members() == set()


def test_two_groups_of_one_name_stay_two(house: House) -> None:
    """An administrator sees both; whoever leads one of them plans its meetings by its name."""
    nel = signed_in(house.app, create_user_in(house, "Nel", MODERATOR))
    hers = post(nel, "/groups", name="Mentors North").location
    bas = signed_in(house.app, make_administrator(house.app, "Bas"))
    assert {bas.get(hers).status_code, bas.get(house.path).status_code} == {200}
    assert submit(nel, group="Mentors North").status_code == 302
    assert "Learn" in nel.get(hers).text
    assert "Learn" not in house.browser.get(house.path).text
    assert post(bas, "/groups", name="Mentors North").status_code == 422, "Bas sees them"


@pytest.mark.promise("members")
def test_who_may_edit_a_group(house: House) -> None:
    """Administrators, whoever made it, and moderators who lead its meetings; not any moderator."""
    nel = create_user_in(house, "Nel", MODERATOR)
    browsers = {
        "administrator": signed_in(house.app, make_administrator(house.app, "Bas")),
        "colleague": signed_in(house.app, nel),
        "member": signed_in(house.app, make_member(house.app)),
    }
    found = {who: browser.get(house.path).status_code for who, browser in browsers.items()}
    assert found == {"administrator": 200, "colleague": 404, "member": 404}
    house.add("pete@example.org, nel@example.org")
    found = {who: post(b, f"{house.path}/name", name="Mentors").status_code for who, b in browsers.items()}
    assert found == {"administrator": 302, "colleague": 403, "member": 403}
    with house.app.app_context(), db.writing() as session:
        session.get_one(Group, house.group_id).name = "Mentors North"
    Cast(house.app, nel).meeting("Gia", group="Mentors North")
    assert post(browsers["colleague"], f"{house.path}/name", name="Mentors").status_code == 302


def test_the_page_shows_the_meetings_of_the_group_and_reports_to_whoever_may_read_them(house: House) -> None:
    house.add("pete@example.org")
    meeting = Cast(house.app, house.mo).meeting("Gia", group="Mentors North")
    meeting.start()
    meeting.end()
    planned = Cast(house.app, house.mo).meeting(group="Mentors North", is_open=False)
    page = house.browser.get(house.path).text
    assert f"/meetings/{meeting.id}/report" in page
    assert f"/meetings/{meeting.id}/members" in page
    assert planned.id not in page
    pete = signed_in(house.app, account(house, "pete@example.org")).get(house.path).text
    assert "Learn to guide a starter" in pete
    assert f"/meetings/{meeting.id}/" not in pete, "a draft is not the group's yet"


def account(house: House, email: str) -> User:
    """Somebody's account."""
    with house.app.app_context():
        return db.session.scalars(select(User).where(User.email == email)).one()


def create_user_in(house: House, name: str, role: str = MODERATOR) -> User:
    """A colleague of Mo's."""
    with house.app.app_context():
        return create_user(name, f"{name.lower()}@example.org", PASSWORD, "Werkplaats", role)


def alert(page: str) -> str:
    """What the page says is wrong."""
    found = re.search(r'role="alert".*?</div>', page, re.DOTALL)
    assert found
    return found.group(0)


# -- What changes between the question and the deed --------------------------------------------------------------------


def meanwhile(monkeypatch: pytest.MonkeyPatch, name: str, happens: Callable[[], None]) -> None:
    """Has something happen after the page asked whether it may, and before it does it."""
    deed = getattr(actions, name)

    def late(*told: object) -> object:
        happens()
        return deed(*told)

    monkeypatch.setattr(actions, name, late)


DEEDS = [
    ("rename", "/name", {"name": "South"}),
    ("end", "/end", {}),
    ("add_members", "/members", {"addresses": "a@b.nl", "is_peer": "y"}),
]


@pytest.mark.parametrize(("name", "path", "fields"), DEEDS)
def test_whoever_may_edit_no_more_hears_so_in_a_sentence(
    house: House, monkeypatch: pytest.MonkeyPatch, name: str, path: str, fields: dict[str, str]
) -> None:
    meanwhile(monkeypatch, name, lambda: take_role(house))
    answer = post(house.browser, house.path + path, **fields)
    assert answer.status_code == 404
    assert "what it led to was removed" in answer.text
    with house.app.app_context():
        group = db.session.get_one(Group, house.group_id)
        assert (group.name, group.ended_at) == ("Mentors North", None)
    assert house.members() == set()


@pytest.mark.parametrize(("name", "path", "fields"), DEEDS)
def test_a_group_that_vanished_meanwhile_is_not_there(
    house: House, monkeypatch: pytest.MonkeyPatch, name: str, path: str, fields: dict[str, str]
) -> None:
    meanwhile(monkeypatch, name, lambda: remove_group(house))
    assert post(house.browser, house.path + path, **fields).status_code == 404


def test_an_account_that_was_switched_off_meanwhile_does_nothing_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, "rename", lambda: switch_off(house))
    assert post(house.browser, f"{house.path}/name", name="South").status_code == 404


def take_role(house: House) -> None:
    with db.writing() as session:
        session.get_one(User, house.mo.id).roles = []


def switch_off(house: House) -> None:
    with db.writing() as session:
        session.get_one(User, house.mo.id).active = False


def remove_group(house: House) -> None:
    with db.writing() as session:
        session.delete(session.get_one(Group, house.group_id))


def test_members_who_are_called_alike_are_told_apart_for_those_who_see_no_addresses(house: House) -> None:
    house.add(
        "Anna Bos <first@example.org>\n\u00c1nna BOS <second@example.org>\nAn\u200bna B\u043es <third@example.org>"
    )
    with house.app.app_context():
        first = db.session.scalars(select(User).where(User.email == "first@example.org")).one()
    page = signed_in(house.app, first).get(house.path).text
    assert [name in page for name in ("<b>Anna Bos</b>", "<b>\u00c1nna BOS 2</b>", "Anna B\u043es 3</b>")] == [True] * 3
