"""Whose consent it is: who asks × who proved the seat × verb. Approving, consent, the annex and own data are for the holder of
the seat whose words they are – by the device that holds it, by an account that such a device connected, or by the code that
was handed over in the room – and for nobody whom somebody else assigned.

After the table: what a moderator may assign during a meeting and afterwards, and that nobody's words go along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.archive.models import Consent
from facilitator.core.config import Settings
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.core.refusals import Refused
from facilitator.groups.actions import add_members
from facilitator.groups.addresses import read
from facilitator.groups.models import Group
from facilitator.meetings import models
from facilitator.meetings.actions import accounts as seat_accounts
from facilitator.meetings.actions import choosing_case, people
from facilitator.reports import store
from facilitator.reports.drafts import words_asked
from facilitator.reports.models import ApprovalRow
from tests.accounts_cast import make_moderator, post
from tests.cast import Cast, Meeting, Person
from tests.contract.everybody import signed_in
from tests.houses import empty_house
from tests.reports_pages import ADVICE, QUESTION, Pages, everybody_speaks, pages_of, tell_case
from tests.scenes import HouseCopy

VERBS = ("approve", "consent", "annex", "own_data", "report", "proof")
ALL = frozenset(VERBS)
BY_WORD = frozenset({"report", "proof"})  # what the moderator's word gives: hours, and the report of the group
THERE = frozenset({"annex", "own_data", "report", "proof"})  # what whoever was there has, whose case it was or not

# Gia gave the case and had a phone; Zoe gave the other one and had none. Each row: whom the verb is about, who asks, what opens.
TABLE: Mapping[tuple[str, str], frozenset[str]] = {
    ("Gia", "her own device"): ALL,
    ("Gia", "the account her device connected"): ALL,
    ("Gia", "the account the moderator says she is"): frozenset({"report"}),  # as a member of the group
    ("Gia", "the moderator's seat"): BY_WORD | {"annex"},  # the moderator's own annex and hours
    ("Gia", "the account that set the meeting up"): BY_WORD | {"annex"},
    ("Gia", "a peer"): THERE,
    ("Gia", "an account that was never there"): frozenset(),
    ("Zoe", "a device with the code that was handed over"): ALL,
    ("Zoe", "the account the moderator says she is"): BY_WORD,
    ("Zoe", "the account her device connected"): ALL,
    ("Zoe", "the moderator's seat"): BY_WORD | {"annex"},
    ("Zoe", "the account that set the meeting up"): BY_WORD | {"annex"},
    ("Zoe", "a peer"): THERE,
    ("Zoe", "an account that was never there"): frozenset(),
}


@dataclass
class World:
    """One meeting that is over, with the words of one case giver in it, and everybody who may ask for them."""

    app: Flask
    meeting: Meeting
    giver: str
    mo: User
    accounts: Mapping[str, User]
    code: str
    kept: HouseCopy
    asks: dict[str, Callable[[], FlaskClient]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        mine, meeting = self.accounts[self.giver], self.meeting
        self.asks = {
            "her own device": lambda: meeting.client(meeting[self.giver]),
            "a device with the code that was handed over": self.with_code,
            "the account her device connected": self.connected,
            "the account the moderator says she is": lambda: self.said(mine),
            "the moderator's seat": lambda: meeting.client(meeting.mo),
            "the account that set the meeting up": lambda: signed_in(self.app, self.mo),
            "a peer": lambda: meeting.client(meeting.pete),
            "an account that was never there": lambda: signed_in(self.app, self.accounts["Ola"]),
        }

    def with_code(self) -> FlaskClient:
        """Zoe types her code on a device that knows nothing of the meeting."""
        client = self.app.test_client()
        client.set_cookie("lang", "en")
        led_to = post(client, "/mine/code", code=self.code.lower()).headers["Location"]
        if not self.seat().has_phone:
            assert f"This code is for {self.giver}" in client.get(led_to).text, "it asks before a device speaks for her"
        assert post(client, led_to).headers["Location"] == f"/meetings/{self.meeting.id}/mine"
        return client

    def connected(self) -> FlaskClient:
        """The giver's device says: this is my account."""
        device = self.with_code() if self.giver == "Zoe" else self.meeting.client(self.meeting[self.giver])
        user = self.accounts[self.giver]
        with device.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user.fs_uniquifier, True
        assert post(device, f"/meetings/{self.meeting.id}/mine/account", do="me").status_code == 302
        return signed_in(self.app, user)

    def said(self, user: User) -> FlaskClient:
        """Mo says who was who, and whoever has the account signs in."""
        fields = {f"seat_{self.meeting[self.giver].seat_id}": user.id}
        assert post(signed_in(self.app, self.mo), f"/meetings/{self.meeting.id}/members", **fields).status_code == 302
        return signed_in(self.app, user)

    def may(self, client: FlaskClient, verb: str) -> bool:
        """Whether a verb opens to whoever asks; approving is really tried."""
        meeting_id = self.meeting.id
        if verb == "approve":
            Pages(client, meeting_id).sent("approve", do="approve", case="1", seen=self.words_asked())
            return self.is_approved()
        if verb == "own_data":
            data = client.get(f"/meetings/{meeting_id}/mine/data.json")
            if data.status_code == 200:
                return bool(data.get_json()["meetings"])
            return any(one["name"] == self.giver for one in self.of_account(client))
        self.approve()
        address = {"consent": "consent/1", "annex": "annex", "report": "report", "proof": "proof"}[verb]
        return client.get(f"/meetings/{meeting_id}/{address}").status_code == 200

    def of_account(self, client: FlaskClient) -> list[dict[str, str]]:
        """The meetings in somebody's own data."""
        answer = client.get("/account/data.json")
        found = answer.get_json() if answer.status_code == 200 else {"meetings": []}
        return list(found["meetings"])

    def approve(self) -> None:
        """The giver's own yes: on her phone, or beside Mo with her code."""
        if self.giver == "Gia":
            pages_of(self.meeting, self.meeting.gia).approve_all()
        elif self.seat().has_phone:
            Pages(self.with_code(), self.meeting.id).approve_all()
        else:
            pages_of(self.meeting, self.meeting.mo).send("", "approve", do="beside", case="1", code=self.code)
        assert self.is_approved()

    def is_approved(self) -> bool:
        """Whether the group may read it now."""
        with self.app.app_context():
            return store.approved(self.meeting.id) is not None

    def seat(self) -> models.Seat:
        """The giver's seat as it is now."""
        with self.app.app_context():
            return db.session.get_one(models.Seat, self.meeting[self.giver].seat_id)

    def standing(self) -> store.Standing:
        """How the report stands."""
        with self.app.app_context():
            return store.standing(self.meeting.id)

    def words_asked(self) -> str:
        """The fingerprint of the words that wait for a yes."""
        draft = self.standing().draft
        assert draft is not None
        return words_asked(draft, 1)


