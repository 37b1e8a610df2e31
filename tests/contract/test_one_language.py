"""Whatever reaches somebody is in their own language: every page, push, goodbye, refusal, mail and file, with everything around
them – meeting, group, organisation, other people, the default – in others. Every word that the product says by itself is marked
(`tests/tongues.py`), so that nothing has to be known about any text.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from flask_babel import force_locale
from flask_wtf.csrf import CSRFError
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from facilitator.accounts.mail import SUBJECTS
from facilitator.accounts.models import Organisation, User
from facilitator.core import sealing
from facilitator.core.config import Settings
from facilitator.core.db import Busy, db
from facilitator.core.extensions import limiter
from facilitator.meetings import loading, models, moves
from facilitator.meetings.actions import doors, people
from facilitator.meetings.screens import Renderer
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Needs
from tests import pages
from tests.accounts_cast import PASSWORD, mails, make_administrator, make_member, make_moderator, post, sign_in
from tests.cards import Pages as CardPages
from tests.cast import Cast, Meeting, Person
from tests.contract.afterwards import play
from tests.contract.everybody import ROLES, Everybody
from tests.contract.test_authorisation import TABLE, VERBS, Worlds
from tests.contract.written_down import Story
from tests.documents import office_text, pdf_text
from tests.houses import empty_house
from tests.phones import Device, settle
from tests.tongues import SIGNS, THIRD, foreign, mislabelled, three_tongues

OTHER = "nl"
ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
PLACES = {
    "moderator": "Mo",
    "former_moderator": "Fred",
    "case_giver": "Gia",
    "peer": "Pete",
    "waiting": "Late",
    "left": "Dirk",
    "expelled": "Eva",
    "wall": "Wall",
}
PHASES = sorted({row.phase for row in TABLE.values()})


@pytest.fixture(scope="module", autouse=True)
def _tongues() -> Iterator[None]:
    """Everything is marked, for all tests here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limiter, "enabled", False)
        three_tongues(patch)
        yield


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Everybody]]:
    """A meeting with everybody around it, by phase."""
    with ExitStack() as stack:
        yield Worlds(tmp_path_factory, stack)


@pytest.mark.parametrize("address", TABLE, ids=" ".join)
def test_every_address(worlds: dict[str, Everybody], address: tuple[str, str]) -> None:
    row, world = TABLE[address], worlds[TABLE[address].phase]
    world.begin_again()
    refused = [role for role in ROLES if role not in row.allowed]
    for role in (*row.allowed, *refused[:2]):
        speak(world, role, THIRD)
        answer = world.knock(role, address[0], row.path, row.send)
        said = readable(answer.data) if not 300 <= answer.status_code < 400 else ""
        assert foreign(said, THIRD) == [], (role, answer.status_code)
        if "<html" in said:
            assert f'<html lang="{THIRD}"' in said
            assert SIGNS[THIRD] in said
            assert mislabelled(said, THIRD) == [], role


def readable(content: bytes) -> str:
    """What people read of an answer."""
    if content.startswith(b"%PDF"):
        return pdf_text(content)
    said = office_text(content) if content[:2] == b"PK" else content.decode()
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), said)


def speak(world: Everybody, role: str, language: str) -> None:
    """Somebody reads a language; everything and everybody else has another one."""
    who = world.knockers[role]
    with world.app.app_context(), db.writing() as session:
        for table in (models.Meeting, models.Seat, Organisation, User):
            session.execute(update(table).values(locale=OTHER))
        if role in PLACES:
            seat = world.meeting[PLACES[role]]
            session.execute(update(models.Seat).where(models.Seat.id == seat.seat_id).values(locale=language))
        if role in world.users:
            session.execute(update(User).where(User.id == world.users[role].id).values(locale=language))
    who.client.set_cookie("lang", language)


