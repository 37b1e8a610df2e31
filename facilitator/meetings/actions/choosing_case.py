"""Whose case it will be: the one with most dots when the group goes on from choosing, or the next one when its owner would
rather not. That somebody would rather not is kept with their seat, where no other verb writes: no rule takes a case of theirs
again in this meeting, whatever the group does. Only a moderator who asks them may still name them.
"""

from __future__ import annotations

from sqlalchemy import select

from facilitator.core.refusals import Refused
from facilitator.core.text import is_same_name, name_key
from facilitator.meetings import models, rules
from facilitator.meetings.actions.base import Change, change, require_here, require_open
from facilitator.meetings.actions.rounds import give_turn
from facilitator.meetings.actions.table import drop_case, take_case
from facilitator.meetings.machine import Step
from facilitator.meetings.seen import seen_by
from facilitator.meetings.snapshot import Round
from facilitator.methods.vocabulary import Part


def choose_case(found: Change, step: Step) -> None:
    """Takes the case with most dots when the group moves on from choosing. What nobody revealed stays hidden, unless
    nothing was revealed at all: then moving on is the choice, and only the chosen case comes out.
    """
    around = found.before.round_of(step)
    row = found.session.get(models.Round, around.id) if around else None
    if around is None or row is None or around.is_told:
        return  # what was told stays theirs, however often the group comes by here
    if row.is_set:
        _take_own_case(found, row, step)
    else:
        _take_winner(found, around, row, step)


def decline(meeting_id: str, seat_id: str) -> None:
    """Rather not: somebody who was chosen gives the case away. What they and others wrote of it for the group goes off the
    screen; the rule takes the next case, and where there is none the moderator names somebody.
    """
    with change(meeting_id) as found:
        require_open(found)
        seat = require_here(found, seat_id)
        if not seen_by(found.before, seat).may_decline:
            raise Refused("not_yours")
        around = found.before.now.round
        row = found.session.get(models.Round, around.id) if around else None
        assert around is not None
        assert row is not None
        found.seat_row(seat.id).declines = True
        _take_off_the_screen(found, around)
        drop_case(row)
        row.case_giver_id, row.is_set, row.is_told = None, False, False
        found.session.flush()
        if around.is_in_turn and found.before.now.is_running:
            give_turn(found, found.before.now.step)
        offered = rules.picking(found.before, around)
        if offered is not None and found.before.now.step.round_id == around.id:
            _take_winner(found, around, row, offered)


def _take_winner(found: Change, around: Round, row: models.Round, step: Step) -> None:
    taken = frozenset(other.case_id for other in found.before.rounds if other.id != around.id)
    chosen = rules.winning_case(found.now(), step, _earlier_givers(found), taken)
    if chosen is None or chosen.id == row.case_id:
        return  # chosen before: what became of its question since then stays
    take_case(found, row, chosen)
    row.case_giver_id = chosen.seat_id  # of one that was brought along and nobody claimed, nobody knows whose it is


def _take_own_case(found: Change, row: models.Round, step: Step) -> None:
    """Somebody was named case giver before their case was shown: it comes out now that the group moves on to it."""
    own = (item for item in found.before.items_of(step) if item.seat_id == row.case_giver_id)
    case = next((item for item in own if item.is_hidden or item.is_shown), None)
    if row.case_id is None and row.case_giver_id is not None and case is not None:
        take_case(found, row, case)


def _take_off_the_screen(found: Change, around: Round) -> None:
    """Everything of this case: whoever gives the next one has no part in it. Out of the moderator's reach as well: what
    somebody took back is not theirs to put on the table again.
    """
    steps = {step.id for step in found.before.state.steps if step.round_id == around.id and step.part is Part.ROUND}
    for item in found.before.items:
        form = found.before.phases[item.step_id].form(item.form) if item.step_id in steps else None
        if form and any(not field.is_private for field in form.fields):
            row = found.item_row(item.id)
            row.is_removed, row.is_revealed = True, False


def _earlier_givers(found: Change) -> tuple[str, ...]:
    """How those are called here who gave a case in this meeting or in those it continues, the latest first. A name stands for
    somebody else where both have accounts and those differ.
    """
    givers = (found.before.name(one.case_giver_id) for one in reversed(found.before.rounds) if one.is_told)
    here = {seat.user_id: seat.name for seat in found.before.seats if seat.kind == "participant" and seat.user_id}
    names = [name_key(name) for name in givers if name]
    earlier_id, seen = found.row.continues_id, {found.row.id}
    while earlier_id and earlier_id not in seen and len(names) < 20:
        seen.add(earlier_id)
        query = (
            select(models.Seat.name, models.Seat.user_id)
            .join(models.Round, models.Round.case_giver_id == models.Seat.id)
            .where(models.Round.meeting_id == earlier_id)
        )
        for name, user_id in found.session.execute(query):
            known = here.get(user_id or "")
            if known or user_id is None or not any(is_same_name(name, one) for one in here.values()):
                names.append(name_key(known or name))
        earlier_id = found.session.scalar(select(models.Meeting.continues_id).where(models.Meeting.id == earlier_id))
    return tuple(names)
