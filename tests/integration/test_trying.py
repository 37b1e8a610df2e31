"""A method tried with simulated people: a whole meeting of each, believable in each language, and nowhere to be found afterwards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from facilitator.accounts.models import NOBODYS, User
from facilitator.core import languages, sealing
from facilitator.core.clock import clock
from facilitator.core.db import Base, db, now
from facilitator.core.extensions import limiter
from facilitator.demo.acting import act, act_all
from facilitator.demo.saying import sayings
from facilitator.demo.trying import Tried, begin, erase_due
from facilitator.meetings import loading, models, moves, rules, table_ids
from facilitator.meetings.actions import accounts, dividing, people, steering
from facilitator.meetings.demo_mark import is_demo
from facilitator.meetings.machine import Step
from facilitator.meetings.snapshot import Snapshot
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Clients, Kind, MarkKind, Warmth
from facilitator.retention.deadlines import deadlines
from tests import pages
from tests.accounts_cast import english, make_moderator, post, sign_in

METHODS = tuple(load_catalogue())
SHOWING = ("reveal", "next_speaker", "next_item")
MOST_MOVES = 300


@dataclass
class Newcomer:
    """Nora, who has never done it, and her browser."""

    app: Flask
    client: FlaskClient
    user: User

    def tries(self, key: str = "basis") -> str:
        """Presses the button on the page of a method; answers the meeting's id."""
        answer = post(self.client, f"/methods/{key}/try")
        assert answer.status_code == 302
        return str(answer.location.split("/")[2])


