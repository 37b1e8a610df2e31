"""What one case of a meeting takes of a method, where a meeting has several. Pure.

Promises: a case takes the phases of its round and nothing of the opening and the closing, which a meeting has once. Where the opening lets
choose a case, every further case begins with a short choice among those that were offered.
"""

from __future__ import annotations

from facilitator.methods import timing
from facilitator.methods.vocabulary import Kind, Method, Part, Phase

CHOICE_MINUTES = 3.0


def of_a_case(method: Method) -> tuple[Phase, ...]:
    """The phases that a case takes; none where a method is not about a case."""
    return tuple(phase for phase in method.phases if phase.part is Part.ROUND)


def choice(phases: tuple[Phase, ...]) -> Phase | None:
    """The phase in which one more case is chosen, like that of the opening but shorter: most have been offered by then."""
    pick = next((phase for phase in phases if phase.kind is Kind.PICK), None)
    if pick is None:
        return None
    minutes = min(CHOICE_MINUTES, pick.minutes)
    shorter = {"minutes": minutes, "min_minutes": min(pick.min_minutes, minutes), "writing_minutes": 0.0}
    return pick.model_copy(update={"needs": None, "minutes_to": None, **shorter})


def further_case(first: Method, method: Method) -> tuple[Phase, ...]:
    """All phases of a further case of a meeting that began with another method, or with the same."""
    chosen = choice(first.phases) or choice(method.phases)
    return (*((chosen,) if chosen else ()), *of_a_case(method))


def in_minutes(phases: tuple[Phase, ...], minutes: float | None) -> tuple[float, ...]:
    """How long each phase of a case that takes time is when all have so many minutes together; as long as they are without."""
    held = timing.counted(phases)
    planned = tuple(phase.minutes for phase in held)
    return planned if minutes in (None, sum(planned)) else timing.scaled(held, minutes or 0, reserved_last=0)
