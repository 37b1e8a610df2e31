"""Does the checker bite? Each promise is broken once in a meeting that really took place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from facilitator.meetings.models import Transition
from facilitator.meetings.snapshot import Snapshot
from tests.cast import Cast
from tests.faults.checker import Line, findings, out_of_time

PETE = "What happened then?"


@pytest.fixture
def evening(app: Flask) -> Iterator[tuple[list[Line], Snapshot, dict[str, str]]]:
    """Pete asked one question, and that is written down as it was."""
    meeting = Cast(app).meeting()
    meeting.advance_to("clarify")
    before = {item.id for item in meeting.snapshot.items}
    meeting.write(meeting["Pete"], "question", question=PETE)
    found = meeting.snapshot
    found = replace(found, items=tuple(item for item in found.items if item.id not in before))
    assert found.now.is_running
    asked = {"kind": "write", "op": "1", "who": "Pete", "step": found.now.step.id, "form": "question", "turn": 3}
    lines: list[Line] = [
        {"what": "invoke", **asked, "fields": {"question": PETE}},
        {"what": "ok", "kind": "write", "op": "1", "turn": 3},
    ]
    with app.app_context():
        yield lines, found, {"Pete": meeting["Pete"].seat_id}


def wrong(lines: list[Line], snapshot: Snapshot, seats: dict[str, str], path: list[Transition] | None = None) -> str:
    """What the checker says, the path of the meeting aside unless it is given."""
    said = findings(lines, snapshot, path or [], seats)
    return " ".join(line for line in said if path or not line.startswith(("I3: the meeting stands", "I4")))


def test_it_is_silent_where_nothing_is_wrong(evening: tuple[list[Line], Snapshot, dict[str, str]]) -> None:
    assert wrong(*evening) == ""


def test_it_sees_an_acknowledged_text_that_is_lost(evening: tuple[list[Line], Snapshot, dict[str, str]]) -> None:
    lines, snapshot, seats = evening
    assert "ok and is stored 0 times" in wrong(lines, replace(snapshot, items=()), seats)


def test_it_sees_a_text_that_is_stored_twice(evening: tuple[list[Line], Snapshot, dict[str, str]]) -> None:
    lines, snapshot, seats = evening
    assert "stored 2 times" in wrong(lines, replace(snapshot, items=snapshot.items * 2), seats)


def test_it_sees_a_text_that_nobody_sent(evening: tuple[list[Line], Snapshot, dict[str, str]]) -> None:
    _lines, snapshot, seats = evening
    assert "nobody sent" in wrong([], snapshot, seats)


def test_it_sees_a_text_under_another_name(evening: tuple[list[Line], Snapshot, dict[str, str]]) -> None:
    lines, snapshot, _seats = evening
    assert "wrong author" in wrong(lines, snapshot, {"Pete": "somebody else"})


def test_it_sees_a_jump_and_a_missing_turn(evening: tuple[list[Line], Snapshot, dict[str, str]]) -> None:
    lines, snapshot, seats = evening
    path = [Transition(turn=2, move="dance")]
    said = [line for line in findings(lines, replace(snapshot, items=()), path, seats) if line.startswith("I3")]
    assert len(said) == 3, said


def test_it_sees_a_second_winner(evening: tuple[list[Line], Snapshot, dict[str, str]]) -> None:
    lines, snapshot, seats = evening
    for op in ("a", "b"):
        lines += [{"what": "invoke", "kind": "steer", "op": op, "move": "next", "turn": 3}]
        lines += [{"what": "ok", "kind": "steer", "op": op}]
    assert "2 moves won on turn 3" in wrong(lines, snapshot, seats)


def test_it_sees_a_text_in_a_step_that_was_over(evening: tuple[list[Line], Snapshot, dict[str, str]]) -> None:
    """Pete's question came in before anybody moved on; then the same, sent after Mo was told that the group has."""
    lines, snapshot, _seats = evening
    moves = ["open", "start", *["next"] * (snapshot.state.here + 1)]
    path = [Transition(turn=turn, move=move) for turn, move in enumerate(moves, start=1)]
    here, after = len(path) - 1, len(path)
    asked, told = lines
    in_time: list[Line] = [{**asked, "turn": here}, {**told, "turn": after}]
    assert list(out_of_time(in_time, snapshot, path)) == []
    moved: list[Line] = [
        {"what": "invoke", "kind": "steer", "op": "2", "move": "next", "turn": here},
        {"what": "ok", "kind": "steer", "op": "2"},
    ]
    assert "not at hand" in " ".join(out_of_time([*moved, *in_time], snapshot, path))
