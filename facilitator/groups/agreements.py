"""What a group agreed on, in versions. Everybody accepts the one that holds, on a device or account of their own; a new one asks again.

Promises: a version that is there is never changed; nobody accepts for somebody else, nor a version that another one has replaced by then;
its words are sealed with a key of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.core import audit, sealing
from facilitator.core.audit import Deed
from facilitator.core.db import db, now, random_id, take_turns
from facilitator.core.refusals import Refused
from facilitator.groups import rules
from facilitator.groups.models import Acceptance, Agreement, Group
from facilitator.groups.summaries import summaries

PLACE = "agreement"


@dataclass(frozen=True, slots=True)
class Version:
    """One version: `number` counts from 1, `lines` are its sentences."""

    id: str
    number: int
    day: date
    lines: tuple[str, ...]


def current(session: Session, group_id: str | None) -> Agreement | None:
    """The version that holds in a group, if it has one."""
    return session.scalar(_newest(group_id).limit(1)) if group_id else None


def opened(row: Agreement) -> Version:
    """A version with its words; where they do not open, that stands in their place."""
    text = sealing.readable(lambda: str(sealing.unseal(row.id, PLACE, row.body)["text"]), str(sealing.UNREADABLE))
    return Version(row.id, row.number, row.made_on, tuple(line.strip() for line in text.split("\n") if line.strip()))


def versions(group_id: str) -> tuple[Version, ...]:
    """Every version of a group, the one that holds first. The caller has checked that they may be read."""
    return tuple(opened(row) for row in db.session.scalars(_newest(group_id)))


def accepted_by(session: Session, agreement_id: str | None) -> set[str]:
    """The accounts that accepted a version."""
    if agreement_id is None:
        return set()
    return set(session.scalars(select(Acceptance.user_id).where(Acceptance.agreement_id == agreement_id)))


def still_to_accept(user: User) -> list[Group]:
    """The groups somebody is in now that have an agreement which waits for them."""
    session = db.session()
    mine = select(Group).where(Group.id.in_(rules.groups_of(user.id)), Group.ended_at.is_(None)).order_by(Group.name)
    holds = ((group, current(session, group.id)) for group in session.scalars(mine).all())
    return [group for group, known in holds if known and session.get(Acceptance, (known.id, user.id)) is None]


def write(by: User, group_id: str, seen: int, text: str) -> None:
    """A new version in the place of the one somebody saw (`seen`, 0 for none); whoever is in the group and writes it has accepted it. Raises
    LookupError for a group they do not see, and `Refused` where somebody else was faster.
    """
    new_id = random_id()
    sealing.keyring().make(new_id)
    try:
        with db.writing() as session:
            take_turns(session, group_id)
            group = _seen(session, by, group_id)
            _require_latest(session, group_id, seen)
            body = sealing.seal(new_id, PLACE, {"text": text})
            made = Agreement(id=new_id, group_id=group_id, number=seen + 1, made_on=now().date(), body=body)
            session.add(made)
            session.flush()
            if rules.is_member(session, by.id, group_id):
                session.add(Acceptance(agreement_id=new_id, user_id=by.id))
            audit.note(session, group.organisation_id, by.id, Deed.CHANGED, "group", group_id)
    except (LookupError, Refused):
        sealing.keyring().destroy(new_id)
        raise


def accept(by: User, group_id: str, number: int) -> None:
    """Somebody who is in a group accepts the version they read. Raises LookupError where they are not in it, and `Refused` where another
    version holds by now.
    """
    with db.writing() as session:
        _seen(session, by, group_id)
        known = current(session, group_id)
        if known is None or not rules.is_member(session, by.id, group_id):
            raise LookupError(group_id)
        if known.number != number:
            raise Refused(_l("There is a newer version by now. Read that one."))
        accepted(session, known.id, by.id)


def accepted(session: Session, agreement_id: str, user_id: str) -> None:
    """Notes in a running transaction that an account accepted a version, by its own deed; pressed twice, or here and there at once, once."""
    take_turns(session, f"accepts:{agreement_id}:{user_id}")
    if session.get(Acceptance, (agreement_id, user_id)) is None:
        session.add(Acceptance(agreement_id=agreement_id, user_id=user_id))


def _require_latest(session: Session, group_id: str, seen: int) -> None:
    known = current(session, group_id)
    if (known.number if known else 0) != seen:
        raise Refused(_l("Somebody else has just changed it. Read theirs first; what you typed is still here."))


def _newest(group_id: str) -> Select[Agreement]:
    return select(Agreement).where(Agreement.group_id == group_id).order_by(Agreement.number.desc())


def _seen(session: Session, by: User, group_id: str) -> Group:
    user = session.get(User, by.id)
    if user is None or not user.active:
        raise LookupError(by.id)
    readable = rules.readable(user, summaries().led_by(user.id))
    group = session.scalar(select(Group).where(Group.id == group_id, readable))
    if group is None:
        raise LookupError(group_id)
    return group
