"""The course of a meeting: random moves at random times keep to the path the machine allows, and its clock adds up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from facilitator.meetings import machine
from facilitator.meetings.machine import Move, Reason, Refusal, State, Status, Step
from facilitator.methods.vocabulary import Kind, Pace, Part
from tests.chance import RUNS, VERY_MANY_RUNS

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TABLE = ("gia", "pete", "ada", "bob", "cleo")
SIMPLE_MOVES = {
    "open": machine.open_lobby,
    "start": machine.start,
    "next": machine.advance,
    "skip": machine.skip,
    "back": machine.back(),
    "undo": machine.back(),
    "pause": machine.pause,
    "resume": machine.resume,
    "share_out": machine.share_out,
    "stop_case": machine.stop_case,
    "end": machine.end,
    "reopen": machine.reopen,
}
MOVES_OF_PLACE = {"next": 1, "skip": 1, "back": -1, "undo": -1}


def step(
    key: str, part: Part = Part.ROUND, minutes: float = 5, pace: Pace = Pace.TOGETHER, case: str = "first"
) -> Step:
    """A step that has not begun."""
    return Step(
        id=key,
        key=key,
        kind=Kind.CLARIFY,
        part=part,
        pace=pace,
        round_id=case if part is Part.ROUND else None,
        planned=minutes * 60,
    )


@st.composite
def courses(draw: st.DrawFn) -> tuple[Step, ...]:
    """The steps of a meeting: an opening, one or two cases, perhaps a closing."""
    minutes = st.sampled_from([0.5, 1, 2, 5, 7.5, 12, 30])
    pace = st.sampled_from(Pace)

    def some(part: Part, low: int, high: int, case: str) -> list[Step]:
        count = draw(st.integers(low, high))
        return [step(f"{case} {n}", part, draw(minutes), draw(pace), case) for n in range(count)]

    cases = [found for n in range(draw(st.integers(1, 2))) for found in some(Part.ROUND, 1, 3, f"case {n}")]
    return (*some(Part.OPENING, 0, 2, "opening"), *cases, *some(Part.CLOSING, 0, 2, "closing"))


class MeetingByChance(RuleBasedStateMachine):
    """Plays a meeting by chance and keeps its own account of where it is and how long everything took."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.there = set(TABLE)
        self.ran: dict[str, float] = defaultdict(float)
        self.breaks = timedelta()
        self.accepted = 0
        self.began: set[str] = set()
        self.shown: set[str] = set()
        self.spoke: dict[str, list[str]] = defaultdict(list)
        self.missed: dict[str, set[str]] = defaultdict(set)

    @initialize(steps=courses())
    def is_planned(self, steps: tuple[Step, ...]) -> None:
        self.state = State(Status.PLANNED, 0, steps)

    # -- What happens ---------------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.0, 0.5, 7.0, 61.0, 400.0, 3500.0, 3700.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        state = self.state
        if state.status is Status.RUNNING and state.step and not state.paused_at:
            self.ran[state.step.id] += seconds
        elif state.paused_at or (state.status is Status.ENDED):
            self.breaks += timedelta(seconds=seconds)

    @rule(seat=st.sampled_from(TABLE))
    def somebody_leaves_or_comes_back(self, seat: str) -> None:
        self.there ^= {seat}
        if self.state.step:
            self.missed[self.state.step.id].add(seat)

    @rule(name=st.sampled_from(["next", "next", "next", "skip", "back", "undo"]))
    def the_group_moves(self, name: str) -> None:
        before = self.state
        if self.make(SIMPLE_MOVES[name]):
            was_in = [i for i, found in enumerate(before.steps[: before.here]) if found.has_begun]
            assert self.state.here == (was_in[-1] if MOVES_OF_PLACE[name] < 0 else before.here + 1)
            left = self.state.steps[before.here]
            assert left.is_skipped == (name == "skip")
        else:
            last = before.here + 1 == len(before.steps)
            stuck = last if MOVES_OF_PLACE[name] == 1 else before.here <= 0
            assert stuck or before.status is not Status.RUNNING

    @rule(name=st.sampled_from(["open", "open", "start", "start", "pause", "resume", "end", "reopen"]))
    def the_meeting_changes(self, name: str) -> None:
        before = self.state
        allowed = {
            "open": before.status is Status.PLANNED,
            "start": before.status is Status.LOBBY,
            "pause": before.status is Status.RUNNING and before.paused_at is None,
            "resume": before.status is Status.RUNNING and before.paused_at is not None,
            "end": before.status is Status.RUNNING,
            "reopen": before.ended_at is not None and self.now - before.ended_at <= timedelta(hours=1),
        }
        assert self.make(SIMPLE_MOVES[name]) == allowed[name]
        if name == "start" and allowed[name]:
            self.breaks = timedelta()
        if name not in ("open", "start"):
            assert self.state.here == before.here

    @rule(seconds=st.sampled_from([-60.0, 0.0, 60.0, 120.0, 3600.0, 3601.0]))
    def the_step_gets_more_time(self, seconds: float) -> None:
        before = self.state
        is_made = self.make(machine.extend(seconds))
        assert is_made == (before.status is Status.RUNNING and 0 < seconds <= 3600)
        if is_made:
            assert before.step
            assert self.state.step
            assert self.state.step.added == before.step.added + seconds

    @rule()
    def what_is_left_is_shared_out(self) -> None:
        before = self.state
        if not self.make(machine.share_out):
            return
        for old, new in zip(before.steps, self.state.steps, strict=True):
            if old != new:
                assert new.still_to_run >= machine.SHORTEST_STEP - 1e-6
        kept, total = [], 0.0
        for old in reversed(before.steps[before.here + 1 :]):
            total += old.still_to_run
            if total > machine.LAST_MINUTES:
                break
            kept.append(old)
        assert list(reversed(self.state.steps))[: len(kept)] == kept
        shared = self.state.steps[before.here + 1 : len(before.steps) - len(kept)]
        if all(new.still_to_run > machine.SHORTEST_STEP + 1e-6 for new in shared):
            assert before.due_at
            assert before.step
            until = (before.due_at - (before.paused_at or self.now)).total_seconds()
            assert self.state.ahead + max(0.0, before.step.left(self.now)) == pytest.approx(until, abs=0.01)

    @rule()
    def the_next_one_speaks(self) -> None:
        before, there = self.state, tuple(seat for seat in TABLE if seat in self.there)
        if self.make(machine.next_speaker(there)):
            assert self.state.step
            speaker = self.state.step.speaker
            assert speaker in there
            spoke = self.spoke[self.state.step.id]
            assert speaker not in spoke, "nobody gets a second turn by Next"
            spoke.append(speaker)
        elif before.status is Status.RUNNING and before.step and before.step.pace is Pace.ROUND:
            unheard = set(there) - set(self.spoke[before.step.id]) - self.missed[before.step.id]
            assert not unheard, "whoever was there all the time had a turn"

    @rule(seat=st.sampled_from(TABLE))
    def somebody_gets_the_floor(self, seat: str) -> None:
        there = tuple(found for found in TABLE if found in self.there)
        if self.make(machine.give_floor(seat, there)):
            assert self.state.step
            assert seat in there
            assert self.state.step.speaker == seat
            self.spoke[self.state.step.id].append(seat)

    @rule(hidden=st.integers(0, 5), is_enough=st.booleans())
    def hidden_texts_come_out(self, hidden: int, is_enough: bool) -> None:
        running = self.state.status is Status.RUNNING
        is_made = self.make(machine.reveal(hidden, is_enough))
        assert is_made == (running and hidden > 0 and is_enough)
        if is_made and self.state.step:
            self.shown.add(self.state.step.id)

    @rule(item=st.sampled_from(["a text", None]))
    def a_text_comes_on_the_table(self, item: str | None) -> None:
        if self.make(machine.put_on_table(item)):
            assert self.state.step
            assert self.state.step.item == item

    @rule()
    def the_case_is_stopped(self) -> None:
        before = self.state
        if self.make(machine.stop_case):
            assert before.step
            assert self.state.step
            passed = self.state.steps[before.here : self.state.here]
            assert all(found.is_skipped for found in passed)
            is_next_case = before.step.part is Part.ROUND and self.state.step.round_id != before.step.round_id
            assert self.state.step.part is Part.CLOSING or is_next_case
            assert all(s.part is not Part.CLOSING for s in passed)

    @precondition(lambda self: self.accepted > 0)
    @rule(name=st.sampled_from(sorted(SIMPLE_MOVES)))
    def somebody_moves_on_an_old_screen(self, name: str) -> None:
        old = self.state.turn - 1
        assert machine.apply(SIMPLE_MOVES[name], self.state, old, self.now) == Refusal(Reason.MOVED_ALREADY)

    def make(self, move: Move) -> bool:
        """Makes a move as two moderators at once would: one wins, the other hears that the phase has changed."""
        before = self.state
        outcome = machine.apply(move, before, before.turn, self.now)
        if isinstance(outcome, Refusal):
            return False
        again = machine.apply(move, outcome, before.turn, self.now)
        assert again == Refusal(Reason.MOVED_ALREADY)
        assert outcome.turn == before.turn + 1
        self.state, self.accepted = outcome, self.accepted + 1
        if outcome.step:
            self.began.add(outcome.step.id)
        return True

    # -- What always holds ------------------------------------------------------------------------------------------

    @invariant()
    def turns_count_accepted_moves(self) -> None:
        if self.is_set_up:
            assert self.state.turn == self.accepted

    @invariant()
    def only_the_step_at_hand_runs(self) -> None:
        if not self.is_set_up:
            return
        running = [found for found in self.state.steps if found.running_since]
        is_running = self.state.status is Status.RUNNING and not self.state.paused_at
        assert running == ([self.state.step] if is_running else [])
        assert {found.id for found in self.state.steps if found.has_begun} == self.began

    @invariant()
    def clocks_tell_how_long_each_step_ran(self) -> None:
        if not self.is_set_up:
            return
        for found in self.state.steps:
            elapsed = found.elapsed(self.now)
            assert elapsed >= 0
            assert elapsed == pytest.approx(self.ran[found.id], abs=0.01)
            assert found.left(self.now) == pytest.approx(found.planned + found.added - elapsed)

    @invariant()
    def the_planned_end_moves_with_breaks_only(self) -> None:
        state = self.state if self.is_set_up else None
        if state is None or state.started_at is None:
            return
        assert state.due_at
        open_break = self.now - (state.paused_at or state.ended_at or self.now)
        planned = timedelta(seconds=sum(found.planned for found in self.planned_at_start))
        assert state.due_at + open_break == state.started_at + planned + self.breaks

    @invariant()
    def what_was_revealed_stays_revealed(self) -> None:
        if self.is_set_up:
            assert {found.id for found in self.state.steps if found.is_revealed} == self.shown

    @property
    def is_set_up(self) -> bool:
        """Whether the meeting was planned already."""
        return hasattr(self, "state")

    @property
    def planned_at_start(self) -> tuple[Step, ...]:
        """The steps as they were planned; sharing out changes them later."""
        if not hasattr(self, "first_steps"):
            self.first_steps = self.state.steps
        return self.first_steps


