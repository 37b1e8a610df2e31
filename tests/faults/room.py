"""A meeting for tests that break things: made straight in the database of a server, led and joined over the network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from facilitator import create_app
from facilitator.accounts.actions import create_user
from facilitator.accounts.models import User
from facilitator.core.config import Settings
from facilitator.core.db import db
from facilitator.meetings import loading, models, seats
from facilitator.meetings.actions import doors, people, setting_up, steering, table
from facilitator.meetings.snapshot import Snapshot
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Method
from facilitator.migrations import upgrade
from tests.faults.client import Device, History, Phone

MANY_SEATS = 2000
FORMS = {
    "clarify": "question",
    "diagnose": "hypothesis",
    "advise": "advice",
    "learn": "learning",
    "evaluate": "evaluation",
}
FIELDS = {"evaluation": "line"}  # where a form's text has another name than the form


@contextmanager
def database_of(data_dir: Path, environ: dict[str, str] | None = None) -> Iterator[Flask]:
    """The application on a server's data, in this process: to prepare meetings and to look at what was stored."""
    app = create_app(Settings.load(data_dir, environ or {}).kept())
    with app.app_context():
        engine = db.engine
        upgrade(engine)
    yield app
    engine.dispose()
    app.extensions["keyring"].engine.dispose()


@dataclass
class Room:
    """One meeting: its code, and the devices that lead and show it."""

    app: Flask
    id: str
    code: str
    tokens: dict[str, str]
    history: History
    phones: dict[str, Phone] = field(default_factory=dict)

    def lead(self, base: str, view: str = "console") -> Device:
        """Mo's console, or the wall, at an address."""
        device = Device(base=base, name=view, meeting_id=self.id, view=view, history=self.history)
        device.web.headers["Accept-Language"] = "en"
        device.web.cookies.set(seats.COOKIES[view] + "_" + self.id, self.tokens[view])
        device.load()
        return device

    def join(self, base: str, *names: str) -> list[Phone]:
        """People who come in with the code."""
        found = []
        for name in names:
            phone = Phone.join(base, self.code, name, self.history)
            phone.seat_id = next(seat.id for seat in self.snapshot().seats if seat.name == name)
            self.phones[name] = phone
            found.append(phone)
        return found

    def start(self, case_giver: str) -> None:
        """Names the case giver and starts: the first step is the story."""
        before = self.snapshot()
        giver = next(seat.id for seat in before.seats if seat.name == case_giver)
        leader = next(seat.id for seat in before.seats if seat.kind == "moderator")
        with self.app.app_context():
            table.name_case_giver(self.id, leader, giver)
            steering.steer(self.id, leader, "start", before.state.turn)

    def snapshot(self) -> Snapshot:
        """What is stored, opened."""
        with self.app.app_context():
            return loading.read(self.id)

    def transitions(self) -> list[models.Transition]:
        """Every accepted move, in order."""
        query = select(models.Transition).where(models.Transition.meeting_id == self.id)
        with self.app.app_context(), db.reading() as session:
            return list(session.scalars(query.order_by(models.Transition.turn)))

    def form_of(self, step_id: str) -> str | None:
        """What peers write in a step."""
        key = next((step.key for step in self.snapshot().state.steps if step.id == step_id), "")
        return FORMS.get(key)


def new_room(app: Flask, history: Path) -> Room:
    """A meeting in its lobby in which everybody may write as much as they like."""
    method = roomy(load_catalogue()["basis"])
    with app.app_context():
        user = db.session.scalar(select(User)) or create_user("Mo", "mo@example.org", os.urandom(8).hex(), "Werkplaats")
        plan = setting_up.Plan(
            organisation_id=user.organisation_id,
            user_id=user.id,
            goal="Learn to guide a starter",
            method=method,
            minutes=tuple(phase.minutes for phase in method.phases),
            locale="en",
            capacity=MANY_SEATS,
        )
        meeting_id = setting_up.create(plan)
        lead = people.moderator_seat(meeting_id, "Mo", "en", user.id)
        wall = doors.wall_seat(meeting_id, "en")
        steering.steer(meeting_id, lead.seat_id, "open", 0)
        code = loading.read(meeting_id).code
    return Room(app, meeting_id, code, {"console": lead.token, "wall": wall.token}, History(history))


def roomy(method: Method) -> Method:
    """The method with room for a phone that writes all the time: its middle again and again, ten texts each."""
    phases = tuple(
        phase.model_copy(update={"forms": tuple(form.model_copy(update={"limit": 10}) for form in phase.forms)})
        for phase in method.phases
    )
    middle = tuple(phase for phase in phases if phase.key in ("clarify", "diagnose", "advise"))
    first = next(n for n, phase in enumerate(phases) if phase.key == "clarify")
    return method.model_copy(update={"phases": (*phases[:first], *middle * 6, *phases[first:])})


def text_of(form: str, text: str) -> dict[str, str]:
    """The fields of a form that says this."""
    return {FIELDS.get(form, form): text}
