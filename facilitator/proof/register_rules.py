"""The registers an organisation or a person keeps hours for: what each asks for, and somebody's own years by it.

Promises: one that an organisation set is read by everybody in it and changed by its administrators; one that a person set is theirs alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from flask_babel import lazy_gettext as _l
from flask_babel import to_user_timezone
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session as Transaction

from facilitator.accounts.models import User
from facilitator.core.audit import Deed, note
from facilitator.core.db import db, now, random_id
from facilitator.core.refusals import Refused
from facilitator.proof.models import RegisterRule
from facilitator.proof.overview import Session, sessions_of, with_people
from facilitator.proof.registers import RegisterYear, Rule, years_of

MOST = 20  # of one person, or of an organisation
HOUR = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form says a register asks for: whole hours, and the rest as in the table."""

    name: str
    hours: int
    month: int
    day: int
    along: int
    smallest: int
    needs_all: bool


def registers_for(user: User) -> list[RegisterRule]:
    """Those of the organisation and then somebody's own, each by name."""
    found = db.session.scalars(select(RegisterRule).where(_readable(user))).all()
    return sorted(found, key=lambda one: (one.user_id is not None, one.name.casefold(), one.id))


def register_of(session: Transaction, user: User, rule_id: str) -> RegisterRule | None:
    """One that somebody may read."""
    return session.scalar(select(RegisterRule).where(RegisterRule.id == rule_id, _readable(user)))


def may_change(user: User, rule: RegisterRule) -> bool:
    """Whether it is theirs to change or take away."""
    return rule.user_id == user.id if rule.user_id is not None else user.is_administrator


def keep(user: User, asked: Asked, rule_id: str | None = None, *, is_for_all: bool = False) -> str:
    """Adds a register, for its owner or for everybody, or changes one; answers its id. Raises Refused, and LookupError where somebody
    may not change it, or not any more.
    """
    with db.writing() as session:
        by = session.get_one(User, user.id)
        if rule_id is not None:
            rule = _changeable(session, by, rule_id)
        else:
            rule = RegisterRule(
                id=random_id(), organisation_id=by.organisation_id, user_id=None if is_for_all else by.id
            )
            if not may_change(by, rule):
                raise LookupError(by.id)
            _refuse_more(session, rule)
            session.add(rule)
        for name, value in asdict(asked).items():
            setattr(rule, name, value)
        _note(session, by, Deed.CHANGED, rule)
        return rule.id


def remove(user: User, rule_id: str) -> None:
    """Takes a register away; nobody's hours change by that. Raises LookupError as above."""
    with db.writing() as session:
        by = session.get_one(User, user.id)
        rule = _changeable(session, by, rule_id)
        _note(session, by, Deed.ERASED, rule)
        session.delete(rule)


def own_years(user: User, rule: RegisterRule) -> tuple[tuple[RegisterYear[Session], ...], int]:
    """Somebody's own years by a register, and how many of their sessions cannot be read any more."""
    sessions, unreadable = sessions_of(user)
    asked = Rule(rule.hours * HOUR, rule.month, rule.day, rule.along * HOUR, rule.smallest, rule.needs_all)
    return years_of(asked, with_people(sessions), to_user_timezone(now()).date()), unreadable


def _readable(user: User) -> ColumnElement[bool]:
    mine = or_(RegisterRule.user_id.is_(None), RegisterRule.user_id == user.id)
    return mine & (RegisterRule.organisation_id == user.organisation_id)


def _changeable(session: Transaction, by: User, rule_id: str) -> RegisterRule:
    rule = register_of(session, by, rule_id)
    if rule is None or not may_change(by, rule):
        raise LookupError(rule_id)
    return rule


def _refuse_more(session: Transaction, rule: RegisterRule) -> None:
    of_owner = RegisterRule.user_id == rule.user_id if rule.user_id else RegisterRule.user_id.is_(None)
    here = RegisterRule.organisation_id == rule.organisation_id
    if (session.scalar(select(func.count()).select_from(RegisterRule).where(of_owner, here)) or 0) >= MOST:
        raise Refused(_l("There are %(most)s registers already. Take one away first.", most=MOST), field="name")


def _note(session: Transaction, by: User, deed: Deed, rule: RegisterRule) -> None:
    """What is for everybody is noted; what somebody keeps for themselves is nobody's business."""
    if rule.user_id is None:
        note(session, rule.organisation_id, by.id, deed, "register", rule.id)
