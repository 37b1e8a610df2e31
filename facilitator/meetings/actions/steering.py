"""Steering: one transaction per move. Of two moves chosen on the same screen one wins, the other hears so."""

from __future__ import annotations

import secrets
from datetime import datetime

from facilitator.core import lengths
from facilitator.core.db import now
from facilitator.core.refusals import Refused
from facilitator.meetings import loading, machine, models, rules
from facilitator.meetings.actions.anonymising import mix_anonymous
from facilitator.meetings.actions.base import Change, change
from facilitator.meetings.actions.choosing import choose_case
from facilitator.meetings.machine import Move, Refusal, State
from facilitator.methods import timing
from facilitator.methods.vocabulary import Kind, Needs, Pace, Part

WALL_MOVES = frozenset(
    {"start", "next", "back", "pause", "resume", "extend", "reveal", "next_item", "next_speaker", "end"}
)


def steer(meeting_id: str, seat_id: str, name: str, seen_turn: int, seconds: float = 0, target: str = "") -> State:
    """Makes a move by name for somebody who saw `seen_turn`; raises Refused with the machine's reason."""
    with change(meeting_id) as found:
        moment = now()  # not before: whoever waited for others must not come before them in time
        _require_steering(found, seat_id, name)
        if seen_turn != found.before.state.turn:
            raise Refused("moved_already")
        move = _move(found, name, seconds, target)
        if name == "start":
            _leave_out(found)
        here = found.before.state.here
        state = machine.apply(move, _state(found) if name == "start" else found.before.state, seen_turn, moment)
        if isinstance(state, Refusal):
            raise Refused(state.reason.value)
        loading.store(found.session, found.row, state)
        _write_down(found, name, state, moment)
        _consequences(found, name, here, state)
        return state


def show(meeting_id: str, seat_id: str, what: str, is_on: bool) -> None:
    """Switches of the room screen: blank it, bring the code back, and whether this device is the big screen."""
    with change(meeting_id) as found:
        _require_steering(found, seat_id, "pause")
        if what == "blank":
            found.row.is_blanked = is_on
        elif what == "code":
            found.row.code_shown = is_on
        elif what == "screen":
            found.row.is_screen_chosen = is_on
        else:
            raise Refused("bad_choice", 422)


def choose_host(meeting_id: str, seat_id: str, host: str) -> None:
    """Which of this machine's addresses the lobby shows."""
    if len(host) > lengths.HOST:
        raise Refused("bad_choice", 422)
    with change(meeting_id) as found:
        _require_steering(found, seat_id, "pause")
        found.row.join_host = host or None


def _require_steering(found: Change, seat_id: str, name: str) -> None:
    seat = found.seat(seat_id)
    if rules.is_moderator(found.before, seat):
        return
    if seat.kind == "wall" and not seat.is_expelled and name in WALL_MOVES:
        return
    raise Refused("not_moderator", 403)


def _move(found: Change, name: str, seconds: float, target: str) -> Move:
    before = found.before
    if name in machine.SIMPLE_MOVES:
        return machine.SIMPLE_MOVES[name]
    if name == "extend":
        return machine.extend(seconds)
    if name == "reveal":
        return machine.reveal(len(rules.hidden_items(before)), rules.may_reveal(before))
    if name == "next_speaker":
        return machine.next_speaker(_speakers(found))
    if name == "give_floor":
        return machine.give_floor(target, _speakers(found))
    if name == "next_item":
        return _next_item(found)
    if name == "table":
        return machine.put_on_table(_tabled(found, target))
    raise Refused("no_such_move", 422)


def _state(found: Change) -> State:
    return loading.state_of(found.row, loading.step_rows(found.session, found.row.id), found.before.phases)


def _speakers(found: Change) -> tuple[str, ...]:
    """Table order; a round that has not begun starts at a random seat."""
    order = rules.speakers(found.before)
    step = found.before.step
    if step is None or step.speakers or not order:
        return order
    start = secrets.randbelow(len(order))
    return order[start:] + order[:start]


