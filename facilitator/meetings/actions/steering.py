"""Steering: one transaction per move. Of two moves chosen on the same screen one wins, the other hears so."""

from __future__ import annotations

from collections.abc import Mapping

from facilitator.core import lengths
from facilitator.core.refusals import Refused
from facilitator.meetings import models, table_ids
from facilitator.meetings.actions import tables
from facilitator.meetings.actions.base import change, require_moderator, require_steering
from facilitator.meetings.actions.moving import make
from facilitator.meetings.machine import State
from facilitator.meetings.moves import FROM_AFAR, MOVES
from facilitator.meetings.nudges import About

MOST_PAGES = 999


def steer(meeting_id: str, seat_id: str, name: str, seen_turn: int, seconds: float = 0, target: str = "") -> State:
    """Makes a move by name for somebody who saw `seen_turn`; raises Refused with the machine's reason."""
    with change(meeting_id) as found:
        move = MOVES.get(name)
        seat = require_steering(found, seat_id)
        if seat.kind == "wall" and not (move and move.for_screens):
            raise Refused("not_moderator", 403)
        if table_ids.number_of(meeting_id) and move and not move.for_tables:
            raise Refused("not_at_a_table")
        state = make(found, name, seen_turn, seconds, target)
        tables.follow(found)
        return state


def steer_tables(meeting_id: str, moderator_id: str, name: str, seen: Mapping[int, int], seconds: float = 0) -> None:
    """Makes a move at tables, by the turn that was seen of each. Of several each moves that can; where none can, it says why."""
    with change(meeting_id) as found:
        require_moderator(found, moderator_id)
        if not found.before.is_apart or name not in FROM_AFAR:
            raise Refused("no_such_move", 422)
        refused = [tables.move(found, number, name, turn, seconds) for number, turn in sorted(seen.items())]
        if None not in refused:
            raise next((one for one in refused if one is not None), Refused("last_step"))


def show(meeting_id: str, seat_id: str, what: str, is_on: bool) -> None:
    """Switches of the room screen: blank it, bring the code back, and whether this device is the big screen."""
    with change(meeting_id) as found:
        require_steering(found, seat_id)
        if what == "blank":
            found.row.is_blanked = is_on
        elif what == "code":
            found.row.code_shown = is_on
        elif what == "screen":
            found.row.is_screen_chosen = is_on
        else:
            raise Refused("bad_choice", 422)


def put_away(meeting_id: str, seat_id: str, step_id: str, about: str, is_on: bool) -> None:
    """What whoever leads does not want to be told any more in a step, or does after all."""
    with change(meeting_id) as found:
        require_moderator(found, seat_id)
        step = found.before.now.step
        if not found.before.now.is_running or step.id != step_id:
            raise Refused("step_over")
        if is_on and about not in set(About):
            raise Refused("bad_choice", 422)
        row = found.session.get_one(models.Step, step.id)
        row.put_away = sorted({*row.put_away, about}) if is_on else []


def turn_page(meeting_id: str, seat_id: str, page: int, pages: int) -> None:
    """Which page of how many the wall shows: it says so itself, and the console asks for another one."""
    if not 1 <= page <= pages <= MOST_PAGES:
        raise Refused("bad_choice", 422)
    with change(meeting_id) as found:
        require_steering(found, seat_id)
        found.row.wall_page, found.row.wall_pages = page, pages


def choose_host(meeting_id: str, seat_id: str, host: str) -> None:
    """Which of this machine's addresses the lobby shows."""
    if len(host) > lengths.HOST:
        raise Refused("bad_choice", 422)
    with change(meeting_id) as found:
        require_steering(found, seat_id)
        found.row.join_host = host or None
