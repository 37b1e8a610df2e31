"""The cast around a table: plays a meeting through the real actions on a real application.

    cast = Cast(app)
    meeting = cast.meeting()                       # Mo leads, Gia, Pete, Ada, Bob and Cleo are in, Gia gives the case
    meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question="What happened then?")
    assert "What happened then?" not in meeting.screen(meeting.ada)
    meeting.reveal()

Nothing here knows a rule: what the product refuses raises `Refused`. `client` and `post` go through the pages instead,
with the cookie and the token a phone would have.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import cycle, repeat
from typing import Concatenate, ParamSpec, TypeVar

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from facilitator.accounts.actions import add_organisation, add_user
from facilitator.accounts.models import MODERATOR, Organisation, User
from facilitator.core.db import db, random_id
from facilitator.meetings import loading, moves, rules, seats, table_ids
from facilitator.meetings.actions import doors, outcomes, people, setting_up, steering, table, writing
from facilitator.meetings.actions.writing import Accepted, Sent
from facilitator.meetings.machine import State, Step
from facilitator.meetings.screens import Renderer
from facilitator.meetings.seats import Holding
from facilitator.meetings.seen import seen_by
from facilitator.meetings.snapshot import Action, Item, Snapshot, Value
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import FieldType, Form, InputField, MarkKind, Method, Warmth
from tests.both_ways import kept_up_is_read

EVERYBODY = ("Gia", "Pete", "Ada", "Bob", "Cleo")
NO_PASSWORD = "!"
P = ParamSpec("P")
R = TypeVar("R")
Texts = Callable[["Person", Form, InputField], Value]


@dataclass(frozen=True)
class Person:
    """Somebody with a seat, and the token their device holds. `view` is the page they look at."""

    name: str
    seat_id: str
    token: str = ""
    view: str = "phone"


@dataclass
class Cast:
    """Everybody who may meet in an application. Mo's account cannot sign in unless it is given (see accounts_cast)."""

    app: Flask
    user: User | None = None
    organisation: str = "Werkplaats"

    def __post_init__(self) -> None:
        if self.user is None:
            self.user = account(self.app, "Mo", self.organisation)

    def meeting(
        self,
        *names: str,
        case_giver: str | None = "Gia",
        method: str | Method = "basis",
        continues: Meeting | None = None,
        follows_group: bool = False,
        is_open: bool = True,
        capacity: int = 14,
        locale: str = "en",
        group: str = "",
        uses_pseudonyms: bool = False,
        goal: str = "Learn to guide a starter",
        wifi: dict[str, str] | None = None,
        cases: tuple[setting_up.PlannedCase, ...] = (),
        turns: int = 1,
    ) -> Meeting:
        """A meeting in its lobby with these people in it (by default everybody), led by Mo and shown on a wall."""
        assert self.user is not None
        chosen = load_catalogue()[method] if isinstance(method, str) else method
        plan = setting_up.Plan(
            organisation_id=self.user.organisation_id,
            user_id=self.user.id,
            goal=goal,
            method=chosen,
            minutes=tuple(phase.minutes for phase in chosen.phases),
            locale=locale,
            cases=cases,
            turns=turns,
            names="pseudonyms" if uses_pseudonyms else "names",
            group_name=group,
            capacity=capacity,
            continues_id=continues.id if continues else None,
            follows_group=follows_group,
            wifi=wifi or {},
        )
        with self.app.app_context():
            meeting_id = setting_up.create(plan)
            lead = people.moderator_seat(meeting_id, "Mo", locale, self.user.id)
            wall = doors.wall_seat(meeting_id, locale)
        meeting = Meeting(self.app, meeting_id, locale, before=continues)
        meeting.people["Mo"] = _person("Mo", lead, "console")
        meeting.people["Wall"] = _person("Wall", wall, "wall")
        if is_open:
            meeting.steer("open", turn=0)
            for name in names or EVERYBODY:
                meeting.join(name)
            if case_giver in meeting.people:
                meeting.name_case_giver(case_giver)
        return meeting