@pytest.fixture
def nora(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Newcomer:
    """A moderator who reads English."""
    monkeypatch.setattr(limiter, "enabled", False)
    client, user = english(app.test_client()), make_moderator(app)
    sign_in(client, user)
    return Newcomer(app, client, user)


def lead(tried: Tried) -> Snapshot:
    """Whoever leads presses what is to be pressed until everything of the step at hand is shown."""
    for _ in range(MOST_MOVES):
        meeting = loading.read(tried.meeting_id)
        move = moves.next_move(meeting)
        if move not in SHOWING:
            return meeting
        steering.steer(tried.meeting_id, tried.lead.seat_id, move, meeting.state.turn)
        act_all(tried.meeting_id)
    raise AssertionError("it never ends")


@pytest.mark.parametrize("language", languages.complete())
@pytest.mark.parametrize("key", METHODS)
def test_simulated_people_play_every_method_to_its_end(app: Flask, key: str, language: str) -> None:
    with app.test_request_context():
        tried = begin(load_catalogue()[key], "Nora", language)
        steering.steer(tried.meeting_id, tried.lead.seat_id, "start", loading.read(tried.meeting_id).state.turn)
        while True:
            act_all(tried.meeting_id)
            meeting = lead(tried)
            assert not act_all(tried.meeting_id), "nothing is left to do"
            if (marks := meeting.now.phase.marks) and marks.kind is MarkKind.WARMTH:
                ranks = {rules.warmth(meeting, item) for item in rules.markable(meeting)}
                assert ranks == {*Warmth}, "every text has a rank, and each rank is there"
            for role in rules.shared_out(meeting):
                assert any(role in seat.offers for seat in meeting.seats) or rules.holders(meeting, role), role
            asked = [form for form in meeting.now.phase.forms if not form.about_actions and not form.is_anonymous]
            written = {item.form for item in meeting.items_of(meeting.now.step)}
            assert {form.key for form in asked} <= written, meeting.now.step.key
            if meeting.state.step == meeting.state.steps[-1]:
                break
            steering.steer(tried.meeting_id, tried.lead.seat_id, "next", meeting.state.turn)
        givers = {around.case_giver_id for around in meeting.rounds}
        in_turn, is_divided = load_catalogue()[key].clients is Clients.EACH, load_catalogue()[key].table_size
        if not is_divided:
            assert len(givers) == (len(rules.participants(meeting)) if in_turn else 1), "a turn for each"
        meeting = loading.read(tried.meeting_id)
        steering.steer(tried.meeting_id, tried.lead.seat_id, "end", meeting.state.turn)
        texts = [str(value) for item in meeting.items for value in item.fields.values() if isinstance(value, str)]
    known = {line for lines in (*sayings(language).said.values(), *sayings(language).fields.values()) for line in lines}
    assert len({text for text in texts if text in known}) >= 3, "they say what people of this language say"
    if any(phase.kind is Kind.PICK for phase in load_catalogue()[key].phases):
        said = sayings(language).said
        assert (meeting.rounds[0].title, meeting.rounds[0].question) == (
            said["pick.title"][0],
            said["pick.question"][0],
        )


AT_TABLES = [key for key, method in load_catalogue().items() if method.table_size]


@pytest.mark.parametrize("key", AT_TABLES)
def test_they_divide_into_tables_where_the_method_has_some_and_nothing_of_those_is_left(
    nora: Newcomer, key: str
) -> None:
    with nora.app.app_context():
        before = _counts()
    meeting_id = nora.tries(key)
    assert "Divide into tables" in nora.client.get(f"/meetings/{meeting_id}/console").text
    with nora.app.test_request_context():
        lead_id = moderator_of(meeting_id)
        began = db.session.get_one(models.Meeting, meeting_id).created_at
        dividing.divide(meeting_id, lead_id)
        for name in ("start", *["next"] * loading.read(meeting_id).state.steps.index(_tables_step(meeting_id))):
            steering.steer(meeting_id, lead_id, name, loading.read(meeting_id).state.turn)
        places = [(number, table_ids.table_id(meeting_id, number)) for number in (1, 2)]
        while True:
            act_all(meeting_id)
            found = {number: loading.read(table_id) for number, table_id in places}
            assert all(one.items or not one.now.phase.forms for one in found.values()), "people work at each"
            seen = {number: one.state.turn for number, one in found.items() if not one.state.is_last}
            if not seen:
                break
            steering.steer_tables(meeting_id, lead_id, "next", seen)
        for table in found.values():
            givers = {around.case_giver_id for around in table.rounds}
            assert givers == {seat.id for seat in rules.participants(table)}, "each is client once"
    for _number, table_id in places:
        console = nora.client.get(f"/meetings/{table_id}/console")
        assert console.status_code == 200
        assert f"/meetings/{meeting_id}/phone" in console.text, "the phone beside it goes where its owner sits"
        assert nora.client.get(f"/meetings/{table_id}/report").status_code == 404
    phone = nora.client.get(f"/meetings/{meeting_id}/phone")
    assert phone.location == f"/meetings/{places[-1][1]}/phone"
    with nora.app.test_request_context():
        assert erase_due(began + timedelta(hours=25)) == 1
        after = _counts()
    assert {name: count for name, count in after.items() if count != before[name]} == {
        "organisations": before["organisations"] + 1,
        "users": before["users"] + 1,
    }


def _tables_step(meeting_id: str) -> Step:
    meeting = loading.read(meeting_id)
    return next(step for step in meeting.state.steps if step.id == meeting.tables_step)


@pytest.mark.parametrize("language", languages.complete())
def test_there_are_words_for_every_kind_of_phase(language: str) -> None:
    words = sayings(language)
    assert {kind.value for kind in Kind} <= words.said.keys()
    assert len(words.names) >= 8
    assert len({name.casefold() for name in words.names}) == len(words.names)


def test_one_press_is_one_deed_and_everybody_s_is_the_rest(nora: Newcomer) -> None:
    meeting_id = nora.tries()
    with nora.app.test_request_context():
        snapshot = loading.read(meeting_id)
        moderator = next(seat.id for seat in snapshot.seats if seat.kind == "moderator")
        assert act(meeting_id) == 0, "in the lobby they wait"
        steering.steer(meeting_id, moderator, "start", snapshot.state.turn)
        assert act(meeting_id) == 1
        assert len(loading.read(meeting_id).items) == 1
        assert act_all(meeting_id) >= 3


def test_it_is_led_on_the_console_with_a_wall_and_a_phone_beside_it_and_each_says_demo(nora: Newcomer) -> None:
    meeting_id = nora.tries()
    assert "not connected" not in nora.client.get(f"/meetings/{meeting_id}/console").text.casefold()
    for view in ("console", "phone", "screen"):
        page = nora.client.get(f"/meetings/{meeting_id}/{view}", follow_redirects=True)
        assert page.status_code == 200
        assert "The people here are simulated." in pages.read(page.text).text
    console = pages.read(nora.client.get(f"/meetings/{meeting_id}/console").text)
    assert pages.named(console, "Start"), console.text


def test_nobody_finds_it_in_any_list_or_by_its_code(nora: Newcomer) -> None:
    meeting_id = nora.tries()
    with nora.app.test_request_context():
        code = loading.read(meeting_id).code
    for address in (
        "/",
        "/meetings",
        "/groups",
        "/archive",
        "/archive?q=try",
        "/mine",
        "/proof",
        "/organisation",
        "/account/data.json",
    ):
        found = nora.client.get(address, follow_redirects=True)
        assert meeting_id not in found.text
        assert "Try out a method" not in found.text
    assert nora.client.get(f"/j/{code}").status_code == nora.client.get("/j/00000000").status_code
    assert "Your name" not in nora.client.get(f"/j/{code}").text
    with nora.app.app_context():
        assert db.session.get(models.Meeting, meeting_id) is not None, "it is there"
        assert meeting_id not in {one.thing_id for one in deadlines(clock().check(now()))}


def without_phone(nora: Newcomer, meeting_id: str) -> str:
    """Somebody in the meeting who has none; answers their seat."""
    with nora.app.test_request_context():
        people.add_without_phone(meeting_id, moderator_of(meeting_id), "Zed", "en")
        return next(seat.id for seat in loading.read(meeting_id).seats if seat.name == "Zed")


def moderator_of(meeting_id: str) -> str:
    """The seat of whoever leads."""
    return next(seat.id for seat in loading.read(meeting_id).seats if seat.kind == "moderator")


def test_nothing_answers_of_it_but_its_live_pages(nora: Newcomer) -> None:
    meeting_id = nora.tries()
    given = {"meeting_id": meeting_id, "seat_id": without_phone(nora, meeting_id)}
    with nora.app.test_request_context():
        item_id = next((item.id for item in loading.read(meeting_id).items), "0")
    rules = [
        rule
        for rule in nora.app.url_map.iter_rules()
        if "meeting_id" in rule.arguments and "GET" in (rule.methods or ())
    ]
    assert len([rule for rule in rules if len(rule.arguments) == 1]) > 10
    assert "meetings.personal_code" in {rule.endpoint for rule in rules if len(rule.arguments) > 1}
    answered = set()
    for rule in rules:
        address = re.sub(r"<(?:[^<>:]+:)?([^<>]+)>", lambda part: given.get(part[1], item_id), str(rule))
        if nora.client.get(address).status_code != 404:
            answered.add(rule.endpoint)
    assert answered == {f"meetings.{view}" for view in ("phone", "console", "wall", "see", "now", "token")}


def test_no_personal_code_leads_to_anybody_in_it(nora: Newcomer) -> None:
    meeting_id = nora.tries()
    seat_id = without_phone(nora, meeting_id)
    with nora.app.test_request_context():
        code = accounts.make_code(meeting_id, moderator_of(meeting_id), seat_id)
    assert nora.app.test_client().get(f"/mine/{code}").status_code == 410


@pytest.mark.parametrize("moment", ["lobby", "running", "ended"])
def test_every_link_of_its_pages_leads_somewhere(nora: Newcomer, moment: str) -> None:
    meeting_id = nora.tries()
    without_phone(nora, meeting_id)
    for move in {"lobby": (), "running": ("start",), "ended": ("start", "end")}[moment]:
        with nora.app.test_request_context():
            steering.steer(meeting_id, moderator_of(meeting_id), move, loading.read(meeting_id).state.turn)
    links = set()
    for view in ("console", "phone", "screen"):
        page = pages.read(nora.client.get(f"/meetings/{meeting_id}/{view}", follow_redirects=True).text)
        assert "draft" not in page.text, "there is no report"
        links |= {link["href"] for link in page.all("a") if (link.get("href") or "").startswith("/")}
    assert any("/methods/" in link for link in links)
    assert {link: code for link in links if (code := nora.client.get(link).status_code) >= 400} == {}


def test_the_device_forgets_it_after_a_day_as_well(nora: Newcomer) -> None:
    kept = post(nora.client, "/methods/basis/try").headers.getlist("Set-Cookie")
    seats = [cookie for cookie in kept if cookie.removeprefix("__Host-").startswith(("lead_", "seat_"))]
    assert len(seats) == 2
    assert all("Max-Age=86400" in cookie for cookie in seats), seats


def test_whoever_has_no_account_begins_none(app: Flask) -> None:
    answer = english(app.test_client()).post("/methods/basis/try")
    assert answer.status_code in (302, 400)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(models.Meeting)) == 0


