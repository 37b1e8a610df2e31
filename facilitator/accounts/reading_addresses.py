"""Addresses at which programs read for somebody: they do not sign in.

Promises: everybody has one of a kind at most; only the hash of it is kept, and a new one ends the old one.
"""

from __future__ import annotations

import hmac
from datetime import date

from sqlalchemy import Date, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from facilitator.accounts.models import User
from facilitator.accounts.tokens import new_token, token_hash
from facilitator.core import lengths
from facilitator.core.db import Base, db, now


class ReadingAddress(Base):
    """A kind of them; each has a table of its own."""

    __abstract__ = True

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_on: Mapped[date] = mapped_column(Date)

    @declared_attr
    @classmethod
    def user_id(cls) -> Mapped[str]:
        return mapped_column(String(lengths.ID), ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)


def make_address(kind: type[ReadingAddress], user: User) -> str:
    """A new token; an earlier one ends. It is not kept."""
    token = new_token()
    with db.writing() as session:
        # Of two presses at once one comes after the other.
        session.execute(select(User.id).where(User.id == user.id).with_for_update())
        known = session.get(kind, user.id)
        if known is None:
            known = kind(user_id=user.id)
            session.add(known)
        known.token_hash, known.made_on = token_hash(token), now().date()
    return token


def end_address(kind: type[ReadingAddress], user: User) -> None:
    """Nobody reads at somebody's address any more."""
    with db.writing() as session:
        known = session.get(kind, user.id)
        if known is not None:
            session.delete(known)


def made_on(kind: type[ReadingAddress], user: User) -> date | None:
    """Since when somebody has an address, if they have one."""
    known = db.session.get(kind, user.id)
    return known.made_on if known else None


def reader_of(kind: type[ReadingAddress], session: Session, token: str) -> User | None:
    """Whose address it is, if it is anybody's."""
    wanted = token_hash(token)
    found = session.execute(
        select(User, kind.token_hash)
        .join(kind, kind.user_id == User.id)
        .where(kind.token_hash == wanted, User.active.is_(True))
    ).first()
    return found[0] if found and hmac.compare_digest(found[1], wanted) else None