def test_any_moves_at_any_times_keep_to_the_path() -> None:
    run_state_machine_as_test(MeetingByChance, settings=RUNS)


@pytest.mark.long
def test_very_many_moves_keep_to_the_path() -> None:
    run_state_machine_as_test(MeetingByChance, settings=VERY_MANY_RUNS)


# -- The same in sentences ------------------------------------------------------------------------------------------------


def running(*steps: Step) -> State:
    """A meeting that has just started."""
    state = State(Status.LOBBY, 1, steps or (step("story"), step("clarify"), step("advise", pace=Pace.ROUND)))
    return made(machine.start, state)


def made(move: Move, state: State, now: datetime = NOON) -> State:
    """The state after a move that must be possible."""
    outcome = machine.apply(move, state, state.turn, now)
    assert isinstance(outcome, State), outcome
    return outcome


def refused(move: Move, state: State, now: datetime = NOON) -> Reason:
    """Why a move is not possible."""
    outcome = machine.apply(move, state, state.turn, now)
    assert isinstance(outcome, Refusal)
    return outcome.reason


def after(minutes: float) -> datetime:
    """So long after noon."""
    return NOON + timedelta(minutes=minutes)


def speaker(state: State) -> str | None:
    """Who has the floor."""
    assert state.step
    return state.step.speaker


