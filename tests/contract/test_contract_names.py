"""The names that scripts, tests and people with a screen reader rely on, in English as the contract has them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator.accounts.welcome import link_token
from facilitator.core.db import db
from tests import pages
from tests.cast import Cast, account, new_op
from tests.contract.everybody import signed_in
from tests.pages import Element, label_of, named
from tests.phones import device


def opened(client: FlaskClient, path: str) -> Element:
    """A page, in English."""
    client.set_cookie("lang", "en")
    answer = client.get(path)
    assert answer.status_code == 200
    return pages.read(answer.text)


def labels(page: Element) -> set[str]:
    """The labels of everything that can be filled in."""
    controls = [e for e in page.all() if e.tag in ("input", "textarea", "select") and e.get("type") != "hidden"]
    found = {control.get("aria-label") or label_of(page, control) for control in controls}
    assert "" not in found, "every field says what it is for"
    return found


def test_the_page_for_a_code(client: FlaskClient) -> None:
    page = opened(client, "/j")
    assert labels(page) == {"Meeting code"}
    assert labels(opened(client, "/")) == {"Meeting code"}, "home is the same for visitors"


def test_joining(cast: Cast) -> None:
    page = opened(cast.app.test_client(), f"/j/{cast.meeting().snapshot.code}")
    assert labels(page) == {"Your name", "I keep what is said here confidential"}
    assert page.one("input", type="checkbox").get("name") == "agrees"
    assert len(named(page, "Join")) == 1


def test_the_welcome_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        token = link_token()
        db.session.commit()
    page = opened(client, f"/welcome/{token}")
    assert {"Your name", "E-mail", "Password", "Organisation"} <= labels(page)
    assert len(named(page, "Create")) == 1


def test_signing_in(client: FlaskClient) -> None:
    page = opened(client, "/login")
    assert {"E-mail", "Password"} <= labels(page)
    assert len(named(page, "Sign in")) == 1


def test_setting_up_asks_for_a_goal_only_and_leads_to_the_console_in_its_lobby(cast: Cast) -> None:
    client = signed_in(cast.app, account(cast.app, "Nora"))
    page = opened(client, "/meetings/new")
    assert {"Goal", "Method"} <= labels(page)
    start = named(page, "Start now")
    assert len(start) == 1
    fields = pages.sent_by(start[0].around("form")) | {"goal": "Learn", start[0]["name"]: start[0]["value"]}
    answer = client.post("/meetings/new", data=fields)
    assert answer.status_code == 302
    console = opened(client, answer.location)
    assert console.one("main", id="stage")["data-kind"] == "lobby"
    assert console.one("main", id="stage")["data-audience"] == "moderator"


def test_the_console(cast: Cast) -> None:
    meeting = cast.meeting()
    mo = device(meeting, meeting.mo)
    assert len(named(mo.open(), "Start")) == 1
    meeting.start()
    assert not named(mo.open(), "Previous phase")
    meeting.next()
    running = mo.open()
    for name in ("Next phase", "Previous phase", "Pause", "Extend", "Reveal", "End meeting"):
        assert len(named(running, name)) == 1, name
    meeting.steer("pause")
    paused = mo.open()
    assert len(named(paused, "Resume")) == 1
    assert not named(paused, "Pause")


def test_what_a_phone_may_send_goes_with_send(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    ada = device(meeting, meeting.ada)
    composer = ada.open().one("section", id="composer")
    assert len(named(composer, "Send")) == 1
    assert len(composer.all("textarea")) == 1
    answer = ada.post("contribute", new_op(), step=meeting.step.id, form="question", question="Why?")
    assert named(pages.read(answer.get_json()["html"]), "Send"), "a second question may be sent"


@pytest.mark.parametrize("view", ["console", "wall", "phone"])
def test_no_page_asks_with_a_box_of_the_browser(cast: Cast, view: str) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    person = {"console": meeting.mo, "wall": meeting.wall, "phone": meeting.ada}[view]
    page = device(meeting, person).open()
    assert not [e for e in page.all() if any(name.startswith("on") for name in e.attributes)]
    for dialog in page.all("dialog"):
        assert page.has(id=dialog["aria-labelledby"]), "a dialog has a name"
    for button in page.all("button", type="button"):
        opens = button.get("data-opens") or button.get("data-dialog-open")
        assert not opens or page.has("dialog", id=opens), f"{button.name} opens a dialog that is there"


@pytest.mark.parametrize("view", ["console", "wall", "phone"])
def test_everything_on_a_live_page_has_a_name(cast: Cast, view: str) -> None:
    meeting = cast.meeting(case_giver=None)
    meeting.start()
    person = {"console": meeting.mo, "wall": meeting.wall, "phone": meeting.ada}[view]
    while True:
        page = device(meeting, person).open()
        labels(page)
        assert all(button.name for button in page.all("button")), meeting.step.key
        assert all(link.name for link in page.all("a")), meeting.step.key
        if meeting.state.is_last:
            return
        meeting.next()
