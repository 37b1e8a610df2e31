"""Screens that are equal are rendered once. Whoever shares one gets byte for byte what they would get alone, with their
own name in it and nobody else's.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from types import FrameType

import pytest
from flask import Flask
from markupsafe import escape

from facilitator.meetings import screens, seats
from facilitator.meetings.screens import Renderer
from tests.both_ways import both_ways
from tests.cast import Cast, Meeting
from tests.pages import read
from tests.phones import Device, device, settle

ODD = "<b>Eve</b> & 'Co'"


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    """One of them has a name that is markup."""
    return Cast(app).meeting("Gia", "Pete", "Ada", "Bob", ODD)


def test_in_every_phase_a_shared_screen_is_what_each_would_get_alone(meeting: Meeting) -> None:
    seen = set()
    nothing_is_mixed_up(meeting)
    for step in meeting.state.steps:
        if step.key in ("follow_up", "pick"):
            continue
        meeting.play_to(step.key)
        nothing_is_mixed_up(meeting)
        meeting.play_step()
        nothing_is_mixed_up(meeting)
        seen.add(step.key)
    meeting.end()
    nothing_is_mixed_up(meeting)
    assert len(seen) >= 8, "the whole meeting was looked at"


def test_peers_who_did_nothing_yet_share_one_rendering(meeting: Meeting) -> None:
    meeting.advance_to("clarify")
    with meeting.app.app_context():
        snapshot = meeting.snapshot
        renderer = Renderer(snapshot)
        for seat in snapshot.seats:
            if seat.kind == "participant":
                renderer.shared(seat, "phone")

    assert len(renderer.phones.done) == 2, "the case giver's and the peers'"


def test_a_digest_is_the_same_in_every_process(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting.advance_to("clarify")
    here = digests(meeting)
    monkeypatch.setattr(screens, "NAME", "name-of-another-process")

    assert digests(meeting) == here


def test_a_screen_with_a_name_in_it_is_nobody_elses(meeting: Meeting) -> None:
    meeting.start()
    meeting.end()

    with meeting.app.app_context():
        snapshot = meeting.snapshot
        renderer = Renderer(snapshot)
        found = {s.name: renderer.payload(s, "phone") for s in snapshot.seats if s.kind == "participant"}
    for name, payload in found.items():
        assert f"Thank you, {escape(name)}" in payload["html"]
    assert len({payload["digest"] for payload in found.values()}) == 5


@pytest.mark.parametrize("phase", ["clarify", "advise", "evaluate"])
def test_one_more_phone_costs_as_much_in_a_full_room_as_in_an_empty_one(app: Flask, phase: str) -> None:
    few, many = (Cast(app).meeting(*people(count), capacity=100) for count in (8, 60))
    for meeting in (few, many):
        meeting.advance_to(phase)

    assert work_for_the_last(many) <= 1.1 * work_for_the_last(few)


def people(count: int) -> list[str]:
    """Gia and many others."""
    return ["Gia", *(f"Peer {number}" for number in range(1, count))]


def work_for_the_last(meeting: Meeting) -> int:
    """How many functions are called and steps of generators taken to build one more phone's screen."""
    done = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal done
        done += event == "call"

    with meeting.app.app_context():
        snapshot = meeting.snapshot
        renderer = Renderer(snapshot)
        *others, last = (seat for seat in snapshot.seats if seat.kind == "participant")
        for seat in others:
            renderer.shared(seat, "phone")
        sys.setprofile(count)
        try:
            renderer.shared(last, "phone")
        finally:
            sys.setprofile(None)
    return done


def nothing_is_mixed_up(meeting: Meeting) -> None:
    """Compares one renderer for everybody with a renderer for each, and with what is drawn from the whole meeting."""
    with meeting.app.app_context():
        snapshot = meeting.snapshot
        both_ways(snapshot)
        together = Renderer(snapshot)
        for seat in snapshot.seats:
            view = {"participant": "phone", "moderator": "console", "wall": "wall"}[seat.kind]
            alone = Renderer(replace(snapshot)).payload(seat, view)
            assert together.payload(seat, view)["html"] == alone["html"]
            assert together.payload(seat, view)["digest"] == alone["digest"]
            assert screens.NAME not in alone["html"]
            assert screens.AS not in alone["html"]
            if view == "phone":
                assert ODD not in alone["html"], "a name is never markup"


def test_a_hidden_text_of_ones_own_that_does_not_open_is_spoken_of_in_ones_own_language(meeting: Meeting) -> None:
    meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question="What did you do then?")
    with meeting.app.app_context():
        whole = replace(meeting.snapshot, unreadable="In another language.")
        read_by_another = replace(whole, items=tuple(replace(item, fields={}, is_damaged=True) for item in whole.items))
        seat = read_by_another.seat(meeting.pete.seat_id)
        assert seat is not None
        html = both_ways(read_by_another, before=both_ways(whole)).html(seat, "phone")
    assert "This text cannot be read any more." in html
    assert "In another language." not in html


def digests(meeting: Meeting) -> list[str]:
    """What tells the phones' screens apart."""
    with meeting.app.app_context():
        snapshot = meeting.snapshot
        renderer = Renderer(snapshot)
        return [renderer.payload(seat, "phone")["digest"] for seat in snapshot.seats if seat.kind == "participant"]


# -- Two people on one phone -------------------------------------------------------------------------------------------


def shared_phone(meeting: Meeting) -> tuple[Device, Device]:
    """Pete's phone, that Ada uses as well."""
    pete = device(meeting, meeting.pete)
    with meeting.app.app_context():
        name = seats.cookie_name(meeting.id, "phone", 2)
    pete.client.set_cookie(name, meeting.ada.token)
    return pete, Device(meeting, meeting.ada, pete.client, as_seat=2)


def leads_to(html: str) -> set[str]:
    """Where the screen of a meeting leads."""
    return {link["href"] for link in read(html).one("main", id="stage").all("a")}


@pytest.mark.parametrize("who_gives", ["Gia", "Ada"])
def test_the_screen_of_the_second_on_a_phone_leads_to_their_own_pages(app: Flask, who_gives: str) -> None:
    meeting = Cast(app).meeting("Gia", "Pete", "Ada")
    meeting.start()
    meeting.name_case_giver(who_gives)
    first, second = shared_phone(meeting)
    first.listen()
    second.listen()
    for one in (first, second):
        one.hears()
    meeting.end()
    settle(meeting.app)
    pages = {f"/meetings/{meeting.id}/mine", f"/meetings/{meeting.id}/proof"}
    approve = {f"/meetings/{meeting.id}/report/approve?as=2"} if who_gives == "Ada" else set()
    for one, own in ((first, pages), (second, {f"{page}?as=2" for page in pages} | approve)):
        one.hears()
        assert leads_to(one.payloads[-1]["html"]) == own, "as it was pushed"
        page = one.get(one.address)
        assert leads_to(page.text) == own, "and as it is loaded"
        assert all(one.get(path).status_code == 200 for path in own)


def test_whoever_left_as_the_second_on_a_phone_finds_their_own_page(app: Flask) -> None:
    meeting = Cast(app).meeting("Gia", "Pete", "Ada")
    meeting.start()
    _first, second = shared_phone(meeting)
    answer = second.post("leave")
    assert answer.status_code in (200, 303), answer.status_code
    meeting.end()
    assert leads_to(second.get(second.address).text) == {f"/meetings/{meeting.id}/mine?as=2"}
    assert "Ada" in second.get(f"/meetings/{meeting.id}/mine?as=2").text