def test_somebody_else_cannot_open_it(nora: Newcomer) -> None:
    meeting_id = nora.tries()
    other = english(nora.app.test_client())
    sign_in(other, nora.user)
    assert other.get(f"/meetings/{meeting_id}/console").status_code == 404, (
        "not even the same account on another device"
    )
    assert other.get(f"/meetings/{meeting_id}/phone").location == "/j?without=seat"


def test_nobody_signs_in_as_the_account_it_is_of(nora: Newcomer) -> None:
    nora.tries()
    with nora.app.app_context():
        nobody = db.session.get(User, NOBODYS)
        assert nobody is not None
        address, is_active = nobody.email, nobody.active
    assert not is_active
    answer = post(nora.app.test_client(), "/login", email=address, password="")
    assert answer.status_code == 422


def test_it_is_erased_after_a_day_and_nothing_of_it_is_left(nora: Newcomer) -> None:
    with nora.app.app_context():
        before = _counts()
    meeting_id = nora.tries()
    with nora.app.test_request_context():
        assert is_demo(meeting_id)
        moderator = next(seat.id for seat in loading.read(meeting_id).seats if seat.kind == "moderator")
        steering.steer(meeting_id, moderator, "start", loading.read(meeting_id).state.turn)
        act_all(meeting_id)
        began = db.session.get_one(models.Meeting, meeting_id).created_at
        assert erase_due(began + timedelta(hours=23)) == 0
        assert erase_due(began + timedelta(hours=25)) == 1
        assert not sealing.opens(meeting_id)
        after = _counts()
    assert {name: count for name, count in after.items() if count != before[name]} == {
        "organisations": before["organisations"] + 1,
        "users": before["users"] + 1,
    }
    assert nora.client.get(f"/meetings/{meeting_id}/console").status_code == 404


def _counts() -> dict[str, int]:
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name != "looks"  # at the clock
    }
