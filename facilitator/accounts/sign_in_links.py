"""Signing in with a link by e-mail instead of a password.

Promises: a link works once and not for long; only its hash is kept; asking for one tells nobody whether an address has an
account. Following it does not sign in yet – mail servers follow links too – the button on its page does. Whoever is signed
out everywhere, by a new password, has no link left either. Who is then signed in is the sign-in library's work.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import SignInLink, User
from facilitator.accounts.tokens import new_token, token_hash
from facilitator.core.db import db, now

WORKS_FOR = timedelta(minutes=30)
INVITES_FOR = timedelta(days=7)


def ask(email: str) -> tuple[User, str] | None:
    """The account with this address and a token for it; None where there is none that may sign in."""
    with db.writing() as session:
        user = session.scalar(select(User).where(User.email == email, User.active))
        return (user, new_link(session, user)) if user else None


def new_link(session: Session, user: User, works_for: timedelta = WORKS_FOR) -> str:
    """A token for somebody, in the running transaction. What is too old goes on the way."""
    token = new_token()
    session.execute(delete(SignInLink).where(SignInLink.user_id == user.id, SignInLink.expires_at <= now()))
    session.add(
        SignInLink(
            token_hash=token_hash(token),
            user_id=user.id,
            fs_uniquifier=user.fs_uniquifier,
            expires_at=now() + works_for,
        )
    )
    return token


def whose(token: str) -> User | None:
    """Whom a link would sign in; None for one that was used, is too old, or never was."""
    return db.session.scalar(_open(token, now()))


def use(token: str) -> User | None:
    """Takes a link: of two who use it at once one comes in."""
    with db.writing() as session:
        user = session.scalar(_open(token, now()))
        taken = session.execute(
            delete(SignInLink).where(SignInLink.token_hash == token_hash(token)).returning(SignInLink.user_id)
        )
        return user if taken.first() is not None else None


def _open(token: str, moment: datetime) -> Select[User]:
    return (
        select(User)
        .join(SignInLink, SignInLink.user_id == User.id)
        .where(
            SignInLink.token_hash == token_hash(token),
            SignInLink.expires_at > moment,
            SignInLink.fs_uniquifier == User.fs_uniquifier,
            User.active,
        )
    )
