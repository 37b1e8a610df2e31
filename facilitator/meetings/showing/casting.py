"""The roles that are given now, as a seat may see them."""

from __future__ import annotations

from dataclasses import dataclass

from facilitator.meetings import rules, titles
from facilitator.meetings.seen import Seen, seen_by
from facilitator.methods.roles import heading


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role that is given now: who has it, and whether this seat would take it. `offering` are seats and names, for the moderator alone."""

    role: str
    name: str
    holders: tuple[tuple[str, str], ...]
    offering: tuple[tuple[str, str], ...] = ()
    may_offer: bool = False
    is_offered: bool = False
    is_mine: bool = False


def roles_given(me: Seen, locale: str) -> tuple[RoleView, ...]:
    """The roles that are given in the step at hand, as a seat may see them."""
    names = titles.roles(me.meeting, me.meeting.now.round, locale)
    found = []
    for role in rules.shared_out(me.meeting):
        holders = rules.holders(me.meeting, role)
        others = (seat for seat in rules.participants(me.meeting) if role in seat.offers and seat not in holders)
        offering = tuple((seat.id, seat.name) for seat in others if seen_by(me.meeting, seat).may_offer(role))
        found.append(
            RoleView(
                role=role.value,
                name=heading(names.of(role)),
                holders=tuple((seat.id, seat.name) for seat in holders),
                offering=offering if me.is_moderator else (),
                may_offer=me.may_offer(role),
                is_offered=role in me.seat.offers,
                is_mine=any(seat.id == me.seat.id for seat in holders),
            )
        )
    return tuple(found)
