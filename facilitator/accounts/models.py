"""The tables of accounts. An organisation is the boundary: whoever is outside it does not learn that something exists.

Promises: passwords are kept as argon2 hashes only, one-time links as hashes only.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from facilitator.core import lengths
from facilitator.core.db import Base, Moment, now, random_id

ADMINISTRATOR, MODERATOR, MEMBER = "administrator", "moderator", "member"
ROLES = (ADMINISTRATOR, MODERATOR, MEMBER)
NOBODYS = "demo"  # the id of the organisation, and of its one account, that meetings with simulated people are of
NO_PASSWORD = ""  # what the sign-in library takes for none: nothing typed ever fits it

if TYPE_CHECKING:
    # The library types its mixins for models with numbers as ids, which ours are not.
    class SignsIn:
        """What signing in needs of a person."""

        is_authenticated: bool

        def verify_and_update_password(self, password: str) -> bool:
            """Whether this is the password; renews an outdated hash."""

    class NamesRole:
        """What signing in needs of a role."""
else:
    from flask_security import RoleMixin as NamesRole
    from flask_security import UserMixin as SignsIn

WITHOUT_ROWID = {"sqlite_with_rowid": False}

user_roles = Table(
    "user_roles",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id"), primary_key=True),
)


class Organisation(Base):
    """Those who share an archive; nobody sees anything of another one. How long things are kept is theirs to say, within
    the bounds of `retention/terms.py`.
    """

    __tablename__ = "organisations"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    name: Mapped[str] = mapped_column(String(lengths.ORGANISATION))
    locale: Mapped[str] = mapped_column(String(5))
    raw_days_after_approval: Mapped[int] = mapped_column(Integer, default=30)
    raw_days_after_meeting: Mapped[int] = mapped_column(Integer, default=60)
    report_days: Mapped[int] = mapped_column(Integer, default=365)
    proof_years: Mapped[int] = mapped_column(Integer, default=6)
    review_months: Mapped[int] = mapped_column(Integer, default=24)
    cooling_off_days: Mapped[int] = mapped_column(Integer, default=7)


class Role(Base, NamesRole):
    """What somebody may do in their organisation. There are three; the id is the name."""

    __tablename__ = "roles"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(16), unique=True)


class User(Base, SignsIn):
    """Somebody with an account. Changing `fs_uniquifier` signs them out everywhere."""

    __tablename__ = "users"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(lengths.NAME))
    email: Mapped[str] = mapped_column(String(lengths.EMAIL), unique=True)
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: secrets.token_hex(16))
    locale: Mapped[str] = mapped_column(String(5))
    roles: Mapped[list[Role]] = relationship(secondary=user_roles, lazy="selectin")
    organisation: Mapped[Organisation] = relationship(lazy="joined")

    @property
    def is_administrator(self) -> bool:
        """May invite people and manage the organisation."""
        return any(role.name == ADMINISTRATOR for role in self.roles)

    @property
    def is_moderator(self) -> bool:
        """May start and lead meetings; an administrator may as well."""
        return self.is_administrator or any(role.name == MODERATOR for role in self.roles)


class Invitation(Base):
    """A one-time door into an organisation, for one address."""

    __tablename__ = "invitations"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    email: Mapped[str] = mapped_column(String(lengths.EMAIL))
    role: Mapped[str] = mapped_column(ForeignKey("roles.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    is_accepted: Mapped[bool] = mapped_column(default=False)
    organisation: Mapped[Organisation] = relationship(lazy="joined")

    @property
    def state(self) -> str:
        """One of accepted, withdrawn, expired, open."""
        if self.is_accepted:
            return "accepted"
        if self.is_withdrawn:
            return "withdrawn"
        return "expired" if self.expires_at <= now() else "open"


class Posted(Base):
    """That a mail went out, or is going out just now; the key is a hash of whom and what it is for (`once`)."""

    __tablename__ = "posted"
    __table_args__ = WITHOUT_ROWID

    key: Mapped[str] = mapped_column(String(lengths.HASH), primary_key=True)
    claimed_at: Mapped[datetime] = mapped_column(Moment)
    is_sent: Mapped[bool] = mapped_column(default=False)


class Welcome(Base):
    """The link to the first account, while there is none. At most one row."""

    __tablename__ = "welcomes"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(8), primary_key=True, default="only")
    token_hash: Mapped[str] = mapped_column(String(64))


class SignInLink(Base):
    """A one-time way in that was mailed to somebody. Whoever is signed out everywhere – a new password – loses it too."""

    __tablename__ = "sign_in_links"
    __table_args__ = WITHOUT_ROWID

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(Moment)
