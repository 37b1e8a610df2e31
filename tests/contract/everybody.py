"""Everybody who may knock: one meeting in the middle of its course, and a device for every role somebody can have towards
it – from a visitor without anything to the moderator's own seat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import flask
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from facilitator.accounts.actions import add_organisation, add_user
from facilitator.accounts.models import ADMINISTRATOR, MEMBER, MODERATOR, Organisation, User
from facilitator.core.db import db
from facilitator.meetings import rules, seats
from facilitator.meetings.actions import doors
from facilitator.methods.loader import load_catalogue
from tests.cast import NO_PASSWORD, Cast, Meeting, Person
from tests.scenes import HouseCopy

ROLES = (
    "visitor",
    "ola",
    "colleague",
    "member",
    "administrator",
    "creator",
    "moderator",
    "former_moderator",
    "case_giver",
    "peer",
    "waiting",
    "left",
    "expelled",
    "elsewhere_peer",
    "elsewhere_moderator",
    "wall",
)
ACCOUNTS = ("ola", "colleague", "member", "administrator", "creator")
NOTHING: Mapping[str, str] = {}
NAMES = ("Gia", "Pete", "Ada", "Bob", "Cleo", "Dirk", "Eva")


@dataclass
class Knocker:
    """One device: its browser, the view it says it has, and the token of the page it holds."""

    client: FlaskClient
    view: str = "console"
    token: str = "none"
    csrf: str = ""


@dataclass
class Everybody:
    """A meeting with everybody around it. `known` fills the places of a path or a form; `kept` is how it all began."""

    app: Flask
    meeting: Meeting
    elsewhere: Meeting
    users: dict[str, User]
    known: dict[str, str]
    kept: HouseCopy
    knockers: dict[str, Knocker] = field(default_factory=dict)

    def begin_again(self) -> None:
        """Everything as it was, and fresh devices."""
        self.kept.put_back(self.app)
        self.knockers = knockers(self)

    def knock(self, role: str, method: str, path: str, send: Mapping[str, str] = NOTHING) -> TestResponse:
        """Somebody opens an address, or sends a form to it as the page of their view would."""
        who = self.knockers[role]
        address = path.format(**self.known)
        if method == "GET":
            return who.client.get(address)
        fields = {name: value.format(**self.known) for name, value in send.items()}
        headers = {"X-View": who.view, "X-Seat-Token": who.token}
        return who.client.post(address, data={"csrf_token": self._csrf(who), **fields}, headers=headers)

    def _csrf(self, who: Knocker) -> str:
        """As the page with the form would have it: the token belongs to what the device's session keeps."""
        if not who.csrf:
            with self.app.test_request_context():
                make: Callable[[], str] = generate_csrf
                who.csrf, kept = make(), flask.session["csrf_token"]
            with who.client.session_transaction() as session:
                session["csrf_token"] = kept
        return who.csrf


def everybody(app: Flask, key: str) -> Everybody:
    """Opens a meeting, brings it to a phase, and gives everybody their place."""
    users = accounts(app)
    cast = Cast(app, users["creator"])
    meeting = cast.meeting(*NAMES, continues=with_open_action(cast))
    meeting.add_without_phone("Zoe")
    for phase in (*marked_in(key), key):
        meeting.advance_to(phase)
        write_something(meeting)
    meeting.people["Fred"] = meeting.people["Mo"]
    with app.app_context():
        token = doors.offer_handover(meeting.id, meeting.mo.seat_id).token
        held = doors.take_over(meeting.id, token, "Nel", "en", None)
    meeting.people["Mo"] = Person("Nel", held.seat_id, held.token, "console")
    meeting.leave(meeting["Dirk"])
    meeting.expel(meeting["Eva"])
    meeting.join("Late")
    elsewhere = Cast(app, users["ola"]).meeting()
    elsewhere.advance_to(key)
    write_something(elsewhere)
    found = Everybody(app, meeting, elsewhere, users, known(meeting, elsewhere), HouseCopy.of(app))
    found.begin_again()
    return found


