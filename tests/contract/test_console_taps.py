"""Every tap on the console can be taken back, or asks first. The taps are found on the console itself, in every situation it has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from facilitator.meetings.moves import MOVES
from tests.cast import Cast, Meeting
from tests.pages import Element, read

# What takes a tap back: another one that the console then offers, or the same one with another choice.
TAKEN_BACK = {
    "steer start": "steer to_lobby",
    "steer to_lobby": "steer start",
    "steer back": "steer next",
    "steer undo": "steer next",
    "steer next": "steer undo",
    "steer skip": "steer undo",
    "steer to_closing": "steer undo",
    "steer pause": "steer resume",
    "steer resume": "steer pause",
    "steer extend": "steer shorten",
    "steer shorten": "steer extend",
    "steer next_speaker": "steer give_floor",
    "steer give_floor": "steer give_floor",
    "steer next_item": "steer table",
    "steer table": "steer table",
    "steer take": "steer take",
    "steer reopen": "steer end",
    "people admit": "people expel",
    "people restore": "people expel",
    "people leave": "people back",
    "people back": "people leave",
    "people lock": "people unlock",
    "people unlock": "people lock",
    "people role": "people role",
    "people case_giver": "people case_giver",
    "people add": "people expel",
    "people join": "people part",
    "item done": "item undone",
    "item undone": "item done",
    "item admit": "item remove",
    "show blank on": "show blank off",
    "show blank off": "show blank on",
    "show code on": "show code off",
    "show code off": "show code on",
    "show screen own": "it is a question itself",
    "show screen wall": "it is a question itself",
    "tables order": "tables undo",
    "tables random": "tables undo",
    "tables undo": "tables order",
    "tables place": "tables place",
    "tables next": "tables back",
    "tables back": "tables next",
    "tables pause": "tables resume",
    "tables resume": "tables pause",
    "tables extend": "tables shorten",
    "tables shorten": "tables extend",
    "order -1": "order 1",
    "order 1": "order -1",
    "order": "order",
    "case": "case",
    "host": "host",
    "nudge": "nudge",
    "pair": "people disconnect",
    "proxy": "item remove",
    "action owner": "action owner",
    "action status": "action status",
}
ASKS = {
    *("steer open", "steer reveal", "steer share_out", "steer add_round", "steer stop_case", "steer end"),
    *(
        "people expel",
        "people join",
        "people part",
        "people disconnect",
        "item remove",
        "item drop",
        "item join",
        "signal",
    ),
}


def taps(console: str) -> Iterator[tuple[str, bool]]:
    """What every form of a console does, and whether it lies in something that asks."""
    page = read(console)
    for form in page.all("form"):
        if "data-live" in form.attributes:
            yield named(form), form.is_in("dialog") or is_in_asking(form)


def named(form: Element) -> str:
    """A verb, and which of its taps."""
    verb = form["action"].rpartition("/")[2]
    said = {one["name"]: one.get("value") for one in form.all("input", type="hidden") if one.get("name")}
    parts = [said.get("move"), said.get("do"), said.get("what"), said.get("value") if verb == "show" else None]
    return " ".join(part for part in (verb, *parts, said.get("by")) if part)


def is_in_asking(form: Element) -> bool:
    """Whether it is inside of a part that opens and says what will happen."""
    here: Element | None = form
    while here is not None:
        if "asked" in here.get("class").split():
            return True
        here = here.parent
    return False


@pytest.fixture(scope="module")
def consoles(house: Flask) -> list[str]:
    """The console in every situation that brings out a tap of its own."""
    return list(situations(Cast(house)))


def situations(cast: Cast) -> Iterator[str]:
    """A meeting with everything in it, at one moment after the other."""
    planned = cast.meeting(is_open=False)
    yield planned.screen(planned.mo)
    yield from at_tables(cast)
    first = cast.meeting()
    first.advance_to("commit")
    first.write(first.gia, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    first.end()
    yield first.screen(first.mo)
    meeting = cast.meeting(case_giver=None, continues=first)
    yield meeting.screen(meeting.mo)
    yield from folded(meeting)
    meeting.add_without_phone("Dirk")
    meeting.lock()
    meeting.start()
    yield meeting.screen(meeting.mo)
    meeting.advance_to("pick")
    for person in (meeting.gia, meeting.pete):
        meeting.write(person, "case", title=f"Case of {person.name}")
    yield meeting.screen(meeting.mo)
    meeting.reveal()
    yield meeting.screen(meeting.mo)
    meeting.name_case_giver("Gia")
    meeting.advance_to("clarify")
    for person in (meeting.pete, meeting.ada):
        meeting.write(person, "question", question=f"Why, asks {person.name}?")
    yield meeting.screen(meeting.mo)
    meeting.reveal()
    meeting.next_item()
    meeting.steer("extend", seconds=120)
    yield meeting.screen(meeting.mo)
    meeting.next_item()
    meeting.lock(is_locked=False)
    late = meeting.join("Late")
    meeting.leave(meeting.bob)
    meeting.expel(meeting.cleo)
    pete, again = meeting.pete, meeting.join("Pete", is_again=True)
    meeting.steer("pause")
    yield meeting.screen(meeting.mo)
    meeting.admit(late)
    joined = meeting.post(meeting.mo, "people", do="join", seat=again.seat_id, to=pete.seat_id)
    assert joined.status_code == 200
    step = meeting.step
    meeting.next()
    meeting.send(meeting.ada, meeting.sent("question", step=step, fields={"question": "Too late?"}))
    meeting.post(meeting.ada, "signal", sign="unsafe")
    meeting.post(meeting.mo, "show", what="blank", value="on")
    meeting.post(meeting.mo, "show", what="code", value="on")
    yield meeting.screen(meeting.mo)


def at_tables(cast: Cast) -> Iterator[str]:
    """Before and after people are divided, and while they are at their tables."""
    meeting = cast.meeting("Gia", "Pete", "Ada", "Bob", "Cleo", "Dirk", method="troika", case_giver=None, turns=3)
    yield meeting.screen(meeting.mo)
    meeting.post(meeting.mo, "tables", do="order")
    yield meeting.screen(meeting.mo)
    meeting.advance_to("at_the_tables")
    late = meeting.join("Late")
    meeting.admit(late)
    for move in ("next", "extend", "pause"):
        meeting.post(meeting.mo, "tables", move=move, at=f"1:{meeting.table(1).state.turn}", seconds="120")
    yield meeting.screen(meeting.mo)


def folded(meeting: Meeting) -> Iterator[str]:
    """Before and after it is known which screen the console is on."""
    meeting.post(meeting.mo, "show", what="screen", value="own")
    yield meeting.screen(meeting.mo)


def test_every_tap_on_the_console_can_be_taken_back_or_asks_first(consoles: list[str]) -> None:
    found = {tap: asks for console in consoles for tap, asks in taps(console)}
    assert len(found) > 40, f"there was something to see: {sorted(found)}"
    without = [tap for tap, asks in found.items() if not asks and tap not in TAKEN_BACK]
    assert without == []
    assert [tap for tap, asks in found.items() if tap in ASKS - TAKEN_BACK.keys() and not asks] == []


def test_what_takes_a_tap_back_is_on_the_console_too(consoles: list[str]) -> None:
    offered = {tap for console in consoles for tap, _ in taps(console)}
    wanted = {back for tap, back in TAKEN_BACK.items() if tap in offered and back.split()[0] in WORDS}
    assert wanted - offered <= NEEDS_A_MOMENT


WORDS = {tap.split()[0] for tap in TAKEN_BACK}
NEEDS_A_MOMENT = {"steer give_floor", "order", "order -1", "order 1"}


def test_every_move_is_known_here() -> None:
    known = {tap.partition(" ")[2] for tap in (*TAKEN_BACK, *ASKS) if tap.startswith("steer ")}
    assert set(MOVES) == known


def test_a_move_that_cannot_be_taken_back_has_its_question() -> None:
    asking = {tap.partition(" ")[2] for tap in ASKS if tap.startswith("steer ")}
    assert [name for name in asking if MOVES[name].question is None] == []


def test_time_that_was_added_is_taken_off_again(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.start()
    planned = meeting.step.planned + meeting.step.added
    meeting.steer("extend", seconds=120)
    assert meeting.step.added == 120
    meeting.steer("shorten", seconds=120)
    assert meeting.step.planned + meeting.step.added == planned
    assert "Take the time off again" not in meeting.screen(meeting.mo)