def world(app: Flask, giver: str) -> World:
    """A meeting of the group North that is over."""
    mo = make_moderator(app)
    meeting = Cast(app, mo).meeting(group="North", case_giver=None)
    if giver == "Zoe":
        meeting.add_without_phone("Zoe")
    meeting.name_case_giver(giver)
    code = meeting.act(seat_accounts.make_code, meeting.mo.seat_id, meeting["Zoe"].seat_id) if giver == "Zoe" else ""
    tell_case(meeting, giver)
    meeting.advance_to("learn")
    meeting.write(meeting.ada, "learning", learning="LEARNED by Ada")
    everybody_speaks(meeting)
    meeting.end()
    with app.app_context():
        group_id = db.session.scalars(select(Group.id)).one()
        add_members(mo, group_id, read("gia@example.org, zoe@example.org").addresses)
        accounts = {user.name: user for user in db.session.scalars(select(User))}
    accounts["Ola"] = make_moderator(app, "Ola")
    return World(app, meeting, giver, mo, accounts, code, HouseCopy.of(app))


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], World]]:
    """The meeting of Gia's case and that of Zoe's, each played once."""
    known: dict[str, World] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limiter, "enabled", False)
        houses = [empty_house(Settings.load(tmp_path_factory.mktemp(name), {})) for name in ("gia", "zoe")]
        with houses[0] as first, houses[1] as second:
            apps = {"Gia": first, "Zoe": second}

            def open_world(giver: str) -> World:
                if giver not in known:
                    known[giver] = world(apps[giver], giver)
                known[giver].kept.put_back(apps[giver])
                return known[giver]

            yield open_world


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(("giver", "who"), TABLE)
@pytest.mark.promise("holder-only")
@pytest.mark.promise("whose-account")
def test_a_verb_opens_to_the_holder_of_the_seat_and_to_nobody_whom_another_assigned(
    worlds: Callable[[str], World], giver: str, who: str, verb: str
) -> None:
    found = worlds(giver)
    assert found.may(found.asks[who](), verb) is (verb in TABLE[(giver, who)])


