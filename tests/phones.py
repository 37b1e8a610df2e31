"""Devices in the room without a browser: phones, the console and the room screen. Each opens its page, presses what is
on it, holds a socket, and remembers every byte it was sent.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import gevent
from flask import Flask
from flask.testing import FlaskClient
from flask_socketio.test_client import SocketIOTestClient
from werkzeug.test import TestResponse

from facilitator.core.extensions import socketio
from facilitator.core.patches import Change
from facilitator.meetings import live, seats
from tests import pages
from tests.cast import Meeting, Person, new_op
from tests.documents import everything_in
from tests.pages import Element

MOMENT = "moment"
PAGE_OF_VIEW = {"phone": "phone", "console": "console", "wall": "screen"}
TYPED = {"line": "One line.", "text": "Some words.", "date": "2031-05-01"}


@dataclass
class Device:
    """Somebody's device. `heard` is everything it was sent since it was last asked."""

    meeting: Meeting
    person: Person
    client: FlaskClient
    as_seat: int = 1
    socket: SocketIOTestClient | None = None
    heard: list[str] = field(default_factory=list)
    payloads: list[dict[str, Any]] = field(default_factory=list)
    shown: dict[str, Any] = field(default_factory=dict)

    @property
    def app(self) -> Flask:
        """The application it talks to."""
        return self.meeting.app

    @property
    def address(self) -> str:
        """Its page."""
        ending = "?as=2" if self.as_seat == 2 else ""
        return f"/meetings/{self.meeting.id}/{PAGE_OF_VIEW[self.person.view]}{ending}"

    @property
    def token(self) -> str:
        """The request token of its page."""
        with self.app.app_context():
            return seats.csrf_of(self.person.token)

    def open(self) -> Element:
        """Loads its page anew."""
        answer = self.get(self.address)
        assert answer.status_code == 200, (self.person.name, answer.status_code)
        page = pages.read(answer.text)
        assert all(stage.get("data-kind") != MOMENT for stage in page.all("main", id="stage")), "the screen was built"
        return page

    def get(self, path: str) -> TestResponse:
        """Any page, on this device."""
        return self._hear(self.client.get(path))

    def post(self, verb: str, op: str = "", /, **fields: str) -> TestResponse:
        """Sends a form as a live page does."""
        return self.post_with(verb, {**fields, **({"op": op} if op else {})}, {"X-Op": op} if op else {})

    def post_with(self, verb: str, data: Any, headers: dict[str, str]) -> TestResponse:
        """Sends anything at all, with the headers of a live page unless others are given."""
        own = {"X-View": self.person.view, "X-Seat-Token": self.token, "X-As": str(self.as_seat)}
        answer = self.client.post(
            f"/meetings/{self.meeting.id}/{verb}", data=data, headers={"Accept": "application/json", **own, **headers}
        )
        settle(self.app)
        return self._hear(answer)

    def press(self, button: Element, **more: str) -> Element:
        """Presses a button of a form: sends what the form holds. The answer is this device's own new screen."""
        assert pages.is_enabled(button), f"{button.name} can be pressed"
        form = button.around("form")
        verb = form["action"].removeprefix(f"/meetings/{self.meeting.id}/")
        op = new_op() if "data-outbox" in form.attributes else ""
        fields = {**pages.sent_by(form), **more}
        fields.pop("op", None)
        answer = self.post(verb, op, **fields)
        assert answer.status_code == 200, (self.person.name, button.name, answer.status_code, answer.get_json())
        return pages.read(answer.get_json()["html"])

    def send(self, page: Element) -> Element:
        """Fills in everything the composer asks, and presses Send."""
        form = composer_form(page)
        assert form is not None, "there is something to fill in"
        return self.press(pages.named(form, "Send")[0], **filled(form))

    def listen(self) -> None:
        """Opens a socket as its page does; what comes is remembered."""
        auth = {"meeting": self.meeting.id, "view": self.person.view, "as": self.as_seat}
        self.socket = socketio.test_client(self.app, flask_test_client=self.client, auth=auth)
        settle(self.app)

    def hears(self) -> list[str]:
        """Everything it was sent since it was last asked, pushes included, as it went over the wire."""
        self.payloads.clear()
        if self.socket is not None:
            queue: list[dict[str, Any]] = getattr(self.socket, "queue")  # noqa: B009 – the stubs do not know it
            received = list(queue)
            queue.clear()
            for event in received:
                self.heard.append(json.dumps(event["args"]))
                self.payloads += [self._whole(said) for said in event["args"] if isinstance(said, dict)]
        heard = list(self.heard)
        self.heard.clear()
        return heard

    def _whole(self, said: dict[str, Any]) -> dict[str, Any]:
        """What was pushed, put together as its page does."""
        if "patch" in said:
            assert said["base"] == self.shown["digest"], "told as changes to what came before"
            said = {**said, "html": changed(self.shown["html"], said["patch"])}
            self.heard.append(json.dumps(said["html"]))
        if "html" in said:
            self.shown = said
        return said

    def _hear(self, answer: TestResponse) -> TestResponse:
        headers = "".join(f"{name}: {value}\n" for name, value in answer.headers)
        self.heard.append(f"{answer.status}\n{headers}\n{everything_in(answer.data)}")
        return answer


def changed(old: str, found: Sequence[Change]) -> str:
    """The new text, as a page puts it together."""
    lines = old.split("\n")
    for start, count, instead in found:
        lines[start : start + count] = instead
    return "\n".join(lines)


def device(meeting: Meeting, person: Person, language: str = "en") -> Device:
    """The device that holds somebody's seat."""
    return Device(meeting, person, meeting.client(person, language))


def devices(meeting: Meeting) -> dict[str, Device]:
    """Everybody's device, by name."""
    return {name: device(meeting, person) for name, person in meeting.people.items() if person.token}


def composer_form(page: Element) -> Element | None:
    """The form in #composer that a phone may fill in, if there is one."""
    found = [form for form in page.one("section", id="composer").all("form") if form["action"].endswith("/contribute")]
    return found[0] if found else None


def filled(form: Element) -> dict[str, str]:
    """Something for every field of a form, by what kind of field it is."""
    found: dict[str, str] = {}
    for control in form.all():
        name, kind = control.get("name"), control.get("type")
        if control.tag == "textarea" or kind == "text":
            found[name] = TYPED["text"]
        elif kind == "date":
            found[name] = TYPED["date"]
        elif kind == "radio":
            found[name] = control["value"]
    return found


def settle(app: Flask) -> None:
    """Waits until every push is out."""
    hall = app.extensions["hall"]
    assert isinstance(hall, live.Hall)
    while hall.busy:
        gevent.sleep(0.0005)
