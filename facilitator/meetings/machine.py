"""The course of a meeting as pure functions: where the group is, how much time is left, what the next move makes of it.

Every move takes the state as it was seen and gives the next one, or a refusal with its reason. No clock, no database and
no texts in here: the caller says what time it is. One more turn per accepted move.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from facilitator.methods.vocabulary import Kind, Pace, Part

REOPEN_WITHIN = timedelta(hours=1)
TO_LOBBY_WITHIN = timedelta(minutes=2)
LAST_MINUTES = 10 * 60.0
SHORTEST_STEP = 60.0
LONGEST_EXTENSION = 60 * 60.0
MOST_FLOORS = 500
NO_TEXTS: Mapping[str, str | None] = MappingProxyType({})


class Status(StrEnum):
    """A meeting is planned, gathers in its lobby, runs, and has ended."""

    PLANNED = "planned"
    LOBBY = "lobby"
    RUNNING = "running"
    ENDED = "ended"


class Reason(StrEnum):
    """Why a move was refused."""

    MOVED_ALREADY = "moved_already"
    NOT_PLANNED = "not_planned"
    NOT_IN_LOBBY = "not_in_lobby"
    WELL_BEGUN = "well_begun"
    NOT_RUNNING = "not_running"
    LAST_STEP = "last_step"
    FIRST_STEP = "first_step"
    PAUSED_ALREADY = "paused_already"
    NOT_PAUSED = "not_paused"
    BAD_EXTENSION = "bad_extension"
    NOTHING_HIDDEN = "nothing_hidden"
    TOO_FEW_TEXTS = "too_few_texts"
    NO_ROUND = "no_round"
    NO_NEXT_SPEAKER = "no_next_speaker"
    NO_NEXT_ITEM = "no_next_item"
    NO_CASE = "no_case"
    CLOSING_BEGAN = "closing_began"
    NOTHING_AHEAD = "nothing_ahead"
    NO_CHOICE = "no_choice"
    NOT_ENDED = "not_ended"
    REOPEN_TOO_LATE = "reopen_too_late"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A move that changed nothing, and why."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Step:
    """One phase of this meeting as it goes. Times in seconds; `running_since` is None while paused or not at hand. `floors`: whom
    the floor was given to, once for each time; `put_away`: what whoever leads does not want to hear any more in it (`nudges`).
    """

    id: str
    key: str
    kind: Kind
    part: Part
    pace: Pace
    round_id: str | None
    planned: float
    added: float = 0.0
    spent: float = 0.0
    running_since: datetime | None = None
    has_begun: bool = False
    is_skipped: bool = False
    is_taken: bool = False
    is_time_told: bool = False
    is_revealed: bool = False
    speakers: tuple[str, ...] = ()
    speaker: str | None = None
    floors: tuple[str, ...] = ()
    put_away: tuple[str, ...] = ()
    item: str | None = None
    done: tuple[str, ...] = ()
    laps: int = 1
    lap: int = 1

    @property
    def was_held(self) -> bool:
        """Whether the group spent time on it, and did not pass it over."""
        return self.has_begun and not self.is_skipped

    @property
    def has_gone_round(self) -> bool:
        """Whether the last of several laps is over, because nobody had another text."""
        return self.lap > self.laps

    def elapsed(self, now: datetime) -> float:
        """Seconds this step has run, without pauses."""
        running = (now - self.running_since).total_seconds() if self.running_since else 0.0
        return self.spent + max(0.0, running)

    def left(self, now: datetime) -> float:
        """Seconds left of what was planned and added; negative once it runs over."""
        return self.planned + self.added - self.elapsed(now)

    @property
    def still_to_run(self) -> float:
        """Seconds a step ahead will take: what was planned and added, less what was spent before the group went back."""
        return max(0.0, self.planned + self.added - self.spent)


# Where a meeting is that has not begun.
NO_STEP = Step(id="", key="", kind=Kind.PRESENT, part=Part.OPENING, pace=Pace.TOGETHER, round_id=None, planned=0.0)


@dataclass(frozen=True, slots=True)
class State:
    """Where a meeting stands. `here` is the index of the step at hand, -1 before the start."""

    status: Status
    turn: int
    steps: tuple[Step, ...]
    here: int = -1
    opened_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    paused_at: datetime | None = None
    due_at: datetime | None = None

    @property
    def step(self) -> Step | None:
        """The step at hand, also of a meeting that ended there."""
        return self.steps[self.here] if 0 <= self.here < len(self.steps) else None

    @property
    def is_clock_running(self) -> bool:
        """Whether the meeting goes on and there is no break."""
        return self.status is Status.RUNNING and self.paused_at is None

    @property
    def next_step(self) -> Step | None:
        """The step that comes after the one at hand."""
        return self.steps[self.here + 1] if self.here + 1 < len(self.steps) else None

    @property
    def is_last(self) -> bool:
        """Whether no step comes after this one."""
        return self.next_step is None

    @property
    def ahead(self) -> float:
        """Seconds planned after the step at hand."""
        return sum(step.still_to_run for step in self.steps[self.here + 1 :])


# A change of the state; the moment is the server's clock. It gives the state after the move, or why there is none.
Move = Callable[[State, datetime], State | Refusal]


def apply(move: Move, state: State, seen_turn: int, now: datetime) -> State | Refusal:
    """Makes a move that was chosen on the screen of `seen_turn`: of two at once, one wins and the other hears so."""
    if seen_turn != state.turn:
        return Refusal(Reason.MOVED_ALREADY)
    outcome = move(state, now)
    return outcome if isinstance(outcome, Refusal) else replace(outcome, turn=state.turn + 1)


def open_lobby(state: State, now: datetime) -> State | Refusal:
    """Lets people gather."""
    if state.status is not Status.PLANNED:
        return Refusal(Reason.NOT_PLANNED)
    return replace(state, status=Status.LOBBY, opened_at=now)


def start(state: State, now: datetime) -> State | Refusal:
    """Begins the first step and fixes when the meeting should be done."""
    if state.status is not Status.LOBBY:
        return Refusal(Reason.NOT_IN_LOBBY)
    planned = timedelta(seconds=sum(step.planned for step in state.steps))
    running = replace(state, status=Status.RUNNING, started_at=now, due_at=now + planned)
    return _enter(running, 0, now)


def to_lobby(state: State, now: datetime) -> State | Refusal:
    """Takes a start back: people gather again as if it had not begun. Only until the group is at work."""
    if state.status is not Status.RUNNING or state.started_at is None:
        return Refusal(Reason.NOT_RUNNING)
    others = any(step.has_begun or step.spent for step in state.steps[1:])  # also where its beginning was taken back
    if others or state.paused_at or now - state.started_at > TO_LOBBY_WITHIN:
        return Refusal(Reason.WELL_BEGUN)
    fresh = replace(state.steps[0], added=0.0, spent=0.0, running_since=None, has_begun=False)
    fresh = replace(fresh, is_revealed=False, speakers=(), speaker=None, item=None, lap=1, done=())
    fresh = replace(fresh, floors=(), put_away=())
    return replace(_with_step(state, 0, fresh), status=Status.LOBBY, here=-1, started_at=None, due_at=None)


def advance(state: State, now: datetime) -> State | Refusal:
    """Goes on to the next step. Nothing but the end of the method stands in its way."""
    if state.status is not Status.RUNNING:
        return Refusal(Reason.NOT_RUNNING)
    if state.is_last:
        return Refusal(Reason.LAST_STEP)
    return _enter(_leave(state, now), state.here + 1, now)


def skip(state: State, now: datetime) -> State | Refusal:
    """Goes on to the next step and remembers that the group passed this one over."""
    moved = advance(state, now)
    if isinstance(moved, Refusal):
        return moved
    return _with_step(moved, state.here, replace(moved.steps[state.here], is_skipped=True))


def back(is_untold: bool = False) -> Move:
    """A move that resumes the step before as it was left, its clock included; what was revealed stays revealed. Whoever goes back from a
    case of which nothing was told yet (`is_untold`) to before it was there by mistake: it has not begun.
    """

    def move(state: State, now: datetime) -> State | Refusal:
        if state.status is not Status.RUNNING or not state.step:
            return Refusal(Reason.NOT_RUNNING)
        if state.here <= 0:
            return Refusal(Reason.FIRST_STEP)
        left, goal = _leave(state, now), _step_before(state)
        if is_untold and state.step.round_id != state.steps[goal].round_id:
            left = _with_step(left, state.here, replace(left.steps[state.here], has_begun=False))
        return _enter(left, goal, now)

    return move


def pause(state: State, now: datetime) -> State | Refusal:
    """Stops the clock."""
    if state.status is not Status.RUNNING:
        return Refusal(Reason.NOT_RUNNING)
    if state.paused_at:
        return Refusal(Reason.PAUSED_ALREADY)
    return replace(_stop_clock(state, now), paused_at=now)


def resume(state: State, now: datetime) -> State | Refusal:
    """Lets the clock run again; the planned end moves along with the break."""
    if state.status is not Status.RUNNING:
        return Refusal(Reason.NOT_RUNNING)
    if not state.paused_at or not state.step:
        return Refusal(Reason.NOT_PAUSED)
    return _with_step(_end_break(state, state.paused_at, now), state.here, replace(state.step, running_since=now))


def extend(seconds: float) -> Move:
    """A move that gives the step at hand more time."""

    def move(state: State, _now: datetime) -> State | Refusal:
        if state.status is not Status.RUNNING or not state.step:
            return Refusal(Reason.NOT_RUNNING)
        if not 0 < seconds <= LONGEST_EXTENSION:
            return Refusal(Reason.BAD_EXTENSION)
        return _with_step(state, state.here, replace(state.step, added=state.step.added + seconds))

    return move


def shorten(seconds: float) -> Move:
    """A move that takes time off the step at hand again, of what it was given."""

    def move(state: State, _now: datetime) -> State | Refusal:
        if state.status is not Status.RUNNING or not state.step:
            return Refusal(Reason.NOT_RUNNING)
        if not 0 < seconds <= state.step.added:
            return Refusal(Reason.BAD_EXTENSION)
        return _with_step(state, state.here, replace(state.step, added=state.step.added - seconds))

    return move


def share_out(state: State, now: datetime) -> State | Refusal:
    """Fits what lies ahead into the time until the planned end: every step shrinks or grows alike, the last ten minutes
    stay as they are, and no step gets less than a minute.
    """
    if state.status is not Status.RUNNING or not state.step or not state.due_at:
        return Refusal(Reason.NOT_RUNNING)
    ahead = state.steps[state.here + 1 :]
    kept = _kept_at_the_end(ahead)
    shared = ahead[: len(ahead) - kept]
    if not shared:
        return Refusal(Reason.NOTHING_AHEAD)
    reserved = sum(step.still_to_run for step in ahead[len(shared) :])
    until_due = state.due_at - (state.paused_at or now)  # a break moves the planned end along once it is over
    free = until_due.total_seconds() - max(0.0, state.step.left(now)) - reserved
    wishes = [max(SHORTEST_STEP, step.still_to_run) for step in shared]
    steps = tuple(
        replace(step, added=step.spent + max(SHORTEST_STEP, wish * free / sum(wishes)) - step.planned)
        for step, wish in zip(shared, wishes, strict=True)
    )
    return replace(state, steps=(*state.steps[: state.here + 1], *steps, *ahead[len(shared) :]))


def reveal(hidden: int, is_enough: bool) -> Move:
    """A move that shows what is still hidden: `hidden` texts, if they are enough to give no anonymous writer away."""

    def move(state: State, _now: datetime) -> State | Refusal:
        if state.status is not Status.RUNNING or not state.step:
            return Refusal(Reason.NOT_RUNNING)
        if hidden == 0:
            return Refusal(Reason.NOTHING_HIDDEN)
        if not is_enough:
            return Refusal(Reason.TOO_FEW_TEXTS)
        return _with_step(state, state.here, replace(state.step, is_revealed=True))

    return move


def next_speaker(
    speakers: tuple[str, ...], again: frozenset[str] = frozenset(), texts: Mapping[str, str | None] = NO_TEXTS
) -> Move:
    """A move that gives the floor to the next one of `speakers`, in table order; whoever came later joins at the end. After the last
    one a further lap begins, with those who are in `again`; there each turn has one text, the one that stands for the seat in `texts`.
    Where nobody is in `again`, the last lap is over: that nobody has a text left comes out by this move, not before it.
    """

    def move(state: State, _now: datetime) -> State | Refusal:
        if state.status is not Status.RUNNING or not state.step:
            return Refusal(Reason.NOT_RUNNING)
        step = state.step
        if step.pace is not Pace.ROUND:
            return Refusal(Reason.NO_ROUND)
        if not may_have_turn_ahead(step, speakers):
            return Refusal(Reason.NO_NEXT_SPEAKER)
        joined = replace(step, speakers=_joined(step, speakers))
        following = turn_after(step, speakers, again)
        if following is None:
            return _with_step(state, state.here, replace(joined, lap=step.laps + 1, speaker=None, item=None))
        seat, lap = following
        return _with_step(state, state.here, _with_floor(replace(joined, lap=lap), seat, texts))

    return move


def may_have_turn_ahead(step: Step, speakers: tuple[str, ...]) -> bool:
    """Whether anybody may have the floor after the speaker at hand, as far as the table and the laps tell. In a further lap only
    `turn_after` tells whether somebody has.
    """
    ahead = set(_after_speaker(step, speakers)) & set(speakers)
    return not step.has_gone_round and bool(ahead or (speakers and step.lap < step.laps))


def turn_after(step: Step, speakers: tuple[str, ...], again: frozenset[str] = frozenset()) -> tuple[str, int] | None:
    """Who has the floor after the speaker at hand and in which lap, leaving out who is not here any more and, from the second lap on,
    who is not in `again`; None after the last one.
    """
    once_more = [seat for seat in _joined(step, speakers) if seat in speakers and seat in again]
    this_lap = [s for s in _after_speaker(step, speakers) if s in (speakers if step.lap == 1 else once_more)]
    if this_lap:
        return this_lap[0], step.lap
    return (once_more[0], step.lap + 1) if once_more and step.lap < step.laps else None


def give_floor(seat_id: str, speakers: tuple[str, ...], texts: Mapping[str, str | None] = NO_TEXTS) -> Move:
    """A move that gives the floor to one person, out of turn; nobody who was skipped for it loses a turn."""

    def move(state: State, _now: datetime) -> State | Refusal:
        if state.status is not Status.RUNNING or not state.step:
            return Refusal(Reason.NOT_RUNNING)
        if seat_id not in speakers:
            return Refusal(Reason.NO_NEXT_SPEAKER)
        order = _put_forward(_joined(state.step, speakers), state.step.speaker, seat_id)
        return _with_step(state, state.here, _with_floor(replace(state.step, speakers=order), seat_id, texts))

    return move


def put_on_table(item_id: str | None) -> Move:
    """A move that makes one text the one that is talked about, or takes it off again."""

    def move(state: State, _now: datetime) -> State | Refusal:
        if state.status is not Status.RUNNING or not state.step:
            return Refusal(Reason.NOT_RUNNING)
        return _with_step(state, state.here, replace(state.step, item=item_id))

    return move


def stop_case(state: State, now: datetime) -> State | Refusal:
    """Leaves the case to take care of somebody: what is left of this round is passed over."""
    if state.status is not Status.RUNNING or not state.step:
        return Refusal(Reason.NOT_RUNNING)
    if state.step.part is Part.CLOSING:
        return Refusal(Reason.NO_CASE)
    goal = next((i for i, step in enumerate(state.steps) if i > state.here and _is_after_case(step, state.step)), None)
    return Refusal(Reason.LAST_STEP) if goal is None else _pass_over(state, state.here, goal, now)


def to_closing(state: State, now: datetime) -> State | Refusal:
    """Goes on to the closing and passes over the cases ahead; what was worked on until now was held."""
    if state.status is not Status.RUNNING or not state.step:
        return Refusal(Reason.NOT_RUNNING)
    goal = next((i for i, step in enumerate(state.steps) if i > state.here and step.part is Part.CLOSING), None)
    return Refusal(Reason.LAST_STEP) if goal is None else _pass_over(state, state.here + 1, goal, now)


def take(held_id: str | None, key: str) -> Move:
    """A move that has the phase with a key held in the place of one that lies ahead, in the same time."""

    def move(state: State, _now: datetime) -> State | Refusal:
        if state.status is not Status.RUNNING:
            return Refusal(Reason.NOT_RUNNING)
        for index, step in enumerate(state.steps):
            if step.id == held_id and index > state.here:
                return _with_step(state, index, replace(step, key=key, is_taken=True))
        return Refusal(Reason.NO_CHOICE)

    return move


def add_round(first_id: str) -> Move:
    """A move that takes on one more case: its steps come before the closing, as long as that has not begun."""

    def move(state: State, _now: datetime) -> State | Refusal:
        if state.status is not Status.RUNNING or not state.step:
            return Refusal(Reason.NOT_RUNNING)
        if state.step.part is Part.CLOSING:
            return Refusal(Reason.CLOSING_BEGAN)
        return state if any(step.round_id == first_id for step in state.steps) else Refusal(Reason.NO_CASE)

    return move


def end(state: State, now: datetime) -> State | Refusal:
    """Ends the meeting, also early; the step at hand stays as it was, for a reopening."""
    if state.status is not Status.RUNNING:
        return Refusal(Reason.NOT_RUNNING)
    ended = replace(_stop_clock(state, now), status=Status.ENDED, ended_at=now)
    return _end_break(ended, state.paused_at, now) if state.paused_at else ended


def reopen(state: State, now: datetime) -> State | Refusal:
    """Goes on where an ended meeting was, within the hour."""
    if state.status is not Status.ENDED or not state.ended_at or not state.step:
        return Refusal(Reason.NOT_ENDED)
    if now - state.ended_at > REOPEN_WITHIN:
        return Refusal(Reason.REOPEN_TOO_LATE)
    running = replace(_end_break(state, state.ended_at, now), status=Status.RUNNING, ended_at=None)
    return _with_step(running, state.here, replace(state.step, running_since=now))


def _step_before(state: State) -> int:
    """The step the group was in before; what a stopped case passed over was never entered."""
    before = range(state.here - 1, -1, -1)
    return next((i for i in before if state.steps[i].has_begun), state.here - 1)


def _enter(state: State, index: int, now: datetime) -> State:
    step = state.steps[index]
    running = None if state.paused_at else now
    entered = replace(step, has_begun=True, running_since=running, is_skipped=False)
    return _with_step(replace(state, here=index), index, entered)


def _pass_over(state: State, first: int, goal: int, now: datetime) -> State:
    left = _leave(state, now)
    steps = tuple(replace(s, is_skipped=True) if first <= i < goal else s for i, s in enumerate(left.steps))
    return _enter(replace(left, steps=steps), goal, now)


def _leave(state: State, now: datetime) -> State:
    left = _stop_clock(state, now)
    # Moving on ends a break: the group is at work again.
    return _end_break(left, state.paused_at, now) if state.paused_at else left


def _end_break(state: State, began_at: datetime, now: datetime) -> State:
    due = state.due_at + (now - began_at) if state.due_at else None
    return replace(state, paused_at=None, due_at=due)


def _stop_clock(state: State, now: datetime) -> State:
    step = state.steps[state.here]
    return _with_step(state, state.here, replace(step, spent=step.elapsed(now), running_since=None))


def _with_step(state: State, index: int, step: Step) -> State:
    return replace(state, steps=(*state.steps[:index], step, *state.steps[index + 1 :]))


def _after_speaker(step: Step, speakers: tuple[str, ...]) -> tuple[str, ...]:
    order = _joined(step, speakers)
    return order[order.index(step.speaker) + 1 :] if step.speaker in order else order


def _with_floor(step: Step, seat_id: str, texts: Mapping[str, str | None]) -> Step:
    item = texts.get(seat_id) if step.laps > 1 else step.item
    floors = step.floors if seat_id == step.speaker and step.laps == 1 else (*step.floors, seat_id)
    return replace(step, speaker=seat_id, item=item, floors=floors[-MOST_FLOORS:])


def _joined(step: Step, speakers: tuple[str, ...]) -> tuple[str, ...]:
    return (*step.speakers, *(seat for seat in speakers if seat not in step.speakers))


def _put_forward(order: tuple[str, ...], speaker: str | None, seat_id: str) -> tuple[str, ...]:
    """The order with somebody moved to right behind the speaker at hand."""
    if seat_id == speaker:
        return order
    others = [seat for seat in order if seat != seat_id]
    place = others.index(speaker) + 1 if speaker in others else 0
    return (*others[:place], seat_id, *others[place:])


def _is_after_case(step: Step, stopped: Step) -> bool:
    """Whether a step comes after the case of another one: in the next round or, of the opening, in the closing."""
    return step.part is Part.CLOSING or (stopped.part is Part.ROUND and step.round_id != stopped.round_id)


def _kept_at_the_end(ahead: tuple[Step, ...]) -> int:
    """How many steps at the end make up the last ten minutes (whole steps)."""
    total, count = 0.0, 0
    for step in reversed(ahead):
        total += step.still_to_run
        if total > LAST_MINUTES:
            break
        count += 1
    return count
