"""The tables of groups."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.core import lengths
from facilitator.core.db import Base, Moment, random_id


class Group(Base):
    """A fixed group of people of one organisation. Its name may be another one's too (`naming`)."""

    __tablename__ = "groups"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 – SQLAlchemy's way

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(lengths.GROUP))
    created_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Member(Base):
    """Somebody's place in a group, from when until when. Whoever is a member has an account, if need be without a password."""

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("group_id", "user_id"), {"sqlite_with_rowid": False})

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    added_at: Mapped[datetime] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