def accounts(app: Flask) -> dict[str, User]:
    """The people with an account, by role: Ola runs another organisation."""
    wanted = {"creator": MODERATOR, "colleague": MODERATOR, "member": MEMBER, "administrator": ADMINISTRATOR}
    with app.app_context(), db.writing() as session:
        here, there = add_organisation(session, "Werkplaats", "en"), add_organisation(session, "Elders", "en")
        found = {name: _account(session, here, name, role) for name, role in wanted.items()}
        return {**found, "ola": _account(session, there, "ola", ADMINISTRATOR)}


def marked_in(key: str) -> tuple[str, ...]:
    """The phase whose texts are marked in the phase with this key, if it is another one."""
    phase = load_catalogue()["basis"].phase(key)
    return (phase.marks.on,) if phase and phase.marks and phase.marks.on else ()


def with_open_action(cast: Cast) -> Meeting:
    """An earlier meeting that ended with an action of somebody who is not here any more."""
    meeting = cast.meeting(*NAMES, "Zeno", case_giver="Zeno")
    meeting.advance_to("commit")
    meeting.fill()
    meeting.end()
    return meeting


def write_something(meeting: Meeting) -> None:
    """Everybody writes; what Pete and Ada wrote comes out, and the rest stays hidden."""
    meeting.fill()
    if any(item.is_hidden for item in meeting.items()):
        meeting.reveal()


def knockers(found: Everybody) -> dict[str, Knocker]:
    """A device for every role."""
    app, meeting, elsewhere = found.app, found.meeting, found.elsewhere
    people = {
        "moderator": (meeting, meeting.mo),
        "former_moderator": (meeting, meeting["Fred"]),
        "case_giver": (meeting, meeting.gia),
        "peer": (meeting, meeting.pete),
        "waiting": (meeting, meeting["Late"]),
        "left": (meeting, meeting["Dirk"]),
        "expelled": (meeting, meeting["Eva"]),
        "elsewhere_peer": (elsewhere, elsewhere.pete),
        "elsewhere_moderator": (elsewhere, elsewhere.mo),
        "wall": (meeting, meeting.wall),
    }
    with app.app_context():
        tokens = {role: seats.csrf_of(person.token) for role, (_, person) in people.items()}
    seated = {
        role: Knocker(where.client(person), person.view, tokens[role]) for role, (where, person) in people.items()
    }
    signed = {role: Knocker(signed_in(app, user)) for role, user in found.users.items()}
    return {"visitor": Knocker(app.test_client()), **signed, **seated}


def signed_in(app: Flask, user: User) -> FlaskClient:
    """A browser in which somebody has signed in just now."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = user.fs_uniquifier
        session["_fresh"] = True
    client.set_cookie("lang", "en")
    return client


def known(meeting: Meeting, elsewhere: Meeting) -> dict[str, str]:
    """Ids and words to fill in: of this meeting, and of the one elsewhere."""
    snapshot, other = meeting.snapshot, elsewhere.snapshot
    shown = [item for item in snapshot.items if item.is_shown]
    hidden = [item for item in snapshot.items if item.is_hidden]
    of_this_step = [item for item in shown if item.step_id == snapshot.now.step.id]
    return {
        "m": meeting.id,
        "code": snapshot.code,
        "turn": str(snapshot.state.turn),
        "step": snapshot.now.step.id,
        "item": next((i.id for i in [*of_this_step, *shown] if i.seat_id != meeting.pete.seat_id), ""),
        "markable": next((item.id for item in rules.markable(snapshot)), ""),
        "hidden": next((item.id for item in hidden), ""),
        "seat": meeting.pete.seat_id,
        "no_phone": meeting["Zoe"].seat_id,
        "action": next(action.id for action in snapshot.actions if action.is_carried),
        "made": next((action.id for action in snapshot.actions if not action.is_carried), ""),
        "foreign_item": next((item.id for item in other.items), ""),
        "foreign_action": next((action.id for action in other.actions), ""),
        "foreign_seat": elsewhere.pete.seat_id,
        "foreign_step": other.now.step.id,
        "foreign_meeting": elsewhere.id,
        "op": "0123456789abcdef",
    }


def _account(session: Session, organisation: Organisation, name: str, role: str) -> User:
    return add_user(session, organisation, name.title(), f"{name}@example.org", NO_PASSWORD, role)
