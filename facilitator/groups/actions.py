"""The verbs of groups that own a transaction. Each asks the rule anew; to whoever may not edit a group it does not exist.

Promises: an account is made for an address only within the organisation of whoever adds it; an address of another
organisation is refused in the same words as one that cannot be used, so nobody learns where it has an account; who leaves is
out in the same moment, because everybody asks `rules.is_member`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from facilitator.accounts import sign_in_links
from facilitator.accounts.actions import add_user
from facilitator.accounts.models import MEMBER, NO_PASSWORD, Organisation, User
from facilitator.core import audit
from facilitator.core.audit import Deed
from facilitator.core.db import db, now
from facilitator.core.refusals import Refused
from facilitator.core.text import is_same_name
from facilitator.groups import naming, rules
from facilitator.groups.addresses import Address
from facilitator.groups.models import Group, Member
from facilitator.groups.summaries import summaries


@dataclass(frozen=True, slots=True)
class Added:
    """Somebody who came into a group, and the token of a link to sign in with where they have no password."""

    user: User
    token: str


def make(by: User, name: str) -> str:
    """A new group; gives its id. Raises `Refused` where they see one of that name, and LookupError for whoever makes none."""
    with db.writing() as session:
        user = _as_now(session, by)
        if not rules.may_make(user):
            raise LookupError(by.id)
        if naming.seen_by_name(session, user, summaries().led_by(user.id), name) is not None:
            raise _name_is_taken()
        group = Group(organisation_id=user.organisation_id, name=name, created_by=user.id, created_at=now())
        session.add(group)
        session.flush()
        return group.id


def rename(by: User, group_id: str, name: str) -> None:
    """Gives a group another name. Raises `Refused` where they see another one of that name, and LookupError for a group that
    may not be edited.
    """
    with db.writing() as session:
        group = _editable(session, by, group_id)
        known = naming.seen_by_name(session, _as_now(session, by), summaries().led_by(by.id), name)
        if known is not None and known.id != group.id and not is_same_name(group.name, name):
            raise _name_is_taken()
        group.name = name
        audit.note(session, group.organisation_id, by.id, Deed.CHANGED, "group", group.id)


def end(by: User, group_id: str, is_ended: bool) -> None:
    """Says that a group meets no more, or that it goes on after all: from its end the time of its reports is counted. Raises
    LookupError for one that may not be edited.
    """
    with db.writing() as session:
        group = _editable(session, by, group_id)
        group.ended_at = (group.ended_at or now()) if is_ended else None
        audit.note(session, group.organisation_id, by.id, Deed.CHANGED, "group", group.id)


def add_members(by: User, group_id: str, addresses: Sequence[Address]) -> list[Added]:
    """Brings people into a group, all or none of them; gives who is new in it. Whoever adds them has said that none of them leads anybody
    there. Raises `Refused` with the addresses that
    cannot be used, and LookupError for a group that may not be edited.
    """
    try:
        with db.writing() as session:
            group = _editable(session, by, group_id)
            organisation = session.get_one(Organisation, group.organisation_id)
            users = _accounts(session, organisation, addresses)
            added = [user for user in users if _come_in(session, group, user)]
            audit.note(session, group.organisation_id, by.id, Deed.CHANGED, "group", group.id)
            return [Added(user, "" if user.password else _link(session, user)) for user in added]
    except IntegrityError as error:  # somebody else made an account with one of these addresses at this moment
        raise Refused(_l("Something changed meanwhile. Try again."), field="addresses") from error


def remove_member(by: User, group_id: str, member_id: str) -> User:
    """Ends somebody's membership: whoever may edit the group, or they themselves. Raises LookupError."""
    with db.writing() as session:
        member = session.get(Member, member_id)
        if member is None or member.group_id != group_id or member.left_at is not None:
            raise LookupError(member_id)
        if member.user_id != by.id:
            _editable(session, by, group_id)
        group = session.get_one(Group, group_id)
        member.left_at = now()
        audit.note(session, group.organisation_id, by.id, Deed.CHANGED, "group", group_id)
        return session.get_one(User, member.user_id)


def _editable(session: Session, by: User, group_id: str) -> Group:
    user = _as_now(session, by)
    allowed = rules.editable(user, summaries().led_by(user.id))
    group = session.scalar(select(Group).where(Group.id == group_id, allowed))
    if group is None:
        raise LookupError(group_id)
    return group


def _as_now(session: Session, by: User) -> User:
    """Somebody as this transaction finds them: a role may have been taken away meanwhile, or the account switched off."""
    user = session.get(User, by.id)
    if user is None or not user.active:
        raise LookupError(by.id)
    return user


def _accounts(session: Session, organisation: Organisation, addresses: Sequence[Address]) -> list[User]:
    """The account of every address, made where there is none."""
    emails = [address.email for address in addresses]
    known = {user.email: user for user in session.scalars(select(User).where(User.email.in_(emails)))}
    elsewhere = or_(User.organisation_id != organisation.id, User.active.is_(False))
    unusable = session.scalars(select(User.email).where(User.email.in_(emails), elsewhere)).all()
    if unusable:
        raise _cannot_be_used([email for email in emails if email in unusable])
    return [
        known.get(address.email)
        or add_user(session, organisation, address.name, address.email, NO_PASSWORD, MEMBER, organisation.locale)
        for address in addresses
    ]


def _come_in(session: Session, group: Group, user: User) -> bool:
    """Makes somebody a member, or one again; False if they are one already."""
    mine = select(Member).where(Member.group_id == group.id, Member.user_id == user.id)
    member = session.scalar(mine.with_for_update())
    if member is not None:
        member.is_peer = True
    if member is not None and member.left_at is None:
        return False
    if member is None:
        member = Member(group_id=group.id, user_id=user.id, is_peer=True)
        session.add(member)
    member.added_at, member.left_at = now(), None
    session.flush()
    return True


def _link(session: Session, user: User) -> str:
    return sign_in_links.new_link(session, user, sign_in_links.INVITES_FOR)


def _name_is_taken() -> Refused:
    return Refused(_l("You have a group of this name already. Choose another name."), field="name")


def _cannot_be_used(emails: Sequence[str]) -> Refused:
    sentence = _l(
        "These addresses cannot be used here: %(addresses)s. Ask for another one. Nobody was added.",
        addresses=", ".join(emails),
    )
    return Refused(sentence, status=422, field="addresses")
