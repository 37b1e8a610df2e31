"""What groups are called. A name is one's own among the groups that somebody sees: a group that is hidden from them takes no
name away, or whoever tries names would learn which groups there are.

Promises: of two who make a group of one name at once, the second sees the first one's, where they may see it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.core.db import take_turns
from facilitator.core.text import is_same_name, name_key
from facilitator.groups.models import Group
from facilitator.groups.rules import Ids, readable


def seen_by_name(session: Session, user: User, led: Ids, name: str) -> Group | None:
    """The group of this name among those somebody sees, the oldest if there are several. `led` holds the ids of the groups
    whose meetings they lead. Nobody else of the organisation names a group until the transaction ends.
    """
    take_turns(session, f"names of groups:{user.organisation_id}")
    every = session.scalars(select(Group).where(readable(user, led)).order_by(Group.created_at, Group.id))
    return next((group for group in every if is_same_name(group.name, name)), None)


def told_apart(groups: Iterable[Group]) -> dict[str, str]:
    """A name for each group, by its id, that no other one of them has: the second of a name is called `North (2)`."""
    every = list(groups)
    taken = {name_key(group.name) for group in every}
    names: dict[str, str] = {}
    given: set[str] = set()
    for group in every:
        is_first = name_key(group.name) not in given
        free = (f"{group.name} ({number})" for number in count(2))
        names[group.id] = group.name if is_first else next(name for name in free if name_key(name) not in taken)
        given.add(name_key(names[group.id]))
        taken |= given
    return names