def test_of_two_moves_on_the_same_screen_one_wins() -> None:
    state = running()
    first = machine.apply(machine.advance, state, state.turn, NOON)
    assert isinstance(first, State)
    assert machine.apply(machine.advance, first, state.turn, NOON) == Refusal(Reason.MOVED_ALREADY)


def test_going_back_resumes_what_was_left_of_a_step() -> None:
    state = made(machine.advance, running(), after(2))
    state = made(machine.back(), state, after(10))
    assert state.step
    assert state.step.left(after(10)) == 3 * 60
    assert state.step.left(after(11)) == 2 * 60


def test_a_break_stops_the_clock_and_moves_the_planned_end() -> None:
    state = running()
    due = state.due_at
    state = made(machine.resume, made(machine.pause, state, after(1)), after(9))
    assert state.step
    assert state.step.elapsed(after(10)) == 2 * 60
    assert due
    assert state.due_at == due + timedelta(minutes=8)


def test_moving_on_ends_a_break() -> None:
    state = made(machine.advance, made(machine.pause, running(), after(1)), after(3))
    assert state.paused_at is None
    assert state.step
    assert state.step.elapsed(after(4)) == 60


def test_sharing_out_in_a_break_leaves_the_break_out_of_the_time() -> None:
    state = made(machine.pause, running(step("a"), step("b", minutes=20), step("c", minutes=9)), after(5))
    shared = made(machine.share_out, state, after(15))
    assert shared.ahead == state.ahead