# -- What live pages are sent ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", tuple(load_catalogue()))
def test_every_screen_of_every_method(cast: Cast, key: str) -> None:
    earlier = cast.meeting(method=key, group="Noord")
    earlier.play()
    meeting = cast.meeting(method=key, continues=earlier, group="Noord", case_giver=None)
    meeting.add_without_phone("Zoe")
    look(meeting)
    if not any(phase.needs is Needs.CASE_TO_CHOOSE for phase in load_catalogue()[key].phases):
        meeting.name_case_giver("Gia")
    meeting.start()
    meeting.join("Late")
    while True:
        look(meeting)
        meeting.fill()
        look(meeting)
        while (move := moves.next_move(meeting.known)) in ("reveal", "next_speaker", "next_item"):
            meeting.steer(move)
        meeting._mark_all()
        meeting.steer("pause")
        look(meeting)
        meeting.steer("resume")
        if meeting.state.is_last:
            break
        meeting.next()
    meeting.leave(meeting.cleo)
    meeting.expel(meeting.bob)
    meeting.end()
    look(meeting)


def look(meeting: Meeting) -> list[str]:
    """Everybody looks at their screen, as it is pushed: each has another language than their neighbours, and another than before."""
    with meeting.app.app_context(), db.writing() as session:
        rows = session.scalars(select(models.Seat).where(models.Seat.meeting_id == meeting.id).order_by(models.Seat.id))
        for number, row in enumerate(rows.all()):
            row.locale = list(SIGNS)[(number + meeting.state.turn) % len(SIGNS)]
        session.get_one(models.Meeting, meeting.id).revision += 1
    heard = []
    with meeting.app.app_context():
        snapshot = loading.read(meeting.id)
        renderer = Renderer(snapshot)
        for person in meeting.people.values():
            seat = snapshot.seat(person.seat_id)
            assert seat is not None
            html = renderer.html(seat, person.view)
            assert 'data-kind="moment"' not in html
            assert SIGNS[seat.locale] in html
            assert foreign(html, seat.locale) == [], (person.name, seat.locale, snapshot.now.step.key)
            assert mislabelled(html, seat.locale) == []
            heard.append(html)
    return heard


GOODBYES: dict[str, tuple[str, Callable[[Meeting], object]]] = {
    "handed over": (
        "Mo",
        lambda m: m.act(doors.take_over, m.act(doors.offer_handover, m.mo.seat_id).token, "Nel", OTHER, None),
    ),
    "taken back": ("Nel", lambda m: m.act(doors.take_back, creator(m), "Mo", OTHER)),
    "sent out": ("Ada", lambda m: m.expel(m.ada)),
    "disconnected": ("Wall", lambda m: m.act(doors.disconnect_wall, m.mo.seat_id, m.wall.seat_id)),
}


@pytest.mark.parametrize("how", GOODBYES)
@pytest.mark.parametrize("language", ["en", THIRD])
def test_a_goodbye(cast: Cast, how: str, language: str) -> None:
    name, ends = GOODBYES[how]
    meeting = cast.meeting(locale=OTHER)
    if name == "Nel":
        held = meeting.act(
            doors.take_over, meeting.act(doors.offer_handover, meeting.mo.seat_id).token, "Nel", OTHER, None
        )
        meeting.people["Nel"] = Person("Nel", held.seat_id, held.token, "console")
    meeting.act(people.speak_language, meeting[name].seat_id, language)
    device = Device(meeting, meeting[name], meeting.client(meeting[name], OTHER))
    device.listen()
    device.hears()
    ends(meeting)
    settle(meeting.app)
    device.hears()
    (said,) = [payload["gone"] for payload in device.payloads if "gone" in payload]
    assert SIGNS[language] in said
    assert foreign(said, language) == []


def creator(meeting: Meeting) -> str:
    """The account that set a meeting up."""
    with meeting.app.app_context():
        return db.session.get_one(models.Meeting, meeting.id).created_by


# -- What live pages are answered --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", VERBS)
def test_a_live_page_is_answered_in_the_language_of_its_seat(worlds: dict[str, Everybody], name: str) -> None:
    """Even where the device, or who is signed in on it, has got another one since the page was opened."""
    row, world = VERBS[name], worlds[VERBS[name].phase]
    world.begin_again()
    for role in PLACES:
        speak(world, role, THIRD)
        client = world.knockers[role].client
        for device in ("chosen", "asked for"):
            client.set_cookie("lang", OTHER) if device == "chosen" else client.delete_cookie("lang")
            for send in (row.send, {}):
                answer = world.knock(role, "POST", f"/meetings/{{m}}/{row.path}", send)
                assert foreign(readable(answer.data), THIRD) == [], (role, answer.status_code)


# -- What comes after a meeting ----------------------------------------------------------------------------------------


