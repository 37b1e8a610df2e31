"""A move is one thing in one list: whoever adds one there finds it on the screens that offer it, and nowhere else."""

from __future__ import annotations

import pytest
from flask_babel import LazyString

from facilitator.core.refusals import Refused
from facilitator.meetings import machine
from facilitator.meetings.machine import Status
from facilitator.meetings.moves import LIST, MOVES, Move
from tests.cast import Cast, Meeting, Person
from tests.pages import Element, named
from tests.phones import device

LABEL = "Breathe together"
BREATHE = Move(
    name="breathe",
    label=LazyString(str, LABEL),
    does=lambda _asked: machine.extend(60),
    follows=lambda before, _after, table: table.stop(before.now.round),
    is_offered=lambda found: found.state.status is Status.RUNNING,
    for_screens=True,
    can_be_undone=True,
    place="bar",
    keys=("z",),
)


@pytest.fixture
def breathing(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    """A meeting in its second phase, in a house that knows one move more."""
    meeting.next()
    assert not named(opened(meeting, meeting.mo), LABEL)
    assert refused(meeting, "breathe").code == "no_such_move"
    monkeypatch.setitem(MOVES, BREATHE.name, BREATHE)
    return meeting


def opened(meeting: Meeting, person: Person) -> Element:
    return device(meeting, person).open()


def refused(meeting: Meeting, move: str, by: Person | None = None, turn: int | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        meeting.steer(move, by, turn)
    return caught.value


def test_a_move_that_is_added_to_the_list_is_offered_and_can_be_made(breathing: Meeting) -> None:
    mo, turn = device(breathing, breathing.mo), breathing.state.turn
    (button,) = named(mo.open(), LABEL)
    page = mo.press(button)
    assert breathing.step.added == 60
    assert (breathing.state.turn, breathing.snapshot.last_move) == (turn + 1, "breathe")
    assert [found.is_stopped for found in breathing.snapshot.rounds] == [True], "what follows was done"
    assert named(page, "Undo")
    assert refused(breathing, "breathe", turn=turn).code == "moved_already"


def test_it_is_on_the_wall_with_its_key_and_on_no_phone(breathing: Meeting) -> None:
    (button,) = named(opened(breathing, breathing.wall), LABEL)
    assert button.around("form").get("data-keys") == "z"
    breathing.steer("breathe", breathing.wall)
    for person in breathing.participants:
        assert LABEL not in opened(breathing, person).text
        assert refused(breathing, "breathe", person).status == 403
        assert breathing.post(person, "steer", move="breathe", turn=str(breathing.state.turn)).status_code == 403


def test_a_move_that_is_not_for_screens_is_not_on_the_wall(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = Move(
        name="breathe",
        label=LazyString(str, LABEL),
        does=BREATHE.does,
        is_offered=BREATHE.is_offered,
        place="menu",
    )
    monkeypatch.setitem(MOVES, quiet.name, quiet)
    assert named(opened(meeting, meeting.mo), LABEL)
    assert not named(opened(meeting, meeting.wall), LABEL)
    assert refused(meeting, "breathe", meeting.wall).status == 403
    meeting.steer("breathe")
    assert not named(opened(meeting, meeting.mo), "Undo")


@pytest.mark.parametrize("status", ["planned", "lobby", "running", "ended"])
def test_the_wall_offers_nothing_it_may_not_do(cast: Cast, status: str) -> None:
    meeting = cast.meeting(is_open=status != "planned")
    for move in {"running": ("start",), "ended": ("start", "end")}.get(status, ()):
        meeting.steer(move)
    assert meeting.state.status == status
    fields = opened(meeting, meeting.wall).all("input", name="move")
    offered = {field["value"] for field in fields}
    assert offered <= {move.name for move in LIST if move.for_screens}
    assert bool(offered) == (status in ("lobby", "running"))


def test_one_more_case_is_a_move_like_others(meeting: Meeting) -> None:
    meeting.next()
    turn, steps = meeting.state.turn, len(meeting.state.steps)
    assert refused(meeting, "add_round", meeting.wall).status == 403
    assert refused(meeting, "add_round", turn=turn - 1).code == "moved_already"
    mo = device(meeting, meeting.mo)
    (asking, button) = named(mo.open(), "Add another case", in_dialogs=True)
    assert asking["data-opens"] == "add-round"
    assert not named(mo.press(button), "Undo"), "it can be left unused, not taken back"
    assert meeting.snapshot.last_move == "add_round"
    assert (meeting.state.turn, len(meeting.snapshot.rounds)) == (turn + 1, 2)
    assert len(meeting.state.steps) > steps


def test_what_may_ask_has_a_question_and_every_name_is_there_once() -> None:
    never = Move.__dataclass_fields__["asks"].default
    assert len(MOVES) == len(LIST)
    may_ask = {move.name: move.asks is not never or move.asks_on_console for move in LIST}
    assert may_ask == {move.name: move.question is not None for move in LIST}