def test_sharing_out_counts_only_what_a_step_still_needs_where_the_group_went_back() -> None:
    steps = (step("a", minutes=10), step("b", minutes=20), step("c", minutes=10))
    state = made(machine.advance, running(*steps), after(10))
    state = made(machine.back(), state, after(22))
    assert state.ahead == (8 + 10) * 60
    shared = made(machine.share_out, state, after(22))
    assert shared.steps[1].still_to_run == 8 * 60
    assert shared.steps[2] == state.steps[2]


def test_the_last_ten_minutes_are_kept_and_nothing_is_left_to_share_in_them() -> None:
    state = running(step("a"), step("b", minutes=6), step("c", minutes=4))
    assert refused(machine.share_out, state, after(4)) is Reason.NOTHING_AHEAD


def test_no_step_gets_less_than_a_minute() -> None:
    state = running(step("a"), step("b", minutes=30), step("c", minutes=2), step("d", minutes=10))
    shared = made(machine.share_out, state, after(45))
    assert [found.planned + found.added for found in shared.steps[1:]] == [60, 60, 600]


@pytest.mark.parametrize("seconds", [0, -1, 3601, float("nan")])
def test_more_time_is_between_a_moment_and_an_hour(seconds: float) -> None:
    assert refused(machine.extend(seconds), running()) is Reason.BAD_EXTENSION


def test_everybody_gets_the_floor_once_in_table_order() -> None:
    state, heard = running(step("advise", pace=Pace.ROUND)), []
    for _ in TABLE:
        state = made(machine.next_speaker(TABLE), state)
        heard.append(speaker(state))
    assert tuple(heard) == TABLE
    assert refused(machine.next_speaker(TABLE), state) is Reason.NO_NEXT_SPEAKER


def test_whoever_comes_later_speaks_last() -> None:
    state = made(machine.next_speaker(("pete", "ada")), running(step("advise", pace=Pace.ROUND)))
    heard = []
    for _ in range(2):
        state = made(machine.next_speaker(("bob", "pete", "ada")), state)
        heard.append(speaker(state))
    assert heard == ["ada", "bob"]


def test_a_turn_out_of_turn_costs_nobody_their_own() -> None:
    state = made(machine.next_speaker(TABLE), running(step("advise", pace=Pace.ROUND)))
    state = made(machine.give_floor("bob", TABLE), state)
    heard = []
    for _ in range(3):
        state = made(machine.next_speaker(TABLE), state)
        heard.append(speaker(state))
    assert heard == ["pete", "ada", "cleo"]
    assert refused(machine.next_speaker(TABLE), state) is Reason.NO_NEXT_SPEAKER