@dataclass
class Read(Story):
    """The story of `afterwards.py`, told to people who do not all read the meeting's language."""

    heard_own: set[str] = field(default_factory=set)
    wrong: dict[tuple[str, str, str], list[object]] = field(default_factory=dict)

    def listen(self, stage: str, who: str, client: FlaskClient, addresses: Iterable[str]) -> None:
        """Somebody opens all of these, and what is not in their language is written down."""
        language = {"Gia": "en", "Ada": OTHER}.get(who, THIRD)
        client.set_cookie("lang", language)
        if who in self.users:
            with self.app.app_context(), db.writing() as session:
                session.execute(update(User).where(User.id == self.users[who].id).values(locale=language))
                session.execute(update(Organisation).values(locale=OTHER))
        for address in addresses:
            said = readable(client.get(address).data)
            if SIGNS[language] in said:
                self.heard_own.add(address.rpartition("/")[2].rpartition("?")[0] or address.rpartition("/")[2])
            if found := [*foreign(said, language), *(mislabelled(said, language) if "<html" in said else ())]:
                self.wrong[stage, who, address] = found


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    """Everything that comes after a meeting."""
    folder = tmp_path_factory.mktemp("story")
    (folder / "tmp").mkdir()
    with empty_house(Settings.load(folder / "house", {})) as app:
        told = Read(app, folder)
        play(told)
        yield told


def test_everything_that_comes_after_a_meeting(story: Read) -> None:
    assert story.wrong == {}
    assert {f"report.{ending}" for ending in ("pdf", "docx", "md", "xlsx", "csv", "ics")} <= story.heard_own
    assert {"report", "mine", "consent", "presence", "proof.pdf", "attendance.pdf", "annex.pdf"} <= story.heard_own


def test_every_mail_of_it(story: Read) -> None:
    with story.app.app_context():
        languages_of = {user.email: user.locale for user in db.session.scalars(select(User))}
    sent = mails(story.app)
    assert sent
    for message in sent:
        said = f"{message['Subject']}\n{message.get_content()}"
        language = languages_of[str(message["To"])]
        assert SIGNS[language] in said
        assert foreign(said, language) == [], message["Subject"]


def test_an_export_speaks_to_its_organisation_and_each_card_in_its_own_language(story: Read) -> None:
    (packed,) = story.files["export"].values()
    said = packed.decode(errors="replace")
    assert f"Archive{SIGNS[OTHER]}" in said
    assert foreign(said, OTHER)


# -- Errors ------------------------------------------------------------------------------------------------------------

ERRORS: dict[str, Callable[[], object]] = {
    "413": lambda: abort(413),
    "429": lambda: abort(429),
    "500": lambda: 1 // 0,
    "busy": lambda: raised(Busy()),
    "erased": lambda: raised(sealing.KeyIsGone("a meeting")),
    "damaged": lambda: raised(sealing.Damaged("a text")),
    "no database": lambda: raised(OperationalError("select", {}, sqlite3.OperationalError("disk I/O error"))),
    "no token": lambda: raised(CSRFError()),
}


def raised(error: Exception) -> object:
    """Raises it, where only an expression can stand."""
    raise error


@pytest.mark.parametrize("what", ERRORS)
@pytest.mark.parametrize("where", ["page", "live page"])
def test_what_goes_wrong_is_said_in_the_reader_s_language(
    worlds: dict[str, Everybody], monkeypatch: pytest.MonkeyPatch, what: str, where: str
) -> None:
    world = worlds["clarify"]
    world.begin_again()
    speak(world, "peer", THIRD)
    monkeypatch.setattr(world.app, "testing", False)
    monkeypatch.setitem(world.app.config, "PROPAGATE_EXCEPTIONS", False)
    for endpoint in ("mine.home", "meetings.leave"):
        monkeypatch.setitem(world.app.view_functions, endpoint, lambda **_: ERRORS[what]())
    if where == "page":
        answer = world.knock("peer", "GET", "/")
        assert f'<html lang="{THIRD}"' in answer.text
    else:
        world.knockers["peer"].client.set_cookie("lang", OTHER)
        answer = world.knock("peer", "POST", "/meetings/{m}/leave")
        assert answer.is_json
    assert answer.status_code >= 400
    said = readable(answer.data)
    assert SIGNS[THIRD] in said
    assert foreign(said, THIRD) == []


