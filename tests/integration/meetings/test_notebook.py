"""Everybody's own notes: they stay through the whole meeting, on the device that wrote them, and are in nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from facilitator.core import lengths, sealing
from facilitator.core.db import db
from facilitator.meetings import loading, models
from facilitator.meetings.actions import erasing, joined_seats, notebooks
from facilitator.meetings.seen import seen_by
from tests import pages
from tests.cast import Cast, Meeting, Person, new_op

pytestmark = pytest.mark.either


def notes(meeting: Meeting, person: Person) -> str:
    """What stands in somebody's notes on the page of their phone."""
    section = pages.read(meeting.get(person).text).one("section", id="notebook")
    return pages.sent_by(section.all("form")[0])["text"].strip()


def note(meeting: Meeting, person: Person, text: str, base: str = "", op: str = "") -> dict[str, str]:
    """Sends notes as a phone does; answers with what the server has now."""
    answer = meeting.post(person, "notebook", op=op or new_op(), text=text, base=base)
    assert answer.status_code == 200, answer.get_json()
    found: dict[str, str] = answer.get_json()["notebook"]
    return found


@pytest.mark.promise("notebook")
def test_what_was_noted_in_one_phase_is_there_in_all_the_others(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("diagnose")
    kept = note(meeting, meeting.gia, "It is about trust")
    for phase in ("advise", "choose", "commit", "learn", "evaluate"):
        meeting.advance_to(phase)
        assert notes(meeting, meeting.gia) == "It is about trust", phase
        kept = note(meeting, meeting.gia, "It is about trust", kept["version"])
    meeting.end()
    assert notes(meeting, meeting.gia) == "It is about trust"


@pytest.mark.promise("notebook")
def test_nobody_else_is_shown_them_and_no_reading_of_the_meeting_holds_them(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("diagnose")
    note(meeting, meeting.gia, "CANARY")
    for person in meeting.people.values():
        assert ("CANARY" in meeting.get(person).text) == (person == meeting.gia), person.name
    with meeting.app.app_context():
        assert "CANARY" not in repr(loading.read(meeting.id))
        stored = db.session.scalars(select(models.Notebook.body).where(models.Notebook.meeting_id == meeting.id)).all()
        assert stored
        assert not any(b"CANARY" in body for body in stored)


@pytest.mark.promise("notebook", "joined-seats")
def test_a_seat_that_the_moderator_joined_to_theirs_does_not_open_them(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("diagnose")
    note(meeting, meeting.gia, "Of Gia's phone")
    again = meeting.join("Gia B")
    with meeting.app.app_context():
        joined_seats.join_seats(meeting.id, meeting.mo.seat_id, again.seat_id, meeting.gia.seat_id)
    assert "Of Gia's phone" not in meeting.get(again).text
    note(meeting, again, "Of the other one")
    assert notes(meeting, meeting.gia) == "Of Gia's phone"
    assert notes(meeting, again) == "Of the other one"
    assert meeting.post(meeting.gia, "same", value="yes", seat=again.seat_id).status_code == 200
    assert notes(meeting, meeting.gia) == "Of Gia's phone\n\nOf the other one", "by proof they are hers"
    assert notes(meeting, again) == notes(meeting, meeting.gia)


@pytest.mark.promise("notebook", "joined-seats")
def test_two_people_after_all_have_their_own_notes_again(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("diagnose")
    note(meeting, meeting.gia, "Of Gia")
    again = meeting.join("Gina")
    with meeting.app.app_context():
        joined_seats.join_seats(meeting.id, meeting.mo.seat_id, again.seat_id, meeting.gia.seat_id)
    note(meeting, again, "Of Gina")
    with meeting.app.app_context():
        joined_seats.part_seats(meeting.id, meeting.mo.seat_id, again.seat_id)
    assert (notes(meeting, meeting.gia), notes(meeting, again)) == ("Of Gia", "Of Gina")


def test_what_was_sent_twice_is_there_once_and_what_two_pages_wrote_is_all_there(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    op = new_op()
    first = note(meeting, meeting.pete, "One", op=op)
    assert note(meeting, meeting.pete, "One", op=op) == first
    second = note(meeting, meeting.pete, "One, and more", first["version"])
    assert notes(meeting, meeting.pete) == "One, and more"
    merged = note(meeting, meeting.pete, "Of another tab", first["version"])
    assert merged["text"] == "One, and more\n\nOf another tab"
    assert notes(meeting, meeting.pete) == merged["text"]
    assert "text" not in second, "what stands there already is not sent back"
    note(meeting, meeting.pete, "", merged["version"])
    assert not notes(meeting, meeting.pete), "and may be emptied"


def test_notes_that_are_too_long_are_refused_in_words_and_stay_as_they_were(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    note(meeting, meeting.pete, "Short")
    answer = meeting.post(meeting.pete, "notebook", op=new_op(), text="x" * (lengths.NOTES + 1))
    assert answer.status_code == 422
    assert answer.get_json()["notice"]
    assert notes(meeting, meeting.pete) == "Short"


def test_notes_that_became_too_long_by_being_put_together_stay_whole_and_only_become_shorter(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    halves = ["a" * (lengths.NOTES - 10), "b" * (lengths.NOTES - 10)]
    note(meeting, meeting.pete, halves[0])
    merged = note(meeting, meeting.pete, halves[1], base="of another page")
    assert merged["text"] == "\n\n".join(halves)
    field = pages.read(meeting.get(meeting.pete).text).one("section", id="notebook").one("textarea")
    assert "maxlength" not in field.attributes, "the browser lets it be sent, too"
    shorter = merged["text"][:-1]
    kept = note(meeting, meeting.pete, shorter, merged["version"])
    for base in (kept["version"], "of a third page"):
        answer = meeting.post(meeting.pete, "notebook", op=new_op(), text=f"{shorter}more", base=base)
        assert answer.status_code == 422
        answer = meeting.post(meeting.pete, "notebook", op=new_op(), text="c", base="of a third page")
        assert answer.status_code == 422
    assert notes(meeting, meeting.pete) == shorter
    note(meeting, meeting.pete, "Short again", kept["version"])
    assert notes(meeting, meeting.pete) == "Short again"


def test_those_who_came_to_listen_and_those_outside_have_none(cast: Cast) -> None:
    meeting = cast.meeting()
    assert "hidden" in pages.read(meeting.get(meeting.pete).text).one("section", id="notebook").attributes
    assert meeting.post(meeting.pete, "notebook", op=new_op(), text="x").status_code == 409, "it has not begun"
    meeting.advance_to("clarify")
    for person, status in ((meeting.mo, 403), (meeting.wall, 403), (meeting.join("Late"), 403)):
        assert meeting.post(person, "notebook", op=new_op(), text="x").status_code == status, person.name
    meeting.expel(meeting.ada)
    assert meeting.post(meeting.ada, "notebook", op=new_op(), text="x").status_code == 403


@pytest.mark.parametrize(
    ("phase", "open_for"),
    [("clarify", set()), ("diagnose", {"Gia"}), ("advise", {"Gia"}), ("choose", set()), ("learn", set())],
)
def test_they_open_by_themselves_where_somebody_only_listens_to_their_case(
    cast: Cast, phase: str, open_for: set[str]
) -> None:
    meeting = cast.meeting()
    meeting.advance_to(phase)
    snapshot = meeting.snapshot
    found = {seat.name: seen_by(snapshot, seat).notebook for seat in snapshot.seats}
    assert {name for name, state in found.items() if state == "open"} == open_for
    assert {name for name, state in found.items() if not state} == {"Mo", ""}


def test_a_method_may_take_them_away_for_a_phase(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    snapshot = meeting.snapshot
    without = snapshot.now.phase.model_copy(update={"notebook": False})
    other = replace(snapshot, phases={**snapshot.phases, snapshot.now.step.id: without})
    pete = next(seat for seat in snapshot.seats if seat.name == "Pete")
    assert (seen_by(snapshot, pete).notebook, seen_by(other, pete).notebook) == ("there", "")


@pytest.mark.promise("notebook", "erasing-by-itself")
def test_they_go_with_what_was_written_in_the_meeting(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    note(meeting, meeting.pete, "Gone soon")
    meeting.end()
    with meeting.app.app_context():
        assert notebooks.notes_of(meeting.pete.seat_id).text == "Gone soon"
        erasing.erase(meeting.id)
        assert db.session.get(models.Notebook, meeting.pete.seat_id) is None
    assert meeting.post(meeting.pete, "notebook", op=new_op(), text="x").status_code == 403


def test_their_writer_takes_them_along_and_nobody_else_does(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    note(meeting, meeting.pete, "To take along")
    found: Callable[[Person], str] = lambda person: meeting.get(person, "mine/data.json").text  # noqa: E731
    assert "To take along" in found(meeting.pete)
    assert "To take along" not in found(meeting.ada)


def test_notes_that_do_not_open_are_named_and_what_is_written_then_is_kept(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    version = note(meeting, meeting.pete, "Lost")["version"]
    with meeting.app.app_context(), db.writing() as session:
        row = session.get_one(models.Notebook, meeting.pete.seat_id)
        row.body = sealing.seal(meeting.id, "elsewhere", {"text": "Lost"})
    assert "cannot be read any more" in meeting.get(meeting.pete).text
    note(meeting, meeting.pete, "New", version)
    assert notes(meeting, meeting.pete) == "New"


def test_without_a_script_they_are_read_on_the_page_and_written_on_the_same_page(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    note(meeting, meeting.pete, "Line one")
    page = meeting.get(meeting.pete, "phone?plain=1")
    section = pages.read(page.text).one("section", id="notebook")
    assert "Line one" in section.text
    assert not section.all("form"), "that page may load itself anew"
    there = pages.read(meeting.client(meeting.pete).get(section.all("a")[0]["href"]).text)
    form = there.one("section", id="notebook").all("form")[0]
    fields = {**pages.sent_by(form), "text": "Line one\r\nLine two"}
    answer = meeting.client(meeting.pete).post(form["action"], data=fields)
    assert answer.status_code == 303, answer.text
    assert "Line one\nLine two" in meeting.get(meeting.pete, "phone?plain=1").text


def test_the_page_of_the_second_device_goes_on_and_takes_nothing_away(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("diagnose")
    note(meeting, meeting.gia, "On the phone that was lost")
    again = meeting.join("Gia B")
    with meeting.app.app_context():
        joined_seats.join_seats(meeting.id, meeting.mo.seat_id, again.seat_id, meeting.gia.seat_id)
    page = note(meeting, again, "On the other one")
    meeting.post(meeting.gia, "same", value="yes", seat=again.seat_id)
    note(meeting, again, "On the other one, and more", page["version"])
    whole = notes(meeting, meeting.gia)
    assert "On the phone that was lost" in whole
    assert "On the other one, and more" in whole
