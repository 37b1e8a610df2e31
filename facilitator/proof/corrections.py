"""What a moderator makes of what was counted: times, or minutes, of one person. Pure.

Promises: nobody gets more than the meeting lasted between the times that stand beside it; what was counted is kept with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from facilitator.proof.content import Confirmed, Role
from facilitator.proof.counting import Person
from facilitator.proof.presence import Span, net_minutes


class Wrong(StrEnum):
    OUTSIDE = "outside"
    TURNED = "turned"
    TOO_LONG = "too_long"


class CannotBe(Exception):
    """A correction that cannot be; `most` are the minutes there were."""

    def __init__(self, wrong: Wrong, most: int = 0) -> None:
        super().__init__(wrong.value)
        self.wrong = wrong
        self.most = most


@dataclass(frozen=True, slots=True)
class Choice:
    """What the moderator chose for one person. Without times those that were counted hold, else the whole meeting;
    without minutes they follow from the times.
    """

    was_there: bool
    role: Role
    has_agreed: bool
    came: datetime | None = None
    went: datetime | None = None
    minutes: int | None = None


def is_there(person: Person) -> bool:
    """Whether somebody is taken to have been there until the moderator says otherwise."""
    return person.stay is not None and person.stay.minutes > 0 and not person.is_expelled


def corrected(person: Person, choice: Choice, ran: tuple[Span, ...]) -> Confirmed:
    """One person as the moderator confirms them; raises CannotBe."""
    counted = person.stay.minutes if person.stay else 0
    if not choice.was_there:
        return Confirmed(person.name, False, choice.role, choice.has_agreed, counted=counted, gave_by=person.gave_by)
    came, went = _times(person, choice, ran)
    is_as_counted = person.stay is not None and (came, went) == (person.stay.came, person.stay.went)
    most = net_minutes([Span(came, went)], ran)
    minutes = choice.minutes
    if minutes is None:
        minutes = counted if is_as_counted else most
    if not 0 <= minutes <= most:
        raise CannotBe(Wrong.TOO_LONG, most)
    return Confirmed(
        name=person.name,
        was_there=True,
        role=choice.role,
        has_agreed=choice.has_agreed,
        came=came,
        went=went,
        minutes=minutes,
        counted=counted,
        is_corrected=not is_as_counted or minutes != counted,
        gave_by=person.gave_by,
    )


def _times(person: Person, choice: Choice, ran: tuple[Span, ...]) -> tuple[datetime, datetime]:
    first, last = ran[0].start, ran[-1].end
    came = choice.came or (person.stay.came if person.stay else first)
    went = choice.went or (person.stay.went if person.stay else last)
    if not (first <= came <= last and first <= went <= last):
        raise CannotBe(Wrong.OUTSIDE)
    if went <= came:
        raise CannotBe(Wrong.TURNED)
    return came, went
