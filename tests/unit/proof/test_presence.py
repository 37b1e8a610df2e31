"""How long somebody took part: for every course of a meeting and every coming and going."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from facilitator.meetings import machine
from facilitator.meetings.machine import State, Status, Step
from facilitator.methods.vocabulary import Kind, Pace, Part
from facilitator.proof.presence import Span, Stay, net_minutes, running, stay, united

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LAST = 600
minutes = st.integers(0, LAST)
spans = st.lists(st.tuples(minutes, minutes).map(lambda ends: span(min(ends), max(ends))), max_size=8)
MOVES = {
    "next": machine.advance,
    "back": machine.back(),
    "pause": machine.pause,
    "resume": machine.resume,
    "skip": machine.skip,
    "end": machine.end,
    "reopen": machine.reopen,
    "stop_case": machine.stop_case,
}


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def span(start: float, end: float) -> Span:
    return Span(at(start), at(end))


def test_a_meeting_runs_from_its_start_to_its_end() -> None:
    assert running([("open", at(-5)), ("start", at(0)), ("next", at(10)), ("end", at(60))], at(90)) == (span(0, 60),)


def test_one_that_goes_on_is_counted_so_far() -> None:
    assert running([("start", at(0))], at(25)) == (span(0, 25),)


def test_a_pause_is_no_part_of_it() -> None:
    moves = [("start", at(0)), ("pause", at(20)), ("resume", at(30)), ("end", at(60))]
    assert running(moves, at(90)) == (span(0, 20), span(30, 60))


def test_going_on_ends_a_pause_as_well() -> None:
    moves = [("start", at(0)), ("pause", at(20)), ("extend", at(25)), ("next", at(30)), ("end", at(60))]
    assert running(moves, at(90)) == (span(0, 20), span(30, 60))


def test_a_meeting_that_ended_in_its_pause_ran_until_then() -> None:
    moves = [("start", at(0)), ("pause", at(20)), ("end", at(60))]
    assert running(moves, at(90)) == (span(0, 20),)


def test_the_time_before_a_reopening_does_not_count() -> None:
    moves = [("start", at(0)), ("end", at(40)), ("reopen", at(70)), ("end", at(80))]
    assert running(moves, at(90)) == (span(0, 40), span(70, 80))


def test_waiting_in_the_lobby_and_staying_behind_do_not_count() -> None:
    assert stay([span(-15, 90)], (span(0, 60),)) == Stay(at(0), at(60), 60)


def test_whoever_came_late_and_left_early_was_there_between() -> None:
    assert stay([span(10, 40)], (span(0, 20), span(30, 60))) == Stay(at(10), at(40), 20)


def test_whoever_came_back_was_not_there_in_between() -> None:
    assert stay([span(0, 10), span(40, 60)], (span(0, 60),)) == Stay(at(0), at(60), 30)


def test_two_seats_of_one_moment_count_once() -> None:
    assert stay([span(0, 40), span(20, 60)], (span(0, 60),)) == Stay(at(0), at(60), 60)


def test_half_a_minute_is_not_rounded_up() -> None:
    assert net_minutes([span(0, 9.99)], [span(0, 60)]) == 9


def test_whoever_was_only_in_the_lobby_did_not_take_part() -> None:
    assert stay([span(-10, 0)], (span(0, 60),)) is None
    assert stay([], (span(0, 60),)) is None
    assert stay([span(0, 10)], ()) is None


@given(spans, spans)
def test_never_negative_and_never_more_than_the_meeting(there: list[Span], ran: list[Span]) -> None:
    net = net_minutes(there, ran)
    assert 0 <= net <= net_minutes(ran, ran)
    assert net <= net_minutes(there, there)


@given(spans, spans)
def test_it_is_what_counting_each_minute_gives(there: list[Span], ran: list[Span]) -> None:
    def covers(found: list[Span], minute: int) -> bool:
        return any(s.start <= at(minute) < s.end for s in found)

    assert net_minutes(there, ran) == sum(covers(there, m) and covers(ran, m) for m in range(LAST))


@given(spans, spans)
def test_being_there_twice_at_once_counts_once(there: list[Span], ran: list[Span]) -> None:
    assert net_minutes([*there, *there], ran) == net_minutes(there, ran)


@given(spans)
def test_united_time_is_in_order_and_apart(found: list[Span]) -> None:
    whole = united(found)
    assert all(s.start < s.end for s in whole)
    assert all(one.end < other.start for one, other in pairwise(whole))


@given(minutes, minutes, minutes, minutes)
def test_a_pause_takes_off_what_it_lasted(start: int, pause: int, resume: int, end: int) -> None:
    start, pause, resume, end = sorted((start, pause, resume, end))
    moves = [("start", at(start)), ("pause", at(pause)), ("resume", at(resume)), ("end", at(end))]
    found = stay([span(start, end)], running(moves, at(end)))
    assert (found.minutes if found else 0) == (end - start) - (resume - pause)


@given(st.lists(st.tuples(st.sampled_from(list(MOVES)), st.integers(0, 50)), max_size=30))
def test_it_agrees_with_the_clock_of_the_meeting(chosen: list[tuple[str, int]]) -> None:
    state, moves, minute = opened(), [("start", at(0))], 0
    for name, later in chosen:
        minute += later
        outcome = MOVES[name](state, at(minute))
        if isinstance(outcome, State):
            state = outcome
            moves.append((name, at(minute)))
    ran = running(moves, at(minute))
    assert net_minutes(ran, ran) == round(sum(step.elapsed(at(minute)) for step in state.steps) / 60)


def opened() -> State:
    """A meeting of four phases that has just begun."""
    parts = (Part.OPENING, Part.ROUND, Part.ROUND, Part.CLOSING)
    steps = tuple(
        Step(str(i), str(i), Kind.STORY, part, Pace.TOGETHER, "case" if part is Part.ROUND else None, 600.0)
        for i, part in enumerate(parts)
    )
    begun = machine.start(State(Status.LOBBY, 0, steps), at(0))
    assert isinstance(begun, State)
    return begun
