"""The tables of proof: who took part and for how long, what was printed of it, and each person's own annex.

Promises: no column holds what a meeting was about, and none leads to a meeting, a report or a card. A meeting and a seat are
known by a mark that only this installation can make from their ids (`store.mark`). Names and numbers are sealed, each
meeting's with a key of its own; an annex has a key that belongs to nothing else. What a register asks for says nothing of anybody's hours.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.core import lengths
from facilitator.core.db import Base, Sealed, random_id

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class Sheet(Base):
    """The attendance of one meeting. From `counted_from` on, the end of the month in which it was held, the years are counted:
    the moment at which it began would lead to the meeting. `body` is there once the moderator has confirmed it.
    """

    __tablename__ = "attendance_sheets"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    meeting_mark: Mapped[str] = mapped_column(String(64), unique=True)
    counted_from: Mapped[date] = mapped_column(Date, index=True)
    confirmed_on: Mapped[date | None] = mapped_column(Date)
    body: Mapped[bytes | None] = mapped_column(Sealed)


class Attendance(Base):
    """One person on a sheet: what the moderator confirmed of them, and what they want printed of themselves. `has_signed`: they said
    themselves that they took part.
    """

    __tablename__ = "attendances"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    sheet_id: Mapped[str] = mapped_column(ForeignKey("attendance_sheets.id", ondelete="CASCADE"), index=True)
    seat_mark: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    confirmed: Mapped[bytes | None] = mapped_column(Sealed)
    has_signed: Mapped[bool] = mapped_column(default=False)
    particulars: Mapped[bytes | None] = mapped_column(Sealed)


class Certificate(Base):
    """A certificate as it was given out. What changes afterwards gives a new one, and this one was replaced."""

    __tablename__ = "certificates"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    attendance_id: Mapped[str] = mapped_column(ForeignKey("attendances.id", ondelete="CASCADE"), index=True)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    issued_on: Mapped[date] = mapped_column(Date)
    is_replaced: Mapped[bool] = mapped_column(default=False)
    body: Mapped[bytes] = mapped_column(Sealed)


class Annex(Base):
    """What somebody wrote down for themselves about a meeting. Nobody else can open it: `holder_mark` is that of the device's
    seat or, where it was made from an account alone, that account; linking somebody's seat to an account opens nothing.
    """

    __tablename__ = "annexes"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    holder_mark: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    body: Mapped[bytes] = mapped_column(Sealed)


class RegisterRule(Base):
    """What a register asks for. `user_id` is whose it is; without one it is there for everybody of the organisation."""

    __tablename__ = "register_rules"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(lengths.REGISTER))
    hours: Mapped[int] = mapped_column(Integer)
    month: Mapped[int] = mapped_column(Integer)
    day: Mapped[int] = mapped_column(Integer)
    along: Mapped[int] = mapped_column(Integer)
    smallest: Mapped[int] = mapped_column(Integer)
    needs_all: Mapped[bool] = mapped_column(default=False)
