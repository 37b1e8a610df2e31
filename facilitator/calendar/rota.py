"""Who takes which role in the meetings of a series: a proposal, and why. Pure.

Promises: what is settled already stays; nobody gets a turn in a meeting they cannot come to, or in a role they cannot take; nobody
moderates the meeting in which they give the case; in each role nobody gets two turns more than somebody else who could have had one of
them, so where all can come to everything nobody is off by more than one. Among all divisions like that each meeting in turn gets whoever
had the role longest ago, and if that can be helped nobody has two roles in one meeting. The same question has the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from facilitator.meetings.turns import CASE_GIVER, MODERATOR

NEVER = datetime.min.replace(tzinfo=UTC)
NEVER_TOGETHER = {MODERATOR: CASE_GIVER, CASE_GIVER: MODERATOR}


class Why(StrEnum):
    """Why a turn is somebody's. The word is kept with the turn."""

    NEVER = "never"  # they had not had the role yet
    LONGEST = "longest"  # of those who can, nobody had it longer ago
    ONLY = "only"  # nobody else can
    FAIR = "fair"  # somebody had it longer ago, and is needed in another meeting
    CHOSEN = "chosen"  # whoever leads said so
    SWAPPED = "swapped"


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting with the roles there are in it, and who cannot come; `settled` holds the turns that stand, by role."""

    id: str
    moment: datetime
    roles: Sequence[str]
    away: frozenset[str] = frozenset()
    settled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposed:
    user_id: str
    why: Why


Slot = tuple[str, str]  # a meeting and a role
Spared = Mapping[str, frozenset[str]]  # who cannot take a role at all
Last = Mapping[tuple[str, str], datetime]  # when somebody had a role last, by role and person


def proposal(sittings: Sequence[Sitting], members: Sequence[str], spared: Spared, last: Last) -> dict[Slot, Proposed]:
    """Somebody for every turn that is open and can be filled. `sittings` are in the order of time; of `members` who are alike
    in everything the earlier one comes first.
    """
    found: dict[Slot, Proposed] = {}
    for role in dict.fromkeys(role for sitting in sittings for role in sitting.roles):
        there = [sitting for sitting in sittings if role in sitting.roles]
        given = {sitting.id: _given(sitting, found) for sitting in there}
        may = {
            sitting.id: [one for one in members if can(one, role, sitting, spared, given[sitting.id])]
            for sitting in there
        }
        found |= _Role(role, there, may, given, last).divided()
    return found


def can(user_id: str, role: str, sitting: Sitting, spared: Spared, given: Mapping[str, str]) -> bool:
    """Whether somebody may have a turn beside the other turns of that meeting, by role."""
    other = NEVER_TOGETHER.get(role)
    is_torn = other is not None and given.get(other) == user_id
    return not (is_torn or user_id in sitting.away or user_id in spared.get(role, frozenset()))


def _given(sitting: Sitting, found: Mapping[Slot, Proposed]) -> dict[str, str]:
    proposed = {role: found[sitting.id, role].user_id for role in sitting.roles if (sitting.id, role) in found}
    return {**proposed, **sitting.settled}


class _Role:
    """One role over all meetings. `holder` is who has it where, `load` how often each has it."""

    def __init__(
        self,
        role: str,
        sittings: Sequence[Sitting],
        may: Mapping[str, Sequence[str]],
        given: Mapping[str, Mapping[str, str]],
        last: Last,
    ) -> None:
        self.role, self.sittings, self.may, self.given = role, sittings, may, given
        self.open = [one.id for one in sittings if role not in one.settled and may[one.id]]
        self.holder: dict[str, str] = {}
        self.load: dict[str, int] = {}
        self.last = {user_id: moment for (of, user_id), moment in last.items() if of == role}
        for sitting in sittings:
            if role in sitting.settled:
                self._count(sitting.settled[role], 1)

    def divided(self) -> dict[Slot, Proposed]:
        for sitting_id in self.open:
            self._place(sitting_id)
        return {(sitting_id, self.role): proposed for sitting_id, proposed in self._in_order()}

    def _place(self, sitting_id: str) -> None:
        """Gives a turn so that nobody has more than need be: whoever could have it may hand one of theirs on."""
        ways = self._ways(list(self.may[sitting_id]), free=set(self.holder))
        self._hand_on(ways, min(ways, key=lambda one: self.load.get(one, 0)), sitting_id)

    def _ways(self, start: Sequence[str], free: set[str]) -> dict[str, tuple[str, str] | None]:
        """Everybody to whom a turn can get that one of `start` has, and from whom with which meeting; the nearest first."""
        ways: dict[str, tuple[str, str] | None] = dict.fromkeys(start)
        for person in (queue := list(start)):
            for sitting_id in (one for one in self.open if one in free and self.holder.get(one) == person):
                for other in self.may[sitting_id]:
                    if other not in ways:
                        ways[other] = (person, sitting_id)
                        queue.append(other)
        return ways

    def _hand_on(self, ways: Mapping[str, tuple[str, str] | None], to: str, sitting_id: str) -> None:
        """Along the way to `to` everybody hands a meeting on; the first one gets this one."""
        self._count(to, 1)
        while (step := ways[to]) is not None:
            giver, handed = step
            self.holder[handed], to = to, giver
        self.holder[sitting_id] = to

    def _in_order(self) -> list[tuple[str, Proposed]]:
        """Meeting by meeting whoever had the role longest ago, as long as all of it stays as even."""
        found, free = [], set(self.open)
        for sitting in self.sittings:
            settled = sitting.settled.get(self.role)
            if settled is None and sitting.id in free:
                free.discard(sitting.id)
                queue = self._queue(sitting.id)
                person = next(one for one in queue if self._is_even_with(one, sitting.id, free))
                found.append((sitting.id, Proposed(person, self._why(person, sitting.id))))
                settled = person
            if settled is not None:
                self.last[settled] = max(sitting.moment, self.last.get(settled, NEVER))
        return found

    def _queue(self, sitting_id: str) -> list[str]:
        """Those who could have a turn; who has another role in that meeting comes last."""
        busy = set(self.given[sitting_id].values())
        return sorted(self.may[sitting_id], key=lambda one: (one in busy, self.last.get(one, NEVER)))

    def _is_even_with(self, person: str, sitting_id: str, free: set[str]) -> bool:
        """Gives somebody a turn if the whole stays as even by it: they hand another one on, or have one less than the one before."""
        before = self.holder[sitting_id]
        if person == before:
            return True
        least = self.load.get(before, 0) - 1
        ways = self._ways([person], free)
        to = before if before in ways else next((one for one in ways if self.load.get(one, 0) == least), None)
        if to is None:
            return False
        self._count(before, -1)
        self._hand_on(ways, to, sitting_id)
        self.holder[sitting_id] = person
        return True

    def _count(self, person: str, by: int) -> None:
        self.load[person] = self.load.get(person, 0) + by

    def _why(self, person: str, sitting_id: str) -> Why:
        others = [one for one in self.may[sitting_id] if one != person]
        if not others:
            return Why.ONLY
        if person not in self.last:
            return Why.NEVER
        return Why.LONGEST if all(self.last.get(one, NEVER) >= self.last[person] for one in others) else Why.FAIR
