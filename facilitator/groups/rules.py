"""Who belongs to a group: the one place that answers it."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from facilitator.groups.models import Member


def is_member(session: Session, user_id: str, group_id: str | None) -> bool:
    """Whether somebody is in a group now."""
    if group_id is None:
        return False
    return session.scalar(groups_of(user_id).where(Member.group_id == group_id)) is not None


def groups_of(user_id: str) -> Select[str]:
    """The ids of the groups somebody is in now, as a question that other questions can hold."""
    return select(Member.group_id).where(Member.user_id == user_id, Member.left_at.is_(None))