# -- What a moderator assigns -------------------------------------------------------------------------------------------


@pytest.mark.promise("a-told-case-stays")
def test_after_the_end_nobody_is_added_nor_made_case_giver(worlds: Callable[[str], World]) -> None:
    meeting = worlds("Gia").meeting
    mo = meeting.mo
    for send in (
        {"do": "add", "name": "Zoe"},
        {"do": "case_giver", "seat": meeting.pete.seat_id},
        {"do": "expel", "seat": meeting.gia.seat_id},
        {"do": "role", "seat": meeting.pete.seat_id, "role": "observer"},
    ):
        assert meeting.post(mo, "people", None, **send).status_code == 409, send
    assert meeting.snapshot.rounds[0].case_giver_id == meeting.gia.seat_id
    assert not any(seat.name == "Zoe" for seat in meeting.snapshot.seats)


@pytest.mark.promise("a-told-case-stays")
def test_a_case_that_was_told_stays_with_whoever_told_it_however_often_the_meeting_is_reopened(cast: Cast) -> None:
    meeting = cast.meeting()
    tell_case(meeting, "Gia")
    with pytest.raises(Refused, match="case_told"):
        meeting.name_case_giver("Pete")
    meeting.end()
    meeting.steer("reopen")
    while meeting.step.key != "story":
        meeting.back()
    with pytest.raises(Refused, match="case_told"):
        meeting.name_case_giver("Pete")
    meeting.end()
    assert meeting.snapshot.rounds[0].case_giver_id == meeting.gia.seat_id


