"""Inviting people: an administrator asks, one link to one address, and whoever has it makes their own account.

Promises: an invitation works once, for seven days, and is known only within its organisation.
"""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from facilitator.accounts.actions import add_user, address_is_taken, hashed_password
from facilitator.accounts.models import ROLES, Invitation, User
from facilitator.accounts.rules import email_address, person_name
from facilitator.accounts.tokens import new_token, token_hash
from facilitator.core.db import db, now
from facilitator.core.refusals import Refused
from facilitator.core.times import lasting_later

OPEN_FOR = timedelta(days=7)


def invite(by: User, email: str, role: str) -> tuple[Invitation, str]:
    """Invites an address into the organisation of `by`; gives the invitation and its token, which is not kept."""
    email, token = email_address(email), new_token()
    if role not in ROLES:
        raise Refused(_l("Choose a role from the list."), status=422, field="role")
    with db.writing() as session:
        _refuse_double(session, by.organisation_id, email)
        invitation = Invitation(
            organisation_id=by.organisation_id,
            email=email,
            role=role,
            token_hash=token_hash(token),
            expires_at=now() + OPEN_FOR,
        )
        session.add(invitation)
    return invitation, token


def renew(by: User, invitation_id: str) -> tuple[Invitation, str]:
    """A new link for an invitation that was not accepted; the old link ends. Raises LookupError for a foreign one."""
    token = new_token()
    with db.writing() as session:
        invitation = _own(session, by, invitation_id)
        if invitation.is_accepted:
            raise _is_accepted()
        invitation.token_hash, invitation.is_withdrawn = token_hash(token), False
        invitation.expires_at = now() + OPEN_FOR
    return invitation, token


def withdraw(by: User, invitation_id: str) -> None:
    """Ends an invitation that was not accepted. Raises LookupError for one of another organisation."""
    with db.writing() as session:
        invitation = _own(session, by, invitation_id)
        if invitation.is_accepted:
            raise _is_accepted()
        invitation.is_withdrawn = True


def accept(token: str, name: str, password: str, locale: str) -> User:
    """Makes the invited person's account. Of two answers to one invitation the first wins."""
    name, hashed = person_name(name), hashed_password(password)
    try:
        with db.writing() as session:
            invitation = _take(session, token)
            return add_user(session, invitation.organisation, name, invitation.email, hashed, invitation.role, locale)
    except IntegrityError as error:
        raise address_is_taken() from error


def all_of(organisation_id: str) -> list[Invitation]:
    """The invitations of an organisation, those that were sent last first."""
    mine = select(Invitation).where(Invitation.organisation_id == organisation_id)
    return list(db.session.scalars(mine.order_by(Invitation.expires_at.desc(), Invitation.id)))


def found(token: str) -> Invitation:
    """The invitation a link stands for, if it is still open; otherwise refuses and says why."""
    invitation = db.session.scalar(select(Invitation).where(Invitation.token_hash == token_hash(token)))
    return _open(invitation)


def _take(session: Session, token: str) -> Invitation:
    """Marks the invitation as accepted, in one statement: on PostgreSQL two answers may arrive side by side."""
    mine = Invitation.token_hash == token_hash(token)
    still_open = (
        mine,
        Invitation.is_accepted.is_(False),
        Invitation.is_withdrawn.is_(False),
        Invitation.expires_at > now(),
    )
    taken = session.scalar(update(Invitation).where(*still_open).values(is_accepted=True).returning(Invitation.id))
    if taken is None:
        return _open(session.scalar(select(Invitation).where(mine)))
    return session.get_one(Invitation, taken)


def _open(invitation: Invitation | None) -> Invitation:
    if invitation is None:
        raise Refused(_l("This link is not right, or there is a newer one. Look for the latest mail."), status=404)
    if invitation.state == "accepted":
        raise Refused(_l("This invitation has been used. Sign in with your e-mail address and password."), status=410)
    if invitation.state == "withdrawn":
        raise Refused(_l("This invitation was withdrawn. Ask whoever invited you."), status=410)
    if invitation.state == "expired":
        raise Refused(
            _l("This invitation was open for %(time)s. Ask for a new one.", time=lasting_later(OPEN_FOR)), status=410
        )
    return invitation


def _own(session: Session, by: User, invitation_id: str) -> Invitation:
    mine = select(Invitation).where(Invitation.organisation_id == by.organisation_id, Invitation.id == invitation_id)
    invitation = session.scalar(mine.with_for_update())
    if invitation is None:
        raise LookupError(invitation_id)
    return invitation


def _refuse_double(session: Session, organisation_id: str, email: str) -> None:
    member = select(User.id).where(User.organisation_id == organisation_id, User.email == email)
    if session.scalar(member):
        raise Refused(_l("Somebody with this e-mail address is in your organisation already."), field="email")
    asked = select(Invitation).where(Invitation.organisation_id == organisation_id, Invitation.email == email)
    if any(invitation.state == "open" for invitation in session.scalars(asked)):
        sentence = _l("There is an open invitation for this address. Send that one again.")
        raise Refused(sentence, field="email")


def _is_accepted() -> Refused:
    return Refused(_l("This invitation was accepted meanwhile."))
