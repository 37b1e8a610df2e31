"""Which method suits: what one cannot be for a group, and the three that serve a group's aim best. Pure.

Promises: nothing is proposed that would not fit; the same question has the same answer, whatever the order of the methods; each
proposal carries what speaks for it, and what was passed over carries every reason why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from facilitator.methods import timing
from facilitator.methods.vocabulary import Aim, Experience, Method

MOST = 3
GROWING = tuple(Experience)


class Reason(StrEnum):
    """Why a method is not for this group now."""

    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    TOO_SHORT = "too_short"
    TOO_NEW = "too_new"
    NOT_SAFE = "not_safe"


@dataclass(frozen=True, slots=True)
class Misfit:
    """A reason with its figures: what the method needs, and what there is; 0 and 0 where it is not about figures."""

    reason: Reason
    needed: int = 0
    found: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What a group wants: an aim, a number of people, a number of minutes with everything, and how often it has done this."""

    aim: Aim
    people: int
    minutes: int
    experience: Experience


@dataclass(frozen=True, slots=True)
class Proposal:
    """A method that serves an aim, how long it usually takes, and what stands in its way."""

    method: Method
    minutes: int
    misfits: tuple[Misfit, ...] = ()


def misfits(method: Method, people: int | None, minutes: float | None) -> tuple[Misfit, ...]:
    """What a method cannot be with so many people in so many minutes; what is not known stands in nobody's way."""
    return tuple(_misfits(method, people, minutes))


def _misfits(method: Method, people: int | None, minutes: float | None) -> Iterable[Misfit]:
    if people is not None and people < method.people_min:
        yield Misfit(Reason.TOO_FEW, method.people_min, people)
    if people is not None and people > method.people_max:
        yield Misfit(Reason.TOO_MANY, method.people_max, people)
    least = timing.least_minutes(method, people)
    if minutes is not None and minutes < least:
        yield Misfit(Reason.TOO_SHORT, -int(-least // 1), int(minutes))


def proposals(methods: Iterable[Method], wish: Wish) -> tuple[Proposal, ...]:
    """Up to three methods for a wish, the best first: those that serve the aim above all, then those that take about the time there is."""
    fitting = [proposal for proposal in _serving(methods, wish) if not proposal.misfits]
    return tuple(sorted(fitting, key=lambda proposal: _distance(proposal, wish))[:MOST])


def passed_over(methods: Iterable[Method], wish: Wish) -> tuple[Proposal, ...]:
    """The methods that serve the aim and do not fit, those first that lack least."""
    found = [proposal for proposal in _serving(methods, wish) if proposal.misfits]
    return tuple(sorted(found, key=lambda proposal: (len(proposal.misfits), *_distance(proposal, wish))))


def _serving(methods: Iterable[Method], wish: Wish) -> list[Proposal]:
    return [
        Proposal(
            method,
            round(timing.usual_minutes(method, wish.people)),
            (*misfits(method, wish.people, wish.minutes), *_unready(method, wish.experience)),
        )
        for method in methods
        if wish.aim in method.aims
    ]


def _unready(method: Method, experience: Experience) -> Iterable[Misfit]:
    if GROWING.index(experience) < GROWING.index(method.experience):
        yield Misfit(Reason.TOO_NEW)
    elif method.is_for_safe_groups and experience is Experience.NEW:
        yield Misfit(Reason.NOT_SAFE)


def _distance(proposal: Proposal, wish: Wish) -> tuple[int, int, int, str]:
    """How far a method is from a wish: its aim, minutes to cut or to fill, experience it makes no use of, and its key where all is alike."""
    method = proposal.method
    unused = GROWING.index(wish.experience) - GROWING.index(method.experience)
    return method.aims.index(wish.aim), abs(proposal.minutes - wish.minutes), unused, method.key
