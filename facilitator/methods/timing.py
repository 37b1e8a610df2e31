"""How long the phases of one meeting are: what is left out, and how the rest fits into the time there is.

Pure. Minutes in, minutes out, always in halves. The last minutes of a meeting are never scaled: that is where the
action is made.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from facilitator.methods import tables
from facilitator.methods.vocabulary import Clients, Part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from facilitator.methods.vocabulary import Method, Needs, Phase

RESERVED_LAST = 10.0
PER_MINUTE = 2


def held(method: Method) -> tuple[Phase, ...]:
    """The phases of a meeting in which there is something to work on in each: of options the one that stands for all."""
    return counted(method.phases)


def turns(method: Method, people: int | None = None) -> int:
    """How often the round of a method is held with so many people, or with as few as it is for; at several tables, at the fullest one."""
    people = people or method.people_min
    return max(1, tables.turns(people, method.table_size)) if method.clients is Clients.EACH else 1


def together(method: Method, minutes: Iterable[float], turns: int) -> float:
    """How long the phases of a method that are `counted` take with these minutes when its round is held so often, the lobby included."""
    times = (turns if phase.part is Part.ROUND else 1 for phase in counted(method.phases))
    return method.lobby_minutes + sum(one * often for one, often in zip(minutes, times, strict=True))


def usual_minutes(method: Method, people: int | None = None) -> float:
    """How long a meeting of this method takes with its lobby, when nothing is left out and nothing hurries."""
    return together(method, (phase.minutes for phase in held(method)), turns(method, people))


def least_minutes(method: Method, people: int | None = None) -> float:
    """In how many minutes, lobby included, it can be held at all: what the method says itself, else with nothing to work on but its case
    and each phase as short as it may be.
    """
    if method.minutes_least is not None:
        return method.minutes_least
    phases = left_out(method.phases, ())
    shortest = dict(zip((phase.key for phase in phases), scaled(phases, 0), strict=True))
    minutes = (shortest.get(phase.key, 0) for phase in counted(method.phases))
    return together(method, minutes, turns(method, people))


def scaled_in_turn(method: Method, minutes_total: float, turns: int) -> tuple[float, ...]:
    """The minutes of each phase when a round that is held so often, and what is around it, have `minutes_total` (without the lobby)."""
    every = counted(method.phases)
    if turns == 1:
        return scaled(every, minutes_total)
    parts = {part: [phase for phase in every if phase.part is part] for part in Part}
    rounds = [phase for _ in range(turns) for phase in parts[Part.ROUND]]
    phases = (*parts[Part.OPENING], *rounds, *parts[Part.CLOSING])
    kept = min(RESERVED_LAST, sum(phase.minutes for phase in parts[Part.CLOSING]))  # no turn is longer than the others
    found: dict[str, float] = {}
    for phase, minutes in zip(phases, scaled(phases, minutes_total, kept), strict=True):
        found[phase.key] = min(minutes, found.get(phase.key, minutes))
    return tuple(found[phase.key] for phase in every)


def left_out(phases: Sequence[Phase], needs_met: Collection[Needs]) -> tuple[Phase, ...]:
    """The phases that are held, in order, longer by the minutes of those that are not.

    A phase is left out where what it needs is not met; its minutes go to its `minutes_to`. Where nothing would be left,
    nothing is left out. Of phases that are options
    of the same choice the first one stands for all: it holds their place until the group has chosen.
    """
    held: list[Phase] = []
    given: Counter[str] = Counter()
    choices: set[str] = set()
    for phase in phases:
        if phase.needs is not None and phase.needs not in needs_met:
            given[phase.minutes_to or ""] += round(phase.minutes * PER_MINUTE)
        elif phase.option_of is None or phase.option_of not in choices:
            held.append(phase)
            choices |= {phase.option_of} if phase.option_of else set()
    if not held:
        return tuple(phases)
    return tuple(
        phase.model_copy(update={"minutes": phase.minutes + given[phase.key] / PER_MINUTE})
        if given[phase.key]
        else phase
        for phase in held
    )


def counted(phases: Sequence[Phase]) -> tuple[Phase, ...]:
    """The phases that take time, in order: of the options of one choice the first, whose place each of them can take."""
    choices = [phase.option_of for phase in phases]
    return tuple(p for index, p in enumerate(phases) if p.option_of is None or p.option_of not in choices[:index])


def spread(phases: Sequence[Phase], minutes: Sequence[float]) -> tuple[float, ...]:
    """The minutes of every phase, from those of the phases that are `counted`: an option takes as long as the first one."""
    of_places = dict(zip(map(_place, counted(phases)), minutes, strict=True))
    return tuple(of_places[_place(phase)] for phase in phases)


def _place(phase: Phase) -> tuple[bool, str]:
    return (phase.option_of is not None, phase.option_of or phase.key)


def scaled(phases: Sequence[Phase], minutes_total: float, reserved_last: float = RESERVED_LAST) -> tuple[float, ...]:
    """How many minutes each phase gets when all of them together have `minutes_total` (without the lobby).

    The whole phases that fit into the `reserved_last` minutes keep their length, the first phase never being one of
    them; the others shrink or grow alike, but none below its `min_minutes`. The sum is `minutes_total`, rounded down
    to half a minute; only where even the shortest phases take longer it is more.
    """
    count = _reserved(phases, reserved_last)
    scaling, kept = phases[: len(phases) - count], phases[len(phases) - count :]
    last = [_halves(phase.minutes) for phase in kept]
    free = floor(minutes_total * PER_MINUTE) - sum(last)
    wanted = [_halves(phase.minutes) for phase in scaling]
    least = [_halves(phase.min_minutes) for phase in scaling]
    return tuple(halves / PER_MINUTE for halves in [*_shared(wanted, least, free), *last])


def _reserved(phases: Sequence[Phase], reserved_last: float) -> int:
    total, count = 0.0, 0
    for phase in reversed(phases[1:]):
        total += phase.minutes
        if total > reserved_last:
            break
        count += 1
    return count


def _shared(wanted: list[int], least: list[int], free: int) -> list[int]:
    """Shares out `free` in proportion to `wanted`, none below `least`; what rounding leaves goes to the largest rest."""
    if not wanted or free <= sum(least):
        return least
    shares = _in_proportion(wanted, least, free)
    whole = [floor(share) for share in shares]
    by_rest = sorted(range(len(shares)), key=lambda index: whole[index] - shares[index])
    for index in by_rest[: free - sum(whole)]:
        whole[index] += 1
    return whole


def _in_proportion(wanted: list[int], least: list[int], free: int) -> list[Fraction]:
    # Whoever would fall below its least gets that; the others share the rest, until nobody does.
    short: set[int] = set()
    while True:
        others = [index for index in range(len(wanted)) if index not in short]
        factor = Fraction(free - sum(least[index] for index in short), sum(wanted[index] for index in others))
        below = {index for index in others if wanted[index] * factor < least[index]}
        if not below:
            return [Fraction(least[i]) if i in short else wanted[i] * factor for i in range(len(wanted))]
        short |= below


def _halves(minutes: float) -> int:
    return round(minutes * PER_MINUTE)
