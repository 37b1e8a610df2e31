"""Names that people make up: who asks for them, and what they must not give away."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.groups.actions import add_members
from facilitator.groups.addresses import read as read_addresses
from facilitator.groups.models import Group
from facilitator.meetings import models
from facilitator.reports import store
from tests.accounts_cast import make_moderator, post
from tests.cast import Cast, Meeting
from tests.contract.everybody import signed_in
from tests.pages import Element, label_of, read
from tests.proof import confirm, describe, held, page

OWN = {"en": "What is your name?", "nl": "Hoe heet je?"}
MADE_UP = {"en": "Choose a name for this meeting", "nl": "Kies een naam voor deze bijeenkomst"}
HINT = {
    "en": "Make up a name that does not say who you are: no first name, nickname or initials.",
    "nl": "Verzin een naam die niet zegt wie je bent: geen voornaam, bijnaam of initialen.",
}
pytestmark = pytest.mark.usefixtures("patient")
LABEL = {
    (False, "en"): "Your name",
    (False, "nl"): "Je naam",
    (True, "en"): "Your name in this meeting",
    (True, "nl"): "Je naam in deze bijeenkomst",
}
LOBBY = {
    "en": "Join under a made-up name.",
    "nl": "Doe mee met een verzonnen naam.",
}
both_kinds = pytest.mark.parametrize("made_up", [False, True], ids=["names", "pseudonyms"])
both_languages = pytest.mark.parametrize("language", ["en", "nl"])


@pytest.fixture
def mo(app: Flask) -> User:
    """Leads the meetings, and has an account that signs in."""
    return make_moderator(app)


def meeting_of(app: Flask, mo: User, made_up: bool, group: str = "") -> Meeting:
    """Gia, Pete and Ada are in, by names of whatever kind."""
    return Cast(app, mo).meeting("Gia", "Pete", "Ada", uses_pseudonyms=made_up, group=group)


def member(app: Flask, mo: User, name: str) -> User:
    """Somebody of the group, with an account."""
    with app.app_context():
        group_id = db.session.query(Group.id).scalar()
        (added,) = add_members(mo, group_id, read_addresses(f"{name.lower()}@example.org").addresses)
        return added.user


def asks_for_a_name(shown: Element, made_up: bool, language: str) -> None:
    """The page's field for a name is that of its kind of meeting."""
    field = shown.one("input", name="name")
    assert field["autocomplete"] == ("off" if made_up else "given-name")
    assert field.get("value") == ""
    assert label_of(shown, field) == LABEL[made_up, language]
    assert (HINT[language] in shown.text) is made_up
    if made_up:
        assert shown.one("p", id=field["aria-describedby"]).text == HINT[language]


def opened(client: FlaskClient, path: str, language: str) -> Element:
    client.set_cookie("lang", language)
    answer = client.get(path)
    assert answer.status_code == 200
    return read(answer.text)


@pytest.mark.promise("pseudonyms")
@both_kinds
@both_languages
def test_the_door_asks_for_a_name_of_the_meeting_s_kind(app: Flask, mo: User, made_up: bool, language: str) -> None:
    meeting = meeting_of(app, mo, made_up)
    shown = opened(app.test_client(), f"/j/{meeting.snapshot.code}", language)
    asks_for_a_name(shown, made_up, language)
    assert shown.one("h1").text == (MADE_UP if made_up else OWN)[language]


@both_kinds
@both_languages
def test_so_does_the_door_for_a_second_person_on_a_phone(app: Flask, mo: User, made_up: bool, language: str) -> None:
    meeting = meeting_of(app, mo, made_up)
    shown = opened(meeting.client(meeting.pete), f"/meetings/{meeting.id}/second", language)
    asks_for_a_name(shown, made_up, language)
    invites = {"en": "They make up a name of their own.", "nl": "Die verzint zelf een naam."}
    assert (invites[language] in shown.text) is made_up