def test_whoever_is_not_there_gets_no_floor() -> None:
    state = running(step("advise", pace=Pace.ROUND))
    assert refused(machine.give_floor("ola", TABLE), state) is Reason.NO_NEXT_SPEAKER
    assert refused(machine.next_speaker(TABLE), running(step("clarify"))) is Reason.NO_ROUND


def test_stopping_a_case_passes_over_what_is_left_of_it() -> None:
    state = running(step("story"), step("advise"), step("learn", Part.CLOSING))
    stopped = made(machine.stop_case, state, after(3))
    assert stopped.step
    assert stopped.step.key == "learn"
    assert [found.is_skipped for found in stopped.steps] == [True, True, False]
    assert refused(machine.stop_case, stopped) is Reason.NO_CASE


def test_going_back_after_a_stop_leads_to_where_the_case_was_stopped() -> None:
    state = running(step("story"), step("clarify"), step("advise"), step("learn", Part.CLOSING))
    again = made(machine.back(), made(machine.stop_case, state, after(3)), after(4))
    assert again.step
    assert again.step.key == "story"
    assert again.step.elapsed(after(5)) == 4 * 60


def test_stopping_the_first_case_goes_on_to_the_second() -> None:
    second = (step("story again", case="second"), step("advise again", case="second"))
    stopped = made(machine.stop_case, running(step("story"), step("advise"), *second, step("learn", Part.CLOSING)))
    assert stopped.step
    assert stopped.step.key == "story again"


def test_a_case_with_nothing_behind_it_cannot_be_stopped_but_the_meeting_can_end() -> None:
    state = running(step("story"), step("advise"))
    assert refused(machine.stop_case, state) is Reason.LAST_STEP
    assert made(machine.end, state).status is Status.ENDED


def test_an_ended_meeting_goes_on_within_the_hour_where_it_was() -> None:
    ended = made(machine.end, made(machine.advance, running(), after(2)), after(3))
    assert refused(machine.advance, ended) is Reason.NOT_RUNNING
    again = made(machine.reopen, ended, after(63))
    assert again.step
    assert again.step.key == "clarify"
    assert again.step.elapsed(after(64)) == 2 * 60
    assert ended.due_at
    assert again.due_at == ended.due_at + timedelta(minutes=60)
    assert refused(machine.reopen, ended, after(63.1)) is Reason.REOPEN_TOO_LATE


def test_ending_in_a_break_ends_the_break() -> None:
    ended = made(machine.end, made(machine.pause, running(), after(1)), after(5))
    again = made(machine.reopen, ended, after(6))
    assert again.paused_at is None
    assert again.due_at == after(15 + 5)


@pytest.mark.parametrize(("hidden", "is_enough", "reason"), [(0, True, "nothing_hidden"), (2, False, "too_few_texts")])
def test_a_reveal_needs_something_to_reveal_and_enough_of_it(hidden: int, is_enough: bool, reason: str) -> None:
    assert refused(machine.reveal(hidden, is_enough), running()) == reason


def test_what_was_revealed_stays_revealed_when_the_group_goes_back() -> None:
    state = made(machine.reveal(3, is_enough=True), running(), after(1))
    state = made(machine.back(), made(machine.advance, state, after(2)), after(3))
    assert state.step
    assert state.step.is_revealed


def test_nothing_moves_before_the_start() -> None:
    state = State(Status.PLANNED, 0, (step("story"),))
    moves = {name: move for name, move in SIMPLE_MOVES.items() if name != "open"}
    assert all(isinstance(machine.apply(move, state, 0, NOON), Refusal) for move in moves.values())
    given = (
        machine.extend(60),
        machine.next_speaker(TABLE),
        machine.put_on_table("x"),
        machine.reveal(3, is_enough=True),
    )
    assert all(refused(move, state) is Reason.NOT_RUNNING for move in given)
    assert made(machine.open_lobby, state) == replace(state, status=Status.LOBBY, turn=1, opened_at=NOON)
