"""The verbs of accounts that own a transaction. Passwords are hashed before one begins."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_security.utils import hash_password
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from facilitator.accounts.models import ADMINISTRATOR, NOBODYS, ROLES, Organisation, Role, User, Welcome
from facilitator.accounts.rules import email_address, fit_password, organisation_name, person_name
from facilitator.accounts.tokens import token_hash
from facilitator.core import languages
from facilitator.core.db import db
from facilitator.core.refusals import Refused
from facilitator.core.text import is_same_name


def create_first_account(token: str, name: str, email: str, password: str, organisation: str, locale: str) -> User:
    """The first account, by the welcome link. Of two people with the same link one wins; the other is refused."""
    name, organisation = person_name(name), organisation_name(organisation)
    email, hashed = email_address(email), hashed_password(password)
    with db.writing() as session:
        used = session.execute(delete(Welcome).where(Welcome.token_hash == token_hash(token)).returning(Welcome.id))
        if used.first() is None or anybody(session):
            raise welcome_is_over()
        return add_user(session, add_organisation(session, organisation, locale), name, email, hashed, ADMINISTRATOR)


def create_user(
    name: str,
    email: str,
    password: str,
    organisation: str,
    role: str = ADMINISTRATOR,
    locale: str = languages.DEFAULT,
) -> User:
    """An account without an invitation, for the command line. Makes the organisation if nobody is called so yet.

    Raises `Refused` for a name that is none or too long, an address that is none or taken, a password too short or too long,
    or an unknown role.
    """
    if role not in ROLES:
        raise Refused(_l("A role is one of: %(roles)s.", roles=", ".join(ROLES)), status=422, field="role")
    name, called = person_name(name), organisation_name(organisation)
    email, hashed = email_address(email), hashed_password(password)
    try:
        with db.writing() as session:
            every = session.scalars(select(Organisation).where(Organisation.id != NOBODYS).order_by(Organisation.id))
            known = next((one for one in every if is_same_name(one.name, called)), None)
            theirs = known or add_organisation(session, called, locale)
            user = add_user(session, theirs, name, email, hashed, role, locale)
            session.execute(delete(Welcome))
            return user
    except IntegrityError as error:
        raise address_is_taken() from error


def change_account(user_id: str, name: str, locale: str) -> None:
    """Changes what somebody is called and the language they read. Raises `Refused` for a name that is none or too long."""
    name = person_name(name)
    with db.writing() as session:
        user = session.get_one(User, user_id)
        user.name, user.locale = name, locale


def remember_locale(user_id: str, locale: str) -> None:
    """Keeps the language somebody chose at the top of a page."""
    with db.writing() as session:
        session.get_one(User, user_id).locale = locale


def hashed_password(password: str) -> str:
    """The argon2 hash of a password that fits the rules."""
    return str(hash_password(fit_password(password)))


def anybody(session: Session) -> bool:
    """Whether there is any account at all, in any organisation: the welcome link ends with the first."""
    return session.scalar(select(User.id).limit(1)) is not None


def add_organisation(session: Session, name: str, locale: str) -> Organisation:
    """A new organisation, and the roles if this is the first."""
    for role in ROLES:
        session.execute(
            text("INSERT INTO roles (id, name) VALUES (:name, :name) ON CONFLICT DO NOTHING"), {"name": role}
        )
    organisation = Organisation(name=name, locale=locale)
    session.add(organisation)
    session.flush()
    return organisation


def add_user(
    session: Session, organisation: Organisation, name: str, email: str, hashed: str, role: str, locale: str = ""
) -> User:
    """A new account in the running transaction; `email` and `hashed` are already checked and made."""
    user = User(
        name=name,
        email=email,
        password=hashed,
        locale=locale or organisation.locale,
        organisation=organisation,
        roles=[session.get_one(Role, role)],
    )
    session.add(user)
    session.flush()
    return user


def address_is_taken() -> Refused:
    """Somebody has an account with that address already."""
    return Refused(_l("There is an account with this e-mail address already. Sign in with it instead."), field="email")


def welcome_is_over() -> Refused:
    """The welcome link was used, or replaced by a newer one."""
    sentence = _l(
        "This link has been used, or there is a newer one. If somebody else was faster, ask them to invite you."
    )
    return Refused(sentence, status=410)