@dataclass
class Meeting:
    """One meeting being played. Each method is one thing somebody does."""

    app: Flask
    id: str
    locale: str = "en"
    people: dict[str, Person] = field(default_factory=dict)
    seen: Snapshot | None = None
    before: Meeting | None = None

    # -- Who is there ---------------------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    @property
    def mo(self) -> Person:
        """Leads the meeting."""
        return self["Mo"]

    @property
    def wall(self) -> Person:
        """The room screen."""
        return self["Wall"]

    @property
    def gia(self) -> Person:
        """Gives the case."""
        return self["Gia"]

    @property
    def pete(self) -> Person:
        """A peer."""
        return self["Pete"]

    @property
    def ada(self) -> Person:
        """A peer."""
        return self["Ada"]

    @property
    def bob(self) -> Person:
        """A peer."""
        return self["Bob"]

    @property
    def cleo(self) -> Person:
        """A peer."""
        return self["Cleo"]

    @property
    def participants(self) -> tuple[Person, ...]:
        """Everybody with a place at the table, whether they are still there or not."""
        return tuple(person for person in self.people.values() if person.view == "phone")

    def join(self, name: str, leads: bool = False, is_again: bool = False) -> Person:
        """Comes in with a name and a promise, on the device they had before; after the start that means waiting at the door."""
        with self.app.app_context():
            held = tuple(self.seats_before(name))
            holding = people.join(
                self.id, name, self.locale, has_agreed=True, leads=leads, earlier_seats=held, is_again=is_again
            )
        self.people[name] = _person(name, holding, "phone")
        return self.people[name]

    def seats_before(self, name: str) -> Iterator[str]:
        """What somebody's phone held in the meetings that this one continues."""
        earlier = self.before
        while earlier is not None:
            if name in earlier.people and earlier[name].token:
                yield earlier[name].seat_id
            earlier = earlier.before

    def add_without_phone(self, name: str) -> Person:
        """Mo gives a seat to somebody without a phone."""
        seat_id = self.act(people.add_without_phone, self.mo.seat_id, name, self.locale)
        self.people[name] = Person(name, seat_id)
        return self.people[name]

    def admit(self, person: Person) -> None:
        """Mo lets somebody in."""
        self.act(people.admit, self.mo.seat_id, person.seat_id)

    def expel(self, person: Person) -> None:
        """Mo sends somebody out."""
        self.act(people.expel, self.mo.seat_id, person.seat_id)

    def take_back_in(self, person: Person) -> None:
        """Mo undoes that."""
        self.act(people.take_back_in, self.mo.seat_id, person.seat_id)

    def leave(self, person: Person, by: Person | None = None) -> None:
        """Leaves early, by themselves unless somebody else saw it."""
        self.act(people.leave, (by or person).seat_id, person.seat_id)

    def come_back(self, person: Person, by: Person | None = None) -> None:
        """Comes back after leaving."""
        self.act(people.come_back, (by or person).seat_id, person.seat_id)

    def lock(self, is_locked: bool = True) -> None:
        """Mo closes the door, or opens it."""
        self.act(people.lock, self.mo.seat_id, is_locked)

    def give_role(self, person: Person, role: str) -> None:
        """Mo asks somebody to watch the time, take notes or observe; an empty role takes it away."""
        self.act(people.give_role, self.mo.seat_id, person.seat_id, role)

    def name_case_giver(self, name: str) -> None:
        """Mo says whose case it is."""
        self.act(table.name_case_giver, self.mo.seat_id, self[name].seat_id)

    # -- Where the meeting is ---------------------------------------------------------------------------------------

    @property
    def snapshot(self) -> Snapshot:
        """The meeting as it is now."""
        with self.app.app_context():
            return loading.read(self.id)

    @property
    def known(self) -> Snapshot:
        """The same, read again only where something changed: what plays a meeting asks this very often."""
        with self.app.app_context():
            if self.seen is None or self.seen.revision != loading.revision(self.id):
                self.seen = loading.read(self.id)
                kept_up_is_read(self.seen)
        return self.seen

    @property
    def state(self) -> State:
        """Where the meeting stands."""
        return self.known.state

    @property
    def step(self) -> Step:
        """The step at hand."""
        step = self.known.state.step
        assert step is not None, "the meeting has started"
        return step

    def table(self, number: int) -> Meeting:
        """A table of it, with those who have sat there and whoever leads, on the same devices."""
        found = Meeting(self.app, table_ids.table_id(self.id, number), self.locale)
        for name, person in self.people.items():
            seat_id = table_ids.seat_at(person.seat_id, number)
            if found.known.seat(seat_id):
                found.people[name] = replace(person, seat_id=seat_id)
        return found

    def step_with(self, key: str) -> Step:
        """The step of a phase, wherever the meeting is."""
        return next(step for step in self.state.steps if step.key == key)

    def steer(
        self, move: str, by: Person | None = None, turn: int | None = None, seconds: float = 0, target: str = ""
    ) -> State:
        """Somebody who sees the present turn (or an earlier one) makes a move."""
        seen = self.state.turn if turn is None else turn
        return self.act(steering.steer, (by or self.mo).seat_id, move, seen, seconds=seconds, target=target)

    def start(self) -> None:
        """Mo starts the meeting."""
        self.steer("start")

    def next(self) -> None:
        """Mo goes on to the next phase."""
        self.steer("next")

    def back(self) -> None:
        """Mo goes back to the phase before."""
        self.steer("back")

    def reveal(self) -> None:
        """Mo shows what is hidden."""
        self.steer("reveal")

    def next_speaker(self) -> None:
        """Mo gives the floor to the next one."""
        self.steer("next_speaker")

    def next_item(self) -> None:
        """Mo takes up the next text."""
        self.steer("next_item")

    def end(self) -> None:
        """Mo ends the meeting."""
        self.steer("end")

    def advance_to(self, key: str) -> Step:
        """Starts if need be, and goes on until the phase with this key."""
        if self.state.status == "lobby":
            self.start()
        while self.step.key != key:
            self.next()
        return self.step

    # -- Writing and tapping ----------------------------------------------------------------------------------------

    def write(
        self,
        person: Person,
        form: str,
        *,
        op: str = "",
        step: Step | None = None,
        item: str = "",
        about: str = "",
        capability: str = "",
        keep: bool = False,
        **fields: Value,
    ) -> Accepted:
        """Sends a text for the step at hand, or for the one that is given."""
        sent = self.sent(
            form, op=op, step=step, item=item, about=about, capability=capability, keep=keep, fields=fields
        )
        return self.send(person, sent)

    def sent(
        self,
        form: str,
        *,
        fields: dict[str, Value],
        op: str = "",
        step: Step | None = None,
        item: str = "",
        about: str = "",
        capability: str = "",
        keep: bool = False,
    ) -> Sent:
        """What a phone would send; sending the same one twice is what a phone does after a lost answer."""
        return Sent(
            op=op or new_op(),
            step_id=(step or self.step).id,
            form=form,
            fields=fields,
            item_id=item,
            about_id=about,
            capability=capability,
            is_kept=keep,
        )

    def send(self, person: Person, sent: Sent) -> Accepted:
        """Sends what `sent` made."""
        return self.act(writing.contribute, person.seat_id, sent)

    def take_down(self, person: Person, form: str, op: str = "", by: Person | None = None, **fields: Value) -> Accepted:
        """Mo, or a note-taker, writes for somebody."""
        sent = self.sent(form, op=op, fields=fields)
        return self.act(writing.take_down, (by or self.mo).seat_id, person.seat_id, sent)

    def instead(self, person: Person, form: str, what: str) -> None:
        """Somebody says it aloud (`says`) or passes (`passes`)."""
        self.act(writing.say_instead, person.seat_id, self.step.id, form, what)

    def mark(self, person: Person, item: str, is_on: bool = True, step: Step | None = None, warmth: str = "") -> None:
        """Somebody sets a dot or a star, or takes it away, or says how warm a text is."""
        self.act(writing.mark, person.seat_id, (step or self.step).id, item, is_on, warmth)

    def handle(self, item: str, verb: str, other: str = "") -> None:
        """Mo does something with a text: done, undone, remove, restore, join, apart, admit, drop."""
        self.act(table.handle, self.mo.seat_id, item, verb, other)

    def tell_case(self, by: Person, title: str | None = None, question: str | None = None) -> None:
        """Somebody writes the case's title or question."""
        self.act(table.tell_case, by.seat_id, title, question, None)

    def be_buddy(self, person: Person, action: str, is_on: bool = True) -> None:
        """Somebody stands by the owner of an action."""
        self.act(outcomes.be_buddy, person.seat_id, action, is_on)

    def confirm(self, person: Person, action: str) -> None:
        """That's right."""
        self.act(outcomes.confirm, person.seat_id, action)

    def act(self, act: Callable[Concatenate[str, P], R], *args: P.args, **named: P.kwargs) -> R:
        """Does with this meeting what the cast has no word for."""
        with self.app.app_context():
            return act(self.id, *args, **named)

    # -- What there is ----------------------------------------------------------------------------------------------

    def items(self, form: str | None = None) -> tuple[Item, ...]:
        """The texts of the step at hand."""
        found = self.known
        return found.items_of(found.now.step, form)

    def item(self, item_id: str) -> Item:
        """A text, wherever it is."""
        found = self.known.item(item_id)
        assert found is not None, "the text is there"
        return found

    @property
    def actions(self) -> tuple[Action, ...]:
        """Every action of this meeting, brought along or new."""
        return self.known.actions

    def screen(self, person: Person) -> str:
        """The HTML that goes out to somebody now."""
        found = self.snapshot
        seat = found.seat(person.seat_id)
        assert seat is not None
        with self.app.test_request_context():
            return Renderer(found).html(seat, person.view)

    def screens(self) -> dict[str, str]:
        """The HTML that goes out to everybody now, by name."""
        return {name: self.screen(person) for name, person in self.people.items()}

    # -- A plausible meeting ----------------------------------------------------------------------------------------

    def fill(self, texts: Texts | None = None) -> list[tuple[Person, Form, Accepted]]:
        """Everybody writes once with every form that is theirs in the step at hand."""
        done = []
        for person in self.participants:
            for form in self._forms(person):
                fields = {found.name: (texts or plausible)(person, form, found) for found in form.fields}
                about = self._own_action(person) if form.about_actions else ""
                done.append((person, form, self.send(person, self.sent(form.key, about=about, fields=fields))))
        return done

    def play_step(self, texts: Texts | None = None) -> None:
        """Plays the step at hand: everybody writes, marks what they may, and what was written comes out."""
        self.fill(texts)
        for _ in range(200):
            move = moves.next_move(self.known)
            if move not in ("reveal", "next_speaker", "next_item"):
                break
            self.steer(move)
        self._mark_all()

    def play_to(self, key: str, texts: Texts | None = None) -> Step:
        """Plays every phase before the one with this key, and arrives there."""
        if self.state.status == "lobby":
            self.start()
        while self.step.key != key:
            self.play_step(texts)
            self.next()
        return self.step

    def play(self, texts: Texts | None = None) -> None:
        """Plays the whole meeting to its end."""
        self.play_to(self.state.steps[-1].key, texts)
        self.play_step(texts)
        self.end()

    # -- Through the pages ------------------------------------------------------------------------------------------

    def client(self, person: Person, language: str = "en") -> FlaskClient:
        """A device that holds somebody's seat."""
        client = self.app.test_client()
        with self.app.app_context():
            name = seats.cookie_name(self.id, person.view)
        client.set_cookie(name, person.token)
        client.set_cookie("lang", language)
        return client

    def post(self, person: Person, path: str, client: FlaskClient | None = None, **fields: str) -> TestResponse:
        """Sends a form as a live page does: `path` is the end of the address, such as `contribute`."""
        with self.app.app_context():
            token = seats.csrf_of(person.token)
        headers = {"X-View": person.view, "X-Seat-Token": token, "X-As": "1", "Accept": "application/json"}
        if "op" in fields:
            headers["X-Op"] = fields["op"]
        return (client or self.client(person)).post(f"/meetings/{self.id}/{path}", data=fields, headers=headers)

    def get(self, person: Person, path: str = "") -> TestResponse:
        """Opens a page of the meeting, by default the one somebody looks at."""
        page = path or {"wall": "screen"}.get(person.view, person.view)
        return self.client(person).get(f"/meetings/{self.id}/{page}")

    # -- Inside -----------------------------------------------------------------------------------------------------

    def _forms(self, person: Person) -> tuple[Form, ...]:
        found = self.known
        seat, step = found.seat(person.seat_id), found.now.step
        assert seat is not None
        return tuple(f for f in seen_by(found, seat).forms if seen_by(found, seat).left(step, f) > 0)

    def _own_action(self, person: Person) -> str:
        return next(action.id for action in self.actions if action.is_carried and action.owner_id == person.seat_id)

    def _mark_all(self) -> None:
        for person in self.participants:
            found = self.known
            seat = found.seat(person.seat_id)
            assert seat is not None
            marks = seen_by(found, seat).marks
            if marks is None or marks.kind is MarkKind.BUDDY:
                continue
            degrees = cycle(Warmth) if marks.kind is MarkKind.WARMTH else repeat("")
            for item, warmth in zip(rules.markable(found)[: seen_by(found, seat).marks_left], degrees, strict=False):
                self.mark(person, item.id, warmth=warmth)