def _next_item(found: Change) -> Move:
    waiting = rules.items_waiting(found.before)

    def move(state: State, moment: datetime) -> State | Refusal:
        if state.status is not machine.Status.RUNNING:
            return Refusal(machine.Reason.NOT_RUNNING)
        if not waiting:
            return Refusal(machine.Reason.NO_NEXT_ITEM)
        return machine.put_on_table(waiting[0].id)(state, moment)

    return move


def _tabled(found: Change, target: str) -> str | None:
    if not target:
        return None
    item = found.before.item(target)
    step = found.before.step
    is_text = item is not None and step is not None and item.step_id == step.id and item.is_shown
    if not is_text and not any(action.id == target for action in rules.actions_to_answer(found.before)):
        raise Refused("no_such_item", 404)
    return target


def _leave_out(found: Change) -> None:
    """Drops the phases there is nothing for, and gives their minutes where the method says."""
    met = set()
    if rules.actions_to_answer(found.before):
        met.add(Needs.OPEN_ACTIONS)
    around = found.before.round_of(None)
    if around is None or around.case_giver_id is None:
        met.add(Needs.CASE_TO_CHOOSE)
    rows = loading.step_rows(found.session, found.row.id)
    phases = [found.before.phases[row.id].model_copy(update={"minutes": row.planned / 60}) for row in rows]
    held = {phase.key: phase.minutes for phase in timing.left_out(phases, met)}
    for row, phase in zip(rows, phases, strict=True):
        row.is_left_out = phase.key not in held
        row.planned = held.get(phase.key, phase.minutes) * 60
    found.session.flush()


def _write_down(found: Change, name: str, state: State, moment: datetime) -> None:
    has_turned = state.is_clock_running != found.before.state.is_clock_running
    found.session.add(
        models.Transition(meeting_id=found.row.id, turn=state.turn, move=name, at=moment if has_turned else None)
    )


def _consequences(found: Change, name: str, here: int, state: State) -> None:
    """What a move does to texts: reveal them, tick off the one that was talked about, choose the case."""
    before = found.before
    if name == "reveal":
        _reveal(found, tuple(item.id for item in rules.hidden_items(before)))
    if name in ("next_speaker", "give_floor") and state.step is not None and state.step.pace is Pace.ROUND:
        mine = [i.id for i in rules.hidden_items(before) if i.seat_id == state.step.speaker and i.seat_id]
        _reveal(found, tuple(mine))
    if name == "next_item" and before.step is not None and before.step.item:
        _tick_off(found, before.step.item)
    _follow_case(found, name, here, state)
    if name == "reveal" or here != state.here or state.status is machine.Status.ENDED:
        mix_anonymous(found, before.step)
    if here != state.here:
        found.row.code_shown = False
        found.row.is_blanked = False


def _follow_case(found: Change, name: str, here: int, state: State) -> None:
    """Chooses the case when the group moves on from choosing; remembers that one was stopped, unless they go back."""
    before = found.before
    if name in ("next", "skip") and here >= 0 and before.state.steps[here].kind is Kind.PICK:
        choose_case(found, before.state.steps[here])
    around = before.round_of(state.step if name in ("back", "undo") else before.step)
    row = found.session.get(models.Round, around.id) if around else None
    if row is not None and name == "stop_case":
        row.is_stopped = True
    _settle_giver(found, name, here)
    if row is not None and name in ("back", "undo") and state.step is not None and state.step.part is not Part.CLOSING:
        row.is_stopped = False


def _settle_giver(found: Change, name: str, here: int) -> None:
    """Going on from a phase of a case makes it the case of whoever gives it; the end does so for all of them."""
    left = found.before.state.steps[here].round_id if here >= 0 else None
    for around in found.before.rounds:
        row = found.session.get(models.Round, around.id)
        if row is not None and (name == "end" or (name in ("next", "skip", "stop_case") and around.id == left)):
            row.is_told = row.case_giver_id is not None


def _reveal(found: Change, item_ids: tuple[str, ...]) -> None:
    for item_id in item_ids:
        found.item_row(item_id).is_revealed = True


def _tick_off(found: Change, item_id: str) -> None:
    row = found.session.get(models.Contribution, item_id)
    if row is not None and row.meeting_id == found.row.id and not row.is_done:
        row.is_done = True