@both_kinds
@both_languages
def test_so_does_taking_over_the_lead(app: Flask, mo: User, made_up: bool, language: str) -> None:
    meeting = meeting_of(app, mo, made_up)
    link = read(meeting.get(meeting.mo, "handover").text).one("input", readonly="")["value"]
    path = link[link.index("/meetings/") :]
    asks_for_a_name(opened(app.test_client(), path, language), made_up, language)
    held = opened(meeting.client(meeting.pete), path, language).one("input", name="name")
    assert held["value"] == "Pete", "whoever sits at the table has a name in this meeting already"


@both_kinds
def test_the_console_asks_so_for_somebody_without_a_phone(app: Flask, mo: User, made_up: bool) -> None:
    meeting = meeting_of(app, mo, made_up)
    shown = read(meeting.screen(meeting.mo))
    field = shown.one("input", id="add-name")
    assert label_of(shown, field) == ("Their name in this meeting" if made_up else "Their name")
    assert ("Let them make up a name that does not say who they are." in shown.text) is made_up


@both_kinds
@both_languages
def test_the_wall_says_so_where_it_asks_to_join(app: Flask, mo: User, made_up: bool, language: str) -> None:
    meeting = meeting_of(app, mo, made_up)
    with app.app_context(), db.writing() as session:
        session.get_one(models.Seat, meeting.wall.seat_id).locale = language
    assert (LOBBY[language] in meeting.screen(meeting.wall)) is made_up
    meeting.start()
    assert LOBBY[language] not in meeting.screen(meeting.wall)


@both_kinds
def test_whoever_is_signed_in_is_not_given_their_own_name(app: Flask, mo: User, made_up: bool) -> None:
    meeting = meeting_of(app, mo, made_up, group="North")
    browser = signed_in(app, member(app, mo, "Zoe"))
    shown = opened(browser, f"/j/{meeting.snapshot.code}", "en")
    asks_for_a_name(shown, made_up, "en")
    assert "zoe" not in shown.one("main").text.casefold()
    assert ("The others do not see that, and not whose account it is." in shown.text) is made_up


@both_kinds
def test_a_name_is_needed_of_either_kind(app: Flask, mo: User, made_up: bool) -> None:
    client = app.test_client()
    client.set_cookie("lang", "en")
    answer = post(client, f"/j/{meeting_of(app, mo, made_up).snapshot.code}", name=" ", agrees="y")
    assert answer.status_code == 422
    assert f"{LABEL[made_up, 'en']}: Type a name." in read(answer.text).text


@pytest.mark.promise("pseudonyms", "whose-seat")
@both_kinds
def test_the_moderator_hears_whose_account_a_name_is_but_not_whose_a_pseudonym_is(
    app: Flask, mo: User, made_up: bool
) -> None:
    meeting = meeting_of(app, mo, made_up, group="North")
    zoe = member(app, mo, "Zoe")
    browser = signed_in(app, zoe)
    post(browser, f"/j/{meeting.snapshot.code}", name="Owl", agrees="y")
    shown = read(meeting.get(meeting.mo, "members").text)
    owl = next(seat for seat in meeting.snapshot.seats if seat.name == "Owl")
    assert owl.user_id == zoe.id, "it is Zoe's in her own account"
    field = shown.one("input", id=f"seat-{owl.id}")
    assert field["value"] == ("says so on their own phone, or not" if made_up else zoe.name)
    assert ("connected" in label_of(shown, field)) is not made_up
    assert browser.get(f"/meetings/{meeting.id}/mine").status_code == 200


@pytest.mark.promise("pseudonyms")
@both_kinds
def test_the_moderator_may_not_ask_a_pseudonym_who_it_is(app: Flask, mo: User, made_up: bool) -> None:
    meeting = meeting_of(app, mo, made_up, group="North")
    without_phone = meeting.add_without_phone("Fox")
    zoe, browser = member(app, mo, "Zoe"), signed_in(app, mo)
    path = f"/meetings/{meeting.id}/members"
    assert post(browser, path, **{f"seat_{meeting.pete.seat_id}": zoe.id}).status_code == (422 if made_up else 302)
    assert post(browser, path, **{f"seat_{without_phone.seat_id}": zoe.id}).status_code == 302
    with app.app_context():
        assert db.session.get_one(models.Seat, meeting.pete.seat_id).said_to_be == (None if made_up else zoe.id)
        assert db.session.get_one(models.Seat, without_phone.seat_id).said_to_be == zoe.id


