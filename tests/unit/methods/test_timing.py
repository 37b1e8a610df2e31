"""Phases fit into the time there is, and the last ten minutes stay."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from facilitator.methods.loader import load_catalogue, load_file
from facilitator.methods.timing import left_out, scaled
from facilitator.methods.vocabulary import Needs, Phase

BASIS = load_catalogue()["basis"].phases
STORY = BASIS[2]
HALVES = st.integers(min_value=1, max_value=60).map(lambda halves: halves / 2)


@st.composite
def phases(draw: st.DrawFn) -> tuple[Phase, ...]:
    lengths = draw(st.lists(st.tuples(HALVES, HALVES), min_size=1, max_size=14))
    return tuple(
        STORY.model_copy(update={"key": f"p{index}", "minutes": max(pair), "min_minutes": min(pair)})
        for index, pair in enumerate(lengths)
    )


def test_without_open_actions_and_with_a_chosen_case_the_questions_get_the_minutes() -> None:
    held = left_out(BASIS, set())
    assert [phase.key for phase in held[:2]] == ["story", "clarify"]
    assert held[1].minutes == 25
    assert sum(phase.minutes for phase in held) == 62


def test_with_everything_met_nothing_is_left_out() -> None:
    assert left_out(BASIS, set(Needs)) == BASIS


def test_of_several_options_the_first_stands_for_all() -> None:
    tietze = load_file(Path(__file__).parent / "sketches" / "tietze.toml")
    assert [phase.key for phase in left_out(tietze.phases, set())] == ["module", "brainstorm", "closing"]


def test_the_planned_time_changes_nothing() -> None:
    assert scaled(BASIS, 62) == tuple(phase.minutes for phase in BASIS)


def test_half_an_hour_more_goes_to_everything_but_the_last_ten_minutes() -> None:
    minutes = scaled(BASIS, 92)
    assert minutes[-3:] == (3, 4, 3)
    assert all(new > phase.minutes for new, phase in zip(minutes[:-3], BASIS, strict=False))


def test_a_very_short_meeting_still_has_every_phase() -> None:
    assert scaled(BASIS, 5) == (2, 3, 3, 5, 4, 4, 2, 3, 4, 3)


def test_no_phases_take_no_time() -> None:
    assert scaled((), 60) == ()


@given(phases(), st.floats(min_value=0, max_value=600), st.sampled_from([0.0, 5.0, 10.0]))
def test_scaling_keeps_the_end_the_minimum_and_the_total(
    plan: tuple[Phase, ...], minutes_total: float, reserved: float
) -> None:
    minutes = scaled(plan, minutes_total, reserved)
    kept = _kept(plan, reserved)
    scaling = len(plan) - kept
    assert len(minutes) == len(plan)
    assert all((new * 2).is_integer() for new in minutes)
    assert minutes[scaling:] == tuple(phase.minutes for phase in plan[scaling:])
    assert all(new >= phase.min_minutes for new, phase in zip(minutes, plan, strict=True))
    shortest = sum(phase.min_minutes for phase in plan[:scaling]) + sum(phase.minutes for phase in plan[scaling:])
    assert sum(minutes) == max(shortest, (minutes_total * 2) // 1 / 2)


@given(phases(), st.integers(min_value=0, max_value=600))
def test_more_time_never_takes_much_from_a_phase(plan: tuple[Phase, ...], minutes_total: int) -> None:
    # Rounding may move half a minute from one phase to another, no more.
    shorter, longer = scaled(plan, minutes_total), scaled(plan, minutes_total + 1)
    assert all(after >= before - 0.5 for before, after in zip(shorter, longer, strict=True))


def _kept(plan: tuple[Phase, ...], reserved: float) -> int:
    return max(
        count for count in range(len(plan)) if sum(phase.minutes for phase in plan[len(plan) - count :]) <= reserved
    )
