"""What whoever leads may want to hear now: who has not been heard, that there is no case question yet, that the time for an action runs
out, that one person speaks again and again.

Pure. It is worked out from what the console shows anyway – who was given the floor, what was revealed and by whom, the clock – and never
from what is hidden. Nobody is counted in public and nobody is ranked: people come as they sit around the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from facilitator.meetings import rules
from facilitator.meetings.machine import Step
from facilitator.meetings.seen import Seen, seen_by
from facilitator.meetings.snapshot import Seat, Snapshot
from facilitator.methods.vocabulary import Facet, Form, Pace, Part

OFTEN = 3
LAST_MINUTE = 60.0


class About(StrEnum):
    """What a nudge is about."""

    QUESTION = "question"
    ACTION = "action"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Nudge:
    """One of them. `names` are of whom it is about; `phase` is the step that waits. It counts once no more than `from_left` seconds
    of the step at hand are left: the clock on the page shows it then.
    """

    about: About
    from_left: float
    names: tuple[str, ...] = ()
    phase: Step | None = None


def nudges(me: Seen) -> tuple[Nudge, ...]:
    """Those for the step at hand that were not put away in it."""
    now = me.meeting.now
    if not now.is_running or not me.is_moderator:
        return ()
    found = (_question(me), _action(me.meeting), _again(me.meeting))
    return tuple(one for one in found if one is not None and one.about not in now.step.put_away)


def not_heard(me: Seen) -> tuple[Seat, ...]:
    """Who has not been heard in the step at hand, as they sit around the table; nobody before somebody was, and nobody where that
    cannot be known: where several talk at once beside what they write, or texts have no names.
    """
    meeting, step = me.meeting, me.meeting.now.step
    waiting = [seat for seat in map(meeting.seat, rules.speakers(meeting)) if seat is not None]
    heard = {*step.floors, *_writers(me)} if _is_known(meeting) else set()
    passes = {s.id for s in waiting if seen_by(meeting, s).said_instead == "passes"} if _sees_writers(me) else set()
    return tuple(seat for seat in waiting if seat.id not in heard | passes) if heard else ()


def _is_known(meeting: Snapshot) -> bool:
    return rules.gives_floor(meeting) or (meeting.now.is_running and meeting.now.step.pace is Pace.ITEMS)


def _sees_writers(me: Seen) -> bool:
    return Facet.WRITTEN in me.shown


def _writers(me: Seen) -> set[str]:
    """Whose texts of this step are out, where their names are; in a round with one lap each text comes with its turn."""
    shown = (item for item in me.meeting.items_of(me.meeting.now.step) if item.is_shown and me.sees(item))
    return {item.seat_id for item in shown if item.seat_id and me.sees_author(item)}


def _question(me: Seen) -> Nudge | None:
    """A case without a question, once half of its telling is over."""
    meeting, step = me.meeting, me.meeting.now.step
    around = meeting.now.round
    is_asked = meeting.now.phase.part is Part.ROUND and Facet.QUESTION in me.shown and around is not None
    if not is_asked or around is None or around.question or around.key_question:
        return None
    asking = [one for one in _of_round(meeting) if any(form.sets_question for form in _forms(meeting, one))]
    if not any(one.has_begun for one in asking):
        return None
    return Nudge(About.QUESTION, (step.planned + step.added) / 2 if step in asking else float("inf"))


def _action(meeting: Snapshot) -> Nudge | None:
    """The time in which an action is written: it is over in a minute, or begins to be used up by what comes before it."""
    state, step = meeting.state, meeting.now.step
    acting = [one for one in _of_round(meeting) if any(form.makes_action for form in _forms(meeting, one))]
    if step in acting:
        is_made = any(action.is_confirmed and not action.is_carried for action in meeting.actions)
        return None if is_made else Nudge(About.ACTION, LAST_MINUTE, phase=step)
    ahead = [one for one in acting if not one.has_begun and one in state.steps[state.here + 1 :]]
    if not ahead or state.due_at is None:
        return None
    reserved = sum(one.still_to_run for one in state.steps[state.steps.index(ahead[0]) :])
    until_due = (state.due_at - (state.paused_at or meeting.taken_at)).total_seconds()
    return Nudge(About.ACTION, step.left(meeting.taken_at) - until_due + reserved + LAST_MINUTE, phase=ahead[0])


def _again(meeting: Snapshot) -> Nudge | None:
    """Who was given the floor three times in this step, more often than its method gives it to everybody."""
    floors, lap = meeting.now.step.floors, meeting.now.step.lap
    often = {seat_id for seat_id in floors if floors.count(seat_id) >= max(OFTEN, lap + 1)}
    names = tuple(seat.name for seat in rules.participants(meeting) if seat.id in often)
    return Nudge(About.AGAIN, float("inf"), names) if names and rules.gives_floor(meeting) else None


def _of_round(meeting: Snapshot) -> list[Step]:
    """The steps of the case at hand, and those around the cases."""
    here = meeting.now.step.round_id
    return [one for one in meeting.state.steps if one.round_id in (here, None)]


def _forms(meeting: Snapshot, step: Step) -> tuple[Form, ...]:
    return meeting.phases[step.id].forms


def is_due(nudge: Nudge, step: Step, moment: datetime) -> bool:
    """Whether it counts at a moment."""
    return step.left(moment) <= nudge.from_left
