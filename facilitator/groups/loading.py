"""What the pages of groups show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.core import lengths
from facilitator.core.db import db
from facilitator.core.text import name_key, told_apart
from facilitator.groups import agreements, rules
from facilitator.groups.agreements import Version
from facilitator.groups.models import Group, Member
from facilitator.groups.summaries import MeetingSummary, summaries


@dataclass(frozen=True, slots=True)
class Listed:
    id: str
    name: str
    members: int
    next: MeetingSummary | None
    last: MeetingSummary | None


@dataclass(frozen=True, slots=True)
class Person:
    """A member on the page of a group. Of accounts that are called alike those who came later have a number. `email` is
    empty for whoever may not edit it. `is_peer`: it was said of them that they lead nobody in the group.
    """

    member_id: str
    user_id: str
    name: str
    email: str
    is_peer: bool
    has_accepted: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A group as one person sees it."""

    id: str
    name: str
    ended_at: datetime | None
    may_edit: bool
    may_meet: bool
    people: tuple[Person, ...]
    agreement: Version | None
    ahead: tuple[MeetingSummary, ...]
    behind: tuple[MeetingSummary, ...]


def groups_for(user: User) -> list[Listed]:
    """The groups somebody sees, by name."""
    led = summaries().led_by(user.id)
    found = db.session.scalars(select(Group).where(rules.readable(user, led))).all()
    ids = [group.id for group in found]
    counts = _counts(ids)
    meetings = summaries().of_groups(user, ids)
    listed = [
        Listed(
            group.id,
            group.name,
            counts.get(group.id, 0),
            _first(reversed_ahead(meetings, group.id)),
            _first([m for m in meetings if m.group_id == group.id and m.is_over]),
        )
        for group in found
    ]
    return sorted(listed, key=lambda one: one.name.casefold())


def group_for(user: User, group_id: str) -> Page | None:
    """One group; None where somebody may not see it, or it is not there."""
    led = summaries().led_by(user.id)
    group = db.session.scalar(select(Group).where(Group.id == group_id, rules.readable(user, led)))
    if group is None:
        return None
    may_edit = _holds(group_id, rules.editable(user, led))
    meetings = summaries().of_groups(user, [group_id], with_reports=True)
    holds = agreements.current(db.session(), group_id)
    return Page(
        id=group.id,
        name=group.name,
        ended_at=group.ended_at,
        may_edit=may_edit,
        may_meet=_holds(group_id, rules.usable(user, led)),
        people=_people(group_id, may_edit, agreements.accepted_by(db.session(), holds.id if holds else None)),
        agreement=agreements.opened(holds) if holds else None,
        ahead=tuple(reversed_ahead(meetings, group_id)),
        behind=tuple(m for m in meetings if m.is_over),
    )


def reversed_ahead(meetings: list[MeetingSummary], group_id: str) -> list[MeetingSummary]:
    """What is on now or still to come, the soonest first."""
    return [m for m in reversed(meetings) if m.group_id == group_id and not m.is_over]


def _people(group_id: str, may_edit: bool, accepted: set[str]) -> tuple[Person, ...]:
    query = (
        select(Member, User)
        .join(User, User.id == Member.user_id)
        .where(Member.group_id == group_id, Member.left_at.is_(None))
        .order_by(Member.added_at, Member.id)
    )
    found, taken = [], set[str]()
    for member, user in db.session.execute(query):
        name = told_apart(user.name, taken, lengths.NAME)
        taken.add(name_key(name))
        email = user.email if may_edit else ""
        found.append(Person(member.id, user.id, name, email, member.is_peer, user.id in accepted))
    return tuple(sorted(found, key=lambda person: person.name.casefold()))


def member_names(group_ids: Iterable[str], session: Session | None = None) -> dict[str, dict[str, str]]:
    """The names of those who are in groups now, by group and account; of two who are called alike the later one has a number."""
    query = select(Member.group_id, User.id, User.name).join(User, User.id == Member.user_id)
    query = query.where(Member.group_id.in_(list(group_ids)), Member.left_at.is_(None), User.active)
    found: dict[str, dict[str, str]] = {}
    for group_id, user_id, name in (session or db.session()).execute(query.order_by(Member.added_at, Member.id)):
        people = found.setdefault(group_id, {})
        people[user_id] = told_apart(name, set(map(name_key, people.values())), lengths.NAME)
    return found


def _counts(group_ids: list[str]) -> dict[str, int]:
    query = (
        select(Member.group_id, func.count())
        .where(Member.group_id.in_(group_ids), Member.left_at.is_(None))
        .group_by(Member.group_id)
    )
    return dict(db.session.execute(query).all())


def _holds(group_id: str, allowed: rules.Allowed) -> bool:
    return db.session.scalar(select(Group.id).where(Group.id == group_id, allowed)) is not None


def _first(found: list[MeetingSummary]) -> MeetingSummary | None:
    return found[0] if found else None
