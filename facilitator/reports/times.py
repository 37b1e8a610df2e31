"""How the time was spent, for a report: planned and used, phase by phase. Pure; lengths in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from facilitator.meetings.machine import Status, Step
from facilitator.meetings.snapshot import Snapshot

Course = Literal["done", "now", "skipped", "ahead", "not_held"]


@dataclass(frozen=True, slots=True)
class PhaseTime:
    """One phase: `planned` is what it was given, extensions aside; `used` counts without pauses. `round` is 0 outside
    a round and where there is only one.
    """

    title: str
    short: str
    round: int
    planned: float
    used: float
    course: Course
    key: str = ""


def times(snapshot: Snapshot, locale: str) -> tuple[PhaseTime, ...]:
    """Every phase of this meeting, in order."""
    numbers = {found.id: found.number for found in snapshot.rounds} if len(snapshot.rounds) > 1 else {}
    return tuple(
        PhaseTime(
            title=snapshot.phases[step.id].text(locale).title,
            short=snapshot.phases[step.id].text(locale).short,
            round=numbers.get(step.round_id or "", 0),
            planned=step.planned,
            used=step.elapsed(snapshot.taken_at),
            course=_course(snapshot, step),
            key=step.key,
        )
        for step in snapshot.state.steps
    )


def net_seconds(snapshot: Snapshot) -> float:
    """How long the meeting has lasted without its pauses."""
    return sum(step.elapsed(snapshot.taken_at) for step in snapshot.state.steps)


def _course(snapshot: Snapshot, step: Step) -> Course:
    is_over = snapshot.state.status is Status.ENDED
    if step.is_skipped:
        return "skipped"
    if not step.has_begun:
        return "not_held" if is_over else "ahead"
    return "now" if step is snapshot.now.step and not is_over else "done"
