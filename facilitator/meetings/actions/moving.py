"""One move of a meeting, made within a transaction: its new state, its place in the record, and what follows from it in the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from facilitator.core.db import now
from facilitator.core.refusals import Refused
from facilitator.meetings import loading, machine, models
from facilitator.meetings.actions import rounds, signals
from facilitator.meetings.actions.anonymising import mix_anonymous
from facilitator.meetings.actions.base import Change
from facilitator.meetings.actions.bringing import bring_along
from facilitator.meetings.actions.choosing_case import choose_case
from facilitator.meetings.actions.offering import bring_in
from facilitator.meetings.actions.table import tick_off
from facilitator.meetings.machine import Refusal, State, Status, Step
from facilitator.meetings.moves import MOVES, Asked
from facilitator.meetings.snapshot import Item, Round
from facilitator.methods.vocabulary import Kind


def make(found: Change, name: str, seen_turn: int, seconds: float = 0, target: str = "") -> State:
    """Makes a move by name, chosen on the screen of `seen_turn`; raises Refused with the machine's reason."""
    moment = now()  # not before: whoever waited for others must not come before them in time
    before, move = found.before, MOVES.get(name)

    def made(state: State, moment: datetime) -> State | Refusal:
        if move is None:
            raise Refused("no_such_move", 422)
        return move.does(Asked(before, seconds, target))(state, moment)

    state = machine.apply(made, before.state, seen_turn, moment)
    if isinstance(state, Refusal) or move is None:
        raise Refused(state.reason.value if isinstance(state, Refusal) else "no_such_move")
    loading.store(found.session, found.row, state)
    _write_down(found, name, state, moment)
    move.follows(before, state, _Table(found, target))
    has_left = before.state.here != state.here
    if has_left or state.status is Status.ENDED:
        mix_anonymous(found, before.now.step)
    if state.status is Status.ENDED:
        signals.delete_all(found)
    found.row.wall_page = found.row.wall_pages = 1  # the wall says how many there are now
    if has_left:
        found.row.code_shown = found.row.is_blanked = False
    if state.step is not None and state.step.kind is Kind.PICK:
        bring_in(found.session, found.row.id)
    return state


def _write_down(found: Change, name: str, state: State, moment: datetime) -> None:
    has_turned = state.is_clock_running != found.before.state.is_clock_running
    found.session.add(
        models.Transition(meeting_id=found.row.id, turn=state.turn, move=name, at=moment if has_turned else None)
    )


@dataclass(frozen=True)
class _Table:
    """What follows from a move, in the rows of the meeting."""

    found: Change
    target: str

    def reveal(self, items: Iterable[Item]) -> None:
        for item in items:
            self.found.item_row(item.id).is_revealed = True

    def mix(self, step: Step) -> None:
        mix_anonymous(self.found, step)

    def tick_off(self, item_id: str) -> None:
        row = self.found.session.get(models.Contribution, item_id)
        if row is not None and row.meeting_id == self.found.row.id:
            tick_off(self.found, row)

    def choose_case(self, step: Step) -> None:
        choose_case(self.found, step)

    def settle(self, rounds: Iterable[Round]) -> None:
        for around in rounds:
            row = self.found.session.get_one(models.Round, around.id)
            row.is_told = row.case_giver_id is not None

    def stop(self, around: Round | None, is_stopped: bool = True) -> None:
        if around is not None:
            self.found.session.get_one(models.Round, around.id).is_stopped = is_stopped

    def bring_along(self) -> None:
        bring_along(self.found)

    def hold_all(self) -> None:
        steps = self.found.session.scalars(select(models.Step).where(models.Step.meeting_id == self.found.row.id))
        rows = list(steps)
        further = [around.id for around in self.found.before.rounds[1:]]
        plan = {
            row.id: row.round_id if row.round_id in further else None for row in rows
        }  # minutes stay with their method
        for row in rows:
            row.is_time_told = False
        for left_out in (row for row in rows if row.is_left_out and not row.phase.get("option_of")):
            left_out.is_left_out = False
            goal = left_out.phase.get("minutes_to")
            for row in (row for row in rows if goal and row.phase["key"] == goal and plan[row.id] == plan[left_out.id]):
                row.planned -= left_out.planned

    def take(self, held: Step, key: str, by_most: bool = False) -> None:
        rounds.take(self.found, held.id, key, is_taken=not by_most)

    def add_round(self) -> None:
        rounds.add_round(self.found, self.target)

    def give_turn(self, step: Step) -> None:
        rounds.give_turn(self.found, step)

    def offer_again(self, step: Step) -> None:
        rounds.offer_again(self.found, step)
