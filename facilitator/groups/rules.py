"""Who belongs to a group, and who may do what with it: the one place that answers both.

The rule. A group is edited – members, name – by the administrators of its organisation, by the moderator who made it, and
by moderators who lead its meetings. A moderator who is a member may use it for a new meeting, and leads one from then on.
It is seen by whoever may edit it and by its members. To everybody else, in the organisation too, it does not exist.

Which groups somebody leads meetings of is not known here: the meetings' room answers it, as a question that others can
hold (`meetings.summaries.led_by`).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.groups.models import Group, Member

Ids = Select[str]
Allowed = ColumnElement[bool]


def is_member(session: Session, user_id: str, group_id: str | None) -> bool:
    if group_id is None:
        return False
    return session.scalar(groups_of(user_id).where(Member.group_id == group_id)) is not None


def member_since(session: Session, user_id: str, group_id: str | None) -> datetime | None:
    """When somebody who is in a group now came in, for the last time; None for everybody else."""
    mine = select(Member.added_at).where(
        Member.user_id == user_id, Member.group_id == group_id, Member.left_at.is_(None)
    )
    return session.scalar(mine) if group_id is not None else None


def groups_of(user_id: str) -> Ids:
    """The ids of the groups somebody is in now, as a question that other questions can hold."""
    return select(Member.group_id).where(Member.user_id == user_id, Member.left_at.is_(None))


def members_of(group_id: str) -> Ids:
    """The ids of the accounts that are in a group now."""
    return select(Member.user_id).where(Member.group_id == group_id, Member.left_at.is_(None))


def editable(user: User, led: Ids) -> Allowed:
    """Which groups somebody may edit; `led` holds the ids of those whose meetings they lead."""
    if user.is_administrator:
        return _own(user)
    if not user.is_moderator:
        return false()
    return and_(_own(user), or_(Group.created_by == user.id, Group.id.in_(led)))


def usable(user: User, led: Ids) -> Allowed:
    """Which groups somebody may set up a meeting of."""
    if not user.is_moderator:
        return false()
    return or_(editable(user, led), and_(_own(user), Group.id.in_(groups_of(user.id))))


def readable(user: User, led: Ids) -> Allowed:
    """Which groups somebody sees."""
    return or_(editable(user, led), and_(_own(user), Group.id.in_(groups_of(user.id))))


def may_make(user: User) -> bool:
    """Who makes groups."""
    return user.is_moderator


def _own(user: User) -> Allowed:
    return Group.organisation_id == user.organisation_id