def plausible(person: Person, form: Form, field: InputField) -> Value:
    """Something that fits a field; texts say whose they are, unless their form is anonymous."""
    if field.type is FieldType.SCALE:
        return field.high
    if field.type is FieldType.CHOICE:
        return field.choices[0]
    if field.type is FieldType.DATE:
        return "2031-05-01"
    return f"{field.name} of somebody" if form.is_anonymous else f"{field.name} of {person.name}"


def new_op() -> str:
    """A random name for one attempt to send something."""
    return secrets.token_hex(16)


def account(app: Flask, name: str, organisation: str = "Werkplaats") -> User:
    """Somebody who may start meetings, without a password."""
    with app.app_context(), db.writing() as session:
        found = session.scalar(select(Organisation).where(Organisation.name == organisation))
        found = found or add_organisation(session, organisation, "en")
        return add_user(session, found, name, f"{name.lower()}-{random_id(6)}@example.org", NO_PASSWORD, MODERATOR)


def _person(name: str, holding: Holding, view: str) -> Person:
    return Person(name, holding.seat_id, holding.token, view)


def method_before(key: str) -> Method:
    """By what a group met the last time, so that there is an action to look back on: this method, or where nobody takes one on in
    it, another.
    """
    catalogue = load_catalogue()
    return next(one for one in (catalogue[key], *catalogue.values()) if makes_actions(one))


def makes_actions(method: Method) -> bool:
    """Whether somebody takes on an action in a meeting by this method."""
    return any(form.makes_action for phase in method.phases for form in phase.forms)
