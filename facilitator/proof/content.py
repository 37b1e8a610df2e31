"""What proof of participation says: names, hours and roles. Pure.

Promises: there is no field for what a meeting was about but `theme`, which is empty unless the moderator filled it in, and
its form says that it must not tell the case. Moments are in UTC, lengths in whole minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from facilitator.meetings.titles import Named


class Role(StrEnum):
    PEER = "peer"
    CASE_GIVER = "case_giver"
    MODERATOR = "moderator"


@dataclass(frozen=True, slots=True)
class Moderator:
    """Who guarded the meeting, and as what."""

    name: str = ""
    function: str = ""
    registration: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that was held. `number` counts the group's meetings from 1, 0 without a group; `group_number` is what a
    register calls the group; `minutes` are net. `method` is the name it had, and `further` are the same of the methods of other
    cases that were taken up; `methods` is what all of these were called, and called the roles, in every language they had.
    """

    started_at: datetime
    ended_at: datetime
    minutes: int
    method_key: str
    method: str
    group: str = ""
    number: int = 0
    group_number: str = ""
    is_online: bool = False
    place: str = ""
    theme: str = ""
    moderator: Moderator = Moderator()
    further: tuple[tuple[str, str], ...] = ()
    methods: tuple[Named, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the moderator confirmed of one person, beside the minutes that were counted. Without times they were not there;
    `is_corrected`: the times or the minutes are not those that were counted. `gave_by`: the key of the method of the case they gave, where
    that is not the one of the meeting.
    """

    name: str
    was_there: bool
    role: Role
    has_agreed: bool
    came: datetime | None = None
    went: datetime | None = None
    minutes: int = 0
    counted: int = 0
    is_corrected: bool = False
    gave_by: str = ""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What somebody wants printed of themselves. `is_listed`: also on the documents of the others."""

    name: str = ""
    function: str = ""
    registration: str = ""
    is_listed: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on the documents of the others, because they want to be."""

    name: str
    function: str = ""
    registration: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything a certificate says. `people` is how many took part, those who are not listed as well. `has_signed`: its holder said
    themselves that they took part; `all_signed`: so did everybody else. Of others, no more than that is said.
    """

    name: str
    function: str
    registration: str
    role: Role
    has_agreed: bool
    came: datetime
    went: datetime
    minutes: int
    held: Held
    listed: tuple[Listed, ...]
    people: int
    gave_by: str = ""
    has_signed: bool = False
    all_signed: bool = False

    def says_the_same(self, other: Proof) -> bool:
        """Whether another one says the same of its holder and the meeting: who else is listed, and who signed, may differ."""
        return self._of_meeting() == other._of_meeting()

    def _of_meeting(self) -> Proof:
        return replace(self, listed=(), has_signed=False, all_signed=False)


@dataclass(frozen=True, slots=True)
class Reflection:
    """What somebody wrote down for themselves. The first lines say of which meeting; all of it is theirs."""

    held_at: datetime | None = None
    group: str = ""
    goal: str = ""
    technical: str = ""
    normative: str = ""
    personal: str = ""
    learned: str = ""
    intended: str = ""
    competence: str = ""