@pytest.mark.promise("a-told-case-stays")
def test_a_case_is_told_once_the_group_goes_on_also_where_nothing_was_written(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("story")
    meeting.name_case_giver("Pete")
    meeting.name_case_giver("Gia")
    meeting.next()
    meeting.back()
    with pytest.raises(Refused, match="case_told"):
        meeting.name_case_giver("Pete")


def test_whoever_is_named_late_by_mistake_can_be_put_right_until_the_group_goes_on(cast: Cast) -> None:
    meeting = cast.meeting(case_giver=None)
    meeting.advance_to("clarify")
    meeting.name_case_giver("Pete")
    meeting.name_case_giver("Gia")
    meeting.next()
    with pytest.raises(Refused, match="case_told"):
        meeting.name_case_giver("Pete")


def test_choosing_again_does_not_move_a_case_that_was_told(cast: Cast) -> None:
    meeting = cast.meeting(case_giver=None)
    meeting.advance_to("pick")
    meeting.write(meeting.gia, "case", title="Case of Gia", urgency="now")
    meeting.write(meeting.pete, "case", title="Case of Pete")
    meeting.reveal()
    meeting.next()
    meeting.write(meeting.gia, "question", question=QUESTION, clarity=3, next_step=2)
    meeting.back()
    case_of_pete = next(item for item in meeting.items("case") if item.seat_id == meeting.pete.seat_id)
    for person in (meeting.ada, meeting.bob, meeting.cleo):
        meeting.mark(person, case_of_pete.id)
    meeting.next()
    found = meeting.snapshot.rounds[0]
    assert (found.case_giver_id, found.title) == (meeting.gia.seat_id, "Case of Gia")


@pytest.mark.promise("a-told-case-stays")
def test_what_was_told_of_a_case_that_was_given_away_does_not_go_along_to_the_next_giver(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("story")
    meeting.write(meeting.gia, "question", question="WORDS of Gia", clarity=3, next_step=2)
    told = meeting.items("question")[0]
    meeting.act(choosing_case.decline, meeting.gia.seat_id)
    meeting.name_case_giver("Pete")
    with pytest.raises(Refused, match="no_such_item"):
        meeting.handle(told.id, "restore")
    with meeting.app.app_context(), db.writing() as session:  # as if it had never been taken off
        row = session.get_one(models.Contribution, told.id)
        row.is_removed, row.is_revealed = False, True
    meeting.write(meeting.pete, "question", question=QUESTION, clarity=3, next_step=2)
    meeting.end()
    assert "WORDS of Gia" not in pages_of(meeting, meeting.pete).get().text
    assert QUESTION in pages_of(meeting, meeting.pete).get().text


def test_each_of_two_case_givers_decides_about_their_own_case_alone(cast: Cast) -> None:
    meeting = cast.meeting()
    tell_case(meeting, "Gia", "1")
    meeting.steer("add_round")
    while meeting.step.round_id == meeting.snapshot.rounds[0].id:
        meeting.next()
    meeting.name_case_giver("Pete")
    meeting.advance_to("story")
    assert [found.case_giver_id for found in meeting.snapshot.rounds] == [meeting.gia.seat_id, meeting.pete.seat_id]
    meeting.write(meeting.pete, "question", question=f"{QUESTION}2", clarity=3, next_step=2)
    meeting.end()
    gia, pete = pages_of(meeting, meeting.gia), pages_of(meeting, meeting.pete)
    assert f"{QUESTION}1" in gia.get().text
    assert f"{QUESTION}2" not in gia.get().text
    assert f"{QUESTION}1" not in pete.get().text
    assert f"{QUESTION}2" in pete.get().text


@pytest.mark.promise("personal-code")
def test_a_personal_code_is_made_in_the_room_only_and_for_nobody_with_a_device(cast: Cast) -> None:
    meeting = cast.meeting()
    zoe = meeting.add_without_phone("Zoe")
    with pytest.raises(Refused, match="has_a_phone"):
        meeting.act(seat_accounts.make_code, meeting.mo.seat_id, meeting.gia.seat_id)
    with pytest.raises(Refused, match="not_moderator"):
        meeting.act(seat_accounts.make_code, meeting.pete.seat_id, zoe.seat_id)
    first = meeting.act(seat_accounts.make_code, meeting.mo.seat_id, zoe.seat_id)
    second = meeting.act(seat_accounts.make_code, meeting.mo.seat_id, zoe.seat_id)
    client = meeting.app.test_client()
    assert client.get(f"/mine/{first}").status_code == 410, "a new code ends the one before"
    meeting.start()
    meeting.end()
    with pytest.raises(Refused, match="code_in_the_room"):
        meeting.act(seat_accounts.make_code, meeting.mo.seat_id, zoe.seat_id)
    assert post(client, f"/mine/{second}").status_code == 302
    assert meeting.snapshot.seat(zoe.seat_id).has_phone  # type: ignore[union-attr]  # it is there


@pytest.mark.promise("personal-code")
def test_whoever_leads_or_led_cannot_come_in_with_the_code_they_handed_over(cast: Cast) -> None:
    meeting = cast.meeting()
    zoe = meeting.add_without_phone("Zoe")
    code = meeting.act(seat_accounts.make_code, meeting.mo.seat_id, zoe.seat_id)
    assert cast.user is not None
    for browser in (meeting.client(meeting.mo), signed_in(meeting.app, cast.user)):
        assert browser.get(f"/mine/{code}").status_code == 403
        assert post(browser, f"/mine/{code}").status_code == 403
    assert not meeting.snapshot.seat(zoe.seat_id).has_phone  # type: ignore[union-attr]  # it is there


@pytest.mark.promise("personal-code")
def test_the_page_of_a_code_shows_it_once_to_whoever_leads(cast: Cast) -> None:
    meeting = cast.meeting()
    zoe = meeting.add_without_phone("Zoe")
    path = f"/meetings/{meeting.id}/people/{zoe.seat_id}/code"
    mo = meeting.client(meeting.mo)
    made = post(mo, path)
    code = re.search(r"\b([0-9A-Z]{4}-){2}[0-9A-Z]{4}\b", made.text)
    assert code
    assert code.group() not in mo.get(path).text
    assert "A new one ends it" in mo.get(path).text
    for somebody in (meeting.client(meeting.pete), meeting.app.test_client()):
        assert somebody.get(path).status_code == 404
    assert post(mo, f"/meetings/{meeting.id}/people/{meeting.gia.seat_id}/code").status_code == 409


@pytest.mark.promise("beside-the-moderator")
def test_without_her_code_nobody_approves_for_somebody_without_a_phone(worlds: Callable[[str], World]) -> None:
    found = worlds("Zoe")
    mo = pages_of(found.meeting, found.meeting.mo)
    for code in ("", "0000-0000-0000", found.code[:-1] + ("0" if found.code[-1] != "0" else "1")):
        mo.send("", "approve", do="beside", case="1", code=code)
        assert not found.is_approved()
    mo.send("", "approve", do="beside", case="1", code=found.code.lower())
    assert found.is_approved()


def test_an_account_that_is_no_longer_the_seat_s_loses_its_card(worlds: Callable[[str], World]) -> None:
    found = worlds("Gia")
    browser = found.connected()
    found.approve()
    address = f"/meetings/{found.meeting.id}/consent/1"
    form = browser.get(address).text
    keep: dict[str, str] = dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', form))
    browser.post(address, data=keep)
    with found.app.app_context():
        consent = db.session.scalars(select(Consent)).one()
        assert consent.user_id == found.accounts["Gia"].id
    device = found.meeting.client(found.meeting.gia)
    assert post(device, f"/meetings/{found.meeting.id}/mine/account", do="no").status_code == 302
    with found.app.app_context():
        assert db.session.scalars(select(Consent.user_id)).one() is None
    assert browser.get(address).status_code == 404


# -- One person with two seats, two people with one name ----------------------------------------------------------------


def test_of_two_seats_of_one_account_the_first_speaks_everywhere_and_every_case_is_theirs(app: Flask) -> None:
    mo, gia = make_moderator(app), make_moderator(app, "Gia")
    meeting = Cast(app, mo).meeting("Pete", "Ada", "Bob", "Cleo", case_giver=None)
    with app.app_context():
        _first, second = (
            people.join(meeting.id, name, "en", has_agreed=True, user=gia) for name in ("Gia", "Gia on a laptop")
        )
    meeting.people["Gia"] = Person("Gia on a laptop", second.seat_id, second.token)
    meeting.name_case_giver("Gia")
    tell_case(meeting, "Gia")
    meeting.end()
    browser = signed_in(app, gia)
    assert ADVICE in Pages(browser, meeting.id).get().text, "the case of her second seat is hers"
    assert "You took part as Gia." in browser.get(f"/meetings/{meeting.id}/mine").text
    assert browser.get(f"/meetings/{meeting.id}/proof").status_code == 200
    Pages(browser, meeting.id).approve_all()
    with app.app_context():
        assert db.session.scalar(select(ApprovalRow.case_number)) == 1