@pytest.mark.promise("pseudonyms")
@both_kinds
def test_a_report_says_who_was_absent_only_where_that_does_not_tell_who_was_there(
    app: Flask, mo: User, made_up: bool
) -> None:
    meeting = meeting_of(app, mo, made_up, group="North")
    zoe = member(app, mo, "Zoe")
    meeting.start()
    meeting.end()
    with app.app_context():
        draft = store.standing(meeting.id).draft
    assert draft is not None
    assert draft.report.people.present == ("Ada", "Gia", "Pete")
    assert draft.report.people.absent == (() if made_up else (zoe.name,))


@pytest.mark.promise("name-on-a-certificate")
def test_a_certificate_is_given_out_to_a_name_and_never_to_a_pseudonym(app: Flask, mo: User) -> None:
    meeting = over(app, mo)
    own = page(meeting, meeting.pete, "proof")
    assert own.one("input", name="name")["value"] == "", "a pseudonym is not proposed"
    assert "a certificate is given out to a name" in own.text
    assert not [link for link in own.all("a") if link["href"].endswith("proof.pdf")]
    assert meeting.get(meeting.pete, "proof.pdf").status_code == 409
    describe(meeting, meeting.pete, name="Pete Mulder")
    assert [link for link in page(meeting, meeting.pete, "proof").all("a") if link["href"].endswith("proof.pdf")]
    assert meeting.get(meeting.pete, "proof.pdf").status_code == 200
    attendance = read(meeting.get(meeting.mo, "presence").text)
    assert "Pete Mulder" not in attendance.text, "their name is on their own paper only"
    assert "Pete" in attendance.text, "the pseudonym is what the list has"
    describe(meeting, meeting.pete, name="Pete Mulder", is_listed="y")
    assert "Pete Mulder" in read(meeting.get(meeting.mo, "presence").text).text


def test_somebody_without_a_phone_gets_a_certificate_once_the_moderator_knows_their_name(app: Flask, mo: User) -> None:
    meeting = over(app, mo)
    zoe = meeting["Zoe"].seat_id
    path = f"proof.pdf?seat={zoe}"
    assert meeting.get(meeting.mo, path).status_code == 409
    assert path not in meeting.get(meeting.mo, "presence").text
    confirm(meeting, **{f"name_{zoe}": "Zoe Vos"})
    assert path in meeting.get(meeting.mo, "presence").text
    assert meeting.get(meeting.mo, path).status_code == 200
    confirm(meeting, **{f"name_{zoe}": ""})
    assert meeting.get(meeting.mo, path).status_code == 409, "and it is taken back where that was wrong"


def test_the_moderator_is_on_paper_by_the_name_everybody_knows(app: Flask, mo: User) -> None:
    meeting = meeting_of(app, mo, made_up=True)
    meeting.join("Owl", leads=True)
    meeting.start()
    meeting.end()
    form = read(meeting.get(meeting.mo, "presence").text)
    assert form.one("input", name="moderator_name")["value"] == "Mo"


def test_whoever_leads_by_their_account_need_not_say_what_their_name_is(app: Flask, mo: User) -> None:
    meeting = over(app, mo)
    assert "under a pseudonym" not in page(meeting, meeting.mo, "proof").one("main").text
    assert meeting.get(meeting.mo, "proof.pdf").status_code == 200


def over(app: Flask, mo: User) -> Meeting:
    """A meeting of an hour of which the moderator has confirmed who was there; Zoe has no phone."""
    meeting = held(Cast(app, mo), uses_pseudonyms=True)
    confirm(meeting)
    return meeting