def test_a_text_that_does_not_open_is_said_in_the_language_of_whoever_would_read_it(cast: Cast) -> None:
    meeting = cast.meeting(locale=OTHER)
    meeting.advance_to("story")
    meeting.tell_case(meeting.gia, "A case", "A question?")
    meeting.advance_to("commit")
    meeting.fill()
    with meeting.app.app_context(), db.writing() as session:
        broken = b"\x00" * 60
        session.execute(
            update(models.Round).where(models.Round.meeting_id == meeting.id).values(title=broken, question=broken)
        )
        session.execute(update(models.Action).where(models.Action.meeting_id == meeting.id).values(body=broken))
    sentence = "This{0} text{0} cannot{0} be{0} read{0} any{0} more{0}."
    for _ in SIGNS:
        heard = look(meeting)
        assert any(sentence.format(sign) in html for sign in SIGNS.values() for html in heard)
        meeting.steer("pause" if meeting.state.paused_at is None else "resume")


# -- Choosing a language, and mails ------------------------------------------------------------------------------------


def test_what_is_said_after_choosing_a_language_is_in_it(app: Flask) -> None:
    mo = make_moderator(app)
    client = app.test_client()
    client.set_cookie("lang", OTHER)
    sign_in(client, mo)
    assert post(client, "/account", name="Mo", locale=THIRD).status_code == 302
    said = client.get("/account").text
    assert f"changes{SIGNS[THIRD]} are{SIGNS[THIRD]} saved{SIGNS[THIRD]}" in said
    assert foreign(said, THIRD) == []


def test_every_mail_about_accounts_and_groups_is_in_the_language_of_whoever_gets_it(app: Flask) -> None:
    mo, pete = make_administrator(app), make_member(app)
    with app.app_context(), db.writing() as session:
        session.execute(update(Organisation).values(locale=THIRD))
        session.execute(update(User).where(User.id == mo.id).values(locale=OTHER))
        session.execute(update(User).where(User.id == pete.id).values(locale=THIRD))
    admin, own, nobody = (app.test_client() for _ in range(3))
    for client in (admin, own, nobody):
        client.set_cookie("lang", OTHER)
    sign_in(admin, mo)
    sign_in(own, pete)
    post(nobody, "/reset", email=pete.email)
    post(nobody, "/login/link", email=pete.email)
    post(
        own, "/account/password", password=PASSWORD, new_password=f"{PASSWORD} 2", new_password_confirm=f"{PASSWORD} 2"
    )
    post(admin, "/invitations", email="new@example.org", role="member")
    group = post(admin, "/groups", name="Noord").location
    assert post(admin, f"{group}/members", addresses=f"{pete.email}\nother@example.org", is_peer="y").status_code == 302
    sent = mails(app)
    assert kinds_of(app, sent) == {"reset", "link", "changed", "invitation"}, (
        "the subject of whoever was added is an invitation's too"
    )
    assert {message["To"] for message in sent} == {pete.email, "new@example.org", "other@example.org"}


def test_a_personal_link_is_mailed_in_the_language_in_which_it_was_asked_for(cast: Cast) -> None:
    meeting = cast.meeting(locale=OTHER)
    meeting.start()
    meeting.end()
    phone = CardPages(meeting.client(meeting.pete, THIRD))
    before = mails(meeting.app)
    page = phone.post(f"/meetings/{meeting.id}/mine/link", do="make")
    token = pages.read(page.text).one("input", name="token")["value"]
    phone.post(f"/meetings/{meeting.id}/mine/mail", token=token, email="pete@example.org")
    sent = [message for message in mails(meeting.app) if message["Message-ID"] not in {m["Message-ID"] for m in before}]
    assert kinds_of(meeting.app, sent) == {"personal"}


def kinds_of(app: Flask, sent: list[EmailMessage]) -> set[str]:
    """What mails are about; each is asserted to be in the third language."""
    for message in sent:
        said = f"{message['Subject']}\n{message.get_content()}"
        assert SIGNS[THIRD] in said
        assert foreign(said, THIRD) == [], message["Subject"]
    with app.app_context(), force_locale(THIRD):
        return {next(kind for kind, said in SUBJECTS.items() if str(said) == message["Subject"]) for message in sent}
