"""Whether a group meets by one method again and again, and what else would serve it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from facilitator.core.db import db
from facilitator.groups.rules import members_of
from facilitator.meetings import models
from facilitator.methods.choosing import Proposal, Wish, proposals
from facilitator.methods.vocabulary import Experience, Method

IN_A_ROW = 3


def instead_of(method: Method, group_id: str, offered: Iterable[Method], minutes: int) -> tuple[Proposal, ...]:
    """Other methods for a group whose last meetings were all by this one: with its first aim, for as many people as are in the group.
    Nothing where it met otherwise, or too few times.
    """
    held = select(models.Meeting.method_key).where(
        models.Meeting.group_id == group_id, models.Meeting.status == "ended", models.is_whole()
    )
    last = db.session.scalars(held.order_by(models.Meeting.ended_at.desc()).limit(IN_A_ROW)).all()
    if [*last] != [method.key] * IN_A_ROW or not method.aims:
        return ()
    people = db.session.scalar(select(func.count()).select_from(members_of(group_id).subquery())) or 0
    others = (one for one in offered if one.key != method.key)
    return proposals(others, Wish(method.aims[0], max(people, method.people_min), minutes, Experience.SOME))
